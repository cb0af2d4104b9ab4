"""Files that no reader can make a report of, and an audit that misbehaves for real where a file asks for it.

No file is known that makes the readers loop, or Java crash: one that did would be fixed. So that the
defences are tried all the same, `audit` does to its own process what a marked file names.
"""

import io
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from crossfoot import Audit
from crossfoot import audit as _audit

_MARK = b"crossfoot-poison:"


def _bomb(rng: random.Random) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("word/document.xml", (2000, 1, 1, 0, 0, 0)), b" " * (64 << 20))
    return packed.getvalue() + rng.randbytes(8)


_MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "crash": lambda rng: _MARK + b"crash " + rng.randbytes(8),
    "loop": lambda rng: _MARK + b"loop " + rng.randbytes(8),
    "memory": lambda rng: _MARK + b"memory " + rng.randbytes(8),
    "java": lambda rng: _MARK + b"java " + rng.randbytes(8),
    "error": lambda rng: _MARK + b"error " + rng.randbytes(8),
    "garbage": lambda rng: rng.randbytes(20_000),
    "truncated": lambda rng: b"%PDF-1.7\n" + rng.randbytes(5_000),
    "empty": lambda rng: b"\0" * (1 + rng.randrange(99)),
    "bomb": _bomb,
    "office": lambda rng: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.randbytes(5_000),
}
KINDS = tuple(_MAKERS)
_SUFFIX = {"garbage": ".html", "empty": ".txt", "bomb": ".docx", "office": ".doc"}


def files(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many poisonous files, by name and content; all kinds in turn, no two alike."""
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        rng = random.Random(f"poison {seed} {number}")
        yield f"poison/{kind}-{number}{_SUFFIX.get(kind, '.pdf')}", _MAKERS[kind](rng)


def audit(path: str | Path) -> Audit:
    """`crossfoot.audit`, but a marked file crashes, loops, eats memory, or breaks the JVM of this process."""
    with open(path, "rb") as stream:
        start = stream.read(64)
    if not start.startswith(_MARK):
        return _audit(path)
    match start[len(_MARK) :].split()[0].decode():
        case "crash":
            os.abort()
        case "loop":
            while True:
                pass
        case "memory":
            hoard = []
            while True:
                hoard.append(b"x" * (64 << 20))
        case "java":
            _break_java()
        case "error":
            raise RuntimeError("poisoned")
        case other:
            raise ValueError(other)
    raise AssertionError("survived")


def _break_java() -> None:
    """Read memory that is nobody's while Java runs: its handler of SIGSEGV ends the process, past Python."""
    import ctypes

    from crossfoot import java

    java.start()
    ctypes.string_at(1)
