"""The L'Abbé plot: the risk in both arms of every study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from synthesis import checks
from synthesis.diagnostics.studies import labels
from synthesis.plots.drawing.circles import diameters, largest
from synthesis.plots.drawing.hover_targets import PointSpots, remember, study_words
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, PALE_BLUE
from synthesis.plots.drawing.point_labels import Box, along
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph
from synthesis.plots.risk_axis import RiskAxis, risk_axis, transformed
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

SIDE = 256.0
"""Width and height of the plot in points."""

LARGEST, SMALLEST = 18.0, 3.0
"""Diameter of the circle of the heaviest study, and the minimum, in points."""


def _by_odds(risk: np.ndarray, effect: float) -> np.ndarray:
    odds = np.exp(effect) * risk / np.maximum(1 - risk, 1e-300)
    return odds / (1 + odds)


def _by_arcsine(risk: np.ndarray, effect: float) -> np.ndarray:
    angle = np.arcsin(np.sqrt(risk)) + effect
    return np.where((angle >= 0) & (angle <= np.pi / 2), np.sin(angle) ** 2, np.nan)


HOW = {"risk": "", "log": ", logarithmic axis", "logit": ", logit axis"}
"""The description of each axis."""

TREATED: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "rr": lambda risk, effect: risk * np.exp(effect),
    "or": _by_odds,
    "peto": _by_odds,
    "rd": lambda risk, effect: risk + effect,
    "asd": _by_arcsine,
}
"""The treated arm's risk from the control arm's and the effect, by measure."""


def labbe(
    fit: MetaAnalysis,
    *,
    arms: tuple[str, str] = ("Treatment", "Control"),
    axis: str = "risk",
    names: bool = True,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the risk in the treated arm of every study against that in its control arm.

    Parameters
    ----------
    fit : MetaAnalysis
        Of ``rr or peto rd asd``, its studies with ``events_t n_t events_c n_c``.
    arms : tuple of str
        Names of the treated and the control arm.
    axis : {"risk", "log", "logit"}
        How the axes run: along the risks; for ratios also along their logarithms or those of
        their odds, where the pooled ratio is a straight line: a risk ratio on ``"log"``, an odds
        ratio on ``"logit"``. The labels of the axes are risks in any case.
    names : bool
        Whether studies are named, where there is room beside their circles; those furthest
        from the pooled effect first.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Risks in percent, or on the other axes the logarithms of risks or odds; areas of circles
        follow the weights. The line is the pooled effect, the band its interval. A risk of 0% or
        100% that has no logarithm is drawn separately, at the end of its axis.

    Raises
    ------
    OptionError
        If the measure does not compare two risks, or is not a ratio although the axis requires one.
    DataError
        If the counts of an arm are missing.

    References
    ----------
    L'Abbé, Detsky & O'Rourke 1987, Ann Intern Med 107:224-233.
    """
    pooled_only(fit)
    if fit.measure.name not in TREATED:
        known = ", ".join(repr(name) for name in TREATED)
        raise OptionError(
            f"labbe draws measures that compare two risks ({known}); these effects are "
            f"{fit.measure.name!r}. Use forest."
        )
    if axis in ("log", "logit") and not fit.measure.is_ratio:
        raise OptionError(
            f"axis={axis!r} is for ratios of risks or odds; these effects are "
            f"{fit.measure.name!r}. Use axis='risk'."
        )
    percents = {arm: _risks(fit, arm) for arm in "tc"}
    along_both = risk_axis(axis, np.concatenate(list(percents.values())))
    treated, control = (along_both.place(percents[arm]) for arm in "tc")
    weight = fit.weights.to_numpy(dtype=float)
    top = largest(weight, LARGEST, SIDE**2)
    sizes = diameters(weight, weight.max(), top=top, at_least=SMALLEST)
    level = f"{100 * fit.level:g}%"
    graph = Graph(
        along_both.scale(f"{clean(arms[1])}: risk (%{HOW[axis]})", SIDE),
        along_both.scale(f"{clean(arms[0])}: risk (%{HOW[axis]})", SIDE),
        width=SIDE,
        height=SIDE,
        ax=ax,
        title=clean(title),
        key=[
            Entry(text=f"Pooled {fit.measure.abbreviation}", line={"color": INK, "linewidth": 1.2}),
            Entry(text=f"{level} CI", line={"color": PALE_BLUE, "linewidth": 7.0}),
            Entry(
                text="no effect",
                line={"color": GREY, "linewidth": 0.8, "linestyle": (0, (4, 2))},
            ),
        ],
        notes=[_note(along_both)],
    )
    lines = _lines(graph, fit, along_both)
    order = np.argsort(-sizes, kind="stable")
    graph.axes.scatter(
        control[order],
        treated[order],
        s=(sizes[order] * graph.scale) ** 2,
        facecolors=(0.0, 0.447, 0.698, 0.45),
        edgecolors=BLUE,
        linewidths=0.7 * graph.scale,
        zorder=3,
        gid="studies",
    )
    if names:
        graph.name_points(
            control,
            treated,
            sizes,
            [clean(name) for name in fit.studies["study"]],
            rank=np.abs(fit.studies["yi"].to_numpy(dtype=float) - fit.estimate),
            avoid=lines,
        )
    lower = int((percents["t"] < percents["c"]).sum())
    graph.describe(
        f"L'Abbé plot of {fit.k_in_words}; in {lower} the risk is lower "
        f"in the first arm ({clean(arms[0])}) than in the second ({clean(arms[1])}).",
        f"Pooled {fit.measure.label.lower()}: {display.drawn(fit.back(fit.estimate))}.",
    )
    said = list(study_words(fit).values())
    words = [said[place] for place in order]
    remember(graph.axes, PointSpots(control[order], treated[order], words))
    return graph.axes


