from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.errors import OptionError
from synthesis.effects.formulas import conversions, counts, smd

SIZES = st.integers(2, 2000)


def arrays(*values):
    return [np.array([float(value)]) for value in values]


@given(mean=st.floats(-5, 5), sd_t=st.floats(0.1, 5), sd_c=st.floats(0.1, 5), n_t=SIZES, n_c=SIZES)
def test_t_gives_the_d_of_the_means(mean, sd_t, sd_c, n_t, n_c):
    # d from t must be d from the means, since t = difference/(pooled SD·√(1/n_t + 1/n_c)).
    pooled = smd.pooled_sd(*arrays(sd_t, n_t, sd_c, n_c))
    t = mean / (pooled * np.sqrt(1 / n_t + 1 / n_c))
    d = conversions.d_from_t(t, *arrays(n_t, n_c))
    assert d[0] == pytest.approx(mean / pooled[0], rel=1e-12, abs=1e-300)


@given(d=st.floats(-4, 4), n_t=SIZES, n_c=SIZES)
def test_point_biserial_there_and_back(d, n_t, n_c):
    r = conversions.r_from_d(*arrays(d, n_t, n_c))
    assert conversions.d_from_r(r, *arrays(n_t, n_c))[0] == pytest.approx(d, rel=1e-9, abs=1e-12)


@given(t=st.floats(-8, 8).filter(lambda t: abs(t) > 1e-3), df=st.integers(5, 5000))
def test_p_there_and_back(t, df):
    p = conversions.p_from_t(*arrays(t, df))
    back = conversions.t_from_p(p, *arrays(df, np.sign(t)))
    # Where p is near 1, a small change of p is a large one of t.
    assert back[0] == pytest.approx(t, rel=1e-6, abs=1e-6)


@given(t=st.floats(-8, 8))
def test_f_is_the_square_of_t(t):
    assert conversions.t_from_f(*arrays(t**2, np.sign(t)))[0] == pytest.approx(t, rel=1e-12)


@given(yi=st.floats(-5, 5), vi=st.floats(0.001, 5), scale=st.sampled_from(["logistic", "cox"]))
def test_odds_there_and_back(yi, vi, scale):
    there = conversions.smd_from_log_odds(*arrays(yi, vi), conversion=scale)
    back = conversions.log_odds_from_smd(*there, conversion=scale)
    assert (back[0][0], back[1][0]) == pytest.approx((yi, vi), rel=1e-13)


@pytest.mark.parametrize("name", ["counts_bcg", "counts_zero_cells"])
@pytest.mark.parametrize(
    ("scale", "key"), [("logistic", "or_to_smd_logistic"), ("cox", "or_to_smd_normal")]
)
def test_odds_against_metafor(metafor, name, scale, key):
    # OR2DL and OR2DN of escalc, metafor 3.8; closed formulas, hence 1e-10.
    sheet, reference = metafor(name)
    table = counts.two_by_two(
        *(sheet[column].to_numpy(float) for column in ("events_t", "n_t", "events_c", "n_c"))
    )
    yi, vi = conversions.smd_from_log_odds(*counts.odds_ratio(table), conversion=scale)
    np.testing.assert_allclose(yi, reference[key]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(vi, reference[key]["vi"], rtol=1e-10, atol=1e-10)


def test_coefficients_against_raw_data():
    # Synthetic data: a regression on the dummy alone must give the d of the two means.
    rng = np.random.default_rng(1)
    n_t, n_c = 30, 50
    y = np.concatenate([rng.normal(1, 2, n_t), rng.normal(0, 2, n_c)])
    x = np.repeat([1.0, 0.0], [n_t, n_c])
    treated, control = y[:n_t], y[n_t:]
    b = treated.mean() - control.mean()
    pooled = smd.pooled_sd(*arrays(treated.std(ddof=1), n_t, control.std(ddof=1), n_c))
    by_b = conversions.d_from_b(*arrays(b, y.std(ddof=1), n_t, n_c))
    assert by_b[0] == pytest.approx(b / pooled[0], rel=1e-12)
    beta = b * x.std(ddof=1) / y.std(ddof=1)
    assert conversions.d_from_beta(*arrays(beta, n_t, n_c))[0] == pytest.approx(
        b / pooled[0], rel=1e-12
    )


def test_chi_square_by_hand():
    # N = 100, chi2 = 4: d = 2·√(4/96).
    found = conversions.d_from_chi2(*arrays(4, 50, 50, -1))[0]
    assert found == pytest.approx(-2 * np.sqrt(4 / 96))


def test_chi_square_of_uneven_arms_is_that_of_the_correlation():
    # Scores 0 and 1 in arms of 20 and 60: chi2 = N·r², and d = r·N/√(n_t·n_c·(1 − r²)).
    a, n_t, c, n_c = 14, 20, 21, 60
    table = np.array([[a, n_t - a], [c, n_c - c]], dtype=float)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / 80
    chi2 = ((table - expected) ** 2 / expected).sum()
    outcome = np.repeat([1, 0, 1, 0], [a, n_t - a, c, n_c - c])
    r = np.corrcoef(np.repeat([1, 0], [n_t, n_c]), outcome)[0, 1]
    # Scores of 0 and 1, with the variance within arms over N.
    within = (a * (n_t - a) / n_t + c * (n_c - c) / n_c) / 80
    d = (a / n_t - c / n_c) / np.sqrt(within)
    assert chi2 == pytest.approx(80 * r**2)
    assert conversions.d_from_chi2(*arrays(chi2, n_t, n_c, 1))[0] == pytest.approx(d)


def test_unknown_conversion():
    with pytest.raises(OptionError) as error:
        conversions.smd_from_log_odds(*arrays(1, 1), conversion="normal")
    assert str(error.value) == "conversion must be one of 'logistic', 'cox'; got 'normal'."
