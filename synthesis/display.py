"""How results show themselves. Rounding happens here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

NOT_ESTIMATED = "–"
"""Shown where there is no number; the result's notes say why."""


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a fixed count of decimals; a rounded zero carries no sign.

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


def count(n: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: ``1 study``, ``23 studies``.

    Examples
    --------
    >>> count(1, "study", "studies"), count(23, "study", "studies"), count(2, "row")
    ('1 study', '23 studies', '2 rows')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


class Shown:
    """A result that shows itself: one line as text, a small table in a notebook.

    A subclass gives `_title`, `_facts` (label and formatted value) and, where it has any,
    `_notes`; it never writes HTML itself, so that nothing reaches a page unescaped.
    """

    def _title(self) -> str:
        raise NotImplementedError

    def _facts(self) -> Sequence[tuple[str, str]]:
        raise NotImplementedError

    def _notes(self) -> Sequence[str]:
        return ()

    def __str__(self) -> str:
        """Return the result in one line."""
        return f"{self._title()}: " + "; ".join(f"{name} {value}" for name, value in self._facts())

    def _with_notes(self, sentence: str) -> str:
        """Return a sentence with the notes under it: a study left out must not go unsaid."""
        return "\n".join([sentence, *(f"  Note: {note}" for note in self._notes())])

    def __repr__(self) -> str:
        """Return the result as text, without addresses, so that notebooks stay stable."""
        return str(self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{escape(name)}</th>"
            f"<td style='text-align:left'>{escape(value)}</td></tr>"
            for name, value in self._facts()
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self._notes())
        return (
            f"<table><caption style='text-align:left;font-weight:bold'>{escape(self._title())}"
            f"</caption><tbody>{rows}</tbody></table>" + (f"<ul>{notes}</ul>" if notes else "")
        )
