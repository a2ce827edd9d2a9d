"""Which format a file is in, judged by its content and not by its name."""

from __future__ import annotations

import re
from collections.abc import Callable

from synthesis.library.readers import bibtex, endnote, nbib, ris, spreadsheet, wos
from synthesis.library.readers.found import Contents

READERS: dict[str, Callable[[str], Contents]] = {
    "RIS": ris.read,
    "PubMed": nbib.read,
    "Web of Science": wos.read,
    "EndNote XML": endnote.read,
    "BibTeX": bibtex.read,
    "CSV": spreadsheet.read,
}
"""The readers, by the name of their format."""

_SIGNS = (
    ("RIS", re.compile(r"^TY  -", re.MULTILINE)),
    ("PubMed", re.compile(r"^PMID- ?\d", re.MULTILINE)),
    ("Web of Science", re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)),
    ("BibTeX", re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)),
)


def detect(text: str) -> str:
    r"""Return the name of the format, a key of `READERS`, or an empty text if it is none of them.

    Examples
    --------
    >>> detect("TY  - JOUR\nER  - \n"), detect("@book{a, title={b}}"), detect("Dear all")
    ('RIS', 'BibTeX', '')
    """
    if re.match(r"\s*<(?:\?xml|xml|records|record)\b", text):
        return "EndNote XML"
    if spreadsheet.delimiter(text):
        return "CSV"
    places = [(matched.start(), name) for name, sign in _SIGNS if (matched := sign.search(text))]
    return min(places)[1] if places else ""
