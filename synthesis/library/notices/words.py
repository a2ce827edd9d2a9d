"""What a reference says of itself: retracted, of concern, corrected, or a notice of such."""

from __future__ import annotations

import re
from collections.abc import Mapping

NOTICES = ("retracted", "expression of concern", "corrected", "retraction notice", "erratum")
"""What a record may be: the first three are reports to look at again; the last two are notices
about another report."""

_OWN_TITLE = (
    (
        "retracted",
        r"^\W*(?:retracted|withdrawn)(?:\s+(?:article|paper|publication|chapter))?\s*[:\])–—-]",
    ),
    (
        "retracted",
        r"\W(?:\[|\()(?:retracted|withdrawn)(?:\s+(?:article|paper|publication))?(?:\]|\))",
    ),
)
NOTICE_TITLE = (
    # Words that titles of studies begin with too ("Withdrawal of ...") need a colon after them.
    (
        "retracted",
        r"^\W*(?:retraction(?:\s+(?:note|notice|statement))?\s*(?:(?:of|to|for)\b\s*:?|[:–—-])"
        r"|withdrawal\s*(?:of|to|for)?\s*:)\s*",
    ),
    (
        "expression of concern",
        r"^\W*(?:editorial\s+)?expression\s+of\s+concern\s*(?:(?:on|about|to|for)\b\s*:?|[:–—-])?\s*",
    ),
    (
        "corrected",
        r"^\W*(?:publisher\s+|author\s+)?(?:(?:erratum|errata|corrigendum)\s*(?:(?:to|for|in)\b\s*:?"
        r"|[:–—-])|(?:correction|addendum)\s*(?:to|for)?\s*:)\s*",
    ),
)
_IN_RAW = (
    ("retracted", r"(?im)^\s*(?:PT|DT|M3|AN)\s+-?\s*.*\bretracted publication\b"),
    ("retracted", r"(?m)^RIN\s*-\s*\S"),
    ("retracted", r'RefType="RetractionIn"|>\s*Retracted Publication\s*<'),
    ("retracted", r'(?i)\bis_retracted"?\s*[:=]\s*"?(?:true|1)\b'),
    ("expression of concern", r'(?m)^ECI\s*-\s*\S|RefType="ExpressionOfConcernIn"'),
    ("corrected", r'(?m)^(?:EIN|CRI)\s*-\s*\S|RefType="(?:ErratumIn|CorrectedandRepublishedIn)"'),
    ("retraction notice", r'(?m)^ROF\s*-\s*\S|RefType="RetractionOf"'),
    ("retraction notice", r"(?m)^PT\s+-\s*Retraction of Publication"),
    ("erratum", r'(?m)^EFR\s*-\s*\S|RefType="ErratumFor"|(?m:^PT\s+-\s*Published Erratum)'),
)  # fmt: skip
_SAID = (
    (
        "retracted",
        r"\b(?:retracted|withdrawn) (?:publication|article|paper)\b|^(?:retracted|withdrawn)$",
    ),
    (
        "retraction notice",
        r"\bretraction (?:of publication|notice)\b|^retraction$|^(?:item )?withdrawal$",
    ),
    ("expression of concern", r"\bexpression of concern\b"),
    (
        "erratum",
        r"\b(?:erratum|errata|corrigendum)\b|^correction(?:, addition| notice)?$|^addendum$",
    ),
    ("corrected", r"^corrected and republished article$"),
)
"""Types of publication by which databases say so."""

_MAY_SAY = re.compile("(?i)retract|withdr|concern|errat|corrig|correct|addend")
_MAY_SAY_IN_RAW = re.compile(r"(?i)retract|erratum|reftype|\b(?:rin|eci|ein|cri|rof|efr)\s*-")
"""Most references contain none of this, and are not searched for the rest."""

_KIND = {"retracted": "retraction notice", "expression of concern": "expression of concern",
         "corrected": "erratum"}  # fmt: skip


def notice_of(fields: Mapping[str, str], raw: str, said: str = "") -> str:
    r"""Return what a reference says of itself, of `NOTICES`, separated by semicolons.

    Parameters
    ----------
    fields : mapping of str to str
        The reference.
    raw : str
        As in the file.
    said : str
        What the file calls this kind of publication; several types are separated by semicolons.

    Examples
    --------
    >>> notice_of({"title": "RETRACTED: Leaves and roots"}, "")
    'retracted'
    >>> notice_of({"title": "Erratum to: Leaves and roots"}, "")
    'erratum'
    >>> notice_of({"title": "Retracted stents in old age"}, "PT  - Retracted Publication\n")
    'retracted'
    >>> notice_of({"title": "Leaves and roots"}, "", "Article; Published Erratum")
    'erratum'
    """
    title, types = fields.get("title", ""), f"{fields.get('type', '')};{said}"
    told = set[str]()
    if _MAY_SAY.search(title):
        told |= {name for name, words in _OWN_TITLE if re.search(words, title, re.I)}
        told |= {_KIND[name] for name, words in NOTICE_TITLE if re.search(words, title, re.I)}
    if _MAY_SAY_IN_RAW.search(raw):
        told |= {name for name, words in _IN_RAW if re.search(words, raw)}
    if _MAY_SAY.search(types):
        each = [one.strip().lower() for one in types.split(";")]
        told |= {name for name, words in _SAID if any(re.search(words, one) for one in each)}
    return "; ".join(name for name in NOTICES if name in told)
