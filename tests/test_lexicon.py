"""Every concept of lexicon.toml against its own examples, read by the words alone."""

import re
import sys
from dataclasses import replace

import pytest
from test_narrative import denied, document

from crossfoot.narrative import phrases
from crossfoot.narrative.claims import read
from crossfoot.narrative.phrases import cells, lexicon
from crossfoot.narrative.vocabulary import KINDS, vocabulary_of

CONCEPTS = phrases.own_entries()["concept"]
YEARS = {"2019": 2019, "2021": 2023}


def by_words(text: str, form: str, without: str = "") -> tuple[dict[str, str], list[str]]:
    """What each figure of a text counts, and what it denies, read by concepts and no fixed wording."""
    vocabulary = vocabulary_of(entry for entry in CONCEPTS if entry["id"] != without)
    with phrases.using(replace(lexicon(), phrases=(), statements=(), vocabulary=vocabulary)):
        report = document(text)
        found = read(report, report.lines, form, YEARS[form]).mentions
        counts = {f"{m.token.value:g}": "+".join(m.subject) for m in found if m.token.kind == "claim"}
        return counts, ["+".join(sorted(row["cells"].split())) for row in denied(text) if row["cells"]]


def says(text: str, told: dict[str, str] | str, form: str, without: str = "") -> bool:
    """Whether the words alone say what an example says."""
    counts, zero = by_words(text, form, without)
    if isinstance(told, str):
        return zero == ["+".join(sorted(cells(told, form)))] * bool(told)
    return all(counts.get(figure) == "+".join(cells(subject, form)) for figure, subject in told.items())


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept["id"])
def test_examples_say_so_by_the_concept_and_not_without_it(concept):
    form = concept.get("of", "2021")
    for text, told in concept["examples"]:
        assert says(text, told, form), (text, by_words(text, form))
        assert not says(text, told, form, without=concept["id"]), text


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept["id"])
def test_counterexamples_have_its_words_and_say_nothing(concept):
    assert concept["counter"]
    for text in concept["counter"]:
        assert any(word in text for word in concept["words"]), text
        counts, zero = by_words(text, concept.get("of", "2021"))
        assert not any(counts.values()) and not zero, text


def test_every_word_has_one_meaning_and_stands_in_order():
    for concept in CONCEPTS:
        assert concept["words"] == sorted(set(concept["words"])), concept["id"]
        assert concept["kind"] in KINDS
    words = [word for concept in CONCEPTS for word in concept["words"] if concept["kind"] != "clue"]
    assert len(words) == len(set(words)) and all(re.fullmatch(r"[\w、（）]+", word) for word in words)
    assert len({concept["id"] for concept in CONCEPTS}) == len(CONCEPTS)


def test_the_words_that_decided_are_told_in_the_order_of_the_text():
    report = document("收到政府信息公开申请12件，办理11件，结转下年1件，不予公开5件（行政执法案卷3件）。")
    told = {m.token.value: m.words for m in read(report, report.lines, "2021", 2023).mentions}
    assert told[11] == (("办理", "handle"),)
    assert told[12] == (("收到政府信息公开申请", "received"),)
    assert told[1] == (("结转下年", "carried out"),)


@pytest.mark.parametrize(
    "words", ["依申请公开方面，其中收到3件、", "不予公开（", "行政许可、", "某", "未收到申请，均", "复议和"]
)
@pytest.mark.parametrize("stop", ["", "。"])
def test_the_time_of_reading_grows_with_the_length_of_the_text(words, stop):
    counts = []
    for times in (200, 400, 800):
        counts.append(steps(words * times + stop))
    assert counts[2] <= 2.6 * counts[1] and counts[1] <= 2.6 * counts[0]


def steps(text: str) -> int:
    """How many lines of code run while a text is read."""
    phrases.own_lexicon()
    count = 0

    def line(frame, event, _):
        nonlocal count
        count += 1
        return line

    report = document(text)
    sys.settrace(line)
    try:
        read(report, report.lines, "2021", 2023)
    finally:
        sys.settrace(None)
    return count
