"""One worksheet of an XLSX workbook: its filled cells, and what is special about some of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from arrowroot.errors import FileError
from arrowroot.formats.archive import Archive, namespace
from arrowroot.formats.places import LAST_COLUMN, LAST_ROW, Place, address, column_of
from arrowroot.sheets import unguarded
from arrowroot.text import trimmed

MOST_CELLS = 20_000_000
"""Cells that a table may have before it is refused: far more than anybody fills in."""

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400
_ESCAPED = re.compile(r"_x(0009|000[aA]|000[dD]|005[fF])_")


@dataclass(frozen=True)
class Shared:
    """What all worksheets of a workbook share.

    Attributes
    ----------
    texts : sequence of str
        Texts to which cells refer by their place.
    formats : mapping of str to str
        How numbers of each cell format are shown: ``"date"``, ``"duration"``, ``"share"``,
        ``"nothing"``, or empty for the number itself.
    from_1904 : bool
        Whether days are counted from 1904.
    days : bool
        Whether a date is given as its day, ``2026-05-04``, without a time of day.
    """

    texts: Sequence[str]
    formats: Mapping[str, str]
    from_1904: bool
    days: bool


@dataclass(frozen=True)
class Sheet:
    """The filled cells of a worksheet as text.

    Attributes
    ----------
    rows : dict
        Row -> column -> text, without blanks around it; empty rows and cells are left out.
    formulas : dict
        Place -> formula, with the equals sign.
    unstored : set
        Places of formulas without a stored value.
    shares : set
        Places of numbers that are shown as percentages; their text is the number itself.
    unseen : list
        Places of cells whose format shows nothing.
    hidden_rows : set
        Rows that are hidden, by a filter or otherwise.
    hidden_columns : list
        First and last of columns that are hidden.
    merged : list
        First and last place of every merged block.
    """

    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    unstored: set[Place] = field(default_factory=set)
    shares: set[Place] = field(default_factory=set)
    unseen: list[Place] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def read_sheet(archive: Archive, part: str, shared: Shared) -> Sheet:
    """Return the content of a worksheet, whatever size it claims to have.

    Raises
    ------
    FileError
        If it is damaged, or has more filled cells than `MOST_CELLS`.
    """
    reader = _Reader(archive, shared)
    depth, body, space, row, left = 0, None, "", 0, MOST_CELLS
    for event, element in archive.events(part):
        if event == "start":
            depth += 1
            if depth == 1:
                space = namespace(element.tag)
                if element.tag != f"{space}worksheet":
                    archive.refuse(f"{part} is not a worksheet")
            elif depth == 2 and element.tag == f"{space}sheetData":
                body = element
            continue
        depth -= 1
        if depth == 2 and body is not None and element.tag == f"{space}row":
            row = reader.read_row(element, space, row)
            left -= len(reader.sheet.rows.get(row, ()))
            if left < 0:
                raise FileError(
                    f"{archive.name}: a worksheet has more than {MOST_CELLS:,} filled cells; not "
                    "read."
                )
            body.clear()
        elif depth == 1:
            body = None
            reader.read_beside(element, space)
            element.clear()
    return reader.sheet


def text_of(item: Any, space: str) -> str:
    """Return a text with all its runs, without the reading aids above Japanese words."""
    runs = item.iterfind(f"{space}r/{space}t")
    return _plain("".join(run.text or "" for run in (*item.iterfind(f"{space}t"), *runs)))


def is_on(element: Any, switch: str) -> bool:
    """Return whether an attribute is present and true."""
    return element is not None and element.get(switch) in ("1", "true", "on")


def place_of(archive: Archive, written: str) -> Place:
    """Return the place of an address; refuse one that no worksheet has."""
    name = written.rstrip("0123456789")
    return _row_of(archive, written[len(name) :]), _column_of(archive, name)


class _Reader:
    """Fills a `Sheet`, row by row."""

    def __init__(self, archive: Archive, shared: Shared) -> None:
        self.sheet = Sheet()
        self._archive, self._shared = archive, shared
        self._columns: dict[str, int] = {}

    def read_row(self, element: Any, space: str, before: int) -> int:
        """Take a row's cells, and return its number."""
        given = element.get("r")
        row = _row_of(self._archive, str(before + 1) if given is None else given)
        if is_on(element, "hidden") or element.get("ht") == "0":
            self.sheet.hidden_rows.add(row)
        cells = self.sheet.rows.get(row, {})
        digits, column = str(row), 0
        for cell in element.iterfind(f"{space}c"):
            where = cell.get("r")
            if where is None:
                column += 1
            else:
                name = where.rstrip("0123456789")
                if where[len(name) :] != digits:
                    self._archive.refuse(f"cell {where[:20]} is in row {row}")
                if name not in self._columns:
                    self._columns[name] = _column_of(self._archive, name)
                column = self._columns[name]
            if column > LAST_COLUMN:
                self._archive.refuse(f"row {row} has more than {LAST_COLUMN:,} columns")
            text = self._cell(cell, space, (row, column))
            if text and cells.setdefault(column, text) != text:
                self._archive.refuse(f"cell {address((row, column))} occurs twice")
        if cells:
            self.sheet.rows[row] = cells
        return row

    def read_beside(self, element: Any, space: str) -> None:
        """Record hidden columns and merged blocks, which come before and after the cells."""
        for column in element.iterfind(f"{space}col"):
            if is_on(column, "hidden") or column.get("width") == "0":
                first, last = (
                    _whole(self._archive, column.get(end, ""), "column") for end in ("min", "max")
                )
                self.sheet.hidden_columns.append((first, last))
        for block in element.iterfind(f"{space}mergeCell"):
            first_cell, _, last_cell = block.get("ref", "").partition(":")
            ends = (place_of(self._archive, end) for end in (first_cell, last_cell or first_cell))
            self.sheet.merged.append((next(ends), next(ends)))

    def _cell(self, cell: Any, space: str, place: Place) -> str:
        """Return a cell's text, and record what is special about it."""
        kind = cell.get("t", "n")
        stored = cell.find(f"{space}v")
        formula = cell.find(f"{space}f")
        written = None if stored is None else stored.text
        if formula is not None:
            self.sheet.formulas[place] = f"={formula.text or ''}"
            # A formula may result in an empty text; then its stored value is present but empty.
            if not written and not (kind == "str" and stored is not None):
                self.sheet.unstored.add(place)
        if kind == "inlineStr":
            inline = cell.find(f"{space}is")
            return "" if inline is None else text_of(inline, space)
        if not written:
            return ""
        style = cell.get("s", "0")
        shows = self._shared.formats.get(style, "" if style == "0" else None)
        if shows is None:
            self._archive.refuse(f"cell {address(place)} has a format that does not exist")
        if shows == "nothing":
            self.sheet.unseen.append(place)
        if kind == "n" and shows == "share":
            self.sheet.shares.add(place)
        return self._text(kind, written, shows, place)

    def _text(self, kind: str, written: str, shows: str, place: Place) -> str:
        where = f"cell {address(place)}"
        if kind == "n":
            return self._number(written.strip(), shows, where)
        if kind == "s":
            at = _whole(self._archive, written, f"the text of {where}")
            if at >= len(self._shared.texts):
                self._archive.refuse(f"the text of {where} is missing")
            return self._shared.texts[at]
        if kind in ("str", "e"):
            return _plain(written)
        if kind == "b":
            return str(bool(_whole(self._archive, written, where)))
        if kind == "d":
            return self._iso_date(written.strip(), where)
        return self._archive.refuse(f"{where} is of an unknown type")

    def _number(self, written: str, shows: str, where: str) -> str:
        readable = _NUMBER.fullmatch(written) and len(written) < _LONGEST_NUMBER
        value = float(written) if readable else float("inf")
        if abs(value) == float("inf"):
            self._archive.refuse(f"{where} contains no number: {written[:20]!r}")
        if shows in ("date", "duration"):
            return self._date(value, as_duration=shows == "duration")
        if value.is_integer():
            # From the digits where they are given: there may be more than a float can hold.
            return str(int(written) if written.lstrip("+-").isdigit() else int(value))
        return str(value)

    def _date(self, value: float, *, as_duration: bool) -> str:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        epoch = MAC_EPOCH if self._shared.from_1904 else WINDOWS_EPOCH
        try:
            return self._shown(from_excel(value, epoch, timedelta=as_duration))
        except (OverflowError, ValueError):
            return "#VALUE!"  # spreadsheet programs show no date either

    def _iso_date(self, written: str, where: str) -> str:
        from openpyxl.utils.datetime import from_ISO8601

        try:
            return self._shown(from_ISO8601(written))
        except (OverflowError, ValueError, TypeError, AttributeError):
            self._archive.refuse(f"{where} contains no date: {written[:20]!r}")

    def _shown(self, value: Any) -> str:
        whole_days = self._shared.days and hasattr(value, "year")
        return value.isoformat()[:10] if whole_days else str(value)


def _row_of(archive: Archive, written: str) -> int:
    row = _whole(archive, written, "row")
    if not 1 <= row <= LAST_ROW:
        archive.refuse(f"no worksheet has a row {row}")
    return row


def _column_of(archive: Archive, name: str) -> int:
    return column_of(name) or archive.refuse(f"no worksheet has a column {name[:20]!r}")


def _whole(archive: Archive, written: str, of: str) -> int:
    if not re.fullmatch(r"\s*\d{1,9}\s*", written, re.ASCII):
        archive.refuse(f"{of}: {written[:20]!r} is not a whole number")
    return int(written)


def _plain(text: str) -> str:
    """Return a text as its cell shows it, without blanks around it or a guarding apostrophe."""
    if "_x" in text:  # line ends, and underscores that would look like one
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return unguarded(trimmed(text))
