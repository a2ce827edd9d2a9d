"""A logic model as GraphML, for programs that draw and measure networks.

Every box and arrow has its data under typed keys. The places and looks of the figure come before
them in yEd's format. Other readers ignore that format, or read its broken lines as the label of a
box; since later data replace earlier ones, they end with ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from arrowroot.text import one_line, printable, xml_text
from logicmodels.export.waypoints import ends, waypoints
from logicmodels.figures.model_scene import address, seen_scene
from logicmodels.figures.overlays import Overlay
from logicmodels.figures.scene.route import Point
from logicmodels.figures.scene.scene import Arrow, Shape
from logicmodels.figures.views import look_at
from logicmodels.model import Model
from logicmodels.questions.describe import assumption_words
from logicmodels.questions.evidence import certainty, claims_words, state
from logicmodels.questions.part_names import acted_on, acting_on
from logicmodels.records import Link, Node

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_YED = "http://www.yworks.com/xml/graphml"
NODE_KEYS = {
    "label": "string",
    "column": "string",
    "heading": "string",
    "kind": "string",
    "items": "string",
    "who": "string",
    "by": "string",
    "indicators": "string",
    "harm": "boolean",
    "note": "string",
    "url": "string",
    "group": "string",
    "tags": "string",
    "owner": "string",
    "acts_on": "string",
    "model": "string",
    "sentence": "string",
    "x": "double",
    "y": "double",
}
"""The data of a box and their types; ``x`` and ``y`` only for boxes that the figure shows."""
EDGE_KEYS = {
    "sentence": "string",
    "because": "string",
    "mechanism": "string",
    "role": "string",
    "theory": "string",
    "assumptions": "string",
    "no_assumption_because": "string",
    "evidence": "string",
    "certainty": "string",
    "claims": "string",
    "feedback": "boolean",
    "mutual": "boolean",
    "polarity": "string",
    "delay": "boolean",
    "label": "string",
    "confidence": "double",
    "acted_on_by": "string",
}
"""The data of an arrow; ``evidence`` is its state, such as ``supported``."""
_HEADS = {"normal": "standard", "empty": "white_delta", "tee": "t_shape", "diamond": "diamond"}


def to_graphml(
    model: Model,
    *,
    view: str | Overlay = "overview",
    theme: str | None = None,
    order: str = "author",
) -> str:
    """Return a model as GraphML; see `LogicModel.to_graphml`."""
    seen = look_at(model, view, theme)
    model, drawn = seen.model, seen_scene(seen, order=order)
    shapes = {shape.name: shape for shape in drawn.shapes}
    root = ET.Element(f"{{{_SPACE}}}graphml")
    _declare(root, "graph", {"title": "string", "description": "string"})
    _declare(root, "node", NODE_KEYS)
    _declare(root, "edge", EDGE_KEYS)
    for kind in ("node", "edge"):
        names = {"id": f"{kind}graphics", "for": kind, "yfiles.type": f"{kind}graphics"}
        ET.SubElement(root, f"{{{_SPACE}}}key", names)
    graph = ET.SubElement(root, f"{{{_SPACE}}}graph", id="model", edgedefault="directed")
    _add_data(graph, "graph", {"title": drawn.title, "description": drawn.words})
    for node in model.nodes:
        element = ET.SubElement(graph, f"{{{_SPACE}}}node", id=node.id)
        shape = shapes.get(f"node_{node.id}")
        if shape:
            _draw_node(element, shape)
        _add_data(element, "node", dict(_node_data(model, node, shape)))
    for link, arrow in zip(model.links, drawn.arrows, strict=True):
        ends_of = {"id": arrow.name, "source": link.source, "target": link.target}
        element = ET.SubElement(graph, f"{{{_SPACE}}}edge", ends_of)
        _draw_edge(element, arrow, shapes)
        _add_data(element, "edge", dict(_edge_data(model, link, arrow.words)))
    ET.indent(root)
    return xml_text(root, {_SPACE: "", _YED: "y"}) + "\n"


def _declare(root: ET.Element, kind: str, keys: dict[str, str]) -> None:
    for name, form in keys.items():
        said = {"id": f"{kind}_{name}", "for": kind, "attr.name": name, "attr.type": form}
        ET.SubElement(root, f"{{{_SPACE}}}key", said)


def _add_data(element: ET.Element, kind: str, data: dict[str, str]) -> None:
    for name, value in data.items():
        if value:
            said = ET.SubElement(element, f"{{{_SPACE}}}data", key=f"{kind}_{name}")
            said.text = value


def _node_data(model: Model, node: Node, shape: Shape | None) -> Iterator[tuple[str, str]]:
    yield "label", one_line(node.label)
    yield "column", node.column
    yield "heading", one_line(model.heading(node.column))
    yield "kind", model.profile.column(node.column).kind
    yield "items", "; ".join(map(one_line, node.items))
    yield "who", one_line(node.who)
    yield "by", node.by
    yield "harm", "true" if node.harm else "false"
    yield "indicators", "; ".join(map(one_line, node.indicators))
    yield "note", one_line(node.note)
    yield "url", address(node)
    yield "group", one_line(node.group)
    yield "tags", "; ".join(map(one_line, node.tags))
    yield "owner", one_line(node.owner)
    yield "acts_on", "; ".join(acted_on(node))
    yield "model", one_line(node.model)
    yield "sentence", one_line(node.sentence)
    if shape:
        yield "x", f"{shape.place.x:.1f}"
        yield "y", f"{shape.place.y:.1f}"


def _edge_data(model: Model, link: Link, words: str) -> Iterator[tuple[str, str]]:
    yield "sentence", words
    yield "because", one_line(link.because)
    yield "mechanism", one_line(link.mechanism)
    yield "role", link.role
    yield "theory", link.theory
    yield "assumptions", "; ".join(map(assumption_words, link.assumptions))
    yield "no_assumption_because", one_line(link.no_assumption_because)
    yield "evidence", state(link)
    yield "certainty", certainty(link)
    yield "claims", " | ".join(claims_words(link))
    yield "feedback", "true" if link.feedback else "false"
    yield "mutual", "true" if link.mutual else "false"
    yield "polarity", link.polarity
    yield "delay", "true" if link.delay else ""
    yield "label", one_line(link.label)
    yield "confidence", "" if link.confidence is None else str(link.confidence)
    yield "acted_on_by", "; ".join(node.id for node in acting_on(model, link))


def _draw_node(element: ET.Element, shape: Shape) -> None:
    """Write how yEd draws a box: its place, its colours and its label."""
    place = shape.place
    look = _graphics(element, "node", "ShapeNode")
    _part(
        look,
        "Geometry",
        x=f"{place.x - place.width / 2:.1f}",
        y=f"{place.y - place.height / 2:.1f}",
        width=f"{place.width:.1f}",
        height=f"{place.height:.1f}",
    )
    _part(look, "Fill", color=shape.fill, transparent="false")
    line = "line" if shape.line == "solid" else shape.line
    _part(look, "BorderStyle", color=shape.edge, width=f"{shape.thickness:g}", type=line)
    size = f"{shape.paragraphs[0].size:.0f}"
    label = _part(look, "NodeLabel", fontSize=size, modelName="internal", modelPosition="c")
    label.text = printable("\n".join(line.text for line in place.lines))
    _part(look, "Shape", type="roundrectangle")


def _draw_edge(element: ET.Element, arrow: Arrow, shapes: dict[str, Shape]) -> None:
    """Write how yEd draws an arrow: its ends, relative to the middles of its boxes, and route."""
    look = _graphics(element, "edge", "PolyLineEdge")
    start, end = ends(arrow.route)
    sx, sy = _aside(start, shapes[arrow.source])
    tx, ty = _aside(end, shapes[arrow.target])
    path = _part(look, "Path", sx=sx, sy=sy, tx=tx, ty=ty)
    for x, y in waypoints(arrow.route):
        _part(path, "Point", x=f"{x:.1f}", y=f"{y:.1f}")
    line = "line" if arrow.line == "solid" else arrow.line
    _part(look, "LineStyle", color=arrow.colour, type=line, width=f"{arrow.width:g}")
    head = _HEADS[arrow.head]
    _part(look, "Arrows", source=head if arrow.both else "none", target=head)
    _part(look, "BendStyle", smoothed="true")


def _aside(point: Point, shape: Shape) -> tuple[str, str]:
    return f"{point[0] - shape.place.x:.1f}", f"{point[1] - shape.place.y:.1f}"


def _graphics(element: ET.Element, kind: str, form: str) -> ET.Element:
    data = ET.SubElement(element, f"{{{_SPACE}}}data", key=f"{kind}graphics")
    return _part(data, form)


def _part(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{_YED}}}{tag}", attributes)
