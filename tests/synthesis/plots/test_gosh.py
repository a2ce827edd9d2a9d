"""GOSH plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

from arrowroot.errors import DataError, OptionError
from synthesis.diagnostics.subsets import Gosh
from synthesis.diagnostics.subsets import gosh as analyse_subsets
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.gosh import MARGIN, gosh_plot
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def subsets(bcg: MetaAnalysis) -> Gosh:
    return analyse_subsets(bcg, progress=False)


def bars(ax: Axes, name: str) -> np.ndarray:
    (found,) = (p for p in ax.patches if p.get_gid() == name)
    assert isinstance(found, StepPatch)
    heights = found.get_data().baseline - found.get_data().values
    return np.asarray(heights)


def test_the_mark_of_all_studies_is_the_pooled_result(bcg: MetaAnalysis, subsets: Gosh) -> None:
    ax = gosh_plot(subsets)
    (mark,) = (c for c in ax.collections if c.get_gid() == "all-studies")
    # The subset of all studies is pooled in a batch: the same optimum to the last digits.
    np.testing.assert_allclose(mark.get_offsets()[0], [np.exp(bcg.estimate), bcg.i2], rtol=1e-8)


def test_hexagons_hold_every_subset_with_a_heterogeneity(subsets: Gosh) -> None:
    ax = gosh_plot(subsets)
    (cells,) = (c for c in ax.collections if c.get_gid() == "subsets")
    counts = cells.get_array()
    assert counts is not None
    assert counts.sum() == subsets.subsets["i2"].notna().sum()
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.2", "0.5", "1"]


def test_with_a_study_shades_are_shares_and_bars_tell_both_apart(subsets: Gosh) -> None:
    study = "TPT Madras 1980"
    ax = gosh_plot(subsets, study=study)
    (cells,) = (c for c in ax.collections if c.get_gid() == "subsets")
    shares = cells.get_array()
    assert shares is not None
    assert shares.min() >= 0 and shares.max() <= 1
    held, free = bars(ax, "subsets-with"), bars(ax, "subsets-without")
    assert max(held.max(), free.max()) == pytest.approx(MARGIN)  # a height, less a baseline
    both = subsets.subsets["i2"].notna().to_numpy()
    ratio = (subsets.contains(study) & both).sum() / (~subsets.contains(study) & both).sum()
    assert held.sum() / free.sum() == pytest.approx(ratio)  # sums of the same heights


def test_words_and_room(subsets: Gosh, tidy: Callable[[Axes], None]) -> None:
    ax = gosh_plot(subsets, title="BCG vaccination")
    tidy(ax)
    tidy(gosh_plot(subsets, study="Comstock & Webster 1969"))
    assert isinstance(ax, Sheet)
    low = np.exp(subsets.subsets["estimate"][subsets.subsets["k"] > 1].min())
    assert f"Risk ratio from {low:.2f}" in ax.description


def test_a_sample_says_so(baskerville: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = gosh_plot(analyse_subsets(baskerville, 2000, seed=1, progress=False))
    tidy(ax)
    assert any("a random sample" in text.get_text() for text in ax.texts)


def test_refusals(subsets: Gosh) -> None:
    with pytest.raises(OptionError, match="study must be one of"):
        gosh_plot(subsets, study="Nobody")
    alone = Gosh(
        subsets.subsets[subsets.subsets["k"] == 1],
        subsets.members[(subsets.subsets["k"] == 1).to_numpy()],
        subsets.studies,
        sampled=True,
        measure=subsets.measure,
    )
    with pytest.raises(DataError, match="no subset has two studies"):
        gosh_plot(alone)
