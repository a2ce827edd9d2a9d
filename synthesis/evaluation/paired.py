"""Exact tests of paired scores on a short scale, where many pairs are equal and many tie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EXACT_AT_MOST = 500
"""Changed pairs up to which the distribution of the signed ranks is computed exactly."""


@dataclass(frozen=True)
class SignedRanks:
    """Wilcoxon's signed-rank test.

    Attributes
    ----------
    statistic : float
        The sum of the ranks of those who went up.
    n : int
        Pairs that changed; those that did not are left out, as Wilcoxon did.
    p_value : float
        Two-sided; NaN if nobody changed.
    exact : bool
        Whether it is the exact probability given the ties, or the normal approximation.
    """

    statistic: float
    n: int
    p_value: float
    exact: bool


def sign_test(up: int, down: int) -> float:
    """Return the exact two-sided p-value that ups and downs are equally likely; NaN for none.

    Pairs that did not change say nothing about the direction and are left out (Dixon & Mood
    1946, J Am Stat Assoc 41:557).

    Examples
    --------
    >>> round(sign_test(9, 1), 4)
    0.0215
    """
    from scipy.stats import binomtest

    return float(binomtest(up, up + down, 0.5).pvalue) if up + down else float("nan")


def signed_ranks(differences: np.ndarray) -> SignedRanks:
    """Return Wilcoxon's signed-rank test, exact with ties.

    Equal sizes of change share the mean of their ranks, and the p-value is the share of all
    assignments of signs to these ranks that are at least as far from the middle. Above 500
    changed pairs it is the normal approximation with the correction for ties.

    Parameters
    ----------
    differences : ndarray, shape (n,)
        Last minus first score of each pair, without missing values.

    References
    ----------
    Wilcoxon 1945, Biometrics Bulletin 1:80. The distribution given the ties is that of all
    assignments of signs; tests compare it with all of them, written out.

    Examples
    --------
    >>> found = signed_ranks(np.array([1, 1, 2, -1, 0, 3]))
    >>> found.n, found.statistic, round(found.p_value, 4), found.exact
    (5, 13.0, 0.25, True)
    """
    from scipy.stats import rankdata, wilcoxon

    changed = differences[differences != 0]
    if not changed.size:
        return SignedRanks(0.0, 0, float("nan"), exact=True)
    ranks = rankdata(np.abs(changed))
    statistic = float(ranks[changed > 0].sum())
    if changed.size > EXACT_AT_MOST:
        p = wilcoxon(changed, method="asymptotic", correction=False).pvalue
        return SignedRanks(statistic, changed.size, float(p), exact=False)
    doubled = np.rint(2 * ranks).astype(int)  # means of ranks are whole or halves
    chance = np.zeros(doubled.sum() + 1)
    chance[0] = 1.0
    for rank in doubled:
        moved = np.zeros_like(chance)
        moved[rank:] = chance[:-rank]
        chance = (chance + moved) / 2
    at = round(2 * statistic)
    p = 2 * min(float(chance[: at + 1].sum()), float(chance[at:].sum()))
    return SignedRanks(statistic, changed.size, min(p, 1.0), exact=True)
