"""What changed between two versions of a model: in words, and as a marked figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Generic

from arrowroot.display import Shown
from arrowroot.errors import OptionError
from arrowroot.options import thing
from arrowroot.text import one_line
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.frames import Tabular
from logicmodels.model import AnyModel, Model
from logicmodels.questions.applicability import applicability_words
from logicmodels.questions.describe import sentence
from logicmodels.questions.evidence import claims_words, link_words
from logicmodels.questions.part_names import Part
from logicmodels.records import Link, Node

Ends = tuple[str, str]
_SIGNS = {"added": "+", "removed": "−", "changed": "~"}
_LINES = {"added": "solid", "removed": "dashed", "changed": "solid"}


@dataclass(frozen=True)
class Difference:
    """One thing that changed.

    Attributes
    ----------
    kind : str
        ``"added"``, ``"removed"``, ``"reworded"``, ``"moved"``, ``"re-linked"``,
        ``"changed"`` or ``"evidence changed"``.
    where : str
        ``model``, ``node <id>`` or ``link <id> -> <id>``.
    words : str
        What changed, from what to what.
    """

    kind: str
    where: str
    words: str


@dataclass(frozen=True, eq=False, repr=False)
class Diff(Tabular, Shown, Generic[AnyModel]):
    """What changed from an older model to a newer one.

    Attributes
    ----------
    older, newer : LogicModel
        The two versions.
    changes : tuple of Difference
        Matched by the ids of boxes, so that a reworded box is not a new one.
    """

    older: AnyModel
    newer: AnyModel
    changes: tuple[Difference, ...]

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.changes)

    def __len__(self) -> int:
        """Return how many things changed."""
        return len(self.changes)

    def __iter__(self) -> Iterator[Difference]:
        """Go through the changes."""
        return iter(self.changes)

    def to_records(self) -> list[dict[str, str]]:
        """Return the changes as rows."""
        return [asdict(change) for change in self.changes]

    @property
    def _columns(self) -> Sequence[str]:
        return [field.name for field in fields(Difference)]

    def draw(self, *, theme: str = "screen", title: bool = True) -> Any:
        """Draw both versions in one figure, each part marked with +, − or ~ where it changed.

        Parameters
        ----------
        theme, title
            As for `LogicModel.draw`.

        Returns
        -------
        Figure
        """
        from logicmodels.figures.drawing import draw

        both, overlay = _both(self)
        return draw(both, view=overlay, theme=theme, title=title)

    def __str__(self) -> str:
        """Return the changes in words, one per line."""
        counts = Counter(change.kind for change in self.changes)
        head = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "no change"
        rows = [f"  {change.kind}: {change.where}: {change.words}" for change in self.changes]
        return "\n".join([f"{one_line(self.newer.title)}: {head}", *rows])

    def _title(self) -> str:
        return str(self).partition("\n")[0]

    def _headings(self) -> Sequence[str]:
        return "change", "where", "what"

    def _rows(self) -> Sequence[Sequence[str]]:
        return [(change.kind, change.where, change.words) for change in self.changes]


def diff(newer: AnyModel, older: AnyModel) -> Diff[AnyModel]:
    """Return what changed from an older model to a newer one; see `LogicModel.diff`."""
    if not isinstance(older, Model):
        raise OptionError(
            f"diff: the older version must be a logic model; got {thing(older)}. Read it "
            "with LogicModel.read first."
        )
    parts = (_of_model, _of_nodes, _of_links)
    changes = [change for part in parts for change in part(older, newer)]
    before = {opened.path: opened.model for opened in older.opened}
    for opened in newer.opened:
        if opened.path in before:
            changes += [
                replace(change, where=f"{opened.path}: {change.where}")
                for change in diff(opened.model, before[opened.path])
            ]
    return Diff(older, newer, tuple(changes))


def _of_model(older: Model, newer: Model) -> Iterator[Difference]:
    if older.profile.id == newer.profile.id and older.profile != newer.profile:
        said = [
            tuple(f"{column.id} {column.heading}" for column in model.profile.columns)
            for model in (older, newer)
        ]
        yield Difference("changed", "model", _from_to("columns", *said))
    elif older.profile != newer.profile:
        yield Difference("changed", "model", f"profile: {older.profile.id} → {newer.profile.id}")
    for name in ("title", "description"):
        before, after = getattr(older, name), getattr(newer, name)
        if before != after:
            yield Difference("reworded", "model", _from_to(name, before, after))


def _of_nodes(older: Model, newer: Model) -> Iterator[Difference]:
    before = {node.id: node for node in older.nodes}
    after = {node.id: node for node in newer.nodes}
    for name, node in after.items():
        if name not in before:
            yield Difference("added", f"node {name}", one_line(node.sentence))
    for name, node in before.items():
        if name not in after:
            yield Difference("removed", f"node {name}", one_line(node.sentence))
    for name in before:
        if name in after:
            yield from _of_node(before[name], after[name])


def _of_node(before: Node, after: Node) -> Iterator[Difference]:
    where = f"node {after.id}"
    if before.label != after.label:
        yield Difference("reworded", where, _from_to("label", before.label, after.label))
    if before.items != after.items:
        yield Difference("changed", where, f"items: {_of_items(before.items, after.items)}")
    if before.column != after.column:
        yield Difference("moved", where, f"from column {before.column} to {after.column}")
    said = ("who", "by", "indicators", "harm", "note", "short", "url")
    for name in (*said, "group", "tags", "owner", "acts_on", "model"):
        if getattr(before, name) != getattr(after, name):
            words = _from_to(name, getattr(before, name), getattr(after, name))
            yield Difference("changed", where, words)
    if before.actions != after.actions:
        counts = [
            tuple(f"{action.count} {action.type}" for action in node.actions)
            for node in (before, after)
        ]
        yield Difference("changed", where, _from_to("actions", *counts))
    yield from _of_applicability(where, before, after)


def _of_items(before: Sequence[str], after: Sequence[str]) -> str:
    """Return what was added to a list and removed from it."""
    came = [f"{_quoted(item)} added" for item in after if item not in before]
    left = [f"{_quoted(item)} removed" for item in before if item not in after]
    return "; ".join([*came, *left]) or "in another order"


def _of_links(older: Model, newer: Model) -> Iterator[Difference]:
    before = {(link.source, link.target): link for link in older.links}
    after = {(link.source, link.target): link for link in newer.links}
    added = [ends for ends in after if ends not in before]
    removed = [ends for ends in before if ends not in after]
    for was, now in _turned(removed, added):
        removed.remove(was)
        added.remove(now)
        yield Difference("re-linked", _named(now), f"was {was[0]} -> {was[1]}")
    for ends in added:
        yield Difference("added", _named(ends), one_line(sentence(newer, after[ends])))
    for ends in removed:
        yield Difference("removed", _named(ends), one_line(sentence(older, before[ends])))
    for ends in (pair for pair in before if pair in after):
        yield from _of_link(before[ends], after[ends])


def _of_link(before: Link, after: Link) -> Iterator[Difference]:
    where = _named((after.source, after.target))
    said = ("because", "mechanism", "role", "theory", "no_assumption_because")
    for name in (*said, "feedback", "mutual", "polarity", "delay", "label", "confidence"):
        if getattr(before, name) != getattr(after, name):
            words = _from_to(name, getattr(before, name), getattr(after, name))
            yield Difference("changed", where, words)
    if before.assumptions != after.assumptions:
        texts = [
            "; ".join(assumption.text for assumption in link.assumptions)
            for link in (before, after)
        ]
        yield Difference("changed", where, _from_to("assumptions", *texts))
    if before.evidence != after.evidence:
        words = _from_to("evidence", link_words(before), link_words(after))
        if link_words(before) == link_words(after):
            words = _from_to("evidence", *("; ".join(claims_words(one)) for one in (before, after)))
        yield Difference("evidence changed", where, words)
    yield from _of_applicability(where, before, after)


def _of_applicability(where: str, before: Part, after: Part) -> Iterator[Difference]:
    if before.applicability != after.applicability:
        texts = ["; ".join(applicability_words(part.applicability)) for part in (before, after)]
        yield Difference("changed", where, _from_to("applicability", *texts))


def _turned(removed: list[Ends], added: list[Ends]) -> list[tuple[Ends, Ends]]:
    """Return arrows that kept one end: the only one removed and the only one added there."""
    pairs: list[tuple[Ends, Ends]] = []
    for end in (0, 1):
        for was in removed:
            same_was = [ends for ends in removed if ends[end] == was[end]]
            same_now = [ends for ends in added if ends[end] == was[end]]
            taken = {ends for pair in pairs for ends in pair}
            if len(same_was) == len(same_now) == 1 and not taken & {was, same_now[0]}:
                pairs.append((was, same_now[0]))
    return pairs


def _named(ends: Ends) -> str:
    return f"link {ends[0]} -> {ends[1]}"


def _from_to(name: str, before: object, after: object) -> str:
    return f"{name}: {_quoted(before)} → {_quoted(after)}"


def _quoted(value: object) -> str:
    if isinstance(value, tuple):
        value = "; ".join(map(str, value))
    return f"“{one_line(str(value))}”" if value not in ("", None) else "nothing"


def _both(found: Diff[AnyModel]) -> tuple[AnyModel, Overlay]:
    """Return one model with both versions, and the overlay that marks the changes in it."""
    older, newer = found.older, found.newer
    known = {node.id for node in newer.nodes}
    columns = {column.id for column in newer.profile.columns}
    gone = tuple(node for node in older.nodes if node.id not in known and node.column in columns)
    known |= {node.id for node in gone}
    ends = {(link.source, link.target) for link in newer.links}
    lost = tuple(
        link
        for link in older.links
        if (link.source, link.target) not in ends and {link.source, link.target} <= known
    )
    both = replace(newer, nodes=(*newer.nodes, *gone), links=(*newer.links, *lost))
    nodes: dict[str, Mark] = {}
    links: dict[int, Mark] = {}
    for node in both.nodes:
        kind = _kind(found, f"node {node.id}")
        if kind != "same":
            nodes[node.id] = Mark(_SIGNS[kind], kind, _LINES[kind], said=kind)
    for place, link in enumerate(both.links):
        kind = "removed" if link in lost else _kind(found, _named((link.source, link.target)))
        if kind != "same":
            links[place] = Mark(_SIGNS[kind], kind, _LINES[kind], width=1.8, said=kind)
    notes = tuple(f"{change.kind}: {change.where}: {change.words}" for change in found.changes)
    key = "Key: + added, − removed (dashed), ~ changed."
    return both, Overlay(links, nodes, "Changes", notes or ("none",), key)


def _kind(found: Diff[AnyModel], where: str) -> str:
    """Return how a part is marked: by the most important of its changes."""
    kinds = {change.kind for change in found.changes if change.where == where}
    if kinds & {"added", "re-linked"}:
        return "added"
    if "removed" in kinds:
        return "removed"
    return "changed" if kinds else "same"
