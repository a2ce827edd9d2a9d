"""Names of the rows of a figure: all of them if there is room, otherwise the ones that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.typeface import LINE


class RowName(NamedTuple):
    """A name in its lines, with the middle of its row and of the name itself."""

    row: int
    text: str
    middle: float
    y: float


class Rows:
    """Rows one below the other, each as high as its name or, if there are many, all the same.

    Parameters
    ----------
    names : sequence of str
        The name of each row.
    always : ndarray of bool
        Which rows are always named, however many there are.
    size, widest : float
        Text size and the width at which names wrap, in points.
    tallest, pressed : float
        Height of all rows together, in points, beyond which they are compressed and only some are
        named; and the height into which they are then compressed.

    Attributes
    ----------
    height : float
        Height of all rows.
    middles : ndarray
        The middle of each row, from the top.
    named : list of RowName
        The names to write, from the top; none covers another.
    is_pressed : bool
        Whether rows are lower than their names.
    """

    def __init__(
        self,
        names: Sequence[str],
        always: np.ndarray,
        *,
        size: float,
        widest: float,
        tallest: float,
        pressed: float,
    ) -> None:
        texts = [typeface.wrapped(name, widest, "bold", size) for name in names]
        needed = np.array([(1.5 + LINE * text.count("\n")) * size for text in texts])
        self.is_pressed = bool(needed.sum() > tallest)
        self.height = float(max(pressed, needed[always].sum()) if self.is_pressed else needed.sum())
        heights = np.full(len(texts), self.height / len(texts)) if self.is_pressed else needed
        self.middles = np.cumsum(heights) - heights / 2
        chosen, places = np.arange(len(texts)), self.middles
        if self.is_pressed:
            chosen, places = self._thinned(needed, always)
        self.named = [
            RowName(int(row), texts[row], float(self.middles[row]), float(place))
            for row, place in zip(chosen, places, strict=True)
        ]

    def _thinned(self, needed: np.ndarray, always: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Choose names: first the required ones, then from the top those that fit."""
        places = spread(self.middles[always], needed[always], self.height).tolist()
        chosen = np.flatnonzero(always).tolist()
        for row in np.flatnonzero(~always).tolist():
            at, half = self.middles[row], needed[row] / 2
            apart = (
                abs(at - place) >= half + needed[other] / 2
                for other, place in zip(chosen, places, strict=True)
            )
            if half <= at <= self.height - half and all(apart):
                chosen.append(row)
                places.append(float(at))
        order = np.argsort(places, kind="stable")
        return np.array(chosen)[order], np.array(places)[order]


def spread(wanted: np.ndarray, heights: np.ndarray, room: float) -> np.ndarray:
    """Move the middles of names apart until none covers another, as little as possible.

    Parameters
    ----------
    wanted : ndarray
        Where the middles should be, from the top, in rising order.
    heights : ndarray
        Height of each name.
    room : float
        Available height, at least that of all names together.

    Returns
    -------
    ndarray
        The middles with the least sum of squared moves, by pooling neighbours that collide.

    Examples
    --------
    >>> spread(np.array([5.0, 6.0, 30.0]), np.array([4.0, 4.0, 4.0]), 40.0)
    array([ 3.5,  7.5, 30. ])
    """
    if len(wanted) == 0:
        return wanted
    # Minus the height of everything above, only the order has to be kept.
    above = np.cumsum(heights) - heights / 2
    blocks: list[list[float]] = []
    for value in wanted - above:
        blocks.append([float(value)])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1].extend(last)
    level = np.concatenate([np.full(len(block), np.mean(block)) for block in blocks])
    return np.clip(level, 0.0, room - heights.sum()) + above
