"""A cross-table as a figure: counts in cells that are darker for larger counts, with margins."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.coding.tables import TOTAL, percentages
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.palette import BLUE, GREY, INK, LIGHT
from synthesis.plots.drawing.symbol_table import HEADING_AT_MOST, PITCH, Grid, GridColumn
from synthesis.plots.drawing.typeface import SIZE, clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PALEST = 0.15
"""How far from white the shade of the smallest count is, so that it can be seen in print."""

OF = {"row": "of the row", "column": "of the column", "all": "of all"}


def heat(
    table: pd.DataFrame,
    *,
    percent: str | None = None,
    names: Mapping[Hashable, str] | None = None,
    units: str = "units",
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw a cross-table: each count in its cell, with darker cells for larger counts.

    Parameters
    ----------
    table : DataFrame
        Counts, as `cross_table` or `co_occurrence` gives them. Margins are a last row and column
        called ``total``; they are printed and not shaded. A table without them is drawn without.
    percent : {"row", "column", "all"}, optional
        Print percentages beside the counts, and shade the cells by them.
    names : mapping, optional
        What to print for a category, or for the name of the rows or columns; by default its name
        in the table.
    units : str
        What was counted, in the plural, for the note and the description.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Its data are points on the sheet. A cell without units is white and says 0.

    Raises
    ------
    OptionError
        For an unknown `percent`.
    DataError
        If the table is empty, contains anything but counts, or `percent` is used without margins.
    """
    counts = _counts(table)
    shares = None if percent is None else _shares(counts, percent)
    inner = counts.drop(index=TOTAL, columns=TOTAL, errors="ignore")
    say = _Words(names or {})
    columns = [say(name) for name in counts.columns]
    texts = _texts(counts, shares)
    wide = _width(columns, texts)
    grid = Grid(
        [say(name) for name in counts.index],
        [GridColumn(heading=name, at_least=wide) for name in columns],
        label_heading=_corner(say(counts.index.name), say(counts.columns.name)),
        ax=ax,
        title=clean(title),
        notes=[_note(percent, clean(units))],
        ruled_above=len(inner) if TOTAL in counts.index else None,
    )
    shade = (inner if shares is None else shares.loc[inner.index, inner.columns]).fillna(0)
    strength = shade.to_numpy(dtype=float) / (shade.to_numpy().max() or 1)
    for row, column in np.ndindex(*counts.shape):
        at, text = (grid.across[column], grid.down[row]), texts[row][column]
        if row >= len(inner) or column >= inner.shape[1]:
            grid.write(*at, text, colour=INK, face="bold")
            continue
        fill = _fill(float(strength[row, column]))
        high = 2 * (grid.edges[row] - grid.down[row])
        _cell(grid, at, (wide, high), fill, gid=f"cell-{row}-{column}")
        grid.write(*at, text, colour=_ink(fill) if strength[row, column] else GREY)
    grid.describe(*_description(counts, inner, say, clean(units)))
    return grid.axes


class _Words:
    """What is printed for a category: its given name, or its own with spaces for underscores."""

    def __init__(self, names: Mapping[Hashable, str]) -> None:
        self.names = {label(name): said for name, said in names.items()}

    def __call__(self, name: Hashable) -> str:
        if name is None:
            return ""
        own = "Total" if name == TOTAL else label(name).replace("_", " ")
        return clean(self.names.get(label(name), own))


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    checks.is_table(table, "table")
    if table.empty:
        raise DataError("table: it has no cells; create it with cross_table.")
    for name in table.columns:
        cells = checks.numeric(table[name], [str(label) for label in table.index])
        counted = (cells >= 0) & (cells == np.floor(cells)) & np.isfinite(cells)
        if not counted.all():
            wrong = [
                f"{cell:g} in row {label!r}"
                for cell, label, sound in zip(cells, table.index, counted, strict=True)
                if not sound
            ]
            raise DataError(
                f"table: column {name!r} contains something other than counts: "
                f"{shortened(wrong)}. Draw the counts, as cross_table gives them; percent= "
                "prints percentages beside them."
            )
    return table.astype(int)


