"""Sheets to fill in: every column explained, lists offered, and read by the method they are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook

import synthesis as syn
from synthesis.evaluation.templates import METHODS
from synthesis.evaluation.value.lines import COLUMNS


def filled(path: Path, rows: list[dict[str, object]]) -> Path:
    book = load_workbook(path)
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    for at, row in enumerate(rows, start=2):
        for name, value in row.items():
            page.cell(at, heads.index(name) + 1, value)
    book.save(path)
    book.close()
    return path


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_each_is_written_once(method: str, ending: str, tmp_path: Path) -> None:
    path = syn.evaluation_template(method, tmp_path / f"a.{ending}")
    before = path.read_bytes()
    with pytest.raises(syn.FileError, match="already exists and may hold entries"):
        syn.evaluation_template(method, path)
    assert path.read_bytes() == before


def validations(path: Path) -> dict[str, Any]:
    book = load_workbook(path)
    page = book.worksheets[0]
    heads = {cell.column_letter: cell.value for cell in page[1]}
    found = {
        heads[str(one.sqref).split("2:")[0]]: one for one in page.data_validations.dataValidation
    }
    book.close()
    return found


def test_lists_are_offered(tmp_path: Path) -> None:
    found = validations(syn.evaluation_template("value_for_money", tmp_path / "a.xlsx"))
    assert found["kind"].formula1 == '"cost,benefit,transfer,unmonetised"'
    assert found["stream"].formula1 == '"fiscal,economic,social"'
    found = validations(syn.evaluation_template("cerqual", tmp_path / "b.xlsx"))
    assert found["adequacy"].formula1 == '"no or very minor,minor,moderate,serious"'


def test_cells_accept_the_scale_that_is_given(tmp_path: Path) -> None:
    rule = syn.DelphiRule(
        consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10", scale=(0, 4)
    )
    found = validations(syn.evaluation_template("delphi", tmp_path / "a.xlsx", rule=rule))
    assert (found["rating"].formula1, found["rating"].formula2) == ("0", "4")
    path = syn.evaluation_template("distance_travelled", tmp_path / "b.xlsx", scale=(1, 7))
    assert (validations(path)["score"].formula1, validations(path)["score"].formula2) == ("1", "7")
    # No scale of anybody's instrument comes with it.
    assert "score" not in validations(
        syn.evaluation_template("distance_travelled", tmp_path / "c.xlsx")
    )


def test_every_column_of_value_has_a_note(tmp_path: Path) -> None:
    book = load_workbook(syn.evaluation_template("value_for_money", tmp_path / "a.xlsx"))
    heads = list(book.worksheets[0][1])
    book.close()
    assert [cell.value for cell in heads] == list(COLUMNS)
    assert all(cell.comment is not None for cell in heads)


def test_what_is_filled_in_is_read_by_its_method(tmp_path: Path) -> None:
    ratings = filled(
        syn.evaluation_template("delphi", tmp_path / "delphi.xlsx"),
        [
            {"round": 1, "panellist": who, "item": "safety", "rating": 8, "date": "2026-02-01"}
            for who in ("Ann", "Bob")
        ],
    )
    rule = syn.DelphiRule(consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10")
    assert syn.delphi(ratings, rule=rule).results["consensus"].tolist() == [True]
    readings = filled(
        syn.evaluation_template("distance_travelled", tmp_path / "star.xlsx"),
        [
            {"person": "Ann", "area": "money", "date": day, "score": score}
            for day, score in (("2026-01-05", 1), ("2026-06-05", 3))
        ],
    )
    assert syn.distance_travelled(readings, scale=(1, 5)).areas["up"].tolist() == [1]
    uses = filled(
        syn.evaluation_template("concentration", tmp_path / "uses.xlsx"),
        [{"person": "Ann", "year": 2025, "count": 4}, {"person": "Bob", "year": 2025, "count": 0}],
    )
    assert syn.concentration(uses, bootstrap=0).gini == 0.5
    themes = filled(
        syn.evaluation_template("themes", tmp_path / "themes.xlsx"),
        [{"theme": "trust", "source": "Oak", "excerpt": "I know her."}],
    )
    assert syn.themes(themes).themes["excerpts"].tolist() == [1]
    lines = filled(
        syn.evaluation_template("value_for_money", tmp_path / "value.xlsx"),
        [
            {
                "line": "staff",
                "kind": "cost",
                "stream": "fiscal",
                "who": "council",
                "amount": 100,
                "price_year": 2026,
                "first_year": 0,
                "optimism": 0,
                "source": "accounts",
            }
        ],
    )
    found = syn.value_for_money(
        lines, rates="green-book-2026", price_base=2026, counterfactual="nothing"
    )
    assert found.costs == 100
    assert "There are no costs" not in str(found)


def test_what_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(syn.OptionError, match="Did you mean 'delphi'"):
        syn.evaluation_template("delfi", tmp_path / "a.xlsx")
    with pytest.raises(syn.OptionError, match=r"must end in \.csv or \.xlsx"):
        syn.evaluation_template("delphi", tmp_path / "a.docx")
    with pytest.raises(syn.OptionError, match="scale is for the method 'distance_travelled'"):
        syn.evaluation_template("themes", tmp_path / "a.xlsx", scale=(1, 5))


def test_no_licensed_scale_is_shipped() -> None:
    """The Star is named where its printed results are; none of its steps is anywhere."""
    table = pd.DataFrame(syn.datasets.load("healthy_living"))
    assert list(table) == ["area", "improving", "n"]
