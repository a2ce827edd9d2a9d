"""The founding figures say what their sources print: figure, table and description alike."""

from __future__ import annotations

import pandas as pd
import pytest

from logicmodels import Comparison, LogicModel
from synthesis import Codebook, datasets


def comparison(name: str) -> Comparison:
    return Comparison.read(datasets.path(name, "comparison.yaml"))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", ["exworthy2014", "ham2014"])
def test_a_comparison_and_its_table_are_the_same(name: str) -> None:
    drawn, table = comparison(name), datasets.load(name)
    assert [[row.heading, *row.cells] for row in drawn.rows] == table.to_numpy().tolist()


def test_exworthy_and_allen_table_1() -> None:
    drawn = comparison("exworthy2014")
    assert drawn.columns == ("General taxation", "Social insurance", "Private insurance")
    assert [(row.heading, *row.cells) for row in drawn.rows] == [
        ("Example", "UK", "Germany", "USA"),
        ("Equity", "High; progressive taxation", "Medium/high; near universal", "Weak; risk-based"),
        ("Transparency", "Low", "Medium; hypothecation", "High; payment & benefit linked"),
        ("Choice", "Low", "High; choice between providers", "High"),
        (
            "Macro-efficiency",
            "Global budget; cost control",
            "Demand-led or global budgets",
            "Demand-led; poor cost control",
        ),
        (
            "Micro-efficiency",
            "Transaction costs; incentives?",
            "High transaction costs",
            "High transaction costs",
        ),
    ]


def test_the_printed_slip_of_ham_figure_1_is_kept_and_said() -> None:
    drawn = comparison("ham2014")
    assert drawn.rows[2].heading == "Design-making"
    assert "row three as printed, presumably for decision-making" in drawn.source
    assert "Design-making" in datasets.about("ham2014").limits


def test_ham_figure_4_has_its_seven_characteristics_with_their_sentences() -> None:
    table = datasets.load("learning_health_system")
    assert table["group"].value_counts(sort=False).to_dict() == {
        "Science and informatics": 2,
        "Patient-clinician partnerships": 1,
        "Incentives": 2,
        "Continuous learning culture": 2,
    }
    assert (table["meaning"].str.split().str.len() > 10).all()
    drawn = comparison("learning_health_system")
    assert [(row.heading, row.cells[0], row.cells[1].lower()) for row in drawn.rows] == [
        (row.group, row.characteristic, row.meaning.lower()) for row in table.itertuples()
    ]
    model = LogicModel.example("learning_health_system")
    items = [(node.label, item) for node in model.nodes for item in node.items]
    assert items == [
        (row.group, f"{row.characteristic}: {row.meaning}") for row in table.itertuples()
    ]
    assert "not in the source" in model.source


def test_the_measures_of_salford_are_indicators_of_its_goals_and_cause_nothing() -> None:
    model, table = LogicModel.example("salford"), datasets.load("salford")
    assert {node.column for node in model.nodes} == {"aim", "primary"}
    assert [(link.source, link.target) for link in model.links] == [
        (goal, "aim") for goal in ("mortality", "harm", "reliability", "experience")
    ]
    for node, row in zip(model.column("primary"), table.itertuples(), strict=True):
        covers = "" if pd.isna(row.covers) else f" ({row.covers.replace(';', ',')})"
        assert node.label == row.goal
        assert node.indicators == (f"{row.measure}{covers}",)
    assert "95%" not in " ".join(model.describe().narrative)
    printed = {"maintain position", "harm from falls", "staff experience surveys"}
    drawn = model.draw(view="implementation").svg
    words = one_line(" ".join(indicator for node in model.nodes for indicator in node.indicators))
    assert all(text in words for text in printed)
    assert "maintain position" in drawn
    assert {rule.rule for rule in model.check().findings} & {"W03"} == set()


