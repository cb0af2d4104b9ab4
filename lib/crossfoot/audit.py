"""An audit and its steps: read, facts, claims, check, explain, worded; `audit` is their composition."""

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pandas as pd
from PIL import Image

from . import checks as arithmetic
from . import datapackage, pages, readers, steps, tidy, verdicts
from .across import AcrossTables, Stated, compare_years
from .choices import lexicon_of, rules_of
from .diagnosis.coverage import coverage
from .diagnosis.findings import Finding
from .document import Document, Line
from .errors import ArgumentError
from .extraction_problems import Trouble
from .forms import cell_name, tables
from .narrative import phrases
from .narrative.claims import read as read_prose
from .numerals import amount
from .schema import fitted, framed, records, schema, worded_columns
from .steps import Report, accepted
from .texts import LANGUAGES, Pair, words
from .texts import worded as in_language
from .tidy import CheckTables, ClaimTables, FactTables, FindingTables, Origin
from .verdicts import ClaimVerdict

RULES, LEXICON = "rules.toml", "lexicon.toml"
_OF_REQUESTS = "一(二)"  # the section whose figures section 三 has too
_Made = TypeVar("_Made")


def read(path: str | Path, witness: str = "") -> Document:
    """The report as read: its text and lines, and the tables that each reader saw.

    `witness` "ocr" adds recognition as a third reader of a PDF. Raises ArgumentError before any work, and
    ReportError, naming the file and what to do, where it cannot be read as a report at all.
    """
    accepted("witness", witness, ("", readers.scan.READER))
    return readers.read(path, witness)


def facts(document: Document) -> FactTables:
    """What the statutory tables say: `facts`, `readings`, `printed` (schema.toml has their columns)."""
    found = _cleaned(document)
    return _kept(
        "facts",
        (document,),
        lambda: tidy.fact_tables(found.facts, found.placements, found.printed, found.report.form),
    )


def claims(
    document: Document, lexicon: str | Path | None = None, decided: Sequence[ClaimVerdict] = ()
) -> ClaimTables:
    """What the prose says: `claims`, `claim_cells`, `statements`, `statement_cells`.

    `lexicon` is a TOML file of entries as narrative/phrases.toml has them, `version = 1` on top: one with a
    new id is added, one with a known id replaces it, `off = ["id"]` takes out. `decided` are a person's
    verdicts on numbers (verdicts.on_claims), which go before it. Raises ArgumentError.
    """
    chosen = lexicon_of(lexicon)
    tidy.accept_cells(decided)
    found = _cleaned(document)
    with ExitStack() as stack:
        if chosen is not None:
            stack.enter_context(phrases.using(chosen))
        stated = steps.stated_in(found)
        told = _comparison(document, found.facts, stated, arithmetic.own_rules()).told
        report = found.report
        mentions = read_prose(found.document, tuple(found.prose), report.form, report.year).mentions
        made = tidy.claim_tables(mentions, told, found.document)
    if chosen is not None:
        made.claims.attrs["lexicon"] = _noted(chosen)
    if decided:
        return tidy.as_decided(made, decided)
    _kept("stated", (made.claims, made.claim_cells), lambda: (stated, _what_counts(made)))
    return made


def _what_counts(c: ClaimTables) -> tuple[list, ...]:
    """What checks take from the tables of claims: unless it was changed, they need not be read again."""
    named = (c.claims[name].to_numpy().tolist() for name in ("claim", "start", "value"))
    return (*named, *(c.claim_cells[name].to_numpy().tolist() for name in ("claim", "reading", "cell")))


def _comparison(
    document: Document, own: pd.DataFrame, stated: pd.DataFrame, chosen: tuple[arithmetic.Rule, ...]
) -> steps.Compared:
    """Every comparison of these facts and claims; by the rules that are `using`, which are `chosen`."""
    refs = (document, own, stated, chosen)
    return _kept("comparison", refs, lambda: steps.compare(_cleaned(document), own, stated))


