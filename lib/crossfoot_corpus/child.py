"""The process that audits one report after another, and that a report may take with it: `python -m` this.

It answers requests on its standard input, each (path, sha256, audit, seconds), with an Outcome. Limits are
kept by the kernel, not by this code: memory by RLIMIT_DATA, time by SIGALRM, whose default action ends the
process whatever it is caught in, also where whoever asked is gone.
"""

import gc
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .worker import TABLES, Outcome, receive, send

_COLLECT = 16
"""Reports between two garbage collections: each calls into Java once JPype runs (readers/pdf.py)."""


def audited(path: str, sha256: str, audit: Callable) -> Outcome:
    """The outcome of one file; whatever the audit raises is one too."""
    from crossfoot.errors import CrossfootError, ReportError, defect, unavailable

    from .files import sha256 as hash_of

    start = time.perf_counter()
    try:
        if hash_of(path) != sha256:
            return Outcome(sha256, "failed", "changed", "the file changed during the run")
    except OSError as error:
        return Outcome(sha256, "failed", "error", f"cannot be read ({error.strerror or error})")
    try:
        return _outcome(audit(path), sha256, start)
    except MemoryError:
        return Outcome(sha256, "failed", "memory", "needs more memory than a report may")
    except ReportError as error:
        return Outcome(sha256, "refused", "", str(error))
    except CrossfootError as error:  # Java does not start, a file beside the report is wrong
        return Outcome(sha256, "failed", "error", str(error))
    except OSError as error:
        return Outcome(sha256, "failed", "system", unavailable(error))
    except Exception as error:  # a bug of ours: it costs this report, and is named
        return Outcome(sha256, "failed", "error", defect(error))


def _outcome(result: Any, sha256: str, start: float) -> Outcome:
    from crossfoot.texts import say

    from .store import counted, packed

    if result.facts["status"].eq("absent").all():
        problem = f"not a report: {say('summary.no_tables', 'en')}"
        return Outcome(sha256, "refused", "no_tables", problem, report=dict(result.report))
    seconds = dict(result.document.seconds)
    seconds["rest"] = time.perf_counter() - start - sum(seconds.values())
    before = time.perf_counter()
    tables = {name: packed(getattr(result, name), name) for name in TABLES}
    seconds["pack"] = time.perf_counter() - before
    return Outcome(
        sha256, "audited", report=dict(result.report), counts=counted(result), tables=tables, seconds=seconds
    )


def _limit_memory(memory: int) -> None:
    """Private writable memory of at most so many bytes: what a process takes, unlike address space."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak() -> int:
    """The most memory that this process has held, in bytes; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def main() -> None:
    """Answer requests until there are no more. Arguments: memory limit in bytes; about how many come."""
    _limit_memory(int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever asked
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what libraries print must not mix with answers
    import pandas as pd

    from crossfoot import java

    from .files import version

    # With pyarrow installed pandas keeps strings in Arrow, where one by one they cost more: a quarter of the
    # time behind the readers.
    pd.set_option("mode.string_storage", "python")
    gc.disable()
    with suppress(java.JavaError):  # where it is needed it is asked for again, and said
        java.start(reads=int(sys.argv[2]))
    number, own = 0, version()
    while True:
        try:
            path, sha256, name, seconds = receive(requests)
        except EOFError:
            return
        _alarm(seconds)
        module, _, function = name.partition(":")
        outcome = audited(path, sha256, getattr(importlib.import_module(module), function))
        number += 1
        if number % _COLLECT == 0:
            gc.collect()
            if number == _COLLECT:
                gc.freeze()  # libraries and caches stay: a collection that passes over them takes a tenth
        _alarm(0)
        try:
            send(answers, _measured(outcome, own))
        except OSError:
            return


def _measured(outcome: Outcome, version: str) -> Outcome:
    return replace(outcome, peak=_peak(), version=version)


if __name__ == "__main__":
    main()
