"""The parts of a figure: boxes with lines of text, measured before anything is placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from arrowroot.fonts import lacks, wrap, wrap_evenly
from logicmodels.figures import style
from logicmodels.records import Node

_CHARACTERS_TO_SHOW = 600
"""A longer label is cut with an ellipsis; its SVG title and the outline have the full text."""


@dataclass(frozen=True)
class Line:
    """A line of text as it is drawn."""

    text: str
    size: float = style.FONT_SIZE
    bold: bool = False
    left: bool = False
    quiet: bool = False

    @property
    def height(self) -> float:
        """Its height."""
        height = self.size * style.LINE_HEIGHT
        return max(height, style.STAND_IN_HEIGHT) if lacks(self.text) else height


@dataclass(frozen=True)
class Placed:
    """A box with its text: its middle, and its size."""

    name: str
    lines: tuple[Line, ...]
    x: float
    y: float
    width: float
    height: float
    kind: str = ""

    def mirrored(self, width: float) -> Placed:
        """Return the box as placed in a figure of that width read from right to left."""
        return replace(self, x=width - self.x)

    def turned(self) -> Placed:
        """Return the box with across for down."""
        return replace(self, x=self.y, y=self.x, width=self.height, height=self.width)

    def moved(self, right: float, down: float) -> Placed:
        """Return the box moved."""
        return replace(self, x=self.x + right, y=self.y + down)

    def lowered(self, by: float) -> Placed:
        """Return the box moved down."""
        return replace(self, y=self.y + by)

    def overlaps(self, other: Placed, apart: float = 0.0) -> bool:
        """Return whether two boxes share any area, or are closer than `apart`."""
        across = abs(self.x - other.x) - (self.width + other.width) / 2
        down = abs(self.y - other.y) - (self.height + other.height) / 2
        return across < apart and down < apart


def box_lines(node: Node, width: float, details: Sequence[str] = ()) -> tuple[Line, ...]:
    """Return the lines that a node's box shows: its label, its items as a list, its details."""
    inner = width - 2 * style.PADDING
    bold = bool(node.items or details)
    lines = [
        Line(text, bold=bold)
        for text in wrap_evenly(marked(node), inner, style.FONT_SIZE, "bold" if bold else "regular")
    ]
    small = [
        Line(text, style.NOTE_SIZE, left=True)
        for detail in details
        for text in wrap(shown(detail), inner, style.NOTE_SIZE)
    ]
    return (*lines, *listed(node.items, inner), *small)


def marked(node: Node) -> str:
    """Return as much of a label as a box can show, after the sign of an unwanted effect."""
    return f"{style.HARM_SIGN} {shown(node.label)}" if node.harm else shown(node.label)


def outline(node: Node, line: str = "solid") -> str:
    """Return the line around a node's box: an overlay's own, or that of an unwanted effect."""
    return style.HARM_LINE if node.harm and line == "solid" else line


def context_entries(nodes: Sequence[Node], letters: Mapping[str, str] | None = None) -> list[str]:
    """Return what a box of context lists: its nodes, some after a letter, and their items."""
    return [
        entry
        for node in nodes
        for entry in (f"{(letters or {}).get(node.id, '')} {marked(node)}".strip(), *node.items)
    ]


def listed(items: Sequence[str], inner: float) -> list[Line]:
    """Return items as lines, each item with a bullet and its further lines indented."""
    lines = []
    for item in items:
        first, *further = wrap(shown(item), inner - 8, style.FONT_SIZE)
        lines.append(Line(f"•\u2009{first}", left=True))
        lines += [Line(f"\u2002{text}", left=True) for text in further]
    return lines


def shown(text: str) -> str:
    """Return as much of a text as a box can show."""
    return text if len(text) <= _CHARACTERS_TO_SHOW else text[: _CHARACTERS_TO_SHOW - 1] + "…"


def height_of(lines: Sequence[Line], padding: float = style.PADDING) -> float:
    """Return the height of a box that holds some lines."""
    return sum(line.height for line in lines) + 2 * padding
