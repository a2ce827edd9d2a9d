"""Records written as BibTeX, RIS and CSV, completely or not at all."""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.files import as_path, write_text
from arrowroot.formats.delimited import plain_ends
from arrowroot.options import one_of
from arrowroot.sheets import write_table
from synthesis.library.readers import found, latex
from synthesis.library.readers.fields import markup
from synthesis.library.readers.fields.people import ET_AL
from synthesis.library.readers.found import BETWEEN, BETWEEN_NOTES, FIELDS
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


_IN_WORDS = {"preprint": "preprint", "registration": "trial registry record"}
"""Kinds for which neither format has a type of its own; they are named in words."""


def write_records(records: pd.DataFrame, path: str | Path) -> Path:
    """Write records in the format given by the file extension.

    Parameters
    ----------
    records : DataFrame
        From `read_records`; ``record_id`` and any other columns.
    path : path
        Ends in ``.bib``, ``.ris`` or ``.csv``. A CSV keeps every column, with formulas made
        harmless; the other two keep every field that `read_records` reads, and leave out other
        columns, ``raw`` and where a record came from.

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
    house = {"thesis": "school", "report": "institution"}.get(row["type"], "publisher")
    journal = {"conference": "booktitle", "chapter": "booktitle"}.get(row["type"], "journal")
    shown = "" if house != "publisher" and row["journal"] == row["publisher"] else row["journal"]
    plain = {
        "title": row["title"],
        journal: shown,
        **{name: row[name] for name in ("year", "month", "volume", "number")},
        "pages": row["pages"],
        house: row["publisher"],
        **{name: row[name] for name in ("issn", "isbn", "language", "pmid", "accession")},
        "registration": row["registration"],
        "abstract": row["abstract"],
        "second-abstract": row["second_abstract"],
        "database": row["database"],
        "keywords": row["keywords"],
        "note": row["notes"],
    }
    values = {name: latex.from_text(markup.escaped(value)) for name, value in plain.items()}
    values["pages"] = values["pages"].replace("-", "--")
    if "," in row["keywords"] and ";" not in row["keywords"]:
        values["keywords"] += ";"  # or else the comma would be taken for the end of a keyword
    addresses = {"doi": row["doi"], "second-doi": row["second_doi"], "url": row["url"]}
    values |= {name: _unbraced(value) for name, value in addresses.items()}
    for name, field in (("author", "authors"), ("editor", "editors")):
        values[name] = " and ".join(_person(one) for one in row[field].split(BETWEEN) if one)
    if row["type"] in (*_IN_WORDS, "other"):
        values["type"] = _IN_WORDS.get(row["type"], row["type"])
    order = ["author", *(name for name in values if name != "author")]
    lines = [f"  {name} = {{{values[name]}}}," for name in order if values[name]]
    entry_type = _BIBTEX_TYPES.get(row["type"], "misc")
    return "\n".join([f"@{entry_type}{{{_key(row['record_id'], taken)},", *lines, "}", ""])


def _person(name: str) -> str:
    """Return a person for BibTeX; a name without a comma is kept whole by braces.

    BibTeX wants "Jr" in the middle. A family name with a comma of its own is kept together.
    """
    if name == ET_AL:
        return "others"
    parts = [latex.from_text(markup.escaped(part.strip())) for part in name.split(",")]
    whole = latex.from_text(markup.escaped(name))
    if not 1 < len(parts) < 4 or not all(parts) or re.search(r"(?i)\sand\s", name):
        return f"{{{whole}}}"
    if len(parts) == 2:
        return ", ".join(parts)
    if re.fullmatch(r"(?i)jr\.?|sr\.?", parts[1]):
        return f"{{{parts[0]}, {parts[1]}}}, {parts[2]}"
    return f"{parts[0]}, {parts[2]}, {parts[1]}"


def _unbraced(value: str) -> str:
    """Return an address or DOI, which BibTeX takes unchanged: an underscore needs no backslash."""
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
        *(("ED", name) for name in row["editors"].split(BETWEEN)),
        ("TI", row["title"]),
        ("T2", row["journal"]),
        ("PY", row["year"]),
        ("DA", _date(row["year"], row["month"])),
        ("VL", row["volume"]),
        ("IS", row["number"]),
        ("SP", begin),
        ("EP", end),
        ("PB", row["publisher"]),
        *(("SN", one) for name in ("issn", "isbn") for one in row[name].split(BETWEEN)),
        ("LA", row["language"]),
        ("DO", row["doi"]),
        ("DO", row["second_doi"]),
        ("AN", row["accession"]),
        ("AN", f"PMID: {row['pmid']}" if row["pmid"] else ""),
        ("UR", row["url"]),
        ("AB", row["abstract"]),
        ("N2", row["second_abstract"]),
        *(("KW", word) for word in row["keywords"].split(BETWEEN)),
        ("C8", f"Registration: {row['registration']}" if row["registration"] else ""),
        *(("N1", note) for note in row["notes"].split(BETWEEN_NOTES)),
        ("M3", _IN_WORDS.get(row["type"], "")),
        ("DB", row["database"]),
    ]
    lines = (f"{tag}  - {markup.escaped(value)}" for tag, value in values if value)
    return "\n".join([*lines, "ER  - ", ""])


def _date(year: str, month: str) -> str:
    """Return the date in the form of RIS, or only the month if the year is not a number."""
    if not re.fullmatch(r"[1-9]|1[0-2]", month):
        return ""
    return f"{year}/{month:0>2}//" if re.fullmatch(r"\d{4}", year) else month_name[int(month)]
