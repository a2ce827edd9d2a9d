"""The profile plot: how well each between-study variance fits the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from arrowroot import display
from synthesis.diagnostics.profile import tau2_profile
from synthesis.plots.drawing.legend import Entry
from synthesis.plots.drawing.palette import BLUE, GREY, INK, PALE_BLUE
from synthesis.plots.drawing.scale import Scale
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.drawing.xy import Graph
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT = 256.0, 190.0
"""Size of the plot in points."""


def profile_plot(fit: MetaAnalysis, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw the profile likelihood of tau2.

    Parameters
    ----------
    fit : MetaAnalysis
        Random-effects model of at least two studies.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        tau2 along x, its log-likelihood along y: full for maximum likelihood, restricted for
        every other method. The dashed line cuts the curve at its profile-likelihood limits; the
        band is the result's own interval.

    Raises
    ------
    OptionError
        If the model is not the random-effects model.
    EstimationError
        If there are fewer than two studies.

    References
    ----------
    Hardy & Thompson 1996, Stat Med 15:619-629; Viechtbauer 2007, Stat Med 26:37-52.
    """
    profile = tau2_profile(fit)
    level = f"{100 * fit.level:g}%"
    tau2 = profile.curve["tau2"].to_numpy()
    height = profile.curve["log_likelihood"].to_numpy()
    drop = profile.highest - profile.cut
    shown = height >= profile.highest - 3 * drop
    end = float(tau2[shown][-1])
    beyond = False
    if profile.tau2_ci is not None:
        reach = 1.05 * profile.tau2_ci[1]
        beyond = reach > tau2[-1]
        end = end if beyond else max(end, reach)
    lowest = max(float(height[shown].min()), profile.highest - 3 * drop)
    kind = "Restricted log-likelihood" if profile.restricted else "Log-likelihood"
    notes = []
    if abs(profile.tau2 - profile.peak) > 0.005 * max(end, 1e-12):
        notes.append(
            f"tau² is the {profile.method} estimate; the likelihood is highest at "
            f"{display.drawn(profile.peak, 3)}."
        )
    if beyond and profile.tau2_ci is not None:
        notes.append(
            f"The {level} CI of the result ends at {display.drawn(profile.tau2_ci[1], 3)}, "
            "beyond the axis."
        )
    graph = Graph(
        Scale(label="tau² (between-study variance)", limits=(-0.02 * end, end)),
        Scale(
            label=kind, limits=(min(lowest, profile.cut) - 0.1 * drop, profile.highest + 0.2 * drop)
        ),
        width=WIDTH,
        height=HEIGHT,
        ax=ax,
        title=clean(title),
        key=_key(level, has_interval=profile.tau2_ci is not None, tau2=profile.tau2),
        notes=notes,
    )
    axes, scale = graph.axes, graph.scale
    if profile.tau2_ci is not None:
        low, high = np.clip(profile.tau2_ci, 0.0, end)
        axes.axvspan(low, high, color=PALE_BLUE, linewidth=0, zorder=0.5, gid="interval")
    axes.plot(tau2, height, color=BLUE, linewidth=1.6 * scale, zorder=3, gid="likelihood")
    axes.axhline(
        profile.cut,
        color=GREY,
        linewidth=0.8 * scale,
        linestyle=(0, (4, 2)),
        zorder=2,
        gid="cut",
    )
    axes.axvline(profile.tau2, color=INK, linewidth=1.0 * scale, zorder=2, gid="tau2")
    words = (
        ""
        if profile.tau2_ci is None
        else f", {level} interval " + display.interval(profile.tau2_ci, 3)
    )
    graph.describe(
        f"Profile of the {kind.lower()} of tau² in {fit.k_in_words}.",
        f"tau² is {display.drawn(profile.tau2, 3)}{words}; the likelihood is highest at "
        f"{display.drawn(profile.peak, 3)}.",
    )
    return graph.axes


def _key(level: str, *, has_interval: bool, tau2: float) -> list[Entry]:
    entries = [
        Entry(text=f"tau² = {display.drawn(tau2, 3)}", line={"color": INK, "linewidth": 1.0}),
        Entry(
            text=f"{level} limits by profile likelihood",
            line={"color": GREY, "linewidth": 0.8, "linestyle": (0, (4, 2))},
        ),
    ]
    if has_interval:
        band = {"color": PALE_BLUE, "linewidth": 7.0}
        entries.append(Entry(text=f"{level} CI of the result", line=band))
    return entries
