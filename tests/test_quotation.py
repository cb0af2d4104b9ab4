from pathlib import Path

from crossfoot.audit import audit
from crossfoot.quotation import claim_status, compared_sections, marked

RAW = Path(__file__).parents[1] / "data" / "raw"


def test_every_compared_number_is_marked_where_it_stands():
    for name in ("zhifu-2019.pdf", "zhifu-2019.txt"):
        result = audit(RAW / name)
        (section,) = compared_sections(result)
        quoted = marked(result, section)
        assert quoted.count("✗") == 2 and quoted.count("✓") == 9
        assert "收到政府信息公开申请<b>96 ✗</b>件" in quoted
        assert "本机关不掌握" in quoted and "\n\n" not in quoted.replace("\n> \n", "")
        assert len(claim_status(result)) == 11


def test_a_section_without_compared_numbers_is_not_quoted():
    assert marked(audit(RAW / "zhifu-2019.txt"), "五(一)") == ""
