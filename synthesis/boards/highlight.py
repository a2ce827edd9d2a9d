"""Texts in pieces, some marked: words searched for, and words in which two texts differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from arrowroot.text import printable

Piece = tuple[str, bool]
"""A piece of a text, and whether it is marked."""

LONGEST = 100_000
"""The most characters of one text that a board shows; more would freeze a browser."""

COMPARED = 5_000
"""The most words of a text that are compared word by word."""


def plain(text: str) -> list[Piece]:
    """Return a text in one piece, cut if it is longer than a page can show.

    Marks that reverse the direction of text are shown as signs: they could make it say something
    else.
    """
    text = printable(text)
    if len(text) <= LONGEST:
        return [(text, False)]
    rest = len(text) - LONGEST
    return [(text[:LONGEST], False), (f" … ({rest:,} more characters are not shown)", False)]


def highlighted(text: str, words: Sequence[str]) -> list[Piece]:
    """Return a text with words marked, in any capitals.

    Parameters
    ----------
    text : str
        The text.
    words : sequence of str
        Words or phrases; ``*`` stands for any ending.

    Examples
    --------
    >>> highlighted("A randomised trial", ["random*"])
    [('A ', False), ('randomised', True), (' trial', False)]
    """
    wanted = [re.escape(word.strip()).replace(r"\*", r"\w*") for word in words if word.strip(" *")]
    if not wanted:
        return plain(text)
    # Longest first, so that "case management" is not cut short by "case".
    joined = "|".join(sorted(wanted, key=len, reverse=True))
    pieces: list[Piece] = []
    for whole, marked in plain(text):
        at = 0
        for found in re.finditer(rf"(?<!\w)(?:{joined})(?!\w)", whole, re.IGNORECASE):
            pieces += [(whole[at : found.start()], marked), (found[0], True)]
            at = found.end()
        pieces.append((whole[at:], marked))
    return [piece for piece in pieces if piece[0]]


def differing(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Return two texts, marking the words that the other does not have at that place.

    Capitals and spaces make no difference.

    Examples
    --------
    >>> differing("Care at home", "care in home")
    ([('Care ', False), ('at', True), (' home', False)],
     [('care ', False), ('in', True), (' home', False)])
    """
    one, other = printable(one), printable(other)
    words = _words(one), _words(other)
    if max(map(len, words)) > COMPARED:
        return [(one[:LONGEST], True)], [(other[:LONGEST], True)]
    folded = [[word.casefold() if word.strip() else " " for word in side] for side in words]
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    matcher = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    for how, start, end, other_start, other_end in matcher.get_opcodes():
        for side, span in zip((0, 1), ((start, end), (other_start, other_end)), strict=True):
            text = "".join(words[side][slice(*span)])
            if text:
                pieces[side].append((text, how != "equal" and bool(text.strip())))
    return pieces


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text[:LONGEST])
