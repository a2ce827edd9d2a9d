"""The figure of a logic model as a scene.

`layout` determines what the figure shows and where; the theme and the overlay, how it looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from arrowroot.errors import RenderError
from arrowroot.text import SAFE_URL, one_line, printable
from logicmodels.figures import style
from logicmodels.figures.layout.layout import Layout, Space
from logicmodels.figures.layout.surroundings import bar_text, footer_text, is_bar
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.figures.parts import Placed, context_entries, marked, outline, shown
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.scene import Arrow, Paragraph, Scene, Shape
from logicmodels.figures.style import Box, Theme
from logicmodels.figures.views import Seen, arrow_words, box_words, look_at
from logicmodels.model import Model
from logicmodels.profiles.profile import Column
from logicmodels.questions.describe import summary
from logicmodels.questions.evidence import certainty, state
from logicmodels.records import Link, Node

FRAME_EDGE = 1.0
"""Thickness of the frame around boxes of a group, in points."""


def scene(
    model: Model,
    *,
    view: str | Overlay = "overview",
    theme: str | None = None,
    title: bool = True,
    order: str = "author",
    space: Space | None = None,
) -> Scene:
    """Return a model's figure as shapes and arrows.

    Parameters
    ----------
    model : Model
        What to draw.
    view, theme, title, order
        As for `LogicModel.draw`.
    space : Space, optional
        What the figure may take up, and where its arrows point.

    Returns
    -------
    Scene
        The same for the same model.
    """
    return seen_scene(look_at(model, view, theme), title=title, order=order, space=space)


def seen_scene(
    seen: Seen, *, title: bool = True, order: str = "author", space: Space | None = None
) -> Scene:
    """Return what a view shows of a model as shapes and arrows."""
    model, overlay, look = seen.model, seen.overlay, style.theme_named(seen.theme)
    drawn = layout(model, title=title, overlay=overlay, order=order, space=space)
    texts = {part.name: part for part in drawn.texts}
    return Scene(
        "logic_model",
        one_line(model.title),
        summary(model),
        look,
        (
            *_title(model, texts),
            *_groups(model, drawn, look),
            *_frames(drawn, look),
            *(_columns if drawn.columns else _variables)(model, drawn, look, overlay),
            *_context(model, drawn, look, overlay),
        ),
        tuple(_arrows(model, drawn, look, overlay)),
        tuple(_box_badges(model, drawn, look, overlay)),
        (*_notes(overlay, texts), *_footer(model, texts)),
        tuple(
            (heading.name, tuple(node_name(node.id) for node in _from_top(model, drawn, column)))
            for column, heading in zip(drawn.columns, drawn.headings, strict=True)
        ),
        drawn.direction,
        overlay.zoom,
    )


def node_name(node_id: str) -> str:
    """Return the name of a box: prefixed, so that no id can be a keyword of DOT."""
    return f"node_{node_id}"


def address(node: Node) -> str:
    """Return where a box links to, or raise RenderError if it could be more than a page."""
    if not re.fullmatch(SAFE_URL, node.url):
        raise RenderError(
            f"node {node.id}: url must begin with http:// or https://, or be relative; "
            f"got {node.url[:60]!r}"
        )
    return node.url


def _title(model: Model, texts: Mapping[str, Placed]) -> Iterator[Shape]:
    if "title" in texts:
        paragraph = Paragraph(_shown(model.title), style.TITLE_SIZE, bold=True, left=True)
        yield Shape("title", texts["title"], (paragraph,))


def _groups(model: Model, drawn: Layout, look: Theme) -> Iterator[Shape]:
    headings = {column.id: model.column_group(column.id) for column in drawn.columns}
    for part in drawn.groups:
        column = part.name.removeprefix("group_")
        text = Paragraph(_shown(headings[column]), style.HEADING_SIZE, bold=True)
        box = look.boxes[part.kind]
        yield Shape(part.name, part, (text,), fill=box.heading, edge=box.edge)


def _frames(drawn: Layout, look: Theme) -> Iterator[Shape]:
    for part in drawn.frames:
        words = " ".join(line.text for line in part.lines)
        name = Paragraph(_shown(words), style.NOTE_SIZE, bold=True, left=True)
        edge = look.boxes[part.kind].edge
        yield Shape(
            part.name, part, (name,), edge=edge, thickness=FRAME_EDGE, line="dashed", rounded=True
        )


def _columns(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Shape]:
    columns = [*zip(drawn.columns, drawn.headings, strict=True)]
    if drawn.direction in ("left", "up"):
        columns.reverse()  # the order on the page: text is read from left to right
    for column, part in columns:
        box = look.boxes[column.kind]
        heading = Paragraph(_shown(model.heading(column.id)), style.HEADING_SIZE, bold=True)
        said = model.column_note(column.id)
        note = Paragraph(_shown(said), style.NOTE_SIZE, quiet=True)
        texts = (heading, note) if said else (heading,)
        yield Shape(part.name, part, texts, column=column.id, fill=box.heading, edge=box.edge)
        for node in _from_top(model, drawn, column):
            own = style.box_of(look, column.kind, harm=node.harm)
            yield _box(model, node, column, drawn.boxes[node.id], own, overlay)


def _from_top(model: Model, drawn: Layout, column: Column) -> list[Node]:
    """Return the boxes of a column in the order of the figure, in which they are read."""
    turned = drawn.direction in ("down", "up")

    def place(node: Node) -> float:
        box = drawn.boxes[node.id]
        return box.x if turned else box.y

    return sorted(model.column(column.id), key=place)


def _variables(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Shape]:
    for node in model.nodes:
        column = model.profile.column(node.column)
        own = style.box_of(look, column.kind, harm=node.harm)
        yield _box(model, node, column, drawn.boxes[node.id], own, overlay)


def _box(
    model: Model, node: Node, column: Column, part: Placed, box: Box, overlay: Overlay
) -> Shape:
    mark, details = overlay.nodes.get(node.id), overlay.details.get(node.id, ())
    label = Paragraph(_whole(marked(node)), bold=bool(node.items or details))
    small = (Paragraph(_shown(detail), style.NOTE_SIZE, left=True) for detail in details)
    return Shape(
        node_name(node.id),
        part,
        (label, *_list(node.items), *small),
        words=box_words(model, overlay, node.id),
        under=one_line(model.heading(column.id)),
        column=column.id,
        fill=box.fill,
        edge=box.edge,
        thickness=box.thickness,
        line=outline(node, mark.line if mark else "solid"),
        rounded=True,
        url=address(node) if node.url else "",
    )


def _context(model: Model, drawn: Layout, look: Theme, overlay: Overlay) -> Iterator[Shape]:
    letters = overlay.letters(model)
    for part in drawn.context:
        column = part.name.removeprefix("context_")
        box = look.boxes[part.kind]
        entries = context_entries(model.column(column), letters)
        said = [box_words(model, overlay, node.id) for node in model.column(column)]
        bar = is_bar(model, model.profile.column(column))
        heading = Paragraph(_shown(model.heading(column)), bold=True, left=not bar)
        listed = (Paragraph(_shown(bar_text(model, column, letters))),) if bar else _list(entries)
        yield Shape(
            part.name,
            part,
            (heading, *listed),
            words=one_line(f"{model.heading(column)}: {'; '.join(said)}"),
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


def _sign(part: Placed, look: Theme) -> Shape:
    """Return a polarity or a delay, on the colour of the ground so that lines do not cross it."""
    first = part.lines[0]
    text = Paragraph("\n".join(line.text for line in part.lines), first.size, bold=first.bold)
    return Shape(part.name, part, (text,), fill=look.background, edge=look.background, rounded=True)


def _notes(overlay: Overlay, texts: Mapping[str, Placed]) -> Iterator[Shape]:
    if "notes" not in texts:
        return
    paragraphs = tuple(
        Paragraph(_whole(line.text), line.size, line.bold, line.quiet, line.left)
        for line in overlay.captions
    )
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
            node_name(link.source),
            node_name(link.target),
            route,
            look.tones[mark.tone] if mark else look.arrow,
            mark.width if mark else style.ARROW_WIDTH,
            mark.line if mark else "dashed" if link.feedback else "solid",
            mark.head if mark else "normal",
            words,
            link.mutual,
            bool(drawn.columns) and (link.feedback or not model.runs_forward(link)),
            _data(link),
            badge,
            tuple(_sign(part, look) for part in drawn.signs.get(number, ())),
        )


def _data(link: Link) -> dict[str, str]:
    """Return what a diagram that can be edited keeps of an arrow."""
    return {
        "because": one_line(link.because),
        "evidence": state(link) if link.evidence else "",
        "certainty": certainty(link),
    }


def _list(items: tuple[str, ...] | list[str]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(_shown(item), left=True, bullet=True) for item in items)


def _shown(text: str) -> str:
    """Return as much of a text as the figure shows, without characters no file can contain."""
    return _whole(shown(text))


def _whole(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in printable(text).splitlines())
