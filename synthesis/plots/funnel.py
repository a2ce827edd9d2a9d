"""The funnel plot: effects against the precision or size of studies."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patheffects import withStroke

from arrowroot import display
from arrowroot.errors import OptionError
from arrowroot.text import counted, shortened
from synthesis.diagnostics.small_studies.predictors import PREDICTORS
from synthesis.diagnostics.small_studies.regression_test import RegressionTest
from synthesis.diagnostics.small_studies.trim_fill import TrimFill
from synthesis.plots.drawing.hover_targets import PointSpots, remember, study_words
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, VERMILLION
from synthesis.plots.drawing.scale import effect_scale
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.plots.funnel_axis import Vertical, check_line, vertical_named
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 262.0, 220.0
"""Size of the plot in points."""

POINT = 5.0
"""Diameter of a study's point, in points."""

CONTOURS = (
    (0.10, 0.05, "#9e9e9e", "0.05 < P ≤ 0.10"),
    (0.05, 0.01, "#c9c9c9", "0.01 < P ≤ 0.05"),
    (0.01, 0.00, "#e6e6e6", "P ≤ 0.01"),
)
"""Bands of two-sided significance, from the middle outwards: upper and lower P, fill, name.
Peters et al. 2008, J Clin Epidemiol 61:991-996."""


