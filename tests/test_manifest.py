import hashlib
from pathlib import Path

import pytest

from crossfoot import manifest
from crossfoot.errors import CrossfootError, ManifestError

RAW = Path(__file__).parents[1] / "data" / "raw"
ENTRY = """[[file]]
name = "{name}"
issuer = "某市人民政府"
year = 2019
what = "text"
from = "there"
licence = "official document"
sha256 = "{sha256}"
"""


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"75\t19\r\n")
    (tmp_path / "b.txt").write_bytes(b"94")
    (tmp_path / "manifest.toml").write_text(
        "".join(
            ENTRY.format(name=name, sha256=hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
            for name in ("a.txt", "b.txt")
        ),
        encoding="utf-8",
    )
    return tmp_path


def test_every_committed_raw_file_is_recorded_and_unchanged():
    recorded = {entry.name for entry in manifest.verify_all(RAW)}
    ours = {path.name for path in (RAW / "manifest.toml", *RAW.glob("*.verdicts.toml"))}
    assert recorded == {path.name for path in RAW.iterdir()} - ours


def test_manifest_says_that_the_pdf_is_not_the_governments():
    entry = manifest.verify(RAW / "zhifu-2019.pdf")
    assert "NOT the government's own PDF" in entry.what
    assert entry.year == 2019


def test_entry_carries_the_record(raw):
    entry = manifest.verify(raw / "a.txt")
    assert (entry.name, entry.year, entry.origin) == ("a.txt", 2019, "there")


def test_a_changed_byte_stops_and_names_the_file(raw):
    (raw / "a.txt").write_bytes(b"76\t19\r\n")
    with pytest.raises(ManifestError, match=r"^a\.txt: content differs .*git restore"):
        manifest.verify(raw / "a.txt")


def test_changed_line_ends_are_a_change(raw):
    (raw / "a.txt").write_bytes(b"75\t19\n")
    with pytest.raises(ManifestError, match=r"a\.txt"):
        manifest.verify(raw / "a.txt")


def test_a_missing_file_is_named(raw):
    (raw / "a.txt").unlink()
    with pytest.raises(ManifestError, match=r"^a\.txt: missing"):
        manifest.verify(raw / "a.txt")


def test_a_folder_in_its_place_is_named(raw):
    (raw / "a.txt").unlink()
    (raw / "a.txt").mkdir()
    with pytest.raises(ManifestError, match=r"^a\.txt: cannot be read"):
        manifest.verify(raw / "a.txt")


def test_an_unlisted_file_is_named(raw):
    (raw / "c.txt").write_bytes(b"1")
    with pytest.raises(ManifestError, match=r"^c\.txt: not listed"):
        manifest.verify(raw / "c.txt")


def test_every_bad_file_is_named_at_once(raw):
    (raw / "a.txt").unlink()
    (raw / "b.txt").write_bytes(b"96")
    with pytest.raises(ManifestError, match=r"a\.txt: missing.*b\.txt: content differs"):
        manifest.verify_all(raw)


def test_no_manifest(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(ManifestError, match=r"manifest\.toml: missing"):
        manifest.verify(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.replace("year = 2019", 'year = "2019"'), "entry 1 .* year"),
        (lambda text: text.replace('from = "there"\n', ""), "entry 1 .* from"),
        (lambda text: text.replace("licence", "license"), "entry 1 .* licence, license"),
        (lambda text: text + "[[file", "not valid TOML"),
    ],
)
def test_a_broken_manifest_says_where(raw, spoil, complaint):
    path = raw / "manifest.toml"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ManifestError, match=complaint):
        manifest.verify(raw / "a.txt")


def test_manifest_errors_are_ours_and_builtin():
    assert issubclass(ManifestError, CrossfootError)
    assert issubclass(ManifestError, ValueError)
