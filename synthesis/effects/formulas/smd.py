"""Standardised mean differences: the formulas, on arrays.

Throughout, arm `t` is the treatment and `c` the control, N is the total size, and a positive
difference means that the treatment's mean is the larger one. Every function takes and returns
arrays of one length, an element a study.
"""

from __future__ import annotations

import numpy as np

from arrowroot.options import one_of

VARIANCES = {
    "ls": "V = 1/n_t + 1/n_c + g²/(2N) (Hedges & Olkin 1985)",
    "ls2": "V = J²·(1/n_t + 1/n_c + d²/(2N)) (Borenstein et al. 2009, eq. 4.20 and 4.24)",
    "ub": "V = 1/n_t + 1/n_c + (1 − (m−2)/(m·J²))·g², m = N−2, unbiased (Hedges 1983)",
    "av": "V = 1/n_t + 1/n_c + ḡ²/(2N), ḡ the mean effect weighted by N (Hunter & Schmidt 2004)",
    "revman": "V = N/(n_t·n_c) + g²/(2(N−3.94)), J = 1 − 3/(4N−9) (RevMan 5)",
}
"""The forms of the sampling variance of g, by option name."""

STANDARDISERS = {
    "pooled": "the pooled SD",
    "control": "the control group's SD (Glass 1976)",
    "average": "the square root of the mean of both variances (Bonett 2009)",
}
"""What the difference is divided by, by option name."""

FORMS_OF_OTHER_SDS = {
    ("control", "ls"): "V = 1/n_t + 1/n_c + g²/(2·n_c)",
    ("average", "ls"): "V from both variances, not assumed equal (Bonett 2009, times J²)",
    ("average", "bonett"): "V from both variances, not assumed equal (Bonett 2009)",
}
"""The forms of the variance where the standardiser is not the pooled SD, by both options.

Of the average SD ``"ls"`` has the factor J², as in metafor up to 3.8; ``"bonett"`` has not, as in
metafor from 4.6 on. Both have g in the place of d.
"""


def small_sample_factor(df: np.ndarray) -> np.ndarray:
    """Return the factor J that removes the small-sample bias from d, exactly.

    J = Γ(m/2) / (√(m/2)·Γ((m−1)/2)) (Hedges 1981, J Educ Stat 6:107, eq. 6e), finite and exact
    to the last digits at any size.

    Parameters
    ----------
    df : ndarray
        Degrees of freedom m of the standardiser, > 1.

    Returns
    -------
    ndarray
        J, between 0.56 and 1; NaN where `df` is 1 or less.

    Examples
    --------
    >>> small_sample_factor(np.array([10.0, 2e6])).round(8)
    array([0.92274561, 0.99999962])
    """
    from scipy.special import gammaln

    m = np.where(np.asarray(df, dtype=float) > 1, df, np.nan)
    by_logarithms = np.exp(gammaln(m / 2) - gammaln((m - 1) / 2)) / np.sqrt(m / 2)
    # The logarithms grow with m and lose digits to their difference; the series gains them.
    return np.where(m > 100, _factor_series(np.where(m > 100, m, 100)), by_logarithms)


def _factor_series(m: np.ndarray) -> np.ndarray:
    """Return J by the series of Γ(x + ½)/(√x·Γ(x)) in 1/x, with x = (m − 1)/2."""
    x = (m - 1) / 2
    coefficients = [1, -1 / 8, 1 / 128, 5 / 1024, -21 / 32768, -399 / 262144, 869 / 4194304]
    return np.asarray(np.sqrt((m - 1) / m) * np.polynomial.polynomial.polyval(1 / x, coefficients))


