"""Up to six things set side by side, as data and in words.

`logicmodels.comparison.Comparison` adds the methods.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from arrowroot.text import counted, one_line

BLANK = "blank"
"""What is said of a cell without text."""


@dataclass(frozen=True)
class Row:
    """A row of a comparison: the respect, and what applies to each thing; blank cells are empty."""

    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Up to six things set side by side. Read it from a file with `Comparison.read`.

    Attributes
    ----------
    title, description : str
        Screen readers read out both with the figure.
    columns : tuple of str
        What is compared.
    rows : tuple of Row
        The respects in which they are compared.
    version, date, source : str
        Printed beneath the figure.
    remarks : tuple of str
        Anything unusual about the file that was read, such as text after a #.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def sentence(self, row: Row) -> str:
        """Return a row in words, for screen readers; a blank cell is called blank."""
        cells = "; ".join(
            f"{name}: {cell or BLANK}" for name, cell in zip(self.columns, row.cells, strict=True)
        )
        return one_line(f"{row.heading}. {cells}{'' if cells.endswith(('.', '?', '!')) else '.'}")

    @property
    def summary(self) -> str:
        """The table in a sentence or two: what a screen reader says first about its figure."""
        rows = counted(len(self.rows), "row")
        *others, last = self.columns
        if len(others) > 1:
            what = f"A table that compares {', '.join(others)} and {last} in {rows}."
        elif others:
            what = f"A table that compares {others[0]} with {last} in {rows}."
        else:
            what = f"A table of {last} in {rows}."
        return one_line(f"{self.description} {what}")
