"""What a board shows of an item: fields of one text, or of two texts side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from arrowroot.display import Cell, Marked, html_table
from synthesis.boards.highlight import Piece


@dataclass(frozen=True)
class Field:
    """One field of an item.

    Attributes
    ----------
    label : str
        What it is; empty if that is obvious.
    cells : tuple of list of Piece
        Its text, or the two texts to compare.
    kind : {"title", "detail", "text"}
        How large it is set.
    verdict : str
        For two texts: ``same``, ``same words``, ``differs``, ``left only``, ``right only``.
    links : tuple of str
        An address for each text, empty where it has none; see `address`.
    """

    label: str
    cells: tuple[list[Piece], ...]
    kind: str = "text"
    verdict: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """An item as it is shown.

    Attributes
    ----------
    heads : tuple of str
        The item's name, or the names of the two that are compared.
    fields : tuple of Field
        In the order in which to show them.
    """

    heads: tuple[str, ...] = ()
    fields: tuple[Field, ...] = field(default=())

    def to_html(self) -> str:
        """Return it as a table, for pages on which keys cannot be pressed."""
        compared = len(self.heads) > 1
        rows = [
            [one.label, *map(_cell, one.cells), *([one.verdict] if compared else [])]
            for one in self.fields
        ]
        return html_table("", ("", *self.heads, *([""] if compared else [])), rows)


def address(name: str, text: str) -> str:
    """Return the address that a field's text stands for, empty if it is none that is safe.

    Parameters
    ----------
    name : {"doi", "pmid", "url"}
        The field.
    text : str
        What the file says.

    Examples
    --------
    >>> address("doi", "10.1000/a<b"), address("url", "javascript:alert(1)")
    ('https://doi.org/10.1000/a%3Cb', '')
    """
    if name == "doi" and text.startswith("10."):
        return f"https://doi.org/{quote(text, safe='/:;().-_')}"
    if name == "pmid" and text.isdecimal():
        return f"https://pubmed.ncbi.nlm.nih.gov/{text}/"
    if name == "url" and re.fullmatch(r"https?://[^\s/@\\\"'<>`]+(?:[/?#][^\s\"'<>`\\]*)?", text):
        return text
    return ""


def _cell(pieces: Sequence[Piece]) -> Cell:
    return [tuple(Marked(text) if marked else text for text, marked in pieces)]
