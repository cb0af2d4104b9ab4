"""PDFs drawn by hand, operator by operator, so that a test knows every cell and how its borders were made."""

from dataclasses import dataclass, field

HEIGHT, WIDTH = 842.0, 595.0


@dataclass(frozen=True)
class Drawn:
    """A cell of a drawn table: its box in points from the page's upper left corner, and its text."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


@dataclass
class Page:
    """A page to draw on, in points from the upper left corner."""

    parts: list[str] = field(default_factory=list)
    rotate: int = 0
    crop: tuple[float, float] = (0.0, 0.0)
    forms: list[str] = field(default_factory=list)

    def line(self, x0, y0, x1, y1, width=0.5):
        self.parts.append(f"{width} w {x0:.2f} {HEIGHT - y0:.2f} m {x1:.2f} {HEIGHT - y1:.2f} l S")

    def bar(self, x0, top, x1, bottom, colour="0 g"):
        self.parts.append(
            f"q {colour} {x0:.2f} {HEIGHT - bottom:.2f} {x1 - x0:.2f} {bottom - top:.2f} re f Q"
        )

    def frame(self, x0, top, x1, bottom):
        self.parts.append(f"{x0:.2f} {HEIGHT - bottom:.2f} {x1 - x0:.2f} {bottom - top:.2f} re S")

    def ring(self, x0, top, x1, bottom, thick=0.75):
        t = thick
        self.parts.append(
            f"{x0:.2f} {HEIGHT - bottom:.2f} {x1 - x0:.2f} {bottom - top:.2f} re "
            f"{x0 + t:.2f} {HEIGHT - bottom + t:.2f} {x1 - x0 - 2 * t:.2f} {bottom - top - 2 * t:.2f} re f*"
        )

    def text(self, x, baseline, text, size=9.0):
        """ASCII in Helvetica, everything else in Song, each in its own text object."""
        start = 0
        while start < len(text):
            latin = text[start] < "\x80"
            end = start
            while end < len(text) and (text[end] < "\x80") == latin:
                end += 1
            piece = text[start:end]
            if latin:
                escaped = piece.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
                shown, font, advance = f"({escaped})", "F1", 0.556 * size * len(piece)
            else:
                shown, font, advance = f"<{piece.encode('utf-16-be').hex()}>", "F2", size * len(piece)
            self.parts.append(f"BT /{font} {size} Tf {x:.2f} {HEIGHT - baseline:.2f} Td {shown} Tj ET")
            x += advance
            start = end

    def write(self, cell: Drawn, size=9.0):
        """The cell's text, a line per line, from its upper left corner."""
        for number, line in enumerate(cell.text.split("\n")):
            self.text(cell.x0 + 3, cell.top + 2 + size * (1 + 1.2 * number), line, size)

    def into_form(self, matrix="1 0 0 1 0 0"):
        """Everything drawn so far becomes a form object with that matrix, drawn here."""
        self.forms.append(f"{matrix}|" + "\n".join(self.parts))
        self.parts = [f"/X{len(self.forms)} Do"]


def pdf(*pages: Page, trailer: bytes = b"%%EOF\n") -> bytes:
    """The pages as a PDF file."""
    objects: list[bytes] = [b"", b"", b""]

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    latin = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    cid = add(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        b"/FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 "
        b"/Descent -120 /CapHeight 880 /StemV 93 /ItalicAngle 0 /FontBBox [-25 -254 1000 880] >> >>"
    )
    song = add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [%d 0 R] >>" % cid
    )
    kids = []
    for page in pages:
        fonts = b"/Font << /F1 %d 0 R /F2 %d 0 R >>" % (latin, song)
        named = []
        for number, form in enumerate(page.forms, start=1):
            matrix, _, drawn = form.partition("|")
            stream = drawn.encode("latin-1")
            form_id = add(
                b"<< /Type /XObject /Subtype /Form /BBox [-2000 -2000 4000 4000] /Matrix [%s] "
                b"/Resources << %s >> /Length %d >>\nstream\n%s\nendstream"
                % (matrix.encode(), fonts, len(stream), stream)
            )
            named.append(b"/X%d %d 0 R" % (number, form_id))
        stream = "\n".join(page.parts).encode("latin-1")
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        left, bottom = page.crop
        box = f"[{left} {bottom} {WIDTH} {HEIGHT}]".encode()
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /CropBox %s /Rotate %d /Contents %d 0 R "
                b"/Resources << %s /XObject << %s >> >> >>"
                % (WIDTH, HEIGHT, box, page.rotate, content, fonts, b" ".join(named))
            )
        )
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    objects[2] = b"<< /Producer (by hand) >>"
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n" % (len(objects) + 1, start)
    return bytes(out) + trailer


def disputes(left=60.0, top=100.0) -> list[Drawn]:
    """A table with headings merged in both directions, a blank cell and figures: columns of unequal width."""
    widths = [40, 26, 26, 26, 26, 30, 26, 26, 26, 30]
    edges = [left]
    for width in widths:
        edges.append(edges[-1] + width)
    rows = [top, top + 20, top + 38, top + 64, top + 82, top + 96]

    def cell(r0, c0, r1, c1, text):
        return Drawn(edges[c0], rows[r0], edges[c1], rows[r1], text)

    names = ["维持\n结果", "纠正", "其他", "未结", "总计"]
    return [
        cell(0, 0, 3, 1, "年度\n办理\n结果"),
        cell(0, 1, 1, 10, "行政诉讼"),
        cell(1, 1, 2, 6, "未经复议直接起诉"),
        cell(1, 6, 2, 10, "复议后起诉"),
        *(cell(2, c, 3, c + 1, names[(c - 1) % 5]) for c in range(1, 10)),
        cell(3, 0, 5, 1, "甲方"),
        *(cell(3, c, 4, c + 1, "" if c == 4 else str(7 * c)) for c in range(1, 10)),
        *(cell(4, c, 5, c + 1, str(c)) for c in range(1, 10)),
    ]
