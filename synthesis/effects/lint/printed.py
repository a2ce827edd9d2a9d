"""Lint of printed effects: effect, interval, standard error, statistic and p must agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from synthesis.effects.formulas import conversions, recover
from synthesis.effects.formulas.printed_numbers import half_units, parse_p_values
from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.effect_types import STATISTICS, effect_type
from synthesis.effects.rows.printed_effects import BEHIND, named_measure
from synthesis.effects.rows.workings import Workings
from synthesis.measures import MEASURES

RATIOS = [name for name, measure in MEASURES.items() if measure.scale == "log"]


OUTSIDE_OF = (
    ("effect", "ci_low", "ci_high", "interval"),
    ("mean_t", "ci_low_t", "ci_high_t", "interval"),
    ("mean_c", "ci_low_c", "ci_high_c", "interval"),
    ("mean_t", "min_t", "max_t", "range"),
    ("mean_c", "min_c", "max_c", "range"),
)
"""Numbers with the limits between which each must lie, and what these are called."""


def _names_ratio(word: str) -> bool:
    return named_measure(word) in RATIOS and not effect_type(word).is_log


def _names_test(word: str) -> bool:
    return named_measure(word) in STATISTICS


def _has_no_scale(word: str) -> bool:
    """Return whether an effect has no scale on which its interval is symmetric."""
    return named_measure(word) in (*BEHIND, *STATISTICS)


def _is_ratio(workings: Workings) -> np.ndarray:
    return workings.where("effect_type", _names_ratio)


def scaled(workings: Workings, name: str, shift: np.ndarray | float = 0.0) -> np.ndarray:
    """Return a printed number, moved by `shift`, on the scale on which intervals are symmetric.

    NaN, and so without findings, where there is no one such scale, as for correlations, or where
    the number is a test statistic.
    """
    values = workings[name] + shift
    scaled = np.where(_is_ratio(workings), np.log(np.where(values > 0, values, np.nan)), values)
    return np.where(workings.where("effect_type", _has_no_scale), np.nan, scaled)


def _level(workings: Workings) -> np.ndarray:
    return np.where(workings["ci_level"] > 0, workings["ci_level"], 0.95)


def _half(workings: Workings) -> np.ndarray:
    return half_units(workings["effect"], workings["ci_low"], workings["ci_high"])


@rule(
    "variance-as-se",
    "error",
    "The standard error and the confidence interval of one effect must agree. A number that is "
    "the square of what the interval implies is a variance.",
)
def _variance_as_se(workings: Workings) -> Iterable[Finding]:
    low, high = scaled(workings, "ci_low"), scaled(workings, "ci_high")
    se, implied = workings["se"], recover.se_from_ci(low, high, _level(workings))
    half_se = half_units(se)
    apart = np.abs(np.log(se / implied)) > np.log(1.25)
    for df in (None, _df(workings)):
        narrowest, widest = implied_errors(workings, df)
        apart &= (se + half_se < narrowest) | (se - half_se > widest)
    square = np.abs(np.log(se / implied**2)) < np.log(1.1)
    yield from found(
        apart,
        "se",
        lambda row: (
            f"{se[row]:g}, but the confidence interval implies {implied[row]:.3g}"
            + (": it looks like the variance" if square[row] else "")
        ),
    )


@rule(
    "effect-outside-ci",
    "error",
    "An effect must lie inside its own confidence interval, as must a mean, which must also lie "
    "between the smallest and the largest value. Look for a lost minus sign, swapped "
    "columns, or numbers of two different analyses.",
)
def _effect_outside_ci(workings: Workings) -> Iterable[Finding]:
    is_test = workings.where("effect_type", _names_test)
    for name, lowest, highest, of in OUTSIDE_OF:
        value, low, high = workings[name], workings[lowest], workings[highest]
        half = half_units(value, low, high)
        beyond = (value + half < low - half) | (value - half > high + half)
        yield from found(
            beyond & ~(is_test & (name == "effect")),
            name,
            lambda row, value=value, low=low, high=high, of=of: (  # type: ignore[misc]
                f"{value[row]:g} lies outside its {of}, {low[row]:g} to {high[row]:g}"
            ),
        )


@rule(
    "ci-off-centre",
    "warning",
    "A confidence interval is centred on its effect, for ratios on the log scale, apart from "
    "rounding. If it is not, the type may be wrong, or it is not a Wald interval.",
)
def _ci_off_centre(workings: Workings) -> Iterable[Finding]:
    half = _half(workings)
    middles = [
        (scaled(workings, "ci_low", shift) + scaled(workings, "ci_high", shift)) / 2
        for shift in (-half, half)
    ]
    lowest, highest = scaled(workings, "effect", -half), scaled(workings, "effect", half)
    inside = (workings["effect"] >= workings["ci_low"]) & (
        workings["effect"] <= workings["ci_high"]
    )
    yield from found(
        inside & ((middles[1] < lowest) | (middles[0] > highest)),
        "ci_low",
        lambda row: (
            f"{workings['effect'][row]:g} is not in the middle of "
            f"{workings['ci_low'][row]:g} to {workings['ci_high'][row]:g}"
            + (" on the log scale" if _is_ratio(workings)[row] else "")
        ),
    )


@rule(
    "p-against-ci",
    "warning",
    "The p-value and the confidence interval of one effect must agree, apart from rounding. If "
    "they do not, one of them belongs to another analysis or is misprinted.",
)
def _p_against_ci(workings: Workings) -> Iterable[Finding]:
    if "p" not in workings.sheet:
        return
    p_low, p_high, contradicts = _p_implied(
        workings, _half(workings), lambda df: implied_errors(workings, df)
    )
    yield from found(
        contradicts,
        "p",
        lambda row: (
            f"{workings.sheet['p'].iloc[row]}, but the effect and its interval imply "
            f"{p_low[row]:.2g} to {p_high[row]:.2g}"
        ),
    )


@rule(
    "p-against-se",
    "warning",
    "The p-value of an effect must agree with the effect over its standard error, apart from "
    "rounding. If it does not, one of the three belongs to another analysis or is misprinted.",
)
def _p_against_se(workings: Workings) -> Iterable[Finding]:
    if "p" not in workings.sheet:
        return
    se = workings["se"]
    half_se = half_units(se)
    # Where there is an interval as well, p and the standard error are each compared with it.
    known = ~np.isnan(se) & np.isnan(workings["ci_low"] + workings["ci_high"])
    p_low, p_high, contradicts = _p_implied(
        workings, half_units(workings["effect"]), lambda _: (se - half_se, se + half_se)
    )
    yield from found(
        known & contradicts,
        "p",
        lambda row: (
            f"{workings.sheet['p'].iloc[row]}, but the effect and its standard error imply "
            f"{p_low[row]:.2g} to {p_high[row]:.2g}"
        ),
    )


def _p_implied(
    workings: Workings,
    half: np.ndarray,
    errors: Callable[[np.ndarray | None], tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the smallest and largest p that rounded effects imply, and which printed p are apart.

    Parameters
    ----------
    workings : Workings
        The cells.
    half : ndarray
        Half a unit of the last digit of each effect.
    errors : callable
        Takes degrees of freedom, None for the normal law, to the smallest and largest error.
    """
    lowest, highest = scaled(workings, "effect", -half), scaled(workings, "effect", half)
    nearest = np.where(lowest * highest <= 0, 0, np.minimum(np.abs(lowest), np.abs(highest)))
    farthest = np.maximum(np.abs(lowest), np.abs(highest))
    ranges = [_p_range(nearest, farthest, *errors(df), df) for df in (None, _df(workings))]
    p_low = np.minimum(*(low for low, _ in ranges))
    p_high = np.maximum(*(high for _, high in ranges))
    p = parse_p_values(workings.sheet["p"])
    exact, below = p["exact"].to_numpy(), p["below"].to_numpy()
    half_p = half_units(exact)
    apart = (exact + half_p < p_low) | (exact - half_p > p_high) | (below < p_low)
    return p_low, p_high, ~np.isnan(p_high) & apart


