"""Several outcomes on one sheet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.forest.outcomes import outcome_forest
from synthesis.plots.forest.styles import STYLES
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def windows() -> dict[str, MetaAnalysis | None]:
    """Practice facilitation by design of the trial, as if each were an outcome."""
    table = datasets.load("baskerville2012")
    found: dict[str, MetaAnalysis | None] = {
        f"Outcome of {design}": meta_analysis(rows, measure="smd")
        for design, rows in table.groupby("design")
    }
    return {**found, "Mortality": None}


def test_each_outcome_with_its_own_total(windows: dict[str, MetaAnalysis | None]) -> None:
    ax = outcome_forest(windows, style="jama")
    shown = [text.get_text() for text in ax.texts]
    look = STYLES["jama"]
    fits = [fit for fit in windows.values() if fit is not None]
    for outcome in windows:
        assert outcome in shown
    for fit in fits:
        assert look.effect(fit.estimate, fit.ci, 2, negative=True) in shown
        limits = fit.prediction_interval
        assert limits is not None
        assert look.limits(limits, 2, negative=True) in shown
    assert {"No study", "Not estimable"} <= set(shown)
    diamonds = [np.asarray(p.get_xy())[[0, 2], 0] for p in ax.patches if isinstance(p, Polygon)]
    np.testing.assert_array_equal(diamonds, [fit.ci for fit in fits])


def test_weights_add_up_within_each(windows: dict[str, MetaAnalysis | None]) -> None:
    shown = [text.get_text() for text in outcome_forest(windows).texts]
    assert shown.count(f"{display.number(100.0, 1)}%") == 3


@pytest.mark.parametrize("style", list(STYLES))
def test_sheets_are_tidy(
    windows: dict[str, MetaAnalysis | None], tidy: Callable[[Axes], None], style: str
) -> None:
    tidy(outcome_forest(windows, style=style, columns=["hours"], favours=("usual care", "it")))


def test_in_words(windows: dict[str, MetaAnalysis | None]) -> None:
    ax = outcome_forest(windows)
    assert isinstance(ax, Sheet)
    assert ax.description.startswith("Forest plots of 4 outcomes. Outcome of cct: 3 studies, SMD")
    assert ax.description.endswith("Mortality: no study.")


def test_what_cannot_share_a_sheet(baskerville: MetaAnalysis, bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="same measure; 'TB' differs from 'Practice'"):
        outcome_forest({"Practice": baskerville, "TB": bcg})
    with pytest.raises(OptionError, match="every outcome is None"):
        outcome_forest({"Mortality": None})


def test_outcomes_are_named_meta_analyses(bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match=r"results must name its meta-analyses, .* got list"):
        outcome_forest([bcg])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="results, 'Deaths': a result of meta_analysis is needed"):
        outcome_forest({"Deaths": bcg.studies})  # type: ignore[dict-item]
