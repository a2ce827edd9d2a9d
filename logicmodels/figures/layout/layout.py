"""Where everything in a figure is placed: columns of equal boxes in the author's order.

Coordinates are points from the top left corner of the first column, y downwards. Nothing is
drawn here; `dot` writes the places as text, and other formats can use the same ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from arrowroot.errors import RenderError
from logicmodels.figures import style
from logicmodels.figures.layout.arrows import draw_routes
from logicmodels.figures.layout.badges import placed_badges
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.ports import Span, crossings, placed, spread
from logicmodels.figures.layout.surroundings import (
    beneath,
    column_headings,
    context_boxes,
    footer_lines,
    group_headings,
    title_part,
)
from logicmodels.figures.overlays import NOTHING, Overlay
from logicmodels.figures.parts import Line, Placed, box_lines, height_of
from logicmodels.figures.route import Route
from logicmodels.model import Model
from logicmodels.profiles.profile import Column


@dataclass(frozen=True)
class Layout:
    """A figure's parts, each in its place."""

    columns: tuple[Column, ...]
    headings: tuple[Placed, ...]
    groups: tuple[Placed, ...]
    boxes: Mapping[str, Placed]
    context: tuple[Placed, ...]
    routes: tuple[Route, ...]
    badges: Mapping[int, Placed]
    box_badges: Mapping[str, Placed]
    texts: tuple[Placed, ...]
    """Title, notes and footer, if there are any."""


def layout(model: Model, *, title: bool = True, overlay: Overlay = NOTHING) -> Layout:
    """Return where everything in a model's figure is placed.

    Parameters
    ----------
    model : Model
        What to draw.
    title : bool
        Whether the title is shown above the columns.
    overlay : Overlay
        Badges on arrows and boxes, with the notes they refer to.

    Returns
    -------
    Layout
        All boxes of a column have the same width; boxes keep the author's order and are as near
        as possible to those they are linked with; no arrow crosses a box.

    Raises
    ------
    RenderError
        If a link, made in Python, ends at a box that does not exist or at context.
    """
    columns = tuple(column for column in model.profile.flow if model.column(column.id))
    grid = Grid(
        model,
        columns,
        style.BADGE_GAP if overlay.links else style.NARROWEST_GAP,
        style.FIGURE_WIDTH / overlay.zoom,
    )
    text = {
        node.id: box_lines(node, grid.box_width, overlay.details.get(node.id, ()))
        for column in columns
        for node in model.column(column.id)
    }
    for link in model.links:
        if not {link.source, link.target} <= text.keys():
            ends = f"{link.source} -> {link.target}"
            raise RenderError(
                f"link {ends} ends where no column shows a box; `check` gives details"
            )
    top = 0.0
    heading = title_part(model, grid.width) if title else None
    if heading:
        top = heading.height + style.BETWEEN_BOXES
    groups, top = group_headings(grid, top)
    headings, top = column_headings(grid, top)
    spans, routes, bottom = _body(grid, text, top + style.BETWEEN_BOXES)
    boxes = {
        node: Placed(node, text[node], span.x, span.y, grid.box_width, span.height, span.kind)
        for node, span in spans.items()
    }
    context, bottom = context_boxes(grid, bottom + 1.5 * style.BETWEEN_BOXES)
    texts = [heading] if heading else []
    lines = overlay.note_lines(style.CAPTION_SHARE * grid.width)
    if lines:
        notes = beneath("notes", lines, grid.width, bottom)
        bottom = notes.y + notes.height / 2
        texts.append(notes)
    footer = footer_lines(model, grid.width)
    if footer:
        texts.append(beneath("footer", footer, grid.width, bottom))
    if model.profile.towards == "left":
        flip = grid.width
        groups, headings = (
            tuple(part.mirrored(flip) for part in row) for row in (groups, headings)
        )
        boxes = {name: box.mirrored(flip) for name, box in boxes.items()}
        routes = tuple(route.mirrored(flip) for route in routes)
    return Layout(
        columns,
        headings,
        groups,
        boxes,
        context,
        routes,
        *placed_badges(overlay, routes, boxes),
        tuple(texts),
    )


def _body(
    grid: Grid, text: Mapping[str, tuple[Line, ...]], top: float
) -> tuple[dict[str, Span], tuple[Route, ...], float]:
    """Place the boxes, then the arrows; boxes leave space for arrows that pass their column."""
    model = grid.model
    order = [[node.id for node in model.column(column.id)] for column in grid.columns]
    ports = _most_arrows(model)
    heights = {
        node: max(height_of(lines), 2 * style.PADDING + ports[node] * style.PORTS_APART)
        for node, lines in text.items()
    }
    if all(len(column) == 1 for column in order):
        tallest = max(heights.values(), default=0.0)
        heights = dict.fromkeys(heights, tallest)
    room: Mapping[tuple[int, int], int] = {}
    tracks = [grid.track(number) for number in range(len(order))]
    for _ in range(2):
        middles = _stacked(order, heights, _neighbours(model), room)
        spans = {
            node: Span(
                number, place, grid.middle(number), middles[node], heights[node], column.kind
            )
            for number, column in enumerate(grid.columns)
            for place, node in enumerate(order[number])
        }
        passing = crossings(model.links, spans, tracks)
        room = {slot: len(links) for slot, links in passing.items()}
    spans = {node: placed(span, top) for node, span in spans.items()}
    floor = max((span.y + span.height / 2 for span in spans.values()), default=top)
    routes, bottom = draw_routes(model.links, spans, tracks, passing, floor)
    return spans, routes, bottom


def _most_arrows(model: Model) -> Counter[str]:
    """Return for every box the gaps between the arrows at its busier side."""
    leaving = Counter(link.source for link in model.links)
    entering = Counter(link.target for link in model.links)
    return (leaving | entering) - Counter(set(leaving) | set(entering))


def _neighbours(model: Model) -> Mapping[str, list[str]]:
    beside = defaultdict(list)
    for link in model.links:
        if not link.feedback:
            beside[link.source].append(link.target)
            beside[link.target].append(link.source)
    return beside


def _stacked(
    order: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    beside: Mapping[str, Sequence[str]],
    room: Mapping[tuple[int, int], int],
) -> dict[str, float]:
    """Return the middle of every box: the fullest column first, then the others outwards."""

    def lanes(column: int, slot: int) -> float:
        return style.LANE * room.get((column, slot), 0)

    apart = [
        [
            (heights[a] + heights[b]) / 2 + style.BETWEEN_BOXES + lanes(number, slot)
            for slot, (a, b) in enumerate(pairwise(nodes), start=1)
        ]
        for number, nodes in enumerate(order)
    ]
    needed = [
        lanes(number, 0)
        + heights[nodes[0]] / 2
        + sum(apart[number])
        + heights[nodes[-1]] / 2
        + lanes(number, len(nodes))
        for number, nodes in enumerate(order)
    ]
    if not needed:
        return {}
    total = max(needed)
    fullest = needed.index(total)
    middles: dict[str, float] = {}
    for number in [*range(fullest, len(order)), *range(fullest - 1, -1, -1)]:
        nodes = order[number]
        wanted = []
        for place, node in enumerate(nodes):
            known = [middles[other] for other in beside.get(node, ()) if other in middles]
            even = total * (place + 0.5) / len(nodes)
            wanted.append(sum(known) / len(known) if known else even)
        low = lanes(number, 0) + heights[nodes[0]] / 2
        high = total - heights[nodes[-1]] / 2 - lanes(number, len(nodes))
        middles |= zip(nodes, spread(wanted, apart[number], low, high), strict=True)
    return middles
