"""Tables from Scopus, Zotero, Cochrane, PubMed and us, distinguished by their headings."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from arrowroot.formats import delimited
from arrowroot.formats.cells import Cells
from arrowroot.sheets import guarded, unguarded
from arrowroot.text import trimmed
from synthesis.library.readers import found, kinds
from synthesis.library.readers.found import FIELDS, Around, Contents, Found, Problem

HEADINGS = {
    "type": ("type", "document type", "item type", "publication type"),
    "title": ("title", "article title", "document title"),
    "authors": ("authors", "author(s)", "author", "author full names"),
    "year": ("year", "publication year", "date", "publication date"),
    "journal": (
        "journal",
        "source title",
        "publication title",
        "journal/book",
        "source",
        "journal title",
    ),
    "volume": ("volume",),
    "number": ("number", "issue"),
    "pages": ("pages", "page(s)"),
    "doi": ("doi",),
    "pmid": ("pmid", "pubmed id"),
    "url": ("url", "link"),
    "abstract": ("abstract", "abstract note"),
    "keywords": ("keywords", "author keywords", "index keywords", "manual tags", "automatic tags"),
    "database": ("database", "library catalog"),
}
"""Headings in lower case under which databases export a field, the first that is filled taken."""

_KEYS = (
    "record id",
    "key",
    "eid",
    "cochrane id",
    "cochrane review id",
    "record number",
    "id",
    "pmid",
)
_FLAVOURS = (
    ({"eid", "source title"}, "Scopus"),
    ({"pmid", "journal/book"}, "PubMed"),
    ({"cochrane review id"}, "Cochrane Database of Systematic Reviews"),
    ({"author(s)", "source"}, "CENTRAL"),
)
"""Headings by which an export is recognised. The Cochrane Library heads its reviews ``Cochrane
Review ID, Author(s), Title, Source, Year, Abstract, Issue, Publisher, ISSN, Keywords, DOI, URL,
Cochrane Review Group Code``; its headings for the trials of CENTRAL are assumed to be the same,
without the review ones."""


def delimiter(text: str) -> str:
    """Return the character that separates the headings, or an empty text if they are not headings.

    Examples
    --------
    >>> delimiter("Title;Authors;Year"), delimiter("Once upon a time, there was")
    (';', '')
    """
    named, begins = delimited.named_delimiter(text)
    header = text[begins:].lstrip("\n").partition("\n")[0]
    for mark in named or delimited.DELIMITERS:
        names = {_heading(cell) for cell in header.split(mark)}
        known = [field for field, titles in HEADINGS.items() if names & set(titles)]
        if "title" in known and len(known) > 1:
            return mark
    return ""


def read(text: str) -> Contents:
    """Return the references of a CSV file, one per row."""
    contents = Contents()
    lines = text.split("\n")
    found_rows, trouble = delimited.split(text, delimiter(text) or ",")
    rows = [(row, "\n".join(lines[row.line - 1 : row.last])) for row in found_rows if row.cells]
    if delimited.named_delimiter(text)[0]:
        contents.around.append(Around(1, lines[0]))
    contents.around.extend(Around(row.line, raw) for row, raw in rows[:1])
    if trouble:
        line, why = trouble
        message = (
            f"the table cannot be read from here on ({why}). Look for a double quote that is "
            "opened but not closed."
        )
        contents.problems.append(Problem(line, message, "\n".join(lines[line - 1 :])))
    headings = [_heading(cell) for row, _ in rows[:1] for cell in row.cells]
    flavour = next((name for needed, name in _FLAVOURS if needed <= set(headings)), "")
    for place, raw in rows[1:]:
        line, cells = place.line, place.cells
        if any(cells[len(headings) :]):
            message = (
                f"{len(cells)} cells under {len(headings)} headings; extra cells were not read. "
                "A text that contains the separator must be in double quotes."
            )
            contents.problems.append(Problem(line, message, raw))
        row: dict[str, list[str]] = {}
        for name, cell in zip(headings, cells, strict=False):
            row.setdefault(name, []).append(unguarded(trimmed(cell)))
        if any(cells):
            fields = _fields(row, flavour)
            contents.found.append(Found(fields, line, raw, _first(row, _KEYS)))
    return contents


def written(cells: Cells) -> str:
    """Return the cells of a workbook as the text of a CSV file, each row on a line of its own."""
    lines = dict(zip(cells.lines, cells.rows, strict=True))
    held = io.StringIO(newline="")
    rows = csv.writer(held, lineterminator="\n")
    for line in range(1, max(lines, default=0) + 1):
        # Line breaks within a cell would move all rows below; they mean nothing in a reference.
        rows.writerow([guarded(" ".join(cell.splitlines())) for cell in lines.get(line, ())])
    return held.getvalue()


def _heading(cell: str) -> str:
    return " ".join(trimmed(trimmed(cell).strip('"')).lower().replace("_", " ").split())


def _first(row: Mapping[str, Sequence[str]], names: Sequence[str]) -> str:
    return found.first(*(cell for name in names for cell in row.get(name, ())))


def _fields(row: Mapping[str, Sequence[str]], flavour: str) -> dict[str, str]:
    given = {field: _first(row, HEADINGS[field]) for field in FIELDS}
    fields = {
        **given,
        "authors": found.joined(_people(given["authors"])),
        "year": found.year(given["year"]),
        "pages": _pages(given["pages"], row),
        "doi": found.doi(given["doi"]),
        "pmid": given["pmid"] or found.pmid(_first(row, ("extra",))),
        "keywords": found.joined(re.split(r"[;|]", given["keywords"])),
        "database": given["database"] if "source file" in row else flavour or given["database"],
    }
    declared = fields.pop("type")
    exact = {one: one for one in kinds.KINDS}
    return {"type": kinds.kind(_apart(declared), fields, exact), **fields}


def _people(written: str) -> list[str]:
    """Split authors; if only commas separate them, each name is a family name with initials."""
    if ";" in written or not re.search(r"\b[A-Z]{1,3}\b\.?,", written):
        return written.split(";")
    return [
        re.sub(r"\s+([A-Z]{1,3})\.?$", r", \1", name.strip().rstrip("."))
        for name in written.split(",")
    ]


def _pages(given: str, row: Mapping[str, Sequence[str]]) -> str:
    ranged = found.pages(given) or found.pages(
        _first(row, ("page start",)), _first(row, ("page end",))
    )
    return ranged or _first(row, ("art. no.", "article number"))


def _apart(declared: str) -> str:
    """Divide Zotero's item types into words: ``journalArticle``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", declared)
