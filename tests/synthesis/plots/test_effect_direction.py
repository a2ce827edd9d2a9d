"""Effect-direction plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from arrowroot.errors import DataError
from synthesis import datasets
from synthesis.diagnostics.directions import effect_directions, sign_test
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.effect_direction import COLOURS, effect_direction
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def recidivism() -> pd.DataFrame:
    """Assink & Wibbelink 2016: directions by study and kind of recidivism."""
    return effect_directions(datasets.load("assink2016"), domain="deltype")


def arrow(ax: Axes, row: int, column: int) -> Polygon:
    (found,) = (p for p in ax.patches if p.get_gid() == f"arrow-{row}-{column}")
    assert isinstance(found, Polygon)
    return found


def tip(ax: Axes, row: int, column: int) -> str:
    """Tell where a triangle points: y runs downwards."""
    corners = np.unique(arrow(ax, row, column).get_xy(), axis=0)
    down = np.sort(corners[:, 1])
    if len(np.unique(down)) == 3:
        return "conflicting"
    return "positive" if down[1] == down[2] else "negative"


def test_arrows_point_as_the_table_says(recidivism: pd.DataFrame) -> None:
    ax = effect_direction(recidivism)
    studies, domains = recidivism["study"].unique(), recidivism["domain"].unique()
    for cell in recidivism.itertuples():
        row, column = list(studies).index(cell.study), list(domains).index(cell.domain)
        assert tip(ax, row, column) == cell.direction
        assert arrow(ax, row, column).get_facecolor()[:3] == pytest.approx(
            tuple(int(COLOURS[cell.direction][i : i + 2], 16) / 255 for i in (1, 3, 5))
        )
    drawn = [p for p in ax.patches if (p.get_gid() or "").startswith("arrow-")]
    pairs = sum(str(p.get_gid()).endswith("right") for p in drawn)
    assert len(drawn) - pairs == len(recidivism)
    assert pairs == (recidivism["direction"] == "conflicting").sum()


def test_the_last_rows_are_the_sign_tests(recidivism: pd.DataFrame) -> None:
    texts = [text.get_text() for text in effect_direction(recidivism).texts]
    test = sign_test(recidivism.loc[recidivism["domain"] == "general", "direction"])
    assert f"{test.positive} of {test.decided}" in texts
    assert f"{test.p_value:.3f}" in texts
    assert texts.count("–") == 2  # covert: one study, and that is conflicting
    bare = effect_direction(recidivism, test=False)
    assert "Sign test, p" not in [text.get_text() for text in bare.texts]


def test_numbers_beside_arrows_count_the_effects(recidivism: pd.DataFrame) -> None:
    several = recidivism["outcomes"] > 1
    texts = [text.get_text() for text in effect_direction(recidivism, test=False).texts]
    small = [text for text in texts if text.isdigit()]
    labels = list(recidivism["study"].unique())  # study labels are numbers here too
    expected = [str(count) for count in recidivism.loc[several, "outcomes"]]
    assert sorted(small) == sorted([*expected, *labels])


def test_sizes_and_judgements_synthetic(tidy: Callable[[Axes], None]) -> None:
    table = pd.DataFrame(
        {
            "study": [f"Synthetic trial {i}" for i in range(4)],
            "domain": "A domain whose name is far too long to stand on a single line",
            "direction": ["positive", "Negative", "conflicting", "positive"],
            "n": [49, 50, 300, 301],
            "rob": ["Low", "Some concerns", "High", None],
        }
    )
    ax = effect_direction(table, n="n", risk_of_bias="rob", title="Synthetic")
    tidy(ax)
    heights = [np.ptp(arrow(ax, row, 0).get_xy()[:, 1]) for row in (0, 1, 3)]
    assert heights[0] < heights[1] < heights[2]
    texts = [text.get_text() for text in ax.texts]
    for shown in ("301", "Some concerns", "~", "Risk of bias"):
        assert shown in texts
    assert isinstance(ax, Sheet)
    assert "2 positive, 1 negative, 1 conflicting" in ax.description


def test_the_figure_is_tidy(recidivism: pd.DataFrame, tidy: Callable[[Axes], None]) -> None:
    tidy(effect_direction(recidivism, title="Recidivism of young offenders with a disorder"))


def test_refusals(recidivism: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"direction must be one of .* got 'up' for study 'A'"):
        effect_direction(pd.DataFrame({"study": ["A"], "domain": ["x"], "direction": ["up"]}))
    with pytest.raises(DataError, match="may occur once in a domain; repeated: '1' in 'general'"):
        effect_direction(pd.concat([recidivism, recidivism.head(1)]))
    sizes = recidivism.assign(n=np.arange(len(recidivism)) + 1)
    with pytest.raises(DataError, match="n must be the same in all rows of a study"):
        effect_direction(sizes, n="n")


# A meta-analysis instead of a table


def test_a_meta_analysis_gives_directions_and_sizes(
    bcg: MetaAnalysis, tidy: Callable[[Axes], None]
) -> None:
    ax = effect_direction(bcg)
    tidy(ax)
    for row, effect in enumerate(bcg.studies["yi"]):
        assert tip(ax, row, 0) == ("positive" if effect > 0 else "negative")
    texts = [text.get_text() for text in ax.texts]
    assert "Risk ratio" in texts
    for n in bcg.studies["n_t"] + bcg.studies["n_c"]:
        assert f"{n:,.0f}" in texts
    test = sign_test(pd.Series(np.where(bcg.studies["yi"] > 0, "positive", "negative")))
    assert f"{test.positive} of {test.decided}" in texts


def test_domains_of_a_meta_analysis(bcg: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = effect_direction(bcg, domain="alloc")
    tidy(ax)
    columns = list(bcg.studies["alloc"].unique())
    for row, (kind, effect) in enumerate(zip(bcg.studies["alloc"], bcg.studies["yi"], strict=True)):
        expected = "positive" if effect > 0 else "negative"
        assert tip(ax, row, columns.index(kind)) == expected


def test_a_meta_analysis_without_sizes(baskerville: MetaAnalysis) -> None:
    ax = effect_direction(baskerville)
    assert "n" not in [text.get_text() for text in ax.texts]
    tips = {tip(ax, row, 0) for row in range(baskerville.k)}
    assert tips == {"positive"}
    with pytest.raises(DataError, match="n: the table has no column 'size'"):
        effect_direction(baskerville, n="size")
