"""The bubble plot: effects against a moderator, with the line of a meta-regression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from synthesis import checks
from synthesis.labels import as_read
from synthesis.plots.drawing.circles import diameters, largest
from synthesis.plots.drawing.hover_targets import PointSpots, derived, remember
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, PALE_BLUE
from synthesis.plots.drawing.scale import Scale, effect_scale
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import result_of
from synthesis.pooling.regression.results import MetaRegression

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 262.0, 205.0
"""Size of the plot in points."""

LARGEST, SMALLEST = 18.0, 3.0
"""Diameters of bubbles in points: that of the heaviest study, and the minimum."""

STEPS = 64
"""Number of points with which the line and its band are drawn."""


def bubble(
    result: MetaRegression,
    moderator: str,
    *,
    label: str = "",
    prediction: bool = False,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the studies of a meta-regression against one moderator, areas by weight.

    Parameters
    ----------
    result : MetaRegression
        The regression.
    moderator : str
        A column of numbers in its studies. Other moderators are held at their mean, or at their
        most common category.
    label : str
        The label under the axis; by default the column's name.
    prediction : bool
        Whether the prediction interval is also drawn around the line.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        The moderator along x; effects along y, on a logarithmic scale for ratios.

    Raises
    ------
    DataError
        If there is no such column of numbers, or it does not vary.

    References
    ----------
    Thompson & Higgins 2002, Stat Med 21:1559-1573.
    """
    result_of(result, MetaRegression, "result", "meta_regression")
    studies = result.studies
    names = studies["study"].tolist()
    x = checks.numeric(checks.column(studies, moderator, "moderator"), names)
    low, high = float(x.min()), float(x.max())
    if low == high:
        raise DataError(
            f"moderator {moderator!r} is {low:g} in every study, so no line can be drawn."
        )
    values = np.linspace(low, high, STEPS)
    line = result.predict(_typical(studies, moderator, values))
    limits = ("pi_low", "pi_high") if prediction else ("ci_low", "ci_high")
    around = [*studies["yi"], *line[limits[0]], *line[limits[1]]]
    margin = 0.06 * (high - low)
    graph = Graph(
        Scale(label=clean(label or moderator), limits=(low - margin, high + margin)),
        effect_scale(result.measure, around, margin=0.08, seen=result.back_studies(studies["yi"])),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=title,
        key=_key(result, prediction=prediction),
    )
    _line(graph, result, values, line, prediction=prediction)
    weight = 1 / (studies["vi"].to_numpy() + result.tau2)
    top = largest(weight, LARGEST, WIDTH * HEIGHT)
    sizes = diameters(weight, weight.max(), top=top, at_least=SMALLEST) * graph.scale
    effects = result.back_studies(studies["yi"])
    graph.axes.scatter(
        x,
        effects,
        s=sizes**2,
        facecolors=BLUE,
        edgecolors="white",
        linewidths=0.6 * graph.scale,
        alpha=0.75,
        zorder=3,
        gid="studies",
    )
    remember(graph.axes, PointSpots(x, effects, _point_words(result, moderator)))
    graph.describe(
        f"Bubble plot of {result.k_in_words}: {result.measure.label} against {moderator}.",
        f"The line runs from {display.drawn(float(_seen(result, line['estimate'])[0]))} at "
        f"{low:g} to {display.drawn(float(_seen(result, line['estimate'])[-1]))} at {high:g}.",
        f"Test of all moderators: p {display.p_value(result.q_m_p_value)}; I² left over: "
        f"{display.drawn(result.i2, 0)}%.",
    )
    return graph.axes


def _point_words(result: MetaRegression, moderator: str) -> list[str]:
    short = result.measure.abbreviation
    return [
        f"{clean(study['study'])}: {clean(moderator)} {study[moderator]:g}, {short} "
        f"{display.drawn(effect)}. {derived(study, study.get('receipt'))}"
        for study, effect in zip(
            result.studies.to_dict("records"),
            result.back_studies(result.studies["yi"]),
            strict=True,
        )
    ]


def _seen(result: MetaRegression, values: pd.Series) -> np.ndarray:
    """Convert effects to the scale that readers see."""
    return np.array([result.measure.back(float(value)) for value in values])


def _typical(studies: pd.DataFrame, moderator: str, values: np.ndarray) -> pd.DataFrame:
    """Return rows that differ in one moderator and are typical in every other."""
    typical: dict[object, object] = {}
    for name, column in studies.items():
        known = as_read(column).dropna()
        if known.empty or name == moderator:
            continue
        if pd.api.types.is_numeric_dtype(known):
            typical[name] = known.mean()
        elif known.map(lambda value: isinstance(value, str)).all():
            typical[name] = known.value_counts().index[0]
    return pd.DataFrame({**typical, moderator: values})


def _line(
    graph: Graph,
    result: MetaRegression,
    values: np.ndarray,
    line: pd.DataFrame,
    *,
    prediction: bool,
) -> None:
    """Draw the line with its band, and the line of no effect."""
    axes, scale = graph.axes, graph.scale
    axes.fill_between(
        values,
        _seen(result, line["ci_low"]),
        _seen(result, line["ci_high"]),
        color=PALE_BLUE,
        linewidth=0,
        zorder=0,
        gid="band",
    )
    axes.plot(values, _seen(result, line["estimate"]), color=INK, linewidth=1.2 * scale, gid="line")
    if prediction:
        for limit in ("pi_low", "pi_high"):
            axes.plot(
                values,
                _seen(result, line[limit]),
                color=INK,
                linewidth=0.8 * scale,
                linestyle=(0, (3, 3)),
                gid=limit,
            )
    if not np.isnan(result.measure.null):
        axes.axhline(
            result.measure.null, color=GREY, linewidth=0.6 * scale, zorder=1, gid="no-effect"
        )


def _key(result: MetaRegression, *, prediction: bool) -> list[Entry]:
    level = f"{100 * result.level:g}%"
    dot = {"marker": "o", "linestyle": "none", "markersize": 7.0, "color": BLUE, "alpha": 0.75}
    entries = [
        Entry(text="Study, area by weight", line=dot),
        Entry(text="Meta-regression", line={"color": INK, "linewidth": 1.2}),
        Entry(text=f"{level} CI", line={"color": PALE_BLUE, "linewidth": 7.0}),
    ]
    if prediction:
        dashed = {"color": INK, "linewidth": 0.8, "linestyle": (0, (3, 3))}
        entries.append(Entry(text=f"{level} prediction interval", line=dashed))
    return entries
