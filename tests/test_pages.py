from pathlib import Path

import pandas as pd
import pytest

from crossfoot import audit
from crossfoot.pages import agreement, claim_status, compared_sections, marked_page, marked_prose, page_image

RAW = Path(__file__).parents[1] / "data" / "raw"
PDF = RAW / "zhifu-2019.pdf"


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


def test_a_page_that_is_not_there_raises():
    with pytest.raises(IndexError):
        page_image(PDF, 99)


def test_every_compared_number_is_marked_where_it_stands():
    for name in ("zhifu-2019.pdf", "zhifu-2019.txt"):
        result = audit(RAW / name)
        (section,) = compared_sections(result)
        quoted = marked_prose(result, section)
        assert quoted.count("✗") == 2 and quoted.count("✓") == 9
        assert "收到政府信息公开申请<b>96 ✗</b>件" in quoted
        assert "本机关不掌握" in quoted and "\n\n" not in quoted.replace("\n> \n", "")
        assert len(claim_status(result)) == 11


def test_a_section_without_compared_numbers_is_not_quoted():
    assert marked_prose(audit(RAW / "zhifu-2019.txt"), "五(一)") == ""
