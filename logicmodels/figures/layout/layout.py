"""Where everything in a figure is placed: columns of equal boxes in the author's order.

Coordinates are points from the top left corner of the first column, y downwards. Nothing is
drawn here; `dot` writes the places as text, and other formats can use the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arrowroot.errors import RenderError
from logicmodels.figures import style
from logicmodels.figures.layout.badges import placed_badges
from logicmodels.figures.layout.body import Heights, authors, draw_body
from logicmodels.figures.layout.column_grid import Grid
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
    grid, order_of_boxes, heights = _body_parts(model, overlay)
    columns = grid.columns
    if order == "auto":
        from logicmodels.figures.layout.auto import fewest_crossings

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


def _body_parts(model: Model, overlay: Overlay = NOTHING) -> tuple[Grid, list[list[str]], Heights]:
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
    for link in model.links:
        if not {link.source, link.target} <= text.keys():
            ends = f"{link.source} -> {link.target}"
            raise RenderError(
                f"link {ends} ends where no column shows a box; `check` gives details"
            )
    heights = Heights.of(text, overlay)
    order = [[node.id for node in model.column(column.id)] for column in columns]
    return grid, order, heights
