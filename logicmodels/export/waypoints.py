"""The routes of arrows for programs whose connectors run through waypoints."""

from __future__ import annotations

import math
from collections.abc import Iterator

from logicmodels.figures.scene.route import Point, Route

Curve = tuple[Point, Point, Point, Point]
_STRAIGHT = 0.05
"""Distance from a line, in points, that nobody sees."""


def ends(route: Route) -> tuple[Point, Point]:
    """Return where an arrow leaves its source and where its head touches its target."""
    return route.start or route.points[0], route.tip


def curves(route: Route) -> Iterator[Curve]:
    """Go through an arrow's curves, the first and the last extended to the boxes."""
    start, end = ends(route)
    points = [start, *route.points[1:-1], end]
    for place in range(0, len(points) - 1, 3):
        first, second, third, last = points[place : place + 4]
        yield first, second, third, last


def is_straight(route: Route) -> bool:
    """Return whether an arrow is one straight line."""
    (x0, y0), (x1, y1) = ends(route)
    length = math.dist((x0, y0), (x1, y1)) or 1.0
    return all(
        abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length < _STRAIGHT
        for x, y in route.points
    )


def corners(route: Route) -> list[Point]:
    """Return where an arrow of straight lines turns; nothing for one that bends."""
    turns = []
    for curve in curves(route):
        if math.dist(curve[1], curve[2]) < _STRAIGHT:
            turns.append(curve[1])
        elif not is_line(curve):
            return []
    return turns


def waypoints(route: Route) -> list[Point]:
    """Return the points between its ends that make a smooth line follow an arrow's route.

    For a line that bends towards each point and passes the middles between them, as draw.io's
    curved edges do: where the arrow bends, its control points; where it is straight, the ends of
    that piece.
    """
    if is_straight(route):
        return []
    points = [point for curve in curves(route) for point in _steering(curve)]
    return [point for place, point in enumerate(points) if point not in points[:place]]


def _steering(curve: Curve) -> tuple[Point, ...]:
    """Return the control points of a piece: where its tangents meet.

    A bend that is level at its ends has a tangent there that meets that of its middle at that
    height. A curve in any other direction is taken as two parabolas.
    """
    first, second, third, last = curve
    if is_line(curve):
        return first, last
    across = last[0] + third[0] - second[0] - first[0]
    down = last[1] + third[1] - second[1] - first[1]
    x, y = middle(curve)
    if abs(first[1] - second[1]) > _STRAIGHT or abs(third[1] - last[1]) > _STRAIGHT or not down:
        return _halves(curve)
    return (
        (x + (first[1] - y) * across / down, first[1]),
        (x + (last[1] - y) * across / down, last[1]),
    )


def _halves(curve: Curve) -> tuple[Point, Point]:
    """Return the control points of two parabolas that follow a curve, one after the other."""
    at = middle(curve)
    found = []
    for near, control, other in ((curve[0], curve[1], curve[2]), (curve[3], curve[2], curve[1])):
        x, y = (
            (
                3
                * (
                    (near[axis] + control[axis]) / 2
                    + (near[axis] + 2 * control[axis] + other[axis]) / 4
                )
                - near[axis]
                - at[axis]
            )
            / 4
            for axis in (0, 1)
        )
        found.append((x, y))
    return found[0], found[1]


def middle(curve: Curve) -> Point:
    """Return the point halfway along a curve."""
    first, second, third, last = curve
    return (
        (first[0] + 3 * second[0] + 3 * third[0] + last[0]) / 8,
        (first[1] + 3 * second[1] + 3 * third[1] + last[1]) / 8,
    )


def is_line(curve: Curve) -> bool:
    """Return whether a curve is straight."""
    (x0, y0), *_, (x1, y1) = curve
    length = math.dist(curve[0], curve[3]) or 1.0
    return all(
        abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length < _STRAIGHT for x, y in curve[1:3]
    )
