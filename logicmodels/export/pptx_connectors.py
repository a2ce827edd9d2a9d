"""Arrows as PowerPoint connectors, attached to their boxes.

A connector stores its own geometry, and PowerPoint draws it as stored until one of its boxes is
moved; so an arrow can touch its box where the figure has it, beside the glue site at the middle
of that side. One of PowerPoint's connectors bends at most as an S. An arrow that passes a column,
or runs back beneath the boxes, is therefore a chain of connectors, glued to each other at points
as small as the line is broad; when a box is moved, only the piece at that box follows. Any other
route, such as one of a causal loop map, is a connector with a form of its own, curve by curve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from logicmodels.export.waypoints import Curve, corners, curves, ends, is_line, is_straight, middle
from logicmodels.figures.scene.route import Point, Route

if TYPE_CHECKING:
    from pptx.shapes.autoshape import Shape as Drawn
    from pptx.shapes.connector import Connector
    from pptx.slide import Slide

STRAIGHT, CURVED, BENT = "straightConnector1", "curvedConnector3", "bentConnector3"
OWN = "own"
"""A form that is none of PowerPoint's."""
_HEADS = {"normal": "triangle", "empty": "arrow", "tee": "oval", "diamond": "diamond"}
"""Arrowheads in Graphviz's and PowerPoint's terms. PowerPoint has no bar; a dot is used instead."""
_TOP, _LEFT, _BOTTOM, _RIGHT = range(4)
"""Glue sites of a rectangle."""
_NARROWEST = 1.0
"""Points: a form measures its bend in its own width, which therefore may not be 0."""
_SMALLEST = 12.0
"""Points: what is narrower is no box but a point between two pieces."""
_WHOLE = 100_000
"""In the unit of this measure."""
_NEAR = 0.05
_BENEATH, _BESIDE = 4, 2
"""How often an arrow turns that runs back beneath the boxes, and one between boxes of a column."""
_BACK = 12.0
"""How far from the edge of its box an arrow that runs back is passed on to its next piece."""


@dataclass(frozen=True)
class Piece:
    """A connector: its form, its ends, and where between them (0 to 1) it bends.

    One with a form of its own has its curves.
    """

    form: str
    start: Point
    end: Point
    bend: float = 0.5
    way: tuple[Curve, ...] = ()

    @property
    def leaves_right(self) -> bool:
        """Whether it leaves its start to the right."""
        return self._turn > self.start[0]

    @property
    def comes_from_left(self) -> bool:
        """Whether it comes to its end from the left."""
        return self._turn < self.end[0]

    @property
    def _turn(self) -> float:
        return self.start[0] + self.bend * _span(self.start[0], self.end[0])


def pieces(route: Route) -> list[Piece]:
    """Return the connectors that draw an arrow, the first to the last."""
    start, end = ends(route)
    if is_straight(route):
        return [Piece(STRAIGHT, start, end)]
    turns = corners(route)
    if len(turns) == _BENEATH:
        return _beneath(start, turns, end)
    if len(turns) == _BESIDE and abs(start[1] - turns[0][1]) < _NARROWEST:
        return [_bent(BENT, start, turns[0][0], end)]
    way = list(curves(route))
    if turns or not all(is_line(curve) or _is_level(curve) for curve in way):
        return [Piece(OWN, start, end, way=tuple(way))]
    return [
        Piece(STRAIGHT, curve[0], curve[3])
        if is_line(curve)
        else _bent(CURVED, curve[0], middle(curve)[0], curve[3])
        for curve in way
    ]


def _is_level(curve: Curve) -> bool:
    """Return whether a curve is level at both ends, as PowerPoint's own are."""
    (_, y0), (_, y1), (_, y2), (_, y3) = curve
    return abs(y0 - y1) < _NEAR and abs(y2 - y3) < _NEAR


def _beneath(start: Point, turns: Sequence[Point], end: Point) -> list[Piece]:
    """Return the pieces of an arrow that runs back: down, along beneath the boxes, and up."""
    (down, _), (_, level), (up, _) = turns[0], turns[1], turns[2]
    back = _BACK if down > up else -_BACK
    first, last = (start[0] - back, level), (end[0] + back, level)
    return [
        _bent(CURVED, start, down, first),
        Piece(STRAIGHT, first, last),
        _bent(CURVED, last, up, end),
    ]


def _bent(form: str, start: Point, turn: float, end: Point) -> Piece:
    return Piece(form, start, end, (turn - start[0]) / _span(start[0], end[0]))


def _span(start: float, end: float) -> float:
    span = end - start
    if abs(span) >= _NARROWEST:
        return span
    return -_NARROWEST if span < 0 else _NARROWEST


