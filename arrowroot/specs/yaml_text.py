"""YAML text to plain values with their positions, without trusting the text.

Only mappings, lists and text are built. Size, depth and references are limited before anything is
built, so that a small file cannot expand into a large one. YAML's own types are set aside: every
value is the text that was written, so that ``010``, ``1e3``, ``1.0`` and ``No`` stay what they are,
and the form of the file (`arrowroot.specs.form`) decides where a number, or yes or no, is meant.
Specifications that are not YAML are built from `Entry` and `Entries`, which also record where each
value was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from arrowroot.errors import Problem
from arrowroot.specs import slips

SIZE_LIMIT = 2_000_000
DEPTH_LIMIT = 20
_NOTHING = ("", "~", "null", "Null", "NULL")
"""Values without quotes that say nothing: the key is left empty."""


class Loaded(NamedTuple):
    """What a YAML text holds, or what is wrong with it."""

    tree: Any
    problems: list[Problem]
    remarks: tuple[str, ...] = ()
    """What was read, but may be meant otherwise."""


def load(text: str, what: str = "a logic model", prose: Sequence[str] = ()) -> Loaded:
    """Return the value of a YAML text, or None with what is wrong with it.

    Parameters
    ----------
    text : str
        The content of a file.
    what : str
        What the file should hold, for messages.
    prose : sequence of str
        Keys that hold text in this kind of file, and ids or words in others.

    Returns
    -------
    Loaded
        Mappings and lists that know their positions. Every value is text, or None if the key was
        left empty. Quotation marks that a word processor curled count as quotes.
    """
    if len(text) > SIZE_LIMIT:
        message = f"the file is larger than {SIZE_LIMIT:,} characters; {what} is far smaller"
        return Loaded(None, [Problem(0, 0, "size", message)])
    from ruamel.yaml.constructor import DuplicateKeyError
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        events, unsafe, places = _scanned(text)
        if unsafe:
            return Loaded(None, unsafe)
        tree = _as_meant(round_trip(events).load(text))
    except DuplicateKeyError as error:
        mark = error.problem_mark
        key = str(error.problem).split('"')[1] if '"' in str(error.problem) else "a key"
        message = f"the key {key!r} occurs twice in one mapping; keep one"
        return Loaded(None, [Problem(mark.line + 1, mark.column + 1, "duplicate-key", message)])
    except MarkedYAMLError as error:
        return Loaded(None, [slips.explained(error, text)])
    except RecursionError:
        return Loaded(None, [Problem(0, 0, "depth", _TOO_DEEP)])
    except (YAMLError, ValueError) as error:
        return Loaded(None, [Problem(0, 0, "yaml", f"not YAML: {str(error).splitlines()[0]}")])
    if halves := list(_halves(tree, tree, ())):
        return Loaded(None, halves)
    if misread := slips.misread(text, places):
        return Loaded(None, misread)
    return Loaded(tree, [], tuple(slips.remarks(text, places, prose)))


def tree_of(text: str) -> Any:
    """Return the tree of a YAML text that `load` accepts, with its comments and its quotes."""
    return round_trip().load(text)


def round_trip(events: Sequence[Any] | None = None) -> Any:
    """Return a reader and writer of YAML that takes and leaves every value as it is written.

    Parameters
    ----------
    events : sequence, optional
        Those of the text to read, where they are known: it is then not parsed again.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor
    from ruamel.yaml.nodes import ScalarNode
    from ruamel.yaml.resolver import VersionedResolver
    from ruamel.yaml.scalarstring import PlainScalarString

    class AsText(VersionedResolver):
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is ScalarNode:
                return self.DEFAULT_SCALAR_TAG
            return super().resolve(kind, value, implicit)

    class AsWritten(RoundTripConstructor):
        def construct_scalar(self, node: Any) -> Any:
            value = super().construct_scalar(node)
            return PlainScalarString(value) if type(value) is str and not node.style else value

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.Resolver = AsText
    yaml.Constructor = AsWritten
    if events is not None:
        yaml.Parser = lambda loader: _Parsed(events)  # noqa: ARG005
    return yaml


class _Parsed:
    """A parser of a text whose events are known, as ruamel.yaml asks for them."""

    def __init__(self, events: Sequence[Any]) -> None:
        self._left = list(reversed(events))

    def check_event(self, *kinds: type) -> bool:
        """Return whether another event follows, of these kinds."""
        return bool(self._left) and (not kinds or isinstance(self._left[-1], kinds))

    def peek_event(self) -> Any:
        """Return the event that follows."""
        return self._left[-1]

    def get_event(self) -> Any:
        """Return the event that follows, and go on."""
        return self._left.pop()

    def dispose(self) -> None:
        """Do nothing: the events are nobody else's."""


