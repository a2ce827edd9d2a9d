"""Figures of what RiskOfBias read: its result, and the analysis's weights. Synthetic."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.plots.rob import WIDTH

DOMAINS = ["D1", "D2", "D3", "D4", "D5", "overall"]


@pytest.fixture(scope="module")
def rob() -> syn.RiskOfBias:
    """Judgements of A, B and X for pain, of A for sleep."""
    rows = [
        ("A", "pain", "low"),
        ("B", "pain", "high"),
        ("X", "pain", "low"),
        ("A", "sleep", "high"),
    ]
    return syn.RiskOfBias.read(
        pd.DataFrame([{"study": a, "outcome": b, **dict.fromkeys(DOMAINS, c)} for a, b, c in rows])
    )


@pytest.fixture(scope="module")
def effects() -> pd.DataFrame:
    return pd.DataFrame({"study": list("ABC"), "yi": [0.1, 0.4, 0.3], "vi": [0.02, 0.04, 0.08]})


@pytest.fixture(scope="module")
def pain(effects: pd.DataFrame):
    return syn.meta_analysis(effects.assign(outcome="pain"), model="common")


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.texts]


def test_the_sheet_has_the_studies_of_the_analysis(rob, pain) -> None:
    ax = syn.rob_traffic_light(rob, fit=pain)
    shown = texts(ax)
    assert [one for one in shown if one in tuple("ABCX")] == ["A", "B", "C"]
    assert "Not judged" in shown
    assert "Result: pain." in shown
    assert "Judged, but not in the analysis: X." in shown


def test_bars_are_weighted_as_the_analysis_weights(rob, pain) -> None:
    ax = syn.rob_summary(rob, fit=pain)
    weights = pain.weights / 100
    widths = [bar.get_width() / WIDTH for bar in ax.patches if bar.get_gid().startswith("bar-0-")]
    assert widths == pytest.approx([weights["A"], weights["B"], weights["C"]])
    assert "Share of studies in percent, weighted as in the meta-analysis." in texts(ax)


def test_effects_of_one_study_add_up(rob, effects) -> None:
    twice = pd.concat([effects, effects.head(1)]).assign(outcome="pain", side=list("llll"))
    fit = syn.meta_analysis(twice.assign(arm=range(4)), dependent="ignore", model="common")
    ax = syn.rob_summary(rob, fit=fit)
    first = next(bar for bar in ax.patches if bar.get_gid() == "bar-0-0")
    assert first.get_width() / WIDTH == pytest.approx(fit.weights.iloc[[0, 3]].sum() / 100)


def test_a_forest_plot_takes_the_judgements_of_its_own_outcome(rob, effects) -> None:
    for outcome, symbols in (("pain", {"+": 6, "–": 6}), ("sleep", {"–": 6})):
        fit = syn.meta_analysis(effects.assign(outcome=outcome))
        shown = texts(syn.forest(fit, risk_of_bias=rob))
        assert {one: shown.count(one) for one in symbols} == symbols
        assert any("Blank: not judged." in one for one in shown)
        assert any("D1 randomisation process; D2" in one for one in shown)
        assert {"D1", "D5", "Overall"} <= set(shown)
    with pytest.raises(DataError, match=r"outcome: several were judged \('pain', 'sleep'\)"):
        syn.forest(syn.meta_analysis(effects), risk_of_bias=rob)
    other = syn.meta_analysis(effects.assign(outcome="quality of life"))
    told = "the analysis is of 'quality of life', and judged was 'pain', 'sleep'"
    for draw in (
        lambda: syn.forest(other, risk_of_bias=rob),
        lambda: syn.rob_traffic_light(rob, fit=other),
        lambda: syn.sensitivity_by_risk_of_bias(other, rob),
    ):
        with pytest.raises(DataError, match=told):
            draw()
    chosen = syn.forest(other, risk_of_bias=rob.for_result("sleep"))
    assert texts(chosen).count("–") == 6


def test_subgroups_and_several_outcomes(rob, effects) -> None:
    groups = syn.subgroup_analysis(effects.assign(outcome="pain", g=list("uuv")), "g")
    assert texts(syn.forest(groups, risk_of_bias=rob)).count("+") == 6
    fits = {one: syn.meta_analysis(effects.assign(outcome=one)) for one in ("pain", "sleep")}
    shown = texts(syn.outcome_forest({**fits, "none": None}, risk_of_bias=rob))
    assert (shown.count("+"), shown.count("–")) == (6, 12)


def test_tool_and_template_are_one_option() -> None:
    table = pd.DataFrame({"study": ["A"], **dict.fromkeys(["D1", "D2", "D3", "D4"], "low")})
    for option in ("tool", "template"):
        assert "QUADAS-2" in syn.rob_traffic_light(table, **{option: "quadas2"}).description
        with pytest.raises(OptionError, match=f"{option} must be one of 'rob2'"):
            syn.rob_summary(table, **{option: "rob"})
    with pytest.raises(OptionError, match="tool and template are the same option"):
        syn.rob_summary(table, tool="quadas2", template="rob2")


def test_what_plain_tables_do_not_have(rob, pain) -> None:
    table = pd.DataFrame({"study": ["A"], **dict.fromkeys(["D1", "D2", "D3", "D4", "D5"], "l")})
    assert "D1: 1 low." in syn.rob_traffic_light(table).description
    with pytest.raises(OptionError, match="outcome chooses among the results"):
        syn.rob_traffic_light(table, outcome="pain")
    with pytest.raises(OptionError, match="give fit or weights, not both"):
        syn.rob_summary(rob, fit=pain, weights=pain.weights)
    with pytest.raises(OptionError, match="a Series by study label; or give fit"):
        syn.rob_summary(rob, outcome="pain", weights="w")


def test_an_overall_judgement_better_than_a_domain_is_named() -> None:
    high = dict.fromkeys(["D1", "D2", "D3", "D4", "D5"], "high")
    rob = syn.RiskOfBias.read(pd.DataFrame([{"study": "A", **high, "overall": "low"}]))
    assert "overall-better" in rob.problems["rule"].tolist()
    shown = " ".join(texts(syn.rob_traffic_light(rob)))
    assert "Overall judgement better than that of a domain: A (overall low, D1 high" in shown


def test_robvis_clusters_as_its_own_example_has_them() -> None:
    cells = {"D1": "Low", "D1b": "Not applicable", **dict.fromkeys(["D2", "D3", "D4", "D5"], "Low")}
    rob = syn.RiskOfBias.read(
        pd.DataFrame([{"Study": "A", **cells, "Overall": "Low"}]), tool="rob2_cluster"
    )
    assert rob.table()["D1a"].tolist() == ["low"]
    assert rob.table()["D1b"].tolist() == ["not applicable"]
    assert rob.problems["rule"].tolist() == ["foreign-judgement"]
    assert "D1b: 1 not applicable." in syn.rob_traffic_light(rob).description


def test_of_several_tools_a_forest_plot_has_the_overall_judgement(effects) -> None:
    people = syn.RiskOfBias.read(pd.DataFrame({"study": ["A", "B"], "overall": ["low", "high"]}))
    clusters = syn.RiskOfBias.read(
        pd.DataFrame({"study": ["C"], "overall": ["some concerns"]}), tool="rob2_cluster"
    )
    fit = syn.meta_analysis(effects)
    shown = texts(syn.forest(fit, risk_of_bias=[people, clusters]))
    assert [shown.count(one) for one in ("+", "~", "–")] == [1, 1, 1]
    assert "Overall" in shown
    assert "D1" not in shown
    shown = texts(syn.outcome_forest({"pain": fit}, risk_of_bias=[people, clusters]))
    assert shown.count("~") == 1
