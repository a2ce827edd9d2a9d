"""The routes of arrows between boxes, none of them through a box.

An arrow bends only between columns. One that runs up or down beside a column does so in a lane of
its own; one that runs back does so beneath the columns, or between the boxes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logicmodels.figures import style
from logicmodels.figures.layout.column_grid import Track
from logicmodels.figures.layout.lanes import Lanes
from logicmodels.figures.layout.sides import LEFT, RIGHT, Sides
from logicmodels.figures.layout.ways import Kind, Way
from logicmodels.figures.parts import Placed
from logicmodels.figures.scene.route import ARROWHEAD, Point, Route, bend, line, straight, turning


@dataclass(frozen=True)
class Spots:
    """What the routes of arrows depend on.

    Attributes
    ----------
    boxes : mapping of str to Placed
        All boxes.
    tracks : sequence of Track
        The columns.
    ports : mapping of (int, bool) to float
        The height of both ends of every arrow at the left or right of a box.
    sides : Sides
        Where arrows meet their boxes.
    lanes : Lanes
        The lanes beside columns.
    floor : float
        The lower edge of the lowest box.
    """

    boxes: Mapping[str, Placed]
    tracks: Sequence[Track]
    ports: Mapping[tuple[int, bool], float]
    sides: Sides
    lanes: Lanes
    floor: float


def draw_routes(
    ways: Sequence[Way], spots: Spots, passes: Mapping[tuple[int, int], float]
) -> tuple[tuple[Route, ...], float]:
    """Return the route of every arrow, and how far down they extend.

    Parameters
    ----------
    ways : sequence of Way
        All arrows.
    spots : Spots
        Where their boxes are.
    passes : mapping of (int, int) to float
        The height at which an arrow, by its number, passes a column.

    Returns
    -------
    tuple of Route, float
        In the order of the arrows.
    """
    asides = spots.sides.asides()
    through = any(way.kind is Kind.THROUGH for way in ways)
    routes = []
    for way in ways:
        if way.layered:
            route = _across(way, spots, passes, through=through)
        elif way.kind is Kind.BENEATH:
            route = _beneath(way, spots)
        elif way.kind is Kind.NEXT:
            route = _upright(spots.boxes[way.source], spots.boxes[way.target], asides[way.number])
        else:
            route = _beside(way, spots)
        routes.append(route.with_two_heads() if way.mutual else route)
    levels = spots.sides.levels.values()
    lowest = spots.floor + (style.BETWEEN_BOXES + (max(levels) + 1) * style.LANE if levels else 0.0)
    return tuple(routes), lowest


def _across(
    way: Way, spots: Spots, passes: Mapping[tuple[int, int], float], *, through: bool
) -> Route:
    """Return the route through the gaps between columns, level where it passes one."""
    ahead = way.kind is Kind.AHEAD
    first, last = sorted(way.columns)
    start, end = spots.ports[way.number, ahead], spots.ports[way.number, not ahead]
    at = spots.tracks[first].right, start
    tip = spots.tracks[last].left, end
    # All arrows bend between the same places, or neighbours would cross for no reason.
    heads = ARROWHEAD if through else 0.0
    points: list[Point] = [at if ahead else (at[0] + ARROWHEAD, start)]
    for column in range(first + 1, last + 1):
        height = end if column == last else passes[way.number, column]
        begin = spots.tracks[column - 1].right + max(spots.lanes.zone(column - 1, RIGHT), heads)
        edge = spots.tracks[column].left
        stop = edge - max(spots.lanes.zone(column, LEFT), ARROWHEAD)
        if begin > points[-1][0]:
            points += line(points[-1], (begin, points[-1][1]))
        points += bend(points[-1], (stop, height))
        if column < last:
            points += line(points[-1], (spots.tracks[column].right, height))
        elif stop < (arrive := edge - ARROWHEAD if ahead else edge):
            points += line(points[-1], (arrive, height))
    if ahead:
        return Route(tuple(points), tip)
    return Route(tuple(reversed(points)), at)


def _beside(way: Way, spots: Spots) -> Route:
    """Return the route between two boxes of one column, in a lane at one of its sides."""
    start, end = spots.ports[way.number, True], spots.ports[way.number, False]
    track = spots.tracks[way.columns[0]]
    if way.number in spots.sides.at_left:
        edge = track.left
        lane = edge - spots.lanes.aside(way.number, LEFT)
    else:
        edge = track.right
        lane = edge + spots.lanes.aside(way.number, RIGHT)
    return turning([(edge, start), (lane, start), (lane, end)], (edge, end))


def _upright(source: Placed, target: Placed, aside: float) -> Route:
    """Return the route from a box to the one above or below."""
    down = 1 if target.y > source.y else -1
    x = source.x + aside
    return straight(
        (x, source.y + down * source.height / 2), (x, target.y - down * target.height / 2)
    )


def _beneath(way: Way, spots: Spots) -> Route:
    """Return the route back to an earlier column, beneath all boxes."""
    start, end = spots.ports[way.number, True], spots.ports[way.number, False]
    level = spots.floor + style.BETWEEN_BOXES + spots.sides.levels[way.number] * style.LANE
    right = spots.tracks[way.columns[0]].right
    left = spots.tracks[way.columns[1]].left
    down = right + spots.lanes.aside(way.number, RIGHT)
    up = left - spots.lanes.aside(way.number, LEFT)
    return turning(
        [(right, start), (down, start), (down, level), (up, level), (up, end)], (left, end)
    )
