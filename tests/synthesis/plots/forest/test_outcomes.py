"""Several outcomes on one sheet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.forest.forest import forest
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


def made_up(k: int, seed: int, **changes: object) -> MetaAnalysis:
    """Pool synthetic trials by means, judged for risk of bias."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "study": [f"Synthetic {n}" for n in range(k)],
            "mean_t": random.normal(9, 1, k).round(1),
            "sd_t": 5.0,
            "n_t": random.integers(20, 200, k),
            "mean_c": random.normal(11, 1, k).round(1),
            "sd_c": 5.0,
            "n_c": random.integers(20, 200, k),
            "overall": random.choice(["low", "high", "some concerns"], k),
        }
    ).assign(**changes)
    return meta_analysis(effect_sizes(table, measure="smd"))


@pytest.mark.parametrize("style", list(STYLES))
def test_squares_are_compared_within_their_outcome(style: str) -> None:
    many, pair = made_up(30, 1), made_up(2, 2, n_t=[900, 40], n_c=[900, 40])
    ax = outcome_forest({"Many": many, "Pair": pair}, style=style)
    (squares,) = [mark for mark in ax.collections if mark.get_gid() == "squares"]
    sides = np.sqrt(squares.get_sizes()) / STYLES[style].size
    assert sides[:30].max() >= 0.69  # as large as if the other outcome were not there
    alone = forest(many, style=style)
    (own,) = [mark for mark in alone.collections if mark.get_gid() == "squares"]
    np.testing.assert_allclose(squares.get_sizes()[:30], own.get_sizes(), rtol=1e-12)


def test_no_prediction_interval_squashes_the_other_outcomes() -> None:
    few = made_up(4, 3, mean_t=[8.0, 13.0, 9.0, 11.0])
    many = made_up(30, 1)
    assert few.prediction_interval is not None
    with_it = outcome_forest({"Many": many, "Few": few}, style="bmj")
    without = outcome_forest({"Many": many, "Few": few}, style="bmj", prediction=False)
    assert with_it.get_xlim() == without.get_xlim()
    low, high = with_it.get_xlim()
    assert few.prediction_interval[0] < low and few.prediction_interval[1] > high
    for side in ("low", "high"):
        (arrows,) = [m for m in with_it.collections if m.get_gid() == f"arrows-{side}"]
        assert len(arrows.get_offsets()) == 1


def test_the_prediction_interval_of_one_forest_lengthens_its_axis_a_little() -> None:
    few = made_up(4, 3, mean_t=[8.0, 13.0, 9.0, 11.0])
    ends = forest(few, style="bmj").get_xlim()
    bare = forest(few, style="bmj", prediction=False).get_xlim()
    # A quarter of the axis on either side; both have a margin of 3 %.
    assert ends[1] - ends[0] <= 1.5 * (bare[1] - bare[0]) * (1 + 1e-9)
    assert ends[0] < bare[0] and ends[1] > bare[1]


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("width", [None, "double"])
def test_raw_data_and_risk_of_bias_as_in_a_forest_plot(
    tidy: Callable[[Axes], None], style: str, width: str | None
) -> None:
    ax = outcome_forest(
        {"Pain, 0-12 months": made_up(8, 1), "Function": made_up(2, 2), "Mortality": None},
        style=style,
        arm_data=True,
        arms=("New", "Old"),
        risk_of_bias={"overall": "O"},
        right_columns={"overall": "Risk"},
        favours=("old", "new"),
        width=width,
    )
    tidy(ax)
    shown = [text.get_text() for text in ax.texts]
    assert {"New", "Old", "O"} <= set(shown)
    assert any("Mean" in text for text in shown)
    said = " ".join(shown)
    assert "Domains: O overall." in said
    assert (said.count("some concerns") > 1) and "Favo" in said


@pytest.mark.parametrize("style", list(STYLES))
def test_numbers_stay_with_their_names_and_effects_on_one_line(style: str) -> None:
    fits = {"Pain": made_up(12, 1), "Function": made_up(6, 2)}
    ax = outcome_forest(fits, style=style, width=110 if style == "jama" else "double")
    shown = [text.get_text() for text in ax.texts]
    assert not any(text.endswith((" =", "Tau²", "I²", "(", " <", "df")) for text in shown)
    effects = [STYLES[style].effect(f.estimate, f.ci, 2, negative=True) for f in fits.values()]
    assert set(effects) <= set(shown)


def test_columns_that_one_outcome_lacks_are_refused_by_name() -> None:
    other = made_up(3, 4)
    lacking = meta_analysis(other.studies.drop(columns="overall"))
    with pytest.raises(DataError, match="columns: the table has no column 'overall'"):
        outcome_forest({"A": other, "B": lacking}, columns=["overall"])
    with pytest.raises(DataError, match="risk_of_bias: the table has no column 'overall'"):
        outcome_forest({"A": other, "B": lacking}, risk_of_bias=["overall"])


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
    with pytest.raises(OptionError, match=r"results must name its meta-analyses, .* got a list"):
        outcome_forest([bcg])  # type: ignore[arg-type]
    with pytest.raises(DataError, match="results, 'Deaths': a result of meta_analysis is needed"):
        outcome_forest({"Deaths": bcg.studies})  # type: ignore[dict-item]