def _df(workings: Workings) -> np.ndarray:
    """Return the degrees of freedom of a t test of the two arms, NaN where they are not known.

    Intervals and tests of small trials rest on t, others on the normal law; which one a paper
    used is not known, so a contradiction must be one under both.
    """
    return np.asarray(workings["n_t"] + workings["n_c"] - 2)


def implied_errors(workings: Workings, df: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest and the largest standard error that a rounded interval allows."""
    half, level = _half(workings), _level(workings)
    narrowest, widest = (
        recover.se_from_ci(
            scaled(workings, "ci_low", -shift), scaled(workings, "ci_high", shift), level, df
        )
        for shift in (-half, half)
    )
    return narrowest, widest


def _p_range(
    nearest: np.ndarray,
    farthest: np.ndarray,
    smallest: np.ndarray,
    largest: np.ndarray,
    df: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest p of effects and standard errors within limits."""
    most = np.where(smallest > 0, farthest / np.where(smallest > 0, smallest, 1), np.inf)
    return _p_of(most, df), _p_of(nearest / largest, df)


def _p_of(z: np.ndarray, df: np.ndarray | None) -> np.ndarray:
    """Return the two-sided p of a statistic, by t where there are degrees of freedom."""
    from scipy.special import ndtr

    normal = np.asarray(2 * ndtr(-np.abs(z)))
    if df is None:
        return normal
    return np.where(df >= 1, conversions.p_from_t(z, np.where(df >= 1, df, 1)), normal)


@rule(
    "t-against-p",
    "warning",
    "The t statistic and the p-value of one comparison must agree, apart from rounding.",
)
def _t_against_p(workings: Workings) -> Iterable[Finding]:
    if "p" not in workings.sheet:
        return
    t, df = workings["t"], workings["n_t"] + workings["n_c"] - 2
    half = half_units(t)
    highest = conversions.p_from_t(np.maximum(np.abs(t) - half, 0), df)
    lowest = conversions.p_from_t(np.abs(t) + half, df)
    exact = parse_p_values(workings.sheet["p"])["exact"].to_numpy()
    half_p = half_units(exact)
    yield from found(
        (exact + half_p < lowest) | (exact - half_p > highest),
        "p",
        lambda row: f"{exact[row]:g}, but t implies {lowest[row]:.2g} to {highest[row]:.2g}",
    )


@rule(
    "sd-against-se",
    "warning",
    "An SD is its standard error times √n, apart from rounding. If both are filled in and are not, "
    "one of them, or n, belongs to another analysis.",
)
def _sd_against_se(workings: Workings) -> Iterable[Finding]:
    for arm in ("t", "c"):
        sd, se, n = (workings[f"{stem}_{arm}"] for stem in ("sd", "se", "n"))
        half, root = half_units(se), np.sqrt(n)
        lowest, highest = (se - half) * root, (se + half) * root
        half_sd = half_units(sd)
        yield from found(
            (sd + half_sd < lowest) | (sd - half_sd > highest),
            f"sd_{arm}",
            lambda row, sd=sd, low=lowest, high=highest: (  # type: ignore[misc]
                f"{sd[row]:g}, but the standard error implies {low[row]:.3g} to {high[row]:.3g}"
            ),
        )


RULES = (
    _variance_as_se,
    _effect_outside_ci,
    _ci_off_centre,
    _p_against_ci,
    _p_against_se,
    _t_against_p,
    _sd_against_se,
)
