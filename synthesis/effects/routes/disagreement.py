"""Where two routes for one row give effects further apart than rounding can explain.

Every printed number stands for an interval: 0.07 may have been anything from 0.065 to 0.075. Each
number of a row is moved to both ends of its interval in turn, and the difference of the two
effects is computed again. If the changes together cannot close the difference, the numbers of
the row do not belong to one analysis, one of them is misprinted, or the routes rest on different
assumptions. Rows whose routes rest on a guess, such as "<0.05" taken as 0.05, are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from synthesis.effects.formulas.printed_numbers import half_units, parse_p_values
from synthesis.effects.routes.route import Options, Route
from synthesis.effects.rows.completion import complete
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet import columns

EXACT = (
    *(columns.COUNT, columns.SIZE, columns.SIGN, columns.LEVEL),
    *(columns.AT_LEAST_ONE, columns.AT_LEAST_TWO),
)
"""Kinds of number that are printed exactly."""

TOGETHER = (("effect", "ci_low", "ci_high"),)
"""Columns that are printed to the same number of decimals, besides those of both arms."""


def disagreements(
    sheet: pd.DataFrame,
    routes: Sequence[Route],
    chosen: np.ndarray,
    is_open: np.ndarray,
    options: Options,
    remarks: Workings,
    vi: np.ndarray,
) -> dict[int, tuple[str, ...]]:
    """Return, by row, what to say about routes that rounding cannot reconcile.

    Effects of opposite signs are doubted: adjustment and rounding change an effect, and a wrong
    direction turns it.

    Parameters
    ----------
    sheet : DataFrame
        The checked sheet.
    routes : sequence of Route
        The routes to the measure.
    chosen : ndarray of int
        The position of the route that each row takes.
    is_open : ndarray of bool, shape (routes, rows)
        Which routes are open to which rows.
    options : Options
        The choices of the call.
    remarks : Workings
        Where doubts are added.
    vi : ndarray
        The variances of the effects.
    """
    rows = np.flatnonzero((is_open.sum(axis=0) > 1) & (chosen >= 0))
    if not rows.size:
        return {}
    part = _before_turning(sheet.iloc[rows].reset_index(drop=True))
    taken = chosen[rows]
    workings = _completed(part, options.measure)
    effects = _effects(workings, routes, options)
    effects[_guessed(workings, routes) | ~is_open[:, rows]] = np.nan
    effects[_of_the_same_number(routes, taken)] = np.nan
    across = np.arange(rows.size)
    apart = effects - effects[taken, across]
    # Computing one effect in two ways can lose this many digits.
    explained = 1e-9 * (1 + np.abs(effects))
    for name, alike in _rounded(part):
        # Rows whose difference is already explained need no further column and drop out.
        left = np.flatnonzero((np.abs(apart) > explained).any(axis=0))
        if not left.size:
            break
        ends = []
        for moved in _both_ends(part.iloc[left], name, alike):
            again = _effects(_completed(moved, options.measure), routes, options)
            again -= again[taken[left], np.arange(left.size)]
            ends.append(np.abs(again - apart[:, left]))
        explained[:, left] += np.maximum(*ends)
    said: dict[int, tuple[str, ...]] = {}
    for at, row in np.argwhere(np.abs(apart) > explained).tolist():
        text = (
            f"{routes[at].name} gives {effects[at, row]:.4g}, {routes[taken[row]].name} "
            f"{effects[taken[row], row]:.4g}: further apart than rounding explains"
        )
        mine, other = effects[taken[row], row], effects[at, row]
        if mine * other < 0 and abs(other - mine) > 2 * np.sqrt(vi[rows[row]]):
            opposite = "Numbers of the row give effects of opposite signs"
            remarks.remark_row(
                int(rows[row]),
                f"{routes[at].name} gives {other:.4g}, of the opposite sign: check the direction",
                footnote=opposite,
                doubt=opposite,
            )
        said[int(rows[row])] = (*said.get(int(rows[row]), ()), text)
    return said


def _before_turning(sheet: pd.DataFrame) -> pd.DataFrame:
    """Return the sheet with given effects as they were before a call reversed their sign."""
    if "flipped" not in sheet or "yi" not in sheet:
        return sheet
    turned = sheet["flipped"].astype("string").str.lower() == "true"
    return sheet.assign(yi=sheet["yi"].mask(turned.fillna(value=False).astype(bool), -sheet["yi"]))


def _completed(sheet: pd.DataFrame, measure: str) -> Workings:
    workings = Workings(sheet)
    complete(workings, measure)
    return workings


def _effects(workings: Workings, routes: Sequence[Route], options: Options) -> np.ndarray:
    """Return the effect of every row by every route, of shape (routes, rows), NaN where closed."""
    effects = np.full((len(routes), workings.size), np.nan)
    for at, route in enumerate(routes):
        rows = np.flatnonzero(workings.known(*route.needs))
        if rows.size:
            cells = {name: workings[name][rows] for name in route.needs}
            with np.errstate(all="ignore"):
                effects[at, rows] = route.formulas[options.measure].compute(cells, options)[0]
    return np.where(np.isfinite(effects), effects, np.nan)


def _guessed(workings: Workings, routes: Sequence[Route]) -> np.ndarray:
    """Return which routes of which rows rest on a guess, of shape (routes, rows)."""
    guessed = np.zeros((len(routes), workings.size), dtype=bool)
    for at, route in enumerate(routes):
        rows = np.flatnonzero(workings.known(*route.needs))
        for basis in workings.bases(rows, route.needs):
            guessed[at, basis.rows] = any(step.is_guess for step in basis.steps)
    return guessed


def _of_the_same_number(routes: Sequence[Route], taken: np.ndarray) -> np.ndarray:
    """Return which routes start from the printed effect, as the one that the row takes does.

    Shape (routes, rows). They may correct it for small samples or convert it in another way; no
    two numbers of the row contradict each other.
    """
    printed = np.array([any(name.startswith("printed ") for name in one.needs) for one in routes])
    others = np.arange(len(routes))[:, None] != taken
    return printed[:, None] & printed[taken] & others


def _rounded(sheet: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Return the rounded columns in the sheet, each with those that share its decimals."""
    filled = [
        name
        for name, column in columns.NUMERIC.items()
        if column.kind not in EXACT and name in sheet and sheet[name].notna().any()
    ]
    group_of = {name: names[0] for names in TOGETHER for name in names}
    groups: dict[str, list[str]] = {}
    for name in filled:
        stem = name[:-2] if name.endswith(("_t", "_c")) else name
        groups.setdefault(group_of.get(name, stem), []).append(name)
    numbers = [(name, names) for names in groups.values() for name in names]
    return [*numbers, ("p", ["p"])] if "p" in sheet else numbers


def _both_ends(sheet: pd.DataFrame, name: str, alike: list[str]) -> Iterator[pd.DataFrame]:
    """Yield the sheet with a column moved to the lower, then to the upper end of its rounding."""
    if name == "p":
        exact = parse_p_values(sheet["p"])["exact"]
        half = half_units(exact.to_numpy())
        for shift in (-half, half):
            moved = (exact + shift).clip(np.finfo(float).tiny, 1).astype(object)
            yield sheet.assign(p=moved.where(exact.notna(), sheet["p"]))
    else:
        half = half_units(*(sheet[column].to_numpy(float) for column in alike))
        for shift in (-half, half):
            yield sheet.assign(**{name: sheet[name] + shift})
