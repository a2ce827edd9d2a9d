"""The table around a forest plot: its rows and columns, and what is printed in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from synthesis import checks
from synthesis.effects.shared_controls import divided
from synthesis.labels import read_labels
from synthesis.measures import Measure
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.cells import (
    COUNTS,
    MEANS,
    ForestOptions,
    Writer,
    any_negative,
    column_decimals,
    heading_of,
)
from synthesis.plots.forest.columns import Column, Row
from synthesis.plots.forest.footnotes import Footnotes, said_of
from synthesis.plots.forest.notes import between_groups, methods, not_pooled, not_summed, notes
from synthesis.plots.forest.styles import ForestStyle
from synthesis.plots.judgements import JUDGEMENTS, Judgement, judged, key
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

CONTINUOUS = ("smd", "md", "rom")
BINARY = ("rr", "or", "rd", "peto", "asd")

LABEL_AT_MOST = 24.0
"""The width, in text sizes, at which a label is wrapped."""


@dataclass(frozen=True, kw_only=True)
class ForestTable:
    """A forest plot before it is laid out.

    Attributes
    ----------
    left, right : list of Column
        Columns on each side of the plot.
    rows, measured : list of Row
        The rows; and all those of the figure, if these are only a part of it.
    notes, key : list of str
        Sentences below, beside the axis if they fit; and those that run across the sheet.
    footnotes : list of (str, str)
        Marks with what they mean; the mark is empty for what needs none.
    left_at_least : float
        Minimum width of the left side in points.
    measure : Measure
        What the axis shows.
    squares : str
        Which of the style's colours the squares take.
    plot_heading, axis_label : str
        Texts over and under the plot.
    pooled : float or None
        Where a vertical line begins, on the scale readers see.
    """

    left: list[Column]
    right: list[Column]
    rows: list[Row]
    notes: list[str]
    key: list[str]
    measure: Measure
    squares: str
    plot_heading: str
    axis_label: str
    pooled: float | None
    footnotes: list[tuple[str, str]] = field(default_factory=list)
    measured: list[Row] = field(default_factory=list)
    left_at_least: float = 0.0


def forest_table(
    result: MetaAnalysis | SubgroupAnalysis, look: ForestStyle, options: ForestOptions
) -> ForestTable:
    """Write the table of a meta-analysis, or of one with subgroups, in a style."""
    fit = result if isinstance(result, MetaAnalysis) else result.overall
    studies = ordered(fit, options)
    kind = raw_kind([studies], fit.measure)
    own_left = user_columns(studies, options.columns, "columns")
    own_right = user_columns(studies, options.right_columns, "right_columns")
    groups = list(result.groups.values()) if isinstance(result, SubgroupAnalysis) else []
    writer = Writer(
        fit,
        look,
        options,
        kind=kind,
        digits=column_decimals([studies], shown_names(options)),
        footnotes=Footnotes([fit] if options.footnotes else [], brackets=in_brackets(look)),
        negative=any_negative([fit, *groups, *options.also]),
    )
    rows: list[Row] = []
    lines = notes(fit, look)
    risks = read_risks(studies, options.risk_of_bias)
    if isinstance(result, SubgroupAnalysis):
        rows += _grouped(result, studies, writer, look)
        lines.append(between_groups(result, look))
    else:
        rows += [*writer.studies(studies), *writer.missing(result.excluded), Row(kind="space")]
    label = model_label(fit, look) if options.also else look.total
    rows.append(writer.pooled(fit, studies, label, "total"))
    if options.prediction and fit.prediction_interval is not None:
        rows.append(writer.prediction())
    rows += [writer.model(other, model_label(other, look)) for other in options.also]
    known = {
        "arms": arm_columns(kind, look, options.arms),
        "weight": [Column(key="weight", heading=look.weight_heading)],
        "effect": [Column(key="effect", heading=heading_of(look.effect_heading, fit, look))],
    }
    return ForestTable(
        left=[
            Column(key="label", heading=look.study_heading, align="left", at_most=LABEL_AT_MOST),
            *own_left,
            *(column for part in look.left for column in known[part]),
        ],
        right=[
            *(column for part in look.right for column in known[part]),
            *own_right,
            *risk_columns(options.risk_of_bias),
        ],
        rows=rows,
        notes=[*lines, *not_pooled(result.excluded)],
        key=[methods(fit), *not_summed([fit], kind if known["arms"] else None), *risks],
        footnotes=writer.footnotes.listed(),
        measure=fit.measure,
        squares=square_kind(fit.measure),
        plot_heading=heading_of(look.plot_heading, fit, look),
        axis_label=heading_of(look.axis_label, fit, look),
        pooled=fit.back(fit.estimate),
    )


def model_label(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Label a pooled effect by the choices that gave it."""
    estimator = f" ({TAU2_NAMES[fit.tau2_method]})" if fit.model == "random" else ""
    interval = f"{CI_NAMES[fit.ci_method]} ({{level}}\N{NO-BREAK SPACE}CI)"
    return f"{look.models[fit.model]}{estimator}, {interval}"


