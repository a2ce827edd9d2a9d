"""What evidence adds to a figure: a badge on every arrow, and the notes that it points to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logicmodels import style
from logicmodels.evidence import certainty, claim_words, link_words, state
from logicmodels.fonts import text_width, wrap
from logicmodels.model import LogicModel
from logicmodels.parts import Line, Placed
from logicmodels.records import Link
from logicmodels.routes import Route

_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)
"""Where along its arrow a badge may stand, the best place first."""


def numbers(model: LogicModel) -> dict[int, int]:
    """Return the number of the note of every link that has one, by the link's place."""
    noted = [place for place, link in enumerate(model.links) if link.evidence]
    return {place: number for number, place in enumerate(noted, start=1)}


def badge_text(link: Link, number: int | None) -> str:
    """Return what stands on an arrow: its note, the sign of its state, its certainty."""
    sign = style.STROKES[state(link)].sign + style.CERTAINTY_LETTERS[certainty(link)]
    return sign if number is None else f"{number} {sign}"


def badges(
    model: LogicModel, routes: Sequence[Route], boxes: Mapping[str, Placed]
) -> tuple[Placed, ...]:
    """Place a badge on every arrow, clear of the boxes and of each other where there is room."""
    noted = numbers(model)
    placed: list[Placed] = []
    for place, (link, route) in enumerate(zip(model.links, routes, strict=True)):
        line = Line(badge_text(link, noted.get(place)), style.BADGE_SIZE, bold=True)
        width = text_width(line.text, line.size, "bold") + 8
        candidates = [
            Placed(f"badge_{place}", (line,), *route.along(share), width, style.BADGE_SIZE + 5)
            for share in _SHARES
        ]
        taken = [*placed, *boxes.values()]
        placed.append(min(candidates, key=lambda one: sum(one.overlaps(other) for other in taken)))
    return tuple(placed)


def note_lines(model: LogicModel, width: float) -> tuple[Line, ...]:
    """Return the notes beneath a figure: one for each arrow with evidence, then the key."""
    size = style.NOTE_SIZE
    lines = [Line("Evidence", size, bold=True, left=True)]
    for place, number in numbers(model).items():
        link = model.links[place]
        source, target = model.node(link.source), model.node(link.target)
        claims = ". ".join(filter(None, map(claim_words, link.evidence)))
        text = (
            f"{number}  {source.sentence} → {target.sentence}: {link_words(link)}."
            f"{f' {claims}.' if claims else ''}"
        )
        lines += [Line(one, size, left=True) for one in wrap(text, width, size)]
    lines += [Line(one, size, left=True, quiet=True) for one in wrap(_key(model), width, size)]
    return tuple(lines)


def _key(model: LogicModel) -> str:
    """Return the key to the signs and letters that the figure uses."""
    used = {state(link) for link in model.links}
    sure = {certainty(link) for link in model.links}
    signs = [f"{stroke.sign} {name}" for name, stroke in style.STROKES.items() if name in used]
    letters = [
        f"{letter} {name}"
        for name, letter in style.CERTAINTY_LETTERS.items()
        if letter and name in sure
    ]
    key = f"Signs: {', '.join(signs)}."
    return (
        f"{key} Certainty, also by the breadth of the arrow: {', '.join(letters)}."
        if letters
        else key
    )
