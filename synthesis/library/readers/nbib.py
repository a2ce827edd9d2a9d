"""PubMed's own format (.nbib, "MEDLINE" when saved as text)."""

from __future__ import annotations

import re

from synthesis.library.readers import found, kinds, tagged
from synthesis.library.readers.found import Contents, Found
from synthesis.library.readers.tagged import Block, Grammar, Parsed

DATABASE = "PubMed"

_LINE = re.compile(r"([A-Z][A-Z0-9]{1,3}) *- ?(.*)")
_KINDS = ("Preprint", "Congress", "Clinical Trial Protocol", "Book Chapter")
"""Publication types that take precedence over "Journal Article", listed with them."""


def read(text: str) -> Contents:
    """Return the references of a PubMed file."""
    contents = Contents()
    for part in tagged.blocks(text, Grammar(_parse, "PMID", "")):
        if isinstance(part, Block):
            fields = _fields(part)
            contents.found.append(Found(fields, part.line, part.raw, fields["pmid"]))
    return contents


def _parse(line: str) -> Parsed:
    # The dash is in the fifth column, so that no word of a text is taken for a tag.
    matched = _LINE.fullmatch(line) if line[4:5] == "-" else None
    return (matched[1], matched[2].strip()) if matched else (None, line.strip())


def _fields(block: Block) -> dict[str, str]:
    linked = [value for value in block.all("LID", "AID") if "[doi]" in value]
    fields = {
        "title": block.get("TI", "BTI", "TT"),
        "authors": found.joined([*(block.all("FAU") or block.all("AU")), *block.all("CN")]),
        "year": found.year(*block.all("DP", "DEP")),
        "journal": block.get("JT", "TA"),
        "volume": block.get("VI"),
        "number": block.get("IP"),
        "pages": found.pages(block.get("PG")),
        "doi": found.doi(*linked),
        "pmid": block.get("PMID"),
        "abstract": block.get("AB"),
        "keywords": found.joined([*block.all("OT"), *block.all("MH")]),
        "database": DATABASE,
    }
    types = block.all("PT")
    declared = next((one for one in types if one in _KINDS), types[0] if types else "")
    return {"type": kinds.kind(declared, fields), **fields}
