"""EndNote's tagged format (.enw, "Refer"): one tag with a per cent sign on each line.

The tags are those of EndNote's "Import" filter, as shown in the example of the AIS eLibrary
in the documentation of ``colrev/loader`` (github.com/CoLRev-Environment/colrev); references are
separated by blank lines, and ``%0`` need not come first.
"""

from __future__ import annotations

import re

from synthesis.library.readers import found, tagged
from synthesis.library.readers.fields import identifiers
from synthesis.library.readers.found import Around, Contents
from synthesis.library.readers.tagged import Block, Grammar, Parsed

_LINE = re.compile(r"(%[0-9A-Z@!#$&()*+,.:;<=>?\[\]^_`{|}~'\"/\\-])(?: (.*)|)")
_KNOWN = {
    "journal article": "article",
    "electronic article": "article",
    "conference paper": "conference",
    "conference proceedings": "conference",
    "generic": "other",
    "web page": "other",
}


def read(text: str) -> Contents:
    """Return the references of an EndNote file with tags."""
    contents = Contents()
    for part in tagged.blocks(text, Grammar(_parse, "%0", "", late=True)):
        if isinstance(part, Around):
            contents.around.append(part)
        else:
            _take(part, contents)
    return contents


def _parse(line: str) -> Parsed:
    matched = _LINE.fullmatch(line)
    return (matched[1], (matched[2] or "").strip()) if matched else (None, line.strip())


def _take(block: Block, contents: Contents) -> None:
    kind = block.get("%0")
    publisher = block.get("%I")
    journal = block.get("%J", "%B", "%S")
    if kind.lower() in ("thesis", "report"):
        journal = journal or publisher
    url, more = found.addresses(block.all("%U", "%>"))
    serials, others = found.serials(block.all("%@"))
    database, accession = block.get("%~", "%W"), block.get("%M")
    given: dict[str, str | list[str]] = {
        "title": block.get("%T", "%!"),
        "authors": block.lists("%A"),
        "year": found.year(*block.all("%D", "%8")),
        "month": found.month(*block.all("%8")),
        "journal": journal,
        "volume": block.get("%V"),
        "number": block.get("%N"),
        "pages": found.pages(block.get("%P")),
        **found.dois(block.all("%R"), [url, *more, *block.all("%Z")]),
        "pmid": identifiers.pmid_of(accession, *block.all("%~", "%W"))
        or found.pmid(*block.all("%M", "%Z", "%2"), url),
        "url": url,
        "abstract": block.get("%X"),
        "keywords": [one for line in block.lists("%K") for one in line.split(";")],
        "database": database,
        **serials,
        "language": block.get("%G"),
        "publisher": publisher,
        "editors": block.lists("%E"),
        "accession": accession,
        "notes": [*block.all("%Z"), *more, *others],
    }
    block.asked.discard("%2")
    key = block.get("%F") or accession
    block.note_unread(contents)
    declared = [kind, *block.all("%9")]
    contents.take(given, declared, _KNOWN, line=block.line, raw=block.raw, key=key)
