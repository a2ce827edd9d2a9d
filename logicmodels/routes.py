"""The ways of arrows between columns of boxes, none of them through a box.

An arrow leaves a box at its right and enters one at its left, bending only between columns.
One that passes a column does so between two of its boxes, which make room for it. One that runs
back does so beneath the columns. Arrows that share a side stand spread along it, in the order of
where they come from, so that they do not cross for nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from logicmodels import style
from logicmodels.records import Link
from logicmodels.spacing import spread

Point = tuple[float, float]
ARROWHEAD = 7.0
"""How long the head of an arrow is."""
_CORNER = 8.0
_Rank = tuple[int, float]
"""Where along the side of a box an arrow stands: first by kind, then by height or distance."""
_UPWARDS, _AHEAD, _DOWNWARDS, _BENEATH = range(4)
_WIDEST_PORTS = 11.0
"""Between arrows at one side of a box that has room."""


@dataclass(frozen=True)
class Span:
    """A box seen by the arrows: its column, its place in it, its middle and its height."""

    column: int
    place: int
    x: float
    y: float
    height: float
    kind: str


@dataclass(frozen=True)
class Track:
    """A column seen by the arrows: its edges, and the free gap to its right."""

    left: float
    right: float
    gap: float


@dataclass(frozen=True)
class Route:
    """The way of an arrow: a chain of cubic Bézier curves, then the tip of its head.

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
        """Return the way with room for a head where it leaves, at the right of a box."""
        (x, y), *others = self.points
        return replace(self, points=((x + ARROWHEAD, y), *others), start=(x, y))

    def mirrored(self, width: float) -> Route:
        """Return the way in a figure of that width read from right to left."""
        points = tuple((width - x, y) for x, y in self.points)
        start = None if self.start is None else (width - self.start[0], self.start[1])
        return Route(points, (width - self.tip[0], self.tip[1]), start)

    @property
    def curves(self) -> int:
        """How many curves the way has."""
        return (len(self.points) - 1) // 3

    def along(self, share: float) -> Point:
        """Return the point after a share, from 0 to 1, of the arrow's curves."""
        number = min(int(share * self.curves), self.curves - 1)
        t = share * self.curves - number
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
        four = self.points[3 * number : 3 * number + 4]
        x, y = (
            sum(weight * point[axis] for weight, point in zip(weights, four, strict=True))
            for axis in (0, 1)
        )
        return x, y


def placed(span: Span, top: float) -> Span:
    """Return a span moved down by `top`."""
    return replace(span, y=span.y + top)


def crossings(
    links: Sequence[Link], spans: Mapping[str, Span], tracks: Sequence[Track]
) -> dict[tuple[int, int], list[int]]:
    """Return which links pass a column, by column and by the slot between its boxes.

    Slot 0 lies above the first box, slot 1 between the first and the second, and so on. A link
    takes the slot nearest to the straight line between its ends.
    """
    columns: dict[int, list[Span]] = defaultdict(list)
    for span in spans.values():
        columns[span.column].append(span)
    passing: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, link in enumerate(links):
        source, target = spans.get(link.source), spans.get(link.target)
        if source is None or target is None:
            continue
        for column in range(source.column + 1, target.column):
            y = _straight(source, target, tracks, column)
            slot = sum(span.y < y for span in columns[column])
            passing[column, slot].append(number)
    return passing


def draw_routes(
    links: Sequence[Link],
    spans: Mapping[str, Span],
    tracks: Sequence[Track],
    passing: Mapping[tuple[int, int], Sequence[int]],
    floor: float,
) -> tuple[tuple[Route, ...], float]:
    """Return the way of every link, and how far down they reach.

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
    stops = _stops(links, spans, tracks, passing)
    leaving, entering = _ports(links, spans, stops)
    back = sorted(
        (number for number, link in enumerate(links) if _runs_back(link, spans)),
        key=lambda n: (spans[links[n].source].column - spans[links[n].target].column, n),
    )
    routes = []
    for number, link in enumerate(links):
        source, target = spans[link.source], spans[link.target]
        start, end = leaving[number], entering[number]
        if number in back:
            lane = back.index(number)
            way = _beneath(source, target, start, end, tracks, floor, lane)
        elif source.column == target.column:
            way = _beside(tracks[source.column], start, end)
        else:
            way = _forward(source, target, start, end, tracks, stops[number])
        routes.append(way.with_two_heads() if link.mutual else way)
    lowest = floor + (style.BETWEEN_BOXES + len(back) * style.LANE if back else 0.0)
    return tuple(routes), lowest


def _runs_back(link: Link, spans: Mapping[str, Span]) -> bool:
    return spans[link.target].column < spans[link.source].column


def _straight(source: Span, target: Span, tracks: Sequence[Track], column: int) -> float:
    """Return where the straight line between two boxes passes a column's middle."""
    x = (tracks[column].left + tracks[column].right) / 2
    return source.y + (target.y - source.y) * (x - source.x) / (target.x - source.x)


