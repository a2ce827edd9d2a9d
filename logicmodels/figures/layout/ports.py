"""Where arrows meet boxes and where they pass them, before any of them is drawn.

An arrow leaves a box at its right and enters one at its left. One that passes a column does so
between two of its boxes, which leave space for it. Arrows that share a side are spread along it,
in the order of where they come from, so that they do not cross unnecessarily.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from logicmodels.figures import style
from logicmodels.records import Link

_Rank = tuple[int, float]
"""The order of arrows along the side of a box: first by kind, then by height or distance."""
_UPWARDS, _AHEAD, _DOWNWARDS, _BENEATH = range(4)
_WIDEST_PORTS = 11.0
"""Distance between arrows at one side of a box that has space."""


@dataclass(frozen=True)
class Span:
    """A box as used for routing: its column, its place there, its middle and its height."""

    column: int
    place: int
    x: float
    y: float
    height: float
    kind: str


@dataclass(frozen=True)
class Track:
    """A column as used for routing: its edges, and the free gap to its right."""

    left: float
    right: float
    gap: float


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


def runs_back(link: Link, spans: Mapping[str, Span]) -> bool:
    """Return whether a link leads to an earlier column."""
    return spans[link.target].column < spans[link.source].column


def bows_at_left(links: Sequence[Link], spans: Mapping[str, Span]) -> set[int]:
    """Return the links within a column that go round its left side.

    On the right they would cross arrows that leave the boxes they pass, while at the left nothing
    enters any box on their route.
    """
    leaving: set[tuple[int, int]] = set()
    entering: set[tuple[int, int]] = set()
    for link in links:
        source, target = spans[link.source], spans[link.target]
        if source.column != target.column:
            leaving.add((source.column, source.place))
            entering.add((target.column, target.place))
    found = set()
    for number, link in enumerate(links):
        source, target = spans[link.source], spans[link.target]
        first, last = sorted((source.place, target.place))
        passed = {(source.column, place) for place in range(first + 1, last)}
        along = {(source.column, place) for place in range(first, last + 1)}
        if source.column == target.column and passed & leaving and not along & entering:
            found.add(number)
    return found


def _straight(source: Span, target: Span, tracks: Sequence[Track], column: int) -> float:
    """Return where the straight line between two boxes passes a column's middle."""
    x = (tracks[column].left + tracks[column].right) / 2
    return source.y + (target.y - source.y) * (x - source.x) / (target.x - source.x)


def stops(
    links: Sequence[Link],
    spans: Mapping[str, Span],
    tracks: Sequence[Track],
    passing: Mapping[tuple[int, int], Sequence[int]],
) -> dict[int, dict[int, float]]:
    """Return for every link the height at which it passes each column on its route."""
    passed: dict[int, dict[int, float]] = defaultdict(dict)
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
            passed[number][column] = height
    return passed


def ports(
    links: Sequence[Link],
    spans: Mapping[str, Span],
    passed: Mapping[int, Mapping[int, float]],
    at_left: set[int],
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the heights at which links leave and enter their boxes."""
    sides: dict[tuple[str, str], list[tuple[_Rank, int, bool]]] = defaultdict(list)
    for number, link in enumerate(links):
        source, target = spans[link.source], spans[link.target]
        ways = passed.get(number, {})
        beside = source.column == target.column
        if beside:
            first, last = _bow_rank(source, target), _bow_rank(target, source)
        elif runs_back(link, spans):
            first = last = (_BENEATH, 0.0)
        else:
            first = (_AHEAD, ways.get(source.column + 1, target.y))
            last = (_AHEAD, ways.get(target.column - 1, source.y))
        out = "left" if number in at_left else "right"
        sides[link.source, out].append((first, number, True))
        sides[link.target, out if beside else "left"].append((last, number, False))
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
    """Return the rank of a curve to another box of the column: curves are nested."""
    distance = there.y - here.y
    return (_UPWARDS, -distance) if distance < 0 else (_DOWNWARDS, -distance)


def spread(wanted: Sequence[float], apart: Sequence[float], low: float, high: float) -> list[float]:
    """Return places in the given order, each pair kept apart, nearest to those wanted.

    The sum of squared distances to the wanted places is least. After subtracting the distances
    to keep, this is isotonic regression, which pooling of adjacent violators solves exactly.

    Parameters
    ----------
    wanted : sequence of float, shape (n,)
        Where each would be if it were alone.
    apart : sequence of float, shape (n - 1,)
        The least distance between each and the next.
    low, high : float
        Limits. If the places do not all fit between them, the upper one is exceeded.

    Returns
    -------
    list of float, shape (n,)

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0], 0.0, 10.0)
    [4.0, 6.0, 9.0]
    >>> spread([9.0, 9.0], [4.0], 0.0, 10.0)
    [6.0, 10.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    top = max(low, high - offsets[-1])
    free = [min(max(mean, low), top) for mean, size in pools for _ in range(size)]
    return [place + offset for place, offset in zip(free, offsets, strict=True)]
