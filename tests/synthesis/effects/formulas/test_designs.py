from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.formulas import designs


def arrays(*values):
    return [np.array([float(value)]) for value in values]


def test_cluster_trial_of_the_handbook():
    # Handbook 23.1: OR with ln −0.23 and SE 0.19; design effect 1.576 gives SE 0.24.
    effect = designs.design_effect(*arrays(0.02, 29.8))
    assert effect[0] == pytest.approx(1.576, abs=1e-12)
    assert round(0.19 * float(np.sqrt(effect[0])), 2) == 0.24


def test_crossover_of_the_handbook():
    # Handbook 23.2.7.2: SMD 0.218, SE 0.256.
    smd, variance = designs.crossover_smd(*arrays(7.0, 2.38, 6.5, 2.21, 10, 0.68))
    assert (round(float(smd[0]), 3), round(float(variance[0]) ** 0.5, 3)) == (0.218, 0.256)


@given(data=st.data())
def test_combining_arms_is_pooling_the_people(data):
    values = st.lists(st.floats(-100, 100), min_size=2, max_size=20)
    first, second = (np.array(data.draw(values)) for _ in range(2))
    mean, sd, n = designs.combine_arms(
        *arrays(first.mean(), first.std(ddof=1), first.size),
        *arrays(second.mean(), second.std(ddof=1), second.size),
    )
    both = np.concatenate([first, second])
    assert n[0] == both.size
    assert mean[0] == pytest.approx(both.mean(), rel=1e-9, abs=1e-9)
    assert sd[0] == pytest.approx(both.std(ddof=1), rel=1e-9, abs=1e-9)
