"""How a figure looks: sizes, and the colours of each theme. Nothing here depends on a model.

All sizes are in points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from arrowroot.options import one_of
from logicmodels.records import Link

TITLE_SIZE = 15.0
HEADING_SIZE = 11.5
FONT_SIZE = 10.5
NOTE_SIZE = 9.5
FOOTER_SIZE = 8.5
BADGE_SIZE = 8.5
LINE_HEIGHT = 1.2
"""Of the font size: what Graphviz gives a line."""
STAND_IN_HEIGHT = 14.5
"""The least that Graphviz gives a line with a character that the font lacks."""
PADDING = 8.0
"""Between the text and the edge of its box."""
CAPTION_SHARE = 0.98
"""How much of the width title, notes and footer use: Graphviz measures text on a grid of pixels,
and takes some lines for wider than it draws them."""
BETWEEN_BOXES = 14.0
LANE = 7.0
"""Between arrows that run side by side."""
PORTS_APART = 8.0
"""The least distance between arrows at one side of a box; boxes grow to allow it."""
FIGURE_WIDTH = 860.0
"""The width that the columns share, as far as they need it."""
WIDEST_BOX, NARROWEST_BOX = 176.0, 92.0
WIDEST_GAP, NARROWEST_GAP = 84.0, 28.0
"""Between columns, where the arrows run."""
BADGE_GAP = 52.0
"""The same where arrows carry badges."""


@dataclass(frozen=True)
class Box:
    """Fill, edge and thickness of the edge of one kind of box; its heading's fill."""

    fill: str
    edge: str
    heading: str
    thickness: float = 1.0


@dataclass(frozen=True)
class Theme:
    """Colours of a figure.

    `tones` colour an arrow by what its evidence shows, or by what changed; its line and its symbol
    show the same. Kinds of box also differ by place and heading, feedback arrows by their dashes:
    nothing is shown by colour alone. Fills are pale enough that black text on them has a contrast
    above 12 to 1.
    """

    boxes: dict[str, Box]
    tones: dict[str, str]
    ink: str
    quiet: str
    arrow: str
    background: str
    harm: str
    """Edge of the box of an unwanted effect."""


_TONES = (
    *("supported", "no difference", "conflicting", "mixed by outcome", "adverse"),
    *("not stated", "none found", "not searched"),
    *("added", "removed", "changed", "plain"),
)
_EARTH = Box("#f7f5f0", "#6b6255", "#e7e2d8")
_BLUE = Box("#eef5fa", "#0072b2", "#cfe3f1")
_GREEN = Box("#edf7f3", "#007a5a", "#cbe7dc")
_ORANGE = Box("#fdf3ea", "#b84a00", "#f8dcc4", 1.8)
_GREY = Box("#f8f8f8", "#767676", "#e9e9e9")
# Edges are colours of Okabe & Ito's palette (jfly.uni-koeln.de/color), darkened where they
# would not keep a contrast of 3 to 1 on white.
_SCREEN = Theme(
    boxes={
        "situation": _EARTH,
        "input": _EARTH,
        "activity": _BLUE,
        "participation": _BLUE,
        "outcome": _GREEN,
        "impact": _ORANGE,
        "context": _GREY,
    },
    tones={
        "supported": "#00664b",
        "no difference": "#4d4d4d",
        "conflicting": "#8a3d70",
        "mixed by outcome": "#5b4a8a",
        "adverse": "#b84a00",
        "not stated": "#595959",
        "none found": "#767676",
        "not searched": "#767676",
        "added": "#00664b",
        "removed": "#b84a00",
        "changed": "#8a3d70",
        "plain": "#4d4d4d",
    },
    ink="#1a1a1a",
    quiet="#595959",
    arrow="#4d4d4d",
    background="#ffffff",
    harm="#a3003a",
)
_PRINT = Theme(
    boxes={
        "situation": Box("#ffffff", "#333333", "#e0e0e0"),
        "input": Box("#ffffff", "#333333", "#e0e0e0"),
        "activity": Box("#f7f7f7", "#333333", "#d6d6d6"),
        "participation": Box("#f7f7f7", "#333333", "#d6d6d6"),
        "outcome": Box("#eeeeee", "#333333", "#cacaca"),
        "impact": Box("#e4e4e4", "#000000", "#bdbdbd", 2.0),
        "context": Box("#ffffff", "#595959", "#ffffff"),
    },
    tones=dict.fromkeys(_TONES, "#333333"),
    ink="#000000",
    quiet="#333333",
    arrow="#000000",
    background="#ffffff",
    harm="#000000",
)
_WHITE = Box("#ffffff", "#000000", "#ffffff", 1.6)
_CONTRAST = Theme(
    boxes={
        "situation": _WHITE,
        "input": _WHITE,
        "activity": _WHITE,
        "participation": _WHITE,
        "outcome": _WHITE,
        "impact": Box("#ffffff", "#000000", "#ffffff", 3.0),
        "context": _WHITE,
    },
    tones=dict.fromkeys(_TONES, "#000000"),
    ink="#000000",
    quiet="#000000",
    arrow="#000000",
    background="#ffffff",
    harm="#000000",
)
THEMES = {"screen": _SCREEN, "print": _PRINT, "contrast": _CONTRAST}


