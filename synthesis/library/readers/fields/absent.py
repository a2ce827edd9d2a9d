"""Words by which programs say that there is nothing here."""

from __future__ import annotations

import re

_THINGS = r"(?:abstracts?|authors?|author names?|titles?|dois?|keywords?|pages?|years?|dates?)"
_MISSING = (
    r"(?:available|applicable|listed|found|given|provided|reported|specified|stated|recorded)"
)
_ANYWHERE = re.compile(
    rf"(?i)n/?a|n\.\s?a\.?|nan|none|null|nil|undefined|#n/a|<?na>?|nat|#?(?:ref|value|name|div/0|num)!|"
    rf"(?:not|none) {_MISSING}|no[-_ ]specified|unspecified|unavailable|"
    rf"no {_THINGS}(?: (?:is )?{_MISSING}(?: for this \w+)?)?|"
    rf"{_THINGS} (?:is |are )?(?:not |un){_MISSING}"
)
"""Words for nothing, without the marks and brackets around them."""

_UNKNOWN = re.compile(
    r"(?i)unknown|not known|n\.?\s?r\.?|t\.?b\.?[acd]\.?|n\.\s?d\.?|s\.\s?[nl]\.?|keine angaben?|"
    r"sin datos|sans objet|non disponible|nicht verfügbar|no disponible|não disponível"
)
"""Words that are for nothing only where a name or a sentence is not expected."""

_PAGES = re.compile(
    r"(?i)n\.?\s*pag\.?|n\.?\s*p\.?|np|no[-_ ]?pag(?:es|ination)?|no[-_ ]specified|unpaginated|"
    r"not paginated|unpaged|(?:e-?pub )?ahead of print|online first|online ahead of print|in press"
)
_NUMBERS = ("year", "doi", "pmid", "issn", "isbn", "accession")
"""Fields in which noughts alone are no value."""

_PLAIN = ("volume", "number", "pages", "language", "month", *_NUMBERS)
_NAMES = ("title", "authors", "editors", "keywords", "publisher", "journal")
"""Where such a word may be somebody's or something's name, it must be written as programs do."""

_AS_WRITTEN = re.compile(
    rf"N/A|NA|N\.A\.|NaN|nan|n/a|n\.a\.|<NA>|#N/A|#REF!|#VALUE!|#NAME\?|NULL|null|None|none|"
    rf"undefined|[Nn]ot {_MISSING}|None {_MISSING}|none {_MISSING}|No-Specified|[Uu]navailable|"
    rf"[Nn]o {_THINGS}(?: {_MISSING})?|[Aa]bstract (?:not |un)available"
)
_NOBODY = re.compile(r"[Uu]nknown|UNKNOWN|[Uu]nspecified|[Ss]\.\s?[nl]\.?")
_MARKS = " \t[](){}\"'“”‘’.;:,"


def is_absent(field: str, value: str) -> bool:
    """Return whether a value says that the field is empty.

    A value without any letter or digit, such as a dash, says so in every field.

    Examples
    --------
    >>> is_absent("doi", "NA"), is_absent("pages", "N.PAG"), is_absent("authors", "Na")
    (True, True, False)
    >>> is_absent("authors", "[No authors listed]"), is_absent("volume", "-")
    (True, True)
    """
    if not value or len(value) > 60:
        return False
    if not any(map(str.isalnum, value)):
        return True
    bare = value.strip(_MARKS)
    if field == "pages" and _PAGES.fullmatch(bare):
        return True
    if field in _NUMBERS and not bare.strip("0.,-"):
        return True
    if field in ("authors", "editors", "publisher", "journal") and _NOBODY.fullmatch(bare):
        return True
    if field in _NAMES:
        return bool(_AS_WRITTEN.fullmatch(value) or _AS_WRITTEN.fullmatch(bare))
    if _ANYWHERE.fullmatch(bare):
        return True
    return field in _PLAIN and bool(_UNKNOWN.fullmatch(bare))
