"""Tables that other people fill in: CSV and XLSX in as text, CSV out, nothing half written."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError, FileError
from arrowroot.files import LARGEST as LARGEST
from arrowroot.files import read_bytes as read_bytes
from arrowroot.files import read_text as read_text
from arrowroot.files import write_bytes as write_bytes
from arrowroot.files import write_text as write_text
from synthesis import checks

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""Spreadsheets run a cell that begins so; it is written with an apostrophe before it."""


_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # XML that is not well formed
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,  # a password
)
"""What a damaged workbook makes its readers raise."""


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a CSV or XLSX table; every cell is text, blank cells are missing.

    Parameters
    ----------
    path : str or Path
        A ``.csv`` file in UTF-8, or an ``.xlsx`` workbook, of which the first sheet is read.

    Returns
    -------
    DataFrame
        Indexed by the line of the file; lines without any cell filled are left out.

    Raises
    ------
    FileError
        If the file cannot be read as what its name says.
    DataError
        If a row does not fit the header, two columns have one name, or a cell is a formula.
    """
    name = Path(path).name
    kind = Path(path).suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise FileError(f"{name}: tables are read from .csv and .xlsx files.")
    rows = _csv_rows(path) if kind == ".csv" else _xlsx_rows(path)
    header = next(rows, (1, []))[1]
    if not any(header):
        raise DataError(f"{name}: the first line must name the columns; it is empty.")
    if repeated := sorted({title for title in header if header.count(title) > 1}):
        raise DataError(f"{name}: columns must differ; repeated: {checks.shortened(repeated)}.")
    table: list[list[str | None]] = []
    lines = []
    for line, cells in rows:
        if any(cells[len(header) :]):
            raise DataError(
                f"{name}, line {line}: {len(cells)} cells under {len(header)} columns. "
                "A text that contains a comma must be in double quotes."
            )
        if any(cells):
            padded = cells[: len(header)] + [""] * (len(header) - len(cells))
            table.append([cell or None for cell in padded])
            lines.append(line)
    return pd.DataFrame(table, columns=header, index=pd.Index(lines, name="line"), dtype=object)


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV in UTF-8, whole or not at all, with formulas made harmless."""
    guarded = table.map(_guarded).rename(columns=_guarded)
    # A cell is quoted for a carriage return only if rows end with one; bare, it would end the row.
    returns = any(
        isinstance(one, str) and "\r" in one for one in [*guarded, *guarded.to_numpy().flat]
    )
    ending = "\r\n" if returns else "\n"
    return write_text(guarded.to_csv(index=False, lineterminator=ending), path)


def _guarded(cell: object) -> object:
    # What already looks guarded gets one more apostrophe, so that reading gives it back whole.
    risky = isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS)
    return f"'{cell}" if risky else cell


def unguarded(cell: str) -> str:
    """Return a cell as it was before `write_table` made it harmless."""
    risky = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if risky else cell


def _csv_rows(path: str | Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [unguarded(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise DataError(f"{Path(path).name}, line {reader.line_num}: {error}.") from None


def _xlsx_rows(path: str | Path) -> Iterator[tuple[int, list[str]]]:
    name = Path(path).name
    for line, row in enumerate(_sheet(io.BytesIO(read_bytes(path)), name), start=1):
        for at, (kind, _) in enumerate(row, start=1):
            if kind == "f":
                raise DataError(
                    f"{name}, line {line}, cell {at}: a formula. Copy the cells and paste them "
                    "as values."
                )
        yield line, [unguarded(_as_text(value)) for _, value in row]


def _sheet(held: io.BytesIO, name: str) -> list[list[tuple[str, object]]]:
    """Return the kind and value of every cell of a workbook's first sheet."""
    from openpyxl import load_workbook

    _refuse_bomb(held, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of styles, which nobody reads here
            sheet = load_workbook(held, read_only=True, data_only=False).worksheets[0]
            sheet.reset_dimensions()  # the size a file claims may be far larger than it is
            return [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows()]
    except _DAMAGE as error:
        raise FileError(f"{name}: not a readable .xlsx workbook ({error}).") from None


def _as_text(value: object) -> str:
    """Return a cell's text; a whole number keeps no ``.0``."""
    if value is None:
        return ""
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value).strip()  # type: ignore[call-overload]


def _refuse_bomb(held: io.BytesIO, name: str) -> None:
    declared: list[str] = []
    try:
        with zipfile.ZipFile(held) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked <= LARGEST:
                declared = [at for at in archive.namelist() if _has_doctype(archive.read(at))]
    except _DAMAGE as error:
        raise FileError(f"{name}: not a readable .xlsx workbook ({error}).") from None
    if unpacked > LARGEST:
        raise FileError(f"{name}: unpacks to more than {LARGEST // 10**6} MB; not read.")
    if declared:
        raise FileError(f"{name}: {declared[0]} declares a document type; no workbook needs one.")


def _has_doctype(held: bytes) -> bool:
    """Return whether XML declares a document type, also where its letters take two bytes."""
    return b"<!DOCTYPE" in held.replace(b"\0", b"")
