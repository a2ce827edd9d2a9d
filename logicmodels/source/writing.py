"""A model back to YAML: the text it was read from, changed only where the model changed.

The text is loaded with its comments, and whatever differs in the model is changed in the loaded
tree; a model that was made in Python gets new text. The text is read again before it is returned,
so that it always gives the same model.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from io import StringIO
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError, Problem, SpecError
from arrowroot.files import as_path, write_text
from arrowroot.specs.yaml_text import round_trip, tree_of, with_whole_characters
from logicmodels.model import Model
from logicmodels.source.links import compact, singles
from logicmodels.source.schema import plain
from logicmodels.source.spec import parse

_LINE = 96
"""Characters that a short entry may take on one line; longer ones have a line for each key."""
_FOLD = 92
"""Characters of a line of folded text."""
_NO_TEXT = ("~", "null", "Null", "NULL", "yes", "no", "on", "off", "y", "n")
"""Words that some readers take for nothing, or for yes and no."""
_TABLES, _FIGURE = (
    "model.to_tables().save(...) for a workbook",
    "model.draw().save(...) for a figure",
)
_OTHER = dict.fromkeys((".xlsx", ".xls", ".ods"), _TABLES) | dict.fromkeys(
    (".svg", ".png", ".pdf", ".pptx", ".drawio", ".graphml", ".docx"), _FIGURE
)
"""Endings of files that are no text of a model, and what to write them with."""
_UNBROKEN = 10**7
"""Wider than any text, so that lines break only where they are meant to."""

Said = dict[str, Any]


def to_yaml(model: Model) -> str:
    """Return a model as YAML text; see `LogicModel.to_yaml`."""
    said = plain(model)
    text = _updated(model.origin, said) if model.origin else _dumped(_laid_out(said, flow=False))
    again = parse(text, "to_yaml", Model)
    if plain(again) != said or again.profile != model.profile:
        message = (
            "what would be written cannot be read back as the same model; create it from plain text"
        )
        raise SpecError("to_yaml", [Problem(0, 0, "round-trip", message)])
    return text


def write(model: Model, path: str | Path) -> Path:
    """Write a model as a YAML file; see `LogicModel.write`."""
    ending = as_path(path).suffix.lower()
    if ending in _OTHER:
        raise OptionError(
            f"write: a model is written as text, and {as_path(path).name!r} would not open; name "
            f"it .yaml, or use {_OTHER[ending]}."
        )
    return write_text(to_yaml(model), path)


def _updated(text: str, after: Said) -> str:
    """Return a specification's text with what a model says now."""
    before = plain(parse(text, "origin", Model))
    if before == after:
        return text
    tree = _whole(tree_of(text))
    before, after = _as_grouped(tree, before, after)
    habits = _habits(text, tree)
    untouched = _dumped(tree, **habits)
    _put(tree, before, after)
    return _with_lines_of(text, untouched, _dumped(tree, **habits))


def _whole(value: Any) -> Any:
    """Return a loaded tree in which every character is whole, so that it can be written."""
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for place, entry in list(entries):
            if (whole := _whole(entry)) is not entry:
                value[place] = whole
        return value
    if isinstance(value, str) and (whole := with_whole_characters(value)) != value:
        return type(value)(whole)
    return value


def _as_grouped(tree: Any, before: Said, after: Said) -> tuple[Said, Said]:
    """Return what a model said and says, with arrows grouped as in its text where they still are.

    An arrow in the text may stand for several (`links.spread`); if one of those changed, the
    entry becomes one for each.
    """
    entries, rest = tree.get("links"), after.get("links", [])
    if not isinstance(entries, list) or before.get("links") == rest:
        return before, after
    said: list[Any] = []
    groups: list[tuple[Said, list[Any]]] = []
    for place in range(len(entries) - 1, -1, -1):
        # From the end, so that earlier places stay the same.
        first = len(before["links"]) - len([one for _, held in groups for one in held])
        whole = compact(entries[place])
        count = len(singles(whole))
        held = before["links"][first - count : first]
        groups.insert(0, (whole, held))
        if count == 1 or _found_in(rest, held) is not None:
            said.insert(0, held[0] if count == 1 else _compacted(whole, held))
            continue
        # The first takes the place of the entry, and with it the comment beside it.
        first_one, *others = (_laid_out(one, flow=_is_flow(entries)) for one in held)
        entries[place] = first_one
        for one in reversed(others):
            entries.insert(place + 1, one)
        said[:0] = held
    grouped = list(rest)
    for whole, held in groups:
        at = None if len(held) == 1 else _found_in(grouped, held)
        if at is not None:
            grouped[at : at + len(held)] = [_compacted(whole, held)]
    return {**before, "links": said}, after | ({"links": grouped} if grouped else {})


