"""One figure for several outcomes: their forest plots one below the other, on one axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot.errors import OptionError
from arrowroot.options import thing
from synthesis import checks
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.cells import (
    ForestOptions,
    Writer,
    any_negative,
    column_decimals,
    heading_of,
)
from synthesis.plots.forest.columns import Column, Row
from synthesis.plots.forest.footnotes import Footnotes
from synthesis.plots.forest.forest import LaidOut
from synthesis.plots.forest.notes import methods, not_summed, notes
from synthesis.plots.forest.styles import ForestStyle, style_named
from synthesis.plots.forest.table import (
    LABEL_AT_MOST,
    ForestTable,
    arm_columns,
    arm_names,
    in_brackets,
    named,
    ordered,
    raw_kind,
    read_risks,
    risk_columns,
    shown_names,
    square_kind,
    user_columns,
    with_parts,
)
from synthesis.plots.forest.width import advice, fitted
from synthesis.plots.rob_table import sheets_of, with_risks
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
    right_columns: Sequence[str] | Mapping[str, str] = (),
    risk_of_bias: Sequence[str] | Mapping[str, str] | RiskOfBias | Sequence[RiskOfBias] = (),
    arms: tuple[str, str] = ("Experimental", "Control"),
    arm_data: bool | None = None,
    weights: bool | None = None,
    footnotes: bool = True,
    width: float | str | None = None,
    title: str = "",
) -> Axes:
    """Draw the forest plots of several outcomes or time windows in one figure.

    The outcomes are not pooled together. Weights add up to 100% within each, and squares are
    compared within each.

    Parameters
    ----------
    results : mapping of str to MetaAnalysis or None
        By outcome, such as ``{"Mortality, 0-12 months": fit, ...}``; None if no study
        reported it, which the figure then says. All must have the same measure and level.
    style, ax, columns, favours, order, limits, digits, prediction, right_columns, risk_of_bias, \
arms, arm_data, weights, footnotes, width, title
        As for `forest`.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios.

    Raises
    ------
    DataError
        If the study table of an outcome lacks a requested column, or a risk of bias is not a
        judgement.
    OptionError
        If there is no result, the results differ in measure, level or model, or an option has
        no such value.
    """
    look = with_parts(style_named(style), arm_data=arm_data, weights=weights)
    _alike(results)
    judged: Any = risk_of_bias
    if sheets_of(risk_of_bias):
        results, judged = _with_risks(results, risk_of_bias)
    fits = _alike(results)
    options = ForestOptions(
        columns=named(columns),
        right_columns=named(right_columns),
        arms=arm_names(arms),
        order=order,
        descending=False,
        digits=digits,
        prediction=prediction,
        risk_of_bias=named(judged),
        also=(),
        footnotes=footnotes,
    )
    table, look = fitted(
        _table(results, fits, look, options),
        look,
        favours=favours,
        title=title,
        width=width,
        given_axes=ax is not None,
    )
    narrower = advice(look, laid_out=width is not None).replace("forest(", "outcome_forest(")
    drawn = LaidOut(table, look, favours, title, narrower).draw(ax=ax, limits=limits)
    if isinstance(drawn, Sheet):
        drawn.description = outcome_words(results)
    return drawn


def _table(
    results: Mapping[str, MetaAnalysis | None],
    fits: Sequence[MetaAnalysis],
    look: ForestStyle,
    options: ForestOptions,
) -> ForestTable:
    """Write the table of all outcomes."""
    first, studies = fits[0], pd.concat([_requested(fit, options) for fit in fits])
    kind = raw_kind([fit.studies for fit in fits], first.measure)
    tables = [fit.studies for fit in fits]
    known = {
        "arms": arm_columns(kind, look, options.arms),
        "weight": [Column(key="weight", heading=look.weight_heading)],
        "effect": [Column(key="effect", heading=heading_of(look.effect_heading, first, look))],
    }
    label = Column(
        key="label",
        heading=look.study_heading.replace("Subgroup", "Outcome").replace("subgroup", "outcome"),
        align="left",
        at_most=LABEL_AT_MOST,
    )
    footnotes = Footnotes(fits if options.footnotes else [], brackets=in_brackets(look))
    digits = column_decimals(tables, shown_names(options))
    used = list(dict.fromkeys(methods(fit) for fit in fits))
    rows: list[Row] = []
    for outcome, fit in results.items():
        if rows:
            rows.append(Row(kind="space"))
        rows.append(Row(kind="heading", cells={"label": clean(outcome)}))
        if fit is None:
            rows.append(Row(kind="study", cells={"label": "No study", "effect": "Not estimable"}))
            continue
        writer = Writer(
            fit,
            look,
            options,
            kind=kind,
            digits=digits,
            footnotes=footnotes,
            negative=any_negative(fits),
        )
        rows += _section(fit, look, writer, [methods(fit)] if len(used) > 1 else [])
    return ForestTable(
        left=[
            label,
            *user_columns(studies, options.columns, "columns"),
            *(column for part in look.left for column in known[part]),
        ],
        right=[
            *(column for part in look.right for column in known[part]),
            *user_columns(studies, options.right_columns, "right_columns"),
            *risk_columns(options.risk_of_bias),
        ],
        rows=rows,
        notes=[],
        key=[
            *(used if len(used) == 1 else []),
            *not_summed(fits, kind if known["arms"] else None),
            *read_risks(studies, options.risk_of_bias),
        ],
        measure=first.measure,
        squares=square_kind(first.measure),
        plot_heading=heading_of(look.plot_heading, first, look),
        axis_label=heading_of(look.axis_label, first, look),
        pooled=None,
        footnotes=footnotes.listed(),
    )


def _with_risks(
    results: Mapping[str, MetaAnalysis | None], rob: Any
) -> tuple[dict[str, MetaAnalysis | None], dict[str, str]]:
    """Return results with the judgements of each, and the columns that any of them uses."""
    drawn: dict[str, MetaAnalysis | None] = {}
    used: dict[str, str] = {}
    for name, fit in results.items():
        if fit is None:
            drawn[name] = None
            continue
        drawn[name], columns = with_risks(fit, rob)
        used |= named(columns)
    return drawn, used


def _requested(fit: MetaAnalysis, options: ForestOptions) -> pd.DataFrame:
    """Return the columns of a study table that the user asked for; refuse those it lacks."""
    for argument in ("columns", "right_columns", "risk_of_bias"):
        for name in getattr(options, argument):
            checks.column(fit.studies, name, argument)
    asked = [*options.columns, *options.right_columns, *options.risk_of_bias]
    return fit.studies[list(dict.fromkeys(["study", *asked]))]


def _alike(results: Mapping[str, MetaAnalysis | None]) -> list[MetaAnalysis]:
    """Return the available results; refuse those that cannot share an axis and a heading."""
    if not isinstance(results, Mapping):
        raise OptionError(
            "results must name its meta-analyses, as {'Mortality': fit} does; got "
            f"{thing(results)}."
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
    fit: MetaAnalysis, look: ForestStyle, writer: Writer, further: Sequence[str]
) -> list[Row]:
    """Write one outcome: its studies, its pooled effect, the notes on it."""
    studies = ordered(fit, writer.options)
    rows = [
        *writer.studies(studies),
        *writer.missing(fit.excluded),
        writer.pooled(fit, studies, look.total, "subtotal"),
    ]
    if writer.options.prediction and fit.prediction_interval is not None:
        rows.append(writer.prediction())
    return rows + [
        Row(kind="note", cells={"label": note}) for note in (*notes(fit, look), *further)
    ]
