"""draw.io files, parsed again: cells, places, glue, words, and nothing that runs."""

from __future__ import annotations

import math
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from arrowroot.text import one_line, printable
from logicmodels import LogicModel
from logicmodels.export.drawio import MARGIN, SCALE
from logicmodels.export.waypoints import ends
from logicmodels.figures.model_scene import scene
from logicmodels.figures.parts import marked, shown
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.scene import Scene

PIXEL = 0.06
"""Places are written to a tenth of a pixel."""


class Cell(NamedTuple):
    wrapper: ET.Element
    cell: ET.Element
    style: dict[str, str]
    geometry: ET.Element


def cells(text: str) -> dict[str, Cell]:
    root = ET.fromstring(text)
    assert [one.tag for one in root.iter()][:4] == ["mxfile", "diagram", "mxGraphModel", "root"]
    held = root.find("diagram/mxGraphModel/root")
    assert held is not None
    bare = held.findall("mxCell")
    assert [(one.get("id"), one.get("parent")) for one in bare] == [("0", None), ("1", "0")]
    found = {}
    for wrapper in held.findall("UserObject"):
        (cell,) = wrapper
        (geometry,) = cell
        parts = (part.partition("=") for part in cell.attrib["style"].rstrip(";").split(";"))
        style = {key: value for key, _, value in parts}
        assert wrapper.attrib["id"] not in {*found, "0", "1"}
        found[wrapper.attrib["id"]] = Cell(wrapper, cell, style, geometry)
    assert len(held) == len(found) + 2
    return found


def box(one: Cell) -> tuple[float, float, float, float]:
    left, top, width, height = (
        float(one.geometry.attrib[name]) for name in ("x", "y", "width", "height")
    )
    return left, top, width, height


def pixels(point: tuple[float, float], drawn: Scene) -> tuple[float, float]:
    return (point[0] - drawn.left) * SCALE + MARGIN, (point[1] - drawn.top) * SCALE + MARGIN


