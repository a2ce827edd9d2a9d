"""What is added to a plain figure: marks on arrows and boxes, and the notes they refer to.

A view is one overlay, the changes between two versions another. An overlay determines what is
drawn, in words and lines; a theme determines the colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from arrowroot.fonts import wrap
from logicmodels.figures import style
from logicmodels.figures.parts import Line
from logicmodels.model import Model


@dataclass(frozen=True)
class Mark:
    """A badge, and how the arrow or box beneath it is drawn.

    Attributes
    ----------
    text : str
        The text on the badge; there is no badge if it is empty.
    tone : str
        A key of the theme's tones.
    line, head : str
        The style of the line and of the arrowhead, in Graphviz's terms.
    width : float
        Width of the line, in points.
    said : str
        What the mark means, for screen readers.
    """

    text: str
    tone: str
    line: str = "solid"
    head: str = "normal"
    width: float = style.ARROW_WIDTH
    said: str = ""


@dataclass(frozen=True)
class Overlay:
    """What is added to a figure.

    Attributes
    ----------
    links : mapping of int to Mark
        By the place of the link in the model.
    nodes : mapping of str to Mark
        By the id of the box.
    heading, notes, key
        The text beneath the columns.
    details : mapping of str to tuple of str
        Small lines in a box, beneath its own text, by the id of the box.
    plain : bool
        Whether parts are put into words for the public, without details for specialists.
    zoom : float
        How much larger than usual everything is drawn, in a figure of the usual width.
    remarks : tuple of str
        Beneath notes and key: what every view has to say, such as what is left out of it.
    """

    links: Mapping[int, Mark] = field(default_factory=dict)
    nodes: Mapping[str, Mark] = field(default_factory=dict)
    heading: str = ""
    notes: tuple[str, ...] = ()
    key: str = ""
    details: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zoom: float = 1.0
    plain: bool = False
    remarks: tuple[str, ...] = ()

    @property
    def captions(self) -> tuple[Line, ...]:
        """Heading, notes, key and remarks, each as one line however long."""
        size = style.NOTE_SIZE
        lines = (
            Line(self.heading, size, bold=True, left=True),
            *(Line(note, size, left=True) for note in self.notes),
            Line(self.key, size, left=True, quiet=True),
            *(Line(remark, size, left=True) for remark in self.remarks),
        )
        return tuple(line for line in lines if line.text)

    def letters(self, model: Model) -> dict[str, str]:
        """Return the marks of boxes of context, which stand before their words."""
        context = {column.id for column in model.profile.context}
        marks = {
            node.id: self.nodes[node.id].text
            for node in model.nodes
            if node.column in context and node.id in self.nodes
        }
        # "A New contract" would be read as one phrase.
        return {box: f"{mark}:" if mark[-1:].isalpha() else mark for box, mark in marks.items()}

    def note_lines(self, width: float) -> tuple[Line, ...]:
        """Return the captions as lines of a width."""
        return tuple(
            replace(line, text=text)
            for line in self.captions
            for text in wrap(line.text, width, line.size, "bold" if line.bold else "regular")
        )


NOTHING = Overlay()
