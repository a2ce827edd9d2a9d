"""What is around the boxes of a figure: title, headings, context, notes and footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def group_runs(grid: Grid) -> list[tuple[int, int]]:
    """Return the first and last of neighbouring columns that share a heading."""
    runs: list[tuple[int, int]] = []
    for number, column in enumerate(grid.columns):
        if not grid.model.column_group(column.id):
            continue
        if runs and runs[-1][1] == number - 1 and grid.columns[runs[-1][0]].group == column.group:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def group_lines(group: str, width: float) -> tuple[Line, ...]:
    """Return the heading that columns share, in lines."""
    lines = wrap(group, width - 8, style.HEADING_SIZE, "bold")
    return tuple(Line(text, style.HEADING_SIZE, bold=True) for text in lines)


def group_headings(grid: Grid, top: float) -> tuple[tuple[Placed, ...], float]:
    """Place the headings that several columns share, and return how far down they extend."""
    runs = group_runs(grid)
    texts = [
        group_lines(grid.columns[first].group, grid.track(last).right - grid.track(first).left)
        for first, last in runs
    ]
    height = max((height_of(lines, 4) for lines in texts), default=0.0)
    placed_groups = tuple(
        Placed(
            f"group_{grid.columns[first].id}",
            lines,
            (grid.track(first).left + grid.track(last).right) / 2,
            top + height / 2,
            grid.track(last).right - grid.track(first).left,
            height,
            grid.columns[first].kind,
        )
        for (first, last), lines in zip(runs, texts, strict=True)
    )
    return placed_groups, top + height + 4 if placed_groups else top


def column_headings(grid: Grid, top: float) -> tuple[tuple[Placed, ...], float]:
    """Place the headings of all columns, all of one height, and return how far down they extend."""
    texts = [heading_lines(grid.model, column, grid.box_width) for column in grid.columns]
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


def heading_lines(model: Model, column: Column, width: float) -> tuple[Line, ...]:
    """Return the heading of a column and its note, in lines."""
    name, note = model.heading(column.id), model.column_note(column.id)
    inner = width - 8
    heading = wrap(name, inner, style.HEADING_SIZE, "bold")
    small = wrap(note, inner, style.NOTE_SIZE) if note else ()
    return (
        *(Line(text, style.HEADING_SIZE, bold=True) for text in heading),
        *(Line(text, style.NOTE_SIZE, quiet=True) for text in small),
    )


def context_boxes(
    model: Model, room: float, top: float, letters: Mapping[str, str]
) -> tuple[tuple[Placed, ...], float]:
    """Place a box for each column of context side by side, and bars beneath them.

    Returns also how far down they extend. Some entries have letters, by the ids of their boxes.
    """
    filled = [column for column in model.profile.context if model.column(column.id)]
    if not filled:
        return (), top - 1.5 * style.BETWEEN_BOXES
    listed_columns = [column for column in filled if not is_bar(model, column)]
    boxes, bottom = _side_by_side(model, room, listed_columns, top, letters)
    bars: list[Placed] = []
    for column in filled:
        if column not in listed_columns:
            if bars or boxes:
                bottom += style.BETWEEN_BOXES
            bars.append(_bar(model, room, column, bottom, letters))
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


def bar_text(model: Model, column: str, letters: Mapping[str, str]) -> str:
    """Return the boxes of a column, with their items, as one line of a bar."""
    return " – ".join(
        entry
        for node in model.column(column)
        for entry in (f"{letters.get(node.id, '')} {node.label}".strip(), *node.items)
    )


def _bar(
    model: Model, room: float, column: Column, top: float, letters: Mapping[str, str]
) -> Placed:
    """Place a column of context as a bar as wide as the figure."""
    width = max(room, style.WIDEST_BOX)
    inner = width - 2 * style.PADDING
    size = style.FONT_SIZE
    heading = wrap(shown(model.heading(column.id)), inner, size, "bold")
    entries = wrap(shown(bar_text(model, column.id, letters)), inner, size)
    lines = (*(Line(text, bold=True) for text in heading), *map(Line, entries))
    height = height_of(lines)
    return Placed(
        f"context_{column.id}", lines, width / 2, top + height / 2, width, height, column.kind
    )


def _side_by_side(
    model: Model,
    room: float,
    columns: Sequence[Column],
    top: float,
    letters: Mapping[str, str],
) -> tuple[tuple[Placed, ...], float]:
    if not columns:
        return (), top
    width = (room - (len(columns) - 1) * style.BETWEEN_BOXES) / len(columns)
    width = max(width, style.WIDEST_BOX)
    texts = []
    for column in columns:
        inner = width - 2 * style.PADDING
        lines = [
            Line(text, bold=True, left=True)
            for text in wrap(model.heading(column.id), inner, style.FONT_SIZE, "bold")
        ]
        texts.append((*lines, *listed(context_entries(model.column(column.id), letters), inner)))
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
