"""Change from before to after, in one group and compared between two. On arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.recover import change_sd
from synthesis.effects.formulas.smd import pooled_sd, small_sample_factor

Arrays = tuple[np.ndarray, np.ndarray]


def mean_change(change: np.ndarray, sd_change: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the mean change of one group and its variance."""
    return change, sd_change**2 / n


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


def variation_ratio_of_change(
    mean_post: np.ndarray,
    mean_pre: np.ndarray,
    sd_post: np.ndarray,
    sd_pre: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the log ratio of the coefficients of variation after and before, and its variance.

    Nakagawa et al. (2015), Methods Ecol Evol 6:143. Both means must be > 0.
    """
    ratio, of_ratio = ratio_of_change(mean_post, mean_pre, sd_post, sd_pre, n, r)
    spread, of_spread = spread_ratio_of_change(sd_post, sd_pre, n, r)
    return spread - ratio, of_spread + of_ratio


def spread_ratio_of_change(
    sd_post: np.ndarray, sd_pre: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the logarithm of sd_post/sd_pre and its variance (Nakagawa et al. 2015)."""
    return np.log(sd_post / sd_pre), (1 - r**2) / (n - 1)


def change_in_sds_of_change(change: np.ndarray, sd_change: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the standardised mean change, in SDs of the change (Gibbons et al. 1993)."""
    yi = small_sample_factor(n - 1) * change / sd_change
    return yi, 1 / n + yi**2 / (2 * n)


def change_from_t(t: np.ndarray, n: np.ndarray) -> Arrays:
    """Return the same from the t of the paired test: the change over its SD is t/√n.

    Examples
    --------
    >>> yi, vi = change_from_t(np.array([2.0]), np.array([16.0]))
    >>> yi.round(4), vi.round(4)
    (array([0.4745]), array([0.0695]))
    """
    return change_in_sds_of_change(t / np.sqrt(n), np.ones_like(t), n)


def change_in_sds_before(
    change: np.ndarray, sd_pre: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the standardised mean change, in SDs at baseline (Becker 1988)."""
    yi = small_sample_factor(n - 1) * change / sd_pre
    return yi, 2 * (1 - r) / n + yi**2 / (2 * n)


def change_in_sds_before_not_equal(
    change: np.ndarray, sd_pre: np.ndarray, sd_post: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the same with a variance that does not assume equal SDs (Bonett 2008).

    Bonett, Psychol Methods 13:99; J² multiplies the variance, as in metafor up to 3.8.
    """
    J = small_sample_factor(n - 1)
    yi = J * change / sd_pre
    of_change = (change_sd(sd_pre, sd_post, r) / sd_pre) ** 2
    return yi, J**2 * (of_change + yi**2 / 2) / (n - 1)


def change_in_average_sds(
    change: np.ndarray, sd_pre: np.ndarray, sd_post: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the standardised mean change, in the average SD (Cousineau 2020).

    Quant Methods Psychol 16:418: the squared average SD has 2(n − 1)/(1 + r²) df.
    """
    yi = _in_average_sds(change, sd_pre, sd_post, n, r)
    return yi, 2 * (1 - r) / n + yi**2 * (1 + r**2) / (4 * n)


def change_in_average_sds_not_equal(
    change: np.ndarray, sd_pre: np.ndarray, sd_post: np.ndarray, n: np.ndarray, r: np.ndarray
) -> Arrays:
    """Return the same with a variance that does not assume equal SDs (Bonett 2008, eq. 9)."""
    yi = _in_average_sds(change, sd_pre, sd_post, n, r)
    mean = (sd_pre**2 + sd_post**2) / 2
    of_sds = sd_pre**4 + sd_post**4 + 2 * (r * sd_pre * sd_post) ** 2
    of_change = change_sd(sd_pre, sd_post, r) ** 2 / mean
    return yi, (of_change + yi**2 * of_sds / (8 * mean**2)) / (n - 1)


def _in_average_sds(
    change: np.ndarray, sd_pre: np.ndarray, sd_post: np.ndarray, n: np.ndarray, r: np.ndarray
) -> np.ndarray:
    J = small_sample_factor(2 * (n - 1) / (1 + r**2))
    return np.asarray(J * change / np.sqrt((sd_pre**2 + sd_post**2) / 2))


def difference_of_changes(
    change_t: np.ndarray,
    change_c: np.ndarray,
    sd_pre_t: np.ndarray,
    sd_pre_c: np.ndarray,
    n_t: np.ndarray,
    n_c: np.ndarray,
    r: np.ndarray,
    r_c: np.ndarray | None = None,
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
        Correlation between before and after, in both groups unless `r_c` is given.
    r_c : ndarray, optional
        That of the control group, where it differs.
    """
    df = n_t + n_c - 2
    J = small_sample_factor(df)
    yi = J * (change_t - change_c) / pooled_sd(sd_pre_t, n_t, sd_pre_c, n_c)
    of_means = 2 * (1 - r) / n_t + 2 * (1 - (r if r_c is None else r_c)) / n_c
    return yi, J**2 * df / (df - 2) * (of_means + yi**2) - yi**2
