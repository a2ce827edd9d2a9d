"""A logic model as a figure: its DOT text, and the words for its parts."""

from __future__ import annotations

import re
from functools import partial

from arrowroot.text import one_line
from logicmodels.figures.dot import to_dot
from logicmodels.figures.figure import Figure
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.views import Seen, arrow_words, box_words, look_at
from logicmodels.model import Model
from logicmodels.questions.describe import summary

_PART = re.compile(r"(node|link|context)_(.+)")
"""How `dot` names boxes, by id, arrows, by their place in the model, and context, by its column."""


def draw(model: Model, *, view: str | Overlay, theme: str | None, title: bool) -> Figure:
    """Draw a logic model; see `LogicModel.draw`."""
    seen = look_at(model, view, theme)

    def said(name: str) -> str:
        matched = _PART.fullmatch(name)
        return one_line(_words(seen, *matched.groups())) if matched else ""

    return Figure(
        to_dot(seen.model, seen.theme, title=title, overlay=seen.overlay),
        title=one_line(seen.model.title),
        description=summary(seen.model),
        said=said,
        exports={
            suffix: partial(_exported, suffix, model, view, theme, title)
            for suffix in ("pptx", "drawio", "mmd", "graphml")
        },
    )


def _words(seen: Seen, kind: str, which: str) -> str:
    """Return the words for a box, an arrow or a box of context."""
    model, overlay = seen.model, seen.overlay
    if kind == "context":
        entries = "; ".join(node.sentence for node in model.column(which))
        return f"{model.heading(which)}: {entries}"
    if kind == "node":
        return box_words(model, overlay, which)
    return arrow_words(model, overlay, int(which))


def _exported(
    suffix: str, model: Model, view: str | Overlay, theme: str | None, title: bool
) -> str | bytes:
    """Return a file for another program; its writer is imported only when it is needed."""
    match suffix:
        case "pptx":
            from logicmodels.export.pptx import to_pptx

            return to_pptx(model, view=view, theme=theme, title=title)
        case "drawio":
            from logicmodels.export.drawio import to_drawio

            return to_drawio(model, view=view, theme=theme, title=title)
        case "mmd":
            from logicmodels.export.mermaid import to_mermaid

            return to_mermaid(model, view=view, theme=theme)
        case _:
            from logicmodels.export.graphml import to_graphml

            return to_graphml(model, view=view, theme=theme)
