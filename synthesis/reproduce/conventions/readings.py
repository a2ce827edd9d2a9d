"""How computed results may have been printed: direction, scale, definition, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from synthesis.measures import measure_named
from synthesis.pooling.engine.weighted import Array
from synthesis.reproduce.conventions.candidates import Grid
from synthesis.reproduce.conventions.quantities import Wanted
from synthesis.reproduce.printed import Printed

OPTIONS: dict[str, tuple[str, ...]] = {
    "direction": ("as entered", "flipped"),
    "scale": ("analysis", "back-transformed"),
    "i2": ("from tau2", "from Q"),
    "digits": ("rounded", "cut off"),
}
"""The choices of printing, each with its options, the default first."""

_MIRRORED = {
    "ci_low": "ci_high",
    "ci_high": "ci_low",
    "pi_low": "pi_high",
    "pi_high": "pi_low",
    "filled_ci_low": "filled_ci_high",
    "filled_ci_high": "filled_ci_low",
}
"""The limits that swap when the direction is reversed."""
_SIGNED = frozenset({"estimate", "statistic", "filled_estimate", *_MIRRORED})
_TRANSFORMED = _SIGNED - {"statistic"}
_ROUNDING_ERRORS = 1e-10
"""Relative tolerance for rounding errors, far below any printed digit."""


def readings(
    wanted: Sequence[Wanted], among: Mapping[str, Sequence[str]], measures: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the options of those choices of printing that matter to the printed results."""
    matters = frozenset({"digits"}).union(*(one.depends_on() for one in wanted))
    if all(_is_plain(name) for name in measures):
        matters -= {"scale"}
    return {
        name: tuple(among.get(name, options))
        for name, options in OPTIONS.items()
        if name in matters
    }


def _is_plain(measure: str) -> bool:
    """Return whether a measure is reported on the scale on which it is pooled."""
    return measure != "generic" and measure_named(measure).scale == "identity"


def read_all(
    grid: Grid, wanted: Sequence[Wanted], options: Mapping[str, Sequence[str]]
) -> tuple[pd.DataFrame, dict[str, Array], Array, Array]:
    """Return every analysis read in every way, compared with the printed results.

    Returns
    -------
    choices : DataFrame
        Those of the analysis and of its printing; one row per combination.
    values : dict of str to ndarray
        What would be printed, unrounded, by the column of each result.
    hits : ndarray of bool, shape (rows, results)
        Which printed results each combination reproduces.
    gaps : ndarray, shape (rows, results)
        How far outside the printed digits it lies, in units of the last one.
    """
    tables, columns, hits, gaps = [], [], [], []
    for chosen in _crossed(options):
        table = grid.choices.assign(**chosen)
        sound = _sound(table)
        found = {one.column: _value(grid, one, chosen)[sound] for one in wanted}
        cut = chosen.get("digits") == "cut off"
        sought = [one.printed.cut_off() if cut else one.printed for one in wanted]
        pairs = list(zip(sought, found.values(), strict=True))
        tables.append(table[sound])
        columns.append(found)
        hits.append(np.array([one.holds(value, _slack(one)) for one, value in pairs]).T)
        gaps.append(np.array([np.nan_to_num(one.gap(value), nan=np.inf) for one, value in pairs]).T)
    values = {
        one.column: np.concatenate([found[one.column] for found in columns]) for one in wanted
    }
    return pd.concat(tables, ignore_index=True), values, np.concatenate(hits), np.concatenate(gaps)


def _sound(table: pd.DataFrame) -> Array:
    """Return the rows whose reading is distinct."""
    sound = np.ones(len(table), dtype=bool)
    if "scale" in table:
        plain = table["measure"].map(_is_plain).to_numpy(dtype=bool)
        sound &= ~(plain & (table["scale"] == "back-transformed").to_numpy())
    if {"i2", "model"} <= set(table.columns):
        # Without tau2 there is only the I² from Q.
        common = (table["model"] == "common").to_numpy()
        sound &= ~(common & (table["i2"] == "from tau2").to_numpy())
    return sound


def would_print(one: Wanted, value: float, *, cut: bool) -> str:
    """Return a value with as many digits as the printed one, rounded or cut off.

    Examples
    --------
    >>> from synthesis.reproduce.printed import parse
    >>> one = Wanted("estimate", parse("0.083"))
    >>> would_print(one, 0.0837, cut=False), would_print(one, 0.0837, cut=True)
    ('0.084', '0.083')
    """
    unit = one.printed.unit
    moved = value - np.copysign(min(0.5 * unit, abs(value)), value) if cut else value
    return one.printed.like(float(moved))


def _crossed(options: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    return [dict(zip(options, chosen, strict=True)) for chosen in product(*options.values())]


def _value(grid: Grid, one: Wanted, chosen: Mapping[str, str]) -> Array:
    name = one.column
    flipped = chosen.get("direction") == "flipped"
    if name == "i2" and chosen.get("i2") == "from Q":
        name = "i2_q"
    value = grid.results[_MIRRORED.get(name, name) if flipped else name]
    if flipped and (name in _SIGNED or one.is_effect):
        value = -value
    if chosen.get("scale") == "back-transformed" and name in _TRANSFORMED:
        value = _back(value, grid.choices["measure"], grid.results["back_n"])
    return value


def _back(values: Array, measures: pd.Series, n: Array) -> Array:
    """Convert each value to the scale that readers of its measure see.

    An effect whose measure is not named is assumed to be a logarithm, the only scale without a
    name that has to be converted back.
    """
    result = np.array(values, dtype=float)
    for name in measures.unique():
        rows = (measures == name).to_numpy()
        with np.errstate(over="ignore"):
            result[rows] = (
                np.exp(result[rows])
                if name == "generic"
                else measure_named(name).back(result[rows], n[rows])
            )
    return result


def _slack(printed: Printed) -> float:
    return _ROUNDING_ERRORS * max(1.0, abs(printed.value))
