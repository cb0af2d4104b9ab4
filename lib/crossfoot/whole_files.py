"""Files that appear whole or not at all."""

import os
import tempfile
from pathlib import Path


def replace(path: Path, content: bytes) -> Path:
    """Write the file beside its place, then rename it there; return its path.

    An interruption or an error leaves the old file as it was and nothing beside it. Raises OSError.
    """
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
