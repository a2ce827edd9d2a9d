"""The bundled font: how wide text is in it, how text wraps, and how it is embedded in a figure.

Liberation Sans has the metrics of Arial and an open licence (typefaces/LICENSE.txt). Text is
measured in the font that draws it, so labels stay inside their boxes on every machine.

There are two measures, because two engines draw. Graphviz places one letter after another, so
`text_width` adds up their advances; matplotlib kerns, and `synthesis.plots.typeface` asks it for
the outlines. They differ by up to 5%. What both share is here.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from arrowroot.running.kept import kept

FAMILY = "Liberation Sans"
FOLDER = Path(__file__).parent / "typefaces"
FACES = {
    face: FOLDER / f"LiberationSans-{face.capitalize()}.ttf"
    for face in ("regular", "bold", "italic")
}
"""Font files by face."""

FACE_OF_STYLE = {
    ("normal", "normal"): "regular",
    ("bold", "normal"): "bold",
    ("normal", "italic"): "italic",
}
"""Faces by weight and style, in the terms of CSS and SVG."""

_REMEMBERED = 1 << 15
"""How many texts are remembered, measured or wrapped: a figure asks for the same ones often."""
COMMON = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x100)), *"−–—‘’“”…≤≥²χτμ→∞"]
)
"""Characters of which most texts are made."""

_TINY = 9.0
"""Size below which the digits of a stand-in are set side by side."""


@cache
def _advances(face: str) -> tuple[Mapping[int, str], Mapping[str, tuple[int, int]], int]:
    from fontTools.ttLib import TTFont

    with TTFont(FACES[face], lazy=True) as font:
        return dict(font.getBestCmap()), dict(font["hmtx"].metrics), int(font["head"].unitsPerEm)


@lru_cache(maxsize=_REMEMBERED)
def text_width(text: str, size: float, face: str = "regular") -> float:
    """Return the width of a line of text in points, as Graphviz draws it.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in points.
    face : {"regular", "bold", "italic"}
        Which face.

    Examples
    --------
    >>> round(text_width("Impact", 10), 1), round(text_width("Impact", 10, "bold"), 1)
    (30.0, 32.2)
    """
    characters, metrics, units = _advances(face)
    known = sum(metrics[characters[ord(letter)]][0] for letter in text if ord(letter) in characters)
    missing = sum(_stand_in(letter, size) for letter in text if ord(letter) not in characters)
    return known * size / units + missing


def _stand_in(character: str, size: float) -> float:
    """Return how wide Graphviz draws the replacement for a character that the font lacks.

    It is a frame around the character's number, in digits of a size that changes little; a number
    of six digits makes it wider. Readers' own fonts need less.
    """
    least = 13.0 if size >= _TINY else 22.0
    breadth = 1.0 if ord(character) <= 0xFFFF else 1.42
    return breadth * max(least, 1.1 * size)


@lru_cache(maxsize=_REMEMBERED)
def lacks(text: str) -> bool:
    """Return whether the font lacks a character of a text, so that a replacement is drawn.

    Examples
    --------
    >>> lacks("Impact – ≥ 5"), lacks("日本")
    (False, True)
    """
    characters = _advances("regular")[0]
    return any(ord(letter) not in characters for letter in text if not letter.isspace())


def filled(
    words: Iterable[str], fits: Callable[[str], bool], parts: Callable[[str], list[str]]
) -> list[str]:
    """Return lines that hold as many words as fit.

    Parameters
    ----------
    words : iterable of str
        In order; a line has one space between them.
    fits : callable
        Whether a line fits.
    parts : callable
        Divides a word that is too wide for a line, see `divided`.
    """
    lines: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if fits(longer):
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = parts(word)
        lines.extend(full)
    return [*lines, line]


def divided(word: str, fits: Callable[[str], bool], *, hyphens: bool) -> list[str]:
    """Divide a word that is too wide for a line; every part has at least one letter.

    Parameters
    ----------
    word : str
        Without spaces.
    fits : callable
        Whether a part fits.
    hyphens : bool
        Whether a part ends after its last hyphen, if it has one.
    """
    parts, part = [], ""
    for letter in word:
        if part and not fits(part + letter):
            head, hyphen, tail = part.rpartition("-") if hyphens else ("", "", part)
            parts.append(head + hyphen or part)
            part = tail if hyphen else ""
        part += letter
    return [*parts, part]


def wrap(text: str, width: float, size: float, face: str = "regular") -> list[str]:
    """Break text into lines no wider than `width`, as Graphviz draws it.

    Words too long for a line are divided, after a hyphen where they have one.

    Parameters
    ----------
    text : str
        Any text; line breaks in it are kept.
    width : float
        In points.
    size : float
        Font size in points.
    face : {"regular", "bold", "italic"}
        Which face.

    Examples
    --------
    >>> wrap("Compassionate care", 70, 10)
    ['Compassionate', 'care']
    """
    return list(_wrapped(text, width, size, face))


@lru_cache(maxsize=_REMEMBERED)
def _wrapped(text: str, width: float, size: float, face: str) -> tuple[str, ...]:
    def fits(line: str) -> bool:
        return text_width(line, size, face) <= width

    def parts(word: str) -> list[str]:
        return divided(word, fits, hyphens=True)

    paragraphs = text.splitlines() or [""]
    return tuple(line for held in paragraphs for line in filled(held.split(), fits, parts))


def wrap_evenly(text: str, width: float, size: float, face: str = "regular") -> list[str]:
    """Break text into as few lines as `wrap` would, as even in length as words allow.

    No word is divided that fits a line of the full width, nor is a part of a hyphenated word that
    does.

    Parameters
    ----------
    text, width, size, face
        As for `wrap`.

    Examples
    --------
    >>> wrap("Supporting positive staff experiences", 130, 10)
    ['Supporting positive staff', 'experiences']
    >>> wrap_evenly("Supporting positive staff experiences", 130, 10)
    ['Supporting positive', 'staff experiences']
    >>> wrap_evenly("Multidisciplinary assessments", 130, 11)
    ['Multidisciplinary', 'assessments']
    """
    return list(_wrapped_evenly(text, width, size, face))


@lru_cache(maxsize=_REMEMBERED)
def _wrapped_evenly(text: str, width: float, size: float, face: str) -> tuple[str, ...]:
    lines = wrap(text, width, size, face)
    narrow = max(width / 2, _widest(text.split(), width, size, face))
    wide = width
    while len(lines) > 1 and wide - narrow > 1.0:
        tried = (narrow + wide) / 2
        if len(wrap(text, tried, size, face)) > len(lines):
            narrow = tried
        else:
            wide = tried
    return _wrapped(text, wide, size, face)


def _widest(words: Iterable[str], width: float, size: float, face: str) -> float:
    """Return the width of the widest word that fits a line, or part of one between hyphens."""
    widths = [
        text_width(part, size, face)
        for word in words
        for part in (
            [word] if text_width(word, size, face) <= width else re.findall(r"[^-]*-|[^-]+", word)
        )
    ]
    return max((wide for wide in widths if wide <= width), default=0.0)


def subset(text: str, face: str, *, kerned: bool) -> str:
    """Return the part of a font that a text needs: WOFF in base64.

    Parameters
    ----------
    text : str
        Every character that has to be shown.
    face : {"regular", "bold", "italic"}
        Which face.
    kerned : bool
        Whether pairs of letters may move closer. Without it a line has the width that `text_width`
        gives, and of the font's names only its licence and owner are kept.

    Returns
    -------
    str
        The same for the same characters, in whatever order.
    """
    characters = "".join(sorted(set(text)))
    return kept(
        "part of a font", (characters, face, kerned), lambda: _part(characters, face, kerned=kerned)
    )


def _part(characters: str, face: str, *, kerned: bool) -> str:
    # To read how all pairs of letters move takes most of the time, so it is done once for each
    # face, and what is left of it is read for each text.
    source = BytesIO(_common(face)) if kerned and COMMON.issuperset(characters) else FACES[face]
    part = _subset(source, characters, kerned=kerned, flavour="woff")
    return base64.b64encode(part).decode("ascii")


@cache
def _common(face: str) -> bytes:
    """Return the part of a font that most texts need."""
    characters = "".join(sorted(COMMON))
    return kept(
        "common part of a font", face, lambda: _subset(FACES[face], characters, kerned=True)
    )


def _subset(source: Any, text: str, *, kerned: bool, flavour: str | None = None) -> bytes:
    from fontTools import subset as subsetting
    from fontTools.ttLib import TTFont

    options = subsetting.Options(recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += ["FFTM"]  # the font editor's own dates
    if not kerned:
        options.drop_tables += ["GDEF", "GPOS", "GSUB", "kern"]
        options.name_IDs = [0, 13, 14]
    # Read when needed: the tables that are dropped take longer to read than all the rest.
    font: Any = TTFont(source, recalcTimestamp=False, lazy=True)
    with font:
        chooser = subsetting.Subsetter(options)
        chooser.populate(text=text)
        chooser.subset(font)
        font.flavor = flavour
        written = BytesIO()
        font.save(written)
    return written.getvalue()
