"""The specification curve: the results of a multiverse with the choices that gave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from arrowroot.display import drawn
from arrowroot.text import counted
from synthesis.diagnostics.multiverse import Multiverse
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, LIGHT
from synthesis.plots.drawing.scale import Scale, effect_scale
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.given import result_of
from synthesis.pooling.readable import turned_back

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEADINGS = {
    "model": "Model",
    "tau2_method": "Between-study variance",
    "ci_method": "Confidence interval",
    "variance": "Sampling variance",
    "subgroup": "Studies",
    "left_out": "Left out",
}

OPTIONS = {
    "model": {"random": "Random effects", "common": "Common effect"},
    "tau2_method": TAU2_NAMES,
    "ci_method": CI_NAMES,
    "subgroup": {"all": "All"},
    "left_out": {"none": "None"},
}

PITCH = 1.35
"""Distance between the lines of choices, in text sizes."""

NARROWEST, WIDEST = 300.0, 430.0
"""Width of the plot, in points; in between it grows with the specifications."""


class Line(NamedTuple):
    """A line of the lower part: a heading, or an option with the specifications that took it."""

    text: str
    choice: str
    option: str
    y: float


def specification_curve(every: Multiverse, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the results of every specification in rising order, over the choices they made.

    Parameters
    ----------
    every : Multiverse
        The results, from `multiverse`.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Specifications along x, numbered from 1; effects along y, on a logarithmic scale for
        ratios. Below, a line of marks for every option of the choices that were varied.

    References
    ----------
    Simonsohn, Simmons & Nelson 2020, Nat Hum Behav 4:1208-1214; for meta-analyses Voracek,
    Kossmeier & Tran 2019, Z Psychol 227:64-82.
    """
    result_of(every, Multiverse, "every", "multiverse")
    results, measure = every.to_frame(), every.measure
    n = len(results)
    lines, depth = _lines(every)
    width = float(np.clip(6.0 * n, NARROWEST, WIDEST))
    texts = [
        typeface.width(line.text, "regular" if line.option else "bold", SIZE) for line in lines
    ]
    null_known = not np.isnan(measure.null)
    ends = axis.limits(
        *results[["ci_low", "estimate", "ci_high"]].to_numpy(dtype=float).T,
        always=[0.0] if null_known else [],
    )
    level = f"{100 * every.level:g}%"
    crosses = (
        (results["ci_low"] <= 0) & (results["ci_high"] >= 0) if null_known else results["k"] < 0
    )
    graph = Graph(
        Scale(label="", limits=(0.3, n + 0.7), ticks={}),
        effect_scale(
            measure,
            ends,
            label=f"{measure.label} ({level} CI)",
            margin=0.02,
            seen=turned_back(measure, results, "estimate").to_numpy(),
        ),
        width=width,
        height=170.0,
        ax=ax,
        title=clean(title),
        key=_key(level, crosses),
        notes=(f"{counted(n, 'specification')}, ordered by their estimates.",),
        left=max(texts, default=0.0) + 2.2 * SIZE,
        bottom=depth,
    )
    _curve(graph, every, results, crosses.to_numpy(dtype=bool))
    _choices(graph, results, lines)
    graph.describe(*_words(every, results, crosses, level))
    return graph.axes


def _lines(every: Multiverse) -> tuple[list[Line], float]:
    """Return the lines below the curve, and the room they take."""
    lines, y = [], 1.2 * SIZE
    for choice in every.varied:
        y += 0.4 * SIZE
        lines.append(Line(HEADINGS[choice], choice, "", y))
        y += PITCH * SIZE
        for option in dict.fromkeys(every.results[choice]):
            # Under a common effect there is no tau2 to estimate; its line says so.
            if choice == "tau2_method" and option == "none":
                continue
            text = typeface.wrapped(_option(choice, str(option)), 150.0, "regular", SIZE)
            lines.append(Line(text, choice, str(option), y))
            y += PITCH * SIZE + text.count("\n") * typeface.LINE * SIZE
    return lines, y - 0.5 * SIZE if lines else 0.0


def _option(choice: str, option: str) -> str:
    """Write an option as in prose; names of studies and groups stay as in the table."""
    known = OPTIONS.get(choice, {}).get(option)
    return clean(option) if known is None else known[:1].upper() + known[1:]


def _key(level: str, crosses: pd.Series) -> list[Entry]:
    if not crosses.any() or crosses.all():
        which = "includes" if crosses.all() else "excludes"
        open_ = which == "includes"
        return [Entry(text=f"{level} CI {which} no effect", line=_marker(open_=open_))]
    return [
        Entry(text=f"{level} CI excludes no effect", line=_marker(open_=False)),
        Entry(text=f"{level} CI includes no effect", line=_marker(open_=True)),
    ]


