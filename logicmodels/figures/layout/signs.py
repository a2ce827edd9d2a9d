"""Where the polarity of an arrow stands, at its head, and the mark of a delay, on its line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from arrowroot.fonts import text_width, wrap_evenly
from logicmodels.figures import style
from logicmodels.figures.layout.badges import Put, Surroundings
from logicmodels.figures.parts import Line, Placed
from logicmodels.figures.scene.geometry import polyline
from logicmodels.figures.scene.route import Point, Route
from logicmodels.records import Link

SIZE = 11.0
LABEL_SIZE = style.BADGE_SIZE
_LABEL_WIDTH = 76.0
"""Of the label of an arrow, at most, unless a single word is wider."""
_BACK = (15.0, 19.0, 12.0, 24.0, 30.0, 38.0)
"""How far behind the tip a sign stands, along the arrow, the best place first."""
_ASIDE = (8.5, 11.0)
"""How far beside the line."""


def placed_signs(
    links: Sequence[Link], routes: Sequence[Route], around: Surroundings
) -> dict[int, tuple[Placed, ...]]:
    """Return the signs of every arrow, by its place in the model.

    Parameters
    ----------
    links : sequence of Link
        All arrows.
    routes : sequence of Route
        Their routes.
    around : Surroundings
        What they should not hide.
    """
    found: dict[int, tuple[Placed, ...]] = {}
    for number, (link, route) in enumerate(zip(links, routes, strict=True)):
        placed = []
        line = polyline(route)
        if link.on_arrow:
            put = _label(f"label_{number}", link.on_arrow)
            placed.append(around.best(_on_line(put, line), own_route=number))
        if link.polarity:
            put = _sign(f"polarity_{number}", style.POLARITY_SIGNS[link.polarity])
            placed.append(around.best(_beside_head(put, line), own_route=number))
        if link.delay:
            put = _sign(f"delay_{number}", style.DELAY_SIGN)
            placed.append(around.best(_on_line(put, line), own_route=number))
        if placed:
            found[number] = tuple(placed)
    return found


def _beside_head(put: Put, line: Sequence[Point]) -> Iterator[Placed]:
    for aside in _ASIDE:
        for back in _BACK:
            (x, y), (dx, dy) = _at(line[::-1], back)
            for side in (1, -1):
                yield put(x - side * aside * dy, y + side * aside * dx)


def _on_line(put: Put, line: Sequence[Point]) -> Iterator[Placed]:
    whole = sum(math.dist(a, b) for a, b in pairwise(line))
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26):
        yield put(*_at(line, share * whole)[0])


def _at(line: Sequence[Point], far: float) -> tuple[Point, Point]:
    """Return the point of a line after a length, and the direction there."""
    direction = (1.0, 0.0)
    for (x0, y0), (x1, y1) in pairwise(line):
        step = math.dist((x0, y0), (x1, y1))
        if step:
            direction = (x1 - x0) / step, (y1 - y0) / step
        if step >= far > 0 or (step and far <= step):
            return (x0 + direction[0] * far, y0 + direction[1] * far), direction
        far -= step
    return line[-1], direction


def label_lines(text: str) -> list[Line]:
    """Return what is printed on an arrow, in lines."""
    return [Line(line, LABEL_SIZE) for line in wrap_evenly(text, _LABEL_WIDTH, LABEL_SIZE)]


def label_width(text: str) -> float:
    """Return how wide the label of an arrow is; 0 if there is none."""
    if not text:
        return 0.0
    return max(text_width(line.text, LABEL_SIZE) for line in label_lines(text)) + 4


def _label(name: str, text: str) -> Put:
    lines = tuple(label_lines(text))
    width, height = label_width(text), sum(line.height for line in lines) + 1
    return lambda x, y: Placed(name, lines, x, y, width, height)


def _sign(name: str, text: str) -> Put:
    line = Line(text, SIZE, bold=True)
    width = text_width(line.text, SIZE, "bold") + 4
    return lambda x, y: Placed(name, (line,), x, y, width, line.height + 1)
