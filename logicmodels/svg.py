"""From Graphviz's SVG to one that can be read aloud, selected from and shown anywhere."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from xml.etree import ElementTree as ET

from logicmodels.describe import summary
from logicmodels.fonts import FAMILY, face_rule
from logicmodels.model import LogicModel
from logicmodels.text import one_line

_SVG = "{http://www.w3.org/2000/svg}"
_PART = re.compile(r"(node|link)_(.+)")
_PIXELS = 96 / 72
"""To the point."""


def readable(drawn: str, model: LogicModel) -> str:
    """Return Graphviz's SVG with a title, a description, sentences and its font.

    Parameters
    ----------
    drawn : str
        SVG from `logicmodels.render`.
    model : LogicModel
        What was drawn.

    Returns
    -------
    str
        SVG without comments, version or processing instructions. Graphviz titles every part by
        its internal name; here boxes are titled by their text and arrows by a sentence. Names
        within the figure carry a mark of the figure's own, so that several stand on one page.
    """
    ET.register_namespace("", _SVG.strip("{}"))
    root = ET.fromstring(drawn)  # noqa: S314  # Graphviz wrote it a moment ago
    mark = f"lm{hashlib.sha256(drawn.encode()).hexdigest()[:8]}"
    for part in root.iter(f"{_SVG}g"):
        _name(part, model, mark)
    _set_size(root)
    title = _element("title", one_line(model.title), id=f"{mark}-title")
    description = _element("desc", summary(model), id=f"{mark}-desc")
    root.set("role", "graphics-document document")
    root.set("aria-labelledby", f"{mark}-title")
    root.set("aria-describedby", f"{mark}-desc")
    root.set("lang", "en")
    root[:0] = [title, description, _style(root)]
    return ET.tostring(root, encoding="unicode")


def _name(part: ET.Element, model: LogicModel, mark: str) -> None:
    """Replace Graphviz's internal name of a part by words, and mark its id."""
    for title in part.findall(f"{_SVG}title"):
        part.remove(title)
    name = part.get("id", "")
    part.set("id", f"{mark}_{name}")
    matched = _PART.fullmatch(name)
    if matched is None:
        return
    kind, which = matched.groups()
    if kind == "node":
        words = model.node(which).sentence
    else:
        words = model.sentence(model.links[int(which)])
    part.insert(0, _element("title", one_line(words)))
    part.set("role", "graphics-symbol")
    part.set("aria-label", one_line(words))


def _element(tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.Element(_SVG + tag, attributes)
    element.text = text
    return element


def _set_size(root: ET.Element) -> None:
    """Let the figure shrink to the width of its page instead of running out of it."""
    width, height = (float(root.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    root.set("width", f"{width * _PIXELS:.0f}")
    root.set("height", f"{height * _PIXELS:.0f}")
    root.set("style", "max-width:100%;height:auto")


def _style(root: ET.Element) -> ET.Element:
    """Return a style element that carries the glyphs of the figure's text."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for element in root.iter(f"{_SVG}text"):
        face = element.get("font-weight", "normal"), element.get("font-style", "normal")
        used[face] |= set(element.text or "")
        element.set("font-family", f"{FAMILY},Arial,Helvetica,sans-serif")
    rules = (face_rule("".join(sorted(used[face])), *face) for face in sorted(used))
    return _element("style", "".join(rules))
