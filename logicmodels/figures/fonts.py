"""The bundled font: how wide text is in it, how text wraps, and how a figure carries it along.

Liberation Sans has the metrics of Arial and an open licence (fonts/LICENSE.txt). Measuring with
the font that draws is what keeps labels inside their boxes on every machine.
"""

from __future__ import annotations

import atexit
import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

FAMILY = "Liberation Sans"
FOLDER = Path(__file__).parents[1] / "fonts"
FACES = {
    ("normal", "normal"): FOLDER / "LiberationSans-Regular.ttf",
    ("bold", "normal"): FOLDER / "LiberationSans-Bold.ttf",
    ("normal", "italic"): FOLDER / "LiberationSans-Italic.ttf",
}
"""Font files by weight and style."""


_TINY = 9.0
"""Size below which the digits of a stand-in are set side by side."""


@cache
def _advances(weight: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    from fontTools.ttLib import TTFont

    with TTFont(FACES[weight, "normal"], lazy=True) as font:
        return dict(font.getBestCmap()), dict(font["hmtx"].metrics), int(font["head"].unitsPerEm)


def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Return the width of a line of text in points.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Font size in points.
    weight : {"normal", "bold"}
        Which face.

    Examples
    --------
    >>> round(text_width("Impact", 10), 1), round(text_width("Impact", 10, "bold"), 1)
    (30.0, 32.2)
    """
    characters, metrics, units = _advances(weight)
    known = sum(metrics[characters[ord(one)]][0] for one in text if ord(one) in characters)
    missing = sum(_stand_in(one, size) for one in text if ord(one) not in characters)
    return known * size / units + missing


def _stand_in(character: str, size: float) -> float:
    """Return how wide Graphviz draws what stands in for a character that the font lacks.

    It is a frame about the character's number, in digits of a size that changes little; a number
    of six digits makes it broader. Readers' own fonts need less.
    """
    least = 13.0 if size >= _TINY else 22.0
    breadth = 1.0 if ord(character) <= 0xFFFF else 1.42
    return breadth * max(least, 1.1 * size)


def lacks(text: str) -> bool:
    """Return whether the font lacks a character of a text, so that something stands in for it.

    Examples
    --------
    >>> lacks("Impact – ≥ 5"), lacks("日本")
    (False, True)
    """
    characters = _advances("normal")[0]
    return any(ord(one) not in characters for one in text if not one.isspace())


def wrap(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break text into lines no wider than `width`.

    Words too long for a line are divided, after a hyphen where they have one.

    Parameters
    ----------
    text : str
        Any text; line breaks in it are kept.
    width : float
        In points.
    size : float
        Font size in points.
    weight : {"normal", "bold"}
        Which face.

    Examples
    --------
    >>> wrap("Compassionate care", 70, 10)
    ['Compassionate', 'care']
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if text_width(longer, size, weight) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _divided(word, width, size, weight)
            lines.extend(full)
        lines.append(line)
    return lines


def wrap_evenly(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Break text into as few lines as `wrap` would, as even in length as words allow.

    Parameters
    ----------
    text, width, size, weight
        As for `wrap`.

    Examples
    --------
    >>> wrap("Supporting positive staff experiences", 130, 10)
    ['Supporting positive staff', 'experiences']
    >>> wrap_evenly("Supporting positive staff experiences", 130, 10)
    ['Supporting positive', 'staff experiences']
    """
    lines = wrap(text, width, size, weight)
    narrow, wide = width / 2, width
    while len(lines) > 1 and wide - narrow > 1.0:
        tried = (narrow + wide) / 2
        if len(wrap(text, tried, size, weight)) > len(lines):
            narrow = tried
        else:
            wide = tried
    return wrap(text, wide, size, weight)


def _divided(word: str, width: float, size: float, weight: str) -> list[str]:
    parts, part = [], ""
    for letter in word:
        if part and text_width(part + letter, size, weight) > width:
            head, hyphen, tail = part.rpartition("-")
            parts.append(head + hyphen or part)
            part = tail if hyphen else ""
        part += letter
    return [*parts, part]


def face_rule(text: str, weight: str = "normal", style: str = "normal") -> str:
    """Return a CSS ``@font-face`` rule that carries the glyphs of a text.

    Parameters
    ----------
    text : str
        Every character that has to be shown.
    weight, style : str
        A key of `FACES`.

    Returns
    -------
    str
        The subset as WOFF in base64, the same bytes for the same characters.
    """
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(flavor="woff", notdef_outline=True, name_IDs=[0, 13, 14])
    # What is kept of the names is whose the font is, and its licence.
    # Without kerning a line is as wide as `text_width` says. FFTM is the font editor's own.
    options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "kern"]
    options.recalc_timestamp = False
    font: Any = TTFont(FACES[weight, style], recalcTimestamp=False)
    with font:
        chooser = subset.Subsetter(options)
        chooser.populate(text=text)
        chooser.subset(font)
        font.flavor = "woff"
        written = BytesIO()
        font.save(written)
    encoded = base64.b64encode(written.getvalue()).decode("ascii")
    return (
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/woff;base64,{encoded}) format('woff');}}"
    )


@contextmanager
def bundled_fonts() -> Iterator[None]:
    """Point fontconfig, through which Graphviz finds fonts, at the bundled ones alone.

    It reads its configuration when the first figure is drawn, and keeps it. The environment is
    put back afterwards, so that programs started later find the fonts they know.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_folder() / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@cache
def _folder() -> Path:
    """Return a folder with fontconfig's settings and the fonts, which goes when Python ends.

    The fonts are copied, since fontconfig leaves files of its own beside those it finds.
    """
    folder = Path(tempfile.mkdtemp(prefix="arrowroot-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for path in FACES.values():
        shutil.copyfile(path, folder / path.name)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(folder))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        "<rescan><int>0</int></rescan></fontconfig>",
        encoding="utf-8",
    )
    return folder
