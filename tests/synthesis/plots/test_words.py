"""Figures in words."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import synthesis as syn
from arrowroot.errors import OptionError
from synthesis.plots.words import alt_text
from synthesis.pooling.results import MetaAnalysis


def test_forest_in_words(baskerville: MetaAnalysis) -> None:
    assert alt_text(baskerville) == (
        "Forest plot of 23 studies. Their effects run from 0.04 (Jaen et al. 2010) to 1.31 "
        "(Aspy et al. 2008b). 23 lie above no effect (0) and 0 below; the 95% intervals of 13 "
        "exclude it. Standardised mean difference, random-effects model: 0.56, 95% confidence "
        "interval 0.43 to 0.69. 95% prediction interval 0.23 to 0.89. I² is 22%. Every study's "
        "interval overlaps the pooled one."
    )


def test_both_sides_and_those_that_stand_out_are_told(bcg: MetaAnalysis) -> None:
    said = alt_text(bcg)
    effects = np.exp(bcg.studies["yi"])
    assert f"{(effects > 1).sum()} lie above no effect (1) and {(effects < 1).sum()} below" in said
    frame = bcg.study_frame()
    apart = frame[(frame["ci_low"] > bcg.ci[1]) | (frame["ci_high"] < bcg.ci[0])]["study"]
    assert len(apart) >= 1
    assert f"The intervals of {len(apart)} stud" in said
    assert all(name in said for name in apart[:5])


def test_a_study_left_out_is_told() -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [0.1, 0.2, np.nan], "vi": [0.1, 0.1, 0.1]})
    assert alt_text(syn.meta_analysis(table)).endswith("Not pooled: C.")


def test_proportions_have_no_side_of_no_effect() -> None:
    table = pd.DataFrame({"study": list("AB"), "yi": [-0.1, 0.2], "vi": [0.1, 0.1]})
    said = alt_text(syn.meta_analysis(table, measure="logit"))
    assert "no effect" not in said
    assert "Proportion, random-effects model" in said


@pytest.mark.parametrize(
    ("method", "name"),
    [("mantel_haenszel", "Mantel-Haenszel method"), ("peto", "Peto's method")],
)
def test_methods_for_rare_events_are_named(method: str, name: str) -> None:
    table = syn.effect_sizes(syn.datasets.load("bcg"), measure="or")
    fit = getattr(syn, method)(table)
    assert f", {name}: 0.62," in alt_text(fit)


def test_figures_tell_what_came_out(baskerville: MetaAnalysis, bcg: MetaAnalysis) -> None:
    regression = syn.meta_regression(bcg.studies, "ablat", measure="rr")
    cumulated = syn.summary_forest(syn.cumulative(baskerville), measure="smd")
    for ax, words in (
        (syn.outcome_forest({"A": baskerville, "B": None}), "(0.43 to 0.69), I² 22%. B: no study"),
        (cumulated, "20 of 23 intervals exclude no effect (0)."),
        (syn.radial(bcg), "Outside the 95% band: "),
        (syn.bubble(regression, "ablat"), "Test of all moderators: p = 0.005; I² left over: 68%."),
        (syn.orchard({"All": bcg}), "I² 92%."),
    ):
        assert words in alt_text(ax)
        assert alt_text(ax) == alt_text(ax.figure)  # type: ignore[arg-type]


def test_results_with_one_figure_need_no_drawing_by_hand(bcg: MetaAnalysis) -> None:
    filled = syn.trim_and_fill(bcg)
    assert alt_text(filled) == alt_text(syn.funnel(filled))
    subsets = syn.gosh(bcg, 200, seed=1, progress=False)
    assert alt_text(subsets) == alt_text(syn.gosh_plot(subsets))
    assert alt_text({"Mortality": bcg, "Costs": None}).startswith("Forest plots of 2 outcomes.")


def test_what_has_no_words() -> None:
    with pytest.raises(OptionError, match="alt_text cannot describe a figure"):
        alt_text(Figure())
    with pytest.raises(OptionError, match=re.escape("cannot describe 3")):
        alt_text(3)  # type: ignore[arg-type]
