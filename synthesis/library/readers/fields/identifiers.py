"""DOIs, PubMed numbers, ISSN, ISBN and registration numbers, out of whatever surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

from synthesis.library.readers.fields.registrations import UNSEEN
from synthesis.library.readers.fields.registrations import registrations as registrations

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"]+")
_ENCODED = re.compile(r"10\.\d{4,9}%2[Ff]")
_RESOLVER = re.compile(r"(?i)\bdoi\.org/")
_ADDRESS = re.compile(r"(?i)(?:https?:|ftp:|www\.|(?:dx\.)?doi\.org)")
_QUERY = re.compile(
    r"[?&;](?:[\w.-]*\bdoi|id|rft_id)=(?:doi:|info:doi/)?(10\.[^&#\s]+)", re.IGNORECASE
)
_AFTER = re.compile(
    r"/(?:full(?:text)?|pdf|epdf|abstract|abs|html|meta|summary|references|supplementary-material)"
    r"(?:/.*)?$|;jsessionid=.*$|(?:v\d+)?\.full(?:\.pdf|-text)?$",
    re.IGNORECASE,
)
"""What publishers' addresses add to a DOI."""


_SPACED = re.compile(r"(10\.\d{4,9}) ?/ ?(?=\S)")
_NEXT = re.compile(r"[;,|]\s*(?=(?:https?://\S*?/|doi:\s*)?10\.\d{4,9}/)", re.IGNORECASE)
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}

_PMID = re.compile(
    r"(?i)(?:\bpmid|\bpubmed[ -]?(?:id|no\.?|number)|\bmedline[ -]?pmid)\W{0,3}(\d{1,8})(?![\d.])|"
    r"\b(?:pubmed|medline)\s*[: ]\s*(\d{5,8})(?![\d.])|"
    r"(?<!\d)(\d{5,8})\s*[(\[](?:pubmed|medline|pmid|nlm)|"
    r"ncbi\.nlm\.nih\.gov/(?:m/)?(?:pubmed|entrez)/(?:\?term=|[^\s]*list_uids=)?(\d{1,8})|"
    r"pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,8})|"
    r"europepmc\.org/(?:abstract|article)/med/(\d{1,8})"
)
_NLM = re.compile(r"(?i)\b(?:pubmed|medline|nlm)\b")

_ISSN = re.compile(r"(?<![\dXx-])(\d{4})[-‐-―]?(\d{3}[\dXx])(?![\dXx-])")
_ISBN = re.compile(r"(?<![\dXx-])(?:97[89][- ]?)?(?:\d[- ]?){9}[\dXx](?![\dXx-])")


def dois(*values: str) -> list[str]:
    """Return the DOIs in the values, each once, without address, label or brackets around them.

    A DOI is percent-decoded only where it is part of an address or its slash is encoded; within
    an address, queries and endings such as ``/full`` are not part of it. Every character that a
    DOI may contain is kept.

    Examples
    --------
    >>> dois("(10.1000/abc)", "https://dx.doi.org/10.1371%2Fjournal.pone.0999999")
    ['10.1000/abc', '10.1371/journal.pone.0999999']
    >>> dois("10.1002/(SICI)1097-9999(2001)20:1<11::AID-ABC12>3.0.CO;2-Q")
    ['10.1002/(SICI)1097-9999(2001)20:1<11::AID-ABC12>3.0.CO;2-Q']
    """
    found: dict[str, str] = {}
    for value in values:
        value = value.translate(UNSEEN).replace("\\_", "_")
        for part in _NEXT.split(value) if "10." in value else ():
            if one := _one_doi(part.strip()):
                found.setdefault(one.lower(), one)
    return list(found.values())


def _one_doi(value: str) -> str:
    value = _SPACED.sub(r"\1/", value)
    address = bool(_ADDRESS.search(value))
    if address and (asked := _QUERY.search(value)):
        value = asked[1]
    elif address:
        begin = value.find("10.")
        value = value[:begin] + re.split(r"[?#&]|\s", value[begin:], maxsplit=1)[0]
    if address or _ENCODED.search(value):
        value = unquote(value, errors="replace")
    matched = _DOI.search(value)
    if not matched:
        return ""
    one = matched[0]
    if address and not _RESOLVER.search(value):
        # An address may add more than one thing, so that the last is taken away first.
        while (less := _AFTER.sub("", one)) != one:
            one = less
        one = re.sub(r"(?i)\.pdf$", "", one)
    one = re.sub(r"\?\w+=.*$", "", one)
    while address and one.endswith("/"):
        one = one[:-1]
    while one and (one[-1] in ".,;:'’”|" or _is_open(one)):
        one = one[:-1]
    return one if re.fullmatch(r"10\.\d{4,9}/.+", one) else ""


