"""Columns that run across the page, groups, and labels on arrows: nothing touches."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from logicmodels import LogicModel
from logicmodels.figures.layout.layout import Space
from logicmodels.figures.placing import layout

ROOT = Path(__file__).parents[4]
MODELS = ROOT / "tests" / "logicmodels" / "models"
sys.path.insert(0, str(ROOT / "validation" / "figures"))

from measures import measured  # noqa: E402
from models import seeded  # noqa: E402

CLEAN = (0, 0, 0)
NAMES = sorted(path.stem for path in MODELS.glob("*.yaml") if path.stem != "neonatal_map")


def faults(model: LogicModel, direction: str) -> tuple[int, int, int]:
    found = measured(model, direction=direction)
    return found.through_boxes, found.touching_heads, found.broken_words


@pytest.mark.parametrize("direction", ["down", "up", "left"])
@pytest.mark.parametrize("name", NAMES)
def test_published_models_in_every_direction(name: str, direction: str) -> None:
    assert faults(LogicModel.read(MODELS / f"{name}.yaml"), direction) == CLEAN


@pytest.mark.parametrize("seed", range(8))
def test_made_up_models_in_groups_and_across_the_page(seed: int) -> None:
    model = seeded(seed)
    assert faults(model, "down") == CLEAN
    groups = ("", "North", "The south of the district")
    nodes = [replace(node, group=groups[n % 3]) for n, node in enumerate(model.nodes)]
    grouped = replace(model, nodes=tuple(nodes))
    assert faults(grouped, "right") == CLEAN
    assert faults(grouped, "down") == CLEAN


def test_arrows_point_where_they_are_asked_to() -> None:
    model = LogicModel.read(MODELS / "mayne_nutrition.yaml")
    for direction, axis, sign in (("down", 1, 1), ("up", 1, -1), ("left", 0, -1), ("right", 0, 1)):
        drawn = layout(model, space=Space(direction))
        for link, route in zip(model.links, drawn.routes, strict=True):
            if model.runs_forward(link):
                assert (route.tip[axis] - route.points[0][axis]) * sign > 0
        boxes = drawn.boxes.values()
        assert min(box.x - box.width / 2 for box in boxes) >= 0
        assert min(box.y - box.height / 2 for box in boxes) > 0


@pytest.mark.parametrize("direction", ["right", "down"])
@pytest.mark.parametrize("order", ["author", "auto"])
def test_boxes_of_a_group_stand_together_in_a_frame_with_nothing_else(
    direction: str, order: str
) -> None:
    model = seeded(3)
    groups = ("", "North", "South")
    nodes = tuple(replace(node, group=groups[n % 3]) for n, node in enumerate(model.nodes))
    model = replace(model, nodes=nodes)
    drawn = layout(model, order=order, space=Space(direction))
    frames = drawn.frames
    assert len(frames) == len({(node.column, node.group) for node in nodes if node.group})
    for column in drawn.columns:
        axis = "x" if direction == "down" else "y"
        boxes = sorted(
            model.column(column.id), key=lambda node: getattr(drawn.boxes[node.id], axis)
        )
        runs = [group for group, _ in groupby(node.group for node in boxes) if group]
        assert len(runs) == len(set(runs))
    for frame in frames:
        name = " ".join(line.text for line in frame.lines)
        inside = {node.id for node in nodes if frame.overlaps(drawn.boxes[node.id])}
        assert {model.node(box).group for box in inside} == {name}
        assert not any(frame.overlaps(other) for other in frames if other is not frame)


def test_a_group_is_drawn_in_every_format() -> None:
    model = LogicModel.from_lines(
        "[activities]\na: A\nb: B\n[impact]\nc: C\na -> c\nb -> c",
        profile="theory-of-change",
        title="A group (made up)",
    )
    nodes = tuple(replace(node, group="Pair") if node.id != "c" else node for node in model.nodes)
    model = replace(model, nodes=nodes)
    figure = model.draw()
    assert "Pair" in figure.svg
    assert "Pair" in figure.drawio
    assert ">Pair<" in model.to_graphml()
    assert "Group: Pair" in str(model.describe())
    words = {shape.name: shape.words for shape in figure.scene.shapes}
    assert words["node_a"] == "A. Group: Pair"


def test_labels_and_letters_are_on_their_arrows_and_hide_nothing() -> None:
    text = """\
spec_version: 1
profile: theory-of-change
title: Labels (made up)
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: outcomes, label: Trust}
  - {id: c, column: impact, label: Calm}
  - {id: f, column: context, label: Food prices, acts_on: [c, a -> b]}
links:
  - {from: a, to: b, label: where nurses stay in post, confidence: 70%}
  - b -> c
"""
    model = LogicModel.from_text(text)
    for direction in ("right", "down"):
        drawn = layout(model, overlay=model_overlay(model), space=Space(direction))
        (label,) = drawn.signs[0]
        letter = drawn.badges[0]
        assert " ".join(line.text for line in label.lines) == "where nurses stay in post (70%)"
        assert letter.lines[0].text == "A"
        assert drawn.box_badges["c"].lines[0].text == "A"
        for box in drawn.boxes.values():
            assert not box.overlaps(label)
            assert not box.overlaps(letter)
        assert not label.overlaps(letter)
    figure = model.draw()
    assert "A: Food prices" in " ".join(p.text for s in figure.scene.shapes for p in s.paragraphs)
    assert figure.scene.arrows[0].words.endswith("acted on by: Food prices.")
    assert "where nurses stay in post (70%)".replace("(", "#40;") in model.to_mermaid().replace(
        "#37;#41;", "%)"
    )


def model_overlay(model: LogicModel):
    from logicmodels.figures.views import look_at

    return look_at(model, "overview", None).overlay
