"""PowerPoint slides, opened again: places, text, glue, words, and the same bytes twice."""

from __future__ import annotations

import math
import re
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE, MSO_SHAPE_TYPE
from pptx.util import Pt

from arrowroot.text import one_line, printable
from logicmodels import LogicModel, Node
from logicmodels.export.pptx_connectors import pieces
from logicmodels.export.waypoints import curves, ends
from logicmodels.figures.model_scene import scene
from logicmodels.figures.parts import marked, shown
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.route import Route, on_curve
from logicmodels.figures.style import STROKES
from logicmodels.figures.views import look_at
from logicmodels.profiles.registry import PROFILES
from logicmodels.questions.evidence import state

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
EMU = 2
"""Places are rounded to whole EMU, 12,700 to the point: here and once more for a size."""
VIEWS = ("overview", "evidence")


def opened(model: LogicModel, **options: Any) -> Any:
    return Presentation(BytesIO(model.to_pptx(**options)))


def by_name(deck: Any) -> dict[str, Any]:
    (slide,) = deck.slides
    shapes = {shape.name: shape for shape in slide.shapes}
    assert len(shapes) == len(slide.shapes), "names are not unique"
    return shapes


def properties(shape: Any) -> Any:
    return next(shape.element.iter(f"{P}cNvPr"))


