"""Pictures of pages give the same facts as the text layer, and nothing that is printed passes for blank."""

import io
import random
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from samples import printed_figures, sample

from crossfoot import readers
from crossfoot.document import DOUBTFUL
from crossfoot.errors import ReportError
from crossfoot.readers import page_pictures, scan
from crossfoot.tables import place

SEED = Path(__file__).parents[1] / "data" / "raw" / "zhifu-2019.pdf"
DOTS = 150

extra = pytest.mark.skipif(not scan.installed(), reason="the extra `scan` is not installed")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("the reader asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def scanned(path: Path, pages: list[int], lean: float = 0.0) -> bytes:
    """A PDF of pictures of these pages (1-based), put crookedly on the scanner."""
    document = pypdfium2.PdfDocument(path)
    pictures = [document[number - 1].render(scale=DOTS / 72).to_pil().convert("L") for number in pages]
    document.close()
    pictures = [p.rotate(lean, resample=Image.Resampling.BICUBIC, fillcolor=255) for p in pictures]
    stream = io.BytesIO()
    pictures[0].save(stream, "PDF", resolution=DOTS, save_all=True, append_images=pictures[1:])
    return stream.getvalue()


def ruled(rows: list[list[str]], ink: int = 0, paper: int = 255) -> Image.Image:
    """An A4 page at 150 dpi with a table of these texts, in cells of 40 by 20 points."""
    page = Image.new("L", (1240, 1754), paper)
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(22)
    wide, tall, left, top = 83, 42, 200, 300
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            x, y = left + c * wide, top + r * tall
            draw.rectangle((x, y, x + wide, y + tall), outline=ink)
            draw.text((x + wide / 2, y + tall / 2), text, fill=ink, font=font, anchor="mm")
    return page


def png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(DOTS, DOTS))
    return stream.getvalue()


def read_rows(image: Image.Image) -> list[list]:
    """The cells of the only table in the picture, row by row."""
    (grid,) = scan.witness(Path("page.png"), png(image), [1])
    tops: dict[int, list] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.top, c.x0)):
        tops.setdefault(round(cell.top / 5), []).append(cell)
    return list(tops.values())


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "crossfoot.readers.scanned_page", None)
    with pytest.raises(ReportError, match=r"pip install 'crossfoot\[scan\]'"):
        scan.read(Path("page.png"), png(ruled([["1"]])))


def test_a_text_layer_needs_no_recogniser():
    code = (
        "import sys; from crossfoot import readers; readers.read(sys.argv[1]); "
        "sys.exit(any(m in sys.modules for m in ('rapidocr', 'onnxruntime', 'cv2')))"
    )
    subprocess.run([sys.executable, "-c", code, str(SEED)], check=True)


@extra
@pytest.mark.parametrize("lean", [0.0, 1.2])
def test_a_scan_of_the_seed_report_reads_like_its_text_layer(no_network, lean):
    pages = [7, 8, 9]
    text_layer = place(readers.read(SEED).grids["pdfium"], "2019")
    read = scan.read(Path("scan.pdf"), scanned(SEED, pages, lean))
    recognised = place(read.grids["ocr"], "2019")
    assert not recognised.unclear and not recognised.leftovers
    assert recognised.readings.keys() == text_layer.readings.keys()
    for name, reading in recognised.readings.items():
        printed = text_layer.readings[name]
        assert reading.raw.replace(" ", "") == printed.raw.replace(" ", ""), name
        assert reading.page is not None and pages[reading.page - 1] == printed.page
        assert (reading.confidence is None) == (reading.raw == "")
        assert reading.confidence is None or reading.confidence >= DOUBTFUL, name
        if not lean:
            assert reading.box == pytest.approx(printed.box, abs=2.0), name
    assert "三、收到和处理政府信息公开申请情况" in read.text
    assert [line.page for line in read.lines] == sorted(line.page for line in read.lines)


@extra
def test_a_scan_of_a_real_report_reads_as_transcribed(no_network):
    path = sample("hongze-2023.pdf")
    placed = place(scan.witness(path, scanned(path, [3, 4]), [1, 2]), "2021")
    expected = {k: v for k, v in printed_figures(path.name).items() if not k.startswith("disclosure")}
    assert {k: placed.readings[k].raw for k in expected} == expected


@extra
def test_every_lone_figure_is_read_and_every_empty_cell_is_blank():
    chance = random.Random(3)
    rows = [[chance.choice(["", *map(str, range(10)), "10", "-14"]) for _ in range(8)] for _ in range(12)]
    read = read_rows(ruled(rows))
    assert [[cell.text for cell in row] for row in read] == rows
    assert all((cell.confidence is None) == (cell.text == "") for row in read for cell in row)


