"""The sheet on which a figure is laid out: measured in points, as large as its content."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, TransformedPatchPath

from arrowroot.errors import OptionError
from arrowroot.lab.pictures import Picture, Pictured
from arrowroot.text import printable
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.save import figure_of, rendered, save, words_on
from synthesis.plots.drawing.typeface import LINE

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.font_manager import FontProperties

POINTS = 72.0
"""Points in an inch."""

SCREEN_DPI = 192
"""Resolution of the PNG that a notebook offers: twice that of a plain screen."""

BEFORE: dict[Literal["left", "center", "right"], float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The share of its width that a text has to the left of its position."""

_WIDTHS: WeakKeyDictionary[RendererBase, dict[Hashable, float]] = WeakKeyDictionary()
"""Widths in pixels that each renderer has measured."""


class WrittenLine(Text):
    """One level line of text whose position is its baseline.

    A forest plot can have thousands of texts, and most of the drawing time of a text goes into
    finding the outline of a paragraph. A line needs none; it is measured only if it does not begin
    at its position, and only once if it occurs in many places.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line where matplotlib would draw it."""
        text, font = self.get_text(), self.get_fontproperties()
        if not (self.get_visible() and text):
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_position())
        if before := BEFORE[self.get_horizontalalignment()]:
            x -= before * _width(renderer, text, font)
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        look = renderer.new_gc()
        look.set_foreground(self.get_color())
        look.set_url(self.get_url())
        renderer.draw_text(look, x, y, text, font, 0.0, mtext=self)
        look.restore()
        renderer.close_group("text")
        self.stale = False


def _width(renderer: RendererBase, text: str, font: FontProperties) -> float:
    """Return how wide a renderer will draw a text."""
    known = _WIDTHS.setdefault(renderer, {})
    key = text, hash(font), renderer.points_to_pixels(1.0)
    if key not in known:
        known[key] = renderer.get_text_width_height_descent(text, font, ismath=False)[0]
    return known[key]


def picture_of(drawing: Axes | Figure) -> Picture:
    """Return a figure as a notebook shows it, with the files that can be saved from there."""
    figure = figure_of(drawing)
    files = {
        "svg": rendered(figure, "svg"),
        "png": rendered(figure, "png", dpi=SCREEN_DPI),
        "pdf": rendered(figure, "pdf"),
    }
    words = words_on(figure) or "A figure without a description."
    return Picture(words, round(figure.get_figwidth() * SCREEN_DPI / 2), files)


class Sheet(Pictured, Axes):
    """The axes of a figure of our own: it displays itself and can be saved.

    Attributes
    ----------
    description : str
        The figure in words, for readers who cannot see it; without control characters.
    narrower : str
        How it could be drawn with larger text at a given width, for a message; empty for none.
    """

    _words: str = ""
    narrower: str = ""

    @property
    def description(self) -> str:  # noqa: D102 - see the class
        return self._words

    @description.setter
    def description(self, words: str) -> None:
        self._words = "\n".join(map(typeface.clean, words.splitlines()))

    def save(
        self,
        path: str | Path,
        *,
        width: float | str | None = None,
        dpi: int = 300,
        title: str = "",
    ) -> Path:
        """Write the figure to a file; see `synthesis.plots.drawing.save.save`."""
        return save(self, path, width=width, dpi=dpi, title=title)

    def _picture(self) -> Picture:
        return picture_of(self)

    def __repr__(self) -> str:
        """Return the figure in words; while it is being drawn, what it is."""
        return self.description or super().__repr__()


class Paper(Pictured, Figure):
    """The figure around a `Sheet`, which displays itself and is saved in the same way."""

    def save(
        self,
        path: str | Path,
        *,
        width: float | str | None = None,
        dpi: int = 300,
        title: str = "",
    ) -> Path:
        """Write the figure to a file; see `synthesis.plots.drawing.save.save`."""
        return save(self, path, width=width, dpi=dpi, title=title)

    def _picture(self) -> Picture:
        return picture_of(self)

    def __repr__(self) -> str:
        """Return the figure in words; while it is being drawn, what it is."""
        return words_on(self) or super().__repr__()


