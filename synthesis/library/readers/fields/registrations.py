"""Registration numbers of trials and reviews, in whatever way people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORDS = (
    r"(?:registr(?:ation|y)|regist(?:ered|er)|trials?|clinical|protocol|id(?:entifi(?:er|cation))?|"
    r"n(?:umber|um\.?|r\.?|o\.?|[°º])|#)"
)
_GAP = rf"[\s:;,#(\[./-]{{0,3}}(?:{_WORDS}[\s:;,#(\[./-]{{0,3}}){{0,3}}"
"""What may stand between a register's name and its number: "NCT No. 0...", "DRKS-ID: ..."."""

_EU = r"(?:EudraCT|EUCTR|EU[ -]?Clinical[ -]Trials?[ -]Register)"
_CTIS = r"(?:EU[ -]?CT|CTIS|EU[ -]Trial)"
_FORMS: tuple[tuple[str, str, str], ...] = (
    ("nct", rf"NCT{_GAP}(\d{{8}})", "NCT{0}"),
    ("isrctn", rf"ISRCTN{_GAP}(\d{{8}})", "ISRCTN{0}"),
    ("eudract", rf"{_EU}{_GAP}(20\d\d|19\d\d)-(\d{{6}})-(\d\d)", "EudraCT {0}-{1}-{2}"),
    ("ctis", rf"{_CTIS}{_GAP}(20\d\d-5\d{{5}}-\d\d)", "CTIS {0}"),
    ("actrn", rf"(?:ACTRN|ANZCTR){_GAP}(?:ACTRN[\s:-]*)?(\d{{14}})p?", "ACTRN{0}"),
    ("chictr", rf"ChiCTR[\s:-]{{0,2}}([A-Z]{{2,5}}-)?{_GAP}(\d{{8,10}})", "CHICTR{0}{1}"),
    ("ctri", rf"CTRI{_GAP}(\d{{4}})[/-](\d{{2,3}})[/-](\d{{6}})", "CTRI/{0}/{1}/{2}"),
    ("drks", rf"DRKS{_GAP}(?:DRKS[\s:-]*)?(\d{{8}})", "DRKS{0}"),
    ("jrct", rf"jRCT(s?){_GAP}(\d{{9,10}})", "JRCT{0}{1}"),
    ("japic", rf"JapicCTI{_GAP}(\d{{6}})", "JAPICCTI-{0}"),
    ("jma", r"JMA[\s-]?IIA[\s-]?(\d{5})", "JMA-IIA{0}"),
    ("umin", rf"UMIN(?:[\s-]?(?:CTR|ID))?{_GAP}(?:UMIN[\s:-]*)?(C?\d{{9}})", "UMIN{0}"),
    ("kct", rf"KCT{_GAP}(\d{{7}})", "KCT{0}"),
    ("irct", rf"IRCT{_GAP}(\d{{6,18}})\s?N\s?(\d{{1,3}})", "IRCT{0}N{1}"),
    ("tctr", rf"TCTR{_GAP}(\d{{11}})", "TCTR{0}"),
    ("slctr", rf"SLCTR{_GAP}(\d{{4}})[/-](\d{{3}})", "SLCTR/{0}/{1}"),
    ("pactr", rf"PACTR{_GAP}(\d{{13,18}})", "PACTR{0}"),
    ("rbr", r"RBR[\s-]([a-z0-9]{6,8})", "RBR-{0}"),
    ("rpcec", rf"RPCEC{_GAP}(\d{{8}})", "RPCEC{0}"),
    ("lbctr", rf"LBCTR{_GAP}(\d{{10}})", "LBCTR{0}"),
    ("per", r"PER-(\d{3}-\d{2})", "PER-{0}"),
    ("omon", r"NL-OMON[\s-]?(\d{4,6})", "NL-OMON{0}"),
    ("ccmo", r"NL[\s-]?(\d{4,5}\.\d{3}\.\d{2})", "NL{0}"),
    ("ntr", r"NTR[\s:-]{0,2}(\d{3,5})", "NTR{0}"),
    ("itmctr", rf"ITMCTR{_GAP}(\d{{10}})", "ITMCTR{0}"),
    ("phrr", rf"PHRR{_GAP}(\d{{6}}-\d{{6}})", "PHRR{0}"),
    ("hkuctr", r"HKUCTR[\s-]?(\d{2,5})", "HKUCTR-{0}"),
    ("snctp", rf"SNCTP{_GAP}(\d{{9}})", "SNCTP{0}"),
    ("ctr", r"CTR[\s-]?(20\d{6})", "CTR{0}"),
    ("aearctr", r"AEARCTR[\s-]?(\d{7})", "AEARCTR-{0}"),
    ("utn", r"U(1111-\d{4}-\d{4})", "U{0}"),
    ("crd", rf"CRD{_GAP}(?:CRD[\s-]*)?(4\d{{10}})", "CRD{0}"),
)
"""A name, the pattern that follows the beginning of a word, and the number's one form.

The patterns follow the numbers in WHO's list of primary registers and data providers; NTR and NL
are those of the Dutch register until 2022, CCMO's of the Dutch ethics committees, UTN WHO's
universal trial number, CRD PROSPERO's.
"""

