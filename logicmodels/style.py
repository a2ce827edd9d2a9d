"""How a figure looks: sizes, and the colours of each theme. Nothing here depends on a model."""

from __future__ import annotations

from dataclasses import dataclass

from logicmodels.errors import OptionError

FONT_SIZE = 10.5
HEADING_SIZE = 12.0
GROUP_SIZE = 9.5
FOOTER_SIZE = 8.5
LINE_HEIGHT = 1.25
"""Of the font size."""
BOX_WIDTH = 170.0
"""Width of every box, in points: 23 to 30 letters a line."""
PADDING = 9.0
"""Between the text and the edge of its box, in points."""


@dataclass(frozen=True)
class Box:
    """Fill, edge and thickness of the edge of one kind of box."""

    fill: str
    edge: str
    thickness: float = 1.0


@dataclass(frozen=True)
class Theme:
    """Colours of a figure.

    Kinds of box also differ by place and heading, feedback arrows by their dashes: colour never
    stands alone. Fills are pale enough that black text on them has a contrast above 12 to 1.
    """

    boxes: dict[str, Box]
    ink: str
    quiet: str
    arrow: str
    background: str


# Edges are colours of Okabe & Ito's palette (jfly.uni-koeln.de/color) that keep a contrast of
# more than 3 to 1 on white.
_SCREEN = Theme(
    boxes={
        "situation": Box("#f4f1ea", "#6b6255"),
        "input": Box("#f4f1ea", "#6b6255"),
        "activity": Box("#e8f1f8", "#0072b2"),
        "participation": Box("#e8f1f8", "#0072b2"),
        "outcome": Box("#e6f4ef", "#007a5a"),
        "impact": Box("#fbeee3", "#c04f00", 1.6),
        "context": Box("#f7f7f7", "#767676"),
    },
    ink="#1a1a1a",
    quiet="#595959",
    arrow="#4d4d4d",
    background="#ffffff",
)
_PRINT = Theme(
    boxes={
        "situation": Box("#ffffff", "#000000"),
        "input": Box("#ffffff", "#000000"),
        "activity": Box("#f2f2f2", "#000000"),
        "participation": Box("#f2f2f2", "#000000"),
        "outcome": Box("#e3e3e3", "#000000"),
        "impact": Box("#d4d4d4", "#000000", 1.8),
        "context": Box("#ffffff", "#595959"),
    },
    ink="#000000",
    quiet="#333333",
    arrow="#000000",
    background="#ffffff",
)
THEMES = {"screen": _SCREEN, "print": _PRINT}


def theme_named(name: str) -> Theme:
    """Return a theme, or raise OptionError with the names there are."""
    if name not in THEMES:
        listed = ", ".join(repr(known) for known in THEMES)
        raise OptionError(f"theme must be one of {listed}; got {name!r}.")
    return THEMES[name]
