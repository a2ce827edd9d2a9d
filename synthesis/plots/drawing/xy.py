"""A graph with two axes, a key and notes: the basis of figures of points and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.canvas import Canvas, Sheet
from synthesis.plots.drawing.legend import Entry, draw_key, place_key
from synthesis.plots.drawing.palette import BLUE, GREY, INK
from synthesis.plots.drawing.point_labels import Box, beside
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import LINE, SIZE

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Graph:
    """A sheet with a plot framed by two axes.

    Lengths are in points; texts and lines are shrunk with the sheet where `ax` is small.

    Parameters
    ----------
    x, y : Scale
        The axes.
    width, height : float
        Size of the plot between the axes.
    ax : Axes, optional
        Where to draw; see `Canvas`.
    title : str
        A title over the plot.
    key : sequence of Entry
        What marks mean, shown below the plot.
    notes : sequence of str
        Sentences below the key.
    left, right, top, bottom : float
        Room around the plot for what the figure adds; `left` is measured from the sheet's edge,
        and is more if the axis needs more.

    Attributes
    ----------
    axes : Axes
        The axes; every mark and text is a child of them.
    left, upper, lower : float
        Positions of the plot's left, upper and lower edges on the sheet.
    """

    def __init__(
        self,
        x: Scale,
        y: Scale,
        *,
        width: float,
        height: float,
        ax: Axes | None = None,
        title: str = "",
        key: Sequence[Entry] = (),
        notes: Sequence[str] = (),
        left: float = 0.0,
        right: float = 0.0,
        top: float = 0.0,
        bottom: float = 0.0,
    ) -> None:
        self.x, self.y, self.width, self.height = x, y, width, height
        x_ticks = self._ticks(x, width, across=True)
        y_ticks = self._ticks(y, height, across=False)
        self._y_label = typeface.wrapped(y.label, height, "regular", SIZE) if y.label else ""
        widest = max((typeface.width(name, size=SIZE) for name in y_ticks.values()), default=0.0)
        label_room = (self._y_label.count("\n") + 1) * LINE * SIZE + 0.5 * SIZE if y.label else 0.0
        self.left = max(left, SIZE + label_room + widest + (0.8 * SIZE if y_ticks else 0.0))
        overhang = 0.0
        if x_ticks:
            last = max(x_ticks)
            past = x.share(last) * width + typeface.width(x_ticks[last], size=SIZE) / 2 - width
            overhang = max(0.0, past)
            first = min(x_ticks)
            before = typeface.width(x_ticks[first], size=SIZE) / 2 - x.share(first) * width
            self.left = max(self.left, before + 0.5 * SIZE)
        taken = widest + (0.8 * SIZE if y_ticks else 0.0) + label_room
        self._label_x = self.left - taken + 0.8 * SIZE
        across = self.left + width + max(right, overhang) + SIZE
        room = across - 2 * SIZE
        self._title = typeface.wrapped(title, room / 1.1, "bold", SIZE) if title else ""
        self.upper = SIZE + top
        if title:
            self.upper += (self._title.count("\n") + 1) * 1.1 * LINE * SIZE + 0.6 * SIZE
        self.lower = self.upper + height
        down = self.lower + bottom + (1.9 * SIZE if x_ticks else 0.4 * SIZE)
        self._x_label = typeface.wrapped(x.label, width + max(right, 0.0), "regular", SIZE)
        self._x_label_y = down + 0.8 * SIZE
        if x.label:
            down += (self._x_label.count("\n") + 1) * LINE * SIZE
        self._entries, down = place_key(key, self.left, across - SIZE, down + 0.5 * SIZE)
        self._notes: list[tuple[float, str]] = []
        for note in notes:
            text = typeface.wrapped(note, room, "regular", SIZE)
            self._notes.append((down + SIZE, text))
            down += (text.count("\n") + 1) * LINE * SIZE + 0.2 * SIZE
        self.canvas = Canvas(across, down + 0.8 * SIZE, ax)
        self.axes, self.scale = self.canvas.axes, self.canvas.scale
        self._frame(x_ticks, y_ticks)
        self._write()

    def _ticks(self, scale: Scale, room: float, *, across: bool) -> dict[float, str]:
        if scale.ticks is not None:
            return dict(scale.ticks)

        def needed(label: str) -> float:
            return typeface.width(label, size=SIZE) + 0.9 * SIZE if across else 2.0 * SIZE

        low, high = sorted(scale.limits)
        at = axis.ticks((low, high), ratio=scale.log, room=room, width=needed)
        return dict(zip(at, axis.tick_labels(at), strict=True))

    def _frame(self, x_ticks: Mapping[float, str], y_ticks: Mapping[float, str]) -> None:
        axes = self.axes
        self.canvas.frame(
            self.left,
            self.upper,
            self.left + self.width,
            self.lower,
            limits=self.x.limits,
            log=self.x.log,
        )
        self.canvas.ticks(list(x_ticks), list(x_ticks.values()), size=SIZE, colour=INK)
        axes.set_ylim(*self.y.limits)
        if self.y.log:
            axes.set_yscale("log")
        axes.yaxis.set_visible(True)
        axes.spines["left"].set_visible(bool(y_ticks) or bool(self.y.label))
        axes.spines["left"].set_linewidth(0.6 * self.scale)
        axes.spines["left"].set_color(INK)
        axes.set_yticks(list(y_ticks), list(y_ticks.values()))
        axes.minorticks_off()
        for label in axes.get_yticklabels():
            label.set_fontproperties(self.canvas.font(label.get_text(), size=SIZE))
            label.set_color(INK)
            label.set_parse_math(False)
        length, pad = 0.35 * SIZE * self.scale, 0.25 * SIZE * self.scale
        axes.tick_params(axis="y", length=length, pad=pad, width=0.6 * self.scale, color=INK)

    def _write(self) -> None:
        canvas = self.canvas
        for number, line in enumerate(self._title.split("\n") if self._title else []):
            canvas.text(
                SIZE,
                2.0 * SIZE + number * 1.1 * LINE * SIZE,
                line,
                size=1.1 * SIZE,
                face="bold",
                colour=INK,
            )
        centre = self.left + self.width / 2
        if self.x.label:
            self._centred(centre, self._x_label_y, self._x_label)
        for number, line in enumerate(self._y_label.split("\n") if self._y_label else []):
            self.axes.text(
                self._label_x + number * LINE * SIZE,
                (self.upper + self.lower) / 2,
                line,
                transform=canvas.page,
                rotation=90,
                rotation_mode="anchor",
                horizontalalignment="center",
                verticalalignment="baseline",
                fontproperties=canvas.font(line, size=SIZE),
                color=INK,
                parse_math=False,
                clip_on=False,
            )
        draw_key(canvas, self._entries)
        for y, text in self._notes:
            canvas.text(SIZE, y, text, size=SIZE, colour=GREY)

    def _centred(self, x: float, y: float, text: str) -> None:
        self.canvas.text(x, y, text, size=SIZE, align="center", colour=INK)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the position of a point of the data on the sheet."""
        return (
            self.left + self.x.share(x) * self.width,
            self.lower - self.y.share(y) * self.height,
        )

    def draw_studies(self, x: np.ndarray, y: np.ndarray, diameter: float) -> None:
        """Draw a point for every study, with a white edge where points overlap.

        Parameters
        ----------
        x, y : ndarray, shape (K,)
            Places in the data.
        diameter : float
            Of every point, in points.
        """
        self.axes.scatter(
            x,
            y,
            s=(diameter * self.scale) ** 2,
            facecolors=BLUE,
            edgecolors="white",
            linewidths=0.4 * self.scale,
            zorder=3,
            gid="studies",
        )

    def name_points(
        self,
        x: np.ndarray,
        y: np.ndarray,
        diameters: np.ndarray | float,
        names: Sequence[str],
        *,
        rank: np.ndarray | None = None,
        avoid: Sequence[Box] = (),
    ) -> None:
        """Write names beside points of the data, where there is room.

        Parameters
        ----------
        x, y : ndarray, shape (n,)
            The points.
        diameters : ndarray or float
            Their diameters on the sheet, in points.
        names : sequence of str
            Their names; empty for none.
        rank : ndarray, optional
            How remarkable each is: the highest chooses its position first.
        avoid : sequence of Box
            What names must not cover, besides points and each other.
        """
        order = range(len(names)) if rank is None else np.argsort(-rank, kind="stable").tolist()
        radii = np.broadcast_to(diameters, len(names)) / 2
        placed = beside(
            [self.place(float(x[at]), float(y[at])) for at in order],
            [float(radii[at]) for at in order],
            [names[at] for at in order],
            size=SIZE,
            inside=Box(self.left, self.upper, self.left + self.width, self.lower),
            avoid=avoid,
        )
        for name in placed:
            self.canvas.text(name.x, name.y, name.text, size=SIZE, colour=INK)

    def describe(self, *sentences: str) -> None:
        """Set the description of the figure, for readers who cannot see it."""
        if isinstance(self.axes, Sheet):
            self.axes.description = " ".join(sentence for sentence in sentences if sentence)