def check(
    document: Document,
    f: FactTables,
    c: ClaimTables,
    rules: str | Path | None = None,
    others: Sequence["Audit"] = (),
) -> CheckTables:
    """Every comparison of these facts and claims: `checks`, `check_terms`.

    `rules` is a TOML file of rules as rules.toml has them, as for `claims`; `others` are audits of other
    years of the same body. What was changed in `f.facts` (value, status, raw) and `c` counts. Raises
    ArgumentError.
    """
    return _compared(document, f, c, rules_of(rules), others).tables


def explain(document: Document, f: FactTables, c: ClaimTables, k: CheckTables) -> FindingTables:
    """The root causes of what breaks in `k`: `findings`, `finding_checks`, `corrections`, `evidence`."""
    compared = _compared_in(document, f, c, k)
    causes = _causes(document, f, c, k)
    return tidy.finding_tables(causes, k.checks, c, compared.across)


def worded(tables: Any, language: str = "en") -> Any:
    """The tables with their words (title, note, why, formula, text) in "en" or "zh".

    `tables` is what a step returns, or a mapping of tables by name; the same comes back. Raises
    ArgumentError.
    """
    accepted("language", language, LANGUAGES)
    if isinstance(tables, Mapping):
        return {name: _worded(frame, name, language) for name, frame in tables.items()}
    return type(tables)(*(_worded(getattr(tables, name), name, language) for name in tables._fields))


def _worded(frame: pd.DataFrame, table: str, language: str) -> pd.DataFrame:
    said: dict[str, Any] = {}
    for name in worded_columns(table):
        every = (words if isinstance(words, str) else in_language(words, language) for words in frame[name])
        said[name] = pd.array(list(every), dtype="str")
    return frame.assign(**said) if said else frame


def audit(
    path: str | Path,
    *,
    rules: str | Path | None = None,
    lexicon: str | Path | None = None,
    witness: str = "",
    language: str = "en",
    others: Sequence["Audit"] = (),
) -> "Audit":
    """Audit one report (PDF, HTML, DOCX, TXT; pictures of pages with the extra `scan`).

    Nothing is repaired and no printed value replaced; errors of the report are findings, not exceptions.
    `rules.toml`, `lexicon.toml` and `<report>.verdicts.toml` beside the report are taken where no other is
    given. Raises ArgumentError before any work, and ReportError, naming the file and what to do, where the
    report cannot be read as one at all.
    """
    accepted("language", language, LANGUAGES)
    accepted("witness", witness, ("", readers.scan.READER))
    rules, lexicon = _beside(path, RULES, rules), _beside(path, LEXICON, lexicon)
    rules_of(rules), lexicon_of(lexicon)
    decided, on_claims = verdicts.read(path), verdicts.on_claims(path)
    tidy.accept_cells(on_claims)
    return audit_document(
        read(path, witness),
        decided=decided,
        on_claims=on_claims,
        path=Path(path),
        rules=rules,
        lexicon=lexicon,
        language=language,
        others=others,
    )


def audit_document(
    document: Document,
    *,
    decided: pd.DataFrame | None = None,
    on_claims: Sequence[ClaimVerdict] = (),
    path: Path | None = None,
    rules: str | Path | None = None,
    lexicon: str | Path | None = None,
    language: str = "en",
    others: Sequence["Audit"] = (),
) -> "Audit":
    """Audit a report that is already read; `decided` are the verdicts on it (verdicts.read).

    `on_claims` are those of them on numbers of the prose (verdicts.on_claims).

    `path` is where its file is, for the pictures of its cells. Raises ArgumentError.
    """
    accepted("language", language, LANGUAGES)
    f = facts(document)
    c = claims(document, lexicon, on_claims)
    k = check(document, f, c, rules, others)
    e = explain(document, f, c, k)
    every = {name: frame for step in (f, c, k, e) for name, frame in zip(step._fields, step, strict=True)}
    if decided is None:
        decided = pd.DataFrame(columns=verdicts.VERDICT_COLUMNS, dtype="string")
    return _finished(document, f, c, k, every, decided, language, path, (rules, lexicon))


