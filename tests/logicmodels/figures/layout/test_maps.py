"""Causal loop maps: laid out by their arrows, signs at the heads, the same in every format."""

from __future__ import annotations

import math
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.geometry import boxes_crossed, crossings, heads_touching, polyline

MODELS = Path(__file__).parents[2] / "models"
MAP = LogicModel.read(MODELS / "neonatal_map.yaml")


def test_nothing_touches_that_should_not() -> None:
    drawn = layout(MAP)
    lines = [polyline(route) for route in drawn.routes]
    assert sum(len(boxes_crossed(line, drawn.boxes.values(), 1.0)) for line in lines) == 0
    assert heads_touching(drawn.routes) == 0
    assert crossings(lines) <= 2, "the published figure can be drawn with hardly a crossing"
    boxes = list(drawn.boxes.values())
    assert not [
        (one.name, other.name)
        for place, one in enumerate(boxes)
        for other in boxes[place + 1 :]
        if one.overlaps(other)
    ]


def test_arrows_touch_their_boxes() -> None:
    drawn = layout(MAP)
    for link, route in zip(MAP.links, drawn.routes, strict=True):
        for (x, y), name in ((route.points[0], link.source), (route.tip, link.target)):
            box = drawn.boxes[name]
            aside = max(abs(x - box.x) - box.width / 2, abs(y - box.y) - box.height / 2)
            assert abs(aside) < 1.5


def test_a_polarity_stands_at_its_head_and_hides_nothing() -> None:
    drawn = layout(MAP)
    for number, (link, route) in enumerate(zip(MAP.links, drawn.routes, strict=True)):
        texts = [part.lines[0].text for part in drawn.signs[number]]
        sign = {"+": "+", "-": "−"}[link.polarity]
        assert texts == ([sign, "||"] if link.delay else [sign])
        first = drawn.signs[number][0]
        assert math.dist((first.x, first.y), route.tip) < 45
        assert not [box.name for box in drawn.boxes.values() if first.overlaps(box)]


@pytest.mark.extras
def test_every_format_has_the_same_places() -> None:
    from pptx import Presentation

    figure = MAP.draw()
    places = {shape.name: shape.place for shape in figure.scene.shapes}
    graph = ET.fromstring(figure.drawio)
    deck = Presentation(BytesIO(figure.pptx))
    slide = {shape.name: shape for shape in deck.slides[0].shapes}
    one, other = "node_anc", "node_surv"
    scale = (slide[other].left - slide[one].left) / (
        places[other].x - places[other].width / 2 - places[one].x + places[one].width / 2
    )
    for name, place in places.items():
        if not name.startswith("node_"):
            continue
        assert f'pos="{place.x:g},{-place.y:g}"' in figure.dot
        cell = next(c for c in graph.iter("UserObject") if c.get("id") == name)
        x = float(next(cell.iter("mxGeometry")).get("x"))
        left = (place.x - place.width / 2 - figure.scene.left) * 96 / 72 + 20
        assert x == pytest.approx(left, abs=0.2)
        assert slide[name].width == pytest.approx(place.width * scale, rel=1e-3)
    for number in range(len(MAP.links)):
        assert f"polarity_{number}" in slide
        assert f"link_{number}" in slide


def test_a_variable_that_acts_on_itself_and_a_map_without_arrows_are_drawn() -> None:
    text = "spec_version: 1\nprofile: system-map\ntitle: T\nnodes:\n  - {id: a, label: A}\n"
    assert LogicModel.from_text(text).draw().svg.startswith("<svg")
    loop = LogicModel.from_text(text + "links: [{from: a, to: a, polarity: positive}]\n")
    assert "polarity_0" in loop.draw().dot


def test_columns_are_drawn_nowhere() -> None:
    figure = MAP.draw()
    assert "rank=same" not in figure.dot
    assert "subgraph" not in MAP.to_mermaid()
    assert "Variables" not in figure.dot
    assert "causal loop map of 14 variables" in figure.description
    assert "The more Belief in myths, the less Mothers who use care" in figure.svg


def test_signs_are_explained_and_loops_listed_beneath() -> None:
    notes = [p.text for c in MAP.draw().scene.captions for p in c.paragraphs]
    assert notes[0] == (
        "Key: + more leads to more, less to less; − more leads to less, less to more;"
        " || after a delay."
    )
    assert notes[2] == (
        "B1 (balancing): Mothers who use care before, at and after birth → Workload of health"
        " workers → Quality of care, and trust in it → Mothers who use care before, at and after"
        " birth."
    )
    assert notes[9] == "These are the shortest of 9 loops (8 reinforcing, 1 balancing)."


def test_evidence_can_be_put_on_a_map() -> None:
    table = [{"source": "anc", "target": "educ", "direction": "supports", "citation": "A 2020"}]
    drawn = layout(MAP.with_evidence(table))
    assert drawn.badges == {}
    figure = MAP.with_evidence(table).draw(view="evidence")
    assert "badge_0" in figure.dot
    assert figure.png.startswith(b"\x89PNG")
