"""Rules about what supports a model: evidence on links (E01 to E10), actions (T01, T02)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from logicmodels.claims.faults import contradictions, impossible, malformed
from logicmodels.model import Model
from logicmodels.questions.actions import leading, types
from logicmodels.questions.evidence import by_outcome, direction, disagree, state
from logicmodels.questions.reach import following, reached
from logicmodels.records import Claim, Link
from logicmodels.rules.rule import Found, rule
from logicmodels.rules.structure import of_kind, where_link, where_node

_CERQUAL = "Lewin et al. 2018, GRADE-CERQual, Implement Sci 13(S1)"
_DAVIDSON = "Davidson, in HSMC 2014: do the actions carry the theory?"
_GAP_MAPS = "Campbell Collaboration, Evidence gap maps"
_SWIM = "Campbell et al. 2020, SWiM, BMJ 368:l6890"
_UNKNOWN = ("not stated", "none found", "not searched")
_HOOGENDOORN = "Hoogendoorn et al. 1999, as Blank et al. 2014 use it, Br J Gen Pract 64:e765"


def _claims(model: Model) -> Iterator[tuple[Link, Claim]]:
    for link in model.links:
        for claim in link.evidence:
            yield link, claim


@rule(
    "E01",
    "error",
    "A result names its source and is the one that was agreed",
    "Arrowroot, single source",
)
def has_a_source(model: Model) -> Iterator[Found]:
    """Find results without a source, and results that changed since they were agreed on."""
    for link, claim in _claims(model):
        if (claim.estimate is not None or claim.k) and not claim.citation:
            yield where_link(link), "evidence without a source; name it under `citation`"
        if claim.is_stale:
            yield (
                where_link(link),
                f"the result has changed since it was agreed on; check it again, then set "
                f"snapshot: {claim.fingerprint}",
            )


@rule("E02", "error", "Certainty is given with studies and reasons", f"{_CERQUAL}; GRADE")
def certainty_has_reasons(model: Model) -> Iterator[Found]:
    """Find a level of certainty without the studies or the reasons for it."""
    for link, claim in _claims(model):
        if claim.certainty and not claim.k:
            yield where_link(link), f"certainty {claim.certainty!r} without studies; give k"
        if claim.certainty and claim.certainty != "high" and not claim.reasons:
            yield where_link(link), f"certainty {claim.certainty!r} without reasons; name them"


@rule("E03", "error", "Nothing is reported as found without a search", _GAP_MAPS)
def searched_before_found(model: Model) -> Iterator[Found]:
    """Find claims about a search that did not take place."""
    for link, claim in _claims(model):
        given = (claim.estimate, claim.ci_low, claim.ci_high, claim.k, claim.n)
        said = claim.direction or claim.certainty
        if claim.search == "not searched" and (said or any(one is not None for one in given)):
            yield where_link(link), "says what was found, but search is 'not searched'"


@rule("E04", "warn", "Strong evidence comes from several studies that agree", _HOOGENDOORN)
def strength_is_earned(model: Model) -> Iterator[Found]:
    """Find high or moderate certainty from one study, or despite a conflict."""
    for link in model.links:
        for claims in by_outcome(link.evidence):
            for claim in claims:
                if claim.certainty not in ("high", "moderate"):
                    continue
                said = f"certainty {claim.certainty!r}"
                if claim.k == 1:
                    yield where_link(link), f"{said} from a single study"
                if disagree(claims):
                    yield where_link(link), f"{said} despite conflicting results"


@rule(
    "E05",
    "error",
    "Adverse evidence does not support an arrow",
    f"{_HOOGENDOORN} (negative effects)",
)
def adverse_is_no_support(model: Model) -> Iterator[Found]:
    """Find arrows to something wanted that all evidence contradicts."""
    for link in model.links:
        if state(link) == "adverse" and not model.node(link.target).harm:
            yield (
                where_link(link),
                "the evidence contradicts this arrow; remove it or draw the harm",
            )


@rule("E06", "warn", "Evidence is about the outcome in the box", f"{_CERQUAL} (relevance)")
def evidence_is_relevant(model: Model) -> Iterator[Found]:
    """Find evidence on an outcome that has no word in common with its box."""
    for link, claim in _claims(model):
        target = model.node(link.target)
        words = _words(" ".join((target.label, *target.items, *target.indicators, target.note)))
        if claim.outcome and not _words(claim.outcome) & words:
            yield (
                where_link(link),
                f"evidence on {claim.outcome!r}, but the box says {target.label!r}",
            )


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())}


@rule(
    "E07",
    "warn",
    "A link that bypasses others has direct evidence",
    "Bucher et al. 1997, J Clin Epidemiol 50:683",
)
def leap_has_evidence(model: Model) -> Iterator[Found]:
    """Find arrows that only a chain of other, supported arrows could justify."""
    supported = [link for link in model.links if state(link) == "supported"]
    after = following((link.source, link.target) for link in supported)
    for link in model.links:
        between = set(after.get(link.source, ())) - {link.target}
        if state(link) in _UNKNOWN and link.target in reached(between, after):
            yield where_link(link), "rests on separate links; no study follows it from end to end"


@rule("E08", "warn", "A result states its direction", _SWIM)
def direction_is_stated(model: Model) -> Iterator[Found]:
    """Find results that do not say whether they support the arrow."""
    for link, claim in _claims(model):
        if direction(claim) == "not stated" and not claim.direction:
            yield (
                where_link(link),
                "does the evidence support the arrow? say so under `direction`; where the source"
                " does not say, put direction: not stated",
            )


@rule("E09", "error", "The numbers of a claim can be true together", "Algebra")
def numbers_are_possible(model: Model) -> Iterator[Found]:
    """Find impossible claims in models made in Python; files and tables with them are refused."""
    for link, claim in _claims(model):
        for message in malformed(vars(claim)):
            yield where_link(link), message
        for _, message in impossible(vars(claim)):
            yield where_link(link), message


@rule("E10", "warn", "The direction of a claim agrees with its numbers", _SWIM)
def direction_agrees(model: Model) -> Iterator[Found]:
    """Find directions that a claim's own interval, or its number of studies, contradicts."""
    for link, claim in _claims(model):
        for message in contradictions(claim):
            about = f"{claim.outcome}: " if claim.outcome else ""
            yield where_link(link), about + message


@rule("T01", "warn", "Actions of each coded type lead to every outcome", _DAVIDSON, fewest=1)
def actions_reach_outcomes(model: Model, *, fewest: int) -> Iterator[Found]:
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
                actions, lead_here = ("action", "leads") if count == 1 else ("actions", "lead")
                yield (
                    where_node(node),
                    f"only {count} {actions} of the type {kind!r} {lead_here} here, "
                    f"from {', '.join(boxes)}",
                )


@rule("T02", "info", "Every activity has actions of each coded type", _DAVIDSON)
def activities_have_actions(model: Model) -> Iterator[Found]:
    """Find activities without an action of a type."""
    for kind in types(model):
        for node in of_kind(model, "activity"):
            if not any(action.type == kind and action.count for action in node.actions):
                yield where_node(node), f"has no action of the type {kind!r}"


RULES = (
    has_a_source,
    certainty_has_reasons,
    searched_before_found,
    strength_is_earned,
    adverse_is_no_support,
    evidence_is_relevant,
    leap_has_evidence,
    direction_is_stated,
    numbers_are_possible,
    direction_agrees,
    actions_reach_outcomes,
    activities_have_actions,
)
