"""A sheet for comments: sent to people, and read back onto boxes and arrows without any loss."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from arrowroot.errors import ArrowrootError, OptionError
from arrowroot.files import as_paths
from arrowroot.formats.cells import Cells
from arrowroot.sheets import NARROW, WIDE, Column, Sheet, write_sheets
from arrowroot.specs.yaml_text import SIZE_LIMIT
from arrowroot.tables import read_beside, read_cells
from arrowroot.text import one_line
from logicmodels.locks import SCHEME
from logicmodels.model import AnyModel, Model
from logicmodels.questions.comments import VIEWS, as_shown, comments, is_shown, shown
from logicmodels.questions.comments_returned import NotTaken, Returned
from logicmodels.questions.part_names import Part, by_name, tidied, with_parts
from logicmodels.records import Comment
from logicmodels.source.table_cells import without_name

SHEET = "comments"
_AGREE = tuple(filter(None, VIEWS))
_COLUMNS: dict[str, Sequence[str]] = {
    "id": (),
    "what the figure says": (),
    "agree": _AGREE,
    "comment": (),
    "suggestion": (),
    "name": (),
    "role": (),
    "date": (),
    "version": (),
}
_WIDE = ("what the figure says", "comment", "suggestion")
_ANSWERS = ("agree", "comment", "suggestion")
_WHO = ("name", "role", "date")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_VERSION = re.compile(rf"({SCHEME})?[0-9a-f]{{12}}")


def write_comments(model: Model, path: str | Path) -> Path:
    """Write a sheet for comments; see `LogicModel.comment_sheet`."""
    rows = []
    for name, part in by_name(model).items():
        words = as_shown(model, part)
        rows.append([name, words, *[""] * 6, shown(name, words)])
    columns = [
        Column(name, width=WIDE if name in _WIDE else NARROW, choices=answers)
        for name, answers in _COLUMNS.items()
    ]
    return write_sheets(path, Sheet(SHEET, columns, rows))


def read_comments(model: AnyModel, paths: str | Path | Iterable[str | Path]) -> Returned[AnyModel]:
    """Add the comments on returned sheets to a model; see `LogicModel.read_comments`."""
    files = as_paths(paths)
    if not files:
        raise OptionError("paths: name the sheet or sheets that were returned.")
    parts = by_name(model)
    changed: dict[str, Part] = {}
    taken = repeated = 0
    not_taken: list[NotTaken] = []
    for path in files:
        for found in _read(path, model, parts):
            if isinstance(found, NotTaken):
                not_taken.append(found)
                continue
            name, comment = found
            part = changed.get(name, parts[name])
            if comment in part.comments:
                repeated += 1
            else:
                taken += 1
                changed[name] = replace(part, comments=(*part.comments, comment))
    commented = with_parts(model, changed)
    return Returned(commented, comments(commented), taken, repeated, tuple(not_taken))


@dataclass(frozen=True)
class _Row:
    """A line of a sheet: its filled cells by column, and where they are."""

    file: str
    line: int
    cells: Mapping[str, str]
    places: Mapping[str, int]

    @property
    def answers(self) -> list[str]:
        return [column for column in _ANSWERS if column in self.cells]

    def not_taken(self, column: str, message: str) -> NotTaken:
        return NotTaken(self.file, self.line, self.places[column], message)

    def quoted(self, columns: Iterable[str]) -> str:
        filled = (column for column in columns if column in self.cells)
        return ", ".join(f"{column} “{one_line(self.cells[column])}”" for column in filled)


def _read(
    path: str | Path, model: Model, parts: Mapping[str, Part]
) -> Iterator[NotTaken | tuple[str, Comment]]:
    """Yield the comments of one sheet, and every filled cell that is not part of one."""
    try:
        cells = read_cells(path, prefer=SHEET, largest=SIZE_LIMIT, days=True)
        beside = read_beside(path, prefer=SHEET, largest=SIZE_LIMIT)
    except ArrowrootError as error:
        yield NotTaken(str(path), 0, 0, f"not read: {without_name(error, path)}")
        return
    for notice in cells.notices:
        yield NotTaken(str(path), 0, 0, notice)
    for fault in cells.faults:
        if fault.rule == "merged":
            yield NotTaken(str(path), *fault.place, fault.message)
    for where, text in beside:
        yield NotTaken(str(path), 0, 0, f"{where}: “{one_line(text)}” is in no column of the sheet")
    known, strange = _rows(str(path), cells)
    yield from strange
    if cells.rows and "id" not in [cell.lower() for cell in cells.rows[0]]:
        for row in known:
            yield row.not_taken(next(iter(row.cells)), f"no column id: {row.quoted(row.cells)}")
        return
    usual = _usual(known)
    used: set[tuple[str, str]] = set()
    for row in known:
        for found in _of_row(row, model, parts, usual):
            yield found
            if not isinstance(found, NotTaken):
                comment = found[1]
                used |= set(zip(_WHO, (comment.by, comment.role, comment.date), strict=True))
    for row in known:
        if not row.answers:
            for key in _WHO:
                if key in row.cells and (key, row.cells[key]) not in used:
                    yield row.not_taken(key, f"{row.quoted([key])} is not beside a comment")


def _rows(file: str, sheet: Cells) -> tuple[list[_Row], list[NotTaken]]:
    """Return the filled cells of known columns by line, and those of no known column."""
    header = [cell.lower() for row in sheet.rows[:1] for cell in row]
    known, strange = [], []
    for line, row in zip(sheet.lines[1:], sheet.rows[1:], strict=True):
        cells: dict[str, str] = {}
        places: dict[str, int] = {}
        for place, cell in enumerate(row, start=1):
            column = header[place - 1] if place <= len(header) else ""
            if not cell:
                continue
            if column in _COLUMNS and header.index(column) == place - 1:
                cells[column], places[column] = cell, place
            else:
                called = f"the column {column!r}" if column else "a column without a name"
                message = f"“{one_line(cell)}” is in {called}; the sheet has no such column"
                strange.append(NotTaken(file, line, place, message))
        if cells:
            known.append(_Row(file, line, cells, places))
    told = {cell.column for cell in strange}
    for place, column in enumerate(header, start=1):
        if column and column not in _COLUMNS and place not in told:
            heading = one_line(sheet.rows[0][place - 1])
            message = f"“{heading}” is not the heading of a column of the sheet"
            strange.append(NotTaken(file, sheet.lines[0], place, message))
    return known, strange


def _usual(rows: Sequence[_Row]) -> dict[str, str]:
    """Return name, role and date that apply to the whole sheet: one person's, entered once."""
    given = {key: {row.cells[key] for row in rows if key in row.cells} for key in _WHO}
    if len(given["name"]) != 1:
        return {}
    return {key: next(iter(values)) for key, values in given.items() if len(values) == 1}


