"""Risk of bias and certainty as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arrowroot.text import label
from synthesis.appraisal.certainty.levels import UP
from synthesis.review.analyses import Analysis
from synthesis.review.assessed import studies_of, tool_for
from synthesis.review.contents import Contents
from synthesis.review.text.wording import names_of

if TYPE_CHECKING:
    from synthesis.appraisal.certainty.result import Certainty
    from synthesis.appraisal.findings.printed import Printed

NOT_JUDGED = "not judged"


@dataclass(frozen=True)
class Judgement:
    """One judgement of risk of bias, as the page of an analysis lists it.

    Attributes
    ----------
    domain, about : str
        Its code, and what it is about.
    word : str
        What was judged; "not judged" where nobody has, or assessors differ.
    proposed, reason : str
        What the answers propose, and what supports the judgement.
    """

    domain: str
    about: str
    word: str
    proposed: str
    reason: str


def findings_table(review: Contents) -> Printed | None:
    """Return the summary of findings as it is printed; None if nothing is rated."""
    summary = review.appraisals.summary(review.declared)
    return None if summary is None else summary.printed()


def profile_table(review: Contents) -> Printed | None:
    """Return the evidence profile as it is printed; None if nothing is rated."""
    summary = review.appraisals.summary(review.declared)
    return None if summary is None else summary.printed("profile")


def not_rated(review: Contents) -> list[tuple[str, str]]:
    """Return the analyses that a summary of findings lacks, with the reason."""
    named = names_of(review.analyses.values())
    return [
        (named[key], one.reason or "its certainty could not be rated; the check says why.")
        for key, one in review.analyses.items()
        if key not in review.appraisals.certainties
    ]


def overall_rows(review: Contents) -> list[tuple[str, list[str]]]:
    """Return for every study its overall judgement in each analysis that pools it."""
    if not review.appraisals.risk_of_bias:
        return []
    pooled = [one for one in review.analyses.values() if one.fit is not None]
    inside = {one.key: set(studies_of(one)) for one in pooled}
    names = dict.fromkeys(study for one in pooled for study in studies_of(one))
    return [
        (
            study,
            [_overall(review, one, study) if study in inside[one.key] else "" for one in pooled],
        )
        for study in names
    ]


def _overall(review: Contents, one: Analysis, study: str) -> str:
    own = tool_for(review.appraisals.risk_of_bias, study)
    if own is None:
        return NOT_JUDGED
    found = own.of(study, one.outcome.id, one.window_id)
    if own.tool.overall:
        return found.get("overall") or NOT_JUDGED
    return NOT_JUDGED if not any(found.values()) else "judged by domain"


def judgements_of(one: Analysis, review: Contents) -> list[tuple[str, str, list[Judgement]]]:
    """Return study, overall judgement and every domain of the studies of an analysis."""
    if not review.appraisals.risk_of_bias or one.fit is None:
        return []
    named = tools_of(review)
    rows: list[tuple[str, str, list[Judgement]]] = []
    by_study: dict[tuple[str, str], list[Mapping[Any, Any]]] = {}
    for each in review.appraisals.risk_of_bias:
        for row in each.table.to_dict("records"):
            by_study.setdefault((each.tool.name, row["study"]), []).append(row)
    for study in dict.fromkeys(studies_of(one)):
        held = tool_for(review.appraisals.risk_of_bias, study)
        if held is None:
            rows.append((study, NOT_JUDGED, []))
            continue
        about = {each.code: each.about for each in held.tool.domains}
        settled = held.of(study, one.outcome.id, one.window_id)
        said = _said(by_study.get((held.tool.name, study), []), one)
        listed = [
            Judgement(
                code,
                about.get(code, "overall"),
                settled.get(code) or NOT_JUDGED,
                "; ".join(dict.fromkeys(filter(None, (label(row["proposed"]) for row in each)))),
                "; ".join(dict.fromkeys(filter(None, map(_reason, each)))),
            )
            for code in held.tool.codes
            for each in [[row for row in said if row["domain"] == code]]
        ]
        with_tool = f" ({named[study]})" if named else ""
        rows.append((study, f"{_overall(review, one, study)}{with_tool}", listed))
    return rows


def tools_of(review: Contents) -> dict[str, str]:
    """Return the name of the tool of each study, where the review has several tools."""
    if not review.declared.has_several_tools:
        return {}
    names = dict.fromkeys(study for one in review.analyses.values() for study in studies_of(one))
    own = {study: tool_for(review.appraisals.risk_of_bias, study) for study in names}
    return {study: "none" if one is None else one.tool.name for study, one in own.items()}


def _said(rows: Sequence[Mapping[Any, Any]], one: Analysis) -> Sequence[Mapping[Any, Any]]:
    window = one.window_id
    # The most specific rows are those that count.
    for exact in ((one.outcome.id, window), (one.outcome.id, ""), ("", window), ("", "")):
        part = [row for row in rows if (row["outcome"], row["window"]) == exact]
        if part:
            return part
    return []


def _reason(row: Mapping[Any, Any]) -> str:
    reason = label(row["reason"])
    who = label(row["assessor"])
    return f"{reason} ({who})" if reason and who else reason


def reasons_of(rated: Certainty) -> list[dict[str, Any]]:
    """Return the reasons of a rating: proposal, judgement, why, who, and whether it is stale.

    Evidence that starts high is not rated up, so those reasons need no judgement.
    """
    rows = []
    for row in rated.domains.to_dict("records"):
        named = {str(name): cell for name, cell in row.items()}
        if not named["judged"] and rated.start == "high" and named["domain"] in UP:
            named["judgement"] = "not needed"
        rows.append(named)
    return rows
