import pytest

from crossfoot.forms import cell_name, split_cell, tables


def cells(form):
    return [
        cell_name(table.code, row.code, column)
        for table in tables(form).values()
        for row in table.rows
        for column in row.columns
    ]


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_cell_has_one_name_that_splits_again(form):
    names = cells(form)
    assert len(names) == len(set(names))
    assert [cell_name(*split_cell(name)) for name in names] == names


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_every_row_names_only_columns_that_its_table_has(form):
    for table in tables(form).values():
        for row in table.rows:
            for code in row.columns:
                assert table.column(code).unit in {"件", "项", "元", "万元"}


def test_the_forms_differ_where_the_state_council_changed_them():
    assert "disclosure:procurement/amount" in cells("2019")
    assert "disclosure:procurement/amount" not in cells("2021")
    assert "disclosure:fees/amount" in cells("2021")
    assert "requests:other.fee_unpaid/total" in cells("2021")


def test_an_unknown_form_and_a_malformed_name_raise():
    with pytest.raises(KeyError):
        tables("2007")
    with pytest.raises(ValueError, match="not a cell name"):
        split_cell("requests/new")
