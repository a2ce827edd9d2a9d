"""Totals under the columns of forest plots: they sum what is printed above them. Made-up trials."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import synthesis as syn
from synthesis.plots.forest.styles import STYLES
from synthesis.pooling.results import MetaAnalysis

BLANK = float("nan")

MEANS = pd.DataFrame(
    {
        "study": ["A", "B", "C"],
        "mean_t": [9.0, 10.0, 8.0],
        "sd_t": 5.0,
        "n_t": [50.0, 40.0, 60.0],
        "mean_c": [12.0, 13.0, 11.5],
        "sd_c": 5.0,
        "n_c": [45.0, 35.0, 55.0],
    }
)
COUNTS = pd.DataFrame(
    {"study": ["D"], "events_t": [12.0], "n_t": [33.0], "events_c": [20.0], "n_c": [34.0]}
)
PRINTED = pd.DataFrame({"study": ["P"], "d": [0.2], "se_d": [0.1]})


def fit(*tables: pd.DataFrame, measure: str = "smd") -> MetaAnalysis:
    return syn.meta_analysis(syn.effect_sizes(pd.concat(tables, ignore_index=True), measure))


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def line(ax: Axes, label: str) -> list[str]:
    """Return the texts on the line of a label, from the left."""
    (own,) = [text for text in ax.texts if text.get_text() == label]
    return [
        text.get_text()
        for text in sorted(ax.texts, key=lambda text: text.get_position()[0])
        if text.get_position()[1] == own.get_position()[1]
    ]


TOTAL = {
    style: "Random-effects model" if style == "plain" else "Total (95% CI)" for style in STYLES
}


@pytest.mark.parametrize("style", ["revman", "jama", "bmj", "plain"])
@pytest.mark.parametrize("blank", [{}, {"events_t": BLANK, "events_c": BLANK}])
def test_blank_counts_beside_means_change_nothing(style: str, blank: dict[str, float]) -> None:
    ax = syn.forest(fit(MEANS.assign(**blank)), style=style, arm_data=True)
    assert {"150", "135"} <= set(line(ax, TOTAL[style]))  # 50 + 40 + 60 and 45 + 35 + 55
    assert not any(text.startswith("0 /") for text in texts(ax))


@pytest.mark.parametrize("style", list(STYLES))
def test_a_trial_by_counts_among_means_adds_people_but_no_events(style: str) -> None:
    ax = syn.forest(fit(MEANS, COUNTS), style=style, arm_data=True)
    found = line(ax, TOTAL[style])
    assert {"183", "169"} <= set(found)  # 150 + 33 and 135 + 34
    assert not any("12 /" in text for text in found)


@pytest.mark.parametrize("style", list(STYLES))
def test_events_are_not_summed_where_a_row_has_people_only(style: str) -> None:
    more = pd.concat([COUNTS.assign(study=name) for name in "DEFG"], ignore_index=True)
    ax = syn.forest(fit(more, MEANS[:1], measure="or"), style=style, arm_data=True)
    found = " ".join(line(ax, TOTAL[style]))
    # 4 x 33 + 50 people and 4 x 34 + 45; 48 events would seem to be those of all 182
    assert "182" in found and "181" in found
    assert "48" not in found and "80" not in found


@pytest.mark.parametrize("style", list(STYLES))
def test_counts_are_summed_with_their_people(style: str) -> None:
    more = pd.concat(
        [COUNTS.assign(study=f"D{events}", events_t=events) for events in (11.0, 12.0, 13.0)],
        ignore_index=True,
    )
    ax = syn.forest(fit(more, measure="or"), style=style, arm_data=True)
    found = " ".join(line(ax, TOTAL[style])).replace(" / ", " ")
    assert "36 99" in found and "60 102" in found  # 11 + 12 + 13 of 3 x 33, 3 x 20 of 3 x 34


def test_a_row_without_raw_data_adds_nothing() -> None:
    ax = syn.forest(
        fit(MEANS, PRINTED.rename(columns={"d": "effect", "se_d": "se"}).assign(effect_type="smd")),
        style="bmj",
    )
    assert "– / –" in line(ax, "P")
    assert {"150", "135"} <= set(line(ax, "Total (95% CI)"))


def test_the_kind_that_more_trials_have_is_shown() -> None:
    more = pd.concat([COUNTS.assign(study=name) for name in "DEFG"], ignore_index=True)
    assert "Events" in texts(syn.forest(fit(more, MEANS[:1], measure="or")))
    assert "Mean" in texts(syn.forest(fit(MEANS, COUNTS)))


def test_totals_of_outcomes_are_their_own() -> None:
    ax = syn.outcome_forest({"One": fit(MEANS), "Two": fit(MEANS[:2]), "Three": None})
    shown = texts(ax)
    assert {"150", "135", "90", "80"} <= set(shown)
    assert "240" not in shown


def test_totals_of_groups_add_up() -> None:
    effects = syn.effect_sizes(MEANS.assign(team=["a", "a", "b"]))
    shown = texts(syn.forest(syn.subgroup_analysis(effects, by="team")))
    assert {"90", "80", "60", "55", "150", "135"} <= set(shown)


@pytest.mark.parametrize("style", list(STYLES))
def test_both_arms_have_the_same_decimals(style: str) -> None:
    table = MEANS.assign(mean_t=[4.2, 9.0, 8.0], mean_c=[1.45, 12.0, 11.5], sd_c=[5.0, 4.5, 5.0])
    shown = " ".join(texts(syn.forest(fit(table), style=style, arm_data=True)))
    assert all(number in shown for number in ("4.20", "9.00", "1.45", "12.00", "5.0", "4.5"))


@pytest.mark.parametrize("style", list(STYLES))
def test_raw_data_and_weights_can_be_had_or_left_out_in_every_style(style: str) -> None:
    result = fit(MEANS)
    everything = " ".join(texts(syn.forest(result, style=style, arm_data=True, weights=True)))
    weight = np.round(result.weights.iloc[0], 1)
    assert "Experimental" in everything and "Weight" in everything and f"{weight}" in everything
    nothing = " ".join(texts(syn.forest(result, style=style, arm_data=False, weights=False)))
    assert "Experimental" not in nothing and "Weight" not in nothing and "150" not in nothing


@pytest.mark.parametrize("style", ["revman", "bmj", "plain"])
def test_people_who_are_in_several_rows_are_not_summed(style: str) -> None:
    twice = MEANS[:2].assign(study="A", outcome=["pain", "sleep"], n_t=50.0, n_c=45.0)
    effects = syn.effect_sizes(pd.concat([twice, MEANS[2:].assign(outcome="pain")]))
    ax = syn.forest(syn.meta_analysis(effects, dependent="ignore"), style=style)
    shown = texts(ax)
    assert "160" not in shown and "145" not in shown  # 50 twice and 60, 45 twice and 55
    assert "People are not summed where the same people are in several rows." in " ".join(shown)
    assert "People are not summed" not in " ".join(texts(syn.forest(fit(MEANS), style=style)))
