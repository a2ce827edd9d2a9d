"""RIS, as reference managers, Embase, CENTRAL and Zotero write it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from arrowroot.extras import require
from synthesis.library.readers import found, kinds, tagged
from synthesis.library.readers.found import Around, Contents, Found
from synthesis.library.readers.tagged import Block, Grammar, Parsed

TYPES = {
    "jour": "article",
    "ejour": "article",
    "jfull": "article",
    "mgzn": "article",
    "news": "article",
    "inpr": "article",
    "abst": "conference",
    "conf": "conference",
    "cpaper": "conference",
    "book": "book",
    "ebook": "book",
    "edbook": "book",
    "chap": "chapter",
    "echap": "chapter",
    "thes": "thesis",
    "rprt": "report",
    "govdoc": "report",
}
"""What the commonest values of TY mean."""

_NUMBERED = re.compile(r"\s*\d+\.\s*")
"""Some programs put a reference's number on a separate line before it."""


def read(text: str) -> Contents:
    """Return the references of a RIS file."""
    contents = Contents()
    for part in tagged.blocks(text, Grammar(_parser(), "TY", "ER", _NUMBERED)):
        if isinstance(part, Around):
            contents.around.append(part)
            continue
        if not part.ended:
            contents.problems.append(tagged.unended(part, "ER  -"))
        contents.found.append(Found(_fields(part), part.line, part.raw, part.get("ID", "AN")))
    return contents


@cache
def _parser() -> Callable[[str], Parsed]:
    require("read_records, for RIS files,", "rispy")
    from rispy import RisParser

    return RisParser().parse_line


def _fields(block: Block) -> dict[str, str]:
    fields = {
        "title": block.get("TI", "T1", "CT", "BT"),
        "authors": found.joined(block.lists("AU", "A1")),
        "year": found.year(*block.all("PY", "Y1", "DA")),
        "journal": block.get("T2", "JF", "JO", "JA", "J2", "BT"),
        "volume": block.get("VL"),
        "number": block.get("IS"),
        "pages": found.pages(block.get("SP"), block.get("EP")),
        "doi": found.doi(*block.all("DO"), *_with_doi(block.all("UR", "M3", "N1", "L3"))),
        "pmid": _pmid(block),
        "url": block.get("UR"),
        "abstract": block.get("AB", "N2"),
        "keywords": found.joined(block.lists("KW")),
        "database": block.get("DB", "DP"),
    }
    declared = block.get("TY")
    if "conference abstract" in block.get("M3").lower():
        declared = "conference abstract"
    return {"type": kinds.kind(declared, fields, TYPES), **fields}


def _with_doi(values: list[str]) -> list[str]:
    return [value for value in values if "10." in value and "doi" in value.lower()]


def _pmid(block: Block) -> str:
    named = found.pmid(*block.all("AN", "N1", "C2", "U1", "M1"))
    number = block.get("AN")
    medline = re.search(r"(?i)pubmed|medline", block.get("DB", "DP"))
    return named or (number if medline and re.fullmatch(r"\d{1,8}", number) else "")