@dataclass(frozen=True)
class Stroke:
    """How the arrow of one state of evidence is drawn, and its symbol."""

    sign: str
    line: str
    head: str = "normal"


STROKES = {
    "supported": Stroke("+", "solid"),
    "no difference": Stroke("=", "solid", "empty"),
    "conflicting": Stroke("±", "dashed"),
    "mixed by outcome": Stroke("≠", "dashed", "diamond"),
    "adverse": Stroke("−", "solid", "tee"),
    "not stated": Stroke("…", "dashed", "empty"),
    "none found": Stroke("○", "dotted"),
    "not searched": Stroke("?", "dotted", "empty"),
}
"""No two states share line and head, so that no badge is needed to tell them apart."""
HARM_SIGN, HARM_LINE, HARM_EDGE = "▼", "dashed", 2.4
"""Before the label of an unwanted effect; the line around its box, and its thickness in points."""
HARM_KEY = f"{HARM_SIGN} and a thick broken outline: an unwanted effect."
POLARITY_SIGNS = {"+": "+", "-": "−", "?": "?"}
"""Beside the head of an arrow of a causal loop map."""
DELAY_SIGN = "||"
"""On an arrow whose effect comes late."""
STALE_SIGN = "!"
"""On the badge of a result that is no longer the one that was agreed."""
CERTAINTY_LETTERS = {"high": "H", "moderate": "M", "low": "L", "very low": "VL", "": ""}
ARROW_WIDTH = 1.1
"""Width of an arrow without a mark, in points."""
BADGE_EDGE = 0.9
"""Width of a badge's outline, in points."""
CERTAINTY_WIDTHS = {
    "high": 2.8,
    "moderate": 2.2,
    "low": 1.6,
    "very low": ARROW_WIDTH,
    "": ARROW_WIDTH,
}
"""Width of the arrow, in points: the higher the certainty, the wider."""


def box_of(look: Theme, kind: str, *, harm: bool) -> Box:
    """Return how a box is drawn: like the others of its column, but for an unwanted effect."""
    box = look.boxes[kind]
    return replace(box, edge=look.harm, thickness=HARM_EDGE) if harm else box


def signs(link: Link) -> tuple[str, ...]:
    """Return the polarity of an arrow, and its delay, as far as stated."""
    polarity = (POLARITY_SIGNS[link.polarity],) if link.polarity else ()
    return (*polarity, DELAY_SIGN) if link.delay else polarity


def theme_named(name: str) -> Theme:
    """Return a theme, or raise OptionError with the names of all themes."""
    return THEMES[one_of("theme", name, list(THEMES))]
