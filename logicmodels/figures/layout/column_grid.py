"""The columns of a figure, before anything is placed in them."""

from __future__ import annotations

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
    box_width, gap : float
        Of every box, and usually between two columns.
    gaps : list of float
        Between each column and the next: wider where arrows run in lanes of their own.
    """

    model: Model
    columns: tuple[Column, ...]
    narrowest_gap: float
    room: float
    box_width: float = field(init=False)
    gap: float = field(init=False)
    gaps: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Divide the space between boxes and gaps."""
        count = max(1, len(self.columns))
        share = self.room / (count + 0.3 * (count - 1))
        self.box_width = min(max(share, style.NARROWEST_BOX), style.WIDEST_BOX)
        left = (self.room - count * self.box_width) / max(1, count - 1)
        self.gap = min(max(left, self.narrowest_gap), style.WIDEST_GAP)
        self.gaps = [self.gap] * (len(self.columns) - 1)

    @property
    def width(self) -> float:
        """How wide all columns are together."""
        return len(self.columns) * self.box_width + sum(self.gaps)

    def middle(self, number: int) -> float:
        """Return the middle of a column."""
        return number * self.box_width + sum(self.gaps[:number]) + self.box_width / 2

    def track(self, number: int) -> Track:
        """Return the edges of a column."""
        middle = self.middle(number)
        return Track(middle - self.box_width / 2, middle + self.box_width / 2)