def pooled_sd(sd_t: np.ndarray, n_t: np.ndarray, sd_c: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return the within-group SD, pooled over both groups."""
    df = n_t + n_c - 2
    return np.asarray(np.sqrt(((n_t - 1) * sd_t**2 + (n_c - 1) * sd_c**2) / df))


def from_means(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    variance: str = "ls",
    correct: bool = True,
    sd: str = "pooled",
    mean: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the standardised mean difference and its sampling variance.

    Parameters
    ----------
    mean_t, mean_c : ndarray
        Means of the arms.
    sd_t, sd_c : ndarray
        Standard deviations of the arms, > 0.
    n_t, n_c : ndarray
        Sizes of the arms, >= 2.
    variance : str
        The form of the variance, one of `VARIANCES`; with `sd` other than ``"pooled"`` one of
        `FORMS_OF_OTHER_SDS`.
    correct : bool
        Whether to correct for small-sample bias: Hedges' g, otherwise Cohen's d.
    sd : str
        What the difference is divided by, one of `STANDARDISERS`.
    mean : float, optional
        The mean effect for ``"av"``, as in `from_d`.

    Returns
    -------
    yi, vi : ndarray

    Raises
    ------
    OptionError
        If an option has no such value, or the two cannot be combined.

    Examples
    --------
    >>> one = np.array
    >>> yi, vi = from_means(*map(one, ([94.0], [22.0], [60.0], [92.0], [20.0], [60.0])))
    >>> yi.round(3), vi.round(4)
    (array([0.095]), array([0.0334]))
    """
    check_form(variance, sd)
    if sd == "control":
        return _glass(mean_t - mean_c, sd_c, n_t, n_c, correct=correct)
    if sd == "average":
        with_factor = variance == "ls"
        return _average(mean_t - mean_c, sd_t, n_t, sd_c, n_c, correct, with_factor)
    d = (mean_t - mean_c) / pooled_sd(sd_t, n_t, sd_c, n_c)
    return from_d(d, n_t, n_c, variance=variance, correct=correct, mean=mean)


def check_form(variance: str, sd: str) -> None:
    """Raise an error unless the variance form exists and is defined for the standardiser."""
    if one_of("sd", sd, list(STANDARDISERS)) == "pooled":
        one_of("variance", variance, list(VARIANCES))
    else:
        legal = [form for other, form in FORMS_OF_OTHER_SDS if other == sd]
        one_of(f"variance with sd={sd!r}", variance, legal)


def pooled_form(variance: str) -> str:
    """Return the form that differences in pooled SDs take where the option names another."""
    return variance if variance in VARIANCES else "ls"


def described(variance: str, *, correct: bool, sd: str) -> str:
    """Describe the formula that the options choose."""
    effect = f"mean_t − mean_c over {STANDARDISERS[sd]}"
    form = VARIANCES[variance] if sd == "pooled" else FORMS_OF_OTHER_SDS[sd, variance]
    if not correct:
        return f"d = {effect}, not corrected for small samples; with g = d and J = 1, {form}"
    exact = "" if variance == "revman" else ", J exact (Hedges 1981)"
    return f"g = J·d, d = {effect}{exact}; {form}"


def from_d(
    d: np.ndarray,
    n_t: np.ndarray,
    n_c: np.ndarray,
    *,
    variance: str = "ls",
    correct: bool = True,
    mean: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return g and its variance from d, the difference in units of the pooled SD.

    Parameters
    ----------
    d : ndarray
        Standardised mean difference without correction.
    n_t, n_c : ndarray
        Sizes of the arms.
    variance, correct
        As in `from_means`.
    mean : float, optional
        The mean effect for ``"av"``; by default that of these effects, weighted by N.
    """
    total = n_t + n_c
    df = total - 2
    J = factor(n_t, n_c, variance=variance, correct=correct)
    g = J * d
    of_means = 1 / n_t + 1 / n_c
    if variance == "ls2":
        return g, J**2 * (of_means + d**2 / (2 * total))
    if variance == "ub":
        return g, of_means + (1 - (df - 2) / (df * J**2)) * g**2
    if variance == "av":
        return g, of_means + mean_effect(g, total, mean) ** 2 / (2 * total)
    if variance == "revman":
        return g, of_means + g**2 / (2 * (total - 3.94))
    return g, of_means + g**2 / (2 * total)


def mean_effect(g: np.ndarray, total: np.ndarray, mean: float | None) -> float:
    """Return the mean effect where it is given; otherwise that of these, weighted by N."""
    return float(np.average(g, weights=total)) if mean is None else mean


def factor(n_t: np.ndarray, n_c: np.ndarray, *, variance: str, correct: bool) -> np.ndarray:
    """Return the factor by which d is corrected under these options; 1 without correction."""
    total = n_t + n_c
    if not correct:
        return np.ones_like(total)
    if variance == "revman":
        return np.asarray(1 - 3 / (4 * total - 9))
    return small_sample_factor(total - 2)


def _glass(
    difference: np.ndarray, sd_c: np.ndarray, n_t: np.ndarray, n_c: np.ndarray, *, correct: bool
) -> tuple[np.ndarray, np.ndarray]:
    J = small_sample_factor(n_c - 1) if correct else np.ones_like(difference)
    yi = J * difference / sd_c
    return yi, 1 / n_t + 1 / n_c + yi**2 / (2 * n_c)


def glass_not_equal(
    mean_t: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    mean_c: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    *,
    correct: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Return Glass's delta with a variance that does not assume equal SDs (Bonett 2008).

    V = sd_t²/(sd_c²·n_t) + 1/n_c + g²/(2·n_c): metafor's SMD1H.
    """
    yi, vi = _glass(mean_t - mean_c, sd_c, n_t, n_c, correct=correct)
    return yi, vi - 1 / n_t + (sd_t / sd_c) ** 2 / n_t


def _average(
    difference: np.ndarray,
    sd_t: np.ndarray,
    n_t: np.ndarray,
    sd_c: np.ndarray,
    n_c: np.ndarray,
    correct: bool,
    with_factor: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Bonett (2009), Psychol Methods 14:225: SDs may differ; J can multiply the SE as well."""
    J = small_sample_factor(n_t + n_c - 2) if correct else np.ones_like(difference)
    var_t, var_c = sd_t**2, sd_c**2
    mean_variance = (var_t + var_c) / 2
    yi = J * difference / np.sqrt(mean_variance)
    of_sds = yi**2 * (var_t**2 / (n_t - 1) + var_c**2 / (n_c - 1)) / (8 * mean_variance**2)
    of_means = (var_t / (n_t - 1) + var_c / (n_c - 1)) / mean_variance
    return yi, (J**2 if with_factor else 1.0) * (of_sds + of_means)