def _compacted(whole: Said, held: Sequence[Said]) -> Said:
    """Return several arrows as the one that they are in the text."""
    return {**held[0], "from": whole["from"], "to": whole["to"]}


def _found_in(links: Sequence[Any], held: Sequence[Any]) -> int | None:
    """Return where a run of arrows stands unchanged among others."""
    for at in range(len(links) - len(held) + 1):
        if links[at : at + len(held)] == held:
            return at
    return None


def _habits(text: str, tree: Any) -> dict[str, Any]:
    """Return how an author indents lines, and whether the text begins with three dashes."""
    nodes = tree["nodes"]
    begins = any(line.rstrip() == "---" for line in text.splitlines())
    if _is_flow(nodes):
        return {"begins": begins}
    inner: list[Any] = [value for value in tree.values() if isinstance(value, dict)]
    return {
        "begins": begins,
        "mapping": max((value.lc.col for value in inner if not _is_flow(value)), default=2),
        "sequence": nodes.lc.item(0)[1],
        "offset": nodes.lc.col,
    }


def _with_lines_of(text: str, untouched: str, changed: str) -> str:
    """Return the changed text with the line breaks of the original where nothing changed.

    Entries in braces that the author broke over several lines are written by ruamel on one line
    each; those that the untouched tree gives in the same way are restored as they were.
    """
    original, dumped = (version.splitlines(keepends=True) for version in (text, untouched))
    steps = SequenceMatcher(None, dumped, original, autojunk=False).get_opcodes()
    for kind, first, last, was_first, was_last in steps:
        joined, broken = "".join(dumped[first:last]), "".join(original[was_first:was_last])
        if kind == "replace" and untouched.count(joined) == changed.count(joined) == 1:
            changed = changed.replace(joined, broken)
    return changed


def _put(tree: Any, before: Said, after: Said) -> None:
    """Change a loaded mapping where the two differ; what did not change is not touched."""
    for key in before:
        if key not in after:
            del tree[key]
    place = 0
    for key, value in after.items():
        if key not in tree:
            tree.insert(place, key, _laid_out(value, flow=_is_flow(tree)))
        elif before.get(key) != value:
            tree[key] = _changed(tree, key, before.get(key), value)
        place = list(tree).index(key) + 1


def _changed(parent: Any, key: Any, before: Any, after: Any) -> Any:
    """Return the new value: the loaded one brought up to date if that is possible."""
    loaded = parent[key]
    # An arrow in a line of its own, a -> b, is no mapping in the text.
    is_line = isinstance(loaded, dict) and any(one not in loaded for one in before or ())
    both = isinstance(before, dict) and isinstance(after, dict)
    if both and isinstance(loaded, dict) and not is_line:
        _put(loaded, before, after)
        return loaded
    if isinstance(before, list) and isinstance(after, list) and isinstance(loaded, list):
        _put_entries(loaded, before, after)
        return loaded
    laid_out = _laid_out(after, flow=_is_flow(parent))
    quoted = isinstance(loaded, str) and type(loaded).__name__.endswith("QuotedScalarString")
    return type(loaded)(after) if quoted and type(laid_out) is str else laid_out


