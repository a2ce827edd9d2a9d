"""Normal Q-Q plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from arrowroot.errors import EstimationError, OptionError
from synthesis import datasets
from synthesis.diagnostics.influence import influence
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.normal_quantiles import qq_plot
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def points(ax: Axes) -> np.ndarray:
    (found,) = (c for c in ax.collections if c.get_gid() == "studies")
    return np.asarray(found.get_offsets())


@pytest.mark.parametrize("residual", ["rstudent", "rstandard"])
def test_points_are_the_sorted_residuals(bcg: MetaAnalysis, residual: str) -> None:
    drawn = points(qq_plot(bcg, residual=residual))
    np.testing.assert_array_equal(drawn[:, 1], np.sort(influence(bcg)[residual]))


def test_quantiles_are_those_of_r() -> None:
    """R's qnorm(ppoints(9)), printed to ten decimals."""
    stroke = meta_analysis(effect_sizes(datasets.load("normand1999"), measure="smd"))
    nine = [-1.4941549086, -0.9319713123, -0.5716375252, -0.2743914879, 0.0]
    np.testing.assert_allclose(points(qq_plot(stroke))[:5, 0], nine, atol=5e-11)


def test_more_than_ten_studies(bcg: MetaAnalysis) -> None:
    """R's qnorm(ppoints(13)), whose positions are 1/26, 3/26 ...; printed to ten decimals."""
    thirteen = [-1.7688250385, -1.1983797023, -0.8694237733, -0.6151411046, -0.3957252958]
    np.testing.assert_allclose(points(qq_plot(bcg))[:5, 0], thirteen, atol=5e-11)


def test_a_study_outside_the_band_is_named(tidy: Callable[[Axes], None]) -> None:
    stroke = meta_analysis(effect_sizes(datasets.load("normand1999"), measure="smd"))
    ax = qq_plot(stroke, title="Specialist stroke care")
    tidy(ax)
    assert "Orpington-Moderate" in [text.get_text() for text in ax.texts]
    assert isinstance(ax, Sheet)
    assert "Outside the 95% band: Orpington-Moderate." in ax.description


def test_few_and_many(synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None]) -> None:
    for k in (3, 250):
        tidy(qq_plot(synthetic(k, long=True)))


def test_refusals(bcg: MetaAnalysis, synthetic: Callable[..., MetaAnalysis]) -> None:
    with pytest.raises(OptionError, match="residual must be one of 'rstudent', 'rstandard'"):
        qq_plot(bcg, residual="student")
    with pytest.raises(EstimationError, match="needs at least 2 studies"):
        qq_plot(synthetic(1))
