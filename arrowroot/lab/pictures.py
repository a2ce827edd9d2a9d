"""How a figure shows itself in a notebook: one way for plots, logic models and flow diagrams.

A notebook shows an SVG at its natural size, so that a wide one is cut off; drops it where the
notebook was written by somebody else; and reads no alternative text beside it. An ``img`` in HTML
has none of these faults, so every figure is one: as wide as the page at most, on white paper so
that it can be read on a dark page too, with its description as alternative text. Beneath it are
links that save it as SVG, PNG or PDF.

Words at the spots of a figure are hidden by their own ``style``, and shown at the pointer or the
keyboard by a style sheet. A viewer that drops style sheets, as JupyterLab does with what it does
not trust, leaves them hidden.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from arrowroot.lab.light_png import lighter
from arrowroot.lab.names import Named
from arrowroot.text import printable

AnyFigure = TypeVar("AnyFigure")

MARK = "arrowroot-figure"
"""Class of the element around a figure, by which the report knows it."""

MOST_BYTES = 1_000_000
"""A file beyond this size is not put into the notebook to be saved from it."""

MOST_DRAWN = 600_000
"""An SVG beyond this size is slow to draw; the picture is shown as PNG instead."""

STYLE = """
.arrowroot-hover { position: relative; }
.arrowroot-hover > .arrowroot-spot { position: absolute; }
.arrowroot-hover > .arrowroot-spot:hover, .arrowroot-hover > .arrowroot-spot:focus {
  outline: 2px solid #0072b2; }
.arrowroot-hover > span {
  position: absolute; left: 0; right: 0; z-index: 1; box-sizing: border-box;
  width: fit-content; max-width: min(34em, 100%); margin: 3px auto 3px 0; padding: .5em .8em;
  background: #fff; color: #1a1a1a; border: 1px solid #595959; border-radius: 3px;
  font: 13px/1.45 'Liberation Sans', Arial, Helvetica, sans-serif; text-align: left;
  overflow-wrap: anywhere; white-space: normal; pointer-events: none; }
.arrowroot-hover > .arrowroot-spot:hover + span,
.arrowroot-hover:not(:has(> .arrowroot-spot:hover)) > .arrowroot-spot:focus + span {
  display: block !important; }
.arrowroot-save .arrowroot-trust { display: none; }
@media print { .arrowroot-hover > .arrowroot-spot, .arrowroot-save { display: none; } }
""".strip()
"""Shows the words of a spot, one at a time; if a viewer drops it, the words stay hidden."""

_WIDE = 0.5
"""A spot wider than this share of the figure has its words at the edge of the figure."""
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
_TRUST = (
    "Nothing to click? Somebody else made this notebook. To save its figures, press "
    "Ctrl+Shift+C (on a Mac \u21e7\u2318C), type trust, and choose Trust Notebook."
)
_SAVE = re.compile(r'<details class="arrowroot-save".*?</details>', re.DOTALL)
_FIGURE = re.compile(rf'<figure class="{MARK}".*?</figure>', re.DOTALL)
_WORDS = re.compile(r'<span hidden aria-hidden="true"[^>]*>(.*?)</span>', re.DOTALL)
_PICTURE = re.compile(rf'<figure class="{MARK}".*?<img[^>]* src="(data:[^"]+)"', re.DOTALL)


@dataclass(frozen=True)
class Spot:
    """A rectangle in a figure and its words.

    Attributes
    ----------
    left, top, right, bottom : float
        Its sides as shares of the figure's width and height, from the upper left corner.
    words : str
        Its words.
    link : str
        An address that it leads to; empty for none.
    """

    left: float
    top: float
    right: float
    bottom: float
    words: str
    link: str = ""


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure ready to be shown and saved.

    Attributes
    ----------
    description : str
        The figure in words: its alternative text, and its form where there are no pictures.
    width : int
        Its natural width on a screen, in pixels.
    files : mapping of str to bytes
        Its content by format: ``svg`` and ``png``, ``pdf`` where there is one.
    name : str
        The name of a saved file, without its ending; by default from the description.
    spots : sequence of Spot
        Where it answers, and with which words.
    """

    description: str
    width: int
    files: Mapping[str, bytes]
    name: str = ""
    spots: Sequence[Spot] = ()

    def html(self) -> str:
        """Return the figure as HTML for a notebook, with all text in it escaped."""
        files = {
            kind: lighter(held) if kind == "png" else held for kind, held in self.files.items()
        }
        svg = files.get("svg", b"")
        kind = "svg" if svg and len(svg) <= MOST_DRAWN else "png"
        picture = (
            f'<img src="{_address(kind, files[kind])}" alt="{_safe(self.description)}" '
            f'width="{self.width}" style="display:block;max-width:100%;height:auto;margin:0;'
            f'background:#fff">'
        )
        spots = "".join(map(_element, self.spots))
        return (
            f'<style>{STYLE}</style><figure class="{MARK}" style="margin:0">'
            f'<div class="arrowroot-hover" style="max-width:{self.width}px">{picture}{spots}</div>'
            f"{self._links(files)}</figure>"
        )

    def _links(self, files: Mapping[str, bytes]) -> str:
        name = _safe(self.name or file_name(self.description))
        links = [
            f'<a download="{name}.{kind}" href="{_address(kind, content)}" style="color:inherit">'
            f"{kind.upper()}</a>"
            for kind, content in files.items()
            if len(content) <= MOST_BYTES
        ]
        if not links:
            return ""
        return (
            '<details class="arrowroot-save" style="font-size:85%"><summary>Save this figure'
            f"</summary>{' &middot; '.join(links)}"
            f'<div class="arrowroot-trust">{_TRUST}</div></details>'
        )


class Pictured(Named):
    """Something that shows itself as a picture: a subclass gives `_picture`."""

    def _picture(self) -> Picture:
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: object) -> dict[str, str | bytes]:
        picture = self._picture()
        # Only LaTeX, which knows no HTML, takes the PDF.
        printed = {"application/pdf": held} if (held := picture.files.get("pdf")) else {}
        return {"text/html": picture.html(), **printed, "text/plain": picture.description}


