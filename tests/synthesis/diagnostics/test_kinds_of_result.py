"""Every function that takes a result, given every kind of result: an answer, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import synthesis as syn
from synthesis.diagnostics.influence import residuals

# Synthetic trials.
TRIALS = pd.DataFrame(
    {
        "study": [f"S{number}" for number in range(8)],
        "events_t": [4, 6, 10, 3, 8, 5, 7, 17],
        "n_t": [40, 50, 60, 45, 52, 61, 48, 70],
        "events_c": [8, 9, 12, 7, 10, 9, 11, 15],
        "n_c": [41, 50, 58, 44, 50, 63, 47, 69],
        "year": range(2000, 2008),
        "design": list("xyxyxyxy"),
        "district": list("aabbccdd"),
        "hours": [1.0, 3, 2, 5, 4, 7, 6, 9],
    }
)
POOLED = ("random", "common", "mantel_haenszel", "peto")
OTHERS = {
    "regression": "a meta-regression",
    "subgroups": "a subgroup analysis",
    "three_level": "a three-level fit",
    "robust": "a fit with robust standard errors",
    "subsets": "the subsets of a gosh analysis",
    "table": "a table",
    "figure": "a figure",
    "text": "'fit'",
}
"""Results of other functions, and things that are no result, with what a message calls them."""
MISTAKEN = {
    "figure": "this is a figure; ",
    "text": "'fit' in quotes is text; write fit without them",
}
"""What is said where it is plain what was mistaken for the result."""


@cache
def result(kind: str) -> Any:
    es = syn.effect_sizes(TRIALS, "or")
    fit = syn.meta_analysis(es)
    make: dict[str, Callable[[], object]] = {
        "random": lambda: fit,
        "common": lambda: syn.meta_analysis(es, model="common"),
        "mantel_haenszel": lambda: syn.mantel_haenszel(TRIALS),
        "peto": lambda: syn.peto(TRIALS),
        "regression": lambda: syn.meta_regression(es, "~ hours"),
        "subgroups": lambda: syn.subgroup_analysis(es, "design"),
        "three_level": lambda: syn.three_level(es, cluster="district"),
        "robust": lambda: syn.robust(fit, cluster="district"),
        "subsets": lambda: syn.gosh(fit, 20, seed=1, progress=False),
        "table": lambda: es,
        "figure": lambda: Figure().add_subplot(),
        "text": lambda: "fit",
    }
    return make[kind]()


TAKES_POOLED: dict[str, Callable[[Any], object]] = {
    "leave_one_out": syn.leave_one_out,
    "cumulative": syn.cumulative,
    "influence": syn.influence,
    "influence_limits": syn.influence_limits,
    "baujat": syn.baujat,
    "blup": syn.blup,
    "gosh": partial(syn.gosh, subsets=20, seed=1, progress=False),
    "egger_test": syn.egger_test,
    "egger_test, mixed": partial(syn.egger_test, model="mixed"),
    "peters_test": syn.peters_test,
    "rank_test": syn.rank_test,
    "trim_and_fill": syn.trim_and_fill,
    "fail_safe_n": syn.fail_safe_n,
    "selection_model": partial(syn.selection_model, steps=(0.5,), alternative="less"),
    "pet_peese": syn.pet_peese,
    "excess_significance": syn.excess_significance,
    "p_value_functions": syn.p_value_functions,
    "tau2_profile": syn.tau2_profile,
    "funnel": syn.funnel,
    "radial": syn.radial,
    "labbe": syn.labbe,
    "qq_plot": syn.qq_plot,
    "drapery": syn.drapery,
    "influence_plot": syn.influence_plot,
    "profile_plot": syn.profile_plot,
    "interpret": partial(syn.interpret, baseline=0.2),
}
OF_WEIGHTS = ("trim_and_fill", "selection_model")
"""What is defined for weighted effects alone."""

NOT_MANTEL_HAENSZEL = ("influence", "influence_limits", "influence_plot")
OF_TAU2 = ("tau2_profile", "profile_plot")


def refusal(name: str, kind: str) -> str:
    """Return what the message must say; empty where there is an answer."""
    called = {"mantel_haenszel": "a Mantel-Haenszel fit", "peto": "a Peto fit"}.get(kind, "")
    if name in OF_TAU2 and kind != "random":
        return called or "a meta-analysis with model 'common'"
    refused = (*OF_WEIGHTS, *NOT_MANTEL_HAENSZEL) if kind == "mantel_haenszel" else OF_WEIGHTS
    return called if name in refused else ""


@pytest.mark.parametrize("kind", POOLED)
@pytest.mark.parametrize("name", TAKES_POOLED)
def test_results_of_pooling(name: str, kind: str) -> None:
    said = refusal(name, kind)
    if not said:
        assert TAKES_POOLED[name](result(kind)) is not None
        return
    with pytest.raises(syn.ArrowrootError) as caught:
        TAKES_POOLED[name](result(kind))
    assert said in str(caught.value)
    assert "Fit again" in str(caught.value) or "Pool these by themselves" in str(caught.value)


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("name", TAKES_POOLED)
def test_other_results_are_refused_by_name(name: str, kind: str) -> None:
    said = MISTAKEN.get(kind, "a result of meta_analysis is needed")
    with pytest.raises(syn.DataError, match=said) as caught:
        TAKES_POOLED[name](result(kind))
    assert OTHERS[kind] in str(caught.value)


@pytest.mark.parametrize("kind", [*POOLED, *OTHERS])
def test_functions_of_one_other_result(kind: str) -> None:
    takes: dict[str, tuple[Callable[[Any], object], str, set[str]]] = {
        "bubble": (partial(syn.bubble, moderator="hours"), "meta_regression", {"regression"}),
        "baujat_plot": (syn.baujat_plot, "baujat", {"table"}),
        "gosh_plot": (syn.gosh_plot, "gosh", {"subsets"}),
        "specification_curve": (syn.specification_curve, "multiverse", set()),
    }
    for call, made_by, able in takes.values():
        if kind not in able:
            said = MISTAKEN.get(kind, f"a result of {made_by} is needed; got")
            with pytest.raises(syn.DataError, match=said):
                call(result(kind))
    needed = "a result of three_level, meta_analysis or meta_regression is needed; got"
    if kind == "mantel_haenszel":
        with pytest.raises(syn.DataError, match="robust is not defined for a Mantel-Haenszel fit"):
            syn.robust(result(kind), cluster="district")
    elif kind in {*POOLED, "regression", "three_level"}:
        assert syn.robust(result(kind), cluster="district").n_clusters == 4
    else:
        with pytest.raises(syn.DataError, match=MISTAKEN.get(kind, f"{needed} {OTHERS[kind]}")):
            syn.robust(result(kind), cluster="district")
    if kind in {*POOLED, "subgroups"}:
        assert syn.forest(result(kind)) is not None
        assert syn.orchard(result(kind)) is not None
    else:
        for draw in (syn.forest, syn.orchard):
            with pytest.raises(syn.DataError, match=MISTAKEN.get(kind, "is needed; got")):
                draw(result(kind))


BCG = syn.datasets.load("bcg")


def without_first(fit: Any) -> tuple[float, float]:
    row = syn.leave_one_out(fit).iloc[0]
    return row["estimate"], row["std_error"]


def test_leaving_one_trial_out_of_sums_agrees_with_metafor() -> None:
    # metafor 3.8, leave1out(rma.mh(...)) and leave1out(rma.peto(...)); closed formulas.
    found = without_first(syn.mantel_haenszel(BCG, measure="rr"))
    assert found == pytest.approx((-0.451379469928, 0.0394350331703), rel=1e-9)
    found = without_first(syn.mantel_haenszel(BCG, measure="or"))
    assert found == pytest.approx((-0.470955301640, 0.0411115690380), rel=1e-9)
    found = without_first(syn.mantel_haenszel(BCG, measure="rd"))
    assert found == pytest.approx((-0.00325576296875, 0.000286057091386), rel=1e-9)
    found = without_first(syn.peto(BCG))
    assert found == pytest.approx((-0.472177269249, 0.0407784291563), rel=1e-9)
    left = syn.leave_one_out(syn.mantel_haenszel(BCG, measure="or")).iloc[0]
    assert left["q"] == pytest.approx(163.2308677457, rel=1e-9)
    assert left["i2"] == pytest.approx(93.2610785252, rel=1e-9)


def test_adding_trials_one_by_one_agrees_with_metafor() -> None:
    order = BCG["study"].tolist()  # as metafor adds them
    table = syn.cumulative(syn.mantel_haenszel(BCG, measure="rr"), order=order)
    assert table["estimate"].iloc[[0, 1, 7]].tolist() == pytest.approx(
        [-0.889311333920, -1.351739157486, -0.455156955045], rel=1e-9
    )
    fit = syn.mantel_haenszel(BCG, measure="rr")
    last = table.iloc[-1]
    assert (last["estimate"], last["std_error"], last["q"]) == pytest.approx(
        (fit.estimate, fit.std_error, fit.q), rel=1e-12
    )


def test_contributions_to_heterogeneity_agree_with_metafor() -> None:
    table = syn.baujat(syn.mantel_haenszel(BCG, measure="or"))
    assert table.iloc[7].tolist() == pytest.approx([58.8086005561, 42.4867853541], rel=1e-9)
    table = syn.baujat(syn.peto(BCG))
    assert table.iloc[7].tolist() == pytest.approx([59.06210096327784, 41.4843859391], rel=1e-9)


def test_every_subset_of_six_trials_agrees_with_metafor() -> None:
    fit = syn.mantel_haenszel(BCG.head(6), measure="or")
    every = syn.gosh(fit, progress=False).subsets
    # metafor gives single studies an I² of 0, here they have none.
    assert len(every) == 63
    assert every["estimate"].mean() == pytest.approx(-1.06119334597, rel=1e-9)
    assert every["q"].mean() == pytest.approx(9.26948535298, rel=1e-9)
    assert every["i2"].fillna(0).mean() == pytest.approx(49.70794659350, rel=1e-9)


def test_residuals_and_regression_test_agree_with_metafor() -> None:
    fit = syn.mantel_haenszel(BCG, measure="or")
    deleted = residuals(fit)["rstudent"].iloc[[0, 3]].tolist()
    assert deleted == pytest.approx([-0.78085082, -7.38916264], rel=1e-7)
    test = syn.egger_test(fit, model="mixed")
    assert test.statistic == pytest.approx(-5.2840, abs=5e-5)
    assert test.limit_estimate == pytest.approx(-0.1571, abs=5e-5)
    assert syn.egger_test(fit).statistic == pytest.approx(-1.5070, abs=5e-5)


def test_petos_method_is_that_of_weighted_effects() -> None:
    fit = syn.peto(BCG)
    weighted = syn.meta_analysis(fit.studies, measure="peto", model="common")
    for function in (syn.leave_one_out, syn.influence, syn.baujat):
        pd.testing.assert_frame_equal(function(fit), function(weighted), rtol=1e-9)


def test_a_selection_without_events_in_an_arm_has_no_ratio() -> None:
    # Synthetic: without the last trial no control has an event.
    table = pd.DataFrame(
        {"study": list("abc"), "events_t": [1, 2, 3], "n_t": 20, "events_c": [0, 0, 4], "n_c": 20}
    )
    fit = syn.mantel_haenszel(table)
    left = syn.leave_one_out(fit)
    assert left["estimate"].isna().tolist() == [False, False, True]
    assert left.loc["c", ["std_error", "q", "i2"]].isna().all()
    every = syn.gosh(fit, progress=False)
    assert every.subsets["estimate"].isna().sum() == 3
    assert "3 subsets have no estimate: an arm has no events" in str(every._repr_html_())
    assert "nan" not in str(every)


def test_a_study_without_events_has_no_part_in_q_of_what_is_left() -> None:
    # metafor 3.8, leave1out(rma.mh(measure = "RD")) on the same synthetic table.
    table = pd.DataFrame(
        {
            "study": list("abcde"),
            "events_t": [0, 1, 0, 3, 2],
            "n_t": [20, 30, 25, 40, 50],
            "events_c": [0, 2, 1, 0, 4],
            "n_c": [20, 30, 25, 40, 50],
        }
    )
    left = syn.leave_one_out(syn.mantel_haenszel(table, measure="rd"))
    assert left["std_error"].tolist() == pytest.approx(
        [0.0244217502277, 0.0230464432387, 0.0242717046426, 0.0245518770498, 0.0227719374519],
        rel=1e-9,
    )
    assert left["q_p_value"].iloc[0] == pytest.approx(0.263478966092, rel=1e-9)
    assert left["q_p_value"].iloc[1] == pytest.approx(0.159200494098, rel=1e-9)


@pytest.mark.parametrize("subsets", [10**9, np.inf, 0, 2.5])
def test_more_subsets_than_there_is_memory_for(subsets: float) -> None:
    table = pd.DataFrame({"study": [f"S{i}" for i in range(40)], "yi": np.arange(40.0), "vi": 1.0})
    with pytest.raises(syn.OptionError, match=r"subsets must be (at most 10,000,000|a whole)"):
        syn.gosh(syn.meta_analysis(table), subsets=subsets)  # type: ignore[arg-type]


def test_more_shuffles_than_there_is_memory_for() -> None:
    fit = result("regression")
    with pytest.raises(syn.OptionError, match="n must be at most 1,000,000"):
        fit.permutation_test(10**9)
