"""From the scale of analysis to the one that readers see: sample sizes, ranges, cautions.

One file, so that every model binds the same sample size to its measure and says the same of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from arrowroot.display import interval, number, p_value
from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.measures import Measure
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.engine.weighted import Array

BEYOND = "Beyond the range of the measure"
"""How the note begins that says so."""

_TURNED = {
    "double_arcsine": "Pooled proportions are turned back from the double arcsine",
    "double_root": "Pooled rates are turned back from the double square root",
}

_SIZES = {
    "double_arcsine": ("n", "sample sizes", "1/(4n + 2), below 1/2", "no sample size has that"),
    "double_root": ("person-time", "times", "1/(4·time)", "no time has that"),
}
"""What is said of the size with which pooled values are turned back, by scale."""

WIDE = 10.0
"""Largest sample size over the smallest from which a pooled double arcsine is doubtful."""


def study_sizes(studies: pd.DataFrame, measure: Measure) -> Array | None:
    """Return the sample size of every row, shape (K,), if the measure needs it; None otherwise.

    Parameters
    ----------
    studies : DataFrame
        The rows pooled: ``study yi vi``, and ``n`` (for rates ``person_time``) if it is known.
        Where that is blank or missing the size is the one that the variance belongs to,
        ``vi = 1/(4n + 2)``, for rates ``vi = 1/(4·time)``.
    measure : Measure
        The effect measure.

    Raises
    ------
    DataError
        If a row has no `n` and no sample size has its variance.
    """
    if not measure.needs_n:
        return None
    inverse = 1 / studies["vi"].to_numpy(dtype=float)
    of_variance = (inverse - 2) / 4 if measure.scale == "double_arcsine" else inverse / 4
    name = measure.size_column
    if name in studies.columns:
        given = checks.as_numbers(studies[name])
        sizes = np.where(given > 0, given, of_variance)
    else:
        sizes = of_variance
    if not (sizes > 0).all():
        bad = [label for label, size in zip(_names(studies), sizes, strict=True) if not size > 0]
        _, _, variance, none = _SIZES[measure.scale]
        raise DataError(
            f"{name}: the variance of {measure.name} is {variance}; {none} of "
            f"{shortened(map(repr, bad))}. Correct vi, or add a column {name!r}."
        )
    return sizes


def _names(studies: pd.DataFrame) -> list[str]:
    return read_labels(studies["study"] if "study" in studies else pd.Series(studies.index))


def bound(measure: Measure, studies: pd.DataFrame) -> Measure:
    """Return the measure with the harmonic mean of the rows' sample sizes, if it needs one."""
    sizes = study_sizes(studies, measure)
    return measure if sizes is None else measure.at(float(1 / np.mean(1 / sizes)))


def harmonic_means(n: Array, counts: Array, rows: Array | None = None) -> Array:
    """Return the harmonic mean of the sample sizes of many analyses, as `pool_ragged` lays them.

    Parameters
    ----------
    n : ndarray, shape (K,)
        Sample sizes of all studies.
    counts : ndarray of int, shape (A,)
        Number of studies of each analysis.
    rows : ndarray of int, optional
        Which study fills each place; by default the studies in their order.

    Examples
    --------
    >>> harmonic_means(np.array([10.0, 30.0, 60.0]), np.array([2, 1])).round(6).tolist()
    [15.0, 60.0]
    """
    inverse = 1 / (n if rows is None else n[rows])
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return np.asarray(counts / np.add.reduceat(inverse, starts))