def _of_row(
    row: _Row, model: Model, parts: Mapping[str, Part], usual: Mapping[str, str]
) -> Iterator[NotTaken | tuple[str, Comment]]:
    cells = row.cells
    name = tidied(cells.get("id", ""))
    yield from _edited(row, name, model, parts)
    if not row.answers:
        return
    said = row.quoted((*_ANSWERS, *_WHO))
    if name not in parts:
        which = f"the model has no box or arrow {name!r}" if name else "the id is missing"
        yield row.not_taken(row.answers[0], f"{which}: {said}")
        return
    who = {key: cells.get(key, usual.get(key, "")) for key in _WHO}
    lacking = [key for key in ("name", "date") if not who[key]]
    if lacking:
        message = f"no {' and no '.join(lacking)}; fill it in and read the sheet again: {said}"
        yield row.not_taken(row.answers[0], message)
        return
    if not _DATE.fullmatch(who["date"]):
        message = f"write the date as 2026-11-30; got {who['date']!r}: {said}"
        yield row.not_taken("date" if "date" in cells else row.answers[0], message)
        return
    agree = cells.get("agree", "").lower()
    if agree not in VIEWS:
        listed = ", ".join(_AGREE)
        message = f"the answers to agree are {listed}; got {row.quoted(['agree', *_WHO])}"
        yield row.not_taken("agree", message)
        agree = ""
    version = cells.get("version", "")
    comment = Comment(
        by=who["name"],
        date=who["date"],
        role=who["role"],
        agree=agree,
        text=cells.get("comment", ""),
        suggestion=cells.get("suggestion", ""),
        shown=version if _VERSION.fullmatch(version) else "",
    )
    if comment.agree or comment.text or comment.suggestion:
        yield name, comment


def _edited(row: _Row, name: str, model: Model, parts: Mapping[str, Part]) -> Iterator[NotTaken]:
    """Yield text that somebody wrote over the sheet's own: a suggestion in the wrong place."""
    words, version = row.cells.get("what the figure says", ""), row.cells.get("version", "")
    if version and not _VERSION.fullmatch(version):
        yield row.not_taken(
            "version", f"{row.quoted(['version'])} is not the version of a box or arrow"
        )
    if is_shown(version, name, words):
        return
    if name and name not in parts and not row.answers:
        yield row.not_taken("id", f"the model has no box or arrow {name!r}")
    now = as_shown(model, parts[name]) if name in parts else ""
    if words and words != now:
        message = (
            f"“{one_line(words)}” is not the original text of the sheet; put it under suggestion"
        )
        yield row.not_taken("what the figure says", message)
