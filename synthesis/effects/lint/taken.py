"""Which routes the rows of a sheet would take, for findings that depend on it.

A sheet does not say for which measure it is meant. Where rows are compared with each other, they
are taken to be for a standardised mean difference, to which most routes lead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.routes.choice import choose, open_routes
from synthesis.effects.routes.clusters import GIVEN
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.completion import complete
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.problems import Problems

MEASURE = "smd"
_MEANS = ("mean_t", "mean_change_t")


def routes_taken(workings: Workings) -> tuple[list[Route], np.ndarray]:
    """Return the routes to an SMD and, for each row, which of them it takes; -1 for none."""
    completed = Workings(workings.sheet)
    complete(completed, MEASURE)
    routes = [route for route in ROUTES if MEASURE in route.formulas]
    ignored = Problems(workings.sheet)
    is_open = open_routes(completed, routes)
    chosen = choose(completed, routes, is_open, MEASURE, unusable=ignored, problems=ignored)
    return routes, chosen


def by_means(routes: Sequence[Route], chosen: np.ndarray) -> np.ndarray:
    """Return which rows take a route from means or mean changes."""
    return np.array([*(any(name in _MEANS for name in route.needs) for route in routes), False])[
        chosen
    ]


def by_others(routes: Sequence[Route], chosen: np.ndarray) -> np.ndarray:
    """Return which rows take a route from counts, printed effects or test statistics."""
    given = np.array([*(route.name in GIVEN for route in routes), True])[chosen]
    return ~given & ~by_means(routes, chosen)
