"""A flow diagram as DOT text: every box has its position, so that Graphviz only draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from arrowroot.fonts import FAMILY
from synthesis.library.flow import layout, turned_text
from synthesis.library.flow.layout import BAR, BESIDE, BETWEEN, LINE, PAD, SIZE, WIDTH, Arrow, Box

GOLD, GREY, BLUE = "#ffc000", "#d9d9d9", "#9dc3e6"

_Place = tuple[float, float, float, float]
"""Centre, width and height, in points from the lower left."""


def to_dot(counts: Mapping[str, Any]) -> str:
    """Return the diagram as DOT text, for ``layout=nop``: its positions are kept.

    Parameters
    ----------
    counts : mapping
        By the keys of PRISMA2020.

    Returns
    -------
    str
        Boxes, arrows, and the names of the phases as outlines in the background.
    """
    drawn, arrows = layout.boxes(counts)
    places = _places(drawn)
    statements = [_node(box, places[box.name]) for box in drawn]
    for at, arrow in enumerate(arrows):
        statements += _edge(arrow, places, f"corner_{at}")
    signs = [
        turned_text.outlines(box.lines[0], SIZE, places[box.name][:2], BLUE)
        for box in drawn
        if box.kind == "phase"
    ]
    body = "\n".join(f"  {statement}" for statement in statements)
    # Boxes of the phases are drawn in the background too: nodes would cover the outlines.
    bars = [_bar(places[box.name]) for box in drawn if box.kind == "phase"]
    # Graphviz does not read quoted text of more than 16,384 characters, but joins several.
    ground = " + ".join(f'"{part} "' for part in [*bars, *signs])
    return (
        "digraph flow {\n"
        f"  graph [layout=nop, splines=line, pad=0.1, bgcolor=white, _background={ground}]\n"
        f'  node [shape=box, fixedsize=true, fontname="{FAMILY}", fontsize={SIZE:g}, '
        f'margin="{PAD / 72:.4f},0", penwidth=0.8]\n'
        "  edge [penwidth=0.8, arrowsize=0.6]\n"
        f"{body}\n}}\n"
    )


def _places(drawn: Sequence[Box]) -> dict[str, _Place]:
    heights = layout.heights(drawn)
    tops: dict[int, float] = {}
    below = 0.0
    for row in sorted(heights):
        tops[row] = below
        below -= heights[row] + BETWEEN
    bottoms = {row: tops[row] - heights[row] for row in heights}
    places = {}
    for box in drawn:
        last = max(
            row for row in heights if row < box.row + (1 if box.kind != "phase" else box.rows)
        )
        top, bottom = tops[box.row], bottoms[last]
        if box.kind == "phase":
            left, right = 0.0, BAR
        else:
            left = BAR + 14 + box.column * (WIDTH + BESIDE)
            right = left + WIDTH + (box.rows - 1) * (WIDTH + BESIDE)
        height = top - bottom
        if box.kind == "box" and box.row not in (1,):
            height = min(height, len(box.lines) * LINE + 2 * PAD + 6)
            height = max(height, 34.0)
        # In the template boxes in one row share their middle, so that arrows are horizontal.
        places[box.name] = ((left + right) / 2, (top + bottom) / 2, right - left, height)
    lowest = min(y - height / 2 for _, y, _, height in places.values())
    return {name: (x, y - lowest, w, h) for name, (x, y, w, h) in places.items()}


def _node(box: Box, place: _Place) -> str:
    x, y, width, height = place
    at = f'pos="{x:.1f},{y:.1f}", width={width / 72:.4f}, height={height / 72:.4f}'
    if box.kind == "phase":
        return f'{box.name} [{at}, style=invis, label=""]'
    if box.kind == "box":
        label = "".join(f"{_escaped(line)}\\l" for line in box.lines)
        return f'{box.name} [id="node_{box.name}", {at}, label="{label}"]'
    colour = GOLD if box.kind == "header" else GREY
    label = escape(" ".join(box.lines))
    return (
        f'{box.name} [id="node_{box.name}", {at}, style="rounded,filled", fillcolor="{colour}", '
        f"label=<<B>{label}</B>>]"
    )


def _bar(place: _Place) -> str:
    """Return a blue bar with round corners, in the drawing language of Graphviz."""
    x, y, width, height = place
    left, right, low, high = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    turn, soft = 6.0, 2.7
    corners = [
        (left, low + turn), (left, low + soft), (left + soft, low), (left + turn, low),
        (left + turn, low), (right - turn, low), (right - turn, low),
        (right - soft, low), (right, low + soft), (right, low + turn),
        (right, low + turn), (right, high - turn), (right, high - turn),
        (right, high - soft), (right - soft, high), (right - turn, high),
        (right - turn, high), (left + turn, high), (left + turn, high),
        (left + soft, high), (left, high - soft), (left, high - turn),
        (left, high - turn), (left, low + turn), (left, low + turn),
    ]  # fmt: skip
    points = " ".join(f"{a:.2f} {b:.2f}" for a, b in corners)
    return f"S 17 -setlinewidth(0.8) c 7 -#000000 C 7 -{BLUE} b {len(corners)} {points}"


def _edge(arrow: Arrow, places: Mapping[str, _Place], corner: str) -> list[str]:
    if not arrow.corner:
        return [f"{arrow.tail} -> {arrow.head}"]
    x, y = places[arrow.tail][0], places[arrow.head][1]
    return [
        f'{corner} [shape=point, width=0.001, style=invis, label="", pos="{x:.1f},{y:.1f}"]',
        f"{arrow.tail} -> {corner} [arrowhead=none, headclip=false]",
        f"{corner} -> {arrow.head} [tailclip=false]",
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
