"""Tables that other people fill in: one reader for files, and one for tables in memory.

The formats are delimited text (``.csv``, ``.tsv``, ``.txt``) and XLSX.

*Text*: separated by commas, semicolons or tabs, whichever the file uses, or by what its first
line names as ``sep=;``. UTF-8 with or without a mark, UTF-16 and UTF-32 are recognised; any other
text is read as Windows-1252, with a remark.

*Workbooks*: the first worksheet that is not hidden, or the one asked for by name; others are
named in a remark. Hidden rows and columns are read, with a remark. For a formula the value stored
with it is read, with a remark; a formula without a stored value is refused, and so are merged
cells within the table, of which all but one are blank. The size that a sheet claims to have is
not trusted. A date is read as text, a whole number without ``.0``. Chart sheets, passwords,
damage of any kind, and files that unpack to more than the limit are refused with a message.

*Both*: white space and characters without width around a cell are removed, and so is the
apostrophe that keeps a spreadsheet program from running it (``'-Vale``); rows without any filled
cell are left out, the others keep the number of their line. Other formats (.ods, .xls, Numbers)
are refused with what to do instead.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from arrowroot.errors import DataError, FileError
from arrowroot.files import LARGEST, as_path, read_bytes
from arrowroot.formats import book_cells, delimited, kinds
from arrowroot.formats.cells import Cells
from arrowroot.formats.places import Place, listed
from arrowroot.formats.workbook import Workbook
from arrowroot.formats.worksheet import MOST_CELLS
from arrowroot.options import thing
from arrowroot.sheets import unguarded
from arrowroot.text import counted, trimmed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """A table: named columns, and rows that fit them.

    Attributes
    ----------
    name : str
        The file's name.
    header : list of str
        The names of the columns, which differ; one may be empty.
    rows : list of list of str
        Each as long as the header; ``""`` if a cell is empty.
    lines : list of int
        The line of the file on which each row begins.
    remarks : list of str
        Notes about the file, such as a guessed encoding or hidden rows.
    line : int
        Where the header is.
    shares : set of (line, column)
        Numbers that a workbook shows as percentages; their cells contain the number itself, such
        as 0.25 for 25%. Columns are counted from 1.
    """

    name: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]
    remarks: list[str]
    line: int
    shares: set[Place]

    def to_frame(self) -> pd.DataFrame:
        """Return a data frame of text, indexed by line; empty cells are None.

        Its ``attrs["remarks"]`` holds the remarks, if there are any.
        """
        import pandas as pd

        index = pd.Index(self.lines, name="line", dtype="int64" if self.lines else None)
        filled = [[cell or None for cell in row] for row in self.rows]
        frame = pd.DataFrame(filled, columns=self.header, index=index, dtype=object)
        if self.remarks:
            frame.attrs["remarks"] = tuple(self.remarks)
        return frame


def read_table(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    largest: int = LARGEST,
) -> Table:
    """Read a table whose first filled row names the columns.

    Parameters
    ----------
    path : path
        A ``.csv``, ``.tsv``, ``.txt`` or ``.xlsx`` file.
    sheet : str, optional
        The sheet of a workbook; by default the first that is not hidden.
    largest : int
        Bytes that the file may have, and to which a workbook may unpack (at least `LARGEST`).

    Returns
    -------
    Table

    Raises
    ------
    FileError
        If the file cannot be read in the format that its name indicates.
    DataError
        If there is no such sheet, two columns have one name, a row does not fit the header,
        cells are merged, or a formula has no stored value.
    """
    return as_table(read_cells(path, sheet=sheet, largest=largest))


def read_frame(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table as `Table.to_frame` gives it; see `read_table`."""
    return read_table(path).to_frame()


def as_table(cells: Cells) -> Table:
    """Return cells as a table, or raise an error that says why not; see `read_table`."""
    name = cells.name
    if not cells.rows:
        raise DataError(f"{name}: the table is empty; the first row must contain the column names.")
    if cells.faults:
        raise DataError(f"{name}, {cells.faults[0].message}")
    header, *body = cells.rows
    line, *lines = cells.lines
    width = len(header)
    if repeated := sorted({title for title in header if title and header.count(title) > 1}):
        raise DataError(
            f"{name}, line {line}: column names must differ; repeated: "
            f"{listed(map(repr, repeated))}. Rename or remove all but one of each."
        )
    nameless = [str(place) for place, title in enumerate(header, start=1) if not title]
    if len(nameless) > 1:
        raise DataError(
            f"{name}, line {line}: columns {listed(nameless)} have no name; name each, or "
            "remove them."
        )
    for at, row in zip(lines, body, strict=True):
        if len(row) > width:
            raise DataError(
                f"{name}, line {at}: the row has {len(row)} cells, the header {width}. A cell "
                "that contains the separator must be in double quotes; every column needs a name; "
                "remove any title above the names."
            )
    if len(body) * width > MOST_CELLS:
        raise DataError(
            f"{name}: {counted(len(body), 'row')} of {counted(width, 'column')} are more than "
            f"{MOST_CELLS:,} cells; not read."
        )
    rows = [row + [""] * (width - len(row)) for row in body]
    return Table(name, header, rows, lines, cells.remarks, line, cells.shares)


