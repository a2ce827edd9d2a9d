"""A tornado plot: how far the value of a programme depends on each amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arrowroot.errors import DataError
from synthesis.evaluation.reading import each
from synthesis.evaluation.value.result import ValueForMoney
from synthesis.evaluation.value.sums import pounds
from synthesis.plots.drawing import axis, typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, INK, ORANGE
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, LABEL, PITCH = 230.0, 150.0, 2.2 * SIZE


def tornado(result: ValueForMoney, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the net present value with one amount at a time at its low and its high end.

    Parameters
    ----------
    result : ValueForMoney
        What `synthesis.value_for_money` returns.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Net present value along x, in pounds; the amounts that matter most at the top.

    Raises
    ------
    DataError
        If no line has a range.
    """
    if not isinstance(result, ValueForMoney):
        raise DataError(
            f"result: what value_for_money returns is needed; got {type(result).__name__}. Use "
            "tornado(value_for_money(lines, ...))."
        )
    table = result.one_way()
    if table.empty:
        raise DataError(
            "result: no line has a range. Fill in low and high, in pounds a year, for the amounts "
            "that are not certain."
        )
    labels = [typeface.wrapped(clean(name), LABEL, "regular", SIZE) for name in table["line"]]
    tall = [max(PITCH, (one.count("\n") + 1.4) * LINE * SIZE) for one in labels]
    middles = np.cumsum(tall) - np.array(tall) / 2
    ends = table[["npsv_low", "npsv_high"]].to_numpy(dtype=float)
    low, high = min(ends.min(), result.npsv), max(ends.max(), result.npsv)
    # Far from 0, bars that reach for it would be too short to compare.
    near = low - (high - low) <= 0 <= high + (high - low)
    if near:
        low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.05 * (high - low)
    limits = (low - margin, high + margin)
    ticks = {one: _short(one) for one in axis.linear_ticks(*limits, at_most=5)}
    graph = Graph(
        Scale(label="Net present social value (£)", limits=limits, ticks=ticks),
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
            Entry(
                text="low amount",
                line={"color": ORANGE, "marker": "s", "linestyle": "", "markersize": 7},
            ),
            Entry(
                text="high amount",
                line={"color": BLUE, "marker": "s", "linestyle": "", "markersize": 7},
            ),
            Entry(text="base case", line={"color": INK, "linestyle": (0, (3, 2)), "linewidth": 1}),
            *([Entry(text="no net value", line={"color": INK, "linewidth": 0.8})] if near else []),
        ],
        notes=[]
        if near
        else [f"The axis does not reach £0: all values are {'above' if low > 0 else 'below'} it."],
        right=SIZE,
    )
    axes = graph.axes
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    for row, middle in zip(each(table), middles, strict=True):
        for value, colour, name in (
            (row.npsv_low, ORANGE, "low"),
            (row.npsv_high, BLUE, "high"),
        ):
            axes.barh(
                middle,
                value - result.npsv,
                left=result.npsv,
                height=0.6 * PITCH,
                color=colour,
                zorder=2,
                gid=name,
            )
    if near:
        axes.axvline(0, color=INK, linewidth=0.8 * graph.scale, zorder=3, gid="zero")
    axes.axvline(
        result.npsv,
        color=INK,
        linestyle=(0, (3, 2)),
        linewidth=1.0 * graph.scale,
        zorder=3,
        gid="base",
    )
    graph.describe(
        f"Tornado plot: net present social value {pounds(result.npsv)} in the base case.",
        *(
            f"{row.line}: {pounds(row.npsv_low)} at its low and {pounds(row.npsv_high)} at its "
            "high amount."
            for row in each(table)
        ),
    )
    return axes


def _short(value: float) -> str:
    """Return pounds as an axis prints them, with a minus sign."""
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value):,.0f}"
