"""PubMed's own format (.nbib, "MEDLINE" when saved as text), which ERIC writes too."""

from __future__ import annotations

import re

from synthesis.library.readers import found, tagged
from synthesis.library.readers.found import Contents
from synthesis.library.readers.tagged import Block, Grammar, Parsed

DATABASE = "PubMed"

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_PUBMED = re.compile(r"^PMID- ?\d", re.MULTILINE)


def read(text: str) -> Contents:
    """Return the references of a PubMed file, or of one that ERIC writes in this format."""
    contents = Contents()
    # ERIC has no PubMed numbers; its references begin with their owner.
    start = "PMID" if _PUBMED.search(text) else "OWN"
    for part in tagged.blocks(text, Grammar(_parse, start, "")):
        if isinstance(part, Block):
            _take(part, contents)
    return contents


def _parse(line: str) -> Parsed:
    # The dash is in the fifth column, so that no word of a text is taken for a tag.
    matched = _LINE.fullmatch(line) if line[4:5] == "-" else None
    return (matched[1], matched[2].strip()) if matched else (None, line.strip())


def _take(block: Block, contents: Contents) -> None:
    eric = block.get("OWN").upper() == "ERIC"
    identified = block.all("LID", "AID")
    url, more = found.addresses(block.all("UR", "U", "LK"))
    serials, others = found.serials(block.all("IS", "ISSN", "SN", "ISBN"))
    given: dict[str, str | list[str]] = {
        "title": block.get("TI", "BTI", "TT"),
        "authors": [*(block.all("FAU") or block.all("AU")), *block.all("CN")],
        "year": found.year(*block.all("DP", "DEP")),
        "month": found.month(*block.all("DP", "DEP")),
        "journal": block.get("JT", "TA", "BTI"),
        "volume": block.get("VI"),
        "number": block.get("IP"),
        "pages": found.pages(block.get("PG")) or _instead_of_pages(identified),
        **found.dois(
            [one for one in identified if "[doi]" in one],
            [*identified, *block.all("DO", "SO", "UR")],
        ),
        "pmid": block.get("PMID"),
        "url": url,
        **found.abstracts(block.all("AB", "OAB")),
        "keywords": [*block.all("OT"), *block.all("MH")],
        "database": "ERIC" if eric else DATABASE,
        **serials,
        "language": block.get("LA"),
        "publisher": block.get("PB"),
        "editors": block.all("FED") or block.all("ED"),
        "accession": block.get("PMID", "OID"),
        "notes": [*block.all("GN"), *more, *others],
    }
    # Short forms of what is given in full, and the number's owner, add nothing to it.
    block.asked.update({"AU", "ED", "TA", "OWN", "SO"})
    declared = block.all("PT")
    block.note_unread(contents)
    contents.take(given, declared, line=block.line, raw=block.raw)


def _instead_of_pages(identified: list[str]) -> str:
    """Return the article number that PubMed gives as a location, if there are no pages."""
    pii = (re.fullmatch(r"((?:e?\d{2,7}))\s*\[pii\]", one.strip()) for one in identified)
    return next((matched[1] for matched in pii if matched), "")
