"""Effects and variances, route by route: each formula runs once, on all rows that take it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from synthesis.effects.formulas import designs
from synthesis.effects.routes.control_parts import ControlPart, control_parts
from synthesis.effects.routes.route import Options, Route
from synthesis.effects.rows.workings import Workings
from synthesis.effects.shared_controls import DIVIDED
from synthesis.effects.sheet.problems import Problems
from synthesis.measures import Measure

GIVEN = ("given", "given_se")
"""Routes whose effect is used as given: clusters and direction must not change it twice."""

_FOOTNOTES = {
    "inflate": "Variance increased for clustering",
    "reduce": "Numbers of people reduced for clustering",
}


@dataclass
class Derived:
    """Effects and variances as they are being computed, and the control's part of variances."""

    yi: np.ndarray
    vi: np.ndarray
    parts: dict[int, ControlPart] = field(default_factory=dict)


def derive(
    workings: Workings,
    routes: Sequence[Route],
    chosen: np.ndarray,
    options: Options,
    cluster: str,
    unusable: Problems,
) -> Derived:
    """Return the effect and variance of every row by the route it takes.

    Parameters
    ----------
    workings : Workings
        The cells; remarks for the receipts are added to them.
    routes : sequence of Route
        The routes to the measure.
    chosen : ndarray of int
        The position of the route that each row takes.
    options : Options
        The choices of the call.
    cluster : str
        One of `designs.CLUSTER_RULES`.
    unusable : Problems
        Collects what is said about rows whose cells do not fit the formula.
    """
    derived = Derived(np.full(workings.size, np.nan), np.full(workings.size, np.nan))
    effect = design_effects(workings)
    for at, route in enumerate(routes):
        rows = np.flatnonzero(chosen == at)
        if not rows.size:
            continue
        formula = route.formulas[options.measure]
        cells = {name: workings[name][rows] for name in route.needs}
        fits = np.ones(rows.size, dtype=bool)
        for condition in formula.conditions:
            fails = ~condition.holds(cells)
            fits &= ~fails
            for position in np.flatnonzero(fails).tolist():
                got = ", ".join(f"{name} = {cells[name][position]:g}" for name in condition.columns)
                unusable.add_row(int(rows[position]), f"{condition.rule}; got {got}")
        _divide(workings, route.name, rows, fits, unusable)
        cells = {name: _own_share(workings, name, rows, cells[name]) for name in cells}
        by = np.ones(rows.size) if route.name in GIVEN else effect[rows]
        reduced = cluster == "reduce" and route.name in designs.REDUCIBLE
        if reduced:
            cells = {name: _reduced(name, values, by) for name, values in cells.items()}
        # Values outside the range of a formula are caught by its conditions, or reported below.
        with np.errstate(all="ignore"):
            yi, vi = formula.compute(cells, options)
        for position in np.flatnonzero(fits & (~np.isfinite(yi) | ~(vi > 0))).tolist():
            fits[position] = False
            unusable.add_row(
                int(rows[position]),
                f"route {route.name!r} gives no finite effect with a variance > 0",
            )
        derived.yi[rows] = np.where(fits, yi, np.nan)
        derived.vi[rows] = np.where(fits, vi if reduced else vi * by, np.nan)
        inflated = np.ones(rows.size) if reduced else by
        derived.parts |= control_parts(route.name, rows, cells, options, yi, inflated)
        _remark_clusters(workings, rows, by, "reduce" if reduced else "inflate")
        for which, remark in formula.remarks(cells, options) if formula.remarks else ():
            workings.note(rows[which], remark)
    return derived


