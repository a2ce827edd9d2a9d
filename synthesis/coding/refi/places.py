"""Where in a source something is coded, and with what."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from synthesis.coding.refi.elements import children, local, same_guid


def codings_of(holder: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    """Yield the codings directly below an element, each with the GUID of its code."""
    for coding in children(holder, "Coding"):
        for reference in children(coding, "CodeRef") or [coding]:
            yield coding, same_guid(reference.get("targetGUID"))


def characters(selection: ET.Element) -> str:
    """Describe a piece of text."""
    ends = (selection.get(one, "?") for one in ("startPosition", "endPosition"))
    return "characters {} to {}".format(*ends)


def place_of(selection: ET.Element) -> str:
    """Describe what is selected of a picture, a page or a recording."""
    kind = local(selection)
    corners = [selection.get(one, "?") for one in ("firstX", "firstY", "secondX", "secondY")]
    area = "area {},{} to {},{}".format(*corners)
    if kind == "PDFSelection":
        return f"page {selection.get('page', '?')}, {area}"
    if kind == "PictureSelection":
        return area
    if kind in ("AudioSelection", "VideoSelection"):
        return f"{selection.get('begin', '?')} to {selection.get('end', '?')} ms"
    return ""
