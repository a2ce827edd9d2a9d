"""One figure on one sheet, as large as it can be: turned, its columns wider or narrower."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from logicmodels.figures import style
from logicmodels.figures.layout.layout import Space
from logicmodels.figures.model_scene import seen_scene
from logicmodels.figures.scene.paper import Paper
from logicmodels.figures.scene.scene import Scene
from logicmodels.figures.views import Seen

SMALLEST = 7.0
"""Points: smaller text is hard to read in print."""
_GOOD = 0.95
"""Of this scale, no better way to place the boxes is looked for."""
_BROAD = {1: 1.0, 2: 0.42, 3: 0.27}
"""How much of the width boxes may take on a sheet that has few columns."""


@dataclass(frozen=True)
class How:
    """How figures are drawn: as for `LogicModel.draw`."""

    title: bool = True
    order: str = "author"
    direction: str = ""


def on_sheet(seen: Seen, how: How, paper: Paper) -> Scene:
    """Return a figure on a sheet, in the way in which its text is largest.

    The sheet is used as it lies. Columns share its width, or more or less than it, and boxes are
    narrower where that makes the figure fit: their text then has more lines.
    """
    # The best order of boxes takes long to find, and hardly changes how large a figure is.
    best: tuple[Scene, Space] | None = None
    for space in _spaces(seen, how, paper):
        drawn = _drawn(seen, how, "author", paper, space)
        if best is None or drawn.scale > best[0].scale:
            best = drawn, space
        if best[0].scale >= min(_GOOD, paper.largest):
            break
    assert best is not None  # noqa: S101  # there is always a first way
    first, space = best
    return first if how.order == "author" else _drawn(seen, how, how.order, paper, space)


def _drawn(seen: Seen, how: How, order: str, paper: Paper, space: Space) -> Scene:
    return replace(seen_scene(seen, title=how.title, order=order, space=space), paper=paper)


def best_sheet(seen: Seen, how: How, paper: Paper) -> Scene:
    """Return a figure on a sheet that may be turned."""
    drawn = on_sheet(seen, how, paper)
    if not paper.turns or drawn.scale >= _GOOD:
        return drawn
    other = on_sheet(seen, how, paper.turned)
    return other if other.scale > drawn.scale else drawn


def is_readable(drawn: Scene) -> bool:
    """Return whether no text of a figure is smaller than can be read."""
    return drawn.smallest_text >= SMALLEST - 1e-6


def _spaces(seen: Seen, how: How, paper: Paper) -> Iterator[Space]:
    """Yield ways to use a sheet: the usual one, then its width at the smallest scale and between.

    A figure for the public is drawn larger in a usual width; on a sheet it is the sheet's.
    """
    zoom = seen.overlay.zoom
    usual = Space(how.direction)
    yield replace(usual, room=usual.room * zoom)
    wide, high = (side * style.BADGE_SIZE / SMALLEST for side in paper.room)
    if seen.model.profile.free:
        yield Space(sheet=(wide, high))
        return
    columns = sum(bool(seen.model.column(one.id)) for one in seen.model.profile.flow)
    broad = max(style.WIDEST_BOX, _BROAD.get(columns, 0.0) * wide)
    yield Space(how.direction, wide * zoom, broad)
    yield Space(how.direction, paper.room[0] * zoom, broad)
    yield Space(how.direction, 0.7 * paper.room[0] * zoom)
