import pytest

from crossfoot.atomic_write import replace


def test_a_file_is_written_whole_into_a_folder_that_need_not_be_there(tmp_path):
    path = replace(tmp_path / "new" / "table.csv", b"a,b\n")
    assert path.read_bytes() == b"a,b\n" and path.stat().st_mode & 0o777 == 0o644


def test_an_error_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    path = replace(tmp_path / "table.csv", b"old")

    def broken(source, target):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        replace(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"] and path.read_bytes() == b"old"
