from __future__ import annotations

import numpy as np
import pytest

from synthesis.effects import change
from synthesis.effects.routes import effect_sizes


@pytest.mark.parametrize("measure", ["mean_change", "smcc", "smcr", "romc"])
def test_against_metafor(metafor, measure):
    # escalc of metafor 3.8 (MC, SMCC, SMCR, ROMC); closed formulas, hence 1e-10.
    sheet, reference = metafor("prepost_morris2008")
    es = effect_sizes(sheet, measure)
    np.testing.assert_allclose(es["yi"], reference[measure]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(es["vi"], reference[measure]["vi"], rtol=1e-10, atol=1e-10)
    assert es["route"].tolist() == ["one_group"] * 5


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
