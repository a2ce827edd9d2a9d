"""Forest plots of subgroups: every group with its own pooled effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from arrowroot import display
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.forest.forest import forest
from synthesis.plots.forest.styles import STYLES
from synthesis.plots.words import alt_text
from synthesis.pooling.subgroups import SubgroupAnalysis, subgroup_analysis


@pytest.fixture(scope="module")
def by_allocation() -> SubgroupAnalysis:
    return subgroup_analysis(effect_sizes(datasets.load("bcg"), measure="rr"), by="alloc")


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_groups_with_their_totals_and_the_test_between(by_allocation: SubgroupAnalysis) -> None:
    shown = texts(forest(by_allocation))
    for name, fit in by_allocation.groups.items():
        low, high = map(fit.back, fit.ci)
        assert name in shown
        effect = f"{display.number(fit.back(fit.estimate))} {display.interval((low, high))}"
        assert effect in shown
    assert shown.count("Subtotal (95% CI)") == 3
    assert shown.count("Total (95% CI)") == 1
    assert any(
        text.startswith("Test for subgroup differences: Chi² = 2.04, df = 2") for text in shown
    )
    assert sum(text.startswith("Heterogeneity") for text in shown) == 4


def test_weights_of_groups_add_up(by_allocation: SubgroupAnalysis) -> None:
    overall = by_allocation.overall
    shown = texts(forest(by_allocation))
    weights = overall.weights.groupby(overall.studies["alloc"].to_numpy()).sum()
    assert {f"{display.number(weight, 1)}%" for weight in weights} <= set(shown)
    assert "100.0%" in shown


def test_each_diamond_spans_its_groups_interval(by_allocation: SubgroupAnalysis) -> None:
    ax = forest(by_allocation)
    diamonds = [mark for mark in ax.patches if isinstance(mark, Polygon)]
    ends = [np.asarray(mark.get_xy())[[0, 2], 0] for mark in diamonds]
    fits = [*by_allocation.groups.values(), by_allocation.overall]
    expected = [[fit.back(limit) for limit in fit.ci] for fit in fits]
    np.testing.assert_allclose(ends, expected, rtol=1e-12)  # rounding of exp


def test_order_holds_within_groups(by_allocation: SubgroupAnalysis) -> None:
    shown = texts(forest(by_allocation, order="year"))
    assert shown.index("Stein & Aronson 1953") > shown.index("TPT Madras 1980")
    assert shown.index("Stein & Aronson 1953") < shown.index("Frimodt-Moller et al 1973")


@pytest.mark.parametrize("style", list(STYLES))
def test_subgroups_are_tidy(
    by_allocation: SubgroupAnalysis, tidy: Callable[[Axes], None], style: str
) -> None:
    tidy(forest(by_allocation, style=style, favours=("vaccination", "no vaccination")))


def test_in_words(by_allocation: SubgroupAnalysis) -> None:
    assert (
        "By alloc: random 0.38, 95% confidence interval 0.20 to 0.70; alternate 0.58"
        in alt_text(by_allocation)
    )


def test_the_test_between_groups_has_its_i2(by_allocation: SubgroupAnalysis) -> None:
    q, df = by_allocation.q_between, by_allocation.df
    assert by_allocation.i2_between == pytest.approx(100 * (q - df) / q, rel=1e-12)
    assert any("df = 2 (P = 0.36); I² = 2%" in text for text in texts(forest(by_allocation)))
    assert "I² = 2%" in str(by_allocation)
    assert "p = 0.361, I² 2%" in alt_text(by_allocation)


def test_less_difference_than_chance_gives_no_i2() -> None:
    table = pd.DataFrame(
        {"study": list("abcd"), "yi": [0.1, 0.3, 0.1, 0.31], "vi": 0.04, "g": list("xxyy")}
    )
    found = subgroup_analysis(table, by="g", ci="wald")
    assert 0 < found.q_between < found.df
    assert found.i2_between == 0


def test_standard_errors_that_are_not_the_usual_are_named() -> None:
    table = pd.DataFrame(
        {"study": list("abcd"), "yi": [0.1, 0.2, 0.8, 0.9], "vi": 0.02, "g": list("xxyy")}
    )
    hartung, wald = (subgroup_analysis(table, by="g", ci=ci) for ci in ("hksj", "wald"))
    # Wald: variances 0.01 each, so Q = 0.7^2 / 0.02 = 24.5. Hartung-Knapp: the mean square of
    # 0.05 and -0.05 about each mean, over its one degree of freedom, over two studies: 0.0025.
    assert wald.q_between == pytest.approx(0.7**2 / 0.02)
    assert hartung.q_between == pytest.approx(0.7**2 / 0.005)
    for style in STYLES:
        said = " ".join(texts(forest(hartung, style=style)))
        assert "(Hartung-Knapp-Sidik-Jonkman standard errors)" in said
        assert "standard errors)" not in " ".join(texts(forest(wald, style=style)))
    assert "Hartung-Knapp-Sidik-Jonkman standard errors" in str(hartung)
    assert "(Hartung-Knapp-Sidik-Jonkman standard errors)" in alt_text(hartung)
    assert any("Compare the test with ci='wald'" in note for note in hartung.notes)
    assert not any("ci='wald'" in note for note in wald.notes)
