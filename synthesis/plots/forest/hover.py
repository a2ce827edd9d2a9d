"""Where the rows of a forest plot answer a pointer, and with which words.

Apart from `drawing.hover_targets` because it alone knows how a forest plot is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arrowroot.lab.pictures import Spot
from synthesis.plots.drawing.hover_targets import study_words
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.plan import Plan
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.forest.table import ForestTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class RowSpots:
    """Finds the rows of a forest plot.

    Attributes
    ----------
    table, look, favours, title
        What was drawn; see `synthesis.plots.forest.artist.draw_table`.
    """

    table: ForestTable
    look: ForestStyle
    favours: tuple[str, str] | None
    title: str

    def __call__(self, axes: Axes) -> list[Spot]:
        """Return a spot as wide as the sheet for every row that has words."""
        columns = Plan(self.table, self.look, self.favours, clean(self.title)).columns
        figure = axes.get_figure(root=True)
        assert figure is not None  # noqa: S101 - it was drawn there
        wide, high = figure.bbox.width, figure.bbox.height
        pixels = axes.bbox.width / (columns.plot[1] - columns.plot[0])
        left = axes.bbox.x0 - (columns.plot[0] - columns.margin) * pixels
        right = axes.bbox.x1 + (columns.width - columns.margin - columns.plot[1]) * pixels
        tops = [columns.body[0], *columns.edges[:-1]]
        spots = []
        for top, bottom, words in zip(tops, columns.edges, self._words(), strict=True):
            if words:
                start, end = (1 - _down(axes, y) / high for y in (top, bottom))
                spots.append(Spot(left / wide, start, right / wide, end, words))
        return spots

    def _words(self) -> Iterator[str]:
        known: dict[int, dict[str, str]] = {}
        for row in self.table.rows:
            if row.fit is None:
                yield ""
            elif row.kind == "study":
                if id(row.fit) not in known:
                    known[id(row.fit)] = study_words(row.fit)
                yield known[id(row.fit)].get(row.cells["label"], "")
            else:
                yield row.fit.sentence()


def _down(axes: Axes, y: float) -> float:
    return float(axes.transData.transform((axes.get_xlim()[0], y))[1])