def _put_entries(tree: Any, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Change a loaded list, entry by entry, from its end so that earlier places stay the same."""
    names = [_name(entry) for entry in before], [_name(entry) for entry in after]
    changes = SequenceMatcher(None, *names, autojunk=False).get_opcodes()
    for _, first, last, new_first, new_last in reversed(changes):
        paired = min(last - first, new_last - new_first)
        for place in range(last - 1, first + paired - 1, -1):
            del tree[place]
        for entry in reversed(after[new_first + paired : new_last]):
            tree.insert(first + paired, _laid_out(entry, flow=_is_flow(tree)))
        for step in range(paired):
            was, now = before[first + step], after[new_first + step]
            if was != now:
                tree[first + step] = _changed(tree, first + step, was, now)


def _name(entry: Any) -> str:
    """Return what distinguishes an entry from its neighbours."""
    if not isinstance(entry, dict):
        return repr(entry)
    return repr([entry[key] for key in ("id", "from", "to") if key in entry] or entry)


def _is_flow(tree: Any) -> bool:
    """Return whether a loaded mapping or list is written in braces or brackets."""
    return bool(tree.fa.flow_style())


def _laid_out(value: Any, *, flow: bool) -> Any:
    """Return a plain value as one of ruamel's, laid out for people: short ones on one line.

    Within braces or brackets (`flow`) nothing can have lines of its own.
    """
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, str):
        return _text(value, flow=flow)
    if not isinstance(value, dict | list):
        return _plain(value)
    inner = list(value.values()) if isinstance(value, dict) else value
    short = len(repr(value)) <= _LINE and not any(isinstance(entry, dict | list) for entry in inner)
    flow = flow or short
    laid_out: Any
    if isinstance(value, dict):
        laid_out = CommentedMap((key, _laid_out(entry, flow=flow)) for key, entry in value.items())
    else:
        laid_out = CommentedSeq(_laid_out(entry, flow=flow) for entry in value)
    if flow:
        laid_out.fa.set_flow_style()
    return laid_out


def _plain(value: bool | float | None) -> Any:
    """Return a number, or yes or no, as it is written without quotes."""
    from ruamel.yaml.scalarstring import PlainScalarString

    if isinstance(value, bool):
        return PlainScalarString("true" if value else "false")
    written = "" if value is None else repr(value)
    # Without the point, older readers take the number for text.
    if "e" in written and "." not in written:
        written = written.replace("e", ".0e")
    return PlainScalarString(written)


def _looks_typed(text: str) -> bool:
    """Return whether text without quotes would be something else for most readers of YAML."""
    from ruamel.yaml.resolver import implicit_resolvers

    return text in _NO_TEXT or any(
        found.match(text)
        for _, _, found, firsts in implicit_resolvers
        if text[:1] in firsts or None in firsts
    )


def _text(text: str, *, flow: bool) -> str:
    """Return text folded over lines if it is long prose, and in quotes if it needs them."""
    from ruamel.yaml.scalarstring import (
        DoubleQuotedScalarString,
        FoldedScalarString,
        SingleQuotedScalarString,
    )

    if not text.isprintable():
        return DoubleQuotedScalarString(text)
    if not text[:1].isalnum() or _looks_typed(text):
        return SingleQuotedScalarString(text)
    if flow or len(text) <= _FOLD or "  " in text or text != text.strip():
        return text
    folded: Any = FoldedScalarString(text)
    folded.fold_pos = []
    start = 0
    while len(text) - start > _FOLD:
        end = text.rfind(" ", start, start + _FOLD)
        end = text.find(" ", start + _FOLD) if end < 0 else end
        if end < 0:
            break
        folded.fold_pos.append(end)
        start = end + 1
    return folded


def _dumped(
    tree: Any, *, mapping: int = 2, sequence: int = 4, offset: int = 2, begins: bool = False
) -> str:
    yaml = round_trip()
    yaml.width = _UNBROKEN
    yaml.explicit_start = begins
    yaml.indent(mapping=mapping, sequence=sequence, offset=offset)
    written = StringIO()
    yaml.dump(tree, written)
    return written.getvalue()
