"""A part of a model on a page of its own.

Arrows to boxes on other pages are named in the boxes, with the page, so that none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from arrowroot.text import capitalised, one_line
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.views import OPENS, VIEWS, Seen, arrow_words, explained
from logicmodels.model import Model
from logicmodels.questions.evidence import claims_words
from logicmodels.questions.part_names import acted_on, name
from logicmodels.records import Node

_LONGEST = 400
_UNKNOWN = 88
"""A page number as wide as any, for measuring before the pages are numbered."""
_NAMED = (
    "Arrows from and to boxes on other pages are named in the boxes, with the page (p.) after "
    "each box."
)
_LISTED = "On arrows to other pages"


@dataclass(frozen=True)
class Part:
    """What one page shows of a model.

    Attributes
    ----------
    name : str
        What it is called: a group, or the headings of its columns.
    boxes : tuple of str
        The ids of its boxes.
    strand : bool
        Whether it runs through the columns along the arrows, instead of being a group or column.
    """

    name: str
    boxes: tuple[str, ...]
    strand: bool = False


def part_seen(
    seen: Seen, part: Part, pages: Mapping[str, int], number: str, opens: Mapping[str, str]
) -> Seen:
    """Return what a page shows of a part.

    Parameters
    ----------
    seen : Seen
        The whole model, as the view shows it.
    part : Part
        The part.
    pages : mapping of str to int
        The page of every box; empty before the pages are numbered.
    number : str
        Which page it is, in words.
    opens : mapping of str to str
        By box, where it opens into a model of its own.
    """
    whole = seen.model
    inside = set(part.boxes)
    kept = [n for n, link in enumerate(whole.links) if {link.source, link.target} <= inside]
    cut = [
        n
        for n, link in enumerate(whole.links)
        if (link.source in inside) != (link.target in inside)
    ]
    model = replace(
        whole,
        title=f"{whole.title}: {part.name} ({number})",
        nodes=_with_context(whole, inside, kept),
        links=tuple(whole.links[n] for n in kept),
    )
    overlay = VIEWS[seen.show](model) if seen.show else _restricted(seen.overlay, inside, kept)
    details = dict(overlay.details)
    for box, lines in _stubs(whole, inside, cut, pages).items():
        details[box] = (*details.get(box, ()), *lines)
    for box, line in opens.items():
        if box in inside:
            details[box] = (*details.get(box, ()), line)
    notes = _cut_notes(seen, inside, cut, pages)
    said = (_NAMED,) if cut else ()
    overlay = replace(overlay, details=details, remarks=(*overlay.remarks, *said, *notes))
    return Seen(model, explained(model, overlay), seen.theme, seen.show)


def whole_seen(seen: Seen, opens: Mapping[str, str]) -> Seen:
    """Return what a page shows of a whole model, with where its boxes open."""
    details = dict(seen.overlay.details)
    for box, line in opens.items():
        others = (one for one in details.get(box, ()) if not one.startswith(OPENS))
        details[box] = (*others, line)
    return replace(seen, overlay=replace(seen.overlay, details=details))


def _with_context(model: Model, inside: Collection[str], kept: Collection[int]) -> tuple[Node, ...]:
    """Return the boxes of a part, and the context that acts on them or their arrows."""
    there = {*inside, *(name(model.links[n]) for n in kept)}
    found = []
    for node in model.nodes:
        acts_on = tuple(one for one in acted_on(node) if one in there)
        if node.id in inside:
            found.append(node)
        elif acts_on:
            found.append(replace(node, acts_on=acts_on))
    return tuple(found)


def _restricted(overlay: Overlay, inside: Collection[str], kept: Sequence[int]) -> Overlay:
    """Return an overlay of your own for a part; its notes are on the overview."""
    return Overlay(
        {n: overlay.links[old] for n, old in enumerate(kept) if old in overlay.links},
        {box: mark for box, mark in overlay.nodes.items() if box in inside},
        key=overlay.key,
        details={box: lines for box, lines in overlay.details.items() if box in inside},
        zoom=overlay.zoom,
        plain=overlay.plain,
    )


def _stubs(
    model: Model, inside: Collection[str], cut: Sequence[int], pages: Mapping[str, int]
) -> dict[str, list[str]]:
    """Return, for every box, the boxes on other pages that it is joined to."""
    sides: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for n in cut:
        link = model.links[n]
        here, there = link.source, link.target
        side = "To and from" if link.mutual else "To"
        if here not in inside:
            here, there = there, here
            side = "To and from" if link.mutual else "From"
        sides[here][side].append(_with_page(model, there, pages))
    return {
        box: [
            f"{side}: {'; '.join(named)}"
            for side in ("From", "To", "To and from")
            for named in _in_lines(found[side])
        ]
        for box, found in sides.items()
    }


def _in_lines(named: Sequence[str]) -> Iterator[list[str]]:
    """Yield boxes that are named in one line; a longer line would not be shown whole."""
    line: list[str] = []
    for one in named:
        if line and len("; ".join([*line, one])) > _LONGEST:
            yield line
            line = []
        line.append(one)
    if line:
        yield line


def _with_page(model: Model, box: str, pages: Mapping[str, int]) -> str:
    return f"{label_of(model.node(box))} (p. {pages.get(box, _UNKNOWN)})"


def label_of(node: Node) -> str:
    """Return what a box is called on other pages."""
    return one_line(node.short or node.label)


def _cut_notes(
    seen: Seen, inside: Collection[str], cut: Sequence[int], pages: Mapping[str, int]
) -> list[str]:
    """Return what marks say of arrows that lead to other pages, on the page where they begin."""
    notes = []
    for n in cut:
        link, mark = seen.model.links[n], seen.overlay.links.get(n)
        if link.source in inside and (link.on_arrow or (mark and (mark.text or mark.said))):
            words = [arrow_words(seen.model, seen.overlay, n)]
            if seen.show == "evidence":
                words += [f"{capitalised(claim)}." for claim in claims_words(link)]
            notes.append(f"p. {pages.get(link.target, _UNKNOWN)}: {' '.join(words)}")
    return [f"{_LISTED}:", *notes] if notes else []
