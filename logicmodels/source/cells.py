"""Tables from files and from memory, as rows of text. What a cell means is decided elsewhere."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from arrowroot.errors import Problem, SpecError
from logicmodels.source.yaml_text import SIZE_LIMIT

_UNPACKED_LIMIT = 50_000_000
"""Bytes of an XLSX file once it is unpacked: a small file can unpack to a very large one."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # XML that is not well formed
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,  # a password
)
"""What a damaged workbook makes its readers raise."""

Rows = list[list[str]]
"""Cells by line; the first line holds the names of the columns."""


def read_cells(table: Any, sheet: str) -> Rows:
    """Return the cells of a table, the names of its columns first.

    Parameters
    ----------
    table : path, data frame or sequence of mappings
        A path ends in ``.csv`` or ``.xlsx``.
    sheet : str
        The sheet to read where an XLSX file has one of that name; otherwise its first.

    Returns
    -------
    list of list of str
        Without spaces around; an empty or missing cell is ``""``.

    Raises
    ------
    SpecError
        If a file cannot be read or is no table.
    """
    if not isinstance(table, str | Path):
        return _of_records(table, sheet)
    path = Path(table)
    readers = {".csv": _of_csv, ".xlsx": _of_xlsx}
    if path.suffix.lower() not in readers:
        raise _refused(path.name, "file", "a table must be a file that ends in .csv or .xlsx")
    try:
        if path.stat().st_size > SIZE_LIMIT:
            message = f"the file is larger than {SIZE_LIMIT:,} bytes; a logic model is far smaller"
            raise _refused(path.name, "size", message)
        return readers[path.suffix.lower()](path, sheet)
    except OSError as error:
        why = error.strerror or error  # what a damaged workbook raises has no strerror
        raise _refused(path.name, "file", f"the file cannot be read: {why}") from error


def read_beside(path: str | Path, sheet: str) -> list[tuple[str, str]]:
    """Return what an XLSX file holds beside the cells that `read_cells` reads.

    Parameters
    ----------
    path : path
        A file that `read_cells` could read.
    sheet : str
        The sheet that it read.

    Returns
    -------
    list of (str, str)
        Where, and the text: filled cells of other sheets, notes pinned to cells, and formulas,
        of which `read_cells` gives the value alone.
    """
    if Path(path).suffix.lower() != ".xlsx":
        return []
    from openpyxl import load_workbook

    try:
        book = load_workbook(path)
        chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        found = []
        for page in book.worksheets:
            for cell in (cell for row in page.iter_rows() for cell in row):
                where = f"sheet {page.title!r}, cell {cell.coordinate}"
                text = _text(getattr(cell.value, "text", cell.value))
                if text and (page is not chosen or cell.data_type == "f"):
                    found.append((where, text))
                if cell.comment:
                    found.append((f"{where}, note", cell.comment.text))
    except (*_DAMAGE, OSError) as error:
        raise _refused(Path(path).name, "xlsx", "the file is not a valid XLSX workbook") from error
    return found


def _of_records(table: Any, name: str) -> Rows:
    records = table.to_dict("records") if hasattr(table, "to_dict") else table
    if not isinstance(records, list | tuple) or not all(
        isinstance(one, Mapping) for one in records
    ):
        raise _refused(name, "table", "a table must be a path, a data frame or a list of mappings")
    header = list(dict.fromkeys(key for record in records for key in record))
    body = [[_text(record.get(key)) for key in header] for record in records]
    return [[_text(key) for key in header], *body]


def _of_csv(path: Path, _: str) -> Rows:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = "the file is not UTF-8 text; save it as CSV UTF-8"
        raise _refused(path.name, "encoding", message) from error
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        return [[_text(cell) for cell in row] for row in reader]
    except csv.Error as error:
        message = f"not CSV: {error}"
        raise SpecError(path.name, [Problem(reader.line_num, 1, "csv", message)]) from error


def _of_xlsx(path: Path, sheet: str) -> Rows:
    from openpyxl import load_workbook

    try:
        with path.open("rb") as opened:
            unpacked = sum(part.file_size for part in zipfile.ZipFile(opened).infolist())
            if unpacked > _UNPACKED_LIMIT:
                message = f"the file unpacks to more than {_UNPACKED_LIMIT:,} bytes"
                raise _refused(path.name, "size", message)
            book = load_workbook(opened, read_only=True, data_only=True)
            chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
            return [[_text(cell) for cell in row] for row in chosen.iter_rows(values_only=True)]
    except SpecError:
        raise
    except _DAMAGE as error:
        raise _refused(path.name, "xlsx", "the file is not an XLSX workbook") from error


def _text(value: Any) -> str:
    """Return a cell as the text that a reader sees: whole numbers and days without a zero tail."""
    if value is None or value != value:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _refused(name: str, rule: str, message: str) -> SpecError:
    return SpecError(name, [Problem(0, 0, rule, message)])
