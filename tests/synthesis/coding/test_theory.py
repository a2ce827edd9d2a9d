"""Coded actions on the activities of a logic model."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError
from logicmodels import Link, LogicModel, Node
from synthesis.coding.tables import cross_table
from synthesis.coding.theory import actions_by_activity, reached_by, with_actions
from synthesis.datasets import load

ACTIVITIES = {str(area): f"a{area}" for area in range(1, 7)}
LINKS = [*[(node, "care") for node in ACTIVITIES.values()], ("care", "compassion")]


@pytest.fixture(scope="module")
def first() -> pd.DataFrame:
    coding = load("sixcs", "coding")
    return load("sixcs", "actions").merge(coding[coding["coder"] == "automated_1"], on="action_id")


def test_six_cs_activities_and_their_actions(first: pd.DataFrame) -> None:
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    assert carried["total"].to_dict() == {"a1": 11, "a2": 5, "a3": 6, "a4": 16, "a5": 21, "a6": 5}
    crossed = cross_table(first, "area", "epoc_code").drop(index="total")
    assert carried.to_numpy().tolist() == crossed.to_numpy().tolist()


def test_patient_oriented_actions_reach_the_outcome_through_two_areas(first: pd.DataFrame) -> None:
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    reached = reached_by(carried, LINKS, ["organisational_patient"])
    assert reached.loc["care"].tolist() == [2, "a1, a2"]
    assert reached.loc["compassion"].tolist() == [2, "a1, a2"]
    assert reached.loc[["a3", "a4", "a5", "a6"], "actions"].tolist() == [0, 0, 0, 0]


def test_every_type_reaches_what_all_actions_reach(first: pd.DataFrame) -> None:
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    types = carried.columns.drop("total").tolist()
    assert reached_by(carried, LINKS, types).loc["compassion", "actions"] == 64


def test_circles_count_an_action_once() -> None:
    coded = pd.DataFrame({"area": ["1"], "code": ["x"]})
    carried = actions_by_activity(coded, {"1": "a", "2": "b"}, order=["x", "y"])
    reached = reached_by(
        carried, [("a", "c"), ("c", "d"), ("d", "c"), ("c", "a"), ("b", "e")], ["x"]
    )
    assert reached["actions"].to_dict() == {"a": 1, "b": 0, "c": 1, "d": 1, "e": 0}
    assert carried.loc["a"].tolist() == [1, 0, 1]


def test_two_areas_may_share_an_activity() -> None:
    coded = pd.DataFrame({"area": ["1", "2", "2"], "code": ["x", "x", "y"]})
    carried = actions_by_activity(coded, {"1": "a", "2": "a"})
    assert carried.loc["a"].to_dict() == {"x": 2, "y": 1, "total": 3}


def test_links_of_a_logic_model_are_read_as_they_are(first: pd.DataFrame) -> None:
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    linked = reached_by(carried, [Link(*pair) for pair in LINKS], ["regulatory"])
    pd.testing.assert_frame_equal(linked, reached_by(carried, LINKS, ["regulatory"]))


def test_the_model_says_which_actions_carry_each_activity(first: pd.DataFrame) -> None:
    nodes = tuple(Node(one, f"Area {one}", "activities") for one in ACTIVITIES.values())
    model = LogicModel(
        "6Cs", None, (*nodes, Node("care", "Care", "outcomes")), (), source="Davidson"
    )
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    told = with_actions(model, carried, names={"professional": "what staff know"}, source="counted")
    assert told.node("a1").label == (
        "Area a1\n"
        "11 actions: 8 what staff know, 2 organisational_provider, 1 organisational_patient"
    )
    assert told.source == "Davidson; counted"
    assert told.node("care").label == "Care"
    assert model.node("a1").label == "Area a1"
    with pytest.raises(DataError, match="the logic model has no node a6; it has a1, a2"):
        with_actions(LogicModel("6Cs", None, nodes[:5], ()), carried)


def test_the_check_asks_where_the_actions_lead(first: pd.DataFrame) -> None:
    model = LogicModel.read(Path(__file__).parents[3] / "data" / "sixcs" / "logic_model.yaml")
    individual = first[first["level"] == "individual"]
    carried = actions_by_activity(individual, ACTIVITIES, code="epoc_code")
    told = with_actions(
        model,
        carried,
        names={"organisational_patient": "patient-oriented"},
        check_for=["organisational_patient"],
    )
    report = told.check()
    carry = [one.where for one in report if one.rule == "T02"]
    assert carry == [f"node a{area}" for area in (2, 3, 4, 5, 6)]
    assert "patient-oriented" in next(one.message for one in report if one.rule == "T02")
    assert not [one for one in report if one.rule == "T01"]  # one action leads to the outcome
    without = with_actions(model, carried.assign(law=0), check_for=["law"]).check()
    assert [one.where for one in without if one.rule == "T01"] == [
        "node relationships",
        "node compassion",
    ]
    assert not [one for one in with_actions(model, carried).check() if one.rule.startswith("T")]
    with pytest.raises(DataError, match="check_for: the table has no column 'patient'"):
        with_actions(model, carried, check_for=["patient"])


def test_an_activity_without_actions_says_so() -> None:
    coded = pd.DataFrame({"area": ["1"], "code": ["x"]})
    carried = actions_by_activity(coded, {"1": "a", "2": "b"})
    model = LogicModel("m", None, (Node("a", "A", "c"), Node("b", "B", "c")), ())
    told = with_actions(model, carried)
    assert [node.label for node in told.nodes] == [
        "A\n1 action: 1 x",
        "B\n0 actions",
    ]


def test_what_cannot_be_joined_is_refused(first: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="activities: no node represents area 6"):
        actions_by_activity(first, {str(area): "a" for area in range(1, 6)}, code="epoc_code")
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    with pytest.raises(DataError, match="codes: the table has no column 'patient'"):
        reached_by(carried, LINKS, ["patient"])
