"""Where everything in a figure is placed: columns of equal boxes in the author's order.

Coordinates are points from the top left corner of the first column, y downwards. Nothing is
drawn here; `dot` writes the places as text, and other formats can use the same ones. Where
Graphviz is asked, for the best order of boxes or for a causal loop map, the caller says how
(`logicmodels.figures.placing`).

Columns that run across the page are laid out as upright ones, then turned: what is across there
is down here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from arrowroot.errors import RenderError
from logicmodels.figures import style
from logicmodels.figures.layout.across import as_seen, at_left, levels, tops
from logicmodels.figures.layout.badges import Surroundings, placed_badges
from logicmodels.figures.layout.body import Arrangement, Heights, authors, draw_body
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.frames import frames, names, spaces, together
from logicmodels.figures.layout.signs import label_lines, label_width, placed_signs
from logicmodels.figures.layout.surroundings import (
    beneath,
    column_headings,
    context_boxes,
    footer_lines,
    group_headings,
    title_part,
)
from logicmodels.figures.overlays import NOTHING, Overlay
from logicmodels.figures.parts import Line, Placed, box_lines
from logicmodels.figures.scene.route import Route
from logicmodels.model import Model
from logicmodels.profiles.profile import Column

BOX_WIDTH = 132.0
"""Width of the boxes of a causal loop map."""
NARROW_BOX = 110.0
"""The same where the map has to fit a sheet."""
NARROWEST_MAP = 420.0
"""The least width of title and notes of a causal loop map."""
DIRECTIONS = ("right", "down", "up", "left")
_BETWEEN_LEVELS = 46.0
"""Between columns that run across the page, at least."""


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
    """Labels, polarities and delays, by the place of the arrow in the model."""
    frames: tuple[Placed, ...] = ()
    """Around boxes of one group."""
    direction: str = "right"


@dataclass(frozen=True)
class Space:
    """What a figure may take up, in points.

    Attributes
    ----------
    direction : {"right", "down", "up", "left"}
        Where the arrows point; empty for the profile's own.
    room : float
        What the columns share across the page, as far as they need it.
    widest, narrowest : float
        Of a box.
    sheet : (float, float) or None
        What a causal loop map has to fit into, with all that is around it.
    """

    direction: str = ""
    room: float = style.FIGURE_WIDTH
    widest: float = style.WIDEST_BOX
    narrowest: float = style.NARROWEST_BOX
    sheet: tuple[float, float] | None = None

    def towards(self, model: Model) -> str:
        """Return where the arrows of a model point."""
        return self.direction or model.profile.towards


@dataclass(frozen=True)
class Map:
    """The boxes and arrows of a causal loop map, in points from its top left."""

    boxes: dict[str, Placed]
    routes: tuple[Route, ...]
    width: float
    bottom: float


Arrange = Callable[[Model, Grid, Sequence[Sequence[str]], Heights], Arrangement]
"""Chooses the order of boxes and the way of every arrow."""
Sheet = tuple[float, float] | None
DrawMap = Callable[[Model, Mapping[str, Sequence[Line]], Sheet], Map]
"""Lays out a causal loop map, so that it fits into a width and a height if these are given."""


def as_written(
    model: Model, _: Grid, order: Sequence[Sequence[str]], heights: Heights
) -> Arrangement:
    """Return the arrangement in the author's order."""
    return authors(model, order, heights)


