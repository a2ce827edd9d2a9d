"""Every problem of a sheet at once: one line each, with study, column, line and rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted

SHOWN_AT_MOST = 40
"""How many problems a message lists before it gives the number of others."""


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

    def add(self, rule: str, values: pd.Series | np.ndarray, bad: np.ndarray) -> None:
        """Note every row where `bad` is true, with the value that broke the rule."""
        cells = values.tolist()
        for row in np.flatnonzero(bad).tolist():
            self.add_row(row, f"{rule}; got {_shown(cells[row])}")

    def add_row(self, row: int, what: str, why: str = "") -> None:
        """Note one problem in one row; the study and its line go between what and why."""
        self._found.append((row, what, f": {why}" if why else ""))

    def __len__(self) -> int:
        """Return how many problems were noted."""
        return len(self._found)

    def by_row(self) -> dict[int, str]:
        """Return the problems of each row that has any, by position, without the label."""
        found: dict[int, str] = {}
        for row, what, why in self._found:
            found[row] = f"{found[row]}; {what}{why}" if row in found else f"{what}{why}"
        return found

    def lines(self) -> list[str]:
        """Return the problems in the order of the rows, each with study and line."""
        return [
            f"{what} for study {self._studies[row]!r}{self._places[row]}{why}"
            for row, what, why in sorted(self._found, key=lambda problem: problem[0])
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
        source = f"{self._source}: " if self._source else ""
        if len(lines) == 1:
            raise DataError(f"{source}{lines[0]}. {advice}")
        if lines:
            shown = [f"  - {line}" for line in lines[:SHOWN_AT_MOST]]
            rest = len(lines) - SHOWN_AT_MOST
            shown += [f"  - and {rest:,} more"] if rest > 0 else []
            head = f"{source}{counted(len(lines), 'problem')}"
            raise DataError("\n".join([head, *shown, advice]))


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)
