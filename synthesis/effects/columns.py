"""The columns of an extraction sheet: what each holds, and which values cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Holds = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """A kind of number.

    Attributes
    ----------
    rule : str
        What every cell must be, as it stands in messages.
    holds : callable
        Takes an array of numbers to an array of truths.
    """

    rule: str
    holds: Holds


def _whole(values: np.ndarray) -> np.ndarray:
    return np.asarray(values == np.floor(values))


NUMBER = Kind("must be a number", lambda values: np.isfinite(values))
POSITIVE = Kind("must be > 0", lambda values: values > 0)
COUNT = Kind("must be a whole number of 0 or more", lambda values: (values >= 0) & _whole(values))
SIZE = Kind("must be a whole number of at least 2", lambda values: (values >= 2) & _whole(values))
CORRELATION = Kind("must lie strictly between -1 and 1", lambda values: np.abs(values) < 1)


@dataclass(frozen=True)
class Column:
    """One column that effect sizes are computed from.

    Attributes
    ----------
    name : str
        The heading in the sheet.
    kind : Kind
        What its cells must be.
    meaning : str
        What a reviewer writes into it.
    """

    name: str
    kind: Kind
    meaning: str


def _arms(stem: str, kind: Kind, meaning: str) -> tuple[Column, Column]:
    return (
        Column(f"{stem}_t", kind, f"{meaning}, treatment arm"),
        Column(f"{stem}_c", kind, f"{meaning}, control arm"),
    )


NUMERIC = {
    column.name: column
    for column in (
        *_arms("mean", NUMBER, "Mean"),
        *_arms("sd", POSITIVE, "Standard deviation, not the standard error"),
        *_arms("n", SIZE, "Number of participants analysed"),
        *_arms("events", COUNT, "Number of participants with the event, or of events"),
        *_arms("time", POSITIVE, "Person-time at risk"),
        Column("r", CORRELATION, "Correlation; for pre-post data that of the two measurements"),
        Column("n", SIZE, "Number of participants, where there is one group"),
        Column("events", COUNT, "Number with the event, where there is one group"),
        Column("yi", NUMBER, "Effect on the scale of analysis: logarithms of ratios"),
        Column("vi", POSITIVE, "Sampling variance of yi"),
        Column("sei", POSITIVE, "Standard error of yi"),
    )
}
"""Every column that must hold numbers, by name. Other columns may hold anything."""

WITHIN = (("events_t", "n_t"), ("events_c", "n_c"), ("events", "n"))
"""Pairs of columns of which the first counts part of the second."""

IDENTITY = (
    "outcome",
    "measure_as_reported",
    "scale",
    "window",
    "timepoint",
    "timepoint_months",
    "comparison",
    "subgroup",
    "measure",
)
"""Columns that, with `study`, tell one row from another: a sheet has one row an effect."""
