"""Absolute effects: the Cochrane Handbook's examples, and algebra that each test spells out."""

from __future__ import annotations

import math

import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.appraisal.readings.needed import needed


def test_the_handbooks_risk_ratio() -> None:
    # Handbook 15.4.4.2: RR 0.92 at a risk of 0.3 is 24 fewer per 1,000, and an NNT of 42.
    found = syn.absolute_effect("rr", 0.92, ci=(0.86, 0.98), baseline=0.3)
    assert found.risk == pytest.approx((0.276, 0.258, 0.294))
    assert found.difference == pytest.approx((-24, -42, -6))
    assert found.nnt == pytest.approx((1 / 0.024, 1 / 0.042, 1 / 0.006))
    assert found.direction == "fewer"
    said = str(found)
    assert "24 fewer (42 fewer to 6 fewer)" in said
    assert "NNT for one fewer event 42 (24 to 167)" in said


def test_the_handbooks_odds_ratio() -> None:
    # Handbook 15.4.4.3: OR 0.73 at a risk of 0.3 is 62 fewer per 1,000.
    found = syn.absolute_effect("or", 0.73, baseline=0.3)
    odds = 0.3 / 0.7 * 0.73
    assert found.risk[0] == pytest.approx(odds / (1 + odds))
    assert round(found.difference[0]) == -62
    assert all(math.isnan(limit) for limit in found.nnt[1:])


@pytest.mark.parametrize(
    ("measure", "effect", "baseline", "risk"),
    [
        ("hr", 0.7, 0.4, 1 - 0.6**0.7),
        ("hr", 1.3, 0.05, 1 - 0.95**1.3),
        ("rd", 0.1, 0.2, 0.3),
        ("peto", 2.0, 0.5, 2 / 3),
        ("rr", 1.8, 0.4, 0.72),
        ("or", 6.0, 0.9, 54 / 55),
    ],
)
def test_every_measure_by_its_formula(
    measure: str, effect: float, baseline: float, risk: float
) -> None:
    found = syn.absolute_effect(measure, effect, baseline=baseline, per=100)
    assert found.risk[0] == pytest.approx(risk, rel=1e-12)
    assert found.difference[0] == pytest.approx(100 * (risk - baseline), rel=1e-10)
    assert found.nnt[0] == pytest.approx(1 / abs(risk - baseline), rel=1e-10)


def test_standardised_differences_both_ways() -> None:
    from statistics import NormalDist

    normal = NormalDist()
    curve = syn.absolute_effect("smd", 0.5, ci=(0.2, 0.8), baseline=0.2, conversion="normal")
    assert curve.risk == pytest.approx(
        [normal.cdf(normal.inv_cdf(0.2) + d) for d in (0.5, 0.2, 0.8)]
    )
    odds = [0.25 * math.exp(d * math.pi / math.sqrt(3)) for d in (0.5, 0.2, 0.8)]
    logistic = syn.absolute_effect("smd", 0.5, ci=(0.2, 0.8), baseline=0.2)
    assert logistic.risk == pytest.approx([one / (1 + one) for one in odds])
    assert logistic.direction == "more"


def test_an_interval_with_no_effect_runs_through_infinity() -> None:
    found = syn.absolute_effect("rr", 0.92, ci=(0.80, 1.06), baseline=0.3)
    assert found.nnt == pytest.approx((1 / 0.024, -1 / 0.018, 1 / 0.060))
    said = "NNT for one fewer event 42 (NNT for one more event 56 to infinity to NNT for one fewer "
    assert said in str(found)
    none = syn.absolute_effect("rr", 1.0, ci=(0.8, 1.2), baseline=0.2)
    assert none.nnt[0] == math.inf
    assert none.direction == "none"
    edge = syn.absolute_effect("rr", 0.9, ci=(0.8, 1.0), baseline=0.2)
    assert edge.nnt == pytest.approx((50, 25, math.inf))
    assert "50 (25 to infinity)" in str(edge)


def test_risks_beyond_the_possible_are_cut_and_said() -> None:
    found = syn.absolute_effect("rr", 2.5, ci=(1.5, 4.0), baseline=0.5)
    assert found.risk == (1.0, 0.75, 1.0)
    assert any("was cut" in note for note in found.notes)
    assert not syn.absolute_effect("or", 2.5, ci=(1.5, 4.0), baseline=0.5).notes


def test_a_risk_difference_needs_no_baseline() -> None:
    found = syn.absolute_effect("rd", -0.05, ci=(-0.1, -0.01))
    assert found.nnt == pytest.approx((20, 10, 100))
    assert math.isnan(found.risk[0])
    frame = found.to_frame()
    assert frame.loc["difference"].tolist() == pytest.approx([-50, -100, -10])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"measure": "md", "effect": 1, "baseline": 0.2}, OptionError, "measure must be one of"),
        ({"measure": "rr", "effect": 0.9}, OptionError, "baseline: the risk without"),
        ({"measure": "rr", "effect": 0.9, "baseline": 30}, OptionError, "between 0 and 1"),
        ({"measure": "rr", "effect": 0.9, "baseline": "a"}, OptionError, "must be a number"),
        ({"measure": "rr", "effect": -0.1, "baseline": 0.2}, DataError, "not its logarithm"),
        ({"measure": "rd", "effect": -5, "baseline": 0.2}, DataError, "in percent"),
        ({"measure": "rr", "effect": math.nan, "baseline": 0.2}, DataError, "missing"),
        ({"measure": "rr", "effect": "x", "baseline": 0.2}, OptionError, "must be numbers"),
        ({"measure": "rr", "effect": 0.9, "ci": 0.8, "baseline": 0.2}, OptionError, "a pair"),
        ({"measure": "rr", "effect": 0.9, "ci": (1.1, 0.8), "baseline": 0.2}, DataError, "lower"),
        ({"measure": "rr", "effect": 0.9, "baseline": 0.2, "per": 0}, OptionError, "per must be"),
    ],
)
def test_what_is_refused(given: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        syn.absolute_effect(**given)  # type: ignore[arg-type]


def test_numbers_needed_in_words() -> None:
    assert needed(-0.1, (-0.25, -0.05)) == "NNT for harm 10.0 (4.0 to 20.0)"
    assert needed(0.1, (math.nan, math.nan)) == "NNT for benefit 10.0"
    assert needed(0.0, (-0.5, 0.5), digits=0) == (
        "infinite NNT (NNT for harm 2 to infinity to NNT for benefit 2)"
    )
