"""How a model is divided over pages: by its groups, or else by its columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from arrowroot.text import one_line
from logicmodels.figures.pages.parts import Part
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
        where they fit; one that does not fit a page goes on over several.
    """
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
            parts += _pieces(unit, fits)
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


def _pieces(unit: Part, fits: Fits) -> list[Part]:
    """Return a part over several pages, about as many boxes on each."""
    boxes = unit.boxes
    least = 2
    for count in range(least, len(boxes) + 1):
        pieces = [
            Part(f"{unit.name}, {n + 1} of {count}", one)
            for n, one in enumerate(_evenly(boxes, count))
        ]
        if all(map(fits, pieces)):
            return pieces
    return [Part(f"{unit.name}, {n} of {len(boxes)}", (box,)) for n, box in enumerate(boxes, 1)]


def _evenly(boxes: Sequence[str], count: int) -> Iterator[tuple[str, ...]]:
    size, more = divmod(len(boxes), count)
    start = 0
    for number in range(count):
        end = start + size + (number < more)
        yield tuple(boxes[start:end])
        start = end