_TOO_DEEP = f"nested more than {DEPTH_LIMIT} levels deep"


def _scanned(text: str) -> tuple[list[Any], list[Problem], list[slips.Plain]]:
    """Go through the text's events, which builds nothing.

    Returns
    -------
    tuple
        The events up to the first thing that is not allowed, that, and where the values without
        quotes are.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.events import (
        AliasEvent,
        CollectionEndEvent,
        CollectionStartEvent,
        MappingStartEvent,
        ScalarEvent,
    )

    events: list[Any] = []
    found: list[slips.Plain] = []
    within: list[list[Any]] = []
    for event in YAML(typ="rt").parse(text):
        events.append(event)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if isinstance(event, AliasEvent):
            message = f"references (*{event.anchor}) are not allowed; write the value out"
            return events, [Problem(line, column, "alias", message)], []
        if tag := getattr(event, "tag", None):
            message = f"the tag {tag} is not allowed; write plain values"
            message += ", and put a text that begins with ! in quotes"
            return events, [Problem(line, column, "tag", message)], []
        if getattr(event, "value", None) == "<<" and event.style is None:
            message = "merge keys (<<) are not allowed; write the values out"
            return events, [Problem(line, column, "alias", message)], []
        if isinstance(event, CollectionEndEvent):
            within.pop()
            continue
        # A mapping's children are keys and values in turn: [is a mapping, key, is a key next].
        holder = within[-1] if within else [False, "", False]
        if isinstance(event, ScalarEvent):
            if holder[0] and holder[2]:
                holder[1] = event.value
            elif event.style is None:
                end = event.end_mark
                found.append(
                    slips.Plain(str(holder[1]), event.value, line, end.line + 1, end.column)
                )
        if isinstance(event, CollectionStartEvent | ScalarEvent) and holder[0]:
            holder[2] = not holder[2]
        if isinstance(event, CollectionStartEvent):
            is_mapping = isinstance(event, MappingStartEvent)
            within.append([is_mapping, "" if is_mapping else holder[1], is_mapping])
            if len(within) > DEPTH_LIMIT:
                return events, [Problem(line, column, "depth", _TOO_DEEP)], []
    return events, [], found


def _as_meant(value: Any) -> Any:
    """Return a tree in which empty values are None, and characters and quotes are whole."""
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for place, entry in list(entries):
            value[place] = _as_meant(entry)
        return value
    is_plain = type(value).__name__ == "PlainScalarString"
    if is_plain and value in _NOTHING:
        return None
    if isinstance(value, str):
        whole = with_whole_characters(value)
        if is_plain:
            whole = slips.without_curly_quotes(whole)
        return value if whole == value else whole
    return value


def with_whole_characters(text: str) -> str:
    r"""Return text in which two escapes that make one character, as JSON writes emoji, are one.

    Examples
    --------
    >>> ascii(with_whole_characters("\ud83e\udda0")), ascii(with_whole_characters("\ud83e"))
    ("'\\U0001f9a0'", "'\\ud83e'")
    """
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _halves(tree: Any, value: Any, path: tuple[str | int, ...]) -> list[Problem]:
    """Return the values that hold half a character, which no file could hold again."""
    if isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        return [one for key, entry in entries for one in _halves(tree, entry, (*path, key))]
    if isinstance(value, str) and any("\ud800" <= one <= "\udfff" for one in value):
        message = f"{value!r} holds half a character; delete the escape, or type the character"
        return [Problem(*position(tree, path), "character", message)]
    return []


def position(tree: Any, path: Sequence[str | int], *, of_key: bool = False) -> tuple[int, int]:
    """Return line and column, from 1, of the value at a path; of the last that exists.

    Parameters
    ----------
    tree : value from `load`
        Mappings and lists that record their positions.
    path : sequence of str or int
        Keys and places. A place in what is a mapping is passed over: where a list may be, a file
        may have its only entry alone.
    of_key : bool
        Point at the key rather than at its value.
    """
    line = column = 0
    here = tree
    for depth, step in enumerate(path):
        if isinstance(here, dict) and isinstance(step, int):
            continue
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
    """A list of mappings, of which those made here know where they begin, and others are told."""

    def __init__(self, entries: Sequence[Any], starts: Sequence[Place] | None = None) -> None:
        super().__init__(entries)
        begins = [entry.start for entry in entries] if starts is None else starts
        self.lc = Origins(dict(enumerate(begins)))
