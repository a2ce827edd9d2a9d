"""Funnel plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.lines import Line2D

from synthesis.diagnostics.asymmetry import egger_test
from synthesis.diagnostics.trim_fill import trim_and_fill
from synthesis.errors import OptionError
from synthesis.plots.canvas import Sheet
from synthesis.plots.funnel import CONTOURS, funnel
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def mark(ax: Axes, gid: str) -> object:
    return next(child for child in ax.get_children() if child.get_gid() == gid)


def points(ax: Axes, gid: str) -> np.ndarray:
    found = mark(ax, gid)
    assert isinstance(found, PathCollection)
    return np.asarray(found.get_offsets())


def line(ax: Axes, gid: str) -> tuple[np.ndarray, np.ndarray]:
    found = mark(ax, gid)
    assert isinstance(found, Line2D)
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_studies_stand_at_effect_and_standard_error(bcg: MetaAnalysis) -> None:
    ax = funnel(bcg)
    expected = np.column_stack([np.exp(bcg.studies["yi"]), np.sqrt(bcg.studies["vi"])])
    np.testing.assert_allclose(points(ax, "studies"), expected, rtol=1e-12)  # rounding of exp
    assert ax.get_xscale() == "log"
    assert ax.get_ylim()[1] == 0 < ax.get_ylim()[0]  # the most precise study on top


def test_the_funnel_opens_at_the_pooled_effect(baskerville: MetaAnalysis) -> None:
    ax = funnel(baskerville)
    z = NormalDist().inv_cdf(0.975)
    for gid, sign in (("funnel-low", -1), ("funnel-high", 1)):
        effect, error = line(ax, gid)
        assert effect[0] == baskerville.estimate
        assert error[0] == 0
        np.testing.assert_allclose(effect - baskerville.estimate, sign * z * error, atol=1e-14)
    assert set(line(ax, "pooled")[0]) == {baskerville.estimate}


def test_bands_of_significance_lie_around_no_effect(baskerville: MetaAnalysis) -> None:
    ax = funnel(baskerville)
    for upper, lower, *_ in CONTOURS:
        band = mark(ax, f"contour-{lower:g}-high")
        assert isinstance(band, PolyCollection)
        corners = np.asarray(band.get_paths()[0].vertices)
        inside = corners[corners[:, 1] > 0]
        z = (inside[:, 0] / inside[:, 1]).min()
        assert 2 * (1 - NormalDist().cdf(z)) == pytest.approx(upper, rel=1e-9)  # inverse and back
    plain = funnel(baskerville, contours=False)
    assert not [child for child in plain.collections if isinstance(child, PolyCollection)]


def test_filled_studies_are_open_points(baskerville: MetaAnalysis) -> None:
    result = trim_and_fill(baskerville)
    ax = funnel(result)
    assert len(points(ax, "filled")) == result.k0 > 0
    assert len(points(ax, "studies")) == baskerville.k
    assert set(line(ax, "pooled")[0]) == {result.fit.estimate}
    assert {"Study filled in", "Pooled effect with them"} <= set(texts(ax))


def test_eggers_line_and_p_value(baskerville: MetaAnalysis) -> None:
    test = egger_test(baskerville)
    ax = funnel(baskerville, egger=test)
    effect, error = line(ax, "egger")
    assert effect[0] == test.limit_estimate
    slope = np.diff(effect) / np.diff(error)
    np.testing.assert_allclose(slope, test.coefficient("sei", "estimate"), rtol=1e-9)  # differences
    assert "Egger's test, P = 0.002" in texts(ax)


def test_funnels_are_tidy(
    baskerville: MetaAnalysis, bcg: MetaAnalysis, tidy: Callable[[Axes], None]
) -> None:
    tidy(funnel(trim_and_fill(baskerville), egger=egger_test(baskerville), title="Synthetic " * 12))
    tidy(funnel(bcg))


def test_measures_of_one_group_have_no_bands(tidy: Callable[[Axes], None]) -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [-1.0, -0.5, 0.1], "vi": [0.1, 0.2, 0.1]})
    ax = funnel(meta_analysis(table, measure="logit"))
    tidy(ax)
    assert not [child for child in ax.collections if isinstance(child, PolyCollection)]
    assert points(ax, "studies")[0, 0] == pytest.approx(1 / (1 + np.e), rel=1e-12)  # rounding


def test_in_words(bcg: MetaAnalysis) -> None:
    ax = funnel(bcg)
    assert isinstance(ax, Sheet)
    assert ax.description == (
        "Funnel plot of 13 studies: Risk ratio against standard errors from 0.06 to 0.73. "
        "Pooled effect 0.49."
    )


def test_a_test_on_another_predictor(baskerville: MetaAnalysis) -> None:
    other = egger_test(baskerville, predictor="vi")
    with pytest.raises(OptionError, match="predictor='sei'; its predictor is 'vi'"):
        funnel(baskerville, egger=other)
