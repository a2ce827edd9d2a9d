"""How results are displayed: numbers, and tables for a notebook. Rounding happens only here."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field
from html import escape, unescape
from typing import Any

from arrowroot.lab.calls import guarded_class
from arrowroot.lab.names import Named
from arrowroot.text import printable

NOT_ESTIMATED = "–"
"""Displayed if there is no number; the result's notes say why."""

MINUS = "\N{MINUS SIGN}"

LEFT = "text-align:left;vertical-align:top;max-width:32em"
RIGHT = "text-align:right;vertical-align:top;white-space:nowrap"
CAPTION = "text-align:left;font-weight:bold"
INDENT = 1.2
"""How far a row is indented per level, in em."""

_LETTER = r"[^\W\d_]"
_GAPS = r"\b(nan|NaN|NaT|None|NA|inf)\b"


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a fixed number of decimals; a rounded zero has no sign.

    Examples
    --------
    >>> number(0.5599), number(-0.001), number(None), number(float("inf"))
    ('0.56', '0.00', '–', '∞')
    """
    if value is None or math.isnan(value):
        return NOT_ESTIMATED
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def drawn(value: float | None, digits: int = 2) -> str:
    """Format a number for a figure: as `number`, with a minus sign instead of a hyphen.

    Tables and printed results keep the hyphen, because programs read them again. In a figure a
    hyphen is too short to be seen, and screen readers skip it.

    Examples
    --------
    >>> drawn(-0.5), drawn(-0.001)
    ('−0.50', '0.00')
    """
    return number(value, digits).replace("-", MINUS)


def interval(limits: tuple[float | None, float | None] | None, digits: int = 2) -> str:
    """Format an interval, as ``[0.43, 0.69]``.

    Examples
    --------
    >>> interval((0.4274, 0.6925))
    '[0.43, 0.69]'
    """
    if limits is None or all(limit is None or math.isnan(limit) for limit in limits):
        return NOT_ESTIMATED
    low, high = limits
    return f"[{number(low, digits)}, {number(high, digits)}]"


def p_value(p: float | None) -> str:
    """Format a p-value with its sign: three decimals, ``< 0.001`` below that.

    Examples
    --------
    >>> p_value(0.0312), p_value(1e-8), p_value(0.9999), p_value(None)
    ('= 0.031', '< 0.001', '> 0.999', '–')
    """
    if p is None or math.isnan(p):
        return NOT_ESTIMATED
    if p < 0.001:
        return "< 0.001"
    if p > 0.999:
        return "> 0.999"
    return f"= {p:.3f}"


def is_number(cell: str) -> bool:
    """Return whether a cell is a number: no letters, except in an exponent or for a gap.

    Examples
    --------
    >>> is_number("0.56 [0.43, 0.69]"), is_number("&lt; 0.001"), is_number("NaN")
    (True, True, True)
    >>> is_number("Grant"), is_number("A01")
    (False, False)
    """
    plain = re.sub(_GAPS, "", unescape(cell))
    return not re.search(_LETTER, re.sub(r"(?<=\d)[eE](?=[+-]?\d)", "", plain))


class Bold(str):
    """A part of a cell that is set in bold."""

    __slots__ = ()


class Marked(str):
    """A part of a cell that is highlighted."""

    __slots__ = ()


Line = str | Sequence[str]
"""A line of a cell: text, or parts of it, of which some are `Bold` or `Marked`."""

Cell = str | list[Line]
"""A cell of a table: one line, or a list of them."""


def html_table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    notes: Sequence[str] = (),
    heading: str = "",
    depths: Sequence[int] = (),
    folded: int | None = None,
) -> str:
    r"""Return a table as HTML for a notebook, with everything in it escaped.

    Columns of numbers are aligned right, all others left, where long texts wrap.

    Parameters
    ----------
    caption : str
        What the table is; displayed without a table if there are no rows.
    columns : sequence of str
        Headings of the columns; none for rows that each state one fact.
    rows : iterable of sequence of Cell
        The cells; the first of each row names the row.
    notes : sequence of str
        Sentences below.
    heading : str
        The text above the notes.
    depths : sequence of int
        How many levels each row is indented; by default none.
    folded : int, optional
        Lines of a cell that are shown at once; the others are folded away, if they are two or
        more. All by default.

    Examples
    --------
    >>> print(html_table("Codes", ["Code", "Uses"], [["<b>", "12"]]).replace("><", ">\n<"))
    <table>
    <caption style='text-align:left;font-weight:bold'>Codes</caption>
    <thead>
    <tr>
    <th scope='col' style='...left...'>Code</th>
    <th scope='col' style='...right...'>Uses</th>
    </tr>
    </thead>
    <tbody>
    <tr>
    <th scope='row' style='...left...'>&lt;b&gt;</th>
    <td style='...right...'>12</td>
    </tr>
    </tbody>
    </table>
    """
    held = [list(row) for row in rows]
    listed = "".join(f"<li>{_safe(note)}</li>" for note in notes)
    below = f"<p>{_safe(heading)}</p>" if heading and listed else ""
    below += f"<ul>{listed}</ul>" if listed else ""
    if not held:
        return f"<p>{_safe(caption)}</p>{below}"
    sides = [LEFT, *map(_side, list(zip(*held, strict=True))[1:])]
    head = "".join(
        f"<th scope='col' style='{side}'>{_safe(name)}</th>" if name else "<td></td>"
        for name, side in zip(columns, sides, strict=bool(columns))
    )
    body = "".join(
        f"<tr>{_row_heading(_cell(first, folded), depth)}"
        + "".join(
            f"<td style='{side}'>{_cell(cell, folded)}</td>"
            for cell, side in zip(cells, sides[1:], strict=True)
        )
        + "</tr>"
        for (first, *cells), depth in zip(held, depths or [0] * len(held), strict=True)
    )
    title = f"<caption style='{CAPTION}'>{_safe(caption)}</caption>" if caption else ""
    head = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f"<table>{title}{head}<tbody>{body}</tbody></table>{below}"


def _row_heading(words: str, depth: int) -> str:
    style = f"{LEFT}{_inset(depth)}"
    return (
        f"<th scope='row' style='{style}'>{words}</th>" if words else f"<td style='{style}'></td>"
    )


def without_empty_headings(html: str) -> str:
    """Return a table of pandas' with plain cells where it has headings without a word.

    A screen reader announces an empty heading with every cell of its row or column.

    Examples
    --------
    >>> without_empty_headings("<tr><th></th><th>n</th></tr>")
    '<tr><td></td><th>n</th></tr>'
    """
    return re.sub(r"<th([^>]*)>(\s*)</th>", r"<td\1>\2</td>", html)


def _side(cells: Sequence[Cell]) -> str:
    """Return the style of a column: that of numbers if it contains only numbers."""
    plain = all(isinstance(cell, str) and is_number(cell) for cell in cells)
    return RIGHT if plain and any(cells) else LEFT


def _inset(depth: int) -> str:
    return f";padding-left:{0.5 + INDENT * depth:g}em" if depth else ""


def _cell(cell: Cell, folded: int | None) -> str:
    lines = [cell] if isinstance(cell, str) else cell
    if len(lines) < 2:
        return "".join(map(_line, lines))
    shown = len(lines) if folded is None or len(lines) <= folded + 1 else folded
    found = _listed(lines[:shown])
    if rest := lines[shown:]:
        found += f"<details><summary>and {len(rest)} more</summary>{_listed(rest)}</details>"
    return found


def _listed(lines: Sequence[Line]) -> str:
    items = "".join(f"<li>{_line(line)}</li>" for line in lines)
    return f"<ul style='margin:0;padding-left:1.2em'>{items}</ul>"


def _line(line: Line) -> str:
    return "".join(map(_part, [line] if isinstance(line, str) else line))


def _part(part: str) -> str:
    if isinstance(part, Bold):
        return f"<b>{_safe(part)}</b>"
    if isinstance(part, Marked):
        return f"<mark style='text-decoration:underline'>{_safe(part)}</mark>"
    return _safe(part)


def _safe(text: str) -> str:
    return escape(printable(text))


def with_notes(text: str, notes: Iterable[str]) -> str:
    r"""Return a text followed by its notes, so that a study left out is always mentioned.

    Examples
    --------
    >>> with_notes("3 studies.", ["One study was left out."])
    '3 studies.\n  Note: One study was left out.'
    """
    return "\n".join([text, *(f"  Note: {note}" for note in notes)])


_CHANGEABLE = r"(pd\.(DataFrame|Series)|np\.ndarray|Array|dict|Mapping)\b"
"""Types of fields, as they are written, whose values can be changed in place."""
_DEFAULT = object()
"""Stands for the default of a field while its class is made, since a default is made anew."""


class Shown(Named):
    """A result that is displayed as text, and as a small table in a notebook.

    A subclass gives `_title` and `_facts` (label and formatted value), or `_headings` and
    `_rows` where it is a table of several columns, and `_notes` where it has any; `_line` where
    its text is not title and facts. It never writes HTML itself, so that all text on a page is
    escaped, and leaves `__str__` as it is, so that whoever prints a result sees its notes.

    Its tables, arrays and dictionaries are returned as copies: changing one does not change the
    result, whose numbers were computed from it.
    """

    def __init_subclass__(cls, **named: Any) -> None:
        """Return the fields of a dataclass that can be changed in place as copies."""
        super().__init_subclass__(**named)
        for name, kind in inspect.get_annotations(cls).items():
            if re.match(_CHANGEABLE, str(kind)):
                setattr(cls, name, _Copied(name, cls.__dict__.get(name, MISSING)))
        guarded_class(cls)

    def _title(self) -> str:
        raise NotImplementedError

    def _facts(self) -> Sequence[tuple[str, str]]:
        raise NotImplementedError

    def _headings(self) -> Sequence[str]:
        return ()

    def _rows(self) -> Iterable[Sequence[Cell]]:
        return self._facts()

    def _notes(self) -> Sequence[str]:
        return ()

    def _line(self) -> str:
        """Return the result in one line, without its notes."""
        return f"{self._title()}: " + "; ".join(f"{name} {value}" for name, value in self._facts())

    def __str__(self) -> str:
        """Return the result in one line, with each of its notes on a line below."""
        return with_notes(self._line(), self._notes())

    def __repr__(self) -> str:
        """Return the result as text, without addresses, so that notebooks stay stable."""
        return str(self)

    def _repr_html_(self) -> str:
        return html_table(self._title(), self._headings(), self._rows(), notes=self._notes())


class _Copied:
    """A field of a result that can be changed in place, and returns copies of it."""

    def __init__(self, name: str, default: Any) -> None:
        self._name = name
        self._default = default

    def __get__(self, result: object | None, owner: type) -> Any:
        if result is None:  # as the class is made: asked for the default
            if self._default is MISSING:
                raise AttributeError(self._name)
            return _DEFAULT
        return _copied(vars(result)[self._name])

    def __set__(self, result: object, value: Any) -> None:
        if value is _DEFAULT:
            value = self._default
            if isinstance(value, Field):
                value = (
                    value.default_factory() if callable(value.default_factory) else value.default
                )
        vars(result)[self._name] = value


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: dict(one) if isinstance(one, dict) else one for key, one in value.items()}
    if hasattr(value, "iloc"):
        return value.copy(deep=not _copies_on_write())
    return value.copy() if hasattr(value, "copy") else value


def _copies_on_write() -> bool:
    """Whether a shallow copy of a table is safe from changes, as it is from pandas 3 on."""
    import pandas as pd

    return int(pd.__version__.split(".")[0]) >= 3
