"""What is around the boxes of a figure: title, headings, context, notes and footer."""

from __future__ import annotations

from collections.abc import Sequence

from arrowroot.fonts import wrap
from logicmodels.figures import style
from logicmodels.figures.layout.column_grid import Grid
from logicmodels.figures.parts import (
    Line,
    Placed,
    context_entries,
    height_of,
    listed,
    shown,
)
from logicmodels.model import Model
from logicmodels.profiles.profile import Column

_SEVERAL, _SHORT = 4, 30
"""From how many entries of context on, none longer than so many characters, they share a line."""


def title_part(model: Model, width: float) -> Placed:
    """Place the title at the top, broken over as many lines as it needs."""
    lines = tuple(
        Line(text, style.TITLE_SIZE, bold=True, left=True)
        for text in wrap(shown(model.title), style.CAPTION_SHARE * width, style.TITLE_SIZE, "bold")
    )
    height = height_of(lines, 0)
    return Placed("title", lines, width / 2, height / 2, width, height)


def group_headings(grid: Grid, top: float) -> tuple[tuple[Placed, ...], float]:
    """Place the headings that several columns share, and return how far down they extend."""
    runs: list[tuple[int, int]] = []
    for number, column in enumerate(grid.columns):
        group = grid.model.column_group(column.id)
        if not group:
            continue
        if runs and runs[-1][1] == number - 1 and grid.columns[runs[-1][0]].group == group:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    height = style.HEADING_SIZE * style.LINE_HEIGHT + 8
    placed_groups = tuple(
        Placed(
            f"group_{grid.columns[first].id}",
            (Line(grid.columns[first].group, style.HEADING_SIZE, bold=True),),
            (grid.track(first).left + grid.track(last).right) / 2,
            top + height / 2,
            grid.track(last).right - grid.track(first).left,
            height,
            grid.columns[first].kind,
        )
        for first, last in runs
    )
    return placed_groups, top + height + 4 if placed_groups else top


def column_headings(grid: Grid, top: float) -> tuple[tuple[Placed, ...], float]:
    """Place the headings of all columns, all of one height, and return how far down they extend."""
    texts = []
    for column in grid.columns:
        name, note = grid.model.heading(column.id), grid.model.column_note(column.id)
        inner = grid.box_width - 8
        lines = [
            Line(text, style.HEADING_SIZE, bold=True)
            for text in wrap(name, inner, style.HEADING_SIZE, "bold")
        ]
        lines += [
            Line(text, style.NOTE_SIZE, quiet=True)
            for text in (wrap(note, inner, style.NOTE_SIZE) if note else ())
        ]
        texts.append(tuple(lines))
    height = max((height_of(lines, 5) for lines in texts), default=0.0)
    headings = tuple(
        Placed(
            f"heading_{column.id}",
            lines,
            grid.middle(number),
            top + height / 2,
            grid.box_width,
            height,
            column.kind,
        )
        for number, (column, lines) in enumerate(zip(grid.columns, texts, strict=True))
    )
    return headings, top + height


def context_boxes(grid: Grid, top: float) -> tuple[tuple[Placed, ...], float]:
    """Place a box for each column of context side by side, and bars beneath them.

    Returns also how far down they extend.
    """
    model = grid.model
    filled = [column for column in model.profile.context if model.column(column.id)]
    if not filled:
        return (), top - 1.5 * style.BETWEEN_BOXES
    listed_columns = [column for column in filled if not is_bar(model, column)]
    boxes, bottom = _side_by_side(grid, listed_columns, top)
    bars: list[Placed] = []
    for column in filled:
        if column not in listed_columns:
            if bars or boxes:
                bottom += style.BETWEEN_BOXES
            bars.append(_bar(grid, column, bottom))
            bottom += bars[-1].height
    return (*boxes, *bars), bottom


def is_bar(model: Model, column: Column) -> bool:
    """Return whether a column of context is a bar, with its boxes in one line.

    It is where the profile says so, and where it would be a list of a few words each in a box as
    wide as the figure.
    """
    entries = context_entries(model.column(column.id))
    others = [one for one in model.profile.context if not one.bar and model.column(one.id)]
    short = len(entries) >= _SEVERAL and max(map(len, entries)) <= _SHORT
    return column.bar or (others == [column] and short)


def bar_text(model: Model, column: str) -> str:
    """Return the boxes of a column, with their items, as one line of a bar."""
    return " – ".join(entry for node in model.column(column) for entry in (node.label, *node.items))


def _bar(grid: Grid, column: Column, top: float) -> Placed:
    """Place a column of context as a bar as wide as the figure."""
    width = max(grid.width, style.WIDEST_BOX)
    inner = width - 2 * style.PADDING
    size = style.FONT_SIZE
    heading = wrap(shown(grid.model.heading(column.id)), inner, size, "bold")
    entries = wrap(shown(bar_text(grid.model, column.id)), inner, size)
    lines = (*(Line(text, bold=True) for text in heading), *map(Line, entries))
    height = height_of(lines)
    return Placed(
        f"context_{column.id}", lines, width / 2, top + height / 2, width, height, column.kind
    )


def _side_by_side(
    grid: Grid, columns: Sequence[Column], top: float
) -> tuple[tuple[Placed, ...], float]:
    model = grid.model
    if not columns:
        return (), top
    width = (grid.width - (len(columns) - 1) * style.BETWEEN_BOXES) / len(columns)
    width = max(width, style.WIDEST_BOX)
    texts = []
    for column in columns:
        inner = width - 2 * style.PADDING
        lines = [
            Line(text, bold=True, left=True)
            for text in wrap(model.heading(column.id), inner, style.FONT_SIZE, "bold")
        ]
        texts.append((*lines, *listed(context_entries(model.column(column.id)), inner)))
    height = max(height_of(lines) for lines in texts)
    boxes = tuple(
        Placed(
            f"context_{column.id}",
            lines,
            number * (width + style.BETWEEN_BOXES) + width / 2,
            top + height / 2,
            width,
            height,
            column.kind,
        )
        for number, (column, lines) in enumerate(zip(columns, texts, strict=True))
    )
    return boxes, top + height


def footer_text(model: Model) -> str:
    """Return the text at the foot: where a model comes from, its version and its date."""
    parts = [
        f"Source: {model.source}" if model.source else "",
        f"Version {model.version}" if model.version else "",
        model.date,
    ]
    return ". ".join(part for part in parts if part)


def footer_lines(model: Model, width: float) -> tuple[Line, ...]:
    """Return the lines of the footer, if it has any text."""
    text = footer_text(model)
    return tuple(
        Line(line, style.FOOTER_SIZE, left=True, quiet=True)
        for line in (
            wrap(shown(text), style.CAPTION_SHARE * width, style.FOOTER_SIZE) if text else ()
        )
    )


def beneath(name: str, lines: tuple[Line, ...], width: float, bottom: float) -> Placed:
    """Place lines beneath everything that extends down to `bottom`."""
    height = height_of(lines, 0)
    return Placed(name, lines, width / 2, bottom + style.BETWEEN_BOXES + height / 2, width, height)
