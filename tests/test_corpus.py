"""A folder audited on a small cluster: each file accounted for, poison contained, nothing lost or doubled."""

import ast
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

pytest.importorskip("distributed")
pytest.importorskip("typst")

import pandas as pd
import psutil
import pyarrow as pa
from made_up_report import as_text, figures, rows
from matrices import matrix

from crossfoot import audit, fonts
from crossfoot.errors import CrossfootError, OutputError, ReportError
from crossfoot.schema import columns
from crossfoot_corpus import child, files
from crossfoot_corpus.cluster import ClusterError
from crossfoot_corpus.run import run
from crossfoot_corpus.store import Journal
from crossfoot_corpus.tables import table_schema
from crossfoot_corpus.tables import write as write_tables
from crossfoot_corpus.worker import PASSING, TABLES, Limits, Outcome
from crossfoot_synthetic import corpus, poison

POISON = "crossfoot_synthetic.poison:audit"
LIMITS = Limits(20, 1200 << 20)
LIBRARY = Path(__file__).parents[1] / "lib"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Nine reports, ten poisonous files, a copy of a report and a file that is none."""
    target = tmp_path_factory.mktemp("reports")
    corpus.write(target, 9, seed=5, errors=0.6, poisonous=10)
    shutil.copy(next(target.glob("2019/*")), target / "copy.bin")
    return target


@pytest.fixture(scope="module")
def done(folder, tmp_path_factory):
    """That folder audited by two workers; the outputs and the run's summary."""
    out = tmp_path_factory.mktemp("out")
    return out, run(folder, out, workers=2, limits=LIMITS, audit=POISON)


def reports(out: Path) -> pd.DataFrame:
    return pd.read_parquet(out / "reports.parquet").set_index("path")


def tables(out: Path) -> dict[str, bytes]:
    """Every file of the tables by name; what differs from run to run (parts, measures) left out."""
    kept = [out / "reports.parquet", *(p for name in TABLES for p in (out / name).rglob("*.parquet"))]
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in kept}


def test_every_file_is_accounted_for_with_the_reason(folder, done):
    out, summary = done
    fates = reports(out)
    assert sorted(fates.index) == sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    assert summary.files == len(fates) == 21
    assert summary.statuses == {"audited": 9, "failed": 5, "refused": 5, "duplicate": 1, "set_aside": 1}
    reasons = {Path(path).stem.partition("-")[0]: r for path, r in fates["reason"].items() if r}
    assert reasons == {
        "crash": "crash", "java": "crash", "loop": "time", "memory": "memory", "error": "error"
    }  # fmt: skip
    assert all(fates["problem"][(fates["status"] != "audited")])
    assert "poisoned" in fates["problem"]["poison/error-4.pdf"]


def test_the_tables_are_those_of_single_audits(folder, done):
    out, _ = done
    fates = reports(out)
    for path, row in fates[fates["status"] == "audited"].iterrows():
        single = audit(folder / path)
        assert (row["issuer"], row["year"], row["form"]) == (
            single.report.issuer, single.report.year, single.report.form
        )  # fmt: skip
        for name in TABLES:
            frame = pd.read_parquet(out / name / str(row["year"]) / "reports.parquet")
            assert list(frame.columns[:2]) == ["sha256", "year"]
            mine = frame[frame["sha256"] == row["sha256"]].drop(columns=["sha256", "year"])
            assert list(mine.columns) == columns(name)
            if len(mine):  # of no rows at all Parquet keeps no codes
                pd.testing.assert_frame_equal(mine.reset_index(drop=True), single[name])
            assert len(mine) == len(single[name])


def test_what_is_planted_is_found_and_nothing_else(folder, done):
    out, _ = done
    planted = json.loads((folder / corpus.MANIFEST).read_text(encoding="utf-8"))["files"]
    found = pd.read_parquet(out / "findings")
    fates = reports(out)
    with_findings = {p for p, mark in fates["sha256"].items() if mark in set(found["sha256"])} - {"copy.bin"}
    alone = {name for name, truth in planted.items() if truth["kind"] in ("requests", "disputes", "prose")}
    two_years = ("carry_over", "reclassified", "stock_flow")
    across = {name for name, truth in planted.items() if truth["kind"] in two_years}
    assert alone | across <= with_findings
    assert len(alone) > 1


