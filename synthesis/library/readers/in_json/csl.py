"""CSL-JSON, as Zotero, Mendeley, EndNote and Crossref write it.

The variables are those of the schema ``schemas/input/csl-data.json``
(github.com/citation-style-language/schema).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from synthesis.library.readers import found
from synthesis.library.readers.fields import markup
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_json import reading
from synthesis.library.readers.in_json.reading import Node

_TYPES = {
    "article journal": "article",
    "article magazine": "article",
    "article newspaper": "article",
    "article": "article",
    "paper conference": "conference",
    "speech": "conference",
    "book": "book",
    "chapter": "chapter",
    "thesis": "thesis",
    "report": "report",
    "entry": "other",
    "webpage": "other",
    "dataset": "other",
}
"""Types of CSL without their hyphens; ``article`` alone is a preprint in CSL 1.0.2."""


def is_one(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a reference in CSL-JSON."""
    return isinstance(value.get("type"), str) and bool(
        {"title", "author", "issued", "container-title", "DOI", "citation-key"} & value.keys()
    )


def read(text: str) -> Contents:
    """Return the references of a CSL-JSON file."""
    return reading.read(text, is_one, _take)


def _take(node: Node, contents: Contents) -> None:
    kind = node.get("type")
    genre = node.get("genre")
    declared = ["preprint"] if kind == "article" or "preprint" in genre.lower() else [kind]
    publisher = node.get("publisher")
    house = publisher if kind in ("thesis", "report") else ""
    url, more = found.addresses(node.all("URL"))
    dates = [_date(one) for one in node.values("issued")]
    serials, others = found.serials(node.all("ISSN", "ISBN"))
    given: dict[str, str | list[str]] = {
        "title": node.get("title"),
        "authors": _people(node.values("author")),
        "year": found.year(*dates),
        "month": found.month(*dates),
        "journal": node.get("container-title", "event-title", "event") or house,
        "volume": node.get("volume"),
        "number": node.get("issue", "number"),
        "pages": found.pages(node.get("page", "article-number", "page-first"))
        # With an issue beside it, the number is that of the article.
        or (node.get("number") if node.get("issue") else ""),
        **found.dois(node.all("DOI"), [url]),
        "pmid": node.get("PMID") or found.pmid(node.get("note"), url),
        "url": url,
        "abstract": node.get("abstract"),
        "keywords": [one for text in node.all("keyword") for one in text.split(_between(text))],
        "database": node.get("source"),
        **serials,
        "language": node.get("language"),
        "publisher": publisher,
        "editors": _people(node.values("editor")),
        "notes": [*node.all("note"), *more, *others],
    }
    key = node.get("citation-key", "id")
    node.note_unread(contents, depth=2)
    contents.take(given, declared, _TYPES, line=node.line, raw=node.raw, key=key)


def _between(text: str) -> str:
    return ";" if ";" in text else ","


def _people(names: Iterable[Any]) -> list[str]:
    found_ = []
    for one in names:
        if isinstance(one, str):
            found_.append(markup.plain(one))
        if not isinstance(one, dict):
            continue
        part = {str(name): found.clean(markup.plain(str(of))) for name, of in one.items()}
        family = " ".join(filter(None, (part.get("non-dropping-particle"), part.get("family"))))
        given = " ".join(filter(None, (part.get("given"), part.get("dropping-particle"))))
        person = ", ".join(filter(None, (family, given, part.get("suffix"))))
        found_.append(person or part.get("literal", "") or part.get("name", ""))
    return found_


def _date(issued: Any) -> str:
    """Return a date as ``2001-3-1``, or as it is written."""
    if not isinstance(issued, dict):
        return found.clean(str(issued))
    parts = issued.get("date-parts") or [[]]
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    told = "-".join(str(part) for part in first if part)
    return told or found.clean(str(issued.get("raw") or issued.get("literal") or ""))
