"""What a drawn figure is measured by: crossings of arrows, their length, boxes they run through."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from logicmodels.figures.parts import Placed
from logicmodels.figures.scene.route import Point, Route, on_curve

_STEPS = 12
"""Straight pieces by which a curve is measured."""
_CELL = 48.0
"""Side of the squares by which neighbouring pieces are found."""
_NEAR = 1e-6
_HALF_HEAD = 0.35
"""Half the width of Graphviz's heads, as a share of their length."""
Piece = tuple[Point, Point]


def polyline(route: Route, steps: int = _STEPS) -> list[Point]:
    """Return points along an arrow, from where it leaves its source to its tip."""
    found = [route.start or route.points[0], route.points[0]]
    for first in range(0, len(route.points) - 1, 3):
        four = route.points[first : first + 4]
        count = 1 if _is_straight(four) else steps
        found += [on_curve(four, step / count) for step in range(1, count + 1)]
    found.append(route.tip)
    return [found[0], *(b for a, b in pairwise(found) if math.dist(a, b) > _NEAR)]


def crossings(lines: Sequence[Sequence[Point]]) -> int:
    """Return how often drawn lines cross each other.

    Parameters
    ----------
    lines : sequence of sequence of point
        Each as `polyline` returns it.

    Returns
    -------
    int
        Each point where one line goes from one side of another to the other side. Lines that
        meet at an end, or touch, do not cross.
    """
    cells: dict[tuple[int, int], list[tuple[int, Piece]]] = defaultdict(list)
    for number, line in enumerate(lines):
        for piece in pairwise(line):
            for cell in _cells(piece):
                cells[cell].append((number, piece))
    found: set[tuple[int, int, int, int]] = set()
    for pieces in cells.values():
        for place, (one, first) in enumerate(pieces):
            for other, second in pieces[place + 1 :]:
                if one != other and (at := _meeting(first, second)):
                    # A crossing at the joint of two pieces is found in both.
                    found.add((min(one, other), max(one, other), round(at[0]), round(at[1])))
    return _apart(found)


def _apart(found: Iterable[tuple[int, int, int, int]]) -> int:
    """Return the number of crossings, those of one pair within a point of each other once."""
    pairs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for one, other, x, y in sorted(found):
        known = pairs[one, other]
        if not any(abs(x - a) <= 1 and abs(y - b) <= 1 for a, b in known):
            known.append((x, y))
    return sum(map(len, pairs.values()))


def head(tip: Point, base: Point, width: float = 1.1) -> tuple[Point, Point, Point]:
    """Return the corners of the head of an arrow, the outline of its line included."""
    far = math.dist(tip, base) or 1.0
    half = _HALF_HEAD * far + width / 2
    dx, dy = (tip[0] - base[0]) / far * half, (tip[1] - base[1]) / far * half
    return tip, (base[0] - dy, base[1] + dx), (base[0] + dy, base[1] - dx)


def heads(route: Route, width: float = 1.1) -> list[tuple[Point, Point, Point]]:
    """Return the heads of an arrow."""
    found = [head(route.tip, route.points[-1], width)]
    return [*found, head(route.start, route.points[0], width)] if route.start else found


def heads_touching(routes: Sequence[Route]) -> int:
    """Return how many pairs of heads of different arrows overlap."""
    near: dict[tuple[int, int], list[tuple[int, tuple[Point, Point, Point]]]] = defaultdict(list)
    found = set()
    for number, route in enumerate(routes):
        for one in heads(route):
            x, y = int(one[0][0] // _CELL), int(one[0][1] // _CELL)
            for cell in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                found |= {
                    (other, number)
                    for other, there in near[cell]
                    if other != number and _overlap(one, there)
                }
            near[x, y].append((number, one))
    return len(found)


def _overlap(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Return whether two triangles share an area: no side of either lies between them."""
    for corners in (one, other):
        for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
            ours = [(y1 - y0) * x + (x0 - x1) * y for x, y in one]
            theirs = [(y1 - y0) * x + (x0 - x1) * y for x, y in other]
            if max(ours) <= min(theirs) + _NEAR or max(theirs) <= min(ours) + _NEAR:
                return False
    return True


def length(lines: Sequence[Sequence[Point]]) -> float:
    """Return the length of all lines together, in points."""
    return sum(math.dist(*piece) for line in lines for piece in pairwise(line))


def boxes_crossed(line: Sequence[Point], boxes: Iterable[Placed], margin: float = 0.5) -> list[str]:
    """Return the names of the boxes that a line runs through, by more than a margin in points."""
    found = []
    for box in boxes:
        wide, high = box.width / 2 - margin, box.height / 2 - margin
        if any(_enters(piece, box.x, box.y, wide, high) for piece in pairwise(line)):
            found.append(box.name)
    return found


def _enters(piece: Piece, x: float, y: float, wide: float, high: float) -> bool:
    """Return whether a straight piece has a part within a rectangle (Liang and Barsky 1984)."""
    (x0, y0), (x1, y1) = piece
    low, top = 0.0, 1.0
    for start, step, middle, half in ((x0, x1 - x0, x, wide), (y0, y1 - y0, y, high)):
        near, far = middle - half - start, middle + half - start
        if abs(step) < _NEAR:
            if near > 0 or far < 0:
                return False
            continue
        near, far = sorted((near / step, far / step))
        low, top = max(low, near), min(top, far)
    return low < top


def _is_straight(four: Sequence[Point]) -> bool:
    (x0, y0), *_, (x1, y1) = four
    far = math.dist(four[0], four[3]) or 1.0
    return all(abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / far < 0.05 for x, y in four[1:3])


def _cells(piece: Piece) -> Iterator[tuple[int, int]]:
    (x0, y0), (x1, y1) = piece
    left, right = sorted((int(x0 // _CELL), int(x1 // _CELL)))
    top, bottom = sorted((int(y0 // _CELL), int(y1 // _CELL)))
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _meeting(one: Piece, other: Piece) -> Point | None:
    """Return where two straight pieces cross."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = other
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(across) < _NEAR:
        return None
    t = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
    u = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across
    if not (0 <= t <= 1 and 0 <= u <= 1):
        return None
    return ax + t * (bx - ax), ay + t * (by - ay)
