"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import unwritten


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Raises OutputError, naming that file or folder, where the system refuses what is written to it."""
    try:
        yield
    except OSError as error:
        raise unwritten(error, place) from error


def replace(path: Path, content: bytes) -> Path:
    """Write the file beside its place, then rename it there; return its path.

    An interruption or an error leaves the old file as it was and nothing beside it. Raises OutputError.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(beside, 0o644)
            os.replace(beside, path)
        except BaseException:
            os.unlink(beside)
            raise
    return path
