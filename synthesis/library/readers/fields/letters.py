"""Letters of every script as plain ones, so that names and titles can be compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_OWN = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l",
    "Ł": "L", "ı": "i", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ħ": "h",
    "Ħ": "H", "ŋ": "ng", "Ŋ": "Ng", "ŧ": "t", "Ŧ": "T", "ĸ": "k", "ſ": "s", "ə": "e", "Ə": "E",
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
}  # fmt: skip
"""Letters that no rule of Unicode takes apart, as libraries write them without accents."""

_HAN = ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH")


def folded(text: str) -> str:
    """Return text in plain letters.

    Accents go. A letter of another script becomes the name that Unicode gives it, and an ideograph
    becomes a word of its own; both are always the same, which is all that comparing needs. It is
    no transliteration to be read or printed.

    Examples
    --------
    >>> folded("Yaşlılarda düşme"), folded("Уход"), folded("é"), folded("護理") == folded("護理")
    ('Yaslilarda dusme', 'Uhaode', 'e', True)
    """
    if text.isascii():
        return text
    return "".join(map(_folded, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=50_000)
def _folded(sign: str) -> str:
    if sign.isascii():
        return sign
    apart = unicodedata.normalize("NFKD", sign)
    # A syllable of Korean has a name of its own, which is shorter than those of its letters.
    if apart != sign and not unicodedata.name(sign, "").startswith("HANGUL SYLLABLE"):
        return "".join(map(_folded, apart))
    if sign in _OWN:
        return _OWN[sign]
    if unicodedata.combining(sign):
        return ""
    name = unicodedata.name(sign, "")
    if name.startswith(_HAN):
        return f" {_letters(ord(sign))} "
    if not sign.isalnum():
        return sign if unicodedata.category(sign)[0] in "PSZ" else ""
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return f" {_last(name)} "
    if name.startswith("LATIN"):
        base = name.split(" WITH ")[0].split(" ")[-1]
        plain = base if len(base) == 1 else _last(name)
        return plain.upper() if sign.isupper() else plain.lower()
    letter = _last(name) or _letters(ord(sign))
    return letter.capitalize() if sign.isupper() else letter


def _last(name: str) -> str:
    """Return the last word of a letter's name: "zhe" of CYRILLIC SMALL LETTER ZHE."""
    bare = name.split(" WITH ")[0].split(" ")[-1]
    return "".join(one for one in bare.lower() if one.isascii() and one.isalpha())


def _letters(code: int) -> str:
    """Return a number as letters, five of them, so that it is no number in a title."""
    signs = ""
    for _ in range(5):
        code, rest = divmod(code, 20)
        signs += "bcdfghjklmnpqrstvwxz"[rest]
    return signs
