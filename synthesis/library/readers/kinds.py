"""What kind of publication a reference is, in one vocabulary for all formats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

KINDS = (
    "article",
    "conference",
    "preprint",
    "book",
    "chapter",
    "thesis",
    "report",
    "registration",
    "other",
)
"""The values of the column ``type``."""

_SERVERS = re.compile(
    r"(?i)\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|edarxiv|osf preprints|ssrn|research square|"
    r"preprints(?:\.org)?|preprint)\b"
)
_SERVER_DOI = re.compile(
    r"(?i)10\.(?:1101/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6,8}(?:v\d+)?$|48550/arxiv\.|21203/rs\.|"
    r"31234/osf\.io|31235/osf\.io|31219/osf\.io|2139/ssrn\.|20944/preprints)"
)
"""DOIs in the servers' own form: journals of the same publisher may share the prefix."""

_REGISTERS = re.compile(
    r"(?i)\b(?:clinicaltrials\.gov|ictrp|trialsearch\.who\.int|isrctn(?: registry|\.com)|"
    r"clinicaltrialsregister\.eu|anzctr\.org\.au|chictr\.org)"
)
_WORDS = (
    ("preprint", r"\bpreprints?\b"),
    ("registration", r"trial registr|registry (?:record|entry)|clinical trial protocol record"),
    ("conference", r"(?<!clinical )(?<!development )conference|meeting abstract|proceedings"
                   r"|congress|\bposter\b|^abst(?:ract)?$"),
    ("thesis", r"thesis|dissertation"),
    ("chapter", r"chapter|book section|incollection|inbook"),
    ("book", r"\bbooks?\b(?! (?:review|illustration))|monograph"),
    ("article", r"article|journal|review|letter|editorial|\bnote\b|erratum|trial|magazine"
                r"|case report|comparative study|multicent|evaluation stud|meta-analysis|guideline"
                r"|comment|short survey|newspaper|english abstract|observational|validation stud"),
    ("report", r"\breport\b|government document|working paper"),
)  # fmt: skip
"""Words for kinds of publication, the more telling ones first."""

_NOTICE = re.compile(r"retract|withdraw|expression of concern|^correct|corrigend|addend")
_THESES = re.compile(r"(?i)^dissertation abstracts? international")
"""A journal of which every entry is a thesis."""

_OVERRIDING = ("preprint", "registration", "conference", "thesis", "chapter", "book")
"""Kinds that decide when they are among several declared types, although one is an article."""


def kind(
    declared: str | Sequence[str],
    fields: Mapping[str, str],
    known: Mapping[str, str] | None = None,
) -> str:
    """Return the kind of publication, by the strongest sign.

    The signs, the strongest first: the journal is a preprint server; the journal is a register of
    trials and has no volume; the journal is Dissertation Abstracts; a declared type that is not
    that of an article; the DOI has a server's own form and there is no volume; a declared article;
    a journal with volume, issue or pages; an address in a register, where there is no journal.

    Parameters
    ----------
    declared : str or sequence of str
        What the file calls it: entry types, a tag's value, words.
    fields : mapping of str to str
        The reference.
    known : mapping of str to str, optional
        The format's own types in lower case, and what they are.

    Returns
    -------
    str
        One of `KINDS`.

    Examples
    --------
    >>> kind("Meeting Abstract", {})
    'conference'
    >>> kind("JOUR", {"journal": "medRxiv"}, {"jour": "article"})
    'preprint'
    >>> kind(["Case Reports", "Journal Article"], {}), kind("", {"journal": "BMJ", "volume": "3"})
    ('article', 'article')
    """
    journal, volume = fields.get("journal", ""), fields.get("volume", "")
    placed = journal != "" and any(fields.get(name) for name in ("volume", "number", "pages"))
    if _SERVERS.search(journal):
        return "preprint"
    if _REGISTERS.search(journal) and not volume:
        return "registration"
    if _THESES.search(journal):
        return "thesis"
    listed = [declared] if isinstance(declared, str) else declared
    told = [_declared(one, known) for one in listed if one.strip()]
    for one in _OVERRIDING:
        # An article's journal and volume are a stronger sign than a word for a register.
        if one in told and not (one == "registration" and journal and volume):
            return one
    if _SERVER_DOI.match(fields.get("doi", "")) and not volume:
        return "preprint"
    if _REGISTERS.search(fields.get("url", "")) and not journal:
        return "registration"
    if "article" in told:
        return "article"
    if "report" in told:
        return "report"
    return "article" if placed else "other"


def named(written: str) -> bool:
    """Return whether words say what kind of publication something is."""
    lowered = written.lower()
    return any(re.search(words, lowered) for _, words in _WORDS) or bool(_NOTICE.search(lowered))


def _declared(written: str, known: Mapping[str, str] | None) -> str:
    lowered = " ".join(written.lower().replace("_", " ").replace("-", " ").split())
    for name in (written.strip().lower(), lowered):
        if known and name in known:
            return known[name]
    told = written.strip().lower()
    return next((one for one, words in _WORDS if re.search(words, told)), "other")
