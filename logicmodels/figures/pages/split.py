"""How a model is divided over pages: by its groups, or else where fewest arrows are cut.

A model without groups or arrows is divided by its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from arrowroot.text import one_line
from logicmodels.figures.pages.parts import Part
from logicmodels.figures.pages.strands import Boxes, strands
from logicmodels.model import Model

Fits = Callable[[Part], bool]


def divided(model: Model, fits: Fits) -> list[Part]:
    """Return the parts of a model, each of which fits a page as far as possible.

    Parameters
    ----------
    model : Model
        What does not fit one page.
    fits : callable
        Whether a part fits.

    Returns
    -------
    list of Part
        Every box that has arrows is in one of them. Neighbouring groups or columns share a page
        where they fit; what does not fit a page goes on over several, with as many of its arrows
        on one page as can be.
    """
    flow = [column.id for column in model.profile.flow]
    boxes = [node for column in flow for node in model.column(column)]
    if model.links and not any(node.group for node in boxes):
        return _pieces(model, Part("", tuple(node.id for node in boxes)), fits)
    parts: list[Part] = []
    held: list[Part] = []
    for unit in _units(model):
        together = _merged([*held, unit])
        if fits(together):
            held.append(unit)
            continue
        if held:
            parts.append(_merged(held))
        held = []
        if fits(unit):
            held = [unit]
        else:
            parts += _pieces(model, unit, fits)
    return [*parts, _merged(held)] if held else parts


def _units(model: Model) -> Iterator[Part]:
    """Yield the groups of a model, then what belongs to none, by column."""
    flow = [column.id for column in model.profile.flow]
    boxes = [node for column in flow for node in model.column(column)]
    groups = dict.fromkeys(node.group for node in boxes if node.group)
    for group in groups:
        yield Part(one_line(group), tuple(node.id for node in boxes if node.group == group))
    for column in flow:
        rest = tuple(node.id for node in model.column(column) if not node.group)
        if rest:
            heading = one_line(model.heading(column))
            yield Part(f"{heading}, other boxes" if groups else heading, rest)


def _merged(parts: Sequence[Part]) -> Part:
    names = [part.name for part in parts]
    name = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return Part(name, tuple(box for part in parts for box in part.boxes))


def _pieces(model: Model, unit: Part, fits: Fits) -> list[Part]:
    """Return a part over several pages, cut where fewest arrows are; without a name, a strand."""

    def fit(boxes: Boxes) -> bool:
        return fits(_piece(unit, len(unit.boxes), len(unit.boxes), boxes))

    found = strands(model, unit.boxes, fit)
    return [_piece(unit, n, len(found), boxes) for n, boxes in enumerate(found, 1)]


def _piece(unit: Part, number: int, count: int, boxes: Boxes) -> Part:
    if unit.name:
        return Part(f"{unit.name}, {number} of {count}", boxes)
    return Part(f"part {number} of {count}", boxes, strand=True)