class Pictures(list[AnyFigure]):
    """A list of figures that shows them one below the other."""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        shown = [one._picture() for one in self if isinstance(one, Pictured)]  # noqa: SLF001 (its own)
        return {
            "text/html": "".join(picture.html() for picture in shown),
            "text/plain": "\n".join(picture.description for picture in shown),
        }


def file_name(description: str) -> str:
    """Return a name for a saved figure: the first words of its description.

    Examples
    --------
    >>> file_name("Forest plot of 23 studies. Their effects run from 0.1 (A) to 2.0 (B).")
    'forest-plot-of-23-studies'
    """
    first = re.split(r"[.:;\n]", description, maxsplit=1)[0]
    words = re.sub(r"\W+", "-", first.lower()).strip("-")
    return words[:50].rpartition("-")[0] or words[:50] if len(words) > 50 else words or "figure"


def picture_in(html: str) -> str | None:
    """Return the ``data:`` address of the picture in a figure's HTML; None if it is no figure."""
    found = _PICTURE.search(html)
    return found[1] if found else None


def in_words(html: str) -> str:
    """Return a figure's HTML with its words in place of the files to be saved.

    For a page outside JupyterLab: it stays small, and whoever searches the page for a word finds
    what stands in the figure or at its spots, which is not text in the picture.
    """
    return _FIGURE.sub(_with_words, html)


def _with_words(found: re.Match[str]) -> str:
    figure = _SAVE.sub("", found[0])
    said = re.search(r'<img[^>]* alt="([^"]*)"', figure)
    spots = "".join(f"<li>{words}</li>" for words in dict.fromkeys(_WORDS.findall(figure)))
    listed = f"<ul>{spots}</ul>" if spots else ""
    return (
        f'{figure}<details class="arrowroot-words"><summary>In words</summary>'
        f"<p>{said[1] if said else ''}</p>{listed}</details>"
    )


def _address(kind: str, content: bytes) -> str:
    return f"data:{_TYPES[kind]};base64,{base64.b64encode(content).decode()}"


def _safe(text: str) -> str:
    return escape(printable(text, ""))


def _element(spot: Spot) -> str:
    """Return a spot as HTML; its words open away from the nearer edges of the picture."""
    words = _safe(spot.words)
    aside = "" if spot.left + spot.right < 1.2 else "margin-left:auto;margin-right:0;"
    if spot.right - spot.left < _WIDE:  # beside a box or a point rather than at the edge
        side = f"right:{100 * (1 - spot.right):.3f}%" if aside else f"left:{100 * spot.left:.3f}%"
        aside += f"{side};"
    below = f"top:{100 * spot.bottom:.3f}%"
    above = f"bottom:{100 * (1 - spot.top):.3f}%"
    place = (
        f"left:{100 * spot.left:.3f}%;top:{100 * spot.top:.3f}%;"
        f"width:{100 * (spot.right - spot.left):.3f}%;"
        f"height:{100 * (spot.bottom - spot.top):.3f}%"
    )
    # JupyterLab leaves a key alone that is pressed there: x would cut the cell.
    shared = (
        f'class="arrowroot-spot" data-lm-suppress-shortcuts="true" aria-label="{words}" '
        f'style="{place}"'
    )
    if spot.link:
        target = f'href="{_safe(spot.link)}" target="_blank" rel="noopener"'
        reached = f"<a {target} {shared}></a>"
    else:
        reached = f'<i tabindex="0" role="img" {shared}></i>'
    return (
        f'{reached}<span hidden aria-hidden="true" style="display:none;{aside}'
        f'{below if spot.top + spot.bottom < 1 else above}">{words}</span>'
    )
