"""L'Abbé plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.labbe import labbe
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def circles(ax: Axes) -> tuple[np.ndarray, np.ndarray]:
    (found,) = (c for c in ax.collections if c.get_gid() == "studies")
    return np.asarray(found.get_offsets()), np.asarray(found.get_sizes())  # type: ignore[attr-defined]


def test_circles_are_the_risks_and_areas_the_weights(bcg: MetaAnalysis) -> None:
    offsets, areas = circles(labbe(bcg))
    order = np.argsort(-bcg.weights.to_numpy(), kind="stable")
    table = bcg.studies.iloc[order]
    expected = 100 * np.column_stack(
        [table["events_c"] / table["n_c"], table["events_t"] / table["n_t"]]
    )
    np.testing.assert_allclose(offsets, expected, rtol=1e-14)
    np.testing.assert_allclose(areas / areas[0], bcg.weights.iloc[order] / bcg.weights.max())


@pytest.mark.parametrize("measure", ["rr", "or", "rd", "asd"])
def test_the_line_is_the_pooled_effect(measure: str) -> None:
    """On every point of the line, the effect of its two risks is the pooled one."""
    fit = meta_analysis(effect_sizes(datasets.load("egger2001"), measure=measure))
    (line,) = (one for one in labbe(fit).lines if one.get_gid() == "pooled")
    control, treated = np.asarray(line.get_xdata()) / 100, np.asarray(line.get_ydata()) / 100
    inside = (control > 0.01) & (treated > 0.01) & (treated < 1)
    p, q = treated[inside], control[inside]
    effect = {
        "rr": np.log(p / q),
        "or": np.log(p / (1 - p) * (1 - q) / q) if measure == "or" else None,
        "rd": p - q,
        "asd": np.arcsin(np.sqrt(p)) - np.arcsin(np.sqrt(q)),
    }[measure]
    assert inside.any()
    # The way there and back through logarithms and sines costs a few of sixteen digits.
    np.testing.assert_allclose(effect, fit.estimate, rtol=1e-11)


def test_names_stand_clear(bcg: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = labbe(bcg, arms=("BCG vaccine", "Control"), title="BCG vaccination")
    tidy(ax)
    texts = [text.get_text() for text in ax.texts]
    assert "Stein & Aronson 1953" in texts
    assert "BCG vaccine: risk (%)" in texts
    assert isinstance(ax, Sheet)
    assert "in 11 the risk is lower in the first arm" in ax.description
    bare = labbe(bcg, names=False)
    assert "Stein & Aronson 1953" not in [text.get_text() for text in bare.texts]


def test_refusals(bcg: MetaAnalysis, baskerville: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match=r"compare two risks .* these effects are 'smd'"):
        labbe(baskerville)
    bare = meta_analysis(bcg.studies[["study", "yi", "vi"]], measure="rr")
    with pytest.raises(DataError, match="The table has no 'events_t' and no 'n_t'"):
        labbe(bare)


# Axes on which the pooled ratio is straight


@pytest.fixture(scope="module")
def magnesium() -> pd.DataFrame:
    """16 trials, two of them with an arm without events: Egger et al. 2001."""
    return datasets.load("egger2001")


def line_of(ax: Axes, gid: str) -> tuple[np.ndarray, np.ndarray]:
    (line,) = (one for one in ax.lines if one.get_gid() == gid)
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


@pytest.mark.parametrize(("measure", "axis"), [("rr", "log"), ("or", "logit")])
def test_the_pooled_ratio_is_a_straight_line(
    magnesium: pd.DataFrame, measure: str, axis: str
) -> None:
    fit = meta_analysis(effect_sizes(magnesium, measure=measure))
    control, treated = line_of(labbe(fit, axis=axis), "pooled")
    # Through the risks and back: a few of sixteen digits.
    np.testing.assert_allclose(treated - control, fit.estimate, rtol=1e-10)


@pytest.mark.parametrize(
    ("axis", "change"),
    [("log", np.log), ("logit", lambda p: np.log(p / (1 - p)))],
)
def test_circles_stand_at_logarithms(
    bcg: MetaAnalysis, axis: str, change: Callable[[pd.Series], pd.Series]
) -> None:
    offsets, _ = circles(labbe(bcg, axis=axis))
    table = bcg.studies.iloc[np.argsort(-bcg.weights.to_numpy(), kind="stable")]
    for place, arm in enumerate("ct"):
        expected = change(table[f"events_{arm}"] / table[f"n_{arm}"])
        # The difference of two logarithms, or the logarithm of a quotient: a few digits lost.
        np.testing.assert_allclose(offsets[:, place], expected, rtol=1e-12)


@pytest.mark.parametrize("axis", ["log", "logit"])
def test_labels_are_risks(bcg: MetaAnalysis, tidy: Callable[[Axes], None], axis: str) -> None:
    ax = labbe(bcg, axis=axis, arms=("BCG vaccine", "Control"))
    tidy(ax)
    for at, label in zip(ax.get_xticks(), ax.get_xticklabels(), strict=True):
        risk = np.exp(at) if axis == "log" else 1 / (1 + np.exp(-at))
        assert 100 * risk == pytest.approx(float(label.get_text()), rel=1e-12)  # exp of log
    assert len(ax.get_xticks()) >= 5
    words = "logarithmic axis" if axis == "log" else "logit axis"
    assert f"BCG vaccine: risk (%, {words})" in [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("axis", ["log", "logit"])
def test_arms_without_events_stand_apart(
    magnesium: pd.DataFrame, tidy: Callable[[Axes], None], axis: str
) -> None:
    fit = meta_analysis(effect_sizes(magnesium, measure="or"))
    none = fit.studies["events_t"] == 0
    assert none.any()
    ax = labbe(fit, axis=axis)
    tidy(ax)
    offsets, _ = circles(ax)
    assert np.isfinite(offsets).all()
    lowest = offsets[:, 1] == offsets[:, 1].min()
    assert lowest.sum() == none.sum()
    assert ax.get_ylim()[0] < offsets[:, 1].min()
    at = dict(zip([t.get_text() for t in ax.get_yticklabels()], ax.get_yticks(), strict=True))
    assert at["0"] == pytest.approx(offsets[:, 1].min(), rel=1e-12)  # points and back
    assert "Arms without events are shown separately" in " ".join(
        text.get_text() for text in ax.texts
    )
    assert not any("Arms without" in text.get_text() for text in labbe(fit).texts)


def test_every_event_in_every_arm(tidy: Callable[[Axes], None]) -> None:
    """Synthetic: risks of 0% and 100%, and nothing between."""
    table = pd.DataFrame(
        {"study": list("AB"), "events_t": [0, 9], "n_t": [9, 9], "events_c": [9, 9], "n_c": [9, 9]}
    ).assign(yi=[-1.0, 0.1], vi=[0.4, 0.3])
    for axis in ("log", "logit"):
        tidy(labbe(meta_analysis(table, measure="or"), axis=axis))


def test_a_transformed_axis_is_for_ratios(magnesium: pd.DataFrame) -> None:
    fit = meta_analysis(effect_sizes(magnesium, measure="rd"))
    with pytest.raises(OptionError, match=r"axis='log' is for ratios .* these effects are 'rd'"):
        labbe(fit, axis="log")
    with pytest.raises(OptionError, match="axis must be one of 'risk', 'log', 'logit'"):
        labbe(fit, axis="odds")


def test_the_pooled_line_lies_among_risks_as_they_were_counted():
    counts = {"events_t": [10, 20, 11], "n_t": 100, "events_c": [20, 35, 25], "n_c": 100}
    sheet = pd.DataFrame({"study": list("abc"), **counts})
    courses = []
    for direction in ("lower", "higher"):
        fit = meta_analysis(effect_sizes(sheet.assign(direction=direction), "or"))
        axes = labbe(fit)
        (line,) = (one for one in axes.get_lines() if one.get_gid() == "pooled")
        courses.append(np.asarray(line.get_ydata(), dtype=float))
    np.testing.assert_allclose(*courses)
    mixed = effect_sizes(sheet.assign(direction=["lower", "higher", "lower"]), "or")
    with pytest.raises(DataError, match="effects of one direction"):
        labbe(meta_analysis(mixed))
