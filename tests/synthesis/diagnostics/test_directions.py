"""Directions of effects and their sign test, against exact sums."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.diagnostics.directions import effect_directions, sign_test


def test_every_effect_counts_towards_its_study_and_domain() -> None:
    effects = datasets.load("assink2016")
    table = effect_directions(effects, domain="deltype").set_index(["study", "domain"])
    assert table["outcomes"].sum() == len(effects)
    for (study, domain), own in effects.groupby(["study", "deltype"], sort=False):
        up, down = 100 * (own["yi"] > 0).mean(), 100 * (own["yi"] < 0).mean()
        expected = "positive" if up >= 70 else "negative" if down >= 70 else "conflicting"
        assert table.loc[(str(study), domain), "direction"] == expected
    assert set(table["direction"]) == {"positive", "negative", "conflicting"}


def test_blank_effects_do_not_count_and_zero_points_nowhere() -> None:
    table = pd.DataFrame({"study": "A", "domain": "x", "yi": [0.2, np.nan, 0.0, 0.1]})
    found = effect_directions(table, domain="domain").iloc[0]
    assert (found["direction"], found["outcomes"]) == ("conflicting", 3)
    assert effect_directions(table, domain="domain", agreement=60)["direction"][0] == "positive"


@pytest.mark.parametrize(("positive", "negative"), [(9, 1), (3, 4), (0, 5)])
def test_the_sign_test_is_the_binomial_sum(positive: int, negative: int) -> None:
    words = ["positive"] * positive + ["negative"] * negative + ["conflicting", None]
    test = sign_test(pd.Series(words))
    n = positive + negative
    tail = sum(math.comb(n, i) for i in range(min(positive, negative) + 1)) / 2**n
    assert test.p_value == pytest.approx(min(1.0, 2 * tail), rel=1e-12)  # sums of a few terms
    assert (test.positive, test.decided) == (positive, n)


def test_wilsons_interval_solves_its_equation() -> None:
    """At its limits the share is 1.96 standard errors away, by the limit's own variance."""
    test = sign_test(pd.Series(["positive"] * 9 + ["negative"]))
    for limit in np.array(test.ci) / 100:
        z = (0.9 - limit) / math.sqrt(limit * (1 - limit) / 10)
        assert abs(z) == pytest.approx(1.959963984540054, rel=1e-9)  # quadratic, solved


def test_it_shows_itself() -> None:
    test = sign_test(pd.Series(["positive"] * 9 + ["negative"]))
    assert "Positive 9 of 10" in str(test)
    assert "nothing about its size" in test._repr_html_()


def test_refusals() -> None:
    table = pd.DataFrame({"study": ["A"], "domain": ["x"], "yi": [0.2]})
    with pytest.raises(OptionError, match="agreement must be above 50"):
        effect_directions(table, domain="domain", agreement=50)
    with pytest.raises(DataError, match="domain: the table has no column 'outcome'"):
        effect_directions(table, domain="outcome")
    with pytest.raises(DataError, match="got 'up'"):
        sign_test(pd.Series(["up"]))
    with pytest.raises(DataError, match="no study points in either direction"):
        sign_test(pd.Series(["conflicting"]))


def test_directions_are_a_column() -> None:
    with pytest.raises(
        DataError, match=r"directions must be a column of directions, .* got a list"
    ):
        sign_test(["positive"])  # type: ignore[arg-type]