@extra
@pytest.mark.parametrize("ink, paper", [(150, 255), (255, 40)], ids=["pale", "light on dark"])
def test_however_the_page_is_inked(ink, paper):
    rows = [["12", "4", ""], ["7", "0", "305"], ["", "11", "8"]]
    page = ruled(rows, ink, paper)
    assert [[cell.text for cell in row] for row in read_rows(page)] == rows


@extra
def test_the_broken_half_of_double_lines_opens_no_table():
    rows = [["12", "4", "7"], ["30", "0", "5"], ["6", "11", "8"]]
    page = ruled(rows)
    draw = ImageDraw.Draw(page)
    for row in range(1, 3):  # both stop at the same place, as broken by noise
        draw.line((203, 304 + row * 42, 320, 304 + row * 42), fill=90)
    assert [[cell.text for cell in row] for row in read_rows(page)] == rows


@extra
def test_print_that_is_not_recognised_is_no_blank(monkeypatch):
    from crossfoot.readers import scanned_page
    from crossfoot.readers.scanned_page import Recognised

    monkeypatch.setattr(scanned_page, "recognise", lambda crop: Recognised("", 0.0))
    ((one, blank),) = read_rows(ruled([["1", ""]]))
    assert (one.text, one.confidence) == (scanned_page.UNREADABLE, 0.0)
    assert (blank.text, blank.confidence) == ("", None)


@extra
@pytest.mark.parametrize("printed, taken", [("-14", "14"), ("1.5", "15")])
def test_a_mark_that_is_passed_over_makes_the_figure_doubtful(monkeypatch, printed, taken):
    from crossfoot.readers import scanned_page
    from crossfoot.readers.scanned_page import Recognised

    monkeypatch.setattr(scanned_page, "recognise", lambda crop: Recognised(taken, 0.999))
    ((cell, _),) = read_rows(ruled([[printed, ""]]))
    assert cell.confidence < DOUBTFUL
    ((cell, _),) = read_rows(ruled([[taken, ""]]))
    assert cell.confidence == 0.999


@extra
def test_a_noisy_page_is_never_trusted():
    page = np.array(ruled([["12", "4"], ["7", "30"]]))
    pepper = np.random.default_rng(5).random(page.shape) < 0.01
    rows = read_rows(Image.fromarray(np.where(pepper, 0, page).astype(np.uint8)))
    read = [cell for row in rows for cell in row if cell.text]
    assert read and all(cell.confidence < DOUBTFUL for cell in read)


def test_pages_of_a_tiff_are_numbered():
    stream = io.BytesIO()
    pages = [ruled([[str(number), ""]]) for number in range(3)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], dpi=(DOTS, DOTS))
    read = list(page_pictures.pictures("report.tif", stream.getvalue(), [1, 3]))
    assert [picture.number for picture in read] == [1, 3]
    height, width = read[0].pixels.shape
    assert (width / read[0].scale, height / read[0].scale) == pytest.approx((595.2, 841.9), abs=1)


def test_a_picture_without_a_size_is_taken_for_a4():
    stream = io.BytesIO()
    ruled([["1"]]).save(stream, "PNG")
    (picture,) = page_pictures.pictures("page.png", stream.getvalue())
    assert picture.pixels.shape[1] / picture.scale == pytest.approx(595, abs=1)


def huge() -> bytes:
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    "data, problem",
    [
        (lambda: png(ruled([["1"]]))[:1500], "damaged picture"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"x" * 100, "damaged picture"),
        (lambda: b"II but no TIFF", "not a picture"),
        (huge, "pixels"),
        (lambda: b"%PDF-1.4 nothing", "cannot be opened"),
    ],
    ids=["cut off", "garbage", "another kind", "bomb", "broken PDF"],
)
def test_bad_pictures_are_named(data, problem):
    with pytest.raises(ReportError, match=problem) as error:
        list(page_pictures.pictures("bad.png", data()))
    assert error.value.file == "bad.png"


def test_a_thousand_pages_are_refused_at_once():
    document = pypdfium2.PdfDocument.new()
    for _ in range(1000):
        document.new_page(595, 842)
    stream = io.BytesIO()
    document.save(stream)
    with pytest.raises(ReportError, match="1000 scanned pages"):
        next(iter(page_pictures.pictures("long.pdf", stream.getvalue())))
