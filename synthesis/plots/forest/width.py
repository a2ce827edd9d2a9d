"""A forest plot laid out for the width that a journal prints, before its text is shrunk."""

from __future__ import annotations

import re
from dataclasses import replace

from arrowroot.errors import OptionError
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import POINTS
from synthesis.plots.drawing.journals import MILLIMETRES, check_text, print_width
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.columns import Column
from synthesis.plots.forest.plan import BETWEEN_HALVES, Plan
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.forest.table import ForestTable

STEPS = (
    (17.0, 24.0),
    (15.0, 20.0),
    (13.0, 17.0),
    (12.0, 14.0),
    (11.0, 12.0),
    (10.0, 11.0),
    (9.0, 10.0),
)
"""Widths of the plot and of labels before they wrap, in text sizes: what is narrowed, and how."""

ROUNDING = 0.05
"""Text sizes by which measured words may differ from one text size to another."""

COMFORTABLE = 8.0
"""Text size in points at which nothing more has to be narrowed; PLOS asks for 8 to 12."""


def fitted(
    table: ForestTable,
    look: ForestStyle,
    *,
    favours: tuple[str, str] | None,
    title: str,
    width: float | str | None,
    given_axes: bool,
) -> tuple[ForestTable, ForestStyle]:
    """Return a table and a style whose sheet has the requested width.

    Labels wrap earlier and the plot gets narrower, a step at a time, until the text is at least
    `COMFORTABLE`; only then is all text made smaller. Effects stay on one line unless the text
    would otherwise be smaller than the publisher accepts. Where there is room to spare, the plot
    takes it.

    Parameters
    ----------
    table, look, favours, title
        As `synthesis.plots.forest.artist.draw_table` takes them.
    width : float or str or None
        As `synthesis.plots.drawing.save.save` takes it; None leaves everything as it is.
    given_axes : bool
        Whether the user passed axes, which have their own size.

    Raises
    ------
    OptionError
        If text would be too small to read, there is no such width, or axes were given.
    """
    if width is None:
        return table, look
    if given_axes:
        raise OptionError(
            "width cannot be combined with ax: the figure of those axes has its own width."
        )
    wanted = print_width(width)
    room = wanted.millimetres / MILLIMETRES * POINTS
    natural = _natural(table, look, favours, title)
    if natural > room:
        least = _longest_word(table, look, favours)
        look = replace(look, stretch=1.0)
        steps = [(*step, False) for step in STEPS]
        if _printed(table, look, favours, title, room, STEPS[-1], least) < wanted.least:
            steps += [(*step, True) for step in STEPS]
        for plot_width, at_most, numbers in steps:
            look = _with_plot(look, max(plot_width, least))
            table = _with_labels(table, at_most, numbers=numbers)
            natural = _natural(table, look, favours, title)
            if look.size * room / natural >= (wanted.least if numbers else COMFORTABLE):
                break
    # The last step may have narrowed more than necessary; what is left over goes to the plot.
    full = room if natural <= room else room * look.size / COMFORTABLE
    spare = max(0.0, full - natural)
    if spare:
        plot = Plan(table, look, favours, clean(title)).columns.plot
        look = _with_plot(look, (plot[1] - plot[0] + spare) / look.size)
        natural += spare
    check_text(wanted, natural / POINTS * MILLIMETRES, look.size, narrower=advice(look))
    return table, replace(look, size=look.size * room / natural)


def advice(look: ForestStyle, *, laid_out: bool = True) -> str:
    """Say how a forest plot could be drawn with larger text, for a message.

    `laid_out` says whether it was drawn for its width already.
    """
    said = "draw it with fewer columns"
    if look.name != "jama":
        said += ": style='jama' has the fewest"
    if not laid_out:
        said += ", and forest(..., width=...) wraps labels and narrows the plot"
    return said


def _natural(
    table: ForestTable, look: ForestStyle, favours: tuple[str, str] | None, title: str
) -> float:
    """Return the width of a sheet in points."""
    return Plan(table, look, favours, clean(title)).columns.width


def _with_labels(table: ForestTable, at_most: float, *, numbers: bool) -> ForestTable:
    """Wrap the text of columns at a width in text sizes; effects only if `numbers`."""

    def narrower(column: Column) -> Column:
        kept = column.key == "effect" and not numbers
        return column if kept else replace(column, at_most=min(column.at_most, at_most))

    return replace(
        table,
        left=[narrower(column) for column in table.left],
        right=[narrower(column) for column in table.right],
    )


def _printed(
    table: ForestTable,
    look: ForestStyle,
    favours: tuple[str, str] | None,
    title: str,
    room: float,
    step: tuple[float, float],
    least: float,
) -> float:
    """Return the text size in points after one step that leaves effects on one line."""
    look = _with_plot(look, max(step[0], least))
    table = _with_labels(table, step[1], numbers=False)
    return look.size * room / _natural(table, look, favours, title)


def _with_plot(look: ForestStyle, wide: float) -> ForestStyle:
    return replace(look, plot_width=wide, widest_plot=wide)


def _longest_word(table: ForestTable, look: ForestStyle, favours: tuple[str, str] | None) -> float:
    """Return how wide a plot must be, in text sizes, so that no word above or under it breaks."""
    over = [typeface.width(word, "bold", 1.0) for word in re.split("[ \n]", table.plot_heading)]
    under = [
        2 * typeface.width(word, "bold", 1.0) + BETWEEN_HALVES
        for words in (look.favours, *(favours or ()))
        for word in clean(words).split()
        if favours
    ]
    return max([*over, *under], default=0.0) + ROUNDING
