"""Rounds of a Delphi study: how the ratings of each item moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import counted
from synthesis.evaluation.delphi.result import Delphi
from synthesis.evaluation.delphi.rounds import EVERYONE
from synthesis.evaluation.reading import each
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GROUPS, INK, MARKERS, PALE, PALE_BLUE
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, LABEL = 240.0, 170.0
"""Of the plot, and of the widest label of an item, in points."""
APART = 1.25 * SIZE
"""Distance of the rounds of one item."""


def delphi_plot(
    result: Delphi, *, group: str = EVERYONE, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the median and the quartiles of each item, round by round.

    Parameters
    ----------
    result : Delphi
        What `synthesis.delphi` returns.
    group : str
        Whose ratings; everyone's by default.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Ratings along x; the range that counts as agreeing is shaded. Beside each item
        it says whether the rule found consensus in its last round.

    Raises
    ------
    DataError
        If there is no such group.
    """
    if not isinstance(result, Delphi):
        raise DataError(
            f"result: what delphi returns is needed; got {type(result).__name__}. Use "
            "delphi_plot(delphi(ratings, rule=rule))."
        )
    items = result.items
    some = items[items["group"] == group]
    if some.empty:
        known = ", ".join(map(repr, items["group"].unique()))
        raise DataError(f"group: there is no group {group!r}; use one of {known}.")
    low, high = result.rule.scale
    names = list(result.results["item"])
    rounds = sorted(some["round"].unique().tolist())
    labels = [typeface.wrapped(clean(name), LABEL, "regular", SIZE) for name in names]
    tall = [
        max((len(rounds) + 0.4) * APART, (one.count("\n") + 1.6) * LINE * SIZE) for one in labels
    ]
    middles = np.cumsum(tall) - np.array(tall) / 2
    height = float(sum(tall))
    key = [
        Entry(
            text=f"round {number}",
            line={"color": _colour(at), "marker": _marker(at), "linestyle": "", "markersize": 5},
        )
        for at, number in enumerate(rounds)
    ]
    graph = Graph(
        Scale(
            label="Rating",
            limits=(low - 0.5, high + 0.5),
            ticks={float(one): f"{one}" for one in range(low, high + 1)},
        ),
        Scale(
            label="",
            limits=(height, 0.0),
            ticks=dict(zip(middles.tolist(), labels, strict=True)),
        ),
        width=WIDTH,
        height=height,
        ax=ax,
        title=clean(title),
        key=key,
        notes=[
            "Points: medians; lines: from the lower to the upper quartile."
            + (" Shaded: the ratings that count as agreeing." if result.rule.agree else "")
            + " On the right: whether the rule found consensus in the item's last round.",
            "" if group == EVERYONE else f"Group: {clean(group)}.",
        ][: 1 if group == EVERYONE else 2],
        right=typeface.width("no consensus", size=SIZE) + SIZE,
    )
    axes = graph.axes
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if result.rule.agree:
        first, last = result.rule.agree
        axes.axvspan(first - 0.5, last + 0.5, color=PALE_BLUE, linewidth=0, zorder=0)
    for edge in np.cumsum(tall)[:-1]:
        axes.axhline(edge, color=PALE, linewidth=0.6 * graph.scale, zorder=0.5)
    for name, middle in zip(names, middles, strict=True):
        _item(graph, some[some["item"] == name], float(middle), rounds)
        last_round = some[some["item"] == name].sort_values("round")
        if len(last_round):
            reached = last_round["consensus"].iloc[-1]
            mark = "not rated" if reached is None else "consensus" if reached else "no consensus"
            x, y = graph.left + graph.width + SIZE, graph.place(low, float(middle))[1]
            graph.canvas.text(x, y + 0.35 * SIZE, mark, size=SIZE, colour=INK)
    graph.describe(*_words(result, some, names, group))
    return axes


def _colour(at: int) -> str:
    return GROUPS[at % len(GROUPS)]


def _marker(at: int) -> str:
    return MARKERS[at % len(MARKERS)]


def _item(graph: Graph, own: pd.DataFrame, middle: float, rounds: list[int]) -> None:
    for at, number in enumerate(rounds):
        row = own[own["round"] == number]
        if row.empty or not row["n"].iloc[0]:
            continue
        y = middle + (at - (len(rounds) - 1) / 2) * APART
        q1, q3, median = (float(row[one].iloc[0]) for one in ("q1", "q3", "median"))
        colour = _colour(at)
        graph.axes.plot(
            [q1, q3], [y, y], color=colour, linewidth=1.4 * graph.scale, zorder=2, gid="quartiles"
        )
        graph.axes.plot(
            [median],
            [y],
            marker=_marker(at),
            markersize=5 * graph.scale,
            color=colour,
            markeredgecolor="white",
            markeredgewidth=0.4 * graph.scale,
            linestyle="",
            zorder=3,
            gid=f"round-{number}",
        )


def _words(result: Delphi, some: pd.DataFrame, names: list[str], group: str) -> list[str]:
    said = []
    for name in names:
        own = some[some["item"] == name]
        steps = [
            f"round {row.round} median {display.number(row.median, 1)}, quartiles "
            f"{display.number(row.q1, 1)} to {display.number(row.q3, 1)}"
            for row in each(own)
            if row.n
        ]
        reached = own["consensus"].iloc[-1] if len(own) else None
        end = "not rated" if reached is None else "consensus" if reached else "no consensus"
        said.append(f"{name}: {'; '.join(steps)}; {end}.")
    whose = "" if group == EVERYONE else f" Group: {group}."
    return [
        f"Ratings of {counted(len(names), 'item')} in a Delphi study, on a scale from "
        f"{result.rule.scale[0]} to {result.rule.scale[1]}.{whose}",
        *said,
    ]
