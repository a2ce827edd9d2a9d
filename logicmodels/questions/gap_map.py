"""The evidence gap map of a model: causes by effects, and what is known about each pair.

It shows what evidence there is and whether it was looked for, not how well anything works. It is
made from the arrows of the model, so that the map and the figure cannot differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arrowroot.display import Shown
from arrowroot.text import counted, one_line
from logicmodels.frames import Tabular
from logicmodels.model import Model
from logicmodels.questions.evidence import link_words, state
from logicmodels.records import UNWANTED, Link

_NO_ARROW = ""
_FROM = "from"
"""The column of the causes, so that no box may be called this alone."""


@dataclass(frozen=True, eq=False, repr=False)
class GapMap(Tabular, Shown):
    """What evidence there is for every arrow of a model, as a table of causes by effects.

    Attributes
    ----------
    title : str
        The model's.
    rows, columns : tuple of str
        Boxes that arrows leave, and boxes that arrows reach, in the author's order.
    cells : mapping of (str, str) to str
        What the evidence on the arrow from a row to a column shows, with certainty and studies
        if they are stated. A pair without an arrow has no cell: nothing was claimed. An arrow with
        two heads has a cell each way.
    bare : tuple of str
        Arrows with neither a search nor a stated assumption behind them, in words, each once;
        ``<->`` is between the ends of one with two heads.
    arrows : int
        How many arrows the model has.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]
    bare: tuple[str, ...]
    arrows: int

    def to_records(self) -> list[dict[str, str]]:
        """Return the map as rows, one per cause."""
        return [
            {_FROM: row}
            | {column: self.cells.get((row, column), _NO_ARROW) for column in self.columns}
            for row in self.rows
        ]

    @property
    def _columns(self) -> Sequence[str]:
        return _FROM, *self.columns

    def __str__(self) -> str:
        """Return the map as text, one arrow per line, then the arrows without any support."""
        lines = [self._head()]
        lines += [f"  {row} -> {column}: {cell}" for (row, column), cell in self.cells.items()]
        if self.bare:
            lines += ["Neither searched for nor assumed:", *(f"  {arrow}" for arrow in self.bare)]
        return "\n".join(lines)

    def _head(self) -> str:
        return f"{self.title}: evidence on {counted(self.arrows, 'arrow')}"

    def _title(self) -> str:
        return f"{self._head()}; an empty cell has no arrow"

    def _headings(self) -> Sequence[str]:
        return "", *self.columns

    def _rows(self) -> Sequence[Sequence[str]]:
        return [
            [row, *(self.cells.get((row, column), _NO_ARROW) for column in self.columns)]
            for row in self.rows
        ]

    def _notes(self) -> Sequence[str]:
        return [f"Neither searched for nor assumed: {arrow}" for arrow in self.bare]


def gap_map(model: Model) -> GapMap:
    """Return the evidence gap map of a model; see `LogicModel.gap_map`."""
    names = _names(model)
    ways = [(link.source, link.target, link) for link in model.links]
    ways += [(link.target, link.source, link) for link in model.links if link.mutual]
    sources, targets = {way[0] for way in ways}, {way[1] for way in ways}
    cells: dict[tuple[str, str], str] = {}
    for source, target, link in ways:
        pair = names[source], names[target]
        # An arrow with two heads may run beside another that has one.
        cells[pair] = f"{cells[pair]}; {_cell(link)}" if pair in cells else _cell(link)
    return GapMap(
        one_line(model.title),
        tuple(name for node, name in names.items() if node in sources),
        tuple(name for node, name in names.items() if node in targets),
        cells,
        tuple(
            f"{names[link.source]} {'<->' if link.mutual else '->'} {names[link.target]}"
            for link in model.links
            if state(link) == "not searched"
            and not (link.assumptions or link.no_assumption_because)
        ),
        len(model.links),
    )


def _names(model: Model) -> dict[str, str]:
    """Return the name of each box in the map; the id tells equal labels apart.

    A label may be the name that another box was given in this way: then it gets its id too.
    """
    names = {
        node.id: one_line(node.label) + (UNWANTED if node.harm else "") for node in model.nodes
    }
    # Two names that both end with an id differ, so that every round leaves fewer without.
    while shared := {
        name for name, count in Counter([*names.values(), _FROM]).items() if count > 1
    }:
        names = {
            node: f"{name} ({node})" if name in shared else name for node, name in names.items()
        }
    return names


def _cell(link: Link) -> str:
    return ", ".join(filter(None, (link_words(link), _studies(link))))


def _studies(link: Link) -> str:
    """Return how many studies there are, as far as the claims tell.

    Several claims may share studies or not, so that only the largest number is certain.
    """
    given = [claim.k for claim in link.evidence if claim.k is not None]
    if not given:
        return ""
    exact = sum(claim.k != 0 and claim.search == "done" for claim in link.evidence) < 2
    return f"{'' if exact else 'at least '}{counted(max(given), 'study', 'studies')}"
