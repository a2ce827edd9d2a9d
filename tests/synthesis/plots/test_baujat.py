"""Baujat plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from arrowroot.errors import DataError
from synthesis.diagnostics.influence import baujat
from synthesis.plots.baujat import baujat_plot
from synthesis.plots.drawing.canvas import Sheet
from synthesis.pooling.results import MetaAnalysis


def test_points_are_the_contributions(bcg: MetaAnalysis) -> None:
    table = baujat(bcg)
    (points,) = (c for c in baujat_plot(table).collections if c.get_gid() == "studies")
    assert isinstance(points, PathCollection)
    np.testing.assert_array_equal(points.get_offsets(), table[["heterogeneity", "influence"]])


def test_the_most_remarkable_study_is_named(bcg: MetaAnalysis) -> None:
    table = baujat(bcg)
    ax = baujat_plot(table)
    assert table["heterogeneity"].idxmax() in [text.get_text() for text in ax.texts]
    assert isinstance(ax, Sheet)
    assert f"{table['influence'].idxmax()} moves the pooled effect most" in ax.description


@pytest.mark.parametrize("k", [3, 40])
def test_names_are_tidy(
    synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None], k: int
) -> None:
    tidy(baujat_plot(baujat(synthetic(k)), title="Synthetic"))
    tidy(baujat_plot(baujat(synthetic(k, long=True))))


def test_a_missing_column(bcg: MetaAnalysis) -> None:
    with pytest.raises(DataError, match="contributions: the table has no column 'influence'"):
        baujat_plot(baujat(bcg).drop(columns="influence"))
