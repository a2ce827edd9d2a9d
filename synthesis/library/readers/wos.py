"""Web of Science's plain text, and the same tags as headings of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from synthesis.library.readers import found, kinds, tagged
from synthesis.library.readers.found import Around, Contents
from synthesis.library.readers.tagged import Block, Grammar, Parsed

DATABASE = "Web of Science"

_LINE = re.compile(r"([A-Z][A-Z0-9])(?: (.*))?")
_AROUND = re.compile(r"(?:FN|VR|EF)(?: .*)?")
_TYPES = {"j": "article", "b": "book", "s": "chapter", "c": "conference"}


TAGS = frozenset(
    [
        "PT", "AU", "BA", "BE", "GP", "AF", "BF", "CA", "TI", "SO", "SE", "BS", "LA", "DT", "CT",
        "CY", "CL", "SP", "HO", "DE", "ID", "AB", "C1", "C3", "RP", "EM", "RI", "OI", "FU", "FP",
        "FX", "CR", "NR", "TC", "Z9", "U1", "U2", "PU", "PI", "PA", "SN", "EI", "BN", "J9", "JI",
        "PD", "PY", "VL", "IS", "PN", "SU", "SI", "MA", "BP", "EP", "AR", "DI", "DL", "D2", "EA",
        "PG", "WC", "WE", "SC", "GA", "PM", "OA", "HC", "HP", "DA", "UT",
    ]
)  # fmt: skip
"""The tags, which are the headings where the export is separated by tabs."""

_SEVERAL = ("AU", "AF", "BA", "BE", "BF", "CA", "ED", "GP")
"""Tags with one name on each line."""


def read(text: str) -> Contents:
    """Return the references of a Web of Science file."""
    contents = Contents()
    for part in tagged.blocks(text, Grammar(_parse, "PT", "ER", _AROUND)):
        if isinstance(part, Around):
            contents.around.append(part)
            continue
        if not part.ended:
            contents.problems.append(tagged.unended(part, "ER"))
        take(part, contents)
    return contents


def of_row(row: Mapping[str, str], line: int, raw: str) -> Block:
    """Return a row of the export separated by tabs as the lines of the other one."""
    tags = [
        (tag, [one.strip() for one in value.split(";")] if tag in _SEVERAL else [value])
        for tag, value in row.items()
        if value
    ]
    return Block(line, tags, raw.split("\n"), ended=True)


def _parse(line: str) -> Parsed:
    matched = _LINE.fullmatch(line)
    return (matched[1], (matched[2] or "").strip()) if matched else (None, line.strip())


def take(block: Block, contents: Contents) -> None:
    """Add a reference to the contents."""
    persons = block.lists("AF") or block.lists("AU") or block.lists("BF", "BA")
    serials, others = found.serials(block.all("SN", "EI", "BN"))
    given: dict[str, str | list[str]] = {
        "title": block.get("TI"),
        "authors": [*persons, *block.lists("CA", "GP")],
        "year": found.year(*block.all("PY", "EA")),
        "month": found.month(*block.all("PD", "EA")),
        "journal": block.get("SO"),
        "volume": block.get("VL"),
        "number": block.get("IS"),
        "pages": found.pages(block.get("BP"), block.get("EP")) or block.get("AR"),
        **found.dois(block.all("DI", "D2"), block.all("DL")),
        "pmid": block.get("PM") or found.pmid(block.get("UT")),
        "url": block.get("UR"),
        "abstract": block.get("AB"),
        "keywords": [word for line in block.all("DE", "ID") for word in line.split(";")],
        "database": DATABASE,
        **serials,
        "language": block.get("LA"),
        "publisher": block.get("PU"),
        "editors": block.lists("BE", "ED"),
        "accession": block.get("UT"),
        "notes": others,
    }
    declared = block.get("DT")
    named = [one for one in (declared, *declared.split(";")) if one.strip()]
    known = [one for one in named if kinds.kind(one, {}) != "other"]
    # Short forms of what is given in full, and what the links repeat, add nothing to it.
    block.asked.update({"AU", "BA", "BE", "J9", "JI", "DL", "PT"})
    block.note_unread(contents)
    known += [one for one in named if one not in known and kinds.named(one)]
    told = (known or [block.get("PT")]), (None if known else _TYPES)
    contents.take(given, *told, line=block.line, raw=block.raw)
