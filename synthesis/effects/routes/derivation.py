"""Effects and variances, route by route: each formula runs once, on all rows that take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from synthesis.effects.formulas import conversions, designs
from synthesis.effects.routes.clusters import GIVEN, design_effects, remark_clusters
from synthesis.effects.routes.control_parts import ControlPart, control_parts
from synthesis.effects.routes.route import Cells, Formula, Options, Route
from synthesis.effects.rows.people import remark_not_whole, too_few
from synthesis.effects.rows.workings import Workings
from synthesis.effects.shared_controls import DIVIDED
from synthesis.effects.sheet.columns import NUMERIC
from synthesis.effects.sheet.problems import Problems
from synthesis.measures import Measure, measure_named

NO_INFORMATION = "no events, or events only"
"""Why a row is left out of ratios; the pooling of tables says it in the same words."""


@dataclass
class Derived:
    """Effects and variances as they are being computed.

    Attributes
    ----------
    yi, vi : ndarray
        NaN where a row has no effect.
    left_out : dict of int to str
        Why rows without information on the measure have none, by position.
    parts : dict of int to ControlPart
        The control's part of the variances, by position.
    """

    yi: np.ndarray
    vi: np.ndarray
    left_out: dict[int, str] = field(default_factory=dict)
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
    by = np.nan_to_num(design_effects(workings, routes, chosen), nan=1.0)
    for batch in _batches(workings, routes, chosen, options):
        for at, message in _misfits(batch):
            batch.refuse(at, message, unusable)
        remark_not_whole(workings, batch.rows, batch.route.needs, by[batch.rows])
        _divide(workings, batch, unusable)
        _leave_out(batch, options, derived)
        _compute(workings, batch, options, by[batch.rows], cluster == "reduce", derived, unusable)
    remark_clusters(workings, routes, chosen, cluster, options.measure)
    return derived


@dataclass
class _Batch:
    """The rows that take one route.

    Attributes
    ----------
    route : Route
        The route.
    formula : Formula
        Its formula for the measure.
    rows : ndarray of int
        Positions of the rows.
    cells : mapping of str to ndarray
        The cells that the route needs, row by row.
    fits : ndarray of bool
        Which rows have an effect, as far as is known; rows drop out on the way.
    """

    route: Route
    formula: Formula
    rows: np.ndarray
    cells: Cells
    fits: np.ndarray

    def refuse(self, at: int, message: str, unusable: Problems) -> None:
        """Take one row out, by its position in the batch, with the reason."""
        self.fits[at] = False
        unusable.add_row(int(self.rows[at]), message)

    def shown(self, names: Iterable[str], at: int) -> str:
        """Return cells of one row, as messages show them."""
        return ", ".join(f"{name} = {self.cells[name][at]:g}" for name in names)


_AVERAGED = ("smd", "or", "r")
"""The measures of which ``variance="av"`` takes the mean effect; an odds ratio may be of means."""


def with_mean(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, options: Options
) -> Options:
    """Return the options with the mean effect of all rows, where the variance is that of one.

    Rows count with their numbers of people, whatever their routes, and with their signs turned
    where lower is better: before that, effects in two directions would cancel out.
    """
    if options.variance != "av" or options.measure not in _AVERAGED:
        return options
    yi = np.full(workings.size, np.nan)
    for batch in _batches(workings, routes, chosen, options):
        with np.errstate(all="ignore"):
            yi[batch.rows] = batch.formula.compute(batch.cells, options)[0]
        yi[batch.rows[[at for at, _ in _misfits(batch)]]] = np.nan
    if options.measure == "or":
        yi /= conversions.ODDS_PER_SD.get(options.conversion, 1.0)
    people = workings["n"] if options.measure == "r" else workings["n_t"] + workings["n_c"]
    lower, turned = _lower(workings, routes, chosen, measure_named(options.measure))
    yi = np.where(lower & ~turned, -yi, yi)
    known = np.isfinite(yi) & np.isfinite(people)
    mean = float(np.average(yi[known], weights=people[known])) if known.any() else None
    return replace(options, mean=mean)


def _lower(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, measure: Measure
) -> tuple[np.ndarray, np.ndarray]:
    """Return in which rows lower is better, and in which an earlier call turned the sign."""
    compares = not np.isnan(measure.null)
    lower = (workings.words("direction") == "lower").to_numpy(bool) & compares
    given = np.isin(chosen, [at for at, route in enumerate(routes) if route.name in GIVEN])
    before = np.zeros(workings.size, dtype=bool)
    if "flipped" in workings.sheet:
        before = given & (workings.words("flipped") == "true").to_numpy(bool)
    return lower, before


def _batches(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, options: Options
) -> Iterator[_Batch]:
    for at, route in enumerate(routes):
        rows = np.flatnonzero(chosen == at)
        if rows.size:
            cells = {name: workings[name][rows] for name in route.needs}
            formula = route.formulas[options.measure]
            yield _Batch(route, formula, rows, cells, np.ones(rows.size, dtype=bool))


def _misfits(batch: _Batch) -> Iterator[tuple[int, str]]:
    """Yield rows whose cells break a condition of the formula, or count too few people for it."""
    for condition in batch.formula.conditions:
        for at in np.flatnonzero(~condition.holds(batch.cells)).tolist():
            got = f"; got {batch.shown(condition.columns, at)}" if condition.columns else ""
            yield at, f"{condition.rule}{got}"
    if batch.route.name in GIVEN:
        return
    rule = "must be at least 2 where an SD, a test or a correlation is used"
    for name, values in batch.cells.items():
        for at in np.flatnonzero(too_few(name, batch.route.needs, values)).tolist():
            yield at, f"{name} {rule}; got {batch.shown([name], at)}"


def _leave_out(batch: _Batch, options: Options, derived: Derived) -> None:
    """Leave out rows that contain no information on the measure, where that is asked for."""
    formula = batch.formula
    if formula.silent and (formula.needs_information or options.no_events == "leave_out"):
        silent = formula.silent(batch.cells)
        derived.left_out.update(dict.fromkeys(batch.rows[silent].tolist(), NO_INFORMATION))
        batch.fits &= ~silent


def _compute(
    workings: Workings,
    batch: _Batch,
    options: Options,
    by: np.ndarray,
    reduce: bool,
    derived: Derived,
    unusable: Problems,
) -> None:
    """Compute the effects of a batch, with shared controls divided and clusters allowed for.

    `by` has the design effects, by which numbers of people are divided or variances multiplied.
    """
    route, formula, rows = batch.route, batch.formula, batch.rows
    cells = {name: _own_share(workings, name, rows, batch.cells[name]) for name in batch.cells}
    reduced = reduce and route.name in designs.REDUCIBLE
    if reduced:
        cells = {name: _reduced(name, values, by) for name, values in cells.items()}
    inflated = np.ones(rows.size) if reduced else by
    # Values outside the range of a formula are caught by its conditions, or reported here.
    with np.errstate(all="ignore"):
        yi, vi = formula.compute(cells, options)
    usable = np.isfinite(yi) & np.isfinite(vi) & (vi > 0)
    for at in np.flatnonzero(batch.fits & ~usable).tolist():
        got = batch.shown([name for name in route.needs if name in NUMERIC], at)
        message = (
            f"route {route.name!r} gives no finite effect with a finite variance > 0: check these "
            "cells, or compute another measure"
        )
        batch.refuse(at, f"{message}; got {got}", unusable)
    derived.yi[rows] = np.where(batch.fits, yi, np.nan)
    derived.vi[rows] = np.where(batch.fits, vi * inflated, np.nan)
    derived.parts |= control_parts(route.name, rows, cells, options, yi, inflated)
    for which, remark in formula.remarks(cells, options) if formula.remarks else ():
        workings.note(rows[which], remark)


def _own_share(workings: Workings, name: str, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return a column; numbers of controls are divided among the rows that share them."""
    if name not in DIVIDED:
        return values
    shares = workings["control_shares"][rows]
    return values / np.where(shares >= 1, shares, 1)


