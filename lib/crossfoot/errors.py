"""The errors this package raises, each with its evidence and what to do next, and how others are reported."""

import errno
from importlib.util import find_spec
from pathlib import Path

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_BESIDE = Path(__file__).resolve().parents[1]


class CrossfootError(Exception):
    """Base of every error of this package.

    `file`, `page` and `cell` say where, `advice` what to do; each is None where it does not apply.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        page: int | None = None,
        cell: str | None = None,
        advice: str | None = None,
    ) -> None:
        self.problem, self.file, self.page, self.cell, self.advice = problem, file, page, cell, advice
        place = ", ".join(part for part in (file, f"page {page}" if page else None, cell) if part is not None)
        text = f"{place}: {problem}" if place else problem
        super().__init__(f"{text}. {advice}" if advice else text)


class ArgumentError(CrossfootError, ValueError):
    """An argument that is not one of those that are accepted."""


class ReportError(CrossfootError, ValueError):
    """A report that cannot be read, or that is not what it says it is."""


class NoTextError(ReportError):
    """A report whose pages are pictures, or whose text layer says nothing: it has to be recognised."""


class ManifestError(CrossfootError, ValueError):
    """A raw file that is missing, or differs from what the manifest records."""


class OutputError(CrossfootError, OSError):
    """A file or folder that cannot be written, which is no fault of the report."""


class MissingExtraError(CrossfootError, ImportError):
    """Packages of an optional extra that are not installed."""


def require(extra: str, *modules: str) -> None:
    """Raise MissingExtraError, saying how to install it, where a module of an optional extra is missing.

    Nothing of the extra is imported.
    """
    if missing := [module for module in modules if find_spec(module) is None]:
        packages = "package" if len(missing) == 1 else "packages"
        raise MissingExtraError(
            f"needs the {packages} {', '.join(missing)}",
            advice=f"Install the extra: pip install 'crossfoot[{extra}]'",
        )


def unwritten(error: OSError, place: Path) -> OutputError:
    """The error for a file or folder that the system refused to write: why, and what to do about it."""
    if isinstance(error, OutputError):
        return error
    advice = (
        "Free some space" if error.errno in _FULL else "Check that it is a folder with the right to write"
    )
    return OutputError(
        f"cannot be written ({error.strerror or error})",
        file=str(place),
        advice=f"{advice}, or write elsewhere",
    )


def unavailable(error: OSError) -> str:
    """What the system refused while a report was read: what it was, and that the report is not to blame."""
    what = Path(error.filename).name if error.filename else "the system"
    reason = error.strerror or str(error) or type(error).__name__
    advice = "Free some space" if error.errno in _FULL else "Check the machine"
    return f"could not be audited here, which is no fault of it ({what}: {reason}). {advice} and try again"


def defect(error: BaseException) -> str:
    """An error that is none of the package's own, as the bug of ours that it is: class, place, message."""
    trace, where = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if _is_ours(path) or not where:
            where = f"{path.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    told = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__} at {where}: {told}"
    return f"a bug of Crossfoot, not a fault of the report; please report it: {what}"


def _is_ours(path: Path) -> bool:
    """Whether a module is of this package or of one that stands beside it."""
    return path.is_relative_to(_BESIDE) and path.relative_to(_BESIDE).parts[0].startswith("crossfoot")
