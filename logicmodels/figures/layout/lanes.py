"""The lanes beside columns in which arrows run up and down, each apart from the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logicmodels.figures import style
from logicmodels.figures.layout.sides import LEFT, RIGHT, Sides
from logicmodels.figures.layout.ways import Kind, Way

_FIRST = 13.0
"""Of the nearest lane from the boxes: more than the length of a head."""
_LAST = 4.0
"""Between the farthest lane and where other arrows bend."""
_NARROWEST_BEND = 24.0
"""What the arrows between two columns need to bend in, at least."""
_CLEAR = 6.0
"""Between the ends of two arrows in one lane."""


@dataclass(frozen=True)
class Lanes:
    """The lanes of one figure.

    Attributes
    ----------
    of : mapping of (int, str) to int
        The lane of an arrow at a side of a column, from 0, by its number and the side.
    counts : mapping of (int, str) to int
        How many lanes there are, by column and side.
    apart : float
        Between neighbouring lanes.
    """

    of: Mapping[tuple[int, str], int]
    counts: Mapping[tuple[int, str], int]
    apart: float = style.LANE

    def zone(self, column: int, side: str) -> float:
        """Return the width of the lanes at a side of a column."""
        count = self.counts.get((column, side), 0)
        return _FIRST + (count - 1) * self.apart + _LAST if count else 0.0

    def aside(self, number: int, side: str) -> float:
        """Return how far from the boxes of a column an arrow runs."""
        return _FIRST + self.of[number, side] * self.apart

    def needed(self, columns: int) -> list[float]:
        """Return the least width of the gap after each column but the last."""
        zones = [
            self.zone(column, RIGHT) + self.zone(column + 1, LEFT) for column in range(columns - 1)
        ]
        return [zone + _NARROWEST_BEND if zone else 0.0 for zone in zones]


def lanes(
    ways: Sequence[Way],
    sides: Sides,
    ports: Mapping[tuple[int, bool], float],
    apart: float = style.LANE,
) -> Lanes:
    """Give every arrow that runs up or down beside a column a lane.

    Parameters
    ----------
    ways : sequence of Way
        All arrows.
    sides : Sides
        Which arrows run at the left.
    ports : mapping of (int, bool) to float
        The height of every end of an arrow.
    apart : float
        Between neighbouring lanes: more where arrows carry badges.

    Returns
    -------
    Lanes
        Short arrows are nearer to the boxes than those around them; arrows that run beneath all
        boxes come last, the deeper the farther.
    """
    runs: dict[tuple[int, str], list[tuple[tuple[int, float, int], float, float]]] = defaultdict(
        list
    )
    for way in ways:
        start, end = ports.get((way.number, True), 0.0), ports.get((way.number, False), 0.0)
        if way.kind in (Kind.ASIDE, Kind.LOOP):
            side = LEFT if way.number in sides.at_left else RIGHT
            low, high = sorted((start, end))
            runs[way.columns[0], side].append(((0, high - low, way.number), low, high))
        elif way.kind is Kind.BENEATH:
            deep = (1, sides.levels[way.number], way.number)
            runs[way.columns[0], RIGHT].append((deep, start, float("inf")))
            runs[way.columns[1], LEFT].append((deep, end, float("inf")))
    of: dict[tuple[int, str], int] = {}
    counts: dict[tuple[int, str], int] = {}
    for (column, side), wanted in runs.items():
        placed: list[tuple[float, float, int]] = []
        for (_, _, number), low, high in sorted(wanted):
            nearer = [n for a, b, n in placed if a - _CLEAR < high and low < b + _CLEAR]
            of[number, side] = max(nearer, default=-1) + 1
            placed.append((low, high, of[number, side]))
        counts[column, side] = max(number for *_, number in placed) + 1
    return Lanes(of, counts, apart)
