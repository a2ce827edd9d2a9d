"""Specification curves, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection

from synthesis import datasets
from synthesis.diagnostics.multiverse import Multiverse, multiverse
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.specification import specification_curve


@pytest.fixture(scope="module")
def bcg_multiverse() -> Multiverse:
    effects = effect_sizes(datasets.load("bcg"), measure="rr")
    return multiverse(effects, subgroups="alloc", progress=False)


def marks(ax: Axes, name: str) -> np.ndarray:
    (found,) = (c for c in ax.collections if c.get_gid() == name)
    if isinstance(found, LineCollection):
        return np.array([segment[0] for segment in found.get_segments()])
    assert isinstance(found, PathCollection)
    return np.asarray(found.get_offsets())


def test_points_are_the_sorted_estimates_as_ratios(bcg_multiverse: Multiverse) -> None:
    ax = specification_curve(bcg_multiverse)
    points = np.vstack([marks(ax, "excluding"), marks(ax, "including")])
    points = points[points[:, 0].argsort()]
    expected = np.exp(np.sort(bcg_multiverse.results["estimate"]))
    np.testing.assert_allclose(points[:, 1], expected, rtol=1e-12)  # exp of the same floats
    np.testing.assert_array_equal(points[:, 0], np.arange(1, len(expected) + 1))
    assert ax.get_yscale() == "log"


def test_filled_points_are_those_whose_interval_excludes_one(bcg_multiverse: Multiverse) -> None:
    ordered = bcg_multiverse.to_frame()
    outside = (ordered["ci_low"] > 0) | (ordered["ci_high"] < 0)
    places = marks(specification_curve(bcg_multiverse), "excluding")[:, 0]
    np.testing.assert_array_equal(places, np.flatnonzero(outside) + 1)


def test_every_option_marks_the_specifications_that_took_it(bcg_multiverse: Multiverse) -> None:
    ax = specification_curve(bcg_multiverse)
    ordered = bcg_multiverse.to_frame()
    texts = [text.get_text() for text in ax.texts]
    drawn = [
        set(marks(ax, str(c.get_gid()))[:, 0])
        for c in ax.collections
        if str(c.get_gid()).startswith("choice-")
    ]
    options = [
        (choice, option)
        for choice in bcg_multiverse.varied
        for option in dict.fromkeys(bcg_multiverse.results[choice])
        if (choice, option) != ("tau2_method", "none")
    ]
    assert len(drawn) == len(options)
    for (choice, option), places in zip(options, drawn, strict=True):
        assert places == set(np.flatnonzero(ordered[choice] == option) + 1)
    for shown in ("Model", "Random effects", "DerSimonian-Laird", "alloc: systematic"):
        assert shown in texts


def test_an_interval_far_wider_than_the_others_ends_in_arrows(bcg_multiverse: Multiverse) -> None:
    """Two trials with Hartung-Knapp intervals: from 0.02 to 21."""
    ax = specification_curve(bcg_multiverse)
    widest = np.exp(bcg_multiverse.results["ci_high"].max())
    assert ax.get_ylim()[1] < widest
    assert len(marks(ax, "arrows-up")) == len(marks(ax, "arrows-down")) == 3


def test_the_figure_is_tidy_and_describes_itself(
    bcg_multiverse: Multiverse, tidy: Callable[[Axes], None]
) -> None:
    ax = specification_curve(bcg_multiverse, title="BCG vaccination against tuberculosis")
    tidy(ax)
    assert isinstance(ax, Sheet)
    assert f"{len(bcg_multiverse.results)} analyses" in ax.description


def test_many_specifications_and_one(tidy: Callable[[Axes], None]) -> None:
    effects = effect_sizes(datasets.load("normand1999"), measure="smd")
    forms = ["ls", "ls2", "ub"]
    tidy(specification_curve(multiverse(effects, variance=forms, leave_out="each", progress=False)))
    single = multiverse(effects, model=["random"], tau2=["reml"], ci=["hksj"], progress=False)
    ax = specification_curve(single)
    tidy(ax)
    assert len(marks(ax, "including")) == 1
