"""Rules about what links claim: C01 to C09."""

from __future__ import annotations

from collections.abc import Iterator

from logicmodels.model import Model
from logicmodels.rules.rule import MEASURES, Found, is_measure, rule
from logicmodels.rules.structure import of_kind, where_link, where_node

_BREUER = "Breuer et al. 2016, Implement Sci 11:63, table 5"
_DAVIES = "Davies 2018, Representing theories of change"
_MAYNE = "Mayne 2015, Useful theory of change models"
_UWEX = "University of Wisconsin-Extension, logic model checklist"


@rule("C01", "warn", "A link has a rationale", f"{_DAVIES}; TOCO")
def says_why(model: Model) -> Iterator[Found]:
    """Find arrows that do not say why."""
    for link in model.links:
        if not link.because and not link.mechanism:
            yield where_link(link), "why should one lead to the other? say so under `because`"


@rule("C02", "warn", "A link has an assumption, or says why it needs none", f"{_BREUER}; {_MAYNE}")
def says_what_must_hold(model: Model) -> Iterator[Found]:
    """Find arrows that do not say what has to be true."""
    for link in model.links:
        if not link.assumptions and not link.no_assumption_because:
            yield where_link(link), "what has to be true? say so under `assumptions`"


@rule("C03", "info", "An assumption has an owner and a status", _MAYNE)
def assumption_is_watched(model: Model) -> Iterator[Found]:
    """Find assumptions that nobody monitors."""
    for link in model.links:
        for assumption in link.assumptions:
            missing = [name for name in ("owner", "status") if not getattr(assumption, name)]
            if missing:
                yield (
                    where_link(link),
                    f"assumption {assumption.text!r} has no {' and no '.join(missing)}",
                )


@rule("C04", "warn", "The context is described", f"{_UWEX}; {_BREUER}, item 3d")
def context_is_there(model: Model) -> Iterator[Found]:
    """Find models without context, where their profile has a place for it."""
    columns = [column for column in model.profile.context if column.id != MEASURES]
    if columns and not any(model.column(column.id) for column in columns):
        names = " or ".join(repr(column.id) for column in columns)
        yield "model", f"what surrounds the programme? put it in the column {names}"


@rule("C05", "warn", "Harms are considered", f"Anderson et al. 2011; {_UWEX}")
def harms_are_considered(model: Model) -> Iterator[Found]:
    """Find models without any unwanted effect."""
    if not any(node.harm for node in model.nodes):
        yield "model", "what could go wrong? mark an unwanted effect with harm: true"


@rule("C06", "info", "A link says how much the cause counts", _DAVIES)
def says_its_role(model: Model) -> Iterator[Found]:
    """Find arrows whose cause could be necessary, sufficient or one of many."""
    for link in model.links:
        if not link.role:
            yield (
                where_link(link),
                "is it necessary, sufficient or contributory? say so under `role`",
            )


@rule("C07", "error", "No effect comes before its cause", f"{_BREUER} (timelines)")
def effect_follows_cause(model: Model) -> Iterator[Found]:
    """Find effects dated before their causes, to the precision that both dates have."""
    for link in model.links:
        cause, effect = model.node(link.source).by, model.node(link.target).by
        shared = min(len(cause), len(effect))
        if not link.feedback and effect[:shared] < cause[:shared]:
            yield where_link(link), f"the effect is due by {effect}, before its cause by {cause}"


@rule(
    "C08",
    "info",
    "Some mechanism is named, not only delivery",
    "Weiss 1997, Evaluation Review 21:501",
)
def names_a_mechanism(model: Model) -> Iterator[Found]:
    """Find models that describe only delivery."""
    if model.links and not any(
        link.mechanism or link.theory == "programme" for link in model.links
    ):
        yield "model", "how do people respond? name it under `mechanism` of a link"


@rule("C09", "info", "An outcome has an indicator", f"{_UWEX} (testable)")
def has_an_indicator(model: Model) -> Iterator[Found]:
    """Find outcomes whose achievement could not be recognised; measures may have boxes."""
    if any(map(is_measure, model.nodes)):
        return
    for node in of_kind(model, "outcome", "impact"):
        if not node.indicators:
            yield where_node(node), f"how would you know that {node.label!r}? name an indicator"


RULES = (
    says_why,
    says_what_must_hold,
    assumption_is_watched,
    context_is_there,
    harms_are_considered,
    says_its_role,
    effect_follows_cause,
    names_a_mechanism,
    has_an_indicator,
)
