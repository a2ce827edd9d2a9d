"""A logic model as a figure, in every format."""

from __future__ import annotations

from functools import partial

from arrowroot.options import one_of
from logicmodels.figures.figure import Figure
from logicmodels.figures.layout.layout import ORDERS
from logicmodels.figures.model_scene import seen_scene
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.views import look_at
from logicmodels.model import Model
from logicmodels.questions.describe import describe


def draw(
    model: Model, *, view: str | Overlay, theme: str | None, title: bool, order: str = "author"
) -> Figure:
    """Draw a logic model; see `LogicModel.draw`."""
    one_of("order", order, ORDERS)
    seen = look_at(model, view, theme)
    return Figure(
        seen_scene(seen, title=title, order=order),
        exports={
            suffix: partial(_exported, suffix, model, view, theme, order)
            for suffix in ("mmd", "graphml")
        },
        notes=lambda: str(describe(seen.model)),
    )


def _exported(suffix: str, model: Model, view: str | Overlay, theme: str | None, order: str) -> str:
    """Return a file for another program; its writer is imported only when it is needed."""
    if suffix == "mmd":
        from logicmodels.export.mermaid import to_mermaid

        return to_mermaid(model, view=view, theme=theme)
    from logicmodels.export.graphml import to_graphml

    return to_graphml(model, view=view, theme=theme, order=order)
