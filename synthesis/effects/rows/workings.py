"""The cells of a sheet as arrays, with a record of every cell that was worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from arrowroot.text import label
from synthesis.effects.sheet.columns import NUMERIC
from synthesis.effects.sheet.declared import Declaration
from synthesis.labels import with_labels

AS_IN_THE_SHEET = -1
Found = TypeVar("Found")


@dataclass(frozen=True)
class Step:
    """How cells of one column were worked out.

    Attributes
    ----------
    inputs : tuple of str
        The columns they were worked out from.
    note : str
        The formula.
    is_guess : bool
        Whether it assumes, estimates or imputes, rather than derives.
    footnote : str
        The same for a reader of the figure, who does not know the columns; empty where a reader
        needs no word.
    """

    inputs: tuple[str, ...]
    note: str
    is_guess: bool
    footnote: str = ""


@dataclass(frozen=True)
class Remark:
    """Something that the receipt of a row must say.

    Attributes
    ----------
    text : str
        As the receipt says it.
    footnote : str
        As a figure says it, in a few words; empty where a reader needs no word, or where `doubt`
        has the words.
    doubt : str
        What is doubtful, in words that are equal for all rows with the same doubt, so that a
        pooled result can say it once; empty where nothing is.
    """

    text: str
    footnote: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Basis:
    """Rows whose cells rest on the same columns, worked out in the same way.

    Attributes
    ----------
    rows : ndarray of int
        Positions of the rows.
    inputs : tuple of str
        The columns of the sheet that they rest on.
    steps : tuple of Step
        How each cell that is not in the sheet was worked out.
    """

    rows: np.ndarray
    inputs: tuple[str, ...]
    steps: tuple[Step, ...]


class Workings:
    """The numbers of a sheet, those worked out among them, column by column.

    Parameters
    ----------
    sheet : DataFrame
        A sheet with its cells checked.
    declared : Declaration, optional
        What a review declares for its rows.
    """

    def __init__(self, sheet: pd.DataFrame, declared: Declaration | None = None) -> None:
        self.sheet = sheet
        self.declared = declared
        self.size = len(sheet)
        self._cells = {
            name: sheet[name].to_numpy(float) for name in NUMERIC if name in sheet.columns
        }
        self._blank = np.full(self.size, np.nan)
        self._words: dict[str, pd.Series] = {}
        self._where: dict[tuple[str, Callable[[str], bool]], np.ndarray] = {}
        self._steps: list[Step] = []
        self._step_of: dict[str, np.ndarray] = {}
        self._remarks: list[tuple[np.ndarray, Remark]] = []
        self._hints: list[tuple[np.ndarray, str]] = []
        self._same: dict[tuple[str, ...], np.ndarray] = {}
        self._found: dict[Callable[[Workings], Any], Any] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        """Return a column, NaN where a cell is blank or the sheet has no such column."""
        return self._cells.get(name, self._blank)

    def known(self, *names: str) -> np.ndarray:
        """Return which rows fill all of these columns."""
        filled = [~np.isnan(self[name]) for name in names]
        return np.asarray(np.all(filled, axis=0))

    def entered(self, name: str) -> np.ndarray:
        """Return a column as it is in the sheet, without what was worked out or assumed."""
        return self.sheet[name].to_numpy(float) if name in self.sheet else self._blank

    def words(self, name: str) -> pd.Series:
        """Return a text column in lower case, empty where the sheet has none."""
        if name not in self._words:
            words = pd.Series("", index=self.sheet.index, dtype="string")
            if name in self.sheet:
                codes, values = pd.factorize(self.sheet[name], use_na_sentinel=False)
                lower = pd.Series([label(value).lower() for value in values], dtype="string")
                words = lower.iloc[codes].set_axis(self.sheet.index)
            self._words[name] = words
        return self._words[name]

    def where(self, name: str, holds: Callable[[str], bool]) -> np.ndarray:
        """Return which words of a text column, in lower case, a function holds for."""
        # A column has few different words, and lint asks the same of it many times.
        if (name, holds) not in self._where:
            codes, values = pd.factorize(self.words(name))
            held = np.array([holds(str(value)) for value in values], dtype=bool)
            self._where[name, holds] = held[codes]
        return self._where[name, holds]

    def same(self, *names: str) -> np.ndarray:
        """Return a number for each row, equal where rows agree in those columns that there are.

        Words that differ only in capitals agree: a reader takes them for one.
        """
        present = [name for name in names if name in self.sheet]
        if not present:
            return np.zeros(self.size, dtype=int)
        if tuple(present) not in self._same:
            cells = with_labels(self.sheet[present], present).apply(_without_capitals)
            found = cells.groupby(present, dropna=False, observed=True).ngroup()
            self._same[tuple(present)] = found.to_numpy()
        return self._same[tuple(present)]

    def once(self, find: Callable[[Workings], Found]) -> Found:
        """Return what a function finds in these cells, which are not filled in any further.

        Several rules of the lint compare rows by the same findings; these are made once.
        """
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found

    def put(self, name: str, values: np.ndarray) -> None:
        """Add a column of the sheet that had to be read from words."""
        self._cells[name] = values

    def fill(
        self,
        name: str,
        values: np.ndarray,
        inputs: Sequence[str],
        note: str,
        *,
        is_guess: bool = False,
        footnote: str = "",
    ) -> None:
        """Fill the blank cells of a column where `values` are numbers."""
        old = self[name]
        new = np.isnan(old) & np.isfinite(values)
        if new.any():
            self._cells[name] = np.where(new, values, old)
            self._steps.append(Step(tuple(inputs), note, is_guess, footnote))
            before = self._step_of.get(name, np.full(self.size, AS_IN_THE_SHEET))
            self._step_of[name] = np.where(new, len(self._steps) - 1, before)

    def remark(self, which: np.ndarray, text: str, *, footnote: str = "", doubt: str = "") -> None:
        """Note something that the receipts of the rows where `which` is true must say."""
        self.note(np.flatnonzero(which), Remark(text, footnote, doubt))

    def remark_row(self, row: int, text: str, *, footnote: str = "", doubt: str = "") -> None:
        """Note something about one row that its receipt must say."""
        self.note(np.array([row]), Remark(text, footnote, doubt))

    def note(self, rows: np.ndarray, remark: Remark) -> None:
        """Note a remark about rows, given by their positions."""
        self._remarks.append((rows, remark))

    def hint(self, rows: np.ndarray, text: str) -> None:
        """Note why cells of rows could not be used, in case no route is left for them."""
        if rows.any():
            self._hints.append((rows, text))

    def hints_of(self, row: int) -> list[str]:
        """Return the hints about one row."""
        return list(dict.fromkeys(text for rows, text in self._hints if rows[row]))

    def remarks_by_row(self) -> dict[int, tuple[Remark, ...]]:
        """Return the remarks about each row that has any."""
        said: dict[int, tuple[Remark, ...]] = {}
        for rows, remark in self._remarks:
            for row in rows.tolist():
                said[row] = (*said.get(row, ()), remark)
        return said

    def bases(self, rows: np.ndarray, names: Iterable[str]) -> Iterator[Basis]:
        """Split rows by what the cells of some columns rest on.

        Parameters
        ----------
        rows : ndarray of int
            Positions of rows.
        names : iterable of str
            The columns used.

        Yields
        ------
        Basis
            One part of the rows after another.
        """
        pending = [(Basis(rows, (), ()), tuple(names))]
        while pending:
            basis, names_left = pending.pop()
            if not names_left:
                yield basis
                continue
            name, *rest = names_left
            blank = np.isnan(self[name][basis.rows])
            steps = self._step_of.get(name, np.full(self.size, AS_IN_THE_SHEET))[basis.rows]
            for at in np.unique(steps[~blank]).tolist():
                part = basis.rows[~blank & (steps == at)]
                if at == AS_IN_THE_SHEET:
                    inputs = (*basis.inputs, *({name} - {*basis.inputs}))
                    pending.append((Basis(part, inputs, basis.steps), tuple(rest)))
                else:
                    step = self._steps[at]
                    steps_so_far = (*basis.steps, *({step} - {*basis.steps}))
                    pending.append((Basis(part, basis.inputs, steps_so_far), (*step.inputs, *rest)))
            if blank.any():
                part = basis.rows[blank]
                pending.append((Basis(part, basis.inputs, basis.steps), tuple(rest)))


def _without_capitals(column: pd.Series) -> pd.Series:
    if column.dtype.kind in "iufb":
        return column
    return column.astype("string").str.casefold()
