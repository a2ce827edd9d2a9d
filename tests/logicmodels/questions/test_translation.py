"""Models in the columns of another profile. The small models are invented."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from logicmodels import LogicModel, OptionError
from logicmodels.profiles.registry import PROFILES
from logicmodels.profiles.vocabulary import MEANINGS, counterparts, vocabulary_table
from logicmodels.records import View

ROOT = Path(__file__).parents[3]


def founding(name: str) -> LogicModel:
    return LogicModel.read(ROOT / "data" / name / "logic_model.yaml")


def test_activities_of_a_theory_of_change_are_outputs_in_wisconsin() -> None:
    model = founding("sixcs").as_profile("wisconsin")
    columns = {node.id: node.column for node in model.nodes}
    assert columns["a1"] == "activities"
    assert model.profile.column("activities").group == "Outputs"
    assert columns["relationships"] == "short"
    assert columns["compassion"] == "long"
    assert model.heading("activities") == "Activities", "the old profile's own heading is gone"
    assert model.links == founding("sixcs").links
    assert model.draw().svg.startswith("<svg")
    assert LogicModel.from_text(model.to_yaml()) == model


def test_boxes_and_columns_can_be_placed_by_hand() -> None:
    model = founding("sixcs").as_profile(
        "wisconsin", columns={"outcomes": "medium"}, boxes={"a6": "inputs"}
    )
    assert model.node("relationships").column == "medium"
    assert model.node("a6").column == "inputs"
    assert model.node("a5").column == "activities"


def test_views_show_the_columns_that_theirs_became() -> None:
    view = View("actions", columns=("activities", "outcomes"))
    model = replace(founding("sixcs"), views=(view,)).as_profile("wisconsin")
    assert model.views[0].columns == (
        "activities",
        counterparts("theory-of-change", "wisconsin")["outcomes"],
    )
    assert LogicModel.from_text(model.to_yaml()) == model


def test_what_has_no_counterpart_is_refused_box_by_box() -> None:
    with pytest.raises(OptionError) as caught:
        founding("wisconsin").as_profile("theory-of-change")
    assert str(caught.value) == (
        "as_profile: 8 boxes of 'wisconsin' without a counterpart in 'theory-of-change'"
        " (situation: situation; inputs: inputs; participation: participation; assumptions:"
        " beliefs; evaluation: focus, collect, analyse, report). Say where they"
        " belong, for example with columns={'situation': 'activities'}, with one of activities,"
        " outcomes, impact, context; or leave the boxes out."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "wisconson"}, "no profile 'wisconson'; did you mean 'wisconsin'?"),
        ({"name": "xyz"}, "no profile 'xyz'; there are 'theory-of-change', 'wisconsin',"),
        ({"columns": {"outcome": "short"}}, "columns names 'outcome', which is not among columns"),
        ({"columns": {"outcomes": "shrt"}}, "columns names 'shrt', which is not among the columns"
         " of 'wisconsin': situation, inputs,"),
        ({"boxes": {"a9": "inputs"}}, "boxes names 'a9', which is not among boxes: a1, a2,"),
        ({"boxes": {"a1": "external"}}, "arrows would end at external, which is"
         " beneath the columns and has no arrows (a1 -> relationships)"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        founding("sixcs").as_profile(**{"name": "wisconsin"} | options)  # type: ignore[arg-type]
    assert message in str(caught.value)


@pytest.mark.parametrize(("source", "target"), [*itertools.product(PROFILES, repeat=2)])
def test_counterparts_keep_order_and_never_turn_flow_into_context(source: str, target: str) -> None:
    order = [column.id for column in PROFILES[target].columns]
    pairs = counterparts(source, target)
    places = [
        order.index(pairs[column.id]) for column in PROFILES[source].flow if column.id in pairs
    ]
    assert places == sorted(places), "an arrow would run back that ran forward"
    for column, other in pairs.items():
        kinds = PROFILES[source].column(column).kind, PROFILES[target].column(other).kind
        assert (kinds[0] == "context") is (kinds[1] == "context")


def test_every_column_of_the_table_is_one_of_its_profile() -> None:
    for columns in MEANINGS.values():
        for profile, column in columns.items():
            assert PROFILES[profile].column(column).id == column


def test_the_documentation_prints_the_table_as_it_is() -> None:
    """To renew it: put ``vocabulary_table()`` beneath the marks in docs/profiles.md."""
    page = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
    assert page.endswith(vocabulary_table())


def test_the_own_profile_changes_nothing() -> None:
    assert founding("sixcs").as_profile("theory-of-change") == founding("sixcs")
