"""The cells of a CSV or XLSX file as text, each row with its line in the file."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arrowroot.errors import DataError, FileError

DELIMITERS = (",", ";", "\t")
MAX_BYTES = 200_000_000
"""Largest file read, and largest size an XLSX may unpack to: no extraction sheet comes near."""


@dataclass(frozen=True)
class Cells:
    """The cells of one table.

    Attributes
    ----------
    source : str
        Name of the file.
    header : list of str
        Column names, without surrounding spaces.
    rows : list of list of str
        The rows that are not blank, each as long as the header.
    lines : list of int
        Where each row begins in the file; the header is usually line 1.
    """

    source: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_cells(path: Path, *, worksheet: str | None = None) -> Cells:
    """Read a CSV or XLSX file as text.

    Parameters
    ----------
    path : Path
        A ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx`` file. Text may be UTF-8, UTF-16 with its
        mark, or Windows-1252, separated by commas, semicolons or tabs.
    worksheet : str, optional
        The worksheet of an XLSX file; the first one by default.

    Raises
    ------
    FileError
        If there is no such file, or it is not what its name says.
    DataError
        If the table has no columns or no rows, two columns of one name, or a row with more
        cells than the header.
    """
    if not path.is_file():
        raise FileError(f"no file {path.name!r} in {path.parent}; check the name and the folder.")
    if path.stat().st_size > MAX_BYTES:
        raise FileError(
            f"{path.name}: larger than {MAX_BYTES:,} bytes; split it into smaller ones."
        )
    suffix = path.suffix.lower()
    if worksheet is not None and suffix != ".xlsx":
        raise DataError(f"{path.name}: only an .xlsx file has worksheets; leave out worksheet.")
    if suffix == ".xlsx":
        numbered = _workbook(path, worksheet)
    elif suffix in {".csv", ".tsv", ".txt"}:
        numbered = _text(path)
    else:
        raise FileError(
            f"{path.name}: an extraction sheet must be a .csv or .xlsx file, by its name."
        )
    return _table(path.name, numbered)


def _table(source: str, numbered: list[tuple[int, list[str]]]) -> Cells:
    filled = [(line, row) for line, row in numbered if any(row)]
    if not filled:
        raise DataError(
            f"{source}: the table is empty; the first row must contain the column names."
        )
    (first, header), *body = filled
    while header and not header[-1]:
        header = header[:-1]
    if "" in header:
        position = header.index("") + 1
        raise DataError(
            f"{source}, line {first}: column {position} has no name; give it one. If the names of "
            "the columns are further down, remove the lines above them."
        )
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        names = ", ".join(repr(name) for name in repeated)
        raise DataError(
            f"{source}, line {first}: column names must differ; repeated: {names}. Rename or "
            "remove all but one of each."
        )
    if not body:
        raise DataError(
            f"{source}: the table has column names but no rows; add one row per effect."
        )
    width = len(header)
    for line, row in body:
        if any(row[width:]):
            raise DataError(
                f"{source}, line {line}: the row has {len(row)} cells, the header {width}. A cell "
                "that contains the separator must be in double quotes; a title above the "
                "names of the columns must go."
            )
    rows = [(row + [""] * width)[:width] for _, row in body]
    return Cells(source, header, rows, [line for line, _ in body])


def _text(path: Path) -> list[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes())
    if "\0" in text:
        raise FileError(f"{path.name}: this is not a text table; save it as CSV or XLSX.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows = []
    begins = 1
    try:
        for row in reader:
            rows.append((begins, [cell.strip() for cell in row]))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise FileError(
            f"{path.name}, line {begins}: the row cannot be read ({error}). Look for a double "
            "quote that is opened and not closed."
        ) from None
    return rows


def _decoded(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel's plain "CSV" on Windows. Its few unassigned bytes must not stop the reading.
        return raw.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark))))


def _workbook(path: Path, worksheet: str | None) -> list[tuple[int, list[str]]]:
    import openpyxl

    # openpyxl keeps a file open as long as a worksheet is being read; bytes need no closing.
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MAX_BYTES:
            raise FileError(f"{path.name}: unpacks to more than {MAX_BYTES:,} bytes; refused.")
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise FileError(f"{path.name}: not a readable XLSX file; save it again as XLSX.") from error
    name = worksheet if worksheet is not None else values.sheetnames[0]
    if name not in values.sheetnames:
        there = ", ".join(repr(known) for known in values.sheetnames)
        raise DataError(f"{path.name}: there is no worksheet {name!r}; it has {there}.")
    rows: list[tuple[int, list[str]]] = []
    shares: list[int] = []
    pairs = zip(values[name].iter_rows(), formulas[name].iter_rows(), strict=True)
    for line, (shown, written) in enumerate(pairs, start=1):
        for cell, source in zip(shown, written, strict=True):
            if cell.value is None and source.value is not None:
                raise DataError(
                    f"{path.name}, cell {source.coordinate}: the formula has no stored value. "
                    "Open the file in a spreadsheet program, save it, and read it again."
                )
        texts = [_cell_text(cell.value) for cell in shown]
        for column in shares:
            if column < len(texts) and "%" in str(getattr(shown[column], "number_format", "")):
                texts[column] = _as_percentage(shown[column].value)
        shares = shares or [at for at, text in enumerate(texts) if text.startswith("percent_")]
        rows.append((line, texts))
    return rows


def _cell_text(value: Any) -> str:
    """Return a cell as it would appear in a CSV; whole numbers have no decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _as_percentage(value: Any) -> str:
    """Return a cell that shows 25% as 25; the workbook itself stores 0.25."""
    return f"{100 * value:.12g}" if isinstance(value, (int, float)) else _cell_text(value)
