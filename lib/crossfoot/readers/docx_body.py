"""The body of a Word document as it is displayed with all changes accepted: plain paragraphs and tables.

Only the main part of the package is unpacked, whatever the package claims about itself: no relation is
followed, no picture or embedded file is opened. What stands inside wrappers (insertions, content controls,
fields, text boxes) is brought to where it is seen; what is not seen (deletions, hidden text, field codes, a
picture's fallback) is dropped.
"""

import io
import posixpath
import re
import zipfile
import zlib
from typing import Any

import lxml.etree

from ..errors import ReportError
from .running_text import OBJECT, SYMBOL_FONT, nameless

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 32 * 1024 * 1024  # a report's text has some 200 kB as XML
_LARGEST_PACKAGE = 1024 * 1024 * 1024
_MOST_PARTS = 10_000
_RATIO = 300  # text packs 10 to 30 times smaller, and long runs of equal table rows 100 times
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFFICE = re.compile(r"officeDocument/(?:2006/)?relationships/officeDocument$")
_ADVICE = "Open it in Word or WPS and save it again as .docx, or as PDF"
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


def body(data: bytes, file: str) -> Any:
    """The `w:body` element of the document, holding what is displayed and nothing around it.

    Raises ReportError where this is not a Word document, is damaged or encrypted, would unpack to more than
    a report can have, or declares entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_size(package, len(data), file)
            content = _part(package, _main_part(package, file), file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        if isinstance(error, ReportError):
            raise
        raise _damaged(file) from error
    root = _tree(content.replace(_STRICT, W[1:-1].encode()), file)
    found = root.find(f"{W}body")
    if found is None:
        raise ReportError("holds no Word document", file=file, advice=_ADVICE)
    _accept(found)
    return found


def _check_size(package: zipfile.ZipFile, packed: int, file: str) -> None:
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS or total > _LARGEST_PACKAGE or total > max(_LARGEST_PART, packed * _RATIO):
        raise ReportError(
            f"would unpack to {total / 1e6:,.0f} MB in {len(parts)} parts, more than a report can have",
            file=file,
            advice="It is not opened. Fetch the report again",
        )


def _main_part(package: zipfile.ZipFile, file: str) -> str:
    names = set(package.namelist())
    if "_rels/.rels" in names:
        for relation in _tree(_part(package, "_rels/.rels", file), file):
            if _OFFICE.search(relation.get("Type", "")) and relation.get("TargetMode") != "External":
                target = posixpath.normpath(relation.get("Target", "").lstrip("/"))
                if target in names and target.startswith("word/"):
                    return target
    if "word/document.xml" in names:
        return "word/document.xml"
    raise ReportError(
        "is a zip archive without a Word document inside",
        file=file,
        advice="Accepted are PDF, HTML, DOCX and text; unpack an archive, save a workbook as PDF",
    )


def _part(package: zipfile.ZipFile, name: str, file: str) -> bytes:
    part = package.getinfo(name)
    if part.flag_bits & 0x1:
        raise ReportError("is encrypted", file=file, advice="Save it without a password")
    # The size that a package declares may be a lie, so what is really unpacked is bounded too.
    with package.open(part) as stream:
        content = stream.read(_LARGEST_PART + 1)
    if len(content) > _LARGEST_PART:
        raise ReportError(
            f"has {len(content) / 1e6:.0f} MB of text or more, more than a report can have",
            file=file,
            advice="Give the report alone, as one file",
        )
    return content


def _tree(content: bytes, file: str) -> Any:
    parser = lxml.etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, remove_comments=True
    )
    try:
        root = lxml.etree.fromstring(content, parser)
    except lxml.etree.XMLSyntaxError as error:
        raise _damaged(file) from error
    if root.getroottree().docinfo.doctype:
        raise ReportError("declares a document type, which no Word document does", file=file, advice=_ADVICE)
    return root


def _damaged(file: str) -> ReportError:
    return ReportError("is damaged or cut short, and not a whole DOCX file", file=file, advice=_ADVICE)


def _accept(body: Any) -> None:
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
    """Keeps apart from a cell's figure what is not a digit of it: `[1]` a note's mark, `~~7~~` struck out."""
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
    """Puts a sign for what is displayed and is not text into a cell: it is neither blank nor a digit."""
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
