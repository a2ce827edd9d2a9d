"""Arrows as PowerPoint connectors, attached to their boxes.

A connector stores its own geometry, and PowerPoint draws it as stored until one of its boxes is
moved; so an arrow can touch its box where the figure has it, beside the glue site at the middle
of that side. A straight arrow, or one that bends once like an S, is one of PowerPoint's own
connectors. Any other is a drawn curve between two points as small as the line is broad, each of
which a short connector joins to its box; when a box is moved, the piece at that box follows.
Programs that route glued connectors anew, as LibreOffice does, change no more than these pieces.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from logicmodels.export.waypoints import Curve, curves, ends, is_line, is_straight, middle
from logicmodels.figures.scene.route import Point, Route

if TYPE_CHECKING:
    from pptx.shapes.autoshape import Shape as Drawn
    from pptx.shapes.connector import Connector
    from pptx.slide import Slide

STRAIGHT, CURVED = "straightConnector1", "curvedConnector3"
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
_ENDS = 2
"""How many pieces of an arrow join it to its boxes."""
_AT_BOX, _LONGEST = 14.0, 24.0
"""How long the piece at a box is, and how long it may be where the arrow is straight there."""


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
    way = list(curves(route))
    if len(way) == 1 and _is_level(way[0]):
        return [_bent(CURVED, start, middle(way[0])[0], end)]
    way = _cut_off(way)
    way = _turned(_cut_off(_turned(way)))
    if len(way) == _ENDS:
        way = [way[0], *_halves(way[1], 0.5)]  # an arrow of two lines, with a curve between them
    return [
        Piece(STRAIGHT, start, way[0][3]),
        Piece(OWN, way[0][3], way[-1][0], way=tuple(way[1:-1])),
        Piece(STRAIGHT, way[-1][0], end),
    ]


def _cut_off(way: list[Curve]) -> list[Curve]:
    """Return an arrow whose first curve is the piece at its box: a line, or a short part."""
    first, *others = way
    if is_line(first) and others and math.dist(first[0], first[3]) < _LONGEST:
        return way
    share = min(_AT_BOX / (math.dist(first[0], first[3]) or 1.0), 0.4)
    return [*_halves(first, share), *others]


def _turned(way: list[Curve]) -> list[Curve]:
    return [(curve[3], curve[2], curve[1], curve[0]) for curve in reversed(way)]


def _halves(curve: Curve, share: float) -> tuple[Curve, Curve]:
    """Return the two parts of a curve (de Casteljau)."""

    def between(one: Point, other: Point) -> Point:
        return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share

    a, b, c, d = curve
    ab, bc, cd = between(a, b), between(b, c), between(c, d)
    abc, bcd = between(ab, bc), between(bc, cd)
    at = between(abc, bcd)
    return (a, ab, abc, at), (at, bcd, cd, d)


def _is_level(curve: Curve) -> bool:
    """Return whether a curve is level at both ends, as PowerPoint's own are."""
    (_, y0), (_, y1), (_, y2), (_, y3) = curve
    return abs(y0 - y1) < _NEAR and abs(y2 - y3) < _NEAR


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
) -> tuple[list[Connector | Drawn], list[Drawn]]:
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
    drawn: list[Any] = []
    for piece, (first, last) in zip(way, pairwise(stops), strict=True):
        if piece.form == OWN:
            added: Any = _add_curve(slide, piece.way)
        else:
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


def _add_curve(slide: Slide, way: Sequence[Curve]) -> Drawn:
    """Add a drawn curve: its pieces within the rectangle that encloses them."""
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import nsdecls, qn
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
    added = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Pt(left), Pt(top), wide, high)
    element: Any = added.element
    element.remove(element.find(qn("p:style")))
    element.spPr.replace(element.spPr.find(qn("a:prstGeom")), parse_xml(own))
    added.fill.background()
    return added


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
