"""Columns that run across the page: laid out as upright ones, then turned, headings at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logicmodels.figures import style
from logicmodels.figures.layout.body import Body
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.layout.surroundings import group_lines, group_runs, heading_lines
from logicmodels.figures.parts import Line, Placed, height_of
from logicmodels.model import Model

_HEADING_WIDTH, _GROUP_WIDTH = 96.0, 78.0
"""Of the headings of columns that run across the page, at their left."""


def strip(grid: Grid) -> float:
    """Return how much the headings take at the left, where columns run across the page."""
    groups = _GROUP_WIDTH + style.BETWEEN_BOXES / 2 if group_runs(grid) else 0.0
    return groups + _HEADING_WIDTH + style.BETWEEN_BOXES


def tops(body: Body) -> list[float]:
    """Return the heights of all points of arrows, of which some are above the first column."""
    return [y for route in body.routes for _, y in route.points]


def as_seen(drawn: Body, grid: Grid, direction: str) -> tuple[Body, float]:
    """Return boxes and arrows as they are on the page, and how wide the figure is."""
    boxes, routes = drawn.boxes, drawn.routes
    if direction in ("left", "up"):
        boxes = {name: box.mirrored(grid.width) for name, box in boxes.items()}
        routes = tuple(route.mirrored(grid.width) for route in routes)
    if direction not in ("down", "up"):
        return Body(boxes, routes, drawn.bottom), grid.width
    left = strip(grid)
    boxes = {name: box.turned().moved(left, 0.0) for name, box in boxes.items()}
    routes = tuple(route.turned().moved(left, 0.0) for route in routes)
    low = max([grid.width, *(y for route in routes for _, y in route.points)])
    return Body(boxes, routes, low), left + drawn.bottom


def at_left(
    model: Model, grid: Grid, direction: str
) -> tuple[tuple[Placed, ...], tuple[Placed, ...]]:
    """Place the headings of columns that run across the page, and of groups of columns."""

    def span(first: int, last: int) -> tuple[float, float]:
        low, high = grid.track(first).left, grid.track(last).right
        return (low, high) if direction == "down" else (grid.width - high, grid.width - low)

    runs = group_runs(grid)
    left = strip(grid) - _HEADING_WIDTH - style.BETWEEN_BOXES
    headings, groups = [], []
    for number, column in enumerate(grid.columns):
        low, high = span(number, number)
        lines = heading_lines(model, column, _HEADING_WIDTH)
        place = left + _HEADING_WIDTH / 2, (low + high) / 2, _HEADING_WIDTH, high - low
        headings.append(Placed(f"heading_{column.id}", lines, *place, column.kind))
    for first, last in runs:
        low, high = span(first, last)
        column = grid.columns[first]
        lines = group_lines(column.group, _GROUP_WIDTH)
        place = _GROUP_WIDTH / 2, (low + high) / 2, _GROUP_WIDTH, high - low
        groups.append(Placed(f"group_{column.id}", lines, *place, column.kind))
    return tuple(headings), tuple(groups)


def levels(
    model: Model, grid: Grid, order: Sequence[Sequence[str]], text: Mapping[str, Sequence[Line]]
) -> list[float]:
    """Return how thick each column that runs across the page has to be for its text."""
    found = []
    for column, boxes in zip(grid.columns, order, strict=True):
        lines = heading_lines(model, column, _HEADING_WIDTH)
        found.append(max([height_of(lines, 5), *(height_of(text[box]) for box in boxes)]))
    for first, last in group_runs(grid):
        # A group of columns is named beside them, on as many lines as that needs.
        needed = height_of(group_lines(grid.columns[first].group, _GROUP_WIDTH), 5)
        short = needed - sum(found[first : last + 1]) - grid.gap * (last - first)
        for number in range(first, last + 1):
            found[number] += max(0.0, short) / (last + 1 - first)
    return found
