"""Where the rows of a forest plot answer a pointer, and with which words.

Apart from `drawing.hover_targets` because it alone knows how a forest plot is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthesis.plots.drawing.hover_targets import Spot, study_words
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.plan import Plan
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.forest.table import ForestTable
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class RowSpots:
    """Finds the rows of a forest plot.

    Attributes
    ----------
    table, look, favours, title
        What was drawn; see `synthesis.plots.forest.artist.draw_table`.
    sections : sequence of MetaAnalysis
        The results whose studies are under the headings, in order; only one if the labels are
        unique over the whole figure.
    pooled : sequence of MetaAnalysis
        The results of the diamonds, from the top.
    """

    table: ForestTable
    look: ForestStyle
    favours: tuple[str, str] | None
    title: str
    sections: Sequence[MetaAnalysis | None]
    pooled: Sequence[MetaAnalysis]

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
        known = [{} if fit is None else study_words(fit) for fit in self.sections]
        pooled, section = iter(self.pooled), -1
        for row in self.table.rows:
            section += row.kind == "heading"
            said = known[section] if len(known) > 1 else known[0]
            if row.kind == "study":
                yield said.get(row.cells["label"], "")
            else:
                yield next(pooled).sentence() if row.kind in ("subtotal", "total") else ""


def _down(axes: Axes, y: float) -> float:
    return float(axes.transData.transform((axes.get_xlim()[0], y))[1])
