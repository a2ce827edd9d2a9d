"""Works of OpenAlex in JSON, as its API returns them and `openalexR` and others save them.

The names are those of the "Work object" of OpenAlex's documentation (docs.openalex.org), as used
in tables of its fields such as the one of manubot's ORCID and OpenAlex plug-ins on GitHub.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthesis.library.readers import found
from synthesis.library.readers.fields import identifiers, people
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_json import reading
from synthesis.library.readers.in_json.reading import Node

DATABASE = "OpenAlex"
TYPES = {
    "article": "article",
    "review": "article",
    "letter": "article",
    "editorial": "article",
    "erratum": "article",
    "preprint": "preprint",
    "book": "book",
    "book chapter": "chapter",
    "dissertation": "thesis",
    "report": "report",
    "dataset": "other",
    "paratext": "other",
}


def is_one(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a work of OpenAlex."""
    return "openalex.org/" in str(value.get("id", "")) and bool(
        {"display_name", "title", "publication_year", "authorships"} & value.keys()
    )


def read(text: str) -> Contents:
    """Return the works of an OpenAlex file."""
    return reading.read(text, is_one, _take)


def _take(node: Node, contents: Contents) -> None:
    source = "primary_location.source."
    url, more = found.addresses(node.all("primary_location.landing_page_url"))
    dates = node.all("publication_date", "publication_year")
    given: dict[str, str | list[str]] = {
        "title": node.get("title", "display_name"),
        "authors": [people.given_first(one) for one in node.all("authorships.author.display_name")],
        "year": found.year(*dates),
        "month": found.month(*dates),
        "journal": node.get(f"{source}display_name"),
        "volume": node.get("biblio.volume"),
        "number": node.get("biblio.issue"),
        "pages": found.pages(node.get("biblio.first_page"), node.get("biblio.last_page")),
        **found.dois(node.all("doi", "ids.doi")),
        "pmid": found.pmid(*node.all("ids.pmid")),
        "url": url,
        "abstract": _abstract(node.values("abstract_inverted_index")) or node.get("abstract"),
        "keywords": node.all("keywords.display_name"),
        "database": DATABASE,
        "issn": identifiers.issns(*node.all(f"{source}issn_l", f"{source}issn")),
        "language": node.get("language"),
        "publisher": node.get(f"{source}host_organization_name"),
        "accession": node.get("id").rpartition("/")[2],
        "notes": more,
    }
    declared = node.get("type")
    node.values("display_name", "title", "ids.openalex", "authorships.raw_author_name")
    node.note_unread(contents, depth=2)
    contents.take(given, declared, TYPES, line=node.line, raw=node.raw)


def _abstract(indexes: list[Any]) -> str:
    """Return the abstract of which OpenAlex lists each word with its places."""
    for index in indexes:
        if isinstance(index, dict):
            placed = [
                (at, str(word))
                for word, places in index.items()
                if isinstance(places, list)
                for at in places
                if isinstance(at, int)
            ]
            return " ".join(word for _, word in sorted(placed))
    return ""
