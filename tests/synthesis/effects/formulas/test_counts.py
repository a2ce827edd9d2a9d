from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.errors import OptionError
from synthesis.effects.formulas import counts

TWO_GROUPS = {
    "or": counts.odds_ratio,
    "rr": counts.risk_ratio,
    "rd": counts.risk_difference,
    "asd": counts.arcsine_difference,
    "peto": counts.peto_odds_ratio,
    "probit": counts.probit_difference,
}


@st.composite
def groups(draw):
    n_t, n_c = draw(st.integers(2, 5000)), draw(st.integers(2, 5000))
    events_t, events_c = draw(st.integers(0, n_t)), draw(st.integers(0, n_c))
    return [np.array([float(value)]) for value in (events_t, n_t, events_c, n_c)]


@pytest.mark.parametrize("effect", TWO_GROUPS.values(), ids=TWO_GROUPS)
@given(arms=groups())
def test_swapping_the_groups_flips_the_sign(effect, arms):
    events_t, n_t, events_c, n_c = arms
    yi, vi = effect(counts.two_by_two(events_t, n_t, events_c, n_c, zero_cells="all"))
    swapped, same = effect(counts.two_by_two(events_c, n_c, events_t, n_t, zero_cells="all"))
    # 1e-9: Peto and the probit subtract nearly equal numbers in large groups.
    assert swapped[0] == pytest.approx(-yi[0], rel=1e-9, abs=1e-9)
    assert same[0] == pytest.approx(vi[0], rel=1e-12)


@pytest.mark.parametrize("name", ["or", "rd", "peto"])
@given(arms=groups())
def test_counting_the_others_flips_the_sign(name, arms):
    events_t, n_t, events_c, n_c = arms
    effect = TWO_GROUPS[name]
    yi, vi = effect(counts.two_by_two(events_t, n_t, events_c, n_c, zero_cells="all"))
    others, same = effect(
        counts.two_by_two(n_t - events_t, n_t, n_c - events_c, n_c, zero_cells="all")
    )
    assert others[0] == pytest.approx(-yi[0], rel=1e-9, abs=1e-9)
    assert same[0] == pytest.approx(vi[0], rel=1e-12)


def _table(zero_cells, events_t=0.0):
    arms = [np.array([value]) for value in (events_t, 20.0, 4.0, 60.0)]
    table = counts.two_by_two(*arms, zero_cells=zero_cells)
    return [
        float(cell[0]) for cell in (table.events_t, table.others_t, table.events_c, table.others_c)
    ]


def test_each_rule_for_zero_cells():
    assert _table("half") == [0.5, 20.5, 4.5, 56.5]
    assert _table("all") == [0.5, 20.5, 4.5, 56.5]
    assert _table("none") == [0.0, 20.0, 4.0, 56.0]
    # The reciprocals of the other arm's size, 1/60 to 1/20, scaled to sum to 1.
    assert _table("reciprocal") == [0.25, 20.25, 4.75, 56.75]


def test_tables_without_zero_are_left_alone():
    assert _table("half", 2.0) == [2.0, 18.0, 4.0, 56.0]
    assert _table("reciprocal", 2.0) == [2.0, 18.0, 4.0, 56.0]
    assert _table("all", 2.0) == [2.5, 18.5, 4.5, 56.5]


def test_rates_with_a_zero():
    one = [np.array([value]) for value in (0.0, 100.0, 4.0, 200.0)]
    yi, vi = counts.rate_ratio(*one)
    assert yi[0] == pytest.approx(np.log((0.5 / 100) / (4.5 / 200)), rel=1e-14)
    assert vi[0] == pytest.approx(1 / 0.5 + 1 / 4.5, rel=1e-14)
    yi, vi = counts.rate_difference(*one, zero_cells="none")
    assert yi[0] == -0.02
    assert vi[0] == pytest.approx(4 / 200**2, rel=1e-14)


def test_reciprocal_needs_two_groups_of_known_size():
    with pytest.raises(OptionError) as error:
        counts.halves(np.array([True]), "reciprocal")
    assert str(error.value) == (
        "zero_cells must be one of 'half', 'all', 'none'; got 'reciprocal'."
    )
