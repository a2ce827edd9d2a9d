"""A figure as shapes and arrows, each with its place, its text, its look and its words.

`layout` determines what the figure shows and where; the theme and the overlay, how it looks.
The formats that other programs can edit are written from this, so that they look like the figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arrowroot.text import one_line, printable
from logicmodels.figures import style
from logicmodels.figures.dot import address, node_name
from logicmodels.figures.layout.arrows import Route
from logicmodels.figures.layout.layout import Layout, layout
from logicmodels.figures.layout.surroundings import bar_text, footer_text
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.figures.parts import Placed, shown
from logicmodels.figures.style import Box, Theme
from logicmodels.figures.views import arrow_words, box_words, look_at
from logicmodels.model import Model
from logicmodels.profiles.profile import Column
from logicmodels.questions.describe import summary
from logicmodels.records import Link, Node


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a shape: not broken into lines, so that it can be edited."""

    text: str
    size: float = style.FONT_SIZE
    bold: bool = False
    quiet: bool = False
    left: bool = False
    bullet: bool = False


@dataclass(frozen=True)
class Shape:
    """A box, a heading, a badge or a text.

    Attributes
    ----------
    name : str
        Unique in the figure; a box is called as in its DOT text.
    place : Placed
        Where its middle is, and its size, in points.
    paragraphs : tuple of Paragraph
        What it says.
    words : str
        What a screen reader says about it.
    column : str
        The column that it belongs to, by id.
    fill, edge : str
        Colours; empty where there is none.
    thickness : float
        Thickness of its edge, in points.
    line : str
        Style of its edge, in Graphviz's terms.
    rounded : bool
        Whether its corners are rounded.
    url : str
        The address it links to; empty if none.
    """

    name: str
    place: Placed
    paragraphs: tuple[Paragraph, ...]
    words: str = ""
    column: str = ""
    fill: str = ""
    edge: str = ""
    thickness: float = 0.0
    line: str = "solid"
    rounded: bool = False
    url: str = ""

    @property
    def listed(self) -> bool:
        """Whether it contains a list, which starts at its top however tall it is."""
        return self.rounded and any(paragraph.left for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Arrow:
    """An arrow between two boxes: its route, its look, its words, and its badge if it has one."""

    name: str
    link: Link
    source: str
    target: str
    route: Route
    colour: str
    width: float
    line: str
    head: str
    words: str
    badge: Shape | None = None


@dataclass(frozen=True)
class Scene:
    """A whole figure.

    Attributes
    ----------
    model : Model
        What is drawn: the model, or the part of it that the view shows.
    title, words : str
        Its title, and what a screen reader says about it first.
    ink, quiet : str
        Colours of text, and of text that is less important.
    shapes : tuple of Shape
        In the order in which they are read; badges of arrows are with their arrows.
    arrows : tuple of Arrow
        In the order of the model.
    captions : tuple of Shape
        What is beneath: notes and footer, if there are any.
    left, top, width, height : float
        The area of the whole figure, in points.
    """

    model: Model
    title: str
    words: str
    ink: str
    quiet: str
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    captions: tuple[Shape, ...]
    left: float
    top: float
    width: float
    height: float


def scene(
    model: Model,
    *,
    view: str | Overlay = "overview",
    theme: str | None = None,
    title: bool = True,
) -> Scene:
    """Return a model's figure as shapes and arrows.

    Parameters
    ----------
    model : Model
        What to draw.
    view, theme, title
        As for `LogicModel.draw`.

    Returns
    -------
    Scene
        The same for the same model.
    """
    seen = look_at(model, view, theme)
    model, overlay, look = seen.model, seen.overlay, style.theme_named(seen.theme)
    drawn = layout(model, title=title, overlay=overlay)
    texts = {part.name: part for part in drawn.texts}
    shapes = [
        *_title(model, texts),
        *_groups(drawn, look),
        *_columns(model, drawn, look, overlay),
        *_context(model, drawn, look),
        *_box_badges(model, drawn, look, overlay),
    ]
    captions = (*_notes(overlay, texts), *_footer(model, texts))
    arrows = tuple(_arrows(model, drawn, look, overlay))
    left, top, right, bottom = _extent([*shapes, *captions], arrows)
    return Scene(
        model,
        one_line(model.title),
        summary(model),
        look.ink,
        look.quiet,
        tuple(shapes),
        arrows,
        captions,
        left,
        top,
        right - left,
        bottom - top,
    )


def _title(model: Model, texts: Mapping[str, Placed]) -> Iterator[Shape]:
    if "title" in texts:
        paragraph = Paragraph(_shown(model.title), style.TITLE_SIZE, bold=True, left=True)
        yield Shape("title", texts["title"], (paragraph,))


def _groups(drawn: Layout, look: Theme) -> Iterator[Shape]:
    headings = {column.id: column.group for column in drawn.columns}
    for part in drawn.groups:
        column = part.name.removeprefix("group_")
        text = Paragraph(_shown(headings[column]), style.HEADING_SIZE, bold=True)
        yield Shape(part.name, part, (text,), fill=look.boxes[part.kind].heading)


def _columns(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Shape]:
    columns = [*zip(drawn.columns, drawn.headings, strict=True)]
    if model.profile.towards == "left":
        columns.reverse()  # the order on the page: text is read from left to right
    for column, part in columns:
        box = look.boxes[column.kind]
        heading = Paragraph(_shown(model.heading(column.id)), style.HEADING_SIZE, bold=True)
        note = Paragraph(_shown(column.note), style.NOTE_SIZE, quiet=True)
        texts = (heading, note) if column.note else (heading,)
        yield Shape(part.name, part, texts, column=column.id, fill=box.heading)
        for node in model.column(column.id):
            yield _box(model, node, column, drawn.boxes[node.id], box, overlay)


def _box(
    model: Model, node: Node, column: Column, part: Placed, box: Box, overlay: Overlay
) -> Shape:
    mark, details = overlay.nodes.get(node.id), overlay.details.get(node.id, ())
    label = Paragraph(_shown(node.label), bold=bool(node.items or details))
    small = (Paragraph(_shown(detail), style.NOTE_SIZE, left=True) for detail in details)
    return Shape(
        node_name(node.id),
        part,
        (label, *_list(node.items), *small),
        words=f"{one_line(model.heading(column.id))}: {box_words(model, overlay, node.id)}",
        column=column.id,
        fill=box.fill,
        edge=box.edge,
        thickness=box.thickness,
        line=mark.line if mark else "solid",
        rounded=True,
        url=address(node) if node.url else "",
    )


def _context(model: Model, drawn: Layout, look: Theme) -> Iterator[Shape]:
    for part in drawn.context:
        column = part.name.removeprefix("context_")
        box = look.boxes[part.kind]
        entries = [entry for node in model.column(column) for entry in (node.label, *node.items)]
        bar = model.profile.column(column).bar
        heading = Paragraph(_shown(model.heading(column)), bold=True, left=not bar)
        listed = (Paragraph(_shown(bar_text(model, column))),) if bar else _list(entries)
        yield Shape(
            part.name,
            part,
            (heading, *listed),
            words=one_line(f"{model.heading(column)}: {', '.join(entries)}"),
            column=column,
            fill=box.fill,
            edge=box.edge,
            thickness=box.thickness,
            rounded=True,
        )


def _box_badges(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Shape]:
    for name, part in drawn.box_badges.items():
        mark = overlay.nodes[name]
        yield _badge(part, mark, look, f"{mark.text}: {model.node(name).sentence}")


def _badge(part: Placed, mark: Mark, look: Theme, words: str) -> Shape:
    return Shape(
        part.name,
        part,
        (Paragraph(mark.text, style.BADGE_SIZE, bold=True),),
        words=one_line(words),
        fill=look.background,
        edge=look.tones[mark.tone],
        thickness=style.BADGE_EDGE,
        rounded=True,
    )


def _notes(overlay: Overlay, texts: Mapping[str, Placed]) -> Iterator[Shape]:
    if "notes" not in texts:
        return
    size = style.NOTE_SIZE
    heading = Paragraph(_whole(overlay.heading), size, bold=True, left=True)
    notes = [Paragraph(_whole(note), size, left=True) for note in overlay.notes]
    key = Paragraph(_whole(overlay.key), size, quiet=True, left=True)
    paragraphs = tuple(paragraph for paragraph in (heading, *notes, key) if paragraph.text)
    yield Shape("notes", texts["notes"], paragraphs)


def _footer(model: Model, texts: Mapping[str, Placed]) -> Iterator[Shape]:
    if "footer" in texts:
        text = _shown(footer_text(model))
        paragraph = Paragraph(text, style.FOOTER_SIZE, quiet=True, left=True)
        yield Shape("footer", texts["footer"], (paragraph,))


def _arrows(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Arrow]:
    for number, (link, route) in enumerate(zip(model.links, drawn.routes, strict=True)):
        mark = overlay.links.get(number)
        words = arrow_words(model, overlay, number)
        badge = None
        if mark and number in drawn.badges:
            badge = _badge(drawn.badges[number], mark, look, f"{mark.text}: {words}")
        yield Arrow(
            f"link_{number}",
            link,
            node_name(link.source),
            node_name(link.target),
            route,
            look.tones[mark.tone] if mark else look.arrow,
            mark.width if mark else style.ARROW_WIDTH,
            mark.line if mark else "dashed" if link.feedback else "solid",
            mark.head if mark else "normal",
            words,
            badge,
        )


def _list(items: tuple[str, ...] | list[str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(_shown(item), left=True, bullet=True) for item in items)


def _shown(text: str) -> str:
    """Return as much of a text as the figure shows, without characters no file can contain."""
    return _whole(shown(text))


def _whole(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in printable(text).splitlines())


def _extent(shapes: list[Shape], arrows: tuple[Arrow, ...]) -> tuple[float, float, float, float]:
    """Return the edges of all that is drawn."""
    places = [shape.place for shape in shapes]
    places += [arrow.badge.place for arrow in arrows if arrow.badge]
    points = [point for arrow in arrows for point in arrow.route.points]
    for part in places:
        for side in (-0.5, 0.5):
            points.append((part.x + side * part.width, part.y + side * part.height))
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
