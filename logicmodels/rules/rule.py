"""What a rule is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from logicmodels.model import Model
from logicmodels.records import Node

SEVERITIES = ("error", "warn", "info")
"""From what must be corrected to what may be considered."""

Found = tuple[str, str] | tuple[str, str, str]
"""Where, the message and, where a finding is milder than its rule, its own severity."""


MEASURES = "measures"
"""The column of a driver diagram for what is measured: neither context nor a step."""


def is_measure(node: Node) -> bool:
    """Return whether a box is in a column for what is measured."""
    return node.column == MEASURES


@dataclass(frozen=True)
class Finding:
    """What a rule found.

    Attributes
    ----------
    rule : str
        The rule's id.
    severity : str
        ``"error"``, ``"warn"`` or ``"info"``.
    where : str
        ``model``, ``column <id>``, ``node <id>`` or ``link <id> -> <id>``.
    message : str
        What is wrong, and what would correct it.
    source : str
        The publication that asks for it, so that it can be challenged.
    """

    rule: str
    severity: str
    where: str
    message: str
    source: str


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule: a function from a model, and limits that can be set, to what it finds."""

    id: str
    severity: str
    title: str
    source: str
    find: Callable[[Model, Mapping[str, int]], Iterator[Found]]
    limits: Mapping[str, int] = field(default_factory=dict)


def rule(
    number: str, severity: str, title: str, source: str, **limits: int
) -> Callable[[Callable[..., Iterator[Found]]], Rule]:
    """Turn a function into a rule; its limits are defaults that an organisation may change."""

    def made(find: Callable[..., Iterator[Found]]) -> Rule:
        def with_limits(model: Model, chosen: Mapping[str, int]) -> Iterator[Found]:
            return find(model, **chosen)

        return Rule(number, severity, title, source, with_limits, limits)

    return made
