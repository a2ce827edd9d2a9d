"""A logic model from two tables, one of boxes and one of arrows, as spreadsheets hold them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from arrowroot.errors import EvidenceError, OptionError, Problem, SpecError
from arrowroot.files import as_path
from arrowroot.formats.cells import Cells
from arrowroot.specs.slips import ANSWERS
from arrowroot.specs.yaml_text import Entries, Entry
from arrowroot.text import did_you_mean
from logicmodels.model import AnyModel
from logicmodels.questions.evidence import with_evidence
from logicmodels.source.links import spread
from logicmodels.source.spec import build
from logicmodels.source.table_cells import is_file, read_table_cells

COLUMNS = {
    "nodes": (
        *("id", "column", "label", "items", "who", "by", "indicators", "harm", "note"),
        *("short", "url", "group", "tags", "owner", "acts_on", "model"),
    ),
    "links": (
        *("from", "to", "because", "mechanism", "role", "theory"),
        *("assumptions", "no_assumption_because", "feedback", "mutual", "polarity", "delay"),
        *("label", "confidence"),
    ),
}
HEAD = ("profile", "title", "description", "version", "date", "source")
"""Keys of a model as a whole, for the sheet `model` of a workbook: names, and one row of values."""
OWN_COLUMNS = ("id", "heading", "kind", "note", "group", "bar")
"""Columns of the sheet `columns` of a workbook, where a model has columns of its own."""
_LISTS = ("items", "indicators", "assumptions", "tags", "acts_on")
_SWITCHES = ("harm", "feedback", "mutual", "delay", "bar")
_WIDTH = 100_000
"""Wider than any table: the columns of `nodes` are numbered from here and those of `links` from
twice as far, so that a problem found in both together can be traced to its table."""


def from_tables(
    nodes: str | os.PathLike[str] | Any,
    links: str | os.PathLike[str] | Any,
    kind: type[AnyModel],
    *,
    profile: str | None = None,
    title: str | None = None,
    **keys: Any,
) -> AnyModel:
    """Read a logic model from a table of boxes and one of arrows; see `LogicModel.from_tables`."""
    given = {"profile": profile, "title": title}
    keys = {key: value for key, value in given.items() if value is not None} | keys
    if links is None:
        return _from_workbook(nodes, kind, keys)
    if missing := [key for key in given if key not in keys]:
        raise OptionError(f"from_tables: {' and '.join(missing)} must be given.")
    return _from_both(nodes, links, kind, keys)


def _from_workbook(book: Any, kind: type[AnyModel], keys: Mapping[str, Any]) -> AnyModel:
    """Read a model from the sheets of one workbook; keys that are given replace its own."""
    if not (is_file(book) and as_path(book).suffix.lower() == ".xlsx"):
        raise OptionError(
            "from_tables: give two tables, of boxes and of arrows, or one .xlsx workbook with the "
            "sheets 'nodes' and 'links'."
        )
    found = {name: _sheet(book, name) for name in (*COLUMNS, "model", "evidence", "columns")}
    name = as_path(book).name
    for sheet in COLUMNS:
        if found[sheet] is None:
            message = (
                f"there is no sheet {sheet!r}; boxes are read from 'nodes', arrows from 'links'"
            )
            raise SpecError(name, [Problem(0, 0, "sheet", message)])
    keys = {**(_head(found["model"], name) if found["model"] else {}), **keys}
    own = found["columns"]
    if own is not None and _filled(own) and "columns" not in keys:
        keys["columns"] = _own_columns(own, name)
    if missing := [key for key in ("profile", "title") if not keys.get(key)]:
        message = (
            f"{' and '.join(missing)} must be given: in the sheet 'model', beneath the name, or as"
            f" {', '.join(f'{key}=' for key in missing)} when it is read"
        )
        raise SpecError(name, [Problem(0, 0, "missing-key", message)])
    model = _from_both(book, book, kind, keys)
    claims = found["evidence"]
    if claims is None or not _filled(claims):
        return model
    try:
        read = with_evidence(model, _records(claims))
    except EvidenceError as error:
        raise EvidenceError(
            f"{name}, sheet 'evidence' (row 1 is the first beneath the names): {error}"
        ) from None
    return replace(read, remarks=model.remarks)


def _sheet(book: Any, name: str) -> Cells | None:
    """Return the cells of a sheet, or None if the workbook has no sheet of that name."""
    cells = _cells(book, name)
    return cells if cells.sheet == name else None


def _filled(cells: Cells) -> list[tuple[int, list[str]]]:
    """Return the rows beneath the names that have any text, with their lines."""
    pairs = zip(cells.lines[1:], cells.rows[1:], strict=True)
    return [(line, row) for line, row in pairs if any(row)]


def _records(cells: Cells) -> list[dict[str, str | None]]:
    header = cells.rows[0]
    return [
        {key: cell or None for key, cell in zip_longest(header, row, fillvalue="") if key or cell}
        for _, row in _filled(cells)
    ]


def _own_columns(cells: Cells, name: str) -> Entries:
    """Return the columns of a model's own from the sheet of that name, one per row."""
    problems = list(_form("columns", cells))
    if problems:
        raise SpecError(name, problems)
    header = cells.rows[0]
    entries = [
        Entry(
            {key: _value(key, cell) for key, cell in zip(header, row, strict=False) if cell},
            {key: (line, place) for place, key in enumerate(header, start=1)},
        )
        for line, row in _filled(cells)
    ]
    return Entries(entries)


