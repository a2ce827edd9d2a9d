"""What a reader finds in a file: references, and what could not be read as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from arrowroot.text import trimmed
from synthesis.library.readers import kinds
from synthesis.library.readers.fields import identifiers, people
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.fields.registrations import registrations

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
    "issn",
    "isbn",
    "language",
    "publisher",
    "editors",
    "month",
    "second_abstract",
    "second_doi",
    "registration",
    "accession",
    "notes",
)
"""What is extracted from a reference; everything else stays in its raw text."""

LISTS = ("authors", "keywords", "issn", "isbn", "editors", "registration")
"""Fields that are lists, whose items `BETWEEN` separates."""

BETWEEN = "; "
"""Separates authors and keywords."""

BETWEEN_NOTES = " | "
"""Separates notes, which may contain semicolons."""

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_YEAR_TOGETHER = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?(?!\d)"
)
"""A date without hyphens: 20150717 or 201507."""

_YEAR_OR_WORDS = re.compile(
    r"\d{4}|(?i:\W*(?:in press|forthcoming|submitted|accepted|to appear)\W*)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(?:1[5-9]|20|21)\d\d(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = re.compile(rf"(?i)(?<![a-z])({'|'.join(_MONTHS)})[a-z]*")
_NUMBERED_MONTH = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d[-/.](0?[1-9]|1[0-2])(?!\d)")
Given = Mapping[str, str | Sequence[str]]
"""A reference's fields as a reader found them; `LISTS` and notes as sequences."""


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
    said : str
        What the file calls this kind of publication, in its own words.
    """

    fields: dict[str, str]
    line: int
    raw: str
    key: str = ""
    said: str = ""


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
    """The contents of a file.

    Attributes
    ----------
    found : list of Found
        Its references.
    problems : list of Problem
        What a reviewer should look at.
    around : list of Around
        What belongs to no reference.
    unread : dict of str to int
        Tags or headings with a text that no field has a place for, and where the first one is.
    absent : dict of (str, str) to int
        Words that stand for nothing, with the field that was left blank, and how often.
    odd : dict of (str, str) to int
        Values that are not what their field is for, such as a year "42202", with the field, and
        how often. They are kept.
    """

    found: list[Found] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    around: list[Around] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    absent: dict[tuple[str, str], int] = field(default_factory=dict)
    odd: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(
        self,
        given: Given,
        declared: str | Sequence[str],
        known: Mapping[str, str] | None = None,
        *,
        line: int,
        raw: str,
        key: str = "",
    ) -> None:
        """Add a reference: its fields tidied, and its kind by the strongest sign.

        Parameters
        ----------
        given : mapping
            The fields.
        declared : str or sequence of str
            What the file says that it is.
        known : mapping of str to str, optional
            The format's own types, as in `kinds.kind`.
        line, raw, key : int, str, str
            As in `Found`.
        """
        fields = dict.fromkeys(FIELDS, "")
        fields |= {name: self._tidied(name, value) for name, value in given.items() if value}
        # Any field may name a registration, also one that has no column here.
        texts = (fields[name] for name in ("registration", "title", "abstract", "notes"))
        own = fields["registration"]
        fields["registration"] = joined(registrations(*texts, raw, own=[own]))
        aside = [f"Registration: {one}" for one in own.split(BETWEEN) if not _numbers_in(one)]
        if fields["pmid"] and not (number := identifiers.pubmed_number(fields["pmid"])):
            aside.append(f"Under PMID stands: {fields['pmid']}")
            self._count_odd("pmid", fields["pmid"])
            fields["pmid"] = ""
        elif fields["pmid"]:
            fields["pmid"] = number
        if aside:
            kept = [one for one in fields["notes"].split(BETWEEN_NOTES) if one]
            fields["notes"] = BETWEEN_NOTES.join(dict.fromkeys([*kept, *aside]))
        if fields["year"] and not _YEAR_OR_WORDS.fullmatch(fields["year"]):
            self._count_odd("year", fields["year"])
        if fields["doi"] and not fields["doi"].startswith("10."):
            self._count_odd("doi", fields["doi"])
        fields["type"] = kinds.kind(declared, fields, known)
        said = declared if isinstance(declared, str) else "; ".join(declared)
        self.found.append(Found(fields, line, raw, key or fields["accession"], said))

    def _count_odd(self, name: str, value: str) -> None:
        self.odd[value, name] = self.odd.get((value, name), 0) + 1

    def _tidied(self, name: str, value: str | Sequence[str]) -> str:
        if isinstance(value, str):
            return "" if self._says_nothing(name, kept := clean(value)) else kept
        items = [item for one in value if (item := clean(one))]
        items = [item for item in items if not self._says_nothing(name, item)]
        if name in ("authors", "editors"):
            return joined(one for item in items for one in people.of_item(item))
        if name == "notes":
            return BETWEEN_NOTES.join(dict.fromkeys(items))
        return joined(dict.fromkeys(items))

    def _says_nothing(self, name: str, value: str) -> bool:
        absent = value != "" and is_absent(name, value)
        if absent:
            self.absent[value, name] = self.absent.get((value, name), 0) + 1
        return absent


def _numbers_in(text: str) -> bool:
    return not text or bool(registrations(own=[text]))


def clean(text: str) -> str:
    r"""Return text on one line, without control characters and superfluous spaces.

    Examples
    --------
    >>> clean(" Leaves \n   and\x00 roots ")
    'Leaves and roots'
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
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
    """Return the first value that is neither blank nor a word for nothing, or else the first.

    Examples
    --------
    >>> first("", "NA", "Leaves"), first("NA")
    ('Leaves', 'NA')
    """
    kept = [one for value in values if (one := clean(value))]
    return next((one for one in kept if not is_absent("title", one)), kept[0] if kept else "")


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
    named = identifiers.dois(*map(clean, values))
    return named[0] if named else first(*values)


