"""The boxes of a figure and the arrows between them, without what is around.

First everything is decided that does not depend on sizes: how each arrow runs, what passes between
which boxes, where arrows meet their boxes. From this follow the heights of boxes and the space
between them, from their places the lanes beside columns, and from these the distances of columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from logicmodels.figures import style
from logicmodels.figures.layout.arrows import Spots, draw_routes
from logicmodels.figures.layout.badges import badge_width
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.lanes import lanes
from logicmodels.figures.layout.layers import Layers, height_at, with_passes
from logicmodels.figures.layout.sides import Sides, sides
from logicmodels.figures.layout.stacking import spread, stacked
from logicmodels.figures.layout.ways import Item, Kind, Way, ways
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.parts import Line, Placed, height_of
from logicmodels.figures.scene.route import Route
from logicmodels.model import Model

_NEXT = 24.0
"""Between neighbours that an arrow joins: a head, and enough of a line to see its dashes."""
_HEAD_AT_BOTH_ENDS = 10.0
"""What such an arrow needs in addition if it has two heads."""
_BADGE = 14.0
"""What it needs in addition if it carries a badge."""
_PASS = 11.0
"""Between such an arrow's box and what passes there: more than its head."""
_BESIDE_BADGE = 3.0
"""Between a badge and the next arrow."""
_HEAD = 5.0
"""How broad the head of a thin arrow is; with its line's width on both sides."""


@dataclass(frozen=True)
class Arrangement:
    """What a figure's columns contain, in order, and how its arrows run."""

    ways: tuple[Way, ...]
    columns: tuple[tuple[Item, ...], ...]

    @property
    def order(self) -> list[list[str]]:
        """The boxes of every column."""
        return [[item for item in column if isinstance(item, str)] for column in self.columns]


@dataclass(frozen=True)
class Body:
    """Boxes and arrows, in points from the top left of the first column's highest place."""

    boxes: dict[str, Placed]
    routes: tuple[Route, ...]
    bottom: float


def authors(
    model: Model, order: Sequence[Sequence[str]], heights: Heights, through: Collection[int] = ()
) -> Arrangement:
    """Return the arrangement in an order of boxes: arrows pass where they are straightest."""
    runs = ways(model.links, order, through)
    rows = {box: float(row) for boxes in order for row, box in enumerate(boxes)}
    columns = with_passes(order, runs, rows)
    for _ in range(2):
        middles = _middles(model, Arrangement(runs, _frozen(columns)), heights)
        layers = Layers(with_passes(order, runs, middles), runs)
        layers.settle()
        columns = layers.columns
    return Arrangement(runs, _frozen(columns))


def _frozen(columns: Sequence[Sequence[Item]]) -> tuple[tuple[Item, ...], ...]:
    return tuple(map(tuple, columns))


@dataclass(frozen=True)
class Heights:
    """How high boxes and the spaces between them have to be.

    Attributes
    ----------
    text : mapping of str to sequence of Line
        What every box says.
    apart : float
        Between two arrows at one side of a box.
    badges : collection of int
        The arrows that carry badges.
    lane : float
        Between arrows that run side by side up and down: half a badge, where they carry any.
    across : float
        The extent of every box, where it does not depend on its text, since columns run across
        the page; otherwise 0.
    above, below : mapping of str to float
        What the frame of a group needs before its first box and after its last.
    """

    text: Mapping[str, Sequence[Line]]
    apart: float
    badges: Collection[int] = ()
    lane: float = style.LANE
    across: float = 0.0
    above: Mapping[str, float] = field(default_factory=dict)
    below: Mapping[str, float] = field(default_factory=dict)

    def own(self, box: str) -> float:
        """Return the extent that the text of a box needs."""
        return self.across or height_of(self.text[box])

    @classmethod
    def of(cls, text: Mapping[str, Sequence[Line]], overlay: Overlay) -> Heights:
        """Return the heights of a figure with an overlay."""
        widest = max((mark.width for mark in overlay.links.values()), default=style.ARROW_WIDTH)
        carried = frozenset(number for number, mark in overlay.links.items() if mark.text)
        marks = [mark.text for mark in overlay.links.values() if mark.text]
        half = max((badge_width(mark) for mark in marks), default=0.0) / 2 + _BESIDE_BADGE
        apart = max(style.PORTS_APART, _HEAD + 1.6 * widest)
        return cls(text, apart, carried, max(style.LANE, half if marks else 0.0))

    def boxes(self, met: Sides, order: Sequence[Sequence[str]]) -> dict[str, float]:
        """Return the height of every box, which grows with the arrows that meet it."""
        heights = {
            box: max(self.own(box), 2 * style.PADDING + (met.busiest(box) - 1) * self.apart)
            for box in self.text
        }
        if all(len(column) == 1 for column in order):
            return dict.fromkeys(heights, max(heights.values(), default=0.0))
        return heights


