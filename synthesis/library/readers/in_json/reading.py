"""JSON read one reference at a time, each with its place in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

from synthesis.library.readers.fields import markup
from synthesis.library.readers.found import Around, Contents, Problem, clean

HELD_IN = ("studies", "results", "items", "references", "data", "records")
"""Keys of an object that holds the references of a file in a list."""

_BLANK = re.compile(r"[\s,]*")
_KEY = re.compile(r'\s*"([^"\\]{1,60})"\s*:\s*')
_DECODER = json.JSONDecoder(strict=False)


class Node:
    """A reference's object, which notes what it was asked for.

    Parameters
    ----------
    value : dict
        The reference.
    line : int
        Where it begins in the file.
    raw : str
        Its text in the file.
    """

    def __init__(self, value: dict[str, Any], line: int, raw: str) -> None:
        self.value, self.line, self.raw = value, line, raw
        self._asked: set[str] = set()

    def values(self, *paths: str) -> list[Any]:
        """Return whatever stands at each of the paths (``a.b.c``); lists count item by item."""
        self._asked.update(paths)
        return [one for path in paths for one in _at(self.value, path.split("."))]

    def all(self, *paths: str) -> list[str]:
        """Return the texts and numbers at each of the paths."""
        return [
            clean(markup.plain(str(one)))
            for one in self.values(*paths)
            if isinstance(one, str | int | float) and not isinstance(one, bool)
        ]

    def get(self, *paths: str) -> str:
        """Return the first of them that is not blank."""
        return next((one for one in self.all(*paths) if one), "")

    def note_unread(self, contents: Contents, *, depth: int = 9) -> None:
        """Note the paths with a value for which nobody asked, down to a depth."""
        held: list[tuple[tuple[str, ...], Any]] = [((), self.value)]
        while held:
            path, value = held.pop()
            if ".".join(path) in self._asked:
                continue
            if isinstance(value, dict):
                held += [((*path, str(key)), inner) for key, inner in reversed(value.items())]
            elif isinstance(value, list):
                held += [(path, inner) for inner in reversed(value)]
            elif value not in (None, "", False):
                contents.unread.setdefault(".".join(path[:depth]), self.line)


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
    elif not path:
        if value is not None:
            yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def read(
    text: str,
    is_one: Callable[[dict[str, Any]], bool],
    take: Callable[[Node, Contents], None],
) -> Contents:
    """Return the references of a JSON file.

    Parameters
    ----------
    text : str
        The file: a list of references, an object that holds one under one of `HELD_IN`, one
        reference, or one on each line.
    is_one : callable
        Whether an object is a reference.
    take : callable
        Adds one to the contents.
    """
    contents = Contents()
    at = line = counted = 0
    try:
        for begin, end, value in _parts(text):
            line += text.count("\n", counted, begin)
            counted, at = begin, end
            raw = text[begin:end]
            if isinstance(value, dict) and is_one(value):
                take(Node(value, line + 1, raw), contents)
            else:
                contents.around.append(Around(line + 1, raw))
    except json.JSONDecodeError as error:
        why = f"{error.msg[:1].lower()}{error.msg[1:]}, line {error.lineno}"
        _stopped(text, at, why, contents)
    except RecursionError:
        _stopped(text, at, "it is nested too deeply", contents)
    return contents


def _stopped(text: str, at: int, why: str, contents: Contents) -> None:
    begin = at + len(text[at:]) - len(text[at:].lstrip(" \t\r\n,"))
    line = text.count("\n", 0, begin) + 1
    message = f"not valid JSON ({why}); it was not read any further."
    contents.problems.append(Problem(min(line, text.count("\n") + 1), message, text[begin:]))


def _parts(text: str) -> Iterator[tuple[int, int, Any]]:
    """Yield each reference with its place, and whatever is around them as plain text."""
    at = _after(text, 0)
    while at < len(text):
        if text[at] == "[":
            yield at, at + 1, None
            at = yield from _items(text, at + 1)
        elif text[at] == "{" and (keys := _holder(text, at)):
            yield at, keys, None
            at = yield from _items(text, keys)
            end = _closed(text, at)
            yield at, end, None
            at = _after(text, end)
        else:
            value, end = _DECODER.raw_decode(text, at)
            yield at, end, value
            at = _after(text, end)


def _items(text: str, at: int) -> Generator[tuple[int, int, Any], None, int]:
    """Yield the items of a list up to its end, and return the place after it."""
    at = _after(text, at)
    while text[at : at + 1] != "]":
        value, end = _DECODER.raw_decode(text, at)
        yield at, end, value
        at = _after(text, end)
    yield at, at + 1, None
    return _after(text, at + 1)


def _holder(text: str, at: int) -> int:
    """Return where the list of references of an object begins, behind its bracket; 0 if nowhere."""
    at += 1
    for _ in range(20):
        matched = _KEY.match(text, at)
        if not matched:
            return 0
        at = matched.end()
        if matched[1] in HELD_IN and text[at : at + 1] == "[":
            return at + 1
        _, at = _DECODER.raw_decode(text, at)
        at = _after(text, at)
    return 0


def _closed(text: str, at: int) -> int:
    """Return where an object ends of which other keys follow."""
    while text[at : at + 1] != "}":
        matched = _KEY.match(text, at)
        if not matched:
            raise json.JSONDecodeError("Expecting '}'", text, at)
        _, at = _DECODER.raw_decode(text, matched.end())
        at = _after(text, at)
    return at + 1


def _after(text: str, at: int) -> int:
    matched = _BLANK.match(text, at)
    return matched.end() if matched else at
