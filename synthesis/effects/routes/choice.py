"""Which route each row takes and, where none is open, what each of them is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.text import and_joined
from synthesis.effects.routes.clusters import prefer_adjusted
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.rows.printed_effects import COHENS_D, printed_columns
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import CATEGORIES, NUMERIC
from synthesis.effects.sheet.naming import recognised_as
from synthesis.effects.sheet.problems import Problems
from synthesis.measures import MEASURES

NO_ROUTE = -1

CLOSEST = 3
"""How many partly filled routes of a row a message lists, those missing least first."""

_IN_WORDS = {
    COHENS_D: "effect with effect_type 'd'",
    RAW_SD: "sd_t and sd_c (or sd_pre_t and sd_pre_c, or sd_pre)",
    "r_c": "r_c (or r for both arms)",
    "sign": "sign (1 if the value under treatment is higher, -1 if it is lower)",
} | {
    column: text
    for name in MEASURES
    for column, text in zip(
        printed_columns(name),
        (f"effect with effect_type {name!r}", "its se, ci_low and ci_high, or p"),
        strict=True,
    )
}


def in_words(column: str) -> str:
    """Return a column as the reviewer knows it."""
    return _IN_WORDS.get(column, column)


def needs_in_words(route: Route) -> list[str]:
    """Return the columns that a route needs; the categories of an arm are one of them."""
    runs = {names[0]: f"{names[0]} to {names[-1]}" for names in CATEGORIES.values()}
    others = {name for names in CATEGORIES.values() for name in names[1:]}
    return [runs.get(name) or in_words(name) for name in route.needs if name not in others]


def _as_missing(column: str) -> str:
    """Return a column that is blank, with what to enter where that is not clear by itself."""
    is_category = any(column in names for names in CATEGORIES.values())
    return f"{column} (0 if nobody is in that category)" if is_category else in_words(column)


def open_routes(workings: Workings, routes: Sequence[Route]) -> np.ndarray:
    """Return which routes are open to which rows, of shape (routes, rows)."""
    known = np.array([workings.known(*route.needs) for route in routes])
    for at, route in enumerate(routes):
        if route.unless:
            known[at] &= ~workings.known(route.unless)
    return known


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
        said += _short_of_a_log_rank_test(workings, row) if measure == "hr" else []
        if not said:
            said = [
                "no column that a route starts from is filled in; "
                f"routes_to({measure!r}) lists the routes and what they need"
            ]
            if {str(name).strip().lower() for name in workings.sheet} >= _TEST_COUNTS:
                said = [_OF_A_TEST]
            elif program:
                said = [
                    "its columns are named as in another program; read_extraction(table, "
                    f"columns={program!r}) gives them the names used here"
                ]
        unusable.add_row(row, f"no route to {measure!r}", "; ".join(said))
    if "route" in workings.sheet:
        _obey(workings.sheet["route"], routes, is_open, chosen, problems)
    return chosen


_TEST_COUNTS = {"tp", "fp", "fn", "tn"}
_OF_A_TEST = (
    "tp, fp, fn and tn are the counts of a diagnostic test. Its odds ratio is measure='or' with "
    "events_t = tp, n_t = tp + fn, events_c = fp and n_c = fp + tn. Sensitivity and specificity "
    "depend on each other and are pooled as a pair, by a bivariate model such as that of mada in "
    "R; one of them alone is measure='logit' with events = tp and n = tp + fn (or tn and fp + tn)"
)


def _short_of_a_log_rank_test(workings: Workings, row: int) -> list[str]:
    """Say what can be done about survival where no test and no hazard ratio is given."""
    filled = {name for name in NUMERIC if not np.isnan(workings[name][row])}
    if {"median_t", "median_c"} <= filled:
        return [
            "median survival times give no hazard ratio, unless hazards are constant; read the "
            "curves with a program made for that (such as IPDfromKM in R) and enter its hazard "
            "ratio as effect with ci_low and ci_high"
        ]
    if {"events_t", "events_c", "n_t", "n_c"} <= filled and not {"effect", "p", "chi2"} & filled:
        return ["events and numbers of people alone give a risk ratio: measure='rr'"]
    return []


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
            f"no route leads to it from a printed effect with effect_type {name!r}; enter what was "
            "measured in the arms, or compute another measure",
        )


def _lacking(workings: Workings, routes: Sequence[Route], row: int) -> list[str]:
    """Say what is missing for the nearest of the routes that the row has partly filled."""
    missing = {
        route.name: [name for name in route.needs if np.isnan(workings[name][row])]
        for route in routes
    }
    begun = [
        route.name
        for route in routes
        if any(name not in missing[route.name] for name in route.needs if _tells(name))
    ]
    # Of routes that lack as much, those come first whose columns the sheet has.
    there = {name: sum(column in workings.sheet for column in missing[name]) for name in begun}
    closest = sorted(begun, key=lambda name: (len(missing[name]), -there[name]))[:CLOSEST]
    nearest = sorted(closest, key=lambda name: (len(missing[name]), begun.index(name)))
    return [
        f"route {name} lacks {and_joined([_as_missing(column) for column in missing[name]])}"
        for name in nearest
    ]


def _tells(column: str) -> bool:
    """Return whether a column that is filled in shows which route was meant.

    Sizes are part of nearly every route; signs and SDs of scores are worked out from others.
    """
    return not column.startswith("n") and column not in ("sign", RAW_SD)


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
    rule = f"leave route blank, or choose one of those to this measure: {listed}"
    problems.add(rule, asked, asks & ~known)
    at = position.fillna(0).to_numpy(int)
    closed = known & ~is_open[at, np.arange(len(at))]
    for row in np.flatnonzero(closed & is_open.any(axis=0)).tolist():
        needs = and_joined(needs_in_words(routes[at[row]]))
        problems.add_row(row, f"route {names[at[row]]!r} needs {needs}; not all are filled in")
    chosen[known & ~closed] = at[known & ~closed]
