"""Figures as files: the same bytes for the same figure, and text kept as text."""

from __future__ import annotations

import re
from collections import defaultdict
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import OptionError
from arrowroot.files import as_path, write_bytes
from arrowroot.fonts import FACES, FAMILY, subset
from arrowroot.options import is_figure, thing
from arrowroot.running.process import unheard
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.journals import (
    MILLIMETRES,
    PrintWidth,
    check_height,
    check_text,
    print_width,
    resized,
)

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
"""Settings while a file is written: text kept as text, internal names that do not change.

matplotlib has one set of settings per process, so one figure is written at a time."""

UNDATED: dict[str, dict[str, str | None]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""Entries that a library would add by itself, such as the time."""

MOST_PIXELS = 150
"""The most pixels of a picture, in millions: half a gigabyte while it is drawn."""

STRIP_STARTS, STRIP_SIZES = 273, 279
"""Tags of a TIFF: where each strip of the picture begins, and how many bytes it has."""

FORMATS = {".svg": "svg", ".pdf": "pdf", ".png": "png", ".tif": "tiff", ".tiff": "tiff"}


def save(
    drawing: Axes | Figure,
    path: str | Path,
    *,
    width: float | str | None = None,
    dpi: int = 300,
    title: str = "",
    description: str | None = None,
) -> Path:
    """Write a figure to a file, completely or not at all.

    The same figure gives the same bytes. In SVG, text stays text, the font is embedded, and screen
    readers find the title and the description. In PDF the font is embedded. PNG and TIFF state
    their resolution and have no transparency; TIFF is compressed (LZW), as journals require.

    Parameters
    ----------
    drawing : Axes or Figure
        What a plotting function returned, or its figure.
    path : str or Path
        The extension gives the format: ``.svg``, ``.pdf``, ``.png``, ``.tiff``.
    width : float or str, optional
        How wide it is printed, in millimetres; by default as drawn. Everything in the figure
        shrinks or grows with it. Names stand for the widths of publishers: ``"single"`` 90,
        ``"one-and-a-half"`` 140 and ``"double"`` 190 (Elsevier, The Lancet); ``"bmc-half"`` 85 and
        ``"bmc-full"`` 170; ``"jama"`` 127; ``"nature-single"`` 89 and ``"nature-double"`` 183;
        ``"plos"`` 190.5; ``"wiley"`` 80. Their sources are in `synthesis.plots.drawing.journals`.
    dpi : int
        Dots per inch of PNG and TIFF; journals ask for 300 to 600.
    title, description : str, optional
        Text for those who cannot see it, kept in SVG, PDF and PNG; by default the description is
        the figure's own.

    Returns
    -------
    Path
        Where it was written.

    Warns
    -----
    UserWarning
        If text becomes smaller than the publisher requires, or the figure taller than a page.

    Raises
    ------
    OptionError
        If the extension is not a format, `width` is not a width, text would become smaller than 5
        points, `dpi` is not between 50 and 1200, or the picture would be too large for memory.
    FileError
        If the file cannot be written.
    """
    target = as_path(path)
    if target.suffix.lower() not in FORMATS:
        raise OptionError(f"path must end in one of {', '.join(FORMATS)}; got {target.name!r}.")
    if not 50 <= dpi <= 1200:
        raise OptionError(f"dpi must lie between 50 and 1200; got {dpi!r}.")
    figure = figure_of(drawing)
    scale = 1.0 if width is None else _scale(figure, print_width(width))
    kind = FORMATS[target.suffix.lower()]
    content = rendered(figure, kind, dpi=dpi, scale=scale, title=title, description=description)
    return write_bytes(content, target)


def figure_of(drawing: Axes | Figure) -> Figure:
    """Return the figure in which something was drawn."""
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    given: object = drawing
    if not isinstance(given, Axes | Figure):
        if is_figure(given) and hasattr(given, "save"):
            raise OptionError(
                "a figure of results is needed; that of a logic model answers to the pointer by "
                "itself, and is saved with figure.save('figure.png')."
            )
        raise OptionError(
            f"a figure is needed, as returned by a plotting function; got {thing(given)}. "
            "Draw it first: forest(fit)."
        )
    figure = given.get_figure(root=True) if isinstance(given, Axes) else given
    if figure is None:
        raise OptionError("the axes to save no longer belong to a figure; draw it again.")
    return figure


def words_on(figure: Figure) -> str:
    """Return the description stored with the axes of a figure."""
    return " ".join(filter(None, (getattr(axes, "description", "") for axes in figure.axes)))


def _scale(figure: Figure, width: PrintWidth) -> float:
    """Return how much a figure is shrunk or enlarged for a width in print."""
    from matplotlib.text import Text

    natural = figure.get_figwidth() * MILLIMETRES
    sizes = [
        float(text.get_fontsize())
        for text in figure.findobj(Text)
        if isinstance(text, Text) and text.get_visible() and text.get_text()
    ]
    ways = " ".join(getattr(axes, "narrower", "") for axes in figure.axes).strip()
    check_text(width, natural, min(sizes, default=float("inf")), narrower=ways)
    check_height(width, (natural, figure.get_figheight() * MILLIMETRES))
    return width.millimetres / natural


def rendered(
    drawing: Axes | Figure,
    kind: str,
    *,
    dpi: float = 300,
    scale: float = 1.0,
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
    scale : float
        How much everything is shrunk or enlarged.
    dpi, title, description
        As for `save`.

    Returns
    -------
    bytes
    """
    from matplotlib import rc_context

    figure = figure_of(drawing)
    title = typeface.clean(title)
    said = words_on(figure) if description is None else description
    # XML does not allow control characters, nor does any of the formats allow lone surrogates.
    description = "\n".join(map(typeface.clean, said.splitlines()))
    with unheard(message=typeface.MISSING), rc_context(SETTINGS):
        if kind in ("png", "tiff"):
            return _pixels(figure, kind, dpi, scale, title, description)
        held = BytesIO()
        told = UNDATED[kind]
        if kind == "pdf":
            told = told | {"Title": title or None, "Subject": description or None}
        figure.savefig(held, format=kind, metadata=told)
    if kind == "pdf":
        return held.getvalue() if scale == 1.0 else resized(held.getvalue(), scale)
    return _readable(held.getvalue().decode(), figure, scale, title, description).encode()


def _pixels(
    figure: Figure, kind: str, dpi: float, scale: float, title: str, description: str
) -> bytes:
    """Draw a figure as a picture without transparency that states its resolution."""
    from PIL import Image, PngImagePlugin

    wide = round(figure.get_figwidth() * scale * dpi)
    millions = wide * figure.get_figheight() * scale * dpi / 1e6
    if millions > MOST_PIXELS:
        raise OptionError(
            f"dpi={dpi:g} would make a picture of {millions:.0f} million pixels, which few "
            f"machines can handle and no journal prints. Choose at most "
            f"dpi={int(dpi * (MOST_PIXELS / millions) ** 0.5)}, or save it as .pdf or .svg."
        )
    held = BytesIO()
    # Half a pixel more than wanted, since fractions of a pixel are cut off.
    figure.savefig(held, format="rgba", dpi=(wide + 0.5) / figure.get_figwidth())
    drawn = held.getvalue()
    picture = Image.frombytes("RGBA", (wide, len(drawn) // (4 * wide)), drawn)
    if picture.getchannel("A").getextrema() != (255, 255):
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    flat = picture.convert("RGB")
    out = BytesIO()
    if kind == "tiff":
        flat.save(out, "TIFF", compression="tiff_lzw", dpi=(dpi, dpi))
        return padded(out)
    told = PngImagePlugin.PngInfo()
    for name, words in (("Title", title), ("Description", description)):
        if words:
            told.add_text(name, words)
    # For text, level 3 gives smaller files than the usual 6, in two thirds of the time.
    flat.save(out, "PNG", dpi=(dpi, dpi), pnginfo=told, compress_level=3)
    return out.getvalue()


def padded(tiff: BytesIO) -> bytes:
    """Return the bytes of a TIFF with its padding set to zero.

    The list of tags begins at an even place. Up to version 12, Pillow leaves in the byte before it
    whatever memory last held, so that one figure would give different files.
    """
    from PIL.TiffImagePlugin import TiffImageFile

    held = bytearray(tiff.getvalue())
    tags = int.from_bytes(held[4:8], "little")
    with TiffImageFile(BytesIO(held)) as picture:
        starts, sizes = picture.tag_v2[STRIP_STARTS], picture.tag_v2[STRIP_SIZES]
    if starts[-1] + sizes[-1] == tags - 1:
        held[tags - 1] = 0
    return bytes(held)


def _readable(svg: str, figure: Figure, scale: float, title: str, description: str) -> str:
    """Give an SVG its printed size, its title, its description and its font."""
    head, opening, rest = svg.partition("<svg ")
    attributes, _, body = rest.partition(">")
    attributes = re.sub(
        r'\b(width|height)="([0-9.]+)pt"',
        lambda found: f'{found[1]}="{float(found[2]) * scale:.6g}pt"',
        attributes,
    )
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
        assert isinstance(text, Text)  # noqa: S101 - selected by class
        file = text.get_fontproperties().get_file()
        for face, bundled in FACES.items():
            if file == str(bundled):
                letters[face] |= set(text.get_text())
    rules = []
    for face in sorted(letters):
        font = subset("".join(sorted(letters[face])), face, kerned=True)
        rules.append(
            f"@font-face{{font-family:'{FAMILY}';"
            f"font-weight:{700 if face == 'bold' else 400};"
            f"font-style:{'italic' if face == 'italic' else 'normal'};"
            f"src:url(data:font/woff;base64,{font}) format('woff')}}"
        )
    return rules
