"""Text, numbers and tables as R reads them, whatever is in them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from synthesis.labels import read_labels

_WIDTH = 92
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._]*\Z")
_RESERVED = frozenset(
    (
        *("if", "else", "repeat", "while", "function", "for", "next", "break", "in"),
        *("TRUE", "FALSE", "NULL", "Inf", "NaN", "NA", "T", "F", "c"),
    )
)
_REPLACEMENT = "\\ufffd"


def string(text: str) -> str:
    r"""Return text as an R string of ASCII characters alone.

    Every character beyond ASCII is written by its number, so that the script means the same in
    every locale and no mark in a label can change how the script is read. R strings cannot hold
    the null character or half of a surrogate pair: these become the replacement character.

    Examples
    --------
    >>> print(string('O\'Brien "2001"'), string("M\u00fcller"), string("two\nlines"))
    "O'Brien \"2001\"" "M\u00fcller" "two\nlines"
    """
    return '"' + "".join(_character(one) for one in text) + '"'


def _character(one: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    code = ord(one)
    if 0x20 <= code < 0x7F:
        return one
    if code == 0 or 0xD800 <= code <= 0xDFFF:
        return _REPLACEMENT
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def number(value: Any) -> str:
    """Return a number with every digit that it has; NA where it is missing.

    Examples
    --------
    >>> number(0.1), number(3), number(None), number(float("-inf")), number(True)
    ('0.1', '3', 'NA', '-Inf', 'TRUE')
    """
    if isinstance(value, (bool, np.bool_)):
        return "TRUE" if value else "FALSE"
    if value is None:
        return "NA"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    value = float(value)
    if math.isnan(value):
        return "NA"
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def vector(values: Iterable[Any], indent: int = 0) -> str:
    """Return values as an R vector, over as many lines as it takes.

    Parameters
    ----------
    values : iterable
        Text or numbers.
    indent : int
        Blanks in front of the lines after the first.

    Examples
    --------
    >>> vector(["A", "B"]), vector([0.5]), vector([])
    ('c("A", "B")', '0.5', 'numeric(0)')
    """
    written = [string(one) if isinstance(one, str) else number(one) for one in values]
    if not written:
        return "numeric(0)"
    if len(written) == 1:
        return written[0]
    lines, line = [], "c("
    for place, one in enumerate(written):
        one += ")" if place == len(written) - 1 else ","
        if len(line) + len(one) + 1 + indent > _WIDTH and line.strip() not in ("", "c("):
            lines.append(line)
            line = "  "
        line += one if line.endswith(("(", "  ")) else f" {one}"
    lines.append(line)
    return ("\n" + " " * indent).join(lines)


def table(name: str, columns: Mapping[str, Iterable[Any]]) -> list[str]:
    r"""Return the lines that make a data frame; `columns` have names that R can read.

    Examples
    --------
    >>> print("\n".join(table("studies", {"study": ["A", "B"], "yi": [0.1, 0.2]})))
    studies <- data.frame(
      study = c("A", "B"),
      yi = c(0.1, 0.2)
    )
    """
    parts = [f"  {column} = {_column(values)}" for column, values in columns.items()]
    return [f"{name} <- data.frame(", *",\n".join(parts).split("\n"), ")"]


def _column(values: Iterable[Any]) -> str:
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        return factor(read_labels(values), [str(one) for one in values.cat.categories])
    return vector(values, indent=4)


def factor(labels: Sequence[str], levels: Sequence[str]) -> str:
    """Return a factor whose levels have the order given, whatever the locale."""
    return f"factor({vector(labels, indent=4)},\n    levels = {vector(levels, indent=6)})"


def comment(text: str) -> list[str]:
    r"""Return text as lines of comment; nothing in it can end the comment.

    Examples
    --------
    >>> comment("Studies by A\nq()")
    ['# Studies by A q()']
    """
    lines, line = [], "#"
    for word in one_line(text).split():
        if len(line) + len(word) + 1 > _WIDTH and line != "#":
            lines.append(line)
            line = "#"
        line += f" {word}"
    return [*lines, line]


def one_line(text: str) -> str:
    """Return text on one line, without any character that is not printed or ends a line."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def names(columns: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a name that R can read for each column: its own, or x1, x2 ... where it has none.

    Examples
    --------
    >>> names(["hours", "risk of bias", "yi", "x1"], taken=["yi"])
    {'hours': 'hours', 'risk of bias': 'x2', 'yi': 'x3', 'x1': 'x1'}
    """
    columns, used = list(columns), set(taken)
    plain = {
        one: one
        for one in columns
        if _PLAIN_NAME.match(one) and one not in _RESERVED and one not in used
    }
    used |= set(plain)
    found = {}
    free = (name for name in (f"x{number}" for number in range(1, 10**6)) if name not in used)
    for one in columns:
        found[one] = plain[one] if one in plain else next(free)
    return found
