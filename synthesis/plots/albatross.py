"""The albatross plot: p-values against sample sizes, where effects cannot be pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from synthesis import checks, display
from synthesis.effects.p_values import RULE, parse_p_values
from synthesis.errors import DataError, OptionError
from synthesis.plots import typeface
from synthesis.plots.graph import Graph
from synthesis.plots.key import Entry
from synthesis.plots.palette import GREY, GROUPS, INK, MARKERS
from synthesis.plots.scale import Scale, size_ticks
from synthesis.plots.typeface import SIZE, clean

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 340.0, 250.0
"""Size of the plot in points."""

POINT = 5.0
"""Diameter of a study's point, in points."""

P_NAMED = (0.5, 0.1, 0.05, 0.01, 0.001, 1e-4, 1e-6, 1e-8, 1e-12, 1e-20, 1e-40, 1e-80, 1e-160)
"""p-values an axis may name, on both sides of 1."""

STYLES = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)))
"""Lines of the contours, in the order of the effects."""


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def size_for_smd(z: np.ndarray, effect: float, ratio: float) -> np.ndarray:
    """Return the total size at which a standardised mean difference has a z-value.

    From its variance ``(1 + ratio)^2 / (ratio n) + d^2 / (2 n)``.
    """
    return z**2 * ((1 + ratio) ** 2 / (ratio * effect**2) + 0.5)


def size_for_or(z: np.ndarray, effect: float, ratio: float) -> np.ndarray:
    """Return the total size for an odds ratio, as a standardised mean difference.

    By ``d = log(OR) sqrt(3) / pi`` (Hasselblad & Hedges 1995).
    """
    return size_for_smd(z, float(np.log(effect)) * np.sqrt(3) / np.pi, ratio)


def size_for_r(z: np.ndarray, effect: float, _ratio: float) -> np.ndarray:
    """Return the size at which a correlation has a z-value, by Fisher's transformation."""
    return 3 + (z / np.arctanh(effect)) ** 2


CONTOURS: dict[
    str, tuple[str, tuple[float, ...], Callable[[np.ndarray, float, float], np.ndarray]]
] = {
    "smd": ("SMD", (0.1, 0.25, 0.5), size_for_smd),
    "or": ("OR", (1.25, 1.5, 2.0), size_for_or),
    "r": ("r", (0.1, 0.2, 0.3), size_for_r),
}
"""By measure: its abbreviation, the effects drawn by default, and the size each needs."""


