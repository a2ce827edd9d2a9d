"""A figure in a notebook that shows each study's receipt at the pointer or by keyboard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arrowroot.errors import OptionError
from arrowroot.lab.pictures import Picture, Pictured, Spot
from synthesis.plots.drawing.canvas import picture_of
from synthesis.plots.drawing.hover_targets import spots_of
from synthesis.plots.drawing.save import figure_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Hover(Pictured):
    """A picture with words at its spots, which is displayed in a notebook.

    Attributes
    ----------
    picture : Picture
        The figure, the same that it shows without hover.
    spots : list of Spot
        Where it responds, and with which words.
    """

    picture: Picture
    spots: list[Spot]

    def __repr__(self) -> str:
        """Return what it is, in one line."""
        return f"<Figure that answers at {len(self.spots)} spots>"

    def _picture(self) -> Picture:
        return replace(self.picture, spots=self.spots)


def hover(drawing: Axes | Figure) -> Hover:
    """Show the receipts of studies when they are pointed at or reached with the Tab key.

    The picture is the one that the figure shows by itself. There is no script in the page and
    nothing is fetched, so it works in a notebook as well as in a report sent to somebody.

    Parameters
    ----------
    drawing : Axes or Figure
        What `forest`, `outcome_forest`, `funnel`, `labbe`, `radial`, `baujat_plot`, `bubble` or
        `qq_plot` returned.

    Returns
    -------
    Hover
        Is displayed in a notebook.

    Raises
    ------
    OptionError
        If the figure has no information on its studies.

    Examples
    --------
    >>> import synthesis as syn
    >>> fit = syn.meta_analysis(syn.datasets.load("baskerville2012"), measure="smd")
    >>> syn.hover(syn.forest(fit))
    <Figure that answers at 24 spots>
    """
    figure = figure_of(drawing)
    spots = [spot for axes in figure.axes for spot in spots_of(axes)]
    if not spots:
        raise OptionError(
            "hover: this figure has no information on single studies; draw it with forest, "
            "outcome_forest, funnel, labbe, radial, baujat_plot, bubble or qq_plot."
        )
    return Hover(picture_of(figure), spots)
