"""What a specification says of its own structure: columns, what acts on what, labels, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from arrowroot.errors import Problem
from arrowroot.specs.slips import suggested
from arrowroot.specs.yaml_text import Entries, Entry, position
from logicmodels.profiles.profile import KINDS, Column, Profile
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.links import ARROWS
from logicmodels.source.schema import LONGEST_LABEL

_FIELDS = ("heading", "kind", "note", "group", "bar")


def listed_columns(tree: Any) -> Any:
    """Return a specification whose own columns are mappings.

    A column of the profile may be named by its id alone, or by some of its keys: the others are
    the profile's.
    """
    columns = tree.get("columns")
    if not isinstance(columns, list):
        return tree
    profile = PROFILES.get(tree.get("profile")) if isinstance(tree.get("profile"), str) else None
    known = {column.id: column for column in profile.columns} if profile is not None else {}
    entries: list[Any] = []
    for number, entry in enumerate(columns):
        place = position(tree, ["columns", number])
        said = {"id": str(entry)} if isinstance(entry, str | int) else entry
        if not isinstance(said, dict):
            entries.append(entry)
            continue
        places = {key: position(tree, ["columns", number, key]) for key in said}
        base = known.get(str(said.get("id")))
        if base is not None:
            given = {key: value for key in _FIELDS if (value := getattr(base, key))}
            said = {**given, **{key: value for key, value in said.items() if value is not None}}
        entries.append(Entry(said, {**dict.fromkeys(said, place), **places}))
    starts = [position(tree, ["columns", number]) for number in range(len(columns))]
    tree["columns"] = Entries(entries, starts)
    return tree


def profile_of(tree: Any) -> Profile | None:
    """Return the profile that a specification names, with its own columns if it has any.

    None if there is no such profile; columns that are not well formed are left out.
    """
    profile = PROFILES.get(tree.get("profile")) if isinstance(tree.get("profile"), str) else None
    columns = tree.get("columns")
    if profile is None or profile.free or not isinstance(columns, list) or not columns:
        return profile
    own = tuple(
        Column(one["id"], str(one.get("heading") or one["id"]), str(one.get("kind")))
        for one in columns
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    )
    return replace(profile, columns=own, own=True)


def with_own(profile: Profile, columns: Sequence[Any]) -> Profile:
    """Return a profile with the columns of one model, if it has any that differ."""
    own = tuple(Column(**dict(column)) for column in columns)
    if not own or own == profile.columns:
        return profile
    return replace(profile, columns=own, own=True)


def structure_problems(tree: Any) -> Iterator[Problem]:
    """Yield what is wrong with own columns, with what acts on what, labels and nested files."""
    profile = profile_of(tree)
    yield from _of_columns(tree, profile)
    yield from _of_actions(tree, profile)
    for place, link in _mappings(tree, "links"):
        label = link.get("label")
        if isinstance(label, str) and len(label) > LONGEST_LABEL:
            message = (
                f"the label of an arrow has at most {LONGEST_LABEL} characters, and this one"
                f" {len(label)}; put the reason under because"
            )
            yield Problem(*position(tree, ["links", place, "label"]), "label", message)
    for place, node in _mappings(tree, "nodes"):
        named = node.get("model")
        if isinstance(named, str) and named and (wrong := _wrong_file(named)):
            yield Problem(*position(tree, ["nodes", place, "model"]), "file", wrong)


def _wrong_file(named: str) -> str:
    """Return what is wrong with the name of a nested model's file."""
    path = PurePosixPath(named)
    outside = path.is_absolute() or ".." in path.parts or "\\" in named or ":" in named
    if outside:
        return (
            f"a box opens into a file in the folder of this model, or beneath it; got {named!r}."
            " Write its name, such as referral.yaml or parts/referral.yaml"
        )
    if path.suffix.lower() not in (".yaml", ".yml"):
        return f"the file that a box opens into must end in .yaml; got {named!r}"
    return ""


def _of_columns(tree: Any, profile: Profile | None) -> Iterator[Problem]:
    columns = tree.get("columns")
    if not isinstance(columns, list) or not columns:
        return
    if profile is not None and profile.free:
        message = "a causal loop map has no columns; remove this key, or choose another profile"
        yield Problem(*position(tree, ["columns"], of_key=True), "columns", message)
        return
    first: dict[str, int] = {}
    for place, column in _mappings(tree, "columns"):
        name = column.get("id")
        if not isinstance(name, str):
            continue
        line, at = position(tree, ["columns", place, "id"])
        if name in first:
            message = f"the column {name!r} is already on line {first[name]}; ids must differ"
            yield Problem(line, at, "duplicate-id", message)
        first.setdefault(name, line)
    if profile is not None and first and not profile.flow:
        others = ", ".join(kind for kind in KINDS if kind != "context")
        message = f"every column is context; at least one needs another kind: {others}"
        yield Problem(*position(tree, ["columns"], of_key=True), "columns", message)


def groups_of(tree: Any) -> dict[str, list[str]]:
    """Return the ids of the boxes of every group."""
    found: dict[str, list[str]] = {}
    for _, node in _mappings(tree, "nodes"):
        if isinstance(node.get("group"), str) and isinstance(node.get("id"), str):
            found.setdefault(node["group"], []).append(node["id"])
    return found


def _of_actions(tree: Any, profile: Profile | None) -> Iterator[Problem]:
    """Yield boxes and arrows that something acts on, but that are not there."""
    context = set() if profile is None else {column.id for column in profile.context}
    nodes = [node for _, node in _mappings(tree, "nodes") if isinstance(node.get("id"), str)]
    where = {node["id"]: str(node.get("column")) for node in nodes}
    pairs = [(link.get("from"), link.get("to")) for _, link in _mappings(tree, "links")]
    groups = groups_of(tree)
    links = {ends for ends in pairs if all(isinstance(end, str) for end in ends)}
    for place, node in _mappings(tree, "nodes"):
        targets = node.get("acts_on")
        if not isinstance(targets, list):
            continue
        if targets and profile is not None and str(node.get("column")) not in context:
            spot = position(tree, ["nodes", place, "acts_on"])
            message = (
                "acts_on is for context, such as external factors, beneath the columns; from this"
                " box write arrows, under links"
            )
            yield Problem(*spot, "acts-on", message)
            continue
        for number, target in enumerate(targets):
            spot = position(tree, ["nodes", place, "acts_on", number])
            if not isinstance(target, str):
                continue
            ends = acted_on(target)
            unknown = [end for end in ends if end not in where]
            if unknown and unknown[0] in groups:
                boxes = ", ".join(groups[unknown[0]])
                message = f"{unknown[0]!r} is a group; name its boxes, as in acts_on: [{boxes}]"
                yield Problem(*spot, "group-link", message)
            elif unknown:
                message = f"no node {unknown[0]!r}; {suggested(unknown[0], map(str, where))}"
                yield Problem(*spot, "unknown-node", message)
            elif len(ends) == 2 and ends not in links:
                message = f"there is no arrow {ends[0]} -> {ends[1]}; add it under links first"
                yield Problem(*spot, "unknown-link", message)
            elif len(ends) == 1 and where[ends[0]] in context:
                message = f"{ends[0]!r} is context too; name a box in a column, or an arrow"
                yield Problem(*spot, "acts-on", message)


def acted_on(target: str) -> tuple[str, ...]:
    """Return the box that is acted on, or both ends of the arrow."""
    for arrow in ARROWS:
        if arrow in target:
            source, _, end = target.partition(arrow)
            return source.strip(), end.strip()
    return (target.strip(),)


def _mappings(tree: Mapping[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    entries = tree.get(key)
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield place, entry
