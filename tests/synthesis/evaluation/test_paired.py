"""Exact paired tests: against enumeration of every assignment of signs, and against SciPy."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import rankdata, wilcoxon

from synthesis.evaluation.paired import sign_test, signed_ranks

TIED = [
    [1, 1, 2, -1, 0, 3],
    [2, 2, 2, -2, -2, 1, 1],
    [0, 0, 1],
    [1, 1, 1, 1, 1, 1],
    [-3, 1, 1, -1, 2, 2, 4, -4, 0],
    [1, -1],
]


@pytest.mark.parametrize("given", TIED)
def test_with_ties_it_is_the_share_of_all_assignments_of_signs(given: list[int]) -> None:
    changed = np.array([one for one in given if one])
    ranks = rankdata(np.abs(changed))
    seen = ranks[changed > 0].sum()
    sums = np.array([ranks @ np.array(signs) for signs in product((0, 1), repeat=len(ranks))])
    p = min(1.0, 2 * min((sums <= seen).mean(), (sums >= seen).mean()))
    found = signed_ranks(np.array(given, dtype=float))
    assert found.p_value == pytest.approx(p, rel=1e-12)
    assert (found.statistic, found.n, found.exact) == (seen, len(changed), True)


@pytest.mark.parametrize("n", [5, 12, 40])
def test_without_ties_it_is_scipys_exact_test(n: int) -> None:
    apart = np.random.default_rng(n).normal(0.3, 1, n)
    assert signed_ranks(apart).p_value == pytest.approx(
        wilcoxon(apart, method="exact").pvalue, rel=1e-9
    )


def test_turning_the_scale_round_changes_nothing() -> None:
    given = np.array(TIED[4], dtype=float)
    assert signed_ranks(-given).p_value == pytest.approx(signed_ranks(given).p_value)


def test_many_pairs_use_the_normal_approximation_and_say_so() -> None:
    given = np.random.default_rng(1).integers(-2, 4, 900).astype(float)
    found = signed_ranks(given)
    assert not found.exact
    # The approximation leaves out zeros and corrects for ties, as SciPy's default does.
    assert found.p_value == pytest.approx(wilcoxon(given, method="asymptotic").pvalue)


def test_nobody_changed() -> None:
    assert np.isnan(signed_ranks(np.zeros(4)).p_value)
    assert np.isnan(sign_test(0, 0))


@pytest.mark.parametrize(("up", "down", "p"), [(6, 0, 2 / 64), (5, 1, 14 / 64), (3, 3, 1.0)])
def test_the_sign_test_by_hand(up: int, down: int, p: float) -> None:
    assert sign_test(up, down) == pytest.approx(p)
