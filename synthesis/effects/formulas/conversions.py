"""From one statistic to another: t, F, p, r, chi-square, regression, odds ratio. On arrays.

d is the standardised mean difference without small-sample correction; `smd.from_d` turns it
into g with its variance.
"""

from __future__ import annotations

import numpy as np

from arrowroot.options import one_of

Arrays = tuple[np.ndarray, np.ndarray]

ODDS_PER_SD = {"logistic": np.pi / np.sqrt(3), "cox": 1.65}
"""ln OR for a difference of one SD: Hasselblad & Hedges (1995), and Cox (1970)."""

CONVERSIONS = {
    "logistic": "SMD = ln OR · √3/π (Hasselblad & Hedges 1995; Chinn 2000)",
    "cox": "SMD = ln OR / 1.65 (Cox 1970)",
}
"""How odds ratios are converted to standardised mean differences, by option name."""


def d_from_t(t: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return d from the t statistic of two independent groups.

    d = t·√(1/n_t + 1/n_c): exact, since t is the mean difference over its standard error.

    Examples
    --------
    >>> d_from_t(np.array([2.0]), np.array([50.0]), np.array([50.0]))
    array([0.4])
    """
    return np.asarray(t * np.sqrt(1 / n_t + 1 / n_c))


def t_from_f(f: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return t from the F statistic of two groups (1 numerator df); F itself has no sign."""
    return np.asarray(sign * np.sqrt(f))


def t_from_p(p: np.ndarray, df: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return t from its two-sided p-value.

    Examples
    --------
    >>> t_from_p(np.array([0.008]), np.array([45.0]), np.array([1.0])).round(2)
    array([2.78])
    """
    from scipy.special import stdtrit

    return np.asarray(-sign * stdtrit(df, p / 2))


def z_from_p(p: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return the standard normal z from its two-sided p-value.

    Examples
    --------
    >>> z_from_p(np.array([0.075]), np.array([1.0])).round(2)
    array([1.78])
    """
    from scipy.special import ndtri

    return np.asarray(-sign * ndtri(p / 2))


def f_from_eta_squared(eta_squared: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return the F of two groups (N − 2 df) from eta squared, the share of variance explained."""
    return np.asarray(eta_squared / (1 - eta_squared) * (n - 2))


def p_from_t(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Return the two-sided p-value of t."""
    from scipy.special import stdtr

    return np.asarray(2 * stdtr(df, -np.abs(t)))


def _arm_ratio(n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    df = n_t + n_c - 2
    return np.asarray(df / n_t + df / n_c)


def d_from_r(r: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return d from a point-biserial correlation of group with outcome.

    d = r·√h/√(1 − r²), h = m/n_t + m/n_c, m = N − 2: exact for arms of any size.
    """
    return np.asarray(r * np.sqrt(_arm_ratio(n_t, n_c) / (1 - r**2)))


def r_from_d(d: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return the point-biserial correlation from d; the inverse of `d_from_r`."""
    return np.asarray(d / np.sqrt(d**2 + _arm_ratio(n_t, n_c)))


def d_from_chi2(chi2: np.ndarray, n_t: np.ndarray, n_c: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """Return d from the chi-square (1 df, without continuity correction) of a 2×2 table.

    The correlation of group with outcome is √(χ²/N), and d = r·N/√(n_t·n_c·(1 − r²)). With groups
    of one size it is 2·√(χ²/(N − χ²)) (Lipsey & Wilson 2001, app. B).

    Examples
    --------
    >>> one = np.array
    >>> d_from_chi2(one([4.0]), one([50.0]), one([50.0]), one([1.0])).round(4)
    array([0.4082])
    """
    n = n_t + n_c
    return np.asarray(sign * n / np.sqrt(n_t * n_c) * np.sqrt(chi2 / (n - chi2)))


def d_from_z(z: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return d from the z of a Mann-Whitney test, r = z/√N (Rosenthal 1991; Fritz et al. 2012).

    Examples
    --------
    >>> d_from_z(np.array([2.0]), np.array([50.0]), np.array([50.0])).round(4)
    array([0.4082])
    """
    return d_from_chi2(z**2, n_t, n_c, np.sign(z))


def d_from_b(b: np.ndarray, sd: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return d from the regression coefficient of a group dummy.

    b is a difference in means; the SD over all participants includes that difference, which is
    removed: s² = ((N−1)·sd² − b²·n_t·n_c/N)/(N−2) (Lipsey & Wilson 2001, app. B).

    Parameters
    ----------
    b : ndarray
        Coefficient, in units of the outcome.
    sd : ndarray
        SD of the outcome over all participants.
    n_t, n_c : ndarray
        Sizes of the groups.
    """
    total = n_t + n_c
    within = ((total - 1) * sd**2 - b**2 * n_t * n_c / total) / (total - 2)
    return np.asarray(b / np.sqrt(within))


def d_from_beta(beta: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return d from the standardised regression coefficient of a group dummy.

    Beta is in SDs of the outcome for one SD of the dummy, which is √(n_t·n_c/(N·(N−1))).
    """
    total = n_t + n_c
    sd_of_dummy = np.sqrt(n_t * n_c / (total * (total - 1)))
    return d_from_b(beta / sd_of_dummy, np.ones_like(beta), n_t, n_c)


def smd_from_log_odds(yi: np.ndarray, vi: np.ndarray, *, conversion: str = "logistic") -> Arrays:
    """Return the SMD that corresponds to a log odds ratio, with its variance scaled accordingly.

    Parameters
    ----------
    yi, vi : ndarray
        Log odds ratio and its variance.
    conversion : str
        ``"logistic"`` or ``"cox"``: the distribution behind the dichotomy.

    Examples
    --------
    >>> smd, _ = smd_from_log_odds(np.log(np.array([2.0])), np.array([0.1]))
    >>> smd.round(3)
    array([0.382])
    """
    scale = ODDS_PER_SD[one_of("conversion", conversion, list(ODDS_PER_SD))]
    return yi / scale, vi / scale**2


def log_odds_from_smd(yi: np.ndarray, vi: np.ndarray, *, conversion: str = "logistic") -> Arrays:
    """Return the log odds ratio that corresponds to an SMD; inverse of `smd_from_log_odds`."""
    scale = ODDS_PER_SD[one_of("conversion", conversion, list(ODDS_PER_SD))]
    return yi * scale, vi * scale**2
