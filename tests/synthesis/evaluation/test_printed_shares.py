"""Counts that printed percentages allow: the Healthy Living Project's, and by enumeration."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import synthesis as syn
from synthesis.evaluation.printed_shares import possible_counts


def test_the_stars_of_the_healthy_living_project() -> None:
    star = syn.datasets.load("healthy_living")
    found = syn.check_shares(star, label="area", share="improving", out_of="n").table
    assert found.set_index("label")["counts"].to_dict() == {
        "Staying as well as you can": "90 or 91",
        "Keeping in touch": "90 or 91",
        "Feeling positive": "96 or 97",
        "Being treated with dignity": "30 or 31",
        "Looking after yourself (and others)": "51 or 52",
        "Feeling safe": "100 to 102",
        "Managing money": "57 to 59",
    }


def test_the_chain_of_falls() -> None:
    falls = syn.datasets.load("healthy_living", "falls").dropna(subset=["out_of"])
    found = syn.check_shares(falls, label="step").table
    assert found["count"].tolist() == [2619, 734]
    assert found["verdict"].tolist() == ["as printed", "as printed"]
    assert found["percent"].round(2).tolist() == [60.0, 28.03]


@pytest.mark.parametrize("printed", range(101))
def test_every_count_that_rounds_to_it_and_no_other(printed: int) -> None:
    counts = possible_counts(printed - 0.5, printed + 0.5, 215)
    # floor(100 c / n + 1/2), in whole numbers
    expected = [count for count in range(216) if (200 * count + 215) // 430 == printed]
    assert list(counts) == expected


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        ({"share": "30%", "out_of": 9}, "impossible"),
        ({"share": "33.3", "out_of": 9}, "possible"),
        ({"share": "33%", "out_of": 9, "count": 3}, "as printed"),
        ({"share": "33%", "out_of": 9, "count": 4}, "differs"),
    ],
)
def test_verdicts(row: dict[str, object], verdict: str) -> None:
    found = syn.check_shares(pd.DataFrame([{"label": "x", **row}]))
    assert found.table["verdict"].tolist() == [verdict]
    wrong = int(verdict in ("impossible", "differs"))
    assert f"1 printed percentage, {wrong} that cannot be right" in str(found)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"share": "120%", "out_of": 9}, "share must be a percentage from 0 to 100"),
        ({"share": "some", "out_of": 9}, "must be a printed number"),
        ({"share": "42%", "out_of": 0}, "out_of must be 1 or more"),
        ({"share": "42%", "out_of": "many"}, "row 0 (label 'x'), out_of"),
        ({"share": "", "out_of": 9}, "a blank cell in row 0"),
    ],
)
def test_what_is_no_percentage(row: dict[str, object], said: str) -> None:
    with pytest.raises(syn.DataError, match=re.escape(said)):
        syn.check_shares(pd.DataFrame([{"label": "x", **row}]))
