"""What each rule proposes, on synthetic studies whose answer is known by construction."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from logicmodels import LogicModel
from synthesis.appraisal.certainty.reasons.inconsistency import HETEROGENEITY


def fit_of(
    yi: list[float],
    vi: float | list[float] = 0.01,
    *,
    measure: str = "smd",
    n: int | None = 500,
    **columns: object,
) -> syn.MetaAnalysis:
    """Return a synthetic meta-analysis of studies A, B, C..."""
    table = pd.DataFrame({"study": [f"S{one}" for one in range(len(yi))], "yi": yi, "vi": vi})
    if n is not None:
        table = table.assign(n_t=n // 2, n_c=n // 2)
    return syn.meta_analysis(table.assign(**columns), measure=measure, ci="wald")


def row(found: syn.Certainty, domain: str) -> pd.Series:
    return found.domains.set_index("domain").loc[domain]


# --- risk of bias --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "levels"),
    [
        (["low"] * 4, 0),
        (["low", "low", "some concerns", "some concerns"], 0),
        (["high", "low", "low", "low"], 0),  # 25% at high risk, and alike
        (["high", "high", "low", "low"], -1),
        (["high"] * 4, -1),
    ],
)
def test_risk_of_bias_by_the_weight_at_high_risk(words: list[str], levels: int) -> None:
    fit = fit_of([0.4, 0.5, 0.5, 0.4])
    judged = dict(zip(fit.studies["study"], words, strict=True))
    assert row(syn.certainty(fit, risk_of_bias=judged), "risk of bias")["levels"] == levels


def test_risk_of_bias_where_results_at_high_risk_differ() -> None:
    fit = fit_of([1.5, 0.1, 0.1, 0.1], 0.001)
    few = dict(zip(fit.studies["study"], ["high", "low", "low", "low"], strict=True))
    # Under the tau² of the fit: 1.5 against 0.1, weights alike, so z = 1.4 / sqrt(w⁻¹ (1 + 1/3)).
    variance = fit.tau2 + 0.001
    p = math.erfc(1.4 / math.sqrt(variance * 4 / 3) / math.sqrt(2))
    found = row(syn.certainty(fit, risk_of_bias=few), "risk of bias")
    assert found["levels"] == -1
    assert f"p {'= ' + format(p, '.3f')}" in found["reason"]
    many = dict(zip(fit.studies["study"], ["low", "high", "high", "high"], strict=True))
    assert row(syn.certainty(fit, risk_of_bias=many), "risk of bias")["levels"] == -2


def test_some_concerns_can_count_as_high() -> None:
    fit = fit_of([0.4, 0.5, 0.5, 0.4])
    judged = dict.fromkeys(fit.studies["study"], "some concerns")
    assert row(syn.certainty(fit, risk_of_bias=judged), "risk of bias")["levels"] == 0
    strict = syn.certainty(fit, risk_of_bias=judged, rules={"some_concerns": "high"})
    assert row(strict, "risk of bias")["levels"] == -1


def test_a_result_without_a_judgement_is_named_and_may_stop_the_proposal() -> None:
    fit = fit_of([0.4, 0.5, 0.5, 0.4])
    found = row(
        syn.certainty(fit, risk_of_bias={"S0": "low", "S1": "low", "S2": "low"}), "risk of bias"
    )
    assert "not judged 25% (S3)" in found["reason"]
    assert found["levels"] == 0
    missing = row(syn.certainty(fit, risk_of_bias={"S0": "high", "S1": "low"}), "risk of bias")
    assert missing["proposed"] == "no proposal"
    assert "judge the missing results first" in missing["reason"]


def test_judgements_come_as_a_table_for_several_outcomes() -> None:
    fit = fit_of([0.4, 0.5])
    table = pd.DataFrame(
        {
            "study": ["S0", "S0", "S1", "S1", "S0"],
            "outcome": ["pain", "pain", "pain", "pain", "falls"],
            "domain": ["overall", "D1", "overall", "D1", "overall"],
            "proposed": ["low", "low", "high", "high", "high"],
            "judgement": ["low", "high", "high", "low", "high"],
        }
    )

    found = syn.certainty(fit, risk_of_bias=table, outcome="Pain")
    assert "low 50%, some concerns 0%, high 50%" in row(found, "risk of bias")["reason"]


def test_what_is_only_proposed_is_not_judged() -> None:
    table = pd.DataFrame(
        {"study": ["S0", "S1"], "proposed": ["low", "low"], "judgement": ["low", None]}
    )
    found = row(syn.certainty(fit_of([0.4, 0.5]), risk_of_bias=table), "risk of bias")
    assert "low 50%" in found["reason"]
    assert "not judged 50% (S1)" in found["reason"]


def sheet(*rows: tuple[str, str, str, str], **options: str) -> syn.RiskOfBias:
    """Return judgements made up for the tests: study, outcome, window and overall judgement."""
    table = pd.DataFrame(rows, columns=["study", "outcome", "window", "overall"])
    return syn.RiskOfBias.read(table, **options)  # type: ignore[arg-type]


TWO_OUTCOMES = sheet(
    ("S0", "Pain", "short", "high"),
    ("S0", "Pain", "long", "low"),
    ("S1", "Pain", "long", "some concerns"),
    ("S0", "Falls", "long", "low"),
    ("S1", "Falls", "long", "low"),
)


@pytest.mark.parametrize(
    ("outcome", "follow_up", "said"),
    [
        ("pain", "short", "high 50%, not judged 50% (S1)"),
        ("Pain", "Long", "low 50%, some concerns 50%, high 0%"),
        ("falls", "", "low 100%"),
    ],
)
def test_of_several_results_that_of_the_outcome_and_follow_up_is_taken(
    outcome: str, follow_up: str, said: str
) -> None:
    fit = fit_of([0.4, 0.5])
    found = syn.certainty(fit, outcome=outcome, follow_up=follow_up, risk_of_bias=TWO_OUTCOMES)
    assert said in row(found, "risk of bias")["reason"]
    as_columns = fit_of([0.4, 0.5], outcome=outcome.capitalize(), window=follow_up.lower())
    found = syn.certainty(as_columns, risk_of_bias=TWO_OUTCOMES)
    assert said in row(found, "risk of bias")["reason"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome": "sleep"}, "no judgement is about the outcome 'sleep'; .* 'Pain', 'Falls'"),
        ({"outcome": "pain", "follow_up": "two years"}, "about the window 'two years'; .* 'short'"),
        ({"outcome": "pain"}, "window: several were judged of 'Pain'"),
        ({}, "outcome: several were judged"),
    ],
)
def test_judgements_of_another_result_are_not_taken(options: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        syn.certainty(fit_of([0.4, 0.5]), risk_of_bias=TWO_OUTCOMES, **options)  # type: ignore[arg-type]
    chosen = TWO_OUTCOMES.for_result("Falls", "long")  # a person says that it is meant
    found = syn.certainty(fit_of([0.4, 0.5]), risk_of_bias=chosen, **options)  # type: ignore[arg-type]
    assert "low 100%" in row(found, "risk of bias")["reason"]


def test_a_declared_window_is_found_by_its_label() -> None:
    windows = [{"id": "short", "months": [0, 6], "label": "up to 6 months"}]
    rob = sheet(("S0", "", "Up to 6 months", "high"), ("S1", "", "later", "low"))
    fit = fit_of([0.4, 0.5], window="short")
    found = syn.certainty(fit, outcome=syn.Outcome("pain", windows=windows), risk_of_bias=rob)
    assert "high 50%, not judged 50% (S1)" in row(found, "risk of bias")["reason"]


def test_trials_that_needed_several_tools_are_rated_together() -> None:
    of_people = sheet(("S0", "", "", "low"))
    of_clusters = sheet(("S1", "", "", "high"), tool="rob2_cluster")
    fit = fit_of([0.4, 0.5])
    found = syn.certainty(fit, risk_of_bias=[of_people, of_clusters])
    assert "low 50%, some concerns 0%, high 50%" in row(found, "risk of bias")["reason"]
    with pytest.raises(DataError, match="S1 judged with two tools"):
        syn.certainty(fit, risk_of_bias=[of_clusters, sheet(("S1", "", "", "low"))])


def test_studies_judged_but_not_pooled_are_named() -> None:
    fit = fit_of([0.4, 0.5])
    for given in (
        {"S0": "low", "S 1": "high"},
        sheet(("S0", "", "", "low"), ("S 1", "", "", "high")),
    ):
        said = row(syn.certainty(fit, risk_of_bias=given), "risk of bias")["reason"]  # type: ignore[arg-type]
        assert "not judged 50% (S1); judged, but not pooled: S 1" in said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Serious risk", "high 50%"),
        ("critical", "high 50%"),
        ("Moderate", "some concerns 50%"),
        ("Low (except for concerns about uncontrolled confounding)", "low 100%"),
        ("Low risk of bias.", "low 100%"),
        ("No information", "not judged 50%"),
    ],
)
def test_the_words_of_every_tool_are_read(word: str, said: str) -> None:
    found = syn.certainty(fit_of([0.4, 0.5]), risk_of_bias={"S0": word, "S1": "low"})
    assert said in row(found, "risk of bias")["reason"]


def test_repeated_labels_share_a_judgement() -> None:
    table = pd.DataFrame({"study": ["A", "A", "B"], "yi": [0.4, 0.5, 0.6], "vi": [0.01] * 3})
    fit = syn.meta_analysis(table, measure="smd", ci="wald")
    assert fit.studies["study"].tolist() != ["A", "A", "B"]  # they are numbered
    found = row(syn.certainty(fit, risk_of_bias={"A": "high", "B": "low"}), "risk of bias")
    assert "low 33%, some concerns 0%, high 67%" in found["reason"]


def test_judgements_of_a_window_by_its_id_or_its_label() -> None:
    outcome = syn.Outcome(
        "pain", windows=[{"id": "short", "months": [0, 6], "label": "up to 6 months"}]
    )
    fit = fit_of([0.4, 0.5], window="short")
    for name in ("short", "Up to 6 months"):
        table = pd.DataFrame(
            {"study": ["S0", "S1", "S0"], "window": [name, name, "long"], "judgement": "low"}
        )
        found = syn.certainty(fit, outcome=outcome, risk_of_bias=table)
        assert found.follow_up == "up to 6 months"
        assert "low 100%" in row(found, "risk of bias")["reason"]


def test_judgements_of_another_outcome_are_not_silently_left_out() -> None:
    table = pd.DataFrame({"study": ["S0"], "outcome": ["falls"], "judgement": ["low"]})
    with pytest.raises(DataError, match=r"no judgement is about the outcome 'Pain'; .* 'falls'"):
        syn.certainty(fit_of([0.4, 0.5]), outcome="Pain", risk_of_bias=table)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (7, "got 7"),
        (pd.DataFrame({"trial": ["S0"]}), "needs columns 'study' and 'judgement'"),
        ({"S0": "bad"}, "the judgement of 'S0' must be one of"),
        (
            pd.DataFrame({"study": ["S0", "S0"], "judgement": ["low", "high"]}),
            "judged both 'low' and 'high'",
        ),
    ],
)
def test_judgements_that_cannot_be_read(given: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        syn.certainty(fit_of([0.4, 0.5]), risk_of_bias=given)


# --- inconsistency -------------------------------------------------------------------------------


def test_alike_studies_are_consistent() -> None:
    found = row(syn.certainty(fit_of([0.4, 0.5, 0.45]), mid=0.2), "inconsistency")
    assert found["levels"] == 0
    assert "all intervals overlap" in found["reason"]


def test_spread_on_one_side_of_the_threshold_is_no_inconsistency_whatever_i2() -> None:
    fit = fit_of([0.8, 1.6, 2.4], 0.005)
    assert fit.i2 > 90
    found = row(syn.certainty(fit, mid=0.2), "inconsistency")
    assert "0% of the weight on the other side of SMD 0.20" in found["reason"]
    assert "3 pairs of studies" in found["reason"]
    assert "the prediction interval includes 2 boundaries" in found["reason"]
    assert found["levels"] == -1  # two signs, but no estimate on the other side


def test_studies_on_both_sides_far_apart_are_very_inconsistent() -> None:
    fit = fit_of([1.2, 1.1, 1.0, 1.2, 1.1, 1.0, -0.6, -0.5, -0.6], 0.001)
    found = row(syn.certainty(fit, mid=0.2), "inconsistency")
    assert "33% of the weight" in found["reason"]
    # Six above times three below, and 1.2 twice against 1.0 twice.
    assert "22 pairs" in found["reason"]
    assert "(some concern)" in found["reason"]
    assert found["levels"] == -1


@pytest.mark.parametrize("sign", [1, -1])
def test_around_a_trivial_mean_an_important_effect_either_way_is_on_the_other_side(
    sign: int,
) -> None:
    fit = fit_of([sign * one for one in (0.6, -0.5, 0.05, 0.05)], 0.01)
    assert abs(fit.estimate) < 0.2
    found = row(syn.certainty(fit, mid=0.2), "inconsistency")
    assert "50% of the weight on the other side of SMD -0.20 or 0.20" in found["reason"]


def test_one_sign_alone_is_no_inconsistency() -> None:
    # A quarter of the weight lies on the other side, and intervals overlap in every pair.
    fit = fit_of([0.3, 0.32, 0.31, 0.15], 0.01)
    found = row(syn.certainty(fit, mid=0.2), "inconsistency")
    assert (
        "25% of the weight on the other side of SMD 0.20; all intervals overlap"
        in (found["reason"])
    )
    assert "(no concern)" in found["reason"]
    assert found["levels"] == 0


def test_the_prediction_interval_as_in_cinema() -> None:
    # CINeMA 2.0, heterogeneity by boundaries inside the confidence and the prediction interval.
    none, some, major = 0, 1, 2
    assert HETEROGENEITY[0] == (none, some, major)
    assert HETEROGENEITY[1][1:] == (none, some)
    assert HETEROGENEITY[2][2] == none


def test_two_levels_where_all_three_signs_meet_a_major_concern() -> None:
    fit = syn.meta_analysis(syn.effect_sizes(syn.datasets.load("bcg"), measure="rr"))
    found = row(syn.certainty(fit, mid=0.8), "inconsistency")
    assert (
        "the prediction interval includes 2 boundaries, the confidence interval 0"
        in (found["reason"])
    )
    other = fit.weights[fit.studies.set_index("study")["yi"] > math.log(0.8)].sum()
    assert f"{other:.0f}% of the weight on the other side of RR 0.80" in found["reason"]
    assert found["levels"] == -2


def test_pairs_apart_are_those_counted_one_by_one() -> None:
    rng = np.random.default_rng(5)
    yi, vi = rng.normal(0, 0.5, 12).tolist(), rng.uniform(0.005, 0.1, 12).tolist()
    half = 1.959963984540054 * np.sqrt(vi)
    low, high = np.array(yi) - half, np.array(yi) + half
    pairs = sum(
        low[one] > high[other] or low[other] > high[one]
        for one in range(12)
        for other in range(one)
    )
    found = row(syn.certainty(fit_of(yi, vi), mid=0.2), "inconsistency")
    assert f"{pairs} pairs of studies" in found["reason"]


def test_subgroups_that_differ_take_one_level_back() -> None:
    table = pd.DataFrame(
        {
            "study": list("ABCDEF"),
            "yi": [1.2, 1.1, 1.2, -0.6, -0.5, -0.6],
            "vi": 0.001,
            "team": ["yes"] * 3 + ["no"] * 3,
        }
    )
    fit = syn.meta_analysis(table, measure="smd", ci="wald")
    groups = syn.subgroup_analysis(table, by="team", measure="smd", ci="wald")
    without = row(syn.certainty(fit, mid=0.2), "inconsistency")
    explained = row(syn.certainty(fit, mid=0.2, subgroups=groups), "inconsistency")
    assert explained["levels"] == without["levels"] + 1
    assert "subgroups by 'team' differ" in explained["reason"]
    with pytest.raises(
        DataError, match="a result of subgroup_analysis is needed; got a dictionary"
    ):
        syn.certainty(fit, subgroups={})  # type: ignore[arg-type]


def test_one_study_cannot_be_inconsistent() -> None:
    assert row(syn.certainty(fit_of([0.4])), "inconsistency")["levels"] == 0


# --- imprecision ---------------------------------------------------------------------------------


def reported(effect: float, low: float, high: float, measure: str = "smd", **more: object):
    return syn.reported_effect(measure, effect, ci=(low, high), outcome="x", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("effect", "low", "high", "levels"),
    [
        (0.5, 0.3, 0.7, 0),
        (0.3, 0.1, 0.5, -1),
        (0.0, -0.1, 0.1, 0),
        (0.1, -0.15, 0.25, -1),
        (0.0, -0.3, 0.3, -2),
        (0.3, 0.2, 0.5, 0),  # ends at the boundary without passing it
    ],
)
def test_one_level_for_each_boundary_inside_the_interval(
    effect: float, low: float, high: float, levels: int
) -> None:
    found = syn.certainty(reported(effect, low, high, participants=5000), mid=0.2)
    assert row(found, "imprecision")["levels"] == levels


def test_at_most_three_levels_and_as_many_per_boundary_as_asked() -> None:
    wide = reported(0.0, -1.0, 1.0)
    found = syn.certainty(wide, thresholds=(0.2, 0.5, 0.8))
    assert row(found, "imprecision")["levels"] == -3
    two = syn.certainty(reported(0.3, 0.1, 0.5), mid=0.2, rules={"levels_per_boundary": 2})
    assert row(two, "imprecision")["levels"] == -2


@pytest.mark.parametrize("mid", [0.8, 1.25])
def test_a_ratio_has_the_same_boundary_from_both_sides(mid: float) -> None:
    found = syn.certainty(reported(0.7, 0.55, 0.9, "rr"), mid=mid)
    assert row(found, "imprecision")["levels"] == -1
    assert "RR 0.80 and 1.25" in row(found, "imprecision")["reason"]


def test_thresholds_of_events_need_the_baseline() -> None:
    # RR 0.5 (0.3 to 0.83) at 100 per 1,000: 50 fewer (70 to 17 fewer) passes 20 and 60.
    given = reported(0.5, 0.3, 0.83, "rr")
    found = syn.certainty(given, baseline=0.1, thresholds=(20, 60))
    assert row(found, "imprecision")["levels"] == -2
    assert found.size.triple == pytest.approx((-50, -70, -17))  # type: ignore[union-attr]
    assert (
        "20, 60 events more or fewer per 1,000 people, at a risk of 100 per 1,000"
        in (row(found, "imprecision")["reason"])
    )
    twice = syn.certainty(given, baseline=0.1, thresholds=(-60, 20, 20))
    assert twice.size.cuts == (20, 60)  # type: ignore[union-attr]
    with pytest.raises(OptionError, match=r"write 20 for a difference of 0.02"):
        syn.certainty(given, baseline=0.1, thresholds=(0.02,))


def test_without_a_minimal_important_difference_no_effect_is_the_boundary() -> None:
    assert row(syn.certainty(reported(0.3, 0.1, 0.5)), "imprecision")["levels"] == 0
    assert row(syn.certainty(reported(0.1, -0.1, 0.3)), "imprecision")["levels"] == -1
    # GRADE 6: no effect with appreciable benefit and harm.
    wide = syn.certainty(reported(1.0, 0.6, 1.5, "rr"), baseline=0.1)
    assert row(wide, "imprecision")["levels"] == -2


@pytest.mark.parametrize(
    ("people", "levels", "word"), [(2000, 0, "reached"), (500, -1, "missed"), (300, -2, "missed")]
)
def test_a_large_effect_of_few_people(people: int, levels: int, word: str) -> None:
    # 785 people are needed for an SMD of 0.2; half of them are 392.
    found = syn.certainty(reported(0.9, 0.7, 1.1, participants=people), mid=0.2)
    said = row(found, "imprecision")
    assert said["levels"] == levels
    assert f"optimal information size 785 for an SMD of 0.2, {word}" in said["reason"]


def test_few_people_do_not_count_where_the_effect_is_small() -> None:
    found = syn.certainty(reported(0.3, 0.25, 0.35, participants=300), mid=0.2)
    assert row(found, "imprecision")["levels"] == 0
    assert "missed" in row(found, "imprecision")["reason"]


def test_mean_differences_by_their_pooled_sd() -> None:
    fit = fit_of([5.0, 5.2], 0.4, measure="md", n=100, sd_t=10.0, sd_c=10.0)
    found = syn.certainty(fit, mid=2.0)
    assert (
        "optimal information size 785 for 2 at a pooled SD of 10.00, missed with 200"
        in (row(found, "imprecision")["reason"])
    )


def test_no_interval_no_proposal() -> None:
    found = syn.certainty(syn.reported_effect("smd", 0.3, outcome="x"), mid=0.2)
    assert row(found, "imprecision")["proposed"] == "no proposal"


# --- publication bias and rating up --------------------------------------------------------------


def test_fewer_than_ten_studies_are_not_tested() -> None:
    found = row(syn.certainty(fit_of([0.4] * 8 + [0.5])), "publication bias")
    assert found["proposed"] == "no proposal"
    assert "too few for a test" in found["reason"]


def test_ten_studies_are_tested_as_the_test_itself_says() -> None:
    rng = np.random.default_rng(3)
    vi = np.linspace(0.01, 0.3, 12)
    yi = 0.1 + 1.5 * np.sqrt(vi) + rng.normal(0, 0.01, 12)
    fit = fit_of(yi.tolist(), vi.tolist(), n=None)
    found = row(syn.certainty(fit), "publication bias")
    p = syn.egger_test(fit).p_value
    assert p < 0.10
    assert found["levels"] == -1
    assert "Egger's test: p < 0.001" in found["reason"]


def test_ratios_take_peters_test() -> None:
    fit = syn.meta_analysis(syn.effect_sizes(syn.datasets.load("bcg"), measure="rr"))
    assert (
        "Peters's test: p = 0.230" in row(syn.certainty(fit, mid=0.8), "publication bias")["reason"]
    )


@pytest.mark.parametrize(
    ("effect", "low", "high", "levels"),
    [
        (0.6, 0.5, 0.7, 0),
        (0.4, 0.35, 0.45, 1),
        (2.5, 2.2, 2.9, 1),
        (0.15, 0.12, 0.19, 2),
        (6.0, 5.5, 6.6, 2),
    ],
)
def test_large_effects_of_studies_that_start_low(
    effect: float, low: float, high: float, levels: int
) -> None:
    given = reported(effect, low, high, "rr")
    found = syn.certainty(given, mid=0.8, design="nrsi")
    assert row(found, "large effect")["levels"] == levels
    assert found.level == ["low", "moderate", "high"][levels]
    assert row(syn.certainty(given, mid=0.8), "large effect")["levels"] == 0


def test_no_rating_up_of_what_is_rated_down() -> None:
    given = reported(0.4, 0.35, 0.45, "rr")
    judged = {"risk of bias": (-1, "confounding")}
    found = syn.certainty(given, mid=0.8, design="nrsi", judged=judged)
    assert row(found, "large effect")["levels"] == 0
    assert found.level == "very low"


def test_odds_ratios_are_read_as_risk_ratios_at_the_baseline() -> None:
    given = reported(3.0, 2.6, 3.5, "or")
    assert row(syn.certainty(given, mid=1.25, design="nrsi"), "large effect")["proposed"] == (
        "no proposal"
    )
    # OR 3 at a risk of 0.5 is a risk of 0.75, so a risk ratio of 1.5: not large.
    common = syn.certainty(given, mid=1.25, design="nrsi", baseline=0.5)
    assert "risk ratio 1.50" in row(common, "large effect")["reason"]
    assert row(common, "large effect")["levels"] == 0


def test_indirectness_is_a_persons_and_sees_the_logic_model() -> None:
    model = LogicModel.example("case_management")
    found = syn.certainty(fit_of([0.4, 0.5]), applicability=model.applicability())
    said = row(found, "indirectness")
    assert said["proposed"] == "no proposal"
    first = model.applicability().to_records()[0]
    assert f"{first['domain']} {first['judgement']}" in said["reason"]
    with pytest.raises(DataError, match=r"the result of model.applicability"):
        syn.certainty(fit_of([0.4, 0.5]), applicability=[{"a": 1}])


@pytest.mark.parametrize(("given", "named"), [(5, "5"), ("table", "'table'")])
def test_what_is_no_table_of_applicability_is_named(given: object, named: str) -> None:
    with pytest.raises(DataError, match=rf"model.applicability\(\) is needed.*got {named}\."):
        syn.certainty(fit_of([0.4, 0.5]), applicability=given)
