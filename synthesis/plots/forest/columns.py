"""Columns of text beside a plot, as wide as their content, so that nothing overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.typeface import LINE
from synthesis.pooling.results import MetaAnalysis

HEADING_AT_LEAST = 11.0
"""The width, in text sizes, at which a heading is wrapped, however narrow its column."""

DISC = 1.25
"""Diameter of a disc behind a symbol, in text sizes."""

DISC_GAP = 0.5
"""Distance of discs, in text sizes."""

MARK_GAP = 0.1
"""Distance of a footnote's mark from the label before it, in text sizes."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of text.

    Attributes
    ----------
    key : str
        The key of its cells in every row.
    heading : str
        Its heading; lines end where the text has a line end, and where it is too long.
    align : str
        ``"left"``, ``"right"`` or ``"center"``.
    discs : mapping of str to (str, str)
        For symbols on discs: the colours of disc and symbol, by symbol.
    group : str
        A heading that it shares with its neighbours in the same group; empty for none.
    at_most : float
        Width, in text sizes, beyond which cells are wrapped.
    """

    key: str
    heading: str
    align: Literal["left", "center", "right"] = "right"
    discs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    group: str = ""
    at_most: float = 16.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its cells, and what the plot shows beside them.

    Attributes
    ----------
    kind : str
        ``"study"``, ``"heading"``, ``"subtotal"``, ``"total"``, ``"prediction"``, ``"note"`` or
        ``"space"``.
    cells : mapping of str to str
        Text by column.
    low, estimate, high : float or None
        Interval and estimate on the scale readers see.
    weight, heaviest : float or None
        Weight in percent, and that of the heaviest study with which it is compared.
    marks : tuple of str
        Marks of its footnotes, written after its label.
    fit : MetaAnalysis or None
        The result that it belongs to.
    """

    kind: Literal["study", "heading", "subtotal", "total", "prediction", "note", "space"]
    cells: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    estimate: float | None = None
    high: float | None = None
    weight: float | None = None
    heaviest: float | None = None
    marks: tuple[str, ...] = ()
    fit: MetaAnalysis | None = None

    @property
    def face(self) -> str:
        """The typeface of its text."""
        return "bold" if self.kind in ("heading", "subtotal", "total") else "regular"


@dataclass(frozen=True)
class Piece:
    """A text with its position: `x` by its alignment, `y` the first line's baseline."""

    x: float
    y: float
    text: str
    face: str
    align: Literal["left", "center", "right"]
    colour: str | None = None


