"""Coded actions on boxes, and the rules that ask where they lead. All models are synthetic."""

from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import EvidenceError, SpecError
from logicmodels import LogicModel
from logicmodels.questions.actions import leading, types
from logicmodels.rules.ruleset import RuleSet

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Two activities (invented)
description: One works on staff, the other on patients.
nodes:
  - {id: staff, column: activities, label: Training}
  - {id: patients, column: activities, label: Information}
  - {id: skills, column: outcomes, label: Skills}
  - {id: voice, column: outcomes, label: Patients ask}
  - {id: worry, column: outcomes, label: Patients worry, harm: true}
  - {id: health, column: impact, label: Health}
links:
  - {from: staff, to: skills}
  - {from: patients, to: voice}
  - {from: skills, to: health}
  - {from: voice, to: health}
  - {from: health, to: voice, feedback: true}
"""
MODEL = LogicModel.from_text(TEXT)
TABLE = pd.DataFrame(
    {"node": ["staff", "patients"], "type": ["patient oriented"] * 2, "count": [0, 2]}
)


def found(model: LogicModel, rules: RuleSet | None = None) -> list[tuple[str, str, str]]:
    return [
        (one.rule, one.where, one.message) for one in model.check(rules) if one.rule.startswith("T")
    ]


def test_outcomes_that_no_such_action_reaches_are_found() -> None:
    assert found(MODEL.with_actions(TABLE)) == [
        ("T01", "node skills", "no action of the type 'patient oriented' leads here"),
        ("T02", "node staff", "has no action of the type 'patient oriented'"),
    ]


def test_a_model_without_actions_is_not_asked() -> None:
    assert found(MODEL) == []


def test_nothing_is_found_where_all_is_carried() -> None:
    assert found(MODEL.with_actions(TABLE.assign(count=1))) == []


def test_a_house_may_ask_for_more_than_one_action() -> None:
    model = MODEL.with_actions([{"node": "patients", "type": "x"}])
    only = "only 1 action of the type 'x' leads here, from patients"
    assert found(model, RuleSet(severity={"T02": "off"}, limits={"T01": {"fewest": 2}})) == [
        ("T01", "node skills", "no action of the type 'x' leads here"),
        ("T01", "node voice", only),
        ("T01", "node health", only),
    ]


def test_actions_lead_along_the_arrows_and_circles_count_once() -> None:
    model = MODEL.with_actions(
        [{"node": "staff", "type": "x", "count": 3}, {"node": "voice", "type": "x", "count": 1}]
    )
    assert leading(model, "x") == {
        "staff": (3, ("staff",)),
        "patients": (0, ()),
        "skills": (3, ("staff",)),
        "voice": (4, ("staff", "voice")),
        "worry": (0, ()),
        "health": (4, ("staff", "voice")),
    }


def test_rows_of_one_box_and_type_add_up_and_types_keep_their_order() -> None:
    rows = [{"node": "staff", "type": kind} for kind in ("b", "a", "b")]
    model = MODEL.with_actions(rows)
    assert [(one.type, one.count) for one in model.node("staff").actions] == [("b", 2), ("a", 1)]
    assert types(model) == ["b", "a"]


def test_the_theory_stays_the_same() -> None:
    told = MODEL.with_actions(TABLE)
    assert told.fingerprint == MODEL.fingerprint
    assert MODEL.node("patients").actions == ()
    assert told.draw().dot == MODEL.draw().dot


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"node": "nurses", "type": "x"}, "row 1: the model has no box 'nurses'"),
        ({"node": "staff"}, "row 1: column 'type' is missing"),
        ({"node": "staff", "type": None}, "row 1: the type of the action is blank"),
        ({"node": "staff", "type": float("nan")}, "row 1: the type of the action is blank"),
        ({"node": "staff", "type": "x", "count": 1.5}, "count must be a whole number of at least"),
        ({"node": "staff", "type": "x", "count": "many"}, "count must be a whole .* got 'many'"),
        ({"node": "staff", "type": "x", "n": 1}, "unknown column 'n'; there are node, type, count"),
    ],
)
def test_what_does_not_fit_is_refused(row: dict[str, object], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        MODEL.with_actions([row])


def test_a_table_is_asked_for() -> None:
    with pytest.raises(EvidenceError, match="actions must be a table"):
        MODEL.with_actions({"node": "staff", "type": "x"})


def test_actions_stand_in_the_file_too() -> None:
    told = MODEL.with_actions(TABLE)
    back = LogicModel.from_text(told.to_yaml())
    assert back.node("patients").actions == told.node("patients").actions
    assert back.node("staff").actions == told.node("staff").actions
    assert back.node("skills").actions == ()
    assert found(back) == found(told)
    written = TEXT.replace(
        "label: Training}", "label: Training, actions: [{type: x, count: 2}, {type: y}]}"
    )
    staff = LogicModel.from_text(written).node("staff")
    assert [(one.type, one.count) for one in staff.actions] == [("x", 2), ("y", 1)]
    with pytest.raises(SpecError, match="count must be at least 0; got -1"):
        LogicModel.from_text(written.replace("count: 2", "count: -1"))
    with pytest.raises(SpecError, match="unknown key 'n'; there are type, count"):
        LogicModel.from_text(written.replace("count: 2", "n: 2"))


def test_a_comparison_says_which_counts_changed() -> None:
    told = MODEL.with_actions(TABLE)
    fewer = told.with_actions(TABLE.assign(count=1))
    assert [(one.kind, one.where, one.words) for one in fewer.diff(told)] == [
        ("changed", "node staff", "actions: “0 patient oriented” → “1 patient oriented”"),
        ("changed", "node patients", "actions: “2 patient oriented” → “1 patient oriented”"),
    ]


def test_boxes_and_types_are_read_as_labels() -> None:
    types_met = ["patient oriented", "patient  oriented\u200b", "patient\u00a0oriented"]
    rows = [
        {"node": node, "type": kind}
        for node, kind in zip(["staff", "\u200bstaff", "staff\u00a0"], types_met, strict=True)
    ]
    model = MODEL.with_actions(rows)
    assert [(one.type, one.count) for one in model.node("staff").actions] == [
        ("patient oriented", 3)
    ]
