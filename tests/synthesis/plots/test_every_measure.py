"""Every measure can be pooled, told and drawn, on the scale that readers see."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import synthesis as syn
from synthesis.measures import MEASURES
from synthesis.plots.forest.styles import SHORT

DRAWN = (syn.forest, syn.funnel, syn.orchard, syn.drapery)


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def fit(measure: str) -> syn.MetaAnalysis:
    table = pd.DataFrame(
        {"study": list("ABCD"), "yi": [0.2, 0.3, 0.25, 0.4], "vi": [0.004, 0.006, 0.005, 0.008]}
    )
    return syn.meta_analysis(table, measure=MEASURES[measure].code or measure)


@pytest.mark.parametrize("measure", MEASURES)
def test_every_figure_draws_it(measure):
    result = fit(measure)
    assert result.measure is not None
    assert result.measure.name == measure
    for draw in DRAWN:
        axes = draw(result)
        axes.figure.canvas.draw()
        if draw is syn.forest:
            words = " ".join(text.get_text() for text in axes.figure.findobj(Text)).split()
            heading = SHORT.get(measure, MEASURES[measure].label).split()
            assert set(heading) <= set(words)
        plt.close("all")
    assert MEASURES[measure].abbreviation in result.sentence()


@pytest.mark.parametrize("measure", MEASURES)
def test_what_readers_see_rises_with_the_effect(measure):
    one = MEASURES[measure].at(40) if MEASURES[measure].needs_n else MEASURES[measure]
    seen = one.back(np.linspace(-1.4, 1.4, 57))
    assert np.all(np.diff(seen) >= 0)
    low, high = one.range
    if one.scale != "identity" and np.isfinite(high):
        assert seen.min() >= low
    assert one.has_null == (not np.isnan(one.null))


@pytest.mark.parametrize("measure", MEASURES)
def test_the_better_scale_of_a_range_is_a_measure(measure):
    if MEASURES[measure].instead:
        assert MEASURES[measure].instead in MEASURES
        assert MEASURES[MEASURES[measure].instead].scale != "identity"
