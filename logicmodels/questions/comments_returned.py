"""The content of returned comment sheets: comments, and every cell that is not part of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from arrowroot.display import Shown, html_table
from arrowroot.text import counted
from logicmodels.frames import Tabular
from logicmodels.model import AnyModel
from logicmodels.questions.comments import COLUMNS, Comments


@dataclass(frozen=True, order=True)
class NotTaken:
    """A cell of a sheet that is not part of a comment.

    Attributes
    ----------
    file : str
        The sheet.
    line, column : int
        Counted from 1; 0 if it is the file as a whole.
    message : str
        The text of the cell, why it was not taken, and what to do.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Return the cell and what is wrong with it, in one line."""
        where = f", line {self.line}, column {self.column}" if self.line else ""
        return f"{self.file}{where}: {self.message}"


@dataclass(frozen=True, eq=False, repr=False)
class Returned(Tabular, Shown, Generic[AnyModel]):
    """The content of returned comment sheets.

    Attributes
    ----------
    model : LogicModel
        The model with the comments on its boxes and arrows.
    comments : Comments
        All comments of that model, differing views side by side.
    taken : int
        How many comments these sheets added.
    repeated : int
        How many the model already had, word for word.
    not_taken : tuple of NotTaken
        Every filled cell that is not part of a comment.
    """

    model: AnyModel
    comments: Comments
    taken: int
    repeated: int
    not_taken: tuple[NotTaken, ...]

    def to_records(self) -> list[dict[str, str]]:
        """Return all comments as rows."""
        return self.comments.to_records()

    @property
    def _columns(self) -> Sequence[str]:
        return COLUMNS

    def __str__(self) -> str:
        """Return the counts, the comments, and the cells that were not taken."""
        return "\n".join([self._title(), str(self.comments), *map(str, self.not_taken)])

    def _title(self) -> str:
        before = f", {self.repeated} already in the model" if self.repeated else ""
        cells = f"{counted(len(self.not_taken), 'cell')} to check"
        return f"{counted(self.taken, 'comment')} added{before}; {cells}"

    def _repr_html_(self) -> str:
        html = f"<p>{self._title()}.</p>{self.comments._repr_html_()}"
        if not self.not_taken:
            return html
        rows = [
            (cell.file, str(cell.line or ""), str(cell.column or ""), cell.message)
            for cell in self.not_taken
        ]
        return html + html_table("Not taken", ("file", "line", "column", "what"), rows)
