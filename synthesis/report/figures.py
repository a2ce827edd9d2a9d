"""SVG figures prepared to be together in one HTML page."""

from __future__ import annotations

import re
from collections import Counter
from html import escape

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")


def inline(svg: str, *, name: str, label: str) -> str:
    """Return an SVG that can be in the same page as others.

    Two figures from one program have the same ids (``axes_1``, ``node1``), and a style sheet or
    a font inside a figure would reach the whole page; so ids and fonts are prefixed and styles
    confined.

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
    svg = bare(svg)
    fonts = set(re.findall(r"@font-face\s*\{[^}]*font-family:\s*['\"]([^'\"]+)['\"]", svg))
    svg = re.sub(r"<[^<>]+>", lambda tag: _own_names(tag[0], name, fonts), svg)
    svg = re.sub(
        r"(<style[^>]*>)(.*?)(</style>)",
        lambda style: style[1] + _own_style(style[2], name, fonts) + style[3],
        svg,
        flags=re.DOTALL,
    )
    return _labelled(_told_apart(svg), name, label)


def _told_apart(svg: str) -> str:
    """Return a figure in which ids that it uses several times, as for groups, are numbered.

    Nothing can refer to such an id; the first keeps it.
    """
    seen: Counter[str] = Counter()

    def numbered(found: re.Match[str]) -> str:
        seen[found[1]] += 1
        again = seen[found[1]]
        return found[0] if again == 1 else f' id="{found[1]}-{again}"'

    return re.sub(r'\sid="([^"]+)"', numbered, svg)


def bare(svg: str) -> str:
    """Return the ``<svg>`` element alone, without prologue, comments and metadata.

    The metadata include the time of drawing, which would make every run differ.
    """
    return re.sub(
        r"<metadata>.*?</metadata>|<!--.*?-->",
        "",
        svg[svg.index("<svg") :].strip(),
        flags=re.DOTALL,
    )


def _own_names(tag: str, name: str, fonts: set[str]) -> str:
    """Prefix the ids in a tag, references to ids, and the fonts embedded in the figure."""
    if 'id="' in tag:
        tag = re.sub(r'(?<=\sid=")(?=[^"])', f"{name}-", tag)
    tag = tag.replace('href="#', f'href="#{name}-').replace("url(#", f"url(#{name}-")
    if "aria-" in tag:
        tag = re.sub(
            r'(aria-(?:labelledby|describedby)=")([^"]+)',
            lambda found: found[1] + " ".join(f"{name}-{part}" for part in found[2].split()),
            tag,
        )
    return _own_fonts(tag, name, fonts) if "font-family" in tag else tag


def _own_style(style: str, name: str, fonts: set[str]) -> str:
    """Confine the rules to the figure; fonts can only be declared outside of it."""
    declared = "".join(FONT_FACE.findall(style))
    rules = FONT_FACE.sub("", style).strip()
    return _own_fonts(declared + (f"#{name} {{{rules}}}" if rules else ""), name, fonts)


def _own_fonts(text: str, name: str, fonts: set[str]) -> str:
    for font in fonts:
        text = text.replace(font, f"{name} {font}")
    return text


def _labelled(svg: str, name: str, label: str) -> str:
    """Give the outermost element its id, and a role and a label if it has none."""
    opening, rest = svg.split(">", 1)
    opening = re.sub(r'\sid="[^"]*"', "", opening)
    role = "" if " role=" in opening else ' role="img"'
    named = "aria-label" in opening or re.match(r"\s*<title", rest)
    spoken = "" if named else f' aria-label="{escape(label)}"'
    return f'<svg id="{name}"{role}{spoken}{opening.removeprefix("<svg")}>{rest}'
