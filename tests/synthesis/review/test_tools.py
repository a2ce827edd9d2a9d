"""Reviews whose studies need several tools for risk of bias.

Synthetic judgements and designs of the six studies of Borenstein et al. 2009, ch. 14.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import OptionError, SpecError
from synthesis.review.judgement_sheets import judgement_sheets
from synthesis.review.review import Review
from synthesis.review.template import _notebook

YAML = """\
title: Worked example on means
people: [{name: Ann Example}]
outcomes:
  - {id: score, label: Score, measure: smd, direction: higher, mid: 0.2}
comparisons:
  - {id: care, label: Care against none, treated: care, control: none}
plan:
  decided: 2026-01-31
  sensitivity:
    - {id: low, label: Low risk, keep: {overall: [low, moderate]}}
    - {id: domain, label: Complete data, leave_out: {rob2.D3: [high]}}
risk_of_bias:
  - {tool: rob2, studies: {design: [trial]}}
  - {tool: robins_i_v2, studies: {design: [cohort]}}
certainty: {design: rct}
"""
STUDIES = """\
study,design
Carroll,trial
Grant,trial
Peck,Trial
Donat,cohort
Stewart,cohort
Young,cohort
"""
TRIALS = """\
study,outcome,assessor,D1,D2,D3,D4,D5,overall
Carroll,score,Ann,low,low,low,low,low,low
Grant,score,Ann,low,low,low,low,low,low
Peck,score,Ann,low,low,high,low,low,high
"""
COHORTS = """\
study,outcome,assessor,D1,D2,D3,D4,D5,D6,overall
Donat,score,Bob,moderate,low,low,low,low,low,moderate
Stewart,score,Bob,serious,low,low,low,low,low,serious
"""
FILES = {
    "review.yaml": YAML,
    "studies.csv": STUDIES,
    "risk_of_bias_rob2.csv": TRIALS,
    "risk_of_bias_robins_i_v2.csv": COHORTS,
}


def found(review: Review, *rules: str) -> list[tuple[str, str, int | None, str]]:
    return [
        (one.severity, one.file, one.line, one.message)
        for one in review.check()
        if one.rule in rules
    ]


def test_each_study_is_judged_in_the_words_of_its_tool(make) -> None:
    review = Review(make(**FILES))
    assert found(review, "rob-no-tool", "rob-two-tools", "rob-other-tool") == []
    assert review.check().ok
    rows = review.extraction.rows.set_index("study")
    assert rows["overall"].tolist() == ["low", "low", "high", "moderate", "serious", None]
    assert rows["rob2.D3"].tolist() == ["low", "low", "high", None, None, None]
    assert "D3" not in rows
    one = review.analyses["care.score"]
    assert one.sensitivity["low"].left_out == ("Peck", "Stewart", "Young")
    assert one.sensitivity["domain"].left_out == ("Peck",)
    assert review.status().not_assessed == 1
    assert found(review, "not-assessed")[0][1] == "risk_of_bias_robins_i_v2.csv"


def test_the_certainty_is_that_of_a_notebook_with_several_tools(make) -> None:
    review = Review(make(**FILES))
    fit = review.analyses["care.score"].fit
    folder = review.folder.path
    again = syn.certainty(
        fit,
        mid=0.2,
        risk_of_bias=[
            syn.RiskOfBias.read(folder / "risk_of_bias_rob2.csv"),
            syn.RiskOfBias.read(folder / "risk_of_bias_robins_i_v2.csv", "robins_i_v2"),
        ],
        intervention="care",
        comparator="none",
    )
    rated = review.appraisals.certainties["care.score"]
    assert rated.domains["basis"].tolist() == again.domains["basis"].tolist()
    assert "not judged" in rated.domains["basis"].iloc[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "", "randomised trials and other studies are pooled, and certainty starts as for ran"),
        ("design: rct", "design: nrsi", "certainty starts as for studies that are not randomised"),
    ],
)
def test_bodies_of_two_designs_are_rated_together_with_a_warning(
    make, old: str, new: str, says: str
) -> None:
    review = Review(make(**FILES | {"review.yaml": YAML.replace(old, new)}))
    ((severity, file, line, message),) = found(review, "certainty-design")
    assert (severity, file, line) == ("warning", "review.yaml", 15)
    assert message.startswith("care.score: ")
    assert says in message


@pytest.mark.parametrize(
    ("tool", "design", "fits"),
    [
        ("rob2", "rct", True),
        ("rob2", "nrsi", False),
        ("robins_i_v2", "rct", False),
        ("robins_i_v2", "nrsi", True),
        ("robins_i_v2", "nrsi_robins_i", True),
    ],
)
def test_certainty_starts_as_the_tool_of_the_studies_says(
    make, tool: str, design: str, fits: bool
) -> None:
    declared = YAML.split("risk_of_bias:")[0].split("  sensitivity:")[0]
    declared += f"risk_of_bias: {{tool: {tool}}}\ncertainty: {{design: {design}}}\n"
    sheet = {"rob2": TRIALS, "robins_i_v2": COHORTS}[tool]
    review = Review(make(**{"review.yaml": declared, "risk_of_bias.csv": sheet}))
    assert bool(found(review, "certainty-design")) is not fits


def test_pages_name_each_tool_with_its_own_figures(make) -> None:
    review = Review(make(**FILES))
    review.build()
    build = review.folder.build
    figures = sorted(path.name for path in (build / "figures").glob("*bias*"))
    assert figures == [
        "care.score.risk-of-bias-shares.rob2.svg",
        "care.score.risk-of-bias-shares.robins-i-v2.svg",
        "care.score.risk-of-bias.rob2.svg",
        "care.score.risk-of-bias.robins-i-v2.svg",
    ]
    lights = (build / "figures" / figures[3]).read_text("utf-8")
    assert all(name in lights for name in ("Donat", "Stewart", "Young"))
    assert "Carroll" not in lights
    article = (build / "index.html").read_text("utf-8")
    assert (
        "Overall judgements with RoB 2 (effect of assignment) and ROBINS-I V2. Each study is "
        "judged in the words of its own tool."
    ) in article
    assert "results of 3 studies was judged by Ann with RoB 2 (effect of assignment)." in article
    assert "results of 2 studies was judged by Bob with ROBINS-I V2." in article
    assert re.search(r">Donat</th><td[^>]*>ROBINS-I V2</td><td[^>]*>moderate<", article)
    assert "Complete data (without risk of bias in D3 of RoB 2: high)" in article
    page = (build / "care.score.html").read_text("utf-8")
    assert page.count("<figure") == 5
    assert "Score, risk of bias with ROBINS-I V2 by study" in page
    assert '>Donat</span><span class="what">moderate (ROBINS-I V2)<' in page
    assert "Risk of bias as judged with RoB 2 and ROBINS-I V2." in page
    table = pd.read_csv(build / "tables/risk_of_bias.csv")
    assert table.groupby("tool")["study"].nunique().to_dict() == {"RoB 2": 3, "ROBINS-I V2": 2}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "studies.csv",
            "Young,cohort",
            "Young,",
            [("warning", "review.yaml", 12, "No tool for risk of bias is for 'Young'")],
        ),
        (
            "review.yaml",
            "studies: {design: [cohort]}",
            "studies: {study: [Peck, Donat, Stewart, Young]}",
            [("error", "review.yaml", 12, "'Peck' has rob2 and robins_i_v2 as tools")],
        ),
        (
            "risk_of_bias_rob2.csv",
            "Grant,score,Ann,low,low,low,low,low,low",
            "Donat,score,Ann,low,low,low,low,low,low",
            [("error", "risk_of_bias_rob2.csv", 3, "'Donat' is judged with RoB 2, and its tool")],
        ),
        (
            "review.yaml",
            "{design: [cohort]}",
            "{desing: [cohort]}",
            [
                ("error", "review.yaml", 14, "no column 'desing'"),
                ("warning", "review.yaml", 12, "No tool"),
                *[("error", "risk_of_bias_robins_i_v2.csv", n, "its tool is none") for n in (2, 3)],
            ],
        ),
        (
            "review.yaml",
            "[trial]",
            "[trial, trail]",
            [("error", "review.yaml", 13, "no row has 'trail'")],
        ),
        (
            "review.yaml",
            "[low, moderate]",
            "[low]",
            [("warning", "review.yaml", 10, "names no judgement of ROBINS-I V2, so its studies")],
        ),
        (
            "review.yaml",
            "leave_out: {rob2.D3: [high]}",
            "leave_out: {overall: [high]}",
            [("warning", "review.yaml", 11, "ROBINS-I V2, so its studies all stay")],
        ),
    ],
)
def test_what_does_not_fit_is_said(make, file: str, old: str, new: str, expected) -> None:
    assert FILES[file].count(old) == 1
    review = Review(make(**FILES | {file: FILES[file].replace(old, new)}))
    rules = ("rob-no-tool", "rob-two-tools", "rob-other-tool", "rob-studies", "plan-tool")
    told = found(review, *rules)
    assert [one[:3] for one in told] == sorted((one[:3] for one in expected), key=told_order)
    for _, _, _, says in expected:
        assert any(says in one[3] for one in told), told


def told_order(one: tuple[str, str, int]) -> tuple[int, str, int]:
    return ["error", "warning", "note"].index(one[0]), one[1], one[2]


def test_a_study_with_two_tools_or_another_one_counts_as_not_judged(make) -> None:
    swapped = TRIALS.replace("Grant,", "Donat,")
    review = Review(make(**FILES | {"risk_of_bias_rob2.csv": swapped}))
    rows = review.extraction.rows.set_index("study")
    assert rows["overall"].tolist() == ["low", None, "high", "moderate", "serious", None]
    both = YAML.replace("{design: [cohort]}", "{study: [Peck, Donat, Stewart]}")
    (review.folder.path / "review.yaml").write_text(both)
    rows = Review(review.folder.path).extraction.rows.set_index("study")
    assert rows.loc["Peck", "overall"] is None


def test_a_domain_without_its_tool_says_how_it_is_called(make) -> None:
    review = Review(make(**FILES | {"review.yaml": YAML.replace("rob2.D3", "D3")}))
    (one,) = [one for one in found(review, "plan") if one[0] == "error"]
    assert "With several tools for risk of bias, write rob2.D3 or robins_i_v2.D3." in one[3]


def test_sheets_are_written_with_the_studies_of_each_tool(make) -> None:
    folder = make(**{"review.yaml": YAML, "studies.csv": STUDIES})
    made = [path.name for path in judgement_sheets(Review(folder))]
    sheets = ["risk_of_bias_rob2.xlsx", "risk_of_bias_robins_i_v2.xlsx"]
    assert made == [*sheets, "certainty.xlsx"]
    for name, studies in zip(
        sheets, (["Carroll", "Grant", "Peck"], ["Donat", "Stewart", "Young"]), strict=True
    ):
        table = pd.read_excel(folder / name, dtype=str, keep_default_na=False)
        assert table["study"].tolist() == studies
    review = Review(folder)
    assert review.status().not_assessed == 6
    assert list(judgement_sheets(review)) == []
    assert any("risk_of_bias_robins_i_v2.xlsx" in one for one in review.status().next_steps)


def test_a_tool_whose_sheet_is_still_to_come_is_named(make) -> None:
    folder = make(**FILES)
    (folder / "risk_of_bias_robins_i_v2.csv").unlink()
    review = Review(folder)
    review.build()
    article = (folder / "build" / "index.html").read_text("utf-8")
    assert "is to be judged with ROBINS-I V2; nobody has judged yet." in article
    assert review.status().not_assessed == 3


@pytest.mark.parametrize(
    "name", ["risk_of_bias.csv", "risk_of_bias_robins_i.csv", "risk_of_bias/Ann.csv"]
)
def test_a_sheet_of_no_tool_is_said(make, name: str) -> None:
    review = Review(make(**FILES | {name: TRIALS}))
    ((severity, file, _, message),) = found(review, "rob-file")
    assert (severity, file) == ("error", name)
    assert "each has a sheet of its own" in message
    assert name in review.hashes


def test_the_folder_of_a_tool_is_in_its_place(make) -> None:
    files = {name: text for name, text in FILES.items() if name != "risk_of_bias_rob2.csv"}
    review = Review(make(**files | {"risk_of_bias/rob2/Ann.csv": TRIALS}))
    assert found(review, "place", "rob-file") == []
    assert review.status().not_assessed == 1


@pytest.mark.parametrize("name", ["risk_of_bias_rob2.csv", "risk_of_bias/rob2/Ann.csv"])
def test_a_review_of_one_tool_says_what_it_does_not_read(make, name: str) -> None:
    declaration = YAML.split("risk_of_bias:")[0] + "risk_of_bias: {tool: rob2}\n"
    review = Review(make(**{"review.yaml": declaration, name: TRIALS}))
    ((_, file, _, message),) = found(review, "rob-file")
    assert file == name
    assert "has one tool" in message


@pytest.mark.parametrize(
    ("tools", "line", "says"),
    [
        ("  - {tool: rob2}\n  - {tool: quips, studies: {a: b}}\n", 13, "which studies is 'rob2'"),
        (
            "  - {tool: rob2, studies: {a: b}}\n  - {tool: rob3, studies: {a: c}}\n",
            14,
            "Did you mean 'rob2'?",
        ),
        (
            "  - {tool: rob2, studies: {a: b}}\n"
            "  - {tool: rob2, effect: adhering, studies: {a: c}}\n",
            14,
            "already entry 1",
        ),
        (
            "  - {tool: ../x.yaml, studies: {a: b}}\n  - {tool: rob2, studies: {a: c}}\n",
            13,
            "in the folder of the review itself",
        ),
        ("  - {tool: rob2, study: {a: b}}\n", 13, "studies"),
        ("\n  tol: rob2\n", 14, "tool"),
        ("  []\n", 13, "at least one entry"),
    ],
)
def test_slips_in_a_list_of_tools(make, tools: str, line: int, says: str) -> None:
    declaration = f"{YAML.split('risk_of_bias:')[0]}risk_of_bias:\n{tools}"
    with pytest.raises(SpecError) as raised:
        Review(make(**{"review.yaml": declaration}))
    assert [one.line for one in raised.value.problems] == [line]
    assert says in str(raised.value)


def test_the_notebook_opens_the_board_of_a_tool(make) -> None:
    notebook = _notebook(Review(make(**FILES)).declared)
    assert 'review.assess(\\"Ann Example\\", tool=\\"rob2\\")' in notebook


def test_a_list_of_one_tool_is_that_tool(make) -> None:
    one = YAML.split("  sensitivity")[0] + "risk_of_bias: {tool: rob2}\n"
    listed = one.replace("{tool: rob2}", "[{tool: rob2}]")
    folder = make(**{"review.yaml": one, "risk_of_bias.csv": TRIALS})
    tables = []
    for text in (one, listed):
        (folder / "review.yaml").write_text(text)
        tables.append(Review(folder).appraisals.risk_of_bias[0])
    first, second = tables
    assert (first.studies, second.studies) == (None, None)
    assert first.settled == second.settled
    assert "D1" in Review(folder).extraction.rows


@pytest.mark.extras
def test_the_board_asks_with_which_tool(make) -> None:
    review = Review(make(**FILES))
    with pytest.raises(OptionError, match="'rob2', 'robins_i_v2'"):
        review.assess("Cyd Example")
    board = review.assess("Cyd Example", tool="robins_i_v2")
    assert board.path == review.folder.path / Path("risk_of_bias/robins_i_v2/Cyd_Example.csv")