def funnel(
    result: MetaAnalysis | TrimFill,
    *,
    vertical: str = "sei",
    contours: bool | None = None,
    egger: RegressionTest | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw a funnel plot.

    Parameters
    ----------
    result : MetaAnalysis or TrimFill
        The studies and their pooled effect. For trim and fill, the studies filled in are drawn as
        open points, and the funnel is centred on the effect that includes them.
    vertical : {"sei", "vi", "seinv", "vinv", "ni", "lni", "ninv", "sqrtninv"}
        What the vertical axis shows: the standard error, the variance, the inverse of either; the
        sample size, the same on a logarithmic axis, its inverse, or the inverse of its root. Sizes
        are the column ``n`` of the study table, or ``n_t`` and ``n_c`` together; studies without
        one are listed below the figure.
    contours : bool, optional
        Whether areas of significance are shaded, around no effect. By default they are if the axis
        gives the standard error and the measure has a value of no effect.
    egger : RegressionTest, optional
        A test, from `egger_test`, whose line is drawn: its predictor must be based on variances if
        the axis shows these, and on sizes if it shows sizes.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios, and the most precise or largest
        study on top. Where the axis shows sizes there is no funnel, since the same size gives
        different standard errors.

    Raises
    ------
    OptionError
        If there is no such axis, or it cannot show what is requested.
    DataError
        If sizes are needed and the study table has none.

    References
    ----------
    Sterne & Egger 2001, J Clin Epidemiol 54:1046-1055, on the choice of the axis; Peters et al.
    2006, JAMA 295:676-680, and Deeks et al. 2005, J Clin Epidemiol 58:882-893, on sizes.
    """
    fit = result.fit if isinstance(result, TrimFill) else result
    pooled_only(fit, "result")
    shown = vertical_named(vertical)
    _check(result, shown, vertical, contours=contours is True)
    if egger is not None:
        check_line(egger, shown, vertical)
    contours = shown.has_errors and not np.isnan(fit.measure.null) and contours is not False
    effect, height = fit.studies["yi"].to_numpy(dtype=float), shown.values(fit, vertical)
    known = ~np.isnan(height)
    lost = [clean(name) for name in fit.studies.loc[~known, "study"]]
    lacking = [f"Not drawn, for want of a sample size: {shortened(lost)}."] if lost else []
    effect, height, seen = effect[known], height[known], fit.back_studies(effect)[known]
    scale = shown.scale(fit, height)
    places = shown.line(height, scale)
    around = list(effect)
    if shown.has_errors:
        half = NormalDist().inv_cdf(0.5 + fit.level / 2) * float(shown.errors(places).max())
        around += [fit.estimate - half, fit.estimate + half]
    graph = Graph(
        effect_scale(fit.measure, around, seen=seen),
        scale,
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=title,
        key=_key(result, contours=contours, has_funnel=shown.has_errors, egger=egger),
        notes=lacking,
    )
    if contours:
        _shade(graph, fit, places, shown.errors(places))
    _pooled_line(graph, fit)
    if shown.has_errors:
        _funnel_lines(graph, fit, places, shown.errors(places))
    if egger is not None:
        _egger_line(graph, fit, places, PREDICTORS[egger.predictor].of(shown.back(places)), egger)
    _points(graph, fit, seen, height, known)
    graph.describe(*_in_words(result, shown, height, egger), *lacking)
    words = [
        text
        for text, there in zip(list(study_words(fit).values())[: fit.k], known, strict=True)
        if there
    ]
    remember(graph.axes, PointSpots(seen, height, words))
    return graph.axes


def _check(result: MetaAnalysis | TrimFill, shown: Vertical, name: str, *, contours: bool) -> None:
    """Refuse what the axis cannot show."""
    if isinstance(result, TrimFill) and result.k0 and not shown.has_errors:
        raise OptionError(
            f"vertical={name!r} shows sample sizes, and studies filled in have none. Draw trim "
            "and fill with vertical='sei'."
        )
    if contours and not shown.has_errors:
        raise OptionError(
            f"contours=True needs standard errors; vertical={name!r} shows sample sizes, which do "
            "not show where an effect becomes significant. Use vertical='sei', or leave out "
            "contours."
        )
    measure = (result.fit if isinstance(result, TrimFill) else result).measure
    if contours and np.isnan(measure.null):
        raise OptionError(
            f"contours=True needs a value of no effect, and {measure.name!r} has none. Leave out "
            "contours."
        )


def _seen(fit: MetaAnalysis, values: np.ndarray) -> np.ndarray:
    """Convert values to the scale that readers see."""
    return np.array([fit.back(float(value)) for value in values])


def _shade(graph: Graph, fit: MetaAnalysis, places: np.ndarray, errors: np.ndarray) -> None:
    """Shade where a study would be significant; no effect is 0 on every scale of analysis."""
    low, high = graph.x.limits
    for upper, lower, fill, _ in CONTOURS:
        inner = NormalDist().inv_cdf(1 - upper / 2) * errors
        outer = NormalDist().inv_cdf(1 - lower / 2) * errors if lower else None
        for sign, end in ((-1, low), (1, high)):
            far = np.full(len(errors), end) if outer is None else _seen(fit, sign * outer)
            graph.axes.fill_betweenx(
                places,
                _seen(fit, sign * inner),
                far,
                color=fill,
                linewidth=0,
                zorder=0,
                gid=f"contour-{lower:g}-{'low' if sign < 0 else 'high'}",
            )


def _pooled_line(graph: Graph, fit: MetaAnalysis) -> None:
    """Draw the pooled effect, from the bottom to the top."""
    at = fit.back(fit.estimate)
    graph.axes.plot([at, at], graph.y.limits, color=INK, linewidth=0.8 * graph.scale, gid="pooled")


def _funnel_lines(graph: Graph, fit: MetaAnalysis, places: np.ndarray, errors: np.ndarray) -> None:
    """Draw where studies with one true effect would lie around the pooled one."""
    z = NormalDist().inv_cdf(0.5 + fit.level / 2)
    for sign, side in ((-1, "low"), (1, "high")):
        graph.axes.plot(
            _seen(fit, fit.estimate + sign * z * errors),
            places,
            color=INK,
            linewidth=0.8 * graph.scale,
            linestyle=(0, (3, 3)),
            gid=f"funnel-{side}",
        )


def _egger_line(
    graph: Graph, fit: MetaAnalysis, places: np.ndarray, x: np.ndarray, egger: RegressionTest
) -> None:
    """Draw the effects that a regression test expects."""
    slope = egger.coefficient(egger.predictor, "estimate")
    graph.axes.plot(
        _seen(fit, egger.coefficient("intercept", "estimate") + slope * x),
        places,
        color=VERMILLION,
        linewidth=1.2 * graph.scale,
        linestyle=(0, (6, 2)),
        # In grey the line and the bands look alike; a white edge separates them.
        path_effects=[withStroke(linewidth=2.6 * graph.scale, foreground="white")],
        gid="egger",
    )


def _points(
    graph: Graph, fit: MetaAnalysis, seen: np.ndarray, height: np.ndarray, known: np.ndarray
) -> None:
    """Draw the studies that have a place; those filled in are open."""
    filled = (
        fit.studies["filled"].to_numpy(dtype=bool)[known]
        if "filled" in fit.studies
        else np.zeros(len(seen), dtype=bool)
    )
    for these, face, name in ((~filled, BLUE, "studies"), (filled, "white", "filled")):
        if these.any():
            graph.axes.scatter(
                seen[these],
                height[these],
                s=(POINT * graph.scale) ** 2,
                facecolors=face,
                edgecolors="white" if face == BLUE else BLUE,
                linewidths=(0.4 if face == BLUE else 1.0) * graph.scale,
                zorder=3,
                clip_on=False,
                gid=name,
            )


def _key(
    result: MetaAnalysis | TrimFill,
    *,
    contours: bool,
    has_funnel: bool,
    egger: RegressionTest | None,
) -> list[Entry]:
    """Say what the marks mean."""
    fit = result.fit if isinstance(result, TrimFill) else result
    dot = {"marker": "o", "linestyle": "none", "markersize": POINT, "color": BLUE}
    pooled = "Pooled effect"
    entries = [Entry(text="Study", line=dot)]
    if isinstance(result, TrimFill):
        pooled = "Pooled effect with them"
        entries.append(
            Entry(text="Study filled in", line={**dot, "markerfacecolor": "white"}),
        )
    entries.append(Entry(text=pooled, line={"color": INK, "linewidth": 0.8}))
    if has_funnel:
        look = {"color": INK, "linewidth": 0.8, "linestyle": (0, (3, 3))}
        entries.append(Entry(text=f"Within {100 * fit.level:g}% of chance", line=look))
    if egger is not None:
        look = {"color": VERMILLION, "linewidth": 1.2, "linestyle": (0, (6, 2))}
        entries.append(Entry(text=f"{egger.name}, P {_p(egger)}", line=look))
    if contours:
        square = {"marker": "s", "linestyle": "none", "markersize": 0.8 * SIZE}
        edge = {"markeredgecolor": GREY, "markeredgewidth": 0.4}
        entries += [
            Entry(text=name, line={**square, **edge, "color": fill}) for *_, fill, name in CONTOURS
        ]
    return entries


def _p(egger: RegressionTest) -> str:
    return display.p_value(egger.p_value)


def _in_words(
    result: MetaAnalysis | TrimFill,
    shown: Vertical,
    height: np.ndarray,
    egger: RegressionTest | None,
) -> list[str]:
    """Say what the figure shows."""
    fit = result.fit if isinstance(result, TrimFill) else result
    observed = result.original if isinstance(result, TrimFill) else result
    digits = 0 if height.min() >= 10 else 2 if height.max() >= 0.1 else 4
    sentences = [
        f"Funnel plot of {observed.k_in_words}: "
        f"{fit.measure.label} against {shown.many} from "
        f"{display.drawn(height.min(), digits)} to {display.drawn(height.max(), digits)}.",
        f"Pooled effect {display.drawn(fit.back(fit.estimate))}.",
    ]
    if isinstance(result, TrimFill):
        sentences.append(
            f"{counted(result.k0, 'study', 'studies')} filled in on the {result.side}."
        )
    if egger is not None:
        sentences.append(f"{egger.name}: p {_p(egger)}.")
    return sentences
