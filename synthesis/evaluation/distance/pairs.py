"""Readings of people in areas, read and paired: the first and the last of each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import is_number
from arrowroot.text import counted
from synthesis.evaluation.reading import Rows, each

KEPT = ("person", "area", "first_day", "last_day", "days", "readings", "first", "last", "change")


@dataclass(frozen=True, eq=False)
class Readings:
    """Readings that were read without a fault, paired.

    Attributes
    ----------
    pairs : DataFrame
        One row per person and area with two readings or more: `KEPT`, and the groups.
    unpaired : DataFrame
        One row per person and area without a pair: ``person``, ``area``, ``readings``, ``score``,
        ``why``, and the groups.
    areas, groups : tuple of str
        Areas in the order of the table; the columns that people are grouped by.
    scale : (float, float)
        The lowest and highest score.
    notes : tuple of str
        What should be known about the file.
    """

    pairs: pd.DataFrame
    unpaired: pd.DataFrame
    areas: tuple[str, ...]
    groups: tuple[str, ...]
    scale: tuple[float, float]
    notes: tuple[str, ...]


def read_readings(
    readings: pd.DataFrame | str | os.PathLike[str],
    scale: tuple[float, float],
    columns: dict[str, str],
    groups: tuple[str, ...],
) -> Readings:
    """Read the long table of readings; see `synthesis.distance_travelled` for its columns."""
    low, high = read_scale(scale)
    rows = Rows(
        readings,
        "readings",
        {**columns, **{one: one for one in groups}},
        needed=("person", "area", "date", *groups),
        named_by=("person", "area", "date"),
    )
    if "score" not in rows:
        raise DataError(
            f"readings: a column {columns['score']!r} is needed, with each score and "
            "a blank cell where an area was not scored."
        )
    score = rows.numbers(
        "score",
        f"must be a number from {low:g} to {high:g}, the scale",
        "Correct it, or leave the cell blank if the area was not scored",
        legal=lambda x: (x >= low) & (x <= high),
    )
    days = rows.dates("date")
    rows.frame["date"] = [day.isoformat() if day else "" for day in days]
    rows.unique(
        ("person", "area", "date"),
        "A person has one score in an area on a day; keep one, or correct the date",
    )
    table = rows.frame.assign(
        score=score, day=pd.Series(days, index=rows.frame.index, dtype=object)
    )
    for one in groups:
        several = table.groupby("person")[one].transform("nunique") > 1
        rows.refuse(
            one,
            several,
            "must be the same in all rows of a person",
            "Make them alike, or write the group at the first reading into every row",
        )
    read: dict[tuple[str, str], list[tuple[date, float]]] = {}
    of: dict[str, dict[str, str]] = {}
    for row in each(table):
        read.setdefault((row.person, row.area), []).append((row.day, row.score))
        of.setdefault(row.person, {})
    for one in groups:
        for person, value in zip(table["person"], table[one], strict=True):
            of[person][one] = value
    areas = tuple(dict.fromkeys(rows.frame["area"]))
    paired: list[dict[str, object]] = []
    alone: list[dict[str, object]] = []
    for person, group in of.items():
        for area in areas:
            # A person whom an area never names is unpaired there, or nobody would be told.
            own = sorted(read.get((person, area), []))
            scored = [(day, score) for day, score in own if not np.isnan(score)]
            named = {"person": person, "area": area}
            if len(scored) < 2:
                alone.append({**named, **_alone(len(own), scored), **group})
                continue
            (first_day, first), (last_day, last) = scored[0], scored[-1]
            paired.append(
                {
                    **named,
                    "first_day": first_day.isoformat(),
                    "last_day": last_day.isoformat(),
                    "days": (last_day - first_day).days,
                    "readings": len(scored),
                    "first": first,
                    "last": last,
                    "change": last - first,
                    **group,
                }
            )
    return Readings(
        pd.DataFrame(paired, columns=[*KEPT, *groups]),
        pd.DataFrame(alone, columns=["person", "area", "readings", "score", "why", *groups]),
        areas,
        groups,
        (low, high),
        rows.remarks,
    )


def _alone(rows: int, scored: list[tuple[date, float]]) -> dict[str, object]:
    """Return why somebody has no pair, and the one score there may be."""
    blank = rows - len(scored)
    why = "one reading only" if scored else "never scored" if rows else "no row in this area"
    if blank:
        why += f" ({counted(blank, 'blank score')})"
    score = scored[0][1] if scored else float("nan")
    return {"readings": len(scored), "score": score, "why": why}


def read_scale(scale: object) -> tuple[float, float]:
    """Return the lowest and the highest score, or raise an error that says how to give them."""
    pair = tuple(scale) if isinstance(scale, list | tuple) else ()
    if len(pair) != 2 or not all(is_number(one) for one in pair) or pair[0] >= pair[1]:
        raise OptionError(
            "scale must be the lowest and the highest possible score, such as (1, 5); got "
            f"{scale!r}."
        )
    return float(pair[0]), float(pair[1])


def gap_words(days: pd.Series) -> str:
    """Return how long readings are apart, in words."""
    if days.empty:
        return ""
    low, middle, high = (float(days.quantile(at)) for at in (0.0, 0.5, 1.0))
    if low == high:
        return f"{low:.0f} days"
    return f"from {low:.0f} to {high:.0f} days, median {middle:.0f},"
