"""Lint of sums: rows that are the total of other rows, and numbers that do not add up."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import CATEGORIES, IDENTITY
from synthesis.labels import read_labels

PEOPLE = ("n_t", "n_c", "n", "events_t", "events_c", "events")
"""Numbers of people, which a total adds up."""

WITHOUT_EVENT = {
    "t": ("no_events_t", "bi", "grp1no"),
    "c": ("no_events_c", "di", "grp2no"),
}
"""What the number of people without the event is called, in no column that effects start from."""

_EFFECT = r"( (effects?|estimates?|results?|means?|odds ratio|risk ratio|smd|md|or|rr))?"

_TOTAL = re.compile(
    r"(sub-?|grand )?totals?( \(.*\)| events)?|"
    rf"(pooled|overall|summary|combined|average){_EFFECT}( \(.*\))?|"
    r"sum|mean|all (studies|trials)|(re|fe|random[- ]effects?|fixed[- ]effects?|common[- ]effect) "
    r"model( \(.*\))?",
    re.IGNORECASE,
)


@rule(
    "total-row",
    "warning",
    "A total or a pooled result that is entered as a row counts every person twice. Remove the "
    "row before anything is pooled.",
)
def _total_row(workings: Workings) -> Iterable[Finding]:
    studies = read_labels(workings.sheet["study"])
    called = np.array([bool(_TOTAL.fullmatch(one.strip(" :."))) for one in studies])
    sums = _sums(workings, studies, called)
    for row, study in enumerate(studies):
        name = f"{study!r} names a total, not a study" if called[row] else ""
        if name or row in sums:
            yield Finding(row, "study", "; ".join(filter(None, [name, sums.get(row, "")])))


def _sums(workings: Workings, studies: list[str], called: np.ndarray) -> dict[int, str]:
    """Return rows whose numbers of people are all sums of those of other studies, in words.

    The others are all other rows of the outcome, or those since the last total.
    """
    names = [name for name in PEOPLE if name in workings.sheet]
    people = np.column_stack([workings[name] for name in names]) if names else np.empty((0, 0))
    if not names:
        return {}
    group = workings.same(*(name for name in IDENTITY if name != "subgroup"))
    said: dict[int, str] = {}
    for _, members in pd.Series(np.arange(workings.size)).groupby(group):
        rows = members.to_numpy()
        largest = np.fmax.reduce(people[rows], axis=0)
        since, sum_since = 0, np.zeros(len(names))
        for at, row in enumerate(rows.tolist()):
            filled = ~np.isnan(people[row])
            parts = np.empty(0, dtype=int)
            if (people[row] == sum_since)[filled].all():
                parts, word = rows[since:at], "above"
            elif (people[row] == largest)[filled].all():
                parts = rows[(rows != row) & ~called[rows] & ~np.isin(rows, list(said))]
                word = "of the other studies"
            if _is_sum(people[row], people[parts], names) and studies[row] not in {
                studies[part] for part in parts
            }:
                which = ", ".join(
                    f"{name} = {value:g}"
                    for name, value in zip(names, people[row], strict=True)
                    if not np.isnan(value)
                )
                said[row] = f"{which}: the sums of the {len(parts)} rows {word}"
            sum_since = sum_since + people[row]
            if row in said or called[row]:
                since, sum_since = at + 1, np.zeros(len(names))
    return said


def _is_sum(total: np.ndarray, parts: np.ndarray, names: list[str]) -> bool:
    """Return whether all numbers of a row are sums, in more columns than chance would explain."""
    filled = ~np.isnan(total)
    if (
        len(parts) < 2
        or not filled.any()
        or not np.array_equal(total[filled], parts[:, filled].sum(axis=0))
    ):
        return False
    # Arms of equal size say the same thing twice, and round sizes add up now and then.
    different = {tuple(column) for column in parts[:, filled].T if column.any()}
    counted = any(name.startswith("events") for name in np.array(names)[filled])
    return len(different) >= 2 and (counted or len(parts) >= 3)


@rule(
    "n-does-not-add-up",
    "warning",
    "The arm sizes must sum to the total, and people with and without the event to the arm. If "
    "they do not, people analysed and people randomised may be mixed, or there is a third arm.",
)
def _n_does_not_add_up(workings: Workings) -> Iterable[Finding]:
    n_t, n_c, total = workings["n_t"], workings["n_c"], workings["n_total"]
    yield from found(
        ~np.isnan(n_t + n_c + total) & (n_t + n_c != total),
        "n_total",
        lambda row: f"{n_t[row]:g} + {n_c[row]:g} is {n_t[row] + n_c[row]:g}, not {total[row]:g}",
    )
    for arm, names in CATEGORIES.items():
        known = np.array([workings.entered(name) for name in names])
        people, n = np.nansum(known, axis=0), workings[f"n_{arm}"]
        yield from found(
            ~np.isnan(known).all(axis=0) & ~np.isnan(n) & (people != n),
            f"n_{arm}",
            lambda row, people=people, n=n: (  # type: ignore[misc]
                f"the categories sum to {people[row]:g}, not {n[row]:g}"
            ),
        )
    for arm, others in WITHOUT_EVENT.items():
        events, n = workings[f"events_{arm}"], workings[f"n_{arm}"]
        for name in others:
            if name in workings.sheet:
                cells = pd.to_numeric(workings.sheet[name], errors="coerce").to_numpy(float)
                yield from found(
                    ~np.isnan(events + cells + n) & (events + cells != n),
                    f"n_{arm}",
                    lambda row, arm=arm, name=name, events=events, cells=cells, n=n: (  # type: ignore[misc]
                        f"events_{arm} + {name} is {events[row] + cells[row]:g}, not {n[row]:g}"
                    ),
                )


RULES = (_total_row, _n_does_not_add_up)