def _marker(*, open_: bool) -> dict[str, object]:
    return {
        "marker": "o",
        "markersize": 4.0,
        "markerfacecolor": "white" if open_ else BLUE,
        "markeredgecolor": GREY if open_ else BLUE,
        "markeredgewidth": 0.8,
        "linestyle": "none",
    }


def _curve(graph: Graph, every: Multiverse, results: pd.DataFrame, crosses: np.ndarray) -> None:
    graph.axes.spines["bottom"].set_visible(False)
    place = np.arange(1, len(results) + 1)
    low, estimate, high = (
        turned_back(every.measure, results, name) for name in ("ci_low", "estimate", "ci_high")
    )
    apart = graph.width / (len(results) + 0.4)
    thick = float(np.clip(0.35 * apart, 0.25, 1.6)) * graph.scale
    side = float(np.clip(0.75 * apart, 1.2, 4.0)) * graph.scale
    floor, ceiling = graph.y.limits
    for cut, marker, end in ((low < floor, "v", floor), (high > ceiling, "^", ceiling)):
        graph.axes.scatter(
            place[cut],
            np.full(int(cut.sum()), end),
            marker=marker,
            s=(side + 0.5) ** 2,
            color=GREY,
            linewidths=0,
            clip_on=False,
            zorder=3,
            gid="arrows-down" if marker == "v" else "arrows-up",
        )
    if not np.isnan(every.measure.null):
        graph.axes.axhline(
            every.measure.null, color=INK, linewidth=0.6 * graph.scale, zorder=1, gid="no-effect"
        )
    for which, open_ in ((~crosses, False), (crosses, True)):
        look = _marker(open_=open_)
        graph.axes.vlines(
            place[which],
            np.maximum(low[which], floor),
            np.minimum(high[which], ceiling),
            colors=LIGHT if open_ else "#8fbcdc",
            linewidths=thick,
            zorder=2,
            gid="intervals-including" if open_ else "intervals-excluding",
        )
        graph.axes.scatter(
            place[which],
            estimate[which],
            s=side**2,
            facecolors=str(look["markerfacecolor"]),
            edgecolors=str(look["markeredgecolor"]),
            linewidths=min(0.8, 0.2 * side) * graph.scale,
            zorder=3,
            gid="including" if open_ else "excluding",
        )


def _choices(graph: Graph, results: pd.DataFrame, lines: list[Line]) -> None:
    """Write the options and mark the specifications that took each."""
    from matplotlib.transforms import blended_transform_factory

    place = np.arange(1, len(results) + 1)
    mixed = blended_transform_factory(graph.axes.transData, graph.canvas.page)
    thick = float(np.clip(0.55 * graph.width / len(results), 0.3, 3.0)) * graph.scale
    right = graph.left - 0.8 * SIZE
    for index, line in enumerate(lines):
        base = graph.lower + line.y
        graph.canvas.text(
            right,
            base,
            line.text,
            size=SIZE,
            face="regular" if line.option else "bold",
            align="right",
            colour=INK,
        )
        middle = base - 0.33 * SIZE
        if not line.option:
            y = base - 1.25 * SIZE
            graph.canvas.rule((SIZE, y), (graph.left + graph.width, y), colour=LIGHT, weight=0.4)
            continue
        took = place[(results[line.choice] == line.option).to_numpy(dtype=bool)]
        marks = graph.axes.vlines(
            took,
            middle - 0.42 * SIZE,
            middle + 0.42 * SIZE,
            colors=GREY,
            linewidths=thick,
            transform=mixed,
            clip_on=False,
            gid=f"choice-{index}",
        )
        marks.set_capstyle("butt")


def _words(every: Multiverse, results: pd.DataFrame, crosses: pd.Series, level: str) -> list[str]:
    seen = turned_back(every.measure, results, "estimate")
    low, high = drawn(seen.min()), drawn(seen.max())
    sentences = [
        f"Specification curve of {counted(len(results), 'analysis', 'analyses')} of the same "
        f"question: {every.measure.label} from {low} to {high}.",
    ]
    if not np.isnan(every.measure.null):
        sentences.append(f"{int((~crosses).sum())} of the {level} intervals exclude no effect.")
    if every.varied:
        varied = ", ".join(HEADINGS[choice].lower() for choice in every.varied)
        sentences.append(f"Choices varied: {varied}.")
    return sentences
