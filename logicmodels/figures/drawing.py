"""A logic model as a figure: its DOT text, and the words for its parts."""

from __future__ import annotations

import re

from arrowroot.text import one_line
from logicmodels.figures.dot import to_dot
from logicmodels.figures.figure import Figure
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.views import Seen, arrow_words, box_words, look_at
from logicmodels.model import LogicModel
from logicmodels.questions.describe import summary

_PART = re.compile(r"(node|link|context)_(.+)")
"""How `dot` names boxes, by id, arrows, by their place in the model, and context, by its column."""


def draw(model: LogicModel, *, view: str | Overlay, theme: str | None, title: bool) -> Figure:
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
            "pptx": lambda: model.to_pptx(view=view, theme=theme, title=title),
            "drawio": lambda: model.to_drawio(view=view, theme=theme, title=title),
            "mmd": lambda: model.to_mermaid(view=view, theme=theme),
            "graphml": lambda: model.to_graphml(view=view, theme=theme),
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
