"""What a profile is."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("situation", "input", "activity", "participation", "outcome", "impact", "context")
"""What the boxes of a column can be."""


@dataclass(frozen=True)
class Column:
    """A column of a figure.

    Attributes
    ----------
    id : str
        The name that nodes use.
    heading : str
        Printed above the column.
    kind : str
        What its boxes are: ``"situation"``, ``"input"``, ``"activity"``, ``"participation"``,
        ``"outcome"``, ``"impact"`` or ``"context"``. Context is placed beneath the columns.
    note : str
        Printed beneath the heading, smaller.
    group : str
        Printed above the headings of neighbouring columns that belong together.
    bar : bool
        For context: whether it is a bar along the foot, with its boxes in one line.
    """

    id: str
    heading: str
    kind: str
    note: str = ""
    group: str = ""
    bar: bool = False


@dataclass(frozen=True)
class Profile:
    """A kind of logic model.

    Attributes
    ----------
    id, title : str
        Its name in specifications and in prose.
    columns : tuple of Column
        In the direction of the arrows.
    source : str
        Who described it.
    towards : {"right", "left"}
        Where the arrows point in a figure.
    own : bool
        Whether the columns are those of one model rather than the profile's.
    free : bool
        Whether boxes stand wherever their arrows put them, rather than in columns; arrows then
        have a polarity, and may form loops.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    source: str
    towards: str = "right"
    free: bool = False
    own: bool = False

    def column(self, name: str) -> Column:
        """Return the column of that id."""
        return {column.id: column for column in self.columns}[name]

    @property
    def flow(self) -> tuple[Column, ...]:
        """The columns through which arrows run, first to last."""
        return tuple(column for column in self.columns if column.kind != "context")

    @property
    def context(self) -> tuple[Column, ...]:
        """What is placed beneath the columns."""
        return tuple(column for column in self.columns if column.kind == "context")