def dois(own: Sequence[str], elsewhere: Iterable[str] = ()) -> dict[str, str]:
    """Return the fields ``doi`` and ``second_doi``.

    Parameters
    ----------
    own : sequence of str
        Values of the fields that are for DOIs.
    elsewhere : iterable of str
        Addresses and notes, used only if there is no DOI among those.
    """
    named = identifiers.dois(*map(clean, own))
    if not named:
        others = identifiers.dois(*identifiers.with_address(map(clean, elsewhere)))
        return {"doi": others[0] if others else first(*own), "second_doi": ""}
    return {"doi": named[0], "second_doi": named[1] if len(named) > 1 else ""}


def year(*values: str) -> str:
    """Return the first year in the values, or the first value that is more than a month or a day.

    Examples
    --------
    >>> year("", "2015/07/17/"), year("in press"), year("JAN"), year("JAN", "2020")
    ('2015', 'in press', '', '2020')
    >>> year("20150717"), year("２０１５"), year("42202")
    ('2015', '2015', '42202')
    """
    plain = [_plain_digits(value) for value in values]
    for pattern in (_YEAR, _YEAR_TOGETHER):
        for value in plain:
            if matched := pattern.search(value):
                return matched[1]
    kept = (re.sub(r"[/\s]+$", "", clean(value)) for value in plain)
    return first(*(one for one in kept if not _is_month(one)))


def _is_month(text: str) -> bool:
    without = _MONTH.sub("", text)
    return without != text and bool(_MONTH_AND_DAY.fullmatch(without))


_MONTH_AND_DAY = re.compile(r"\W*|(?:\W+\d{1,2}|\d{1,2}\W+)[\W\d]*")
"""What is left of "JAN 5" or "JAN-FEB" when the names of months are taken away."""


