"""From Graphviz's SVG to one that can be read aloud, selected from and shown anywhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from logicmodels.fonts import FAMILY, face_rule
from logicmodels.model import LogicModel

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_PART = re.compile(r"(node|link)_(.+)")


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
        its internal name; here boxes are titled by their label and arrows by a sentence.
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(drawn)  # noqa: S314  # Graphviz wrote it a moment ago
    root.set("role", "graphics-document document")
    root.set("aria-label", model.title)
    _set_size(root)
    page = root.find(f"{{{_SVG}}}g")
    assert page is not None
    for old in page.findall(f"{{{_SVG}}}title"):
        page.remove(old)
    for part in page.findall(f"{{{_SVG}}}g"):
        _name(part, model)
    for place, (tag, text) in enumerate((("title", model.title), ("desc", model.description))):
        if text:
            element = ElementTree.Element(f"{{{_SVG}}}{tag}")
            element.text = " ".join(text.split())
            root.insert(place, element)
    root.insert(0, _fonts(root))
    return ElementTree.tostring(root, encoding="unicode")


def _set_size(root: ElementTree.Element) -> None:
    """Let the figure shrink to the width of its page instead of running out of it."""
    width = root.get("width", "")
    if width.endswith("pt"):
        root.set("style", f"max-width:100%;height:auto;width:{float(width[:-2]) * 96 / 72:.0f}px")
        del root.attrib["width"]
        del root.attrib["height"]


def _name(part: ElementTree.Element, model: LogicModel) -> None:
    """Replace Graphviz's internal name of a box or an arrow by words."""
    title = part.find(f"{{{_SVG}}}title")
    matched = _PART.fullmatch(part.get("id", ""))
    if title is None:
        return
    if matched is None:
        part.remove(title)
        return
    if matched[1] == "node":
        title.text = " ".join(model.node(matched[2]).label.split())
    else:
        title.text = " ".join(model.sentence(model.links[int(matched[2])]).split())
    part.set("role", "graphics-symbol img")
    part.set("aria-label", title.text)
    for anchor in part.iter(f"{{{_SVG}}}a"):
        # Graphviz wraps what has a tooltip in a link to nowhere; the title says the same.
        anchor.tag = f"{{{_SVG}}}g"
        anchor.attrib.clear()


def _fonts(root: ElementTree.Element) -> ElementTree.Element:
    """Return a style element with the glyphs that the figure's text needs."""
    text: dict[str, str] = {"normal": "", "bold": ""}
    for element in root.iter(f"{{{_SVG}}}text"):
        weight = "bold" if element.get("font-weight") == "bold" else "normal"
        text[weight] += element.text or ""
    rules = [face_rule("".join(sorted(set(used))), weight) for weight, used in text.items() if used]
    element = ElementTree.Element(f"{{{_SVG}}}style")
    element.text = "".join(rules) + f"text{{font-family:'{FAMILY}',Arial,sans-serif}}"
    return element
