"""Bad input the whole way through `crossfoot audit`: one clear line or a finding, never a wrong figure.

What each reader does with a bad file is tried in test_readers_*; here it is what a user sees.
"""

import io
import re
import socket
import subprocess
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import docx
import openpyxl
import pypdfium2 as pdfium
import pytest
from made_up_report import as_html, as_pdf, as_text, figures, prose, rows, save_docx, title
from matrices import matrix
from pdf_drawing import Page, pdf
from process_time import LIMITED, PATIENCE, within

from crossfoot.audit import audit
from crossfoot_cli.commands import main

pytest.importorskip("typst", reason="the test extra is not installed")

FORMATS = ("txt", "html", "docx", "pdf")
PRINTED = figures()
OTHER = figures(6)
SECONDS = 120  # of the processor, which a busy machine lets take twice as long as a quiet one
MEGABYTES = 1500


def saved(folder: Path, suffix: str, made=None, said: str = "", name: str = "报告") -> Path:
    """The made-up report in that format, its tables and its sentence as given or sound."""
    made, said = made or rows(PRINTED), said or prose(PRINTED)
    path = folder / f"{name}.{suffix}"
    match suffix:
        case "txt":
            path.write_text(as_text(made, said), encoding="utf-8")
        case "html":
            path.write_text(as_html(made, said), encoding="utf-8")
        case "docx":
            save_docx(path, made, said)
        case "pdf":
            path.write_bytes(as_pdf(made, said))
        case _:
            raise AssertionError(suffix)
    return path


def read_as(result) -> dict[str, str]:
    facts = result.facts
    return dict(zip(facts["cell"], facts["raw"], strict=True))


def wrong_figures(result, printed=PRINTED) -> dict[str, str]:
    """The cells whose fact is another figure than the report prints; one that is missing is not wrong."""
    return {cell: raw for cell, raw in read_as(result).items() if raw and raw != printed.get(cell)}


def in_process(capsys, *arguments) -> tuple[int, str, str]:
    with within(SECONDS):
        code = main(["audit", *map(str, arguments)])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err + shown.out
    return code, shown.out, shown.err


