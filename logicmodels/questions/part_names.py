"""Boxes and arrows by name, as sheets and notes call them: ``visits``, or ``visits -> outcome``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from arrowroot.text import one_line
from logicmodels.model import AnyModel, Model
from logicmodels.records import Link, Node

Part = Node | Link
_Kind = TypeVar("_Kind", Node, Link)
_ARROW = re.compile(r"\s*(?:->|→)\s*")


def name(part: Part) -> str:
    """Return the name of a box or arrow.

    Examples
    --------
    >>> name(Link("visits", "outcome"))
    'visits -> outcome'
    """
    return part.id if isinstance(part, Node) else f"{part.source} -> {part.target}"


def tidied(written: str) -> str:
    """Return a name that somebody typed, in the form that `name` gives."""
    return _ARROW.sub(" -> ", written.strip())


def by_name(model: Model) -> dict[str, Part]:
    """Return the boxes, then the arrows, of a model by their names, in the author's order."""
    parts: tuple[Part, ...] = (*model.nodes, *model.links)
    return {name(part): part for part in parts}


def with_parts(model: AnyModel, changed: Mapping[str, Part]) -> AnyModel:
    """Return a model in which some boxes and arrows are replaced by others of the same name."""
    nodes = tuple(_chosen(changed, node) for node in model.nodes)
    links = tuple(_chosen(changed, link) for link in model.links)
    return replace(model, nodes=nodes, links=links)


def _chosen(changed: Mapping[str, Part], part: _Kind) -> _Kind:
    other = changed.get(name(part), part)
    return other if isinstance(other, type(part)) else part


def acted_on(node: Node) -> tuple[str, ...]:
    """Return the names of the boxes and arrows that a box of context bears on."""
    return tuple(map(tidied, node.acts_on))


def acting_on(model: Model, part: Part) -> tuple[Node, ...]:
    """Return the context that bears on a box or an arrow, in the author's order."""
    wanted = name(part)
    return tuple(node for node in model.nodes if node.acts_on and wanted in acted_on(node))


def in_short(model: Model, part: Part) -> str:
    """Return a box's label, or the labels at both ends of an arrow."""
    if isinstance(part, Node):
        return one_line(part.label)
    ends = (model.node(end).label for end in (part.source, part.target))
    return " → ".join(map(one_line, ends))
