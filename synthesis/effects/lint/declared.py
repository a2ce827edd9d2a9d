"""Lint of a sheet against the outcomes, instruments and windows that a review declares."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.completion import complete_arms
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.windows import STOKES_WINDOWS, declared_windows, follow_up, place
from synthesis.labels import read_labels

_SCORES = ("mean", "mean_pre", "mean_post", "median", "q1", "q3", "min", "max")
_MOMENTS = (("mean", "sd"), ("mean_pre", "sd_pre"), ("mean_post", "sd_post"))
_ROUNDING = 1 + 1e-9
_LEAST_N = 2.0


@rule(
    "outside-range",
    "error",
    "Scores lie within the range of their instrument, and their SD is at most half its width. "
    "Look for a misprint, a change score or another scoring; declare what was used.",
)
def outside_range(workings: Workings) -> Iterable[Finding]:
    """Yield scores, changes and SDs that the declared instrument of a row cannot give."""
    if workings.declared is None or not any(
        one and one.range for one in workings.declared.instruments
    ):
        return
    completed = Workings(workings.sheet)
    complete_arms(completed)
    instruments = workings.declared.instruments
    limits = [one.range if one and one.range else (np.nan, np.nan) for one in instruments]
    low, high = np.array(limits, dtype=float).T
    names = [one.label if one else "" for one in instruments]
    for arm in ("_t", "_c", ""):
        for stem in _SCORES:
            score = workings.entered(f"{stem}{arm}")
            yield from found(
                (score < low) | (score > high),
                f"{stem}{arm}",
                lambda row, score=score: (  # type: ignore[misc]
                    f"{score[row]:g} is outside the range of {names[row]}, "
                    f"{low[row]:g} to {high[row]:g}"
                ),
            )
        change = workings.entered(f"mean_change{arm}")
        yield from found(
            np.abs(change) > high - low,
            f"mean_change{arm}",
            lambda row, change=change: (  # type: ignore[misc]
                f"{change[row]:g} is more than the range of {names[row]}, "
                f"{low[row]:g} to {high[row]:g}, allows"
            ),
        )
        for mean, sd in _MOMENTS:
            yield from _too_wide(completed, f"{mean}{arm}", f"{sd}{arm}", arm, low, high, names)
        widest = (high - low) * _sample_factor(completed[f"n{arm}"])
        yield from _beyond(completed, f"sd_change{arm}", arm, widest, names)


def _too_wide(
    workings: Workings,
    mean: str,
    sd: str,
    arm: str,
    low: np.ndarray,
    high: np.ndarray,
    names: list[str],
) -> Iterable[Finding]:
    """Yield SDs that no scores within a range can have.

    The variance of scores with the mean m is at most (m − low)(high − m) (Bhatia & Davis 2000),
    times n/(n − 1) in a sample.
    """
    entered = workings.entered(mean)
    half = half_units(entered)
    # The mean is an interval; nearest to the middle of the range the variance can be largest.
    middle = (low + high) / 2
    at = np.where(np.isnan(entered), middle, np.clip(middle, entered - half, entered + half))
    inside = (at >= low) & (at <= high)
    at = np.where(inside, at, middle)  # a mean out of range is a finding of its own
    widest = np.sqrt((at - low) * (high - at)) * _sample_factor(workings[f"n{arm}"])
    yield from _beyond(workings, sd, arm, widest, names)


def _beyond(
    workings: Workings, sd: str, arm: str, widest: np.ndarray, names: list[str]
) -> Iterable[Finding]:
    """Yield SDs, entered or from a standard error, that are larger than they can be."""

    def too_wide(
        values: np.ndarray, half: np.ndarray, column: str, words: str
    ) -> Iterable[Finding]:
        return found(
            values - half > widest * _ROUNDING,
            column,
            lambda row: (
                f"{words} {values[row]:.4g} is more than scores of {names[row]} can have, "
                f"{widest[row]:.4g}"
            ),
        )

    entered = workings.entered(sd)
    yield from too_wide(entered, half_units(entered), sd, "an SD of")
    if sd in ("sd_t", "sd_c"):
        se, root = workings.entered(f"se{arm}"), np.sqrt(workings[f"n{arm}"])
        alone = np.where(np.isnan(entered), se, np.nan)
        yield from too_wide(alone * root, half_units(se) * root, f"se{arm}", "its SD of")


def _sample_factor(n: np.ndarray) -> np.ndarray:
    size = np.where(n >= _LEAST_N, n, _LEAST_N)  # of an unknown size, the factor is the largest
    return np.asarray(np.sqrt(size / (size - 1)))


@rule(
    "not-declared",
    "warning",
    "An outcome, window or time that is not declared cannot be analysed as declared: correct the "
    "cell, or declare it.",
)
def _not_declared(workings: Workings) -> Iterable[Finding]:
    if workings.declared is None:
        return
    for row, problem in workings.declared.problems.by_row().items():
        yield Finding(row, problem.split()[0], problem)


@rule(
    "instrument-not-declared",
    "note",
    "Of an instrument that is not declared, neither range nor direction is known. Declare it, or "
    "spell it as it is declared.",
)
def _instrument_not_declared(workings: Workings) -> Iterable[Finding]:
    if workings.declared is None or "instrument" not in workings.sheet:
        return
    cells = read_labels(workings.sheet["instrument"])
    for row, (cell, outcome) in enumerate(zip(cells, workings.declared.outcomes, strict=True)):
        if cell and outcome and outcome.instruments and not workings.declared.instruments[row]:
            there = ", ".join(repr(one.id) for one in outcome.instruments)
            yield Finding(
                row, "instrument", f"{cell!r} is not an instrument of {outcome.label}: {there}"
            )


@rule(
    "direction-against-declared",
    "warning",
    "The direction of a row counts before that declared for its outcome or instrument. Check "
    "that it was meant to differ.",
)
def direction_against_declared(workings: Workings) -> Iterable[Finding]:
    """Yield rows whose direction is not the one declared."""
    if workings.declared is None:
        return
    own = workings.words("direction").to_numpy(object)
    for row, (outcome, instrument) in enumerate(
        zip(workings.declared.outcomes, workings.declared.instruments, strict=True)
    ):
        said = (instrument and instrument.direction) or (outcome and outcome.direction)
        if own[row] and said and own[row] != said:
            yield Finding(row, "direction", f"{own[row]!r}, but {said!r} is declared")


@rule(
    "window",
    "error",
    "The follow-up must lie in the time window that the row is filed under. Unless others are "
    "declared, short is 0 to 12 months and long 13 months and more.",
)
def _window(workings: Workings) -> Iterable[Finding]:
    if workings.declared is not None:  # `with_outcomes` compares declared windows itself
        return
    windows = declared_windows(STOKES_WINDOWS)
    months = follow_up(workings.sheet, "months", Problems(workings.sheet)).length
    at = place(months, windows)
    filed = workings.words("window")
    for position, window in enumerate(windows):
        yield from found(
            (filed == window.id).to_numpy(bool) & ~np.isnan(months) & (at != position),
            "window",
            lambda row, window=window: (  # type: ignore[misc]
                f"{window.id}, but follow-up was {months[row]:.4g} months"
            ),
        )


@rule(
    "time-beside-limit",
    "note",
    "A time given in another unit than the windows lies in two of them once its rounding is "
    "allowed for, as 13 weeks does at 3 months. Check the paper, or write the window yourself.",
)
def _time_beside_limit(workings: Workings) -> Iterable[Finding]:
    if workings.declared is None:
        return
    sheet, of = workings.sheet, workings.declared.outcomes
    for outcome in dict.fromkeys(one for one in of if one and one.windows):
        unit = outcome.windows[0].unit
        which = np.array([one == outcome for one in of])
        time = follow_up(sheet, unit, Problems(sheet), which=which)
        early, late = (place(time.length + side * time.half, outcome.windows) for side in (-1, 1))
        for row in np.flatnonzero((early != late) & (early >= 0) & (late >= 0)).tolist():
            if time.column[row] != f"timepoint_{unit}":
                yield Finding(
                    row,
                    time.column[row],
                    f"that is {time.length[row]:.4g} {unit}, on the limit of "
                    f"{outcome.windows[early[row]].id!r} and {outcome.windows[late[row]].id!r}",
                )


RULES = (
    outside_range,
    _not_declared,
    _instrument_not_declared,
    direction_against_declared,
    _window,
    _time_beside_limit,
)
