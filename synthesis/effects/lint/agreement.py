"""Lint of numbers that are given twice over: each pair must agree, apart from rounding."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.lint.printed import implied_errors, scaled
from synthesis.effects.rows.printed_effects import named_measure
from synthesis.effects.rows.workings import Workings

_SLACK = 1.1
"""A t may rest on another standard error than the one printed, such as the pooled one."""

_LEAST = {"smd": (0.5, 1.0), "or": (0.9, 4.0)}
"""By measure: which part of √(a/n_t + a/n_c) no standard error is below, and a.

For an SMD this is its standard error at no effect; adjustment for a baseline that correlates 0.87
with the outcome halves it. For the logarithm of an odds ratio no table of these sizes has less.
"""


@rule(
    "t-against-effect",
    "warning",
    "A t statistic is its effect over the standard error of the effect. If it is not, or has the "
    "other sign, one of the three belongs to another analysis or another direction.",
)
def _t_against_effect(workings: Workings) -> Iterable[Finding]:
    t, se = workings["t"], workings["se"]
    half, half_t, half_se = half_units(workings["effect"]), half_units(t), half_units(se)
    narrowest, widest = implied_errors(workings, None)
    smallest = np.where(np.isnan(se), narrowest, se - half_se)
    largest = np.where(np.isnan(se), widest, se + half_se)
    low, high = scaled(workings, "effect", -half), scaled(workings, "effect", half)
    nearest = np.where(low * high <= 0, 0, np.minimum(np.abs(low), np.abs(high)))
    farthest = np.maximum(np.abs(low), np.abs(high))
    least = nearest / largest / _SLACK
    most = np.where(smallest > 0, farthest / smallest, np.inf) * _SLACK
    size = np.abs(t)
    turned = (scaled(workings, "effect") * t < 0) & (size > half_t) & (nearest > 0)
    yield from found(
        ~np.isnan(least) & ((size + half_t < least) | (size - half_t > most) | turned),
        "t",
        lambda row: (
            f"{t[row]:g}, but the effect over its standard error is "
            f"{'-' if high[row] < 0 else ''}{least[row] * _SLACK:.3g} to {most[row] / _SLACK:.3g}"
        ),
    )


@rule(
    "t-against-f",
    "warning",
    "The F of a comparison of two arms is the square of its t, apart from rounding. If it is not, "
    "one of them belongs to another test.",
)
def _t_against_f(workings: Workings) -> Iterable[Finding]:
    f = workings["f"]
    lowest, highest, apart = _against_square(np.abs(workings["t"]), f)
    yield from found(
        apart,
        "f",
        lambda row: f"{f[row]:g}, but t implies {lowest[row]:.3g} to {highest[row]:.3g}",
    )


@rule(
    "sei-against-vi",
    "error",
    "vi is the square of the standard error of yi. If both are filled in and it is not, one of "
    "them is wrong, or they are of different analyses.",
)
def _sei_against_vi(workings: Workings) -> Iterable[Finding]:
    vi = workings["vi"]
    for name in ("sei", "se"):
        # Beside a printed effect, se is the standard error of that effect.
        se = workings[name]
        alone = np.isnan(workings["effect"]) | (name == "sei")
        _, _, apart = _against_square(se, vi)
        yield from found(
            alone & workings.known("yi") & apart,
            "vi",
            lambda row, name=name, se=se: (  # type: ignore[misc]
                f"{vi[row]:g}, but {name} = {se[row]:g} squared is {se[row] ** 2:.3g}"
            ),
        )


def _against_square(
    root: np.ndarray, square: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the limits of the square of a rounded number, and where a printed square is apart."""
    half, half_square = half_units(root), half_units(square)
    lowest, highest = np.maximum(root - half, 0) ** 2, (root + half) ** 2
    return lowest, highest, (square + half_square < lowest) | (square - half_square > highest)