def albatross(
    table: pd.DataFrame,
    *,
    p: str = "p",
    n: str = "n",
    sign: str = "sign",
    study: str = "study",
    by: str | None = None,
    measure: str = "smd",
    contours: Sequence[float] | None = None,
    ratio: float = 1.0,
    directions: tuple[str, str] = ("Negative association", "Positive association"),
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw two-sided p-values against sample sizes, with contours of equal effect.

    Parameters
    ----------
    table : DataFrame
        One row a study.
    p : str
        Column of two-sided p-values: numbers, or as printed (``0.03``, ``<0.001``, ``NS``).
        A study known only by a bound stands at the bound, as a triangle that points on.
    n : str
        Column of total sample sizes.
    sign : str
        Column of the direction: 1 or -1.
    study : str
        Column of study labels.
    by : str, optional
        Column whose values get colours and markers of their own, at most six.
    measure : {"smd", "or", "r"}
        What the contours are of.
    contours : sequence of float, optional
        Effects to draw, all > 0; below 1 for correlations, not 1 for odds ratios.
    ratio : float
        Size of one arm over that of the other, for the contours.
    directions : tuple of str
        What lies to the left and to the right.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is made.
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
        A missing column, a cell that cannot be, or no row that can be drawn.
    OptionError
        An unknown measure, or effects that have no contour.

    References
    ----------
    Harrison et al. 2017, Res Synth Methods 8:281-289; Cochrane Handbook, chapter 12.
    """
    checks.option("measure", measure, list(CONTOURS))
    effects = _effects(measure, contours, ratio)
    points, lost = _points(table, p=p, n=n, sign=sign, study=study, by=by)
    reach = max(2.3, 1.1 * float(points["x"].abs().max()))
    low, high = 0.75 * float(points["n"].min()), 1.35 * float(points["n"].max())
    graph = Graph(
        Scale(label="Two-sided p-value", limits=(-reach, reach), ticks=_p_ticks(reach)),
        Scale(label="Sample size", limits=(low, high), log=True, ticks=size_ticks(low, high)),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=_key(measure, effects, list(dict.fromkeys(points["group"])), points),
        notes=[f"Not drawn: {checks.shortened(lost)}."] if lost else [],
        top=1.6 * SIZE,
    )
    _contours(graph, measure, effects, ratio)
    _draw_points(graph, points)
    for text, align, x in zip(
        directions, ("left", "right"), (graph.left, graph.left + WIDTH), strict=True
    ):
        graph.canvas.text(
            x,
            graph.upper - 0.7 * SIZE,
            typeface.wrapped(clean(text), WIDTH / 2 - SIZE, "regular", SIZE).split("\n")[0],
            size=SIZE,
            align=align,  # type: ignore[arg-type]
            colour=INK,
        )
    right, left = int((points["x"] > 0).sum()), int((points["x"] < 0).sum())
    graph.describe(
        f"Albatross plot of {display.count(len(points), 'study', 'studies')}: {left} on the "
        f"left ({clean(directions[0])}), {right} on the right ({clean(directions[1])}).",
        f"Not drawn: {checks.shortened(lost)}." if lost else "",
    )
    return graph.axes


def _effects(measure: str, contours: Sequence[float] | None, ratio: float) -> tuple[float, ...]:
    _, usual, _ = CONTOURS[measure]
    effects = tuple(float(effect) for effect in (usual if contours is None else contours))
    possible = {"smd": lambda e: e > 0, "or": lambda e: e > 1, "r": lambda e: 0 < e < 1}[measure]
    wrong = [effect for effect in effects if not possible(effect)]
    if wrong or len(effects) > len(STYLES):
        rule = {"smd": "> 0", "or": "> 1", "r": "between 0 and 1"}[measure]
        raise OptionError(
            f"contours must be at most {len(STYLES)} effects {rule}, drawn on both sides; got "
            f"{list(effects)!r}."
        )
    if not ratio > 0:
        raise OptionError(f"ratio must be > 0; got {ratio!r}.")
    return effects


def _points(
    table: pd.DataFrame, *, p: str, n: str, sign: str, study: str, by: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the studies to draw, and the others with the reason."""
    labels = [clean(label) for label in checks.column(table, study, "study")]
    read = parse_p_values(checks.column(table, p, "p"))
    cells = table[p].to_numpy(dtype=object)
    checks.refuse(RULE, cells, read["wrong"].to_numpy(dtype=bool), labels)
    sizes = checks.numeric(checks.column(table, n, "n"), labels)
    checks.refuse(f"{n} must be > 0", sizes, sizes <= 0, labels)
    side = checks.numeric(checks.column(table, sign, "sign"), labels)
    checks.refuse(f"{sign} must be 1 or -1", side, ~(np.isnan(side) | (np.abs(side) == 1)), labels)
    value = read["exact"].fillna(read["below"]).to_numpy(dtype=float)
    side = np.where(np.isnan(side) & (value == 1), 1.0, side)  # p = 1 lies on neither side
    lost = []
    for label, number, size, way in zip(labels, value, sizes, side, strict=True):
        lacking = [
            word
            for word, cell in (("p-value", number), ("size", size), ("direction", way))
            if np.isnan(cell)
        ]
        if lacking:
            lost.append(f"{label} (no {' and no '.join(lacking)})")
    groups = [""] * len(table) if by is None else checks.column(table, by, "by").map(clean)
    points = pd.DataFrame(
        {
            "study": labels,
            "x": -side * np.log10(value),
            "n": sizes,
            "bound": read["exact"].isna().to_numpy(),
            "group": list(groups),
        }
    ).dropna()
    if points.empty:
        raise DataError("albatross: no study has a p-value, a size and a direction.")
    if points["group"].nunique() > len(GROUPS):
        raise DataError(
            f"by: at most {len(GROUPS)} groups can be told apart; {by!r} has "
            f"{points['group'].nunique()}. Join some, or draw them on sheets of their own."
        )
    return points, lost


def _p_ticks(reach: float) -> dict[float, str]:
    """Name p-values on both sides of 1, as many as have room."""
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


def _key(
    measure: str, effects: Sequence[float], groups: Sequence[str], points: pd.DataFrame
) -> list[Entry]:
    name = CONTOURS[measure][0]
    lines = [
        Entry(text=f"{name} {effect:g}", line={"color": GREY, "linewidth": 0.9, "linestyle": style})
        for effect, style in zip(effects, STYLES, strict=False)
    ]
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
    return [*lines, *dots]


def _contours(graph: Graph, measure: str, effects: Sequence[float], ratio: float) -> None:
    """Draw the size that gives each effect each p-value, on both sides."""
    reach = graph.x.limits[1]
    x = np.linspace(0.005, reach, 400)
    z = -ndtri(10.0**-x / 2)
    size_for = CONTOURS[measure][2]
    for number, (effect, style) in enumerate(zip(effects, STYLES, strict=False)):
        n = size_for(z, effect, ratio)
        for side, name in ((1, "right"), (-1, "left")):
            graph.axes.plot(
                side * x,
                n,
                color=GREY,
                linewidth=0.9 * graph.scale,
                linestyle=style,
                zorder=1,
                gid=f"contour-{number}-{name}",
            )
    graph.axes.axvline(0.0, color=INK, linewidth=0.6 * graph.scale, zorder=1, gid="no-effect")


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
