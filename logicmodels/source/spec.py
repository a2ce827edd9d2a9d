"""A specification in YAML to a logic model; every problem is found before any is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arrowroot.errors import Problem, SpecError
from arrowroot.text import did_you_mean
from logicmodels import records
from logicmodels.model import AnyModel
from logicmodels.profiles.registry import PROFILES
from logicmodels.questions.claim_faults import impossible
from logicmodels.source.yaml_text import load, position

if TYPE_CHECKING:
    from logicmodels.source.schema import Strict


def read(path: Path, kind: type[AnyModel]) -> AnyModel:
    """Read a logic model from a file; see `LogicModel.read`."""
    return parse(text_of(path), path.name, kind)


def text_of(path: Path) -> str:
    """Return the text of a specification, or raise SpecError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise SpecError(path.name or str(path), [Problem(0, 0, "file", message)]) from error
    except UnicodeDecodeError as error:
        message = "the file is not UTF-8 text; save it with that encoding"
        raise SpecError(path.name, [Problem(0, 0, "encoding", message)]) from error


def parse(text: str, name: str, kind: type[AnyModel]) -> AnyModel:
    """Read a logic model from YAML text; messages use `name` in place of a file name."""
    return replace(build(mapping(text, name, "title, nodes and links"), name, kind), origin=text)


def mapping(text: str, name: str, keys: str) -> Any:
    """Return the mapping in a YAML text; `keys` are examples for the message if there is none."""
    tree, problems = load(text)
    if problems:
        raise SpecError(name, problems)
    if not isinstance(tree, dict):
        found = "nothing" if tree is None else f"a {_kind(tree)}"
        message = f"a specification must be a mapping of keys such as {keys}; got {found}"
        raise SpecError(name, [Problem(1, 1, "mapping", message)])
    return tree


def build(tree: Any, name: str, kind: type[AnyModel]) -> AnyModel:
    """Return the model of a mapping that knows where it was read, or raise all its problems."""
    from logicmodels.source.schema import ModelSpec

    problems = [*form_problems(tree, ModelSpec), *_references(tree)]
    if problems:
        raise SpecError(name, problems)
    return _model(tree, kind)


def _model(tree: Any, kind: type[AnyModel]) -> AnyModel:
    from logicmodels.source.schema import ModelSpec

    spec = ModelSpec.model_validate(tree)
    given = {name: _record(value) for name, value in spec}
    del given["spec_version"]
    return kind(**given | {"profile": PROFILES[spec.profile]})


def _record(value: Any) -> Any:
    """Return a checked value as its record, with lists as tuples."""
    from logicmodels.source import schema

    if isinstance(value, list):
        return tuple(map(_record, value))
    if not isinstance(value, schema.Strict):
        return value
    kind = getattr(records, type(value).__name__.removesuffix("Spec"))
    return kind(**{name: _record(inner) for name, inner in value})


def form_problems(tree: Any, form: type[Strict]) -> Iterator[Problem]:
    """Yield what is wrong with the form: keys, types, missing and empty values."""
    from pydantic import ValidationError

    try:
        form.model_validate(tree)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            path = found["loc"]
            of_key = found["type"] == "extra_forbidden" or found["input"] is None
            line, column = position(tree, path, of_key=of_key)
            yield Problem(line, column, *_explained(found, path, form))


def _explained(found: Any, path: tuple[str | int, ...], form: type[Strict]) -> tuple[str, str]:
    """Return rule and message for one of pydantic's findings."""
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    got = _shown(found["input"])
    match found["type"]:
        case "extra_forbidden":
            return "unknown-key", f"unknown key {key!r}; {_key_advice(str(key), path, form)}"
        case "missing":
            return "missing-key", f"the key {key!r} is missing"
        case "invalid_key":
            return "type", f"keys must be text; got {path[-1]}. Put it in quotes"
        case "string_type" if key == "[key]":
            return "type", f"keys must be text; got {got}. Put it in quotes"
        case "string_type" if found["input"] is None:
            return "empty", f"{key} has no value; enter one, or remove the key"
        case "string_type":
            return "type", f"{key} must be text; got {got}. Put it in quotes if it is meant as text"
        case "string_too_short":
            return "empty", f"{key} must not be empty"
        case "string_pattern_mismatch" if key == "url":
            return "value", f"url must begin with http:// or https://, or be relative; got {got}"
        case "string_pattern_mismatch" if key == "by":
            return "value", f"by must be a date such as 2026, 2026-08 or 2026-08-31; got {got}"
        case "string_pattern_mismatch":
            return (
                "id",
                f"{key} must start with a letter and contain only letters, digits, - and _; "
                f"got {got}",
            )
        case "string_too_long":
            return "id", f"{key} must be at most 60 characters long"
        case "literal_error":
            expected = found["ctx"]["expected"].replace("''", "left out")
            return "value", f"{key} must be {expected}; got {got}"
        case "greater_than_equal":
            return "value", f"{key} must be at least {found['ctx']['ge']}; got {got}"
        case "float_type":
            return "type", f"{key} must be a number without quotes, such as 0.26; got {got}"
        case "int_type" | "int_from_float":
            return "type", f"{key} must be a whole number without quotes; got {got}"
        case "finite_number":
            return "value", f"{key} must be a finite number; got {got}"
        case "bool_type":
            return "type", f"{key} must be true or false; got {got}"
        case "list_type":
            return "type", f"{key} must be a list (lines that begin with '- '); got {got}"
        case "too_short":
            return "empty", f"{key} must contain at least one entry"
        case "dict_type" | "model_type" | "model_attributes_type":
            return "type", f"an entry of {key} must be a mapping of keys; got {got}"
        case _:
            return "value", f"{key}: {found['msg']}"


