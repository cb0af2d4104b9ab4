"""Word documents (.docx), read by two witnesses: the elements themselves, and python-docx.

The document's text is what is displayed with tracked changes accepted, without headers, footers and
notes: one line for each paragraph or table row, a row's cells joined by tabs. Cells stand at the columns
of the table's own grid, and vertically at the line of their row. Numbers that Word counts up by itself
(automatic lists) are not part of the text.
"""

import lxml.etree

from ..document import Document, Grid
from ..errors import ReportError
from . import docx_package, docx_python, docx_revisions, docx_xml
from .flow import moved, running_lines

_TABLE = f"{docx_package.W}tbl"
_PICTURES = tuple(f"{docx_package.W}{name}" for name in ("drawing", "pict", "object"))
_DEEPEST_TABLE = 20


def read(source: str, sha256: str, data: bytes) -> Document:
    """The document's text and, under `docx-xml` and `python-docx`, its tables in order.

    Raises ReportError where the file is no whole Word document; see docx_package.
    """
    body = docx_package.body(data, source)
    docx_revisions.accept(body)
    if any(sum(1 for _ in table.iterancestors(_TABLE)) > _DEEPEST_TABLE for table in body.iter(_TABLE)):
        raise ReportError("nests its tables too deep to be read", file=source, advice="Save it as PDF")
    printed, grids = docx_xml.read(body)
    text, lines = running_lines(printed, grids)
    second, failed = _second(body, printed)
    readers = {docx_xml.READER: grids, docx_python.READER: second}
    pictured = any(True for _ in body.iter(*_PICTURES))
    return Document(source, sha256, 1, text, lines, readers, pictured=pictured, failed=failed)


def _second(body: lxml.etree._Element, onto: list[str]) -> tuple[tuple[Grid, ...], dict[str, str]]:
    """The tables of the second reader, or what stopped it."""
    try:
        lines, grids = docx_python.read(lxml.etree.tostring(body))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        if not _is_of_the_library(error):
            raise
        return (), {docx_python.READER: type(error).__name__}
    return moved(grids, lines, onto), {}


def _is_of_the_library(error: Exception) -> bool:
    """Whether python-docx raised it, as it does at merged cells that it does not expect, and not we."""
    trace, module = error.__traceback__, ""
    while trace is not None:
        module, trace = trace.tb_frame.f_globals.get("__name__", ""), trace.tb_next
    return module.partition(".")[0] == "docx"