def _is_open(one: str) -> bool:
    """Return whether a text ends in a bracket that was opened before it began."""
    opening = _BRACKETS.get(one[-1])
    return opening is not None and one.count(one[-1]) > one.count(opening)


def with_address(values: Iterable[str]) -> list[str]:
    """Return the values that contain a DOI as an address or a label, and not merely as text."""
    return [
        value
        for value in values
        if "10." in value and (_ADDRESS.search(value) or "doi" in value.lower())
    ]


def pmid(*values: str) -> str:
    """Return the PubMed number that is labelled as such in one of the values.

    Examples
    --------
    >>> pmid("Accession no.", "PMID: 123456"), pmid("https://pubmed.ncbi.nlm.nih.gov/123456/")
    ('123456', '123456')
    >>> pmid("PubMed 2015"), pmid("MEDLINE:12345678"), pmid("602123 (Embase) 21999931 (Medline)")
    ('', '12345678', '21999931')
    """
    for value in values:
        if matched := _PMID.search(value):
            return next(group for group in matched.groups() if group)
    return ""


def pubmed_number(value: str) -> str:
    """Return the number in a field that is for PubMed's, without label, address or decimals.

    A value that is no PubMed number, such as one of PubMed Central, gives nothing.

    Examples
    --------
    >>> pubmed_number("PMID: 21999931"), pubmed_number("21999931.0"), pubmed_number("PMC3219999")
    ('21999931', '21999931', '')
    >>> pubmed_number("PMC3219999; 21999931"), pubmed_number("2.1999931E7"), pubmed_number("0")
    ('21999931', '21999931', '')
    """
    value = value.strip().lstrip("0")
    if value.isascii() and value.isdigit() and len(value) < 9:
        return value
    if labelled := pmid(value):
        return labelled.lstrip("0")
    bare = re.sub(r"(?i)\bPMC[ID: ]*\d+", " ", value)
    if grown := re.fullmatch(r"\s*(\d\.\d{1,7})[eE]\+?0?([5-7])\s*", bare):
        return str(round(float(grown[1]) * 10 ** int(grown[2])))
    if matched := re.fullmatch(
        r"(?i)\W*(?:pm|med|medline|pubmed)?[\s:_-]*(\d{1,8}|\d{1,2}(?:,\d{3}){1,2})(?:\.0+)?"
        r"(?:\s*\[\w+\])?\W*",
        bare,
    ):
        return matched[1].replace(",", "").lstrip("0")
    return ""


def pmid_of(accession: str, *sources: str) -> str:
    """Return an accession number as PubMed's, if a source says that it is.

    Examples
    --------
    >>> pmid_of("21999931", "", "NLM"), pmid_of("21999931", "Embase")
    ('21999931', '')
    """
    bare = accession.strip()
    is_nlm = any(_NLM.search(source) for source in sources)
    return bare if is_nlm and re.fullmatch(r"\d{1,8}", bare) else ""


def issns(*values: str) -> list[str]:
    """Return the ISSNs in the values, with their hyphen, each once.

    Examples
    --------
    >>> issns("1465-1858 (electronic); 1361614x")
    ['1465-1858', '1361-614X']
    """
    bare = (re.sub(r"^(\d{4}) (\d{3}[\dXx])$", r"\1-\2", value.strip()) for value in values)
    found = (f"{a}-{b.upper()}" for value in bare for a, b in _ISSN.findall(value))
    return list(dict.fromkeys(found))


def isbns(*values: str) -> list[str]:
    """Return the ISBNs in the values, each once, as they are written.

    Examples
    --------
    >>> isbns("978-1-4338-0561-5 (print)")
    ['978-1-4338-0561-5']
    """
    found = (one.strip(" -") for value in values for one in _ISBN.findall(value))
    return list(dict.fromkeys(found))
