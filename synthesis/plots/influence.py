"""The influence plot: the influence of every study on the result, by eight measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.text import shortened
from synthesis.diagnostics.influence import influence, influence_limits
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.canvas import Canvas, Sheet
from synthesis.plots.drawing.legend import Entry, draw_key, place_key
from synthesis.plots.drawing.palette import BLUE, GREY, INK, LIGHT, ORANGE, PALE, VERMILLION
from synthesis.plots.drawing.panel import Panel
from synthesis.plots.drawing.typeface import LINE, clean
from synthesis.plots.row_names import Rows
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = {
    "rstudent": "Studentised residual",
    "dffits": "DFFITS",
    "cooks_distance": "Cook's distance",
    "cov_ratio": "Covariance ratio",
    "tau2_deleted": "tau² without study",
    "q_deleted": "Q without study",
    "hat": "Hat value",
    "weight": "Weight (%)",
}
"""The measures drawn, from left to right, each with its heading."""

SIZE = 8.0
"""Size of all text, in points."""

PANEL, GAP = 52.0, 9.0
"""Width of a panel, and the distance between two."""

WIDEST_NAME = 190.0
"""Width in points at which names wrap."""

TALLEST, PRESSED = 800.0, 620.0
"""Height of the rows in points beyond which they are compressed, and their height then."""

POINT = 4.5
"""Diameter of a study's point, in points."""


class Kind(NamedTuple):
    """How studies of one kind are marked."""

    text: str
    marker: str
    fill: str
    edge: str
    growth: float


KINDS = {
    "studies": Kind("Study", "o", BLUE, "white", 1.0),
    "outlying": Kind("Outlying residual", "^", ORANGE, INK, 1.35),
    "influential": Kind("Influential study", "D", VERMILLION, INK, 1.2),
}


