"""The errors this package raises. Each carries its evidence and says what to do next."""


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


class ReportError(CrossfootError, ValueError):
    """A report that cannot be read, or that is not what it says it is."""


class NoTextError(ReportError):
    """A report whose pages are pictures, or whose text layer says nothing: it has to be recognised."""


class ManifestError(CrossfootError, ValueError):
    """A raw file that is missing, or differs from what the manifest records."""
