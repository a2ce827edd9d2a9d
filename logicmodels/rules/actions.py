"""Rules about what is really done, where coded actions stand on the boxes: T01 and T02."""

from __future__ import annotations

from collections.abc import Iterator

from logicmodels.model import LogicModel
from logicmodels.questions.actions import leading, types
from logicmodels.rules.rule import Found, rule
from logicmodels.rules.structure import of_kind, where_node

_DAVIDSON = "Davidson, in HSMC 2014: do the actions carry the theory?"


@rule("T01", "warn", "Actions of the type asked for lead to every outcome", _DAVIDSON, fewest=1)
def actions_reach_outcomes(model: LogicModel, *, fewest: int) -> Iterator[Found]:
    """Find wanted outcomes and impacts to which too few actions of a type lead."""
    for kind in types(model):
        lead = leading(model, kind)
        for node in of_kind(model, "outcome", "impact"):
            count, boxes = lead[node.id]
            if count >= fewest or node.harm:
                continue
            if not count:
                yield where_node(node), f"no action of the type {kind!r} leads here"
            else:
                lead_here = "action leads here" if count == 1 else "actions lead here"
                yield (
                    where_node(node),
                    f"of the type {kind!r} only {count} {lead_here}, from {', '.join(boxes)}",
                )


@rule("T02", "info", "Every activity has actions of the type asked for", _DAVIDSON)
def activities_have_actions(model: LogicModel) -> Iterator[Found]:
    """Find activities on which no action of a type stands."""
    for kind in types(model):
        for node in of_kind(model, "activity"):
            if not any(one.type == kind and one.count for one in node.actions):
                yield where_node(node), f"has no action of the type {kind!r}"


RULES = (actions_reach_outcomes, activities_have_actions)
