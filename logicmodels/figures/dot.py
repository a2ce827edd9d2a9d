"""A logic model as DOT text: pure text, no engine.

Every box and arrow carries its place (`pos`), so that ``neato -n2``, and `render`, draw the
figure as `layout` placed it. The text also contains what ``dot`` needs to lay it out again in the
same columns; each part prevents a way in which dot would lose them:

- one ``rank=same`` set per column that names all of its nodes, or others move to the first column;
- ``newrank=true``, or rank sets across clusters make clusters vanish;
- a heading in every column, chained invisibly with a large weight, or a column without links
  is placed on another;
- an invisible chain down each column, or dot reorders the author's boxes to save crossings;
- ``constraint=false`` on arrows that run back, or they move the columns;
- boxes of fixed size, measured in the bundled font, or text overflows where fonts differ.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape as escape_html
from itertools import pairwise

from graphviz import Digraph, escape, nohtml

from arrowroot.errors import RenderError
from arrowroot.fonts import FAMILY
from arrowroot.text import SAFE_URL, printable
from logicmodels.figures import style
from logicmodels.figures.layout.arrows import Point, Route
from logicmodels.figures.layout.layout import Layout, layout
from logicmodels.figures.overlays import NOTHING, Mark, Overlay
from logicmodels.figures.parts import Line, Placed, outline
from logicmodels.figures.style import Box, Theme
from logicmodels.model import Model
from logicmodels.records import Node

_POINTS = 72.0
"""Points per inch; DOT measures boxes in inches."""
_NO_LIMIT = 1000
"""Inches: higher than any figure, so that only its width determines how large it is drawn."""


def to_dot(
    model: Model, theme: str = "screen", *, title: bool = True, overlay: Overlay = NOTHING
) -> str:
    """Return a logic model as DOT text.

    Parameters
    ----------
    model : Model
        What to draw.
    theme : str
        A name from `style.THEMES`.
    title : bool
        Whether the title is shown above the columns.
    overlay : Overlay
        Marks on arrows and boxes, with the notes they point to.

    Returns
    -------
    str
        The same text for the same model.
    """
    look = style.theme_named(theme)
    drawn = layout(model, title=title, overlay=overlay)
    graph = begun(
        "logic_model",
        look,
        **_zoomed(drawn, overlay.zoom),
        rankdir="LR" if model.profile.towards == "right" else "RL",
        newrank="true",
        outputorder="edgesfirst",
    )
    graph.attr("edge", color=look.arrow, penwidth=str(style.ARROW_WIDTH), arrowsize="0.7")
    texts = {text.name: text for text in drawn.texts}
    if "title" in texts:
        add_part(graph, texts.pop("title"), look, shape="plaintext", style="")
    for group in drawn.groups:
        add_part(graph, group, look, **band(look.boxes[group.kind]))
    _add_columns(graph, model, drawn, look, overlay)
    for box in drawn.context:
        add_part(graph, box, look, **frame(look.boxes[box.kind]))
    for number, route in enumerate(drawn.routes):
        _add_link(graph, model, route, number, **_looks(overlay.links.get(number), look))
    for number, badge in drawn.badges.items():
        add_part(graph, badge, look, **_pill(overlay.links[number], look))
    for name, badge in drawn.box_badges.items():
        add_part(graph, badge, look, **_pill(overlay.nodes[name], look))
    for text in texts.values():
        add_part(graph, text, look, shape="plaintext", style="")
    return str(graph.source)


def _zoomed(drawn: Layout, zoom: float) -> dict[str, str]:
    """Return the attribute that makes Graphviz enlarge the figure: the size that it should fill."""
    if zoom == 1.0:
        return {}
    parts = (*drawn.headings, *drawn.boxes.values(), *drawn.texts)
    width = max(part.x + part.width / 2 for part in parts)
    return {"size": f"{width * zoom / _POINTS:.2f},{_NO_LIMIT}!"}


def begun(name: str, look: Theme, **attributes: str) -> Digraph:
    """Return a graph without parts, in the colours of a theme."""
    graph = Digraph(name, comment="Draw as placed: neato -n2 -Tsvg")
    graph.attr(pad="0.15", bgcolor=look.background, **attributes)
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
    return graph


def node_name(node_id: str) -> str:
    """Return a node's name in DOT: prefixed, so that no id can be a keyword of the language."""
    return f"node_{node_id}"


