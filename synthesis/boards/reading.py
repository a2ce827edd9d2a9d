"""What a board shows of an item: fields of one text, or of two texts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

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
    """

    label: str
    cells: tuple[list[Piece], ...]
    kind: str = "text"
    verdict: str = ""


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
        heads = "".join(
            f"<th scope='col' style='{_LEFT}'>{escape(head)}</th>" for head in self.heads
        )
        compared = len(self.heads) > 1
        spare = "<th scope='col'></th>" if compared else ""
        rows = "".join(
            f"<tr><th scope='row' style='{_LEFT}'>{escape(one.label)}</th>"
            + "".join(f"<td style='{_LEFT}'>{_html(cell)}</td>" for cell in one.cells)
            + (f"<td style='{_LEFT}'>{escape(one.verdict)}</td>" if compared else "")
            + "</tr>"
            for one in self.fields
        )
        return (
            f"<table><thead><tr><th></th>{heads}{spare}</tr></thead><tbody>{rows}</tbody></table>"
        )


_LEFT = "text-align:left;vertical-align:top"


def _html(pieces: Sequence[Piece]) -> str:
    return "".join(
        f"<mark style='text-decoration:underline'>{escape(text)}</mark>" if marked else escape(text)
        for text, marked in pieces
    )
