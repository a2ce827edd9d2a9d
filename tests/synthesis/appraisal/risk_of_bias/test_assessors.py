"""Two assessors: agreement, where they differ, and what they settled on. Synthetic judgements."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError

CONCERNS = {"q1_2": "NI", "D1": "some concerns", "overall": "some concerns"}


@pytest.fixture
def two(row) -> syn.RiskOfBias:
    """Ann and Bo judge three studies, and differ on the first domain of B."""
    ann = [row(study, assessor="Ann") for study in "ABC"]
    bo = [row("A", assessor="Bo"), row("B", assessor="bo", **CONCERNS), row("C", assessor="Bo")]
    return syn.RiskOfBias.read(pd.DataFrame([*ann, *bo]))


def test_agreement_by_domain_is_that_of_the_coefficients(two: syn.RiskOfBias) -> None:
    found = two.agreement()
    assert found.loc[("D2", "percent"), "value"] == 1
    assert found.loc[("D1", "percent"), "value"] == pytest.approx(2 / 3)
    codings = pd.DataFrame(
        {
            "unit": list("ABC") * 2,
            "coder": ["Ann"] * 3 + ["Bo"] * 3,
            "code": ["low", "low", "low", "low", "some concerns", "low"],
        }
    )
    direct = syn.agreement(codings, level="ordinal", categories=["low", "some concerns", "high"])
    pd.testing.assert_frame_equal(
        pd.DataFrame(found.loc["D1"]), pd.DataFrame(direct), check_names=False
    )


def test_agreement_by_question(two: syn.RiskOfBias) -> None:
    found = two.agreement("question")
    assert found.loc[("1.2", "percent"), "value"] == pytest.approx(2 / 3)
    assert found.loc[("1.1", "percent"), "value"] == 1


def test_differences_are_listed_and_figures_wait_for_them(two: syn.RiskOfBias) -> None:
    differing = two.disagreements()
    assert differing["domain"].tolist() == ["D1", "overall"]
    assert differing["Ann"].tolist() == ["low", "low"]
    assert differing["Bo"].tolist() == ["some concerns", "some concerns"]
    assert two.disagreements("question")["question"].tolist() == ["1.2"]
    with pytest.raises(DataError, match="assessors differ and have not settled: B D1, B overall"):
        two.table()


def test_consensus_as_for_coding(two: syn.RiskOfBias, tmp_path: Path) -> None:
    decisions = pd.DataFrame(
        {
            "study": ["B", "B"],
            "domain": ["D1", "overall"],
            "judgement": ["Some concerns", "some concerns"],
            "by": "Ann and Bo",
            "why": "no word on concealment",
        }
    )
    partly = two.consensus(decisions.head(1))
    assert partly.disagreements()["domain"].tolist() == ["overall"]
    settled = two.consensus(decisions)
    assert settled.disagreements().empty
    assert settled.table().set_index("study").loc["B", "D1"] == "some concerns"
    row = settled.judgements.query("assessor == 'consensus' and study == 'B'").iloc[0]
    assert row["reason"] == "no word on concealment (decided by Ann and Bo)"
    back = syn.RiskOfBias.read(settled.save(tmp_path / "settled.csv"))
    assert back.table().equals(settled.table())
    # Agreement is that of the assessors, whatever was settled.
    assert settled.agreement().equals(two.agreement())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"study": "X"}, "nobody judged X D1"),
        ({"judgement": "moderate"}, "D1 of B must be one of 'low', 'some concerns', 'high'"),
        ({"why": ""}, "'why' is blank for B D1. A decision must say"),
    ],
)
def test_decisions_that_cannot_be_used(
    two: syn.RiskOfBias, changed: dict[str, str], message: str
) -> None:
    decision = {"study": "B", "domain": "D1", "judgement": "low", "by": "both", "why": "w"}
    with pytest.raises(DataError, match=message):
        two.consensus(pd.DataFrame([{**decision, **changed}]))


def test_agreement_needs_two(judged: syn.RiskOfBias) -> None:
    with pytest.raises(DataError, match="agreement needs two assessors"):
        judged.agreement()


def test_a_file_for_each_assessor(tmp_path: Path, row) -> None:
    paths = []
    for who in ("Ann", "Bo"):
        paths.append(tmp_path / f"{who}.csv")
        pd.DataFrame([row("A", assessor=who)]).to_csv(paths[-1], index=False)
    rob = syn.RiskOfBias.read(paths)
    assert rob.assessors == ["Ann", "Bo"]
    again = syn.RiskOfBias.read([paths[0], paths[0]])
    assert again.problems["rule"].tolist() == ["repeated"]
    assert "already in Ann.csv, line 2" in again.problems.iloc[0]["message"]
