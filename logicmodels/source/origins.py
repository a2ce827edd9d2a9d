"""Values that know where they were read, for specifications that are not YAML.

`yaml_text.position` asks a value's `lc` for lines and columns, as ruamel's own values answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Place = tuple[int, int]
"""Line and column, from 1."""
_START = (1, 1)


class Origins:
    """Where the entries of a mapping or a list stand; at the start where nothing is known."""

    def __init__(self, places: Mapping[Any, Place]) -> None:
        self._places = places

    def item(self, step: Any) -> Place:
        """Return line and column of an entry, counted from 0."""
        line, column = self._places.get(step, _START)
        return line - 1, column - 1

    key = value = item


class Entry(dict[str, Any]):
    """A mapping whose values know where they were read; it begins where the first one does."""

    def __init__(self, values: Mapping[str, Any], places: Mapping[str, Place]) -> None:
        super().__init__(values)
        self.lc = Origins(places)
        self.start = min(places.values(), default=_START)


class Entries(list[Any]):
    """A list of such mappings."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(entries)
        self.lc = Origins({number: entry.start for number, entry in enumerate(entries)})
