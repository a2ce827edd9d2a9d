"""EndNote's XML, as EndNote, Zotero and EPPI-Reviewer write it."""

from __future__ import annotations

from synthesis.library.readers import found
from synthesis.library.readers.fields import identifiers
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_xml import reading
from synthesis.library.readers.in_xml.reading import Node

_KNOWN = {
    "journal article": "article",
    "electronic article": "article",
    "magazine article": "article",
    "newspaper article": "article",
    "conference paper": "conference",
    "conference proceedings": "conference",
    "generic": "other",
    "web page": "other",
}


def read(text: str) -> Contents:
    """Return the references of an EndNote XML file, up to where it stops being XML."""
    return reading.read(text, {"record": _take})


def _take(node: Node, contents: Contents) -> None:
    database, provider = node.get("remote-database-name"), node.get("remote-database-provider")
    accession = node.get("accession-num")
    urls = [f"urls/{kind}-urls/url" for kind in ("related", "web", "text", "pdf")]
    url, more = found.addresses(node.all(*urls[:3]))
    serials, others = found.serials(node.all("isbn", "issn"))
    kinds = [one.get("name", "") for one in node.nodes("ref-type")]
    publisher = node.get("publisher")
    journal = node.get(
        "titles/secondary-title", "periodical/full-title", "periodical/abbr-1",
        "titles/alt-title", "alt-periodical/full-title",
    )  # fmt: skip
    if any(kind.lower() in ("thesis", "report") for kind in kinds):
        journal = journal or publisher
    notes = node.all("notes", "research-notes")
    given: dict[str, str | list[str]] = {
        "title": node.get("titles/title", "titles/short-title"),
        "authors": node.all("contributors/authors/author"),
        "year": found.year(*node.all("dates/year", "dates/pub-dates/date")),
        "month": found.month(*node.all("dates/pub-dates/date")),
        "journal": journal,
        "volume": node.get("volume"),
        "number": node.get("number"),
        "pages": found.pages(node.get("pages", "electronic-pages", "custom7")),
        **found.dois(node.all("electronic-resource-num"), [url, *more, *notes]),
        "pmid": identifiers.pmid_of(accession, database, provider)
        or found.pmid(accession, *notes, *node.all("custom2"), url, *more),
        "url": url,
        "abstract": node.get("abstract"),
        "keywords": [
            one
            for text in node.all("keywords/keyword")
            for one in text.replace("\r", ";").split(";")
        ],
        "database": database,
        **serials,
        "language": node.get("language"),
        "publisher": publisher,
        "editors": node.all("contributors/secondary-authors/author"),
        "accession": accession,
        "notes": [*notes, *more, *others],
    }
    # Names of the library on somebody's disk, and of places that are repeated in every record.
    node.nodes("database", "source-app", "foreign-keys/key", "ref-type", *urls[3:])
    key = node.get("rec-number")
    node.note_unread(contents, part_of_text=("style",))
    contents.take(given, kinds, _KNOWN, line=node.line, raw=node.raw, key=key)
