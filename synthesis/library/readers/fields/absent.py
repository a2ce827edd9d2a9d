"""Words by which programs say that there is nothing here."""

from __future__ import annotations

import re

_ANYWHERE = re.compile(
    r"(?i)\W*(?:n/?a|n\.a\.|nan|none|null|nil|undefined|not available|not applicable|#n/a|<na>|"
    r"not specified|no[-_ ]specified|\[?no (?:abstract|author|title|doi|keywords?)"
    r"(?: (?:name )?(?:available|listed|found|given|provided))?\]?|"
    r"\[?(?:abstract|author name|authors?|keywords?) (?:not |un)available\]?)\W*"
)
_PAGES = re.compile(r"(?i)n\.?\s*pag\.?|n\.?\s*p\.?|np|no[-_ ]?pag(?:es|ination)?|no[-_ ]specified")
_NAMES = ("title", "authors", "editors", "keywords", "publisher", "journal")
"""Where such a word may be somebody's or something's name, it must be written as programs do."""

_AS_WRITTEN = re.compile(
    r"N/A|NA|NaN|n/a|<NA>|#N/A|NULL|null|None|none|undefined|[Nn]ot [Aa]vailable|No-Specified|"
    r"\[?[Nn]o (?:author|title|keywords?)"
    r"(?: (?:name )?(?:available|listed|found|given|provided))?\]?"
)


def is_absent(field: str, value: str) -> bool:
    """Return whether a value says that the field is empty.

    Examples
    --------
    >>> is_absent("doi", "NA"), is_absent("pages", "N.PAG"), is_absent("authors", "Na")
    (True, True, False)
    """
    if len(value) > 40:
        return False
    if field == "pages" and _PAGES.fullmatch(value):
        return True
    return bool((_AS_WRITTEN if field in _NAMES else _ANYWHERE).fullmatch(value))
