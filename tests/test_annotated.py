"""The annotated report: real annotations, on the right cells, on a source that stays as it is."""

import dataclasses
import io
import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from matrices import matrix
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, RectangleObject, TextStringObject
from samples import sample

from crossfoot import ReportError
from crossfoot.audit import audit
from crossfoot.document import Document, Line
from crossfoot.errors import ArgumentError
from crossfoot_papers import annotated
from crossfoot_papers.annotated import number_boxes
from crossfoot_papers.findings import shown_findings

RAW = Path(__file__).parents[1] / "data" / "raw"
SEED = RAW / "zhifu-2019.pdf"


@pytest.fixture(scope="module")
def seed():
    return audit(SEED)


@pytest.fixture(scope="module")
def paper(seed, tmp_path_factory):
    return annotated.write(seed, SEED, tmp_path_factory.mktemp("seed"))


def listed(path):
    """The annotations as a viewer lists them: (page from 0, annotation)."""
    pages = PdfReader(path).pages
    return [
        (n, note.get_object()) for n, page in enumerate(pages) for note in page.get("/Annots", ArrayObject())
    ]


def boxes(path):
    """The boxes with the cells that they say they hold: (page, subject, names, rectangle)."""
    for page, note in listed(path):
        if note["/Subtype"] == "/Square":
            subject, *names = note["/NM"].split(" ")
            yield page, subject, names, [float(edge) for edge in note["/Rect"]]


def words_under(path, page, rectangle):
    """What the page itself prints inside a rectangle of its own space."""
    with pdfium.PdfDocument(path) as document:
        text = document[page].get_textpage()
        found = text.get_text_bounded(*rectangle)
        text.close()
    return re.sub(r"\s+", "", found)


def expected(result, names):
    """What is printed in those cells, or in the number of the prose, in order."""
    raw = {f.cell: re.sub(r"\s+", "", f.raw) for f in result.facts.itertuples()}
    claims = {int(c.start): result.document.text[c.start : c.end] for c in result.claims.itertuples()}
    return "".join(claims[int(n[6:])] if n.startswith("claim:") else raw[n] for n in names)


def is_right(path, result):
    """Each finding's boxes hold just what its broken checks are about; returns how many boxes there are."""
    checked = 0
    held = {finding: set() for finding in result.findings["finding"]}
    for page, subject, names, rectangle in boxes(path):
        assert words_under(path, page, rectangle) == expected(result, names), names
        held[subject] |= set(names)
        checked += 1
    for finding in shown_findings(result):
        wanted = {cell for one in finding.broken for group in one.groups for cell in group}
        wanted |= {f"claim:{one.start}" for one in finding.broken if one.start is not None}
        assert held[finding.id] == wanted
    return checked


def test_every_box_of_the_seed_report_is_on_the_words_that_its_finding_is_about(seed, paper):
    assert is_right(paper, seed) == 14
    prose = [(page, under) for page, _, names, _ in boxes(paper) if (under := names[0]).startswith("claim:")]
    assert [page for page, _ in prose] == [2, 3]


def test_every_box_of_the_sample_is_on_the_words_that_its_finding_is_about(tmp_path):
    source = sample("hongze-2023.pdf")
    result = audit(source)
    path = annotated.write(result, source, tmp_path)
    assert is_right(path, result) == 4
    assert {words_under(path, page, box) for page, _, _, box in boxes(path)} == {"10100", "5000", "0"}


def test_the_notes_are_real_annotations_that_say_what_is_wrong(seed, paper):
    (finding,) = seed.findings.to_dict("records")
    notes = listed(paper)
    assert {note["/Subtype"] for _, note in notes} == {"/Square", "/FreeText"}
    for _, note in notes:
        assert note["/T"] == "Crossfoot" and note["/Subj"] == finding["finding"]
        assert note["/Contents"].startswith(finding["title"])
        assert "/N" in note["/AP"] and note["/F"] & 4
        assert "/M" not in note and "/CreationDate" not in note
    whole = [note["/Contents"] for _, note in notes if note["/Subtype"] == "/FreeText"]
    assert len(whole) == 4
    assert all("75 + – ≠ 75 + 1" in words and "75 → 76" in words for words in whole)
    assert len({note["/NM"] for page, note in notes if note["/Subtype"] == "/Square"}) == 14


def test_the_source_is_untouched_underneath(paper):
    data, made = SEED.read_bytes(), paper.read_bytes()
    assert made.startswith(data)
    before, after = PdfReader(io.BytesIO(data)), PdfReader(io.BytesIO(made))
    assert dict(after.metadata) == dict(before.metadata)
    assert after.trailer["/ID"][0] == before.trailer["/ID"][0]
    with pdfium.PdfDocument(data) as old, pdfium.PdfDocument(made) as new:
        assert len(old) == len(new)
        for number in range(len(old)):
            assert (
                after.pages[number].get_contents().get_data()
                == before.pages[number].get_contents().get_data()
            )
            pictures = [
                document[number].render(scale=1, draw_annots=False).to_pil().tobytes()
                for document in (old, new)
            ]
            assert pictures[0] == pictures[1]


def test_boxes_and_notes_are_drawn_and_no_note_hides_what_is_printed(paper):
    with pdfium.PdfDocument(paper) as document:
        for page, note in listed(paper):
            bare, drawn = (
                document[page].render(scale=1, draw_annots=shown).to_pil().convert("RGB")
                for shown in (False, True)
            )
            x0, y0, x1, y1 = (float(edge) for edge in note["/Rect"])
            area = (round(x0), round(bare.height - y1), round(x1), round(bare.height - y0))
            assert bare.crop(area).tobytes() != drawn.crop(area).tobytes()
            if note["/Subtype"] == "/FreeText":
                assert bare.crop(area).convert("L").getextrema()[0] > 200