class Reader(HTMLParser):
    """What a browser would show of a label, and the tags it would build."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(label)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        if tag in ("div", "br"):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> list[str]:
        return [line.replace("•\u00a0", "") for line in self.lines if line]


@pytest.mark.parametrize("view", ["overview", "evidence"])
def test_every_part_is_a_cell_in_its_place(model: LogicModel, view: str) -> None:
    found = cells(model.to_drawio(view=view))
    drawn = scene(model, view=view)
    for shape in [*drawn.shapes, *drawn.captions]:
        one = found[shape.name]
        assert (one.cell.get("vertex"), one.cell.get("parent")) == ("1", "1")
        left, top, width, height = box(one)
        x, y = pixels((shape.place.x, shape.place.y), drawn)
        assert width == pytest.approx(shape.place.width * SCALE, abs=PIXEL)
        assert height == pytest.approx(shape.place.height * SCALE, abs=PIXEL)
        assert left + width / 2 == pytest.approx(x, abs=2 * PIXEL)
        assert top + height / 2 == pytest.approx(y, abs=2 * PIXEL)
    badges = {arrow.badge.name for arrow in drawn.arrows if arrow.badge}
    named = {shape.name for shape in [*drawn.shapes, *drawn.captions]}
    assert set(found) == named | badges | {arrow.name for arrow in drawn.arrows}


def test_columns_hold_and_boxes_do_not_overlap(model: LogicModel) -> None:
    found = cells(model.to_drawio())
    for column in layout(model).columns:
        names = [f"heading_{column.id}", *(f"node_{one.id}" for one in model.column(column.id))]
        assert {found[name].wrapper.get("column") for name in names} == {column.id}
        assert len({box(found[name])[0] for name in names}) == 1
        for above, below in pairwise(box(found[name]) for name in names):
            assert above[1] + above[3] < below[1]


def test_labels_are_the_text_of_the_boxes(model: LogicModel) -> None:
    found = cells(model.to_drawio())
    for node in model.nodes:
        if f"node_{node.id}" in found:
            label = Reader(found[f"node_{node.id}"].wrapper.attrib["label"])
            assert label.text == [" ".join(marked(node).split()), *node.items]


@pytest.mark.parametrize("view", ["overview", "evidence"])
def test_arrows_join_their_boxes_where_they_touch_them(model: LogicModel, view: str) -> None:
    found = cells(model.to_drawio(view=view))
    drawn = scene(model, view=view)
    for number, (link, arrow) in enumerate(zip(model.links, drawn.arrows, strict=True)):
        one = found[f"link_{number}"]
        assert one.cell.get("edge") == "1"
        assert one.cell.get("source") == f"node_{link.source}"
        assert one.cell.get("target") == f"node_{link.target}"
        for side, node, point in zip(
            ("exit", "entry"), (link.source, link.target), ends(arrow.route), strict=True
        ):
            left, top, width, height = box(found[f"node_{node}"])
            x, y = (float(one.style[f"{side}{axis}"]) for axis in "XY")
            assert x in (0, 1) or y in (0, 1)
            wanted = pixels(point, drawn)
            # A share of the side is written to four digits.
            assert left + x * width == pytest.approx(wanted[0], abs=2 * PIXEL + width / 1000)
            assert top + y * height == pytest.approx(wanted[1], abs=2 * PIXEL + height / 1000)


def way(one: Cell, found: dict[str, Cell]) -> list[tuple[float, float]]:
    """Return the points of an edge as mxGraph computes them: exit, waypoints, entry."""
    points = [
        (float(point.attrib["x"]), float(point.attrib["y"]))
        for point in one.geometry.iter("mxPoint")
    ]
    touching = []
    for side, end in (("exit", "source"), ("entry", "target")):
        left, top, width, height = box(found[one.cell.attrib[end]])
        x, y = (float(one.style[f"{side}{axis}"]) for axis in "XY")
        touching.append((left + x * width, top + y * height))
    return [touching[0], *points, touching[1]]


def smooth(points: list[tuple[float, float]], steps: int = 40) -> list[tuple[float, float]]:
    """Return points along mxGraph's curved edge: towards each point, through the middles."""
    if len(points) < 3:
        (x0, y0), (x1, y1) = points
        shares = [step / steps for step in range(steps + 1)]
        return [(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in shares]
    found, start = [points[0]], points[0]
    for place in range(1, len(points) - 1):
        control, after = points[place], points[place + 1]
        last = place == len(points) - 2
        end = after if last else ((control[0] + after[0]) / 2, (control[1] + after[1]) / 2)
        for step in range(1, steps + 1):
            t = step / steps
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            found.append(
                (
                    a * start[0] + b * control[0] + c * end[0],
                    a * start[1] + b * control[1] + c * end[1],
                )
            )
        start = end
    return found


def test_lines_run_where_the_figure_has_them_and_through_no_box(model: LogicModel) -> None:
    found = cells(model.to_drawio())
    drawn = scene(model)
    for arrow in drawn.arrows:
        one = found[arrow.name]
        points = way(one, found)
        if one.style["curved"] == "1":
            points = smooth(points)
            for share in range(21):
                at = pixels(arrow.route.along(share / 20), drawn)
                # Two parabolas for a cubic: within two pixels, and of a polygon along them.
                assert min(math.dist(at, point) for point in points) < 12
        inner = [
            box(found[name]) for name in found if name.startswith("node_") and "curved" not in name
        ]
        for x, y in points:
            for left, top, width, height in inner:
                inside = left + 1 < x < left + width - 1 and top + 1 < y < top + height - 1
                assert not inside, (arrow.name, x, y)


def test_badges_move_with_their_arrow_and_stand_where_the_figure_has_them(
    tangle: LogicModel,
) -> None:
    found = cells(tangle.to_drawio(view="evidence"))
    drawn = scene(tangle, view="evidence")
    for arrow in drawn.arrows:
        assert arrow.badge
        one = found[arrow.badge.name]
        assert one.cell.get("parent") == arrow.name
        points = way(found[arrow.name], found)
        total = sum(math.dist(*pair) for pair in pairwise(points))
        gone = (float(one.geometry.attrib["x"]) / 2 + 0.5) * total
        for start, end in pairwise(points):
            length = math.dist(start, end)
            if gone <= length + 1e-6:  # sums of floats
                break
            gone -= length
        (offset,) = one.geometry.iter("mxPoint")
        place = arrow.badge.place
        corner = pixels((place.x - place.width / 2, place.y - place.height / 2), drawn)
        for axis, name in enumerate("xy"):
            at = start[axis] + (end[axis] - start[axis]) * gone / length
            # The share of the way is written to four digits, of ways up to 3000 pixels long.
            assert at + float(offset.attrib[name]) == pytest.approx(corner[axis], abs=0.5)


def test_looks_say_what_the_evidence_says(tangle: LogicModel) -> None:
    found = cells(tangle.to_drawio(view="evidence"))
    heads = {"normal": ("block", "1"), "empty": ("block", "0"), "tee": ("baseDash", "0")}
    for arrow in scene(tangle, view="evidence").arrows:
        style = found[arrow.name].style
        assert (style["endArrow"], style["endFill"]) == heads[arrow.head]
        assert ("dashed" in style) == (arrow.line != "solid")
        assert style["strokeColor"] == arrow.colour
        assert (style["startArrow"] != "none") == arrow.both
    feedback = [
        found[f"link_{number}"].style for number, link in enumerate(tangle.links) if link.feedback
    ]
    assert all(style["curved"] == "0" and style["rounded"] == "1" for style in feedback)


def test_hovering_tells_the_sentence(model: LogicModel) -> None:
    found = cells(model.to_drawio())
    for number, link in enumerate(model.links):
        told = unescape(found[f"link_{number}"].wrapper.attrib["tooltip"])
        assert told.startswith(model.sentence(link).removesuffix("."))
        assert all(one_line(assumption.text) in told for assumption in link.assumptions)
        because = found[f"link_{number}"].wrapper.get("because", "")
        assert because == link.because


def test_the_same_model_gives_the_same_text(model: LogicModel) -> None:
    assert model.to_drawio(view="evidence") == model.to_drawio(view="evidence")


def test_hostile_text_is_nothing_but_text(hostile: str, hostile_model: LogicModel) -> None:
    text = hostile_model.to_drawio(view="evidence")
    found = cells(text)
    for one in found.values():
        assert set(one.wrapper.attrib) <= {
            *("id", "label", "tooltip", "column", "because", "evidence", "certainty")
        }, "a link, a placeholder"
        label = Reader(one.wrapper.attrib["label"])
        assert label.tags <= {"div", "b", "br"}
        assert label.names <= {"style"}
        tip = one.wrapper.get("tooltip", "")
        assert not set("<>") & set(tip), "draw.io shows it as HTML"
    lines = [" ".join(line.split()) for line in printable(shown(hostile)).splitlines()]
    assert Reader(found["node_b"].wrapper.attrib["label"]).text == lines
    graph = ET.fromstring(text).find("diagram/mxGraphModel")
    assert graph is not None
    assert graph.get("math") == "0", "or formulas between dollar signs would be set"


def test_lines_of_a_causal_loop_map_run_where_the_figure_has_them() -> None:
    model = LogicModel.read(Path(__file__).parents[1] / "models" / "neonatal_map.yaml")
    found, drawn = cells(model.to_drawio()), scene(model)
    for arrow in drawn.arrows:
        points = smooth(way(found[arrow.name], found))
        line = [pixels(arrow.route.along(share / 40), drawn) for share in range(41)]
        assert max(min(math.dist(at, point) for point in points) for at in line) < 8, arrow.name
