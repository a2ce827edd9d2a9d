"""Lint of numbers of people."""

from __future__ import annotations

from collections.abc import Iterable

from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.people import PEOPLE, not_whole
from synthesis.effects.rows.workings import Workings


@rule(
    "not-whole",
    "note",
    "Numbers of people are whole, unless they were reduced to effective numbers, as those of "
    "cluster trials are. Say so in notes or, if the numbers are people, correct them; icc and "
    "cluster_size beside effective numbers would count the clusters twice.",
)
def _not_whole(workings: Workings) -> Iterable[Finding]:
    for name in PEOPLE:
        values = workings.entered(name)
        yield from found(
            not_whole(values),
            name,
            lambda row, name=name, values=values: f"{name} = {values[row]:g} is not whole",  # type: ignore[misc]
        )


RULES = (_not_whole,)
