"""Every problem of a sheet at once: one line each, with study, column, line and rule."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted
from synthesis.effects.sheet.numbers import COMMA

SHOWN_AT_MOST = 40
"""How many problems a message lists; if there are more, equal ones are counted instead."""

FOREIGN = "named_as"
"""Where a sheet keeps, in ``attrs``, what its columns are called in the file: ours and theirs."""

FEW_COMMAS = 3
"""How many cells with a comma are listed one by one."""


class Problems:
    """Collects what is wrong with a sheet and raises it as one error.

    Parameters
    ----------
    sheet : DataFrame
        The sheet, with the column `study` and, if it was read from a file, `line`.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["Grant", "Peck"], "sd_t": [0.0, 2.0], "line": [2, 3]})
    >>> problems = Problems(sheet)
    >>> problems.add("sd_t must be > 0", sheet["sd_t"], np.array([True, False]))
    >>> problems.raise_any()
    Traceback (most recent call last):
    arrowroot.errors.DataError: sd_t must be > 0; got 0.0 for study 'Grant' (line 2). Correct ...
    """

    def __init__(self, sheet: pd.DataFrame) -> None:
        self._source = str(sheet.attrs.get("source", ""))
        self._studies = [str(study) for study in sheet["study"]]
        self._places = (
            [f" (line {line})" for line in sheet["line"]]
            if "line" in sheet
            else [""] * len(self._studies)
        )
        self._found: list[tuple[int, str, str]] = []
        self._rules: list[str] = []
        self._first: list[str] = []
        self._named: dict[str, str] = sheet.attrs.get(FOREIGN, {})

    def add(self, rule: str, values: pd.Series | np.ndarray, bad: np.ndarray) -> None:
        """Note every row where `bad` is true, with the value that broke the rule."""
        cells = values.tolist()
        for row in np.flatnonzero(bad).tolist():
            self.add_row(row, f"{rule}; got {_shown(cells[row])}")
            self._rules[-1] = rule

    def add_row(self, row: int, what: str, why: str = "") -> None:
        """Note one problem in one row; the study and its line go between what and why."""
        self._found.append((row, what, f": {why}" if why else ""))
        self._rules.append(what)

    def say_of_commas(self, commas: Mapping[str, np.ndarray]) -> None:
        """Say once, before anything else, that many cells have a comma for a decimal mark.

        Parameters
        ----------
        commas : mapping of str to ndarray of bool
            The cells of each column that would be numbers but for a comma; their problems were
            added one by one.
        """
        cells, columns = (sum(map(size, commas.values())) for size in (np.sum, np.any))
        if cells <= FEW_COMMAS:
            return
        several = [at for at, rule in enumerate(self._rules) if COMMA in rule]
        first = min(several, key=lambda at: self._found[at][0])
        thousands = any(f"{COMMA};" in self._rules[at] for at in several)
        self._first.append(
            f"{cells:,} cells in {counted(int(columns), 'column')} have a comma "
            f"({COMMA}{'; if it separates thousands, remove it' if thousands else ''}); the first: "
            f"{self._line(first).replace(f' ({COMMA})', '')}"
        )
        for at in reversed(several):
            del self._found[at], self._rules[at]

    def _line(self, at: int) -> str:
        row, what, why = self._found[at]
        return f"{what} for study {self._studies[row]!r}{self._places[row]}{why}"

    def __len__(self) -> int:
        """Return how many problems were noted."""
        return len(self._first) + len(self._found)

    def by_row(self) -> dict[int, str]:
        """Return the problems of each row that has any, by position, without the label."""
        found: dict[int, str] = {}
        for row, what, why in self._found:
            found[row] = f"{found[row]}; {what}{why}" if row in found else f"{what}{why}"
        return found

    def lines(self) -> list[str]:
        """Return the problems in the order of the rows, each with study and line."""
        order = sorted(range(len(self._found)), key=lambda at: self._found[at][0])
        return [*self._first, *(self._line(at) for at in order)]

    def _counted(self) -> list[str]:
        """Return one line for each rule that is broken, with the number of rows."""
        order = sorted(range(len(self._found)), key=lambda at: self._found[at][0])
        rows = Counter(self._rules)
        first = {rule: at for at in reversed(order) for rule in [self._rules[at]]}
        others = {
            rule: f"; and likewise in {counted(size - 1, 'other row')}" * (size > 1)
            for rule, size in rows.items()
        }
        return [
            *self._first,
            *(
                f"{self._line(at)}{others[self._rules[at]]}"
                for at in order
                if first[self._rules[at]] == at
            ),
        ]

    def raise_any(self, advice: str = "Correct the sheet and read it again.") -> None:
        """Raise one error with every problem, if there is any.

        Parameters
        ----------
        advice : str
            What the user can do, as a sentence that ends the message.

        Raises
        ------
        DataError
            In one sentence for one problem, with one line each for more.
        """
        lines = self.lines()
        size = len(lines)
        if size > SHOWN_AT_MOST:
            lines = self._counted()
        advice = f"{self._as_written(lines)}{advice}"
        source = f"{self._source}: " if self._source else ""
        if len(lines) == 1:
            raise DataError(f"{source}{lines[0]}. {advice}")
        if lines:
            shown = [f"  - {line}" for line in lines[:SHOWN_AT_MOST]]
            rest = len(lines) - SHOWN_AT_MOST
            shown += [f"  - and {rest:,} more"] if rest > 0 else []
            kinds = f" of {len(lines):,} kinds" if len(lines) < size else ""
            head = f"{source}{counted(size, 'problem')}{kinds}"
            raise DataError("\n".join([head, *shown, advice]))

    def _as_written(self, lines: list[str]) -> str:
        """Return what the file calls the columns in the lines, if their names are not ours."""
        words = set(re.findall(r"\w+", " ".join(lines[:SHOWN_AT_MOST])))
        named = [f"{ours} is {theirs}" for ours, theirs in self._named.items() if ours in words]
        return f"In the file {', '.join(named)}. " if named else ""


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
