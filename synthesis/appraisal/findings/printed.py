"""A table as it is printed: the same text in notebook, Word file, workbook, page and Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from arrowroot.sheets import WIDE, Column, Sheet
from arrowroot.text import printable

Cell = tuple[str, ...]
"""The lines of a cell."""


@dataclass(frozen=True)
class Group:
    """Rows below one heading.

    Attributes
    ----------
    heading : str
        What they have in common; empty if there is nothing to say.
    rows : tuple of tuple of Cell
        The cells, from left to right.
    """

    heading: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Printed:
    """A table that is ready to be written.

    Attributes
    ----------
    title : str
        What it is.
    facts : tuple of (str, str)
        What stands above: population, setting and the like.
    columns : tuple of str
        Headings.
    widths : tuple of float
        Shares of the width, one per column.
    groups : tuple of Group
        The rows.
    notes : tuple of (str, str)
        The footnotes: mark and text; the mark of a general note is empty.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    groups: tuple[Group, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass
class Footnotes:
    """Footnotes as they are met, each text once: a, b, ... z, aa, ab."""

    texts: list[str] = field(default_factory=list)

    def marks(self, texts: Sequence[str]) -> str:
        """Return the marks of some texts, as ``" [a, b]"``; empty if there are none."""
        found = []
        for text in texts:
            if text not in self.texts:
                self.texts.append(text)
            found.append(self.texts.index(text))
        return f" [{', '.join(map(letter, sorted(set(found))))}]" if found else ""

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Return mark and text of every footnote."""
        return tuple((letter(place), text) for place, text in enumerate(self.texts))


def letter(place: int) -> str:
    """Return the mark of the footnote at a place, counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26)
    ('a', 'z', 'aa')
    """
    rest, last = divmod(place, 26)
    return (letter(rest - 1) if rest else "") + chr(ord("a") + last)


def to_markdown(printed: Printed) -> str:
    """Return the table as Markdown."""
    lines = [f"## {_md(printed.title)}", ""]
    lines += [f"- **{_md(name)}**: {_md(said)}" for name, said in printed.facts]
    lines += [""] if printed.facts else []
    lines += [_md_row([(name,) for name in printed.columns]), "|" + "---|" * len(printed.columns)]
    for group in printed.groups:
        if group.heading:
            blank: list[Cell] = [("",)] * (len(printed.columns) - 1)
            lines.append(_md_row([(f"**{_md(group.heading)}**",), *blank], plain=True))
        lines += [_md_row(row) for row in group.rows]
    lines += [""]
    for mark, text in printed.notes:
        lines += [f"{f'[{mark}] ' if mark else ''}{_md(text)}", ""]
    return "\n".join(lines)


def _md_row(cells: Sequence[Cell], *, plain: bool = False) -> str:
    said = ("<br>".join(line if plain else _md(line) for line in cell) for cell in cells)
    return f"| {' | '.join(said)} |"


def _md(text: str) -> str:
    """Return text in which Markdown sees no table, link, emphasis or HTML."""
    safe = re.sub(r"([\\|*_`])", r"\\\1", printable(text).replace("\n", " "))
    return escape(safe, quote=False).replace("](", "]\\(")


def to_html(printed: Printed) -> str:
    """Return the table as HTML for a notebook, with everything in it escaped."""
    style = "text-align:left;vertical-align:top;padding:0.3em 0.5em;border:1px solid #b8c0c8"
    head = "".join(
        f"<th scope='col' style='{style}'>{_html(name)}</th>" for name in printed.columns
    )
    body = []
    for group in printed.groups:
        if group.heading:
            body.append(
                f"<tr><th scope='colgroup' colspan='{len(printed.columns)}' style='{style};"
                f"background:rgba(120,140,160,0.15)'>{_html(group.heading)}</th></tr>"
            )
        for first, *cells in group.rows:
            rest = "".join(f"<td style='{style}'>{_lines(cell)}</td>" for cell in cells)
            body.append(f"<tr><th scope='row' style='{style}'>{_first(first)}</th>{rest}</tr>")
    plain = "<span style='font-weight:normal'>"
    facts = "".join(
        f"<br>{plain}<b>{_html(name)}:</b> {_html(said)}</span>" for name, said in printed.facts
    )
    notes = "".join(
        f"<p style='margin:0.2em 0'>{f'<b>[{mark}]</b> ' if mark else ''}{_html(text)}</p>"
        for mark, text in printed.notes
    )
    title = f"{_html(printed.title)}{facts}"
    caption = (
        f"<caption style='text-align:left;font-weight:bold;padding-bottom:0.5em'>{title}</caption>"
    )
    return (
        f"<table style='border-collapse:collapse'>{caption}"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
        f"<div style='font-size:90%'>{notes}</div>"
    )


def to_page(printed: Printed) -> str:
    """Return a web page of its own that fetches nothing."""
    css = (
        "body{font-family:'Liberation Sans',Arial,sans-serif;margin:2em;line-height:1.35;"
        "color:#111;background:#fff}table{font-size:90%}.wide{overflow-x:auto}"
    )
    title = _html(printed.title)
    return (
        f"<!DOCTYPE html>\n<html lang='en-GB'><head><meta charset='utf-8'><title>{title}</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<style>{css}</style></head><body><main class='wide'>{to_html(printed)}</main></body>"
        "</html>\n"
    )


def _first(cell: Cell) -> str:
    """Return the cell that names a row: what stands below the name is not bold."""
    name, *rest = map(_html, cell)
    if not rest:
        return name
    return f"{name}<br><span style='font-weight:normal'>{'<br>'.join(rest)}</span>"


def _lines(cell: Cell) -> str:
    return "<br>".join(_html(line) for line in cell)


def _html(text: str) -> str:
    return escape(printable(text))


def to_sheets(printed: Printed) -> list[Sheet]:
    """Return the table as sheets of a workbook: the table, and what stands above and below."""
    total = sum(printed.widths)
    columns = [
        Column(name, max(14, round(150 * share / total)), bold=place == 0)
        for place, (name, share) in enumerate(zip(printed.columns, printed.widths, strict=True))
    ]
    rows: list[list[str]] = []
    for group in printed.groups:
        if group.heading:
            rows.append([group.heading, *[""] * (len(columns) - 1)])
        rows += [["\n".join(cell) for cell in row] for row in group.rows]
    notes = [["", printed.title], *([name, said] for name, said in printed.facts), *printed.notes]
    return [
        Sheet("findings", columns, rows, freeze="B2"),
        Sheet(
            "notes", [Column("mark", 16), Column("note", 2 * WIDE)], [list(one) for one in notes]
        ),
    ]


def to_document(printed: Printed) -> bytes:
    """Return the table as a Word file, in landscape."""
    from arrowroot.display import Bold
    from arrowroot.documents import TO_LEFT, Document, DocumentCell

    file = Document(printed.title, landscape=True)
    file.heading(printed.title)
    for name, said in printed.facts:
        file.paragraph([Bold(f"{name}: "), said])
    rows: list[list[DocumentCell]] = [list(printed.columns)]
    bands = []
    for group in printed.groups:
        if group.heading:
            bands.append(len(rows))
            rows.append([group.heading, *[TO_LEFT] * (len(printed.columns) - 1)])
        rows += [[list(cell) for cell in row] for row in group.rows]
    file.table(rows, bands=bands, widths=printed.widths)
    file.notes((f"[{mark}]" if mark else "", text) for mark, text in printed.notes)
    return file.to_bytes()
