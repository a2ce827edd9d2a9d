"""A causal loop map: boxes wherever their arrows put them, laid out by Graphviz's own engines.

Each engine is tried in several ways, and what it draws is measured. The figure is the one in which
fewest arrows run through boxes and fewest heads touch, then with fewest crossings, then with the
shortest arrows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from graphviz import Digraph

from logicmodels.figures.layout.layout import BOX_WIDTH, NARROW_BOX, Map
from logicmodels.figures.parts import Line, Placed, height_of
from logicmodels.figures.render import LaidOut, laid_out
from logicmodels.figures.scene.geometry import (
    boxes_crossed,
    crossings,
    heads_touching,
    length,
    polyline,
)
from logicmodels.figures.scene.route import Point, Route
from logicmodels.model import Model

_POINTS = 72.0
_CLEAR = 16.0
"""Between boxes, at least: room for a head and a sign."""
_SEEDS = (1, 2, 3, 4, 5, 6)
"""Starts of the engines that improve a layout from a random one; the same for the same model."""
_TIGHT: tuple[tuple[str, dict[str, str]], ...] = (
    ("dot", {"rankdir": "LR", "nodesep": "0.2", "ranksep": "0.45"}),
    ("dot", {"rankdir": "TB", "nodesep": "0.25", "ranksep": "0.4"}),
    *(("neato", {"start": str(seed), "mode": "major", "len": "1.5"}) for seed in _SEEDS),
    *(("fdp", {"start": str(seed), "K": "1.1"}) for seed in _SEEDS[:3]),
)
"""Further ways, for maps that have to fit a sheet."""
_LARGE = 80
"""From how many boxes on fewer ways are tried."""
_WIDEST = 1.9
"""How much wider than high a map may be before that counts against it."""


def draw_map(
    model: Model,
    text: Mapping[str, Sequence[Line]],
    sheet: tuple[float, float] | None = None,
) -> Map:
    """Place the boxes and arrows of a causal loop map.

    Parameters
    ----------
    model : Model
        What to draw.
    text : mapping of str to sequence of Line
        What every box says.
    sheet : (float, float), optional
        The width and height that the map should fit into.

    Returns
    -------
    Map
        The clearest of several layouts, or of those that fit if any does.
    """
    broad = NARROW_BOX if sheet else BOX_WIDTH
    sizes = {name: (broad, height_of(lines)) for name, lines in text.items()}
    drawn = [
        _from_top_left(model, text, sizes, laid_out(_graph(model, sizes, more), program))
        for program, more in (*_ways(len(model.nodes)), *(_TIGHT if sheet else ()))
    ]
    if sheet is None:
        return min(drawn, key=_clarity)

    def clarity(one: Map) -> tuple[float, ...]:
        through, touching, *others = _clarity(one)
        over = max(one.width / sheet[0], one.bottom / sheet[1], 1.0)
        return through, touching, over, *others

    return min(drawn, key=clarity)


def _ways(boxes: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield engines, with the settings that each is tried with."""
    few = boxes > _LARGE
    yield "dot", {"rankdir": "LR", "nodesep": "0.35", "ranksep": "0.7"}
    yield "dot", {"rankdir": "TB", "nodesep": "0.45", "ranksep": "0.6"}
    for seed in _SEEDS[: 1 if few else None]:
        yield "neato", {"start": str(seed), "mode": "major", "len": "2.2"}
        yield "fdp", {"start": str(seed), "K": "1.6"}


def _graph(model: Model, sizes: Mapping[str, tuple[float, float]], more: dict[str, str]) -> str:
    settings = dict(more)
    far = settings.pop("len", "")
    graph = Digraph(
        graph_attr={"splines": "true", "overlap": "false", "sep": f"+{_CLEAR:g}", **settings}
    )
    graph.attr("node", shape="box", fixedsize="true", label="")
    graph.attr("edge", arrowsize="0.7", **({"len": far} if far else {}))
    for name, (width, height) in sizes.items():
        graph.node(f"n_{name}", width=f"{width / _POINTS:.4f}", height=f"{height / _POINTS:.4f}")
    for number, link in enumerate(model.links):
        graph.edge(f"n_{link.source}", f"n_{link.target}", id=f"link_{number}")
    return str(graph.source)


def _from_top_left(
    model: Model,
    text: Mapping[str, Sequence[Line]],
    sizes: Mapping[str, tuple[float, float]],
    drawn: LaidOut,
) -> Map:
    """Return a layout moved to the top left, its y downwards."""
    kind = model.profile.columns[0].kind
    points = [point for edge in drawn.edges.values() for point in edge]
    for name, (width, height) in sizes.items():
        x, y = drawn.nodes[f"n_{name}"]
        points += [(x - width / 2, y - height / 2), (x + width / 2, y + height / 2)]
    left, high = min(x for x, _ in points), max(y for _, y in points)

    def moved(point: Point) -> Point:
        return round(point[0] - left, 2), round(high - point[1], 2)

    boxes = {
        name: Placed(name, tuple(text[name]), *moved(drawn.nodes[f"n_{name}"]), *size, kind)
        for name, size in sizes.items()
    }
    routes = tuple(
        _route([moved(point) for point in drawn.edges[f"link_{number}"]])
        for number in range(len(model.links))
    )
    return Map(boxes, routes, max(x for x, _ in points) - left, high - min(y for _, y in points))


def _route(points: Sequence[Point]) -> Route:
    """Return an engine's edge as a route whose head is as long as elsewhere."""
    *curve, tip = points
    return Route(tuple(curve), tip)


def _clarity(drawn: Map) -> tuple[float, ...]:
    """Return what is wrong with a layout, the worst first."""
    lines = [polyline(route) for route in drawn.routes]
    through = sum(len(boxes_crossed(line, drawn.boxes.values(), 1.0)) for line in lines)
    shape = max(drawn.width / max(drawn.bottom, 1.0) / _WIDEST, 1.0)
    return (
        through,
        heads_touching(drawn.routes),
        crossings(lines),
        length(lines) * shape + math.sqrt(drawn.width * drawn.bottom),
    )
