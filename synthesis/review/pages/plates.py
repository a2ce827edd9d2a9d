"""The numbered figures and tables of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markupsafe import Markup

from synthesis.report.figures import inline
from synthesis.review.pages.figures import Drawing


@dataclass(frozen=True)
class Plate:
    """A figure in a page.

    Attributes
    ----------
    number : int
        Counted through all pages.
    drawing : Drawing
        Title and caption.
    svg : Markup
        To be put into the page.
    width : int
        Its natural width in pixels, below which its text would become too small on a phone.
    """

    number: int
    drawing: Drawing
    svg: Markup
    width: int

    @property
    def id(self) -> str:
        """The anchor of the figure."""
        return f"figure-{self.number}"


@dataclass
class Numbers:
    """Numbers of tables, counted through all pages in the order in which they are asked for."""

    tables: dict[str, int] = field(default_factory=dict)

    def table(self, name: str) -> int:
        """Return the number of a table."""
        return self.tables.setdefault(name, len(self.tables) + 1)


def plate(number: int, drawing: Drawing, svg: bytes) -> Plate:
    """Return a drawing as a figure in a page."""
    text = svg.decode("utf-8")
    return Plate(
        number,
        drawing,
        Markup(inline(text, name=f"f{number}", label=drawing.title)),  # noqa: S704  (our own)
        _width(text),
    )


def _width(svg: str) -> int:
    """Return the width of a drawing in pixels."""
    found = re.search(r'\bviewBox="[\d.-]+ [\d.-]+ ([\d.]+) [\d.]+"', svg)
    return round(float(found[1]) * 4 / 3) if found else 640
