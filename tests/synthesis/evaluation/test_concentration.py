"""Concentration of use: made-up counts against pairs of people, and printed top shares."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError


def made(counts: list[float], **more: Any) -> pd.DataFrame:
    return pd.DataFrame({"person": range(len(counts)), "count": counts, **more})


@pytest.mark.parametrize("seed", range(5))
def test_gini_is_half_the_relative_mean_difference(seed: int) -> None:
    uses = np.random.default_rng(seed).poisson(3, 60).astype(float)
    found = syn.concentration(made(list(uses)), bootstrap=0).gini
    expected = np.abs(np.subtract.outer(uses, uses)).mean() / (2 * uses.mean())
    assert found == pytest.approx(expected, rel=1e-12)


def test_known_cases() -> None:
    assert syn.concentration(made([4, 4, 4, 4]), bootstrap=0).gini == pytest.approx(0, abs=1e-15)
    assert syn.concentration(made([0, 0, 0, 8]), bootstrap=0).gini == 0.75


def test_top_shares_are_points_of_the_curve() -> None:
    found = syn.concentration(made([1, 2, 3, 4, 10]), top=(10, 20, 40), bootstrap=0)
    # Half of the person with 10, that person, and the one with 4 as well.
    assert found.tops["share"].to_numpy() == pytest.approx([25, 50, 70])
    assert found.tops["times"].to_numpy() == pytest.approx([2.5, 2.5, 1.75])
    curve = found.lorenz
    assert curve["uses"].to_numpy() == pytest.approx([0, 5, 15, 30, 50, 100])


def test_scale_and_order_do_not_matter() -> None:
    one = syn.concentration(made([1, 2, 3, 4, 10]), bootstrap=200, seed=3)
    other = syn.concentration(made([20, 6, 2, 8, 4]), bootstrap=200, seed=3)
    for name in ("gini", "ci_low", "ci_high"):
        assert one.years[name].iloc[0] == pytest.approx(other.years[name].iloc[0])


def test_people_without_a_row_count_if_they_are_known() -> None:
    alone = syn.concentration(made([1, 2, 3]), bootstrap=0)
    whole = syn.concentration(made([1, 2, 3]), population=5, bootstrap=0)
    assert whole.gini == syn.concentration(made([0, 0, 1, 2, 3]), bootstrap=0).gini > alone.gini
    assert "use looks less concentrated than it is: give population" in str(alone)
    assert "give population" not in str(whole)
    with pytest.raises(syn.DataError, match="at least the 3 people in the table; got 2"):
        syn.concentration(made([1, 2, 3]), population=2)


def test_intervals_can_be_repeated_and_cover_the_estimate() -> None:
    table = made(list(np.random.default_rng(1).poisson(2, 300)))
    one, same = (syn.concentration(table, bootstrap=300, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.tops, same.tops)
    assert (one.tops["ci_low"] <= one.tops["share"]).all()
    assert (one.tops["share"] <= one.tops["ci_high"]).all()


def test_the_bootstrap_agrees_with_linearisation() -> None:
    """Davidson 2009, J Econometrics 150:30, for the variance of a Gini index."""
    uses = np.sort(np.random.default_rng(11).gamma(1.0, 4.0, 2000))
    n, mean = len(uses), uses.mean()
    found = syn.concentration(made(list(uses)), bootstrap=2000, seed=1)
    rank = np.arange(1, n + 1)
    z = -(found.gini + 1) * uses + (2 * rank - 1) / n * uses - 2 / n * uses.cumsum()
    error = np.sqrt(((z - z.mean()) ** 2).sum()) / (n * mean)
    row = found.years.iloc[0]
    # 2,000 samples place a 95% limit to within a few per cent of the interval's width.
    assert row["ci_high"] - row["ci_low"] == pytest.approx(2 * 1.96 * error, rel=0.08)


def two_years() -> pd.DataFrame:
    first = [0, 1, 1, 2, 2, 3, 9, 10]
    second = [1, 0, 2, 2, 1, 4, 5, 12]
    return pd.concat(
        [made(first, year=2024), made(second, year=2025).assign(count=second)], ignore_index=True
    )


def test_those_who_used_most_are_followed_and_back() -> None:
    found = syn.concentration(two_years(), frequent=25, bootstrap=0)
    row = found.between.iloc[0]
    names = ["both", "cutoff", "group", "mean_before", "mean_after", "still"]
    assert row[names].tolist() == [8, 9, 2, 9.5, 8.5, 2]
    later = ["chosen_later", "chosen_later_before", "chosen_later_after"]
    assert row[later].tolist() == [2, 9.5, 8.5]
    first, second = [0, 1, 1, 2, 2, 3, 9, 10], [1, 0, 2, 2, 1, 4, 5, 12]
    slope, start = np.polyfit(first, second, 1)
    assert row["expected_after"] == pytest.approx(start + slope * 9.5)
    assert row["correlation"] == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert "regression to the mean" in str(found)


def test_those_level_with_the_last_are_in_the_group() -> None:
    table = pd.concat([made([5, 5, 5, 1, 1], year=1), made([1, 1, 1, 1, 2], year=2)])
    assert syn.concentration(table, frequent=20, bootstrap=0).between.loc[0, "group"] == 3


def test_somebody_without_a_second_year() -> None:
    table = two_years().iloc[:-1]
    unknown = syn.concentration(table, frequent=25, bootstrap=0).between.iloc[0]
    zero = syn.concentration(table, frequent=25, absent="zero", bootstrap=0).between.iloc[0]
    assert (unknown["both"], unknown["only_before"]) == (7, 1)
    assert (zero["both"], zero["mean_after"]) == (8, 2.5)


def test_segments_and_what_is_offered_to_each() -> None:
    table = made([1, 1, 8, 10], segment=["stable", "stable", "complex", ""])
    found = syn.concentration(table, responses={"complex": "a team"}, bootstrap=0)
    rows = found.segments.set_index("segment")
    assert rows["percent_uses"].to_dict() == {"stable": 10, "complex": 40, "not classified": 50}
    assert rows["response"].to_dict() == {"stable": "", "complex": "a team", "not classified": ""}
    with pytest.raises(syn.DataError, match="nobody is in the segment 'frail'"):
        syn.concentration(table, responses={"frail": "a visit"}, bootstrap=0)


@pytest.mark.parametrize(
    ("top", "share", "times", "gini"),
    [("3%", "15%", (14.5 / 3.5, 15.5 / 2.5), 0.11), ("5%", "20%", (19.5 / 5.5, 20.5 / 4.5), 0.14)],
)
def test_printed_top_shares(top: str, share: str, times: tuple[float, float], gini: float) -> None:
    found = syn.check_top_share(top, share)
    assert found.times == pytest.approx(times)
    assert found.gini_at_least == pytest.approx(gini)


def test_the_least_gini_is_that_of_two_equal_groups() -> None:
    """3 of 100 people share 15% of the uses equally, the others the rest."""
    uses = [85 / 97] * 97 + [5.0] * 3
    assert syn.concentration(made(uses), bootstrap=0).gini == pytest.approx(0.12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: syn.check_top_share("20%", "5%"), "cannot have less than 20% of all uses"),
        (lambda: syn.check_top_share("0%", "5%"), "between 0 and 100"),
        (lambda: syn.concentration(made([1, -1])), "count must be a number of 0 or more; got '-1'"),
        (lambda: syn.concentration(made([0, 0])), "nobody used the service"),
        (lambda: syn.concentration(made([1, 2], person=1)), "give a column year"),
        (lambda: syn.concentration(made([1, 2]), top=(0.5, 100)), "top must be percentages"),
        (lambda: syn.concentration(made([1, 2]), bootstrap=-1), "bootstrap must be a whole number"),
        (lambda: syn.concentration(made([1, 2]), absent="gone"), "absent must be one of"),
        (lambda: syn.concentration(made([1, 2]), responses={"a": "b"}), "no column segment"),
        (lambda: syn.concentration(made([1, 2], year=[1, None])), "year must be filled in"),
        (
            lambda: syn.concentration(made([1, 2], year=[1, 2]), population={1: 5}),
            "there is no number for '2'",
        ),
    ],
)
def test_a_fault_is_named_with_what_to_do(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        call()