def _risks(fit: MetaAnalysis, arm: str) -> np.ndarray:
    """Return the risks of an arm in percent."""
    needed = (f"events_{arm}", f"n_{arm}")
    lacking = [name for name in needed if name not in fit.studies]
    if lacking:
        raise DataError(
            "labbe needs the counts of both arms: events_t, n_t, events_c, n_c. The table has no "
            f"{' and no '.join(repr(name) for name in lacking)}."
        )
    study = labels(fit)
    events, n = (checks.numeric(fit.studies[name], study) for name in needed)
    blank = ~(np.isfinite(events) & (n > 0))
    checks.refuse(f"{needed[0]} and {needed[1]} must be known for labbe", events, blank, study)
    return 100 * events / n


def _note(along_both: RiskAxis) -> str:
    """Say how circles are drawn, and which are drawn separately."""
    apart = [
        words
        for words, at in (("without events", along_both.none), ("of events only", along_both.all_))
        if at is not None
    ]
    areas = "Areas of circles follow the weights of the studies."
    if not apart:
        return areas
    return f"{areas} Arms {' and '.join(apart)} are shown separately at the end of the axis."


def _lines(graph: Graph, fit: MetaAnalysis, along_both: RiskAxis) -> list[Box]:
    """Draw the lines of equal risks and of the pooled effect; return their course."""
    axes, scale = graph.axes, graph.scale
    low, high = along_both.limits
    across = np.linspace(max(low, 0.0), min(high, 100.0), 401)
    if along_both.name != "risk":
        across = np.linspace(low, high, 401)
    risk = along_both.risk(across)
    pooled, lower, upper = (
        transformed(along_both.name, 100 * TREATED[fit.measure.name](risk, effect))
        for effect in (fit.estimate, *fit.ci)
    )
    axes.fill_between(across, lower, upper, color=PALE_BLUE, linewidth=0, zorder=1, gid="interval")
    dashes = (0, (4, 2))
    axes.plot(
        across, across, color=GREY, linewidth=0.8 * scale, linestyle=dashes, zorder=2, gid="equal"
    )
    axes.plot(across, pooled, color=INK, linewidth=1.2 * scale, zorder=2, gid="pooled")
    drawn = [*zip(across, across, strict=True), *zip(across, pooled, strict=True)]
    return along([graph.place(float(x), float(y)) for x, y in drawn if np.isfinite(y)])
