"""Frames around boxes of one group, in each column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from arrowroot.fonts import wrap
from logicmodels.figures import style
from logicmodels.figures.parts import Line, Placed, height_of, shown
from logicmodels.model import Model

PAD = 6.0
"""Between a frame and its boxes, less than the first lane beside them."""
_BESIDE = 62.0
"""Width of a group's name where its boxes stand side by side."""


def together(model: Model, order: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return an order in which boxes of a group stand together, at the place of the first."""
    found = []
    for boxes in order:
        first: dict[str, int] = {}
        for place, box in enumerate(boxes):
            first.setdefault(model.node(box).group or f"\0{box}", place)
        found.append(sorted(boxes, key=lambda box: first[model.node(box).group or f"\0{box}"]))
    return found


def runs(model: Model, order: Sequence[Sequence[str]]) -> Iterator[tuple[int, str, list[str]]]:
    """Yield column, name and boxes of every group."""
    for number, boxes in enumerate(order):
        for group, members in groupby(boxes, key=lambda box: model.node(box).group):
            if group:
                yield number, group, list(members)


def name_lines(group: str, width: float, *, turned: bool) -> tuple[Line, ...]:
    """Return the name of a group, in lines as wide as its boxes, or beside them."""
    inner = _BESIDE - 6 if turned else width - 4
    lines = wrap(shown(group), inner, style.NOTE_SIZE, "bold")
    return tuple(Line(text, style.NOTE_SIZE, bold=True, left=True) for text in lines)


def spaces(
    model: Model, order: Sequence[Sequence[str]], width: float, *, turned: bool
) -> tuple[dict[str, float], dict[str, float]]:
    """Return what frames need before the first and after the last box of every group."""
    above, below = {}, {}
    for _, group, members in runs(model, order):
        lines = name_lines(group, width, turned=turned)
        above[members[0]] = (_BESIDE if turned else height_of(lines, 0)) + 2 * PAD
        below[members[-1]] = PAD
    return above, below


def names(framed: Sequence[Placed], *, turned: bool) -> list[Placed]:
    """Return where the names of groups stand, which nothing else should hide."""
    found = []
    for one in framed:
        high = height_of(one.lines, 0) + PAD
        wide = _BESIDE if turned else one.width
        x, y = one.x - one.width / 2 + wide / 2, one.y - one.height / 2 + PAD + high / 2
        found.append(Placed(f"name_of_{one.name}", one.lines, x, y, wide, high))
    return found


def frames(
    model: Model, order: Sequence[Sequence[str]], boxes: Mapping[str, Placed], *, turned: bool
) -> tuple[Placed, ...]:
    """Place the frames around boxes that have their places on the page."""
    placed = []
    for number, (_, group, members) in enumerate(runs(model, order)):
        inside = [boxes[member] for member in members]
        left = min(box.x - box.width / 2 for box in inside) - PAD
        right = max(box.x + box.width / 2 for box in inside) + PAD
        top = min(box.y - box.height / 2 for box in inside) - PAD
        bottom = max(box.y + box.height / 2 for box in inside) + PAD
        lines = name_lines(group, inside[0].width, turned=turned)
        if turned:
            left -= _BESIDE
        else:
            top -= height_of(lines, 0) + PAD
        middle = (left + right) / 2, (top + bottom) / 2
        placed.append(
            Placed(f"frame_{number}", lines, *middle, right - left, bottom - top, inside[0].kind)
        )
    return tuple(placed)
