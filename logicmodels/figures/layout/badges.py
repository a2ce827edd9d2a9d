"""Where badges are placed: on their arrow or box, and clear of everything else if possible."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from arrowroot.fonts import text_width
from logicmodels.figures import style
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.parts import Line, Placed
from logicmodels.figures.scene.route import Route

_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)
"""Where along its arrow a badge may be placed, the best place first."""
_CLEAR = 2.5
"""Distance between a badge and what is next to it, if there is space."""
_HIDDEN = 10
"""How much worse it is to cover a box or badge than another arrow."""
_HIDES_ARROWHEAD = 3
"""How much worse it is to cover the head of an arrow, which then has no direction."""
_STEP = 6.0
"""Distance between the points of an arrow that are checked; a badge is higher than that."""
_CELL = 40.0
"""Side of the squares by which neighbours are found."""

_Cell = tuple[int, int]


def placed_badges(
    overlay: Overlay,
    routes: Sequence[Route],
    boxes: Mapping[str, Placed],
    around: Surroundings | None = None,
) -> tuple[dict[int, Placed], dict[str, Placed]]:
    """Return the badges of links, by their place in the model, and those of boxes, by id.

    Parameters
    ----------
    overlay : Overlay
        The texts of the badges.
    routes : sequence of Route
        The routes of all links.
    boxes : mapping of str to Placed
        All boxes.
    around : Surroundings, optional
        These, with what else has its place already.

    Returns
    -------
    dict of int to Placed, dict of str to Placed
    """
    if not any(mark.text for mark in (*overlay.links.values(), *overlay.nodes.values())):
        return {}, {}
    around = around or Surroundings(routes, boxes.values())
    on_boxes: dict[str, Placed] = {}
    for node, mark in overlay.nodes.items():
        if mark.text and node in boxes:
            badge = _badge(f"mark_{node}", mark.text)
            on_boxes[node] = around.best(_at_corners(badge, boxes[node]), own_box=node)
    on_links: dict[int, Placed] = {}
    for place, mark in overlay.links.items():
        if mark.text:
            badge = _badge(f"badge_{place}", mark.text)
            on_links[place] = around.best(_along(badge, routes[place]), own_route=place)
    return on_links, on_boxes


class Surroundings:
    """Boxes, badges and arrows, found by the squares in which they lie."""

    def __init__(self, routes: Sequence[Route], boxes: Iterable[Placed]) -> None:
        self._taken: dict[_Cell, list[Placed]] = defaultdict(list)
        self._ways: dict[_Cell, list[tuple[int, float, float]]] = defaultdict(list)
        self._heads: dict[_Cell, list[tuple[float, float]]] = defaultdict(list)
        for box in boxes:
            self._take(box)
        for number, route in enumerate(routes):
            for x, y in _heads(route):
                self._heads[_cell(x, y)].append((x, y))
            for x, y in _points(route):
                self._ways[_cell(x, y)].append((number, x, y))

    def best(
        self, candidates: Iterator[Placed], *, own_box: str = "", own_route: int = -1
    ) -> Placed:
        """Return the first of the candidates that hides least, and reserve its place."""
        chosen, least = None, math.inf
        for candidate in candidates:
            cost = self._hidden(candidate, own_box, own_route)
            if cost < least:
                chosen, least = candidate, cost
            if not cost:
                break
        assert chosen is not None  # noqa: S101  # there is always a candidate
        self._take(chosen)
        return chosen

    def _take(self, part: Placed) -> None:
        for cell in _cells(part):
            self._taken[cell].append(part)

    def _hidden(self, badge: Placed, own_box: str, own_route: int) -> int:
        cells = list(_cells(badge))
        hidden = {
            other.name
            for cell in cells
            for other in self._taken[cell]
            if other.name != own_box and badge.overlaps(other, _CLEAR)
        }
        crossed = {
            number
            for cell in cells
            for number, x, y in self._ways[cell]
            if number != own_route and _covers(badge, x, y)
        }
        covered_heads = sum(_covers(badge, x, y) for cell in cells for x, y in self._heads[cell])
        return _HIDDEN * len(hidden) + _HIDES_ARROWHEAD * covered_heads + len(crossed)


def _covers(badge: Placed, x: float, y: float) -> bool:
    return abs(x - badge.x) < badge.width / 2 and abs(y - badge.y) < badge.height / 2


def _heads(route: Route) -> Iterator[tuple[float, float]]:
    """Yield where the heads of an arrow begin, behind their tips."""
    yield route.points[-1]
    if route.start:
        yield route.points[0]


def _cell(x: float, y: float) -> _Cell:
    return int(x // _CELL), int(y // _CELL)


def _cells(part: Placed) -> Iterator[_Cell]:
    """Yield the squares that a part lies in or nearly touches."""
    left, top = _cell(part.x - part.width / 2 - _CLEAR, part.y - part.height / 2 - _CLEAR)
    right, bottom = _cell(part.x + part.width / 2 + _CLEAR, part.y + part.height / 2 + _CLEAR)
    return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))


def _points(route: Route) -> Iterator[tuple[float, float]]:
    corners = route.points
    length = sum(map(math.dist, corners, corners[1:]))
    steps = max(1, math.ceil(length / _STEP))
    return (route.along(step / steps) for step in range(steps + 1))


Put = Callable[[float, float], Placed]


def _along(put: Put, route: Route) -> Iterator[Placed]:
    # An arrow that passes columns runs beside others there, but ends alone.
    last, first = 1 - 0.5 / route.curves, 0.5 / route.curves
    return (put(*route.along(share)) for share in (last, first, *_SHARES))


def _at_corners(put: Put, box: Placed) -> Iterator[Placed]:
    aside, down = box.width / 2 - 6, box.height / 2
    corners = ((-aside, -down), (aside, -down), (-aside, down), (aside, down))
    return (put(box.x + x, box.y + y) for x, y in corners)


def badge_width(text: str) -> float:
    """Return the width of a badge."""
    return text_width(text, style.BADGE_SIZE, "bold") + 8


def _badge(name: str, text: str) -> Put:
    """Return what puts a badge at a place."""
    line = Line(text, style.BADGE_SIZE, bold=True)
    width = badge_width(text)
    return lambda x, y: Placed(name, (line,), x, y, width, style.BADGE_SIZE + 5)
