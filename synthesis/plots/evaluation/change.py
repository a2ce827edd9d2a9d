"""Distance travelled: how many went up, stayed and went down, area by area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.evaluation.distance.result import DistanceTravelled
from synthesis.evaluation.reading import each
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, INK, LIGHT, VERMILLION
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, LABEL, PITCH = 230.0, 150.0, 2.7 * SIZE
BAR, LIFT = 1.5 * SIZE, 0.2 * SIZE
"""Height of a bar, and how far it is above the middle of its row, in points."""
PARTS = (("up", BLUE, "up"), ("same", LIGHT, "the same"), ("down", VERMILLION, "down"))


def change_plot(
    result: DistanceTravelled,
    *,
    group: str = "everyone",
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the shares of people who went up, stayed and went down in each area.

    Parameters
    ----------
    result : DistanceTravelled
        What `synthesis.distance_travelled` returns.
    group : str
        Everyone, or a group as it is named in its ``areas``.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Percentages of pairs along x, numbers of people in the bars; the line is the interval of
        the share that went up.

    Raises
    ------
    DataError
        If there is no such group, or nobody has a pair.
    """
    rows = of_group(result, group, "change_plot")
    labels = [
        typeface.wrapped(f"{clean(row.area)} (n = {row.paired})", LABEL, "regular", SIZE)
        for row in each(rows)
    ]
    tall = [max(PITCH, (one.count("\n") + 1.4) * LINE * SIZE) for one in labels]
    middles = np.cumsum(tall) - np.array(tall) / 2
    level = f"{100 * result.level:g}%"
    graph = Graph(
        Scale(
            label="Share of people with a first and a last reading (%)",
            limits=(0.0, 100.0),
            ticks={float(one): f"{one}" for one in (0, 20, 40, 60, 80, 100)},
        ),
        Scale(
            label="",
            limits=(float(sum(tall)), 0.0),
            ticks=dict(zip(middles.tolist(), labels, strict=True)),
        ),
        width=WIDTH,
        height=float(sum(tall)),
        ax=ax,
        title=clean(title),
        key=[
            *(
                Entry(
                    text=name,
                    line={"color": colour, "marker": "s", "linestyle": "", "markersize": 7},
                )
                for _, colour, name in PARTS
            ),
            Entry(text=f"{level} interval of up", line={"color": INK, "linewidth": 1.2}),
        ],
        notes=[] if group == "everyone" else [f"Group: {clean(group)}."],
        right=SIZE,
    )
    graph.axes.spines["left"].set_visible(False)
    graph.axes.tick_params(axis="y", length=0)
    for row, middle in zip(each(rows), middles, strict=True):
        left = 0.0
        for part, colour, _ in PARTS:
            count = getattr(row, part)
            share = 100 * count / row.paired
            graph.axes.barh(
                middle - LIFT,
                share,
                left=left,
                height=BAR,
                color=colour,
                edgecolor="white",
                linewidth=0.5 * graph.scale,
                gid=f"{part}",
                zorder=2,
            )
            text = f"{count}"
            if share / 100 * WIDTH > typeface.width(text, size=SIZE) + 4:
                x, y = graph.place(left + share / 2, float(middle) - LIFT)
                graph.canvas.text(
                    x,
                    y + 0.35 * SIZE,
                    text,
                    size=SIZE,
                    align="center",
                    colour=INK if part == "same" else "white",
                )
            left += share
        y = float(middle) - LIFT + BAR / 2 + 0.3 * SIZE
        graph.axes.plot(
            [row.ci_low, row.ci_high],
            [y, y],
            color=INK,
            linewidth=1.2 * graph.scale,
            zorder=4,
            gid="interval",
        )
    graph.describe(
        f"Shares of people who went up, stayed and went down in {len(rows)} areas"
        + ("." if group == "everyone" else f", {group}."),
        *(
            f"{row.area}: {row.up} up, {row.same} the same, {row.down} down of {row.paired}; "
            f"{display.number(row.percent_up, 0)}% up ({level} interval "
            f"{display.number(row.ci_low, 0)} to {display.number(row.ci_high, 0)})."
            for row in each(rows)
        ),
    )
    return graph.axes


def of_group(result: object, group: str, figure: str) -> pd.DataFrame:
    """Return the rows of a group that have pairs, or say what is there."""
    if not isinstance(result, DistanceTravelled):
        raise DataError(
            f"result: what distance_travelled returns is needed; got {type(result).__name__}. Use "
            f"{figure}(distance_travelled(readings, scale=...))."
        )
    areas = result.areas
    rows = areas[(areas["group"] == group) & (areas["paired"] > 0)]
    if rows.empty:
        known = ", ".join(map(repr, areas.loc[areas["paired"] > 0, "group"].unique())) or "none"
        raise DataError(f"group: nobody in {group!r} has a pair; groups with pairs: {known}.")
    return rows
