"""The GOSH plot: the pooled effect and the heterogeneity of every subset of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import counted, label
from synthesis.diagnostics.subsets import Gosh
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import INK, ORANGE, PALE_BLUE
from synthesis.plots.drawing.scale import Scale, effect_scale
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.given import result_of
from synthesis.pooling.readable import turned_back

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

WIDTH, HEIGHT = 262.0, 190.0
"""Size of the plot in points."""

MARGIN = 52.0
"""Height of the histogram over the plot."""

CELLS = (60, 36)
"""Hexagons across and up."""

BINS = 80
"""Bars of the histogram."""

SHADES = (PALE_BLUE, "#56a0d3", "#0072b2", "#00324f")
"""From few to many, or from none to all; lighter to darker, so that they also work in grey."""


class Drawn(NamedTuple):
    """The subsets that can be placed, on the scale that readers see."""

    estimate: np.ndarray
    i2: np.ndarray
    kept: np.ndarray


def gosh_plot(
    every: Gosh, *, study: str | None = None, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the effect of every subset of studies against its heterogeneity.

    Parameters
    ----------
    every : Gosh
        The subsets, from `gosh`.
    study : str, optional
        Distinguish the subsets that include this study: where they lie apart, it makes the
        difference.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Effects along x, on a logarithmic scale for ratios; I² in percent along y. Hexagons are
        darker where there are more subsets or, with `study`, where more of them include it; the
        histogram above counts the subsets. Single studies have no I² and are left out.

    Raises
    ------
    OptionError
        If there is no such study.
    DataError
        If no subset has two studies.

    References
    ----------
    Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214-223.
    """
    result_of(every, Gosh, "every", "gosh")
    if study is not None:
        study = one_of("study", label(study), every.studies)
    kept = every.subsets["i2"].notna().to_numpy()
    subsets = every.subsets[kept]
    if subsets.empty:
        raise DataError("no subset has two studies, so none has an I²; sample more.")
    drawn = Drawn(
        np.asarray(turned_back(every.measure, subsets, "estimate")),
        subsets["i2"].to_numpy(dtype=float),
        kept,
    )
    most = int(_counts(drawn, every.measure.is_ratio).max())
    held = None if study is None else every.contains(study)[kept]
    graph = Graph(
        effect_scale(every.measure, subsets["estimate"].to_numpy(), seen=drawn.estimate),
        Scale(label="I² (%)", limits=(-3.0, 103.0)),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=_count_key(most) if study is None else _share_key(clean(study)),
        notes=_notes(every, int(kept.sum()), study),
        top=MARGIN + 0.5 * SIZE,
    )
    _hexagons(graph, drawn, held, most)
    _histogram(graph, drawn, held)
    whole = subsets["k"].to_numpy() == len(every.studies)
    if whole.any():
        graph.axes.scatter(
            drawn.estimate[whole][:1],
            drawn.i2[whole][:1],
            marker="D",
            s=(5.5 * graph.scale) ** 2,
            facecolors=ORANGE,
            edgecolors=INK,
            linewidths=0.7 * graph.scale,
            zorder=4,
            gid="all-studies",
        )
    low, high = (display.drawn(float(end)) for end in (drawn.estimate.min(), drawn.estimate.max()))
    graph.describe(
        f"GOSH plot of {counted(len(subsets), 'subset')} of "
        f"{every.size}: {every.measure.label} from "
        f"{low} to {high}, I² from {display.drawn(float(drawn.i2.min()), 0)}% to "
        f"{display.drawn(float(drawn.i2.max()), 0)}%.",
        f"Subsets with and without {study} are shown separately." if study else "",
    )
    return graph.axes


def _counts(drawn: Drawn, ratio: bool) -> np.ndarray:
    """Count subsets in cells about as large as the hexagons, to name shades in the key."""
    x = np.log(drawn.estimate) if ratio else drawn.estimate
    return np.histogram2d(x, drawn.i2, bins=CELLS)[0]


def _shades() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("subsets", SHADES)


