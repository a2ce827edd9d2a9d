"""Forest plots of results: many syntheses, or one analysis repeated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.diagnostics.cumulative import cumulative
from synthesis.diagnostics.influence import leave_one_out
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.forest.styles import STYLES
from synthesis.plots.forest.summary import summary_forest
from synthesis.pooling.results import MetaAnalysis

styles = pytest.mark.parametrize("style", list(STYLES))


@pytest.fixture(scope="module")
def published() -> pd.DataFrame:
    """The pooled results that Stokes et al. 2015 printed."""
    table = datasets.load("case_management", "published_pooled")
    numbers = ["estimate", "ci_low", "ci_high"]
    return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def places(ax: Axes) -> np.ndarray:
    squares = next(c for c in ax.collections if c.get_gid() == "squares")
    assert isinstance(squares, PathCollection)
    return np.asarray(squares.get_offsets())[:, 0]


def test_leave_one_out_on_the_scale_readers_see(bcg: MetaAnalysis) -> None:
    table = leave_one_out(bcg)
    ax = summary_forest(table, measure="rr", pooled=bcg.estimate, right_columns={"i2": "I² (%)"})
    np.testing.assert_allclose(places(ax), np.exp(table["estimate"]), rtol=1e-12)  # exp
    for study, row in table.iterrows():
        limits = (bcg.back(row["ci_low"]), bcg.back(row["ci_high"]))
        assert str(study) in texts(ax)
        assert f"{display.number(bcg.back(row['estimate']))} {display.interval(limits)}" in texts(
            ax
        )
        assert display.number(row["i2"], 1) in texts(ax)
    (line,) = (c for c in ax.collections if c.get_gid() == "pooled")
    np.testing.assert_allclose(line.get_paths()[0].vertices[:, 0], bcg.back(bcg.estimate))


def test_cumulative_ends_at_the_whole(bcg: MetaAnalysis) -> None:
    ax = summary_forest(cumulative(bcg, order="year"), measure=bcg.measure, columns=["k"])
    assert places(ax)[-1] == pytest.approx(bcg.back(bcg.estimate), rel=1e-12)  # rounding
    assert texts(ax).count("13") == 1


def test_published_results_keep_what_has_no_number(published: pd.DataFrame) -> None:
    ax = summary_forest(
        published, measure="smd", label="outcome", group="window", missing="No number printed"
    )
    shown = texts(ax)
    assert shown.count("No number printed") == published["estimate"].isna().sum() > 0
    assert {"short", "long", "0.26 [0.16, 0.36]"} <= set(shown)
    assert isinstance(ax, Sheet)
    assert "satisfaction 0.26 (0.16 to 0.36)" in ax.description


def test_printed_ratios_are_left_as_they_are() -> None:
    table = pd.DataFrame(
        {"estimate": [0.5, 0.8], "ci_low": [0.2, 0.6], "ci_high": [1.25, 1.1]}, index=["A", "B"]
    )
    ax = summary_forest(table, measure="or", back=False)
    assert list(places(ax)) == [0.5, 0.8]
    assert ax.get_xscale() == "log"


@styles
def test_summaries_are_tidy(
    published: pd.DataFrame, tidy: Callable[[Axes], None], style: str
) -> None:
    tidy(
        summary_forest(
            published,
            measure="smd",
            label="outcome",
            group="window",
            columns={"conclusion_as_published": "Conclusion as published"},
            style=style,
            favours=("usual care", "case management"),
            title="What a review of case management printed, over all six outcomes and windows",
        )
    )


def test_a_table_without_any_number_draws(tidy: Callable[[Axes], None]) -> None:
    empty = pd.DataFrame({"estimate": [None], "ci_low": [None], "ci_high": [None]}, index=["A"])
    ax = summary_forest(empty.astype(float), measure="rr")
    tidy(ax)
    assert "Not estimable" in texts(ax)


def test_what_is_refused() -> None:
    table = pd.DataFrame({"estimate": [0.5], "ci_low": [np.nan], "ci_high": [1.0]}, index=["A"])
    with pytest.raises(DataError, match=r"must be given together; one is blank for A"):
        summary_forest(table)
    with pytest.raises(DataError, match="results: the table has no column 'ci_high'"):
        summary_forest(table.drop(columns="ci_high"))
    with pytest.raises(OptionError, match=r"measure must be one of"):
        summary_forest(table, measure="smdd")
    with pytest.raises(OptionError, match=r"For 95 percent write 0.95"):
        summary_forest(table, level=95)