def influence_plot(fit: MetaAnalysis, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the influence of every study on the result.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        A row for every study and a panel for each of ``rstudent dffits cooks_distance cov_ratio
        tau2_deleted q_deleted hat weight`` of `influence`, with the limits of
        `influence_limits` as dashed lines. Influential studies and those with an outlying residual
        have separate markers and are always named; if there are too many rows for all names, some
        of the others are not.

    Raises
    ------
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    Viechtbauer & Cheung 2010, Res Synth Methods 1:112-125.
    """
    table, limits = influence(fit), influence_limits(fit)
    residual, ends = table["rstudent"], limits.loc["rstudent"]
    kinds = pd.Series("studies", index=table.index)
    kinds = kinds.mask((residual < ends["low"]) | (residual > ends["high"]), "outlying")
    kinds = kinds.mask(table["influential"], "influential")
    canvas = _Page(kinds, _rule(limits), clean(title)).drawn(table, limits, ax)
    if isinstance(canvas.axes, Sheet):
        canvas.axes.description = _in_words(fit, kinds)
    return canvas.axes


class _Page:
    """The layout: rows of studies, panels, the key and the note below."""

    def __init__(self, kinds: pd.Series, note: str, title: str) -> None:
        self.kinds = kinds
        self.marked = (kinds != "studies").to_numpy(dtype=bool)
        self.rows = Rows(
            [clean(name) for name in kinds.index],
            self.marked,
            size=SIZE,
            widest=WIDEST_NAME,
            tallest=TALLEST,
            pressed=PRESSED,
        )
        names = [typeface.width(name.text, "bold", SIZE) for name in self.rows.named]
        # Where rows are compressed, a line leads from each name to its row.
        self.lead = 1.4 * SIZE if self.rows.is_pressed else 0.0
        self.edge = SIZE + max(names, default=0.0)
        self.first = self.edge + self.lead + 1.2 * SIZE
        self.width = self.first + len(PANELS) * (PANEL + GAP) - GAP + 1.5 * SIZE
        room = self.width - 2 * SIZE
        self.title = typeface.wrapped(title, room / 1.2, "bold", SIZE) if title else ""
        self.headings = {
            name: typeface.wrapped(heading, PANEL + GAP / 2, "bold", SIZE)
            for name, heading in PANELS.items()
        }
        lines = max(text.count("\n") for text in self.headings.values()) + 1
        self.top = (1.2 + LINE * lines) * SIZE
        if title:
            self.top += (1.0 + 1.2 * LINE * (self.title.count("\n") + 1)) * SIZE
        self.bottom = self.top + self.rows.height
        below = self.bottom + 2.2 * SIZE
        self.key, below = place_key(_key(kinds), SIZE, self.width - SIZE, below)
        self.note, self.note_y = typeface.wrapped(note, room, "regular", SIZE), below + SIZE
        self.height = self.note_y + (1.0 + LINE * self.note.count("\n")) * SIZE

    def drawn(self, table: pd.DataFrame, limits: pd.DataFrame, ax: Axes | None) -> Canvas:
        """Draw the page."""
        canvas = Canvas(self.width, self.height, ax)
        canvas.frame(0, 0, self.width, self.height, limits=(0, self.width))
        canvas.ticks([], [], size=SIZE, colour=INK)
        canvas.axes.spines["bottom"].set_visible(False)
        if self.title:
            y = (1.0 + 1.2) * SIZE
            canvas.text(SIZE, y, self.title, size=1.2 * SIZE, face="bold", colour=INK)
        self._names(canvas)
        for number, name in enumerate(PANELS):
            self._panel(canvas, number, name, table[name].to_numpy(dtype=float), limits.T[name])
        draw_key(canvas, self.key)
        canvas.text(SIZE, self.note_y, self.note, size=SIZE, colour=GREY)
        return canvas

    def _names(self, canvas: Canvas) -> None:
        """Write the names, with lines that lead the eye from them across the panels."""
        start, right = self.edge + self.lead + 0.4 * SIZE, self.width - SIZE
        for row, text, middle, place in self.rows.named:
            y, at = self.top + place, self.top + middle
            lines = text.count("\n")
            canvas.text(
                self.edge,
                y + (0.35 - lines / 2 * LINE) * SIZE,
                text,
                size=SIZE,
                face="bold" if self.marked[row] else "regular",
                align="right",
                colour=INK,
            )
            colour = GREY if self.marked[row] else PALE
            if self.rows.is_pressed:
                from_name = (self.edge + 0.4 * SIZE, y)
                canvas.rule(from_name, (start, at), colour=LIGHT, weight=0.4, zorder=0.5)
            if self.marked[row] or not self.rows.is_pressed:
                canvas.rule((start, at), (right, at), colour=colour, weight=0.4, zorder=0.5)

    def _panel(
        self, canvas: Canvas, number: int, name: str, values: np.ndarray, limit: pd.Series
    ) -> None:
        """Draw one measure of all studies."""
        panel = Panel(
            canvas,
            self.headings[name],
            left=self.first + number * (PANEL + GAP),
            width=PANEL,
            top=self.top,
            bottom=self.bottom,
            limits=_ends(values, limit),
            size=SIZE,
        )
        panel.line(limit["neutral"], gid=f"{name}-neutral")
        for side in ("low", "high"):
            panel.line(limit[side], gid=f"{name}-{side}", dashed=True)
        room = 1.5 + 0.5 * self.rows.height / len(values)
        for layer, (kind, look) in enumerate(KINDS.items()):
            these = (self.kinds == kind).to_numpy() & np.isfinite(values)
            if these.any():
                panel.points(
                    values[these],
                    self.top + self.rows.middles[these],
                    marker=look.marker,
                    fill=look.fill,
                    edge=look.edge,
                    diameter=look.growth
                    * (POINT if self.marked[these].any() else min(POINT, room)),
                    gid=f"{name}-{kind}",
                    zorder=3.0 + layer,
                )


def _ends(values: np.ndarray, limit: pd.Series) -> tuple[float, float]:
    """Return the ends of a panel's axis; a limit far beyond the values stays outside."""
    inner = np.array([*values[np.isfinite(values)], limit["neutral"]])
    low, high = float(inner.min()), float(inner.max())
    reach = 3 * ((high - low) or 1.0)
    for cut in (limit["low"], limit["high"]):
        if low - reach <= cut <= high + reach:
            low, high = min(low, cut), max(high, cut)
    margin = 0.06 * (high - low) if high > low else 0.5 * (abs(high) or 1.0)
    return low - margin, high + margin


def _key(kinds: pd.Series) -> list[Entry]:
    """Say what marks and lines mean."""
    dots = [
        Entry(
            text=look.text,
            line={
                "marker": look.marker,
                "markersize": POINT * look.growth,
                "markerfacecolor": look.fill,
                "markeredgecolor": look.edge,
                "markeredgewidth": 0.4,
                "linestyle": "none",
            },
        )
        for kind, look in KINDS.items()
        if (kinds == kind).any()
    ]
    return [
        *dots,
        Entry(text="limit", line={"color": INK, "linewidth": 0.6, "linestyle": (0, (4, 2))}),
        Entry(text="no influence, or an equal share", line={"color": GREY, "linewidth": 0.6}),
    ]


def _rule(limits: pd.DataFrame) -> str:
    """Say in words which studies are marked."""
    high = {name: display.drawn(limits.loc[name, "high"]) for name in limits.index}
    return (
        f"Influential: DFFITS or DFBETA beyond ±{high['dffits']} or ±{high['dfbeta']}, Cook's "
        f"distance above {high['cooks_distance']}, or hat value above {high['hat']}. Outlying: "
        f"studentised residual beyond ±{high['rstudent']}."
    )


def _in_words(fit: MetaAnalysis, kinds: pd.Series) -> str:
    """Say what the figure shows."""

    def named(kind: str) -> str:
        return shortened(clean(name) for name in kinds.index[kinds == kind]) or "none"

    return (
        f"Influence of {fit.k_in_words} on the result, by "
        f"{len(PANELS)} measures. Influential: {named('influential')}. Outlying besides: "
        f"{named('outlying')}."
    )
