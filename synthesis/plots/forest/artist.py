"""Drawing a forest plot from its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.canvas import Canvas
from synthesis.plots.forest.columns import DISC, Row
from synthesis.plots.forest.plan import TITLE, Plan, axis_limits
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.forest.table import ForestTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DIAMOND = 9 / 14
"""Half the height of a diamond, in text sizes, as RevMan draws it."""


def draw_table(
    table: ForestTable,
    look: ForestStyle,
    *,
    ax: Axes | None,
    favours: tuple[str, str] | None,
    limits: tuple[float, float] | None,
    title: str,
) -> Axes:
    """Draw a table with its plot; the arguments are those of `synthesis.forest`."""
    plan = Plan(table, look, favours, typeface.clean(title))
    canvas = Canvas(plan.columns.width, plan.height, ax)
    _Artist(canvas, plan, axis_limits(table, look, limits)).draw()
    return canvas.axes


class _Artist:
    """Draws a plan on a canvas."""

    def __init__(self, canvas: Canvas, plan: Plan, limits: tuple[float, float]) -> None:
        self.canvas, self.plan, self.look, self.limits = canvas, plan, plan.look, limits
        self.axes, self.size = canvas.axes, plan.look.size
        self.colours = plan.look.colours

    def draw(self) -> None:
        columns = self.plan.columns
        self.canvas.frame(
            columns.plot[0],
            columns.body[0],
            columns.plot[1],
            columns.body[1],
            limits=self.limits,
            log=self.plan.table.measure.is_ratio,
        )
        self._text()
        if columns.discs:
            self._discs()
        self._rules()
        self._reference_lines()
        self._studies()
        self._arrows()
        for row, y in zip(self.plan.table.rows, columns.centres, strict=True):
            if row.kind in ("total", "subtotal"):
                self._diamond(row, y)
            elif row.kind == "prediction":
                self._prediction(row, y)
        self._axis()

    def _text(self) -> None:
        plan, size, colour = self.plan, self.size, self.colours["text"]
        for piece in plan.columns.pieces:
            self.canvas.text(
                piece.x,
                piece.y,
                piece.text,
                size=size,
                face=piece.face,
                align=piece.align,
                colour=piece.colour or colour,
            )
        margin = plan.columns.margin
        if plan.title:
            self.canvas.text(margin, (1 + TITLE) * size, plan.title, size=TITLE * size, face="bold")
        for y, note in plan.notes:
            self.canvas.text(margin, y, note, size=size, colour=colour)

    def _discs(self) -> None:
        discs = self.plan.columns.discs
        self.axes.scatter(
            [disc.x for disc in discs],
            [disc.y for disc in discs],
            s=(DISC * self.size * self.canvas.scale) ** 2,
            c=[disc.colour for disc in discs],
            linewidths=0,
            transform=self.canvas.page,
            clip_on=False,
            zorder=1,
            gid="judgements",
        )

    def _rules(self) -> None:
        columns, left = self.plan.columns, self.plan.columns.margin
        right = columns.width - left
        for start, end, y in columns.group_rules:
            self.canvas.rule((start, y), (end, y), colour=self.colours["rule"], weight=0.5)
        top = columns.body[0]
        self.canvas.rule((left, top), (right, top), colour=self.colours["rule"], weight=0.8)
        if self.look.separators:
            for row, y in zip(self.plan.table.rows, columns.edges, strict=True):
                if row.kind == "study":
                    self.canvas.rule(
                        (left, y), (right, y), colour=self.colours["separator"], zorder=0.5
                    )

    def _reference_lines(self) -> None:
        table, (top, bottom) = self.plan.table, self.plan.columns.body
        if not np.isnan(table.measure.null) and self._inside(table.measure.null):
            self.axes.vlines(
                table.measure.null,
                bottom,
                top,
                colors=self.colours["null"],
                linewidths=0.7 * self.canvas.scale,
                zorder=1,
                gid="no-effect",
            )
        if self.look.pooled_line and table.pooled is not None and self._inside(table.pooled):
            totals = [
                y
                for row, y in zip(table.rows, self.plan.columns.centres, strict=True)
                if row.kind == "total"
            ]
            self.axes.vlines(
                table.pooled,
                totals[0] if totals else bottom,
                top,
                colors=self.colours["diamond_outline"],
                linewidths=0.7 * self.canvas.scale,
                linestyles=(0, (3, 3)),
                zorder=1,
                gid="pooled",
            )

    def _inside(self, value: float) -> bool:
        return self.limits[0] <= value <= self.limits[1]

    def _studies(self) -> None:
        """Draw intervals, and squares by weight."""
        placed = [
            (row, y)
            for row, y in zip(self.plan.table.rows, self.plan.columns.centres, strict=True)
            if row.kind == "study" and row.estimate is not None
        ]
        numbers = [
            (row.low, row.estimate, row.high, row.weight, row.heaviest, y) for row, y in placed
        ]
        low, estimate, high, weight, heaviest, y = np.array(numbers, dtype=float).reshape(-1, 6).T
        scale, colours = self.canvas.scale, self.colours
        low_end, high_end = np.clip([low, high], *self.limits)
        self.axes.hlines(
            y,
            low_end,
            high_end,
            colors=colours["interval"],
            linewidths=0.8 * scale,
            zorder=2,
            gid="intervals",
        )
        shown = (estimate >= self.limits[0]) & (estimate <= self.limits[1])
        sides = self.look.sides(weight, heaviest) * self.size * scale
        self.axes.scatter(
            estimate[shown],
            y[shown],
            s=sides[shown] ** 2,
            marker="s",
            color=colours[self.plan.table.squares],
            edgecolors=colours["outline"],
            linewidths=0 if colours["outline"] == "none" else 0.5 * scale,
            clip_on=False,
            zorder=3,
            gid="squares",
        )

    def _arrows(self) -> None:
        """Draw an arrow wherever an interval leaves the axis."""
        placed = zip(self.plan.table.rows, self.plan.columns.centres, strict=True)
        rows = [(row.low, row.high, y) for row, y in placed if row.low is not None]
        low, high, y = np.array(rows, dtype=float).reshape(-1, 3).T
        for side, cut, marker, end in (
            ("low", low < self.limits[0], "<", self.limits[0]),
            ("high", high > self.limits[1], ">", self.limits[1]),
        ):
            self.axes.scatter(
                np.full(int(cut.sum()), end),
                y[cut],
                marker=marker,
                s=(0.45 * self.size * self.canvas.scale) ** 2,
                color=self.colours["interval"],
                linewidths=0,
                clip_on=False,
                zorder=5,
                gid=f"arrows-{side}",
            )

    def _diamond(self, row: Row, y: float) -> None:
        half = DIAMOND * self.size
        self.axes.fill(
            [row.low, row.estimate, row.high, row.estimate],
            [y, y - half, y, y + half],
            facecolor=self.colours["diamond"],
            edgecolor=self.colours["diamond_outline"],
            linewidth=0.6 * self.canvas.scale,
            joinstyle="miter",
            zorder=4,
            gid="diamond",
        )

    def _prediction(self, row: Row, y: float) -> None:
        """Draw the prediction interval as a bar with ends, below the diamond."""
        assert row.low is not None and row.high is not None  # noqa: S101 - created with both
        half = 0.14 * self.size
        self.axes.barh(
            y,
            row.high - row.low,
            left=row.low,
            height=2 * half,
            color=self.colours["prediction"],
            linewidth=0,
            zorder=4,
            gid="prediction",
        )

    def _axis(self) -> None:
        plan, size = self.plan, self.size
        ratio = plan.table.measure.is_ratio
        left, right = plan.columns.plot
        ticks = axis.ticks(
            self.limits,
            ratio=ratio,
            room=right - left,
            width=lambda label: typeface.width(label, "regular", size) + 0.7 * size,
        )
        self.canvas.ticks(ticks, axis.tick_labels(ticks), size=size, colour=self.colours["text"])
        if plan.table.axis_label:
            self.canvas.text(
                (left + right) / 2,
                plan.axis_label_y,
                plan.table.axis_label,
                size=size,
                align="center",
            )
        if plan.favours:
            for x, text in zip(self._favours_places(), plan.favours, strict=True):
                self.canvas.text(
                    x,
                    plan.favours_y,
                    text,
                    size=size,
                    face=plan.favours_face,
                    align="center",
                )

    def _favours_places(self) -> tuple[float, float]:
        """Centre each label under its half of the plot, moved if it would leave the plot."""
        plan = self.plan
        left, right = plan.columns.plot
        half = [typeface.width(t, plan.favours_face, self.size) / 2 for t in plan.favours]
        null = self._position(plan.table.measure.null)
        first = max((left + null) / 2, left + half[0])
        second = min((null + right) / 2, right - half[1])
        lacking = max(0.0, first + half[0] + self.size - (second - half[1]))
        step = min(lacking, right - half[1] - second)
        return first - (lacking - step), second + step

    def _position(self, value: float) -> float:
        """Return the position of a value of the axis on the sheet."""
        ends = np.array([*self.limits, value])
        if self.plan.table.measure.is_ratio:
            ends = np.log(ends)
        left, right = self.plan.columns.plot
        share = np.clip((ends[2] - ends[0]) / (ends[1] - ends[0]), 0, 1)
        return float(left + share * (right - left))
