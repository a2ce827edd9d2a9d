"""A figure as DOT text: pure text, no engine.

Every box and arrow carries its place (`pos`), so that ``neato -n2``, and `render`, draw the
figure as it was laid out. Where boxes are in columns, the text also contains what ``dot`` needs to
lay it out again in the same columns; each part prevents a way in which dot would lose them:

- one ``rank=same`` set per column that names all of its nodes, or others move to the first column;
- ``newrank=true``, or rank sets across clusters make clusters vanish;
- a heading in every column, chained invisibly with a large weight, or a column without links
  is placed on another;
- an invisible chain down each column, or dot reorders the author's boxes to save crossings;
- ``constraint=false`` on arrows that run back, or they move the columns;
- boxes of fixed size, measured in the bundled font, or text overflows where fonts differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as escape_html
from itertools import pairwise

from graphviz import Digraph, escape, nohtml

from arrowroot.fonts import FAMILY
from arrowroot.text import printable
from logicmodels.figures import style
from logicmodels.figures.parts import Line, Placed
from logicmodels.figures.scene import turned_text
from logicmodels.figures.scene.paper import Paper
from logicmodels.figures.scene.route import Point
from logicmodels.figures.scene.scene import Arrow, Scene, Shape
from logicmodels.figures.style import Theme

_ABOVE = 0.1
_POINTS = 72.0
"""Points per inch; DOT measures boxes in inches."""
_NO_LIMIT = 1000
"""Inches: higher than any figure, so that only its width determines how large it is drawn."""
_RANKS = {"right": "LR", "left": "RL", "down": "TB", "up": "BT"}
_LONGEST = 16_000
"""Characters: Graphviz does not read longer quoted texts, but joins several."""


def to_dot(scene: Scene) -> str:
    """Return a figure as DOT text: the same text for the same figure."""
    graph = _begun(scene)
    shapes = {shape.name: shape for shape in scene.shapes}
    in_columns = {name for heading, boxes in scene.columns for name in (heading, *boxes)}
    columns_follow = bool(scene.columns)
    for shape in scene.shapes:
        if shape.name not in in_columns:
            _add_shape(graph, shape, scene.look)
        elif columns_follow:
            _add_columns(graph, scene, shapes)
            columns_follow = False
    for arrow in scene.arrows:
        _add_arrow(graph, arrow, scene)
    badges = [shape for arrow in scene.arrows for shape in arrow.carried]
    for shape in (*badges, *scene.marks, *scene.captions):
        _add_shape(graph, shape, scene.look)
    return str(graph.source)


def _begun(scene: Scene) -> Digraph:
    """Return a graph without parts, in the colours of the figure."""
    look = scene.look
    graph = Digraph(scene.name, comment="Draw as placed: neato -n2 -Tsvg")
    joined = bool(scene.arrows or scene.columns)
    more = {"outputorder": "edgesfirst"} if joined else {}
    if scene.columns:
        more |= {"rankdir": _RANKS[scene.towards], "newrank": "true"}
    pad = "0.15"
    if scene.paper:
        pad, more["size"] = _on_paper(scene, scene.paper)
        more["margin"] = "0"  # of which some formats have their own
    elif scene.zoom != 1.0:
        more["size"] = f"{_reach(scene) * scene.zoom / _POINTS:.2f},{_NO_LIMIT}!"
    graph.attr(pad=pad, bgcolor=look.background, **more)
    ground = " ".join(turned_text.drawn(shape, look.ink) for shape in scene.shapes if shape.turned)
    if ground:
        graph.body.append(f"\tgraph [_background={_joined(ground)}]\n")
    graph.attr(
        "node",
        shape="box",
        style="filled,rounded",
        fixedsize="true",
        margin="0",
        fontname=FAMILY,
        fontsize=f"{style.FONT_SIZE:g}",
        fontcolor=look.ink,
    )
    if joined:
        graph.attr("edge", color=look.arrow, penwidth=str(style.ARROW_WIDTH), arrowsize="0.7")
    return graph


def _on_paper(scene: Scene, paper: Paper) -> tuple[str, str]:
    """Return the space around a figure with which it fills its sheet, and the sheet's size."""
    scale = scene.scale
    # Graphviz cuts sizes down to whole points, so that 841.9 would be 841.
    wide, high = (round(side) + _ABOVE for side in (paper.width, paper.height))
    across = (wide / scale - scene.width) / 2 / _POINTS
    down = (high / scale - scene.height) / 2 / _POINTS
    size = f"{wide / _POINTS:.4f},{high / _POINTS:.4f}!"
    return f"{across:.4f},{down:.4f}", size


def _reach(scene: Scene) -> float:
    """Return how far to the right boxes and texts extend."""
    return max(s.place.x + s.place.width / 2 for s in (*scene.shapes, *scene.captions))


