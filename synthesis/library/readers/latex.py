r"""LaTeX in bibliographies: accents and escaped characters to letters, and letters to BibTeX.

Only what represents a letter is replaced. A full LaTeX reader would take the % character for a
comment and drop the rest of an abstract.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
}
_LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "textendash": "–",
    "textemdash": "—",
    "textquoteright": "’",
    "textquoteleft": "‘",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
}
_ACCENT = (
    r"""\\(?:([`'^~=."])\s*|([uHvdckr])(?=\s*\{|\s+[A-Za-z])\s*)"""
    r"""(?:\{\s*(?:\\([ij])|([A-Za-z]))\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))"""
)
_NAMED = r"\\(" + "|".join(sorted(_LETTERS, key=len, reverse=True)) + r")(?![A-Za-z])"
_MARKUP = re.compile(rf"{_ACCENT}|{_NAMED}|\\([&%$#_{{}}])|[{{}}]")
_TO_ESCAPE = re.compile(r"[&%$#_{}\\]")


def to_text(value: str) -> str:
    r"""Return a field of BibTeX as plain text, without protecting braces.

    Examples
    --------
    >>> to_text(r"B{\'e}land on {UK} care: 50\% of {\ss} \textendash{} all")
    'Béland on UK care: 50% of ß – all'
    """
    return _MARKUP.sub(_letter, value)


def _letter(matched: re.Match[str]) -> str:
    *accents_and_letters, named, sign = matched.groups(default="")
    if named:
        return _LETTERS[named]
    accent, letter = "".join(accents_and_letters[:2]), "".join(accents_and_letters[2:])
    return unicodedata.normalize("NFC", letter + _ACCENTS[accent]) if accent else sign


def from_text(text: str) -> str:
    r"""Return plain text as a field of BibTeX; `to_text` is the inverse.

    Examples
    --------
    >>> from_text("50% of {all} & more")
    '50\\% of \\{all\\} \\& more'
    """
    return _TO_ESCAPE.sub(
        lambda sign: "\\textbackslash{}" if sign[0] == "\\" else f"\\{sign[0]}", text
    )
