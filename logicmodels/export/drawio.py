"""A figure as a draw.io diagram, plain XML that its editor opens with everything in its place.

The format is mxGraph's: a list of cells, boxes with their geometry, arrows with the cells they
join and the points they run through. Each cell is wrapped in an object that contains its label,
the sentence shown on hovering, and the data of the model. Labels are read as HTML, so that a
heading can be bold; all text of the model in them is escaped twice, once as HTML, once as XML.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from xml.etree import ElementTree as ET

from arrowroot.text import xml_text
from logicmodels.export.waypoints import corners, ends, waypoints
from logicmodels.figures.scene.route import Point
from logicmodels.figures.scene.scene import Arrow, Paragraph, Scene, Shape

SCALE = 96 / 72
"""Pixels per point: draw.io measures in pixels."""
MARGIN = 20.0
_CORNER = 12.0
_FONT = "Arial"
_HEADS = {
    "normal": "endArrow=block;endFill=1",
    "empty": "endArrow=block;endFill=0",
    "tee": "endArrow=baseDash;endFill=0",
    "diamond": "endArrow=diamond;endFill=1",
}
_LINES = {
    "solid": "",
    "dashed": "dashed=1;dashPattern=6 4",
    "dotted": "dashed=1;dashPattern=1 3",
}


def diagram(drawn: Scene) -> str:
    """Return a figure as a draw.io file: the same text for the same figure."""
    return diagrams([drawn])


def diagrams(drawn: Sequence[Scene]) -> str:
    """Return figures as one draw.io file, each on a page of its own."""
    file = ET.Element("mxfile", host="logicmodels")
    for number, one in enumerate(drawn):
        _add_page(file, one, f"{one.name}_{number + 1}" if number else one.name)
    ET.indent(file)
    return xml_text(file, {}) + "\n"


def _add_page(file: ET.Element, drawn: Scene, name: str) -> None:
    page = ET.SubElement(file, "diagram", id=name, name=drawn.title[:100] or "Figure")
    graph = ET.SubElement(
        page,
        "mxGraphModel",
        grid="1",
        gridSize="10",
        guides="1",
        tooltips="1",
        connect="1",
        arrows="1",
        fold="1",
        page="1",
        pageScale="1",
        pageWidth=f"{math.ceil(drawn.width * SCALE + 2 * MARGIN)}",
        pageHeight=f"{math.ceil(drawn.height * SCALE + 2 * MARGIN)}",
        math="0",
        shadow="0",
    )
    root = ET.SubElement(graph, "root")
    ET.SubElement(root, "mxCell", id="0")
    ET.SubElement(root, "mxCell", {"id": "1", "parent": "0"})
    for shape in (*drawn.shapes, *drawn.marks, *drawn.captions):
        _add_shape(root, shape, drawn)
    places = {shape.name: shape for shape in drawn.shapes}
    for arrow in drawn.arrows:
        _add_arrow(root, arrow, places, drawn)


def _add_shape(root: ET.Element, shape: Shape, drawn: Scene) -> None:
    cell = _object(root, shape, drawn, column=shape.column, link=shape.url)
    cell.set("parent", "1")
    left, top = _pixels(
        (shape.place.x - shape.place.width / 2, shape.place.y - shape.place.height / 2), drawn
    )
    ET.SubElement(
        cell, "mxGeometry", _size(shape) | {"x": f"{left:g}", "y": f"{top:g}", "as": "geometry"}
    )


def _object(root: ET.Element, shape: Shape, drawn: Scene, **data: str) -> ET.Element:
    """Add a shape with its text, sentence and data; return its cell."""
    label = "".join(_html(paragraph, drawn) for paragraph in shape.paragraphs)
    if shape.listed:
        label = f'<div style="padding:{shape.inset * SCALE:g}px;">{label}</div>'
    wrapper = _wrapper(root, shape.name, label, shape.alone, data)
    return ET.SubElement(wrapper, "mxCell", style=_box_style(shape, drawn), vertex="1")


def _wrapper(
    root: ET.Element, name: str, label: str, words: str, data: dict[str, str]
) -> ET.Element:
    given = {key: value for key, value in data.items() if value}
    tooltip = {"tooltip": escape(words)} if words else {}
    return ET.SubElement(root, "UserObject", {"label": label, **tooltip, **given, "id": name})


def _html(paragraph: Paragraph, drawn: Scene) -> str:
    """Return a paragraph as HTML in which all of its text is plain text."""
    text = escape(paragraph.text).replace("\n", "<br>")
    if paragraph.bold:
        text = f"<b>{text}</b>"
    look = f"font-size:{paragraph.size * SCALE:g}px;line-height:1.2;"
    look += f"color:{drawn.look.quiet if paragraph.quiet else drawn.look.ink};"
    look += f"text-align:{'left' if paragraph.left else 'center'};"
    if paragraph.bullet:
        text, look = f"•&nbsp;{text}", look + "padding-left:0.6em;text-indent:-0.6em;"
    return f'<div style="{look}">{text}</div>'


def _box_style(shape: Shape, drawn: Scene) -> str:
    inset = shape.inset * SCALE
    left = all(paragraph.left for paragraph in shape.paragraphs)
    parts = [
        "html=1;whiteSpace=wrap",
        "rounded=1;absoluteArcSize=1;arcSize=" + f"{2 * _CORNER * SCALE:g}"
        if shape.rounded
        else "rounded=0",
        f"fillColor={shape.fill or 'none'}",
        f"strokeColor={shape.edge if shape.thickness else 'none'}",
        f"strokeWidth={shape.thickness * SCALE:.3g}" if shape.thickness else "",
        "horizontal=0" if shape.turned else "",
        _LINES[shape.line],
        f"fontFamily={_FONT};fontColor={drawn.look.ink}",
        f"align={'left' if left else 'center'}",
        f"spacing=0;spacingLeft={inset:g};spacingRight={inset:g}",
        "verticalAlign=top;overflow=fill" if shape.listed else "verticalAlign=middle",
    ]
    return ";".join(part for part in parts if part) + ";"


def _add_arrow(root: ET.Element, arrow: Arrow, places: dict[str, Shape], drawn: Scene) -> None:
    wrapper = _wrapper(root, arrow.name, "", arrow.words, dict(arrow.data))
    turns = corners(arrow.route)
    joined = {"edge": "1", "parent": "1", "source": arrow.source, "target": arrow.target}
    look = {"style": _arrow_style(arrow, places, bool(turns))}
    cell = ET.SubElement(wrapper, "mxCell", look | joined)
    geometry = ET.SubElement(cell, "mxGeometry", {"relative": "1", "as": "geometry"})
    way = turns or waypoints(arrow.route)
    if way:
        points = ET.SubElement(geometry, "Array", {"as": "points"})
        for point in way:
            x, y = _pixels(point, drawn)
            ET.SubElement(points, "mxPoint", x=f"{x:g}", y=f"{y:g}")
    start, end = ends(arrow.route)
    for shape in arrow.carried:
        _add_badge(root, arrow, shape, [start, *way, end], drawn)


def _arrow_style(arrow: Arrow, places: dict[str, Shape], turns: bool) -> str:
    start, end = ends(arrow.route)
    parts = [
        "html=1;edgeStyle=none",
        "rounded=1;curved=0" if turns else "curved=1",
        _fixed("exit", start, places[arrow.source]),
        _fixed("entry", end, places[arrow.target]),
        f"strokeColor={arrow.colour};strokeWidth={arrow.width * SCALE:.3g}",
        _LINES[arrow.line],
        _HEADS[arrow.head],
        f"endSize={6 if arrow.head == 'tee' else 7}",
        _HEADS[arrow.head].replace("end", "start") if arrow.both else "startArrow=none",
    ]
    return ";".join(part for part in parts if part) + ";"


def _fixed(side: str, point: Point, shape: Shape) -> str:
    """Return where on a box an arrow is fixed, as shares of its width and height."""
    place = shape.place
    x = round((point[0] - place.x) / place.width + 0.5, 4) + 0.0
    y = round((point[1] - place.y) / place.height + 0.5, 4) + 0.0
    return f"{side}X={x:g};{side}Y={y:g};{side}Dx=0;{side}Dy=0;{side}Perimeter=0"


def _add_badge(
    root: ET.Element, arrow: Arrow, badge: Shape, way: list[Point], drawn: Scene
) -> None:
    """Add a badge to an arrow, so that it moves with it.

    Its place is a share of the route from -1 to 1, measured along the straight lines between the
    arrow's points, and its distance from that point.
    """
    share, (x, y) = _nearest(way, (badge.place.x, badge.place.y))
    cell = _object(root, badge, drawn)
    cell.set("parent", arrow.name)
    cell.set("connectable", "0")
    geometry = ET.SubElement(
        cell,
        "mxGeometry",
        {"x": f"{2 * share - 1:.4f}", "y": "0", "relative": "1", "as": "geometry"} | _size(badge),
    )
    aside = (
        badge.place.x - badge.place.width / 2 - x,
        badge.place.y - badge.place.height / 2 - y,
    )
    ET.SubElement(
        geometry,
        "mxPoint",
        {"x": f"{aside[0] * SCALE:.1f}", "y": f"{aside[1] * SCALE:.1f}", "as": "offset"},
    )


def _nearest(way: list[Point], point: Point) -> tuple[float, Point]:
    """Return the share of a route at which it is nearest to a point, and where that is."""
    total = sum(math.dist(*piece) for piece in pairwise(way))
    gone, found = 0.0, (math.inf, 0.0, way[0])
    for start, end in pairwise(way):
        length = math.dist(start, end)
        along = (end[0] - start[0], end[1] - start[1])
        dot = (point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]
        t = min(max(dot / length**2, 0.0), 1.0) if length else 0.0
        foot = (start[0] + t * along[0], start[1] + t * along[1])
        found = min(found, (math.dist(foot, point), (gone + t * length) / total, foot))
        gone += length
    return found[1], found[2]


def _size(shape: Shape) -> dict[str, str]:
    return {
        "width": f"{shape.place.width * SCALE:.1f}",
        "height": f"{shape.place.height * SCALE:.1f}",
    }


def _pixels(point: Point, drawn: Scene) -> Point:
    """Return a place on the page."""
    return (
        round((point[0] - drawn.left) * SCALE + MARGIN, 1),
        round((point[1] - drawn.top) * SCALE + MARGIN, 1),
    )
