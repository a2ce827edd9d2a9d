"""Published counts beside a re-analysis."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import binom, binomtest

from arrowroot.errors import DataError, OptionError
from synthesis.coding.comparison import compare_counts, share_interval

PUBLISHED = pd.DataFrame(
    {
        "quantity": ["all", "few"],
        "count": [108, 4],
        "out_of": [None, 108],
        "meaning": ["Every action", "Actions <for> patients"],
    }
)
OURS = pd.DataFrame(
    {
        "quantity": ["all", "few", "more"],
        "coder": "one",
        "count": [64, 0, 2],
        "out_of": pd.array([None, 64, 64], "Int64"),
    }
)


@pytest.mark.parametrize(("ours", "theirs"), [("clopper_pearson", "exact"), ("wilson", "wilson")])
@pytest.mark.parametrize(("count", "out_of"), [(0, 64), (1, 64), (4, 108), (64, 64), (50, 100)])
def test_intervals_equal_scipy(ours: str, theirs: str, count: int, out_of: int) -> None:
    limits = binomtest(count, out_of).proportion_ci(0.9, method=theirs)
    # Both invert the same equations; scipy finds the exact limits by search, to about 1e-12.
    assert share_interval(count, out_of, interval=ours, level=0.9) == pytest.approx(
        limits, abs=1e-9
    )


def test_bootstrap_interval_of_a_share() -> None:
    low, high = share_interval(20, 100, interval="bootstrap", seed=1)
    # Percentiles of a binomial with n = 100 and p = 0.2; 10,000 draws may be one unit off.
    exact = binom.ppf([0.025, 0.975], 100, 0.2) / 100
    assert (low, high) == pytest.approx(exact, abs=0.0101)
    assert share_interval(20, 100, interval="bootstrap", seed=1) == (low, high)
    with pytest.raises(DataError, match="few: 0 of 64: resampled it stays 0 of 64"):
        compare_counts(PUBLISHED, OURS, interval="bootstrap", seed=1)


def test_side_by_side() -> None:
    compared = compare_counts(PUBLISHED, OURS)
    table = compared.to_frame()
    assert table["quantity"].tolist() == ["all", "all", "few", "few", "more"]
    assert table["origin"].tolist() == ["published", "one"] * 2 + ["one"]
    assert table["share"].round(2).tolist()[2:] == [3.70, 0.00, 3.12]
    wide = compared.side_by_side()
    assert wide.loc["Actions <for> patients", "published"] == "4 of 108: 3.7% [1.0, 9.2]"
    assert wide.loc["Every action"].tolist() == ["108", "64"]
    assert wide.loc["more", "published"] == ""


def test_table_and_text_show_the_same_and_html_is_escaped() -> None:
    compared = compare_counts(PUBLISHED, OURS, notes=["Other <actions>."])
    html = compared._repr_html_()
    assert ">4 of 108: 3.7% [1.0, 9.2]</td>" in html.replace("\N{NO-BREAK SPACE}", " ")
    assert "4 of 108: 3.7% [1.0, 9.2] (published), 0 of 64: 0.0% [0.0, 5.6] (one)" in str(compared)
    assert "Actions &lt;for&gt; patients" in html
    assert "Other &lt;actions&gt;." in html


def test_it_says_that_nothing_is_tested() -> None:
    notes = compare_counts(PUBLISHED, OURS, interval="wilson")._notes()
    assert notes[0] == "In brackets: 95% intervals, Wilson score."
    assert any("not tested against each other" in note for note in notes)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(
        DataError,
        match=r"few: a proportion needs whole numbers, 0 <= count <= out_of .*; got 4/3",
    ):
        compare_counts(PUBLISHED.assign(out_of=[None, 3]), OURS)
    with pytest.raises(DataError, match="ours: the table has no column 'out_of'"):
        compare_counts(PUBLISHED, OURS.drop(columns="out_of"))
    with pytest.raises(
        OptionError, match="interval must be one of 'clopper_pearson', 'wilson', 'bootstrap'"
    ):
        compare_counts(PUBLISHED, OURS, interval="wald")
