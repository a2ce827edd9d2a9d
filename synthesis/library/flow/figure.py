"""A flow diagram as a scene: every box in its place, as in the published template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from logicmodels.figures.figure import Figure
from logicmodels.figures.parts import Line, Placed
from logicmodels.figures.scene.route import Route, straight, turning
from logicmodels.figures.scene.scene import Arrow, Paragraph, Scene, Shape
from logicmodels.figures.style import theme_named
from synthesis.library.flow import layout
from synthesis.library.flow.layout import (
    BAR,
    BESIDE,
    BETWEEN,
    LINE,
    PAD,
    SIZE,
    WIDTH,
    Box,
)

GOLD, GREY, BLUE = "#ffc000", "#d9d9d9", "#9dc3e6"
_BLACK, _WHITE = "#000000", "#ffffff"
_EDGE = 0.8
"""Thickness of outlines and arrows, in points."""


def draw(counts: Mapping[str, Any], title: str, description: str) -> Figure:
    """Return the diagram of counts, by the keys of PRISMA2020."""
    return Figure(scene(counts, title, description), notes=lambda: description)


def scene(counts: Mapping[str, Any], title: str = "", description: str = "") -> Scene:
    """Return the diagram as shapes and arrows.

    Parameters
    ----------
    counts : mapping
        By the keys of PRISMA2020.
    title, description : str
        What a screen reader says about it.

    Returns
    -------
    Scene
        Boxes, arrows, and the names of the phases, which run upwards.
    """
    drawn, arrows = layout.boxes(counts)
    places = _places(drawn)
    shapes = {box.name: _shape(box, places[box.name]) for box in drawn}
    # The phases come first in the order of reading: they lie to the left of everything.
    phases = [shapes[box.name] for box in drawn if box.kind == "phase"]
    others = [shapes[box.name] for box in drawn if box.kind != "phase"]
    return Scene(
        "flow",
        title,
        description,
        replace(theme_named("screen"), ink=_BLACK, arrow=_BLACK, background=_WHITE),
        (*phases, *others),
        tuple(
            Arrow(
                f"arrow_{number}",
                shapes[arrow.tail].name,
                shapes[arrow.head].name,
                _route(places[arrow.tail], places[arrow.head], corner=arrow.corner),
                _BLACK,
                _EDGE,
            )
            for number, arrow in enumerate(arrows)
        ),
    )


def _places(drawn: Sequence[Box]) -> dict[str, Placed]:
    heights = layout.heights(drawn)
    tops: dict[int, float] = {}
    below = 0.0
    for row in sorted(heights):
        tops[row] = below
        below += heights[row] + BETWEEN
    bottoms = {row: tops[row] + heights[row] for row in heights}
    places = {}
    for box in drawn:
        last = max(
            row for row in heights if row < box.row + (1 if box.kind != "phase" else box.rows)
        )
        top, bottom = tops[box.row], bottoms[last]
        if box.kind == "phase":
            left, right = 0.0, BAR
        else:
            left = BAR + 14 + box.column * (WIDTH + BESIDE)
            right = left + WIDTH + (box.rows - 1) * (WIDTH + BESIDE)
        height = bottom - top
        if box.kind == "box" and box.row != 1:
            height = max(min(height, len(box.lines) * LINE + 2 * PAD + 6), 34.0)
        # In the template boxes in one row share their middle, so that arrows are horizontal.
        places[box.name] = Placed(
            f"node_{box.name}",
            tuple(_line(box, line) for line in box.lines),
            (left + right) / 2,
            (top + bottom) / 2,
            right - left,
            height,
        )
    return places


def _line(box: Box, text: str) -> Line:
    plain = box.kind == "box"
    return Line(text, SIZE, bold=not plain, left=plain)


def _shape(box: Box, place: Placed) -> Shape:
    fill, rounded = {
        "box": (_WHITE, False),
        "phase": (BLUE, True),
        "header": (GOLD, True),
        "grey": (GREY, True),
    }[box.kind]
    plain = box.kind == "box"
    return Shape(
        place.name,
        place,
        tuple(Paragraph(text, SIZE, bold=not plain, left=plain) for text in _paragraphs(box)),
        fill=fill,
        edge=_BLACK,
        thickness=_EDGE,
        rounded=rounded,
        padding=PAD - 1.5 if plain else 0.0,
        turned=box.kind == "phase",
    )


def _paragraphs(box: Box) -> list[str]:
    """Return the lines of a box, each as a paragraph: where they break is part of the template."""
    return list(box.lines) if box.kind == "box" else [" ".join(box.lines)]


def _route(tail: Placed, head: Placed, *, corner: bool) -> Route:
    """Return the arrow between two boxes: level, straight down, or down and round a corner."""
    under = tail.y + tail.height / 2
    right = head.x > tail.x
    side = head.x - head.width / 2 if right else head.x + head.width / 2
    if corner:
        return turning([(tail.x, under), (tail.x, head.y)], (side, head.y))
    if abs(head.y - tail.y) < 1.0:
        edge = tail.x + tail.width / 2 if right else tail.x - tail.width / 2
        return straight((edge, tail.y), (side, head.y))
    return straight((tail.x, under), (tail.x, head.y - head.height / 2))