def _beside(path: str | Path, name: str, given: str | Path | None) -> str | Path | None:
    """The analyst's own file: the one that is given, or that of this name beside the report, or none."""
    own = Path(path).with_name(name)
    return given if given is not None else own if own.is_file() else None


def _finished(
    document: Document,
    f: FactTables,
    c: ClaimTables,
    k: CheckTables,
    every: dict[str, pd.DataFrame],
    decided: pd.DataFrame,
    language: str,
    path: Path | None,
    own: tuple[str | Path | None, str | Path | None],
) -> "Audit":
    """The audit of what its steps returned, worded, with the tables that follow from them."""
    found, compared = _cleaned(document), _compared_in(document, f, c, k)
    given = [(v.finding, v.claim, v.verdict, v.who, v.when, v.comment) for v in decided.itertuples()]
    every["verdicts"] = framed("verdicts", given)
    every["extraction"] = framed("extraction", found.extraction.itertuples(index=False, name=None))
    basis = _Basis(found, compared, _causes(document, f, c, k), lambda: _by(rules_of(own[0]), c))

    def made(name: str) -> pd.DataFrame:
        if name in every:
            return every[name]
        if name == "counts":
            return tidy.count_table(both, basis.kinds)
        with _by(rules_of(own[0]), c):
            if name == "coverage":
                covered = coverage(found.facts, compared.found.told, found.report.form)
                return fitted("coverage", covered.assign(cell=every["facts"]["cell"].to_numpy()))
            every.update(tidy.unnoticed_tables(found.facts, compared.found.told, found.report.form))
        silent = every["unnoticed_checks"]
        known = silent["check"].isin(set(every["checks"]["check"]))
        every["unnoticed_checks"] = silent[known].reset_index(drop=True)
        return every[name]

    both = _Tables(schema(), made)
    used = tuple(Path(one).name for one in own if one is not None)
    return Audit(found.report, _in(both, language), found.document, language, used, path, both, basis)


