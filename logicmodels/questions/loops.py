"""The feedback loops of a model: found, named, and told apart by their polarity."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from arrowroot.display import Shown
from arrowroot.errors import OptionError
from arrowroot.text import counted, one_line
from logicmodels.frames import Tabular
from logicmodels.model import Model
from logicmodels.questions.reach import cycles
from logicmodels.records import Link

MOST = 200
"""How many loops are listed unless more are asked for."""
_STEPS = 200_000
"""How many arrows are followed for one length of loop before the search stops."""
_LETTERS = {"reinforcing": "R", "balancing": "B", "unclear": "U"}
_COLUMNS = ("loop", "kind", "arrows", "delays", "path", "reason")


@dataclass(frozen=True)
class Loop:
    """A loop: arrows that lead from a box back to itself, through no box twice.

    Attributes
    ----------
    name : str
        Such as ``R1``: R for reinforcing, B for balancing, U for unclear.
    kind : str
        ``"reinforcing"`` (an even number of arrows with polarity ``-``), ``"balancing"`` (an odd
        number) or ``"unclear"`` (a polarity is not stated, or is ``?``).
    boxes : tuple of str
        The ids of its boxes, from the one that the author listed first.
    links : tuple of Link
        Its arrows, in order.
    path : str
        Its boxes in words, with the polarity of each arrow.
    """

    name: str
    kind: str
    boxes: tuple[str, ...]
    links: tuple[Link, ...]
    path: str

    @property
    def delays(self) -> int:
        """How many of its arrows are delayed."""
        return sum(link.delay for link in self.links)

    @property
    def reason(self) -> str:
        """Why it is of its kind."""
        unknown = sum(link.polarity not in ("+", "-") for link in self.links)
        if unknown:
            return f"{counted(unknown, 'arrow')} without a clear polarity"
        negative = sum(link.polarity == "-" for link in self.links)
        return f"{counted(negative, 'negative arrow')}, which is {_parity(negative)}"


@dataclass(frozen=True, eq=False, repr=False)
class Loops(Tabular, Shown):
    """The loops of a model, the shortest first.

    Attributes
    ----------
    loops : tuple of Loop
        Those that were found.
    complete : bool
        Whether these are all loops of the model.
    """

    loops: tuple[Loop, ...]
    complete: bool

    def __len__(self) -> int:
        """Return how many loops were found."""
        return len(self.loops)

    def __iter__(self) -> Iterator[Loop]:
        """Go through the loops."""
        return iter(self.loops)

    def __getitem__(self, name: str) -> Loop:
        """Return a loop by its name, such as ``"R1"``."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Loop]:
        return {loop.name: loop for loop in self.loops}

    @property
    def summary(self) -> str:
        """How many loops there are of each kind, in words."""
        if not self.loops:
            return "no loop"
        kinds = [loop.kind for loop in self.loops]
        parts = [f"{kinds.count(kind)} {kind}" for kind in _LETTERS if kinds.count(kind)]
        least = "" if self.complete else "at least "
        return f"{least}{counted(len(kinds), 'loop')} ({', '.join(parts)})"

    def to_records(self) -> list[dict[str, str]]:
        """Return one row per loop."""
        return [
            dict(
                zip(
                    _COLUMNS,
                    (
                        loop.name,
                        loop.kind,
                        str(len(loop.links)),
                        str(loop.delays),
                        loop.path,
                        loop.reason,
                    ),
                    strict=True,
                )
            )
            for loop in self.loops
        ]

    @property
    def _columns(self) -> Sequence[str]:
        return _COLUMNS

    def __str__(self) -> str:
        """Return the loops as plain text, one line each."""
        lines = [f"{loop.name} ({loop.kind}): {loop.path}" for loop in self.loops]
        return "\n".join([self._title(), *lines])

    def _title(self) -> str:
        said = self.summary[:1].upper() + self.summary[1:]
        return said if self.complete else f"{said}; the search stopped there"

    def _headings(self) -> Sequence[str]:
        return _COLUMNS

    def _rows(self) -> Sequence[Sequence[str]]:
        return [list(row.values()) for row in self.to_records()]


def loops(model: Model, most: int = MOST) -> Loops:
    """Return the loops of a model; see `LogicModel.loops`."""
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise OptionError(f"most must be a whole number from 1 on; got {most!r}.")
    order = {node.id: place for place, node in enumerate(model.nodes)}
    found, complete = _found(model.links, order, most)
    numbers: dict[str, int] = defaultdict(int)
    named = []
    for links in found:
        kind = _kind(links)
        numbers[kind] += 1
        boxes = tuple(link.source for link in links)
        name = f"{_LETTERS[kind]}{numbers[kind]}"
        named.append(Loop(name, kind, boxes, links, _path(model, links)))
    return Loops(tuple(named), complete)


def _kind(links: Sequence[Link]) -> str:
    if any(link.polarity not in ("+", "-") for link in links):
        return "unclear"
    return "balancing" if sum(link.polarity == "-" for link in links) % 2 else "reinforcing"


def _parity(number: int) -> str:
    return "odd" if number % 2 else "even"


def _path(model: Model, links: Sequence[Link]) -> str:
    first = one_line(model.node(links[0].source).label)
    steps = [
        f" →{f'({link.polarity})' if link.polarity else ''} "
        f"{one_line(model.node(link.target).label)}"
        for link in links
    ]
    return first + "".join(steps)


def _found(
    links: Sequence[Link], order: Mapping[str, int], most: int
) -> tuple[list[tuple[Link, ...]], bool]:
    """Return loops, the shortest first, and whether they are all.

    A loop is looked for from the box of it that the author listed first; only arrows that can
    still come back in time are followed.
    """
    ways = [*links, *(_turned(link) for link in links if link.mutual)]
    groups = [set(group) for group in cycles((way.source, way.target) for way in ways)]
    own = [way for way in ways if way.source == way.target]
    found: list[tuple[Link, ...]] = [(way,) for way in own]
    longest = max(map(len, groups), default=0)
    for length in range(2, longest + 1):
        left = [_STEPS]
        for start in order:
            for group in groups:
                if start in group:
                    inside = {box for box in group if order[box] >= order[start]}
                    found += _from(start, length, ways, inside, left)
                    if len(found) > most:
                        return found[:most], False
        if left[0] < 0:
            return found[:most], False
    return found[:most], len(found) <= most


def _turned(link: Link) -> Link:
    return replace(link, source=link.target, target=link.source)


def _from(
    start: str, length: int, ways: Sequence[Link], inside: set[str], left: list[int]
) -> Iterator[tuple[Link, ...]]:
    """Yield the loops of a length from a box, through boxes listed after it."""
    after: dict[str, list[Link]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for way in ways:
        if way.source in inside and way.target in inside and way.source != way.target:
            after[way.source].append(way)
            before[way.target].append(way.source)
    home = _distances(start, before)
    waiting: list[tuple[str, tuple[Link, ...]]] = [(start, ())]
    while waiting:
        at, path = waiting.pop()
        left[0] -= 1
        if left[0] < 0:
            return
        seen = {link.source for link in path} | {at}
        steps = []
        for way in after[at]:
            if way.target == start:
                if len(path) + 1 == length:
                    yield (*path, way)
            elif (
                way.target not in seen
                and len(path) + 1 + home.get(way.target, length + 1) <= length
            ):
                steps.append((way.target, (*path, way)))
        waiting += reversed(steps)


def _distances(start: str, before: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return over how many arrows each box leads to another."""
    far = {start: 0}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for other in before.get(at, ()):
            if other not in far:
                far[other] = far[at] + 1
                waiting.append(other)
    return far
