"""A logic model as a figure, in every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from arrowroot.errors import OptionError
from arrowroot.options import one_of
from arrowroot.text import one_line
from logicmodels.figures.figure import Figure
from logicmodels.figures.layout.layout import DIRECTIONS, Space
from logicmodels.figures.model_scene import seen_scene
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.pages.paged import Pages
from logicmodels.figures.placing import ORDERS
from logicmodels.figures.scene.paper import PAPERS
from logicmodels.figures.scene.scene import Scene
from logicmodels.figures.views import Seen, look_at
from logicmodels.model import Model
from logicmodels.questions.describe import describe


def draw(
    model: Model,
    *,
    view: str | Overlay,
    theme: str | None,
    title: bool,
    order: str = "author",
    direction: str | None = None,
    page: str | None = None,
) -> Figure | Pages:
    """Draw a logic model; see `LogicModel.draw`."""
    one_of("order", order, ORDERS)
    if direction is not None:
        one_of("direction", direction, DIRECTIONS)
        if model.profile.free:
            raise OptionError(
                "direction: a causal loop map has no columns, and so no direction; leave it out."
            )
    seen = look_at(model, view, theme)
    export = partial(_exported, model=model, view=view, theme=theme, order=order)
    exports = {suffix: partial(export, suffix) for suffix in ("mmd", "graphml")}
    if page is not None:
        return _on_pages(seen, page, title, order, direction or "", exports)
    space = Space(direction or "")
    return _figure(seen_scene(seen, title=title, order=order, space=space), seen, exports)


def _figure(scene: Scene, seen: Seen, exports: Mapping[str, Callable[[], str]]) -> Figure:
    words = {"docx": partial(_word, [scene], seen.model)}
    return Figure(scene, exports={**words, **exports}, notes=lambda: str(describe(seen.model)))


def _on_pages(
    seen: Seen,
    page: str,
    title: bool,
    order: str,
    direction: str,
    exports: Mapping[str, Callable[[], str]],
) -> Figure | Pages:
    """Return a figure on one page, or on several where it does not fit."""
    from logicmodels.figures.pages.book import pages
    from logicmodels.figures.pages.fit import How

    paper = PAPERS[one_of("page", page.lower() if isinstance(page, str) else page, list(PAPERS))]
    sections = [("", seen), *_opened(seen, set())]
    found = pages(sections, How(title, order, direction), paper)
    if len(found) == 1 and not found[0].remark:
        return _figure(found[0].scene, found[0].seen, exports)
    figures = [_figure(one.scene, one.seen, {}) for one in found]
    models = [one.model for _, one in sections]
    words = {"docx": partial(_word, [one.scene for one in found], *models)}
    remarks = [f"Page {n}: {one.remark}" for n, one in enumerate(found, 1) if one.remark]
    return Pages(
        figures, title=one_line(seen.model.title), exports={**words, **exports}, remarks=remarks
    )


def _opened(seen: Seen, known: set[str]) -> Iterator[tuple[str, Seen]]:
    """Yield the models that boxes open into, each once, as the same view shows them."""
    shown = {node.model for node in seen.model.nodes}
    for opened in seen.model.opened:
        if opened.file in shown and opened.path not in known:
            known.add(opened.path)
            inner = look_at(opened.model, seen.show or "overview", seen.theme)
            yield opened.path, inner
            yield from _opened(inner, known)


def _word(scenes: list[Scene], *models: Model) -> bytes:
    from logicmodels.export.word import document

    return document(scenes, models)


def _exported(suffix: str, *, model: Model, view: Any, theme: str | None, order: str) -> str:
    """Return a file for another program; its writer is imported only when it is needed."""
    if suffix == "mmd":
        from logicmodels.export.mermaid import to_mermaid

        return to_mermaid(model, view=view, theme=theme)
    from logicmodels.export.graphml import to_graphml

    return to_graphml(model, view=view, theme=theme, order=order)
