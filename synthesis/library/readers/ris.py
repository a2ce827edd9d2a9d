"""RIS, as reference managers, Embase, CENTRAL and Zotero write it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from arrowroot.extras import require
from arrowroot.text import counted
from synthesis.library.readers import found, kinds, tagged
from synthesis.library.readers.fields import identifiers
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.found import Around, Contents, Problem
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

_AROUND = re.compile(
    r"\s*\d+\.\s*|Link to the (?:Ovid|External|Full)\b.*|(?:Provider|Database|Content): ?\S.*"
)
"""What programs write around references: numbers, links to their own pages, their names."""

_BARE = re.compile(r"([A-Z][A-Z0-9]) {0,2}-(?: (.*))?")
_LOOSE = re.compile(r"^TY ?- ?[A-Z]", re.MULTILINE)
_STRICT = re.compile(r"^(?:TY|ER)  -", re.MULTILINE)
_PMID = re.compile(r"(?i)pmid\W*\d{1,8}")
_TITLES = ("TI", "T1")
_CUSTOM_DOI = ("M3", "N1", "L1", "L2", "L3", "L4", "LK", "C1", "C2", "C3", "C4", "C5", "C6", "C7")


def read(text: str) -> Contents:
    """Return the references of a RIS file."""
    contents = Contents()
    parse = _parser()
    if not _STRICT.search(text) and _LOOSE.search(text):
        parse = _parse_loosely
    untyped: list[Block] = []
    for part in tagged.blocks(text, Grammar(parse, "TY", "ER", _AROUND, late=True)):
        if isinstance(part, Around):
            contents.around.append(part)
            continue
        for block in _of_one_each(part):
            if not block.ended:
                contents.problems.append(tagged.unended(block, "ER  -"))
            if not block.started:
                untyped.append(block)
            _take(block, contents)
    if untyped:
        first, more = untyped[0], len(untyped) - 1
        also = f"; the same is true of {counted(more, 'other')} in this file" if more else ""
        message = (
            "this reference has no line TY, which says what kind of publication it is; it was "
            f"read, and its kind was taken from the other lines{also}."
        )
        contents.problems.append(Problem(first.line, message, first.raw))
    return contents


@cache
def _parser() -> Callable[[str], Parsed]:
    require("read_records, for RIS files,", "rispy")
    from rispy import RisParser

    return RisParser().parse_line


def _parse_loosely(line: str) -> Parsed:
    """Take a line apart where the file has other blanks around the hyphen than RIS asks for."""
    matched = _BARE.fullmatch(line)
    return (matched[1], (matched[2] or "").strip()) if matched else (None, line.strip())


def _of_one_each(block: Block) -> list[Block]:
    """Divide a block into two if a second reference begins at the line TY in its middle."""
    if block.late_at is None:
        return [block]
    tags, lines = block.late_at
    before, after = block.tags[:tags], block.tags[tags:]
    if not all(any(tag in _TITLES for tag, _ in part) for part in (before, after)):
        return [block]
    return [
        Block(block.line, before, block.lines[:lines], started=False),
        Block(block.line + lines, after, block.lines[lines:], ended=block.ended),
    ]


def _take(block: Block, contents: Contents) -> None:
    # The type of work is put in M3, and so are DOIs; a kind that nothing names adds none.
    works = [one for one in block.all("M3") if kinds.named(one)]
    declared = [block.get("TY"), *works]
    accession = next((one for one in block.all("AN") if one and not _PMID.fullmatch(one)), "")
    registered = [one for one in block.all("C8") if one.startswith("Registration: ")]
    database = block.get("DB", "DP")
    url, more = found.addresses(block.all("UR", "LK"))
    serials, others = found.serials(block.all("SN"))
    given: dict[str, str | list[str]] = {
        "title": block.get("TI", "T1", "CT", "BT"),
        "authors": block.lists("AU", "A1"),
        "year": found.year(*block.all("PY", "Y1", "DA")),
        "month": found.month(*block.all("DA", "PY", "Y1")),
        "journal": block.get("T2", "JF", "JO", "JA", "J2", "J1", "BT"),
        "volume": block.get("VL"),
        "number": block.get("IS"),
        "pages": _pages(block),
        **found.dois(block.all("DO", "DI"), [*block.all("UR"), *block.all(*_CUSTOM_DOI)]),
        "pmid": found.pmid(*block.all("AN", "N1", "C2", "U1", "M1", "ID", "PM", "UR", "U2"))
        or identifiers.pmid_of(accession, database, *block.all("DB", "DP")),
        "url": url,
        **found.abstracts(block.all("AB", "N2")),
        "keywords": [one for line in block.lists("KW") for one in line.split(";")],
        "database": database,
        **serials,
        "language": block.get("LA"),
        "publisher": block.get("PB"),
        "editors": block.lists("ED", "A2", "A3"),
        "registration": registered,
        "accession": accession,
        "notes": [*block.all("N1", "RN"), *more, *others],
    }
    if declared[0] in ("THES", "RPRT"):
        given["journal"] = given["journal"] or given["publisher"]
    # Custom fields are searched for numbers, which is not to read them.
    block.asked.difference_update(
        {*_CUSTOM_DOI, "M1", "M2", "U1", "U2", *([] if registered else ["C8"])}
        - (_used(given, block) | ({"M3"} if works else set()))
    )
    block.asked.update({"TY", "ID", "N1"})
    block.note_unread(contents)
    contents.take(
        given, declared, TYPES, line=block.line, raw=block.raw, key=block.get("ID") or accession
    )


def _used(given: Mapping[str, str | Sequence[str]], block: Block) -> set[str]:
    """Return the custom tags of which all that they say was taken into a field."""
    held = [str(given[name]).lower() for name in ("doi", "pmid", "pages") if given[name]]
    used = set()
    for tag, lines in block.tags:
        value = " ".join(lines).strip().lower()
        bare = re.sub(r"^(?:pmid|doi|article(?: number)?)\W*", "", value)
        if not value or any(bare in (one, f"https://doi.org/{one}") for one in held):
            used.add(tag)
    return used


def _pages(block: Block) -> str:
    """Return the pages, or the article number in their place, which most programs put in C7."""
    begin, end = (
        next((one for one in map(found.clean, block.all(tag)) if not is_absent("pages", one)), "")
        for tag in ("SP", "EP")
    )
    if begin or end:
        return found.pages(begin, end)
    for value in block.all("C7", "AR", "SE", "M2"):
        if found.clean(value) and not is_absent("pages", found.clean(value)):
            return found.pages(value)
    return found.first(*block.all("SP"))
