"""A figure decided once: shapes and arrows, each with its place, its text, its look, its words.

All sizes and places are in points from the top left, y downwards. Whatever has a figure builds a
scene; `dot`, `svg` and the room `export` write it in their formats, all with the same geometry.
Nothing here knows what is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from logicmodels.figures import style
from logicmodels.figures.parts import Placed
from logicmodels.figures.scene.paper import Paper
from logicmodels.figures.scene.route import Route
from logicmodels.figures.style import Theme


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a shape: not broken into lines, so that it can be edited."""

    text: str
    size: float = style.FONT_SIZE
    bold: bool = False
    quiet: bool = False
    left: bool = False
    bullet: bool = False


@dataclass(frozen=True)
class Shape:
    """A box, a heading, a badge or a text.

    Attributes
    ----------
    name : str
        Unique in the figure; a box is called as in its DOT text.
    place : Placed
        Where its middle is, its size, and its text broken into lines.
    paragraphs : tuple of Paragraph
        What it says, not broken into lines.
    words : str
        What a screen reader says about it; empty if there is nothing but its text.
    under : str
        The heading of its column, which formats without columns say first.
    column : str
        The column that it belongs to, by id.
    fill, edge : str
        Colours; empty where there is none.
    thickness : float
        Thickness of its edge, in points.
    line : str
        Style of its edge, in Graphviz's terms.
    rounded : bool
        Whether its corners are rounded.
    padding : float
        Between its sides and its text, where the shape has neither column nor round corners.
    turned : bool
        Whether its text, one line, runs upwards.
    url : str
        The address it links to; empty if none.
    """

    name: str
    place: Placed
    paragraphs: tuple[Paragraph, ...]
    words: str = ""
    under: str = ""
    column: str = ""
    fill: str = ""
    edge: str = ""
    thickness: float = 0.0
    line: str = "solid"
    rounded: bool = False
    padding: float = 0.0
    turned: bool = False
    url: str = ""

    @property
    def listed(self) -> bool:
        """Whether it contains a list, which starts at its top however tall it is."""
        return self.rounded and any(paragraph.left for paragraph in self.paragraphs)

    @property
    def inset(self) -> float:
        """How far its text keeps from its sides, at least."""
        return style.PADDING - 2 if self.rounded and self.column else self.padding

    @property
    def alone(self) -> str:
        """Its words where it is met alone: after the heading of its column."""
        return f"{self.under}: {self.words}" if self.under and self.words else self.words


@dataclass(frozen=True)
class Arrow:
    """An arrow between two boxes.

    Attributes
    ----------
    name, source, target : str
        Its own name, and those of the shapes that it joins.
    route : Route
        Its curves.
    colour, width, line, head : str and float
        Its look; `width` in points, `line` and `head` in Graphviz's terms.
    words : str
        What a screen reader says about it.
    both : bool
        Whether it has a head at its start, too.
    backward : bool
        Whether it does not lead to a later column.
    data : mapping of str to str
        What formats with data of their own keep of it.
    badge : Shape or None
        On its line.
    signs : tuple of Shape
        Its polarity, beside its head, and the mark of a delay.
    """

    name: str
    source: str
    target: str
    route: Route
    colour: str
    width: float = style.ARROW_WIDTH
    line: str = "solid"
    head: str = "normal"
    words: str = ""
    both: bool = False
    backward: bool = False
    data: Mapping[str, str] = field(default_factory=dict)
    badge: Shape | None = None
    signs: tuple[Shape, ...] = ()

    @property
    def carried(self) -> tuple[Shape, ...]:
        """All that stands on or beside its line."""
        return (*self.signs, self.badge) if self.badge else self.signs


@dataclass(frozen=True)
class Scene:
    """A whole figure.

    Attributes
    ----------
    name : str
        What it is, for programs, such as ``logic_model``.
    title, words : str
        Its title, and what a screen reader says about it first.
    look : Theme
        Its colours.
    shapes : tuple of Shape
        In the order in which they are read.
    arrows : tuple of Arrow
        In the order of the model; badges of arrows are with their arrows.
    marks : tuple of Shape
        Badges on boxes.
    captions : tuple of Shape
        What is beneath: notes and footer, if there are any.
    columns : tuple of (str, tuple of str)
        Where boxes are in columns: the heading and the boxes of each, in the direction of arrows.
    towards : {"right", "left", "down", "up"}
        Where the arrows point.
    zoom : float
        How much larger than usual it is drawn.
    paper : Paper or None
        The sheet that it is fitted to; it is then drawn in the middle of it.
    """

    name: str
    title: str
    words: str
    look: Theme
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...] = ()
    marks: tuple[Shape, ...] = ()
    captions: tuple[Shape, ...] = ()
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    towards: str = "right"
    zoom: float = 1.0
    paper: Paper | None = None

    @property
    def scale(self) -> float:
        """By how much it is scaled to fit its sheet; 1 without one."""
        return self.paper.scale(self.width, self.height) if self.paper else 1.0

    @property
    def smallest_text(self) -> float:
        """The size of its smallest text as printed, in points."""
        shapes = [*self.shapes, *self.marks, *self.captions]
        shapes += [shape for arrow in self.arrows for shape in arrow.carried]
        sizes = [one.size for shape in shapes for one in shape.paragraphs if one.text]
        return min(sizes, default=style.FONT_SIZE) * self.scale

    @property
    def left(self) -> float:
        """The left edge of all that is drawn."""
        return self._extent[0]

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self._extent[1]

    @property
    def width(self) -> float:
        """How wide all is."""
        return self._extent[2] - self._extent[0]

    @property
    def height(self) -> float:
        """How high all is."""
        return self._extent[3] - self._extent[1]

    @cached_property
    def said(self) -> dict[str, str]:
        """The words of every shape and arrow that has any, by name."""
        parts: tuple[Shape | Arrow, ...] = (*self.shapes, *self.arrows)
        return {part.name: part.words for part in parts if part.words}

    @cached_property
    def _extent(self) -> tuple[float, float, float, float]:
        shapes = [*self.shapes, *self.marks, *self.captions]
        shapes += [shape for arrow in self.arrows for shape in arrow.carried]
        points = [point for arrow in self.arrows for point in arrow.route.points]
        for shape in shapes:
            part = shape.place
            for side in (-0.5, 0.5):
                points.append((part.x + side * part.width, part.y + side * part.height))
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)