_BEGINS = {
    "eudract": ("eudract", "euctr", "trials register", "trial register"),
    "ctis": ("euct", "eu ct", "eu-ct", "ctis", "eu trial", "eu-trial"),
    "actrn": ("actrn", "anzctr"),
    "japic": ("japiccti",),
    "omon": ("nl-omon",),
    "ccmo": ("nl",),
    "rbr": ("rbr-", "rbr "),
    "per": ("per-0", "per-1", "per-2"),
    "utn": ("u1111",),
}
"""What a text contains that names a number, where it is not the name above: most contain none, and
are not looked at again."""

_FORM = [
    (
        _BEGINS.get(name, (name,)),
        re.compile(f"{pattern.lower()}(?![0-9]|[a-z](?![a-z]))"),
        form,
    )
    for name, pattern, form in _FORMS
]
_DUTCH = re.compile(r"(?<![a-z0-9])nl[\s-]?(\d{4})(?![\d.])")
_DUTCH_REGISTER = re.compile(
    r"(?i)\bNTR\b|\bNTR\d|\bLTR\b|(?:dutch|netherlands|nederlands)\W+trial|trialregister\.nl|"
    r"trial regist"
)
_BARE = re.compile(r"(?<![\w-])(20\d\d)-(?:(5\d{5}-\d\d)(?:-\d\d)?|(\d{6}-\d\d))(?![\w-])")
_DIGIT = re.compile(r"\d")
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Takes away characters that are not seen, such as soft hyphens, and belong to no number."""
_PLAINER = {**dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"), **UNSEEN}


def _says_none(value: str) -> bool:
    """Return whether a text is seen at once to have no number with a name: most are short."""
    if not value or value.isdigit():
        return True
    return value.isascii() and not _DIGIT.search(value) and "rbr" not in value.lower()


def registrations(*values: str, own: Iterable[str] = ()) -> list[str]:
    """Return the registration numbers in the values, each once, in one form.

    Read are the numbers of the primary registers of WHO's platform, of EudraCT and of CTIS, and
    PROSPERO's; blanks, hyphens, colons and words such as "No." between name and number, and
    capitals, make no difference. Numbers that have no name in them, such as EudraCT's, are read
    only after the register's name, or in a field that is for such numbers.

    Parameters
    ----------
    values : str
        Any texts.
    own : iterable of str
        Texts of fields that are for registration numbers.

    Examples
    --------
    >>> registrations("NCT 01234567 and nct01234567", "EUCTR2010-012345-67-GB")
    ['NCT01234567', 'EudraCT 2010-012345-67']
    >>> registrations("UMIN-CTR: 000012345; ACTRN 12612001234567", own=["2010-012345-67"])
    ['UMIN000012345', 'ACTRN12612001234567', 'EudraCT 2010-012345-67']
    """
    found: dict[str, None] = {}
    for value in (*own, *values):
        if _says_none(value):
            continue
        text = _plain(value).lower()
        named: list[tuple[int, str]] = []
        for begins, pattern, form in _FORM:
            for one in begins:  # a loop, which is faster here than any()
                if one in text:
                    break
            else:
                continue
            for matched in pattern.finditer(text):
                if not text[: matched.start()][-1:].isalnum():
                    parts = (part or "" for part in matched.groups())
                    named.append((matched.start(), _one_form(form.format(*parts), form)))
        if "nl" in text and _DUTCH_REGISTER.search(text):
            named += [(one.start(), f"NL{one[1]}") for one in _DUTCH.finditer(text)]
        found.update((number, None) for _, number in sorted(named))
    for value in own:
        for year, ctis, eudract in _BARE.findall(_plain(value)):
            found.setdefault(f"CTIS {year}-{ctis}" if ctis else f"EudraCT {year}-{eudract}", None)
    return list(found)


def _plain(value: str) -> str:
    """Return a text in which digits, hyphens and blanks are the usual ones."""
    if value.isascii():
        return value
    return unicodedata.normalize("NFKC", value.translate(_PLAINER)).translate(_PLAINER)


def _one_form(told: str, form: str) -> str:
    """Return a number in capitals, except the names in which small letters are the register's."""
    if form.startswith(("EudraCT", "CTIS")):
        return told
    upper = told.upper()
    return upper.replace("CHICTR", "CHICTR-") if re.match(r"CHICTR[A-Z]", upper) else upper
