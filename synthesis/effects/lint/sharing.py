"""Lint of arms that several rows share: the people in them would be counted once per row."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.workings import Workings
from synthesis.effects.shared_controls import (
    RESULTS,
    controls,
    in_two_subgroups,
    nearly_shared,
    same_size_alone,
    shared_treatments,
)


@rule(
    "shared-control",
    "note",
    "Rows that share a control arm are not independent. Combine the arms, split the control "
    "among the rows, or model the covariance (Cochrane Handbook 23.3).",
)
def _shared_control(workings: Workings) -> Iterable[Finding]:
    for row in np.flatnonzero(controls(workings.sheet).shares).tolist():
        yield Finding(
            row, _column(workings, row), "another row of this study has the same control arm"
        )
    yield from found(
        same_size_alone(workings.sheet),
        "n_c",
        lambda _: "the control arm of another row of this study has the same size: is it the same?",
    )


@rule(
    "nearly-shared-control",
    "warning",
    "Two control arms that differ by rounding alone are one arm that was copied from two tables, "
    "or two arms. If it is one, write the same numbers in both rows; if not, set this finding "
    "aside or tell the rows apart in the column subgroup.",
)
def _nearly_shared(workings: Workings) -> Iterable[Finding]:
    for row, other, columns in nearly_shared(workings.sheet):
        cells = "; ".join(
            f"{name} = {workings[name][other]:g} and {workings[name][row]:g}" for name in columns
        )
        yield Finding(
            row, columns[0], f"the control arm is that of another row, but for rounding: {cells}"
        )


@rule(
    "control-in-two-subgroups",
    "warning",
    "Subgroups are different people, whose results seldom agree in every cell. If it is one "
    "control arm for all of them, the rows are arms of one trial: leave subgroup blank.",
)
def _in_two_subgroups(workings: Workings) -> Iterable[Finding]:
    for row, other in in_two_subgroups(workings.sheet):
        name = workings.sheet["subgroup"].iloc[other]
        yield Finding(
            row,
            _column(workings, row),
            f"the control arm has the same numbers as that of subgroup {str(name)!r}",
        )


@rule(
    "shared-treatment",
    "note",
    "Rows that share a treatment arm are not independent either. Keep one of them, combine the "
    "controls by hand, or allow for the covariance (Cochrane Handbook 23.3).",
)
def _shared_treatment(workings: Workings) -> Iterable[Finding]:
    yield from found(
        shared_treatments(workings.sheet),
        "n_t",
        lambda _: "another row of this study has the same treatment arm, against another control",
    )


def _column(workings: Workings, row: int) -> str:
    """Return the first result of the control that the row fills in, or else its size."""
    return next((name for name in RESULTS if not np.isnan(workings[name][row])), "n_c")


RULES = (_shared_control, _nearly_shared, _in_two_subgroups, _shared_treatment)
