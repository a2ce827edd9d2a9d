"""Sheets that go out to people: CSV and XLSX in which nothing can run."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError
from arrowroot.files import write_bytes
from arrowroot.text import one_line, printable

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run a cell that begins so; it is written with an apostrophe before it."""
LONGEST = 30_000
"""Characters of a text that a sheet shows; a cell of Excel holds 32,767."""
_WIDE = 60
_NARROW = 18
"""Of a column, in characters."""


def write_sheet(
    path: str | Path,
    columns: Mapping[str, Sequence[str]],
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    wide: Sequence[str] = (),
) -> Path:
    """Write a sheet that somebody is to fill in.

    Parameters
    ----------
    path : path
        Ends in ``.csv`` or ``.xlsx``.
    columns : mapping of str to sequence of str
        Names of the columns, each with the answers that it offers; an XLSX file lists them in
        the cell.
    rows : sequence of sequence of str
        Cells, one for each column.
    name : str
        Of the sheet in an XLSX file.
    wide : sequence of str
        Columns that hold sentences.

    Returns
    -------
    Path
        The file written; an interrupted write leaves the old one as it was.

    Raises
    ------
    OptionError
        If the name ends in anything else.
    FileError
        If the file cannot be written there.
    """
    cells = [[_guarded(cell) for cell in row] for row in ([*columns], *rows)]
    kind = Path(path).suffix.lower()
    if kind == ".csv":
        return write_bytes(_csv(cells), path)
    if kind == ".xlsx":
        return write_bytes(_xlsx(cells, columns, name, wide), path)
    raise OptionError(f"path: a sheet ends in .csv or .xlsx; got {Path(path).name!r}.")


def write_book(path: str | Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> Path:
    """Write several tables as the sheets of one XLSX file.

    Parameters
    ----------
    path : path
        Ends in ``.xlsx``.
    sheets : mapping of str to sequence of rows
        Cells by the name of their sheet, the names of the columns first.

    Returns
    -------
    Path
        The file written; an interrupted write leaves the old one as it was.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        cells = [[_guarded(cell) for cell in row] for row in rows]
        _fill(book.create_sheet(name), cells, dict.fromkeys(rows[0], ()), ())
    return write_bytes(_packed(book), path)


def _csv(cells: Sequence[Sequence[str]]) -> bytes:
    written = StringIO(newline="")
    csv.writer(written).writerows(cells)
    # The mark in front tells Excel that the file is UTF-8.
    return written.getvalue().encode("utf-8-sig")


def _xlsx(
    cells: Sequence[Sequence[str]],
    columns: Mapping[str, Sequence[str]],
    name: str,
    wide: Sequence[str],
) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = name
    _fill(sheet, cells, columns, wide)
    return _packed(book)


def _fill(
    sheet: Any,
    cells: Sequence[Sequence[str]],
    columns: Mapping[str, Sequence[str]],
    wide: Sequence[str],
) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, row in enumerate(cells, start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(number, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for place, (column, answers) in enumerate(columns.items(), start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDE if column in wide else _NARROW
        if answers:
            listed = ",".join(answers)
            # Other words are let through: what people write is theirs, and is told apart later.
            offered = DataValidation(
                "list", f'"{listed}"', allow_blank=True, showErrorMessage=False
            )
            offered.add(f"{letter}2:{letter}{max(2, len(cells))}")
            sheet.add_data_validation(offered)
    sheet.freeze_panes = "A2"


def _packed(book: Any) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _guarded(cell: str) -> str:
    # What already looks guarded gets one more apostrophe, so that reading gives it back whole.
    text = _cut(printable(cell))
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def unguarded(cell: str) -> str:
    """Return a cell as it was before `write_sheet` made it harmless.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'quoted'"), unguarded("plain")
    ('=1+1', "'quoted'", 'plain')
    """
    risky = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS)
    return cell[1:] if risky else cell


def comes_back(text: str) -> bool:
    """Return whether a sheet gives a text back as it is, sign for sign."""
    return _cut(printable(text)).strip() == text


def fitting(text: str) -> str:
    """Return a text on one line, no longer than a cell: as a sheet shows and returns it."""
    return _cut(one_line(text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
