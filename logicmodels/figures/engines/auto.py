"""The order of boxes with the fewest crossings of arrows, as they are drawn.

Several orders are improved, among them that of Graphviz's ``dot`` for the same columns, and all are
drawn and measured; so the figure never has more crossings than the best of them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from graphviz import Digraph

from logicmodels.figures.layout.body import Arrangement, Heights, authors, draw_body
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.layers import Layers, with_passes
from logicmodels.figures.layout.ways import Item, Kind, ways
from logicmodels.figures.render import LaidOut, laid_out
from logicmodels.figures.scene.geometry import crossings, polyline
from logicmodels.figures.scene.route import Point, Route
from logicmodels.model import Model

_SWEEPS = 6
"""How often every column is put in the order of its neighbours, forth and back."""
_ENOUGH = ((60, 12), (110, 6), (math.inf, 3))
"""How many arrangements are drawn in any case, in figures of fewer boxes than this."""
_MANY = 600
"""From how many boxes and passing arrows on they are moved less often."""
_MOST = 400
"""How many more are drawn if none has as few crossings as ``dot``."""
_POINTS = 72.0


def fewest_crossings(
    model: Model, grid: Grid, order: Sequence[Sequence[str]], heights: Heights
) -> Arrangement:
    """Return the arrangement whose figure has the fewest crossings of arrows.

    Parameters
    ----------
    model : Model
        What to draw.
    grid : Grid
        Its columns.
    order : sequence of sequence of str
        The author's order of boxes in every column, kept if no other has fewer crossings.
    heights : Heights
        What the boxes contain.

    Returns
    -------
    Arrangement
    """
    best = authors(model, order, heights)
    least = _measured(grid, best, heights)
    drawn = dots_layout(model, grid, order, heights)
    enough = crossings([_line(points) for points in drawn.edges.values()])
    starts = [order, [_from_top(boxes, drawn) for boxes in order]]
    wanted = next(tries for boxes, tries in _ENOUGH if len(model.nodes) < boxes)
    for tries, candidate in enumerate(_candidates(model, order, starts, heights), start=1):
        found = _measured(grid, candidate, heights)
        if found < least:
            best, least = candidate, found
        if not least or (tries >= wanted and least <= enough):
            return best
    return _climbed(model, grid, best, heights, least, enough)


def _climbed(
    model: Model, grid: Grid, best: Arrangement, heights: Heights, least: int, enough: int
) -> Arrangement:
    """Return an arrangement improved box by box, as drawn, until it is as good as ``dot``'s.

    What is measured before drawing only estimates what arrows within a column cross.
    """
    tries = 0
    while least > enough:
        start = least
        for candidate in _neighbours(model, best):
            found = _measured(grid, candidate, heights)
            tries += 1
            if found < least:
                best, least = candidate, found
                break
            if tries > _MOST:
                return best
        if least == start:
            return best
    return best


def _neighbours(model: Model, arrangement: Arrangement) -> Iterator[Arrangement]:
    """Yield arrangements in which one arrow runs back another way, or one box has another place."""
    order = arrangement.order
    kinds = {way.number: way.kind for way in arrangement.ways}
    through = {number for number, kind in kinds.items() if kind is Kind.THROUGH}
    for number, kind in kinds.items():
        if kind in (Kind.THROUGH, Kind.BENEATH):
            yield _with_straight_passes(model, order, through ^ {number})
    for column, boxes in enumerate(order):
        for place, box in enumerate(boxes):
            others = [*boxes[:place], *boxes[place + 1 :]]
            for spot in range(len(boxes)):
                if spot != place:
                    moved = [list(one) for one in order]
                    moved[column] = [*others[:spot], box, *others[spot:]]
                    yield _with_straight_passes(model, moved, through)


def _line(points: Sequence[Point]) -> list[Point]:
    return polyline(Route(tuple(points[:-1]), points[-1]))


def _from_top(boxes: Sequence[str], drawn: LaidOut) -> list[str]:
    """Return the boxes of a column in the order in which an engine placed them."""
    return sorted(boxes, key=lambda box: -drawn.nodes[f"n_{box}"][1])


def _with_straight_passes(
    model: Model, order: Sequence[Sequence[str]], through: Collection[int]
) -> Arrangement:
    """Return an order of boxes whose passing arrows have been moved to where they cross least."""
    runs = ways(model.links, order, through)
    rows = {box: float(row) for boxes in order for row, box in enumerate(boxes)}
    layers = Layers(with_passes(order, runs, rows), runs)
    layers.sift()
    return Arrangement(runs, tuple(map(tuple, layers.columns)))


def _measured(grid: Grid, arrangement: Arrangement, heights: Heights) -> int:
    """Return how many crossings a figure has."""
    drawn = draw_body(replace(grid), arrangement, heights)
    return crossings([polyline(route) for route in drawn.routes])


def _candidates(
    model: Model,
    order: Sequence[Sequence[str]],
    starts: Sequence[Sequence[Sequence[str]]],
    heights: Heights,
) -> Iterator[Arrangement]:
    """Yield arrangements from several starts."""
    column = {box: number for number, boxes in enumerate(order) for box in boxes}
    back = [
        number
        for number, link in enumerate(model.links)
        if column[link.source] > column[link.target]
    ]
    first, second = starts
    combined = [(first, ()), (second, back), (second, ()), (first, back)]
    for start, through in combined if back else [(first, ()), (second, ())]:
        yield from _arrangements(model, start, through, heights)


def _arrangements(
    model: Model, start: Sequence[Sequence[str]], through: Collection[int], heights: Heights
) -> Iterator[Arrangement]:
    for columns in _improved(model, start, through):
        boxes = [[item for item in items if isinstance(item, str)] for items in columns]
        yield Arrangement(ways(model.links, boxes, through), tuple(map(tuple, columns)))
        yield authors(model, boxes, heights, through)


def _improved(
    model: Model, order: Sequence[Sequence[str]], through: Collection[int]
) -> Iterator[list[list[Item]]]:
    """Yield orders of a start that has been improved, by sifting alone and after sweeps."""
    runs = ways(model.links, order, through)
    rows = {box: float(row) for boxes in order for row, box in enumerate(boxes)}
    layers = Layers(with_passes(order, runs, rows), runs, free=True)
    start = layers.copy_of()
    size = sum(map(len, start))
    rounds = 1 + (size < _MANY) + 2 * (size < _MANY // 2)
    layers.sift(rounds)
    yield layers.copy_of()
    layers.restore(start)
    best, least = start, layers.crossings()
    for _ in range(_SWEEPS):
        for number in range(1, len(start)):
            layers.sort(number, 0)
        for number in range(len(start) - 2, -1, -1):
            layers.sort(number, 1)
        found = layers.crossings()
        if found < least:
            best, least = layers.copy_of(), found
    layers.restore(best)
    layers.sift(rounds)
    yield layers.copy_of()


def dots_layout(
    model: Model, grid: Grid, order: Sequence[Sequence[str]], heights: Heights
) -> LaidOut:
    """Return how ``dot`` lays out a model in the same columns, with boxes of the same sizes."""
    graph = Digraph(graph_attr={"rankdir": "LR", "newrank": "true"})
    graph.attr("node", shape="box", fixedsize="true", label="")
    graph.attr("edge", arrowsize="0.7")
    for number, boxes in enumerate(order):
        width = f"{grid.thickness(number) / _POINTS:.3f}"
        with graph.subgraph() as rank:
            rank.attr(rank="same")
            rank.node(f"column_{number}", height="0.3", width=width)
            for box in boxes:
                rank.node(f"n_{box}", height=f"{heights.own(box) / _POINTS:.3f}", width=width)
    for number, _ in pairwise(range(len(order))):
        graph.edge(f"column_{number}", f"column_{number + 1}", style="invis", weight="1000")
    column = {box: number for number, boxes in enumerate(order) for box in boxes}
    for number, link in enumerate(model.links):
        back = column[link.source] > column[link.target]
        graph.edge(
            f"n_{link.source}",
            f"n_{link.target}",
            id=f"link_{number}",
            **({"constraint": "false"} if back else {}),
        )
    return laid_out(str(graph.source), "dot")
