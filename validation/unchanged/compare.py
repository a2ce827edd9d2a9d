"""Compares two records of `record.py`, and prints what differs, by kind.

``python validation/unchanged/compare.py OLD NEW [--most 20]``. Numbers must be equal bit for bit,
and texts of every kind character for character. Messages and other words come as one list of
``before -> after`` to be read; those that differ in the same way in many cases are listed once. The
exit status is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Leaf = tuple[str, Any]
"""The kind of a value, and the value."""
ABSENT: Leaf = ("absent", "")
WORDS = ("error", "warning", "words")
AROUND = 60
"""Characters shown before and after the place where two long texts part."""


def cases(path: Path) -> dict[str, str]:
    """Return the lines of a record by the names of their cases."""
    lines = path.read_text("utf-8").splitlines()
    return {json.loads(line)["case"]: line for line in lines}


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Leaf]]:
    """Return every number and text of a case with its place in it."""
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith("$"):
        [(kind, text)] = value.items()
        yield place, (kind[1:], text)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, f"{place}.{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from leaves(one, f"{place}[{number}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, ("number", repr(value))
    else:
        yield place, ("words", value)


def differences(old: str, new: str) -> Iterator[tuple[str, str, Any, Any]]:
    """Return kind, place, before and after of whatever differs in a case."""
    before, after = (dict(leaves(json.loads(line))) for line in (old, new))
    for place in dict.fromkeys([*before, *after]):
        (was, one), (now, other) = before.get(place, ABSENT), after.get(place, ABSENT)
        if was == now == "error":
            kind = "error" if one[:2] == other[:2] else "class of an error"
            yield kind, place, ": ".join(one[::2]), ": ".join(other[::2])
        elif was == now:
            if one != other:
                yield was, place, one, other
        elif now == "absent":
            yield f"{was} gone", place, one, other
        elif was == "absent":
            yield f"{now} new", place, one, other
        else:
            yield f"{was} that is {now}", place, one, other


def shown(one: Any, other: Any) -> tuple[str, str]:
    """Return two values for a line each, long texts from a little before they part."""
    first, second = (str(text).replace("\n", "\\n") for text in (one, other))
    alike = (one == other for one, other in zip(first, second, strict=False))
    parted = next(
        (place for place, same in enumerate(alike) if not same), min(len(first), len(second))
    )
    begin = max(0, parted - AROUND) if max(len(first), len(second)) > 400 else 0
    cut = [text[begin : max(parted, begin) + 4 * AROUND] for text in (first, second)]
    return (f"...{cut[0]}", f"...{cut[1]}") if begin else (cut[0], cut[1])


def pattern(one: Any, other: Any) -> str:
    """Return what two messages have in common with others: all but names and numbers."""
    return re.sub(r"'[^']*'|\d+(\.\d+)?", "*", f"{one} -> {other}")


def main() -> int:
    """Print the differences of two records; 1 if there are any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--most", type=int, default=20, help="how many of a kind; words are all")
    asked = parser.parse_args()
    old, new = cases(asked.old), cases(asked.new)
    found: dict[str, dict[str, list[tuple[str, Any, Any]]]] = defaultdict(lambda: defaultdict(list))
    for name in dict.fromkeys([*old, *new]):
        if name not in new or name not in old:
            kind = "case gone" if name in old else "case new"
            found[kind][name].append((name, "", ""))
        elif old[name] != new[name]:
            for kind, place, one, other in differences(old[name], new[name]):
                alike = pattern(one, other) if kind in WORDS else name
                found[kind][alike].append((f"{name} {place}", one, other))
    same = sum(old[name] == new.get(name) for name in old)
    print(f"{len(old):,} cases before, {len(new):,} after, {same:,} the same in every character")
    for kind, alike in sorted(found.items(), key=lambda item: (item[0] in WORDS, item[0])):
        count = sum(map(len, alike.values()))
        print(f"\n== {kind}: {count:,} differences, {len(alike):,} to look at")
        most = len(alike) if kind in WORDS else asked.most
        for ways in list(alike.values())[:most]:
            place, one, other = ways[0]
            print(f"{place}{f'  and {len(ways) - 1} more' if len(ways) > 1 else ''}")
            if one or other:
                print("    {}\n -> {}".format(*shown(one, other)))
        if len(alike) > most:
            print(f"... {len(alike) - most:,} more; --most {len(alike)} shows all")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