def read_cells(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    prefer: str = "",
    largest: int = LARGEST,
    days: bool = False,
) -> Cells:
    """Read the cells of a file without checking whether they are a table.

    Parameters
    ----------
    path, sheet, largest
        As in `read_table`.
    prefer : str
        The sheet to read where a workbook has one of that name.
    days : bool
        Whether dates are read as days, ``2026-05-04``, without a time of day.

    Returns
    -------
    Cells

    Raises
    ------
    FileError
        If the file cannot be read in the format that its name indicates.
    DataError
        If there is no such sheet.
    """
    source = as_path(path)
    kind = source.suffix.lower()
    kinds.refuse_name(source.name, kind)
    held = read_bytes(source, largest=largest)
    kinds.refuse_content(source.name, kind, held)
    if kind == ".xlsx":
        book = Workbook(held, source.name, unpacked=max(largest, LARGEST), days=days)
        return book_cells.cells_of(book, source.name, sheet, prefer)
    if sheet is not None:
        raise DataError(f"{source.name}: only an .xlsx file has worksheets; name none.")
    return _of_text(held, source.name)


def read_beside(
    path: str | os.PathLike[str], *, prefer: str, largest: int = LARGEST
) -> list[tuple[str, str]]:
    """Return what a workbook contains besides the cells that `read_cells` reads.

    Parameters
    ----------
    path, prefer, largest
        As in `read_cells`.

    Returns
    -------
    list of (str, str)
        Where, and the text: filled cells of other sheets, notes attached to cells, and formulas,
        for which `read_cells` gives only the value. Nothing for a file that is not a workbook.
    """
    source = as_path(path)
    if source.suffix.lower() != ".xlsx":
        return []
    held = read_bytes(source, largest=largest)
    book = Workbook(held, source.name, unpacked=max(largest, LARGEST), days=True)
    return list(book_cells.beside(book, source.name, prefer))


def rows_of(table: Any, what: str, error: type[DataError] = DataError) -> list[dict[str, Any]]:
    """Return the rows of a table in memory, such as claims and actions.

    Parameters
    ----------
    table : data frame or iterable of mappings
        Of pandas, of Polars or anything else with ``to_dicts``, of PyArrow, or rows.
    what : str
        What the table contains, for messages.
    error : type
        Raised if it is not a table.

    Returns
    -------
    list of dict
        Column to value, in the order of the table; missing values (NaN, NaT, ``pandas.NA``) are
        None.

    Raises
    ------
    DataError
        If it is not a table, such as a path or a single column, or two columns have one name.

    Examples
    --------
    >>> rows_of([{"source": "a", "k": float("nan")}], "evidence")
    [{'source': 'a', 'k': None}]
    """
    names = getattr(table, "column_names", getattr(table, "columns", ()))
    times = Counter(map(str, names if isinstance(names, Iterable) else ()))
    if repeated := sorted(name for name, count in times.items() if count > 1):
        raise error(f"{what}: column names must differ; repeated: {listed(map(repr, repeated))}.")
    if hasattr(table, "to_dicts"):
        rows = table.to_dicts()
    elif hasattr(table, "to_pylist"):
        rows = table.to_pylist()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        rows = table.to_dict("records")
    else:
        is_rows = isinstance(table, Iterable) and not isinstance(table, str | bytes | Mapping)
        rows = list(table) if is_rows and not hasattr(table, "to_dict") else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        raise error(
            f"{what} must be a table: a data frame or a list of rows; got {thing(table)}"
            " (read a file with pandas.read_csv or pandas.read_excel first)"
        )
    return [
        {str(name): None if _is_missing(value) else value for name, value in row.items()}
        for row in rows
    ]


def text_of(value: object) -> str:
    """Return a value in memory as the text of a cell; whole numbers and days without zero tails.

    Examples
    --------
    >>> text_of(2026.0), text_of(date(2026, 3, 1)), text_of(None), text_of(" x ")
    ('2026', '2026-03-01', '', 'x')
    """
    if _is_missing(value):
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return trimmed(str(value))


def _is_missing(value: object) -> bool:
    if value is None or isinstance(value, str):
        return value is None
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        # pandas.NA is neither equal nor unequal to anything; an array is both.
        return type(value).__name__ == "NAType"


def _of_text(held: bytes, name: str) -> Cells:
    text, _, line = delimited.decoded(held)
    if "\0" in text:
        raise FileError(f"{name}: contains null bytes, so it is not a text table. {kinds.SAVE}")
    split, trouble = delimited.split(text)
    if trouble:
        at, why = trouble
        raise FileError(
            f"{name}, line {at}: the row cannot be read ({why}). Look for a double quote that is "
            "opened but not closed."
        )
    notices = []
    if line:
        notices.append(
            f"line {line} is not UTF-8 text; the file was read as Windows-1252. If accented "
            "letters look wrong, save it as 'CSV UTF-8'"
        )
    if "\ufffd" in text:
        at = text.count("\n", 0, text.index("\ufffd")) + 1
        notices.append(f"line {at} contains characters that could not be read; they are now \ufffd")
    rows, lines = [], []
    for row in split:
        cells = [unguarded(trimmed(cell)) for cell in row.cells]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            rows.append(cells)
            lines.append(row.line)
    return Cells(name, rows, lines, notices)
