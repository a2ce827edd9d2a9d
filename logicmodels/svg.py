"""From Graphviz's SVG to one that can be read aloud, selected from and shown anywhere."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from xml.etree import ElementTree as ET

from logicmodels.fonts import FAMILY, face_rule

_SVG = "{http://www.w3.org/2000/svg}"
_PIXELS = 96 / 72
"""To the point."""


def readable(drawn: str, *, title: str, description: str, said: Callable[[str], str]) -> str:
    """Return Graphviz's SVG with a title, a description, sentences and its font.

    Parameters
    ----------
    drawn : str
        SVG from `logicmodels.render`.
    title, description : str
        What a screen reader says of the figure.
    said : callable
        The words for a part, from its name in the DOT text; empty for those that have none.

    Returns
    -------
    str
        SVG without comments, version or processing instructions. Graphviz titles every part by
        its internal name; here a part is titled by its words, or not at all. Names within the
        figure carry a mark of the figure's own, so that several stand on one page.
    """
    ET.register_namespace("", _SVG.strip("{}"))
    root = ET.fromstring(drawn)  # noqa: S314  # Graphviz wrote it a moment ago
    mark = f"lm{hashlib.sha256(drawn.encode()).hexdigest()[:8]}"
    for part in root.iter(f"{_SVG}g"):
        _name(part, said(part.get("id", "")), mark)
    _set_size(root)
    root.set("role", "graphics-document document")
    root.set("aria-labelledby", f"{mark}-title")
    root.set("aria-describedby", f"{mark}-desc")
    root.set("lang", "en")
    root[:0] = [
        _element("title", title, id=f"{mark}-title"),
        _element("desc", description, id=f"{mark}-desc"),
        _style(root),
    ]
    return ET.tostring(root, encoding="unicode")


def _name(part: ET.Element, words: str, mark: str) -> None:
    """Replace Graphviz's internal name of a part by words, and mark its id."""
    for title in part.findall(f"{_SVG}title"):
        part.remove(title)
    part.set("id", f"{mark}_{part.get('id', '')}")
    if words:
        part.insert(0, _element("title", words))
        part.set("role", "graphics-symbol")
        part.set("aria-label", words)


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
