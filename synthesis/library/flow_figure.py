"""A drawn flow diagram: it shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from logicmodels.fonts import FAMILY, face_rule
from logicmodels.render import FORMATS, render
from synthesis import checks
from synthesis.errors import FileError
from synthesis.library import flow_layout
from synthesis.library.flow_dot import to_dot

_SVG = "http://www.w3.org/2000/svg"


class FlowFigure:
    """A flow diagram.

    Attributes
    ----------
    description : str
        The diagram in words, box by box: its text alternative.
    dot : str
        The diagram as DOT text.
    svg : str
        With selectable text in the bundled font, a title and the description.
    png, pdf : bytes
        For documents; PNG at 200 dots an inch.
    """

    def __init__(self, counts: Mapping[str, Any], title: str = "") -> None:
        self.counts = dict(counts)
        self.title = title or "PRISMA 2020 flow diagram"

    @cached_property
    def description(self) -> str:
        """The diagram in words."""
        drawn, _ = flow_layout.boxes(self.counts)
        told = []
        for box in sorted(drawn, key=lambda box: (box.row, box.column)):
            if box.kind == "box":
                words = re.sub(r"\s+", " ", " ".join(box.lines)).strip()
                told.append(words.replace(") ", "), ").replace(": ", ": ", 1))
        return ". ".join(told) + "."

    @cached_property
    def dot(self) -> str:
        """The diagram as DOT text."""
        return to_dot(self.counts)

    @cached_property
    def svg(self) -> str:
        """The diagram as SVG."""
        return _readable(render(self.dot, "svg").decode("utf-8"), self.title, self.description)

    @cached_property
    def png(self) -> bytes:
        """The diagram as PNG."""
        return render(self.dot, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The diagram as PDF, its font embedded."""
        return render(self.dot, "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the diagram to a file, in the format that the name ends in.

        Parameters
        ----------
        path : path
            Ends in ``.svg``, ``.png``, ``.pdf`` or ``.dot``; its folder must exist.

        Returns
        -------
        Path
            The file. An interrupted write leaves the old one as it was.

        Raises
        ------
        OptionError
            If the name ends in anything else.
        FileError
            If it cannot be written there.
        """
        target = Path(path)
        kind = checks.option(
            "path's ending", target.suffix.lower(), [*(f".{one}" for one in FORMATS), ".dot"]
        )
        content = getattr(self, kind[1:])
        data = content.encode("utf-8") if isinstance(content, str) else content
        try:
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=kind)
        except OSError as error:
            raise FileError(f"{target}: {error.strerror}.") from None
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(draft).chmod(0o644)
            return Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.description}

    def __repr__(self) -> str:
        """Return what is drawn, in words."""
        return f"{self.title}. {self.description}"


def _readable(drawn: str, title: str, description: str) -> str:
    """Return Graphviz's SVG with a title, a description and its font, and nothing internal."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(drawn)  # noqa: S314  # Graphviz wrote it a moment ago
    for parent in list(root.iter()):
        for old in parent.findall(f"{{{_SVG}}}title"):
            parent.remove(old)
    root.set("role", "img")
    root.set("aria-label", title)
    width = float(root.attrib.pop("width").removesuffix("pt"))
    del root.attrib["height"]
    root.set("style", f"max-width:100%;height:auto;width:{width * 96 / 72:.0f}px")
    text: dict[str, set[str]] = {"normal": set(), "bold": set()}
    for element in root.iter(f"{{{_SVG}}}text"):
        bold = "Bold" in element.get("font-family", "") or element.get("font-weight") == "bold"
        element.set("font-family", f"{FAMILY},Arial,sans-serif")
        if bold:
            element.set("font-weight", "bold")
        text["bold" if bold else "normal"] |= set(element.text or "")
    rules = [face_rule("".join(sorted(used)), weight) for weight, used in text.items() if used]
    for place, (tag, words) in enumerate(
        (("title", title), ("desc", description), ("style", "".join(rules)))
    ):
        element = ET.Element(f"{{{_SVG}}}{tag}")
        element.text = words
        root.insert(place, element)
    return ET.tostring(root, encoding="unicode")
