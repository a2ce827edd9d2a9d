"""A PNG in its commonest colours: the file that is saved from beneath a figure in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

COLOURS = 128
"""How many colours are kept."""

MOST = 1 << 14
"""A picture of more colours is none of our figures."""

COVERED = 0.97
"""The share of a picture that the colours kept must cover."""


def lighter(png: bytes) -> bytes:
    """Return a PNG in its commonest colours, in less than half the size; its texts stay.

    Areas keep their colours exactly; the edges of letters take the nearest. A picture in which
    these colours would miss much, such as a photograph, stays as it is.
    """
    from PIL import Image, PngImagePlugin

    with Image.open(BytesIO(png)) as drawn:
        if drawn.mode not in ("RGB", "RGBA"):
            return png
        told, kept = PngImagePlugin.PngInfo(), drawn.info
        for name, words in getattr(drawn, "text", {}).items():
            told.add_text(name, words)
        whole = drawn.convert("RGBA")
    picture = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")
    every: list[Any] = sorted(picture.getcolors(MOST) or (), reverse=True)
    counted = every[:COLOURS]
    if sum(pixels for pixels, _ in counted) < COVERED * picture.width * picture.height:
        return png
    few = _in_colours(picture, [colour for _, colour in every])
    held = BytesIO()
    size = {"dpi": kept["dpi"]} if "dpi" in kept else {}
    few.save(held, "PNG", pnginfo=told, **size)
    return held.getvalue()


def _in_colours(picture: Any, colours: Sequence[tuple[int, int, int]]) -> Any:
    """Return a picture in the first of its colours: each other becomes the nearest of these.

    Pillow's own choice takes the nearest of coarse steps, and white is then no longer white.
    """
    import numpy as np
    from PIL import Image

    there = np.array(colours, dtype=np.int64)
    palette = there[:COLOURS]
    away = ((there[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    shift = np.array([1 << 16, 1 << 8, 1])
    nearest = np.zeros(1 << 24, dtype=np.uint8)
    nearest[there @ shift] = away.argmin(axis=1)
    parts = np.asarray(picture, dtype=np.int32)
    code = (parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2]
    few = Image.fromarray(nearest[code])
    few.putpalette(palette.astype(np.uint8).tobytes())
    return few
