"""Judgements of applicability as a sheet: to be filled in, and read back onto boxes and arrows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError, Problem, SpecError
from arrowroot.formats.cells import Cells
from arrowroot.sheets import NARROW, WIDE, Column, Sheet, fitting, unguarded, write_sheets
from logicmodels.model import AnyModel, Model
from logicmodels.questions.applicability import DOMAINS, JUDGEMENTS, KEYS
from logicmodels.questions.describe import in_words
from logicmodels.questions.part_names import Part, by_name, name, tidied, with_parts
from logicmodels.records import Applicability
from logicmodels.source.table_cells import is_file, read_table_cells

_COLUMNS = (
    *("part", "says", "finding", "target", "domain", "question"),
    *("judgement", "reason", "by", "date"),
)
_WIDE = ("says", "question", "reason")
_NEEDED = ("part", "target", "domain", "judgement", "reason")


def write_applicability(model: Model, path: str | Path, *, targets: str | Sequence[str]) -> Path:
    """Write an empty table of judgements; see `LogicModel.applicability_sheet`."""
    wanted = [targets] if isinstance(targets, str) else list(targets)
    if not wanted or not all(isinstance(target, str) and target.strip() for target in wanted):
        raise OptionError("targets: name the place or places where the findings are to be used.")
    asked = [link for link in model.links if link.evidence] or model.links
    rows = [
        [
            name(link),
            fitting(in_words(model, link)),
            finding,
            target,
            domain,
            question,
            "",
            "",
            "",
            "",
        ]
        for link in asked
        for finding in dict.fromkeys(claim.outcome for claim in link.evidence) or [""]
        for target in wanted
        for domain, question in DOMAINS.items()
    ]
    columns = [
        Column(
            column,
            width=WIDE if column in _WIDE else NARROW,
            choices=JUDGEMENTS if column == "judgement" else (),
        )
        for column in _COLUMNS
    ]
    return write_sheets(path, Sheet("applicability", columns, rows))


def with_applicability(model: AnyModel, table: Any) -> AnyModel:
    """Return a model with a table's judgements; see `LogicModel.with_applicability`."""
    cells = read_table_cells(table, "applicability")
    if not is_file(table):  # but perhaps a file before, whose cells were made harmless
        rows = [[unguarded(cell) for cell in row] for row in cells.rows]
        cells = replace(cells, rows=rows)
    parts = by_name(model)
    found = list(_judgements(cells, parts))
    problems = [entry for entry in found if isinstance(entry, Problem)]
    if problems:
        raise SpecError(cells.name, problems)
    changed: dict[str, Part] = {}
    for entry in found:
        if not isinstance(entry, Problem):
            part_name, judged = entry
            part = changed.get(part_name, parts[part_name])
            if judged not in part.applicability:
                changed[part_name] = replace(part, applicability=(*part.applicability, judged))
    remarks = tuple(f"{cells.name}: {remark}" for remark in cells.remarks)
    return replace(with_parts(model, changed), remarks=(*model.remarks, *remarks))


def _judgements(
    table: Cells, parts: dict[str, Part]
) -> Iterator[Problem | tuple[str, Applicability]]:
    """Yield the judgements of a table, and what is wrong with it; empty judgements are ignored."""
    header = [cell.lower() for row in table.rows[:1] for cell in row]
    wrong = list(_header_problems(header, *table.lines[:1]))
    yield from wrong
    for line, row in [] if wrong else zip(table.lines[1:], table.rows[1:], strict=True):
        cells = dict.fromkeys(header, "") | dict(zip(header, row, strict=False))
        if any(row[len(header) :]):
            message = "more cells than columns; quote text that contains a comma"
            yield Problem(line, len(header) + 1, "cells", message)
        if not (cells["judgement"] or cells["reason"]):
            continue
        part = tidied(cells["part"])
        bad = [
            Problem(line, header.index(key) + 1, rule, message)
            for key, rule, message in _cell_problems(cells, part, parts)
        ]
        yield from bad
        if not bad:
            given = {key: cells.get(key, "") for key in KEYS}
            given |= {key: given[key].lower() for key in ("domain", "judgement")}
            yield part, Applicability(**given)


def _header_problems(header: Sequence[str], line: int = 1) -> Iterator[Problem]:
    for place, column in enumerate(header, start=1):
        if column not in _COLUMNS:
            message = f"no column {column!r}; there are {', '.join(_COLUMNS)}"
            yield Problem(line, place, "unknown-column", message)
        elif column in header[: place - 1]:
            yield Problem(
                line, place, "duplicate-column", f"the column {column!r} occurs twice; keep one"
            )
    for column in _NEEDED:
        if column not in header:
            yield Problem(line, 1, "missing-column", f"the column {column!r} is missing")


def _cell_problems(
    cells: dict[str, str], part: str, parts: dict[str, Part]
) -> Iterator[tuple[str, str, str]]:
    """Yield column, rule and message for what is wrong with one judgement."""
    if part not in parts:
        yield "part", "unknown-part", f"the model has no box or arrow {cells['part']!r}"
    if not cells["target"]:
        yield "target", "empty", "target must not be empty; name where the finding is to be used"
    for key, known in (("domain", tuple(DOMAINS)), ("judgement", JUDGEMENTS)):
        if cells[key].lower() not in known:
            listed = ", ".join(map(repr, known))
            yield key, "value", f"{key} must be one of {listed}; got {cells[key][:60]!r}"
    if not cells["reason"]:
        yield "reason", "empty", "a judgement needs a reason"
