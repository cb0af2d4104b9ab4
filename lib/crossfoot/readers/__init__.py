"""One report as a Document, whatever its format: what the file holds decides, not what it is called."""

import hashlib
from dataclasses import replace
from pathlib import Path

from ..document import Document
from ..errors import NoTextError, ReportError
from . import decoding, html, scan, text

ACCEPTED = "Accepted are PDF, HTML, DOCX, pictures of pages and text (UTF-8, UTF-16 or GB18030)"

_LARGEST_FILE = 512 * 1024 * 1024
_LARGEST_TEXT = 16 * 1024 * 1024  # a report has some 100 kB; a long one with its page's scripts 1 MB

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
# How a file begins → what it is, and what to do about it.
_FOREIGN = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old binary Office file (.doc, .xls, .wps) or one with a password",
        "Save it as .docx or PDF",
    ),
    (b"{\\rtf", "an RTF file", "Save it as .docx or PDF"),
    (b"Rar!", "an archive", "Unpack it and give the report inside"),
    (b"7z\xbc\xaf\x27\x1c", "an archive", "Unpack it and give the report inside"),
    (b"\x1f\x8b", "a compressed file", "Unpack it and give the report inside"),
)


def read(path: str | Path, witness: str = "") -> Document:
    """The report at `path`: its text, lines and tables.

    Pictures of pages, and PDFs without a text layer, are recognised where the extra `scan` is installed.
    With `witness` "ocr" the table pages of a PDF with a text layer are recognised besides, as a third
    reader. Raises ReportError, naming the file, where it is missing, empty, too large, damaged or of a
    kind that is not read.
    """
    path = Path(path)
    data = _bytes(path)
    sha256 = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:1024]:
        return _pdf(path, data, witness)
    if data.startswith(_PICTURES):
        return scan.read(path, data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from . import docx

        return docx.read(path.name, sha256, data)
    for start, kind, advice in _FOREIGN:
        if data.startswith(start):
            raise ReportError(f"is {kind}, which is not read", file=path.name, advice=f"{advice}. {ACCEPTED}")
    page = html.from_archive(data)
    content = decoding.decode(page, path.name, html.declared_encoding(page))
    if html.is_html(content):
        content = html.without_embedded_files(content)
    elif html.has_tables(content):
        content = html.from_markdown(content)
    if len(content) > _LARGEST_TEXT:
        raise _too_large(path, len(data))
    reader = html if html.is_html(content) or html.has_tables(content) else text
    return reader.read(path.name, sha256, content)


def _pdf(path: Path, data: bytes, witness: str) -> Document:
    from . import pdf

    try:
        document = pdf.read(path, data)
    except NoTextError as error:
        if not scan.installed():
            raise
        try:
            return scan.read(path, data)
        except ReportError:
            raise error from None
    if witness != scan.READER:
        return document
    pages = {grid.page for grids in document.grids.values() for grid in grids if grid.page is not None}
    return replace(document, grids=document.grids | {scan.READER: scan.witness(path, data, sorted(pages))})


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        problem = "is not a file" if path.exists() else "does not exist"
        raise ReportError(problem, file=path.name, advice="Give the path of one report")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _too_large(path, path.stat().st_size)
        data = path.read_bytes()
    except OSError as error:
        raise ReportError(f"cannot be read ({error.strerror})", file=path.name) from error
    if not data.strip(b" \t\r\n\0"):
        raise ReportError("is empty", file=path.name, advice="Fetch the report again")
    return data


def _too_large(path: Path, size: int) -> ReportError:
    return ReportError(
        f"has {size / 1e6:.0f} MB, more than a report can have",
        file=path.name,
        advice="Give the report alone, as one file",
    )
