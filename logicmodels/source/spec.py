"""A specification in YAML to a logic model; every problem is found before any is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from arrowroot.errors import Problem, SpecError
from arrowroot.specs.slips import suggested
from arrowroot.specs.source import mapping, text_of
from arrowroot.specs.yaml_text import position
from logicmodels import records
from logicmodels.claims.faults import impossible
from logicmodels.claims.words import column_advice, percent_advice, word_advice
from logicmodels.model import AnyModel
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.links import ID_FORM, arrow_advice, listed_waivers, spread
from logicmodels.source.nested import Folder, opened, unread
from logicmodels.source.structure import (
    groups_of,
    listed_columns,
    profile_of,
    structure_problems,
    with_own,
)

_KEYS = "title, nodes and links"
_NUMBERS = ("estimate", "ci_low", "ci_high", "k", "n")
_TABLES = "use LogicModel.from_tables(nodes=..., links=..., profile=..., title=...)"


def read(path: Path, kind: type[AnyModel]) -> AnyModel:
    """Read a logic model from a file; see `LogicModel.read`."""
    return _read(path, kind, Folder.of(path))


def _read(path: Path, kind: type[AnyModel], folder: Folder) -> AnyModel:
    return parse(text_of(path, tables=_TABLES), folder.name(path), kind, folder)


def parse(text: str, name: str, kind: type[AnyModel], folder: Folder | None = None) -> AnyModel:
    """Read a logic model from YAML text; messages use `name` in place of a file name.

    Models that boxes open into are read from the folder, if there is one.
    """
    tree, _, remarks = mapping(text, name, _KEYS)
    model = build(listed_waivers(spread(tree)), name, kind)
    files = [node.model for node in model.nodes if node.model]
    if folder is None:
        return replace(model, origin=text, remarks=(*remarks, *unread(files)))
    within = opened(model, tree, name, folder, lambda path, inner: _read(path, kind, inner))
    return replace(model, origin=text, remarks=remarks, opened=within)


def build(tree: Any, name: str, kind: type[AnyModel]) -> AnyModel:
    """Return the model of a mapping that knows where it was read, or raise all its problems."""
    from arrowroot.specs.form import form_problems
    from logicmodels.source.schema import ModelSpec

    _fill_in_columns(tree)
    listed_columns(tree)
    problems = [
        *form_problems(tree, ModelSpec, _advice),
        *_references(tree),
        *structure_problems(tree),
    ]
    told = {(one.line, one.column) for one in problems if one.rule == "group-link"}
    problems = [one for one in problems if one.rule != "id" or (one.line, one.column) not in told]
    if problems:
        # An arrow written once for several ends has its faults once.
        raise SpecError(name, list(dict.fromkeys(problems)))
    return _model(tree, kind)


def _fill_in_columns(tree: Any) -> None:
    """Put the boxes of a profile without columns into its only one."""
    profile = PROFILES.get(tree.get("profile")) if isinstance(tree.get("profile"), str) else None
    if profile is not None and profile.free:
        for _, node in _mappings(tree, "nodes"):
            node.setdefault("column", profile.columns[0].id)


def _model(tree: Any, kind: type[AnyModel]) -> AnyModel:
    from arrowroot.specs.form import validated
    from logicmodels.source.schema import ModelSpec

    spec = validated(tree, ModelSpec)
    apart = ("spec_version", "columns")
    given = {name: _record(value) for name, value in spec if name not in apart}
    return kind(**given | {"profile": with_own(PROFILES[spec.profile], spec.columns)})


def _record(value: Any) -> Any:
    """Return a checked value as its record, with lists as tuples."""
    from arrowroot.specs.form import Strict

    if isinstance(value, list):
        return tuple(map(_record, value))
    if not isinstance(value, Strict):
        return value
    kind = getattr(records, type(value).__name__.removesuffix("Spec"))
    return kind(**{name: _record(inner) for name, inner in value})


_BEGINS = {
    "spec_version": "a model begins with the line  spec_version: 1",
    "profile": f"it says which columns there are, as in  profile: {next(iter(PROFILES))}",
}
"""What to write where one of the first keys is missing."""


def _advice(rule: str, key: str, value: Any, known: Sequence[str]) -> str:
    """Return what to write instead of a word or number of an evidence table."""
    if rule == "missing-key":
        return _BEGINS.get(key, "")
    if rule == "unknown-key":
        return column_advice(key) if "certainty" in known else ""
    if rule == "id":
        told = arrow_advice(value) if key in ("from", "to", "id") else ""
        return f"{told}; got {str(value)!r}" if told else ""
    if key == "links":
        return "write an arrow as a -> b, or as {from: a, to: b}"
    if key == "confidence":
        return "write it in per cent, as 60 or 60%"
    return word_advice(key, value) if rule == "value" else percent_advice(value)


def _references(tree: Any) -> Iterator[Problem]:
    """Yield profiles, columns and nodes that are named but do not exist, and repeated ids."""
    profile = profile_of(tree)
    if profile is None and isinstance(tree.get("profile"), str):
        message = f"no profile {tree['profile']!r}; {suggested(tree['profile'], PROFILES)}"
        yield Problem(*position(tree, ["profile"]), "unknown-profile", message)
    columns = [] if profile is None else [column.id for column in profile.columns]

    first: dict[str, int] = {}
    for place, node in _mappings(tree, "nodes"):
        name, column = node.get("id"), node.get("column")
        if isinstance(name, str):
            if name in first:
                message = f"the id {name!r} is already on line {first[name]}; ids must differ"
                yield Problem(*position(tree, ["nodes", place, "id"]), "duplicate-id", message)
            first.setdefault(name, position(tree, ["nodes", place, "id"])[0])
        if columns and isinstance(column, str) and column not in columns:
            message = f"no column {column!r} in the profile; {suggested(column, columns)}"
            yield Problem(*position(tree, ["nodes", place, "column"]), "unknown-column", message)
    headings = tree.get("headings")
    for column in headings if columns and isinstance(headings, dict) else ():
        if column not in columns:
            message = f"no column {column!r} in the profile; {suggested(str(column), columns)}"
            where = position(tree, ["headings", column], of_key=True)
            yield Problem(*where, "unknown-column", message)
    yield from _views(tree, first, columns)
    context = set() if profile is None else {column.id for column in profile.context}
    beneath = {
        node.get("id") for _, node in _mappings(tree, "nodes") if node.get("column") in context
    }
    if first:
        yield from _link_ends(tree, first, beneath, loops=profile is not None and profile.free)
    if profile is not None:
        yield from _polarities(tree, free=profile.free)
    yield from _claims(tree)


def _claims(tree: Any) -> Iterator[Problem]:
    """Yield the numbers of claims that cannot be true together."""
    from arrowroot.specs.form import as_number

    for place, link in _mappings(tree, "links"):
        for number, claim in _mappings(link, "evidence"):
            numbers = {key: as_number(value) for key, value in claim.items() if key in _NUMBERS}
            for key, message in impossible({**claim, **numbers}):
                where = position(tree, ["links", place, "evidence", number, key])
                yield Problem(*where, "impossible-claim", message)


def _views(tree: Any, declared: Mapping[str, int], columns: Sequence[str]) -> Iterator[Problem]:
    """Yield views that share a name, or show what does not exist."""
    views = list(_mappings(tree, "views"))
    if not views:  # most models have none, and need not load what draws them
        return
    from logicmodels.figures.views import VIEWS

    taken: dict[str, str] = dict.fromkeys(VIEWS, "every model has it")
    for place, view in views:
        line, column = position(tree, ["views", place, "id"])
        name = view.get("id")
        if isinstance(name, str):
            if name in taken:
                message = f"there is a view {name!r} already ({taken[name]}); choose another id"
                yield Problem(line, column, "duplicate-id", message)
            taken.setdefault(name, f"line {line}")
        nodes = [node for _, node in _mappings(tree, "nodes")]
        tags = {tag for node in nodes for tag in _texts(node.get("tags"))}
        owners = {node["owner"] for node in nodes if isinstance(node.get("owner"), str)}
        for key, known in (
            ("nodes", declared),
            ("columns", columns),
            ("tags", tags),
            ("owners", owners),
        ):
            entries = view.get(key)
            asked = known or key in ("tags", "owners")
            for number, entry in enumerate(entries if asked and isinstance(entries, list) else ()):
                if isinstance(entry, str) and entry not in known:
                    message = f"no {key[:-1]} {entry!r}; {suggested(entry, known)}"
                    where = position(tree, ["views", place, key, number])
                    yield Problem(*where, f"unknown-{key[:-1]}", message)


def _link_ends(
    tree: Any, declared: dict[str, int], beneath: set[object], *, loops: bool
) -> Iterator[Problem]:
    drawn: dict[tuple[str, str], int] = {}
    groups = groups_of(tree)
    for place, link in _mappings(tree, "links"):
        ends = link.get("from"), link.get("to")
        for key, end in zip(("from", "to"), ends, strict=True):
            if not isinstance(end, str):
                continue
            if end in groups and end not in declared:
                message = (
                    f"{end!r} is a group, and an arrow joins boxes; name those that it is meant"
                    f" for, as in {key}: [{', '.join(groups[end])}]"
                )
                yield Problem(*position(tree, ["links", place, key]), "group-link", message)
                continue
            if not re.match(ID_FORM, end):
                continue  # its form is refused already
            if end not in declared:
                typed = end.strip("-") in declared and arrow_advice(f" {end} -")
                message = f"no node {end!r}; {typed or suggested(end, declared)}"
                yield Problem(*position(tree, ["links", place, key]), "unknown-node", message)
            elif end in beneath:
                message = (
                    f"{end!r} is context, which is beneath the columns and has no arrows;"
                    + _instead(key, end, ends)
                )
                yield Problem(*position(tree, ["links", place, key]), "context-link", message)
        source, target = ends
        if not (isinstance(source, str) and isinstance(target, str)):
            continue
        line, column = position(tree, ["links", place])
        if source == target and not loops:
            yield Problem(line, column, "self-link", f"{source!r} is linked to itself")
        elif (source, target) in drawn:
            before = drawn[source, target]
            message = f"the link {source} to {target} is already on line {before}"
            yield Problem(line, column, "duplicate-link", message)
        drawn.setdefault((source, target), line)


def _instead(key: str, end: str, ends: tuple[Any, Any]) -> str:
    """Return what to write instead of an arrow that begins or ends at context."""
    if key == "from" and isinstance(ends[1], str):
        return (
            f" write  acts_on: [{ends[1]}]  at the box {end!r}, or put it in a column that has"
            " arrows"
        )
    return " remove the arrow, or put the box in a column that has arrows"


def _texts(value: Any) -> list[str]:
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _polarities(tree: Any, *, free: bool) -> Iterator[Problem]:
    """Yield polarities outside a causal loop map, and arrows with two heads in one."""
    for place, link in _mappings(tree, "links"):
        if free and link.get("mutual") not in (None, False, "no", "false", "No", "False", ""):
            message = (
                "a causal loop map has an arrow for each way: write two, each with its polarity"
            )
            yield Problem(*position(tree, ["links", place, "mutual"]), "mutual-link", message)
        for key in ("polarity", "delay"):
            if not free and link.get(key) not in (None, False, ""):
                message = f"{key} belongs to a causal loop map; write profile: system-map"
                yield Problem(*position(tree, ["links", place, key]), "polarity", message)


def _mappings(tree: Any, key: str) -> Iterator[tuple[int, Any]]:
    entries = tree.get(key)
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield place, entry
