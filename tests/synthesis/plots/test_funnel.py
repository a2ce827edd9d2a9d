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

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.diagnostics.small_studies.asymmetry import egger_test
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.funnel import CONTOURS, funnel
from synthesis.plots.funnel_axis import VERTICALS
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


# What stands on the vertical axis


@pytest.fixture(scope="module")
def molloy() -> MetaAnalysis:
    """16 correlations, with the size of each study: Molloy et al. 2014."""
    return meta_analysis(effect_sizes(datasets.load("molloy2014"), measure="fisher_z"))


PLACES: dict[str, Callable[[pd.Series, pd.Series], pd.Series]] = {
    "sei": lambda v, _: np.sqrt(v),
    "vi": lambda v, _: v,
    "seinv": lambda v, _: 1 / np.sqrt(v),
    "vinv": lambda v, _: 1 / v,
    "ni": lambda _, n: n,
    "lni": lambda _, n: n,
    "ninv": lambda _, n: 1 / n,
    "sqrtninv": lambda _, n: 1 / np.sqrt(n),
}


@pytest.mark.parametrize("vertical", list(VERTICALS))
def test_each_axis_shows_what_it_says(
    bcg: MetaAnalysis, molloy: MetaAnalysis, tidy: Callable[[Axes], None], vertical: str
) -> None:
    sizes = bcg.studies["n_t"] + bcg.studies["n_c"]
    for fit, n in ((bcg, sizes), (molloy, molloy.studies["n"])):
        ax = funnel(fit, vertical=vertical)
        tidy(ax)
        drawn = points(ax, "studies")[:, 1]
        expected = PLACES[vertical](fit.studies["vi"], n)
        np.testing.assert_allclose(drawn, expected, rtol=1e-15)  # rounding of root and quotient
        bottom, top = ax.get_ylim()
        largest = drawn[(n if "n" in vertical.removesuffix("inv") else -fit.studies["vi"]).argmax()]
        assert abs(largest - top) < abs(largest - bottom)
        assert (ax.get_yscale() == "log") == (vertical == "lni")


@pytest.mark.parametrize("vertical", ["sei", "vi", "seinv", "vinv"])
def test_the_funnel_is_the_same_on_every_axis_of_errors(bcg: MetaAnalysis, vertical: str) -> None:
    ax = funnel(bcg, vertical=vertical)
    z = NormalDist().inv_cdf(0.975)
    to_error = {
        "sei": lambda y: y,
        "vi": np.sqrt,
        "seinv": lambda y: 1 / y,
        "vinv": lambda y: 1 / np.sqrt(y),
    }[vertical]
    effect, place = line(ax, "funnel-high")
    # The lines are drawn in risk ratios; a logarithm is as exact as the ratio.
    np.testing.assert_allclose(np.log(effect) - bcg.estimate, z * to_error(place), atol=1e-14)
    band = mark(ax, "contour-0.05-high")
    assert isinstance(band, PolyCollection)
    corners = np.asarray(band.get_paths()[0].vertices)
    inside = corners[(corners[:, 0] > 1.0001) & (corners[:, 1] > 0)]
    least = (np.log(inside[:, 0]) / to_error(inside[:, 1])).min()
    assert 2 * (1 - NormalDist().cdf(least)) == pytest.approx(0.10, rel=1e-9)  # inverse and back


@pytest.mark.parametrize("vertical", ["ni", "lni", "ninv", "sqrtninv"])
def test_sizes_have_no_funnel(bcg: MetaAnalysis, vertical: str) -> None:
    ax = funnel(bcg, vertical=vertical)
    assert not [child for child in ax.collections if isinstance(child, PolyCollection)]
    gids = {child.get_gid() for child in ax.get_children()}
    assert "pooled" in gids
    assert not gids & {"funnel-low", "funnel-high"}
    assert "Within 95% of chance" not in texts(ax)


@pytest.mark.parametrize("vertical", list(VERTICALS))
@pytest.mark.parametrize("predictor", ["sei", "vi", "ninv", "sqrtninv", "sqrtni"])
def test_a_line_where_axis_and_predictor_go_together(
    molloy: MetaAnalysis, vertical: str, predictor: str
) -> None:
    test = egger_test(molloy, predictor=predictor)
    if VERTICALS[vertical].has_errors == ("n" in predictor):
        made = "sample sizes" if "n" in predictor else "variances"
        with pytest.raises(
            OptionError, match=f"egger: its predictor '{predictor}' is based on {made}"
        ):
            funnel(molloy, vertical=vertical, egger=test)
        return
    effect, place = line(funnel(molloy, vertical=vertical, egger=test), "egger")
    known = PLACES[vertical](molloy.studies["vi"], molloy.studies["n"])
    used = {
        "sei": np.sqrt(molloy.studies["vi"]),
        "vi": molloy.studies["vi"],
        "ninv": 1 / molloy.studies["n"],
        "sqrtninv": 1 / np.sqrt(molloy.studies["n"]),
        "sqrtni": np.sqrt(molloy.studies["n"]),
    }[predictor]
    fitted = (
        test.coefficient("intercept", "estimate") + test.coefficient(predictor, "estimate") * used
    )
    order = np.argsort(place)
    at = np.interp(known, place[order], np.arctanh(effect)[order])
    # 64 points a line: straight pieces between them miss the curves by less than this.
    np.testing.assert_allclose(at, fitted, atol=0.02)


def test_what_an_axis_cannot_show(baskerville: MetaAnalysis, bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="vertical must be one of 'sei', 'vi'"):
        funnel(bcg, vertical="se")
    with pytest.raises(DataError, match="funnel with vertical='ni' needs the size of each study"):
        funnel(baskerville, vertical="ni")
    with pytest.raises(OptionError, match="contours=True needs standard errors; vertical='ni'"):
        funnel(bcg, vertical="ni", contours=True)
    with pytest.raises(OptionError, match="studies filled in have none"):
        funnel(trim_and_fill(baskerville), vertical="ni")
    table = pd.DataFrame({"study": list("ABC"), "yi": [-1.0, -0.5, 0.1], "vi": [0.1, 0.2, 0.1]})
    with pytest.raises(OptionError, match="contours=True needs a value of no effect, and 'logit'"):
        funnel(meta_analysis(table, measure="logit"), contours=True)


def test_sizes_in_words(bcg: MetaAnalysis) -> None:
    sizes = bcg.studies["n_t"] + bcg.studies["n_c"]
    ax = funnel(bcg, vertical="lni")
    assert isinstance(ax, Sheet)
    assert f"against sample sizes from {sizes.min():.0f} to {sizes.max():.0f}." in ax.description
