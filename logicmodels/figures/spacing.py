"""Places along a line: as near as possible to where they are wanted, never too close."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], apart: Sequence[float], low: float, high: float) -> list[float]:
    """Return places in the given order, each pair kept apart, nearest to those wanted.

    The sum of squared distances to the wanted places is least. With the distances to keep
    taken off, that is isotonic regression, which pooling of adjacent violators solves exactly.

    Parameters
    ----------
    wanted : sequence of float, shape (n,)
        Where each would stand if it were alone.
    apart : sequence of float, shape (n - 1,)
        The least distance between each and the next.
    low, high : float
        Limits. If all do not fit between them, the upper one gives way.

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
