"""A logic model as DOT text: pure text, no engine.

The recipe that keeps columns (each part guards against a way in which dot loses them):

- one ``rank=same`` set a column that names every one of its nodes, or strays drift to column one;
- ``newrank=true``, or rank sets across clusters make clusters vanish;
- a heading node in every column, chained invisibly with a heavy weight, or a column without
  links lands on another;
- an invisible chain down each column, or dot reorders the author's boxes to save crossings;
- ``constraint=false`` on feedback arrows, or they pull the columns about;
- boxes of fixed size, measured in the bundled font, or text overflows where fonts differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape as escape_html
from itertools import pairwise

from graphviz import Digraph, escape

from logicmodels import style
from logicmodels.fonts import FAMILY, text_width, wrap
from logicmodels.model import Link, LogicModel, Node
from logicmodels.profiles.profile import Column
from logicmodels.style import Box, Theme

_HEADING = "heading_"
_POINTS = 72.0
_CHARACTERS_TO_SHOW = 600
"""A label longer than this is cut with an ellipsis; the outline in words has it whole."""


def to_dot(model: LogicModel, theme: str = "screen") -> str:
    """Return a logic model as DOT text.

    Parameters
    ----------
    model : LogicModel
        What to draw.
    theme : str
        A name from `style.THEMES`.

    Returns
    -------
    str
        The same text for the same model.
    """
    look = style.theme_named(theme)
    graph = Digraph("logic_model")
    graph.attr(
        rankdir="LR",
        newrank="true",
        splines="true",
        nodesep="0.16",
        ranksep="0.95",
        pad="0.15",
        bgcolor=look.background,
        fontname=FAMILY,
        fontcolor=look.quiet,
        labelloc="b",
        labeljust="l",
        outputorder="edgesfirst",
    )
    graph.attr(
        "node", shape="box", style="filled,rounded", fontname=FAMILY, fontcolor=look.ink, margin="0"
    )
    graph.attr(
        "edge", color=look.arrow, penwidth="1.1", arrowsize="0.7", tailport="e", headport="w"
    )
    columns = [column for column in model.profile.flow if _is_shown(model, column)]
    for column in columns:
        _add_column(graph, model, column, look)
    _chain(graph, [_HEADING + column.id for column in columns], weight="100")
    for number, link in enumerate(model.links):
        _add_link(graph, model, link, number)
    footer = _footer(model, look)
    if footer:
        graph.attr(label=footer)
    return str(graph.source)


def _is_shown(model: LogicModel, column: Column) -> bool:
    return bool(model.column(column.id))


def _add_column(graph: Digraph, model: LogicModel, column: Column, look: Theme) -> None:
    nodes = model.column(column.id)
    with graph.subgraph() as rank:
        rank.attr(rank="same")
        rank.node(
            _HEADING + column.id,
            label=_heading(model, column, look),
            shape="plaintext",
            style="",
            width=_inches(style.BOX_WIDTH),
        )
        for node in nodes:
            _add_node(rank, node, look.boxes[column.kind])
    _chain(graph, [_HEADING + column.id, *map(node_name, nodes)], weight="0")


def _add_node(graph: Digraph, node: Node, box: Box) -> None:
    lines = label_lines(node.label)
    height = len(lines) * style.FONT_SIZE * style.LINE_HEIGHT + 2 * style.PADDING
    graph.node(
        node_name(node),
        label=_quoted(lines),
        id=node_name(node),
        tooltip=escape(_one_line(node.label)),
        fixedsize="true",
        width=_inches(style.BOX_WIDTH),
        height=_inches(height),
        fontsize=f"{style.FONT_SIZE:g}",
        fillcolor=box.fill,
        color=box.edge,
        penwidth=f"{box.thickness:g}",
    )


def _add_link(graph: Digraph, model: LogicModel, link: Link, number: int) -> None:
    feedback = {"constraint": "false", "style": "dashed"} if link.feedback else {}
    graph.edge(
        node_name(model.node(link.source)),
        node_name(model.node(link.target)),
        id=f"link_{number}",
        weight="3",
        tooltip=escape(_one_line(model.sentence(link))),
        **feedback,
    )


def node_name(node: Node) -> str:
    """Return a node's name in DOT: prefixed, so that no id can be a keyword of the language."""
    return f"node_{node.id}"


