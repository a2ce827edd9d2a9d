"""Rules about wording: W01 to W05. They apply only to English, and so never report errors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from logicmodels.model import Model
from logicmodels.rules.rule import Found, is_measure, rule
from logicmodels.rules.structure import DRIVERS, of_kind, where_node

_DOVIEW = "DoView, Building good outcomes models"
_ACTS = re.compile(
    r"(?:\d+\.?\s+)?(?:provid|deliver|train|conduct|develop|implement|establish|organis|organiz|"
    r"offer|hold|run|teach|recruit|set up|creat|produc|distribut|monitor|visit)(?:e|ing|ning)?\s",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"^(?:the )?(?:number|rate|proportion|percentage|share) of\b|%", re.IGNORECASE)
_JOINS = re.compile(r"\band/or\b|\band\b|;", re.IGNORECASE)


@rule("W01", "warn", "An outcome is a state, not an activity", _DOVIEW)
def outcome_is_a_state(model: Model) -> Iterator[Found]:
    """Find outcomes that begin with what someone does."""
    for node in of_kind(model, "outcome", "impact"):
        if _ACTS.match(node.label):
            yield (
                where_node(node),
                f"{node.label!r} says what is done; say what will be different as a result",
            )


@rule("W02", "info", "A box makes one claim", _DOVIEW)
def one_claim(model: Model) -> Iterator[Found]:
    """Find outcomes that combine two claims, one of which could come true alone."""
    for node in of_kind(model, "outcome", "impact"):
        if _JOINS.search(node.label):
            yield (
                where_node(node),
                f"{node.label!r} combines several claims; could one be true alone?",
            )


@rule("W03", "warn", "An indicator is not a step", _DOVIEW)
def indicator_is_no_step(model: Model) -> Iterator[Found]:
    """Find boxes that say how something is counted, but for aims, which should (S10)."""
    for node in model.nodes:
        counts = _COUNTS.search(node.label) and not is_measure(node)
        if counts and (model.profile.id != DRIVERS or node.column != "aim"):
            yield where_node(node), f"{node.label!r} is a measure; put it under `indicators`"


@rule("W04", "warn", "No text is in two columns", "Logic-Model-Wizard, checks")
def said_once(model: Model) -> Iterator[Found]:
    """Find boxes of different columns that say the same."""
    by_text = defaultdict(list)
    for node in model.nodes:
        by_text[" ".join(node.label.lower().split())].append(node)
    for first, *others in by_text.values():
        for other in others:
            if other.column != first.column:
                yield where_node(other), f"says the same as {first.id!r} in another column"


@rule(
    "W05",
    "info",
    "An outcome names who changes",
    "Innovation Network, Theory of change assessment: a cheat sheet",
)
def says_who(model: Model) -> Iterator[Found]:
    """Find outcomes that name nobody; drivers are parts of a system rather than people."""
    if model.profile.id == DRIVERS:
        return
    for node in of_kind(model, "outcome"):
        if not node.who:
            yield where_node(node), f"who changes when {node.label!r}? say so under `who`"


RULES = (outcome_is_a_state, one_claim, indicator_is_no_step, said_once, says_who)
