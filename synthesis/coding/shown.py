"""Tables for a notebook's page: a title, headings, rows and notes, everything escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

LEFT = "text-align:left;vertical-align:top"
INDENT = 1.2
"""How far a row is indented for each level, in widths of a letter."""


def table(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    notes: Sequence[str] = (),
    depths: Sequence[int] = (),
) -> str:
    """Return a table as HTML.

    Parameters
    ----------
    title : str
        The caption above it.
    headings : sequence of str
        Names of the columns.
    rows : sequence of sequence of str
        The cells, as long as `headings`; the first of each row names the row.
    notes : sequence of str
        Sentences below.
    depths : sequence of int
        How many levels each row is indented; by default none.

    Examples
    --------
    >>> print(table("Codes", ["Code"], [["<b>"]]))  # doctest: +ELLIPSIS
    <table><caption ...>Codes</caption>...<th scope='row' ...>&lt;b&gt;</th></tr></tbody></table>
    """
    head = "".join(f"<th scope='col' style='{LEFT}'>{escape(one)}</th>" for one in headings)
    body = "".join(
        f"<tr><th scope='row' style='{LEFT}{_inset(depth)}'>{escape(first)}</th>"
        + "".join(f"<td style='{LEFT}'>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for (first, *cells), depth in zip(rows, depths or [0] * len(rows), strict=True)
    )
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return (
        f"<table><caption style='text-align:left;font-weight:bold'>{escape(title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        + (f"<ul>{listed}</ul>" if listed else "")
    )


def _inset(depth: int) -> str:
    return f";padding-left:{0.5 + INDENT * depth:g}em" if depth else ""


def filled(
    headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Leave out the columns that are empty in every row.

    Examples
    --------
    >>> filled(["Code", "Example"], [["staff", ""]])
    (['Code'], [['staff']])
    """
    kept = [at for at in range(len(headings)) if any(row[at] for row in rows)]
    return [headings[at] for at in kept], [[row[at] for at in kept] for row in rows]
