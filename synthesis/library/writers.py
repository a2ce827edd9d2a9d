"""Records written as BibTeX, RIS and CSV, completely or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.files import as_path, write_text
from arrowroot.formats.delimited import plain_ends
from arrowroot.options import one_of
from arrowroot.sheets import write_table
from synthesis.library.readers import found, latex
from synthesis.library.readers.found import BETWEEN, FIELDS
from synthesis.library.records import COLUMNS, as_text, ids_of

_BIBTEX_TYPES = {
    "article": "article",
    "preprint": "article",
    "conference": "inproceedings",
    "book": "book",
    "chapter": "incollection",
    "thesis": "phdthesis",
    "report": "techreport",
}
_RIS_TYPES = {
    "article": "JOUR",
    "preprint": "JOUR",
    "conference": "CONF",
    "book": "BOOK",
    "chapter": "CHAP",
    "thesis": "THES",
    "report": "RPRT",
}
_VERBATIM = ("doi", "url")
"""BibTeX takes these unchanged: an underscore in a DOI needs no backslash."""


def write_records(records: pd.DataFrame, path: str | Path) -> Path:
    """Write records in the format given by the file extension.

    Parameters
    ----------
    records : DataFrame
        From `read_records`; ``record_id`` and any other columns.
    path : path
        Ends in ``.bib``, ``.ris`` or ``.csv``. A CSV keeps every column, with formulas made
        harmless; the other two keep what their format has a place for.

    Returns
    -------
    Path
        The file. An interrupted write leaves the old one as it was.

    Raises
    ------
    OptionError
        If the name ends in anything else.
    DataError
        If there is no column ``record_id``, or an id is blank or occurs twice.
    FileError
        If it cannot be written there.
    """
    target = as_path(path)
    kind = one_of("path's ending", target.suffix.lower(), [".bib", ".ris", ".csv"])
    ids_of(records)
    if kind == ".csv":
        ordered = [name for name in COLUMNS if name in records]
        others = [name for name in records.columns if name not in ordered]
        return write_table(records[[*ordered, *others]].map(_with_plain_ends), target)
    return write_text(to_bibtex(records) if kind == ".bib" else to_ris(records), target)


def _with_plain_ends(cell: object) -> object:
    """Return text with uniform line endings; a bare carriage return would end the row."""
    return plain_ends(cell) if isinstance(cell, str) else cell


def to_bibtex(records: pd.DataFrame) -> str:
    """Return records as BibTeX; ids become keys, without the characters that keys cannot contain.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.

    Returns
    -------
    str
        One entry per record, one field per line.
    """
    taken: set[str] = set()
    return "\n".join(_written(records, lambda row: _entry(row, taken)))


def to_ris(records: pd.DataFrame) -> str:
    """Return records as RIS.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.

    Returns
    -------
    str
        One reference per record, one tag per line.
    """
    return "\n".join(_written(records, _reference))


def _written(records: pd.DataFrame, write: Callable[[dict[str, str]], str]) -> list[str]:
    filled = as_text(records, ["record_id", *FIELDS])
    return [write(row) for row in _rows(filled)]


def _rows(filled: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in filled.to_dict("records")]


def _entry(row: dict[str, str], taken: set[str]) -> str:
    journal = {"conference": "booktitle", "chapter": "booktitle"}.get(row["type"], "journal")
    people = (_person(name) for name in row["authors"].split(BETWEEN) if name)
    values = {
        "author": " and ".join(people),
        "title": latex.from_text(row["title"]),
        journal: latex.from_text(row["journal"]),
        **{name: latex.from_text(row[name]) for name in ("year", "volume", "number")},
        "pages": latex.from_text(row["pages"]).replace("-", "--"),
        **{name: _unbraced(row[name]) for name in _VERBATIM},
        **{name: latex.from_text(row[name]) for name in ("pmid", "abstract", "database")},
        "keywords": latex.from_text(row["keywords"]),
    }
    if row["type"] in ("registration", "other"):
        values["type"] = row["type"]
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value]
    entry_type = _BIBTEX_TYPES.get(row["type"], "misc")
    return "\n".join([f"@{entry_type}{{{_key(row['record_id'], taken)},", *lines, "}", ""])


def _person(name: str) -> str:
    """Return an author for BibTeX; one without a comma is an organisation, kept whole by braces."""
    written = latex.from_text(name)
    return written if "," in name and not re.search(r"(?i)\sand\s", name) else f"{{{written}}}"


def _unbraced(value: str) -> str:
    return latex.from_text(value) if re.search(r"[{}\\%]", value) else value


def _key(record_id: str, taken: set[str]) -> str:
    plain = re.sub(r"[^\w:.+/-]+", "_", record_id, flags=re.ASCII).strip("_") or "record"
    key, count = plain, 1
    while key in taken:
        count += 1
        key = f"{plain}-{count}"
    taken.add(key)
    return key


def _reference(row: dict[str, str]) -> str:
    begin, _, end = row["pages"].partition("-")
    if found.pages(begin, end) != row["pages"]:
        begin, end = row["pages"], ""
    values = [
        ("TY", _RIS_TYPES.get(row["type"], "GEN")),
        ("ID", row["record_id"]),
        *(("AU", name) for name in row["authors"].split(BETWEEN)),
        ("TI", row["title"]),
        ("T2", row["journal"]),
        ("PY", row["year"]),
        ("VL", row["volume"]),
        ("IS", row["number"]),
        ("SP", begin),
        ("EP", end),
        ("DO", row["doi"]),
        ("AN", f"PMID: {row['pmid']}" if row["pmid"] else ""),
        ("UR", row["url"]),
        ("AB", row["abstract"]),
        *(("KW", word) for word in row["keywords"].split(BETWEEN)),
        ("DB", row["database"]),
    ]
    return "\n".join([*(f"{tag}  - {value}" for tag, value in values if value), "ER  - ", ""])