def _count_key(most: int) -> list[Entry]:
    """Label the shades of powers of ten up to the fullest cell."""
    powers = range(int(np.log10(max(most, 1))) + 1)
    top = np.log10(max(most, 2))
    entries = [
        _hexagon(counted(10**power, "subset") if not power else f"{10**power:,}", power / top)
        for power in powers
    ]
    return [*entries, _whole()]


def _share_key(study: str) -> list[Entry]:
    return [
        _hexagon(f"all include {study}", 1.0),
        _hexagon("half do", 0.5),
        _hexagon("none do", 0.0),
        _whole(),
    ]


def _hexagon(text: str, shade: float) -> Entry:
    from matplotlib.colors import to_hex

    look = {"marker": "h", "markersize": 8.0, "markeredgewidth": 0.4, "linestyle": "none"}
    colour = to_hex(_shades()(min(shade, 1.0)))
    return Entry(text=text, line={**look, "markerfacecolor": colour, "markeredgecolor": INK})


def _whole() -> Entry:
    look = {"marker": "D", "markersize": 5.5, "markeredgewidth": 0.7, "linestyle": "none"}
    return Entry(
        text="all studies", line={**look, "markerfacecolor": ORANGE, "markeredgecolor": INK}
    )


def _notes(every: Gosh, n: int, study: str | None) -> list[str]:
    what = "a random sample" if every.sampled else "all those of two studies or more"
    note = f"{counted(n, 'subset')} of {every.size}, {what}."
    if study is None:
        return [note]
    return [note, f"Above, subsets with {clean(study)} are filled, those without are dashed."]


def _hexagons(graph: Graph, drawn: Drawn, held: np.ndarray | None, most: int) -> None:
    from matplotlib.colors import LogNorm, Normalize

    x_limits, y_limits = graph.x.limits, graph.y.limits
    ticks = [float(tick) for tick in graph.axes.get_xticks()]
    names = [label.get_text() for label in graph.axes.get_xticklabels()]
    reach = np.log10(x_limits) if graph.x.log else x_limits
    graph.axes.hexbin(
        drawn.estimate,
        drawn.i2,
        C=held,
        reduce_C_function=np.mean,
        gridsize=CELLS,
        mincnt=1,
        xscale="log" if graph.x.log else "linear",
        extent=(reach[0], reach[1], *y_limits),
        cmap=_shades(),
        norm=LogNorm(1, max(most, 2), clip=True) if held is None else Normalize(0, 1),
        linewidths=0.1 * graph.scale,
        zorder=2,
        gid="subsets",
    )
    # A logarithmic hexbin resets the axis, with its own ticks.
    graph.axes.set_xlim(x_limits)
    graph.axes.set_ylim(y_limits)
    graph.canvas.ticks(ticks, names, size=SIZE, colour=INK)


def _histogram(graph: Graph, drawn: Drawn, held: np.ndarray | None) -> None:
    """Count the subsets along x, over the plot; those with the study apart from the others."""
    from matplotlib.transforms import blended_transform_factory

    ends = graph.x.limits
    edges = np.geomspace(*ends, BINS + 1) if graph.x.log else np.linspace(*ends, BINS + 1)
    parts = [np.ones(len(drawn.estimate), dtype=bool)] if held is None else [held, ~held]
    counts = [np.histogram(drawn.estimate[part], edges)[0] for part in parts]
    highest = max(int(count.max()) for count in counts)
    mixed = blended_transform_factory(graph.axes.transData, graph.canvas.page)
    base = graph.upper - 0.5 * SIZE
    names = ("subsets-counted",) if held is None else ("subsets-with", "subsets-without")
    for count, name in zip(counts, names, strict=True):
        without = name == "subsets-without"
        graph.axes.stairs(
            base - count / highest * MARGIN,
            edges,
            baseline=base,
            fill=not without,
            facecolor="none" if without else SHADES[1],
            edgecolor=INK if without else SHADES[2],
            linestyle=(0, (3, 1.5)) if without else "-",
            transform=mixed,
            linewidth=0.7 * graph.scale,
            clip_on=False,
            zorder=2,
            gid=name,
        )
