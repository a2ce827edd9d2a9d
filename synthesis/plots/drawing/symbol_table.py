"""A table of symbols: rows of studies, columns of domains, a mark in every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import Canvas, Sheet
from synthesis.plots.drawing.legend import Entry, place_key
from synthesis.plots.drawing.palette import GREY, INK, LIGHT, PALE
from synthesis.plots.drawing.typeface import LINE, SIZE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PITCH = 2.1 * SIZE
"""Distance of rows in points."""

LABEL_AT_MOST, HEADING_AT_MOST = 190.0, 88.0
"""Widths in points beyond which labels of rows and headings of columns are wrapped."""


@dataclass(frozen=True, kw_only=True)
class GridColumn:
    """One column.

    Attributes
    ----------
    heading : str
        The heading above it.
    texts : sequence of str, optional
        The content of its cells, where these are words rather than symbols.
    at_least : float
        Width in points.
    """

    heading: str
    texts: Sequence[str] | None = None
    at_least: float = 0.0


class Grid:
    """A sheet with a table of symbols, measured and ruled; the figure draws the symbols.

    Parameters
    ----------
    labels : sequence of str
        Labels of the rows.
    label_heading : str
        The heading above them.
    columns : sequence of GridColumn
        The columns.
    ax : Axes, optional
        Where to draw; see `Canvas`.
    title : str
        A title over the table.
    key : sequence of str
        What the symbols mean; the positions of the symbols are in `handles`.
    notes : sequence of str
        Sentences below.
    ruled_above : int, optional
        The first row with totals: a line divides it from those above.
    axis_below : bool
        Whether to leave room for the names of ticks below the rows.

    Attributes
    ----------
    axes : Axes
        Its data are points on the sheet, y downwards.
    across, down : list of float
        Where the columns and rows have their middle.
    edges : list of float
        The lower end of each row.
    handles : list of tuple of float
        Where the symbols of the key have their middle.
    """

    def __init__(
        self,
        labels: Sequence[str],
        columns: Sequence[GridColumn],
        *,
        label_heading: str = "Study",
        ax: Axes | None = None,
        title: str = "",
        key: Sequence[str] = (),
        notes: Sequence[str] = (),
        ruled_above: int | None = None,
        axis_below: bool = False,
    ) -> None:
        rows = [typeface.wrapped(label, LABEL_AT_MOST, "regular", SIZE) for label in labels]
        headings = [typeface.wrapped(c.heading, HEADING_AT_MOST, "bold", SIZE) for c in columns]
        first = max(
            [typeface.width(row, size=SIZE) for row in rows]
            + [typeface.width(label_heading, "bold", SIZE)]
        )
        self.across, x = [], SIZE + first + 1.5 * SIZE
        for column, heading in zip(columns, headings, strict=True):
            inside = max(
                (typeface.width(text, size=SIZE) for text in column.texts or ()), default=0
            )
            wide = max(typeface.width(heading, "bold", SIZE), inside, PITCH) + SIZE
            wide = max(wide, column.at_least)
            self.across.append(x + wide / 2)
            x += wide
        width = x + 0.4 * SIZE
        heading_title = typeface.wrapped(title, max(width - 2 * SIZE, 200.0), "bold", 1.1 * SIZE)
        width = max(width, typeface.width(heading_title, "bold", 1.1 * SIZE) + 2 * SIZE)
        top = SIZE
        if title:
            top += (heading_title.count("\n") + 1) * 1.1 * LINE * SIZE + 0.6 * SIZE
        tallest = max([heading.count("\n") for heading in [*headings, label_heading]])
        body = top + (tallest + 1) * LINE * SIZE + 0.5 * SIZE
        self.down, self.edges, y = [], [], body
        for row in rows:
            high = PITCH + row.count("\n") * LINE * SIZE
            self.down.append(y + high / 2)
            y += high
            self.edges.append(y)
        y += 1.6 * SIZE if axis_below else 0.0
        entries, end = place_key(
            [Entry(text=text) for text in key], SIZE, max(width, 300.0) - SIZE, y + 0.8 * SIZE
        )
        width = max([width, *(self._end(*entry) for entry in entries)])
        below: list[tuple[float, str]] = []
        for note in notes:
            text = typeface.wrapped(note, width - 2 * SIZE, "regular", SIZE)
            below.append((end + SIZE, text))
            end += (text.count("\n") + 1) * LINE * SIZE + 0.2 * SIZE
        self.canvas = Canvas(width, end + 0.8 * SIZE, ax)
        self.axes, self.scale = self.canvas.axes, self.canvas.scale
        self.canvas.frame(0, 0, width, self.canvas.height, limits=(0, width))
        self.canvas.ticks([], [], size=SIZE, colour=INK)
        self.axes.spines["bottom"].set_visible(False)
        self.handles = [(x + SIZE, y - 0.35 * SIZE) for _, x, y, _ in entries]
        for _, x, y, text in entries:
            self._write(x + 2.4 * SIZE, y, text)
        for y, text in below:
            self._write(SIZE, y, text, colour=GREY)
        self._title(heading_title)
        base = body - 0.8 * SIZE - label_heading.count("\n") * LINE * SIZE
        self._write(SIZE, base, label_heading, face="bold")
        for at, heading in zip(self.across, headings, strict=True):
            lines = heading.count("\n")
            base = body - 0.8 * SIZE - lines * LINE * SIZE
            self._write(at, base, heading, face="bold", align="center")
        for row, middle in zip(rows, self.down, strict=True):
            self._write(SIZE, middle + 0.35 * SIZE - row.count("\n") / 2 * LINE * SIZE, row)
        for column, at in zip(columns, self.across, strict=True):
            for text, middle in zip(column.texts or (), self.down, strict=False):
                self._write(at, middle + 0.35 * SIZE, text, align="center")
        right = width - SIZE
        self.canvas.rule((SIZE, body - 0.2 * SIZE), (right, body - 0.2 * SIZE), colour=INK)
        for number, edge in enumerate(self.edges):
            divides = number + 1 == ruled_above or number + 1 == len(self.edges)
            self.canvas.rule(
                (SIZE, edge),
                (right, edge),
                colour=LIGHT if divides else PALE,
                weight=0.6,
                zorder=0.5,
            )

    @staticmethod
    def _end(_entry: Entry, x: float, _y: float, text: str) -> float:
        return x + 2.4 * SIZE + typeface.width(text, size=SIZE) + SIZE

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        face: str = "regular",
        align: Literal["left", "center", "right"] = "left",
        colour: str = INK,
    ) -> None:
        self.canvas.text(x, y, text, size=SIZE, face=face, align=align, colour=colour)

    def _title(self, title: str) -> None:
        for number, line in enumerate(title.split("\n") if title else []):
            y = 2.0 * SIZE + number * 1.1 * LINE * SIZE
            self.canvas.text(SIZE, y, line, size=1.1 * SIZE, face="bold", colour=INK)

    def symbol(self, x: float, y: float, text: str, *, colour: str, size: float = SIZE) -> None:
        """Write a symbol with its middle at a point."""
        self.axes.text(
            x,
            y + 0.36 * size,
            text,
            transform=self.canvas.page,
            horizontalalignment="center",
            verticalalignment="baseline",
            fontproperties=self.canvas.font(text, size=size, face="bold"),
            color=colour,
            parse_math=False,
            clip_on=False,
            zorder=4,
        )

    def write(
        self, x: float, y: float, text: str, *, colour: str = INK, face: str = "regular"
    ) -> None:
        """Write a number or a word with its middle at a point."""
        self._write(x, y + 0.35 * SIZE, text, align="center", colour=colour, face=face)

    def describe(self, *sentences: str) -> None:
        """Set the description of the figure, for readers who cannot see it."""
        if isinstance(self.axes, Sheet):
            self.axes.description = " ".join(sentence for sentence in sentences if sentence)
