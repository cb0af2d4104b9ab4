"""On a worker: one report audited in the worker's own child process, within bounded time and memory.

Not in the worker itself: a report that crashes Java, or is stuck in compiled code, takes its process with it,
and Dask would blame, and run again, every task that the process held. A child costs 0.3 ms per report to
talk to and 2 to 4 s to replace, and only its one report is lost. It is the same on a cluster whose workers
nobody restarts.
"""

import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

TABLES = (
    "facts", "claims", "claim_cells", "statements", "statement_cells", "checks", "check_terms", "findings",
    "finding_checks", "corrections", "evidence", "verdicts", "extraction",
)  # fmt: skip
"""The tables of an audit that are kept of every report. Not kept are readings, printed, coverage and
unnoticed, which nobody needs of thousands of reports, and counts, which are counted in the others."""
PASSING = ("changed", "killed", "missing", "system", "worker")
"""Reasons that lie in the circumstances of a run and not in the report: the next run tries it again."""
_LENGTH = struct.Struct("<Q")
_GRACE = 5.0
"""Seconds after which a child is killed whose own alarm has not ended it."""
_RETRIED = ("crash", "killed")
"""Once more in a new process: it may have been killed from outside, or died of what came before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report may take: seconds, and bytes of memory."""

    seconds: float = 120.0
    memory: int = 3 << 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one file went.

    `status` is audited, refused (the readers say why; with the reason no_tables it holds no statutory table)
    or failed. `reason` of a failure is time, memory, crash or error (a bug of ours), or one of PASSING;
    `problem` says more. `report` are Audit.report's particulars, `counts` how
    its checks, findings and cells are distributed, `tables` the contract's tables as Arrow
    streams. `seconds` by stage and `peak` memory in bytes are this run's, and differ from run to run.
    """

    sha256: str
    status: str
    reason: str = ""
    problem: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    peak: int = 0
    version: str = ""


_own = threading.local()  # a worker's threads audit side by side, each with a child of its own


def audit_file(
    path: str,
    sha256: str,
    limits: Limits,
    audit: str = "crossfoot.audit:audit",
    reads: int = 1,
) -> Outcome:
    """The outcome of the file at `path`, which must hold what `sha256` says.

    `audit` names the function that audits, as `module:function`; `reads` is about how many reports this
    worker thread will be given in all. Never raises for a file.
    """
    if not Path(path).is_file():
        problem = "is not there for the worker: the cluster must see the folder under the same path"
        return Outcome(sha256, "failed", "missing", problem)
    for _attempt in (1, 2):
        child: Child | None = getattr(_own, "child", None)
        if child is None or child.options != (limits.memory, reads):
            if child is not None:
                child.close()
            child = _own.child = Child(limits.memory, reads)
        try:
            outcome = child.audited(path, sha256, audit, limits.seconds)
        except Died as death:
            reason, problem = death.args
            outcome = Outcome(sha256, "failed", reason, problem)
        if outcome.reason in ("time", "memory", *_RETRIED):  # it is gone, or nobody knows what state it is in
            child.close()
            _own.child = None
        if outcome.reason not in _RETRIED:
            break
    return outcome


class Died(Exception):
    """A child that ended instead of answering; `args` are reason and problem."""


class Child:
    """A process that audits reports (child.py), for as long as none of them ends it."""

    def __init__(self, memory: int, reads: int) -> None:
        self.options = (memory, reads)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crossfoot_corpus.child", str(memory), str(reads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def audited(self, path: str, sha256: str, audit: str, seconds: float) -> Outcome:
        """The outcome of one report; raises Died where the process ends over it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with self._killed_after(seconds + _GRACE) as late:
            try:
                send(self._process.stdin, (path, sha256, audit, seconds))
                return receive(self._process.stdout)
            except (OSError, EOFError):
                self._process.kill()
                code = self._process.wait()
        raise Died(*_reason(code, bool(late), seconds))

    @contextmanager
    def _killed_after(self, seconds: float) -> Iterator[list[bool]]:
        late: list[bool] = []

        def kill() -> None:
            late.append(True)
            self._process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()


def _reason(code: int, late: bool, seconds: float) -> tuple[str, str]:
    """Why a child ended, by its exit code: negative ones are signals."""
    alarm = getattr(signal, "SIGALRM", None)
    if late or (alarm is not None and code == -alarm):
        return "time", f"took longer than {seconds:g} s"
    if code == -getattr(signal, "SIGKILL", 9):
        return "killed", "its process was killed, twice: by the system for want of memory, or by somebody"
    if code < 0:
        return "crash", f"crashed its process ({signal.Signals(-code).name})"
    return "crash", f"ended its process (exit code {code})"


def send(stream: IO[bytes], message: object) -> None:
    """Write one message; raises OSError where nobody reads any more."""
    content = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message; raises EOFError where the other side is gone, also in the midst of one."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)