def glue(connector: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    first, last = (next(connector.element.iter(f"{A}{tag}")) for tag in ("stCxn", "endCxn"))
    return (int(first.get("id")), int(first.get("idx"))), (
        int(last.get("id")),
        int(last.get("idx")),
    )


def chain(shapes: dict[str, Any], number: int) -> list[Any]:
    """Return the pieces of an arrow, the first to the last: connectors, and a drawn curve."""
    found = []
    while (name := f"link_{number}_piece_{len(found) + 1}") in shapes:
        found.append(shapes[name])
    return [*found, shapes[f"link_{number}"]]


def scaling(model: LogicModel, shapes: dict[str, Any]) -> tuple[float, float, float]:
    """Return scale and shift (in EMU) from the layout to the slide, from two headings' places."""
    drawn = layout(model)
    first, last = drawn.headings[0], drawn.headings[-1]
    one, other = shapes[first.name], shapes[last.name]
    scale = (other.left - one.left) / (last.x - first.x)
    return (
        scale,
        one.left + one.width / 2 - first.x * scale,
        one.top + one.height / 2 - first.y * scale,
    )


@pytest.mark.parametrize("view", VIEWS)
def test_everything_stands_on_a_wide_slide(model: LogicModel, view: str) -> None:
    deck = opened(model, view=view)
    assert deck.slide_width * 9 == deck.slide_height * 16
    (size,) = deck.element.iter(f"{P}sldSz")
    assert size.get("type") is None, "PowerPoint's name for another size"
    for shape in by_name(deck).values():
        assert shape.left >= 0, shape.name
        assert shape.top >= 0, shape.name
        assert shape.left + shape.width <= deck.slide_width, shape.name
        assert shape.top + shape.height <= deck.slide_height, shape.name


def test_boxes_are_rounded_rectangles_with_real_text(model: LogicModel) -> None:
    shapes = by_name(opened(model))
    for node in model.nodes:
        if model.profile.column(node.column).kind == "context":
            continue
        box = shapes[f"node_{node.id}"]
        assert box.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE
        assert box.auto_shape_type == MSO_SHAPE.ROUNDED_RECTANGLE
        texts = [paragraph.text for paragraph in box.text_frame.paragraphs]
        assert texts == [" ".join(marked(node).split()), *node.items]
    for column in model.profile.context:
        for node in model.column(column.id):
            assert node.label in shapes[f"context_{column.id}"].text_frame.text


def test_boxes_stand_where_the_figure_has_them(model: LogicModel) -> None:
    shapes = by_name(opened(model))
    scale, across, down = scaling(model, shapes)
    drawn = layout(model)
    for part in [*drawn.headings, *drawn.groups, *drawn.context, *drawn.boxes.values()]:
        shape = shapes.get(part.name) or shapes[f"node_{part.name}"]
        assert abs(shape.left - (part.x - part.width / 2) * scale - across) <= EMU
        assert abs(shape.top - (part.y - part.height / 2) * scale - down) <= EMU
        assert abs(shape.width - part.width * scale) <= EMU
        assert abs(shape.height - part.height * scale) <= EMU


def test_arrows_are_glued_to_their_boxes_on_the_side_they_touch(model: LogicModel) -> None:
    shapes = by_name(opened(model))
    scale, across, down = scaling(model, shapes)
    ids = {shape.shape_id: shape for shape in shapes.values()}
    for number, (link, route) in enumerate(zip(model.links, layout(model).routes, strict=True)):
        connectors = chain(shapes, number)
        glued = [glue(piece) for piece in connectors if piece.element.tag == f"{P}cxnSp"]
        assert ids[glued[0][0][0]].name == f"node_{link.source}"
        assert ids[glued[-1][1][0]].name == f"node_{link.target}"
        if len(connectors) > 1:
            first, curve, last = connectors
            ends_of = [ids[glued[0][1][0]], ids[glued[1][0][0]]]
            assert [end.name for end in ends_of] == [f"link_{number}_point_{n}" for n in (1, 2)]
            assert curve.element.tag == f"{P}sp"
            for one, piece, which in zip(ends_of, (first, last), ("end", "begin"), strict=True):
                at = getattr(piece, f"{which}_x"), getattr(piece, f"{which}_y")
                assert abs(at[0] - one.left - one.width / 2) <= 2 * EMU
                assert abs(at[1] - one.top - one.height / 2) <= 2 * EMU
        start, end = ends(route)
        for (x, y), box, site, connector, which in (
            (start, link.source, glued[0][0][1], connectors[0], "begin"),
            (end, link.target, glued[-1][1][1], connectors[-1], "end"),
        ):
            side = layout(model).boxes[box]
            if abs(x - side.x) < side.width / 2 - 0.01:
                expected = 0 if y < side.y else 2
            else:
                expected = 1 if x < side.x else 3
            assert site == expected, "sites of a rectangle: top, left, bottom, right"
            at = getattr(connector, f"{which}_x"), getattr(connector, f"{which}_y")
            # A bow is as broad as a point, not nothing: a connector's bend is measured in it.
            assert abs(at[0] - x * scale - across) <= Pt(1) + EMU
            assert abs(at[1] - y * scale - down) <= EMU


def preset_middle(connector: Any) -> tuple[float, float]:
    """Return the middle of a curvedConnector3, from its definition in ECMA-376."""
    guide = next(connector.element.iter(f"{A}gd"))
    share = int(guide.get("fmla").removeprefix("val ")) / 100_000
    x = connector.begin_x + (connector.end_x - connector.begin_x) * share
    return x, (connector.begin_y + connector.end_y) / 2


def drawn_curve(shape: Any) -> list[tuple[float, float]]:
    """Return the points of a drawn curve on the slide, without the first."""
    path = next(shape.element.iter(f"{A}path"))
    assert (int(path.get("w")), int(path.get("h"))) == (shape.width, shape.height)
    return [
        (shape.left + int(point.get("x")), shape.top + int(point.get("y")))
        for curve in path.iter(f"{A}cubicBezTo")
        for point in curve.iter(f"{A}pt")
    ]


def test_bends_of_connectors_are_those_of_the_figure(model: LogicModel) -> None:
    shapes = by_name(opened(model))
    scale, across, down = scaling(model, shapes)
    seen = 0
    for number, route in enumerate(layout(model).routes):
        connectors = chain(shapes, number)
        if len(connectors) > 1:
            # The pieces at the boxes are as long on every slide, so the route is put there first.
            there = [
                ((x * scale + across) / Pt(1), (y * scale + down) / Pt(1))
                for x, y in (*route.points, route.tip, route.start or route.tip)
            ]
            start = there[-1] if route.start else None
            on_slide = pieces(Route(tuple(there[:-2]), there[-2], start))[1].way
            wanted = [point for curve in on_slide for point in curve[1:]]
            for at, (x, y) in zip(drawn_curve(connectors[1]), wanted, strict=True):
                assert abs(at[0] - x * Pt(1)) <= 3 * EMU
                assert abs(at[1] - y * Pt(1)) <= 3 * EMU
            seen += 1
            continue
        if len(connectors) != route.curves:
            continue
        for connector, curve in zip(connectors, curves(route), strict=True):
            form = next(connector.element.iter(f"{A}prstGeom")).get("prst")
            if form == "curvedConnector3":
                x, y = (
                    (curve[0][axis] + 3 * curve[1][axis] + 3 * curve[2][axis] + curve[3][axis]) / 8
                    for axis in (0, 1)
                )
                drawn = preset_middle(connector)
                # A bend is written in hundred-thousandths of the connector's width.
                assert abs(drawn[0] - x * scale - across) <= connector.width / 100_000 + EMU
                assert abs(drawn[1] - y * scale - down) <= EMU
                seen += 1
    assert seen or all(len({y for _, y in r.points}) == 1 for r in layout(model).routes)


def test_an_arrow_that_runs_back_goes_beneath_in_three_pieces(tangle: LogicModel) -> None:
    drawn = layout(tangle)
    lowest = max(box.y + box.height / 2 for box in drawn.boxes.values())
    for link, route in zip(tangle.links, drawn.routes, strict=True):
        if not link.feedback:
            continue
        first, along, last = pieces(route)
        assert (first.start, last.end) == ends(route)
        deepest = max(y for curve in along.way for _, y in curve)
        assert deepest == pytest.approx(max(y for _, y in route.points))
        assert deepest > lowest
        assert max(x for curve in along.way for x, _ in curve) > first.start[0]
        assert min(x for curve in along.way for x, _ in curve) < last.end[0]


def test_pieces_join_up_and_follow_the_route(model: LogicModel) -> None:
    for route in layout(model).routes:
        way = pieces(route)
        assert (way[0].start, way[-1].end) == ends(route)
        for one, other in pairwise(way):
            assert one.end == other.start
        if len(way) > 1:
            first, along, last = way
            assert along.way[0][0] == first.end
            assert along.way[-1][3] == last.start
            assert all(math.dist(piece.start, piece.end) < 25 for piece in (first, last))
            line = [on_curve(curve, n / 100) for curve in curves(route) for n in range(101)]
            for curve in along.way:
                for step in range(5):
                    at = on_curve(curve, step / 4)
                    assert min(math.dist(at, point) for point in line) < 8, "off the route"


def test_a_mirrored_arrow_is_the_mirrored_pieces() -> None:
    route = Route(((0, 0), (5, 0), (5, 9), (10, 9)), (17.0, 9))
    (one,) = pieces(route)
    (other,) = pieces(route.mirrored(100))
    assert (one.leaves_right, other.leaves_right) == (True, False)
    assert one.bend == pytest.approx(other.bend)


def test_an_arrow_of_two_lines_has_its_three_pieces() -> None:
    corner = (40.0, 20.0)
    first = ((30.0, 0.0), (32.0, 4.0), (36.0, 12.0), corner)
    last = (corner, (43.0, 19.0), (49.0, 17.0), (52.0, 16.0))
    way = pieces(Route((*first, *last[1:]), tip=last[-1]))
    assert [piece.form for piece in way] == ["straightConnector1", "own", "straightConnector1"]
    assert way[1].way
    assert [way[0].start, way[-1].end] == [first[0], last[-1]]


def test_heads_and_lines_say_what_the_evidence_says(tangle: LogicModel) -> None:
    shapes = by_name(opened(tangle, view="evidence"))

    def look(number: int) -> tuple[str, str]:
        line = next(shapes[f"link_{number}"].element.iter(f"{A}ln"))
        dash = line.find(f"{A}prstDash")
        order = [child.tag.removeprefix(A) for child in line]
        assert order == [
            one for one in ("solidFill", "prstDash", "headEnd", "tailEnd") if one in order
        ], "PowerPoint wants them in this order"
        return line.find(f"{A}tailEnd").get("type"), "" if dash is None else dash.get("val")

    heads = {"normal": "triangle", "empty": "arrow", "tee": "oval"}
    dashes = {"solid": "", "dashed": "dash", "dotted": "sysDot"}
    marks = look_at(tangle, "evidence", None).overlay.links
    states = set()
    for number, link in enumerate(tangle.links):
        stroke = STROKES[state(link)]
        states.add(state(link))
        assert look(number) == (heads[stroke.head], dashes[stroke.line]), state(link)
        assert shapes[f"badge_{number}"].text_frame.text == marks[number].text
    assert {"supported", "adverse", "conflicting", "no difference", "not searched"} < states
    (notes,) = [shape for name, shape in shapes.items() if name == "notes"]
    assert "SMD 0.30; A 2020" in notes.text_frame.text
    widths = [shapes[f"link_{number}"].line.width for number in (1, 0, 3)]
    assert widths == sorted(set(widths)), "very low, moderate, high certainty: ever broader"


def test_only_arrows_of_mutual_dependence_have_a_head_at_their_start(tangle: LogicModel) -> None:
    shapes = by_name(opened(tangle))
    heads = {
        name
        for name, shape in shapes.items()
        if shape.shape_type == MSO_SHAPE_TYPE.LINE and list(shape.element.iter(f"{A}headEnd"))
    }
    assert heads == {"link_5"}


def test_screen_readers_find_the_title_and_a_sentence_for_every_part(model: LogicModel) -> None:
    deck = opened(model, view="evidence")
    (slide,) = deck.slides
    assert slide.shapes.title.text_frame.text == model.title
    assert slide.shapes[0].shape_id == slide.shapes.title.shape_id, "it is read first"
    shapes = by_name(deck)
    for node in model.nodes:
        box = shapes.get(f"node_{node.id}")
        if box is not None:
            note = f". Note: {node.note}" if node.note else ""
            said = f"{model.heading(node.column)}: {node.sentence}{note}"
            assert properties(box).get("descr") == said
    for number, link in enumerate(model.links):
        *others, last = chain(shapes, number)
        told = properties(last).get("descr")
        assert told.startswith(model.sentence(link).removesuffix("."))
        assert all(one_line(assumption.text) in told for assumption in link.assumptions)
        points = [shape for name, shape in shapes.items() if name.startswith(f"link_{number}_po")]
        for part in [*others, *points]:
            assert properties(part).get("descr") is None
            assert [one.get("val") for one in part.element.iter() if "decorative" in one.tag] == [
                "1"
            ]
    assert slide.notes_slide.notes_text_frame.text == str(model.describe())


def test_without_a_title_it_is_hidden_but_there(tangle: LogicModel) -> None:
    (slide,) = opened(tangle, title=False).slides
    assert properties(slide.shapes.title).get("hidden") == "1"
    assert slide.shapes.title.text_frame.text == tangle.title
    (slide,) = opened(tangle).slides
    assert properties(slide.shapes.title).get("hidden") is None


def test_the_footer_names_version_and_date(tangle: LogicModel) -> None:
    assert by_name(opened(tangle))["footer"].text_frame.text == "Version 0.3. 2026-05-01"


def many(columns: int, rows: int) -> LogicModel:
    names = [column.id for column in PROFILES["wisconsin"].flow][:columns]
    nodes = tuple(
        Node(f"n{c}_{r}", f"Box {r} of column {c}", name)
        for c, name in enumerate(names)
        for r in range(rows)
    )
    return LogicModel(title="Many", profile=PROFILES["wisconsin"], nodes=nodes, links=())


def test_text_shrinks_with_its_box_and_then_the_slide_grows() -> None:
    few, some, lots = (opened(many(7, rows)) for rows in (3, 11, 43))
    sizes = []
    for deck in (few, some, lots):
        box = by_name(deck)["node_n0_0"]
        size = box.text_frame.paragraphs[0].runs[0].font.size
        sizes.append(size.pt)
        # Of the box's own 10.5 points in a box 92 wide; sizes are written to tenths.
        assert size / box.width == pytest.approx(
            10.5 / layout(many(7, 3)).boxes["n0_0"].width, 0.01
        )
    assert few.slide_width == some.slide_width == Pt(960) < lots.slide_width
    assert sizes[0] > sizes[1] > 6
    assert sizes[2] == 6.3, "never smaller than 0.6 of 10.5 points, as long as a slide can grow"
    assert lots.slide_width <= 51_206_400, "56 inches, the most that PowerPoint takes"
    assert lots.slide_width * 9 == pytest.approx(lots.slide_height * 16)


def test_layouts_grow_with_the_slide() -> None:
    deck = opened(many(2, 2))
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    widest = max(shape.left + shape.width for shape in deck.slide_master.placeholders)
    assert widest > 0.9 * deck.slide_width


def test_the_same_model_gives_the_same_bytes(model: LogicModel) -> None:
    held = model.to_pptx(view="evidence")
    assert held == model.to_pptx(view="evidence")
    with zipfile.ZipFile(BytesIO(held)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
    said = Presentation(BytesIO(held)).core_properties
    assert (said.author, said.last_modified_by, said.title) == ("", "", model.title)
    assert said.created.year == said.modified.year == 2000


def test_hostile_text_is_nothing_but_text(hostile: str, hostile_model: LogicModel) -> None:
    held = hostile_model.to_pptx(view="evidence")
    with zipfile.ZipFile(BytesIO(held)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))
            if name.endswith(".rels"):
                assert b"External" not in archive.read(name), name
        slide = archive.read("ppt/slides/slide1.xml")
        assert b"hlinkClick" not in slide
        assert b"hlinkHover" not in slide
    shapes = by_name(Presentation(BytesIO(held)))
    box = shapes["node_b"]
    lines = [" ".join(line.split()) for line in printable(shown(hostile)).splitlines()]
    assert re.split("[\n\v]", box.text_frame.text) == lines
    first = shapes["node_a"].text_frame.paragraphs
    assert [re.split("[\n\v]", one.text) for one in first] == [lines] * 3
    assert " ".join(printable(hostile).split()) in properties(box).get("descr")
    assert all(ord(one) >= 32 or one in "\n\t" for one in properties(box).get("descr"))


def test_a_view_can_be_an_overlay_and_themes_differ(tangle: LogicModel) -> None:
    overlay = look_at(tangle, "evidence", None).overlay
    assert tangle.to_pptx(view=overlay) == tangle.to_pptx(view="evidence")
    looks = {tangle.to_pptx(theme=theme) for theme in ("screen", "print", "contrast")}
    assert len(looks) == 3


def test_scenes_cover_all_they_draw(model: LogicModel) -> None:
    drawn = scene(model, view="evidence")
    right, bottom = drawn.left + drawn.width, drawn.top + drawn.height
    for shape in [*drawn.shapes, *drawn.captions]:
        part = shape.place
        assert drawn.left <= part.x - part.width / 2
        assert part.x + part.width / 2 <= right + 1e-9  # sums of floats
        assert drawn.top <= part.y - part.height / 2
        assert part.y + part.height / 2 <= bottom + 1e-9
    for arrow in drawn.arrows:
        assert all(drawn.left <= x <= right + 1e-9 for x, _ in arrow.route.points)


def test_a_long_title_fits_the_file(tangle: LogicModel) -> None:
    deck = opened(replace(tangle, title="word " * 400))
    assert len(deck.core_properties.title) == 255
