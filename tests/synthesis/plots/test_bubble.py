"""Bubble plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.lines import Line2D

from arrowroot.errors import DataError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.bubble import LARGEST, SMALLEST, bubble
from synthesis.pooling.regression.meta_regression import meta_regression
from synthesis.pooling.regression.results import MetaRegression


@pytest.fixture(scope="module")
def latitude() -> MetaRegression:
    """BCG trials by latitude and allocation."""
    return meta_regression(effect_sizes(datasets.load("bcg"), measure="rr"), "~ ablat + alloc")


def mark(ax: Axes, gid: str) -> object:
    return next(child for child in ax.get_children() if child.get_gid() == gid)


def test_bubbles_stand_at_the_studies_with_areas_by_weight(latitude: MetaRegression) -> None:
    ax = bubble(latitude, "ablat")
    bubbles = mark(ax, "studies")
    assert isinstance(bubbles, PathCollection)
    studies = latitude.studies
    expected = np.column_stack([studies["ablat"], np.exp(studies["yi"])])
    np.testing.assert_allclose(np.asarray(bubbles.get_offsets()), expected, rtol=1e-12)  # exp
    areas = bubbles.get_sizes()
    weights = 1 / (studies["vi"].to_numpy() + latitude.tau2)
    assert areas.max() == pytest.approx(LARGEST**2)
    seen = areas > SMALLEST**2 * (1 + 1e-9)
    np.testing.assert_allclose(areas[seen] / weights[seen], areas.max() / weights.max())
    assert ax.get_yscale() == "log"


def test_the_line_and_its_band_are_the_predictions(latitude: MetaRegression) -> None:
    ax = bubble(latitude, "ablat", prediction=True)
    line = mark(ax, "line")
    assert isinstance(line, Line2D)
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    assert (x[0], x[-1]) == (13, 55)
    new = latitude.studies[["ablat"]].head(2).assign(ablat=[13, 55], alloc="random")
    known = latitude.predict(new)
    np.testing.assert_allclose(y[[0, -1]], np.exp(known["estimate"]), rtol=1e-12)  # exp
    band = mark(ax, "band")
    assert isinstance(band, PolyCollection)
    edges = np.asarray(band.get_paths()[0].vertices)
    assert edges[:, 1].max() == pytest.approx(np.exp(known["ci_high"]).max(), rel=1e-12)
    outer = mark(ax, "pi_low")
    assert isinstance(outer, Line2D)
    np.testing.assert_allclose(
        np.asarray(outer.get_ydata())[[0, -1]], np.exp(known["pi_low"]), rtol=1e-12
    )


def test_bubbles_are_tidy(latitude: MetaRegression, tidy: Callable[[Axes], None]) -> None:
    tidy(bubble(latitude, "ablat", label="Absolute latitude (degrees)", title="Synthetic " * 9))


def test_what_draws_no_line(latitude: MetaRegression) -> None:
    with pytest.raises(DataError, match="moderator: the table has no column 'lat'"):
        bubble(latitude, "lat")
    with pytest.raises(DataError, match="alloc: every cell must be a number"):
        bubble(latitude, "alloc")
