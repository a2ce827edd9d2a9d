"""The routes of arrows between columns of boxes, none of them through a box.

An arrow bends only between columns. One that runs back does so beneath the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logicmodels.figures import style
from logicmodels.figures.layout.ports import Span, Track, bows_at_left, ports, runs_back, stops
from logicmodels.figures.route import ARROWHEAD, Point, Route, bend, line, turning
from logicmodels.records import Link

_DOWN, _UP, _CLEAR = 10.0, 16.0, 5.0
"""How far from its box an arrow that runs back goes down and comes up, at least, and how far from
the boxes of the next column it keeps."""


def draw_routes(
    links: Sequence[Link],
    spans: Mapping[str, Span],
    tracks: Sequence[Track],
    passing: Mapping[tuple[int, int], Sequence[int]],
    floor: float,
) -> tuple[tuple[Route, ...], float]:
    """Return the route of every link, and how far down they extend.

    Parameters
    ----------
    links : sequence of Link
        All of the model's.
    spans : mapping of str to Span
        The boxes, by node.
    tracks : sequence of Track
        The columns.
    passing : mapping
        From `crossings`.
    floor : float
        The lower edge of the lowest box.

    Returns
    -------
    tuple of Route, float
        In the order of the links.
    """
    passed = stops(links, spans, tracks, passing)
    at_left = bows_at_left(links, spans)
    leaving, entering = ports(links, spans, passed, at_left)
    back = sorted(
        (number for number, link in enumerate(links) if runs_back(link, spans)),
        key=lambda n: (spans[links[n].source].column - spans[links[n].target].column, n),
    )
    routes = []
    for number, link in enumerate(links):
        source, target = spans[link.source], spans[link.target]
        start, end = leaving[number], entering[number]
        if number in back:
            level = floor + style.BETWEEN_BOXES + back.index(number) * style.LANE
            down, up = _upright(number, back, links, spans, tracks)
            way = _beneath(
                (tracks[source.column].right, start),
                down,
                level,
                up,
                (tracks[target.column].left, end),
            )
        elif source.column == target.column:
            way = _beside(tracks[source.column], start, end, left=number in at_left)
        else:
            way = _forward(source, target, start, end, tracks, passed[number])
        routes.append(way.with_two_heads() if link.mutual else way)
    lowest = floor + (style.BETWEEN_BOXES + len(back) * style.LANE if back else 0.0)
    return tuple(routes), lowest


def _forward(
    source: Span,
    target: Span,
    start: float,
    end: float,
    tracks: Sequence[Track],
    stops: Mapping[int, float],
) -> Route:
    x, y = tracks[source.column].right, start
    points: list[Point] = [(x, y)]
    for column in range(source.column + 1, target.column):
        track, height = tracks[column], stops[column]
        points += bend((x, y), (track.left, height))
        points += line((track.left, height), (track.right, height))
        x, y = track.right, height
    tip = tracks[target.column].left, end
    points += bend((x, y), (tip[0] - ARROWHEAD, end))
    return Route(tuple(points), tip)


def _beside(track: Track, start: float, end: float, *, left: bool) -> Route:
    """Return the route between two boxes of one column, curved out to one of its sides."""
    side, sign = (track.left, -1) if left else (track.right, 1)
    bow = side + sign * min(0.6 * track.gap, 12 + 0.2 * abs(end - start))
    head = side + sign * ARROWHEAD
    points = [(side, start), (bow, start), (bow, end), (head, end)]
    return Route(tuple(points), (side, end))


def _upright(
    number: int,
    back: Sequence[int],
    links: Sequence[Link],
    spans: Mapping[str, Span],
    tracks: Sequence[Track],
) -> tuple[float, float]:
    """Return where an arrow that runs back goes down, and where it comes up again.

    Those that leave one column, or enter one, run side by side: the shorter nearer to the boxes,
    and closer together where the gap between the columns is too narrow for all.
    """
    leave, enter = spans[links[number].source].column, spans[links[number].target].column
    leaving = [other for other in back if spans[links[other].source].column == leave]
    entering = [other for other in back if spans[links[other].target].column == enter]
    down = tracks[leave].right + _DOWN + _aside(leaving.index(number), len(leaving), tracks[leave])
    up = tracks[enter].left - _UP - _aside(entering.index(number), len(entering), tracks[enter])
    return down, up


def _aside(place: int, count: int, track: Track) -> float:
    """Return how far the arrow at that place among `count` keeps from the first of them."""
    room = min(track.gap / 2, track.gap - _UP - _CLEAR)
    return place * min(style.LANE, room / max(1, count - 1))


def _beneath(start: Point, down: float, level: float, up: float, tip: Point) -> Route:
    """Return the route back to an earlier column, beneath all boxes."""
    corners = [start, (down, start[1]), (down, level), (up, level), (up, tip[1])]
    return turning(corners, tip)
