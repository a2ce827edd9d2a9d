"""What a reader finds in a file: references, and what could not be read as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from arrowroot.text import trimmed

FIELDS = (
    "type",
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "number",
    "pages",
    "doi",
    "pmid",
    "url",
    "abstract",
    "keywords",
    "database",
)
"""What is extracted from a reference; everything else stays in its raw text."""

BETWEEN = "; "
"""Separates authors and keywords."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_PMID = re.compile(r"(?i)\bPMID:?\s*(\d{1,8})\b")


@dataclass(frozen=True)
class Found:
    """A reference in a file.

    Attributes
    ----------
    fields : dict of str to str
        Some of `FIELDS`; each text on one line.
    line : int
        Where it begins in the file, counted from 1.
    raw : str
        The reference exactly as in the file.
    key : str
        The file's own name for it: a citation key, an accession number. May be empty.
    """

    fields: dict[str, str]
    line: int
    raw: str
    key: str = ""


@dataclass(frozen=True)
class Problem:
    """Something in a file that a reviewer should look at."""

    line: int
    message: str
    raw: str


@dataclass(frozen=True)
class Around:
    """What belongs to a file and not to a reference: headings, macros, comments."""

    line: int
    raw: str


@dataclass(frozen=True)
class Contents:
    """The contents of a file."""

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    around: list[Around] = field(default_factory=list)


def clean(text: str) -> str:
    r"""Return text on one line, without control characters and superfluous spaces.

    Examples
    --------
    >>> clean(" Leaves \n   and\x00 roots ")
    'Leaves and roots'
    """
    return " ".join(trimmed(_CONTROL.sub("", text)).split())


def joined(items: Iterable[str]) -> str:
    """Join authors or keywords, leaving out blank ones.

    Examples
    --------
    >>> joined(["Doe, J.", " ", "Roe; R."])
    'Doe, J.; Roe, R.'
    """
    kept = (clean(item).replace(";", ",").strip(", ") for item in items)
    return BETWEEN.join(item for item in kept if item)


def first(*values: str) -> str:
    """Return the first value that is not blank."""
    return next((kept for value in values if (kept := clean(value))), "")


def doi(*values: str) -> str:
    """Return the DOI in the values, without address or label around it.

    A value without a DOI is kept as it is, if there is nothing else.

    Examples
    --------
    >>> doi("https://doi.org/10.1371/journal.pone.0132340")
    '10.1371/journal.pone.0132340'
    >>> doi("", "S0140 [pii]; 10.1016/x(1) [doi]")
    '10.1016/x(1)'
    """
    for value in values:
        if matched := _DOI.search(clean(value)):
            return matched[0].rstrip(".,;")
    return first(*values)


def year(*values: str) -> str:
    """Return the year in the first value that is filled in, or that value as it is.

    Examples
    --------
    >>> year("", "2015/07/17/"), year("in press")
    ('2015', 'in press')
    """
    given = first(*values)
    matched = _YEAR.search(given)
    return matched[0] if matched else given


def pmid(*values: str) -> str:
    """Return the PubMed number that is labelled as such in one of the values.

    Examples
    --------
    >>> pmid("Accession no.", "PMID: 123456")
    '123456'
    """
    return next((matched[1] for value in values if (matched := _PMID.search(value))), "")


def pages(begin: str, end: str = "") -> str:
    """Return a page range with a plain hyphen.

    Examples
    --------
    >>> pages("5", "9"), pages("5--9"), pages("e0132340", "e0132340")
    ('5-9', '5-9', 'e0132340')
    """
    begin, end = clean(begin), clean(end)
    told = begin if not end or end == begin else f"{begin}-{end}" if begin else end
    return re.sub(r"\s*[-‐-―]+\s*", "-", told)
