"""Every way a table's borders are drawn gives the same cells, and every character lies in its own."""

from dataclasses import replace

import pypdfium2
import pytest
from pdf_drawing import HEIGHT, WIDTH, Drawn, Page, disputes, pdf

from crossfoot import fonts
from crossfoot.readers import pdf_pdfium
from crossfoot.readers.glyphs import glyphs
from crossfoot.readers.rulings import rulings


def read(page: Page):
    fonts.prepare_pdfium()
    document = pypdfium2.PdfDocument(pdf(page))
    shown = document[0]
    found = pdf_pdfium.ruled_tables(1, rulings(shown), glyphs(shown))
    document.close()
    return found


def assert_same(grid, cells: list[Drawn], tolerance=3.0):
    got = [(cell.text.replace(" ", ""), cell.x0, cell.top, cell.x1, cell.bottom) for cell in grid.cells]
    want = [(cell.text, cell.x0, cell.top, cell.x1, cell.bottom) for cell in cells]

    def order(cell):
        return (round(cell[2] / 4), cell[1])

    assert len(got) == len(want)
    for mine, drawn in zip(sorted(got, key=order), sorted(want, key=order), strict=True):
        assert mine[0] == drawn[0]
        assert mine[1:] == pytest.approx(drawn[1:], abs=tolerance)


def edges(cells):
    """Every cell's four sides, shared ones twice."""
    for c in cells:
        yield c.x0, c.top, c.x1, c.top
        yield c.x0, c.bottom, c.x1, c.bottom
        yield c.x0, c.top, c.x0, c.bottom
        yield c.x1, c.top, c.x1, c.bottom


def strokes(page, cells):
    for edge in edges(cells):
        page.line(*edge)


def thin_bars(page, cells):
    for x0, y0, x1, y1 in edges(cells):
        page.bar(x0 - 0.3, y0 - 0.3, x1 + 0.3, y1 + 0.3)


def frames(page, cells):
    for c in cells:
        page.frame(c.x0, c.top, c.x1, c.bottom)


def frames_apart(page, cells):
    page.frame(*outline(cells))
    for c in cells:
        page.frame(c.x0 + 1, c.top + 1, c.x1 - 1, c.bottom - 1)


def rings(page, cells):
    for c in cells:
        page.ring(c.x0, c.top, c.x1, c.bottom)


def dots(page, cells):
    for x0, y0, x1, y1 in edges(cells):
        steps = int(max(x1 - x0, y1 - y0) / 1.5)
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            page.bar(x - 0.4, y - 0.4, x + 0.4, y + 0.4)


