"""Cross-tables and counts by question."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.coding.tables import count_matching, cross_table

# Six actions made up for the tests.
CODED = pd.DataFrame(
    {
        "action": list("abcdef"),
        "coder": ["one"] * 6,
        "type": ["staff", "staff", "patient", "law", "staff", "staff"],
        "area": [1, 2, 2, 10, 10, 1],
    }
)


def test_counts_and_margins() -> None:
    table = cross_table(CODED, "type", "area")
    assert list(table.index) == ["law", "patient", "staff", "total"]
    assert list(table.columns) == [1, 2, 10, "total"]
    assert table.to_numpy().tolist() == [[0, 0, 1, 1], [0, 1, 0, 1], [2, 1, 1, 4], [2, 2, 2, 6]]
    assert (table.index.name, table.columns.name) == ("type", "area")


def test_every_category_is_kept_in_the_order_given() -> None:
    table = cross_table(
        CODED,
        "type",
        "area",
        row_order=["staff", "money", "law", "patient"],
        column_order=range(1, 11),
    )
    assert list(table.index) == ["staff", "money", "law", "patient", "total"]
    assert table.loc["money"].sum() == 0
    assert table[7].sum() == 0
    assert table.loc["total", "total"] == len(CODED)
    assert table.shape == (5, 11)


def test_categorical_columns_bring_their_order() -> None:
    typed = CODED.assign(type=pd.Categorical(CODED["type"], ["patient", "staff", "law", "money"]))
    assert list(cross_table(typed, "type", "area").index)[:4] == [
        "patient",
        "staff",
        "law",
        "money",
    ]


def test_blank_cells_are_counted_not_dropped() -> None:
    holes = CODED.assign(type=CODED["type"].where(CODED["type"] != "law"))
    table = cross_table(holes, "type", "area")
    assert table.loc["(blank)", "total"] == 1
    assert table.loc["total", "total"] == len(CODED)


def test_percentages() -> None:
    by_row = cross_table(CODED, "type", "area", percent="row")
    assert by_row.loc["staff"].tolist() == [50, 25, 25, 100]
    by_column = cross_table(
        CODED, "type", "area", row_order=["staff", "law", "patient"], percent="column"
    )
    assert by_column[10].tolist() == [50, 50, 0, 100]
    of_all = cross_table(CODED, "type", "area", percent="all")
    assert of_all.loc["staff", "total"] == pytest.approx(400 / 6)
    assert of_all.loc["total", "total"] == 100


def test_percentage_of_nothing_is_no_number() -> None:
    table = cross_table(
        CODED, "type", "area", row_order=["staff", "law", "patient", "money"], percent="row"
    )
    assert math.isnan(table.loc["money", "total"])
    assert table.loc["total", "total"] == 100


def test_unlisted_category_is_refused_with_a_near_miss() -> None:
    with pytest.raises(
        DataError, match=r"type: not among the categories given: 'staff' \(did you mean 'staf'\?\)"
    ):
        cross_table(CODED, "type", "area", row_order=["staf", "law", "patient"])


def test_category_called_total_is_refused() -> None:
    with pytest.raises(
        DataError, match="type has a category called 'total', the name of the margins"
    ):
        cross_table(CODED.replace({"law": "total"}), "type", "area")


def test_missing_column_and_unknown_option() -> None:
    with pytest.raises(
        DataError, match=r"columns: the table has no column 'areas'.*Did you mean 'area'"
    ):
        cross_table(CODED, "type", "areas")
    with pytest.raises(OptionError, match="percent must be one of 'row', 'column', 'all'"):
        cross_table(CODED, "type", "area", percent="rows")


def test_count_matching() -> None:
    both = pd.concat([CODED, CODED.assign(coder="two", type="staff")])
    counted = count_matching(
        both, {"all": {}, "staff in 1 or 2": {"type": "staff", "area": [1, 2]}}
    )
    assert counted["count"].tolist() == [6, 6, 3, 4]
    assert counted["coder"].tolist() == ["one", "two"] * 2
    assert counted["out_of"].isna().tolist() == [True, True, False, False]


def test_condition_nobody_meets_is_taken_for_a_slip() -> None:
    with pytest.raises(
        DataError, match="type: no unit in any coding has 'patients'; it has 'law', 'patient'"
    ):
        count_matching(CODED, {"for patients": {"type": "patients"}})


def test_an_order_that_names_a_category_twice_is_refused() -> None:
    table = pd.DataFrame({"coder": ["ann", "bob"], "code": ["x", "y"]})
    with pytest.raises(DataError, match="columns: the order lists x more than once"):
        cross_table(table, "coder", "code", column_order=["x", "y", "x"])


def test_rows_that_were_asked_for_are_there_even_without_a_single_column() -> None:
    counts = cross_table(
        pd.DataFrame({"area": [], "code": []}), "area", "code", row_order=["1", "2"]
    )
    assert counts["total"].to_dict() == {"1": 0, "2": 0, "total": 0}


def test_every_kind_of_blank_is_one_category() -> None:
    blanks = ["", " ", "\u200b", None, np.nan, pd.NA]
    table = pd.DataFrame({"a": [*blanks, "x"], "b": "u"})
    assert cross_table(table, "a", "b")["total"].to_dict() == {"x": 1, "(blank)": 6, "total": 7}
    typed = table.assign(a=pd.Categorical(["", " ", *[None] * 4, "x"], categories=["", "x", " "]))
    assert cross_table(typed, "a", "b")["total"].to_dict() == {"x": 1, "(blank)": 6, "total": 7}
    assert cross_table(table, "b", "a").columns.tolist() == ["x", "(blank)", "total"]


@pytest.mark.parametrize("place", ["", None, "(blank)", float("nan")])
def test_an_order_may_have_a_place_for_blanks(place: object) -> None:
    table = pd.DataFrame({"a": ["x", None, "y", ""], "b": "u"})
    ordered = cross_table(table, "a", "b", row_order=["y", place, "x"])  # type: ignore[list-item]
    assert ordered["total"].to_dict() == {"y": 1, "(blank)": 2, "x": 1, "total": 4}


def test_a_category_called_blank_beside_blank_cells_is_refused() -> None:
    table = pd.DataFrame({"a": ["(blank)", None, "x"], "b": ["u", "v", "u"]})
    with pytest.raises(DataError, match=r"rows: a has a category called '\(blank\)'"):
        cross_table(table, "a", "b")
    with pytest.raises(DataError, match=r"columns: a has a category called '\(blank\)'"):
        cross_table(table, "b", "a")
    alone = cross_table(table.dropna(), "a", "b")
    assert alone["total"].to_dict() == {"(blank)": 1, "x": 1, "total": 2}


@pytest.mark.parametrize(
    ("cells", "counts"),
    [
        ([1, 1.0, "1", "1 "], {"1": 4}),
        ([1, 1.0, 2], {1: 2, 2: 1}),
        ([1, True, "1", "True"], {"1": 2, "True": 2}),
        ([0.5, "0.5", 2.0, "2"], {"0.5": 2, "2": 2}),
    ],
)
def test_numbers_and_their_text_are_one_category(
    cells: list[object], counts: dict[object, int]
) -> None:
    table = pd.DataFrame({"a": pd.Series(cells, dtype=object), "b": "u"})
    assert cross_table(table, "a", "b")["u"].drop("total").to_dict() == counts
