"""Where everything in a figure is placed: columns of equal boxes in the author's order.

Coordinates are points from the top left corner of the first column, y downwards. Nothing is
drawn here; `dot` writes the places as text, and other formats can use the same ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from arrowroot.errors import RenderError
from logicmodels.figures import style
from logicmodels.figures.engines.free import BOX_WIDTH, draw_map
from logicmodels.figures.layout.badges import Surroundings, placed_badges
from logicmodels.figures.layout.body import Heights, authors, draw_body
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.signs import placed_signs
from logicmodels.figures.layout.surroundings import (
    beneath,
    column_headings,
    context_boxes,
    footer_lines,
    group_headings,
    title_part,
)
from logicmodels.figures.overlays import NOTHING, Overlay
from logicmodels.figures.parts import Placed, box_lines
from logicmodels.figures.scene.route import Route
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
    signs: Mapping[int, tuple[Placed, ...]] = field(default_factory=dict)
    """Polarities and delays, by the place of the arrow in the model."""


NARROWEST_MAP = 420.0
"""The least width of title and notes of a causal loop map."""
ORDERS = ("author", "auto")


def layout(
    model: Model, *, title: bool = True, overlay: Overlay = NOTHING, order: str = "author"
) -> Layout:
    """Return where everything in a model's figure is placed.

    Parameters
    ----------
    model : Model
        What to draw.
    title : bool
        Whether the title is shown above the columns.
    overlay : Overlay
        Badges on arrows and boxes, with the notes they refer to.
    order : {"author", "auto"}
        Whether boxes keep the author's order within their column, or take the one that makes
        fewest crossings of arrows.

    Returns
    -------
    Layout
        All boxes of a column have the same width and are as near as possible to those they are
        linked with; no arrow crosses a box, and no head touches another.

    Raises
    ------
    RenderError
        If a link, made in Python, ends at a box that does not exist or at context.
    """
    if model.profile.free:
        return _map(model, title=title, overlay=overlay)
    grid, order_of_boxes, heights = columns_and_boxes(model, overlay)
    columns = grid.columns
    if order == "auto":
        from logicmodels.figures.engines.auto import fewest_crossings

        arrangement = fewest_crossings(model, grid, order_of_boxes, heights)
    else:
        arrangement = authors(model, order_of_boxes, heights)
    body = draw_body(grid, arrangement, heights)
    top = 0.0
    heading = title_part(model, grid.width) if title else None
    if heading:
        top = heading.height + style.BETWEEN_BOXES
    groups, top = group_headings(grid, top)
    headings, top = column_headings(grid, top)
    top += style.BETWEEN_BOXES
    boxes = {name: box.lowered(top) for name, box in body.boxes.items()}
    routes = tuple(route.lowered(top) for route in body.routes)
    bottom = body.bottom + top
    context, bottom = context_boxes(grid, bottom + 1.5 * style.BETWEEN_BOXES)
    texts = [*([heading] if heading else []), *_captions(model, overlay, grid.width, bottom)]
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


def columns_and_boxes(
    model: Model, overlay: Overlay = NOTHING
) -> tuple[Grid, list[list[str]], Heights]:
    """Return the columns of a figure, the author's order of boxes, and what boxes contain."""
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
    _check_ends(model, text.keys())
    heights = Heights.of(text, overlay)
    order = [[node.id for node in model.column(column.id)] for column in columns]
    return grid, order, heights


def _captions(model: Model, overlay: Overlay, width: float, bottom: float) -> list[Placed]:
    """Place notes and footer beneath everything that extends down to `bottom`."""
    texts = []
    lines = overlay.note_lines(style.CAPTION_SHARE * width)
    if lines:
        texts.append(beneath("notes", lines, width, bottom))
        bottom = texts[-1].y + texts[-1].height / 2
    footer = footer_lines(model, width)
    if footer:
        texts.append(beneath("footer", footer, width, bottom))
    return texts


def _map(model: Model, *, title: bool, overlay: Overlay) -> Layout:
    """Return where everything in a causal loop map is placed."""
    text = {
        node.id: box_lines(node, BOX_WIDTH, overlay.details.get(node.id, ()))
        for node in model.nodes
    }
    _check_ends(model, text.keys())
    drawn = draw_map(model, text)
    width = max(drawn.width, NARROWEST_MAP)
    heading = title_part(model, width) if title else None
    top = heading.height + 1.5 * style.BETWEEN_BOXES if heading else 0.0
    boxes = {name: box.lowered(top) for name, box in drawn.boxes.items()}
    routes = tuple(route.lowered(top) for route in drawn.routes)
    around = Surroundings(routes, boxes.values())
    signs = placed_signs(model.links, routes, around)
    badges = placed_badges(overlay, routes, boxes, around)
    texts = _captions(model, overlay, width, drawn.bottom + top + style.BETWEEN_BOXES / 2)
    texts = [*([heading] if heading else []), *texts]
    return Layout((), (), (), boxes, (), routes, *badges, tuple(texts), signs)


def _check_ends(model: Model, shown: Collection[str]) -> None:
    """Raise RenderError for a link, made in Python, that ends where no box is shown."""
    for link in model.links:
        if not {link.source, link.target} <= set(shown):
            ends = f"{link.source} -> {link.target}"
            raise RenderError(
                f"link {ends} ends where no column shows a box; `check` gives details"
            )
