"""Annotations appended to a PDF: the file's own bytes stay as they are, what is new stands behind them.

pypdf's incremental writer (7.1) does nearly the same: on zhifu-2019.pdf it adds 133,800 bytes in 53 ms where
this adds 134,353 in 13 ms, on hongze-2023.pdf 32,484 in 7 ms where this adds 32,503 in 3 ms; with both the
original is the prefix, the annotations and the pictures of the pages are the same, and so are the bytes of a
second run. But its new trailer leaves out /Info, so that MuPDF and qpdf find neither title, author nor dates
in the annotated copy; it ends a file that has a cross-reference table with a cross-reference stream, which
does not list itself (qpdf warns); and it keeps the second identifier of a file that has changed.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Mapping, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from crossfoot.errors import ReportError

_ID = re.compile(rb"/ID ?\[ ?<[0-9A-Fa-f]*> ?<[0-9A-Fa-f]*> ?\]")


def with_annotations(data: bytes, notes: Mapping[int, Sequence[DictionaryObject]], name: str) -> bytes:
    """The PDF with each page's annotations (pages from 0) behind those that it has.

    Appearance streams stand in `/AP` `/N` of each. The result begins with the bytes of `data`, unless the
    file is encrypted, damaged or not where it says it begins: then it begins with the same document as
    pdfium writes it, without a lock. Without annotations it is `data` itself. The same input gives the
    same bytes. Raises ReportError where neither can be annotated.
    """
    if not notes:
        return data
    why = ""
    for whole in (True, False):
        try:
            base = data if whole else _rewritten(data)
            result = base + _appended(base, notes)
            if _shows(result, base, notes):
                return result
        except (
            PyPdfError,
            pdfium.PdfiumError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OSError,
        ) as e:
            why = f" ({type(e).__name__})"
    raise ReportError(
        f"cannot be annotated: its structure is damaged{why}",
        file=name,
        advice="Open it in a PDF viewer, save it again and audit that file",
    )


def _appended(base: bytes, notes: Mapping[int, Sequence[DictionaryObject]]) -> bytes:
    """What is appended: the annotations, the pages that now have them, and where both stand."""
    if not base.startswith(b"%PDF-"):
        raise ValueError("bytes stand before the header")
    reader = PdfReader(io.BytesIO(base))
    if reader.is_encrypted:
        raise ValueError("encrypted")
    before = int(re.findall(rb"startxref\s+(\d+)", base)[-1])
    classic = base[before : before + 4] == b"xref"
    number = int(str(reader.trailer["/Size"]))
    objects: dict[tuple[int, int], PdfObject] = {}
    for index in sorted(notes):
        page = reader.pages[index]
        place = page.indirect_reference
        if place is None:
            raise ValueError("a page that is not an object of its own")
        old = page.get("/Annots")
        held = ArrayObject(old.get_object() if old is not None else ())
        for note in notes[index]:
            entry = DictionaryObject(note)
            entry[NameObject("/P")] = place
            objects[number, 0] = entry.pop("/AP").raw_get("/N")
            entry[NameObject("/AP")] = DictionaryObject({NameObject("/N"): IndirectObject(number, 0, reader)})
            objects[number + 1, 0] = entry
            held.append(IndirectObject(number + 1, 0, reader))
            number += 2
        copy = DictionaryObject({NameObject(key): page.raw_get(key) for key in page})
        copy[NameObject("/Annots")] = held
        objects[place.idnum, place.generation] = copy
    body = io.BytesIO()
    body.write(b"" if base.endswith((b"\n", b"\r")) else b"\n")
    offsets: dict[tuple[int, int], int] = {}
    for (idnum, generation), held_object in sorted(objects.items(), key=lambda item: item[0]):
        offsets[idnum, generation] = len(base) + body.tell()
        body.write(b"%d %d obj\n" % (idnum, generation))
        held_object.write_to_stream(body)
        body.write(b"\nendobj\n")
    trailer = _trailer(reader, before, base + body.getvalue())
    start = len(base) + body.tell()
    if classic:
        trailer[NameObject("/Size")] = NumberObject(number)
        body.write(_table(offsets) + b"trailer\n")
        trailer.write_to_stream(body)
    else:
        offsets[number, 0] = start
        trailer[NameObject("/Size")] = NumberObject(number + 1)
        body.write(b"%d 0 obj\n" % number)
        _stream(trailer, offsets).write_to_stream(body)
        body.write(b"\nendobj")
    body.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)
    return body.getvalue()


def _trailer(reader: PdfReader, before: int, content: bytes) -> DictionaryObject:
    """The trailer of the file, with a second identifier made of the new content."""
    trailer = DictionaryObject({NameObject("/Prev"): NumberObject(before)})
    for key in ("/Root", "/Info"):
        if key in reader.trailer:
            trailer[NameObject(key)] = reader.trailer.raw_get(key)
    mark = ByteStringObject(hashlib.sha256(content).digest()[:16])
    old = reader.trailer.get("/ID")
    first = old.get_object()[0] if old is not None else mark
    first = ByteStringObject(getattr(first, "original_bytes", first))
    trailer[NameObject("/ID")] = ArrayObject([first, mark])
    return trailer


def _sections(offsets: Mapping[tuple[int, int], int]) -> list[list[tuple[int, int]]]:
    """The objects in runs of consecutive numbers."""
    runs: list[list[tuple[int, int]]] = []
    for key in sorted(offsets):
        if runs and runs[-1][-1][0] + 1 == key[0]:
            runs[-1].append(key)
        else:
            runs.append([key])
    return runs


def _table(offsets: Mapping[tuple[int, int], int]) -> bytes:
    """A cross-reference table of the classic kind."""
    lines = [b"xref\n"]
    for run in _sections(offsets):
        lines.append(b"%d %d\n" % (run[0][0], len(run)))
        lines.extend(b"%010d %05d n \n" % (offsets[key], key[1]) for key in run)
    return b"".join(lines)


def _stream(trailer: DictionaryObject, offsets: Mapping[tuple[int, int], int]) -> StreamObject:
    """A cross-reference stream, which is trailer and table in one."""
    runs = _sections(offsets)
    rows = b"".join(
        b"\x01" + offsets[key].to_bytes(5, "big") + key[1].to_bytes(2, "big") for run in runs for key in run
    )
    stream = StreamObject()
    stream.update(trailer)
    stream[NameObject("/Type")] = NameObject("/XRef")
    stream[NameObject("/W")] = ArrayObject(map(NumberObject, (1, 5, 2)))
    stream[NameObject("/Index")] = ArrayObject(NumberObject(n) for run in runs for n in (run[0][0], len(run)))
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream._data = zlib.compress(rows, 9)
    return stream


def _rewritten(data: bytes) -> bytes:
    """The same document as pdfium writes it, without encryption; its random identifiers made still."""
    with pdfium.PdfDocument(data) as document:
        out = io.BytesIO()
        document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    mark = hashlib.sha256(data).hexdigest()[:32].upper().encode()

    def still(match: re.Match[bytes]) -> bytes:
        made = b"/ID[<" + mark + b"><" + mark + b">]"
        return made if len(made) == len(match[0]) else match[0]

    return _ID.sub(still, out.getvalue())


def _shows(result: bytes, base: bytes, notes: Mapping[int, Sequence[DictionaryObject]]) -> bool:
    """Whether pdfium shows as many pages as before, with the new annotations on them."""
    with pdfium.PdfDocument(result) as new, pdfium.PdfDocument(base) as old:
        if len(new) != len(old):
            return False
        for index, added in notes.items():
            counts = []
            for document in (new, old):
                page = document[index]
                counts.append(raw.FPDFPage_GetAnnotCount(page.raw))
                page.close()
            if counts[0] != counts[1] + len(added):
                return False
    return True
