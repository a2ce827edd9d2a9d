"""Names beside points, placed where nothing else is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from synthesis.plots.drawing import typeface

LONGEST = 0.42
"""Width of a name, as a share of the plot's, beyond which it is cut."""


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
    avoid: Sequence[Box] = (),
) -> list[Name]:
    """Place names to the right or left of, above or below their points, where there is room.

    A name is nearer to its own point than to any other, so that it cannot be taken for another's.
    A very long name is cut, if it then still differs from the others. A name without such room is
    left out; points early in the sequence choose first.

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
        Where names may be placed.
    avoid : sequence of Box
        What names must not cover, besides points and each other.

    Returns
    -------
    list of Name
    """
    discs = [Box(x - r, y - r, x + r, y + r) for (x, y), r in zip(points, radii, strict=True)]
    taken = [*avoid, *discs]
    places, wide_as = np.array(points, dtype=float).reshape(-1, 2), np.array(radii, dtype=float)
    names = []
    longest = LONGEST * (inside.right - inside.left)
    cut = [shortened(text, longest, size) for text in texts]
    for at, ((x, y), radius, text) in enumerate(zip(points, radii, cut, strict=True)):
        if not text or cut.count(text) > 1:
            continue
        wide, up, down = typeface.width(text, size=size), 0.75 * size, 0.25 * size
        for left, base in _places(x, y, radius, wide, size):
            box = Box(left, base - up, left + wide, base + down)
            if (
                box.within(inside)
                and not any(box.meets(other) for other in taken)
                and _is_nearest(box, at, places, wide_as)
            ):
                taken.append(box)
                names.append(Name(text, left, base))
                break
    return names


def shortened(text: str, limit: float, size: float) -> str:
    """Return a text, cut if it is wider than `limit` points.

    Examples
    --------
    >>> shortened("Collaborative trial in Edinburgh", 90, 9), shortened("Umea", 90, 9)
    ('Collaborative trial i…', 'Umea')
    """
    if typeface.width(text, size=size) <= limit:
        return text
    fits = len(text)
    while fits and typeface.width(f"{text[:fits]}…", size=size) > limit:
        fits -= 1
    return text[:fits].rstrip(" ,;:.(-") + "…"


def _is_nearest(box: Box, at: int, places: np.ndarray, radii: np.ndarray) -> bool:
    """Return whether the edge of one point is nearer to a rectangle than those of all others."""
    x, y = places.T
    aside = np.maximum(np.maximum(box.left - x, x - box.right), 0)
    above = np.maximum(np.maximum(box.top - y, y - box.bottom), 0)
    apart = np.hypot(aside, above) - radii
    return bool((np.delete(apart, at) > apart[at]).all())


def _places(
    x: float, y: float, radius: float, wide: float, size: float
) -> Iterator[tuple[float, float]]:
    """Return where the baseline of a name may begin, the best position first."""
    for gap in (radius + 0.3 * size, radius + 0.8 * size):
        above, below, level = y - gap - 0.25 * size, y + gap + 0.75 * size, y + 0.35 * size
        yield from ((x + gap, level), (x - gap - wide, level))
        yield from ((x - wide / 2, above), (x - wide / 2, below))
        side = 0.7 * gap
        for left in (x + side, x - side - wide):
            yield left, y - side - 0.25 * size
            yield left, y + side + 0.75 * size
        for left in (x - radius, x + radius - wide):
            yield from ((left, above), (left, below))


def along(line: Sequence[tuple[float, float]], *, wide: float = 2.0) -> list[Box]:
    """Return small boxes along a line on the sheet, for names to keep clear of.

    Parameters
    ----------
    line : sequence of tuple of float
        Points on the sheet, close to each other.
    wide : float
        Side of the boxes, in points.
    """
    half = wide / 2
    return [Box(x - half, y - half, x + half, y + half) for x, y in line]
