"""The command line: `crossfoot audit`, `crossfoot summary`."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crossfoot import datapackage
from crossfoot.atomic_write import writing
from crossfoot.errors import CrossfootError, MissingExtraError, defect, require, unavailable
from crossfoot.texts import LANGUAGES, say
from crossfoot_corpus.worker import Limits

from .summary import summarise

if TYPE_CHECKING:
    from crossfoot.audit import Audit

_FATES = {
    "audited": "audited",
    "refused": "refused as no readable report",
    "failed": "failed",
    "duplicate": "with the content of another",
    "set_aside": "set aside as no report",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 when audited, 1 when something could not be.

    That a report has errors is a result, not a failure.
    """
    parser = argparse.ArgumentParser(
        prog="crossfoot",
        description="Audit annual reports on open government information (政府信息公开工作年度报告): "
        "does every sum agree, and what is the smallest explanation where one does not?",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("audit", help="audit reports (PDF, HTML, DOCX, TXT) and print the findings")
    one.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a report")
    one.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write into DIR/<name of the report>/ its tables, the evidence page (index.html), the working "
        "paper (workpaper.xlsx), the pictures (charts/) and, for a PDF, the annotated report (annotated.pdf)",
    )
    one.add_argument("--lang", choices=LANGUAGES, default="en", help="language of findings and papers")
    one.add_argument(
        "--witness", choices=("ocr",), default="", help="recognise a PDF's table pages as a third reader"
    )
    many = commands.add_parser("corpus", help="audit every report below a folder, thousands of them")
    _corpus_arguments(many)
    old = commands.add_parser("summary", help="print the findings of tables that are already written")
    old.add_argument("folder", type=Path, metavar="DIR", help="a folder with datapackage.json")
    old.add_argument("--lang", choices=LANGUAGES, default="", help="language of what frames the findings")
    two = commands.add_parser("compare", help="compare two versions of a report: what was fixed, what is new")
    two.add_argument("before", type=Path, metavar="FIRST", help="the report as first published")
    two.add_argument("after", type=Path, metavar="SECOND", help="the corrected version (更正版)")
    options = parser.parse_args(arguments)
    try:
        match options.command:
            case "audit":
                return _audit(options)
            case "corpus":
                return _corpus(options)
            case "summary":
                return _summary(options.folder, options.lang)
            case "compare":
                return _compare(options.before, options.after)
            case command:
                raise AssertionError(f"no such command: {command}")
    except CrossfootError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return _fail("interrupted; what was written is whole")
    except BrokenPipeError:  # whoever read the output has enough, as `head` has
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        return _fail(
            f"{error.filename or 'the output'}: {error.strerror or error}. Check the disk and its rights"
        )


def _drop_output() -> None:
    """Send what is still to be printed nowhere: nor may the end of Python complain of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _audit(options: argparse.Namespace) -> int:
    from crossfoot.audit import audit

    papers = options.out is None or _papers_can_be_written()
    failed, paths = int(not papers), options.paths
    for number, path in enumerate(paths, 1):
        start = time.perf_counter()
        if len(paths) > 1 or options.out:
            print(f"[{number}/{len(paths)}] {path.name} …", file=sys.stderr, flush=True)
        try:
            result = audit(path, witness=options.witness, language=options.lang)
            summary = summarise(result)
            no_tables = result.facts["status"].eq("absent").all()
            if options.out is not None and not no_tables:
                with writing(options.out / path.stem):
                    _write(result, path, options.out / path.stem, options.lang, papers)
        except CrossfootError as error:
            failed += bool(_fail(error))
            continue
        except OSError as error:
            failed += bool(_fail(f"{path.name}: {unavailable(error)}"))
            continue
        except MemoryError:
            failed += bool(_fail(f"{path.name}: needs more memory than there is"))
            continue
        except Exception as error:  # shown as what it is; the other reports are audited all the same
            failed += bool(_fail(f"{path.name}: {defect(error)}"))
            continue
        print(summary, flush=True)
        if no_tables:
            failed += bool(_fail(f"{path.name}: {say('summary.no_tables', options.lang)}"))
        if len(paths) > 1 or options.out:
            seconds = result.document.seconds if result.document else {}
            stages = "".join(f", {name} {taken:.2f}" for name, taken in seconds.items())
            print(f"    {time.perf_counter() - start:.1f} s{stages}", file=sys.stderr)
    return 1 if failed else 0


def _papers_can_be_written() -> bool:
    """Whether the extra `papers` is installed; where it is not, says so."""
    try:
        import crossfoot_papers  # noqa: F401
    except MissingExtraError as error:
        _fail(f"no evidence page, working paper or annotated report is written: {error}")
        return False
    return True


def _write(result: "Audit", path: Path, folder: Path, language: str, papers: bool) -> None:
    """Everything that an audit hands on: its tables, its papers if they can be written, its pictures."""
    from crossfoot import charts

    datapackage.write(result, folder)
    if papers:
        from crossfoot_papers import annotated, evidence_page, workbook

        evidence_page.write(result, path, folder)
        workbook.write(result, folder, language)
        annotated.write(result, path, folder, language)
    for name in charts.CHARTS:
        charts.picture(name, result.tables, dict(result.report)).save(folder / "charts")


def _corpus_arguments(parser: argparse.ArgumentParser) -> None:
    default = Limits()
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="a folder; every report below it is audited")
    add("--out", type=Path, required=True, metavar="DIR", help="where the tables go; run again to go on")
    add("--scheduler", metavar="ADDRESS", help="an existing Dask cluster, tcp://host:port (else embedded)")
    add("--workers", type=int, metavar="N", help="of the embedded cluster (one per processor)")
    add("--seconds", type=float, default=default.seconds, help="that a report may take (%(default)g)")
    add("--memory", type=int, default=default.memory >> 20, metavar="MB", help="for a report (%(default)s)")
    add("--retry", action="store_true", help="audit again what failed before")


def _corpus(options: argparse.Namespace) -> int:
    """Audit a folder; 0 where every file is accounted for, whatever was found in it, 130 if interrupted."""
    require("corpus", "dask", "distributed", "psutil", "pyarrow")
    from crossfoot_corpus import run, tables

    try:
        summary = run.run(
            options.folder,
            options.out,
            scheduler=options.scheduler,
            workers=options.workers,
            limits=Limits(options.seconds, options.memory << 20),
            retry=options.retry,
        )
    except KeyboardInterrupt:
        return _fail("interrupted; run it again to go on from here", 130)
    told = ", ".join(f"{count} {_FATES[status]}" for status, count in sorted(summary.statuses.items()))
    print(f"{summary.files} files: {told or 'none'}; {summary.findings} findings.")
    print(f"Each file's fate: {options.out / tables.REPORTS}")
    return 0


def _compare(first: Path, second: Path) -> int:
    from crossfoot.across import changed_cells, outcomes
    from crossfoot.audit import audit

    before, after = (audit(path) for path in (first, second))
    for change in changed_cells(before, after).itertuples():
        print(f"{change.cell}: {change.before or 'blank'!s} → {change.after or 'blank'!s}")
    for finding in outcomes(before, after).itertuples():
        print(f"{finding.outcome}: [{finding.severity}, {finding.kind}] {finding.title}")
    return 0


def _summary(folder: Path, language: str) -> int:
    from crossfoot.audit import load

    print(summarise(load(folder), language))
    return 0


def _fail(problem: object, code: int = 1) -> int:
    print(f"crossfoot: {problem}", file=sys.stderr)
    return code