class _Tables(Mapping[str, pd.DataFrame]):
    """Tables by their names, each made when it is first asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._names, self._make = tuple(names), make
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _in(tables: Mapping[str, pd.DataFrame], language: str) -> Mapping[str, pd.DataFrame]:
    """The tables with their words in that language."""
    return _Tables(tables, lambda name: _worded(tables[name], name, language))


@dataclass(frozen=True, eq=False)
class _Basis:
    """What the steps of an audit know beyond their tables; within `reading()` the lexicon is theirs."""

    found: steps.Cleaned
    compared: "_Compared"
    causes: Mapping[str, Finding]
    reading: Callable[[], ExitStack]

    @property
    def kinds(self) -> dict[str, str]:
        """What each check compares (Origin.kind), by its key."""
        return {key: origin.kind for key, origin in self.compared.origins.items()}


@dataclass(frozen=True, eq=False, repr=False)
class Audit:
    """One report audited: its particulars, its tables by name (`result.facts`), and the document as read.

    Offsets of claims count in `document.text`; where a second report begins in the same file, it ends there.
    `used` names the analyst's own files that were used. `bilingual` are the tables with their words as pairs,
    Chinese and English. An audit that was loaded from a folder has neither these nor a document.
    """

    report: Report
    tables: Mapping[str, pd.DataFrame]
    document: Document | None = None
    language: str = "en"
    used: tuple[str, ...] = ()
    path: Path | None = None
    bilingual: Mapping[str, pd.DataFrame] | None = None
    _basis: _Basis | None = None

    def __getattr__(self, name: str) -> pd.DataFrame:
        held = self.__dict__.get("tables", {})
        if name in held:
            return held[name]
        raise AttributeError(f"an audit has no {name!r}; its tables are {', '.join(held)}")

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        """Whose report, how its checks came out and how many findings there are: three lines."""
        report = self.report
        who = f"{report.issuer or 'issuer not stated'}, {report.year or 'year not stated'}"
        came_out = ", ".join(
            f"{self.count('checks', status=status)} {status}" for status in arithmetic.STATUSES
        )
        titles = ", ".join(title[:60] for title in self.findings["title"])
        return (
            f"Audit of {who} ({report.source}, form {report.form})\n"
            f"{self.count('checks')} checks: {came_out}\n"
            f"{self.count('findings')} findings: {titles or 'none'}"
        )

    def _repr_html_(self) -> str:
        """Answer, counts and findings in one screen, for a notebook."""
        first, second, _ = repr(self).split("\n")
        rows = "".join(
            f"<tr><td>{f['number']}</td><td>{f['severity']}</td><td>{f['kind']}</td>"
            f"<td style='text-align:left'>{html.escape(f['title'])}</td></tr>"
            for f in records(self.findings.head(20))
        )
        more = len(self.findings) - 20
        told = f"<p>… and {more} more</p>" if more > 0 else ""
        head = "<tr><th></th><th>severity</th><th>kind</th><th style='text-align:left'>finding</th></tr>"
        answer = f"<table>{head}{rows}</table>{told}" if rows else "<p>no findings</p>"
        return f"<p><b>{html.escape(first)}</b><br>{html.escape(second)}</p>{answer}"

    def count(self, what: str, **codes: str) -> int:
        """One number of the table of counts: all of `what`, or those with these codes."""
        scope = " ".join(f"{name}={code}" for name, code in codes.items())
        if what not in self._counted:
            if self._basis is not None and self.bilingual is not None and what in tidy.COUNTED:
                own = tidy.count_table(self.bilingual, self._basis.kinds, [what])
            else:
                own = self.counts[self.counts["what"] == what]
            self._counted[what] = dict(zip(own["scope"].tolist(), own["count"].tolist(), strict=True))
        return self._counted[what].get(scope, 0)

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        return {}

    @property
    def understood(self) -> Pair:
        """How many counts of the prose were understood, in all and in 一(二), in words; empty without any."""
        every = self.count("claims", kind="count")
        if not every:
            return "", ""
        unknown = self.count("claims", kind="count", meaning="not_understood")
        told = words("prose.understood", count=every - unknown, of=every)
        own = self.count("claims", section=_OF_REQUESTS, kind="count")
        if own:
            missing = self.count("claims", section=_OF_REQUESTS, kind="count", meaning="not_understood")
            of_requests = words("prose.in_section", section=_OF_REQUESTS, count=own - missing, of=own)
            told = words("prose.both", whole=told, part=of_requests)
        return told

    def worded(self, language: str) -> "Audit":
        """The same audit with its words in "en" or "zh"; raises ArgumentError."""
        accepted("language", language, LANGUAGES)
        if language == self.language:
            return self
        return replace(self, tables=_in(self._both, language), language=language)

    @property
    def problems(self) -> tuple[Trouble, ...]:
        """What could not be read, or was read in two ways, in the order in which it was met."""
        return self._known.compared.found.troubles

    def problem_of(self, finding: str) -> Trouble | None:
        """What could not be read, that a finding tells of; None where the report itself is at fault."""
        cause = self._known.causes.get(finding)
        return cause.trouble if cause is not None else None

    @property
    def prose(self) -> tuple[Line, ...]:
        """The lines outside of the tables, which the prose was read from."""
        return tuple(self._known.found.prose)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """What made each check, by its key: its rule, and its two sides where it is a sum."""
        return self._known.compared.origins

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each cell stands, in its reader's words: `line 12`, `table 2 row 3 column 4`, or its area."""
        return dict(zip(self.facts["cell"], self._known.found.facts["where"], strict=True))

    @property
    def _both(self) -> Mapping[str, pd.DataFrame]:
        if self.bilingual is None:
            raise ArgumentError("was loaded from a folder", advice="Audit the report again")
        return self.bilingual

    @property
    def _known(self) -> _Basis:
        if self._basis is None:
            raise ArgumentError("was loaded from a folder", advice="Audit the report again")
        return self._basis

    def table(self, which: str, labels: str = "zh") -> pd.DataFrame:
        """A statutory table as printed, rows and columns with their labels.

        `which` is its code (requests) or section (三); `labels` is "zh", "en" or "codes". Raises
        ArgumentError.
        """
        form = tables(self.report.form)
        named = {table.section: code for code, table in form.items()} | {code: code for code in form}
        accepted("which", which, named)
        accepted("labels", labels, ("zh", "en", "codes"))
        own = self.facts[self.facts["table"] == named[which]]
        code = named[which]
        grid = own.astype({"row": "str", "column": "str"}).pivot(index="row", columns="column", values="raw")
        rows, columns = (list(dict.fromkeys(own[axis].astype("str"))) for axis in ("row", "column"))
        columns = [c.code for c in form[code].ordered_columns(set(columns)) if c.code in columns]
        grid = grid.reindex(index=rows, columns=columns).fillna("")
        if labels == "codes":
            return grid
        named_rows = [tidy.row_name(row, self.report.form, code) for row in rows]
        named_columns = [tidy.column_name(column, self.report.form, code) for column in columns]
        if labels == "zh":
            grid.index = pd.Index([form[code].row(row).label for row in rows])
            grid.columns = pd.Index([form[code].column(column).label for column in columns])
        else:
            grid.index = pd.Index([in_language(pair, "en") for pair in named_rows])
            grid.columns = pd.Index([in_language(pair, "en") for pair in named_columns])
        return grid

    @property
    def breaks(self) -> pd.DataFrame:
        """The checks that break, with what they compare in words."""
        broken = self.checks[self.checks["status"] == "breaks"]
        return broken[["label", "left", "right", "difference", "severity", "formula"]].reset_index(drop=True)

    def parse(self, claim: str) -> pd.DataFrame:
        """The words by which a number of the prose was understood, in order: columns `word` and `meaning`.

        A meaning is a concept of narrative/lexicon.toml, or the fixed wording of phrases.toml that the words
        are of; no rows where it was not understood. Raises ArgumentError for a claim that is not there.
        """
        own = self.claims[self.claims["claim"] == claim]
        if own.empty:
            raise ArgumentError(
                f"claim {claim!r} is not known", advice="See the column `claim` of the claims"
            )
        found, start = self._known.found, int(own["start"].iloc[0])
        with self._known.reading():
            report = found.report
            read_in = read_prose(found.document, tuple(found.prose), report.form, report.year)
        words_of = next(mention.words for mention in read_in.mentions if mention.start == start)
        return pd.DataFrame(words_of, columns=["word", "meaning"])

    def crop(self, cell: str, scale: float = 3.0) -> Image.Image:
        """The picture of a cell in its row, where the report has pages.

        Raises ArgumentError for a cell that the report does not have or that stands on no page.
        """
        own = self.facts[self.facts["cell"] == cell]
        if own.empty:
            raise ArgumentError(f"cell {cell!r} is not known", advice="See the column `cell` of the facts")
        fact = own.iloc[0]
        if pd.isna(fact["page"]) or pd.isna(fact["x0"]) or self.path is None:
            raise ArgumentError(f"{cell} stands on no page", advice="Only a PDF's cells have a picture")
        row = self.facts[
            (self.facts["table"] == fact["table"])
            & (self.facts["row"] == fact["row"])
            & (self.facts["page"] == fact["page"])
        ]
        around = (row["x0"].min(), row["top"].min(), row["x1"].max(), row["bottom"].max())
        return pages.row_picture(
            self.path, int(fact["page"]), around, tuple(fact[["x0", "top", "x1", "bottom"]]), scale
        )


