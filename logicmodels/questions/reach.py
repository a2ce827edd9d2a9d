"""Questions about arrows alone: what can be reached from where, and what forms a loop.

Pure functions on nodes and pairs; none of them uses the text of a box.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

Pair = tuple[str, str]


def following(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    """Return for every node what its arrows lead to, in order.

    Examples
    --------
    >>> following([("a", "b"), ("a", "c")])
    {'a': ['b', 'c']}
    """
    after: dict[str, list[str]] = defaultdict(list)
    for source, target in pairs:
        after[source].append(target)
    return dict(after)


def reached(starts: Iterable[str], after: Mapping[str, Sequence[str]]) -> set[str]:
    """Return all nodes that can be reached from the given ones, including these.

    Examples
    --------
    >>> sorted(reached(["a"], {"a": ["b"], "b": ["c"], "d": ["c"]}))
    ['a', 'b', 'c']
    """
    seen = set(starts)
    waiting = deque(seen)
    while waiting:
        for node in after.get(waiting.popleft(), ()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen


def cycles(pairs: Iterable[Pair]) -> list[list[str]]:
    """Return the groups of nodes that form loops, each in order of appearance.

    Two nodes are in one group if each can be reached from the other (Tarjan 1972, here without
    recursion, so that long chains cause no error).

    Examples
    --------
    >>> cycles([("a", "b"), ("b", "a"), ("b", "c")])
    [['a', 'b']]
    """
    listed = list(pairs)
    loops = {source for source, target in listed if source == target}
    after = following(listed)
    found: list[list[str]] = []
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    trail: list[str] = []
    on_trail: set[str] = set()
    for start in after:
        if start in number:
            continue
        work = [(start, iter(after[start]))]
        while work:
            node, rest = work[-1]
            if node not in number:
                number[node] = lowest[node] = len(number)
                trail.append(node)
                on_trail.add(node)
            for target in rest:
                if target not in number:
                    work.append((target, iter(after.get(target, ()))))
                    break
                if target in on_trail:
                    lowest[node] = min(lowest[node], number[target])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[node])
                if lowest[node] == number[node]:
                    place = trail.index(node)
                    group, trail[place:] = trail[place:], []
                    on_trail -= set(group)
                    if len(group) > 1 or node in loops:
                        found.append(group)
    return found


FEW, PER_TEN = 25, 15
"""Up to so many boxes a figure can be followed however they are joined; beyond, with at most so
many arrows for ten boxes."""


def is_dense(boxes: int, arrows: int, per_ten: int = PER_TEN) -> bool:
    """Return whether a figure has more arrows than the eye can follow one by one."""
    return boxes > FEW and 10 * arrows > per_ten * boxes
