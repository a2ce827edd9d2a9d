"""Sheets of risk of bias: a template to fill in, the long table, and robvis's files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_path, free_path
from arrowroot.sheets import Column, Sheet, write_sheets, write_table
from arrowroot.text import capitalised, label, shortened
from synthesis.appraisal.risk_of_bias.answers import ANSWERS
from synthesis.appraisal.risk_of_bias.appraisal import Appraised
from synthesis.appraisal.risk_of_bias.entries import KEY, LONG, QUESTIONS, REASON
from synthesis.appraisal.risk_of_bias.results import results_in
from synthesis.appraisal.risk_of_bias.tools.reading import tool_named
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL, Question, Tool
from synthesis.appraisal.risk_of_bias.words import AS_PROPOSED

if TYPE_CHECKING:
    from synthesis.pooling.results import MetaAnalysis

NAME = "Risk of bias"
SPARE = 200
"""Empty rows that have the lists as well."""

_KEYS = {
    "study": "The study, as the extraction sheet names it.",
    "outcome": "Risk of bias is judged for a result, and differs between outcomes.",
    "window": "The time of the result, such as short or long; blank if there is one.",
    "assessor": "Who fills in this row; with two assessors each has a row, or a file.",
}


def template(
    path: str | os.PathLike[str],
    results: pd.DataFrame | Iterable[object] | MetaAnalysis | None = None,
    *,
    tool: str | os.PathLike[str] | Tool = "rob2",
    effect: str = "assignment",
    design: str = "parallel",
    assessors: Sequence[str] = (),
    choices: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """Write a sheet to fill in: one row per study and result, with lists to choose from.

    Parameters
    ----------
    path : path
        An ``.xlsx`` (with lists, notes and a worksheet of the questions) or ``.csv`` file.
    results : DataFrame, MetaAnalysis or list of str, optional
        The studies, and their outcomes and windows if the table has columns of these names.
    tool, effect, design
        As for `RiskOfBias.read`.
    assessors : sequence of str
        Each gets a row per result; for sheets that do not show the other's judgements write one
        file for each.
    choices : mapping of str to sequence of str, optional
        What the cells of a column offer, such as ``{"outcome": ["pain", "function"]}``.

    Returns
    -------
    Path
        The file, which `RiskOfBias.read` reads.

    Raises
    ------
    FileError
        If the file exists already: nobody's work is overwritten.
    DataError
        If the table has no column of studies.
    """
    known = tool_named(tool, effect=effect, design=design)
    if isinstance(assessors, str):
        raise OptionError(f"assessors must be a list, such as [{assessors!r}]; got text.")
    people = [label(one) for one in assessors] or [""]
    columns = [_offering(one, choices or {}) for one in _columns(known)]
    rest = [""] * (len(columns) - len(KEY))
    rows = [[*result, who, *rest] for who in people for result in results_in(results)]
    target = free_path(path)
    is_text = target.suffix.lower() == ".csv"
    return write_sheets(
        target, _sheet(columns, rows), *([] if is_text else [_questions_sheet(known)])
    )


def _offering(column: Column, choices: Mapping[str, Sequence[str]]) -> Column:
    given = tuple(choices.get(column.name, ()))
    if not given:
        return column
    refuses = f"{column.name} must be one of: {', '.join(given)}"
    return replace(column, choices=given, refuses=refuses)


def _columns(tool: Tool, *, proposals: bool = False, noted: Collection[str] = ()) -> list[Column]:
    """Return the columns: who and what, then each domain's questions, judgement and reason."""
    columns = [Column(name, width=18, note=about) for name, about in _KEYS.items()]
    for domain in tool.domains:
        for one in domain.questions:
            columns.append(_question_column(one))
            if one.id in noted:
                columns.append(Column(f"{one.id} {REASON}", width=30))
        columns += _judgement_columns(tool, domain.code, domain.about, proposals=proposals)
    if tool.overall:
        columns += _judgement_columns(tool, OVERALL, "the result as a whole", proposals=proposals)
    return columns


def _question_column(one: Question) -> Column:
    when = f" Only if {one.when()}; else NA." if one.asked_if else ""
    legal = ", ".join(f"{code} {ANSWERS[code]}" for code in one.answers)
    return Column(
        one.id,
        width=8,
        choices=one.answers,
        refuses=f"Choose one of {', '.join(one.answers)}.",
        note=f"{one.text}{when} {one.guidance} ({legal})",
    )


