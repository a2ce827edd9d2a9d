"""From codes to the theory: which activities the coded actions implement, and what they reach.

Counting needs only the names of a logic model's nodes and which of them are linked, so a model
drawn elsewhere will do; only `with_actions` needs one from `logicmodels`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.coding.tables import TOTAL, cross_table
from synthesis.labels import by_label, read_labels

if TYPE_CHECKING:
    from logicmodels import LogicModel


class Linked(Protocol):
    """Anything that leads from one node to another, like the links of a logic model."""

    @property
    def source(self) -> str:
        """The node it starts from."""

    @property
    def target(self) -> str:
        """The node it leads to."""


def actions_by_activity(
    coded: pd.DataFrame,
    activities: Mapping[Hashable, str],
    *,
    area: str = "area",
    code: str = "code",
    order: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Count the actions of each type that implement each activity of a logic model.

    Parameters
    ----------
    coded : DataFrame
        One row per action, by one coder.
    activities : mapping
        Area of action, as named in `coded` -> the node that represents it.
    area, code : str
        Columns of `coded`: the area and the type of the action.
    order : sequence, optional
        All types, in order; by default those that occur.

    Returns
    -------
    DataFrame
        Indexed by node, in the order of `activities`; one column per type and ``total``. An
        activity without actions is kept, with zeros.

    Raises
    ------
    DataError
        If an action is in an area that no activity represents.

    Examples
    --------
    >>> coded = pd.DataFrame({"area": ["1", "1"], "code": ["staff", "patient"]})
    >>> actions_by_activity(coded, {"1": "a1", "2": "a2"})
          patient  staff  total
    node
    a1          1      1      2
    a2          0      0      0
    """
    areas, known = read_labels(checks.column(coded, area, "area")), by_label(activities)
    if strangers := [one or "(blank)" for one in dict.fromkeys(areas) if one not in known]:
        raise DataError(
            f"activities: no node represents {area} {shortened(strangers)}. Every area of "
            "the actions needs one."
        )
    counts = cross_table(coded, area, code, row_order=list(activities), column_order=order)
    nodes = pd.Index([activities[one] for one in activities], name="node")
    by_node = counts.drop(index=TOTAL).set_axis(nodes)
    return by_node.rename_axis(columns=None).groupby(level="node", sort=False).sum()


def reached_by(
    carried: pd.DataFrame,
    links: Iterable[tuple[str, str] | Linked],
    codes: Sequence[Hashable],
) -> pd.DataFrame:
    """Return, for every node of a logic model, how many actions of some types lead to it.

    An action leads to the activity it implements and to everything that can be reached from there
    along the links. This says nothing about how strong the links are.

    Parameters
    ----------
    carried : DataFrame
        What `actions_by_activity` returns.
    links : iterable
        A logic model's ``links``, or pairs of nodes (from, to); circles are allowed.
    codes : sequence
        The types to look for, columns of `carried`.

    Returns
    -------
    DataFrame
        Indexed by node, activities first: ``actions``, how many lead here; ``through``, the
        activities they implement. Zero means that no such action reaches the node.

    Examples
    --------
    >>> coded = pd.DataFrame({"area": ["1", "2"], "code": ["staff", "patient"]})
    >>> carried = actions_by_activity(coded, {"1": "a1", "2": "a2"})
    >>> reached_by(carried, [("a1", "o1"), ("a2", "o2")], ["patient"])
          actions through
    node
    a1          0
    a2          1      a2
    o1          0
    o2          1      a2
    """
    for one in codes:
        checks.column(carried, str(one), "codes")
    forward: dict[str, list[str]] = {}
    nodes = dict.fromkeys(carried.index)
    for link in links:
        source, target = link if isinstance(link, tuple) else (link.source, link.target)
        forward.setdefault(source, []).append(target)
        nodes |= dict.fromkeys((source, target))
    counts = carried[list(codes)].sum(axis=1)
    actions = dict.fromkeys(nodes, 0)
    through: dict[str, list[str]] = {node: [] for node in nodes}
    for activity, n in counts[counts > 0].items():
        for node in _from(str(activity), forward):
            actions[node] += int(n)
            through[node].append(str(activity))
    return pd.DataFrame(
        {"actions": actions, "through": {node: ", ".join(via) for node, via in through.items()}}
    ).rename_axis("node")


def with_actions(
    model: LogicModel,
    carried: pd.DataFrame,
    *,
    names: Mapping[Hashable, str] | None = None,
    source: str = "",
    check_for: Sequence[Hashable] = (),
) -> LogicModel:
    """Return a logic model whose activities show how many actions of which type implement them.

    Parameters
    ----------
    model : LogicModel
        The theory; it is not changed.
    carried : DataFrame
        What `actions_by_activity` returns.
    names : mapping, optional
        Names for the types; by default those in `carried`.
    source : str
        Where the actions and their codes come from; shown beside the model's own source, so that
        nobody takes the counts for part of the published theory.
    check_for : sequence, optional
        The types, columns of `carried`, for which the model's ``check()`` then asks whether any
        such action leads to each outcome and implements each activity.

    Returns
    -------
    LogicModel
        The same model with the counts in the labels of its activities.

    Raises
    ------
    DataError
        If the model has no node of that name, or `carried` no such type.
    """
    known = {node.id for node in model.nodes}
    if strangers := [str(node) for node in carried.index if node not in known]:
        raise DataError(
            f"carried: the logic model has no node {shortened(strangers)}; it has "
            f"{', '.join(node.id for node in model.nodes)}."
        )
    said = {node: _in_words(row, names or {}) for node, row in carried.iterrows()}
    nodes = tuple(
        replace(node, label=f"{node.label}\n{said[node.id]}") if node.id in said else node
        for node in model.nodes
    )
    told = replace(model, nodes=nodes, source="; ".join(filter(None, (model.source, source))))
    return told.with_actions(
        {"node": node, "type": (names or {}).get(one, str(one)), "count": int(n)}
        for one in check_for
        for node, n in checks.column(carried, str(one), "check_for").items()
    )


def _in_words(row: pd.Series, names: Mapping[Hashable, str]) -> str:
    """Return the actions of one activity, the most common type first."""
    types = row.drop(TOTAL).sort_values(ascending=False, kind="stable")
    parts = [f"{n} {names.get(one, one)}" for one, n in types.items() if n]
    return counted(int(row[TOTAL]), "action") + (f": {', '.join(parts)}" if parts else "")


def _from(start: str, forward: Mapping[str, Sequence[str]]) -> list[str]:
    """Return a node and everything that can be reached from it, each once."""
    seen, waiting = {start: None}, [start]
    while waiting:
        for node in forward.get(waiting.pop(), ()):
            if node not in seen:
                seen[node] = None
                waiting.append(node)
    return list(seen)
