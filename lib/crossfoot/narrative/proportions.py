"""The ratios that a percentage without a figure may state: 自然人申请占98%, 予以公开占比45.2%."""

import re
from collections.abc import Iterator

from .claims import Mention, Reading
from .counting import other_year, topic_at
from .figures import Figures
from .phrases import COUNTED, cells, lexicon

_NAMED = re.compile(
    r"(?:^|[，。；：%]|其中)(?:其中)?(?P<label>[^，。；：（）、%]{2,20}?)(?:所)?占"
    r"(?:全部|总|申请|答复|办结|受理|数|量|件|比例|比重|比|的)*(?:为|达到|达|是)*$"
)
_LABELS = {
    "natural persons", "organisations", "enterprises", "granted", "partly granted",
    "granted and partly granted", "denied", "unavailable", "not processed",
}  # fmt: skip
_BASES = (("new",), ("handled",), ("new", "carried_in"))


def named_ratios(
    mention: Mention, table: Figures, reading: Reading
) -> Iterator[tuple[float, float, float, tuple[str, ...]]]:
    """The ratios in percent with part, whole and the part's cells; none where the words name no cells.

    Only of what the whole table counts: not of another year, of one body of several, of some requests.
    """
    marked = reading.marked[mention.sentence]
    before = reading.prose.text[marked.sentence.start : mention.token.first]
    named = _NAMED.search(before)
    topic, _ = topic_at(marked, len(marked.text), reading.topics[mention.sentence])
    if named is None or topic != "requests" or other_year(before, reading.year):
        return
    segment = before[before.rfind("；") + 1 :]
    if any(limit.pattern.search(segment) for limit in lexicon().limits if limit.where == "segment"):
        return
    subject = _subject(named["label"] + COUNTED, table.form)
    for rows in _BASES if subject else ():
        counted = table.total(cells(subject, table.form, rows))
        whole = table.total(cells("requests:{row}/total", table.form, rows))
        if counted.value is not None and whole.value:
            yield 100 * counted.value / whole.value, counted.value, whole.value, counted.cells


def _subject(label: str, form: str) -> str:
    """The subject of the phrase that a label is, whole; "" where it is none."""
    for phrase in lexicon().phrases:
        if phrase.id in _LABELS and phrase.patterns[0].fullmatch(label):
            return phrase.subject[form]
    return ""
