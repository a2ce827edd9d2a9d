"""YAML text to plain values with their positions, without trusting the text.

Only mappings, lists and scalars are built. Size, depth and references are limited before
anything is built, so that a small file cannot expand into a large one. Specifications that are not
YAML are built from `Entry` and `Entries`, which also record where each value was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from arrowroot.errors import Problem

SIZE_LIMIT = 2_000_000
DEPTH_LIMIT = 20
_FOUND_LATE = ("could not find expected", "found unexpected end of stream")
"""Errors that the parser reports some lines late; their context says where the fault began."""
_SAME_COLUMN = "begin the keys of one entry in the same column, with a space after '-'"
_ADVICE = (
    ("'\\t'", "indent with spaces: a tab is not allowed there"),
    ("mapping values", f"put a text that contains a colon in quotes, and {_SAME_COLUMN}"),
    ("could not find expected ':'", "put a colon and a space after every key"),
    ("expected ',' or", "close the bracket, and put a text that contains a colon in quotes"),
    ("'<scalar>'", "put the whole text in quotes, and write '' for a ' within '...'"),
    ("expected <block end>", _SAME_COLUMN),
    ("that cannot start any token", "put a text that begins with that character in quotes"),
    ("expected alphabetic or numeric", "put a text that begins with * or & in quotes"),
    ("sequence entries", "put a text that begins with '- ' in quotes"),
    ("node content, but found ','", 'an empty entry of a list is written ""'),
    ("end of stream", "close the quotes or bracket that were opened here"),
)
"""What to do about the parser's commonest errors, by words in their messages; the first match."""


def load(text: str) -> tuple[Any, list[Problem]]:
    """Return the value of a YAML text, or None with what is wrong with it."""
    if len(text) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT:,} characters; a logic model is far smaller"
        return None, [Problem(0, 0, "size", message)]
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        unsafe = _unsafe(text)
        if unsafe:
            return None, unsafe
        return _with_dates_as_text(tree_of(text)), []
    except DuplicateKeyError as error:
        mark = error.problem_mark
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else "a key"
        message = f"the key {key!r} occurs twice in one mapping; keep one"
        return None, [Problem(mark.line + 1, mark.column + 1, "duplicate-key", message)]
    except MarkedYAMLError as error:
        problem = error.problem or error.context or ""
        mark = error.problem_mark or error.context_mark
        if error.context_mark and problem.startswith(_FOUND_LATE):
            mark = error.context_mark
        advice = next((advice for sign, advice in _ADVICE if sign in problem), "")
        message = f"not YAML: {problem}" + (f"; {advice}" if advice else "")
        return None, [Problem(mark.line + 1, mark.column + 1, "yaml", message)]
    except ValueError as error:
        why = str(error).partition(";")[0]
        message = f"a number or date cannot be read ({why}); put it in quotes if it is text"
        return None, [Problem(0, 0, "value", message)]
    except YAMLError as error:
        return None, [Problem(0, 0, "yaml", f"not YAML: {str(error).splitlines()[0]}")]


def tree_of(text: str) -> Any:
    """Return the value of a YAML text that `load` accepts, with its comments and its quotes."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    return yaml.load(text)


def _unsafe(text: str) -> list[Problem]:
    """Go through the text's events, which builds nothing, and report what is not allowed."""
    from ruamel.yaml import YAML
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in YAML(typ="rt").parse(text):
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, AliasEvent):
            message = f"references (*{event.anchor}) are not allowed; write the value out"
            return [Problem(line, column, "alias", message)]
        if tag := getattr(event, "tag", None):
            return [
                Problem(line, column, "tag", f"the tag {tag} is not allowed; write plain values")
            ]
        if getattr(event, "value", None) == "<<" and event.style is None:
            message = "merge keys (<<) are not allowed; write the values out"
            return [Problem(line, column, "alias", message)]
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > DEPTH_LIMIT:
                message = f"nested more than {DEPTH_LIMIT} levels deep"
                return [Problem(line, column, "depth", message)]
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
    return []


def _with_dates_as_text(tree: Any) -> Any:
    """Return a tree in which a date, which YAML reads as one, is the text that was written."""
    if isinstance(tree, dict | list):
        entries = tree.items() if isinstance(tree, dict) else enumerate(tree)
        for place, value in list(entries):
            if isinstance(value, date):
                tree[place] = value.isoformat()
            else:
                _with_dates_as_text(value)
        return tree
    return tree.isoformat() if isinstance(tree, date) else tree


def position(tree: Any, path: Sequence[str | int], *, of_key: bool = False) -> tuple[int, int]:
    """Return line and column, from 1, of the value at a path; of the last that exists.

    Parameters
    ----------
    tree : value from `load`
        Mappings and lists that record their positions.
    path : sequence of str or int
        Keys and places.
    of_key : bool
        Point at the key rather than at its value.
    """
    line = column = 0
    here = tree
    for depth, step in enumerate(path):
        places = getattr(here, "lc", None)
        if places is None or not _holds(here, step):
            break
        last = depth == len(path) - 1
        if isinstance(here, dict):
            line, column = places.key(step) if last and of_key else places.value(step)
        else:
            line, column = places.item(step)
        here = here[step]
    return line + 1, column + 1


def _holds(container: Any, step: str | int) -> bool:
    if isinstance(container, dict):
        return step in container
    return isinstance(container, list) and isinstance(step, int) and step < len(container)


Place = tuple[int, int]
"""Line and column, from 1."""
_START = (1, 1)


class Origins:
    """Where the entries of a mapping or a list are; at the start if that is not known."""

    def __init__(self, places: Mapping[Any, Place]) -> None:
        self._places = places

    def item(self, step: Any) -> Place:
        """Return line and column of an entry, counted from 0."""
        line, column = self._places.get(step, _START)
        return line - 1, column - 1

    key = value = item


class Entry(dict[str, Any]):
    """A mapping that records where its values were read; it begins where the first one does."""

    def __init__(self, values: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        super().__init__(values)
        self.lc = Origins(places)
        self.start = min(places.values(), default=_START)


class Entries(list[Any]):
    """A list of such mappings."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(entries)
        self.lc = Origins({number: entry.start for number, entry in enumerate(entries)})
