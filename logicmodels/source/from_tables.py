"""A logic model from two tables, one of boxes and one of arrows, as spreadsheets hold them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from arrowroot.errors import Problem, SpecError
from arrowroot.formats.cells import Cells
from arrowroot.specs.slips import ANSWERS
from arrowroot.specs.yaml_text import Entries, Entry
from arrowroot.text import did_you_mean
from logicmodels.model import AnyModel
from logicmodels.source.links import spread
from logicmodels.source.spec import build
from logicmodels.source.table_cells import is_file, read_table_cells

COLUMNS = {
    "nodes": (
        *("id", "column", "label", "items", "who", "by", "indicators", "harm", "note"),
        *("short", "url"),
    ),
    "links": (
        *("from", "to", "because", "mechanism", "role", "theory"),
        *("assumptions", "no_assumption_because", "feedback", "mutual"),
    ),
}
_LISTS = ("items", "indicators", "assumptions")
_SWITCHES = ("harm", "feedback", "mutual")
_WIDTH = 100_000
"""Wider than any table: the columns of `nodes` are numbered from here and those of `links` from
twice as far, so that a problem found in both together can be traced to its table."""


def from_tables(
    nodes: str | os.PathLike[str] | Any,
    links: str | os.PathLike[str] | Any,
    kind: type[AnyModel],
    *,
    profile: str,
    title: str,
    **keys: Any,
) -> AnyModel:
    """Read a logic model from a table of boxes and one of arrows; see `LogicModel.from_tables`."""
    cells = {name: _cells(table, name) for name, table in (("nodes", nodes), ("links", links))}
    name = " and ".join(dict.fromkeys(table.name for table in cells.values()))
    if cells["nodes"].rows and cells["nodes"].rows == cells["links"].rows:
        message = "boxes and arrows are in one table; if they are in two sheets, call them"
        raise SpecError(name, [Problem(0, 0, "sheet", f"{message} 'nodes' and 'links'")])
    problems = [problem for table, rows in cells.items() for problem in _form(table, rows)]
    if problems:
        raise SpecError(name, problems)
    read = {table: _entries(table, rows) for table, rows in cells.items()}
    head = {"spec_version": 1, "profile": profile, "title": title, **keys}
    try:
        model = build(spread(Entry({**head, **read}, {})), name, kind)
    except SpecError as error:
        raise SpecError(name, [_traced(problem) for problem in error.problems]) from None
    return replace(model, remarks=tuple(_remarks(cells, one_file=_is_one_file(nodes, links))))


def _cells(table: Any, name: str) -> Cells:
    """Return the cells of a table.

    Names of columns may begin with a capital, since spreadsheet programs correct them so.
    """
    cells = read_table_cells(table, name)
    header = [[cell.lower() for cell in row] for row in cells.rows[:1]]
    return replace(cells, rows=[*header, *cells.rows[1:]])


def _is_one_file(nodes: Any, links: Any) -> bool:
    return is_file(nodes) and is_file(links) and os.fspath(nodes) == os.fspath(links)


def _remarks(cells: Mapping[str, Cells], *, one_file: bool) -> Iterator[str]:
    """Yield notes about the files; for one workbook, sheets that are neither table."""
    read = {repr(table.sheet) for table in cells.values()} if one_file else set()
    found: dict[str, None] = {}
    for table in cells.values():
        beside = replace(table, unread=[title for title in table.unread if title not in read])
        found |= dict.fromkeys(f"{table.name}: {remark}" for remark in beside.remarks)
    yield from found


def _form(table: str, cells: Cells) -> Iterator[Problem]:
    """Yield columns that are unknown, missing or repeated, and rows that do not fit them."""
    known = COLUMNS[table]
    header = cells.rows[0] if cells.rows else []
    for place, column in enumerate(header, start=1):
        if column in header[: place - 1]:
            message = f"{table}: the column {column!r} occurs twice; keep one"
            yield Problem(cells.lines[0], place, "duplicate-column", message)
        elif column not in known:
            hint = did_you_mean(column, known, "did you mean {!r}?")
            hint = hint or f"there are {', '.join(known)}"
            message = f"{table}: no column {column!r}; {hint}"
            yield Problem(cells.lines[0], place, "unknown-column", message)
    for line, row in zip(cells.lines[1:], cells.rows[1:], strict=True):
        if any(row[len(header) :]):
            message = f"{table}: more cells than columns; quote text that contains a comma"
            yield Problem(line, len(header) + 1, "cells", message)
        for place, (column, cell) in enumerate(zip(header, row, strict=False), start=1):
            if column in _SWITCHES and cell and cell.lower() not in ANSWERS:
                message = f"{table}: {column} must be yes or no; got {cell[:60]!r}"
                yield Problem(line, place, "type", message)


def _entries(table: str, cells: Cells) -> Entries:
    """Return the rows as entries of a specification; rows without any text are ignored."""
    header = cells.rows[0] if cells.rows else []
    offset = _WIDTH * (1 + list(COLUMNS).index(table))
    entries = []
    for line, row in zip(cells.lines[1:], cells.rows[1:], strict=True):
        filled = [place for place, cell in enumerate(row) if cell]
        if filled:
            values = {header[place]: _value(header[place], row[place]) for place in filled}
            places = {header[place]: (line, offset + place + 1) for place in filled}
            entries.append(Entry(values, places))
    return Entries(entries)


def _value(column: str, cell: str) -> Any:
    if column in _SWITCHES:
        return ANSWERS[cell.lower()]
    if column not in _LISTS:
        return cell
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return [{"text": part} for part in parts] if column == "assumptions" else parts


def _traced(problem: Problem) -> Problem:
    """Return a problem with its table and its column there; others belong to neither table."""
    table, column = divmod(problem.column, _WIDTH)
    if not table:
        return Problem(0, 0, problem.rule, problem.message)
    message = f"{list(COLUMNS)[table - 1]}: {problem.message}"
    return Problem(problem.line, column, problem.rule, message)
