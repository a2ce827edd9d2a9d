"""GraphML, parsed again with the standard library and compared with the model."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from arrowroot.text import one_line
from logicmodels import LogicModel
from logicmodels.export.graphml import EDGE_KEYS, NODE_KEYS
from logicmodels.figures.placing import layout
from logicmodels.questions.evidence import certainty, state

SPACE = "{http://graphml.graphdrawing.org/xmlns}"
YED = "{http://www.yworks.com/xml/graphml}"
TYPES = {"string": str, "boolean": {"true": True, "false": False}.__getitem__, "double": float}


def parsed(text: str, kind: str) -> dict[str, tuple[ET.Element, dict[str, object]]]:
    """Return the elements of a kind by id, with their data as the keys type them."""
    root = ET.fromstring(text)
    keys = {
        key.attrib["id"]: (key.attrib["attr.name"], TYPES[key.attrib["attr.type"]])
        for key in root.findall(f"{SPACE}key")
        if "attr.name" in key.attrib and key.attrib["for"] == kind
    }
    found = {}
    for element in root.iter(SPACE + kind):
        held = {}
        for data in element.findall(f"{SPACE}data"):
            if data.attrib["key"] in keys:
                name, convert = keys[data.attrib["key"]]
                held[name] = convert(data.text or "")
        found[element.attrib["id"]] = element, held
    return found


def test_boxes_come_back_with_their_data(model: LogicModel) -> None:
    found = parsed(model.to_graphml(), "node")
    boxes = layout(model).boxes
    assert list(found) == [node.id for node in model.nodes]
    for node in model.nodes:
        _, data = found[node.id]
        wanted = {
            "label": one_line(node.label),
            "column": node.column,
            "heading": model.heading(node.column),
            "kind": model.profile.column(node.column).kind,
            "items": "; ".join(node.items),
            "who": node.who,
            "by": node.by,
            "indicators": "; ".join(node.indicators),
            "harm": node.harm,
            "note": node.note,
            "url": node.url,
            "sentence": one_line(node.sentence),
        }
        if node.id in boxes:
            wanted |= {"x": round(boxes[node.id].x, 1), "y": round(boxes[node.id].y, 1)}
        assert data == pytest.approx({key: one for key, one in wanted.items() if one != ""})
        assert set(data) <= set(NODE_KEYS)


def test_arrows_come_back_with_their_data(model: LogicModel) -> None:
    found = parsed(model.to_graphml(), "edge")
    assert len(found) == len(model.links)
    for (element, data), link in zip(found.values(), model.links, strict=True):
        assert (element.get("source"), element.get("target")) == (link.source, link.target)
        assert data["sentence"].startswith(model.sentence(link).removesuffix("."))
        assert all(one_line(assumption.text) in data["sentence"] for assumption in link.assumptions)
        assert data["evidence"] == state(link)
        assert data.get("certainty", "") == certainty(link)
        assert data.get("because", "") == link.because
        assert (data["feedback"], data["mutual"]) == (link.feedback, link.mutual)
        assert set(data) <= set(EDGE_KEYS)


def test_the_graph_is_directed_and_says_what_it_is(model: LogicModel) -> None:
    (graph,) = ET.fromstring(model.to_graphml()).findall(f"{SPACE}graph")
    assert graph.get("edgedefault") == "directed"
    texts = [data.text for data in graph.findall(f"{SPACE}data")]
    assert texts == [model.title, model.describe().summary]


def test_yed_draws_boxes_where_the_figure_has_them(model: LogicModel) -> None:
    found = parsed(model.to_graphml(), "node")
    for name, box in layout(model).boxes.items():
        (geometry,) = found[name][0].iter(f"{YED}Geometry")
        left, top, width, height = (
            float(geometry.attrib[key]) for key in ("x", "y", "width", "height")
        )
        # Each is written to a tenth of a point.
        assert left + width / 2 == pytest.approx(box.x, abs=0.11)
        assert top + height / 2 == pytest.approx(box.y, abs=0.11)
        (label,) = found[name][0].iter(f"{YED}NodeLabel")
        assert (label.text or "").split("\n") == [line.text for line in box.lines]


def test_our_data_stand_after_the_drawing(model: LogicModel) -> None:
    """A reader that takes yEd's label for the label of a box is put right by what comes later."""
    for element, _ in parsed(model.to_graphml(), "node").values():
        kinds = [data.attrib["key"] == "nodegraphics" for data in element]
        assert kinds == sorted(kinds, reverse=True)


def test_the_view_changes_looks_and_no_data(tangle: LogicModel) -> None:
    plain, marked = (tangle.to_graphml(view=view) for view in ("overview", "evidence"))
    assert plain != marked
    for kind in ("node", "edge"):
        both = [
            {name: data for name, (_, data) in parsed(text, kind).items()}
            for text in (plain, marked)
        ]
        for data in both[0].values(), both[1].values():
            for one in data:
                one.pop("x", None)
                one.pop("y", None)
        assert both[0] == both[1]


def test_the_same_model_gives_the_same_text(model: LogicModel) -> None:
    assert model.to_graphml() == model.to_graphml()


def test_hostile_text_is_nothing_but_text(hostile: str, hostile_model: LogicModel) -> None:
    text = hostile_model.to_graphml(view="evidence")
    nodes, edges = parsed(text, "node"), parsed(text, "edge")
    said = one_line(hostile)
    assert list(nodes) == ["a", "b", "c"]
    assert nodes["a"][1]["items"] == f"{said}; {said}"
    assert [data["label"] for _, data in nodes.values()] == [said] * 3
    assert edges["link_0"][1]["because"] == said
    tags = {element.tag for element in ET.fromstring(text).iter()}
    harmless = {"graphml", "key", "graph", "node", "edge", "data"}
    assert {tag for tag in tags if not tag.startswith(YED)} == {SPACE + tag for tag in harmless}
