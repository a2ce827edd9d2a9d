"""From the rows of a sheet to yi and vi: which route each row takes, and what the others lack."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.effects import counts, smd
from synthesis.effects.catalogue import ROUTES
from synthesis.effects.problems import Problems
from synthesis.effects.route import Options, Route
from synthesis.effects.sheet import checked
from synthesis.measures import measure_named


def effect_sizes(
    sheet: pd.DataFrame | str | os.PathLike[str],
    measure: str = "smd",
    *,
    variance: str = "ls",
    correct: bool = True,
    sd: str = "pooled",
    zero_cells: str = "half",
) -> pd.DataFrame:
    """Compute the effect and its sampling variance for every row of an extraction sheet.

    Each row takes the first route, in the order of `synthesis.effects.catalogue.ROUTES`, whose
    columns it fills; a cell in a column `route` chooses another for its row. A row without any
    route is an error that says what each route lacks: nothing is dropped.

    Parameters
    ----------
    sheet : DataFrame or path
        The extraction sheet, from `read_extraction` or as a table with a column `study`.
    measure : str
        The effect measure, by its name in `synthesis.measures.MEASURES`.
    variance : str
        Form of the variance of a standardised mean difference: ``"ls"``, ``"ls2"``, ``"ub"``,
        ``"av"`` or ``"revman"``; `synthesis.effects.smd.VARIANCES` gives the formulas.
    correct : bool
        Whether a standardised mean difference is corrected for small samples (Hedges' g).
    sd : str
        What a standardised mean difference is divided by: ``"pooled"``, ``"control"`` or
        ``"average"``.
    zero_cells : str
        What is added where a count is zero: ``"half"``, ``"all"``, ``"reciprocal"`` or
        ``"none"``; `synthesis.effects.counts.ZERO_CELLS` says what they mean.

    Returns
    -------
    DataFrame
        The sheet with the columns `yi` and `vi` (ratios as logarithms), `measure` and `route`.

    Raises
    ------
    OptionError
        If an option has no such value.
    DataError
        If rows have no route, or cells that cannot be; one line for each problem.

    Examples
    --------
    >>> arms = pd.DataFrame({"study": ["Carroll", "Grant"], "mean_t": [94, 98], "sd_t": [22, 21],
    ...     "n_t": [60, 65], "mean_c": [92, 92], "sd_c": [20, 22], "n_c": [60, 65]})
    >>> effect_sizes(arms, "smd")[["study", "yi", "vi", "measure", "route"]].round(4)
         study      yi      vi measure  route
    0  Carroll  0.0945  0.0334     smd  means
    1    Grant  0.2774  0.0311     smd  means
    """
    measure_named(measure)
    smd.check_form(variance, sd)
    checks.option("zero_cells", zero_cells, list(counts.ZERO_CELLS))
    options = Options(measure, variance, bool(correct), sd, zero_cells)
    es = checked(sheet)
    problems = Problems(es)
    _same_measure(es, measure, problems)
    routes = [route for route in ROUTES if measure in route.formulas]
    chosen = _choose(es, routes, measure, problems)
    problems.raise_any()
    yi, vi = _compute(es, routes, chosen, options, problems)
    problems.raise_any()
    es["yi"], es["vi"] = yi, vi
    es["measure"] = measure
    es["route"] = np.array([route.name for route in routes], dtype=object)[chosen]
    return es


def _same_measure(es: pd.DataFrame, measure: str, problems: Problems) -> None:
    """Refuse a given yi of another measure: its scale is not the one asked for."""
    if "measure" in es and "yi" in es:
        other = (es["yi"].notna() & es["measure"].notna() & (es["measure"] != measure)).to_numpy()
        problems.add(f"measure of a given yi must be {measure!r}, as asked", es["measure"], other)


def _choose(
    es: pd.DataFrame, routes: Sequence[Route], measure: str, problems: Problems
) -> np.ndarray:
    """Return for each row the position of the route it takes."""
    filled = {
        name: es[name].notna().to_numpy() for route in routes for name in route.needs if name in es
    }
    nothing = np.zeros(len(es), dtype=bool)
    open_to = np.array(
        [np.all([filled.get(name, nothing) for name in route.needs], axis=0) for route in routes]
    )
    chosen = open_to.argmax(axis=0)
    for row in np.flatnonzero(~open_to.any(axis=0)).tolist():
        missing = {
            route.name: [name for name in route.needs if not filled.get(name, nothing)[row]]
            for route in routes
        }
        problems.add_row(row, f"no route to {measure!r}", _lacking(missing, routes))
    if "route" in es:
        _obey(es["route"], routes, open_to, chosen, problems)
    return chosen


def _lacking(missing: dict[str, list[str]], routes: Sequence[Route]) -> str:
    begun = {
        route.name for route in routes if len(missing[route.name]) < len(route.needs)
    } or missing.keys()
    return "; ".join(
        f"{name} lacks {' and '.join(columns)}"
        for name, columns in missing.items()
        if name in begun
    )


def _obey(
    asked: pd.Series,
    routes: Sequence[Route],
    open_to: np.ndarray,
    chosen: np.ndarray,
    problems: Problems,
) -> None:
    """Put the routes that rows ask for into `chosen`."""
    names = [route.name for route in routes]
    rows_asking = (asked.astype("string").fillna("") != "").to_numpy(bool)
    position = asked.map({name: at for at, name in enumerate(names)})
    known = position.notna().to_numpy()
    listed = ", ".join(repr(name) for name in names)
    problems.add(f"route must be one of {listed}", asked, rows_asking & ~known)
    at = position.fillna(0).to_numpy(int)
    closed = known & ~open_to[at, np.arange(len(at))]
    for row in np.flatnonzero(closed & open_to.any(axis=0)).tolist():
        needs = ", ".join(routes[at[row]].needs)
        problems.add_row(row, f"route {names[at[row]]!r} needs {needs}; not all are filled")
    chosen[known] = at[known]


def _compute(
    es: pd.DataFrame,
    routes: Sequence[Route],
    chosen: np.ndarray,
    options: Options,
    problems: Problems,
) -> tuple[np.ndarray, np.ndarray]:
    yi, vi = np.full(len(es), np.nan), np.full(len(es), np.nan)
    for at, route in enumerate(routes):
        rows = np.flatnonzero(chosen == at)
        if not rows.size:
            continue
        cells = {name: es[name].to_numpy(float)[rows] for name in route.needs}
        formula = route.formulas[options.measure]
        for condition in formula.conditions:
            for at_row in np.flatnonzero(~condition.holds(cells)).tolist():
                got = ", ".join(f"{name} = {cells[name][at_row]:g}" for name in condition.columns)
                problems.add_row(rows[at_row], f"{condition.rule}; got {got}")
        # What leaves the range of a formula is caught by the conditions, or named just below.
        with np.errstate(all="ignore"):
            yi[rows], vi[rows] = formula.compute(cells, options)
    if not len(problems):
        broken = ~np.isfinite(yi) | ~(vi > 0)
        for row in np.flatnonzero(broken).tolist():
            name = routes[chosen[row]].name
            problems.add_row(row, f"route {name!r} gives no finite effect with a variance > 0")
    return yi, vi