def test_a_second_run_audits_nothing_and_changes_nothing(folder, done):
    out, first = done
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}
    again = run(folder, out, audit=POISON)
    assert again.audited_now == 0 and again.statuses == first.statuses
    assert before == {path: path.stat().st_mtime_ns for path in out.rglob("*.parquet")}


def test_only_what_is_new_or_changed_is_audited(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    corpus.write(source, 3, seed=2, suffixes=[".txt"])
    paths = sorted(source.rglob("*.txt"))
    moved = paths[0].rename(source / "elsewhere.txt")
    assert run(source, out, workers=1).audited_now == 3
    moved.rename(source / "moved.txt")  # the same content under another name
    paths[1].write_bytes(paths[1].read_bytes() + b"\n")
    paths[2].unlink()
    again = run(source, out, workers=1)
    assert again.audited_now == 1
    changed = paths[1].relative_to(source).as_posix()
    assert set(reports(out).index) == {"generated.json", "moved.txt", changed}
    assert len(set(pd.read_parquet(out / "facts")["sha256"])) == 2


def test_what_failed_is_tried_again_only_on_request(tmp_path):
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "poison.pdf").write_bytes(dict(poison.files(5, 1))["poison/error-4.pdf"])
    assert run(source, out, workers=1, audit=POISON).statuses == {"failed": 1}
    assert run(source, out, workers=1).audited_now == 0
    assert run(source, out, workers=1, retry=True).statuses == {"refused": 1}


def test_a_changed_rule_makes_another_version(monkeypatch, tmp_path):
    assert files.version() == files.version() != files.tables_version()
    copy = tmp_path / "crossfoot"
    shutil.copytree(LIBRARY / "crossfoot", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(files, "_LIBRARY", copy)
    same = files.version()
    (copy / "charts" / "new.py").write_text("")
    assert files.version() == same
    (copy / "rules.toml").write_text("")
    assert files.version() != same


def test_fonts_and_versions_of_what_reads_make_another_version(monkeypatch, tmp_path):
    versions = {files.version()}
    with monkeypatch.context() as change:
        change.setattr(files, "_installed", lambda name: "9" if name == "pypdfium2" else "-")
        versions.add(files.version())
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / fonts.FILE).write_text(name)
        monkeypatch.setattr(fonts, "path", lambda name=name: tmp_path / name / fonts.FILE)
        versions.add(files.version())
    assert len(versions) == 4


