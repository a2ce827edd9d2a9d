"""Rows and columns of a worksheet, and how spreadsheet programs write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of any worksheet; column 16,384 is XFD."""

Place = tuple[int, int]
"""Row and column of a cell, each counted from 1."""

_NAMED_AT_MOST = 5


def address(place: Place) -> str:
    """Return a cell's address.

    Examples
    --------
    >>> address((1, 1)), address((1_048_576, 16_384))
    ('A1', 'XFD1048576')
    """
    return f"{letters(place[1])}{place[0]}"


def letters(column: int) -> str:
    """Return the letters of a column, which is counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """Return the number of a column, counted from 1; 0 if no worksheet has such a column.

    Examples
    --------
    >>> column_of("A"), column_of("xfd"), column_of("XFE"), column_of("A1")
    (1, 16384, 0, 0)
    """
    if not re.fullmatch("[A-Za-z]{1,3}", name):
        return 0
    number = 0
    for letter in name.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number if number <= LAST_COLUMN else 0


def listed(names: Iterable[str]) -> str:
    """Return names separated by commas; of many, the first few and the number of others.

    Examples
    --------
    >>> listed(["a", "b"]), listed("abcdefgh")
    ('a, b', 'a, b, c, d, e and 3 more')
    """
    all_names = list(names)
    rest = len(all_names) - _NAMED_AT_MOST
    return ", ".join(all_names[:_NAMED_AT_MOST]) + (f" and {rest:,} more" if rest > 0 else "")


def runs(numbers: Sequence[int]) -> str:
    """Return numbers in order, with consecutive ones as a run.

    Examples
    --------
    >>> runs([2, 3, 4, 7])
    '2 to 4, 7'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return listed(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in found)
