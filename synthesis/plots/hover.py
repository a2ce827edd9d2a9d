"""A figure in a notebook that shows each study's receipt at the pointer or by keyboard."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from arrowroot.errors import OptionError
from arrowroot.text import printable
from synthesis.plots.drawing.canvas import SCREEN_DPI
from synthesis.plots.drawing.hover_targets import Spot, spots_of
from synthesis.plots.drawing.save import figure_of, rendered, words_on

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLE = """
.arrowroot-hover { position: relative; }
.arrowroot-hover > img { display: block; width: 100%; height: auto; margin: 0; }
.arrowroot-hover > i { position: absolute; }
.arrowroot-hover > i:hover, .arrowroot-hover > i:focus { outline: 2px solid #0072b2; }
.arrowroot-hover > span {
  position: absolute; left: 0; right: 0; z-index: 1; box-sizing: border-box;
  width: fit-content; max-width: min(34em, 100%); margin: 3px auto 3px 0; padding: .5em .8em;
  background: #fff; color: #1a1a1a; border: 1px solid #595959; border-radius: 3px;
  font: 13px/1.45 'Liberation Sans', Arial, Helvetica, sans-serif; text-align: left;
  overflow-wrap: anywhere; white-space: normal; pointer-events: none; }
.arrowroot-hover > i:hover + span, .arrowroot-hover > i:focus + span {
  display: block !important; }
@media print { .arrowroot-hover > i { display: none; } }
""".strip()
"""Shows the words of a spot; if a viewer drops it, the words stay hidden."""


@dataclass(frozen=True, eq=False, repr=False)
class Hover:
    """A picture with words at its spots, which is displayed in a notebook.

    Attributes
    ----------
    picture : bytes
        The figure as PNG, the same that it shows without hover.
    size : tuple of int
        Its width and height on a screen, in pixels.
    description : str
        The figure in words.
    spots : list of Spot
        Where it responds, and with which words.
    """

    picture: bytes
    size: tuple[int, int]
    description: str
    spots: list[Spot]

    def __repr__(self) -> str:
        """Return what it is, in one line."""
        return f"<Figure that answers at {len(self.spots)} spots>"

    def _repr_png_(self) -> tuple[bytes, dict[str, object]]:
        about = {"width": self.size[0], "height": self.size[1], "alt": self.description}
        return self.picture, about

    def _repr_html_(self) -> str:
        held = base64.b64encode(self.picture).decode()
        spots = "".join(map(_element, self.spots))
        return (
            f'<style>{STYLE}</style><div class="arrowroot-hover" '
            f'style="max-width:{self.size[0]}px"><img src="data:image/png;base64,{held}" '
            f'alt="{escape(self.description)}">{spots}</div>'
        )


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
    wide, high = figure.get_size_inches() * SCREEN_DPI / 2
    return Hover(
        rendered(figure, "png", dpi=SCREEN_DPI), (round(wide), round(high)), words_on(figure), spots
    )


def _element(spot: Spot) -> str:
    """Return a spot as HTML; its words open away from the nearer edges of the picture."""
    words = escape(printable(spot.words, ""))
    aside = "" if spot.left + spot.right < 1.2 else "margin-left:auto;margin-right:0;"
    below = f"top:{100 * spot.bottom:.3f}%"
    above = f"bottom:{100 * (1 - spot.top):.3f}%"
    place = (
        f"left:{100 * spot.left:.3f}%;top:{100 * spot.top:.3f}%;"
        f"width:{100 * (spot.right - spot.left):.3f}%;"
        f"height:{100 * (spot.bottom - spot.top):.3f}%"
    )
    return (
        # The attribute keeps JupyterLab's own keys quiet: x on a spot would cut the cell.
        f'<i tabindex="0" role="img" data-lm-suppress-shortcuts="true" '
        f'aria-label="{words}" style="{place}"></i>'
        f'<span hidden aria-hidden="true" style="{aside}'
        f'{below if spot.top + spot.bottom < 1 else above}">{words}</span>'
    )
