"""The albatross plot: p-values against sample sizes, where effects cannot be pooled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.effects.formulas.printed_numbers import RULE, parse_p_values
from synthesis.labels import read_labels
from synthesis.plots.albatross_contours import FAMILIES, FAMILY_OF, Contours
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import GROUPS, INK, MARKERS
from synthesis.plots.drawing.scale import Scale, size_ticks
from synthesis.plots.drawing.typeface import LINE, SIZE, clean
from synthesis.plots.drawing.xy import Graph
from synthesis.plots.unpooled import p_value_table
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 252.0, 210.0
"""Size of the plot in points."""

POINT = 5.0
"""Diameter of a study's point, in points."""

P_NAMED = (0.5, 0.1, 0.05, 0.01, 0.001, 1e-4, 1e-6, 1e-8, 1e-12, 1e-20, 1e-40, 1e-80, 1e-160)
"""p-values an axis may name, on both sides of 1."""

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def albatross(
    table: pd.DataFrame | MetaAnalysis,
    *,
    p: str = "p",
    n: str = "n",
    sign: str = "sign",
    study: str = "study",
    by: str | None = None,
    measure: str | None = None,
    contours: Sequence[float] | None = None,
    ratio: float = 1.0,
    directions: tuple[str, str] = ("Negative association", "Positive association"),
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw two-sided p-values against sample sizes, with contours of equal effect.

    Parameters
    ----------
    table : DataFrame or MetaAnalysis
        One row per study; or a meta-analysis, which gives p-values and directions by its effects
        and variances, and sizes from the columns ``n``, or ``n_t`` and ``n_c``, of its studies.
    p : str
        Column of two-sided p-values: numbers, or as printed (``0.03``, ``<0.001``, ``NS``).
        A study with only a bound is drawn at the bound, as a triangle that points onwards.
    n : str
        Column of total sample sizes.
    sign : str
        Column of the direction: 1 or -1.
    study : str
        Column of study labels. For a meta-analysis these four are not used.
    by : str, optional
        Column whose values get separate colours and markers, at most six.
    measure : {"smd", "or", "r"}, optional
        The measure of the contours: by default that of a meta-analysis, and ``"smd"`` for a table.
    contours : sequence of float, optional
        Effects to draw, all > 0; below 1 for correlations, not 1 for odds ratios.
    ratio : float
        Size of one arm over that of the other, for the contours.
    directions : tuple of str
        What lies to the left and to the right.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Along x ``-log10(p)`` with the sign, so that p = 1 is in the middle; sizes along y, on a
        logarithmic scale. Rows without a usable p-value, size or direction are listed below.

    Raises
    ------
    DataError
        A missing column, a cell with an impossible value, or no row that can be drawn.
    OptionError
        An unknown measure, or effects that have no contour.

    References
    ----------
    Harrison et al. 2017, Res Synth Methods 8:281-289; Cochrane Handbook, chapter 12.
    """
    drawn = Contours.chosen(measure or _family(table, contours), contours, ratio)
    fit = table if isinstance(table, MetaAnalysis) else None
    if isinstance(table, MetaAnalysis):
        table = p_value_table(table)
        p, n, sign, study = "p", "n", "sign", "study"
    points, lost = _points(table, p=p, n=n, sign=sign, study=study, by=by)
    sides = [typeface.wrapped(clean(text), WIDTH / 2 - SIZE) for text in directions]
    reach = max(2.3, 1.1 * float(points["x"].abs().max()))
    low, high = 0.75 * float(points["n"].min()), 1.35 * float(points["n"].max())
    graph = Graph(
        Scale(label="Two-sided p-value", limits=(-reach, reach), ticks=_p_ticks(reach)),
        Scale(label="Sample size", limits=(low, high), log=True, ticks=size_ticks(low, high)),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=[*drawn.key(), *_key(list(dict.fromkeys(points["group"])), points)],
        notes=[f"Not drawn: {shortened(lost)}."] if lost else [],
        top=(max(text.count("\n") for text in sides) + 1) * LINE * SIZE + 0.6 * SIZE,
    )
    drawn.draw(graph)
    graph.axes.axvline(0.0, color=INK, linewidth=0.6 * graph.scale, zorder=1, gid="no-effect")
    _draw_points(graph, points)
    _name_sides(graph, sides)
    right, left = int((points["x"] > 0).sum()), int((points["x"] < 0).sum())
    graph.describe(
        f"Albatross plot of {_how_many(points, fit)}: {left} on the "
        f"left ({clean(directions[0])}), {right} on the right ({clean(directions[1])}).",
        f"Not drawn: {shortened(lost)}." if lost else "",
    )
    return graph.axes


def _how_many(points: pd.DataFrame, fit: MetaAnalysis | None) -> str:
    """Say how many studies are drawn; of a result, how many effects of how many studies."""
    if fit is not None and len(points) == fit.k:
        return fit.k_in_words
    return counted(len(points), "study", "studies")


def _family(table: pd.DataFrame | MetaAnalysis, contours: Sequence[float] | None) -> str:
    """Return the contours for what is drawn."""
    if not isinstance(table, MetaAnalysis):
        return "smd"
    known = FAMILY_OF.get(table.measure.name)
    if known is None and (contours is None or len(contours) > 0):
        legal = ", ".join(map(repr, FAMILIES))
        raise OptionError(
            f"albatross has contours for {legal}; these effects are {table.measure.name!r}. Choose "
            "one with measure=..., or draw none with contours=[]."
        )
    return known or "smd"


def _name_sides(graph: Graph, sides: Sequence[str]) -> None:
    """Write above each half what it contains, on a common lowest line."""
    places: tuple[tuple[Literal["left", "right"], float], ...] = (
        ("left", graph.left),
        ("right", graph.left + WIDTH),
    )
    for text, (align, x) in zip(sides, places, strict=True):
        first = graph.upper - 0.7 * SIZE - text.count("\n") * LINE * SIZE
        graph.canvas.text(x, first, text, size=SIZE, align=align, colour=INK)


def _points(
    table: pd.DataFrame, *, p: str, n: str, sign: str, study: str, by: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the studies to draw, and the others with the reason."""
    labels = [clean(name) for name in read_labels(checks.column(table, study, "study"))]
    read = parse_p_values(checks.column(table, p, "p"))
    cells = table[p].to_numpy(dtype=object)
    checks.refuse(RULE, cells, read["wrong"].to_numpy(dtype=bool), labels)
    sizes = checks.numeric(checks.column(table, n, "n"), labels)
    checks.refuse(f"{n} must be > 0", sizes, sizes <= 0, labels)
    side = checks.numeric(checks.column(table, sign, "sign"), labels)
    checks.refuse(f"{sign} must be 1 or -1", side, ~(np.isnan(side) | (np.abs(side) == 1)), labels)
    value = read["exact"].fillna(read["below"]).to_numpy(dtype=float)
    side = np.where(np.isnan(side) & (value == 1), 1.0, side)  # p = 1 is on neither side
    lost = []
    for label, number, size, way in zip(labels, value, sizes, side, strict=True):
        lacking = [
            word
            for word, cell in (("p-value", number), ("size", size), ("direction", way))
            if np.isnan(cell)
        ]
        if lacking:
            lost.append(f"{label} (no {' and no '.join(lacking)})")
    named = [""] * len(table) if by is None else read_labels(checks.column(table, by, "by"))
    points = pd.DataFrame(
        {
            "study": labels,
            "x": -side * np.log10(value),
            "n": sizes,
            "bound": read["exact"].isna().to_numpy(),
            "group": [clean(name) for name in named],
        }
    ).dropna()
    if points.empty:
        raise DataError("albatross: no study has a p-value, a size and a direction.")
    if points["group"].nunique() > len(GROUPS):
        raise DataError(
            f"by: at most {len(GROUPS)} groups can be distinguished; {by!r} has "
            f"{points['group'].nunique()}. Merge some, or draw them in separate figures."
        )
    return points, lost


def _p_ticks(reach: float) -> dict[float, str]:
    """Label p-values on both sides of 1, as many as there is room for."""
    per = WIDTH / (2 * reach)
    named = {0.0: "1"}
    last, needed = 0.0, typeface.width("1", size=SIZE) / 2
    for value in (0.05, *(p for p in P_NAMED if p < 0.05)):
        at = -float(np.log10(value))
        power = str(round(-at)).translate(SUPERSCRIPTS)
        text = f"{value:g}" if value >= 0.001 else f"10{power}"
        half = typeface.width(text, size=SIZE) / 2
        if at <= reach and (at - last) * per >= needed + half + 0.7 * SIZE:
            named |= {at: text, -at: text}
            last, needed = at, half
    return dict(sorted(named.items()))


def _key(groups: Sequence[str], points: pd.DataFrame) -> list[Entry]:
    """Say which marker belongs to which group, and which p-values are bounds."""
    look = {"markersize": POINT, "markeredgecolor": "white", "markeredgewidth": 0.4}
    dots = [
        Entry(
            text=group or "no group",
            line={**look, "marker": marker, "markerfacecolor": colour, "linestyle": "none"},
        )
        for group, colour, marker in zip(groups, GROUPS, MARKERS, strict=False)
        if len(groups) > 1
    ]
    if points["bound"].any():
        bound = {
            **look,
            "markersize": 1.4 * POINT,
            "marker": ">",
            "markerfacecolor": INK,
            "linestyle": "none",
        }
        dots.append(Entry(text="p is below", line=bound))
    return dots


def _draw_points(graph: Graph, points: pd.DataFrame) -> None:
    groups = list(dict.fromkeys(points["group"]))
    for number, group in enumerate(groups):
        members = points[points["group"] == group]
        for name, marker, chosen in (
            ("studies", MARKERS[number], ~members["bound"]),
            ("below-right", ">", members["bound"] & (members["x"] > 0)),
            ("below-left", "<", members["bound"] & (members["x"] <= 0)),
        ):
            drawn = members[chosen]
            if not drawn.empty:
                graph.axes.scatter(
                    drawn["x"],
                    drawn["n"],
                    marker=marker,
                    s=((1.0 if name == "studies" else 1.4) * POINT * graph.scale) ** 2,
                    facecolors=GROUPS[number],
                    edgecolors="white",
                    linewidths=0.4 * graph.scale,
                    zorder=3,
                    gid=f"{name}-{number}",
                )
