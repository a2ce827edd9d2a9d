"""How an arrow runs, given the columns of its ends and their places there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from logicmodels.records import Link

Item = str | int
"""What stands in a column: a box, by its id, or an arrow that passes, by its number."""


class Kind(Enum):
    """The ways in which an arrow can run."""

    AHEAD = "to a later column"
    BENEATH = "to an earlier column, beneath all boxes"
    THROUGH = "to an earlier column, between the boxes"
    NEXT = "to the box above or below"
    ASIDE = "to another box of the column, beside the boxes between"
    LOOP = "to its own box"


@dataclass(frozen=True)
class Way:
    """An arrow, with the columns and places of its ends."""

    number: int
    source: str
    target: str
    kind: Kind
    mutual: bool
    columns: tuple[int, int]
    rows: tuple[int, int]

    @property
    def layered(self) -> bool:
        """Whether it runs from column to column."""
        return self.kind in (Kind.AHEAD, Kind.THROUGH)

    @property
    def chain(self) -> tuple[tuple[int, Item], ...]:
        """The columns that it runs through, left to right, and what it is in each."""
        first, last = sorted(self.columns)
        ends = (self.source, self.target)
        left, right = ends if self.kind is Kind.AHEAD else ends[::-1]
        between = ((column, self.number) for column in range(first + 1, last))
        return ((first, left), *between, (last, right))


def ways(
    links: Sequence[Link], order: Sequence[Sequence[str]], through: Collection[int] = ()
) -> tuple[Way, ...]:
    """Return how every link runs.

    Parameters
    ----------
    links : sequence of Link
        All of the model's.
    order : sequence of sequence of str
        The boxes of every column, from its top.
    through : collection of int
        The links to earlier columns that run between the boxes rather than beneath them.
    """
    spots = {box: (c, r) for c, boxes in enumerate(order) for r, box in enumerate(boxes)}
    return tuple(_way(number, link, spots, through) for number, link in enumerate(links))


def _way(
    number: int, link: Link, spots: Mapping[str, tuple[int, int]], through: Collection[int]
) -> Way:
    (left, above), (right, below) = spots[link.source], spots[link.target]
    if left < right:
        kind = Kind.AHEAD
    elif left > right:
        kind = Kind.THROUGH if number in through else Kind.BENEATH
    elif above == below:
        kind = Kind.LOOP
    else:
        kind = Kind.NEXT if abs(above - below) == 1 else Kind.ASIDE
    return Way(number, link.source, link.target, kind, link.mutual, (left, right), (above, below))
