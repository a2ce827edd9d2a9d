"""The results of a review on the arrows of its logic model, and which side an effect favours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents

if TYPE_CHECKING:
    from logicmodels import LogicModel
    from synthesis.appraisal.certainty.result import Certainty


def favours(one: Analysis) -> tuple[str, str] | None:
    """Return what effects below and above no effect favour, where the outcome says.

    Signs of standardised and raw mean differences are turned so that higher is better; ratios and
    other differences are as they were computed.
    """
    assert one.fit is not None  # noqa: S101
    if not one.outcome.direction or not one.fit.measure.has_null:
        return None
    turned = one.outcome.measure in ("smd", "md")
    if turned or one.outcome.direction == "higher":
        return one.comparison.control, one.comparison.treated
    return one.comparison.treated, one.comparison.control


def model_with_evidence(review: Contents) -> LogicModel | None:
    """Return the logic model with the results of the review on its arrows, or None.

    An analysis is put on the arrow from the box of its comparison to the box of its outcome: those
    of the same ids, or named as ``box``. Without such an arrow it is left out, and `off_the_model`
    says so.
    """
    model = review.model
    if model is None:
        return None
    arrows = _arrows(model)
    rows = []
    for one in review.analyses.values():
        ends = _ends(one, review)
        if ends not in arrows or one.fit is None:
            continue
        fit = one.fit
        row: dict[str, Any] = {
            "source": ends[0],
            "target": ends[1],
            "outcome": one.outcome.label,
            "window": one.window.label if one.window else "",
            "estimate": fit.back(fit.estimate),
            "ci_low": fit.back(fit.ci[0]),
            "ci_high": fit.back(fit.ci[1]),
            "measure": fit.measure.abbreviation,
            "k": fit.n_studies,
            "direction": _direction(one),
            "search": "done",
            "citation": review.declared.form.title,
        }
        if one.participants is not None:
            row["n"] = one.participants
        rated = review.appraisals.certainties.get(one.key)
        if rated is not None:
            row |= {"certainty": _level(rated), "reasons": _reasons(rated)}
        rows.append(row)
    return model.with_evidence(rows) if rows else model


def off_the_model(review: Contents) -> list[tuple[tuple[str, str], list[str]]]:
    """Return the results that no arrow of the logic model carries, by the boxes they would join."""
    model = review.model
    if model is None:
        return []
    arrows = _arrows(model)
    return [(ends, keys) for ends, keys in wanted_arrows(review).items() if ends not in arrows]


def wanted_arrows(review: Contents) -> dict[tuple[str, str], list[str]]:
    """Return the results of a review by the boxes that they join, as `review.yaml` names them."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in review.analyses.values():
        if one.fit is not None:
            found.setdefault(_ends(one, review), []).append(one.key)
    return found


def _arrows(model: LogicModel) -> set[tuple[str, str]]:
    return {(link.source, link.target) for link in model.links}


def _ends(one: Analysis, review: Contents) -> tuple[str, str]:
    return one.comparison.box or one.comparison.id, review.declared.box(one.outcome)


def _level(rated: Certainty) -> str:
    from synthesis.appraisal.certainty.levels import NOT_JUDGED

    return "" if rated.level == NOT_JUDGED else rated.level


def _reasons(rated: Certainty) -> tuple[str, ...]:
    """Return why the certainty is what it is, and whether anybody has judged it."""
    said = [reason.rstrip(".") for reason in rated.reasons()]
    return tuple(said if rated.status == "judged" else [f"certainty {rated.status}", *said])


def _direction(one: Analysis) -> str:
    """Return what a result says of an arrow: an interval with no effect in it says nothing."""
    fit, sides = one.fit, favours(one)
    assert fit is not None  # noqa: S101
    low, high = (fit.back(limit) for limit in fit.ci)
    null = fit.measure.null
    if sides is None or low <= null <= high:
        return "not stated"
    above = sides[1] == one.comparison.treated
    return "supports" if (low > null) == above else "adverse"
