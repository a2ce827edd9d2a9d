"""An analysis without the results at risk of bias, against analyses of the rows that are left."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError


def test_each_row_is_the_analysis_of_who_is_left(judged, synthetic: pd.DataFrame) -> None:
    fit = syn.meta_analysis(synthetic)
    table = syn.sensitivity_by_risk_of_bias(fit, judged)
    for name, kept in (
        ("All studies", "ABCD"),
        ("Low risk only", "AD"),
        ("Low risk or some concerns", "ABD"),
        ("Low risk in D1 only", "ACD"),
        ("Low risk in D3 only", "ABD"),
    ):
        direct = syn.meta_analysis(synthetic[synthetic["study"].isin(list(kept))])
        row = table.loc[name]
        assert row["k"] == len(kept)
        assert row["estimate"] == pytest.approx(direct.estimate, rel=1e-12)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx(direct.ci, rel=1e-9)
    assert table.loc["Low risk only", "left_out"] == "some concerns: B; high: C"
    assert (table["note"] == "").all()


def test_where_one_or_no_study_is_left_it_says_so(synthetic: pd.DataFrame) -> None:
    overall = pd.DataFrame(
        {"study": list("AB"), "overall": ["some concerns", "high"], "D1": "high"}
    )
    rob = syn.RiskOfBias.read(overall)
    table = syn.sensitivity_by_risk_of_bias(syn.meta_analysis(synthetic), rob)
    none, one = table.loc["Low risk only"], table.loc["Low risk or some concerns"]
    assert none["k"] == 0
    assert pd.isna(none["estimate"])
    assert none["note"] == "no study is left: nothing to pool"
    assert none["left_out"] == "some concerns: A; high: B; not judged: C, D"
    assert (one["k"], one["estimate"]) == (1, pytest.approx(0.1))
    assert one["note"] == "one study is left: its own result, nothing pooled"
    drawn = syn.summary_forest(table, columns={"k": "Studies"}, right_columns=["note"])
    texts = [text.get_text() for text in drawn.texts]
    assert "Not estimable" in texts
    assert "Low risk or some concerns" in texts


def test_each_effect_takes_the_judgement_of_its_own_outcome() -> None:
    effects = pd.DataFrame(
        {
            "study": ["A", "A", "B", "B"],
            "outcome": ["pain", "sleep"] * 2,
            "yi": [0.1, 0.2, 0.4, 0.5],
            "vi": 0.04,
        }
    )
    rob = syn.RiskOfBias.read(
        pd.DataFrame(
            {
                "study": ["A", "A", "B", "B"],
                "outcome": ["pain", "sleep"] * 2,
                "overall": ["low", "high", "low", "low"],
            }
        )
    )
    fit = syn.meta_analysis(effects, dependent="ignore")
    table = syn.sensitivity_by_risk_of_bias(fit, rob)
    assert table.loc["Low risk only", "left_out"] == "high: A (2)"
    pain = syn.meta_analysis(effects[effects["outcome"] == "pain"])
    assert syn.sensitivity_by_risk_of_bias(pain, rob).loc["Low risk only", "k"] == 2


def test_several_tools_in_one_review(synthetic: pd.DataFrame) -> None:
    trials = syn.RiskOfBias.read(pd.DataFrame({"study": list("AB"), "overall": ["low", "high"]}))
    clusters = syn.RiskOfBias.read(
        pd.DataFrame({"study": list("CD"), "overall": ["low", "low"]}), tool="rob2_cluster"
    )
    fit = syn.meta_analysis(synthetic)
    table = syn.sensitivity_by_risk_of_bias(fit, [trials, clusters])
    assert table.loc["Low risk only", "left_out"] == "high: B"
    with pytest.raises(DataError, match="C, D judged with two tools"):
        syn.sensitivity_by_risk_of_bias(fit, [trials, clusters, clusters])


def test_proposals_alone_are_not_judgements(synthetic: pd.DataFrame) -> None:
    answered = pd.DataFrame({"study": list("ABCD"), "1.1": "Y", "1.2": "Y", "1.3": "N"})
    rob = syn.RiskOfBias.read(answered)
    fit = syn.meta_analysis(synthetic)
    with pytest.raises(DataError, match=r"rob.accepted\(assessor\) takes them"):
        syn.sensitivity_by_risk_of_bias(fit, rob)
    assert (
        syn.sensitivity_by_risk_of_bias(fit, rob.accepted("Ann")).loc["Low risk in D1 only", "k"]
        == 4
    )