def _plain_digits(text: str) -> str:
    """Return a text with the digits 0 to 9 for those of other scripts."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def month(*values: str) -> str:
    """Return the first month in the values as a number, if a date names one.

    Examples
    --------
    >>> month("2001/03//"), month("2015 Jul 17"), month("APR-JUN"), month("2001"), month("7")
    ('3', '7', '4', '', '7')
    >>> month("17/07/2015"), month("05/06/2015")
    ('7', '')
    """
    for value in values:
        if matched := _NUMBERED_MONTH.search(value):
            return matched[1].lstrip("0")
        if matched := _DAY_FIRST.search(value):
            # 5/6/2015 may be in May or in June; of 17/07/2015 there is only one reading.
            told = {one for one in (int(matched[1]), int(matched[3])) if one < 13}
            return str(told.pop()) if len(told) == 1 else ""
        if matched := _MONTH.search(value):
            return str(_MONTHS.index(matched[1].lower()) + 1)
        if re.fullmatch(r"0?[1-9]|1[0-2]", value.strip()):
            return value.strip().lstrip("0")
    return ""


def abstracts(values: Iterable[str]) -> dict[str, str]:
    """Return the fields ``abstract`` and ``second_abstract``; repeats and beginnings are left out.

    Examples
    --------
    >>> abstracts(["Leaves fall.", "Leaves fall.", "Las hojas caen."])
    {'abstract': 'Leaves fall.', 'second_abstract': 'Las hojas caen.'}
    """
    kept: list[str] = []
    for one in map(clean, values):
        if one and not is_absent("abstract", one) and not any(one in other for other in kept):
            kept = [*(other for other in kept if other not in one), one]
    return {"abstract": kept[0] if kept else "", "second_abstract": " ".join(kept[1:])}


def addresses(values: Iterable[str]) -> tuple[str, list[str]]:
    """Return the first address, and the others as notes.

    Examples
    --------
    >>> addresses(["https://x.example", "", "https://y.example"])
    ('https://x.example', ['URL: https://y.example'])
    """
    kept = list(dict.fromkeys(one for value in values if (one := clean(value))))
    return (kept[0] if kept else ""), [f"URL: {one}" for one in kept[1:]]


def serials(values: Iterable[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Return the fields ``issn`` and ``isbn``, and what is neither as notes.

    Examples
    --------
    >>> serials(["1465-1858", "9781433805615", "Report 7"])
    ({'issn': ['1465-1858'], 'isbn': ['9781433805615']}, ['ISSN or ISBN: Report 7'])
    """
    told: dict[str, list[str]] = {"issn": [], "isbn": []}
    notes = []
    for value in filter(None, map(clean, values)):
        isbns, issns = identifiers.isbns(value), identifiers.issns(value)
        told["isbn"] += isbns
        told["issn"] += issns
        if not isbns and not issns and not is_absent("issn", value):
            notes.append(f"ISSN or ISBN: {value}")
    return told, notes


def pmid(*values: str) -> str:
    """Return the PubMed number that is labelled as such in one of the values."""
    return identifiers.pmid(*values)


def pages(begin: str, end: str = "") -> str:
    """Return a page range with a plain hyphen, without words such as "pp." or "Article No.".

    Examples
    --------
    >>> pages("5", "9"), pages("5--9"), pages("e0132340", "e0132340"), pages("pp. 5-9")
    ('5-9', '5-9', 'e0132340', '5-9')
    >>> pages("Art. No. 10152"), pages("5-9", "9"), pages("1", "0"), pages("12+")
    ('10152', '5-9', '1', '12+')
    """
    begin, end = (_HYPHENS.sub("-", clean(one)) for one in (begin, end))
    if end.startswith(f"{begin}-") and begin:
        begin, end = end, ""
    if end.strip("0") == "" or begin.endswith(f"-{end}"):
        end = ""
    told = begin if end in ("", begin) else f"{begin}-{end}" if begin else end
    return _BEFORE_PAGES.sub("", told)


_HYPHENS = re.compile(r"\s*[-‐-―−]+\s*")
_BEFORE_PAGES = re.compile(
    r"(?i)^(?:pp?\.\s*(?=\w?\d)|pp\s+(?=\w?\d)|pages?\s+(?=\w?\d)|"
    r"(?:article|art\.?|artn)(?:\s*(?:number|no\.?|nr\.?|id|#))?[\s:.]+(?=\w*\d))"
)
"""What stands before pages or a number in their place."""
