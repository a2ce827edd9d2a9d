"""A logic model as Mermaid text, for pages that draw it themselves."""

from __future__ import annotations

from collections.abc import Sequence

from logicmodels.model import LogicModel
from logicmodels.text import one_line


def to_mermaid(model: LogicModel) -> str:
    """Return a model as a Mermaid flowchart; see `LogicModel.to_mermaid`."""
    lines = [
        "flowchart LR",
        f"    accTitle: {_plain(model.title)}",
    ]
    if model.description:
        lines.append(f"    accDescr: {_plain(model.description)}")
    for column in model.profile.columns:
        nodes = model.column(column.id)
        if nodes:
            lines.append(
                f'    subgraph column_{column.id}["{_quoted([model.heading(column.id)])}"]'
            )
            lines.append("        direction TB")
            lines += [
                f'        node_{node.id}["{_quoted([node.label, *node.items])}"]' for node in nodes
            ]
            lines.append("    end")
    for link in model.links:
        arrow = "-.->" if link.feedback else "-->"
        lines.append(f"    node_{link.source} {arrow} node_{link.target}")
    return "\n".join(lines) + "\n"


def _quoted(texts: Sequence[str]) -> str:
    """Return texts for a quoted label, a line each: all but letters and spaces as entities.

    Mermaid reads Markdown, HTML and entities inside quotes, so every sign is written by number.
    """
    return "<br/>".join(
        "".join(one if one.isalnum() or one == " " else f"#{ord(one)};" for one in one_line(text))
        for text in texts
    )


def _plain(text: str) -> str:
    """Return text for a line that Mermaid does not draw; its own signs are left out."""
    return "".join(one for one in one_line(text) if one.isalnum() or one in " .,'’–-()/")
