"""How one file went, and how a worker and its child process say so to each other."""

import pickle
import struct
from dataclasses import dataclass, field
from typing import IO, Any

TABLES = ("facts", "claims", "checks", "findings")
PASSING = ("changed", "killed", "missing", "system", "worker")
"""Reasons that lie in the circumstances of a run and not in the report: the next run tries it again."""
_LENGTH = struct.Struct("<Q")


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
