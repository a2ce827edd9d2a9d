"""CSV exports: Scopus, Zotero, Cochrane and PubMed, told apart by their headings; our own too."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from arrowroot.process import ALONE
from synthesis.files import unguarded
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
"""Headings by which an export is known. The Cochrane Library heads its reviews ``Cochrane Review
ID, Author(s), Title, Source, Year, Abstract, Issue, Publisher, ISSN, Keywords, DOI, URL, Cochrane
Review Group Code``; what it heads the trials of CENTRAL is taken to be the same without reviews."""

DELIMITERS = (",", ";", "\t")


def delimiter(text: str) -> str:
    """Return the sign that separates the headings, or nothing if they are no headings.

    Examples
    --------
    >>> delimiter("Title;Authors;Year"), delimiter("Once upon a time, there was")
    (';', '')
    """
    header = text.lstrip("\n").partition("\n")[0]
    for sign in DELIMITERS:
        names = {_heading(cell) for cell in header.split(sign)}
        known = [field for field, titles in HEADINGS.items() if names & set(titles)]
        if "title" in known and len(known) > 1:
            return sign
    return ""


def read(text: str) -> Contents:
    """Return the references of a CSV file, one a row."""
    contents = Contents()
    rows = _rows(text, contents)
    line, header, written = next(rows, (1, [], ""))
    contents.around.append(Around(line, written))
    headings = [_heading(cell) for cell in header]
    flavour = next((name for needed, name in _FLAVOURS if needed <= set(headings)), "")
    for line, cells, raw in rows:
        if any(cells[len(headings) :]):
            message = (
                f"{len(cells)} cells under {len(headings)} headings; those beyond were not read. "
                "A text that holds the separator must stand in double quotes."
            )
            contents.problems.append(Problem(line, message, raw))
        row: dict[str, list[str]] = {}
        for name, cell in zip(headings, cells, strict=False):
            row.setdefault(name, []).append(unguarded(cell.strip()))
        if any(cells):
            fields = _fields(row, flavour)
            contents.found.append(Found(fields, line, raw, _first(row, _KEYS)))
    return contents


def _rows(text: str, contents: Contents) -> Iterator[tuple[int, list[str], str]]:
    """Return the rows: the line each begins at, its cells, and its text."""
    lines = text.split("\n")
    reader = csv.reader(
        io.StringIO(text, newline="\n"), delimiter=delimiter(text) or ",", strict=True
    )
    rows, begins = [], 1
    # The limit on a cell, 131,072 characters, is less than some abstracts have, and one for the
    # process: no thread may put it back while another one reads.
    with ALONE:
        before = csv.field_size_limit(max(len(text), csv.field_size_limit()))
        try:
            for cells in reader:
                raw = "\n".join(lines[begins - 1 : reader.line_num])
                line, begins = begins, reader.line_num + 1
                if cells:
                    rows.append((line, cells, raw))
        except csv.Error as error:
            message = (
                f"the table cannot be read from here on ({error}). Look for a double quote that "
                "is opened and not closed."
            )
            contents.problems.append(Problem(begins, message, "\n".join(lines[begins - 1 :])))
        finally:
            csv.field_size_limit(before)
    return iter(rows)


def _heading(cell: str) -> str:
    return " ".join(cell.strip().strip('"').lstrip("\ufeff").lower().replace("_", " ").split())


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
    """Split authors; where only commas separate, each name is a family name with initials."""
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
