"""The tools as files: domains, judgements, questions in order, and a review's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, FileError, OptionError
from synthesis.appraisal.risk_of_bias.answers import ANSWERS
from synthesis.appraisal.risk_of_bias.rules import RULES
from synthesis.appraisal.risk_of_bias.tools.reading import NAMES, tool_named

OWN = """
name: Our checklist
judgements: [low, unclear, high]
domains:
  - code: S1
    about: sampling
    questions:
      - {id: "1", text: Was the sample drawn at random?}
      - {id: "2", text: Was the frame complete?, asked_if: [{"1": yes or no information}]}
  - {code: S2, about: people who differ from ours, kind: applicability}
"""


@pytest.mark.parametrize("name", NAMES)
def test_every_tool_is_complete(name: str) -> None:
    tool = tool_named(name)
    assert tool.source
    assert all(domain.about and domain.judgements for domain in tool.domains)
    for domain in tool.domains:
        for question in domain.questions:
            assert question.text.endswith("?"), question.id
            assert question.guidance.endswith("."), question.id
            assert set(question.answers) <= set(ANSWERS)


def test_every_domain_of_rob_2_has_its_rule() -> None:
    for tool in (
        tool_named("rob2"),
        tool_named("rob2", effect="adhering"),
        tool_named("rob2_cluster"),
    ):
        for domain in tool.domains:
            assert (tool.design, "", domain.code) in RULES or (
                *(tool.design, tool.effect, domain.code),
            ) in RULES


def test_numbers_of_the_questions() -> None:
    def numbers(*given: object, **options: str) -> str:
        domains = tool_named(*given, **options).domains
        return " ".join(one.id for domain in domains for one in domain.questions)

    assert numbers("rob2") == (
        "1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 2.7 3.1 3.2 3.3 3.4 4.1 4.2 4.3 4.4 4.5 5.1 5.2 5.3"
    )
    assert numbers("rob2", effect="adhering").startswith("1.1 1.2 1.3 2.1 2.2 2.3 2.4 2.5 2.6 3.1")
    assert numbers("rob2", design="cluster") == numbers("rob2_cluster")
    assert numbers("rob2_cluster") == (
        "1a.1 1a.2 1a.3 1b.1 1b.2 1b.3 2.1a 2.1b 2.2 2.3 2.4 2.5 2.6 2.7 3.1a 3.1b 3.2 3.3 3.4 "
        "4.1 4.2 4.3a 4.3b 4.4 4.5 5.1 5.2 5.3"
    )


def test_domains_of_robins_i_in_both_versions() -> None:
    first, second = tool_named("robins_i"), tool_named("robins_i_v2")
    assert [one.about.split()[0] for one in first.domains[:3]] == [
        *("confounding", "selection", "classification"),
    ]
    assert [one.about.split()[0] for one in second.domains[:3]] == [
        *("confounding", "classification", "selection"),
    ]
    assert len(second.domains) == 6
    table = pd.DataFrame({"study": ["A", "B"], "D1": ["low except confounding", "low"]})
    rob = syn.RiskOfBias.read(table, tool="robins_i_v2")
    assert rob.judgements.iloc[0]["judgement"] == "low except for uncontrolled confounding"
    # A plain "low" is no judgement of confounding there, and is not taken for the other.
    assert rob.problems["rule"].tolist() == ["unknown-judgement"]


def test_concerns_about_applicability_are_no_risk_of_bias(tmp_path: Path) -> None:
    table = pd.DataFrame({"study": ["A"], **dict.fromkeys(["D1", "D2", "D3", "D4"], "low")})
    rob = syn.RiskOfBias.read(table.assign(A1="high", A2="Low", A3="unclear"), tool="quadas2")
    assert rob.problems.empty
    assert rob.table().columns.tolist() == ["study", "D1", "D2", "D3", "D4", "A1", "A2", "A3"]
    drawn = syn.rob_traffic_light(rob)
    assert "A1" in [text.get_text() for text in drawn.texts]
    without = syn.rob_traffic_light(table, tool="quadas2")
    assert "A1" not in [text.get_text() for text in without.texts]


def test_a_tool_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    table = pd.DataFrame(
        {"study": ["A"], "1": ["N"], "2": ["Y"], "S1": ["high"], "overall": ["low"]}
    )
    rob = syn.RiskOfBias.read(table, tool=path)
    assert rob.problems["rule"].tolist() == ["not-applicable-due", "overall-better"]
    written = syn.RiskOfBias.template(tmp_path / "own.xlsx", ["A"], tool=path)
    assert syn.RiskOfBias.read(written, tool=path).problems["rule"].tolist() == ["empty"]
    with pytest.raises(OptionError, match="no rule of Our checklist is here"):
        syn.rob_judgement(path, domain="S1", answers={"1": "Y"})


def test_numbers_with_capitals_come_back_from_the_template(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace('"1"', '"Q1"').replace('"2"', '"Q2"'), "utf-8")
    sheet = syn.RiskOfBias.template(tmp_path / "own.csv", ["A"], tool=path)
    filled = pd.read_csv(sheet, dtype=str, keep_default_na=False)
    filled[["Q1", "Q2", "S1"]] = ["Y", "N", "low"]
    rob = syn.RiskOfBias.read(filled.rename(columns={"Q2": "q2"}), tool=path)
    assert rob.answers["question"].tolist() == ["Q1", "Q2"]
    assert "unknown-column" not in rob.problems["rule"].tolist()


@pytest.mark.parametrize(
    "code", ["study", "Reason", "assessor", "item", "weight", "S2 reason", "1"]
)
def test_a_code_that_a_sheet_would_take_for_another_column_is_refused(
    tmp_path: Path, code: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("code: S1", f'code: "{code}"'), "utf-8")
    with pytest.raises(DataError, match=f"'{code}' cannot be a domain's code"):
        tool_named(path)


def test_headings_may_be_numbers() -> None:
    rob = syn.RiskOfBias.read(pd.DataFrame({"study": ["A"], 1.1: ["Y"], 1.2: ["N"], 1.3: ["N"]}))
    assert rob.judgements.loc[0, "proposed"] == "high"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: Our checklist", "name:", "own.yaml, line 2, column 1: name has no value"),
        ("unclear", "meh", "judgements must be among 'low'.*got 'meh'"),
        ("code: S2", "code: S1", "each domain needs a code of its own"),
        ('{"1": yes', '{"9": yes', "question 2 depends on '9', which is not an earlier"),
        ("yes or no information", "maybe", "asked_if must be one of 'yes', 'no'"),
        ("about: sampling", "abuot: sampling", "unknown key 'abuot'"),
        ("text: Was the frame complete?, ", "", "question 2 needs a text"),
    ],
)
def test_a_file_that_is_wrong_says_where(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "own.yaml"
    assert old in OWN
    path.write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises((DataError, OptionError), match=message):
        tool_named(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        tool_named(tmp_path / "none.yaml")


def test_the_example_is_read_without_a_finding() -> None:
    table = syn.datasets.load("normand1999", "risk_of_bias")
    rob = syn.RiskOfBias.read(table)
    assert rob.problems.empty
    fit = syn.meta_analysis(syn.effect_sizes(syn.datasets.load("normand1999"), measure="md"))
    assert rob.check(fit).empty
    assert set(rob.assessors) == {"example"}
