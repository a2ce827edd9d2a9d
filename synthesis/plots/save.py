"""Figures as files: the same bytes for the same figure, and text that stays text."""

from __future__ import annotations

import base64
from collections import defaultdict
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthesis.errors import FileError, OptionError
from synthesis.plots import typeface

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SETTINGS: dict[Any, Any] = {
    "savefig.bbox": "standard",
    "svg.fonttype": "none",
    "svg.hashsalt": "arrowroot",
    "pdf.fonttype": 42,
    "text.hinting": "no_hinting",
}
"""What holds while a file is written: text kept as text, inner names that do not change."""

UNDATED: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}
"""Entries that a library would add of its own, such as the hour."""

FORMATS = {".svg": "svg", ".pdf": "pdf", ".png": "png", ".tif": "tiff", ".tiff": "tiff"}


def save(
    drawing: Axes | Figure,
    path: str | Path,
    *,
    dpi: int = 300,
    title: str = "",
    description: str | None = None,
) -> Path:
    """Write a figure to a file, whole or not at all.

    The same figure gives the same bytes. In SVG, letters stay letters, the font goes with the
    file, and screen readers find the title and the description.

    Parameters
    ----------
    drawing : Axes or Figure
        What a plotting function returned, or its figure.
    path : str or Path
        Its ending says the format: ``.svg``, ``.pdf``, ``.png``, ``.tiff``.
    dpi : int
        Dots per inch of PNG and TIFF; journals ask for 300 to 600.
    title, description : str, optional
        Words for the SVG; the description is by default the figure's own.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    OptionError
        If the ending names no format, or `dpi` is not between 50 and 1200.
    FileError
        If the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in FORMATS:
        raise OptionError(f"path must end in one of {', '.join(FORMATS)}; got {target.name!r}.")
    if not 50 <= dpi <= 1200:
        raise OptionError(f"dpi must lie between 50 and 1200; got {dpi!r}.")
    kind = FORMATS[target.suffix.lower()]
    content = rendered(drawing, kind, dpi=dpi, title=title, description=description)
    draft = target.with_name(f".{target.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    except OSError as error:
        raise FileError(f"{target}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return target


def rendered(
    drawing: Axes | Figure,
    kind: str,
    *,
    dpi: int = 300,
    title: str = "",
    description: str | None = None,
) -> bytes:
    """Return a figure as the bytes of a file.

    Parameters
    ----------
    drawing : Axes or Figure
        The figure.
    kind : {"svg", "pdf", "png", "tiff"}
        The format.
    dpi, title, description
        As for `save`.

    Returns
    -------
    bytes
    """
    from matplotlib import rc_context
    from matplotlib.axes import Axes

    figure = drawing.get_figure(root=True) if isinstance(drawing, Axes) else drawing
    if figure is None:
        raise OptionError("the axes to save belong to no figure any more; draw it again.")
    held = BytesIO()
    extra: dict[str, Any] = {"pil_kwargs": {"compression": "tiff_lzw"}} if kind == "tiff" else {}
    with rc_context(SETTINGS):
        figure.savefig(held, format=kind, dpi=dpi, metadata=UNDATED.get(kind), **extra)
    if kind != "svg":
        return held.getvalue()
    words = [getattr(axes, "description", "") for axes in figure.axes]
    if description is None:
        description = " ".join(filter(None, words))
    return _readable(held.getvalue().decode(), figure, title, description).encode()


def _readable(svg: str, figure: Figure, title: str, description: str) -> str:
    """Give an SVG its title, its description and its font."""
    head, opening, rest = svg.partition("<svg ")
    attributes, _, body = rest.partition(">")
    named = ' role="img" aria-labelledby="figure-title figure-description"'
    words = (
        f'\n <title id="figure-title">{escape(title or "Figure")}</title>'
        f'\n <desc id="figure-description">{escape(description)}</desc>'
    )
    faces = "".join(_font_rules(figure))
    return f"{head}{opening}{attributes}{named}>{words}\n <style>{faces}</style>{body}"


def _font_rules(figure: Figure) -> list[str]:
    """Return a CSS rule for each face the figure uses, with only the letters it needs."""
    from matplotlib.text import Text

    letters: dict[str, set[str]] = defaultdict(set)
    for text in figure.findobj(Text):
        assert isinstance(text, Text)  # noqa: S101 - asked for by class
        file = text.get_fontproperties().get_file()
        for face in typeface.FACES:
            if file == str(typeface.font_file(face)):
                letters[face] |= set(text.get_text())
    rules = []
    for face in sorted(letters):
        font = base64.b64encode(_subset(typeface.font_file(face), letters[face])).decode()
        rules.append(
            f"@font-face{{font-family:'{typeface.FAMILY[0]}';"
            f"font-weight:{700 if face == 'bold' else 400};"
            f"font-style:{'italic' if face == 'italic' else 'normal'};"
            f"src:url(data:font/woff;base64,{font}) format('woff')}}"
        )
    return rules


def _subset(path: Path, letters: set[str]) -> bytes:
    """Return a font file with some letters only."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(recalc_timestamp=False, notdef_outline=True)
    options.drop_tables += ["FFTM"]  # FontForge's own dates
    with TTFont(path, recalcTimestamp=False) as font:
        worker = subset.Subsetter(options)
        worker.populate(text="".join(sorted(letters)))
        worker.subset(font)
        font.flavor = "woff"
        held = BytesIO()
        font.save(held)
    return held.getvalue()