def _stops(
    links: Sequence[Link],
    spans: Mapping[str, Span],
    tracks: Sequence[Track],
    passing: Mapping[tuple[int, int], Sequence[int]],
) -> dict[int, dict[int, float]]:
    """Return for every link the height at which it passes each column on its way."""
    stops: dict[int, dict[int, float]] = defaultdict(dict)
    boxes = {(span.column, span.place): span for span in spans.values()}
    for (column, slot), numbers in passing.items():
        above, below = boxes.get((column, slot - 1)), boxes.get((column, slot))
        low = above.y + above.height / 2 + style.LANE if above else -math.inf
        high = below.y - below.height / 2 - style.LANE if below else math.inf
        wanted = {
            number: _straight(
                spans[links[number].source], spans[links[number].target], tracks, column
            )
            for number in numbers
        }
        ordered = sorted(numbers, key=lambda number: (wanted[number], number))
        heights = spread(
            [wanted[number] for number in ordered], [style.LANE] * (len(ordered) - 1), low, high
        )
        for number, height in zip(ordered, heights, strict=True):
            stops[number][column] = height
    return stops


def _ports(
    links: Sequence[Link], spans: Mapping[str, Span], stops: Mapping[int, Mapping[int, float]]
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the heights at which links leave and enter their boxes."""
    sides: dict[tuple[str, str], list[tuple[_Rank, int, bool]]] = defaultdict(list)
    for number, link in enumerate(links):
        source, target = spans[link.source], spans[link.target]
        ways = stops.get(number, {})
        beside = source.column == target.column
        if beside:
            first, last = _bow_rank(source, target), _bow_rank(target, source)
        elif _runs_back(link, spans):
            first = last = (_BENEATH, 0.0)
        else:
            first = (_AHEAD, ways.get(source.column + 1, target.y))
            last = (_AHEAD, ways.get(target.column - 1, source.y))
        sides[link.source, "right"].append((first, number, True))
        sides[link.target, "right" if beside else "left"].append((last, number, False))
    leaving: dict[int, float] = {}
    entering: dict[int, float] = {}
    for (node, _), ends in sides.items():
        span = spans[node]
        room = span.height - 2 * style.PADDING
        apart = min(_WIDEST_PORTS, room / max(1, len(ends) - 1))
        for place, (_, number, leaves) in enumerate(sorted(ends)):
            height = span.y + (place - (len(ends) - 1) / 2) * apart
            (leaving if leaves else entering)[number] = height
    return leaving, entering


def _bow_rank(here: Span, there: Span) -> _Rank:
    """Return the rank of a bow to another box of the column: bows lie within each other."""
    distance = there.y - here.y
    return (_UPWARDS, -distance) if distance < 0 else (_DOWNWARDS, -distance)


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
        points += _bend((x, y), (track.left, height))
        points += _line((track.left, height), (track.right, height))
        x, y = track.right, height
    tip = tracks[target.column].left, end
    points += _bend((x, y), (tip[0] - ARROWHEAD, end))
    return Route(tuple(points), tip)


def _beside(track: Track, start: float, end: float) -> Route:
    """Return the way between two boxes of one column, bowed out to its right."""
    bow = track.right + min(0.6 * track.gap, 12 + 0.2 * abs(end - start))
    head = track.right + ARROWHEAD
    points = [(track.right, start), (bow, start), (bow, end), (head, end)]
    return Route(tuple(points), (track.right, end))


def _beneath(
    source: Span,
    target: Span,
    start: float,
    end: float,
    tracks: Sequence[Track],
    floor: float,
    lane: int,
) -> Route:
    """Return the way back to an earlier column, beneath all boxes."""
    leave, enter = tracks[source.column], tracks[target.column]
    aside = min(lane * style.LANE, leave.gap / 2)
    down, up = leave.right + 10 + aside, enter.left - 16 - aside
    level = floor + style.BETWEEN_BOXES + lane * style.LANE
    tip = enter.left, end
    points = _rounded(
        [
            (leave.right, start),
            (down, start),
            (down, level),
            (up, level),
            (up, end),
            (tip[0] - ARROWHEAD, end),
        ]
    )
    return Route(tuple(points), tip)


def _bend(start: Point, end: Point) -> list[Point]:
    half = (start[0] + end[0]) / 2
    return [(half, start[1]), (half, end[1]), end]


def _line(start: Point, end: Point) -> list[Point]:
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
        into, out = _towards(corner, before), _towards(corner, after)
        points += _line(points[-1], into)
        points += [corner, corner, out]
    return [*points, *_line(points[-1], corners[-1])]


def _towards(corner: Point, other: Point) -> Point:
    """Return the point on the way from a corner where its rounding ends."""
    length = math.dist(corner, other)
    share = min(_CORNER, length / 2) / length if length else 0.0
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share
