"""Orchard plots, read from what they draw."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from arrowroot.errors import DataError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.orchard import hung, orchard
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis, subgroup_analysis


@pytest.fixture(scope="module")
def by_allocation() -> SubgroupAnalysis:
    return subgroup_analysis(effect_sizes(datasets.load("bcg"), measure="rr"), by="alloc")


def mark(ax: Axes, name: str) -> np.ndarray:
    (found,) = (c for c in ax.collections if c.get_gid() == name)
    if isinstance(found, LineCollection):
        return np.asarray(found.get_segments()[0])
    return np.asarray(found.get_offsets())


def test_every_number_is_the_groups_own(by_allocation: SubgroupAnalysis) -> None:
    ax = orchard(by_allocation)
    for number, fit in enumerate(by_allocation.groups.values()):
        np.testing.assert_allclose(mark(ax, f"pooled-{number}")[0, 0], np.exp(fit.estimate))
        assert sorted(mark(ax, f"studies-{number}")[:, 0]) == pytest.approx(
            sorted(np.exp(fit.studies["yi"]))
        )
        low, high = ax.get_xlim()
        assert fit.prediction_interval is not None
        for name, limits in (("interval", fit.ci), ("prediction", fit.prediction_interval)):
            drawn = mark(ax, f"{name}-{number}")[:, 0]
            np.testing.assert_allclose(drawn, np.clip(np.exp(limits), low, high))


def test_one_result_and_a_mapping(bcg: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = orchard(bcg, title="BCG vaccination")
    tidy(ax)
    assert "k = 13" in [text.get_text() for text in ax.texts]
    common = meta_analysis(bcg.studies, measure="rr", model="common")
    both = orchard({"Random effects": bcg, "Common effect": common})
    tidy(both)
    assert "prediction-1" not in [c.get_gid() for c in both.collections]
    assert isinstance(both, Sheet)
    assert "Common effect: 13 studies" in both.description


def test_fruits_cover_neither_each_other_nor_the_branch() -> None:
    """Synthetic places and sizes, drawn at random."""
    random = np.random.default_rng(3)
    x, sizes = random.uniform(0, 300, 40), random.uniform(3, 12, 40)
    heights = hung(x, sizes, limit=60.0)
    assert (np.abs(heights) > sizes / 2).all()
    for one, other in itertools.combinations(range(40), 2):
        apart = np.hypot(x[one] - x[other], heights[one] - heights[other])
        assert apart >= (sizes[one] + sizes[other]) / 2 - 1e-9


def test_crowded_and_long(
    synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None]
) -> None:
    groups = {f"Synthetic group with a long name, number {k}": synthetic(k) for k in (3, 40, 250)}
    tidy(orchard(groups))


def test_refusals(bcg: MetaAnalysis, baskerville: MetaAnalysis) -> None:
    with pytest.raises(DataError, match="no result to draw"):
        orchard({})
    with pytest.raises(DataError, match=r"different measures \(rr, smd\)"):
        orchard({"a": bcg, "b": baskerville})
    loose = meta_analysis(bcg.studies, measure="rr", level=0.9)
    with pytest.raises(DataError, match=r"different levels \(0.9, 0.95\)"):
        orchard({"a": bcg, "b": loose})
