"""Coded actions on boxes: what is actually done, by type, compared with what the theory says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from arrowroot.errors import EvidenceError
from arrowroot.tables import rows_of
from arrowroot.text import counted, label
from logicmodels.model import AnyModel, Model
from logicmodels.questions.reach import following, reached
from logicmodels.records import Actions

COLUMNS = ("node", "type", "count")


def with_actions(model: AnyModel, table: Any) -> AnyModel:
    """Return a model with a table's actions on its boxes; see `LogicModel.with_actions`."""
    carried: dict[str, dict[str, int]] = defaultdict(dict)
    known = {node.id for node in model.nodes}
    problems = []
    for number, row in enumerate(rows_of(table, "actions", EvidenceError), start=1):
        problem, node, kind, count = _read(row, known)
        if problem:
            problems.append(f"row {number}: {problem}")
        else:
            carried[node][kind] = carried[node].get(kind, 0) + count
    if problems:
        raise EvidenceError(
            "\n  ".join([f"actions: {counted(len(problems), 'problem')}", *problems])
        )
    nodes = tuple(
        replace(node, actions=tuple(Actions(kind, n) for kind, n in carried[node.id].items()))
        if node.id in carried
        else node
        for node in model.nodes
    )
    return replace(model, nodes=nodes)


def types(model: Model) -> list[str]:
    """Return the types of action on a model's boxes, in order of appearance; counts may be 0."""
    return list(dict.fromkeys(action.type for node in model.nodes for action in node.actions))


def leading(model: Model, kind: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Return, for every box, the actions of a type that lead to it, and from which boxes.

    An action leads to the box it is recorded on and to all that can be reached from there.
    """
    after = following((link.source, link.target) for link in model.links)
    found: dict[str, tuple[int, tuple[str, ...]]] = {node.id: (0, ()) for node in model.nodes}
    for node in model.nodes:
        count = sum(action.count for action in node.actions if action.type == kind)
        for name in reached([node.id], after) if count else ():
            before, boxes = found[name]
            found[name] = (before + count, (*boxes, node.id))
    return found


def _read(row: Mapping[str, Any], known: set[str]) -> tuple[str, str, str, int]:
    """Return what is wrong with a row, or an empty text; then its box, type and count."""
    node, kind = (label(row.get(name)) for name in ("node", "type"))
    count = row.get("count", 1)
    if unknown := [str(name) for name in row if name not in COLUMNS]:
        problem = f"unknown column {unknown[0]!r}; there are {', '.join(COLUMNS)}"
    elif missing := [name for name in ("node", "type") if name not in row]:
        problem = f"column {missing[0]!r} is missing"
    elif node not in known:
        problem = f"the model has no box {node!r}"
    elif not kind:
        problem = "the type of the action is blank"
    elif isinstance(count, bool) or not _is_whole(count):
        problem = f"count must be a whole number of at least 0; got {count!r}"
    else:
        return "", node, kind, int(count)
    return problem, "", "", 0


def _is_whole(count: Any) -> bool:
    try:
        return bool(count >= 0 and count == int(count))
    except (TypeError, ValueError, OverflowError):
        return False