def dashes(page, cells):
    for x0, y0, x1, y1 in edges(cells):
        length = max(x1 - x0, y1 - y0)
        at = 0.0
        while at < length:
            a, b = at / length, min(at + 3, length) / length
            page.line(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
            at += 5.5


def double(page, cells):
    for x0, y0, x1, y1 in edges(cells):
        dx, dy = (0, 0.8) if y0 == y1 else (0.8, 0)
        page.line(x0 - dx, y0 - dy, x1 - dx, y1 - dy)
        page.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def hairlines(page, cells):
    for edge in edges(cells):
        page.line(*edge, width=0)


def shaded(page, cells):
    for c in cells:
        page.bar(c.x0 + 0.5, c.top + 0.5, c.x1 - 0.5, c.bottom - 0.5, colour="0.9 g")
    strokes(page, cells)


def white_on_shade(page, cells):
    page.bar(*outline(cells), colour="0.8 0.9 1 rg")
    page.parts.append("q 1 G")
    strokes(page, cells)
    page.parts.append("Q")


def with_white_leftovers(page, cells):
    """White bars, as editors leave behind for borders that were taken away, are not seen and rule nothing."""
    strokes(page, cells)
    x0, top, _, bottom = outline(cells)
    page.bar(x0 + 113, top, x0 + 115, bottom, colour="1 g")
    page.bar(x0 - 30, top, x0, bottom, colour="1 g")


def with_doubled_post(page, cells):
    """A second upright two points beside the first, in the heading alone."""
    strokes(page, cells)
    c = cells[5]
    page.line(c.x0 + 2, c.top, c.x0 + 2, c.bottom)


def outline(cells):
    return (
        min(c.x0 for c in cells),
        min(c.top for c in cells),
        max(c.x1 for c in cells),
        max(c.bottom for c in cells),
    )


WAYS = [
    strokes,
    thin_bars,
    frames,
    frames_apart,
    rings,
    dots,
    dashes,
    double,
    hairlines,
    shaded,
    white_on_shade,
    with_white_leftovers,
    with_doubled_post,
]


@pytest.mark.parametrize("draw", WAYS, ids=lambda way: way.__name__)
def test_however_the_borders_are_drawn(draw):
    page, cells = Page(), disputes()
    draw(page, cells)
    for cell in cells:
        page.write(cell)
    (grid,) = read(page)
    assert_same(grid, cells)


def drawn_page(cells) -> Page:
    page = Page()
    strokes(page, cells)
    for cell in cells:
        page.write(cell)
    return page


@pytest.mark.parametrize("matrix", ["1 0 0 1 0 0", "1 0 0 1 20 -30", "0.5 0 0 0.5 0 421"])
def test_inside_a_form_object(matrix):
    cells = disputes()
    page = drawn_page(cells)
    page.into_form(matrix)
    scale, _, _, _, dx, dy = (float(part) for part in matrix.split())
    shift = -dy if scale == 1 else 0.0
    moved = [
        Drawn(
            c.x0 * scale + dx,
            c.top * scale + shift,
            c.x1 * scale + dx,
            c.bottom * scale + shift,
            c.text,
        )
        for c in cells
    ]
    (grid,) = read(page)
    assert_same(grid, moved)


def test_crop_box_with_another_origin():
    cells = disputes()
    page = drawn_page(cells)
    page.crop = (35.0, 50.0)
    (grid,) = read(page)
    assert_same(grid, [Drawn(c.x0 - 35, c.top, c.x1 - 35, c.bottom, c.text) for c in cells])


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (90, f"0 1 -1 0 {HEIGHT} 0"),
        (180, f"-1 0 0 -1 {WIDTH} {HEIGHT}"),
        (270, f"0 -1 1 0 {WIDTH - HEIGHT} {WIDTH}"),
    ],
)
def test_turned_page(turn, matrix):
    """Drawn turned on a page that is shown turned back, as landscape tables are: it reads upright."""
    # Without a Song font pdfium gives turned Chinese no width and drops it, so figures only.
    cells = [replace(cell, text=cell.text if cell.text.isascii() else "") for cell in disputes()]
    page = drawn_page(cells)
    page.into_form(matrix)
    page.rotate = turn
    (grid,) = read(page)
    across = HEIGHT - WIDTH if turn == 270 else 0.0  # what the matrix leaves free on the wider page
    assert_same(grid, [Drawn(c.x0 + across, c.top, c.x1 + across, c.bottom, c.text) for c in cells])


def without(cells, *, foot=False, head=False, left=False):
    """The sides of the cells, less those at the table's foot, head or left."""
    x0, top, _, bottom = outline(cells)
    for edge in set(edges(cells)):
        level = edge[1] == edge[3]
        if foot and level and edge[1] == bottom:
            continue
        if head and level and edge[1] == top:
            continue
        if left and not level and edge[0] == x0:
            continue
        yield edge


@pytest.mark.parametrize(
    "missing", [{"foot": True}, {"head": True}, {"left": True}, {"foot": True, "left": True}], ids=str
)
def test_cut_open_by_a_page_break(missing):
    page, cells = Page(), disputes()
    for edge in without(cells, **missing):
        page.line(*edge)
    for cell in cells:
        page.write(cell)
    (grid,) = read(page)
    assert_same(grid, cells)


def test_a_gap_in_one_rule_joins_no_cells():
    """The rule between 甲方 and the first figure is missing in the second row: the label must stay whole."""
    page, cells = Page(), disputes()
    gap = next(c for c in cells if c.text == "1")
    for edge in set(edges(cells)):
        if edge != (gap.x0, gap.top, gap.x0, gap.bottom) and edge[:1] + edge[2:3] != (gap.x0, gap.x0):
            page.line(*edge)
    for c in cells:
        if c.x0 == gap.x0 and c is not gap:
            page.line(c.x0, c.top, c.x0, c.bottom)
    for cell in cells:
        page.write(cell)
    (grid,) = read(page)
    assert_same(grid, cells)


def test_a_number_that_overflows_stays_one():
    page, cells = Page(), disputes()
    strokes(page, cells)
    target = next(c for c in cells if c.text == "63")
    for cell in cells:
        if cell is not target:
            page.write(cell)
    page.text(target.x0 - 2.5, target.top + 12, "1234567", size=8)  # 31 points in a cell of 30
    (grid,) = read(page)
    (found,) = [
        cell for cell in grid.cells if abs(cell.x0 - target.x0) < 1 and abs(cell.top - target.top) < 1
    ]
    assert found.text == "1234567"


WRAPPED = [
    (("1036", "58"), "103658"),  # four digits of 5 points and a fifth do not go into 30 less 3 at either side
    (("12,34", "5"), "12,345"),
    (("1036", "5871", "2"), "103658712"),
    (("1036", "58件"), "103658件"),
    (("12", "58"), "12\n58"),
    (("3", "5"), "3\n5"),
    (("103", "658"), "103\n658"),  # a fourth digit had room
    (("1036", "5", "8"), "10365\n8"),
    (("1036", "件"), "1036\n件"),
]


