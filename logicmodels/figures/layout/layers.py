"""The order of what stands in each column: boxes, and arrows that pass between them.

Two arrows between the same columns cross if their order in one is not that in the other; an
arrow within a column crosses those that pass between its boxes. An order is improved by moving
one thing at a time to where it makes fewest crossings (Matuszewski, Schönfeld & Molitor 1999,
Using sifting for k-layer straightline crossing minimization).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate

from logicmodels.figures.layout.ways import Item, Kind, Way


def with_passes(
    order: Sequence[Sequence[str]], ways: Sequence[Way], middles: Mapping[str, float]
) -> list[list[Item]]:
    """Return the boxes of every column and the arrows that pass, each where it is straightest.

    Parameters
    ----------
    order : sequence of sequence of str
        The boxes of every column.
    ways : sequence of Way
        All arrows.
    middles : mapping of str to float
        The height of the middle of every box.
    """
    passing: dict[int, list[tuple[int, float, int]]] = defaultdict(list)
    heights = [[middles[box] for box in boxes] for boxes in order]
    for way in ways:
        if way.layered:
            for column, _ in way.chain[1:-1]:
                y = height_at(way, middles, column)
                passing[column].append((bisect_left(heights[column], y), y, way.number))
    columns: list[list[Item]] = []
    for column, boxes in enumerate(order):
        items: list[Item] = []
        waiting = sorted(passing[column], reverse=True)
        for place, box in enumerate(boxes):
            while waiting and waiting[-1][0] <= place:
                items.append(waiting.pop()[2])
            items.append(box)
        columns.append([*items, *(number for *_, number in reversed(waiting))])
    return columns


def height_at(way: Way, middles: Mapping[str, float], column: int) -> float:
    """Return where the straight line between the ends of an arrow passes a column."""
    (first, left), *_, (last, right) = way.chain
    start, end = middles[str(left)], middles[str(right)]
    return start + (end - start) * (column - first) / (last - first)


_LOOKED_AT = 8
"""How many of the best places of a thing are compared by what they do to arrows within a column."""


class Layers:
    """The columns of one figure, with everything that stands in them in order.

    Parameters
    ----------
    columns : sequence of sequence of Item
        Boxes and passing arrows, from the top.
    ways : sequence of Way
        All arrows.
    free : bool
        Whether boxes may change their order.
    """

    def __init__(
        self, columns: Sequence[Sequence[Item]], ways: Sequence[Way], *, free: bool = False
    ) -> None:
        self.columns: list[list[Item]] = [list(column) for column in columns]
        self.free = free
        self._spots = [{item: spot for spot, item in enumerate(col)} for col in self.columns]
        self._beside: dict[tuple[int, Item], tuple[list[Item], list[Item]]] = defaultdict(
            lambda: ([], [])
        )
        self._places: dict[Item, tuple[list[int], ...]] = {}
        self._within: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for way in ways:
            if way.layered:
                for (column, here), (_, there) in zip(way.chain, way.chain[1:], strict=False):
                    self._beside[column, here][1].append(there)
                    self._beside[column + 1, there][0].append(here)
            elif way.kind in (Kind.NEXT, Kind.ASIDE):
                self._within[way.columns[0]].append((way.source, way.target))
        self._degrees = {
            (number, item): (
                len(self._beside[number, item][0]),
                len(self._beside[number, item][1]),
                isinstance(item, str),
            )
            for number, column in enumerate(self.columns)
            for item in column
        }

    @property
    def boxes(self) -> list[list[str]]:
        """The boxes alone."""
        return [[item for item in column if isinstance(item, str)] for column in self.columns]

    def crossings(self) -> int:
        """Return how many crossings the order makes."""
        between = sum(self._between(column) for column in range(len(self.columns) - 1))
        return between + sum(map(self._inside, self._within))

    def copy_of(self) -> list[list[Item]]:
        """Return the order as it is now."""
        return [list(column) for column in self.columns]

    def restore(self, columns: Sequence[Sequence[Item]]) -> None:
        """Return to an earlier order."""
        for number, column in enumerate(columns):
            self._put(number, list(column))

    def sort(self, column: int, side: int) -> None:
        """Order a column by the middles of what its things are joined to at one side."""
        spots = self._spots[column + (1 if side else -1)]

        def middle(item: Item) -> float:
            beside = sorted(spots[other] for other in self._beside[column, item][side])
            if not beside:
                return float("nan")
            half = len(beside) // 2
            return beside[half] if len(beside) % 2 else (beside[half - 1] + beside[half]) / 2

        wanted = {item: middle(item) for item in self.columns[column]}
        known = sorted(
            (item for item in self.columns[column] if wanted[item] == wanted[item]),
            key=lambda item: (wanted[item], self._spots[column][item]),
        )
        ordered = iter(known)
        # What is joined to nothing at that side stays in its place.
        moved = [
            next(ordered) if wanted[item] == wanted[item] else item for item in self.columns[column]
        ]
        self._put(column, moved)

    def sift(self, rounds: int = 4) -> None:
        """Move every thing that may move to where it makes fewest crossings."""
        for _ in range(rounds):
            gained = 0
            for column, items in enumerate(self.columns):
                self._look(column)
                for item in list(items):
                    if self.free or isinstance(item, int):
                        gained += self._sift(column, item)
            if not gained:
                break

    def settle(self) -> None:
        """Swap arrows that pass beside each other wherever they then cross less often."""
        for _ in range(len(self.columns)):
            swapped = False
            for column, items in enumerate(self.columns):
                self._look(column)
                for spot in range(len(items) - 1):
                    above, below = items[spot], items[spot + 1]
                    if isinstance(above, int) and isinstance(below, int):
                        now = self._cross(above, below)
                        if self._cross(below, above) < now:
                            items[spot], items[spot + 1] = below, above
                            self._put(column, items)
                            swapped = True
            if not swapped:
                return

    def _sift(self, column: int, item: Item) -> int:
        """Move one thing; return by how many crossings there are fewer."""
        items = self.columns[column]
        start = self._spots[column][item]
        changes = [(0, 0, start)]
        for step, stop in ((1, len(items)), (-1, -1)):
            change = 0
            for spot in range(start + step, stop, step):
                other = items[spot]
                above, below = (item, other) if step > 0 else (other, item)
                change += self._cross(below, above) - self._cross(above, below)
                changes.append((change, abs(spot - start), spot))
        if self._within.get(column):
            now = self._inside(column)
            changes = [
                (change + self._inside_if(column, start, spot) - now, far, spot)
                for change, far, spot in sorted(changes)[:_LOOKED_AT]
            ]
        best, _, where = min(changes)
        if best >= 0:
            return 0
        moved = list(items)
        moved.insert(where, moved.pop(start))
        self._put(column, moved)
        return -best

    def _put(self, column: int, items: list[Item]) -> None:
        self.columns[column] = items
        self._spots[column] = {item: spot for spot, item in enumerate(items)}

    def _look(self, column: int) -> None:
        """Note where everything that the things of a column are joined to stands."""
        self._places = {
            item: tuple(
                sorted(self._spots[column + shift][other] for other in beside)
                for beside, shift in zip(self._beside[column, item], (-1, 1), strict=True)
            )
            for item in self.columns[column]
        }

    def _cross(self, above: Item, below: Item) -> int:
        """Return the crossings between the arrows of two things of the column looked at."""
        found = 0
        for upper, lower in zip(self._places[above], self._places[below], strict=True):
            if len(upper) == 1 == len(lower):
                found += upper[0] > lower[0]
            elif upper and lower and upper[-1] > lower[0]:
                count = len(upper)
                found += sum(count - bisect_left(upper, place + 1) for place in lower)
        return found

    def _between(self, column: int) -> int:
        """Return the crossings between a column and the next."""
        spots = self._spots[column + 1]
        ends: list[int] = []
        found = 0
        for item in self.columns[column]:
            beside = sorted(spots[other] for other in self._beside[column, item][1])
            found += sum(len(ends) - bisect_left(ends, end + 1) for end in beside)
            for end in beside:
                ends.insert(bisect_left(ends, end), end)
        return found

    def _inside_if(self, column: int, start: int, spot: int) -> int:
        moved = list(self.columns[column])
        moved.insert(spot, moved.pop(start))
        return self._inside(column, moved)

    def _inside(self, column: int, items: Sequence[Item] | None = None) -> int:
        """Return about how many crossings the arrows within a column make."""
        items = self.columns[column] if items is None else items
        spots = {item: spot for spot, item in enumerate(items)}
        degrees = [self._degrees[column, item] for item in items]
        lefts, rights, boxes = (
            [0, *accumulate(degree[which] for degree in degrees)] for which in range(3)
        )
        found = 0
        for source, target in self._within[column]:
            first, last = spots[source], spots[target]
            if first > last:
                first, last = last, first
            if boxes[last] > boxes[first + 1]:
                found += min(lefts[last] - lefts[first + 1], rights[last] - rights[first + 1])
            else:
                found += last - first - 1
        return found
