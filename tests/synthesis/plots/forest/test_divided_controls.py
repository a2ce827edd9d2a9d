"""Figures of sheets whose control arms were divided or whose arms were combined."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from synthesis.diagnostics.studies import sample_sizes
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.multi_arm import shared_control
from synthesis.plots.forest.forest import forest
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.sparse import mantel_haenszel, peto
from synthesis.pooling.subgroups import subgroup_analysis

MEANS = pd.DataFrame(
    {
        "study": ["A", "A", "A", "B"],
        "comparison": ["w v c", "x v c", "y v c", "z v c"],
        "mean_t": [9.0, 10.0, 8.0, 9.0],
        "sd_t": 5.0,
        "n_t": [50, 50, 50, 200],
        "mean_c": 12.0,
        "sd_c": 5.0,
        "n_c": [50, 50, 50, 200],
    }
)
"""Synthetic: 150 + 200 people treated, 50 + 200 controls."""

COUNTS = pd.DataFrame(
    {
        "study": ["A", "A", "B"],
        "comparison": ["x v c", "y v c", "z v c"],
        "events_t": [4, 6, 20],
        "n_t": [40, 40, 100],
        "events_c": [9, 9, 30],
        "n_c": [40, 40, 100],
    }
)


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(Text) if text.get_text().strip()]


@pytest.mark.parametrize("style", ["revman", "plain"])
def test_totals_count_everybody_once(style):
    fit = meta_analysis(effect_sizes(shared_control(MEANS, rule="split")))
    said = words(forest(fit, style=style))
    assert [said.count(number) for number in ("16.7", "200", "350", "250")] == [3, 2, 1, 1]


def test_totals_of_combined_columns():
    fit = meta_analysis(effect_sizes(shared_control(MEANS, rule="split")))
    said = words(forest(fit, style="bmj"))
    assert [said.count(number) for number in ("350", "250")] == [1, 1]
    assert said.count("12 (5) / 16.7") == 3
    counted = meta_analysis(effect_sizes(shared_control(COUNTS, rule="split"), "rr"))
    said = words(forest(counted, style="bmj"))
    assert said.count("4.5 / 20") == 2
    assert {"30 / 180", "39 / 140"} <= set(said)


def test_totals_of_subgroups():
    es = effect_sizes(shared_control(MEANS.assign(place=["p", "p", "p", "q"]), rule="split"))
    said = words(forest(subgroup_analysis(es, "place")))
    assert [said.count(number) for number in ("150", "50", "350", "250")] == [1, 3 + 1, 1, 1]


def test_totals_after_combining():
    fit = meta_analysis(effect_sizes(shared_control(MEANS)))
    said = words(forest(fit))
    assert [said.count(number) for number in ("150", "350", "250")] == [1, 1, 1]


def test_sizes_that_diagnostics_use():
    fit = meta_analysis(effect_sizes(shared_control(MEANS, rule="split")))
    assert sample_sizes(fit, "a test").tolist() == pytest.approx([50 + 50 / 3] * 3 + [400])


@pytest.mark.parametrize("pool", [mantel_haenszel, peto])
def test_tables_are_pooled_as_they_were_divided(pool):
    # Doubled, the divided control is a whole number: OR and weights are those of half the people.
    split = shared_control(COUNTS.assign(events_c=[8, 8, 30]), rule="split")
    whole = COUNTS.assign(events_c=[4, 4, 30], n_c=[20, 20, 100])
    halved = pool(whole, dependent="ignore")
    assert pool(split).estimate == pytest.approx(halved.estimate, rel=1e-14)
    assert pool(split).std_error == pytest.approx(halved.std_error, rel=1e-14)
    said = words(forest(pool(split)))
    assert {"180", "140", "38"} <= set(said)
