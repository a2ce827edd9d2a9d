"""One table, saved in the ways in which spreadsheet programs save tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook

TEXTS = {
    "comma": (",", "utf-8", ".csv", ""),
    "comma with a mark": (",", "utf-8-sig", ".csv", ""),
    "semicolon": (";", "utf-8", ".csv", ""),
    "separator named": ("|", "utf-8", ".csv", "sep=|\r\n"),
    "Windows-1252": (",", "cp1252", ".csv", ""),
    "Windows-1252, semicolon": (";", "cp1252", ".csv", ""),
    "UTF-16 with tabs": ("\t", "utf-16", ".txt", ""),
    "UTF-16 without a mark": ("\t", "utf-16-be", ".csv", ""),
    "tabs": ("\t", "utf-8", ".tsv", ""),
}
"""Separator, encoding, ending and first line by name."""

SAVINGS = (*TEXTS, "XLSX")
FIVE = ("comma", "semicolon", "Windows-1252", "UTF-16 with tabs", "XLSX")


def save(rows: Sequence[Sequence[object]], folder: Path, stem: str, how: str) -> Path:
    """Write rows, the names of the columns first, in one of `SAVINGS`; return the file."""
    if how == "XLSX":
        path = folder / f"{stem}.xlsx"
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(list(row))
        book.save(path)
        return path
    delimiter, encoding, ending, first = TEXTS[how]
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter).writerows(rows)
    path = folder / f"{stem}{ending}"
    path.write_bytes((first + held.getvalue()).encode(encoding))
    return path