class Canvas:
    """A sheet of paper with one data axes on it.

    Positions are in points from the upper left corner, y downwards. The y of the axes uses the
    same points, so that marks in the data and text beside them share rows; its x is the scale of
    the data.

    Parameters
    ----------
    width, height : float
        Size of the content in points.
    ax : Axes, optional
        Where to draw: the sheet is shrunk to fit into its box. By default a figure of exactly the
        content's size is created.

    Attributes
    ----------
    axes : Axes
        The data axes; every text and mark on the sheet is a child of it.
    scale : float
        How much the sheet was shrunk, at most 1.
    """

    def __init__(self, width: float, height: float, ax: Axes | None = None) -> None:
        self.width, self.height = width, height
        own = ax is None
        if ax is None:
            figure = Paper(figsize=(width / POINTS, height / POINTS), dpi=110, facecolor="white")
            FigureCanvasAgg(figure)
            ax = figure.add_axes(Sheet(figure, (0.0, 0.0, 1.0, 1.0)))
        self.axes = ax
        root = ax.get_figure(root=True)
        if root is None:
            raise OptionError("ax no longer belongs to a figure; create new axes to draw on.")
        box = ax.get_position(original=True)
        self._figure_size = root.get_size_inches() * POINTS
        left, top = box.x0 * self._figure_size[0], box.y1 * self._figure_size[1]
        room = box.width * self._figure_size[0], box.height * self._figure_size[1]
        # In a figure of its own size, rounding alone could shrink it.
        self.scale = 1.0 if own else min(1.0, room[0] / width, room[1] / height)
        self._corner = left, top
        to_inches = Affine2D().scale(self.scale, -self.scale).translate(left, top).scale(1 / POINTS)
        self.page = to_inches + root.dpi_scale_trans
        ax.patch.set_visible(False)
        ax.set_navigate(False)
        # It clips nothing, but every text without a clip path would get its own.
        self._outline = TransformedPatchPath(ax.patch)

    def frame(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        limits: tuple[float, float],
        log: bool = False,
    ) -> None:
        """Place the data axes on the sheet, with only the lower spine visible."""
        wide, high = self._figure_size
        x0, y1 = self._corner
        self.axes.set_position(
            (
                (x0 + left * self.scale) / wide,
                (y1 - bottom * self.scale) / high,
                (right - left) * self.scale / wide,
                (bottom - top) * self.scale / high,
            )
        )
        if log:
            self.axes.set_xscale("log")
        self.axes.set_xlim(*limits)
        self.axes.set_ylim(bottom, top)
        self.axes.yaxis.set_visible(False)
        for side in ("left", "right", "top"):
            self.axes.spines[side].set_visible(False)

    def ticks(self, at: list[float], labels: list[str], *, size: float, colour: str) -> None:
        """Put ticks with their labels on the lower spine."""
        self.axes.set_xticks(at, labels)
        self.axes.minorticks_off()
        for label in self.axes.get_xticklabels():
            label.set_fontproperties(self.font(label.get_text(), size=size))
            label.set_color(colour)
            label.set_parse_math(False)
        length, pad = 0.35 * size * self.scale, 0.25 * size * self.scale
        self.axes.tick_params(
            axis="x", length=length, pad=pad, width=0.6 * self.scale, color=colour
        )
        self.axes.spines["bottom"].set_linewidth(0.6 * self.scale)
        self.axes.spines["bottom"].set_color(colour)

    def font(self, text: str, *, size: float, face: str = "regular") -> FontProperties:
        """Return the font of a text on this sheet; `size` before shrinking."""
        return typeface.font(text, face, size * self.scale)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        face: str = "regular",
        align: Literal["left", "center", "right"] = "left",
        colour: str = "black",
    ) -> None:
        """Write a text, every line as a separate artist; `y` is the baseline of the first."""
        for number, line in enumerate(printable(text, "").split("\n")):
            written = WrittenLine(
                x,
                y + number * LINE * size,
                line,
                transform=self.page,
                horizontalalignment=align,
                verticalalignment="baseline",
                fontproperties=self.font(line, size=size, face=face),
                color=colour,
                parse_math=False,
                clip_on=False,
                clip_path=self._outline,
            )
            self.axes.add_artist(written)

    def rule(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        *,
        colour: str = "black",
        weight: float = 0.6,
        zorder: float = 1.0,
    ) -> Line2D:
        """Draw a straight line on the paper; `weight` in points."""
        line = Line2D(
            [start[0], end[0]],
            [start[1], end[1]],
            transform=self.page,
            color=colour,
            linewidth=weight * self.scale,
            solid_capstyle="butt",
            clip_on=False,
            zorder=zorder,
        )
        self.axes.add_artist(line)
        return line
