import json
from pathlib import Path

import pandas as pd
import pytest

from crossfoot import CrossfootError, audit, datapackage
from crossfoot.schema import dictionary, schema

RAW = Path(__file__).parents[1] / "data" / "raw"


@pytest.fixture(scope="module")
def result():
    return audit(RAW / "zhifu-2019.txt")


def test_what_is_written_is_read_back(result, tmp_path):
    datapackage.write(result, tmp_path / "zhifu")
    tables = datapackage.read(tmp_path / "zhifu")
    assert list(tables) == list(schema())
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, result[name].reset_index(drop=True))


def test_the_same_audit_gives_the_same_bytes_and_no_other_files(result, tmp_path):
    for folder in ("a", "b"):
        datapackage.write(result, tmp_path / folder / "zhifu")
    first, second = (sorted((tmp_path / folder / "zhifu").iterdir()) for folder in ("a", "b"))
    assert [p.name for p in first] == sorted([*(f"{n}.csv" for n in schema()), "datapackage.json"])
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_the_descriptor_describes_every_column(result, tmp_path):
    datapackage.write(result, tmp_path)
    descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        columns = list(pd.read_csv(tmp_path / resource["path"], nrows=0, encoding="utf-8-sig").columns)
        assert columns == [field["name"] for field in resource["schema"]["fields"]]
    assert descriptor["report"]["issuer"] == result.report.issuer


def test_a_failed_write_leaves_the_old_file_and_no_other(result, tmp_path, monkeypatch):
    datapackage.write(result, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def broken(source, target):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(OSError, match="disk full"):
        datapackage.write(result, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(CrossfootError, match=r"facts\.csv"):
        datapackage.read(tmp_path)


def test_a_raw_reports_tables_go_beside_it_and_any_others_into_build():
    assert datapackage.folder_of("../data/raw/zhifu-2019.pdf").as_posix() == "../data/clean/zhifu-2019"
    assert datapackage.folder_of("/elsewhere/report.html").parts[-2:] == ("build", "report")


def test_the_dictionary_in_the_data_folder_is_the_schemas():
    written = (RAW.parent / "clean" / "README.md").read_text(encoding="utf-8")
    assert dictionary().strip() in written
