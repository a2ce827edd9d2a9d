"""Names beside points: set where nothing else stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from synthesis.plots import typeface


class Box(NamedTuple):
    """A rectangle on the sheet, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether two rectangles overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Return whether the rectangle lies inside another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


class Name(NamedTuple):
    """A name with the left end of its baseline."""

    text: str
    x: float
    y: float


def beside(
    points: Sequence[tuple[float, float]],
    radii: Sequence[float],
    texts: Sequence[str],
    *,
    size: float,
    inside: Box,
) -> list[Name]:
    """Set names right, left, above or below their points, where there is room.

    A name for which there is none is left out; points early in the sequence choose first.

    Parameters
    ----------
    points : sequence of tuple of float
        Centres of the points on the sheet.
    radii : sequence of float
        Their radii, in points.
    texts : sequence of str
        Their names; empty for none.
    size : float
        Text size in points.
    inside : Box
        Where names may stand.

    Returns
    -------
    list of Name
    """
    taken = [Box(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)]
    names = []
    for (x, y), radius, text in zip(points, radii, texts, strict=True):
        if not text:
            continue
        wide, up, down = typeface.width(text, size=size), 0.75 * size, 0.25 * size
        gap = radius + 0.3 * size
        side = 0.7 * radius + 0.2 * size
        for left, base in (
            (x + gap, y + 0.35 * size),
            (x - gap - wide, y + 0.35 * size),
            (x - wide / 2, y - gap - down),
            (x - wide / 2, y + gap + up),
            (x + side, y - side - down),
            (x + side, y + side + up),
            (x - side - wide, y - side - down),
            (x - side - wide, y + side + up),
        ):
            box = Box(left, base - up, left + wide, base + down)
            if box.within(inside) and not any(box.meets(other) for other in taken):
                taken.append(box)
                names.append(Name(text, left, base))
                break
    return names