def _head(cells: Cells, name: str) -> dict[str, str]:
    """Return the keys of a model from the sheet of that name: names, and one row of values."""
    header = cells.rows[0] if cells.rows else []
    problems = [
        Problem(
            cells.lines[0],
            place,
            "unknown-column",
            f"model: no column {key!r}; "
            + (did_you_mean(key, HEAD, "did you mean {!r}?") or f"there are {', '.join(HEAD)}"),
        )
        for place, key in enumerate(header, start=1)
        if key not in HEAD
    ]
    rows = _filled(cells)
    if len(rows) > 1:
        message = "model: only one row of values is read beneath the names; remove the others"
        problems.append(Problem(rows[1][0], 1, "rows", message))
    if problems:
        raise SpecError(name, problems)
    return {key: cell for _, row in rows for key, cell in zip(header, row, strict=False) if cell}


def _from_both(nodes: Any, links: Any, kind: type[AnyModel], keys: Mapping[str, Any]) -> AnyModel:
    cells = {name: _cells(table, name) for name, table in (("nodes", nodes), ("links", links))}
    name = " and ".join(dict.fromkeys(table.name for table in cells.values()))
    if cells["nodes"].rows and cells["nodes"].rows == cells["links"].rows:
        message = "boxes and arrows are in one table; if they are in two sheets, call them"
        raise SpecError(name, [Problem(0, 0, "sheet", f"{message} 'nodes' and 'links'")])
    problems = [problem for table, rows in cells.items() for problem in _form(table, rows)]
    if problems:
        raise SpecError(name, problems)
    read = {table: _entries(table, rows) for table, rows in cells.items()}
    head = {"spec_version": 1, **keys}
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
    read |= {repr(sheet) for sheet in ("model", "evidence", "columns")} if one_file else set()
    found: dict[str, None] = {}
    for table in cells.values():
        beside = replace(table, unread=[title for title in table.unread if title not in read])
        found |= dict.fromkeys(f"{table.name}: {remark}" for remark in beside.remarks)
    yield from found


def _form(table: str, cells: Cells) -> Iterator[Problem]:
    """Yield columns that are unknown, missing or repeated, and rows that do not fit them."""
    known = OWN_COLUMNS if table == "columns" else COLUMNS[table]
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