def _add_columns(
    graph: Digraph, model: Model, drawn: Layout, look: Theme, overlay: Overlay
) -> None:
    columns = [*zip(drawn.columns, drawn.headings, strict=True)]
    if model.profile.towards == "left":
        columns.reverse()  # the order on the page: text is read from left to right
    for column, heading in columns:
        box = look.boxes[column.kind]
        names = [node_name(node.id) for node in model.column(column.id)]
        with graph.subgraph() as rank:
            rank.attr(rank="same")
            add_part(rank, heading, look, **band(box))
            for node, name in zip(model.column(column.id), names, strict=True):
                looks = frame(style.box_of(look, column.kind, harm=node.harm))
                mark = overlay.nodes.get(node.id)
                line = outline(node, mark.line if mark else "solid")
                if mark or line != "solid":
                    looks["style"] = f"filled,rounded,{line}"
                if node.url:
                    looks["URL"] = escape(address(node))
                add_part(rank, drawn.boxes[node.id], look, name=name, **looks)
        _chain(graph, [heading.name, *names])
    _chain(graph, [heading.name for heading in drawn.headings], weight="1000")


def address(node: Node) -> str:
    """Return where a box links to, or raise RenderError if it could be more than a page."""
    if not re.fullmatch(SAFE_URL, node.url):
        raise RenderError(
            f"node {node.id}: url must begin with http:// or https://, or be relative; "
            f"got {node.url[:60]!r}"
        )
    return node.url


def add_part(graph: Digraph, part: Placed, look: Theme, *, name: str = "", **looks: str) -> None:
    """Add a box with its text, in its place, to a graph."""
    known = name or part.name
    graph.node(
        known,
        label=_label(part, look),
        id=known,
        pos=_point((part.x, part.y)),
        width=f"{part.width / _POINTS:.4f}",
        height=f"{part.height / _POINTS:.4f}",
        **({"labelloc": "t"} if _is_listed(part) else {}),
        **looks,
    )


def _is_listed(part: Placed) -> bool:
    """Return whether a box holds a list, which starts at its top however tall it is."""
    return bool(part.kind) and any(line.left for line in part.lines)


def frame(box: Box) -> dict[str, str]:
    """Return how the box of a node is drawn."""
    return {"fillcolor": box.fill, "color": box.edge, "penwidth": f"{box.thickness:g}"}


def band(box: Box) -> dict[str, str]:
    """Return how a heading is drawn."""
    return {"fillcolor": box.heading, "color": box.edge, "penwidth": "0", "style": "filled"}


def _looks(mark: Mark | None, look: Theme) -> dict[str, str]:
    """Return how a marked arrow is drawn."""
    if mark is None:
        return {}
    return {
        "style": mark.line,
        "arrowhead": mark.head,
        "penwidth": f"{mark.width:g}",
        "color": look.tones[mark.tone],
    }


def _pill(mark: Mark, look: Theme) -> dict[str, str]:
    return {
        "color": look.tones[mark.tone],
        "fillcolor": look.background,
        "penwidth": str(style.BADGE_EDGE),
    }


def _add_link(graph: Digraph, model: Model, route: Route, number: int, **looks: str) -> None:
    link = model.links[number]
    if link.feedback:
        looks.setdefault("style", "dashed")
    if link.feedback or not model.runs_forward(link):
        looks["constraint"] = "false"
    if looks.get("arrowhead") == "tee":
        route = route.with_bar()
    ways = f"e,{_point(route.tip)} {' '.join(map(_point, route.points))}"
    if route.start:
        looks["dir"] = "both"
        ways = f"s,{_point(route.start)} {ways}"
    graph.edge(
        node_name(link.source),
        node_name(link.target),
        id=f"link_{number}",
        pos=ways,
        **looks,
    )


def _chain(graph: Digraph, names: Sequence[str], **attributes: str) -> None:
    for before, after in pairwise(names):
        graph.edge(before, after, style="invis", **attributes)


def _point(point: Point) -> str:
    """Return a place in DOT's coordinates, whose y runs upwards."""
    x, y = (round(value, 2) + 0.0 for value in (point[0], -point[1]))
    return f"{x:g},{y:g}"


def _label(part: Placed, look: Theme) -> str:
    """Return a label in which no part of the text is read as DOT's own syntax."""
    plain = Line("")
    if all((line.size, line.bold, line.left) == (plain.size, False, False) for line in part.lines):
        return nohtml(r"\n".join(escape(printable(line.text)) for line in part.lines))
    inner = part.width - (2 * style.PADDING if part.kind else 2)
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