def load(folder: str | Path) -> Audit:
    """The audit that was written into a folder: its tables as they were, dtypes included; no document.

    Raises CrossfootError, naming the file, where one is missing.
    """
    described = datapackage.descriptor(folder)
    report = Report(**{name: described["report"][name] for name in Report.__slots__})
    return Audit(report, datapackage.read(folder), None, described["language"], tuple(described["used"]))


class _Entry(NamedTuple):
    kind: str
    refs: tuple
    value: Any


_REMEMBERED: list[_Entry] = []
_NOTED: dict[str, Any] = {}


def _kept(kind: str, refs: tuple, make: Callable[[], _Made]) -> _Made:
    """What was made of these very objects a moment ago, or is made now."""
    for entry in _REMEMBERED:
        alike = entry.kind == kind and len(entry.refs) == len(refs)
        if alike and all(one is other for one, other in zip(entry.refs, refs, strict=True)):
            return entry.value
    value = make()
    _REMEMBERED.append(_Entry(kind, refs, value))
    del _REMEMBERED[:-12]
    return value


def _noted(value: Any) -> str:
    """A mark by which a frame's attrs remember what it was made with."""
    mark = f"{type(value).__name__} {id(value)}"
    _NOTED[mark] = value
    return mark


def _cleaned(document: Document) -> steps.Cleaned:
    return _kept("cleaned", (document,), lambda: steps.clean(document))


