"""Designs for which a plain formula is wrong: clusters, shared controls, crossover. On arrays."""

from __future__ import annotations

import numpy as np

Arrays = tuple[np.ndarray, np.ndarray]

CLUSTER_RULES = {
    "inflate": "variance multiplied by the design effect",
    "reduce": "numbers of people divided by the design effect, means and SDs as they are",
}
"""What is done about cluster-randomised trials, by option name (Handbook 23.1)."""

REDUCIBLE = frozenset({"means", "counts", "categories", "pre_post", "change_scores"})
"""Routes from numbers of people in each arm, which can be reduced to the effective number."""

DIVISIBLE = REDUCIBLE | {"variability", "rates"}
"""Routes from what was measured in each arm, whose control can be divided among several rows."""


def design_effect(icc: np.ndarray, cluster_size: np.ndarray) -> np.ndarray:
    """Return the factor by which clustering inflates a variance: 1 + (M − 1)·ICC (Handbook 23.1).

    Parameters
    ----------
    icc : ndarray
        Intracluster correlation.
    cluster_size : ndarray
        Mean number of participants in a cluster, M.

    Returns
    -------
    ndarray
        The design effect: multiply variances by it, or divide sample sizes.

    Examples
    --------
    >>> design_effect(np.array([0.02]), np.array([29.8])).round(3)
    array([1.576])
    """
    return np.asarray(1 + (cluster_size - 1) * icc)


def combine_arms(
    mean_1: np.ndarray,
    sd_1: np.ndarray,
    n_1: np.ndarray,
    mean_2: np.ndarray,
    sd_2: np.ndarray,
    n_2: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, SD and size of two arms combined into one (Handbook, table 6.5.a).

    The means keep their signs: the SD includes the square of their difference.

    Parameters
    ----------
    mean_1, sd_1, n_1, mean_2, sd_2, n_2 : ndarray
        Of the two arms, an element a study.

    Returns
    -------
    tuple of ndarray
        Mean, SD and size of the combined arm.

    Examples
    --------
    >>> one = np.array
    >>> mean, sd, n = combine_arms(*map(one, ([-2.0], [4.0], [50.0], [3.0], [5.0], [50.0])))
    >>> mean, sd.round(2), n
    (array([0.5]), array([5.16]), array([100.]))
    """
    n = n_1 + n_2
    between = n_1 * n_2 / n * (mean_1 - mean_2) ** 2
    sd = np.sqrt(((n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2 + between) / (n - 1))
    return (n_1 * mean_1 + n_2 * mean_2) / n, sd, n


def combine_all(means: np.ndarray, sds: np.ndarray, n: np.ndarray) -> tuple[float, float]:
    """Return mean and SD of several arms of one trial together, one added after the other.

    Parameters
    ----------
    means, sds, n : ndarray
        Of the arms, an element an arm; NaN where an SD is not known, and then for all.

    Examples
    --------
    >>> combine_all(np.array([20.0, 30.0]), np.array([4.0, 9.0]), np.array([20.0, 20.0]))
    (25.0, 8.5...)
    """
    mean, sd, size = means[:1], sds[:1], n[:1]
    for at in range(1, n.size):
        one = slice(at, at + 1)
        mean, sd, size = combine_arms(mean, sd, size, means[one], sds[one], n[one])
    return float(mean[0]), float(sd[0])


def crossover_difference(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the mean difference of a crossover trial and its variance (Handbook 23.2.7.1).

    Parameters
    ----------
    mean_t, sd_t, mean_c, sd_c : ndarray
        Means and SDs on treatment and on control, an element a study.
    n : ndarray
        Participants, each measured on both.
    r : ndarray
        Correlation between the two measurements of a person.

    Returns
    -------
    tuple of ndarray
        Mean difference and its variance.
    """
    return mean_t - mean_c, (sd_t**2 + sd_c**2 - 2 * r * sd_t * sd_c) / n


def crossover_smd(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
) -> Arrays:
    """Return the SMD of a crossover trial and its variance (Handbook 23.2.7.2).

    The difference between the two periods over the SD of a single measurement; r is the
    correlation between the two measurements of a person.

    Parameters
    ----------
    mean_t, sd_t, mean_c, sd_c, n, r : ndarray
        As in `crossover_difference`.

    Returns
    -------
    tuple of ndarray
        Standardised mean difference and its variance.

    Examples
    --------
    >>> smd, variance = crossover_smd(*map(np.array, ([7.0], [2.38], [6.5], [2.21], [10], [0.68])))
    >>> smd.round(3), np.sqrt(variance).round(3)
    (array([0.218]), array([0.256]))
    """
    smd = (mean_t - mean_c) / np.sqrt((sd_t**2 + sd_c**2) / 2)
    return smd, (1 / n + smd**2 / (2 * n)) * 2 * (1 - r)


def crossover_smd_from_t(t: np.ndarray, n: np.ndarray, r: np.ndarray) -> Arrays:
    """Return the same from the t of the paired test, the SDs of both periods taken as equal.

    The SD of the difference is then that of a single measurement times √(2(1 − r)).

    Examples
    --------
    >>> smd, variance = crossover_smd_from_t(np.array([2.0]), np.array([10]), np.array([0.68]))
    >>> smd.round(3), np.sqrt(variance).round(3)
    (array([0.506]), array([0.269]))
    """
    smd = t * np.sqrt(2 * (1 - r) / n)
    return smd, (1 / n + smd**2 / (2 * n)) * 2 * (1 - r)
