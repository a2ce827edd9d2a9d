"""Drapery plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from synthesis.plots.drapery import drapery
from synthesis.plots.drawing.canvas import Sheet
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def curve(ax: Axes, name: str) -> tuple[np.ndarray, np.ndarray]:
    (found,) = (line for line in ax.lines if line.get_gid() == name)
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def test_the_pooled_curve_falls_to_one_minus_level_at_the_limits(bcg: MetaAnalysis) -> None:
    x, p = curve(drapery(bcg), "pooled")
    assert np.log(x[p.argmax()]) == pytest.approx(bcg.estimate, rel=1e-12)
    assert p.max() == 1
    inside = np.log(x[p >= 0.05])
    step = np.diff(np.log(x)).max()  # the limits lie between two points of the curve
    assert inside[0] == pytest.approx(bcg.ci[0], abs=step)
    assert inside[-1] == pytest.approx(bcg.ci[1], abs=step)


def test_every_study_has_a_curve_that_peaks_at_its_effect(bcg: MetaAnalysis) -> None:
    ax = drapery(bcg)
    for number, effect in enumerate(bcg.studies["yi"]):
        x, p = curve(ax, f"study-{number}")
        assert x[p.argmax()] == pytest.approx(np.exp(effect), rel=1e-12)
    assert ax.get_xscale() == "log"


def test_the_prediction_can_be_left_out(bcg: MetaAnalysis) -> None:
    assert len(curve(drapery(bcg), "prediction")[0])
    bare = drapery(bcg, prediction=False)
    assert "prediction" not in [line.get_gid() for line in bare.lines]
    assert "new setting" not in [text.get_text() for text in bare.texts]


def test_the_figure_is_tidy(
    baskerville: MetaAnalysis,
    synthetic: Callable[..., MetaAnalysis],
    tidy: Callable[[Axes], None],
) -> None:
    ax = drapery(baskerville, title="Practice facilitation")
    tidy(ax)
    assert isinstance(ax, Sheet)
    low, high = baskerville.ci
    assert f"falls to 0.05 at {low:.2f} and {high:.2f}" in ax.description
    tidy(drapery(synthetic(3)))
    tidy(drapery(meta_analysis(baskerville.studies, measure="smd", ci="profile")))


def test_curves_of_many_studies_stay_paler_than_the_pooled_one(
    synthetic: Callable[..., MetaAnalysis],
) -> None:
    def darkest(k: int) -> float:
        lines = drapery(synthetic(k)).lines
        shades = [line.get_color() for line in lines if str(line.get_gid()).startswith("study-")]
        assert len(shades) == k
        return min(float(shade) for shade in shades)

    assert darkest(5) == pytest.approx(0.30)
    assert darkest(60) >= 0.65
