"""The route of an arrow as a chain of curves, wherever it was laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

Point = tuple[float, float]
ARROWHEAD = 7.0
"""How long the head of an arrow is."""
_BAR = 2.0
"""Distances from the box: of the bar that ends an arrow that blocks, and of its line."""
_CORNER = 8.0


@dataclass(frozen=True)
class Route:
    """The route of an arrow: a chain of cubic Bézier curves, then the tip of its head.

    Attributes
    ----------
    points : tuple of point
        The first point, then three for every curve.
    tip : point
        Where the arrow touches its target.
    start : point or None
        Where an arrow with two heads touches its source.
    """

    points: tuple[Point, ...]
    tip: Point
    start: Point | None = None

    def with_two_heads(self) -> Route:
        """Return the route shortened for a head at its start."""
        first, second, *others = self.points
        begun = _towards(first, second, ARROWHEAD)
        return replace(self, points=(begun, second, *others), start=first)

    def with_bar(self) -> Route:
        """Return the route to a bar, which is shorter than a head and must not touch the box."""
        last = self.points[-1]
        bar, line = _towards(self.tip, last, _BAR), _towards(self.tip, last, 2 * _BAR)
        return replace(self, points=(*self.points[:-1], line), tip=bar)

    def mirrored(self, width: float) -> Route:
        """Return the route in a figure of that width read from right to left."""
        points = tuple((width - x, y) for x, y in self.points)
        start = None if self.start is None else (width - self.start[0], self.start[1])
        return Route(points, (width - self.tip[0], self.tip[1]), start)

    def turned(self) -> Route:
        """Return the route with across for down."""
        start = None if self.start is None else self.start[::-1]
        return Route(tuple((y, x) for x, y in self.points), self.tip[::-1], start)

    def moved(self, right: float, down: float) -> Route:
        """Return the route moved."""
        points = tuple((x + right, y + down) for x, y in self.points)
        start = None if self.start is None else (self.start[0] + right, self.start[1] + down)
        return Route(points, (self.tip[0] + right, self.tip[1] + down), start)

    def lowered(self, by: float) -> Route:
        """Return the route moved down."""
        return self.moved(0.0, by)

    @property
    def curves(self) -> int:
        """How many curves the route has."""
        return (len(self.points) - 1) // 3

    def along(self, share: float) -> Point:
        """Return the point after a share, from 0 to 1, of the arrow's curves."""
        number = min(int(share * self.curves), self.curves - 1)
        return on_curve(self.points[3 * number : 3 * number + 4], share * self.curves - number)


def on_curve(four: Sequence[Point], t: float) -> Point:
    """Return the point of a cubic Bézier curve at `t`, from 0 to 1."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = four
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def straight(start: Point, tip: Point) -> Route:
    """Return the route of a straight arrow."""
    end = _towards(tip, start, ARROWHEAD)
    return Route((start, *line(start, end)), tip)


def turning(corners: Sequence[Point], tip: Point) -> Route:
    """Return a route along straight lines with rounded corners, whose last line ends at `tip`."""
    end = _towards(tip, corners[-1], ARROWHEAD)
    return Route(tuple(_rounded([*corners, end])), tip)


def bend(start: Point, end: Point) -> list[Point]:
    """Return what follows `start` in a curve that is level at both ends."""
    half = (start[0] + end[0]) / 2
    return [(half, start[1]), (half, end[1]), end]


def line(start: Point, end: Point) -> list[Point]:
    """Return what follows `start` in a straight line, as a curve."""
    third = (end[0] - start[0]) / 3, (end[1] - start[1]) / 3
    return [
        (start[0] + third[0], start[1] + third[1]),
        (end[0] - third[0], end[1] - third[1]),
        end,
    ]


def _rounded(corners: Sequence[Point]) -> list[Point]:
    """Return a chain of curves along straight lines, with rounded corners."""
    points: list[Point] = [corners[0]]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        reach = min(_CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        into, out = _towards(corner, before, reach), _towards(corner, after, reach)
        points += line(points[-1], into)
        points += [corner, corner, out]
    return [*points, *line(points[-1], corners[-1])]


def _towards(point: Point, other: Point, reach: float) -> Point:
    """Return the point as far from one as `reach`, on the line to another."""
    length = math.dist(point, other)
    share = reach / length if length else 0.0
    return point[0] + (other[0] - point[0]) * share, point[1] + (other[1] - point[1]) * share
