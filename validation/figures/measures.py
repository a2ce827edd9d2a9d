"""What the layout of a figure is measured by."""

from __future__ import annotations

from dataclasses import dataclass

from arrowroot.fonts import text_width
from logicmodels.figures import style
from logicmodels.figures.engines.auto import dots_layout
from logicmodels.figures.layout.layout import Layout, Space, columns_and_boxes
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.geometry import boxes_crossed, crossings, heads_touching, polyline
from logicmodels.figures.scene.route import Route
from logicmodels.model import Model


@dataclass(frozen=True)
class Measured:
    """What is wrong with a layout, and how often arrows cross."""

    through_boxes: int
    touching_heads: int
    broken_words: int
    crossings: int


def measured(model: Model, *, order: str = "author", direction: str = "") -> Measured:
    """Measure the layout of a model."""
    drawn = layout(model, order=order, space=Space(direction))
    lines = [polyline(route) for route in drawn.routes]
    parts = [*drawn.boxes.values(), *drawn.headings, *drawn.groups, *drawn.context, *drawn.texts]
    return Measured(
        sum(len(boxes_crossed(line, parts)) for line in lines),
        heads_touching(drawn.routes),
        _broken(model, drawn),
        crossings(lines),
    )


def _broken(model: Model, drawn: Layout) -> int:
    """Return how many words that fit a line are broken over two."""
    found = 0
    for node in model.nodes:
        if node.id not in drawn.boxes:
            continue
        box = drawn.boxes[node.id]
        inner = box.width - 2 * style.PADDING
        shown = {word for line in box.lines for word in line.text.split()}
        for word in node.label.split():
            fits = text_width(word, style.FONT_SIZE) <= inner
            pieces = [piece for piece in word.split("-") if piece]
            found += fits and word not in shown and not _in_parts(pieces, shown)
    return found


def _in_parts(pieces: list[str], shown: set[str]) -> bool:
    """Return whether a word was broken at its hyphens alone."""
    return all(any(piece in word for word in shown) for piece in pieces)


def dots_crossings(model: Model) -> int:
    """Return how many crossings plain ``dot`` draws for a model in the same columns."""
    grid, order, heights = columns_and_boxes(model)
    drawn = dots_layout(model, grid, order, heights)
    edges = [Route(tuple(points[:-1]), points[-1]) for points in drawn.edges.values()]
    return crossings([polyline(edge) for edge in edges])
