"""Change from before to after, in one group and compared between two. On arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.recover import change_sd
from synthesis.effects.formulas.smd import pooled_sd, small_sample_factor

Arrays = tuple[np.ndarray, np.ndarray]


def mean_change(
    mean_post: np.ndarray,
    mean_pre: np.ndarray,
    sd_post: np.ndarray,
    sd_pre: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the mean change of one group and its variance; r is the pre-post correlation."""
    return mean_post - mean_pre, change_sd(sd_pre, sd_post, r) ** 2 / n


def ratio_of_change(
    mean_post: np.ndarray,
    mean_pre: np.ndarray,
    sd_post: np.ndarray,
    sd_pre: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the logarithm of mean_post/mean_pre and its variance (Lajeunesse 2011)."""
    cv_post, cv_pre = sd_post / mean_post, sd_pre / mean_pre
    return np.log(mean_post / mean_pre), (cv_post**2 + cv_pre**2 - 2 * r * cv_post * cv_pre) / n


def change_in_sds_of_change(
    mean_post: np.ndarray,
    mean_pre: np.ndarray,
    sd_post: np.ndarray,
    sd_pre: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the standardised mean change, in SDs of the change (Gibbons et al. 1993)."""
    yi = small_sample_factor(n - 1) * (mean_post - mean_pre) / change_sd(sd_pre, sd_post, r)
    return yi, 1 / n + yi**2 / (2 * n)


def change_in_sds_before(
    mean_post: np.ndarray, mean_pre: np.ndarray, sd_pre: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the standardised mean change, in SDs at baseline (Becker 1988)."""
    yi = small_sample_factor(n - 1) * (mean_post - mean_pre) / sd_pre
    return yi, 2 * (1 - r) / n + yi**2 / (2 * n)


def difference_of_changes(
    change_t: np.ndarray,
    change_c: np.ndarray,
    sd_pre_t: np.ndarray,
    sd_pre_c: np.ndarray,
    n_t: np.ndarray,
    n_c: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return Morris's d for two groups measured before and after, and its variance.

    The difference between the two mean changes over the pooled SD at baseline: Morris (2008),
    Organ Res Methods 11:364, eq. 8 (d_ppc2) and 25; the small-sample factor is exact here. The
    total size must be > 4.

    Parameters
    ----------
    change_t, change_c : ndarray
        Mean changes.
    sd_pre_t, sd_pre_c : ndarray
        SDs before.
    n_t, n_c : ndarray
        Sizes of the groups.
    r : ndarray
        Correlation between before and after, assumed to be the same in both groups.
    """
    df = n_t + n_c - 2
    J = small_sample_factor(df)
    yi = J * (change_t - change_c) / pooled_sd(sd_pre_t, n_t, sd_pre_c, n_c)
    of_means = 2 * (1 - r) * (1 / n_t + 1 / n_c)
    return yi, J**2 * df / (df - 2) * (of_means + yi**2) - yi**2