def used(path: Path) -> set[Path]:
    """The modules of ours that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("crossfoot")):
            start = path.parents[node.level - 1] if node.level else LIBRARY
            base = start.joinpath(*(node.module or "").split("."))
            for place in (base, *(base / alias.name for alias in node.names)):
                found |= {f for f in (place.with_suffix(".py"), place / "__init__.py") if f.is_file()}
    return found - {LIBRARY / "crossfoot" / "__init__.py"}  # it hands on what people call


def test_whatever_an_audit_imports_decides_its_version(monkeypatch):
    beside = LIBRARY / "crossfoot_corpus"
    reached, todo = set(), {LIBRARY / "crossfoot" / "audit.py", beside / "child.py"}
    while todo:
        path = todo.pop()
        reached.add(path)
        todo |= used(path) - reached
    hashed: set[Path] = {beside / "__init__.py"}
    monkeypatch.setattr(files, "_hash", lambda root, paths: hashed.update(root / path for path in paths))
    files.version()
    apart = {path.relative_to(LIBRARY) for path in reached - hashed}
    assert not apart, f"list them in crossfoot_corpus/files.py: {sorted(map(str, apart))}"
    packages = set()
    for path in reached:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                packages |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                packages.add(str(node.module).partition(".")[0])
    ours = {path.name for path in LIBRARY.iterdir()}
    drawing = {"matplotlib", "fontTools"}
    named = {"PIL": "pillow", "cv2": "opencv-python-headless", "docx": "python-docx", "jpype": "jpype1",
             "tabula": "tabula-py"}  # fmt: skip
    read_with = {named.get(name, name) for name in packages - ours - drawing - sys.stdlib_module_names}
    assert read_with == set(files._READ_WITH)


@pytest.mark.parametrize("reason", matrix(["worker", "error", "system", "time"], kept=2))
def test_what_failed_by_the_circumstances_of_a_run_is_tried_again(tmp_path, reason):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "README.md").write_text("# 说明\n\n12 份报告。\n", encoding="utf-8")
    mark = files.sha256(tmp_path / "in" / "README.md")
    journal = Journal(tmp_path / "out", files.version(), 1)
    journal.add(Outcome(mark, "failed", reason, "lost"))
    passing = reason in PASSING
    again = run(tmp_path / "in", tmp_path / "out", workers=1, quiet=True)
    assert again.audited_now == passing
    assert again.statuses == {"refused" if passing else "failed": 1}


@pytest.mark.parametrize("which", matrix([["b.txt"], [], ["a.txt", "b.txt"]]))
def test_pandas_reads_the_tables_whatever_is_missing(tmp_path, which):
    """A text that is no report, and reports without year and issuer: the same columns and types always."""
    source, out = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "README.md").write_text("# 说明\n\n这个文件夹里有 12 份报告。\n", encoding="utf-8")
    whole, none = (
        as_text(rows(figures()), ""),
        "说明：\n" + re.sub(r"(?m)^.*20\d\d.*$", "", as_text(rows(figures()), "")),
    )
    for name, text in (("a.txt", whole), ("b.txt", none)):
        if name in which:
            (source / name).write_text(text, encoding="utf-8")
    summary = run(source, out, workers=1, quiet=True)
    assert summary.statuses == {"refused": 1} | ({"audited": len(which)} if which else {})
    fates = reports(out)
    assert fates.loc["README.md", "reason"] == "no_tables"
    assert "not a report: no statutory table" in fates.loc["README.md", "problem"]
    years = [2023 if name == "a.txt" else pd.NA for name in which]
    assert [str(year) for year in fates.loc[which, "year"]] == [str(year) for year in years]
    for name in TABLES:
        frame = pd.read_parquet(out / name)
        fields = {f.name: pandas_type(f.type) for f in table_schema(name)}
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == fields
        assert name != "facts" or sorted(map(str, frame["year"].unique())) == sorted(map(str, years))


def pandas_type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return "category"
    return {"string": "str", "int64": "Int64", "double": "float64", "bool": "bool"}[str(kind)]


def test_the_tables_are_the_same_in_whatever_order_reports_are_finished(tmp_path):
    source = tmp_path / "in"
    corpus.write(source, 12, seed=6, errors=0.5, suffixes=[".txt"])
    found = files.find(source)
    hashes = {one.path: files.sha256(source / one.path) for one in found if not one.aside}
    outcomes = [child.audited(str(source / path), mark, audit) for path, mark in hashes.items()]
    assert {outcome.status for outcome in outcomes} == {"audited"}
    written = []
    for seed, part_rows in enumerate((64, 1, 2, 5)):
        out = tmp_path / f"out{seed}"
        journal = Journal(out, "a version", part_rows)
        for outcome in random.Random(seed).sample(outcomes, len(outcomes)):
            journal.add(outcome)
        journal.flush()
        write_tables(out, journal, found, hashes, {})
        written.append(tables(out))
    assert len(written[0]) > len(TABLES) and all(other == written[0] for other in written)


@pytest.mark.parametrize("missing", ["nowhere", "a file"])
def test_a_folder_that_is_none_is_refused(missing, tmp_path):
    (tmp_path / "a file").write_text("")
    with pytest.raises(CrossfootError, match=missing):
        run(tmp_path / missing, tmp_path / "out")


def test_an_empty_folder_is_no_failure(tmp_path):
    (tmp_path / "in").mkdir()
    assert run(tmp_path / "in", tmp_path / "out").files == 0


def test_an_output_that_another_run_writes_to_is_refused(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    with open(tmp_path / "out" / ".lock", "w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(CrossfootError, match="another run"):
            run(tmp_path / "in", tmp_path / "out")


def test_a_scheduler_that_does_not_answer_is_named(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("crossfoot_corpus.cluster._CONNECT", 1)
    with pytest.raises(ClusterError, match="no scheduler answers"):
        run(folder, tmp_path, scheduler="tcp://127.0.0.1:9")


def test_one_report_alone_imports_nothing_of_dask(tmp_path):
    code = "import sys, crossfoot_cli.commands; crossfoot_cli.commands.main(['audit', sys.argv[1]]); " \
        "sys.exit(any(m in sys.modules for m in ('dask', 'distributed')))"  # fmt: skip
    corpus.write(tmp_path, 1, suffixes=[".txt"])
    (report,) = tmp_path.rglob("*.txt")
    assert (
        subprocess.run(
            [sys.executable, "-c", code, report], env=environment(), capture_output=True
        ).returncode
        == 0
    )


@pytest.mark.parametrize(
    ("error", "status", "reason", "told"),
    [
        (ReportError("is damaged"), "refused", "", "is damaged"),
        (CrossfootError("Java does not start"), "failed", "error", "Java does not start"),
        (KeyError("sum"), "failed", "error", "a bug of Crossfoot, not a fault of the report"),
        (
            OSError(28, "No space left on device", "/tmp/a/page.pdf"),
            "failed",
            "system",
            "no fault of it (page.pdf",
        ),
        (MemoryError(), "failed", "memory", "more memory"),
    ],
)
def test_a_failure_is_told_as_what_it_is(tmp_path, error, status, reason, told):
    path = tmp_path / "report.txt"
    path.write_bytes(b"x")

    def broken(path):
        raise error

    outcome = child.audited(str(path), files.sha256(path), broken)
    assert (outcome.status, outcome.reason) == (status, reason) and told in outcome.problem


def test_what_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "out").write_text("")
    (tmp_path / "in").mkdir()
    with pytest.raises(OutputError, match="out: cannot be written"):
        run(tmp_path / "in", tmp_path / "out")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crossfoot_corpus.store.os.replace", full)
    with pytest.raises(OutputError, match=r"other: cannot be written .* Free some space"):
        run(tmp_path / "in", tmp_path / "other")


# Killed for real ------------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(LIBRARY)}


@contextmanager
def running(*command: str | Path):
    """A process of ours, ended with all that it started."""
    process = subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        with_children = [process, *family(process)]
        for one in with_children:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.communicate()


def family(process: subprocess.Popen, words: str = "") -> list[psutil.Process]:
    """The living processes below ours whose command line holds those words."""
    try:
        every = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    found = []
    for one in every:
        try:
            if words in " ".join(one.cmdline()) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.NoSuchProcess:
            continue
    return found


def until(condition, seconds: float = 240.0):
    """What `condition` returns once it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError("did not happen in time")