def _own_share(workings: Workings, name: str, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return a column; numbers of controls are divided among the rows that share them."""
    if name not in DIVIDED:
        return values
    shares = workings["control_shares"][rows]
    return values / np.where(shares >= 1, shares, 1)


def _divide(
    workings: Workings, route: str, rows: np.ndarray, fits: np.ndarray, unusable: Problems
) -> None:
    """Note which rows count a part of their control, and refuse it where a route has no such part.

    A printed statistic was computed from the whole control: dividing the numbers of people beside
    it would change the effect, or leave its variance as it was.
    """
    shares = workings["control_shares"][rows]
    for position in np.flatnonzero(shares > 1).tolist():
        row, among = int(rows[position]), f"{shares[position]:g}"
        if route not in designs.DIVISIBLE:
            fits[position] = False
            unusable.add_row(
                row,
                f"control_shares = {among} divides the people of the control, and route "
                f"{route!r} does not start from them; combine the arms or leave it blank",
            )
            continue
        workings.remark_row(
            row,
            f"people, events and person-time of the control divided by {among}, the number of "
            "rows that share it",
            footnote=f"Control group divided among {among} rows",
            doubt="Control group divided among rows of its study, which leaves a part of their "
            "dependence (Cochrane Handbook 23.3.4)",
        )


def _reduced(name: str, values: np.ndarray, effect: np.ndarray) -> np.ndarray:
    return values / effect if name.startswith(("n_", "events_")) else values


def design_effects(workings: Workings) -> np.ndarray:
    """Return the design effect of every row, 1 where there are no clusters."""
    clustered = workings.known("icc", "cluster_size")
    adjusted = (workings.words("cluster_adjusted") == "yes").to_numpy(bool)
    effect = designs.design_effect(workings["icc"], workings["cluster_size"])
    return np.where(clustered & ~adjusted, effect, 1.0)


def _remark_clusters(workings: Workings, rows: np.ndarray, effect: np.ndarray, rule: str) -> None:
    sources = workings.words("icc_source").to_numpy()
    icc = workings["icc"]
    for row, by in zip(rows.tolist(), effect.tolist(), strict=True):
        if by != 1:
            source = f", ICC from {sources[row]}" if sources[row] else ""
            workings.remark_row(
                row,
                f"clusters: {designs.CLUSTER_RULES[rule]}, {by:.4g} at an ICC of "
                f"{icc[row]:g}{source}",
                footnote=f"{_FOOTNOTES[rule]} (design effect {by:.3g})",
            )


def flip(
    workings: Workings,
    routes: Sequence[Route],
    chosen: np.ndarray,
    derived: Derived,
    measure: Measure,
) -> np.ndarray:
    """Reverse the sign where lower is better, once; return which rows are reversed.

    Measures of one group compare nothing, and are left alone.
    """
    compares = not np.isnan(measure.null)
    lower = (workings.words("direction") == "lower").to_numpy(bool) & compares
    given = np.isin(chosen, [at for at, route in enumerate(routes) if route.name in GIVEN])
    before = np.zeros(workings.size, dtype=bool)
    if "flipped" in workings.sheet:
        before = given & (workings.words("flipped") == "true").to_numpy(bool)
    derived.yi = np.where(lower & ~before, -derived.yi, derived.yi)
    for row in np.flatnonzero(lower & ~before).tolist():
        if part := derived.parts.get(row):
            derived.parts[row] = replace(part, root=-part.root, slope=-part.slope)
    workings.remark(
        lower,
        "sign reversed, as lower is declared better: above 0 favours treatment",
        footnote="Sign reversed, as lower scores are better",
    )
    return lower


def other_routes(
    workings: Workings,
    routes: Sequence[Route],
    is_open: np.ndarray,
    chosen: np.ndarray,
    options: Options,
) -> dict[int, tuple[str, ...]]:
    """Return what the other routes would give, by row, before clusters and direction."""
    others: dict[int, tuple[str, ...]] = {}
    for at, route in enumerate(routes):
        rows = np.flatnonzero(is_open[at] & (chosen != at))
        if not rows.size:
            continue
        formula = route.formulas[options.measure]
        cells = {name: workings[name][rows] for name in route.needs}
        with np.errstate(all="ignore"):
            yi, vi = formula.compute(cells, options)
        for row, effect, spread in zip(rows.tolist(), yi.tolist(), vi.tolist(), strict=True):
            if np.isfinite(effect) and spread > 0:
                said = f"{route.name}: yi = {effect:.4g}, vi = {spread:.4g}"
                others[row] = (*others.get(row, ()), said)
    return others
