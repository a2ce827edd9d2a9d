"""A sheet with the outcomes that a review declares: names, directions and windows filled in."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.text import did_you_mean
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.reading import checked
from synthesis.effects.sheet.windows import placed
from synthesis.labels import read_labels
from synthesis.outcomes import Declared as Given
from synthesis.outcomes import Instrument, Outcome, called, read_outcomes

OUTCOMES = "outcomes"
"""Where a sheet keeps the outcomes that were declared for it, in ``attrs``."""

SCORES = tuple(
    f"{stem}_{arm}" for stem in ("mean", "mean_change", "mean_pre", "median") for arm in ("t", "c")
)
"""Columns of scores: only of rows with one of these is it known which way the numbers point."""

FILLED_FOR = ("smd", "md")
"""Measures of scores, for which the direction is filled in."""


class Declaration(NamedTuple):
    """What is declared for the rows of a sheet.

    Attributes
    ----------
    sheet : DataFrame
        The sheet, with what follows from the declaration filled in.
    outcomes : list of Outcome or None
        The outcome of each row.
    instruments : list of Instrument or None
        The instrument of each row, where it is declared.
    problems : Problems
        What contradicts the declaration, and rows that it does not cover.
    """

    sheet: pd.DataFrame
    outcomes: list[Outcome | None]
    instruments: list[Instrument | None]
    problems: Problems


def with_outcomes(sheet: pd.DataFrame, outcomes: Given) -> pd.DataFrame:
    """Return a sheet with what follows from the outcomes that a review declares.

    Rows are recognised by the column `outcome`, which may hold the id or the label; a sheet
    without this column is of the one outcome declared. Ids are written in their place, as they
    are for `instrument` and `window`. Filled in where they are blank are:

    - `window`, from `timepoint_days`, `timepoint_weeks` or `timepoint_months`
      (`synthesis.outcomes.Window` says where windows end);
    - `direction`, for standardised and raw mean differences, in rows with means, changes or
      medians: that of the instrument or else of the outcome. Counts and printed effects may
      already point the other way, so that their rows must say themselves.

    `effect_sizes` and `lint` then know the outcomes of this sheet; models, figures and sentences
    know them from the receipts.

    Parameters
    ----------
    sheet : DataFrame
        The extraction sheet.
    outcomes : Outcome, mapping, or sequence of these
        The outcomes that the sheet contains.

    Returns
    -------
    DataFrame
        The sheet; what was filled in is said in the column `prepared`, and so in the receipts.

    Raises
    ------
    DataError
        If a row is of no outcome declared, or its `window` contradicts its time or is not
        declared; if a time lies in no window; or if the declaration itself has problems.

    Examples
    --------
    >>> pain = Outcome("pain", direction="lower", windows=[{"id": "short", "weeks": [0, 12]}])
    >>> sheet = pd.DataFrame({"study": ["A"], "outcome": ["Pain"], "timepoint_weeks": [8],
    ...                       "mean_t": [3.0]})
    >>> with_outcomes(sheet, pain)[["outcome", "window", "direction"]].values.tolist()
    [['pain', 'short', 'lower']]
    """
    found = declare(checked(sheet), read_outcomes(outcomes))
    found.problems.raise_any("Correct the sheet, or declare what it contains.")
    return found.sheet


def outcomes_of(sheet: pd.DataFrame, given: Given | None) -> tuple[Outcome, ...]:
    """Return the outcomes given, or else those that the sheet was prepared with, if any."""
    return tuple(sheet.attrs.get(OUTCOMES, ())) if given is None else read_outcomes(given)


def declare(sheet: pd.DataFrame, outcomes: tuple[Outcome, ...]) -> Declaration:
    """Return the sheet with what follows from the outcomes, and what contradicts them."""
    result, problems = sheet.copy(), Problems(sheet)
    of = _outcomes(result, outcomes, problems)
    instruments: list[Instrument | None] = [
        one.instrument(name) if one else None
        for one, name in zip(of, _labels(result, "instrument"), strict=True)
    ]
    said: list[list[str]] = [[] for _ in range(len(result))]
    for name, records in (("outcome", of), ("instrument", instruments)):
        _write(result, name, [one.id if one else "" for one in records])
    directions = _directions(result, of, instruments)
    _note_new(
        result,
        "direction",
        directions,
        said,
        [_source(*pair) for pair in zip(of, instruments, strict=True)],
    )
    windows = _windows(result, of, problems)
    _note_new(result, "window", windows, said, ["from its time"] * len(result))
    _write(
        result,
        "direction",
        [own or new for own, new in zip(_labels(result, "direction"), directions, strict=True)],
    )
    _write(result, "window", windows)
    if any(said):
        before = _labels(result, "prepared")
        result["prepared"] = [
            "; ".join(filter(None, [own, *new])) for own, new in zip(before, said, strict=True)
        ]
    result.attrs[OUTCOMES] = outcomes
    return Declaration(result, of, instruments, problems)


def _labels(sheet: pd.DataFrame, name: str) -> list[str]:
    return read_labels(sheet[name]) if name in sheet else [""] * len(sheet)


def _outcomes(
    sheet: pd.DataFrame, outcomes: tuple[Outcome, ...], problems: Problems
) -> list[Outcome | None]:
    """Return the outcome of each row; rows of another are problems."""
    if "outcome" not in sheet and len(outcomes) == 1:
        return [outcomes[0]] * len(sheet)
    names = [one.id for one in outcomes]
    of: list[Outcome | None] = []
    for row, cell in enumerate(_labels(sheet, "outcome")):
        of.append(called(outcomes, cell))
        if of[-1] is None:
            near = [*names, *(one.label for one in outcomes)]
            hint = did_you_mean(cell, near, " (did you mean {!r}?)")
            listed = ", ".join(map(repr, names))
            problems.add_row(
                row, f"outcome must be one that is declared ({listed}); got {cell!r}{hint}"
            )
    return of


def _directions(
    sheet: pd.DataFrame, of: list[Outcome | None], instruments: list[Instrument | None]
) -> list[str]:
    """Return the direction that follows for each row, empty where none does."""
    scores = sheet[[name for name in SCORES if name in sheet]].notna().any(axis=1).tolist()
    return [
        (instrument.direction if instrument else "") or outcome.direction
        if outcome and outcome.measure in FILLED_FOR and has_scores
        else ""
        for outcome, instrument, has_scores in zip(of, instruments, scores, strict=True)
    ]


def _windows(sheet: pd.DataFrame, of: list[Outcome | None], problems: Problems) -> list[str]:
    """Return the window that follows for each row, empty where none does."""
    windows = [""] * len(sheet)
    given = _labels(sheet, "window")
    for outcome in dict.fromkeys(one for one in of if one and one.windows):
        which = np.array([one == outcome for one in of])
        at = placed(sheet, outcome.windows, problems, which=which)
        for row in np.flatnonzero(which).tolist():
            own, timed = (
                outcome.window(given[row]),
                outcome.windows[at[row]] if at[row] >= 0 else None,
            )
            if given[row] and own is None:
                listed = ", ".join(repr(one.id) for one in outcome.windows)
                problems.add_row(row, f"window must be one of {listed}; got {given[row]!r}")
            elif own and timed and own != timed:
                problems.add_row(row, f"window is {own.id!r}, but by its time it is {timed.id!r}")
            elif own or timed:
                windows[row] = own.id if own else timed.id if timed else ""
    return windows


def _note_new(
    sheet: pd.DataFrame, name: str, new: list[str], said: list[list[str]], why: list[str]
) -> None:
    """Note, row by row, what will be filled in where a column is blank, and why."""
    for row, own in enumerate(_labels(sheet, name)):
        if new[row] and not own:
            said[row].append(f"{name} {new[row]}, {why[row]}")


def _write(sheet: pd.DataFrame, name: str, values: list[str]) -> None:
    """Write labels into a column, in place; cells without one stay as they are."""
    if not any(values):
        return
    before = sheet[name].tolist() if name in sheet else [None] * len(sheet)
    cells = [new or old for old, new in zip(before, values, strict=True)]
    sheet[name] = pd.Series(cells, index=sheet.index, dtype=object)


def _source(outcome: Outcome | None, instrument: Instrument | None) -> str:
    named = instrument if instrument and instrument.direction else outcome
    return f"as declared for {named.label}" if named else ""
