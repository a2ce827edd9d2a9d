"""Columns of labels: one reading, whatever type the column has."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from arrowroot.errors import DataError
from synthesis.labels import as_read, capitals, differ_in_case_alone, read_labels, with_labels

NUMBERS = [
    pd.Series([2, 1, 2]),
    pd.Series([2.0, 1.0, 2.0]),
    pd.Series([2, 1, 2], dtype="Int64"),
    pd.Series([2.0, 1.0, 2.0], dtype="Float64"),
    pd.Series([2, 1.0, 2], dtype=object),
    pd.Series(pd.Categorical([2, 1, 2])),
]
TEXTS = [
    pd.Series(["2", "1", "2"]),
    pd.Series(["2", "1", "2"], dtype=object),
    pd.Series(["2", "1", "2"], dtype="string"),
    pd.Series(pd.Categorical(["2", "1", "2"])),
]


@pytest.mark.parametrize("column", [*NUMBERS, *TEXTS, pd.Series([2, "1", "2 "], dtype=object)])
def test_numbers_and_text_of_every_type_are_the_same_labels(column: pd.Series) -> None:
    assert read_labels(column) == ["2", "1", "2"]


@pytest.mark.parametrize(
    "column",
    [
        *NUMBERS,
        *TEXTS,
        pd.Series([True, False, None]),
        pd.Series(pd.to_datetime(["2020-01-01", None])),
        pd.Series([dt.date(2020, 1, 1)]),
        pd.Series([None, "a"]),
        pd.Series([None, None]),
        pd.Series([], dtype=object),
    ],
)
def test_a_column_that_is_clean_is_handed_back_itself(column: pd.Series) -> None:
    assert as_read(column) is column


@pytest.mark.parametrize("dtype", [object, "str", "string", "category"])
def test_text_is_read_and_the_type_of_the_column_stays(dtype: str) -> None:
    column = pd.Series(["b ", None, "\u00a0b", "a"], dtype=dtype, name="group", index=list("wxyz"))
    read = as_read(column)
    assert_series_equal(
        read,
        pd.Series(["b", None, "b", "a"], dtype=dtype, name="group", index=list("wxyz")),
        check_categorical=dtype != "category",
    )
    assert (read.dtype == "category") == (dtype == "category")


def test_categories_keep_their_order_and_those_that_are_one_label_become_one() -> None:
    typed = pd.CategoricalDtype(["high", " low", "low", "none"], ordered=True)
    read = as_read(pd.Series(["low", " low", None, "high"]).astype(typed))
    assert read.dtype == pd.CategoricalDtype(["high", "low", "none"], ordered=True)
    assert read.tolist()[:2] == ["low", "low"]


def test_true_and_one_are_two_labels_and_blank_text_is_missing() -> None:
    assert as_read(pd.Series([True, 1, " ", None], dtype=object)).tolist() == [
        *("True", "1"),
        *(None, None),
    ]


def test_a_date_beside_its_text_is_one_label() -> None:
    column = pd.Series([pd.Timestamp("2020-01-01"), "2020-01-01 "], dtype=object)
    assert as_read(column).tolist() == ["2020-01-01", "2020-01-01"]


@pytest.mark.parametrize("cell", [["a", "b"], {"a": 1}, np.array([1, 2]), b"a"])
def test_what_names_nothing_is_refused_in_words(cell: object) -> None:
    with pytest.raises(DataError, match="group: every label must be text, a number or a date; got"):
        read_labels(pd.Series(["x", cell], name="group"))


def test_a_person_has_the_spelling_that_was_met_first() -> None:
    names = ["bob", "Ann ", "ANN", None, "Bob"]
    assert read_labels(pd.Series(names), people=True) == ["bob", "Ann", "Ann", "", "bob"]
    typed = pd.Series(pd.Categorical(names, ["ANN", "Ann ", "bob", "Bob", "Cy"]))
    read = as_read(typed, people=True)
    assert read.tolist()[:3] == ["bob", "Ann", "Ann"]
    assert read.cat.categories.tolist() == ["Ann", "bob", "Cy"]


def test_only_the_columns_of_people_lose_their_capitals() -> None:
    table = pd.DataFrame({"unit": ["a", "A "], "coder": ["Ann", "ann"], "note": [" x", "x"]})
    read = with_labels(table, ["unit"], people=["coder"])
    assert read.to_dict("list") == {"unit": ["a", "A"], "coder": ["Ann"] * 2, "note": [" x", "x"]}
    assert with_labels(read, ["unit"], people=["coder"]) is read


def test_labels_that_differ_in_capitals_are_named_and_not_made_one() -> None:
    assert differ_in_case_alone(["Straße", "STRASSE", "a", "A"]) == [
        ("Straße", "STRASSE"),
        ("a", "A"),
    ]
    assert capitals("Clusters", ["a", "b", "a"]) == []
