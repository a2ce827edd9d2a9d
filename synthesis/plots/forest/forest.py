"""The forest plot: every study's effect, the pooled effect, and how far the studies differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arrowroot.errors import OptionError
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.hover_targets import remember
from synthesis.plots.forest.artist import draw_table
from synthesis.plots.forest.cells import ForestOptions
from synthesis.plots.forest.hover import RowSpots
from synthesis.plots.forest.styles import ForestStyle, style_named
from synthesis.plots.forest.table import ForestTable, arm_names, forest_table, named, with_parts
from synthesis.plots.forest.width import advice, fitted
from synthesis.plots.rob_table import with_risks
from synthesis.plots.words import forest_words
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias


def forest(
    result: MetaAnalysis | SubgroupAnalysis,
    *,
    style: str = "revman",
    ax: Axes | None = None,
    also: Sequence[MetaAnalysis] = (),
    columns: Sequence[str] | Mapping[str, str] = (),
    right_columns: Sequence[str] | Mapping[str, str] = (),
    risk_of_bias: Sequence[str] | Mapping[str, str] | RiskOfBias | Sequence[RiskOfBias] = (),
    arms: tuple[str, str] = ("Experimental", "Control"),
    favours: tuple[str, str] | None = None,
    order: str = "table",
    descending: bool = False,
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    prediction: bool = True,
    arm_data: bool | None = None,
    weights: bool | None = None,
    footnotes: bool = True,
    width: float | str | None = None,
    title: str = "",
) -> Axes:
    """Draw a forest plot.

    Footnotes say what was done to the effects of single studies, as their receipts have it: signs
    turned, clusters inflated, arms combined, cells derived or imputed. A line below names the
    model, the estimator of tau² and the intervals.

    Parameters
    ----------
    result : MetaAnalysis or SubgroupAnalysis
        The result to draw; every printed number is its own. Subgroups are drawn one under the
        other, each with its own pooled effect, and the test between them is printed.
    style : {"revman", "jama", "bmj", "plain"}
        ``"revman"``, ``"jama"``, ``"bmj"`` or ``"plain"``.
    ax : Axes, optional
        Where to draw; the sheet is shrunk into its box if need be. By default a figure as large as
        its content is created, which is displayed in a notebook.
    also : sequence of MetaAnalysis
        Other models of the same studies, whose pooled effects are drawn below the first.
    columns, right_columns : sequence of str or mapping of str to str
        Columns of the study table to print left and right of the plot; a mapping also gives
        their headings.
    risk_of_bias : RiskOfBias, sequence of str or mapping of str to str
        Judgements to print as symbols on discs: what `RiskOfBias.read` gives, of which the result
        of this analysis is taken (its ``for_result`` chooses another), or a list of these where
        trials needed several tools (the overall judgement is drawn); or columns of the study
        table, such as ``"low"`` or ``"some concerns"``, where a mapping gives short headings, as
        ``{"selection": "A"}``.
    arms : tuple of str
        Names of the treated and the control arm above their raw data.
    favours : tuple of str, optional
        What effects below and above no effect favour, such as ``("usual care", "facilitation")``.
    order : {"table", "effect", "weight", "precision"} or str
        Order of the rows: ``"table"``, ``"effect"``, ``"weight"``, ``"precision"`` or a column
        of the study table.
    descending : bool
        Whether that order is reversed.
    limits : tuple of float, optional
        Ends of the axis on the scale readers see; intervals beyond them end in arrows.
    digits : int
        Decimals of effects.
    prediction : bool
        Whether the prediction interval is drawn, if there is one. It ends in arrows where it would
        lengthen the axis by more than a quarter on either side.
    arm_data, weights : bool, optional
        Whether raw data by arm and weights are printed; by default as the style has them. A column
        of totals sums what is printed above it.
    footnotes : bool
        Whether footnotes are printed; `alt_text` has them in any case.
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
    sheet = laid_out(
        result,
        style=style,
        also=also,
        columns=columns,
        right_columns=right_columns,
        risk_of_bias=risk_of_bias,
        arms=arms,
        favours=favours,
        order=order,
        descending=descending,
        digits=digits,
        prediction=prediction,
        arm_data=arm_data,
        weights=weights,
        footnotes=footnotes,
        width=width,
        title=title,
        given_axes=ax is not None,
    )
    drawn = sheet.draw(ax=ax, limits=limits)
    if isinstance(drawn, Sheet):
        drawn.description = forest_words(result)
    return drawn


@dataclass(frozen=True)
class LaidOut:
    """A forest plot whose table is written and fitted to its width.

    Attributes
    ----------
    table : ForestTable
        What is drawn.
    look : ForestStyle
        How.
    favours, title
        As for `forest`.
    narrower : str
        How its text could be larger at a given width.
    """

    table: ForestTable
    look: ForestStyle
    favours: tuple[str, str] | None
    title: str
    narrower: str

    def draw(self, *, ax: Axes | None = None, limits: tuple[float, float] | None = None) -> Axes:
        """Draw it; its rows answer a pointer."""
        drawn = draw_table(
            self.table, self.look, ax=ax, favours=self.favours, limits=limits, title=self.title
        )
        remember(drawn, RowSpots(self.table, self.look, self.favours, self.title))
        if isinstance(drawn, Sheet):
            drawn.narrower = self.narrower
        return drawn


def laid_out(
    result: MetaAnalysis | SubgroupAnalysis,
    *,
    style: str = "revman",
    also: Sequence[MetaAnalysis] = (),
    columns: Sequence[str] | Mapping[str, str] = (),
    right_columns: Sequence[str] | Mapping[str, str] = (),
    risk_of_bias: Sequence[str] | Mapping[str, str] | RiskOfBias | Sequence[RiskOfBias] = (),
    arms: tuple[str, str] = ("Experimental", "Control"),
    favours: tuple[str, str] | None = None,
    order: str = "table",
    descending: bool = False,
    digits: int = 2,
    prediction: bool = True,
    arm_data: bool | None = None,
    weights: bool | None = None,
    footnotes: bool = True,
    width: float | str | None = None,
    title: str = "",
    given_axes: bool = False,
) -> LaidOut:
    """Write the table of a forest plot and fit it to its width; the options are those of `forest`.

    `given_axes` says whether it is drawn on axes of the user's.
    """
    if not isinstance(result, SubgroupAnalysis):
        pooled_only(result, "result")
    result, judged = with_risks(result, risk_of_bias)
    look = with_parts(style_named(style), arm_data=arm_data, weights=weights)
    options = ForestOptions(
        columns=named(columns),
        right_columns=named(right_columns),
        arms=arm_names(arms),
        order=order,
        descending=descending,
        digits=digits,
        prediction=prediction,
        risk_of_bias=named(judged),
        also=_same_measure(result, also),
        footnotes=footnotes,
    )
    table, look = fitted(
        forest_table(result, look, options),
        look,
        favours=favours,
        title=title,
        width=width,
        given_axes=given_axes,
    )
    return LaidOut(table, look, favours, title, advice(look, laid_out=width is not None))


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