def _judgement_columns(tool: Tool, code: str, about: str, *, proposals: bool) -> list[Column]:
    offered = [*tool.judgements(code), *([AS_PROPOSED] if tool.design else [])]
    shown = [
        Column(f"{code} proposed", width=24, note="What the answers propose, and why."),
    ]
    return [
        *(shown if proposals and tool.design else []),
        Column(
            code,
            width=16,
            choices=offered,
            refuses=f"Choose one of {', '.join(offered)}.",
            note=f"Your judgement of {about}.",
            bold=True,
        ),
        Column(
            f"{code} {REASON}",
            width=30,
            note="What supports the judgement; needed where it differs from what is proposed.",
        ),
    ]


def _questions_sheet(tool: Tool) -> Sheet:
    columns = [
        Column("number", width=10, bold=True),
        Column("asks", width=70),
        Column("asked if", width=36),
        Column("answers", width=24),
        Column("guidance", width=70),
    ]
    rows = []
    for domain in tool.domains:
        rows.append([domain.code, capitalised(domain.about), "", "; ".join(domain.judgements), ""])
        rows += [
            [one.id, one.text, one.when() or "always", ", ".join(one.answers), one.guidance]
            for one in domain.questions
        ]
    source = [["", f"Questions in our words, after {tool.source}.", "", "", ""]]
    return Sheet(QUESTIONS, columns, [*rows, *(source if tool.source else [])])


def _sheet(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Sheet:
    return Sheet(NAME, columns, rows, freeze="B2", spare=SPARE)


def save(tool: Tool, appraised: Sequence[Appraised], path: str | os.PathLike[str]) -> Path:
    """Write everything that was read; see `RiskOfBias.save`."""
    target = as_path(path)
    if target.suffix.lower() == ".csv":
        long = [row for held in appraised for row in _long(held)]
        return write_table(pd.DataFrame(long, columns=list(LONG)), target)
    noted = {one for held in appraised for one in held.entry.reasons} - set(tool.codes)
    rows = [_wide(held, tool, noted) for held in appraised]
    sheet = _sheet(_columns(tool, proposals=True, noted=noted), rows)
    return write_sheets(target, sheet, _questions_sheet(tool))


def _wide(held: Appraised, tool: Tool, noted: Collection[str]) -> list[str]:
    """Return an entry as a row of the template, cells that could not be read as they were."""
    entry = held.entry
    row = [entry.study, entry.outcome, entry.window, entry.assessor]
    codes = [*(domain.code for domain in tool.domains), *([OVERALL] if tool.overall else [])]
    for code in codes:
        if code != OVERALL:
            for one in tool.domain(code).questions:
                row.append(held.answers.get(one.id, entry.answers.get(one.id, "")))
                row += [entry.reasons.get(one.id, "")] * (one.id in noted)
        if tool.design:
            proposal = held.proposed.get(code)
            because = f"{proposal.judgement or 'nothing'} ({proposal.path})" if proposal else ""
            row.append(because)
        row += [
            held.judgements.get(code, entry.judgements.get(code, "")),
            entry.reasons.get(code, ""),
        ]
    return row


def _long(held: Appraised) -> Iterator[tuple[str, ...]]:
    entry = held.entry
    key = (*entry.result, entry.assessor)
    filled = {**entry.answers, **entry.judgements}
    read = {**held.answers, **held.judgements}
    for item in [*filled, *(one for one in entry.reasons if one not in filled)]:
        yield (*key, item, read.get(item, filled.get(item, "")), entry.reasons.get(item, ""))


def write_robvis(
    table: pd.DataFrame, path: str | os.PathLike[str], weights: Mapping[str, float] | None
) -> Path:
    """Write a file for robvis; see `RiskOfBias.write_robvis`."""
    target = as_path(path)
    if target.suffix.lower() != ".csv":
        raise OptionError(f"path: robvis reads CSV; give a name ending in .csv, not {target.name}.")
    written = table.map(lambda cell: cell or "")
    for code in written.columns[1:]:
        written[code] = written[code].map(capitalised)
    written = written.rename(columns={"study": "Study", OVERALL: "Overall"})
    lacking = [one for one in table["study"] if weights is not None and one not in weights]
    if lacking:
        raise DataError(
            f"weights: {shortened(lacking)} not in the analysis; robvis needs a weight of each "
            "study. Leave out weights, or judge the studies of the analysis."
        )
    written["Weight"] = [
        "1" if weights is None else repr(float(weights[one])) for one in table["study"]
    ]
    return write_table(written, target)