def _key_advice(key: str, path: tuple[str | int, ...], form: type[Strict]) -> str:
    """Return what an unknown key may have been meant for."""
    known = _keys_beside(path, form)
    start, colon, _ = key.partition(":")
    if colon and start in known:
        return f"put a space after the colon of {start!r}"
    if " " in key:
        return "put a text that contains a comma in quotes, if these words are part of one"
    return _suggested(key, known)


def _keys_beside(path: tuple[str | int, ...], form: type[Strict]) -> list[str]:
    """Return the keys that are known where an unknown one was found."""
    from logicmodels.source import schema

    forms = {
        "rows": schema.RowSpec,
        "nodes": schema.NodeSpec,
        "links": schema.LinkSpec,
        "assumptions": schema.AssumptionSpec,
        "evidence": schema.ClaimSpec,
        "applicability": schema.ApplicabilitySpec,
        "comments": schema.CommentSpec,
        "actions": schema.ActionsSpec,
        "changelog": schema.ChangeSpec,
        "process": schema.ProcessSpec,
        "views": schema.ViewSpec,
        "waivers": schema.WaiverSpec,
    }
    inner = [step for step in path[:-1] if step in forms]
    nearest: Any = forms[str(inner[-1])] if inner else form
    return [field.alias or name for name, field in nearest.model_fields.items()]


def _references(tree: Any) -> Iterator[Problem]:
    """Yield profiles, columns and nodes that are named but do not exist, and repeated ids."""
    profile = PROFILES.get(tree.get("profile")) if isinstance(tree.get("profile"), str) else None
    if profile is None and isinstance(tree.get("profile"), str):
        message = f"no profile {tree['profile']!r}; {_suggested(tree['profile'], PROFILES)}"
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
            message = f"no column {column!r} in the profile; {_suggested(column, columns)}"
            yield Problem(*position(tree, ["nodes", place, "column"]), "unknown-column", message)
    headings = tree.get("headings")
    for column in headings if columns and isinstance(headings, dict) else ():
        if column not in columns:
            message = f"no column {column!r} in the profile; {_suggested(str(column), columns)}"
            where = position(tree, ["headings", column], of_key=True)
            yield Problem(*where, "unknown-column", message)
    yield from _views(tree, first, columns)
    context = set() if profile is None else {column.id for column in profile.context}
    beneath = {
        node.get("id") for _, node in _mappings(tree, "nodes") if node.get("column") in context
    }
    if first:
        yield from _link_ends(tree, first, beneath)
    yield from _claims(tree)


def _claims(tree: Any) -> Iterator[Problem]:
    """Yield the numbers of claims that cannot be true together."""
    for place, link in _mappings(tree, "links"):
        for number, claim in _mappings(link, "evidence"):
            for key, message in impossible(claim):
                where = position(tree, ["links", place, "evidence", number, key])
                yield Problem(*where, "impossible-claim", message)


def _views(tree: Any, declared: Mapping[str, int], columns: Sequence[str]) -> Iterator[Problem]:
    """Yield views that share a name, or show what does not exist."""
    from logicmodels.figures.views import VIEWS

    taken: dict[str, str] = dict.fromkeys(VIEWS, "every model has it")
    for place, view in _mappings(tree, "views"):
        line, column = position(tree, ["views", place, "id"])
        name = view.get("id")
        if isinstance(name, str):
            if name in taken:
                message = f"there is a view {name!r} already ({taken[name]}); choose another id"
                yield Problem(line, column, "duplicate-id", message)
            taken.setdefault(name, f"line {line}")
        for key, known in (("nodes", declared), ("columns", columns)):
            entries = view.get(key)
            for number, entry in enumerate(entries if known and isinstance(entries, list) else ()):
                if isinstance(entry, str) and entry not in known:
                    message = f"no {key[:-1]} {entry!r}; {_suggested(entry, known)}"
                    where = position(tree, ["views", place, key, number])
                    yield Problem(*where, f"unknown-{key[:-1]}", message)


def _link_ends(tree: Any, declared: dict[str, int], beneath: set[object]) -> Iterator[Problem]:
    drawn: dict[tuple[str, str], int] = {}
    for place, link in _mappings(tree, "links"):
        ends = link.get("from"), link.get("to")
        for key, end in zip(("from", "to"), ends, strict=True):
            if not isinstance(end, str):
                continue
            if end not in declared:
                message = f"no node {end!r}; {_suggested(end, declared)}"
                yield Problem(*position(tree, ["links", place, key]), "unknown-node", message)
            elif end in beneath:
                message = (
                    f"{end!r} is context, which is beneath the columns and has no arrows;"
                    " remove the arrow, or put the box in a column that has arrows"
                )
                yield Problem(*position(tree, ["links", place, key]), "context-link", message)
        source, target = ends
        if not (isinstance(source, str) and isinstance(target, str)):
            continue
        line, column = position(tree, ["links", place])
        if source == target:
            yield Problem(line, column, "self-link", f"{source!r} is linked to itself")
        elif (source, target) in drawn:
            before = drawn[source, target]
            message = f"the link {source} to {target} is already on line {before}"
            yield Problem(line, column, "duplicate-link", message)
        drawn.setdefault((source, target), line)


def _mappings(tree: Any, key: str) -> Iterator[tuple[int, Any]]:
    entries = tree.get(key)
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield place, entry


def _suggested(name: str, known: Iterable[str]) -> str:
    listed = list(known)
    if hint := did_you_mean(name, listed, "did you mean {!r}?"):
        return hint
    if not listed:
        return "there are none"
    more = f" and {len(listed) - 12} more" if len(listed) > 12 else ""
    return f"there are {', '.join(listed[:12])}{more}"


def _kind(value: object) -> str:
    return "list" if isinstance(value, list) else "single value"


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
