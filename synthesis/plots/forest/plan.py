"""The layout of a forest plot, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from arrowroot.errors import OptionError
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.typeface import LINE
from synthesis.plots.forest.columns import Columns
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.forest.table import ForestTable

WIDEST_NOTE = 32.0
"""How wide, in text sizes, a sentence among the rows may make the columns before it wraps."""

BETWEEN_HALVES = 1.2
"""Distance, in text sizes, of the words under the two halves of the axis."""

FOOTNOTE_LINES = 8
"""Of more footnotes than these, not each has a line of its own."""

TITLE = 1.2
"""Size of the title, times that of the text."""


def axis_limits(
    table: ForestTable, look: ForestStyle, asked: tuple[float, float] | None
) -> tuple[float, float]:
    """Return the ends of the axis on the scale readers see.

    Raises
    ------
    OptionError
        If the requested ends are not in order, or not positive for a ratio.
    """
    ratio = table.measure.is_ratio
    if asked is not None:
        if not asked[0] < asked[1] or (ratio and asked[0] <= 0):
            rule = "positive and in rising order" if ratio else "in rising order"
            raise OptionError(f"limits must be {rule}; got {asked!r}.")
        return asked
    drawn = [row for row in table.rows if row.low is not None]
    held = [(row.low, row.estimate, row.high) for row in drawn if row.kind != "prediction"]
    predicted = [(row.low, row.high) for row in drawn if row.kind == "prediction"]
    if len(predicted) > 1:  # of several results, no interval of few studies squashes the others
        predicted = []
    numbers = np.array(held, dtype=float).reshape(-1, 3)
    further = np.array(predicted, dtype=float).ravel()
    null = table.measure.null
    always = [] if np.isnan(null) else [null]
    if ratio:
        numbers, further = np.log(numbers), np.log(further)
        always = [float(np.log(value)) for value in always]
    low, high = axis.limits(
        *numbers.T,
        always=always,
        symmetric_about=(0.0 if ratio else null) if look.symmetric and not np.isnan(null) else None,
        if_there_is_room=further[np.isfinite(further)],
    )
    return (float(np.exp(low)), float(np.exp(high))) if ratio else (low, high)


class Plan:
    """The layout, before anything is drawn."""

    def __init__(
        self,
        table: ForestTable,
        look: ForestStyle,
        favours: tuple[str, str] | None,
        title: str,
    ) -> None:
        self.look, self.table = look, table
        size = look.size
        self.top = size
        if favours is not None and (isinstance(favours, str) or len(favours) != 2):
            raise OptionError(
                "favours must name two arms, left and right, as ('control', 'treatment') does; "
                f"got {favours!r}."
            )
        self.favours = [look.favours.format(arm=typeface.clean(arm)) for arm in favours or ()]
        widest = max((self._width(text) for text in self.favours), default=0.0)
        self.plot_width = max(look.plot_width, min(2 * widest / size + 1.5, look.widest_plot))
        inner = self._longest(row.cells["label"] for row in table.rows if row.kind == "note")
        least = min(inner, WIDEST_NOTE * size)
        least = max(least, table.left_at_least)
        self.columns = self._columns(least)
        longest = self._longest(table.notes)
        self.notes_beside = bool(look.left) and longest <= look.stretch * self.columns.left_width
        if self.notes_beside:
            least = max(least, longest)
            self.columns = self._columns(least)
        self.title = ""
        if title:
            room = (self.columns.width - 2 * self.columns.margin) / TITLE
            self.title = typeface.wrapped(title, room, "bold", size)
            self.top += TITLE * size * (0.7 + LINE * (self.title.count("\n") + 1))
            self.columns = self._columns(least)
        half = (self.plot_width - BETWEEN_HALVES) / 2 * size
        self.favours = [
            typeface.wrapped(text, half, self.favours_face, size) for text in self.favours
        ]
        self._place_below()

    def _columns(self, left_at_least: float) -> Columns:
        look = self.look
        return Columns(
            self.table.left,
            self.table.right,
            self.table.rows,
            plot_heading=self.table.plot_heading,
            size=look.size,
            pitch=look.pitch,
            plot_width=self.plot_width,
            top=self.top,
            left_at_least=left_at_least,
            measured=self.table.measured,
        )

    def _longest(self, sentences: Iterable[str]) -> float:
        return max((typeface.width(text, size=self.look.size) for text in sentences), default=0.0)

    def _width(self, text: str) -> float:
        return typeface.width(text, self.favours_face, self.look.size)

    @property
    def favours_face(self) -> str:
        """The face of the words under the axis."""
        return "bold" if self.look.bold_favours else "regular"

    def _place_below(self) -> None:
        """Stack what is below the rows: ticks, favours, axis label; notes beside or under."""
        size, line = self.look.size, LINE * self.look.size
        y = self.columns.body[1] + 2.1 * size
        self.favours_y = y + 0.75 * size
        if self.favours:
            y += line * (max(text.count("\n") for text in self.favours) + 1)
        self.axis_label_y = y + 0.85 * size
        if self.table.axis_label:
            y += line
        whole = self.columns.width - 2 * self.columns.margin
        beside = self.table.notes if self.notes_beside else []
        across = self.table.key + self._footnotes()
        under = across if self.notes_beside else self.table.notes + across
        self.notes: list[tuple[float, str]] = []
        note_y = self._stack(beside, self.columns.body[1] + 0.4 * size, self.columns.left_width)
        y = self._stack(under, max(y + 0.5 * size, note_y), whole) if under else max(y, note_y)
        self.height = y + size

    def _footnotes(self) -> list[str]:
        """Write the footnotes: one below the other, or as one paragraph if there are many."""
        lines = [f"{mark}\u00a0{text}".strip() for mark, text in self.table.footnotes]
        return lines if len(lines) <= FOOTNOTE_LINES else [" ".join(lines)]

    def _stack(self, notes: list[str], y: float, room: float) -> float:
        """Place sentences one below the other and return where they end."""
        size = self.look.size
        for note in notes:
            text = typeface.wrapped(note, room, "regular", size)
            self.notes.append((y + size, text))
            y += (1.35 + LINE * text.count("\n")) * size
        return y
