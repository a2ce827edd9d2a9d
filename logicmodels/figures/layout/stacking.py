"""How high boxes stand in their columns, with space for what passes between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise


def stacked(
    order: Sequence[Sequence[str]],
    heights: Mapping[str, float],
    beside: Mapping[str, Sequence[str]],
    room: Callable[[int, int], float],
) -> dict[str, float]:
    """Return the middle of every box: the fullest column first, then the others outwards.

    Parameters
    ----------
    order : sequence of sequence of str
        The boxes of every column.
    heights : mapping of str to float
        Of every box.
    beside : mapping of str to sequence of str
        The boxes that each is joined to, near which it should be.
    room : callable
        The distance to keep above the box of a column and place, and below its last.

    Returns
    -------
    dict of str to float
        In points from the top of the highest column.
    """
    apart = [
        [
            (heights[a] + heights[b]) / 2 + room(number, place)
            for place, (a, b) in enumerate(pairwise(nodes), start=1)
        ]
        for number, nodes in enumerate(order)
    ]
    needed = [
        room(number, 0)
        + heights[nodes[0]] / 2
        + sum(apart[number])
        + heights[nodes[-1]] / 2
        + room(number, len(nodes))
        for number, nodes in enumerate(order)
    ]
    if not needed:
        return {}
    total = max(needed)
    fullest = needed.index(total)
    middles: dict[str, float] = {}
    for number in [*range(fullest, len(order)), *range(fullest - 1, -1, -1)]:
        nodes = order[number]
        wanted = []
        for place, node in enumerate(nodes):
            known = [middles[other] for other in beside.get(node, ()) if other in middles]
            even = total * (place + 0.5) / len(nodes)
            wanted.append(sum(known) / len(known) if known else even)
        low = room(number, 0) + heights[nodes[0]] / 2
        high = total - heights[nodes[-1]] / 2 - room(number, len(nodes))
        middles |= zip(nodes, spread(wanted, apart[number], low, high), strict=True)
    return middles


def spread(wanted: Sequence[float], apart: Sequence[float], low: float, high: float) -> list[float]:
    """Return places in the given order, each pair kept apart, nearest to those wanted.

    The sum of squared distances to the wanted places is least. After subtracting the distances
    to keep, this is isotonic regression, which pooling of adjacent violators solves exactly.

    Parameters
    ----------
    wanted : sequence of float, shape (n,)
        Where each would be if it were alone.
    apart : sequence of float, shape (n - 1,)
        The least distance between each and the next.
    low, high : float
        Limits. If the places do not all fit between them, the upper one is exceeded.

    Returns
    -------
    list of float, shape (n,)

    Examples
    --------
    >>> spread([5.0, 5.0, 9.0], [2.0, 2.0], 0.0, 10.0)
    [4.0, 6.0, 9.0]
    >>> spread([9.0, 9.0], [4.0], 0.0, 10.0)
    [6.0, 10.0]
    """
    offsets = [0.0]
    for distance in apart:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        pools.append((mean, size))
    top = max(low, high - offsets[-1])
    free = [min(max(mean, low), top) for mean, size in pools for _ in range(size)]
    return [place + offset for place, offset in zip(free, offsets, strict=True)]