def test_the_studies_of_the_darzi_fellowship_are_kept_apart() -> None:
    model, table = LogicModel.example("darzi_fellowship"), datasets.load("darzi_fellowship")
    studies = {
        "stoll": "Stoll et al. 2010",
        "conn": "Conn et al. 2015",
        "mervyn": "Mervyn & Malby 2017",
    }
    joined = {frozenset((link.source, link.target)) for link in model.links}
    for link in model.links:
        programme = ({link.source, link.target} & set(studies)).pop()
        assert [claim.citation for claim in link.evidence] == [studies[programme]]
        for end in {link.source, link.target} - {programme}:
            others = set(studies) - {programme}
            assert not any(frozenset((end, other)) in joined for other in others)
            if model.node(end).column == "impact":
                assert studies[programme] in model.node(end).items
    assert not any(pair <= set(studies) for pair in joined)
    assert model.node("stoll").label == "Darzi Fellowship for doctors only"
    assert "of a return of 90%" in model.node("worthwhile").items
    assert model.node("empowered").label.endswith(
        "to improve health care systems, particularly through developing collaborative clinical"
        " networks"
    )
    said = [node.label for node in model.nodes if node.column != "outcomes"]
    shares = table["share"].fillna("")
    assert said == [
        f"{share}% {finding}" if share else finding
        for share, finding in zip(shares, table["finding"], strict=True)
    ]
    assert model.draw(view="conn2015").title.endswith("(Conn et al. 2015)")
    assert "Stoll" not in " ".join(model.describe().narrative).replace("Stoll et al. 2010", "")


def test_the_evaluation_runs_along_the_foot_of_the_wisconsin_template() -> None:
    model = LogicModel.example("wisconsin")
    assert [node.label for node in model.column("evaluation")] == [
        "Focus",
        "Collect data",
        "Analyse and interpret",
        "Report",
    ]
    table = datasets.load("wisconsin").set_index("component")
    assert table.loc["Evaluation", "printed_contents"] == (
        "focus; collect data; analyse and interpret; report"
    )
    assert "Focus – Collect data – Analyse and interpret – Report" in model.draw().svg


def test_what_is_lost_without_each_component_is_what_the_figure_gives_as_reasons() -> None:
    """The six consequences; two components share one where complexity goes unchallenged."""
    reasons = one_line(" ".join(link.because for link in LogicModel.example("hudson2015").links))
    for row in datasets.load("hudson2015").itertuples():
        assert f"without {row.without}" in reasons
        assert row.loss.removeprefix("no ") in reasons


def test_lilfords_readings_are_the_states_of_the_arrows() -> None:
    model, table = LogicModel.example("lilford2014"), datasets.load("lilford2014")
    assert table["kind"].value_counts(sort=False).to_dict() == {"targeted": 6, "generic": 8}
    for link, row in zip(model.links, table.itertuples(), strict=True):
        assert (link.source, model.node(link.target).label) == (row.id, row.effect)
        assert model.node(row.id).label == row.intervention
        assert model.node(row.id).items == (row.kind,)
        (claim,) = link.evidence
        assert (claim.direction, claim.citation) == (row.drawn_as, f"Lilford 2014: {row.reading}")
        assert (claim.estimate, claim.k, claim.n, claim.certainty) == (None, None, None, "")
        held = "; ".join(assumption.text for assumption in link.assumptions)
        assert held == ("" if pd.isna(row.depends_on) else row.depends_on)
    readings = dict(zip(table["id"], table["reading"], strict=True))
    assert readings["training"] == "less convincing"
    assert readings["heroic"] == "extremely unconvincing"
    assert set(table.loc[table["drawn_as"] == "not stated", "id"]) == {"training", "heroic"}
    assert [node.label for node in model.nodes if node.harm] == ["Ritual compliance"]
    assert "extremely unconvincing" in model.draw(view="evidence").svg


def test_the_three_themes_of_jones_and_waring_are_a_codebook() -> None:
    book = Codebook.read(datasets.path("jones2016", "codebook.yaml"))
    assert [code.label for code in book] == [
        "Policy formulation and implementation",
        "People and places",
        "Organisation and occupational dynamics",
    ]
    table = datasets.load("jones2016")
    assert table.to_numpy().tolist() == [[code.id, code.label] for code in book]
    assert all(code.definition == "" for code in book)
    assert "does not define them" in book.gaps[0]
