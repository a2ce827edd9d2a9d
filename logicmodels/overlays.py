"""What is laid over a plain figure: marks on arrows and boxes, and the notes they point to.

The evidence view is one overlay, the changes between two versions another. An overlay says what
is drawn, in words and lines; a theme says in which colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from logicmodels import style
from logicmodels.errors import OptionError
from logicmodels.evidence import certainty, claim_words, link_words, state
from logicmodels.fonts import text_width, wrap
from logicmodels.model import LogicModel
from logicmodels.parts import Line, Placed
from logicmodels.routes import Route
from logicmodels.text import capitalised, one_line

VIEWS = ("overview", "evidence", "applicability")
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)
"""Where along its arrow a badge may stand, the best place first."""
_CLEAR = 2.5
"""Between a badge and what stands next to it, where there is room."""


@dataclass(frozen=True)
class Mark:
    """A badge, and how the arrow or box beneath it is drawn.

    Attributes
    ----------
    text : str
        On the badge; none stands where it is empty.
    tone : str
        A key of the theme's tones.
    line, head : str
        As Graphviz calls them.
    width : float
        Of the line, in points.
    """

    text: str
    tone: str
    line: str = "solid"
    head: str = "normal"
    width: float = 1.1


@dataclass(frozen=True)
class Overlay:
    """Marks on links, by their place in the model, and on boxes, by id; a heading and notes."""

    links: Mapping[int, Mark] = field(default_factory=dict)
    nodes: Mapping[str, Mark] = field(default_factory=dict)
    heading: str = ""
    notes: tuple[str, ...] = ()
    key: str = ""

    def note_lines(self, width: float) -> tuple[Line, ...]:
        """Return heading, notes and key as lines of a width."""
        size = style.NOTE_SIZE
        lines = [Line(self.heading, size, bold=True, left=True)] if self.heading else []
        for note in self.notes:
            lines += [Line(one, size, left=True) for one in wrap(note, width, size)]
        if self.key:
            lines += [Line(one, size, left=True, quiet=True) for one in wrap(self.key, width, size)]
        return tuple(lines)


NOTHING = Overlay()


def overlay_for(view: str, model: LogicModel) -> Overlay:
    """Return the overlay of a view, or raise OptionError with the views there are."""
    if view not in VIEWS:
        raise OptionError(f"view must be one of {', '.join(map(repr, VIEWS))}; got {view!r}.")
    if view == "applicability":
        from logicmodels.applicability import applicability_overlay

        return applicability_overlay(model)
    return evidence_overlay(model) if view == "evidence" else NOTHING


def evidence_overlay(model: LogicModel) -> Overlay:
    """Return what evidence says, on every arrow and in a note for each that has some."""
    marks: dict[int, Mark] = {}
    notes: list[str] = []
    for place, link in enumerate(model.links):
        stroke, sure = style.STROKES[state(link)], certainty(link)
        text = stroke.sign + style.CERTAINTY_LETTERS[sure]
        if link.evidence:
            source, target = model.node(link.source), model.node(link.target)
            claims = ". ".join(
                capitalised(words) for words in map(claim_words, link.evidence) if words
            )
            ends = f"{one_line(source.label)} → {one_line(target.label)}"
            note = f"{ends}: {link_words(link)}."
            notes.append(f"{len(notes) + 1}  {note}{f' {claims}.' if claims else ''}")
            stale = any(claim.is_stale for claim in link.evidence)
            text = f"{len(notes)} {text}{style.STALE_SIGN if stale else ''}"
        width = style.CERTAINTY_WIDTHS[sure]
        marks[place] = Mark(text, state(link), stroke.line, stroke.head, width)
    return Overlay(marks, {}, "Evidence", tuple(notes), _evidence_key(model))


def _evidence_key(model: LogicModel) -> str:
    """Return the key to the signs and letters that the figure uses."""
    used = {state(link) for link in model.links}
    sure = {certainty(link) for link in model.links}
    signs = [f"{stroke.sign} {name}" for name, stroke in style.STROKES.items() if name in used]
    letters = [
        f"{letter} {name}"
        for name, letter in style.CERTAINTY_LETTERS.items()
        if letter and name in sure
    ]
    if any(claim.is_stale for link in model.links for claim in link.evidence):
        signs.append(f"{style.STALE_SIGN} changed since it was agreed on")
    key = f"Signs: {', '.join(signs)}."
    if not letters:
        return key
    return f"{key} Certainty, also by the breadth of the arrow: {', '.join(letters)}."


def badges(
    overlay: Overlay, routes: Sequence[Route], boxes: Mapping[str, Placed]
) -> dict[int, Placed]:
    """Place the badges of links, clear of boxes and of each other where there is room."""
    placed: dict[int, Placed] = {}
    for place, mark in overlay.links.items():
        if mark.text:
            route = routes[place]
            # An arrow that passes columns shares its way there with others, but ends alone.
            last, first = 1 - 0.5 / route.curves, 0.5 / route.curves
            candidates = [
                _badge(f"badge_{place}", mark.text, *route.along(share))
                for share in (last, first, *_SHARES)
            ]
            taken = [*placed.values(), *boxes.values()]
            placed[place] = min(
                candidates, key=lambda one: sum(one.overlaps(other, _CLEAR) for other in taken)
            )
    return placed


def box_badges(overlay: Overlay, boxes: Mapping[str, Placed]) -> dict[str, Placed]:
    """Place the badges of boxes, on their upper left corners."""
    return {
        node: _badge(
            f"mark_{node}",
            mark.text,
            boxes[node].x - boxes[node].width / 2 + 6,
            boxes[node].y - boxes[node].height / 2,
        )
        for node, mark in overlay.nodes.items()
        if mark.text and node in boxes
    }


def _badge(name: str, text: str, x: float, y: float) -> Placed:
    line = Line(text, style.BADGE_SIZE, bold=True)
    width = text_width(line.text, line.size, "bold") + 8
    return Placed(name, (line,), x, y, width, style.BADGE_SIZE + 5)