def _divide(workings: Workings, batch: _Batch, unusable: Problems) -> None:
    """Note which rows count a part of their control, and where a route cannot do so.

    A printed effect has no number of controls that could be divided, which is said. A printed
    statistic was computed from the whole control: dividing the numbers of people beside it would
    change the effect, which is refused.
    """
    route, shares = batch.route, workings["control_shares"][batch.rows]
    counts_controls = not {*DIVIDED}.isdisjoint(route.needs)
    for at in np.flatnonzero(shares > 1).tolist():
        row, among = int(batch.rows[at]), f"{shares[at]:g}"
        if not counts_controls:
            workings.remark_row(
                row,
                f"control_shares not used: route {route.name!r} takes no number of controls that "
                "could be divided",
                doubt=""
                if route.name in GIVEN
                else "Control shared by several rows and not divided",
            )
        elif route.name not in designs.DIVISIBLE:
            batch.refuse(
                at,
                f"control_shares = {among} divides the people of the control, and route "
                f"{route.name!r} does not start from them; combine the arms or leave it blank",
                unusable,
            )
        else:
            workings.remark_row(
                row,
                f"people, events and person-time of the control divided by {among}, the number "
                "of rows that share it",
                footnote=f"Control group divided among {among} rows",
            )


def _reduced(name: str, values: np.ndarray, effect: np.ndarray) -> np.ndarray:
    return values / effect if name.startswith(("n_", "events_", "category")) else values


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
    lower, before = _lower(workings, routes, chosen, measure)
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
