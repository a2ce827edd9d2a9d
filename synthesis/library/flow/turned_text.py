"""Text that runs upwards, as outlines: Graphviz itself writes only horizontally."""

from __future__ import annotations

from typing import Any

from arrowroot.fonts import FACES, text_width


def outlines(text: str, size: float, centre: tuple[float, float], ground: str) -> str:
    """Return text rotated by 90 degrees to the left, in the drawing language of Graphviz.

    Parameters
    ----------
    text : str
        One line; characters that the bundled font lacks are left out.
    size : float
        Font size in points.
    centre : tuple of float
        Where its middle lies, in points from the lower left.
    ground : str
        The colour behind it, ``#rrggbb``, with which the holes in letters are filled.

    Returns
    -------
    str
        Operations for the graph attribute ``_background``, in black.
    """
    from fontTools.pens.basePen import BasePen
    from fontTools.ttLib import TTFont

    class Outline(BasePen):  # type: ignore[misc]
        """Collects closed outlines as cubic curves."""

        def __init__(self, glyphs: Any) -> None:
            super().__init__(glyphs)
            self.shapes: list[list[tuple[float, float]]] = []

        def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
            self.shapes.append([pt])

        def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
            self.shapes[-1] += [self.shapes[-1][-1], pt, pt]

        def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
            self.shapes[-1] += points

    with TTFont(FACES["bold"], lazy=True) as font:
        scale = size / font["head"].unitsPerEm
        names, glyphs, widths = font.getBestCmap(), font.getGlyphSet(), font["hmtx"]
        along = -text_width(text, size, "bold") / 2
        inked: list[list[tuple[float, float]]] = []
        holes: list[list[tuple[float, float]]] = []
        for letter in text:
            if ord(letter) not in names:
                continue
            pen = Outline(glyphs)
            glyphs[names[ord(letter)]].draw(pen)
            for shape in pen.shapes:
                # Capitals are 0.72 of the size high; half of that centres the line.
                turned = [
                    (centre[0] + 0.36 * size - y * scale, centre[1] + along + x * scale)
                    for x, y in shape
                ]
                (inked if _area(shape) < 0 else holes).append(turned)
            along += widths[names[ord(letter)]][0] * scale
    return f"{_fill('#000000', inked)} {_fill(ground, holes)}".strip()


def _area(shape: list[tuple[float, float]]) -> float:
    """Return the signed area: TrueType draws outlines clockwise and holes the other way."""
    ends = zip(shape, [*shape[1:], shape[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in ends) / 2


def _fill(colour: str, shapes: list[list[tuple[float, float]]]) -> str:
    if not shapes:
        return ""
    curves = (
        f"b {len(shape)} " + " ".join(f"{x:.2f} {y:.2f}" for x, y in shape) for shape in shapes
    )
    # The outlines themselves are drawn as thin as possible, or the letters would look bold.
    pen = f"S 18 -setlinewidth(0.01) c {len(colour)} -{colour} C {len(colour)} -{colour} "
    return pen + " ".join(curves)
