"""A model as data and with its face: one value in two forms. The model is invented."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

import logicmodels
from arrowroot.errors import OptionError
from logicmodels import LogicModel, Node
from logicmodels.model import Model

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to compare models)
headings: {activities: What we do}
nodes:
  - {id: a1, column: activities, label: Home visits}
  - {id: o1, column: outcomes, label: Earlier reporting}
links:
  - {from: a1, to: o1}
"""
FACE = LogicModel.from_text(TEXT)
DATA = Model(**{one.name: getattr(FACE, one.name) for one in fields(FACE)})

JUDGED = {
    "part": "a1",
    "target": "a rural practice",
    "domain": "setting",
    "judgement": "unclear",
    "reason": "not described",
}


class Own(LogicModel):
    """A model with methods of one's own."""


def test_a_model_is_the_same_with_and_without_its_face() -> None:
    assert DATA == FACE
    assert FACE == DATA
    assert hash(DATA) == hash(FACE)
    assert len({DATA, FACE, LogicModel.from_text(TEXT)}) == 1
    assert DATA.fingerprint == FACE.fingerprint


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Another"},
        {"nodes": FACE.nodes[:1], "links": ()},
        {"headings": {"activities": "Work"}},
        {"locked": "abc"},
    ],
    ids=lambda changed: "-".join(changed),
)
def test_a_model_that_says_something_else_is_another(changed: dict[str, object]) -> None:
    other = replace(FACE, **changed)  # type: ignore[arg-type]
    assert other != FACE
    assert other != FACE
    assert len({other, FACE}) == 2


def test_the_text_it_was_read_from_makes_no_difference() -> None:
    assert replace(FACE, origin="") == FACE
    assert hash(replace(FACE, origin="")) == hash(FACE)


def test_a_model_equals_nothing_else() -> None:
    assert FACE != TEXT
    assert FACE.nodes != FACE


def test_a_model_put_together_by_hand_can_be_hashed() -> None:
    node = Node("a1", "Home visits", "activities", items=["one"])  # type: ignore[arg-type]
    assert {replace(FACE, nodes=(node,), links=()): 1}


@pytest.mark.parametrize("model", [FACE, DATA, Own.from_text(TEXT)], ids=lambda one: repr(one)[1:9])
def test_copies_are_equal_and_of_the_same_kind(model: Model) -> None:
    model.node("a1")  # what is worked out on the way travels along
    for again in (
        copy.copy(model),
        copy.deepcopy(model),
        pickle.loads(pickle.dumps(model)),
        replace(model),
    ):
        assert again == model
        assert type(again) is type(model)
        assert again.node("o1") == model.node("o1")


def test_a_model_cannot_be_changed() -> None:
    for model in (FACE, DATA):
        with pytest.raises(FrozenInstanceError):
            model.title = "Another"  # type: ignore[misc]
        with pytest.raises(FrozenInstanceError):
            model.further = 1  # type: ignore[attr-defined]


def test_readers_make_the_kind_of_model_they_are_asked_of() -> None:
    boxes = [{"id": "a1", "column": "activities", "label": "Home visits"}]
    keys = {"profile": "theory-of-change", "title": "Visits"}
    own = Own.from_text(TEXT)
    for model in (
        own,
        Own.from_lines("[activities]\na1: Home visits", **keys),
        Own.from_tables(boxes, [], **keys),
        own.with_evidence([{"source": "a1", "target": "o1", "k": 2}]),
        own.with_actions([{"node": "a1", "type": "visit"}]),
        own.with_applicability([JUDGED]),
        own.as_profile("wisconsin"),
        own.diff(own).older,
    ):
        assert type(model) is Own


def test_a_model_says_what_it_is_in_a_line() -> None:
    assert repr(DATA) == f"<Model {FACE}>"
    assert repr(FACE) == f"<LogicModel {FACE}>"
    assert str(FACE) == "Home visits (invented, to compare models): 2 boxes, 1 arrow"


def test_help_on_the_face_names_the_fields() -> None:
    assert "Attributes" in (LogicModel.__doc__ or "")


def test_the_former_name_of_the_base_still_catches_what_logicmodels_raises() -> None:
    with pytest.raises(logicmodels.LogicModelError):
        logicmodels.LogicModel.read("no such file.yaml")
    assert "Comparison" in dir(logicmodels)
    with pytest.raises(AttributeError, match="has no attribute 'Comparisons'"):
        _ = logicmodels.Comparisons


@pytest.mark.parametrize("other", [None, 3, "older.yaml", ["overview"], {"a": 1}])
def test_what_is_no_model_view_or_profile_is_refused_in_words(other: Any) -> None:
    model = LogicModel.example("salford")
    with pytest.raises(OptionError, match="the older version must be a logic model"):
        model.diff(other)
    with pytest.raises(OptionError, match="view must be one of"):
        model.draw(view=other)
    with pytest.raises(OptionError, match="no profile"):
        model.as_profile(other)
