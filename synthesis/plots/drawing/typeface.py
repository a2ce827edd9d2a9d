"""The bundled font as matplotlib draws it: which file has a text's letters, and how wide it is."""

from __future__ import annotations

import threading
import warnings
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from arrowroot import fonts
from arrowroot.fonts import FACES
from arrowroot.text import one_line, printable

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

FAMILY = (fonts.FAMILY, "Arial", "Helvetica")
"""The bundled family, and two of the same widths for a reader's machine that lacks it."""

SIZE = 9.0
"""Size of text in figures of points and curves, in points."""

LINE = 1.2
"""Distance of the lines of one text, times its size."""

MISSING = "Glyph .* missing from font"
"""How matplotlib words its own warning of a letter without a shape; ours names the text."""


@cache
def _fallback_file(face: str) -> Path:
    """Return matplotlib's own font, which knows many more letters."""
    import matplotlib as mpl

    ending = {"regular": "", "bold": "-Bold", "italic": "-Oblique"}[face]
    return Path(mpl.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{ending}.ttf"


class _Opened(threading.local):
    """Fonts opened by one thread: a font holds the size and text that it measures."""

    def __init__(self) -> None:
        self._fonts: dict[Path, FT2Font] = {}

    def font(self, path: Path) -> FT2Font:
        from matplotlib.ft2font import FT2Font

        if path not in self._fonts:
            self._fonts[path] = FT2Font(str(path))
        return self._fonts[path]


_OPENED = _Opened()


@cache
def _letters(path: Path) -> frozenset[int]:
    return frozenset(_OPENED.font(path).get_charmap())


@lru_cache(maxsize=8192)
def file_for(text: str, face: str = "regular") -> Path:
    """Return the file that can draw a text: the bundled font, matplotlib's, or any other here.

    Where no font has every letter, a warning names those that will be drawn as boxes.

    Examples
    --------
    >>> file_for("Čapek 2001").name, file_for("א 2001").name
    ('LiberationSans-Regular.ttf', 'LiberationSans-Regular.ttf')
    >>> file_for("☂").name
    'DejaVuSans.ttf'
    """
    wanted = {ord(letter) for letter in text if letter != "\n"}
    for path in (FACES[face], _fallback_file(face)):
        if wanted <= _letters(path):
            return path
    for path in _on_this_machine():
        if wanted <= _letters(path):
            return path
    _tell("".join(chr(letter) for letter in sorted(wanted - _letters(_fallback_file(face)))))
    return _fallback_file(face)


@cache
def _tell(lacking: str) -> None:
    """Warn of letters that no font has, once."""
    warnings.warn(
        f"No font on this machine has the letters {lacking!r}; they are drawn as boxes. Install a "
        "font that has them, such as Noto Sans, or write the names in letters that readers of the "
        "journal know.",
        stacklevel=2,
    )


@cache
def _on_this_machine() -> tuple[Path, ...]:
    """Return the upright fonts installed here, always in the same order, plain ones first."""
    from matplotlib.font_manager import fontManager

    found = {
        (str(entry.weight) not in ("400", "normal", "regular"), entry.name, entry.fname)
        for entry in fontManager.ttflist
        if entry.style == "normal"
        and entry.fname.endswith((".ttf", ".otf", ".ttc"))
        and "LastResort" not in entry.fname  # its glyphs are placeholders for missing letters
    }
    return tuple(Path(file) for *_, file in sorted(found))


def font(text: str, face: str, size: float) -> FontProperties:
    """Return the font a text is drawn with; `size` in points."""
    from matplotlib.font_manager import FontProperties

    path = file_for(text, face)
    family = list(FAMILY) if path == FACES[face] else [_OPENED.font(path).family_name]
    return FontProperties(
        family=family,
        style="italic" if face == "italic" else "normal",
        weight="bold" if face == "bold" else "normal",
        size=size,
        fname=str(path),
    )


PIXEL_ALLOWANCE = 1.05
"""How much wider a text may come out where a screen fits its letters to coarse pixels."""


ROUNDING = 1e-6
"""Points that a sum of measured widths may fall short of what it was summed from."""


@lru_cache(maxsize=65536)
def width(text: str, face: str = "regular", size: float = 9.0) -> float:
    """Return the room a text takes in points, its longest line if it has several.

    The width is that of the letters' outlines, and `PIXEL_ALLOWANCE`.

    Examples
    --------
    >>> width("0000", size=10) == 2 * width("00", size=10)
    True
    """
    from matplotlib.ft2font import LoadFlags

    path = file_for(text, face)
    opened = _OPENED.font(path)
    opened.set_size(size, 72)
    widest = 0.0
    for line in text.split("\n"):
        # A letter without a shape is measured as the box it will be drawn as.
        known = line if path == FACES[face] else _boxed(line, path)
        opened.set_text(known, 0.0, flags=LoadFlags.NO_HINTING)
        widest = max(widest, opened.get_width_height()[0] / 64)
    return widest * PIXEL_ALLOWANCE


def _boxed(line: str, path: Path) -> str:
    """Return a line with a full em for every letter that a font lacks."""
    known = _letters(path)
    return "".join(letter if ord(letter) in known else "\N{EM DASH}" for letter in line)


def clean(text: object) -> str:
    r"""Return a text on one line, without control characters, whatever a cell contained.

    Nothing replaces them: matplotlib draws a whole text in one font, and the bundled font has no
    replacement character.

    Examples
    --------
    >>> clean("Smith\tet al.\n 2001\x07")
    'Smith et al. 2001'
    """
    return one_line(str(text), instead="")


@lru_cache(maxsize=8192)
def wrapped(text: str, limit: float, face: str = "regular", size: float = 9.0) -> str:
    r"""Break a text into lines no wider than `limit` points, between words where it can.

    A no-break space holds two words together and becomes a plain space.

    Examples
    --------
    >>> wrapped("Heterogeneity: Tau² = 0.02", 80, size=10)
    'Heterogeneity:\nTau² = 0.02'
    """

    def fits(line: str) -> bool:
        return width(line, face, size) <= limit + ROUNDING

    def parts(word: str) -> list[str]:
        return fonts.divided(word, lambda part: width(part, face, size) <= limit, hyphens=False)

    paragraphs = printable(text, "").split("\n")
    lines = [line for held in paragraphs for line in fonts.filled(held.split(" "), fits, parts)]
    return "\n".join(lines).replace("\u00a0", " ")
