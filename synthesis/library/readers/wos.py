"""Web of Science's plain text."""

from __future__ import annotations

import re

from synthesis.library.readers import found, kinds, tagged
from synthesis.library.readers.found import Around, Contents, Found
from synthesis.library.readers.tagged import Block, Grammar, Parsed

DATABASE = "Web of Science"

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?")
_AROUND = re.compile(r"(?:FN|VR|EF)(?: .*)?")
_TYPES = {"j": "article", "b": "book", "s": "chapter", "c": "conference"}


def read(text: str) -> Contents:
    """Return the references of a Web of Science file."""
    contents = Contents()
    for part in tagged.blocks(text, Grammar(_parse, "PT", "ER", _AROUND)):
        if isinstance(part, Around):
            contents.around.append(part)
            continue
        if not part.ended:
            contents.problems.append(tagged.unended(part, "ER"))
        contents.found.append(Found(_fields(part), part.line, part.raw, part.get("UT")))
    return contents


def _parse(line: str) -> Parsed:
    matched = _LINE.fullmatch(line)
    return (matched[1], (matched[2] or "").strip()) if matched else (None, line.strip())


def _fields(block: Block) -> dict[str, str]:
    people = block.lists("AF") or block.lists("AU") or block.lists("CA")
    fields = {
        "title": block.get("TI"),
        "authors": found.joined(people),
        "year": found.year(*block.all("PY", "EA")),
        "journal": block.get("SO"),
        "volume": block.get("VL"),
        "number": block.get("IS"),
        "pages": found.pages(block.get("BP"), block.get("EP")) or block.get("AR"),
        "doi": found.doi(*block.all("DI", "D2")),
        "pmid": block.get("PM"),
        "abstract": block.get("AB"),
        "keywords": found.joined(
            word for line in block.all("DE", "ID") for word in line.split(";")
        ),
        "database": DATABASE,
    }
    declared = block.get("DT")
    known = kinds.kind(declared, fields) if declared else ""
    return {"type": known or kinds.kind(block.get("PT"), fields, _TYPES), **fields}
