"""The tags and the text of an HTML page in order, found in one pass and without a parser library.

A page made to slow a parser down, with comments, quotes or tags that never end, takes no longer than any.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript")
}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag, its name and the names of its attributes in lower case."""

    name: str
    closes: bool
    attributes: Mapping[str, str]


def tokens(content: str) -> Iterator[Tag | str]:
    """The tags of the page, and between them its text with entities resolved; comments are left out."""
    place = 0
    while (opening := content.find("<", place)) >= 0:
        if opening > place:
            yield html.unescape(content[place:opening])
        match = _TAG.match(content, opening)
        if match:
            tag, place = _tag(content, match)
            yield tag
            if tag.name in _RAW and not tag.closes:
                end = _RAW[tag.name].search(content, place)
                place = end.start() if end else len(content)
        elif content.startswith("<!--", opening):
            end_of_comment = content.find("-->", opening + 2)
            place = end_of_comment + 3 if end_of_comment >= 0 else len(content)
        elif content[opening + 1 : opening + 2] in ("!", "?", "/"):
            place = content.find(">", opening) + 1 or len(content)
        else:
            yield "<"
            place = opening + 1
    yield html.unescape(content[place:])


def _tag(content: str, start: re.Match[str]) -> tuple[Tag, int]:
    """The tag that starts there, and where it ends."""
    attributes: dict[str, str] = {}
    place = start.end()
    while match := _ATTRIBUTE.match(content, place):
        name, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        attributes.setdefault(name.lower(), html.unescape(value))
        place = match.end()
    place = content.find(">", place) + 1 or len(content)
    return Tag(start[2].lower(), bool(start[1]), attributes), place
