"""The optimal information size: values computed in R, and what is refused."""

from __future__ import annotations

import pytest

import synthesis as syn
from arrowroot.errors import OptionError


@pytest.mark.parametrize(
    ("given", "total"),
    [
        # The two-arm sample size with unpooled variance, computed in R to 15 digits.
        ({"baseline": 0.2, "rrr": 0.25}, 1805.24233890029),
        ({"baseline": 0.1, "rrr": 0.25}, 4002.92866451804),
        ({"baseline": 0.1, "rrr": 0.25, "diversity": 0.25}, 5337.23821935738),
        ({"baseline": 0.02}, 21584.41926946),
        ({"baseline": 0.4, "rrr": 0.2, "power": 0.9}, 1502.56149778601),
        ({"baseline": 0.4, "rrr": 0.2, "power": 0.9, "diversity": 0.5}, 3005.12299557202),
        ({"baseline": 0.3, "rrr": 0.3, "diversity": 0.6}, 1821.23079761841),
        ({"smd": 0.2}, 784.887973434908),
        ({"smd": 0.5}, 125.582075749585),
        ({"smd": -0.5}, 125.582075749585),
        ({"smd": 0.35, "alpha": 0.01, "power": 0.9}, 485.85754022036),
        ({"smd": 0.35, "alpha": 0.01, "power": 0.9, "diversity": 0.3}, 694.0822003148),
    ],
)
def test_values_computed_in_r(given: dict[str, float], total: float) -> None:
    # The sample size is closed form: only quantiles of the normal distribution differ, in the
    # last digits.
    assert syn.optimal_information_size(**given) == pytest.approx(total, rel=1e-10)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "give baseline .* or smd"),
        ({"baseline": 0.2, "smd": 0.2}, "one of the two"),
        ({"baseline": 20}, "baseline must lie between 0 and 1"),
        ({"baseline": 0.2, "rrr": 25}, "For 25 percent write 0.25"),
        ({"baseline": 0.2, "rrr": 0}, "rrr must lie between 0 and 1"),
        ({"baseline": 0.2, "power": 80}, "power must lie between 0 and 1; got 80"),
        ({"baseline": 0.2, "alpha": "a"}, "alpha must be a number"),
        ({"smd": 0}, "smd must not be 0"),
        ({"smd": 0.2, "rrr": 0.25}, "rrr goes with baseline"),
        ({"smd": 0.2, "diversity": 1}, "diversity must be at least 0 and below 1"),
    ],
)
def test_what_is_refused(given: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        syn.optimal_information_size(**given)  # type: ignore[arg-type]
