"""What both HTML readers hold of the language: which elements break a line, and which are never seen.

Only such knowledge is shared; how a table is walked and its cells are placed, each does in its own way.
"""

import re

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
# A cell with more characters than this is no cell of a statutory table but an article laid out in one.
LONGEST_CELL = 400
# The forms have at most 15 columns; a table this wide is none, and its text stays text.
MOST_COLUMNS = 200
_NOT_DISPLAYED = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.I)


_STRUCK = re.compile(r"text-decoration(?:(?!text-decoration)[^;])*line-through", re.I)


class TooDeep(ValueError):
    """The page nests elements deeper than a page can be read."""


def is_hidden(style: str | None, hidden: str | None) -> bool:
    """Whether an element with this `style` and this `hidden` attribute (None where it has none) is unseen."""
    return hidden is not None or (style is not None and _NOT_DISPLAYED.search(style) is not None)


def typed_text(kind: str | None, value: str | None) -> str:
    """What an `<input>` shows: the value of a text field, nothing of any other."""
    return value or "" if (kind or "text").strip().lower() in ("text", "number", "tel") else ""


def is_struck(name: str, style: str | None) -> bool:
    """Whether an element is shown struck through: still printed, and meant to be gone."""
    return name in ("del", "s", "strike") or (style is not None and _STRUCK.search(style) is not None)
