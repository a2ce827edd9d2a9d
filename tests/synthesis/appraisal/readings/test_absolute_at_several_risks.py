"""Absolute effects as R computes them and as the Cochrane Handbook prints them."""

from __future__ import annotations

import math

import pytest

import synthesis as syn
from arrowroot.errors import OptionError

# measure, effect, interval, baseline; then per 1,000: risk with (limits), difference (limits), and
# the number needed to treat, rounded up, as computed in R. Limits of the difference of a risk that
# was cut at 0 or 1 are those of the cut risk.
ROWS = [
    ("rr", 0.92, (0.8, 1.06), 0.3, (276, 240, 318), (-24, -60, 18), 42),
    ("rr", 0.1, (0.04, 0.26), 0.01, (1, 0, 3), (-9, -10, -7), 112),
    ("rr", 0.1, (0.04, 0.26), 0.03, (3, 1, 8), (-27, -29, -22), 38),
    ("rr", 0.45, (0.18, 1.13), 0.013, (6, 2, 15), (-7, -11, 2), 140),
    ("rr", 1.8, (1.1, 2.95), 0.4, (720, 440, 1000), (320, 40, 600), 4),
    ("rr", 1.0, (0.9, 1.11), 0.2, (200, 180, 222), (0, -20, 22), None),
    ("rr", 2.5, (1.6, 3.9), 0.5, (1000, 800, 1000), (500, 300, 500), 2),
    ("or", 0.73, (0.55, 0.97), 0.3, (238, 191, 294), (-62, -109, -6), 17),
    ("or", 1.99, (1.37, 2.89), 0.08, (148, 106, 201), (68, 26, 121), 15),
    ("or", 0.5, (0.2, 1.25), 0.001, (1, 0, 1), (0, -1, 0), 2002),
    ("or", 6.0, (2.1, 17), 0.9, (982, 950, 994), (82, 50, 94), 13),
    ("hr", 0.7, (0.55, 0.89), 0.4, (301, 245, 365), (-99, -155, -35), 11),
    ("hr", 1.3, (0.95, 1.78), 0.05, (65, 48, 87), (15, -2, 37), 69),
    ("rd", -0.05, (-0.09, -0.01), 0.06, (10, 0, 50), (-50, -60, -10), 20),
    ("rd", 0.1, (-0.02, 0.22), 0.9, (1000, 880, 1000), (100, -20, 100), 10),
]


@pytest.mark.parametrize(("measure", "effect", "ci", "risk", "with_it", "change", "nnt"), ROWS)
def test_whole_numbers_as_computed_in_r(
    measure: str,
    effect: float,
    ci: tuple[float, float],
    risk: float,
    with_it: tuple[int, ...],
    change: tuple[int, ...],
    nnt: int | None,
) -> None:
    found = syn.absolute_effect(measure, effect, ci=ci, baseline=risk)
    assert tuple(round(1000 * one) for one in found.risk) == with_it
    assert tuple(round(one) for one in found.difference) == change
    if nnt is None:
        assert found.nnt[0] == math.inf
    else:
        # 1 / 0.1 is a little more than 10 in binary: whole numbers are met to 1e-9.
        assert math.ceil(found.nnt[0] - 1e-9) == nnt


def test_several_risks_by_name() -> None:
    both = syn.absolute_effect(
        "rr", 0.1, ci=(0.04, 0.26), baseline={"low risk": 0.01, "high risk": 0.03}
    )
    assert len(both) == 2
    assert [one.baseline for one in both] == [0.01, 0.03]
    frame = both.to_frame()
    assert frame.index.tolist() == ["low risk", "high risk"]
    assert frame.loc["high risk", "risk"] == both["high risk"].risk[0] == pytest.approx(0.003)
    assert "high risk: RR 0.10 (0.04 to 0.26) at a risk of 0.03" in str(both)
    assert "<th scope='row'" in both._repr_html_()


def test_several_risks_without_names() -> None:
    found = syn.absolute_effect("or", 0.73, baseline=[0.1, 0.3])
    assert list(found.effects) == ["0.1", "0.3"]
    assert round(found["0.3"].difference[0]) == -62
    with pytest.raises(OptionError, match="no risk was given"):
        syn.absolute_effect("or", 0.73, baseline=[])
    with pytest.raises(OptionError, match="between 0 and 1"):
        syn.absolute_effect("or", 0.73, baseline={"high": 3})
