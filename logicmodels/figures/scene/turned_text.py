"""Text that runs upwards, as outlines: Graphviz itself writes only horizontally."""

from __future__ import annotations

from typing import Any

from arrowroot.fonts import FACES, text_width
from logicmodels.figures.scene.scene import Shape

_TURN, _SOFT = 6.0, 2.7
"""Where the rounding of a corner begins, and how far its curve is pulled."""


def drawn(shape: Shape, ink: str) -> str:
    """Return a box with its turned text, in the drawing language of Graphviz.

    Parameters
    ----------
    shape : Shape
        With one line of text.
    ink : str
        The colour of the text, ``#rrggbb``.

    Returns
    -------
    str
        Operations for the graph attribute ``_background``: nodes would cover the outlines.
    """
    (text,) = shape.place.lines
    centre = shape.place.x, -shape.place.y
    letters = outlines(text.text, text.size, centre, shape.fill, ink)
    return f"{_bar(shape, centre)} {letters}".strip()


def _bar(shape: Shape, centre: tuple[float, float]) -> str:
    """Return a box with round corners."""
    (x, y), width, height = centre, shape.place.width, shape.place.height
    left, right, low, high = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    turn, soft = _TURN, _SOFT
    corners = [
        (left, low + turn), (left, low + soft), (left + soft, low), (left + turn, low),
        (left + turn, low), (right - turn, low), (right - turn, low),
        (right - soft, low), (right, low + soft), (right, low + turn),
        (right, low + turn), (right, high - turn), (right, high - turn),
        (right, high - soft), (right - soft, high), (right - turn, high),
        (right - turn, high), (left + turn, high), (left + turn, high),
        (left + soft, high), (left, high - soft), (left, high - turn),
        (left, high - turn), (left, low + turn), (left, low + turn),
    ]  # fmt: skip
    points = " ".join(f"{a:.2f} {b:.2f}" for a, b in corners)
    pen = f"setlinewidth({shape.thickness:g})"
    colours = f"c {len(shape.edge)} -{shape.edge} C {len(shape.fill)} -{shape.fill}"
    return f"S {len(pen)} -{pen} {colours} b {len(corners)} {points}"


def outlines(
    text: str, size: float, centre: tuple[float, float], ground: str, ink: str = "#000000"
) -> str:
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
    ink : str
        The colour of the text.

    Returns
    -------
    str
        Operations for the graph attribute ``_background``.
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
    return f"{_fill(ink, inked)} {_fill(ground, holes)}".strip()


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
