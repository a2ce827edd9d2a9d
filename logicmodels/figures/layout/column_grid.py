"""The columns of a figure, before anything is placed in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from logicmodels.figures import style
from logicmodels.model import Model
from logicmodels.profiles.profile import Column


@dataclass(frozen=True)
class Track:
    """The edges of a column."""

    left: float
    right: float


@dataclass
class Grid:
    """The columns of one figure, as wide as the space and their number allow.

    Attributes
    ----------
    model : Model
        What is drawn.
    columns : tuple of Column
        Those that contain boxes, in the order of the arrows.
    narrowest_gap, room : float
        What the arrows between two columns need, and what all columns share, in points.
    widest : float
        Of a box, at most.
    levels : sequence of float
        How thick each column is, where columns run across the page and their boxes are as wide
        as `box_width`; empty where columns stand upright.
    narrowest : float
        Of a box, at least.
    fullest : int
        How many boxes stand side by side where columns run across the page.
    needs : sequence of float
        What the gap after each column has to be at least; empty if nothing in particular.
    box_width, gap : float
        Of every box, and usually between two columns.
    gaps : list of float
        Between each column and the next: wider where arrows run in lanes of their own.
    """

    model: Model
    columns: tuple[Column, ...]
    narrowest_gap: float
    room: float
    widest: float = style.WIDEST_BOX
    levels: Sequence[float] = ()
    narrowest: float = style.NARROWEST_BOX
    fullest: int = 0
    needs: Sequence[float] = ()
    box_width: float = field(init=False)
    gap: float = field(init=False)
    gaps: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Divide the space between boxes and gaps."""
        if self.fullest:
            share = self.room / (self.fullest + 0.15 * (self.fullest - 1))
            self.box_width = min(max(share, self.narrowest), self.widest)
            self.gap = self.narrowest_gap
            self.gaps = self._least()
            return
        count = max(1, len(self.columns))
        share = self.room / (count + 0.3 * (count - 1))
        self.box_width = min(max(share, self.narrowest), self.widest)
        left = (self.room - count * self.box_width) / max(1, count - 1)
        self.gap = max(min(left, style.WIDEST_GAP), self.narrowest_gap)
        self.gaps = self._least()

    def _least(self) -> list[float]:
        needs = self.needs or [0.0] * (len(self.columns) - 1)
        return [max(self.gap, need) for need in needs]

    @property
    def width(self) -> float:
        """How far all columns reach together, in the direction of the arrows."""
        return sum(map(self.thickness, range(len(self.columns)))) + sum(self.gaps)

    def thickness(self, number: int) -> float:
        """Return how far a column reaches in the direction of the arrows."""
        return self.levels[number] if self.levels else self.box_width

    def middle(self, number: int) -> float:
        """Return the middle of a column."""
        before = sum(map(self.thickness, range(number))) + sum(self.gaps[:number])
        return before + self.thickness(number) / 2

    def track(self, number: int) -> Track:
        """Return the edges of a column."""
        middle, half = self.middle(number), self.thickness(number) / 2
        return Track(middle - half, middle + half)
