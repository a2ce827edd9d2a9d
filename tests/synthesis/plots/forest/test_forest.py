"""Forest plots, read from what they draw."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.forest.forest import forest
from synthesis.plots.forest.styles import STYLES
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis

styles = pytest.mark.parametrize("style", list(STYLES))
Tidy = Callable[[Axes], None]


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def marks(ax: Axes, gid: str) -> list[object]:
    return [mark for mark in ax.get_children() if mark.get_gid() == gid]


def squares(ax: Axes) -> PathCollection:
    (found,) = marks(ax, "squares")
    assert isinstance(found, PathCollection)
    return found


def diamond(ax: Axes) -> np.ndarray:
    (found,) = marks(ax, "diamond")
    assert isinstance(found, Polygon)
    return np.asarray(found.get_xy())[:4]


# What is printed


def test_revman_prints_the_result(baskerville: MetaAnalysis) -> None:
    shown = texts(forest(baskerville, style="revman", favours=("usual care", "facilitation")))
    assert "0.56 [0.43, 0.69]" in shown
    assert "[0.23, 0.89]" in shown
    assert "Heterogeneity: Tau² = 0.02; Chi² = 27.55, df = 22 (P = 0.19); I² = 22%" in shown
    assert "Test for overall effect: t = 8.76, df = 22 (P < 0.001)" in shown
    assert {"Total (95% CI)", "100.0%", "IV, Random, 95% CI"} <= set(shown)
    assert {"Favours usual care", "Favours facilitation"} <= set(shown)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("revman", "0.56 [0.43, 0.69]"),
        ("jama", "0.56 (0.43 to 0.69)"),  # "to" because limits in the figure are negative
        ("bmj", "0.56 (0.43 to 0.69)"),
        ("plain", "0.56 [0.43, 0.69]"),
    ],
)
def test_each_style_writes_intervals_its_way(
    baskerville: MetaAnalysis, style: str, expected: str
) -> None:
    assert expected in texts(forest(baskerville, style=style))


def test_jama_joins_positive_limits_with_a_hyphen(bcg: MetaAnalysis) -> None:
    shown = texts(forest(bcg, style="jama"))
    assert "0.49 (0.33-0.73)" in shown
    assert "Heterogeneity: χ²₁₂ = 152.23 (P < .001), I² = 92%" in shown


@styles
def test_every_study_is_printed_as_the_result_has_it(bcg: MetaAnalysis, style: str) -> None:
    shown = texts(forest(bcg, style=style))
    look = STYLES[style]
    for row in bcg.study_frame().itertuples():
        limits = (bcg.back(row.ci_low), bcg.back(row.ci_high))
        assert row.study in shown
        assert look.effect(bcg.back(row.yi), limits, 2, negative=False) in shown
        if "weight" in (*look.left, *look.right):
            assert display.number(row.weight, 1) + look.weight_ending in shown


def test_a_common_effect_model_has_no_tau2() -> None:
    fit = meta_analysis(datasets.load("baskerville2012"), measure="smd", model="common")
    shown = texts(forest(fit))
    assert "Heterogeneity: Chi² = 27.55, df = 22 (P = 0.19); I² = 20%" in shown
    assert "Test for overall effect: Z = 9.66 (P < 0.001)" in shown
    assert "IV, Fixed, 95% CI" in shown
    assert not marks(forest(fit), "prediction")


def test_the_level_is_the_results() -> None:
    fit = meta_analysis(datasets.load("baskerville2012"), measure="smd", level=0.9)
    shown = texts(forest(fit))
    assert {"Total (90% CI)", "90% prediction interval", "IV, Random, 90% CI"} <= set(shown)


def test_means_by_arm() -> None:
    fit = meta_analysis(effect_sizes(datasets.load("borenstein2009"), measure="smd"))
    shown = texts(forest(fit, arms=("Case management", "Usual care")))
    assert shown.count("Mean") == shown.count("SD") == shown.count("Total") == 2
    assert {"Case management", "Usual care"} <= set(shown)
    assert {"500", "495"} <= set(shown)  # sums of the arms
    combined = texts(forest(fit, style="bmj"))
    assert combined.count("Mean (SD) / total") == 2
    assert "94 (22) / 60" in combined


def test_counts_by_arm(bcg: MetaAnalysis) -> None:
    table = bcg.studies
    shown = texts(forest(bcg))
    assert shown.count("Events") == shown.count("Total") == 2
    for column in ("events_t", "n_t", "events_c", "n_c"):
        assert display.number(float(table[column].sum()), 0) in shown


def test_columns_of_the_user(bcg: MetaAnalysis) -> None:
    shown = texts(forest(bcg, columns={"year": "Year"}, right_columns=["alloc"]))
    assert {"Year", "alloc", "1948", "systematic"} <= set(shown)
    assert shown.count("random") == (bcg.studies["alloc"] == "random").sum()


def test_a_study_without_estimate_is_shown_as_such() -> None:
    table = pd.DataFrame(
        {"study": ["A", "B", "Gap", "C"], "yi": [0.1, 0.3, np.nan, 0.2], "vi": [0.1] * 4}
    )
    ax = forest(meta_analysis(table))
    assert {"Gap", "Not estimable"} <= set(texts(ax))
    assert any(text.startswith("Not pooled: Gap (") for text in texts(ax))
    assert len(squares(ax).get_offsets()) == 3


def test_p_values_as_journals_print_them() -> None:
    write = STYLES["bmj"].p_value
    assert [write(p) for p in (0.2, 0.0496, 0.0504, 0.004, 1e-9, 0.999)] == [
        "= 0.20",
        "= 0.050",
        "= 0.050",
        "= 0.004",
        "< 0.001",
        "> 0.99",
    ]
    assert STYLES["jama"].p_value(0.004) == "= .004"


# What is drawn


@styles
def test_squares_stand_at_the_effects(bcg: MetaAnalysis, style: str) -> None:
    at = np.asarray(squares(forest(bcg, style=style)).get_offsets())[:, 0]
    np.testing.assert_allclose(at, np.exp(bcg.studies["yi"]), rtol=1e-12)  # rounding of exp


def test_revman_sides_grow_with_the_weight(baskerville: MetaAnalysis) -> None:
    sides = np.sqrt(squares(forest(baskerville, style="revman")).get_sizes())
    ems = sides / STYLES["revman"].size
    weights = baskerville.weights.to_numpy()
    assert ems.max() == pytest.approx(0.7)
    expected = 2 / 14 + (0.7 - 2 / 14) * weights / weights.max()
    np.testing.assert_allclose(ems, expected, rtol=1e-12)  # rounding of the root


def test_revman_sides_of_heavy_studies_are_revmans() -> None:
    weights = np.array([60.0, 40.0])
    np.testing.assert_allclose(14 * STYLES["revman"].sides(weights), 2 + 0.16 * weights)


@pytest.mark.parametrize("style", ["jama", "bmj", "plain"])
def test_areas_grow_with_the_weight(baskerville: MetaAnalysis, style: str) -> None:
    areas = squares(forest(baskerville, style=style)).get_sizes()
    weights = baskerville.weights.to_numpy()
    least = (STYLES[style].square_side[0] * STYLES[style].size) ** 2
    above = areas > least * (1 + 1e-9)  # the smallest squares have a size that can be seen
    assert above.sum() > 20
    shares = areas[above] / weights[above]
    np.testing.assert_allclose(shares, shares[0], rtol=1e-12)  # rounding of the root


@styles
def test_the_diamond_spans_the_interval(bcg: MetaAnalysis, style: str) -> None:
    low, high = np.exp(bcg.ci)
    corners = diamond(forest(bcg, style=style))[:, 0]
    expected = [low, np.exp(bcg.estimate), high, np.exp(bcg.estimate)]
    np.testing.assert_allclose(corners, expected, rtol=1e-12)  # rounding of exp


@styles
def test_the_prediction_bar_ends_at_the_interval(baskerville: MetaAnalysis, style: str) -> None:
    ax = forest(baskerville, style=style)
    (bar,) = marks(ax, "prediction")
    assert isinstance(bar, Rectangle)
    ends = (bar.get_x(), bar.get_x() + bar.get_width())
    assert ends == pytest.approx(baskerville.prediction_interval, rel=1e-12)
    # It lies below the diamond, never inside it.
    assert bar.get_y() > diamond(ax)[:, 1].max() or bar.get_y() > diamond(ax)[0, 1] + 5


def test_intervals_beyond_the_axis_end_in_arrows(baskerville: MetaAnalysis) -> None:
    ax = forest(baskerville, limits=(-0.5, 1.5))
    (lines,) = marks(ax, "intervals")
    assert isinstance(lines, LineCollection)
    ends = np.array([segment[:, 0] for segment in lines.get_segments()])
    assert ends.min() >= -0.5 and ends.max() <= 1.5
    arrows = sum(
        len(mark.get_offsets()) for mark in marks(ax, "arrows-low") + marks(ax, "arrows-high")
    )  # type: ignore[attr-defined]
    frame = baskerville.study_frame()
    assert arrows == (frame["ci_low"] < -0.5).sum() + (frame["ci_high"] > 1.5).sum() > 0


def test_ratios_have_a_logarithmic_axis_with_ratios_named(bcg: MetaAnalysis) -> None:
    ax = forest(bcg)
    assert ax.get_xscale() == "log"
    named = [label.get_text() for label in ax.get_xticklabels()]
    assert named == ["0.1", "0.3", "1", "3", "10"]
    low, high = ax.get_xlim()
    assert low * high == pytest.approx(1)  # RevMan's axis is symmetric


def test_order(baskerville: MetaAnalysis) -> None:
    def drawn(**options: object) -> list[float]:
        return list(np.asarray(squares(forest(baskerville, **options)).get_offsets())[:, 0])  # type: ignore[arg-type]

    effects = list(baskerville.studies["yi"])
    assert drawn() == effects
    assert drawn(descending=True) == effects[::-1]
    assert drawn(order="effect") == sorted(effects)
    assert drawn(order="yi", descending=True) == sorted(effects, reverse=True)


# What it looks like


@styles
@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("k", [3, 23, 40, 250])
def test_no_text_overlaps_or_leaves_the_sheet(
    synthetic: Callable[..., MetaAnalysis], tidy: Tidy, style: str, k: int, long: bool
) -> None:
    fit = synthetic(k, long=long, measure="or" if k == 40 else "smd")
    arm = "the arm of the comparator with its long name" if long else "control"
    tidy(forest(fit, style=style, favours=(arm, "treatment"), title="Synthetic" * (1 + 2 * long)))


@styles
@pytest.mark.parametrize("dpi", [72, 300])
def test_raw_data_and_columns_are_tidy_at_any_resolution(
    bcg: MetaAnalysis, tidy: Tidy, style: str, dpi: int
) -> None:
    ax = forest(
        bcg,
        style=style,
        columns={"alloc": "Allocation of the participants", "year": "Year"},
        right_columns=["ablat"],
        arms=("Vaccinated with Bacillus Calmette-Guérin", "Not vaccinated"),
        favours=("vaccination", "no vaccination"),
    )
    ax.figure.set_dpi(dpi)
    tidy(ax)


@styles
def test_single_studies_and_equal_effects_draw(tidy: Tidy, style: str) -> None:
    one = pd.DataFrame({"study": ["Only"], "yi": [0.4], "vi": [0.04]})
    same = pd.DataFrame({"study": ["A", "B"], "yi": [0.4, 0.4], "vi": [0.04, 0.04]})
    tidy(forest(meta_analysis(one), style=style))
    tidy(forest(meta_analysis(same, ci="wald"), style=style))


def test_measures_of_one_group_have_no_line_of_no_effect() -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [-1.0, -0.5, 0.1], "vi": [0.1, 0.2, 0.1]})
    ax = forest(meta_analysis(table, measure="logit"))
    assert not marks(ax, "no-effect")
    assert not any("overall effect" in text for text in texts(ax))


def test_labels_in_other_scripts_are_drawn() -> None:
    table = pd.DataFrame({"study": ["Čapek", "☂ \x07A\tB"], "yi": [0.1, 0.2], "vi": [0.1, 0.1]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = forest(meta_analysis(table))
        ax.figure.draw_without_rendering()
    assert {"Čapek", "☂ A B"} <= set(texts(ax))


def test_given_axes_hold_the_whole_sheet(baskerville: MetaAnalysis) -> None:
    figure = Figure(figsize=(12, 5))
    left, right = figure.subplots(1, 2)
    boxes = [ax.get_position().frozen() for ax in (left, right)]
    for ax, style in ((left, "revman"), (right, "bmj")):
        assert forest(baskerville, style=style, ax=ax) is ax
    figure.draw_without_rendering()
    for ax, box in zip((left, right), boxes, strict=True):
        room = box.transformed(figure.transFigure)
        for text in ax.texts:
            extent = text.get_window_extent()
            assert room.x0 - 1 <= extent.x0 and extent.x1 <= room.x1 + 1  # whole pixels
            assert room.y0 - 1 <= extent.y0 and extent.y1 <= room.y1 + 1


def test_pyplot_knows_nothing_of_it(baskerville: MetaAnalysis) -> None:
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    before = dict(mpl.rcParams)
    forest(baskerville)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


@styles
def test_models_stacked(tidy: Tidy, baskerville: MetaAnalysis, style: str) -> None:
    table = datasets.load("baskerville2012")
    common = meta_analysis(table, measure="smd", model="common")
    ax = forest(baskerville, style=style, also=[common])
    tidy(ax)
    look = STYLES[style]
    assert look.effect(common.estimate, common.ci, 2, negative=True) in texts(ax)
    drawn = [np.asarray(mark.get_xy())[[0, 2], 0] for mark in marks(ax, "diamond")]  # type: ignore[attr-defined]
    np.testing.assert_array_equal(drawn, [baskerville.ci, common.ci])


# What is refused


def test_models_of_other_studies(baskerville: MetaAnalysis, bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="also: every model must pool the same 23 studies as SMD"):
        forest(baskerville, also=[bcg])


def test_unknown_style(baskerville: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match=r"style must be one of 'revman', 'jama', .* Did you"):
        forest(baskerville, style="revmn")


def test_unknown_column_and_order(baskerville: MetaAnalysis) -> None:
    with pytest.raises(DataError, match=r"columns: the table has no column 'hour'; .*'hours'"):
        forest(baskerville, columns=["hour"])
    with pytest.raises(OptionError, match="order must be one of 'table', 'effect'"):
        forest(baskerville, order="yeer")


@pytest.mark.parametrize("limits", [(1.0, -1.0), (0.0, 2.0)])
def test_limits_that_cannot_be(bcg: MetaAnalysis, limits: tuple[float, float]) -> None:
    with pytest.raises(OptionError, match="limits must be positive and in rising order"):
        forest(bcg, limits=limits)


@pytest.mark.parametrize("favours", ["treatment", ("a",), ("a", "b", "c")])
def test_favours_are_two(bcg: MetaAnalysis, favours: tuple[str, str]) -> None:
    with pytest.raises(OptionError, match="favours must name two arms, left and right"):
        forest(bcg, favours=favours)


@pytest.mark.parametrize("arms", [True, "Treated", ("A",), ("A", "B", "C"), (1, 2), None])
def test_arms_are_two_names(baskerville: MetaAnalysis, arms: object) -> None:
    with pytest.raises(OptionError, match="arms must be the names of the two arms"):
        forest(baskerville, arms=arms)  # type: ignore[arg-type]