def add_arrow(
    slide: Slide,
    route: Route,
    source: Drawn,
    target: Drawn,
    *,
    head: str,
    mutual: bool,
    width: float,
    size: str,
    paint: Callable[[Any], None],
) -> tuple[list[Connector], list[Drawn]]:
    """Add an arrow to a slide, glued to two boxes.

    Parameters
    ----------
    slide : Slide
        Where the boxes stand.
    route : Route
        The arrow's route on the slide, in points.
    source, target : Shape
        The boxes.
    head : {"normal", "empty", "tee", "diamond"}
        In Graphviz's terms.
    mutual : bool
        Whether the arrow has a head at both ends.
    width : float
        Width of the line, in points.
    size : {"med", "lg"}
        Size of the head, which PowerPoint measures in widths of the line.
    paint : callable
        Gives a line its colour, width and dashes.

    Returns
    -------
    list of Connector, list of Shape
        The pieces, of which the last has the head; and the points between them.
    """
    way = pieces(route)
    points = [_add_point(slide, piece.start, width) for piece in way[1:]]
    stops = [source, *points, target]
    drawn = []
    for piece, (first, last) in zip(way, pairwise(stops), strict=True):
        added = _add_piece(slide, piece, first, last)
        paint(added.line)
        drawn.append(added)
    if mutual:
        drawn[0].get_or_add_ln().append(_head("headEnd", head, size))
    drawn[-1].get_or_add_ln().append(_head("tailEnd", head, size))
    return drawn, points


def _add_point(slide: Slide, at: Point, width: float) -> Drawn:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Pt

    left, top = Pt(at[0] - width / 2), Pt(at[1] - width / 2)
    return slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, Pt(width), Pt(width))


def _add_piece(slide: Slide, piece: Piece, first: Drawn, last: Drawn) -> Connector:
    from pptx.enum.shapes import MSO_CONNECTOR
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn
    from pptx.util import Pt

    added = slide.shapes.add_connector(MSO_CONNECTOR.CURVE, Pt(0), Pt(0), Pt(1), Pt(1))
    added.begin_connect(first, _site(first, piece.start, right=piece.leaves_right))
    added.end_connect(last, _site(last, piece.end, right=not piece.comes_from_left))
    element: Any = added.element
    element.remove(element.find(qn("p:style")))
    form = element.spPr.find(qn("a:prstGeom"))
    if piece.form == OWN:
        _shape_own(element, form, piece.way)
        return added
    (x0, y0), (x1, y1) = piece.start, piece.end
    bends = piece.form != STRAIGHT
    wide = abs(_span(x0, x1)) if bends else abs(x1 - x0)
    element.x, element.y = Pt(x0 - wide if x1 < x0 else x0), Pt(min(y0, y1))
    element.cx, element.cy = Pt(wide), Pt(abs(y1 - y0))
    element.flipH, element.flipV = x1 < x0, y1 < y0
    guide = f'<a:gd name="adj1" fmla="val {round(piece.bend * _WHOLE)}"/>' if bends else ""
    own = f'<a:prstGeom {nsdecls("a")} prst="{piece.form}"><a:avLst>{guide}</a:avLst></a:prstGeom>'
    element.spPr.replace(form, parse_xml(own))
    return added


def _shape_own(element: Any, form: Any, way: Sequence[Curve]) -> None:
    """Give a connector a form of its own: curves within the rectangle that encloses them."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls
    from pptx.util import Pt

    xs, ys = zip(*(point for curve in way for point in curve), strict=True)
    left, top = min(xs), min(ys)
    wide, high = Pt(max(xs) - left), Pt(max(ys) - top)

    def at(point: Point) -> str:
        return f'<a:pt x="{Pt(point[0] - left)}" y="{Pt(point[1] - top)}"/>'

    runs = "".join(f"<a:cubicBezTo>{''.join(map(at, curve[1:]))}</a:cubicBezTo>" for curve in way)
    own = (
        f"<a:custGeom {nsdecls('a')}><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{high}" fill="none">'
        f"<a:moveTo>{at(way[0][0])}</a:moveTo>{runs}</a:path></a:pathLst></a:custGeom>"
    )
    element.x, element.y, element.cx, element.cy = Pt(left), Pt(top), wide, high
    element.flipH = element.flipV = False
    element.spPr.replace(form, parse_xml(own))


def _site(box: Drawn, point: Point, *, right: bool) -> int:
    """Return the glue site of a box at whose side an arrow ends; a point has left and right."""
    from pptx.util import Pt

    if box.width < Pt(_SMALLEST):
        return _RIGHT if right else _LEFT
    x, y = Pt(point[0]), Pt(point[1])
    apart = {
        _TOP: abs(y - box.top),
        _LEFT: abs(x - box.left),
        _BOTTOM: abs(y - box.top - box.height),
        _RIGHT: abs(x - box.left - box.width),
    }
    return min(apart, key=lambda side: apart[side])


def _head(tag: str, head: str, size: str) -> Any:
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls

    return parse_xml(f'<a:{tag} {nsdecls("a")} type="{_HEADS[head]}" w="{size}" len="{size}"/>')