def _joined(text: str) -> str:
    """Return a long text as several quoted ones."""
    pieces: list[str] = []
    for word in text.split(" "):
        if pieces and len(pieces[-1]) + len(word) < _LONGEST:
            pieces[-1] += f"{word} "
        else:
            pieces.append(f"{word} ")
    return " + ".join(f'"{piece}"' for piece in pieces)


def _add_columns(graph: Digraph, scene: Scene, shapes: dict[str, Shape]) -> None:
    columns = [*scene.columns]
    if scene.towards in ("left", "up"):
        columns.reverse()  # the order on the page: text is read from left to right
    for heading, boxes in columns:
        with graph.subgraph() as rank:
            rank.attr(rank="same")
            for name in (heading, *boxes):
                _add_shape(rank, shapes[name], scene.look)
        _chain(graph, [heading, *boxes])
    _chain(graph, [heading for heading, _ in scene.columns], weight="1000")


def _add_shape(graph: Digraph, shape: Shape, look: Theme) -> None:
    """Add a shape with its text, in its place, to a graph."""
    part, url = shape.place, {"URL": escape(shape.url)} if shape.url else {}
    graph.node(
        shape.name,
        label="" if shape.turned else _label(part, look, shape.padding),
        id=shape.name,
        pos=_point((part.x, part.y)),
        width=f"{part.width / _POINTS:.4f}",
        height=f"{part.height / _POINTS:.4f}",
        **({"labelloc": "t"} if _is_listed(part) else {}),
        **url,
        **_frame(shape),
    )


def _frame(shape: Shape) -> dict[str, str]:
    """Return how the outline of a shape is drawn."""
    if shape.turned:  # drawn in the background, together with its text
        return {"style": "invis"}
    if not shape.fill and shape.edge:  # a frame, through which arrows are seen
        look = f"rounded,{shape.line}" if shape.rounded else shape.line
        return {"style": look, "color": shape.edge, "penwidth": f"{shape.thickness:g}"}
    if not shape.fill:
        return {"shape": "plaintext", "style": ""}
    looks = {"fillcolor": shape.fill, "color": shape.edge, "penwidth": f"{shape.thickness:g}"}
    corners = ("rounded",) if shape.rounded else ()
    lines = () if shape.line == "solid" else (shape.line,)
    kind = ",".join(("filled", *corners, *lines))
    return looks if kind == "filled,rounded" else looks | {"style": kind}


def _is_listed(part: Placed) -> bool:
    """Return whether a box holds a list, which starts at its top however tall it is."""
    return bool(part.kind) and any(line.left for line in part.lines)


def _add_arrow(graph: Digraph, arrow: Arrow, scene: Scene) -> None:
    looks = {"style": arrow.line} if arrow.line != "solid" else {}
    plain = ("normal", style.ARROW_WIDTH, scene.look.arrow)
    if (arrow.head, arrow.width, arrow.colour) != plain:
        looks = {
            "style": arrow.line,
            "arrowhead": arrow.head,
            "penwidth": f"{arrow.width:g}",
            "color": arrow.colour,
        }
    if arrow.backward:
        looks["constraint"] = "false"
    route = arrow.route.with_bar() if arrow.head == "tee" else arrow.route
    ways = f"e,{_point(route.tip)} {' '.join(map(_point, route.points))}"
    if route.start:
        looks["dir"] = "both"
        ways = f"s,{_point(route.start)} {ways}"
    graph.edge(arrow.source, arrow.target, id=arrow.name, pos=ways, **looks)


def _chain(graph: Digraph, names: Sequence[str], **attributes: str) -> None:
    for before, after in pairwise(names):
        graph.edge(before, after, style="invis", **attributes)


def _point(point: Point) -> str:
    """Return a place in DOT's coordinates, whose y runs upwards."""
    x, y = (round(value, 2) + 0.0 for value in (point[0], -point[1]))
    return f"{x:g},{y:g}"


def _label(part: Placed, look: Theme, padding: float) -> str:
    """Return a label in which no part of the text is read as DOT's own syntax."""
    plain = Line("")
    if all((line.size, line.bold, line.left) == (plain.size, False, False) for line in part.lines):
        return nohtml(r"\n".join(escape(printable(line.text)) for line in part.lines))
    inner = part.width - (2 * style.PADDING if part.kind else 2 * padding or 2)
    rows = "".join(_row(line, inner, look) for line in part.lines)
    if _is_listed(part):
        rows = f'<TR><TD HEIGHT="{style.PADDING:g}"></TD></TR>{rows}'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{rows}</TABLE>>'


def _row(line: Line, width: float, look: Theme) -> str:
    """Return a row of an HTML-like label, in which a backslash still has to be escaped."""
    text = escape_html(printable(line.text)).replace("\\", "\\\\")
    if line.bold:
        text = f"<B>{text}</B>"
    colour = look.quiet if line.quiet else look.ink
    where = f' ALIGN="LEFT" WIDTH="{width:.0f}"' if line.left else ""
    return (
        f'<TR><TD{where}><FONT POINT-SIZE="{line.size:g}" COLOR="{colour}">{text}</FONT></TD></TR>'
    )
