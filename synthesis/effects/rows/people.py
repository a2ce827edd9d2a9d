"""Numbers of people: what effective numbers and arms of one person mean for an effect."""

from __future__ import annotations

import numpy as np

from synthesis.effects.rows.workings import Workings

PEOPLE = (
    *("n_t", "n_c", "n", "n_total", "events_t", "events_c", "events"),
    *("pairs_both", "pairs_t", "pairs_c", "pairs_neither"),
)
"""Columns that count people, or events."""

SIZES = ("n_t", "n_c", "n")

LEAST = 2
"""People without whom there is no SD, and no test."""


def not_whole(values: np.ndarray) -> np.ndarray:
    """Return which numbers are there and not whole."""
    return np.asarray(~np.isnan(values) & (values != np.floor(values)))


def too_few(name: str, needs: tuple[str, ...], values: np.ndarray) -> np.ndarray:
    """Return where a column has fewer people than a formula that takes these columns can use.

    Counts are valid for an arm of one person; an SD, a test and a correlation are not.
    """
    counted = any(need.startswith("events") for need in needs)
    return np.asarray((values < LEAST) & (name in SIZES) & (not counted))


def remark_not_whole(
    workings: Workings, rows: np.ndarray, needs: tuple[str, ...], effect: np.ndarray
) -> None:
    """Say in the receipts which numbers of people are not whole.

    Parameters
    ----------
    workings : Workings
        The cells; remarks are added to them.
    rows : ndarray of int
        Positions of the rows that take a route.
    needs : tuple of str
        The columns that the route needs.
    effect : ndarray
        The design effects by which the variances of these rows are multiplied.
    """
    entered = {name: workings.entered(name)[rows] for name in PEOPLE if name in needs}
    broken = {name: not_whole(values) for name, values in entered.items()}
    for at in np.flatnonzero(np.any(list(broken.values()), axis=0) if broken else []).tolist():
        listed = ", ".join(f"{name} = {entered[name][at]:g}" for name in broken if broken[name][at])
        twice = effect[at] > 1
        workings.remark_row(
            int(rows[at]),
            f"numbers of people that are not whole are used as they are ({listed})"
            + (", and the variance is increased for clustering as well" if twice else ""),
            footnote="Effective numbers of people",
            doubt="Clustering counted twice, if numbers of people that are not whole are effective "
            "numbers"
            if twice
            else "",
        )