class Disc(NamedTuple):
    """A disc behind a symbol: its centre and its colour."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True, eq=False)
class Slot:
    """A column with its position on the sheet."""

    column: Column
    left: float
    right: float

    @property
    def anchor(self) -> float:
        """Where its text begins, has its middle, or ends."""
        middle = (self.left + self.right) / 2
        return {"left": self.left, "center": middle, "right": self.right}[self.column.align]


class Columns:
    """Columns to the left and right of a plot, measured and placed.

    Parameters
    ----------
    left, right : sequence of Column
        Columns on each side of the plot.
    rows : sequence of Row
        The rows.
    plot_heading : str
        The heading above the plot.
    size, pitch, plot_width : float
        Text size in points; distance of rows and width of the plot in text sizes.
    left_at_least : float
        Minimum width of the left side in points; its first column takes the rest.
    measured : sequence of Row, optional
        The rows that the columns must have room for, if there are more than `rows`.

    Attributes
    ----------
    plot : tuple of float
        Left and right end of the plot.
    width : float
        Width of the sheet.
    body : tuple of float
        Upper and lower end of the rows.
    centres : list of float
        The middle of each row's first line, where its mark is drawn.
    edges : list of float
        The lower end of each row.
    pieces : list of Piece
        Every text.
    discs : list of Disc
        The discs behind symbols.
    group_rules : list of tuple of float
        Left end, right end and height of the rules under shared headings.
    """

    def __init__(
        self,
        left: Sequence[Column],
        right: Sequence[Column],
        rows: Sequence[Row],
        *,
        plot_heading: str,
        size: float,
        pitch: float,
        plot_width: float,
        top: float,
        left_at_least: float = 0.0,
        measured: Sequence[Row] = (),
    ) -> None:
        self._size, self._pitch, self._rows = size, pitch, rows
        self.margin, gap, plot_gap = size, 1.3 * size, 1.6 * size
        self._marked = left[0].key
        widths = self._widths([*left, *right], measured or rows, gap)
        spare = left_at_least - sum(widths[c.key] for c in left) - gap * (len(left) - 1)
        widths[left[0].key] += max(0.0, spare)

        self._slots: list[Slot] = []
        x = self._place(left, widths, self.margin, gap) - gap + plot_gap
        self.plot = (x, x + plot_width * size)
        x = self.plot[1] + plot_gap
        self._place(right, widths, x, gap)
        self.width = max(self.plot[1], self._slots[-1].right) + self.margin

        self.pieces: list[Piece] = []
        self.discs: list[Disc] = []
        self.group_rules: list[tuple[float, float, float]] = []
        start = self._set_headings(plot_heading, top)
        self.centres: list[float] = []
        self.edges: list[float] = []
        end = self._set_rows(start)
        self.body = (start, end)

    @property
    def left_width(self) -> float:
        """Width of the columns to the left of the plot."""
        return max(s.right for s in self._slots if s.right <= self.plot[0]) - self.margin

    def _cell(self, row: Row, column: Column) -> str:
        """Return a cell in its lines; empty if the row has none in this column."""
        text = "" if row.kind == "note" else row.cells.get(column.key, "")
        return typeface.wrapped(text, column.at_most * self._size, row.face, self._size)

    def _before_marks(self, row: Row, text: str) -> float:
        """Return how far from the beginning of a label the marks after it begin."""
        last = text.rpartition("\n")[2]
        return typeface.width(last, row.face, self._size) + MARK_GAP * self._size

    def _content(self, row: Row, column: Column) -> float:
        """Return the width of a cell, with the marks after it."""
        text, size = self._cell(row, column), self._size
        wide = typeface.width(text, row.face, size)
        if row.marks and column.key == self._marked:
            marks = typeface.width(" ".join(row.marks), row.face, size)
            wide = max(wide, self._before_marks(row, text) + marks)
        return wide

    def _widths(
        self, columns: Sequence[Column], rows: Sequence[Row], gap: float
    ) -> dict[str, float]:
        """Measure columns; those under one heading are widened until it fits over them."""
        size, widths = self._size, {}
        self._headings: dict[str, str] = {}
        for column in columns:
            content = max((self._content(row, column) for row in rows), default=0.0)
            room = max(content, HEADING_AT_LEAST * size)
            self._headings[column.key] = typeface.wrapped(column.heading, room, "bold", size)
            heading = typeface.width(self._headings[column.key], "bold", size)
            widths[column.key] = max(content, heading, DISC * size if column.discs else 0.0)
        for group in dict.fromkeys(column.group for column in columns if column.group):
            members = [column.key for column in columns if column.group == group]
            inner = sum(widths[key] for key in members) + gap * (len(members) - 1)
            room = max(inner, HEADING_AT_LEAST * size)
            self._headings[group] = typeface.wrapped(group, room, "bold", size)
            lacking = typeface.width(self._headings[group], "bold", size) - inner
            for key in members:
                widths[key] += max(0.0, lacking) / len(members)
        return widths

    def _place(
        self, columns: Sequence[Column], widths: Mapping[str, float], x: float, gap: float
    ) -> float:
        for column in columns:
            self._slots.append(Slot(column, x, x + widths[column.key]))
            x += widths[column.key] + (gap if not column.discs else DISC_GAP * self._size)
        return x

    def _set_headings(self, plot_heading: str, top: float) -> float:
        """Place the headings on a common lowest line and return where the rows begin."""
        size, line = self._size, LINE * self._size
        over_plot = typeface.wrapped(plot_heading, self.plot[1] - self.plot[0], "bold", size)
        headings = [(slot, self._headings[slot.column.key]) for slot in self._slots]
        lines = {slot.column.key: text.count("\n") + 1 for slot, text in headings}
        groups: dict[str, list[Slot]] = {}
        for slot in self._slots:
            if slot.column.group:
                groups.setdefault(slot.column.group, []).append(slot)
        own = {g: max(lines[slot.column.key] for slot in slots) for g, slots in groups.items()}
        tallest = max(
            [*lines.values(), over_plot.count("\n") + 1]
            + [own[g] + self._headings[g].count("\n") + 1.4 for g in groups]
        )
        lowest = top + tallest * line - 0.3 * size

        def set_(
            text: str, x: float, bottom: float, align: Literal["left", "center", "right"]
        ) -> None:
            first = bottom - text.count("\n") * line
            self.pieces.append(Piece(x, first, text, "bold", align))

        for slot, text in headings:
            if text:
                set_(text, slot.anchor, lowest, slot.column.align)
        for group, slots in groups.items():
            height = lowest - own[group] * line - 0.1 * size
            self.group_rules.append((slots[0].left, slots[-1].right, height))
            centre = (slots[0].left + slots[-1].right) / 2
            set_(self._headings[group], centre, height - 0.3 * size, "center")
        if over_plot:
            set_(over_plot, sum(self.plot) / 2, lowest, "center")
        return lowest + 0.55 * size

    def _set_rows(self, y: float) -> float:
        size = self._size
        for row in self._rows:
            texts = {slot: text for slot in self._slots if (text := self._cell(row, slot.column))}
            if row.kind == "note":
                texts = self._note(row)
            extra = max((text.count("\n") for text in texts.values()), default=0)
            height = (0.6 if row.kind == "space" else self._pitch) * size + extra * LINE * size
            centre = y + self._pitch * size / 2
            for slot, text in texts.items():
                x, face, align = slot.anchor, row.face, slot.column.align
                disc, ink = slot.column.discs.get(text, (None, None))
                if disc is not None:
                    self.discs.append(Disc(x, centre, disc))
                    face = "bold"
                first = centre + 0.35 * size
                self.pieces.append(Piece(x, first, text, face, align, ink))
                if row.marks and slot.column.key == self._marked:
                    after, last = x + self._before_marks(row, text), text.count("\n") * LINE * size
                    marks = " ".join(row.marks)
                    self.pieces.append(Piece(after, first + last, marks, row.face, "left"))
            self.centres.append(centre)
            y += height
            self.edges.append(y)
        return y

    def _note(self, row: Row) -> dict[Slot, str]:
        """Place a sentence across all columns to the left of the plot."""
        first = self._slots[0]
        text = row.cells[first.column.key]
        return {first: typeface.wrapped(text, self.left_width, "regular", self._size)}