def _shares(counts: pd.DataFrame, percent: str) -> pd.DataFrame:
    if TOTAL not in counts.index or TOTAL not in counts.columns:
        raise DataError(
            f"percent: the table has no margins called {TOTAL!r} to take percentages of. Make it "
            "with cross_table."
        )
    return percentages(counts, percent)


def _corner(rows: str, columns: str) -> str:
    """Name the rows and the columns, above the labels of the rows."""
    return "\n".join(part for part in (columns and f"{columns} →", rows and f"{rows} ↓") if part)


def _note(percent: str | None, units: str) -> str:
    if percent is None:
        return f"The darker the cell, the more {units}. White: none."
    return f"In brackets and as shade: percent {OF[percent]}. White: no {units}."


def _texts(counts: pd.DataFrame, shares: pd.DataFrame | None) -> list[list[str]]:
    """Return the text in each cell."""
    texts = counts.map(lambda n: f"{n:,}")
    if shares is not None:
        beside = shares.map(lambda share: f" ({display.drawn(share, 0)}%)" if share > 0 else "")
        texts = texts + beside
    return [[str(text) for text in row] for row in texts.to_numpy()]


def _width(headings: Sequence[str], texts: Sequence[Sequence[str]]) -> float:
    """Return the width in points that every column has."""
    over = [typeface.wrapped(heading, HEADING_AT_MOST, "bold", SIZE) for heading in headings]
    widest = [typeface.width(heading, "bold", SIZE) for heading in over]
    widest += [typeface.width(text, "bold", SIZE) for row in texts for text in row]
    return max(*widest, 1.6 * PITCH) + SIZE


def _fill(strength: float) -> tuple[float, float, float]:
    """Return the colour of a cell: white for nothing, blue for the most."""
    from matplotlib.colors import to_rgb

    part = PALEST + (1 - PALEST) * strength if strength > 0 else 0.0
    red, green, blue = (1 - part * (1 - one) for one in to_rgb(BLUE))
    return red, green, blue


def _ink(fill: tuple[float, float, float]) -> str:
    """Return black or white, whichever is read more easily on a colour (WCAG 2.1, luminance)."""
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in fill]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return "black" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "white"


def _cell(
    grid: Grid,
    middle: tuple[float, float],
    size: tuple[float, float],
    fill: tuple[float, float, float],
    *,
    gid: str,
) -> None:
    """Draw the box of a cell, with a thin white border."""
    gap = 1.5
    grid.axes.bar(
        middle[0],
        size[1] - gap,
        width=size[0] - gap,
        bottom=middle[1] - (size[1] - gap) / 2,
        facecolor=fill,
        edgecolor=LIGHT,
        linewidth=0.4 * grid.scale,
        clip_on=False,
        zorder=2,
        gid=gid,
    )


def _description(
    counts: pd.DataFrame, inner: pd.DataFrame, say: _Words, units: str
) -> Sequence[str]:
    """Say in words what the table shows: how many, where most, and where none."""
    named = [say(one) for one in (inner.index.name, inner.columns.name)]
    of = f" of {named[0]} by {named[1]}" if all(named) else ""
    filled = inner.to_numpy()
    sentences = [f"Cross-table{of}."]
    if TOTAL in counts.index and TOTAL in counts.columns:
        sentences[0] = f"Cross-table{of}, {counts.to_numpy()[-1, -1]:,} {units}."
        for axis, name in ((counts[TOTAL], named[0]), (counts.loc[TOTAL], named[1])):
            listed = ", ".join(f"{say(one)} {n}" for one, n in axis.drop(TOTAL).items())
            sentences.append(f"By {name or 'category'}: {listed}.")
    if filled.any():
        row, column = divmod(int(filled.argmax()), filled.shape[1])
        sentences.append(
            f"Most, {filled[row, column]:,}, in {say(inner.index[row])} and "
            f"{say(inner.columns[column])}."
        )
    for one, cells in inner.iterrows():
        empty = [say(name) for name, n in cells.items() if n == 0]
        if empty:
            where = "any column" if len(empty) == len(cells) else ", ".join(empty)
            sentences.append(f"{say(one)}: none in {where}.")
    return sentences
