"""Long tables that evaluators bring: read once, and every fault named by line, person and rule."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import thing
from arrowroot.tables import read_table, text_of
from arrowroot.text import did_you_mean, label
from synthesis import checks
from synthesis.labels import capitals, read_labels

DAY = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:?\d\d|Z)?)?")
NAMED = 3
"""Cells that a message names before it gives the number of others."""


def as_frame(table: pd.DataFrame | str | os.PathLike[str]) -> pd.DataFrame:
    """Return a table, read from its file if it is in one.

    A cell that a workbook shows as 25% holds 0.25; it is read as 25, with a remark, because that
    is what whoever filled it in saw.
    """
    if not isinstance(table, str | os.PathLike):
        return table
    read = read_table(table)
    frame = read.to_frame()
    for line, column in sorted(read.shares):
        if line in frame.index and column <= len(read.header):
            name = read.header[column - 1]
            percent = f"{100 * float(str(frame.loc[line, name])):.12g}"
            # The sign tells one percent or less from a share; the others are plain numbers.
            frame.loc[line, name] = percent + "%" * (0 < float(percent) <= 1)
            said = (
                f"line {line}, {name}: shown as {percent}% in the workbook, and read as {percent}."
            )
            frame.attrs["remarks"] = (*frame.attrs.get("remarks", ()), said)
    return frame


class Rows:
    """A table whose cells can be named in messages.

    Parameters
    ----------
    table : DataFrame or path
        The table, or a CSV or XLSX file that contains it.
    argument : str
        What the table is called in messages.
    columns : mapping of str to str
        What is read, by the name that results use -> the table's column. A column that is not in
        the table is refused if it is in `needed`, or if it was named otherwise than its role.
    needed : sequence of str
        Roles whose column must be there and filled in.
    named_by : sequence of str
        Roles whose cells say which row a message is about.
    people : sequence of str
        Roles that are names of people, whose capitals do not matter.

    Attributes
    ----------
    frame : DataFrame
        One column per role that is there; labels as text, empty where blank.
    raw : DataFrame
        The same cells as they were.
    remarks : tuple of str
        Notes about the file.
    """

    def __init__(
        self,
        table: pd.DataFrame | str | os.PathLike[str],
        argument: str,
        columns: Mapping[str, str],
        *,
        needed: Sequence[str],
        named_by: Sequence[str],
        people: Sequence[str] = (),
    ) -> None:
        table = as_frame(table)
        self.argument = argument
        self.columns = dict(columns)
        self._named_by = named_by
        read = {}
        for role, name in columns.items():
            checks.is_table(table, argument)
            if role in needed or name != role or name in table.columns:
                read[role] = checks.column(table, name, argument)
        self.raw = pd.DataFrame(read, index=table.index)
        if self.raw.empty:
            raise DataError(f"{argument}: the table has no rows; give it one row for each entry.")
        self._files = None
        if {"file", "file_line"} <= set(table.columns):  # several sheets, read as one table
            self._files = table[["file", "file_line"]]
        self._unit = "line" if table.index.name == "line" else "row"
        self.remarks = tuple(table.attrs.get("remarks", ()))
        absent = [name for role, name in columns.items() if role not in read]
        for name in map(str, table.columns):
            near = did_you_mean(name, absent, " Is it {!r}? Then rename it.", cutoff=0.8)
            if near and name not in columns.values():
                self.remarks += (f"{argument}: the column {name!r} was not read.{near}",)
        self.frame = pd.DataFrame(
            {role: read_labels(self.raw[role], people=role in people) for role in read},
            index=table.index,
        )
        for role in named_by:
            if role in self.frame and role not in people:
                self.remarks += tuple(capitals(f"{argument}, {columns[role]}", self.frame[role]))
        for role in needed:
            self.refuse(role, self.frame[role] == "", "must be filled in", "Fill in the cell")

    def __contains__(self, role: str) -> bool:
        """Return whether the table has a column for this role."""
        return role in self.frame

    def has(self, role: str) -> bool:
        """Return whether anything is filled in for this role; a sheet may leave it all blank."""
        return role in self.frame and bool((self.frame[role] != "").any())

    def place(self, at: int) -> str:
        """Name a row: its line, and whom and what it is about."""
        row = self.frame.iloc[at]
        parts = [
            f"{self.columns[role]} {row[role]!r}"
            for role in self._named_by
            if role in self.frame and row[role]
        ]
        where = f"{self._unit} {self.frame.index[at]}"
        if self._files is not None and self._files["file"].iloc[at] == self._files["file"].iloc[at]:
            where = f"{self._files['file'].iloc[at]}, line {self._files['file_line'].iloc[at]:.0f}"
        return where + (f" ({', '.join(parts)})" if parts else "")

    def refuse(self, role: str, bad: object, rule: str, advice: str) -> None:
        """Raise an error if any row is bad, naming the column, rows, rule and a way out.

        Parameters
        ----------
        role : str
            The column that the rule is about.
        bad : sequence of bool
            Which rows break it.
        rule : str
            Such as ``"must be a whole number from 1 to 9"``.
        advice : str
            What to type instead, as a sentence without its full stop.
        """
        rows = np.flatnonzero(np.asarray(bad, dtype=bool)).tolist()
        if not rows:
            return
        cells = [
            f"{text_of(self.raw[role].iloc[at])!r} in {self.place(at)}"
            if self.frame[role].iloc[at]
            else f"a blank cell in {self.place(at)}"
            for at in rows
        ]
        more = f" and {len(cells) - NAMED} more" if len(cells) > NAMED else ""
        raise DataError(
            f"{self.argument}: {self.columns[role]} {rule}; got {'; '.join(cells[:NAMED])}{more}. "
            f"{advice}."
        )

    def numbers(
        self,
        role: str,
        rule: str,
        advice: str,
        *,
        legal: Callable[[np.ndarray], np.ndarray] = np.isfinite,
        percent: bool = False,
    ) -> np.ndarray:
        """Return a column as floats, NaN where blank; anything else is refused.

        Parameters
        ----------
        role : str
            The column.
        rule, advice : str
            As for `refuse`.
        legal : function
            From numbers to whether each may stand there; blank cells are not asked about.
        percent : bool
            Whether they are percentages, which may carry their sign. One below 1 must, since it
            may be a share: 0.8 where 80 is meant.
        """
        raw = self.raw[role]
        values = checks.as_numbers(raw)
        if percent:
            signed = self.frame[role].str.endswith("%").to_numpy(dtype=bool)
            bare = self.frame[role].str.removesuffix("%").astype(object)
            values = np.where(signed, checks.as_numbers(bare), values)
            self.refuse(
                role,
                ~signed & (values > 0) & (values < 1),
                "is below 1, and may be a share instead of a percentage",
                "Write 80 for 80%; or, if it is less than one percent, 0.8% with the sign",
            )
        filled = (self.frame[role] != "").to_numpy()
        with np.errstate(invalid="ignore"):
            fine = legal(values) & np.isfinite(values)
        self.refuse(role, filled & ~fine, rule, advice)
        return np.where(filled, values, np.nan)

    def dates(self, role: str) -> list[date | None]:
        """Return a column as days; other forms than 2026-05-04 are refused, never guessed."""
        read = [_day(text) for text in self.frame[role]]
        bad = [bool(text) and day is None for text, day in zip(self.frame[role], read, strict=True)]
        self.refuse(
            role,
            bad,
            "must be a day, written year-month-day",
            "Write it as 2026-05-04, since 04/05/2026 is April to some and May to others",
        )
        return read

    def choices(self, role: str, legal: Sequence[str], spare: str = "") -> list[str]:
        """Return a column of words from a list, in small letters; others are refused.

        `spare` is a word that may follow, such as the last one of "minor concerns".
        """
        read = [one.casefold().removesuffix(spare).strip() for one in self.frame[role]]
        self.refuse(
            role,
            [bool(one) and one not in legal for one in read],
            f"must be one of {', '.join(map(repr, legal))}",
            "Choose one of them",
        )
        return read

    def unique(self, roles: Sequence[str], advice: str) -> None:
        """Refuse rows that are about the same thing as an earlier one."""
        twice = np.flatnonzero(self.frame.duplicated(list(roles), keep="first")).tolist()
        if not twice:
            return
        *front, last = [self.columns[role] for role in roles]
        names = f"{', '.join(front)} and {last}" if front else last
        more = f" and {len(twice) - NAMED} more" if len(twice) > NAMED else ""
        raise DataError(
            f"{self.argument}: the same {names} occurs again in "
            f"{'; '.join(map(self.place, twice[:NAMED]))}{more}. {advice}."
        )


def refuse_no_model(model: object) -> None:
    """Raise an error for what is given as a logic model and is none."""
    if not hasattr(model, "with_evidence"):
        raise OptionError(
            "model: a logic model is needed, such as LogicModel.read('model.yaml'); got "
            f"{thing(model)}."
        )


def each(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table; their cells are attributes by the names of its columns."""
    yield from table.itertuples(index=False)


def _day(text: str) -> date | None:
    """Read a day, and the day of a time; whatever else follows a day is not ignored."""
    if not DAY.fullmatch(label(text)):
        return None
    try:
        return date.fromisoformat(label(text)[:10])
    except ValueError:
        return None


def iso_day(value: object, name: str) -> str:
    """Return a day as ``2026-05-04``, or raise an error that says how to write it.

    Examples
    --------
    >>> iso_day("2026-05-04", "decided")
    '2026-05-04'
    >>> iso_day("4 May", "decided")
    Traceback (most recent call last):
    arrowroot.errors.DataError: decided must be a day, written year-month-day, such as
    '2026-05-04'; got '4 May'.
    """
    day = _day(text_of(value))
    if day is None or len(text_of(value)) > 10:
        raise DataError(
            f"{name} must be a day, written year-month-day, such as '2026-05-04'; got {value!r}."
        )
    return day.isoformat()
