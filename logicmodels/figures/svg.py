"""Graphviz's SVG made accessible: read aloud, with selectable text, and the same anywhere."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

from arrowroot.fonts import FACE_OF_STYLE, FAMILY, subset
from arrowroot.text import xml_text

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_PIXELS = 96 / 72
"""Pixels per point."""
_FOCUS = "#0b57d0"
"""Colour around the part with keyboard focus: 6 to 1 on white, and used for nothing else."""


def readable(drawn: str, *, title: str, description: str, said: Callable[[str], str]) -> str:
    """Return Graphviz's SVG with a title, a description, sentences and its font.

    Parameters
    ----------
    drawn : str
        SVG from `logicmodels.figures.render`.
    title, description : str
        What a screen reader says about the figure.
    said : callable
        The words for a part, from its name in the DOT text; empty for those that have none.

    Returns
    -------
    str
        SVG without comments, version or processing instructions. Graphviz titles every part by
        its internal name; here a part is titled by its words, or not at all. The Tab key moves
        through the parts that have words: boxes in the order of the DOT text, then arrows. Ids
        within the figure have a prefix of their own, so that a page can contain several figures.
    """
    root = ET.fromstring(drawn)  # noqa: S314  # Graphviz wrote it a moment ago
    mark = f"lm{hashlib.sha256(drawn.encode()).hexdigest()[:8]}"
    worded = {part for part in root.iter(f"{_SVG}g") if _name(part, said(part.get("id", "")), mark)}
    _put_in_order(root, worded)
    _set_size(root)
    root.set("role", "graphics-document document")
    root.set("aria-labelledby", f"{mark}-title")
    root.set("aria-describedby", f"{mark}-desc")
    root.set("lang", "en")
    root[:0] = [
        _element("title", title, id=f"{mark}-title"),
        _element("desc", description, id=f"{mark}-desc"),
        _style(root, mark),
    ]
    return xml_text(root, {_SVG.strip("{}"): ""})


def _name(part: ET.Element, words: str, mark: str) -> bool:
    """Replace Graphviz's internal name of a part by words, if there are any, and mark its id."""
    for title in part.findall(f"{_SVG}title"):
        part.remove(title)
    part.set("id", f"{mark}_{part.get('id', '')}")
    if words:
        part.insert(0, _element("title", words))
        _make_reachable(part, words)
    return bool(words)


def _make_reachable(part: ET.Element, words: str) -> None:
    """Make a part, or its link if it has one, focusable by keyboard, and give it a label."""
    link = part.find(f".//{_SVG}a")
    if link is None:
        part.set("role", "graphics-symbol")
        part.set("aria-roledescription", "arrow" if part.get("class") == "edge" else "box")
        part.set("tabindex", "0")
        part.set("aria-label", words)
        return
    address = link.attrib.pop(f"{_XLINK}href")
    link.attrib.clear()
    link.attrib.update({"href": address, "aria-label": words})


def _put_in_order(root: ET.Element, worded: set[ET.Element]) -> None:
    """Put arrows after the boxes they join: keyboards and screen readers follow this order.

    What comes after the last box that has words, such as badges, is drawn over the arrows.
    """
    for parent in root.iter(f"{_SVG}g"):
        arrows = sorted((part for part in parent if part.get("class") == "edge"), key=_number)
        others = [part for part in parent if part.get("class") != "edge"]
        boxes = [place for place, part in enumerate(others) if part in worded]
        if arrows and boxes:
            parent[:] = [*others[: boxes[-1] + 1], *arrows, *others[boxes[-1] + 1 :]]


def _number(part: ET.Element) -> int:
    """Return the place of an arrow in its model; Graphviz draws them in another order."""
    number = part.get("id", "").rpartition("_")[2]
    return int(number) if number.isdecimal() else 0


def _element(tag: str, text: str, **attributes: str) -> ET.Element:
    element = ET.Element(_SVG + tag, attributes)
    element.text = text
    return element


def _set_size(root: ET.Element) -> None:
    """Let the figure shrink to the width of its page instead of being cut off."""
    width, height = (float(root.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    root.set("width", f"{width * _PIXELS:.0f}")
    root.set("height", f"{height * _PIXELS:.0f}")
    root.set("style", "max-width:100%;height:auto")


def _style(root: ET.Element, mark: str) -> ET.Element:
    """Return a style element: the glyphs of the figure's text, and how the focus is shown."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for element in root.iter(f"{_SVG}text"):
        face = element.get("font-weight", "normal"), element.get("font-style", "normal")
        used[face] |= set(element.text or "")
        element.set("font-family", f"{FAMILY},Arial,Helvetica,sans-serif")
    rules = [_face_rule("".join(sorted(used[face])), *face) for face in sorted(used)]
    return _element("style", "".join([*rules, *_focus_rules(f'[id^="{mark}_"]')]))


def _face_rule(text: str, weight: str, style: str) -> str:
    """Return a CSS rule that contains the glyphs of a text."""
    font = subset(text, FACE_OF_STYLE[weight, style], kerned=False)
    return (
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-style:{style};"
        f"src:url(data:font/woff;base64,{font}) format('woff');}}"
    )


def _focus_rules(part: str) -> Iterator[str]:
    """Yield the look of a part with keyboard focus: a frame for a box, colour for an arrow.

    A frame around an arrow would enclose everything between its ends.
    """
    yield f"{part}:focus-visible,{part} a:focus-visible"
    yield f"{{outline:3px solid {_FOCUS};outline-offset:3px}}"
    yield f"{part}.edge:focus-visible{{outline:none}}"
    yield f"{part}.edge:focus-visible :is(path,polygon){{stroke:{_FOCUS};stroke-width:4px}}"