def _by(chosen: tuple[arithmetic.Rule, ...], c: ClaimTables) -> ExitStack:
    """Within it the rules are these, and the lexicon that by which the claims were read."""
    stack = ExitStack()
    stack.enter_context(arithmetic.using(chosen))
    lexicon = _NOTED.get(c.claims.attrs.get("lexicon", ""))
    if lexicon is not None:
        stack.enter_context(phrases.using(lexicon))
    return stack


def _facts_of(document: Document, f: FactTables) -> pd.DataFrame:
    """The facts of the steps with the values, statuses and prints of these; raises ArgumentError."""

    def make() -> pd.DataFrame:
        own = _cleaned(document).facts
        kept = ("value", "status", "raw")
        names = [*map(cell_name, *(own[code].to_numpy() for code in ("table", "row", "column")))]
        if [*f.facts["cell"].to_numpy()] == names and all(_same(f.facts[name], own[name]) for name in kept):
            return own
        given = f.facts.set_index("cell")
        strange = sorted(set(given.index) ^ set(names))
        if strange:
            problem = f"cell {strange[0]!r} is missing or unknown"
            raise ArgumentError(problem, advice="Change facts, and keep their cells")
        given = given.loc[names]
        changed = {name: given[name].astype(own[name].dtype).to_numpy() for name in kept}
        return own.assign(**changed)

    return _kept("own facts", (document, f.facts), make)


def _same(one: pd.Series, other: pd.Series) -> bool:
    """Whether two columns hold the same, or nothing, in every row."""
    pairs = zip(one.to_numpy().tolist(), other.to_numpy().tolist(), strict=True)
    return all(a == b or (a != a and b != b) for a, b in pairs)


def _claims_of(document: Document, c: ClaimTables) -> pd.DataFrame:
    """The claims of the steps with the values and cells of these."""

    def make() -> pd.DataFrame:
        stated, counted = _kept("stated", (c.claims, c.claim_cells), lambda: (None, ()))
        if stated is not None and repr(counted) == repr(_what_counts(c)):
            return stated
        lexicon = _NOTED.get(c.claims.attrs.get("lexicon", ""))
        with ExitStack() as stack:
            if lexicon is not None:
                stack.enter_context(phrases.using(lexicon))
            own = steps.stated_in(_cleaned(document))
        first = c.claim_cells[c.claim_cells["reading"] == 0]
        subjects = first.groupby("claim", sort=False)["cell"].agg("+".join)
        given = c.claims.set_index("start")
        kept = own[own["start"].isin(given.index)].reset_index(drop=True)
        named, by = given.loc[kept["start"], "claim"], given.loc[kept["start"], "by"].astype("str")
        subject = named.map(subjects).astype(object).where(lambda s: s.notna(), None)
        return kept.assign(
            value=given.loc[kept["start"], "value"].to_numpy(),
            subject=pd.Series(list(subject), dtype=object),
            by=by.to_numpy(),
        )

    return _kept("own claims", (document, c.claims, c.claim_cells), make)


