"""Correlations that are not printed as such: from t, from means of two groups; partial. On arrays.

Plain correlations are in `single`.
"""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.single import hypergeometric
from synthesis.effects.formulas.smd import pooled_sd

Arrays = tuple[np.ndarray, np.ndarray]


def average_form(r: np.ndarray, n: np.ndarray, *, mean: float | None = None) -> Arrays:
    """Return correlations with the variance at a mean correlation (metafor's ``AV``).

    By default it is the mean of these correlations, weighted by n.
    """
    at = np.average(r, weights=n) if mean is None else mean
    return r, np.asarray((1 - at**2) ** 2 / (n - 1))


def unbiased_form(r: np.ndarray, n: np.ndarray) -> Arrays:
    """Return unbiased correlations with an unbiased variance (Hedges 1989); n must be > 4."""
    yi = r * hypergeometric((n - 2) / 2, 1 - r**2, 0.5)
    rest = 1 - r**2
    return yi, yi**2 - (1 - (n - 3) / (n - 2) * rest * hypergeometric(n / 2, rest, 1.0))


def from_t(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the correlation whose test is t: r = t/√(t² + df).

    Examples
    --------
    >>> from_t(np.array([2.0]), np.array([28.0])).round(4)
    array([0.3536])
    """
    return np.asarray(t / np.sqrt(t**2 + df))


def partial(t: np.ndarray, n: np.ndarray, predictors: np.ndarray) -> Arrays:
    """Return the partial correlation of a predictor and its variance (Aloe & Thompson 2013).

    Parameters
    ----------
    t : ndarray
        t statistic of its regression coefficient.
    n : ndarray
        Participants.
    predictors : ndarray
        Number of predictors in the model, the intercept not counted.
    """
    df = n - predictors - 1
    r = from_t(t, df)
    return r, (1 - r**2) ** 2 / df


def partial_z(t: np.ndarray, n: np.ndarray, predictors: np.ndarray) -> Arrays:
    """Return Fisher's z of the partial correlation, and 1/(n − m − 1), as metafor has it."""
    df = n - predictors - 1
    return np.arctanh(from_t(t, df)), 1 / df


def semipartial(
    t: np.ndarray, n: np.ndarray, predictors: np.ndarray, r_squared: np.ndarray
) -> Arrays:
    """Return the semi-partial correlation and its variance (Aloe & Becker 2012, eq. 5 and 6).

    Parameters
    ----------
    t, n, predictors : ndarray
        As in `partial`.
    r_squared : ndarray
        Share of the variance that the whole model explains.
    """
    r = t * np.sqrt(1 - r_squared) / np.sqrt(n - predictors - 1)
    without = r_squared - r**2
    return r, (r_squared**2 - 2 * r_squared + without + 1 - without**2) / n


def of_groups(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    multinomial: bool = False,
) -> Arrays:
    """Return the point-biserial correlation of group with outcome, and its variance.

    Parameters
    ----------
    mean_t, sd_t, n_t, mean_c, sd_c, n_c : ndarray
        Of the two groups.
    multinomial : bool
        Whether people were drawn as a whole (Tate 1954; metafor's ``vtype="CS"``), not group by
        group.
    """
    d = (mean_t - mean_c) / pooled_sd(sd_t, n_t, sd_c, n_c)
    n = n_t + n_c
    if multinomial:
        r = d / np.sqrt(d**2 + ratio(n_t, n_c))
        return r, (1 - r**2) ** 2 * (n * r**2 / (4 * n_t * n_c) + (2 - 3 * r**2) / (2 * n))
    slope = of_d_slope(d, n_t, n_c)
    r = d / np.sqrt(d**2 + ratio(n_t, n_c))
    return r, slope**2 * (1 / n_t + 1 / n_c + d**2 / (2 * n))


def of_arms(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    form: str,
) -> Arrays:
    """Return the same with the variance of that form: ``"cs"`` is the multinomial one."""
    return of_groups(mean_t, sd_t, n_t, mean_c, sd_c, n_c, multinomial=form == "cs")


def ratio(n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return h = m/n_t + m/n_c, m = N − 2: r = d/√(d² + h)."""
    df = n_t + n_c - 2
    return np.asarray(df / n_t + df / n_c)


def of_d_slope(d: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return how fast the point-biserial correlation rises with d."""
    h = ratio(n_t, n_c)
    return np.asarray(h / (h + d**2) ** 1.5)


def biserial(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
) -> Arrays:
    """Return the biserial correlation, of a normal variable cut into the two groups.

    Soper (1914), Biometrika 10:384, as in Jacobs & Viechtbauer (2017); it can exceed 1, and 1 then
    stands in its place in the variance.
    """
    from scipy.special import ndtri

    r, _ = of_groups(mean_t, sd_t, n_t, mean_c, sd_c, n_c)
    n = n_t + n_c
    p, q = n_t / n, n_c / n
    z = -ndtri(p)
    f = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    yi = np.sqrt(p * q) / f * r
    at = np.clip(yi, -1, 1)
    bend = 3 / 2 + (1 - p * z / f) * (1 + q * z / f)
    return yi, (p * q / f**2 - bend * at**2 + at**4) / (n - 1)


def from_smd(yi: np.ndarray, vi: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> Arrays:
    """Return the point-biserial correlation from d and its variance, by the delta method."""
    r = yi / np.sqrt(yi**2 + ratio(n_t, n_c))
    return r, of_d_slope(yi, n_t, n_c) ** 2 * vi


def to_smd(r: np.ndarray, vi: np.ndarray) -> Arrays:
    """Return d from a correlation: d = 2r/√(1 − r²), vi by the delta method.

    Borenstein et al. (2009), eq. 7.5 and 7.6.
    """
    rest = 1 - r**2
    return 2 * r / np.sqrt(rest), 4 * vi / rest**3