def _spaces(
    arrangement: Arrangement, heights: Heights
) -> tuple[dict[tuple[int, int], list[int]], dict[tuple[int, int], float]]:
    """Return what passes above each box, and how far it is from the one above.

    Both by column and place; the place after the last is beneath the column.
    """
    passing: dict[tuple[int, int], list[int]] = defaultdict(list)
    for column, items in enumerate(arrangement.columns):
        place = 0
        for item in items:
            if isinstance(item, int):
                passing[column, place].append(item)
            else:
                place += 1
    joined: dict[tuple[int, int], float] = defaultdict(float)
    for way in arrangement.ways:
        if way.kind is Kind.NEXT:
            needed = _NEXT + _HEAD_AT_BOTH_ENDS * way.mutual
            needed += _BADGE * (way.number in heights.badges)
            key = way.columns[0], max(way.rows)
            joined[key] = max(joined[key], needed)
    return passing, joined


def _middles(model: Model, arrangement: Arrangement, heights: Heights) -> dict[str, float]:
    """Return the middle of every box."""
    met = sides(arrangement.ways, _layers(arrangement))
    tall = heights.boxes(met, arrangement.order)
    passing, joined = _spaces(arrangement, heights)
    ends = [len(boxes) for boxes in arrangement.order]

    def room(column: int, place: int) -> float:
        needed = style.LANE * len(passing.get((column, place), ()))
        boxes = arrangement.order[column]
        if place:
            needed += heights.below.get(boxes[place - 1], 0.0)
        if place < ends[column]:
            needed += heights.above.get(boxes[place], 0.0)
        if place in (0, ends[column]):
            return needed
        return max(style.BETWEEN_BOXES, joined.get((column, place), 0.0)) + needed

    beside = defaultdict(list)
    for link in model.links:
        if not link.feedback:
            beside[link.source].append(link.target)
            beside[link.target].append(link.source)
    return stacked(arrangement.order, tall, beside, room)


def _layers(arrangement: Arrangement) -> Layers:
    return Layers(arrangement.columns, arrangement.ways)


def draw_body(grid: Grid, arrangement: Arrangement, heights: Heights) -> Body:
    """Place the boxes, then the arrows; the columns move apart where arrows need lanes."""
    order, runs = arrangement.order, arrangement.ways
    met = sides(runs, _layers(arrangement))
    tall = heights.boxes(met, order)
    middles = _middles(grid.model, arrangement, heights)
    ports = met.heights({box: (middles[box], tall[box]) for box in middles})
    beside = lanes(runs, met, ports, heights.lane)
    grid.gaps = [
        max(gap, needed) for gap, needed in zip(grid.gaps, beside.needed(len(order)), strict=True)
    ]
    boxes = {
        box: Placed(
            box,
            tuple(heights.text[box]),
            grid.middle(number),
            middles[box],
            grid.thickness(number),
            tall[box],
            column.kind,
        )
        for number, column in enumerate(grid.columns)
        for box in order[number]
    }
    floor = max((box.y + box.height / 2 for box in boxes.values()), default=0.0)
    spots = Spots(
        boxes, [grid.track(number) for number in range(len(order))], ports, met, beside, floor
    )
    routes, bottom = draw_routes(runs, spots, _stops(arrangement, heights, boxes))
    return Body(boxes, routes, bottom)


def _stops(
    arrangement: Arrangement, heights: Heights, boxes: Mapping[str, Placed]
) -> dict[tuple[int, int], float]:
    """Return the height at which each arrow passes each column on its route."""
    passing, joined = _spaces(arrangement, heights)
    middles = {name: box.y for name, box in boxes.items()}
    order = arrangement.order
    found: dict[tuple[int, int], float] = {}
    for (column, place), numbers in passing.items():
        margin = _PASS if (column, place) in joined else style.LANE
        low, high = -float("inf"), float("inf")
        if place:
            above = boxes[order[column][place - 1]]
            low = above.y + above.height / 2 + margin + heights.below.get(above.name, 0.0)
        if place < len(order[column]):
            below = boxes[order[column][place]]
            high = below.y - below.height / 2 - margin - heights.above.get(below.name, 0.0)
        wanted = [height_at(arrangement.ways[number], middles, column) for number in numbers]
        levels = spread(wanted, [style.LANE] * (len(numbers) - 1), low, high)
        found |= {(number, column): y for number, y in zip(numbers, levels, strict=True)}
    return found
