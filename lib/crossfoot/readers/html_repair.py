"""An HTML tree put right where libxml2 builds another one than browsers do, or holds what is not seen."""

from typing import Any

from .markup import UNSEEN, is_hidden, is_struck, typed_text

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
        if not seen or is_hidden(node.get("style"), node.get("hidden")):
            node.drop_tree()
        elif node.tag == "input":
            node.tail = typed_text(node.get("type"), node.get("value")) + (node.tail or "")


def _mark_figures(cell: Node) -> None:
    """Keeps apart from a cell's figure what is no digit of it: `[1]` is a note's mark, `~~7~~` struck out."""
    for node in cell.iter():
        if node is cell or not isinstance(node.tag, str):
            continue
        text = node.text_content().strip()
        if node.tag == "sup" and text and _ends_in_digit(node):
            _wrap(node, "[", "]")
        elif text and is_struck(node.tag, node.get("style")):
            _wrap(node, "~~", "~~")


def _ends_in_digit(node: Node) -> bool:
    before = node.getprevious()
    text = node.getparent().text if before is None else (before.tail or before.text_content())
    return (text or "").strip()[-1:].isdigit()


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
