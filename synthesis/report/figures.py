"""SVG figures made fit to stand side by side in one HTML page."""

from __future__ import annotations

import re
from html import escape


def inline(svg: str, *, name: str, label: str) -> str:
    """Return an SVG that can stand in a page beside others.

    Two figures of one program carry the same ids (``axes_1``, ``node1``), and a style sheet
    inside a figure would reach the whole page; so ids are prefixed and styles are confined.

    Parameters
    ----------
    svg : str
        An SVG document.
    name : str
        Prefix of its ids, unique in the page.
    label : str
        What a screen reader says where the figure has no title of its own.

    Returns
    -------
    str
        One ``<svg>`` element.

    Examples
    --------
    >>> inline('<?xml version="1.0"?><svg><g id="a"/><use href="#a"/></svg>', name="f1", label="F")
    '<svg id="f1" role="img" aria-label="F"><g id="f1-a"/><use href="#f1-a"/></svg>'
    """
    svg = re.sub(r"<[^<>]+>", lambda tag: _with_prefix(tag[0], name), bare(svg))
    svg = re.sub(
        r"(<style[^>]*>)(.*?)(</style>)", rf"\g<1>#{name} {{\g<2>}}\g<3>", svg, flags=re.DOTALL
    )
    return _labelled(svg, name, label)


def bare(svg: str) -> str:
    """Return the ``<svg>`` element alone, without prologue, comments and metadata.

    The metadata hold the moment of drawing, which would make every run differ.
    """
    return re.sub(
        r"<metadata>.*?</metadata>|<!--.*?-->",
        "",
        svg[svg.index("<svg") :].strip(),
        flags=re.DOTALL,
    )


def _with_prefix(tag: str, name: str) -> str:
    tag = re.sub(r'(?<=\sid=")(?=[^"])', f"{name}-", tag)
    tag = re.sub(r'(?<=href="#)', f"{name}-", tag)
    tag = re.sub(r"(?<=url\(#)", f"{name}-", tag)
    return re.sub(
        r'(aria-(?:labelledby|describedby)=")([^"]+)',
        lambda found: found[1] + " ".join(f"{name}-{part}" for part in found[2].split()),
        tag,
    )


def _labelled(svg: str, name: str, label: str) -> str:
    """Give the outermost element its id, its role, and a label if it has none."""
    opening, rest = svg.split(">", 1)
    opening = re.sub(r'\s(?:id|role)="[^"]*"', "", opening)
    named = "aria-label" in opening or re.match(r"\s*<title", rest)
    spoken = "" if named else f' aria-label="{escape(label)}"'
    return f'<svg id="{name}" role="img"{spoken}{opening.removeprefix("<svg")}>{rest}'
