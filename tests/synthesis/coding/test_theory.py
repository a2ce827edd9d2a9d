"""Coded actions on the activities of a logic model."""

from __future__ import annotations

import pandas as pd
import pytest

from synthesis.coding.tables import cross_table
from synthesis.coding.theory import actions_by_activity, reached_by
from synthesis.datasets import load
from synthesis.errors import DataError

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


def test_what_cannot_be_joined_is_refused(first: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="activities: no node stands for area 6"):
        actions_by_activity(first, {str(area): "a" for area in range(1, 6)}, code="epoc_code")
    carried = actions_by_activity(first, ACTIVITIES, code="epoc_code")
    with pytest.raises(DataError, match="codes: the table has no column 'patient'"):
        reached_by(carried, LINKS, ["patient"])