@rule(
    "se-against-n",
    "warning",
    "A standard error cannot be much smaller than the numbers of people allow. Look for a "
    "variance entered as standard error, or sizes of a subgroup.",
)
def _se_against_n(workings: Workings) -> Iterable[Finding]:
    se = workings["se"]
    largest = np.where(np.isnan(se), implied_errors(workings, None)[1], se + half_units(se))
    for measure, (part, a) in _LEAST.items():
        least = part * np.sqrt(a / workings["n_t"] + a / workings["n_c"])
        of_measure = workings.where("effect_type", _IS[measure])
        yield from found(
            of_measure & workings.known("effect") & (largest < least),
            "ci_low" if np.isnan(se).all() else "se",
            lambda row, least=least: (  # type: ignore[misc]
                f"at most {largest[row]:.3g}; with {workings['n_t'][row]:g} and "
                f"{workings['n_c'][row]:g} people it is hardly below {least[row]:.3g}"
            ),
        )


def _is_smd(word: str) -> bool:
    return named_measure(word) == "smd"


def _is_or(word: str) -> bool:
    return named_measure(word) == "or"


_IS = {"smd": _is_smd, "or": _is_or}


@rule(
    "change-against-means",
    "warning",
    "A mean change is the mean after minus the mean before. People who left the trial explain "
    "small differences; a change of the other sign is the mean before minus the mean after.",
)
def _change_against_means(workings: Workings) -> Iterable[Finding]:
    for arm in ("t", "c"):
        change = workings[f"mean_change_{arm}"]
        after, before = workings[f"mean_{arm}"], workings[f"mean_pre_{arm}"]
        sd, n = workings[f"sd_change_{arm}"], workings[f"n_{arm}"]
        turned = (after - before) * change < 0
        rounding = half_units(change) + 2 * half_units(after, before)
        far = np.abs(after - before - change) > rounding + 2 * sd / np.sqrt(n)
        yield from found(
            turned & far,
            f"mean_change_{arm}",
            lambda row, arm=arm, change=change, by=after - before: (  # type: ignore[misc]
                f"{change[row]:g}, but mean_{arm} minus mean_pre_{arm} is {by[row]:g}"
            ),
        )


@rule(
    "opposite-signs",
    "warning",
    "A printed or given effect and the raw numbers beside it should favour the same arm. Look for "
    "a lost minus sign, swapped arms, or an effect printed for the other direction.",
)
def opposite_signs(workings: Workings) -> Iterable[Finding]:
    """Yield effects that their own row contradicts; the receipt says it of all routes."""
    raw = np.where(np.isnan(by_means := _z_of_means(workings)), _z_of_counts(workings), by_means)
    turned = (workings.words("flipped") == "true").to_numpy(bool)
    se = np.where(np.isnan(workings["se"]), implied_errors(workings, None)[0], workings["se"])
    yi = np.where(turned, -workings["yi"], workings["yi"])
    for name, z in (
        ("yi", yi / np.sqrt(workings["vi"])),
        ("effect", scaled(workings, "effect") / se),
    ):
        # A difference that is near 0 may have either sign.
        clear = (np.abs(z) > 1) & (np.abs(raw) > 1)
        values = workings[name]
        yield from found(
            clear & (z * raw < 0),
            name,
            lambda row, values=values: (  # type: ignore[misc]
                f"{values[row]:g}, but the raw numbers of the row point the other way"
            ),
        )


def _z_of_means(workings: Workings) -> np.ndarray:
    spread = sum(workings[f"sd_{arm}"] ** 2 / workings[f"n_{arm}"] for arm in ("t", "c"))
    return np.asarray((workings["mean_t"] - workings["mean_c"]) / np.sqrt(spread))


def _z_of_counts(workings: Workings) -> np.ndarray:
    n_t, n_c = workings["n_t"], workings["n_c"]
    share = (workings["events_t"] + workings["events_c"]) / (n_t + n_c)
    spread = share * (1 - share) * (1 / n_t + 1 / n_c)
    return np.asarray((workings["events_t"] / n_t - workings["events_c"] / n_c) / np.sqrt(spread))


RULES = (
    _t_against_effect,
    _t_against_f,
    _sei_against_vi,
    _se_against_n,
    _change_against_means,
)
