"""What kind of publication a reference is, in one vocabulary for all formats."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
    r"(?i)\b(?:arxiv|biorxiv|medrxiv|psyarxiv|socarxiv|ssrn|research square|preprints?)\b"
)
_SERVER_DOI = re.compile(r"(?i)10\.(?:1101|48550|21203|31234|31235|2139|20944)/")
_WORDS = (
    ("conference", r"conference|meeting abstract|proceedings|congress|poster"),
    ("preprint", r"preprint"),
    ("registration", r"trial registr|registry record|clinical trial protocol record"),
    ("chapter", r"chapter|book section|incollection|inbook"),
    ("thesis", r"thesis|dissertation"),
    ("book", r"book|monograph"),
    ("report", r"report"),
    ("article", r"article|journal|review|letter|editorial|note|erratum|trial|magazine|case"),
)
_REGISTERS = re.compile(r"(?i)\b(?:clinicaltrials\.gov|ictrp|trialsearch|isrctn registry)\b")


def kind(declared: str, fields: Mapping[str, str], known: Mapping[str, str] | None = None) -> str:
    """Return the kind of publication.

    Parameters
    ----------
    declared : str
        What the file calls it: an entry type, a tag's value, words.
    fields : mapping of str to str
        The reference, for preprints and register entries declared as something else.
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
    """
    if _SERVERS.search(fields.get("journal", "")) or _SERVER_DOI.match(fields.get("doi", "")):
        return "preprint"
    if _REGISTERS.search(f"{fields.get('journal', '')} {fields.get('url', '')}"):
        return "registration"
    lowered = declared.strip().lower()
    if known and lowered in known:
        return known[lowered]
    return next((one for one, words in _WORDS if re.search(words, lowered)), "other")