def _grouped(
    result: SubgroupAnalysis, studies: pd.DataFrame, writer: Writer, look: ForestStyle
) -> list[Row]:
    """Write every group: its name, its studies, its pooled effect and the notes on it."""
    rows = []
    for name, fit in result.groups.items():
        members = studies[[one == name for one in read_labels(studies[result.by])]]
        rows += [
            Row(kind="heading", cells={"label": clean(name)}),
            *writer.studies(members),
            writer.pooled(fit, members, look.subtotal, "subtotal"),
            *(Row(kind="note", cells={"label": note}) for note in notes(fit, look)),
            Row(kind="space"),
        ]
    return rows + writer.missing(result.excluded)


def ordered(fit: MetaAnalysis, options: ForestOptions) -> pd.DataFrame:
    """Return the studies with weight, effect and interval as readers see them, sorted as requested.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.
    options : ForestOptions
        `order` is ``"table"``, ``"effect"``, ``"weight"``, ``"precision"`` or a column.

    Returns
    -------
    DataFrame
        The columns of `fit.studies` and ``_weight``, ``_low``, ``_effect``, ``_high``, and
        ``_said``: the footnotes. Of a control arm that is divided among rows, each row has its
        part.
    """
    numbers = fit.study_frame()
    studies = divided(fit.studies).assign(
        _weight=numbers["weight"].to_numpy(),
        _low=numbers["effect_low"].to_numpy(),
        _effect=numbers["effect"].to_numpy(),
        _high=numbers["effect_high"].to_numpy(),
        _said=pd.Series(said_of(fit.studies), fit.studies.index, dtype=object),
    )
    if options.order == "table":
        return studies[::-1] if options.descending else studies
    named = {"effect": "_effect", "weight": "_weight", "precision": "vi"}
    by = named.get(options.order, options.order)
    if by not in studies:
        legal = ["table", *named, *map(str, fit.studies.columns)]
        one_of("order", options.order, legal)
    ascending = not options.descending
    return studies.sort_values(by, ascending=ascending, kind="stable", na_position="last")


def shown_names(options: ForestOptions) -> tuple[str, ...]:
    """Return the columns of the study table that may be printed."""
    return (*MEANS, *COUNTS, *options.columns, *options.right_columns)


def in_brackets(look: ForestStyle) -> bool:
    """Say whether a style puts the marks of footnotes in brackets."""
    return look.footnote == "bracketed"


def with_parts(look: ForestStyle, *, arm_data: bool | None, weights: bool | None) -> ForestStyle:
    """Return a style with or without the raw data and the weights; None leaves them as they are.

    Raw data that a style has no column for stand left of the effects, weights right of the plot.
    """
    left, right = [*look.left], [*look.right]
    for part, wanted, place in (("arms", arm_data, 0), ("weight", weights, len(left))):
        if wanted and part not in (*left, *right):
            if part == "arms":
                left.insert(place, part)
            else:
                right.insert(0, part)
        elif wanted is False:
            left, right = ([one for one in side if one != part] for side in (left, right))
    separate = look.arms if look.arms != "none" else "combined"
    return replace(look, left=tuple(left), right=tuple(right), arms=separate)


