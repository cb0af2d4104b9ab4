"""The main part of a DOCX package as an XML tree, whatever the package claims about itself.

Nothing else of the package is unpacked: no relation is followed, no picture or embedded file is opened.
"""

import io
import posixpath
import re
import zipfile
import zlib
from typing import Any

import lxml.etree

from ..errors import ReportError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LARGEST_PART = 32 * 1024 * 1024  # a report's text has some 200 kB as XML
_LARGEST_PACKAGE = 1024 * 1024 * 1024
_MOST_PARTS = 10_000
_RATIO = 300  # text packs 10 to 30 times smaller, and long runs of equal table rows 100 times
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_OFFICE = re.compile(r"officeDocument/(?:2006/)?relationships/officeDocument$")
_ADVICE = "Open it in Word or WPS and save it again as .docx, or as PDF"


def body(data: bytes, file: str) -> Any:
    """The `w:body` element of the document.

    Raises ReportError where this is no Word document, is damaged or encrypted, would unpack to more than
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
