from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arrowroot.errors import OptionError
from synthesis.effects.formulas import smd

ARMS = st.tuples(
    st.floats(-1e3, 1e3),
    st.floats(0.01, 1e3),
    st.integers(3, 10_000),
    st.floats(-1e3, 1e3),
    st.floats(0.01, 1e3),
    st.integers(3, 10_000),
)
FORMS = [
    *[{"variance": form} for form in smd.VARIANCES],
    {"correct": False},
    {"sd": "control"},
    {"sd": "average"},
]
SYMMETRIC = [form for form in FORMS if form.get("sd") != "control"]


def _arrays(arms):
    return [np.array([float(value)]) for value in arms]


def test_factor_is_the_ratio_of_gamma_functions():
    # Hedges 1981, eq. 6e, evaluated directly where the gamma function does not overflow.
    for df in range(2, 300):
        direct = math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2))
        # 1e-13: at 100 the logarithms lose two digits of sixteen; beyond, the series takes over.
        assert smd.small_sample_factor(np.array([df]))[0] == pytest.approx(direct, rel=1e-13)


def test_factor_of_huge_studies():
    # 1 - J = 3/(4m) + O(1/m²): at m = 1e9 the second term is out of reach of the digits.
    assert 1 - smd.small_sample_factor(np.array([1e9]))[0] == pytest.approx(7.5e-10, rel=1e-6)


def test_factor_has_no_value_without_two_degrees_of_freedom():
    assert np.isnan(smd.small_sample_factor(np.array([1.0, 0.0]))).all()


@pytest.mark.parametrize("n", [1_000, 1_000_000])
@pytest.mark.parametrize("form", FORMS)
def test_large_arms_stay_finite(n, form):
    yi, vi = smd.from_means(*_arrays((1.0, 2.0, n, 0.0, 2.0, n)), **form)
    # At these sizes J is 1 to within 1/n, and so is g to d = 0.5.
    assert yi[0] == pytest.approx(0.5, abs=1 / n)
    assert vi[0] == pytest.approx(2 / n + 0.25 / (4 * n), rel=0.1 if form.get("sd") else 2 / n)


@pytest.mark.parametrize("form", FORMS)
@given(arms=ARMS)
def test_sign_flips_with_the_means(form, arms):
    mean_t, sd_t, n_t, mean_c, sd_c, n_c = _arrays(arms)
    yi, vi = smd.from_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c, **form)
    flipped, same = smd.from_means(-mean_t, sd_t, n_t, -mean_c, sd_c, n_c, **form)
    assert flipped[0] == -yi[0]
    assert same[0] == vi[0]


@pytest.mark.parametrize("form", SYMMETRIC)
@given(arms=ARMS)
def test_swapping_the_arms_flips_the_sign(form, arms):
    mean_t, sd_t, n_t, mean_c, sd_c, n_c = _arrays(arms)
    yi, vi = smd.from_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c, **form)
    swapped, same = smd.from_means(mean_c, sd_c, n_c, mean_t, sd_t, n_t, **form)
    # Sums in the other order may differ in the last bits.
    assert swapped[0] == pytest.approx(-yi[0], rel=1e-13)
    assert same[0] == pytest.approx(vi[0], rel=1e-13)


@pytest.mark.parametrize("form", FORMS)
@given(arms=ARMS, power=st.integers(-8, 8))
def test_the_unit_does_not_matter(form, arms, power):
    mean_t, sd_t, n_t, mean_c, sd_c, n_c = _arrays(arms)
    unit = 2.0**power  # a power of two scales without rounding
    yi, vi = smd.from_means(mean_t, sd_t, n_t, mean_c, sd_c, n_c, **form)
    scaled, same = smd.from_means(
        unit * mean_t, unit * sd_t, n_t, unit * mean_c, unit * sd_c, n_c, **form
    )
    assert scaled[0] == pytest.approx(yi[0], rel=1e-14)
    assert same[0] == pytest.approx(vi[0], rel=1e-14)


def test_revman_by_hand():
    # d = 1 with 10 in each arm: J = 1 - 3/71, V = 20/100 + g^2/(2 * 16.06).
    yi, vi = smd.from_means(*_arrays((1, 1, 10, 0, 1, 10)), variance="revman")
    g = 1 - 3 / 71
    assert yi[0] == pytest.approx(g, rel=1e-15)
    assert vi[0] == pytest.approx(0.2 + g**2 / 32.12, rel=1e-15)


def test_glass_divides_by_the_control_sd():
    yi, vi = smd.from_means(*_arrays((3, 9, 10, 0, 2, 11)), sd="control", correct=False)
    assert yi[0] == 1.5
    assert vi[0] == pytest.approx(1 / 10 + 1 / 11 + 1.5**2 / 22, rel=1e-15)


def test_forms_belong_to_the_pooled_sd():
    with pytest.raises(OptionError) as error:
        smd.check_form("ub", "control")
    assert str(error.value) == "variance with sd='control' must be one of 'ls'; got 'ub'."


def test_description_names_the_choice():
    assert smd.described("ls", correct=True, sd="pooled") == (
        "g = J·d, d = mean_t − mean_c over the pooled SD, J exact (Hedges 1981); "
        "V = 1/n_t + 1/n_c + g²/(2N) (Hedges & Olkin 1985)"
    )
