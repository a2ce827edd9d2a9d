from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthesis.effects.formulas import single

ONE = np.array


@given(r=st.floats(-0.999, 0.999), n=st.integers(5, 10_000_000))
def test_unbiased_correlation_is_finite_and_larger(r, n):
    unbiased, variance = single.unbiased_correlation(ONE([r]), ONE([float(n)]))
    assert abs(r) <= abs(unbiased[0]) <= abs(r) * 1.6
    assert np.isfinite(variance[0])


def test_unbiased_correlation_where_series_and_library_meet():
    # n = 102 is the first size computed by the series; scipy still converges there.
    from scipy.special import hyp2f1

    r = ONE([0.0, 0.1, 0.5, 0.99])
    unbiased, _ = single.unbiased_correlation(r, np.full(4, 102.0))
    np.testing.assert_allclose(unbiased, r * hyp2f1(0.5, 0.5, 50, 1 - r**2), rtol=1e-13)


@given(r=st.floats(-0.999, 0.999), n=st.integers(5, 10_000))
def test_sign_flips(r, n):
    for effect in (single.correlation, single.unbiased_correlation, single.fisher_z):
        yi, vi = effect(ONE([r]), ONE([float(n)]))
        flipped, same = effect(ONE([-r]), ONE([float(n)]))
        assert flipped[0] == -yi[0]
        assert same[0] == vi[0]


def test_proportions_at_the_edge():
    yi, vi = single.logit(ONE([0.0, 10.0, 5.0]), ONE([10.0, 10.0, 10.0]))
    assert yi == pytest.approx([np.log(0.5 / 10.5), np.log(10.5 / 0.5), 0.0], rel=1e-14)
    assert vi == pytest.approx([1 / 0.5 + 1 / 10.5, 1 / 0.5 + 1 / 10.5, 0.4], rel=1e-14)
    share, variance = single.proportion(ONE([0.0]), ONE([10.0]), zero_cells="none")
    assert (share[0], variance[0]) == (0.0, 0.0)
    log, _ = single.log_proportion(ONE([0.0]), ONE([10.0]))
    assert log[0] == pytest.approx(np.log(0.5 / 11), rel=1e-14)


@given(n=st.integers(2, 10_000), data=st.data())
def test_counting_the_others_mirrors_the_angle(n, data):
    events = data.draw(st.integers(0, n))
    for effect in (single.arcsine, single.freeman_tukey):
        yi, _ = effect(ONE([float(events)]), ONE([float(n)]))
        others, _ = effect(ONE([float(n - events)]), ONE([float(n)]))
        # 1e-7: the arcsine is steep at 1, where rounding of its argument is magnified.
        assert yi[0] + others[0] == pytest.approx(np.pi / 2, abs=1e-7)