def test_the_same_audit_gives_the_same_bytes_and_leaves_nothing_beside(seed, paper, tmp_path):
    again = annotated.write(seed, SEED, tmp_path / "again")
    assert again.read_bytes() == paper.read_bytes()
    assert [path.name for path in again.parent.iterdir()] == ["annotated.pdf"]


def test_notes_are_written_in_chinese_too(seed, tmp_path):
    path = annotated.write(seed, SEED, tmp_path, "zh")
    words = [note["/Contents"] for _, note in listed(path)]
    assert all("第一项＋第二项≠第三项＋第四项" in text and "against" not in text for text in words)
    with pytest.raises(ArgumentError):
        annotated.write(seed, SEED, tmp_path, "fr")


def test_what_is_no_pdf_has_no_annotated_report(tmp_path):
    source = RAW / "zhifu-2019.txt"
    assert annotated.write(audit(source), source, tmp_path / "out") is None
    assert not (tmp_path / "out").exists()


def test_another_file_than_the_one_that_was_audited_is_refused(seed, tmp_path):
    other = tmp_path / "zhifu-2019.pdf"
    other.write_bytes(SEED.read_bytes() + b"\n")
    with pytest.raises(ReportError, match="not the file that was audited"):
        annotated.write(seed, other, tmp_path)


@pytest.fixture(scope="module")
def table_pages():
    """The pages of the seed report on which its finding stands, as one document to change."""
    writer = PdfWriter()
    reader = PdfReader(SEED)
    for number in (0, 2, 3, 6, 7, 8):
        writer.add_page(reader.pages[number])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("turn", matrix([90, 0, 180, 270]))
def test_boxes_find_their_cells_on_turned_and_cropped_pages(table_pages, tmp_path, turn):
    source = tmp_path / "turned.pdf"
    writer = PdfWriter(clone_from=io.BytesIO(table_pages))
    for page in writer.pages:
        page.rotate(-turn)
        page.transfer_rotation_to_content()  # drawn sideways, and turned back to be shown upright
        page.rotate(turn)
        x0, y0, x1, y1 = page.mediabox
        page.mediabox = RectangleObject((x0 - 20, y0 - 30, x1 + 25, y1 + 35))
        page.cropbox = RectangleObject((x0 + 11, y0 + 17, x1 - 5, y1 - 12))
    writer.write(source)
    result = audit(source)
    assert len(result.findings) == 1
    path = annotated.write(result, source, tmp_path / "out")
    assert path.read_bytes().startswith(source.read_bytes())
    assert is_right(path, result) == 14
    with pdfium.PdfDocument(path) as document:
        for page, note in listed(path):
            left, bottom, right, top = document[page].get_bbox()
            x0, y0, x1, y1 = (float(edge) for edge in note["/Rect"])
            assert left <= x0 < x1 <= right and bottom <= y0 < y1 <= top


def test_annotations_that_are_there_are_kept(table_pages, tmp_path):
    source = tmp_path / "noted.pdf"
    writer = PdfWriter(clone_from=io.BytesIO(table_pages))
    own = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text"),
            NameObject("/Rect"): RectangleObject((10, 10, 20, 20)),
            NameObject("/Contents"): TextStringObject("its own"),
        }
    )
    writer.add_annotation(3, own)
    writer.write(source)
    path = annotated.write(audit(source), source, tmp_path / "out")
    there = [note.get("/Contents") for page, note in listed(path) if page == 3]
    assert there[0] == "its own" and len(there) == 5


@pytest.mark.parametrize("way", ["locked", "cross-reference stream", "bytes before"])
def test_files_of_other_makes_are_annotated_too(table_pages, tmp_path, way):
    source = tmp_path / "other.pdf"
    writer = PdfWriter(clone_from=io.BytesIO(table_pages))
    if way == "locked":
        writer.encrypt(user_password="", owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    data = out.getvalue()
    if way == "cross-reference stream":
        hongze = sample("hongze-2023.pdf").read_bytes()
        assert b"/XRef" in hongze
        data = hongze
    if way == "bytes before":
        data = b"\n" * 7 + data
    source.write_bytes(data)
    result = audit(source)
    first = annotated.write(result, source, tmp_path / "one").read_bytes()
    assert is_right(tmp_path / "one" / "annotated.pdf", result) >= 4
    assert annotated.write(result, source, tmp_path / "two").read_bytes() == first


def test_a_number_on_a_scanned_page_is_measured_along_its_line():
    document = Document("scan.pdf", "", 1, "共收到96件", (Line(0, 6, 1, (100.0, 50.0, 220.0, 62.0)),))
    with pdfium.PdfDocument(SEED) as pdf:
        assert number_boxes(document, pdf, [(3, 5), (40, 42)]) == {(3, 5): (1, (172.0, 50.0, 196.0, 62.0))}


def without(audited, *names):
    """The audit with nothing in the tables of those names."""
    gone = {name: audited.bilingual[name].iloc[:0] for name in names}
    return dataclasses.replace(audited, bilingual={**audited.bilingual, **gone})


def test_a_report_without_findings_is_handed_on_as_it_is(tmp_path, seed):
    calm = without(seed, "findings")
    assert annotated.write(calm, SEED, tmp_path).read_bytes() == SEED.read_bytes()


def test_a_finding_that_stands_on_no_page_is_told_on_the_first(tmp_path, seed):
    lost = without(seed, "finding_checks", "corrections", "evidence")
    path = annotated.write(lost, SEED, tmp_path)
    ((page, note),) = listed(path)
    assert page == 0 and note["/Contents"].startswith(seed.findings["title"].iloc[0])
