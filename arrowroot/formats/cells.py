"""The cells of a file as they are stored, and notes about how they were read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from arrowroot.formats.places import Place, address, listed


class Fault(NamedTuple):
    """A cell that a table cannot have.

    Attributes
    ----------
    place : (int, int)
        Row and column.
    rule : str
        ``"formula"`` (without a stored value) or ``"merged"``.
    message : str
        The cell, what is wrong with it, and what to do.
    """

    place: Place
    rule: str
    message: str


@dataclass(frozen=True)
class Cells:
    """The cells of a file, for code that checks each of them.

    Attributes
    ----------
    name : str
        The file's name.
    rows : list of list of str
        Rows with any content, up to their last filled cell; ``""`` if a cell is empty.
    lines : list of int
        The line of the file on which each begins.
    notices : list of str
        Notes for the reader: a guessed encoding, what is hidden in the file.
    sheet : str
        The sheet of a workbook that was read.
    unread : list of str
        Its other sheets.
    formulas : dict
        Place (row, column) -> formula, for cells whose stored value was read.
    faults : list of Fault
        Formulas without a stored value, and merged blocks.
    shares : set of place
        Numbers that the workbook shows as percentages.
    """

    name: str
    rows: list[list[str]]
    lines: list[int]
    notices: list[str] = field(default_factory=list)
    sheet: str = ""
    unread: list[str] = field(default_factory=list)
    formulas: dict[Place, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    shares: set[Place] = field(default_factory=set)

    @property
    def remarks(self) -> list[str]:
        """All notes about the file, one sentence each without a full stop."""
        remarks = list(self.notices)
        if self.formulas:
            places = listed(map(address, self.formulas))
            remarks.append(f"the values stored with formulas were read: {places}")
        if self.unread:
            remarks.append(f"the sheet {self.sheet!r} was read; not read: {listed(self.unread)}")
        return remarks