def arm_names(arms: object) -> tuple[str, str]:
    """Return the names of the two arms as a figure can show them.

    Raises
    ------
    OptionError
        If these are not two texts.
    """
    names = list(arms) if isinstance(arms, list | tuple) else []
    if len(names) != 2 or not all(isinstance(name, str) for name in names):
        raise OptionError(
            "arms must be the names of the two arms, such as ('Case management', 'Usual care'); "
            f"got {arms!r}."
        )
    return clean(names[0]), clean(names[1])


def arm_columns(kind: str | None, look: ForestStyle, arms: tuple[str, str]) -> list[Column]:
    """Return the columns of raw data by arm that the table has and the style shows."""
    if look.arms == "none" or kind is None:
        return []
    columns = []
    for side, arm in zip("tc", arms, strict=True):
        if look.arms == "combined":
            what = "Mean (SD) / total" if kind == "means" else "Events / total"
            columns.append(Column(key=f"arm_{side}", heading=what, group=arm))
            continue
        parts = {"mean": "Mean", "sd": "SD"} if kind == "means" else {"events": "Events"}
        for part, name in {**parts, "n": "Total"}.items():
            columns.append(Column(key=f"{part}_{side}", heading=name, group=arm))
    return columns


def raw_kind(tables: Sequence[pd.DataFrame], measure: Measure) -> str | None:
    """Say which raw data by arm are shown: ``"means"`` or ``"counts"``, or none if there are none.

    Those that more studies have; of as many, those that the measure is usually computed from.
    """
    found = {"means": 0, "counts": 0}
    for kind, needed in (("means", MEANS), ("counts", COUNTS)):
        own = [name for name in needed if not name.startswith("n_")]
        for studies in tables:
            if set(needed) <= set(studies):
                found[kind] += int(studies[own].notna().any(axis="columns").sum())
    usual = "counts" if measure.name in BINARY else "means"
    kind = max(found, key=lambda one: (found[one], one == usual))
    return kind if found[kind] else None


def square_kind(measure: Measure) -> str:
    """Say which of a style's colours the squares take."""
    if measure.name in CONTINUOUS:
        return "continuous"
    return "binary" if measure.name in BINARY else "generic"


def user_columns(studies: pd.DataFrame, names: Mapping[str, str], argument: str) -> list[Column]:
    """Return the columns the user asked for: numbers to the right, words to the left."""
    columns = []
    for name, title in names.items():
        values = checks.column(studies, name, argument)
        align: Literal["left", "right"] = (
            "right" if pd.api.types.is_numeric_dtype(values) else "left"
        )
        columns.append(Column(key=f"user_{name}", heading=clean(title), align=align))
    return columns


def risk_columns(names: Mapping[str, str]) -> list[Column]:
    """Return a column of symbols on discs for every risk-of-bias domain."""
    discs = {known.symbol: (known.fill, known.ink) for known in JUDGEMENTS}
    return [
        Column(
            key=f"risk_{name}",
            heading=clean(title),
            align="center",
            discs=discs,
            group="Risk of bias",
        )
        for name, title in names.items()
    ]


def read_risks(studies: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return the key to the risk-of-bias symbols; refuse anything that is not a judgement."""
    found: list[Judgement | None] = []
    for name in names:
        found += judged(checks.column(studies, name, "risk_of_bias"), studies["study"])
    domains = [f"{clean(title)} {clean(name)}" for name, title in names.items() if title != name]
    told = f" Domains: {'; '.join(domains)}." if domains else ""
    blank = " Blank: not judged." if None in found else ""
    return [key(found) + blank + told] if names else []


def named(columns: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    """Return columns with their headings, which are their names unless a mapping says otherwise."""
    if isinstance(columns, str):
        return {columns: columns}
    return dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
