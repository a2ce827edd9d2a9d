"""A model laid out, with Graphviz asked where the layout needs it."""

from __future__ import annotations

from arrowroot.options import one_of
from logicmodels.figures.layout.layout import Layout, Space, as_written
from logicmodels.figures.layout.layout import layout as laid_out
from logicmodels.figures.overlays import NOTHING, Overlay
from logicmodels.model import Model

ORDERS = ("author", "auto")


def layout(
    model: Model,
    *,
    title: bool = True,
    overlay: Overlay = NOTHING,
    order: str = "author",
    space: Space | None = None,
) -> Layout:
    """Return where everything in a model's figure is placed.

    Parameters
    ----------
    model : Model
        What to draw.
    title, overlay, space
        As for `logicmodels.figures.layout.layout.layout`.
    order : {"author", "auto"}
        Whether boxes keep the author's order within their column, or take the one that makes
        fewest crossings of arrows.
    """
    from logicmodels.figures.engines.auto import fewest_crossings
    from logicmodels.figures.engines.free import draw_map

    chosen = one_of("order", order, ORDERS)
    return laid_out(
        model,
        title=title,
        overlay=overlay,
        arrange=fewest_crossings if chosen == "auto" else as_written,
        draw_map=draw_map,
        space=space,
    )
