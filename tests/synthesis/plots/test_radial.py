"""Radial plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest
from matplotlib.axes import Axes

from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.typeface import SIZE
from synthesis.plots.radial import HEIGHT, radial
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def drawn(ax: Axes, name: str) -> np.ndarray:
    found = [c for c in ax.collections if c.get_gid() == name]
    return np.asarray(found[0].get_offsets())


def test_points_are_effects_over_their_spread(bcg: MetaAnalysis) -> None:
    points = drawn(radial(bcg), "studies")
    np.testing.assert_allclose(points[:, 1] / points[:, 0], bcg.studies["yi"], rtol=1e-12)
    spread = bcg.studies["vi"] + bcg.tau2
    np.testing.assert_allclose(points[:, 0] ** -2, spread, rtol=1e-12)


def test_the_line_has_the_slope_of_the_pooled_effect(bcg: MetaAnalysis) -> None:
    (line,) = (one for one in radial(bcg).lines if one.get_gid() == "pooled")
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert y[0] == 0
    assert y[1] / x[1] == pytest.approx(bcg.estimate, rel=1e-14)  # a product and a quotient


@pytest.mark.parametrize(("name", "measure"), [("bcg", "rr"), ("molloy2014", "fisher_z")])
def test_the_right_scale_names_effects_where_their_rays_end(name: str, measure: str) -> None:
    fit = meta_analysis(effect_sizes(datasets.load(name), measure=measure))
    ax = radial(fit)
    left = ax.get_position()
    figure = ax.get_figure(root=True)
    assert figure is not None
    height = figure.get_size_inches()[1] * 72
    upper = height * (1 - left.y1)
    low, high = ax.get_ylim()
    end = ax.get_xlim()[1]
    seen = 0
    for text in ax.texts:
        try:
            value = float(text.get_text())
        except ValueError:
            continue
        middle = text.get_position()[1] - 0.35 * SIZE
        slope = (high - (middle - upper) / HEIGHT * (high - low)) / end
        # Slopes of named effects are found among 5001, to a part in ten thousand.
        assert fit.measure.back(slope) == pytest.approx(value, abs=1e-3)
        seen += 1
    assert seen >= 3


def test_the_figure_is_tidy(
    baskerville: MetaAnalysis,
    synthetic: Callable[..., MetaAnalysis],
    tidy: Callable[[Axes], None],
) -> None:
    ax = radial(baskerville, title="Practice facilitation")
    tidy(ax)
    assert isinstance(ax, Sheet)
    assert "23 studies" in ax.description
    for k in (2, 250):
        tidy(radial(synthetic(k)))


def test_without_heterogeneity_the_axes_are_galbraiths() -> None:
    fit = meta_analysis(datasets.load("hackshaw1998"), measure="or", model="common")
    points = drawn(radial(fit), "studies")
    np.testing.assert_allclose(points[:, 0], fit.studies["vi"] ** -0.5, rtol=1e-12)


def test_studies_outside_the_band_are_named(tidy: Callable[[Axes], None]) -> None:
    """One large trial without effect and small ones with: Egger et al. 2001."""
    effects = effect_sizes(datasets.load("egger2001"), measure="or")
    fit = meta_analysis(effects, model="common")
    away = np.abs(fit.studies["yi"] - fit.estimate) / np.sqrt(fit.studies["vi"])
    outside = set(fit.studies["study"][away > NormalDist().inv_cdf(0.975)])
    ax = radial(fit)
    tidy(ax)
    named = {text.get_text() for text in ax.texts} & set(fit.studies["study"])
    assert named
    assert named <= outside
    assert isinstance(ax, Sheet)
    assert all(name in ax.description for name in named)
