"""The cells of a table that belongs to a model, from a file or from memory."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arrowroot.errors import ArrowrootError, Problem, SpecError
from arrowroot.formats.cells import Cells
from arrowroot.specs.yaml_text import SIZE_LIMIT
from arrowroot.tables import read_cells, rows_of, text_of
from arrowroot.text import trimmed


def is_file(table: Any) -> bool:
    """Return whether a table is given by its path rather than from memory."""
    return isinstance(table, str | os.PathLike)


def read_table_cells(table: Any, sheet: str) -> Cells:
    """Return the cells of a table, the names of its columns first.

    Parameters
    ----------
    table : path, data frame or iterable of mappings
        A file as `arrowroot.tables` reads it, of at most 2 MB.
    sheet : str
        The sheet to read where a workbook has one of that name; otherwise its first.

    Returns
    -------
    Cells
        Days are written without a time of day.

    Raises
    ------
    SpecError
        If a file cannot be read or is not a table, cells of it are merged, or a formula has no
        stored value.
    """
    name = Path(table).name if is_file(table) else sheet
    try:
        if not is_file(table):
            return _of_rows(rows_of(table, sheet), sheet)
        cells = read_cells(table, prefer=sheet, largest=SIZE_LIMIT, days=True)
    except ArrowrootError as error:
        raise SpecError(name, [Problem(0, 0, "file", without_name(error, table))]) from error
    if cells.faults:
        wrong = [Problem(*fault.place, fault.rule, fault.message) for fault in cells.faults]
        raise SpecError(name, wrong)
    return cells


def without_name(error: ArrowrootError, table: Any) -> str:
    """Return an error's message without the name of the file at its beginning."""
    text = str(error)
    for name in (str(table), Path(table).name) if is_file(table) else ():
        text = text.removeprefix(f"{name}: ").removeprefix(f"{name}, ")
    return text


def _of_rows(rows: Sequence[Mapping[str, Any]], name: str) -> Cells:
    header = list(dict.fromkeys(column for row in rows for column in row))
    body = [[text_of(row.get(column)) for column in header] for row in rows]
    cells = [[trimmed(column) for column in header], *body]
    return Cells(name, cells, list(range(1, len(cells) + 1)))
