"""What context acts on: the same letter before its words, and on the box or arrow."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.model import Model
from logicmodels.questions.part_names import acted_on, acting_on, name


def with_what_acts(model: Model, overlay: Overlay) -> Overlay:
    """Return an overlay that shows what context acts on: the same letter at both.

    A mark that is there already keeps its look, and has the letter after its own.
    """
    acting = [node for node in model.nodes if node.acts_on]
    if not acting:
        return overlay
    letter = {node.id: _letter(number) for number, node in enumerate(acting)}
    nodes, links = dict(overlay.nodes), dict(overlay.links)
    for node in acting:
        nodes[node.id] = _lettered(nodes.get(node.id), letter[node.id])
    targets = set(chain.from_iterable(map(acted_on, acting)))
    for node in model.nodes:
        if node.id in targets:
            text = " ".join(letter[one.id] for one in acting_on(model, node))
            nodes[node.id] = _lettered(nodes.get(node.id), text)
    for place, link in enumerate(model.links):
        if name(link) in targets:
            text = " ".join(letter[one.id] for one in acting_on(model, link))
            plain = Mark("", "plain", "dashed" if link.feedback else "solid")
            links[place] = _lettered(links.get(place, plain), text)
    words = "Letters on boxes and arrows: what acts on them, named beneath the columns."
    return replace(overlay, nodes=nodes, links=links, remarks=(*overlay.remarks, words))


def _lettered(mark: Mark | None, text: str) -> Mark:
    if mark is None:
        return Mark(text, "plain")
    return replace(mark, text=f"{mark.text} {text}".strip())


def _letter(number: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    before, last = divmod(number, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)
