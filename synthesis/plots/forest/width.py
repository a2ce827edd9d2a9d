"""A forest plot laid out for the width that a journal prints, before its text is shrunk."""

from __future__ import annotations

import re
from dataclasses import replace

from arrowroot.errors import OptionError
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import POINTS
from synthesis.plots.drawing.journals import MILLIMETRES, check_text, print_width
from synthesis.plots.drawing.typeface import clean
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
    `COMFORTABLE`; only then is all text made smaller. Where there is room to spare, the plot
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
        for plot_width, at_most in STEPS:
            look = _with_plot(look, max(plot_width, least))
            table = _with_labels(table, at_most)
            natural = _natural(table, look, favours, title)
            if look.size * room / natural >= COMFORTABLE:
                break
    # The last step may have narrowed more than necessary; what is left over goes to the plot.
    full = room if natural <= room else room * look.size / COMFORTABLE
    spare = max(0.0, full - natural)
    if spare:
        plot = Plan(table, look, favours, clean(title)).columns.plot
        look = _with_plot(look, (plot[1] - plot[0] + spare) / look.size)
        natural += spare
    check_text(wanted, natural / POINTS * MILLIMETRES, look.size, laid_out=True)
    return table, replace(look, size=look.size * room / natural)


def _natural(
    table: ForestTable, look: ForestStyle, favours: tuple[str, str] | None, title: str
) -> float:
    """Return the width of a sheet in points."""
    return Plan(table, look, favours, clean(title)).columns.width


def _with_labels(table: ForestTable, at_most: float) -> ForestTable:
    """Wrap the text of all columns at a width in text sizes."""
    return replace(
        table,
        left=[replace(one, at_most=min(one.at_most, at_most)) for one in table.left],
        right=[replace(one, at_most=min(one.at_most, at_most)) for one in table.right],
    )


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
