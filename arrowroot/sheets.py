"""Sheets for people to fill in, as CSV or XLSX: with lists to choose from, and no formulas.

A text that a spreadsheet program would take for a formula is written with an apostrophe before
it; everything that reads a table removes it again (`unguarded`).
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import OptionError
from arrowroot.files import as_path, write_bytes, write_text
from arrowroot.text import one_line, printable, trimmed

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheet programs treat a cell that begins like this as a formula."""

LONGEST = 30_000
"""Longest text in a cell, in characters; Excel allows 32,767."""

LONGEST_LIST = 253
"""Longest list of choices in a cell, in characters with the commas between them: Excel's limit."""

WIDE, NARROW = 60, 18
"""Widths of a column with sentences, and of any other, in characters."""

_UNDATED = (1980, 1, 1, 0, 0, 0)
"""The earliest time in a ZIP archive, used so that the same content gives the same bytes."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    name : str
        Its heading.
    width : int
        In characters.
    choices : sequence of str
        What its cells offer in a list.
    refuses : str
        The message of a spreadsheet program for anything else; if empty, other text is
        accepted.
    rule : mapping of str to str
        Instead of `choices`: what cells may contain, in openpyxl's terms, such as ``{"type":
        "decimal", "operator": "greaterThan", "formula1": "0"}``.
    note : str
        A note attached to the heading.
    bold : bool
        Whether its cells are bold, as the heading is.
    """

    name: str
    width: int = NARROW
    choices: Sequence[str] = ()
    refuses: str = ""
    rule: Mapping[str, str] | None = None
    note: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet to be written.

    Attributes
    ----------
    name : str
        Its name in a workbook.
    columns : sequence of Column
        From left to right.
    rows : sequence of sequence of str, int or float
        Cells, one for each column; a number stays one.
    freeze : str
        The cell above and to the left of which everything stays visible.
    spare : int
        Empty rows below the filled ones that have lists and rules as well.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int | float]] = ()
    freeze: str = "A2"
    spare: int = 0


def write_sheets(path: str | os.PathLike[str], *sheets: Sheet) -> Path:
    """Write a sheet that somebody is to fill in, or several in one workbook.

    Parameters
    ----------
    path : path
        Ends in ``.csv`` for one sheet, or in ``.xlsx``.
    *sheets : Sheet
        Their headings and cells; control characters are replaced, and a text of more than
        `LONGEST` characters is cut.

    Returns
    -------
    Path
        The file written; if writing is interrupted, an existing file is left as it was. The same
        sheets give the same bytes.

    Raises
    ------
    OptionError
        If the name has another ending, or there are several sheets for one CSV file.
    FileError
        If the file cannot be written there.
    """
    target = as_path(path)
    kind = target.suffix.lower()
    if kind == ".csv" and len(sheets) == 1:
        return write_bytes(_csv(sheets[0]), target)
    if kind == ".xlsx":
        return write_bytes(workbook(*sheets), target)
    several = " (several sheets need .xlsx)" if kind == ".csv" else ""
    raise OptionError(f"path: the name must end in .csv or .xlsx{several}; got {target.name!r}.")


def write_table(table: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a data frame as CSV in UTF-8, whole or not at all, with formulas made harmless.

    Parameters
    ----------
    table : DataFrame
        Its index is not written.
    path : path
        Where.

    Returns
    -------
    Path
        The file written.
    """
    return write_text(table_text(table), path)


def table_text(table: pd.DataFrame) -> str:
    """Return a data frame as the text of a CSV, with formulas made harmless; see `write_table`."""
    safe = table.map(_guarded_cell).rename(columns=_guarded_cell)
    # A cell is quoted for a carriage return only if rows end with one; bare, it would end the row.
    returns = any(isinstance(cell, str) and "\r" in cell for cell in [*safe, *safe.to_numpy().flat])
    ending = "\r\n" if returns else "\n"
    return str(safe.to_csv(index=False, lineterminator=ending))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet program treats as a formula.

    Text that already looks guarded gets one more apostrophe, so that it is read back unchanged.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'=1+1"), guarded("'quoted'")
    ("'=1+1", "''=1+1", "'quoted'")
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """Return a text as it was before it was guarded.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'-Vale 2015"), unguarded("'quoted'"), unguarded("plain")
    ('=1+1', '-Vale 2015', "'quoted'", 'plain')
    """
    risky = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if risky else text


def fitting(text: str) -> str:
    """Return a text on one line, no longer than a cell: as it is in a sheet and read back."""
    return _cut(one_line(text))


def comes_back(text: str) -> bool:
    """Return whether a text is read back from a sheet unchanged, character for character."""
    return trimmed(_cut(printable(text))) == text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _guarded_cell(cell: object) -> object:
    return guarded(cell) if isinstance(cell, str) else cell


def _cells(sheet: Sheet) -> list[list[str | int | float]]:
    rows = [[column.name for column in sheet.columns], *sheet.rows]
    return [
        [guarded(_cut(printable(cell))) if isinstance(cell, str) else cell for cell in row]
        for row in rows
    ]


def _csv(sheet: Sheet) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(_cells(sheet))
    # The mark at the beginning tells spreadsheet programs that the file is UTF-8.
    return written.getvalue().encode("utf-8-sig")


def workbook(*sheets: Sheet) -> bytes:
    """Return sheets as the bytes of an XLSX file; see `write_sheets`."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    written = io.BytesIO()
    book.save(written)
    return undated(written)


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    rows = _cells(sheet)
    for number, row in enumerate(rows, start=1):
        for place, (column, text) in enumerate(zip(sheet.columns, row, strict=True), start=1):
            cell = page.cell(number, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1 or column.bold)
    last = max(2, len(rows) + sheet.spare)
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        if column.note:
            page.cell(1, place).comment = Comment(column.note, "Arrowroot", width=320, height=90)
        if column.choices or column.rule:
            validation = _validation(column)
            validation.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(validation)
    page.freeze_panes = sheet.freeze


def _validation(column: Column) -> Any:
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = ",".join(column.choices)
    if len(offered) > LONGEST_LIST or any("," in choice for choice in column.choices):
        raise OptionError(
            f"choices of {column.name!r}: a list in a cell holds {LONGEST_LIST} characters, and no "
            "commas in an entry."
        )
    listed = {"type": "list", "formula1": f'"{offered}"'}
    validation = DataValidation(**(column.rule or listed), allow_blank=True)
    validation.showErrorMessage = bool(column.refuses)
    validation.error = column.refuses or None
    return validation


def undated(written: io.BytesIO) -> bytes:
    """Return an Office file without the time of writing, in its properties and in the archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as before, zipfile.ZipFile(packed, "w") as after:
        for info in before.infolist():
            part = zipfile.ZipInfo(info.filename, _UNDATED)
            part.compress_type = zipfile.ZIP_DEFLATED
            held = before.read(info)
            if info.filename == "docProps/core.xml":
                held = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", held)
            after.writestr(part, held)
    return packed.getvalue()
