"""Which format a file is in, judged by its content and not by its name."""

from __future__ import annotations

import re
from collections.abc import Callable

from synthesis.library.readers import bibtex, endnote, enw, nbib, ris, spreadsheet, wos
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_json import csl, openalex, trials
from synthesis.library.readers.in_xml import ictrp, pubmed
from synthesis.library.readers.tagged import BEGINS

READERS: dict[str, Callable[[str], Contents]] = {
    "RIS": ris.read,
    "PubMed": nbib.read,
    "Web of Science": wos.read,
    "EndNote XML": endnote.read,
    "PubMed XML": pubmed.read,
    "ICTRP XML": ictrp.read,
    "EndNote tags": enw.read,
    "CSL-JSON": csl.read,
    "ClinicalTrials.gov JSON": trials.read,
    "OpenAlex JSON": openalex.read,
    "BibTeX": bibtex.read,
    "CSV": spreadsheet.read,
}
"""The readers, by the name of their format."""

_SIGNS = (
    ("RIS", re.compile(r"^(?:TY|ER)  -|^TY ?- ?[A-Z]", re.MULTILINE)),
    ("PubMed", re.compile(r"^PMID- ?\d|^OWN *- ?ERIC", re.MULTILINE)),
    ("Web of Science", re.compile(r"^PT [A-Z]\s*$", re.MULTILINE)),
    ("EndNote tags", re.compile(r"^%0 [A-Z]", re.MULTILINE)),
    ("BibTeX", re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)),
)
SWALLOWED = {
    "EndNote tags": tuple(name for name in BEGINS if name != "EndNote tags"),
    "BibTeX": ("EndNote tags",),
}
"""The formats that the reader of another one would take for a part of its own file, because it has
no end, or comments."""

_XML = (
    ("PubMed XML", re.compile(r"<Pubmed(?:Book)?Article(?:Set)?\b")),
    ("ICTRP XML", re.compile(r"<(?:Trials_downloaded_from_ICTRP|Trial)\b")),
    ("EndNote XML", re.compile(r"<(?:xml|records|record)\b")),
)
_JSON = (
    ("ClinicalTrials.gov JSON", re.compile(r'"protocolSection"\s*:')),
    ("OpenAlex JSON", re.compile(r'"id"\s*:\s*"https?://(?:api\.)?openalex\.org/')),
    ("CSL-JSON", re.compile(r'"(?:title|author|issued|container-title|DOI|type)"\s*:')),
)


def detect(text: str) -> str:
    r"""Return the name of the format, a key of `READERS`, or an empty text if it is none of them.

    Examples
    --------
    >>> detect("TY  - JOUR\nER  - \n"), detect("@book{a, title={b}}"), detect("Dear all")
    ('RIS', 'BibTeX', '')
    """
    if re.match(r"\s*<(?:\?xml|!DOCTYPE|[A-Za-z_]+\b)", text):
        begins = [(m.start(), name) for name, sign in _XML if (m := sign.search(text))]
        return min(begins)[1] if begins else "EndNote XML" if text.lstrip()[:5] == "<?xml" else ""
    if re.match(r"\s*(?:\[\s*)?\{\s*\"", text):
        return next((name for name, sign in _JSON if sign.search(text)), "")
    if spreadsheet.delimiter(text):
        return "CSV"
    places = [(matched.start(), name) for name, sign in _SIGNS if (matched := sign.search(text))]
    return min(places)[1] if places else ""