class _Compared(NamedTuple):
    """The tables of comparisons; the key of each by its `rule:scope`, what made it by its key; the same
    untidied; and those with other years.
    """

    tables: CheckTables
    keys: dict[str, str]
    origins: dict[str, Origin]
    found: steps.Compared
    across: AcrossTables | None


def _compared(
    document: Document,
    f: FactTables,
    c: ClaimTables,
    chosen: tuple[arithmetic.Rule, ...],
    others: Iterable["Audit"],
) -> _Compared:
    others = tuple(others)

    def make() -> _Compared:
        found, own, stated = _cleaned(document), _facts_of(document, f), _claims_of(document, c)
        report = found.report
        across: AcrossTables | None = None
        with _by(chosen, c):
            compared = _comparison(document, own, stated, chosen)
            every_check = pd.concat([compared.sums, compared.gaps, compared.told], ignore_index=True)
            made, keys, origins = tidy.check_tables(own, every_check, c, report.form)
            if others:
                across = compare_years([*others, Stated(report, f.facts, *made)]).of(report.sha256)
                made = CheckTables(*map(tidy.stacked, made, across))
                origins |= tidy.origins_across(across.checks)
        made.checks.attrs["rules"] = _noted(chosen)
        made.checks.attrs["others"] = _noted(others)
        return _Compared(made, keys, origins, compared, across)

    return _kept("compared", (document, f.facts, c.claims, c.claim_cells, chosen, *others), make)


def _compared_in(document: Document, f: FactTables, c: ClaimTables, k: CheckTables) -> _Compared:
    """The comparisons by the rules and with the reports that `k` was made with."""
    chosen = _NOTED.get(k.checks.attrs.get("rules", ""), arithmetic.own_rules())
    return _compared(document, f, c, chosen, _NOTED.get(k.checks.attrs.get("others", ""), ()))


def _causes(document: Document, f: FactTables, c: ClaimTables, k: CheckTables) -> dict[str, Finding]:
    """The root causes of what breaks in `k`, by their ids."""

    def make() -> dict[str, Finding]:
        compared = _compared_in(document, f, c, k)
        own, stated = _facts_of(document, f), _claims_of(document, c)
        there = set(k.checks["check"])
        kept = {base for base, key in compared.keys.items() if key in there}
        chosen = _NOTED.get(k.checks.attrs.get("rules", ""), arithmetic.own_rules())
        with _by(chosen, c):
            return steps.explained(_cleaned(document), own, stated, _only(compared.found, kept))

    return _kept("causes", (document, f.facts, c.claims, c.claim_cells, k.checks), make)


def _only(found: steps.Compared, kept: set[str]) -> steps.Compared:
    """The comparisons that the table of checks still has."""

    every = (found.told, found.gaps, found.sums)
    if all(
        f"{rule}:{scope}" in kept for f in every for rule, scope in zip(f["rule"], f["scope"], strict=True)
    ):
        return found

    def kept_of(frame: pd.DataFrame) -> pd.Series:
        return (frame["rule"] + ":" + frame["scope"]).isin(kept)

    told, gaps = (frame[kept_of(frame)].reset_index(drop=True) for frame in (found.told, found.gaps))
    # a sum that was taken out says nothing against its cells, as one does that could not be read
    sums = found.sums.assign(status=found.sums["status"].where(kept_of(found.sums), "unread"))
    return found._replace(sums=sums, gaps=gaps, told=told)


def show_counts_whole() -> None:
    """Show figures in tables without a decimal point where they are whole: one setting of pandas' display."""
    pd.options.display.float_format = lambda value: amount(value) if value == value else ""
