"""`crossfoot corpus`: its options, and the run in words. Nothing of Dask is imported before it runs."""

import argparse
import sys
from pathlib import Path

from crossfoot.errors import require

from .work import Limits

_WORDS = {
    "audited": "audited",
    "refused": "refused as no readable report",
    "failed": "failed",
    "duplicate": "with the content of another",
    "set_aside": "set aside as no report",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `crossfoot corpus` to its parser."""
    default = Limits()
    add = parser.add_argument
    add("folder", type=Path, metavar="DIR", help="a folder; every report below it is audited")
    add("--out", type=Path, required=True, metavar="DIR", help="where the tables go; run again to go on")
    add("--scheduler", metavar="ADDRESS", help="an existing Dask cluster, tcp://host:port (else embedded)")
    add("--workers", type=int, metavar="N", help="of the embedded cluster (one per processor)")
    add("--seconds", type=float, default=default.seconds, help="that a report may take (%(default)g)")
    add("--memory", type=int, default=default.memory >> 20, metavar="MB", help="for a report (%(default)s)")
    add("--retry", action="store_true", help="audit again what failed before")


def command(options: argparse.Namespace) -> int:
    """Run it; 0 where every file is accounted for, whatever was found in it, 130 where it was interrupted.

    Raises CrossfootError where folder, out or cluster is not usable, or the extra is not installed.
    """
    require("corpus", "dask", "distributed", "psutil", "pyarrow")
    from . import results, run

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
        print("crossfoot: interrupted; run it again to go on from here", file=sys.stderr)
        return 130
    told = ", ".join(f"{count} {_WORDS[status]}" for status, count in sorted(summary.statuses.items()))
    print(f"{summary.files} files: {told or 'none'}; {summary.findings} findings.")
    print(f"Each file's fate: {options.out / results.REPORTS}")
    return 0
