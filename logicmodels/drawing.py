"""A logic model as a figure: its DOT text, and the words for its parts."""

from __future__ import annotations

import re

from logicmodels.describe import summary
from logicmodels.dot import to_dot
from logicmodels.figure import Figure
from logicmodels.model import LogicModel
from logicmodels.overlays import Overlay, overlay_for
from logicmodels.text import one_line

_PART = re.compile(r"(node|link)_(.+)")
"""How `logicmodels.dot` names boxes, by id, and arrows, by their place in the model."""


def draw(model: LogicModel, *, view: str | Overlay, theme: str, title: bool) -> Figure:
    """Draw a logic model; see `LogicModel.draw`."""
    overlay = overlay_for(view, model) if isinstance(view, str) else view

    def said(name: str) -> str:
        matched = _PART.fullmatch(name)
        if matched is None:
            return ""
        kind, which = matched.groups()
        if kind == "node":
            return one_line(model.node(which).sentence)
        return one_line(model.sentence(model.links[int(which)]))

    return Figure(
        to_dot(model, theme, title=title, overlay=overlay),
        title=one_line(model.title),
        description=summary(model),
        said=said,
    )
