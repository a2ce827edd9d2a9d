"""A logic model as Mermaid text, for pages that draw it themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from arrowroot.fonts import wrap
from arrowroot.text import one_line
from logicmodels.figures import style
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.figures.parts import marked, shown
from logicmodels.figures.views import look_at
from logicmodels.model import Model
from logicmodels.records import Link, Node

_HEADS = {"tee": "x", "diamond": "o"}
"""Mermaid has neither bars nor diamonds at the ends of arrows: a cross and a circle instead."""
_DASHES = {"dashed": "6 4", "dotted": "2 3"}
_BOX, _NOTES = 170.0, 560.0
"""How wide texts may be, in points of our own font, where there are notes."""
_BROAD = '%%{init: {"flowchart": {"wrappingWidth": 900}}}%%'
"""Mermaid wraps all text at one width, which is too narrow for notes, so we wrap it here."""


def to_mermaid(model: Model, *, view: str | Overlay = "overview", theme: str | None = None) -> str:
    """Return a model as a Mermaid flowchart; see `LogicModel.to_mermaid`."""
    seen = look_at(model, view, theme)
    model, overlay = seen.model, seen.overlay
    notes = [line.text for line in overlay.captions]
    width = _BOX if notes else math.inf
    lines = [
        *([_BROAD] if notes else ()),
        "flowchart LR",
        f"    accTitle: {_plain(model.title)}",
    ]
    if model.description:
        lines.append(f"    accDescr: {_plain(model.description)}")
    for column in model.profile.columns:
        nodes = model.column(column.id)
        boxes = [f'node_{n.id}["{_quoted(_texts(n, overlay), width)}"]' for n in nodes]
        if model.profile.free:
            lines += [f"    {box}" for box in boxes]
        elif nodes:
            lines.append(
                f'    subgraph column_{column.id}["{_quoted([model.heading(column.id)])}"]'
            )
            lines.append("        direction TB")
            lines += [f"        {box}" for box in boxes]
            lines.append("    end")
    for place, link in enumerate(model.links):
        mark = overlay.links.get(place)
        texts = [*style.signs(link), link.on_arrow, mark.text if mark else ""]
        texts = [text for text in texts if text]
        label = f'|"{_quoted([" ".join(texts)])}"|' if texts else ""
        lines.append(f"    node_{link.source} {_arrow(link, mark)}{label} node_{link.target}")
        if link.because.strip():
            lines.append(f"    %% because {_comment(link.because)}")
    look = style.theme_named(seen.theme)
    lines += _link_styles(overlay, look.tones)
    lines += [
        f"    style node_{node.id} stroke:{look.harm},stroke-width:{style.HARM_EDGE:g}px,"
        f"stroke-dasharray:{_DASHES[style.HARM_LINE]}"
        for node in model.nodes
        if node.harm
    ]
    if notes:
        lines.append(f'    notes["{_quoted(notes, _NOTES)}"]')
        lines.append("    style notes text-align:left,fill:none,stroke:none")
    return "\n".join(lines) + "\n"


def _texts(node: Node, overlay: Overlay) -> tuple[str, ...]:
    """Return the lines of a box: its mark before its label, then its items and its details."""
    mark = overlay.nodes.get(node.id)
    colon = ":" if node.acts_on else ""
    label = f"{mark.text}{colon} {marked(node)}" if mark and mark.text else marked(node)
    return (label, *node.items, *overlay.details.get(node.id, ()))


def _arrow(link: Link, mark: Mark | None) -> str:
    """Return an arrow in Mermaid's syntax."""
    line = mark.line if mark else "dashed" if link.feedback else "solid"
    head = _HEADS.get(mark.head, ">") if mark else ">"
    start = {">": "<"}.get(head, head) if link.mutual else ""
    return f"{start}{'--' if line == 'solid' else '-.-'}{head}"


def _link_styles(overlay: Overlay, tones: dict[str, str]) -> Iterator[str]:
    for place, mark in sorted(overlay.links.items()):
        looks = [f"stroke:{tones[mark.tone]}", f"stroke-width:{mark.width:g}px"]
        if mark.line in _DASHES:
            looks.append(f"stroke-dasharray:{_DASHES[mark.line]}")
        yield f"    linkStyle {place} {','.join(looks)}"


def _quoted(texts: Sequence[str], width: float = math.inf) -> str:
    """Return texts for a quoted label, in lines no wider than `width`.

    Mermaid reads Markdown, HTML and entities inside quotes, so everything except letters and
    spaces is written by number. It refuses a diagram of more than 50,000 characters, so no text is
    longer than in a figure.
    """
    return "<br/>".join(
        "".join(
            character if character.isalnum() or character == " " else f"#{ord(character)};"
            for character in line
        )
        for text in texts
        for line in wrap(one_line(shown(text)), width, style.FONT_SIZE)
    )


_LOOKALIKES = str.maketrans(
    {
        "{": "(",
        "}": ")",
        "<": "\u2039",
        ">": "\u203a",
        "&": "+",
        "'": "\u2019",
        "`": "\u2019",
        "\\": "/",
    }
)
"""What stands in a comment for the characters that Mermaid, or the page around it, would read."""


def _comment(text: str) -> str:
    """Return text for a comment, which a diagram does not show."""
    return one_line(text).translate(_LOOKALIKES)


def _plain(text: str) -> str:
    """Return text for a line that Mermaid does not draw; symbols of its syntax are left out."""
    return "".join(
        character
        for character in one_line(text)
        if character.isalnum() or character in " .,'’–-()/"
    )
