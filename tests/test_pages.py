from pathlib import Path

import pandas as pd
import pytest

from crossfoot import audit
from crossfoot.pages import agreement, cropped, marked_page, page_image

PDF = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.pdf"


def test_boxes_of_a_pages_facts_are_drawn_in_the_colour_of_their_agreement():
    result = audit(PDF)
    facts, readings = result.facts.copy(), result.readings
    facts.loc[facts["row"] == "new", "agreed"] = False
    plain, drawn = page_image(PDF, 7), marked_page(PDF, 7, facts, readings)
    assert drawn.size == plain.size
    colours = {colour for _, colour in drawn.getcolors(1 << 20)}
    assert (0x00, 0x72, 0xB2) in colours and (0xD5, 0x5E, 0x00) in colours
    assert page_image(PDF, 1).tobytes() == marked_page(PDF, 1, facts, readings).tobytes()


def test_agreement_tells_one_reader_from_two_and_from_a_difference():
    facts = pd.DataFrame({"cell": ["x", "y", "z"], "agreed": [True, True, False]})
    readings = pd.DataFrame({"cell": ["x", "x", "y", "z", "z"]})
    assert list(agreement(facts, readings)) == ["two readers agree", "one reader only", "readers differ"]


def test_a_cropped_cell_is_no_larger_than_its_box_and_margin():
    picture = cropped(PDF, 8, "100.0,200.0,150.0,220.0", margin=4, scale=2)
    assert picture.size == (116, 56)


def test_a_page_that_is_not_there_raises():
    with pytest.raises(IndexError):
        page_image(PDF, 99)