def turned_back(measure: Measure, table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of repeated analyses as readers see it.

    The sample size with which each row is turned back, where one is needed, is its column
    ``back_n``; without that column it is the one the measure holds.
    """
    n = None
    if measure.needs_n and "back_n" in table.columns:
        n = table["back_n"].to_numpy(dtype=float)
    return measure.back(table[column].astype(float), n)


def back_notes(
    measure: Measure,
    studies: pd.DataFrame,
    level: float,
    limits: Mapping[str, tuple[float, ...] | None],
) -> list[str]:
    """Return what readers should know about numbers turned back to the scale that they see.

    Parameters
    ----------
    measure : Measure
        Bound to its sample size, if it needs one.
    studies : DataFrame
        The rows pooled: ``study yi vi``.
    level : float
        Level of the studies' intervals.
    limits : mapping of str to tuple of float or None
        The estimate and the limits of each interval, on the scale of analysis, by what a sentence
        calls it.
    """
    notes = []
    sizes = study_sizes(studies, measure)
    if sizes is not None and measure.n is not None:
        least, most = float(sizes.min()), float(sizes.max())
        size, several, _, _ = _SIZES[measure.scale]
        mean = f"{size} = {number(measure.n, 1)}, the harmonic mean of the {several}"
        note = f"{_TURNED[measure.scale]} with {mean}"
        note += " (Miller 1978)" if measure.scale == "double_arcsine" else ""
        if most / least >= WIDE:
            instead = "logit" if measure.scale == "double_arcsine" else "log_rate"
            note += (
                f". These run from {number(least, 0)} to {number(most, 0)}: the result then "
                f"depends on the {size} chosen and can mislead (Schwarzer et al. 2019, Res Synth "
                f"Methods 10:476-483). Compare measure={instead!r}"
            )
        notes.append(f"{note}.")
    outside = _outside(measure, studies, level, limits)
    if outside:
        low, high = measure.range
        notes.append(
            f"{BEYOND} ({number(low)} to {number(high)}): "
            f"{'; '.join(outside)}. measure={measure.instead!r} keeps intervals within the range."
        )
    return notes


def figure_notes(notes: Sequence[str]) -> list[str]:
    """Return those notes on a result that belong into its figure, without their advice."""
    said = []
    for note in notes:
        if note.startswith(BEYOND):
            said.append(note[: note.rindex(" measure=")])
        elif note.startswith(tuple(_TURNED.values())):
            said.append(f"{re.split(r' [(]Miller|[.] These|[.]$', note)[0]}.")
    return said


def _outside(
    measure: Measure,
    studies: pd.DataFrame,
    level: float,
    limits: Mapping[str, tuple[float, ...] | None],
) -> list[str]:
    """Name what lies beyond the range of the measure."""
    low, high = measure.range
    if not measure.instead:
        return []

    def beyond(values: Array) -> Array:
        with np.errstate(over="ignore"):
            seen = np.asarray(measure.back(values), dtype=float)
        return np.asarray((seen < low) | (seen > high))

    named = [
        name
        for name, values in limits.items()
        if values is not None and beyond(np.array(values, dtype=float)).any()
    ]
    effect = studies["yi"].to_numpy(dtype=float)
    half = quantile(level, None) * np.sqrt(studies["vi"].to_numpy(dtype=float))
    apart = beyond(effect - half) | beyond(effect + half)
    if apart.any():
        labels = [label for label, one in zip(_names(studies), apart, strict=True) if one]
        word = "interval" if len(labels) == 1 else "intervals"
        named.append(f"the study {word} of {shortened(labels)}")
    return named


def testable(measure: Measure, design: Array) -> list[bool]:
    """Return which coefficients have a value of no effect, and so a p-value worth printing."""
    return [measure.has_null or bool(one) for one in is_contrast(design)]


def terms_in_words(coefficients: pd.DataFrame, measure: Measure, design: Array) -> dict[str, str]:
    """Return every coefficient with its interval, and with its p-value where it has a null.

    Parameters
    ----------
    coefficients : DataFrame
        By term: ``estimate ci_low ci_high p_value``, on the scale of analysis.
    measure : Measure
        The effect measure.
    design : ndarray, shape (K, P)
        Design matrix, a column per term.
    """
    return {
        str(term): f"{number(row['estimate'], 3)} {interval((row['ci_low'], row['ci_high']), 3)}"
        + (f", p {p_value(row['p_value'])}" if tested else "")
        for (term, row), tested in zip(
            coefficients.to_dict("index").items(), testable(measure, design), strict=True
        )
    }


def is_contrast(design: Array) -> Array:
    """Return which coefficients do not change when a constant is added to every effect.

    Only these have a value of no effect where the measure has none: a slope or a difference
    between groups does, the mean of a group does not.

    Parameters
    ----------
    design : ndarray, shape (K, P)
        Design matrix.

    Examples
    --------
    >>> is_contrast(np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])).tolist()
    [False, True]
    >>> is_contrast(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])).tolist()
    [False, False]
    """
    ones = np.ones(len(design))
    scale = np.abs(design).max(axis=0)
    scaled = design / np.where(scale > 0, scale, 1.0)
    shift = np.linalg.lstsq(scaled, ones, rcond=None)[0]
    if not np.allclose(scaled @ shift, ones, atol=1e-8):
        return np.zeros(design.shape[1], dtype=bool)
    return np.asarray(np.abs(shift) < 1e-8)
