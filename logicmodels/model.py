"""The logic model itself, as data: what a specification says.

`logicmodels.face.LogicModel` adds the methods. Nothing here imports it, so that every module can
use a model without a circular import.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeVar

from arrowroot.text import counted
from logicmodels.locks import lock, opens
from logicmodels.profiles.profile import Profile
from logicmodels.records import Assumption, Change, Link, Node, Process, View, Waiver

AnyModel = TypeVar("AnyModel", bound="Model")
"""A model, with or without its methods: a function that takes one returns the same class."""


@dataclass(frozen=True)
class Opened:
    """A model that a box opens into.

    Attributes
    ----------
    file : str
        As the box names it.
    path : str
        The same from the folder of the first model, by which it is told from others.
    model : Model
        What is in the file.
    """

    file: str
    path: str
    model: Model


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A theory of how something works, as boxes in columns joined by arrows.

    Read it from a file with `LogicModel.read`.

    Attributes
    ----------
    title, description : str
        Screen readers read out both with the figure.
    version, date, source : str
        Printed beneath the figure.
    profile : Profile
        The kind of logic model: its columns and their headings.
    nodes : tuple of Node
        In the author's order, which the figure keeps within a column.
    links : tuple of Link
        In the author's order.
    headings : mapping of str to str
        Headings that replace the profile's, by column id.
    approach : str
        ``"a-priori"`` (never changed), ``"staged"`` (changed at stages named beforehand) or
        ``"iterative"`` (changed as the review goes on).
    stages : tuple of str
        The stages at which a staged model may change.
    locked : str
        The fingerprint that an a priori model had when it was agreed.
    changelog : tuple of Change
        What was changed, and when.
    process : Process or None
        How the model was made.
    used_for : tuple of str
        What the model is used for, such as the search or the synthesis.
    views : tuple of View
        Its own views for `draw`, in addition to those that every model has.
    waivers : tuple of Waiver
        Rules that do not apply, with the reason.
    origin : str
        The text of the file it was read from, whose comments and layout `write` keeps.
    opened : tuple of Opened
        The models that its boxes open into, read from their files.
    remarks : tuple of str
        Notes on the tables it was read from, such as a guessed encoding or hidden rows; `check`
        shows them.
    """

    title: str
    profile: Profile
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""
    headings: Mapping[str, str] | None = None
    approach: str = ""
    stages: tuple[str, ...] = ()
    locked: str = ""
    changelog: tuple[Change, ...] = ()
    process: Process | None = None
    used_for: tuple[str, ...] = ()
    views: tuple[View, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    origin: str = field(default="", compare=False)
    remarks: tuple[str, ...] = field(default=(), compare=False)
    opened: tuple[Opened, ...] = field(default=(), compare=False)

    def node(self, name: str) -> Node:
        """Return the node with this id."""
        return self._by_id[name]

    def column(self, name: str) -> tuple[Node, ...]:
        """Return the nodes of a column, in the author's order."""
        return self._by_column.get(name, ())

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _by_column(self) -> dict[str, tuple[Node, ...]]:
        columns: dict[str, list[Node]] = {}
        for node in self.nodes:
            columns.setdefault(node.column, []).append(node)
        return {name: tuple(nodes) for name, nodes in columns.items()}

    def heading(self, column: str) -> str:
        """Return the heading of a column: the model's own, or else the profile's."""
        own = (self.headings or {}).get(column)
        return own or self.profile.column(column).heading

    def column_note(self, column: str) -> str:
        """Return the note beneath a heading: the profile's, unless the heading is the model's."""
        own = (self.headings or {}).get(column)
        return "" if own else self.profile.column(column).note

    def column_group(self, column: str) -> str:
        """Return what is above a heading and its neighbours: the profile's, if it still fits.

        It does if none of the columns that share it has a heading of the model's own.
        """
        group = self.profile.column(column).group
        shared = {one.id for one in self.profile.columns if group and one.group == group}
        return "" if shared & set(self.headings or {}) else group

    def runs_forward(self, link: Link) -> bool:
        """Return whether a link leads to a later column than it comes from."""
        order = [column.id for column in self.profile.columns]
        source, target = (self.node(end).column for end in (link.source, link.target))
        return order.index(source) < order.index(target)

    @property
    def fingerprint(self) -> str:
        """The lock of the boxes and arrows, without evidence and comments."""
        return lock(self._locked)

    @property
    def is_as_locked(self) -> bool:
        """Whether the model, if it was locked, is still the one that was agreed."""
        return not self.locked or opens(self.locked, self._locked, _old_text(self))

    @property
    def _locked(self) -> dict[str, Any]:
        said = {"profile": self.profile.id, "nodes": self.nodes, "links": self.links}
        return said | {"columns": self.profile.columns} if self.profile.own else said

    def __eq__(self, other: object) -> bool:
        """Return whether another model is the same in every field, whatever its class."""
        if not isinstance(other, Model):
            return NotImplemented
        return self._compared == other._compared

    def __hash__(self) -> int:
        """Return the same number for equal models."""
        # Only what is certain to be text: headings, and lists put in by hand, cannot be hashed.
        ids = tuple(node.id for node in self.nodes)
        ends = tuple((link.source, link.target) for link in self.links)
        return hash((self.title, self.version, self.profile.id, ids, ends))

    @property
    def _compared(self) -> tuple[Any, ...]:
        return tuple(
            getattr(self, attribute.name) for attribute in fields(Model) if attribute.compare
        )

    def __str__(self) -> str:
        """Return the model in one line."""
        boxes, arrows = counted(len(self.nodes), "box", "boxes"), counted(len(self.links), "arrow")
        return f"{self.title}: {boxes}, {arrows}"

    def __repr__(self) -> str:
        """Return the model in one line."""
        return f"<{type(self).__name__} {self}>"


def _old_text(model: Model) -> str:
    """Return the text that was hashed before `locks.SCHEME`: Python's own text of the records.

    It must never change: if a field is renamed, change only the attribute that is read.
    """
    nodes = (
        f"Node(id={node.id!r}, label={node.label!r}, column={node.column!r}, items={node.items!r},"
        f" who={node.who!r}, by={node.by!r}, indicators={node.indicators!r}, harm={node.harm!r},"
        f" note={node.note!r})"
        for node in model.nodes
    )
    links = (
        f"Link(source={link.source!r}, target={link.target!r}, because={link.because!r},"
        f" mechanism={link.mechanism!r}, role={link.role!r}, theory={link.theory!r}, assumptions="
        f"{_row(link.assumptions, map(_old_assumption, link.assumptions))}, no_assumption_because="
        f"{link.no_assumption_because!r}, evidence=(), feedback={link.feedback!r},"
        f" mutual={link.mutual!r})"
        for link in model.links
    )
    return f"({model.profile.id!r}, {_row(model.nodes, nodes)}, {_row(tuple(model.links), links)})"


def _old_assumption(assumption: Assumption) -> str:
    return (
        f"Assumption(text={assumption.text!r}, owner={assumption.owner!r},"
        f" status={assumption.status!r})"
    )


def _row(records: Sequence[Any], texts: Iterable[str]) -> str:
    """Return texts as Python displays a tuple or list of them."""
    listed = ", ".join(texts)
    if isinstance(records, list):
        return f"[{listed}]"
    return f"({listed}{',' if len(records) == 1 else ''})"
