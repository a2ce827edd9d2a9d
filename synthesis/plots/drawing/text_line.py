"""One line of text on a sheet, drawn without the layout that paragraphs need."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.font_manager import FontProperties

BEFORE: dict[Literal["left", "center", "right"], float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The share of its width that a text has to the left of its position."""

_WIDTHS: WeakKeyDictionary[RendererBase, dict[Hashable, float]] = WeakKeyDictionary()
"""Widths in pixels that each renderer has measured."""


class WrittenLine(Text):
    """One level line of text whose position is its baseline.

    A forest plot holds thousands of texts, and most of the time to draw one goes into finding
    the outline of a paragraph. A line needs none; it is measured only if it does not begin at
    its position, and once if it stands in many places.
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
