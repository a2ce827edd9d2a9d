"""What was read, as tables: a row per judgement, a row per answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from arrowroot.frames import TextTable
from synthesis.appraisal.risk_of_bias.appraisal import Appraised
from synthesis.appraisal.risk_of_bias.tools.tool import Tool

_JUDGED = (
    *("study", "outcome", "window", "domain", "proposed", "judgement", "reason", "assessor"),
    *("path", "line"),
)
_ANSWERED = ("study", "outcome", "window", "assessor", "domain", "question", "answer", "line")


def judged_table(appraised: Iterable[Appraised], tool: Tool) -> TextTable:
    """Return the table `judgements` of `RiskOfBias`."""
    return _table([row for held in appraised for row in _judged_rows(held, tool)], _JUDGED)


def answered_table(appraised: Iterable[Appraised], tool: Tool) -> TextTable:
    """Return the table `answers` of `RiskOfBias`."""
    return _table([row for held in appraised for row in _answer_rows(held, tool)], _ANSWERED)


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> TextTable:
    """Return rows as a table of text, in which None stays None."""
    table = TextTable(rows, columns=list(columns), dtype=object)
    return table.astype({"line": int})


def _judged_rows(held: Appraised, tool: Tool) -> list[dict[str, Any]]:
    if held.entry.is_blank:
        return []
    rows = []
    for code in tool.codes:
        proposal = held.proposed.get(code)
        rows.append(
            {
                "study": held.entry.study,
                "outcome": held.entry.outcome,
                "window": held.entry.window,
                "domain": code,
                "proposed": proposal.judgement if proposal else None,
                "judgement": held.judgements.get(code),
                "reason": held.entry.reasons.get(code, ""),
                "assessor": held.entry.assessor,
                "path": proposal.path if proposal else "",
                "line": held.entry.line,
            }
        )
    return rows


def _answer_rows(held: Appraised, tool: Tool) -> list[dict[str, Any]]:
    return [
        {
            "study": held.entry.study,
            "outcome": held.entry.outcome,
            "window": held.entry.window,
            "assessor": held.entry.assessor,
            "domain": domain.code,
            "question": one.id,
            "answer": held.answers[one.id],
            "line": held.entry.line,
        }
        for domain in tool.domains
        for one in domain.questions
        if one.id in held.answers
    ]
