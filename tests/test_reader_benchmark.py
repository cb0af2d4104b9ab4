"""How the benchmark of readers counts: what is displaced is wrong, what is gone is lost."""

import csv
import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
COLUMNS = (
    "natural_person",
    "enterprise",
    "research",
    "public_interest",
    "legal_service",
    "other_org",
    "total",
)


@pytest.fixture(scope="module")
def benchmark_of_readers():
    spec = importlib.util.spec_from_file_location("readers_benchmark", ROOT / "benchmarks" / "readers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def truth(**rows):
    return {
        f"requests:{row}/{column}": figure
        for row, figures in rows.items()
        for column, figure in zip(COLUMNS, figures, strict=True)
    }


PRINTED = truth(new=("7", "5", "0", "0", "0", "0", "12"), carried_in=("1", "", "", "", "", "", "1"))
HEAD = ["项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
NEW = ["一、本年新收政府信息公开申请数量", "7.0", "5", "0", "0", "0", "0", "12"]
CARRIED = ["二、上年结转政府信息公开申请数量", "1", "", "", "", "", "", "1"]


def test_a_true_table_is_right_wherever_its_columns_begin(benchmark_of_readers):
    for lead in ([], [""], ["", ""]):
        frame = [lead + row for row in (HEAD, NEW, CARRIED)]
        assert set(benchmark_of_readers.outcomes([frame], PRINTED, "2021").values()) == {"right"}


def test_a_row_that_slid_is_wrong_and_one_that_is_gone_is_lost(benchmark_of_readers):
    slid = ["二、上年结转政府信息公开申请数量", "", "1", "", "", "", "", "", "1"]
    found = benchmark_of_readers.outcomes([[[*HEAD, ""], [*NEW, ""], slid]], PRINTED, "2021")
    assert found["requests:carried_in/enterprise"] == "wrong"
    assert found["requests:carried_in/natural_person"] == found["requests:carried_in/total"] == "lost"
    gone = benchmark_of_readers.outcomes([[HEAD, NEW]], PRINTED, "2021")
    assert {name for name, outcome in gone.items() if outcome == "lost"} == {
        f"requests:carried_in/{column}" for column in COLUMNS
    }


def test_two_figures_in_one_cell_are_not_one(benchmark_of_readers):
    assert benchmark_of_readers.judged("2", "2 0 1") == "wrong"
    assert benchmark_of_readers.judged("", "") == benchmark_of_readers.judged("49", "49.0") == "right"


def test_the_published_table_says_that_we_lose_nothing():
    with (ROOT / "docs" / "readers.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["way"].startswith("Crossfoot")]
    assert len(rows) == 2
    assert all((row["wrong"], row["lost"], row["reported"]) == ("0", "0", "0") for row in rows)
