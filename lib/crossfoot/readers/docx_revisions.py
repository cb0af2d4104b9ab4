"""A Word document's body as it is displayed with all changes accepted: plain paragraphs and tables.

What stands inside wrappers (insertions, content controls, fields, text boxes) is brought to where it is
seen; what is not seen (deletions, hidden text, field codes, a picture's fallback) is dropped.
"""

from typing import Any

from .docx_package import W
from .flow import OBJECT, SYMBOL_FONT, nameless

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DROPPED = (
    *(
        f"{W}{name}"
        for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "instrText", "delText", "delInstrText")
    ),
    *(f"{W}{name}" for name in ("customXmlPr", "smartTagPr", "footnoteReference", "endnoteReference")),
    f"{_MC}Fallback",
)
_UNWRAPPED = (
    *(f"{W}{name}" for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple")),
    *(f"{W}{name}" for name in ("dir", "bdo", "hyperlink")),
    f"{_MC}AlternateContent",
    f"{_MC}Choice",
)
_OFF = ("0", "false", "off", "none")


def accept(body: Any) -> None:
    """Changes the body in place, so that it holds what is displayed and nothing around it."""
    for properties, mark in (("trPr", "del"), ("tcPr", "cellDel")):
        for deleted in list(body.iter(f"{W}{mark}")):
            if deleted.getparent().tag == W + properties:
                _drop(deleted.getparent().getparent())
    for run in list(body.iter(f"{W}r")):
        vanish = run.find(f"{W}rPr/{W}vanish")
        if vanish is not None and vanish.get(f"{W}val") not in _OFF:
            _drop(run)
    for node in list(body.iter(*_DROPPED)):
        # Inside properties the same names only mark that the paragraph's end was changed.
        if not node.getparent().tag.endswith("Pr"):
            _drop(node)
    for node in list(body.iter(*_UNWRAPPED)):
        if not node.getparent().tag.endswith("Pr"):
            _unwrap(node)
    _lift_text_boxes(body)
    for cell in body.iter(f"{W}tc"):
        _show_signs(cell)
        _mark_figures(cell)
    _span_merged_cells(body)


def _mark_figures(cell: Any) -> None:
    """Keeps apart from a cell's figure what is no digit of it: `[1]` is a note's mark, `~~7~~` struck out."""
    before = ""
    for run in cell.iter(f"{W}r"):
        if next(run.iterancestors(f"{W}tc")) is not cell:
            continue
        texts = run.findall(f"{W}t")
        shown = "".join(text.text or "" for text in texts)
        struck = [run.find(f"{W}rPr/{W}{name}") for name in ("strike", "dstrike")]
        if before and _is_set_off(run):
            start, end = "[", "]"
        elif any(mark is not None and mark.get(f"{W}val") not in _OFF for mark in struck):
            start, end = "~~", "~~"
        else:
            start = end = ""
        if shown.strip() and start:
            texts[0].text = start + (texts[0].text or "")
            texts[-1].text = (texts[-1].text or "") + end
        before = shown.strip() or before


def _is_set_off(run: Any) -> bool:
    """Whether a run stands above or below the line of what it follows."""
    aligned, moved = (run.find(f"{W}rPr/{W}{name}") for name in ("vertAlign", "position"))
    if aligned is not None and aligned.get(f"{W}val") in ("superscript", "subscript"):
        return True
    return moved is not None and moved.get(f"{W}val", "0").strip("-+0") != ""


def _show_signs(cell: Any) -> None:
    """Puts a sign for what is displayed and is no text into a cell: it is not blank, and no digit either."""
    for run in cell.iter(f"{W}r"):
        fonts = run.find(f"{W}rPr/{W}rFonts")
        if fonts is not None and any(SYMBOL_FONT.search(name) for name in fonts.attrib.values()):
            for text in run.findall(f"{W}t"):
                text.text = nameless(text.text or "")
    for sign in list(cell.iter(f"{W}sym", f"{_M}oMath", f"{W}drawing", f"{W}pict", f"{W}object")):
        if sign.tag not in (f"{W}sym", f"{_M}oMath") and _floats(sign):
            continue
        shown = sign.makeelement(f"{W}t", None)
        shown.text = "\ufffd" if sign.tag in (f"{W}sym", f"{_M}oMath") else OBJECT
        if sign.getparent().tag != f"{W}r":
            run = sign.makeelement(f"{W}r", None)
            run.append(shown)
            shown = run
        shown.tail = sign.tail
        sign.getparent().replace(sign, shown)


def _floats(drawing: Any) -> bool:
    """Whether a drawing only hangs on its paragraph, as a seal does, and stands elsewhere on the page."""
    if any(node.tag.endswith("}anchor") for node in drawing.iterchildren()):
        return True
    return any("position:absolute" in node.get("style", "").replace(" ", "") for node in drawing.iter())


def _drop(node: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _unwrap(node: Any) -> None:
    parent = node.getparent()
    if parent is not None:
        place = parent.index(node)
        parent[place : place + 1] = list(node)


def _lift_text_boxes(body: Any) -> None:
    """Puts what a text box holds behind the paragraph that the box hangs on."""
    for box in list(body.iter(f"{W}txbxContent")):
        paragraph = next(box.iterancestors(f"{W}p"), None)
        _drop(box)
        if paragraph is not None:
            for item in reversed(list(box)):
                paragraph.addnext(item)


def _span_merged_cells(body: Any) -> None:
    """Turns the old way to merge across columns (`hMerge`) into the present one (`gridSpan`)."""
    for mark in list(body.iter(f"{W}hMerge")):
        if mark.get(f"{W}val") == "restart":
            continue
        cell = mark.getparent().getparent()
        first = cell.getprevious()
        if first is None or first.tag != f"{W}tc":
            continue
        properties = first.find(f"{W}tcPr")
        span = properties.find(f"{W}gridSpan") if properties is not None else None
        if properties is None:
            continue
        if span is None:
            span = properties.makeelement(f"{W}gridSpan", {f"{W}val": "1"})
            properties.insert(0, span)
        span.set(f"{W}val", str(int(span.get(f"{W}val", "1")) + 1))
        _drop(cell)
