"""The Lorenz curve: what share of all use the people who use least account for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.evaluation.reading import each
from synthesis.evaluation.use.concentration import Concentration
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GREY, GROUPS, LIGHT
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MANY = 6
SIDE = 220.0
"""Width and height of the plot in points."""
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
TICKS = {float(one): f"{one}" for one in (0, 20, 40, 60, 80, 100)}


def lorenz(
    result: Concentration, *, top: float | None = None, ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw the Lorenz curve of each year.

    Parameters
    ----------
    result : Concentration
        What `synthesis.concentration` returns.
    top : float, optional
        One of its top percentages, whose share in the last year is marked.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        People in percent along x, from those who use least; their share of all use along y. The
        further a curve is from the diagonal, the more concentrated is use.

    Raises
    ------
    DataError
        If the percentage is not among those of the result.
    """
    if not isinstance(result, Concentration):
        raise DataError(
            f"result: what concentration returns is needed; got {type(result).__name__}. Use "
            "lorenz(concentration(counts))."
        )
    years = list(result.years["year"])
    marked = None
    if top is not None:
        tops = result.tops[(result.tops["year"] == years[-1]) & (result.tops["top"] == top)]
        if tops.empty:
            known = ", ".join(f"{one:g}" for one in result.tops["top"].unique())
            raise DataError(f"top: the result has no top {top:g}%; it has {known}.")
        marked = float(tops["share"].iloc[0])
    # Of many years only the first and the last can be told apart.
    many = len(years) > MANY
    named = [0, len(years) - 1] if many else list(range(len(years)))
    looks: list[dict[str, Any]] = [
        {"color": LIGHT, "linestyle": "-", "linewidth": 0.8} for _ in years
    ]
    for place, at in enumerate(named):
        looks[at] = {
            "color": GROUPS[place % len(GROUPS)],
            "linestyle": DASHES[place % len(DASHES)],
            "linewidth": 1.6,
        }
    rows = list(each(result.years))
    key = [
        Entry(
            text=f"{clean(rows[at].year)}{': ' if rows[at].year else ''}Gini {rows[at].gini:.2f}",
            line=looks[at],
        )
        for at in named
    ]
    if many:
        between = result.years["gini"].iloc[1:-1]
        key.insert(
            1,
            Entry(
                text=f"years between: Gini {between.min():.2f} to {between.max():.2f}",
                line=looks[1],
            ),
        )
    key.append(Entry(text="equal use", line={"color": GREY, "linewidth": 0.8}))
    graph = Graph(
        Scale(label="People, from least to most use (%)", limits=(0.0, 100.0), ticks=TICKS),
        Scale(label="Share of all use (%)", limits=(0.0, 100.0), ticks=TICKS),
        width=SIDE,
        height=SIDE,
        ax=ax,
        title=clean(title),
        key=key,
        notes=[]
        if marked is None
        else [f"Dotted: the top {top:g}% account for {marked:.1f}% of all use."],
    )
    axes = graph.axes
    axes.plot([0, 100], [0, 100], color=GREY, linewidth=0.8 * graph.scale, zorder=1, gid="equal")
    for year, look in zip(years, looks, strict=True):
        own = result.lorenz[result.lorenz["year"] == year]
        axes.plot(
            own["people"],
            own["uses"],
            color=look["color"],
            linestyle=look["linestyle"],
            linewidth=look["linewidth"] * graph.scale,
            zorder=3 if look["color"] != LIGHT else 2,
            gid=f"year-{year}" if year else "curve",
        )
    if marked is not None and top is not None:
        axes.plot(
            [100 - top, 100 - top, 0],
            [0, 100 - marked, 100 - marked],
            color=GREY,
            linestyle=":",
            linewidth=0.9 * graph.scale,
            zorder=2,
            gid="top",
        )
    said = []
    for row in each(result.years):
        own = result.tops[result.tops["year"] == row.year]
        shares = ", ".join(f"top {one.top:g}%: {one.share:.1f}%" for one in each(own))
        said.append(
            f"{f'{row.year}: ' if row.year else ''}{row.people:,} people, Gini "
            f"{display.number(row.gini)}; share of all use, {shares}."
        )
    graph.describe("Lorenz curve of use.", *said)
    return axes
