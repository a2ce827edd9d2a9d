"""Influence plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from arrowroot.errors import EstimationError
from synthesis.diagnostics.influence import influence, influence_limits
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.influence import PANELS, influence_plot
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def moved() -> MetaAnalysis:
    """Synthetic: thirty studies that agree, and one that does not."""
    table = pd.DataFrame(
        {
            "study": [*(f"Synthetic {i}" for i in range(30)), "Synthetic outlier"],
            "yi": [*np.linspace(0.1, 0.3, 30), 1.9],
            "vi": [0.05] * 31,
        }
    )
    return meta_analysis(table, model="common", measure="smd", ci="wald")


def points(ax: Axes, name: str) -> np.ndarray:
    """Return all points of a panel, in the order of their rows."""
    drawn = [
        np.asarray(found.get_offsets())
        for found in ax.collections
        if isinstance(found, PathCollection) and str(found.get_gid()).startswith(f"{name}-")
    ]
    at = np.vstack(drawn)
    return at[np.argsort(at[:, 1])]


def line(ax: Axes, gid: str) -> float:
    (found,) = (line for line in ax.lines if line.get_gid() == gid)
    (value,) = set(np.asarray(found.get_xdata(), dtype=float))
    return float(value)


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_every_panel_shows_its_measure(bcg: MetaAnalysis) -> None:
    table, ax = influence(bcg), influence_plot(bcg)
    for name in PANELS:
        np.testing.assert_array_equal(points(ax, name)[:, 0], table[name])
    rows = {tuple(points(ax, name)[:, 1]) for name in PANELS}
    assert len(rows) == 1  # a study stands in the same row in every panel


def test_points_stand_beside_the_names_of_their_studies(bcg: MetaAnalysis) -> None:
    ax = influence_plot(bcg)
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    names = [heights[name] for name in bcg.studies["study"]]
    # Baselines stand 0.35 of a text size of 8 points below the middle of their row.
    np.testing.assert_allclose(np.array(names) - points(ax, "hat")[:, 1], 0.35 * 8)


def test_lines_stand_at_the_limits(bcg: MetaAnalysis) -> None:
    ax, limits = influence_plot(bcg), influence_limits(bcg)
    for name in PANELS:
        assert line(ax, f"{name}-neutral") == limits.loc[name, "neutral"]
    for name in ("rstudent", "dffits"):
        for side in ("low", "high"):
            assert line(ax, f"{name}-{side}") == limits.loc[name, side]
    for name in ("cooks_distance", "hat", "weight"):
        assert line(ax, f"{name}-high") == limits.loc[name, "high"]
    assert not [found for found in ax.lines if found.get_gid() == "tau2_deleted-high"]


def test_influential_studies_are_marked_by_shape_and_named(moved: MetaAnalysis) -> None:
    ax = influence_plot(moved)
    table = influence(moved)
    assert list(table.index[table["influential"]]) == ["Synthetic outlier"]
    marks = {str(found.get_gid()): found for found in ax.collections}
    for name in PANELS:
        assert len(marks[f"{name}-influential"].get_offsets()) == 1
        shapes = [marks[f"{name}-{kind}"].get_paths()[0] for kind in ("studies", "influential")]
        assert len(shapes[0].vertices) != len(shapes[1].vertices)  # a disc and a diamond
    (name,) = (text for text in ax.texts if text.get_text() == "Synthetic outlier")
    assert name.get_fontproperties().get_weight() == "bold"
    assert "Influential study" in texts(ax)
    assert isinstance(ax, Sheet)
    assert "Influential: Synthetic outlier. Outlying besides: none." in ax.description


def test_outlying_studies_need_not_be_influential(synthetic: Callable[..., MetaAnalysis]) -> None:
    fit = synthetic(250)
    table, high = influence(fit), influence_limits(fit).loc["rstudent", "high"]
    outlying = table.index[(table["rstudent"].abs() > high) & ~table["influential"]]
    ax = influence_plot(fit)
    assert len(outlying) > 3
    assert set(outlying) | set(table.index[table["influential"]]) <= set(texts(ax))
    (drawn,) = (found for found in ax.collections if found.get_gid() == "rstudent-outlying")
    assert len(drawn.get_offsets()) == len(outlying)


def test_the_rule_is_printed_as_the_record_has_it(bcg: MetaAnalysis) -> None:
    note = " ".join(texts(influence_plot(bcg)))
    limits = influence_limits(bcg)["high"]
    assert f"DFFITS or DFBETA beyond ±{limits['dffits']:.2f} or ±1.00" in note
    assert f"hat value above {limits['hat']:.2f}" in note


@pytest.mark.parametrize("k", [2, 3, 40, 250])
@pytest.mark.parametrize("long", [False, True])
def test_it_is_tidy(
    synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None], k: int, long: bool
) -> None:
    tidy(influence_plot(synthetic(k, long=long), title="Synthetic studies " * (12 if long else 1)))


def test_forty_studies_are_all_named(synthetic: Callable[..., MetaAnalysis]) -> None:
    fit = synthetic(40)
    assert set(fit.studies["study"]) <= set(texts(influence_plot(fit)))


def test_one_study_is_refused() -> None:
    table = pd.DataFrame({"study": ["A"], "yi": [0.1], "vi": [0.1]})
    with pytest.raises(EstimationError, match="influence needs at least 2 studies"):
        influence_plot(meta_analysis(table))
