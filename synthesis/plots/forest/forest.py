"""The forest plot: every study's effect, the pooled effect, and how far the studies differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from arrowroot.errors import OptionError
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.hover_targets import remember
from synthesis.plots.forest.artist import draw_table
from synthesis.plots.forest.cells import ForestOptions
from synthesis.plots.forest.hover import RowSpots
from synthesis.plots.forest.styles import style_named
from synthesis.plots.forest.table import forest_table, named
from synthesis.plots.forest.width import fitted
from synthesis.plots.words import forest_words
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def forest(
    result: MetaAnalysis | SubgroupAnalysis,
    *,
    style: str = "revman",
    ax: Axes | None = None,
    also: Sequence[MetaAnalysis] = (),
    columns: Sequence[str] | Mapping[str, str] = (),
    right_columns: Sequence[str] | Mapping[str, str] = (),
    risk_of_bias: Sequence[str] | Mapping[str, str] = (),
    arms: tuple[str, str] = ("Experimental", "Control"),
    favours: tuple[str, str] | None = None,
    order: str = "table",
    descending: bool = False,
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    prediction: bool = True,
    width: float | str | None = None,
    title: str = "",
) -> Axes:
    """Draw a forest plot.

    Parameters
    ----------
    result : MetaAnalysis or SubgroupAnalysis
        The result to draw; every printed number is its own. Subgroups are drawn one under the
        other, each with its own pooled effect, and the test between them is printed.
    style : str
        ``"revman"``, ``"jama"``, ``"bmj"`` or ``"plain"``.
    ax : Axes, optional
        Where to draw; the sheet is shrunk into its box if need be. By default a figure as large as
        its content is created, which is displayed in a notebook.
    also : sequence of MetaAnalysis
        Other models of the same studies, whose pooled effects are drawn below the first.
    columns, right_columns : sequence of str or mapping of str to str
        Columns of the study table to print left and right of the plot; a mapping also gives
        their headings.
    risk_of_bias : sequence of str or mapping of str to str
        Columns of the study table with judgements, such as ``"low"`` or ``"some concerns"``, to
        print as symbols on discs; a mapping gives short headings, as ``{"selection": "A"}``.
    arms : tuple of str
        Names of the treated and the control arm above their raw data.
    favours : tuple of str, optional
        What effects below and above no effect favour, such as ``("usual care", "facilitation")``.
    order : str
        Order of the rows: ``"table"``, ``"effect"``, ``"weight"``, ``"precision"`` or a column
        of the study table.
    descending : bool
        Whether that order is reversed.
    limits : tuple of float, optional
        Ends of the axis on the scale readers see; intervals beyond them end in arrows.
    digits : int
        Decimals of effects.
    prediction : bool
        Whether the prediction interval is drawn, if there is one.
    width : float or str, optional
        The width it will be printed at, as for `save`: labels wrap earlier and the plot gets
        narrower before text gets smaller. By default as wide as its content.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios; all text and marks are its
        children.

    Raises
    ------
    OptionError
        If an option has no such value, a model in `also` is not of the same studies, or text
        would be too small to read at `width`.
    DataError
        If the study table lacks a requested column, or a risk of bias is not a judgement.
    """
    if not isinstance(result, SubgroupAnalysis):
        pooled_only(result, "result")
    look = style_named(style)
    options = ForestOptions(
        columns=named(columns),
        right_columns=named(right_columns),
        arms=(typeface.clean(arms[0]), typeface.clean(arms[1])),
        order=order,
        descending=descending,
        digits=digits,
        prediction=prediction,
        risk_of_bias=named(risk_of_bias),
        also=_same_measure(result, also),
    )
    table, look = fitted(
        forest_table(result, look, options),
        look,
        favours=favours,
        title=title,
        width=width,
        given_axes=ax is not None,
    )
    drawn = draw_table(table, look, ax=ax, favours=favours, limits=limits, title=title)
    groups = list(result.groups.values()) if isinstance(result, SubgroupAnalysis) else []
    fit = result if isinstance(result, MetaAnalysis) else result.overall
    remember(drawn, RowSpots(table, look, favours, title, [fit], [*groups, fit, *also]))
    if isinstance(drawn, Sheet):
        drawn.description = forest_words(result)
    return drawn


def _same_measure(
    result: MetaAnalysis | SubgroupAnalysis, also: Sequence[MetaAnalysis]
) -> Sequence[MetaAnalysis]:
    fit = result if isinstance(result, MetaAnalysis) else result.overall
    for other in also:
        if (other.measure, other.k) != (fit.measure, fit.k):
            raise OptionError(
                f"also: every model must pool the same {fit.k_in_words} as "
                f"{fit.measure.abbreviation}; one pools {other.k} as {other.measure.abbreviation}."
            )
    return also
