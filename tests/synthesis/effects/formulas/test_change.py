from __future__ import annotations

import numpy as np
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import change
from synthesis.effects.formulas.smd import small_sample_factor


@pytest.mark.parametrize("measure", ["mean_change", "smcc", "smcr", "romc"])
def test_against_metafor(metafor, measure):
    # escalc of metafor 3.8 (MC, SMCC, SMCR, ROMC); closed formulas, hence 1e-10.
    sheet, reference = metafor("prepost_morris2008")
    es = effect_sizes(sheet, measure)
    np.testing.assert_allclose(es["yi"], reference[measure]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(es["vi"], reference[measure]["vi"], rtol=1e-10, atol=1e-10)
    assert es["route"].tolist() == ["one_group"] * 5


def test_morris_against_his_table_and_metafor(metafor):
    sheet, reference = metafor("prepost_two_groups_morris2008")
    es = effect_sizes(sheet.assign(route="pre_post"))
    # Morris (2008), Table 5, column d_ppc2, as metafor's worked example confirms it.
    assert es["yi"].round(2).tolist() == [0.77, 0.80, 1.20, 1.05, 0.44]
    # Closed formulas with the same exact factor, hence 1e-10.
    np.testing.assert_allclose(es["yi"], reference["ppc2"]["yi"], rtol=1e-10)
    # metafor's example has the large-sample form; Morris's eq. 25 is exact, and larger here.
    ratio = es["vi"] / reference["ppc2"]["vi_large_sample"]
    assert ratio.between(1, 1.2).all()


@pytest.mark.parametrize("arm", ["t", "c"])
def test_each_group_of_that_example(metafor, arm):
    sheet, reference = metafor("prepost_two_groups_morris2008")
    group = sheet[["study", "r"]].assign(
        mean_post=sheet[f"mean_{arm}"],
        mean_pre=sheet[f"mean_pre_{arm}"],
        sd_pre=sheet[f"sd_pre_{arm}"],
        n=sheet[f"n_{arm}"],
    )
    es = effect_sizes(group, "smcr")
    np.testing.assert_allclose(es["yi"], reference[f"smcr_{arm}"]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(es["vi"], reference[f"smcr_{arm}"]["vi"], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(("n_t", "n_c"), [(5, 6), (20, 20), (50, 42), (400, 300)])
@pytest.mark.parametrize("r", [0.0, 0.47, 0.89])
@pytest.mark.parametrize("delta", [0.0, 0.4, 1.5])
def test_the_variance_of_morris_is_that_of_a_noncentral_t(n_t, n_c, r, delta):
    """Over its standard error, d follows a noncentral t: its variance, from scipy, times J²."""
    from scipy.stats import nct

    df = n_t + n_c - 2
    factor = small_sample_factor(np.array([float(df)]))[0]
    # Changes such that the corrected d is delta, the value that the variance is taken at.
    one, sizes = np.ones(1), (np.array([float(n_t)]), np.array([float(n_c)]))
    yi, vi = change.difference_of_changes(delta / factor * one, 0 * one, one, one, *sizes, r * one)
    assert yi[0] == pytest.approx(delta, abs=1e-12)
    spread = 2 * (1 - r) * (1 / n_t + 1 / n_c)
    exact = factor**2 * spread * nct.var(df, delta / np.sqrt(spread))
    # scipy sums the moments of the noncentral t to about nine digits.
    assert vi[0] == pytest.approx(exact, rel=1e-7)


def test_morris_in_large_samples():
    # As n grows the variance tends to 2(1−r)(1/n_t + 1/n_c) + d²/(2N), its large-sample form.
    n = np.array([1e6])
    one = np.ones(1)
    yi, vi = change.difference_of_changes(0.5 * one, 0 * one, one, one, n, n, 0.7 * one)
    assert yi[0] == pytest.approx(0.5, rel=1e-5)
    assert vi[0] == pytest.approx(0.6 * 2e-6 + 0.25 / 4e6, rel=1e-4)


def test_morris_by_hand():
    # n = 10 each, d = 1, r = 0.5: J = Γ(9)/(3·Γ(8.5)), of_means = 2·0.5·0.2.
    one, n = np.ones(1), np.array([10.0])
    yi, vi = change.difference_of_changes(one, 0 * one, one, one, n, n, 0.5 * one)
    from math import gamma

    factor = gamma(9) / (3 * gamma(8.5))
    assert yi[0] == pytest.approx(factor, rel=1e-12)
    assert vi[0] == pytest.approx(factor**2 * 18 / 16 * (0.2 + factor**2) - factor**2, rel=1e-12)
