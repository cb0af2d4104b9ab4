"""What checks are about, and what they demand, in the words that the papers use."""

from crossfoot.checks import rules
from crossfoot.completeness import rule_of, scope_title
from crossfoot.forms import split_cell, tables
from crossfoot.texts import say
from crossfoot.texts.names import cell_label, english, label


def gloss(table: str, axis: str, code: str, language: str) -> str:
    """The English name of a row or column, for papers in English; else nothing."""
    return english(table, axis, code) if language == "en" else ""


def rule_name(rule: str, table: str, language: str, scope: str = "") -> str:
    """What a rule says: in the words of rules.toml, or, for those of the prose, in our own."""
    own = rule_of(rule, scope)
    for one in (own,) if own is not None else rules():
        if one.id == rule and one.table == (table or one.table):
            return one.label_zh if language == "zh" else one.label
    return say(f"says.{rule}", language)


def basis(rule: str, table: str, scope: str) -> str:
    """The official source of a rule about a table; nothing for those that compare the prose."""
    own = rule_of(rule, scope)
    if own is not None:
        return own.basis
    return next((one.basis for one in rules() if one.id == rule and one.table == (table or one.table)), "")


def scope_name(rule: str, scope: str, table: str, form: str) -> str:
    """What a check is about, as the form prints it: its column, row or cell; a claim stays as it is."""
    if ":" in scope and "@" not in scope:
        return cell_label(scope, form)
    if rule in ("rows_missing", "not_a_figure"):
        return scope_title(scope, form)[0]
    if table in tables(form):
        place = tables(form)[table]
        by_column = {one.per for one in rules() if one.id == rule and one.table == table} == {"column"}
        codes = {
            item.code
            for item in (
                (*place.columns, *place.subtotal_columns) if by_column else (*place.rows, *place.subtotals)
            )
        }
        if scope in codes:
            return label(scope, form, table, "column" if by_column else "row")
    return scope


def cells_in_words(names: str | tuple[str, ...], form: str, most: int = 6) -> str:
    """Cells as the form prints them, joined by ＋; beyond `most` their number."""
    every = names.replace("+", " ").split() if isinstance(names, str) else list(names)
    words = [cell_label(name, form) for name in every[:most]]
    return "＋".join(words) + (f" …（{len(every)}）" if len(every) > most else "")


def table_of(cells: str) -> str:
    """The table of the first of those cells; nothing where there is none."""
    return split_cell(cells.split()[0])[0] if cells.strip() else ""
