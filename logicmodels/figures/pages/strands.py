"""Where a model is cut so that as many arrows as possible stay on one page.

What is cut is a graph of a few dozen to a few hundred boxes, and each piece has to fit a sheet,
which only drawing it can tell. So it is cut in two where that costs fewest arrows for boxes on
both sides (the ratio cut of Wei and Cheng 1991), and again as long as a piece does not fit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from logicmodels.model import Model

Boxes = tuple[str, ...]
_STARTS = 24
"""From how many boxes a strand is grown, to find the best cut."""
_SHARE = 3
"""A half has at least this part of the boxes: one in three."""


def strands(model: Model, boxes: Boxes, fits: Callable[[Boxes], bool]) -> list[Boxes]:
    """Return boxes in pieces, each of which fits a page if it can.

    Parameters
    ----------
    model : Model
        Whose arrows hold boxes together.
    boxes : tuple of str
        The ids of what is divided, in the author's order.
    fits : callable
        Whether a page has room for some of them.

    Returns
    -------
    list of tuple of str
        In the order of their first boxes; within each, in that of `boxes`.
    """
    arrows = Counter(
        (link.source, link.target) for link in model.links if link.source != link.target
    )
    found: list[Boxes] = []
    waiting = [boxes]
    while waiting:
        piece = waiting.pop()
        if len(piece) == 1 or fits(piece):
            found.append(piece)
        else:
            waiting += halves(piece, arrows)
    place = {box: n for n, box in enumerate(boxes)}
    joined = _joined(found, arrows, fits, place)
    return sorted(joined, key=lambda piece: place[piece[0]])


def halves(boxes: Boxes, arrows: Mapping[tuple[str, str], int]) -> tuple[Boxes, Boxes]:
    """Return boxes in two pieces that few arrows join, neither much larger than the other."""
    near = _near(boxes, arrows)
    least = max(1, len(boxes) // _SHARE)
    best: tuple[float, int, int] | None = None
    chosen: set[str] = set()
    for start in boxes[:: -(-len(boxes) // _STARTS)]:
        grown, cut = _grown(start, boxes, near)
        for size in range(least, len(boxes) - least + 1):
            other = len(boxes) - size
            worth = cut[size - 1] / (size * other), abs(size - other), boxes.index(start)
            if best is None or worth < best:
                best, chosen = worth, set(grown[:size])
    return (
        tuple(box for box in boxes if box in chosen),
        tuple(box for box in boxes if box not in chosen),
    )


def _near(boxes: Boxes, arrows: Mapping[tuple[str, str], int]) -> dict[str, Counter[str]]:
    """Return, for every box, how many arrows join it to which others."""
    near: dict[str, Counter[str]] = defaultdict(Counter)
    inside = set(boxes)
    for (one, other), count in arrows.items():
        if one in inside and other in inside:
            near[one][other] += count
            near[other][one] += count
    return near


def _grown(
    start: str, boxes: Boxes, near: Mapping[str, Counter[str]]
) -> tuple[list[str], list[int]]:
    """Return boxes as they join a growing strand, and the arrows that leave it after each.

    The next is the one that adds fewest of them; of equals, the author's first.
    """
    adds = {box: sum(near[box].values()) if box in near else 0 for box in boxes}
    grown, cut, leaving = [], [], 0
    following = start
    while True:
        leaving += adds.pop(following)
        grown.append(following)
        cut.append(leaving)
        if not adds:
            return grown, cut
        for other, count in near.get(following, Counter()).items():
            if other in adds:
                adds[other] -= 2 * count
        following = min(adds, key=adds.__getitem__)


def _joined(
    pieces: Sequence[Boxes],
    arrows: Mapping[tuple[str, str], int],
    fits: Callable[[Boxes], bool],
    place: Mapping[str, int],
) -> list[Boxes]:
    """Return pieces of which those are together that fit one page, most arrows first."""
    found = list(pieces)
    refused: set[frozenset[str]] = set()
    while True:
        pairs = [
            (-_between(one, other, arrows), len(one) + len(other), place[one[0]], one, other)
            for n, one in enumerate(found)
            for other in found[n + 1 :]
            if frozenset((one[0], other[0])) not in refused
        ]
        # What does not fit with the piece that it belongs to most stays as it is: every try is a
        # drawing.
        if not pairs or len(refused) >= len(pieces):
            return found
        *_, one, other = min(pairs)
        both = tuple(sorted((*one, *other), key=place.__getitem__))
        if fits(both):
            found = [piece for piece in found if piece not in (one, other)] + [both]
        else:
            refused.add(frozenset((one[0], other[0])))


def _between(one: Boxes, other: Boxes, arrows: Mapping[tuple[str, str], int]) -> int:
    first, second = set(one), set(other)
    return sum(
        count
        for (source, target), count in arrows.items()
        if (source in first and target in second) or (source in second and target in first)
    )
