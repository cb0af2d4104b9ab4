"""What both HTML readers hold of the language: which elements break a line, and which are never seen.

Only such knowledge is shared; how a table is walked and its cells are placed, each does in its own way.
"""

import re
from collections.abc import Mapping

from .running_text import SYMBOL_FONT, begins_with_figure

# Names in one string each, since as lists they would fill the page.
BLOCKS = frozenset(
    """address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing
    main menu nav ol p plaintext pre search section summary table tbody td tfoot th thead tr ul
    xmp""".split()  # noqa: SIM905
)
UNSEEN = frozenset(
    """applet area audio base basefont button canvas col colgroup datalist embed frame frameset iframe link
    map math meta noembed noframes noscript object optgroup option param script select source style svg
    template textarea title track video""".split()  # noqa: SIM905
)
VOID = frozenset(
    """area base basefont bgsound br col embed frame hr img input keygen link meta param source track
    wbr""".split()  # noqa: SIM905
)
# Deeper than any page is, and as deep as libxml2 goes; beyond it, what follows would be lost.
DEEPEST = 2000
# A cell with more characters than this is not a cell of a statutory table but an article laid out in one;
# unless it begins with a figure, whose remark may be as long as an author likes.
_LONGEST_CELL = 400
# The forms have at most 15 columns; a table this wide is none, and its text stays text.
MOST_COLUMNS = 200
_NOT_DISPLAYED = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)


_DISPLAYED = frozenset(
    "applet button canvas embed iframe img math meter object select svg textarea video".split()  # noqa: SIM905
)
_SMALLEST = 3  # pixels: a picture no larger keeps a place free, or counts visitors
_WHOLE = re.compile(r"\s*(\d+)")
_OFF_LINE = re.compile(r"vertical-align\s*:\s*(?:super|sub|-?0*[1-9.])", re.I)
_OWN_LINE = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*(?:block|flex|grid|table|list-item)|float\s*:\s*(?:left|right)"
    r"|position\s*:\s*(?:absolute|fixed))",
    re.I,
)
_STRUCK = re.compile(r"text-decoration(?:(?!text-decoration)[^;])*line-through", re.I)


class TooDeep(ValueError):
    """The page nests elements deeper than a page can be read."""


def is_hidden(style: str | None, hidden: str | None) -> bool:
    """Whether an element with this `style` and this `hidden` attribute (None where it has none) is unseen."""
    return hidden is not None or (style is not None and _NOT_DISPLAYED.search(style) is not None)


def is_cell(text: str) -> bool:
    """Whether a cell's text is that of a table, and not an article that is laid out in one."""
    return len(text) <= _LONGEST_CELL or begins_with_figure(text)


def is_picture(name: str, attributes: Mapping[str, str]) -> bool:
    """Whether an element displays something other than text, which is not read here."""
    if name not in _DISPLAYED or is_hidden(attributes.get("style"), attributes.get("hidden")):
        return False
    sizes = (_WHOLE.match(attributes.get(side) or "") for side in ("width", "height"))
    return not any(size and int(size[1][:6]) <= _SMALLEST for size in sizes)


def is_set_off(name: str, style: str | None) -> bool:
    """Whether an element stands above or below the line of what it follows, as a note's mark does."""
    return name in ("sup", "sub", "rt") or (style is not None and _OFF_LINE.search(style) is not None)


def has_own_line(name: str, style: str | None) -> bool:
    """Whether an element stands apart from what is before and behind it."""
    return name in BLOCKS or (style is not None and _OWN_LINE.search(style) is not None)


def is_symbols(face: str | None, style: str | None) -> bool:
    """Whether an element's font shows pictures where others show letters and digits."""
    return SYMBOL_FONT.search(f"{face or ''} {style or ''}") is not None


def typed_text(kind: str | None, value: str | None) -> str:
    """What an `<input>` shows, in a box of its own: the value of a text field, nothing of any other."""
    typed = value and (kind or "text").strip().lower() in ("text", "number", "tel")
    return f" {value} " if typed else ""


def is_struck(name: str, style: str | None) -> bool:
    """Whether an element is shown struck through: still printed, and meant to be gone."""
    return name in ("del", "s", "strike") or (style is not None and _STRUCK.search(style) is not None)
