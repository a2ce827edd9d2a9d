"""What the notebook of the whole analysis states in prose, recomputed from the data."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import synthesis as syn


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of("04_the_whole_analysis")


@pytest.fixture(scope="module")
def trials() -> pd.DataFrame:
    return syn.datasets.load("bcg")


@pytest.fixture(scope="module")
def effects(trials: pd.DataFrame) -> pd.DataFrame:
    return syn.effect_sizes(trials, measure="rr")


@pytest.fixture(scope="module")
def fit(effects: pd.DataFrame) -> syn.MetaAnalysis:
    return syn.meta_analysis(effects)


def test_the_data(text: str, trials: pd.DataFrame) -> None:
    assert len(trials) == 13
    assert "The data are 13 trials" in text
    assert not trials.isna().any(axis=None)
    assert sorted(trials[["events_t", "events_c"]].min(axis=1))[:3] == [3, 3, 4]
    assert "two trials have only 3 in one arm" in text
    halved = 0.5 * trials["events_c"] / trials["n_c"]
    assert round(1 / halved.max()) == 8
    assert round(1 / halved.min(), -2) == 1600
    assert "1 case for every 8 people vaccinated in one place, and 1 for every 1,600" in text
    assert (trials["year"].min(), trials["year"].max()) == (1948, 1980)
    assert (trials["ablat"].min(), trials["ablat"].max()) == (13, 55)
    assert "between 1948 and 1980, and done at latitudes from 13 to 55 degrees" in text


def test_the_risk_difference_is_the_least_consistent(trials: pd.DataFrame) -> None:
    i2 = {
        measure: syn.meta_analysis(syn.effect_sizes(trials, measure=measure)).i2
        for measure in ("rr", "or", "rd")
    }
    assert max(i2, key=lambda measure: i2[measure]) == "rd"
    assert abs(i2["rr"] - i2["or"]) < 0.5


def test_the_mean_is_below_one_and_a_new_place_may_not_be(fit: syn.MetaAnalysis) -> None:
    assert fit.prediction_interval is not None
    assert fit.ci[1] < 0 < fit.prediction_interval[1]
    assert fit.q_p_value < 0.001


def test_common_effect_methods_lie_close_together(
    trials: pd.DataFrame, effects: pd.DataFrame
) -> None:
    common = syn.meta_analysis(effects, model="common")
    pooled = [common, syn.mantel_haenszel(trials, measure="rr"), syn.peto(trials)]
    assert all(f"{one.back(one.estimate):.1f}" == "0.6" for one in pooled[1:])
    ratios = [one.back(one.estimate) for one in pooled]
    assert max(ratios) - min(ratios) < 0.03
    assert common.weights.nlargest(3).sum() > 75


def test_subgroups_by_allocation(text: str, effects: pd.DataFrame) -> None:
    groups = syn.subgroup_analysis(effects, by="alloc")
    assert {name: one.k for name, one in groups.groups.items()} == {
        "random": 7,
        "alternate": 2,
        "systematic": 4,
    }
    assert "The other groups have four and two trials" in text
    assert groups.p_value > 0.05
    assert groups.groups["random"].ci[1] < 0
    assert all(groups.groups[name].ci[1] > 0 for name in ("alternate", "systematic"))


def test_latitude(text: str, effects: pd.DataFrame) -> None:
    regression = syn.meta_regression(effects, "~ ablat")
    assert regression.coefficients.loc["ablat", "ci_high"] < 0
    assert regression.q_e_p_value < 0.05
    assert "The remaining heterogeneity is still larger than chance." in text
    assert regression.permutation_test(1000, seed=1948).q_m_p_value < 0.05


def test_no_trial_is_influential(text: str, fit: syn.MetaAnalysis) -> None:
    assert not syn.influence(fit)["influential"].any()
    left_out = syn.leave_one_out(fit)
    assert (left_out["ci_high"] < 0).all()
    assert left_out["i2"].min() > 75
    assert 'No trial was "\n    f"influential' in text


def test_small_study_tests_find_nothing_and_say_so_below_ten(
    text: str, effects: pd.DataFrame, fit: syn.MetaAnalysis
) -> None:
    egger = syn.egger_test(fit)
    assert egger.p_value > 0.05
    assert syn.rank_test(fit).p_value > 0.05
    assert "Neither finds anything." in text
    randomised = syn.subgroup_analysis(effects, by="alloc").groups["random"]
    assert "With 7 studies this test means little" in syn.egger_test(randomised).notes[0]
    assert egger.limit_estimate is not None
    assert f"{egger.limit_estimate:.2f}" in egger._repr_html_()
    assert "(The last row of Egger's table is the logarithm of a risk ratio.)" in text


def test_two_of_four_adjustments_leave_the_effect_open(text: str, fit: syn.MetaAnalysis) -> None:
    adjusted = [
        syn.trim_and_fill(fit).fit.ci,
        syn.trim_and_fill(fit, trim_model="common").fit.ci,
        syn.selection_model(fit, alternative="less").ci,
        syn.pet_peese(fit).ci,
    ]
    assert [high > 0 for _, high in adjusted] == [False, True, False, True]
    assert "two of the four leave it open whether the vaccine protects at all" in text
    assert "two of the adjustments for small-study effects would leave that open" in text


def test_latitude_stands_beside_the_size_of_the_trial(
    text: str, trials: pd.DataFrame, effects: pd.DataFrame
) -> None:
    largest = (trials["n_t"] + trials["n_c"]).nlargest(2).index
    assert (trials.loc[largest, "ablat"] < 20).all()
    assert "the two largest are within 20 degrees of the equator" in text
    alone = syn.meta_regression(effects, "~ ablat").coefficients
    both = syn.meta_regression(effects.assign(se=effects["vi"] ** 0.5), "~ ablat + se").coefficients
    assert both.loc["se", "p_value"] > 0.05
    assert both.loc["ablat", "p_value"] < 0.05
    assert both.loc["ablat", "estimate"] / alone.loc["ablat", "estimate"] == pytest.approx(
        1, abs=0.1
    )


def test_other_choices(text: str, effects: pd.DataFrame) -> None:
    every = syn.multiverse(effects, leave_out="each")
    assert (every.results["ci_high"] < 0).all()
    assert "every interval excludes 1" in text
    estimators = every.by("tau2_method")["median"].drop("none")
    models = every.by("model")["median"]
    assert estimators.max() - estimators.min() < 0.01
    assert models["common"] - models["random"] > 0.2
    assert "How much it protects depends on one choice, the model." in text
    common = every.results.query("model == 'common'").set_index("left_out")["estimate"]
    assert common.idxmin() == "TPT Madras 1980"
    back = syn.measures.measure_named("rr").back
    assert (f"{back(common.min()):.2f}", f"{back(common['none']):.2f}") == ("0.48", "0.65")
    assert "TPT Madras, moves the pooled risk ratio from 0.65 to 0.48" in text
