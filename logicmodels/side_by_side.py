"""Two or three things set side by side, as data and in words.

`logicmodels.comparison.Comparison` is the same with what can be done with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from arrowroot.text import counted, one_line


@dataclass(frozen=True)
class Row:
    """A row of a comparison: in what respect, and what holds for each of the things compared."""

    heading: str
    cells: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class SideBySide:
    """Two or three things set side by side. Read it from a file with `Comparison.read`.

    Attributes
    ----------
    title, description : str
        Both are read out with the figure.
    columns : tuple of str
        What is compared.
    rows : tuple of Row
        In what respects.
    version, date, source : str
        Printed beneath the figure.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""

    def sentence(self, row: Row) -> str:
        """Return a row in words, for those who listen."""
        cells = "; ".join(
            f"{name}: {cell}" for name, cell in zip(self.columns, row.cells, strict=True)
        )
        return one_line(f"{row.heading}. {cells}{'' if cells.endswith(('.', '?', '!')) else '.'}")

    @property
    def summary(self) -> str:
        """The table in a sentence or two: what a screen reader says of its figure first."""
        rows = counted(len(self.rows), "row")
        what = f"A table that compares {' with '.join(self.columns)} in {rows}."
        return one_line(f"{self.description} {what}")
