"""The funnel plot: effects against their standard errors, over what chance would give."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from synthesis import display
from synthesis.diagnostics.asymmetry import RegressionTest
from synthesis.diagnostics.trim_fill import TrimFill
from synthesis.errors import OptionError
from synthesis.plots.graph import Graph
from synthesis.plots.key import Entry
from synthesis.plots.palette import BLUE, GREY, INK, VERMILLION
from synthesis.plots.scale import Scale, effect_scale
from synthesis.plots.typeface import SIZE
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 330.0, 260.0
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

STEPS = 64
"""Points a line is drawn with, enough for a curve on the scale of correlations."""


def funnel(
    result: MetaAnalysis | TrimFill,
    *,
    contours: bool = True,
    egger: RegressionTest | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw a funnel plot.

    Parameters
    ----------
    result : MetaAnalysis or TrimFill
        The studies and their pooled effect. Of trim and fill, the studies filled in are drawn as
        open points, and the funnel stands on the effect with them.
    contours : bool
        Whether areas of significance are shaded, around no effect.
    egger : RegressionTest, optional
        A test on the standard error, from `egger_test`, whose line is drawn.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is made.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios, and standard errors along y, the
        most precise study on top.

    Raises
    ------
    OptionError
        If `egger` is a test on something else than the standard error.

    References
    ----------
    Sterne & Egger 2001, J Clin Epidemiol 54:1046-1055.
    """
    fit = result.fit if isinstance(result, TrimFill) else result
    if egger is not None and egger.predictor != "sei":
        raise OptionError(
            f"egger must be a test on the standard error, predictor='sei'; its predictor is "
            f"{egger.predictor!r}."
        )
    frame = fit.study_frame()
    effect, error = frame["yi"].to_numpy(), frame["std_error"].to_numpy()
    deepest = 1.06 * float(error.max())
    half = NormalDist().inv_cdf(0.5 + fit.level / 2) * deepest
    around = [*effect, fit.estimate - half, fit.estimate + half]
    contours = contours and not np.isnan(fit.measure.null)
    graph = Graph(
        effect_scale(fit.measure, around),
        Scale(label=f"Standard error{fit.measure.on_scale}", limits=(deepest, 0.0)),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=title,
        key=_key(result, contours=contours, egger=egger),
    )
    errors = np.linspace(0.0, deepest, STEPS)
    if contours:
        _shade(graph, fit, errors)
    _funnel_lines(graph, fit, errors)
    if egger is not None:
        slope = egger.coefficient("sei", "estimate")
        line = egger.coefficient("intercept", "estimate") + slope * errors
        graph.axes.plot(
            _seen(fit, line),
            errors,
            color=VERMILLION,
            linewidth=1.2 * graph.scale,
            linestyle=(0, (6, 2)),
            gid="egger",
        )
    _points(graph, fit, effect, error)
    graph.describe(*_in_words(result, egger))
    return graph.axes


def _seen(fit: MetaAnalysis, values: np.ndarray) -> np.ndarray:
    """Take values to the scale that readers see."""
    return np.array([fit.back(float(value)) for value in values])


def _shade(graph: Graph, fit: MetaAnalysis, errors: np.ndarray) -> None:
    """Shade where a study would be significant; no effect is 0 on every scale of analysis."""
    low, high = graph.x.limits
    for upper, lower, fill, _ in CONTOURS:
        inner = NormalDist().inv_cdf(1 - upper / 2) * errors
        outer = NormalDist().inv_cdf(1 - lower / 2) * errors if lower else None
        for sign, end in ((-1, low), (1, high)):
            far = np.full(STEPS, end) if outer is None else _seen(fit, sign * outer)
            graph.axes.fill_betweenx(
                errors,
                _seen(fit, sign * inner),
                far,
                color=fill,
                linewidth=0,
                zorder=0,
                gid=f"contour-{lower:g}-{'low' if sign < 0 else 'high'}",
            )


def _funnel_lines(graph: Graph, fit: MetaAnalysis, errors: np.ndarray) -> None:
    """Draw the pooled effect, and where studies of one true effect would lie around it."""
    z = NormalDist().inv_cdf(0.5 + fit.level / 2)
    thin = 0.8 * graph.scale
    graph.axes.plot(
        _seen(fit, np.full(STEPS, fit.estimate)), errors, color=INK, linewidth=thin, gid="pooled"
    )
    for sign, side in ((-1, "low"), (1, "high")):
        graph.axes.plot(
            _seen(fit, fit.estimate + sign * z * errors),
            errors,
            color=INK,
            linewidth=thin,
            linestyle=(0, (3, 3)),
            gid=f"funnel-{side}",
        )


def _points(graph: Graph, fit: MetaAnalysis, effect: np.ndarray, error: np.ndarray) -> None:
    """Draw the studies; those filled in are open."""
    filled = (
        fit.studies["filled"].to_numpy(dtype=bool)
        if "filled" in fit.studies
        else np.zeros(fit.k, dtype=bool)
    )
    for these, face, name in ((~filled, BLUE, "studies"), (filled, "white", "filled")):
        if these.any():
            graph.axes.scatter(
                _seen(fit, effect[these]),
                error[these],
                s=(POINT * graph.scale) ** 2,
                facecolors=face,
                edgecolors="white" if face == BLUE else BLUE,
                linewidths=(0.4 if face == BLUE else 1.0) * graph.scale,
                zorder=3,
                clip_on=False,
                gid=name,
            )


def _key(
    result: MetaAnalysis | TrimFill, *, contours: bool, egger: RegressionTest | None
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
    entries += [
        Entry(text=pooled, line={"color": INK, "linewidth": 0.8}),
        Entry(
            text=f"Within {100 * fit.level:g}% of chance",
            line={"color": INK, "linewidth": 0.8, "linestyle": (0, (3, 3))},
        ),
    ]
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


def _in_words(result: MetaAnalysis | TrimFill, egger: RegressionTest | None) -> list[str]:
    """Say what the figure shows."""
    fit = result.fit if isinstance(result, TrimFill) else result
    observed = result.original if isinstance(result, TrimFill) else result
    error = observed.study_frame()["std_error"]
    sentences = [
        f"Funnel plot of {display.count(observed.k, 'study', 'studies')}: "
        f"{fit.measure.label} against standard errors from {display.number(error.min())} to "
        f"{display.number(error.max())}.",
        f"Pooled effect {display.number(fit.back(fit.estimate))}.",
    ]
    if isinstance(result, TrimFill):
        sentences.append(
            f"{display.count(result.k0, 'study', 'studies')} filled in on the {result.side}."
        )
    if egger is not None:
        sentences.append(f"{egger.name}: p {_p(egger)}.")
    return sentences