def two_cells(lines, centred=False, sizes=(9.0, 9.0, 9.0), step=10.0):
    """The text of a figure's cell, 30 points wide, beside a label that shows how near the rules it prints."""
    label, cell = cells = [Drawn(60, 100, 120, 160, ""), Drawn(120, 100, 150, 160, "")]
    page = Page()
    strokes(page, cells)
    for number, words in enumerate(("公开政府信", "息数量")):
        page.text(label.x0 + 3, label.top + 12 + 10 * number, words, 9)
    for number, (line, size) in enumerate(zip(lines, sizes, strict=False)):
        free = 30 - sum(size if char > "\x80" else (0.278 if char == "," else 0.556) * size for char in line)
        page.text(cell.x0 + (free / 2 if centred else 3), cell.top + 12 + step * number, line, size)
    (grid,) = read(page)
    return [cell.text for cell in grid.cells][1]


@pytest.mark.parametrize(("lines", "text"), WRAPPED)
@pytest.mark.parametrize("centred", [False, True])
def test_figures_on_two_lines_are_one_only_where_the_first_is_full(lines, text, centred):
    assert two_cells(lines, centred) == text


def test_lines_apart_and_lines_of_two_sizes_are_two_figures():
    assert two_cells(("1036", "58")) == "103658"
    assert two_cells(("1036", "58"), step=30.0) == "1036\n58"
    assert two_cells(("1036", "58"), sizes=(9.0, 7.0)) == "1036\n58"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([(3, "12 13", 8)], "12 13"),
        ([(3, "12", 8), (14, "13", 8)], "12 13"),  # 2 points apart, and no space written
        ([(3, "12", 8), (12.2, "13", 8)], "1213"),  # spread by a third of a point
        ([(3, "96", 8), (12.2, "1", 5)], "961"),
    ],
)
def test_digits_are_of_one_number_where_they_touch(pieces, text):
    page, cells = Page(), disputes()
    strokes(page, cells)
    for x, words, size in pieces:
        page.text(cells[13].x0 + x, cells[13].top + 12, words, size)
    (grid,) = read(page)
    assert [cell.text for cell in grid.cells if cell.text] == [text]


@pytest.mark.parametrize(("lift", "text"), [(3.5, "96[1]"), (-1.2, "96\n1")])
def test_a_small_figure_off_the_line_is_no_digit(lift, text):
    page, cells = Page(), disputes()
    strokes(page, cells)
    page.text(cells[13].x0 + 3, cells[13].top + 14, "96", 9)
    page.text(cells[13].x0 + 13.2, cells[13].top + 14 - lift, "1", 5)
    (grid,) = read(page)
    assert [cell.text for cell in grid.cells if cell.text] == [text]


def test_bold_by_printing_twice_is_read_once():
    page, cells = Page(), disputes()
    strokes(page, cells)
    for dx in (0.0, 0.3):
        page.text(cells[13].x0 + 3 + dx, cells[13].top + 12, "110")
    (grid,) = read(page)
    assert [cell.text for cell in grid.cells if cell.text] == ["110"]


def test_two_tables_apart_are_two():
    page = Page()
    both = [disputes(60, 80), disputes(64, 300)]
    for cells in both:
        strokes(page, cells)
        for cell in cells:
            page.write(cell)
    found = read(page)
    assert len(found) == 2
    for grid, cells in zip(found, both, strict=True):
        assert_same(grid, cells)


def test_a_table_inside_a_layout_cell_keeps_its_figures():
    page, cells = drawn_page(disputes()), disputes()
    page.frame(40, 60, 560, 500)
    page.line(40, 450, 560, 450)
    page.line(300, 450, 300, 500)
    inner = [grid for grid in read(page) if len(grid.cells) == len(cells)]
    assert len(inner) == 1
    assert_same(inner[0], cells)


def test_frames_and_underlines_are_no_tables():
    page = Page()
    page.frame(40, 60, 560, 500)
    page.line(60, 120, 300, 120)
    page.bar(60, 200, 500, 230, colour="0.9 g")
    page.text(62, 118, "abc")
    assert read(page) == ()


def test_a_drawing_of_thousands_of_lines_is_bounded():
    page = Page()
    for step in range(3000):
        page.line(10 + step * 0.19, 10, 10 + step * 0.19, 830)
        page.line(10, 10 + step * 0.27, 580, 10 + step * 0.27)
    assert sum(len(grid.cells) for grid in read(page)) < 200_000
