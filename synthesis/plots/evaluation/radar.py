"""Distance travelled as a star: first and last scores of all areas around one centre."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.evaluation.distance.result import DistanceTravelled
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, PALE, VERMILLION
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.plots.evaluation.change import of_group

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RADIUS, LABEL = 105.0, 105.0
LEAST = 3
"""Areas: with fewer there is no star."""


def radar(
    result: DistanceTravelled,
    *,
    person: object = None,
    group: str = "everyone",
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw first and last scores of all areas as a star: of one person, or medians of many.

    Parameters
    ----------
    result : DistanceTravelled
        What `synthesis.distance_travelled` returns.
    person : str, optional
        One person; otherwise the medians of a group.
    group : str
        Everyone, or a group as it is named in the ``areas`` of the result.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        The centre is the lowest score of the scale, the outer ring the highest. The area within
        a line depends on the order of the areas and means nothing; `change_plot` shows how many
        changed.

    Raises
    ------
    DataError
        If there are fewer than three areas with pairs, or no such person or group.
    """
    rows = of_group(result, group, "radar")
    names, first, last, whose = _scores(result, rows, person, group)
    if len(names) < LEAST:
        raise DataError(
            f"radar: a star needs at least {LEAST} areas with a first and a last score; here there "
            f"{'is' if len(names) == 1 else 'are'} {len(names)} ({whose}). Use change_plot."
        )
    low, high = result.scale
    angles = np.pi / 2 - 2 * np.pi * np.arange(len(names)) / len(names)
    labels = [typeface.wrapped(clean(name), LABEL, "regular", SIZE) for name in names]
    numbered = ""
    if _collide(angles, labels):
        numbered = "; ".join(f"{at}: {clean(name)}" for at, name in enumerate(names, start=1)) + "."
        labels = [str(at) for at in range(1, len(names) + 1)]
        if _collide(angles, labels):
            raise DataError(f"radar: {len(names)} areas are too many for a star. Use change_plot.")
    wide = RADIUS + 0.6 * SIZE + max(typeface.width(one, size=SIZE) for one in labels)
    room = 0.8 * SIZE + max(one.count("\n") + 1 for one in labels) * LINE * SIZE
    top, bottom = RADIUS + room, RADIUS * float(-np.sin(angles).min()) + room
    graph = Graph(
        Scale(label="", limits=(-wide, wide), ticks={}),
        Scale(label="", limits=(-bottom, top), ticks={}),
        width=2 * wide,
        height=top + bottom,
        ax=ax,
        title=clean(title),
        key=[
            Entry(text="first reading", line={"color": VERMILLION, "linestyle": (0, (4, 2))}),
            Entry(text="last reading", line={"color": BLUE}),
        ],
        notes=[
            f"{whose}. Centre: {low:g}, outer ring: {high:g}. The order of the areas decides how "
            "large the star looks; read it area by area.",
            *([numbered] if numbered else []),
        ],
    )
    axes = graph.axes
    axes.spines["bottom"].set_visible(False)
    for score in _rings(low, high):
        share = (score - low) / (high - low)
        x, y = RADIUS * share * np.cos(angles), RADIUS * share * np.sin(angles)
        closed = [*range(len(names)), 0]
        axes.plot(x[closed], y[closed], color=PALE, linewidth=0.7 * graph.scale, zorder=1)
        if score < high:  # the name of the area stands at the outer ring
            at = graph.place(2.0, RADIUS * share)
            graph.canvas.text(at[0], at[1] - 1.5, f"{score:g}", size=0.85 * SIZE, colour=GREY)
    for angle, label in zip(angles, labels, strict=True):
        axes.plot(
            [0, RADIUS * np.cos(angle)],
            [0, RADIUS * np.sin(angle)],
            color=PALE,
            linewidth=0.7 * graph.scale,
            zorder=1,
        )
        _name(graph, float(angle), label)
    for values, colour, dashes, name in (
        (first, VERMILLION, (0, (4, 2)), "first"),
        (last, BLUE, "-", "last"),
    ):
        shares = (np.array(values) - low) / (high - low)
        x, y = RADIUS * shares * np.cos(angles), RADIUS * shares * np.sin(angles)
        closed = [*range(len(names)), 0]
        axes.plot(
            x[closed],
            y[closed],
            color=colour,
            linewidth=1.5 * graph.scale,
            linestyle=dashes,
            marker="o",
            markersize=3 * graph.scale,
            zorder=3,
            gid=name,
        )
    graph.describe(
        f"First and last scores in {len(names)} areas, {whose}, from {low:g} to {high:g}.",
        *(
            f"{name}: {display.number(one, 1)} to {display.number(other, 1)}."
            for name, one, other in zip(names, first, last, strict=True)
        ),
    )
    return axes


def _scores(
    result: DistanceTravelled, rows: pd.DataFrame, person: object, group: str
) -> tuple[list[str], list[float], list[float], str]:
    if person is None:
        table = rows
        whose = "Medians" if group == "everyone" else f"Medians, {group}"
        first, last = table["median_first"], table["median_last"]
    else:
        table = result.person(person).dropna(subset=["last"])
        whose, first, last = f"Person {person}", table["first"], table["last"]
    return list(table["area"]), [*map(float, first)], [*map(float, last)], whose


def _rings(low: float, high: float) -> list[float]:
    """Return the scores that get a ring: each step of a short scale, or five of a long one."""
    if float(high - low).is_integer() and high - low <= 10:
        return [low + step for step in range(1, int(high - low) + 1)]
    return [low + (high - low) * step / 5 for step in range(1, 6)]


def _collide(angles: np.ndarray, labels: list[str]) -> bool:
    """Return whether names would lie on each other around the star."""
    boxes = []
    for angle, text in zip(angles, labels, strict=True):
        wide, tall = typeface.width(text, size=SIZE), (text.count("\n") + 1) * LINE * SIZE
        x, y = (RADIUS + 0.6 * SIZE) * np.array([np.cos(angle), np.sin(angle)])
        left = x - wide / 2 if abs(np.cos(angle)) < 0.2 else x if np.cos(angle) > 0 else x - wide
        middle = y + (tall - LINE * SIZE) / 2 * np.sin(angle)
        boxes.append((left, left + wide, middle - tall / 2, middle + tall / 2))
    return any(
        one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
        for one, other in combinations(boxes, 2)
    )


def _name(graph: Graph, angle: float, label: str) -> None:
    """Write the name of an area outside the outer ring."""
    lines = label.count("\n") + 1
    x, y = graph.place((RADIUS + 0.6 * SIZE) * np.cos(angle), (RADIUS + 0.6 * SIZE) * np.sin(angle))
    across = np.cos(angle)
    align = "center" if abs(across) < 0.2 else "left" if across > 0 else "right"
    down = y + 0.35 * SIZE - (lines - 1) * LINE * SIZE * (1 + np.sin(angle)) / 2
    down += 0.4 * SIZE * (np.sin(angle) < -0.9)
    graph.canvas.text(x, float(down), label, size=SIZE, align=align, colour=INK)  # type: ignore[arg-type]
