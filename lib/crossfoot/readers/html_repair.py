"""An HTML tree put right where libxml2 builds another one than browsers do, or holds what is not seen."""

from typing import Any

import lxml.etree

from .flow import OBJECT, nameless
from .markup import (
    BLOCKS,
    UNSEEN,
    has_own_line,
    is_hidden,
    is_picture,
    is_set_off,
    is_struck,
    is_symbols,
    typed_text,
)

# The parts of a table, each of which holds those of a higher level only.
_LEVEL = {"thead": 0, "tbody": 0, "tfoot": 0, "tr": 1, "td": 2, "th": 2}
Node = Any  # lxml.html.HtmlElement, which has no types


def repair(root: Node) -> None:
    """Changes the tree in place: what no browser displays is dropped, cells and rows become siblings."""
    _part_cells(root)
    _drop_unseen(root)
    for cell in root.iter("td", "th"):
        _mark_figures(cell)


def _drop_unseen(root: Node) -> None:
    for node in list(root.iter()):
        if node is root:
            continue
        seen = isinstance(node.tag, str) and node.tag not in UNSEEN
        if isinstance(node.tag, str) and is_picture(node.tag, node.attrib) and _in_cell(node):
            node.tail = OBJECT + (node.tail or "")
        if not seen or is_hidden(node.get("style"), node.get("hidden")):
            node.drop_tree()
        elif node.tag == "input":
            node.tail = typed_text(node.get("type"), node.get("value")) + (node.tail or "")
        elif node.tag not in BLOCKS and has_own_line(node.tag, node.get("style")):
            node.tag = "div"


def _in_cell(node: Node) -> bool:
    return next(node.iterancestors("td", "th"), None) is not None


def _mark_figures(cell: Node) -> None:
    """Keeps apart from a cell's figure what is no digit of it: `[1]` is a note's mark, `~~7~~` struck out.

    What is set in a font of symbols is printed, and is not what it is written as.
    """
    said = False  # whether anything stands before the element
    walker = lxml.etree.iterwalk(cell, events=("start", "end"))
    for event, node in walker:
        if event == "end":
            said = said or (node is not cell and bool((node.tail or "").strip()))
            continue
        style = node.get("style")
        if node.tag == "table":  # its cells are marked on their own
            walker.skip_subtree()
        elif is_symbols(node.get("face"), style):
            _hide(node)
        if node is not cell and is_set_off(node.tag, style) and said and node.text_content().strip():
            _wrap(node, "[", "]")
        elif node is not cell and is_struck(node.tag, style) and node.text_content().strip():
            _wrap(node, "~~", "~~")
        said = said or bool((node.text or "").strip())


def _hide(node: Node) -> None:
    """Replaces every letter in the element by the sign for one that nobody names."""
    for inner in node.iter():
        inner.text = nameless(inner.text or "")
        if inner is not node:
            inner.tail = nameless(inner.tail or "")


def _wrap(node: Node, start: str, end: str) -> None:
    node.text = start + (node.text or "")
    if len(node):
        node[-1].tail = (node[-1].tail or "") + end
    else:
        node.text += end


def _part_cells(root: Node) -> None:
    """Moves cells, rows and row groups out of those that an unclosed `<b>` or `<p>` kept open."""
    last: dict[Node, Node] = {}  # element → what was last put behind it
    for node in list(root.iter(*_LEVEL)):
        around = None  # the outermost part of the same table that cannot hold this one
        for above in node.iterancestors("table", *_LEVEL):
            if above.tag == "table" or _LEVEL[above.tag] < _LEVEL[node.tag]:
                break
            around = above
        if around is not None:
            last.get(around, around).addnext(node)
            last[around] = node
