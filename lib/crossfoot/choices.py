"""An analyst's own rules and lexicon: TOML files beside the report, or given by name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from .checks import Rule, own_rules
from .errors import ArgumentError
from .narrative.phrases import ENTRIES, Lexicon, compiled_lexicon, own_entries

_RULE_KEYS = {field.name for field in fields(Rule)}


def rules_of(path: str | Path | None) -> tuple[Rule, ...]:
    """The rules with those of the file: a new id is added, a known one replaced whole, `off` takes out.

    Without a file those of the library. Raises ArgumentError, naming the file, for what is not such a file.
    """
    if path is None:
        return own_rules()
    raw = _read(Path(path), {"rule"})
    named = Path(path).name
    given = [_rule(entry, named) for entry in raw.get("rule", [])]
    taken = {rule.id for rule in given} | _off(raw, {rule.id for rule in own_rules()}, named)
    return (*(rule for rule in own_rules() if rule.id not in taken), *given)


def lexicon_of(path: str | Path | None) -> Lexicon | None:
    """The lexicon with the entries of the file, as rules_of; None without a file: the library's own."""
    return None if path is None else _lexicon(Path(path).name, Path(path).read_bytes())


@lru_cache(maxsize=8)
def _lexicon(named: str, content: bytes) -> Lexicon:
    own = own_entries()
    raw = _parsed(named, content, {*ENTRIES, "words"})
    off = _off(raw, {entry["id"] for kind in ENTRIES for entry in own[kind]}, named)
    merged: dict[str, Any] = {"words": own["words"] | raw.get("words", {})}
    for kind in ENTRIES:
        given = raw.get(kind, [])
        taken = {entry.get("id") for entry in given} | off
        merged[kind] = [*(entry for entry in own[kind] if entry["id"] not in taken), *given]
    try:
        lexicon = compiled_lexicon(merged)
        for phrase in lexicon.phrases:
            if raw.get("words") or phrase.id in {entry["id"] for entry in raw.get("phrase", [])}:
                _ = phrase.unless, [wording.pattern for wording in phrase.wordings]
    except (KeyError, re.error, TypeError, ValueError) as error:
        lacking = isinstance(error, KeyError)
        raise ArgumentError(
            f"holds an entry that cannot be used: {'it lacks ' * lacking}{error}",
            file=named,
            advice="See phrases.toml and lexicon.toml for its grammar",
        ) from None
    return lexicon


def _read(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        return _parsed(path.name, path.read_bytes(), known)
    except OSError as error:
        raise ArgumentError(
            f"cannot be read ({error.strerror or error})", file=path.name, advice="Check the file"
        ) from None


def _parsed(named: str, content: bytes, known: set[str]) -> dict[str, Any]:
    """The file's entries; raises ArgumentError for another grammar or version."""
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ArgumentError(f"not valid TOML: {error}", file=named, advice="Correct it") from None
    if raw.get("version") != 1:
        raise ArgumentError("does not say `version = 1`", file=named, advice="Write it on top")
    strange = sorted(set(raw) - known - {"version", "off"})
    if strange:
        raise ArgumentError(
            f"holds {', '.join(strange)}", file=named, advice=f"Known are {', '.join(sorted(known))}"
        )
    return raw


def _off(raw: Mapping[str, Any], known: set[str], named: str) -> set[str]:
    """The ids that the file takes out; raises ArgumentError for one that is not known."""
    off = raw.get("off", [])
    unknown = sorted(set(off) - known)
    if unknown:
        raise ArgumentError(
            f"takes out {', '.join(unknown)}, which is not known", file=named, advice="Check the id"
        )
    return set(off)


def _rule(entry: Mapping[str, Any], named: str) -> Rule:
    strange = sorted(set(entry) - _RULE_KEYS)
    what = f"rule {entry.get('id', '?')}"
    if strange:
        raise ArgumentError(
            f"{what} has {', '.join(strange)}", file=named, advice="See rules.toml for its grammar"
        )
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    try:
        return Rule(**values)
    except TypeError as error:
        missing = re.findall(r"'(\w+)'", str(error))
        raise ArgumentError(
            f"{what} lacks {', '.join(missing)}", file=named, advice="See rules.toml for its grammar"
        ) from None
