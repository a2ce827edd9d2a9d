"""At which side of its boxes every arrow leaves and enters, and in which order there.

An arrow leaves a box at its right and enters one at its left. Neighbours in a column are joined
bottom to top; other boxes of a column are joined beside those between, at the side where fewer
arrows are in the way. Arrows at one side are in the order of where they go, so that they do not
cross unnecessarily.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logicmodels.figures import style
from logicmodels.figures.layout.layers import Layers
from logicmodels.figures.layout.ways import Item, Kind, Way

_Rank = tuple[int, float]
"""The order of arrows along the side of a box: first by kind, then by where they go."""
_UPWARDS, _AHEAD, _DOWNWARDS = range(3)
_DEEP = 1000
"""More than the rows of any column: what runs beneath all boxes goes down farthest."""
_WIDEST_PORTS = 11.0
"""Distance between arrows at one side of a box that has space."""
_NEXT_APART = 16.0
"""Distance between arrows that join two neighbours."""

LEFT, RIGHT, TOP, BOTTOM = "left", "right", "top", "bottom"
Port = tuple[int, bool]
"""An arrow, by its number, and whether it leaves there."""


@dataclass(frozen=True)
class Sides:
    """Where arrows meet their boxes.

    Attributes
    ----------
    at_left : frozenset of int
        The arrows within a column that run at its left side.
    levels : mapping of int to int
        How deep each arrow runs that runs beneath all boxes, from 0.
    ports : mapping of (box, side) to sequence of Port
        In order, from the top or from the left.
    """

    at_left: frozenset[int]
    levels: Mapping[int, int]
    ports: Mapping[tuple[str, str], Sequence[Port]]

    def busiest(self, box: str) -> int:
        """Return how many arrows meet a box at its busier side, left or right."""
        return max(len(self.ports.get((box, side), ())) for side in (LEFT, RIGHT))

    def heights(self, spans: Mapping[str, tuple[float, float]]) -> dict[tuple[int, bool], float]:
        """Return the height of every port at the left and right of boxes.

        Parameters
        ----------
        spans : mapping of str to (float, float)
            The middle and the height of every box.
        """
        found = {}
        for (box, side), ports in self.ports.items():
            if side in (LEFT, RIGHT):
                middle, height = spans[box]
                room = height - 2 * style.PADDING
                apart = min(_WIDEST_PORTS, room / max(1, len(ports) - 1))
                for place, port in enumerate(ports):
                    found[port] = middle + (place - (len(ports) - 1) / 2) * apart
        return found

    def asides(self) -> dict[int, float]:
        """Return how far from the middle of its boxes every arrow between neighbours runs."""
        found = {}
        for (_, side), ports in self.ports.items():
            if side == BOTTOM:
                for place, (number, _) in enumerate(ports):
                    found[number] = (place - (len(ports) - 1) / 2) * _NEXT_APART
        return found


def sides(ways: Sequence[Way], layers: Layers) -> Sides:
    """Return where every arrow meets its boxes."""
    at_left = _at_left(ways)
    levels = _levels(ways)
    spots = [{item: spot for spot, item in enumerate(column)} for column in layers.columns]
    ranked: dict[tuple[str, str], list[tuple[_Rank, int, bool]]] = defaultdict(list)
    for way in ways:
        for box, side, rank, leaves in _ends(way, at_left, levels, spots):
            ranked[box, side].append((rank, way.number, leaves))
    ports = {
        key: tuple((number, leaves) for _, number, leaves in sorted(ends))
        for key, ends in ranked.items()
    }
    return Sides(at_left, levels, ports)


def _ends(
    way: Way,
    at_left: frozenset[int],
    levels: Mapping[int, int],
    spots: Sequence[Mapping[Item, int]],
) -> list[tuple[str, str, _Rank, bool]]:
    """Return box, side and rank of both ends of an arrow, and whether it leaves there."""
    if way.layered:
        chain = way.chain
        (_, left), (after, second) = chain[0], chain[1]
        (before, last_but_one), (_, right) = chain[-2], chain[-1]
        ahead = way.kind is Kind.AHEAD
        return [
            (str(left), RIGHT, (_AHEAD, spots[after][second]), ahead),
            (str(right), LEFT, (_AHEAD, spots[before][last_but_one]), not ahead),
        ]
    if way.kind is Kind.BENEATH:
        rank = (_DOWNWARDS, -_DEEP - levels[way.number])
        return [(way.source, RIGHT, rank, True), (way.target, LEFT, rank, False)]
    if way.kind is Kind.LOOP:
        return [
            (way.source, RIGHT, (_UPWARDS, -2), True),
            (way.source, RIGHT, (_UPWARDS, -1), False),
        ]
    down = way.rows[1] > way.rows[0]
    if way.kind is Kind.NEXT:
        leave, enter = (BOTTOM, TOP) if down else (TOP, BOTTOM)
        return [(way.source, leave, (0, 0), True), (way.target, enter, (0, 0), False)]
    side = LEFT if way.number in at_left else RIGHT
    far = abs(way.rows[1] - way.rows[0])
    downwards, upwards = (_DOWNWARDS, -far), (_UPWARDS, far)
    return [
        (way.source, side, downwards if down else upwards, True),
        (way.target, side, upwards if down else downwards, False),
    ]


def _levels(ways: Sequence[Way]) -> dict[int, int]:
    """Return how deep arrows run beneath the boxes: the shorter above the longer.

    Those that have no column in common run at one level.
    """
    levels: dict[int, int] = {}
    beneath = [way for way in ways if way.kind is Kind.BENEATH]
    placed: list[Way] = []
    for way in sorted(beneath, key=lambda way: (way.columns[0] - way.columns[1], way.number)):
        above = [levels[other.number] for other in placed if _share_columns(way, other)]
        levels[way.number] = max(above, default=-1) + 1
        placed.append(way)
    return levels


def _share_columns(one: Way, other: Way) -> bool:
    return one.columns[1] <= other.columns[0] + 1 and other.columns[1] <= one.columns[0] + 1


def _at_left(ways: Sequence[Way]) -> frozenset[int]:
    """Return the arrows within a column that run at its left.

    They do where fewer arrows leave and enter the boxes that they pass, and where they cross fewer
    of the arrows that run there already; else at the right.
    """
    met: Counter[tuple[int, int, str]] = Counter()
    for way in ways:
        if way.kind in (Kind.AHEAD, Kind.BENEATH, Kind.THROUGH):
            out, into = (RIGHT, LEFT) if way.kind is not Kind.THROUGH else (LEFT, RIGHT)
            met[way.columns[0], way.rows[0], out] += 1
            met[way.columns[1], way.rows[1], into] += 1
    chosen: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    left = set()
    aside = [way for way in ways if way.kind is Kind.ASIDE]
    for way in sorted(aside, key=lambda way: (abs(way.rows[0] - way.rows[1]), way.number)):
        column, (first, last) = way.columns[0], sorted(way.rows)

        def cost(
            side: str, column: int = column, first: int = first, last: int = last
        ) -> tuple[int, int]:
            others = chosen[column, side]
            crossed = sum(met[column, row, side] for row in range(first + 1, last))
            crossed += sum(first < a < last < b or a < first < b < last for a, b in others)
            # Lanes beside each other take room, even if they do not cross.
            return crossed, sum(a < last and first < b for a, b in others)

        side = LEFT if cost(LEFT) < cost(RIGHT) else RIGHT
        chosen[column, side].append((first, last))
        if side == LEFT:
            left.add(way.number)
    return frozenset(left)