def layout(
    model: Model,
    *,
    draw_map: DrawMap,
    title: bool = True,
    overlay: Overlay = NOTHING,
    arrange: Arrange = as_written,
    space: Space | None = None,
) -> Layout:
    """Return where everything in a model's figure is placed.

    Parameters
    ----------
    model : Model
        What to draw.
    draw_map : callable
        Lays out a causal loop map.
    title : bool
        Whether the title is shown above the columns.
    overlay : Overlay
        Badges on arrows and boxes, with the notes they refer to.
    arrange : callable
        Chooses the order of boxes; by default it is the author's.
    space : Space, optional
        What the figure may take up, and where its arrows point.

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
        sheet = space.sheet if space else None
        return _map(model, draw_map, title=title, overlay=overlay, sheet=sheet)
    space = space or Space()
    direction = space.towards(model)
    turned = direction in ("down", "up")
    grid, order, heights = columns_and_boxes(model, overlay, space)
    arrangement = arrange(model, grid, order, heights)
    if heights.above and arrangement.order != order:
        # An order with fewer crossings knows nothing of groups, which stay together all the same.
        kept = together(model, arrangement.order)
        above, below = spaces(model, kept, grid.box_width, turned=turned)
        heights = replace(heights, above=above, below=below)
        arrangement = authors(model, kept, heights)
    drawn = draw_body(grid, arrangement, heights)
    body, width = as_seen(drawn, grid, direction)
    heading = title_part(model, width) if title else None
    top = heading.height + style.BETWEEN_BOXES if heading else 0.0
    if turned:
        headings, groups = at_left(model, grid, direction)
        top += max(0.0, -min(tops(body), default=0.0))
        headings, groups = (tuple(one.lowered(top) for one in row) for row in (headings, groups))
    else:
        groups, top = group_headings(grid, top)
        headings, top = column_headings(grid, top)
        top += style.BETWEEN_BOXES
        if direction == "left":
            groups, headings = (
                tuple(one.mirrored(grid.width) for one in row) for row in (groups, headings)
            )
    boxes = {name: box.lowered(top) for name, box in body.boxes.items()}
    routes = tuple(route.lowered(top) for route in body.routes)
    framed = frames(model, arrangement.order, boxes, turned=turned)
    letters = overlay.letters(model)
    bottom = body.bottom + top
    context, bottom = context_boxes(model, width, bottom + 1.5 * style.BETWEEN_BOXES, letters)
    texts = [*([heading] if heading else []), *_captions(model, overlay, width, bottom)]
    signs: dict[int, tuple[Placed, ...]] = {}
    around: Surroundings | None = None
    if framed or any(link.on_arrow for link in model.links):
        around = Surroundings(routes, [*boxes.values(), *names(framed, turned=turned)])
        signs = placed_signs(model.links, routes, around)
    return Layout(
        grid.columns,
        headings,
        groups,
        boxes,
        context,
        routes,
        *placed_badges(overlay, routes, boxes, around),
        tuple(texts),
        signs,
        framed,
        direction,
    )


def columns_and_boxes(
    model: Model, overlay: Overlay = NOTHING, space: Space | None = None
) -> tuple[Grid, list[list[str]], Heights]:
    """Return the columns of a figure, the author's order of boxes, and what boxes contain."""
    space = space or Space()
    turned = space.towards(model) in ("down", "up")
    columns = tuple(column for column in model.profile.flow if model.column(column.id))
    order = together(model, [[node.id for node in model.column(one.id)] for one in columns])
    _check_ends(model, {box for boxes in order for box in boxes})
    gap = style.BADGE_GAP if overlay.links else style.NARROWEST_GAP
    grid = Grid(
        model,
        columns,
        max(gap, _BETWEEN_LEVELS) if turned else gap,
        space.room / overlay.zoom,
        space.widest,
        narrowest=space.narrowest,
        fullest=max(map(len, order), default=1) if turned else 0,
        needs=_for_labels(model, columns, overlay, turned=turned),
    )
    text = {
        node.id: box_lines(node, grid.box_width, overlay.details.get(node.id, ()))
        for column in columns
        for node in model.column(column.id)
    }
    heights = Heights.of(text, overlay)
    above, below = spaces(model, order, grid.box_width, turned=turned)
    heights = replace(heights, above=above, below=below)
    if turned:
        heights = replace(heights, across=grid.box_width, lane=style.LANE)
        grid = replace(grid, levels=levels(model, grid, order, text))
    return grid, order, heights


def _for_labels(
    model: Model, columns: Sequence[Column], overlay: Overlay, *, turned: bool
) -> list[float]:
    """Return what the gap after each column needs for the labels of arrows that begin there."""
    needs = [0.0] * len(columns)
    place = {column.id: number for number, column in enumerate(columns)}
    for number, link in enumerate(model.links):
        ends = [place.get(model.node(end).column, 0) for end in (link.source, link.target)]
        if not link.on_arrow or ends[0] == ends[1]:
            continue
        carried = number in overlay.links and bool(overlay.links[number].text)
        if turned:
            tall = sum(line.height for line in label_lines(link.on_arrow))
            needed = _BETWEEN_LEVELS + tall + carried * style.BETWEEN_BOXES
        else:
            beside = 1.5 * style.BADGE_GAP if carried else 2 * style.BETWEEN_BOXES
            needed = label_width(link.on_arrow) + beside
        needs[min(ends)] = max(needs[min(ends)], needed)
    return needs[:-1]


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


def _map(model: Model, draw_map: DrawMap, *, title: bool, overlay: Overlay, sheet: Sheet) -> Layout:
    """Return where everything in a causal loop map is placed."""
    text = {
        node.id: box_lines(
            node, NARROW_BOX if sheet else BOX_WIDTH, overlay.details.get(node.id, ())
        )
        for node in model.nodes
    }
    _check_ends(model, text.keys())
    if sheet:
        beside = [*_captions(model, overlay, sheet[0], 0.0), title_part(model, sheet[0])]
        taken = sum(part.height + 1.5 * style.BETWEEN_BOXES for part in beside)
        sheet = sheet[0], max(sheet[1] - taken, sheet[1] / 3)
    drawn = draw_map(model, text, sheet)
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
