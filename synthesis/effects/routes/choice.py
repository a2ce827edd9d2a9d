"""Which route each row takes and, where none is open, what each of them is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis.effects.routes.clusters import prefer_adjusted
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.rows.printed_effects import COHENS_D, printed_columns
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import CATEGORIES
from synthesis.effects.sheet.naming import recognised_as
from synthesis.effects.sheet.problems import Problems
from synthesis.measures import MEASURES

NO_ROUTE = -1

CLOSEST = 3
"""How many partly filled routes of a row a message lists, those missing least first."""

_IN_WORDS = (
    {
        COHENS_D: "effect with effect_type 'd'",
        RAW_SD: "sd_t and sd_c (or sd_pre_t and sd_pre_c, or sd_pre)",
        "r_c": "r_c (or r for both arms)",
        "sign": "sign (1 if the value under treatment is higher, -1 if it is lower)",
    }
    | {
        name: f"{name} (0 if nobody is in that category)"
        for names in CATEGORIES.values()
        for name in names
    }
    | {
        column: text
        for name in MEASURES
        for column, text in zip(
            printed_columns(name),
            (f"effect with effect_type {name!r}", "its se, ci_low and ci_high, or p"),
            strict=True,
        )
    }
)


def in_words(column: str) -> str:
    """Return a column as the reviewer knows it."""
    return _IN_WORDS.get(column, column)


def open_routes(workings: Workings, routes: Sequence[Route]) -> np.ndarray:
    """Return which routes are open to which rows, of shape (routes, rows)."""
    return np.array([workings.known(*route.needs) for route in routes])


def choose(
    workings: Workings,
    routes: Sequence[Route],
    is_open: np.ndarray,
    measure: str,
    *,
    unusable: Problems,
    problems: Problems,
) -> np.ndarray:
    """Return for each row the position of the route it takes, `NO_ROUTE` where none is open.

    Parameters
    ----------
    workings : Workings
        The cells.
    routes : sequence of Route
        The routes to the measure, the preferred ones first.
    is_open : ndarray of bool, shape (routes, rows)
        From `open_routes`.
    measure : str
        The measure, for messages.
    unusable, problems : Problems
        Collect what is said about rows without a route, and about cells in the column `route` that
        name no route or one that is not open.
    """
    chosen = np.where(is_open.any(axis=0), is_open.argmax(axis=0), NO_ROUTE)
    prefer_adjusted(workings, routes, is_open, chosen)
    _hint_at_other_measures(workings, routes)
    program = recognised_as(workings.sheet)
    for row in np.flatnonzero(chosen == NO_ROUTE).tolist():
        said = [*workings.hints_of(row), *_lacking(workings, routes, row)]
        if not said:
            said = [
                "no column that a route starts from is filled in; "
                f"routes_to({measure!r}) lists the routes and what they need"
            ]
            if program:
                said = [
                    "its columns are named as in another program; read_extraction(table, "
                    f"columns={program!r}) gives them the names used here"
                ]
        unusable.add_row(row, f"no route to {measure!r}", "; ".join(said))
    if "route" in workings.sheet:
        _obey(workings.sheet["route"], routes, is_open, chosen, problems)
    return chosen


def _hint_at_other_measures(workings: Workings, routes: Sequence[Route]) -> None:
    """Say which printed effects are of a measure from which no route leads to the requested one."""
    needed = {name for route in routes for name in route.needs}
    columns = {name: printed_columns(name)[0] for name in MEASURES}
    leads = np.zeros(workings.size, dtype=bool)
    for column in needed.intersection(columns.values()):
        leads |= workings.known(column)
    for name, column in columns.items():
        workings.hint(
            workings.known(column) & ~leads,
            f"no route leads to it from a printed effect with effect_type {name!r}",
        )


def _lacking(workings: Workings, routes: Sequence[Route], row: int) -> list[str]:
    """Say what is missing for the nearest of the routes that the row has partly filled."""
    missing = {
        route.name: [name for name in route.needs if np.isnan(workings[name][row])]
        for route in routes
    }
    # Sizes alone are part of nearly every route, and so do not show which one was meant.
    begun = [
        route.name
        for route in routes
        if any(not name.startswith("n") and name not in missing[route.name] for name in route.needs)
    ]
    # Of routes that lack as much, those come first whose columns the sheet has.
    there = {name: sum(column in workings.sheet for column in missing[name]) for name in begun}
    closest = sorted(begun, key=lambda name: (len(missing[name]), -there[name]))[:CLOSEST]
    nearest = sorted(closest, key=lambda name: (len(missing[name]), begun.index(name)))
    return [
        f"{name} lacks {_listed([in_words(column) for column in missing[name]])}"
        for name in nearest
    ]


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _obey(
    asked: pd.Series,
    routes: Sequence[Route],
    is_open: np.ndarray,
    chosen: np.ndarray,
    problems: Problems,
) -> None:
    """Set the routes that rows ask for in `chosen`."""
    names = [route.name for route in routes]
    asks = ~asked.astype("string").fillna("").isin(["", "none"]).to_numpy(bool)
    position = asked.map({name: at for at, name in enumerate(names)})
    known = position.notna().to_numpy()
    listed = ", ".join(repr(name) for name in names)
    problems.add(f"route must be one of {listed}", asked, asks & ~known)
    at = position.fillna(0).to_numpy(int)
    closed = known & ~is_open[at, np.arange(len(at))]
    for row in np.flatnonzero(closed & is_open.any(axis=0)).tolist():
        needs = _listed([in_words(name) for name in routes[at[row]].needs])
        problems.add_row(row, f"route {names[at[row]]!r} needs {needs}; not all are filled in")
    chosen[known & ~closed] = at[known & ~closed]
