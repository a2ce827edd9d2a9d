"""The first of several pages: what is on which, and how many arrows join them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from arrowroot.text import counted
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.figures.pages.parts import Part, label_of
from logicmodels.figures.views import Seen
from logicmodels.model import Model
from logicmodels.records import Link, Node

FULL, SHORT, LIST = "full", "short", "list"
"""Ways to draw an overview, of which each needs less room: with the boxes of every part, with the
first and the last, and as a list of pages."""
WAYS = (FULL, SHORT, LIST)
_SEVERAL = 3
_ROWS = 6
"""How many pages are listed one under another, as long as the model has columns for more."""
_BETWEEN = "Numbers on arrows: how many arrows lead from the boxes of one page to those of another."
_WITHIN = (
    "Numbers on arrows: how many arrows lead from column to column on the page of that part."
    " Arrows to other pages are counted in the boxes."
)


@dataclass(frozen=True)
class _Cell:
    """A box of the overview: some boxes of a part, all of them unless it runs through columns."""

    part: int
    column: str
    boxes: tuple[str, ...]


def overview_seen(seen: Seen, parts: Sequence[Part], first: int, number: str, way: str) -> Seen:
    """Return what the first page shows: a box for every part, and how many arrows join them.

    Parameters
    ----------
    seen : Seen
        The whole model.
    parts : sequence of Part
        The parts, of which the first has the page `first`. One that runs through the columns has
        a box in each of them.
    first : int
        That page.
    number : str
        Which page the overview is, in words.
    way : {"full", "short", "list"}
        How much is said of every part; a list of pages has no arrows, and counts them in words.
    """
    whole = seen.model
    across = way != LIST and parts[0].strand and not whole.profile.free
    cells = list(_cells(whole, parts, across, way))
    at = {box: n for n, cell in enumerate(cells) for box in cell.boxes}
    ends = [(at[link.source], at[link.target]) for link in whole.links]
    inner = Counter(one for one, other in ends if one == other)
    between = Counter(pair for pair in ends if pair[0] != pair[1])
    drawn, told = between, dict.fromkeys(range(len(cells)), "")
    if across or way == LIST:
        drawn = Counter({pair: n for pair, n in between.items() if across and _same(cells, *pair)})
        told = _leaving(cells, between, first)
    nodes, details = [], {}
    for n, cell in enumerate(cells):
        items = [label_of(whole.node(box)) for box in cell.boxes]
        name = _name(parts[cell.part])
        nodes.append(Node(f"part_{n}", name, cell.column, tuple(items) if way == FULL else ()))
        details[f"part_{n}"] = (
            f"Page {first + cell.part}: {counted(len(items), 'box', 'boxes')}"
            + (f", {counted(inner[n], 'arrow')} among them" if inner[n] else ""),
            *(
                [f"From “{items[0]}” to “{items[-1]}”"]
                if way != FULL and items[_SEVERAL - 1 :]
                else []
            ),
            *([told[n]] if told[n] else []),
        )
    context = {column.id for column in whole.profile.context}
    beneath = tuple(replace(node, acts_on=()) for node in whole.nodes if node.column in context)
    headings = {**(whole.headings or {}), **(_pages(cells, first) if way == LIST else {})}
    model = replace(
        whole,
        title=f"{whole.title}: overview ({number})",
        headings=headings,
        nodes=(*nodes, *beneath),
        links=tuple(Link(f"part_{one}", f"part_{other}") for one, other in drawn),
        views=(),
    )
    marks = {n: Mark(str(count), "plain") for n, count in enumerate(drawn.values())}
    said = (
        f"An overview: {counted(len(at), 'box', 'boxes')} and "
        f"{counted(len(whole.links), 'arrow')} are on the pages named.",
        *([_WITHIN if across else _BETWEEN] if drawn else []),
    )
    own = () if seen.show else tuple(line.text for line in seen.overlay.captions)
    overlay = Overlay(marks, {}, details=details, remarks=(*said, *own))
    return Seen(model, overlay, seen.theme)


def _cells(model: Model, parts: Sequence[Part], across: bool, way: str) -> Iterator[_Cell]:
    flow = model.profile.flow
    rows = -(-len(parts) // min(len(flow), -(-len(parts) // _ROWS)))
    for n, part in enumerate(parts):
        if way == LIST:
            yield _Cell(n, flow[n // rows].id, part.boxes)
        elif not across:
            yield _Cell(n, model.node(part.boxes[0]).column, part.boxes)
        else:
            columns: dict[str, list[str]] = defaultdict(list)
            for box in part.boxes:
                columns[model.node(box).column].append(box)
            for column, boxes in columns.items():
                yield _Cell(n, column, tuple(boxes))


def _pages(cells: Sequence[_Cell], first: int) -> dict[str, str]:
    """Return the headings of a list of pages, which stands in the columns of the model."""
    found: dict[str, list[int]] = defaultdict(list)
    for cell in cells:
        found[cell.column].append(first + cell.part)
    return {
        column: f"Pages {pages[0]} to {pages[-1]}" if pages[1:] else f"Page {pages[0]}"
        for column, pages in found.items()
    }


def _same(cells: Sequence[_Cell], one: int, other: int) -> bool:
    return cells[one].part == cells[other].part


def _leaving(
    cells: Sequence[_Cell], between: Counter[tuple[int, int]], first: int
) -> dict[int, str]:
    """Return, for every box of the overview, how many arrows lead from it to other pages."""
    found = {}
    for n, cell in enumerate(cells):
        pages: Counter[int] = Counter()
        for (source, target), count in between.items():
            if source == n and cells[target].part != cell.part:
                pages[first + cells[target].part] += count
        listed = ", ".join(f"{pages[page]} to p. {page}" for page in sorted(pages))
        found[n] = f"Arrows to other pages: {listed}" if listed else ""
    return found


def _name(part: Part) -> str:
    return part.name.partition(" of ")[0].capitalize() if part.strand else part.name