def label_lines(label: str) -> list[str]:
    """Return a label as the lines that its box shows."""
    shown = label if len(label) <= _CHARACTERS_TO_SHOW else label[: _CHARACTERS_TO_SHOW - 1] + "…"
    return wrap(shown, style.BOX_WIDTH - 2 * style.PADDING, style.FONT_SIZE)


def _quoted(lines: Iterable[str]) -> str:
    """Return lines as a DOT label in which nothing of the text has a meaning."""
    return r"\n".join(escape(line) for line in lines)


def _heading(model: LogicModel, column: Column, look: Theme) -> str:
    """Return an HTML-like label from escaped parts: the group, if any, above the heading."""
    rows = []
    if column.group:
        rows.append(_row(column.group.upper(), style.GROUP_SIZE, look.quiet))
    width = style.BOX_WIDTH
    for line in wrap(model.heading(column.id), width, style.HEADING_SIZE, "bold"):
        rows.append(_row(line, style.HEADING_SIZE, look.ink, bold=True))
    return f"<{_table(rows)}>"


def _table(rows: list[str], *, padding: int = 1) -> str:
    frame = f'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}"'
    return f"<TABLE {frame}>{''.join(rows)}</TABLE>"


def _row(text: str, size: float, colour: str, *, bold: bool = False, align: str = "") -> str:
    inner = _safe(text)
    if bold:
        inner = f"<B>{inner}</B>"
    where = f' ALIGN="{align}"' if align else ""
    return f'<TR><TD{where}><FONT POINT-SIZE="{size:g}" COLOR="{colour}">{inner}</FONT></TD></TR>'


def _safe(text: str) -> str:
    """Return text for an HTML-like label; a backslash is an entity, since dot reads it too."""
    printable = "".join(one if one.isprintable() else " " for one in text)
    return escape_html(printable).replace("\\", "&#92;")


def _footer(model: LogicModel, look: Theme) -> str:
    """Return what stands beneath the columns: context boxes, then source, version and date."""
    rows = []
    shown = [column for column in model.profile.context if _is_shown(model, column)]
    if shown:
        cells = "".join(_context(model, column, look) for column in shown)
        rows.append(
            '<TR><TD><TABLE BORDER="0" CELLBORDER="1" CELLSPACING="8" CELLPADDING="6">'
            f"<TR>{cells}</TR></TABLE></TD></TR>"
        )
    parts = [
        f"Source: {model.source}" if model.source else "",
        f"Version {model.version}" if model.version else "",
        model.date,
    ]
    line = ". ".join(part for part in parts if part)
    if line:
        rows.append(_row(line, style.FOOTER_SIZE, look.quiet, align="LEFT"))
    if not rows:
        return ""
    return f"<{_table(rows, padding=2)}>"


def _context(model: LogicModel, column: Column, look: Theme) -> str:
    columns = sum(1 for one in model.profile.flow if _is_shown(model, one))
    boxes = sum(1 for one in model.profile.context if _is_shown(model, one))
    width = max(style.BOX_WIDTH, columns * (style.BOX_WIDTH + 0.95 * _POINTS) / boxes - 60)
    box = look.boxes[column.kind]
    rows = [_row(model.heading(column.id), style.FONT_SIZE, look.ink, bold=True, align="LEFT")]
    for node in model.column(column.id):
        for line in wrap(f"• {node.label}", width, style.FONT_SIZE):
            rows.append(_row(line, style.FONT_SIZE, look.ink, align="LEFT"))
    return (
        f'<TD BGCOLOR="{box.fill}" COLOR="{box.edge}" VALIGN="TOP" WIDTH="{width:.0f}">'
        f"{_table(rows)}</TD>"
    )


def _chain(graph: Digraph, names: list[str], **attributes: str) -> None:
    for before, after in pairwise(names):
        graph.edge(before, after, style="invis", tailport="_", headport="_", **attributes)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _inches(points: float) -> str:
    return f"{points / _POINTS:.3f}"


def widest_line(label: str) -> float:
    """Return the width of the widest line of a label, in points."""
    return max(text_width(line, style.FONT_SIZE) for line in label_lines(label))
