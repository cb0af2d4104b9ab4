"""The texts: in both languages, with the same places, none twice, none unused, none missing."""

import ast
import re
import string
from collections import Counter
from pathlib import Path

import pytest

import crossfoot
from crossfoot import texts
from crossfoot.checks import rules
from crossfoot.diagnosis import evidence
from crossfoot.diagnosis.slips import kinds
from crossfoot.extraction_problems import PROBLEMS, Trouble, gathered
from crossfoot.facts import EXTRACTION_COLUMNS
from crossfoot.forms import FORMS, tables
from crossfoot.narrative.phrases import lexicon
from crossfoot.texts import names
from crossfoot_papers import findings, workbook

LIBRARY = Path(crossfoot.__file__).parents[1]
HELD = texts.held()
SAME_IN_BOTH = {"provenance.sha256", "annotation.number"}


def places(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("key", HELD)
def test_every_text_is_there_in_both_languages_with_the_same_places(key):
    zh, en = HELD[key]
    assert zh and en
    assert places(zh) == places(en)
    assert (zh != en) != (key in SAME_IN_BOTH)


@pytest.mark.parametrize("key", HELD)
def test_chinese_is_chinese(key):
    """Besides the places, only names of programs, of files and of columns are in Latin letters."""
    zh = re.sub(r"\{\w*\}|SHA-256|sha256|Esc|[\w]+\.csv|[✗✓◧◨→–]", "", HELD[key][0])
    assert not re.search("[A-Za-z]{2,}", zh), zh


def test_no_sentence_stands_twice():
    """Short words may mean two things; a sentence that stands twice will one day be changed once."""
    counts = Counter(pair for pair in HELD.values() if len(pair[0]) > 4)
    assert not [pair for pair, count in counts.items() if count > 1]


def keyed():
    """Every key in the code: whole ones, and patterns for those that are put together where they are used."""
    whole, patterns = set(), set()
    for path in LIBRARY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else "[^.]+" for p in node.values]
                pattern = "".join(parts)
                if re.match(r"[a-z_]+\\\.", pattern):
                    patterns.add(pattern)
    for path in (LIBRARY / "crossfoot_papers" / "templates").glob("*.j2"):
        page = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r'"([a-z_]+\.[a-z_.]+)"', page))
        patterns |= {re.escape(head) + "[^.]+" for head in re.findall(r'"([a-z_]+\.(?:[a-z_]+\.)*)" ~', page)}
    return whole, patterns


def test_every_text_is_used():
    whole, patterns = keyed()
    unused = [key for key in HELD if key not in whole and not any(re.fullmatch(p, key) for p in patterns)]
    assert not unused


def test_every_text_that_the_code_wants_is_there():
    whole, _ = keyed()
    heads = {key.partition(".")[0] for key in HELD}
    wanted = {
        key for key in whole if re.fullmatch(r"[a-z]+\.[a-z_]*[a-z]", key) and key.partition(".")[0] in heads
    }
    files = {key for key in wanted if re.search(r"\.(?:py|toml|parquet|pdf|js|css|csv|html)$", key)}
    assert not wanted - set(HELD) - files - CODES_WITH_A_DOT


CODES_WITH_A_DOT = {
    row.code for form in FORMS for table in tables(form).values() for row in table.rows if "." in row.code
}


MEANINGS = {"no_cell", "other_body", "other_year", "other_matter"}


def group(head):
    return {key.removeprefix(f"{head}.") for key in HELD if key.startswith(f"{head}.")}


def test_every_code_of_the_tables_has_its_word_and_no_other():
    assert group("severity") == {"error", "query", "note"}
    assert group("kind") == {"published", "extraction"}
    assert group("status") == {"holds", "breaks", "unread", "not_stated"}
    assert group("decided") == {"confirmed", "dismissed", "counts", *MEANINGS, "by"}
    assert group("trouble") == set(PROBLEMS)
    assert group("slip") == {*kinds(), "reclassified"}
    assert group("form") == set(FORMS)
    told = {"narrative", "narrative_sum", "share", "growth", "statement", "period"}
    assert group("rule") == {rule.id for rule in rules()} | told
    assert group("says") == told
    assert group("document") == {document for _, document in evidence._source()["document"]}
    assert group("count") == set(EXTRACTION_COLUMNS)
    assert group("sheet") - {"cover"} == group("about") == set(workbook.SHEETS)
    assert group("lead") == {*findings._ORDER, "of_column"}


def test_every_note_that_the_phrases_name_is_used():
    limits = {limit.note for limit in lexicon().limits} | {s.note for s in lexicon().statements}
    assert limits - {("", "")} <= {HELD[f"note.{name}"] for name in group("note")}


def test_labels_name_every_code_of_the_forms_and_no_other():
    for axis in ("row", "column"):
        for code in {code for form in FORMS for code in tables(form)}:
            of_forms = [tables(form)[code] for form in FORMS if code in tables(form)]
            codes = {item.code for table in of_forms for item in getattr(table, f"{axis}s")}
            sums = "subtotals" if axis == "row" else "subtotal_columns"
            codes |= {item.code for table in of_forms for item in getattr(table, sums)}
            assert set(names._labels()[code][axis]) == codes


def test_a_text_takes_pairs_numbers_and_words():
    zh, en = texts.words("place.table", section=("三", "3"))
    assert (zh, en) == ("表三", "Table 3")
    assert texts.say("place.page", "en", page=3.0) == "p. 3"
    with pytest.raises(KeyError):
        texts.say("place.page", "de", page=3)
    with pytest.raises(KeyError):
        texts.words("place.page")
    with pytest.raises(KeyError):
        texts.words("no.such_text")


def test_troubles_that_are_gathered_speak_both_languages():
    troubles = [
        Trouble("unreadable", (f"requests:granted/{code}",), texts.words("read.no_header"), (), 3)
        for code in ("natural_person", "enterprise", "research", "total")
    ]
    (one,) = gathered(troubles, "2021")
    assert one.words[0].startswith("予以公开·自然人、") and "没有表头" in one.words[0]
    assert one.detail.startswith("Granted · Individuals, ") and "no header" in one.detail
    assert one.count == 4


def test_what_only_the_order_names_is_told_row_by_row():
    troubles = [
        Trouble("by_order", (f"requests:{row}/{column}",), texts.words("read.by_order", read="1"), (raw,))
        for row, raws in (("new", ("32", "", "34")), ("granted", ("9", "0", "9")))
        for column, raw in zip(("natural_person", "enterprise", "total"), raws, strict=True)
    ]
    (one,) = gathered(troubles, "2021")
    assert one.words[0].endswith("依次读作：本年新收申请数量 32、空白、34；予以公开 9、0、9")
    assert one.detail.endswith("New this year: 32, nothing, 34; Granted: 9, 0, 9")


def test_cells_are_named_by_whole_columns_and_rows():
    every = [f"requests:{row}/{column}" for row in ("new", "granted") for column in ("enterprise", "total")]
    assert names.spans(every[:3], every, "2021") == [
        ("商业企业整列", "the column Companies"),
        ("本年新收申请数量整行", "the row New this year"),
    ]
    places = names.spans(reversed(every[1:3]), every, "2021")
    assert [en for _, en in places] == ["New this year · Total", "Granted · Companies"]
    assert names.some_places(places * 2, 3) == (
        "本年新收申请数量·总计、予以公开·商业企业、本年新收申请数量·总计，另有 1 处",
        "New this year · Total, Granted · Companies, New this year · Total and 1 more",
    )
