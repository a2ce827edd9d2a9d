"""What is handed in is a table, its columns are found, and their cells are numbers."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError
from synthesis import checks
from synthesis.diagnostics.directions import effect_directions
from synthesis.effects.dependence import choose_rows
from synthesis.pooling.many import meta_analyses
from synthesis.pooling.model import meta_analysis

EFFECTS = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.2], "vi": [0.04] * 3})


@pytest.mark.parametrize(
    ("handed_in", "kind"),
    [
        (None, "None. Run the cell that makes it again"),
        ({"yi": [0.1]}, "a dictionary."),
        (EFFECTS["yi"], "a column."),
        ("effects.csv", "'effects.csv'."),
    ],
)
@pytest.mark.parametrize("name", ["meta_analysis", "receipts", "meta_regression", "meta_analyses"])
def test_what_is_no_table_is_refused(handed_in: object, kind: str, name: str) -> None:
    others: dict[str, Any] = {
        "meta_regression": {"formula": "~ yi"},
        "meta_analyses": {"by": "study"},
    }
    # What a user calls knows names of files; what stands behind it refuses them as well.
    public = getattr(syn, name)
    called = r"is the name of a file; read it first with" if kind[0] == "'" else "is needed; got "
    for call, words in (
        (public, called),
        (inspect.unwrap(public), f"a pandas DataFrame, is needed; got {kind}"),
    ):
        with pytest.raises(DataError, match=words):
            call(handed_in, **others.get(name, {}))


def test_a_column_that_stands_twice_is_refused() -> None:
    twice = pd.concat([EFFECTS, EFFECTS[["yi"]]], axis=1)
    with pytest.raises(DataError, match="yi: the table has 2 columns called 'yi'"):
        meta_analysis(twice)


def test_a_name_that_is_no_text_is_looked_for_all_the_same() -> None:
    with pytest.raises(DataError, match="the table has no column 7; it has study, yi, vi"):
        checks.column(EFFECTS, 7, "yi")  # type: ignore[arg-type]
    numbered = EFFECTS.rename(columns={"yi": 7})
    assert checks.column(numbered, 7, "yi").tolist() == EFFECTS["yi"].tolist()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cells",
    [
        pd.to_datetime(["2020-01-01", None, "2020-01-03"]),
        pd.to_timedelta([1, 2, 3], unit="D"),
        [1 + 0j, 2, 3],
    ],
)
def test_dates_and_complex_numbers_are_no_effects(cells: object) -> None:
    table = EFFECTS.assign(yi=cells)
    with pytest.raises(DataError, match="yi: every cell must be a number"):
        meta_analysis(table)
    with pytest.raises(DataError, match="yi: every cell must contain a finite number"):
        meta_analyses(table, by="study")


def test_an_index_may_bear_the_name_of_a_column() -> None:
    named = EFFECTS.rename_axis(index="study")
    assert meta_analyses(named, by="study")["k"].tolist() == [1, 1, 1]
    assert len(effect_directions(named, domain="study")) == 3
    assert len(choose_rows(named.assign(x="a"), "x", ["a"]).kept) == 3