DRIVER = """
import sys
from crossfoot_corpus.run import run
if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], scheduler=sys.argv[3] or None, workers=2, part_rows=2)
"""
CHILD = "crossfoot_corpus.child"
WORKER = "multiprocessing"


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Twenty-four sound reports, the driver's script, and what an undisturbed run makes of them."""
    target = tmp_path_factory.mktemp("plain")
    corpus.write(target / "in", 24, seed=4, suffixes=[".pdf", ".html", ".txt"])
    (target / "driver.py").write_text(DRIVER)
    run(target / "in", target / "out", workers=2)
    return target


def parts(out: Path) -> list[Path]:
    return sorted((out / "parts").glob("*.parquet"))


def nothing_lost_or_doubled(plain: Path, out: Path) -> None:
    rows = pd.concat([pd.read_parquet(path, columns=["sha256", "reason"]) for path in parts(out)])
    marks = rows["sha256"][~rows["reason"].isin(PASSING)].tolist()
    assert len(marks) == len(set(marks)) == 24
    assert tables(out) == tables(plain / "out")


@pytest.mark.long
def test_the_same_reports_give_the_same_bytes_whoever_audits_them(plain, tmp_path):
    run(plain / "in", tmp_path, workers=1, part_rows=5)
    nothing_lost_or_doubled(plain, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("who", [CHILD, WORKER])
def test_killed_workers_are_replaced_and_their_reports_done(who, plain, tmp_path):
    with running(plain / "driver.py", plain / "in", tmp_path, "") as driver:
        until(lambda: parts(tmp_path))
        killed = family(driver, who)
        assert killed
        for one in killed:
            one.send_signal(signal.SIGKILL)
        output, _ = driver.communicate(timeout=600)
        assert driver.returncode == 0, output.decode()
    nothing_lost_or_doubled(plain, tmp_path)


@pytest.mark.long
def test_a_killed_run_goes_on_where_it_was(plain, tmp_path):
    with running(plain / "driver.py", plain / "in", tmp_path, "") as driver:
        until(lambda: len(parts(tmp_path)) >= 3)
        children = family(driver)
        driver.kill()
        driver.wait()
        until(lambda: not [c for c in children if c.is_running() and c.status() != psutil.STATUS_ZOMBIE])
    kept = {path: path.read_bytes() for path in parts(tmp_path)}
    finished = sum(len(pd.read_parquet(path, columns=["sha256"])) for path in kept)
    assert 0 < finished < 24 and not (tmp_path / "reports.parquet").exists()
    (tmp_path / "parts" / ".00000099.parquet.new").write_bytes(b"half")  # what a kill while writing leaves
    assert run(plain / "in", tmp_path, workers=2).audited_now == 24 - finished
    assert {path: path.read_bytes() for path in kept} == kept
    nothing_lost_or_doubled(plain, tmp_path)


@pytest.mark.long
def test_a_run_killed_between_its_tables_makes_them_again(plain, tmp_path):
    shutil.copytree(plain / "out", tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "claims")
    (tmp_path / ".tables.new" / "facts").mkdir(parents=True)
    (tmp_path / "reports.parquet").unlink()
    assert run(plain / "in", tmp_path, workers=2).audited_now == 0
    nothing_lost_or_doubled(plain, tmp_path)
    assert not (tmp_path / ".tables.new").exists()


@contextmanager
def cluster(folder: Path):
    """An existing cluster of one worker: its address, and the scheduler's process."""
    address = folder / "scheduler.json"
    options = ["--scheduler-file", address, "--no-dashboard"]
    with running(
        "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *options
    ) as scheduler:
        until(address.exists)
        worker = ["-m", "distributed.cli.dask_worker", "--scheduler-file", address, "--nthreads", "1"]
        with running(*worker, "--no-dashboard", "--local-directory", folder):
            yield json.loads(address.read_text())["address"], scheduler


@pytest.mark.long
def test_a_killed_client_leaves_the_cluster_to_the_next(plain, tmp_path):
    with cluster(tmp_path) as (address, _):
        out = tmp_path / "out"
        with running(plain / "driver.py", plain / "in", out, address) as driver:
            until(lambda: parts(out))
            driver.kill()
            driver.wait()
        assert run(plain / "in", out, scheduler=address).audited_now < 24
        nothing_lost_or_doubled(plain, out)


@pytest.mark.long
def test_a_lost_scheduler_is_said_and_the_run_can_go_on(plain, tmp_path):
    with cluster(tmp_path) as (address, scheduler):
        out = tmp_path / "out"
        with running(plain / "driver.py", plain / "in", out, address) as driver:
            until(lambda: parts(out))
            scheduler.kill()
            output, _ = driver.communicate(timeout=600)
            assert driver.returncode == 1
            assert "the cluster was lost" in output.decode()
    run(plain / "in", out, workers=2)
    nothing_lost_or_doubled(plain, out)