def bounded(path: Path) -> tuple[int, str, str]:
    """The audit in a process of its own, which may take neither SECONDS of the processor nor MEGABYTES."""
    child = LIMITED.format(SECONDS) + (
        "import sys; from pathlib import Path; from crossfoot_cli.commands import main; "
        "code = main(sys.argv[1:]); "
        "status = Path('/proc/self/status'); "
        "lines = status.read_text().splitlines() if status.exists() else []; "
        "print('PEAK', next((l.split()[1] for l in lines if l.startswith('VmHWM')), 0)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, "audit", str(path)],
        capture_output=True, text=True, timeout=PATIENCE * SECONDS, check=False, encoding="utf-8",
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    out, _, peak = done.stdout.rpartition("PEAK")
    assert int(peak) / 1024 < MEGABYTES
    return done.returncode, out, done.stderr


# Files that are not reports: one line that names the file and says what to do ------------------------------


def encrypted(data: bytes) -> bytes:
    entry = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    return re.sub(rb"(/Root \d+ 0 R)", rb"/Encrypt " + entry + rb" \1", data)


def without_unicode(data: bytes) -> bytes:
    """The PDF with the fonts' map to characters out of reach."""
    return data.replace(b"/ToUnicode", b"/ToNothing")


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(100):
                part.write(b"<w:p/>" * 500_000)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    return {suffix: saved(folder, suffix) for suffix in FORMATS}


REFUSED = {
    "encrypted.pdf": (lambda sound: encrypted(sound["pdf"].read_bytes()), "is encrypted"),
    "truncated.pdf": (lambda sound: sound["pdf"].read_bytes()[:-4000], "is cut off"),
    "truncated.docx": (lambda sound: sound["docx"].read_bytes()[:-4000], "is damaged or cut short"),
    "no-unicode-map.pdf": (lambda sound: without_unicode(sound["pdf"].read_bytes()), "is garbage"),
    "rich-text.pdf": (lambda sound: rb"{\rtf1\ansi " + b"x" * 200 + b"}", "is an RTF file"),
    "no-picture.png": (lambda sound: b"\x89PNG\r\n\x1a\n" + b"\x01" * 200, ""),
    "workbook.docx": (lambda sound: workbook(), "without a Word document"),
    "old-word.docx": (lambda sound: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600, "old binary Office"),
    "zeros.html": (lambda sound: b"\0" * 5000, "is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_report_is_one_clear_line_and_nothing_is_written(capsys, tmp_path, sound, name):
    made, problem = REFUSED[name]
    (tmp_path / name).write_bytes(made(sound))
    code, out, err = in_process(capsys, tmp_path / name, "--out", tmp_path / "out")
    assert (code, out) == (1, "")
    progress, told = err.splitlines()
    assert progress == f"[1/1] {name} …"
    assert told.startswith(f"crossfoot: {name}: ") and problem in told
    assert not (tmp_path / "out").exists()


def test_a_zip_bomb_named_docx_is_refused_at_once(tmp_path):
    path = tmp_path / "bomb.docx"
    path.write_bytes(bomb())
    code, out, err = bounded(path)
    assert (code, out) == (1, "") and "bomb.docx: would unpack to 300 MB" in err


@pytest.mark.parametrize(
    ("suffix", "named"), [("pdf", "docx"), ("txt", "pdf"), ("docx", "html"), ("html", "txt")]
)
def test_a_wrong_suffix_changes_nothing(capsys, tmp_path, sound, suffix, named):
    path = tmp_path / f"misnamed.{named}"
    path.write_bytes(sound[suffix].read_bytes())
    code, out, err = in_process(capsys, path)
    assert (code, err) == (0, "") and "0 findings" in out
    assert read_as(audit(path)) == PRINTED


@pytest.mark.parametrize("suffix", FORMATS)
def test_without_any_statutory_table_there_is_no_audit(capsys, tmp_path, suffix):
    path = saved(tmp_path, suffix, {"requests": [["会议", "地点"], ["第1次", "三楼"]]})
    code, out, err = in_process(capsys, path)
    assert code == 1 and err.count("\n") == 1 and f"{path.name}: no statutory table" in err
    assert "1 finding" in out and "[error, extraction] no statutory table was found" in out


# Reports with something missing or too much: what there is is right, and the rest is said ----------------


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(("table", "section"), [("disclosure", "二"), ("requests", "三"), ("disputes", "四")])
def test_a_missing_table_is_the_one_thing_that_is_found(capsys, tmp_path, suffix, table, section):
    path = saved(tmp_path, suffix, {code: made for code, made in rows(PRINTED).items() if code != table})
    code, out, err = in_process(capsys, path)
    assert (code, err) == (0, "") and "1 finding;" in out
    assert f"[error, published] the report has no Table {'一二三四'.index(section) + 1}" in out
    result = audit(path)
    assert set(result.facts.loc[result.facts["table"] == table, "status"]) == {"absent"}
    assert not wrong_figures(result)


@pytest.mark.parametrize("suffix", ["txt", "html"])
@pytest.mark.parametrize("row", ["本机关不掌握相关政府信息", "本年新收", "未经复议"])
def test_what_was_cut_off_with_the_file_breaks_no_sum(tmp_path, sound, suffix, row):
    data = sound[suffix].read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(data[: data.index(row.encode()) + len(row.encode())])
    result = audit(path)
    assert not wrong_figures(result)
    assert not result.checks["status"].eq("breaks").any()
    assert set(result.findings["kind"]) == {"extraction"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_row_the_form_does_not_know_moves_no_figure_and_is_named(tmp_path, suffix):
    made = rows(PRINTED)
    place = next(n for n, row in enumerate(made["requests"]) if "行政查询事项" in row[0])
    made["requests"].insert(place + 1, ["9.属于其他不予公开情形", "41", "17", "0", "0", "0", "0", "58"])
    result = audit(saved(tmp_path, suffix, made))
    assert read_as(result) == PRINTED
    told = "; ".join(result.evidence["text"])
    assert set(result.findings["kind"]) == {"extraction"}
    assert all(f"'{figure}' beside the label '9.属于其他不予公开情形'" in told for figure in (41, 17, 58))
    assert all(trouble.page or trouble.where for trouble in result.problems)
    requests = result.extraction.set_index("table").loc["requests"]
    assert requests["left_over"] == 7 and requests["lost"] == 0


@pytest.mark.parametrize("suffix", FORMATS)
def test_of_two_reports_in_one_file_only_the_first_is_audited(tmp_path, suffix):
    one, two = (rows(PRINTED), prose(PRINTED)), (rows(OTHER), prose(OTHER))
    path = tmp_path / f"two.{suffix}"
    other = "西山县教育局"
    match suffix:
        case "txt":
            path.write_text(as_text(*one) + "\n" + as_text(*two, other), encoding="utf-8")
        case "html":
            path.write_text(as_html(*one) + as_html(*two, other), encoding="utf-8")
        case "docx":
            save_docx(path, *two, issuer=other, word=save_docx(path, *one))
        case _:
            joined = pdfium.PdfDocument.new()
            for data in (as_pdf(*one), as_pdf(*two, other)):
                joined.import_pages(pdfium.PdfDocument(data))
            joined.save(path)
    result = audit(path)
    assert read_as(result) == PRINTED
    assert not result.checks["status"].eq("breaks").any()
    ((kind, told),) = result.findings[["kind", "title"]].itertuples(index=False)
    assert kind == "extraction" and title(other) in told
    (trouble,) = result.problems
    assert trouble.page or trouble.where
    assert (result.extraction["printed"] == result.extraction["in_facts"]).all()


def test_figures_that_a_font_does_not_name_are_not_taken_for_blanks(capsys, tmp_path):
    padding = (
        "全面推进政务公开工作，加强队伍建设。" * 200
    )  # so that the text layer as a whole is none of garbage
    data = as_pdf(rows(PRINTED), prose(PRINTED) + padding, figures_in="DejaVu Sans Mono")
    path = tmp_path / "figures.pdf"
    path.write_bytes(re.sub(rb"(/BaseFont/\w+\+DejaVuSansMono[^>]*?)/ToUnicode", rb"\1/ToNothing", data))
    result = audit(path)
    facts = result.facts[[bool(PRINTED[cell]) for cell in read_as(result)]]
    assert set(facts["status"]) == {"unread"} and len(facts) > 100
    unreadable = {
        cell for trouble in result.problems if trouble.problem == "unreadable" for cell in trouble.cells
    }
    assert unreadable == {cell for cell, raw in PRINTED.items() if raw}
    assert not result.checks["status"].eq("breaks").any()
    code, out, err = in_process(capsys, path)
    assert (code, err) == (0, "") and "[error, extraction] could not be read" in out and "(p. 1)" in out


# Size: bounded time and memory --------------------------------------------------------------------------


def long_pdf(data: bytes, pages: bytes, times: int) -> bytes:
    """The report with more pages behind it."""
    joined = pdfium.PdfDocument(data)
    more = pdfium.PdfDocument(pages)
    for _ in range(times):
        joined.import_pages(more)
    made = io.BytesIO()
    joined.save(made)
    return made.getvalue()


@pytest.mark.long
def test_a_report_of_a_thousand_pages(tmp_path, sound):
    page = Page()
    for line in range(30):
        page.text(50, 50 + 20 * line, "全年主动公开政府信息若干条，办理行政许可事项若干件。")
    path = tmp_path / "long.pdf"
    path.write_bytes(long_pdf(sound["pdf"].read_bytes(), pdf(*[page] * 100), 10))
    assert len(pdfium.PdfDocument(path)) > 1000
    code, out, err = bounded(path)
    assert (code, err) == (0, "") and "0 findings" in out


@pytest.mark.parametrize("suffix", matrix(FORMATS))
def test_a_page_of_ten_thousand_lines_behind_the_tables(tmp_path, sound, suffix):
    words = "全年主动公开政府信息若干条，办理行政许可事项12件。"
    path = tmp_path / f"lines.{suffix}"
    match suffix:
        case "txt":
            path.write_text(sound["txt"].read_text("utf-8") + f"{words}\n" * 10_000, encoding="utf-8")
        case "html":
            path.write_text(sound["html"].read_text("utf-8") + f"<p>{words}" * 10_000, encoding="utf-8")
        case "docx":
            word = docx.Document(str(sound["docx"]))
            for _ in range(10_000):
                word.add_paragraph(words)
            word.save(str(path))
        case _:
            page = Page()
            for number in range(10_000):
                page.text(10 + 70 * (number % 8), 20 + 0.6 * (number // 8), "行政许可 12 3", size=0.5)
            path.write_bytes(long_pdf(sound["pdf"].read_bytes(), pdf(page), 1))
    code, out, err = bounded(path)
    assert (code, err) == (0, "")
    assert not re.search(r"\[\w+, extraction\]", out)


@pytest.mark.long
def test_a_table_of_thousands_of_rows_that_the_form_does_not_know(tmp_path):
    made = rows(PRINTED)
    extra = [[f"{number}.属于其他不予公开情形", *"1000001"] for number in range(9, 3009)]
    made["requests"][10:10] = extra
    path = saved(tmp_path, "html", made)
    code, out, err = bounded(path)
    assert (code, err) == (0, "") and "1 finding" in out and len(out) < 2_000
    assert re.search(r"\d,?\d+ figures of Table 3 could not be placed in any cell", out)


@pytest.mark.parametrize("line", ["|", " | ", "||", "\t|", "｜", "\\\\|", "| | |"])
def test_a_line_of_nothing_but_pipes_is_no_row(tmp_path, line):
    made = saved(tmp_path, "txt")
    sound = read_as(audit(made))
    made.write_text(f"{line}\n{made.read_text('utf-8')}\n{line}\n", encoding="utf-8")
    assert read_as(audit(made)) == sound


# Each takes minutes, or for ever, with an expression that tries all ways to part what repeats.
REPEATED = {
    "comments before a page": "html.is_html('<!-- a -->' * 10_000 + 'x')",
    "tables that never end": "html.has_tables('<table ' * 400_000)",
    "tables that never end, as a page": "html.from_markdown('<table ' * 400_000)",
    "decorations": "html_elements.is_struck('span', 'text-decoration' * 60_000)",
    "blanks around a page number": "page_text.is_page_number((' ' * 9_000).join(['', '1', 'x']), BOX, PAGE)",
    "a row of figures": "pdf.shows_unruled(LINE('1 ' * 200_000 + 'x'), ())",
    "a drawn line": "text_rows.text_rows(['|' + '-' * 2_000 + 'x'] * 5_000)",
    "a list of labels": "marking._RESPECTIVELY.sub('', '甲、' * 30_000 + '分别为')",
    "words of a share": "shares._OF_THE_WHOLE.search('占' + '总数量数量' * 30 + '某')",
    "words in one line": "list(text_words._placed([(1, 'a  ' * 40_000)], 2))",
    "heads of a table": "heads.applicants(WORDS('自然人', '商业企业'))",
    "pieces of a head": "heads.applicants(WORDS('自'))",
}
REPEATED_SETUP = """
from crossfoot.narrative import marking, shares
from crossfoot.readers import html, html_elements, page_text, pdf, text_rows
from crossfoot.readers.unruled import heads, text_words, words
BOX = (0.0, 1.0, 9.0, 2.0)
LINE = lambda text: page_text.PageText(1, 800.0, ((text, BOX),), len(text), 0, 1, True)
PAGE = LINE("")
def WORDS(*texts):
    each = [(text, 20.0 * i) for i, text in enumerate(texts * 4_000)]
    return words.PageWords(1, [words.Word(text, x, 10.0, x + 9, 20.0) for text, x in each])
"""


@pytest.mark.parametrize("call", matrix(REPEATED.values(), kept=3), ids=REPEATED.keys())
def test_what_repeats_is_read_in_time_that_grows_with_its_length(call):
    code = f"{LIMITED.format(SECONDS)}{REPEATED_SETUP}\n{call}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE * SECONDS, encoding="utf-8")


# Nothing is fetched -------------------------------------------------------------------------------------


@pytest.fixture
def address():
    """Where a server listens that fails the test when it is asked for anything."""
    asked = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_POST = do_GET

        def log_message(self, *_):
            pass

    try:
        server = HTTPServer(("127.0.0.1", 0), Server)
    except OSError:
        pytest.skip("no local port can be opened here")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    assert asked == []


def test_a_page_with_scripts_and_entities_is_read_as_shown_and_nothing_is_fetched(tmp_path, address):
    secret = tmp_path / "secret.txt"
    secret.write_text("99", encoding="utf-8")
    head = (
        f'<base href="{address}/"><link rel="stylesheet" href="a.css"><script src="a.js"></script>'
        "<script>document.write('<table><tr><td>规章<td>99<td>99<td>99</table>')</script>"
        f'<meta http-equiv="refresh" content="0; url={address}/next">'
    )
    extra = (
        f'<img src="{address}/a.png"><iframe src="{address}/"></iframe><object data="{address}/o"></object>'
    )
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y SYSTEM "{address}/y">]>'
    made = rows(PRINTED)
    page = as_html(made, f"{prose(PRINTED)}&x;&y;", head=head, extra=extra)
    path = tmp_path / "script.html"
    path.write_text(doctype + page, encoding="utf-8")
    result = audit(path)
    assert read_as(result) == PRINTED
    assert len(result.findings) == 0 and "99" not in result.document.text


def test_a_word_file_with_outside_relations_is_read_and_nothing_is_fetched(tmp_path, address, sound):
    path = tmp_path / "relations.docx"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    outside = "".join(
        f'<Relationship Id="out{name}" Type="{kind}/{name}" Target="{address}/{name}" TargetMode="External"/>'
        for name in ("attachedTemplate", "image", "oleObject", "hyperlink")
    )
    with zipfile.ZipFile(sound["docx"]) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part.endswith(".rels"):
                data = data.replace(b"</Relationships>", outside.encode() + b"</Relationships>")
            new.writestr(part, data)
    result = audit(path)
    assert read_as(result) == PRINTED and len(result.findings) == 0


def test_no_audit_opens_a_connection(monkeypatch, sound):
    def refuse(*_arguments):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for path in sound.values():
        assert read_as(audit(path)) == PRINTED
