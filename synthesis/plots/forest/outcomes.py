"""One figure for several outcomes: their forest plots one below the other, on one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from arrowroot.errors import OptionError
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.hover_targets import remember
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.artist import draw_table
from synthesis.plots.forest.cells import ForestOptions, Writer, any_negative, heading_of
from synthesis.plots.forest.columns import Column, Row
from synthesis.plots.forest.hover import RowSpots
from synthesis.plots.forest.notes import notes
from synthesis.plots.forest.styles import ForestStyle, style_named
from synthesis.plots.forest.table import (
    LABEL_AT_MOST,
    ForestTable,
    named,
    ordered,
    square_kind,
    user_columns,
)
from synthesis.plots.forest.width import fitted
from synthesis.plots.words import outcome_words
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def outcome_forest(
    results: Mapping[str, MetaAnalysis | None],
    *,
    style: str = "revman",
    ax: Axes | None = None,
    columns: Sequence[str] | Mapping[str, str] = (),
    favours: tuple[str, str] | None = None,
    order: str = "table",
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    prediction: bool = True,
    width: float | str | None = None,
    title: str = "",
) -> Axes:
    """Draw the forest plots of several outcomes or time windows in one figure.

    The outcomes are not pooled together; weights add up to 100% within each.

    Parameters
    ----------
    results : mapping of str to MetaAnalysis or None
        By outcome, such as ``{"Mortality, 0-12 months": fit, ...}``; None if no study
        reported it, which the figure then says. All must have the same measure and level.
    style, ax, columns, favours, order, limits, digits, prediction, width, title
        As for `forest`.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios.

    Raises
    ------
    OptionError
        If there is no result, the results differ in measure, level or model, or an option has
        no such value.
    """
    look = style_named(style)
    fits = _alike(results)
    first = fits[0]
    options = ForestOptions(
        columns=named(columns),
        right_columns={},
        arms=("", ""),
        order=order,
        descending=False,
        digits=digits,
        prediction=prediction,
        risk_of_bias={},
        also=(),
    )
    known = {
        "weight": [Column(key="weight", heading=look.weight_heading)],
        "effect": [Column(key="effect", heading=heading_of(look.effect_heading, first, look))],
    }
    label = Column(
        key="label",
        heading=look.study_heading.replace("Subgroup", "Outcome").replace("subgroup", "outcome"),
        align="left",
        at_most=LABEL_AT_MOST,
    )
    own = user_columns(first.studies, options.columns, "columns")
    rows: list[Row] = []
    for outcome, fit in results.items():
        rows += [
            *([Row(kind="space")] if rows else []),
            Row(kind="heading", cells={"label": clean(outcome)}),
            *_section(fit, look, options, negative=any_negative(fits)),
        ]
    table = ForestTable(
        left=[label, *own, *(column for part in look.left for column in known.get(part, []))],
        right=[column for part in look.right for column in known.get(part, [])],
        rows=rows,
        notes=[],
        key=[],
        measure=first.measure,
        squares=square_kind(first.measure),
        plot_heading=heading_of(look.plot_heading, first, look),
        axis_label=heading_of(look.axis_label, first, look),
        pooled=None,
    )
    table, look = fitted(
        table, look, favours=favours, title=title, width=width, given_axes=ax is not None
    )
    drawn = draw_table(table, look, ax=ax, favours=favours, limits=limits, title=title)
    remember(drawn, RowSpots(table, look, favours, title, list(results.values()), fits))
    if isinstance(drawn, Sheet):
        drawn.description = outcome_words(results)
    return drawn


def _alike(results: Mapping[str, MetaAnalysis | None]) -> list[MetaAnalysis]:
    """Return the available results; refuse those that cannot share an axis and a heading."""
    if not isinstance(results, Mapping):
        raise OptionError(
            "results must name its meta-analyses, as {'Mortality': fit} does; got "
            f"{type(results).__name__}."
        )
    fits = {name: fit for name, fit in results.items() if fit is not None}
    if not fits:
        raise OptionError("results: there is no meta-analysis to draw; every outcome is None.")
    for name, fit in fits.items():
        pooled_only(fit, f"results, {name!r}")
    first_name, first = next(iter(fits.items()))
    for name, fit in fits.items():
        for what in ("measure", "level", "model"):
            if getattr(fit, what) != getattr(first, what):
                raise OptionError(
                    f"results: all outcomes must have the same {what}; {name!r} differs from "
                    f"{first_name!r}. Draw it in a separate figure."
                )
    return list(fits.values())


def _section(
    fit: MetaAnalysis | None, look: ForestStyle, options: ForestOptions, *, negative: bool
) -> list[Row]:
    """Write one outcome: its studies, its pooled effect, the notes on it."""
    if fit is None:
        return [Row(kind="study", cells={"label": "No study", "effect": "Not estimable"})]
    studies = ordered(fit, options)
    writer = Writer(fit, look, options, studies, [], negative=negative)
    rows = [
        *writer.studies(studies),
        *writer.missing(fit.excluded),
        writer.pooled(fit, studies, look.total, "subtotal"),
    ]
    if options.prediction and fit.prediction_interval is not None:
        rows.append(writer.prediction())
    return rows + [Row(kind="note", cells={"label": note}) for note in notes(fit, look)]
