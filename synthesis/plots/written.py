"""One line of text on a sheet, drawn without the layout that paragraphs need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase

BEFORE: dict[Literal["left", "center", "right"], float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The share of its width that a text has to the left of its position."""


class WrittenLine(Text):
    """One level line of text whose position is its baseline.

    A forest plot holds thousands of texts, and most of the time to draw one goes into finding
    the outline of a paragraph. A line needs none; it is measured only if it does not begin at
    its position.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line where matplotlib would draw it."""
        text, font = self.get_text(), self.get_fontproperties()
        if not (self.get_visible() and text):
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_position())
        if before := BEFORE[self.get_horizontalalignment()]:
            x -= before * renderer.get_text_width_height_descent(text, font, ismath=False)[0]
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        look = renderer.new_gc()
        look.set_foreground(self.get_color())
        look.set_url(self.get_url())
        renderer.draw_text(look, x, y, text, font, 0.0, mtext=self)
        look.restore()
        renderer.close_group("text")
        self.stale = False
