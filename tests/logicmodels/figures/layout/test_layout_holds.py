"""Nothing touches that should not, in published models and in made-up ones.

`validation/figures/run.py` does the same with 200 made-up models.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from logicmodels import Link, LogicModel, OptionError
from logicmodels.figures import style
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.figures.placing import layout
from logicmodels.figures.scene.geometry import boxes_crossed, crossings, heads, polyline

ROOT = Path(__file__).parents[4]
MODELS = ROOT / "tests" / "logicmodels" / "models"
PUBLISHED = sorted(path.stem for path in MODELS.glob("*.yaml"))
IN_COLUMNS = [name for name in PUBLISHED if name != "neonatal_map"]
sys.path.insert(0, str(ROOT / "validation" / "figures"))

from measures import Measured, dots_crossings, measured  # noqa: E402
from models import MOST_AT_A_BOX, seeded  # noqa: E402


def published(name: str) -> LogicModel:
    return LogicModel.read(MODELS / f"{name}.yaml")


@pytest.mark.parametrize("order", ["author", "auto"])
@pytest.mark.parametrize("name", IN_COLUMNS)
def test_published_models_are_drawn_without_a_fault(name: str, order: str) -> None:
    model = published(name)
    found = measured(model, order=order)
    assert (found.touching_heads, found.broken_words, found.through_boxes) == (0, 0, 0)
    if order == "auto":
        assert found.crossings <= dots_crossings(model)


@pytest.mark.parametrize("seed", range(20))
def test_made_up_models_are_drawn_without_a_fault(seed: int) -> None:
    model = seeded(seed)
    met = [end for link in model.links for end in (link.source, link.target)]
    assert max(map(met.count, set(met))) <= MOST_AT_A_BOX
    for order in ("author", "auto"):
        found = measured(model, order=order)
        assert (found.touching_heads, found.broken_words, found.through_boxes) == (0, 0, 0)
    assert found.crossings <= dots_crossings(model)


def test_what_is_measured_is_seen() -> None:
    """An arrow laid through a box, and two heads on one spot, are counted."""
    drawn = layout(seeded(2))
    box = next(iter(drawn.boxes.values()))
    line = [(box.x - box.width, box.y), (box.x + box.width, box.y)]
    assert boxes_crossed(line, drawn.boxes.values())[0] == box.name
    assert crossings([line, [(box.x, box.y - 9), (box.x, box.y + 9)]]) == 1
    assert crossings([line, line[::-1]]) == 0
    assert Measured(0, 0, 0, 0) != measured(seeded(2))


def test_the_same_seed_is_the_same_figure() -> None:
    assert seeded(3).draw(order="auto").dot == seeded(3).draw(order="auto").dot


RING = LogicModel.from_lines(
    "[components]\na: A\nb: B\nc: C\nd: D\ne: E\na -> b\nb -> c\nc -> d\nd -> e\ne -> a\na -> c\n"
    "c -> a\nb -> e",
    profile="components",
    title="A ring (made up)",
)


def test_neighbours_are_joined_bottom_to_top() -> None:
    drawn = layout(RING)
    for link, route in list(zip(RING.links, drawn.routes, strict=True))[:4]:
        source, target = drawn.boxes[link.source], drawn.boxes[link.target]
        assert {x for x, _ in route.points} == {source.x}
        assert route.points[0][1] == pytest.approx(source.y + source.height / 2)
        assert route.tip[1] == pytest.approx(target.y - target.height / 2)


def test_longer_arrows_within_a_column_have_lanes_of_their_own_on_both_sides() -> None:
    drawn = layout(RING)
    left, right = drawn.headings[0].x, drawn.headings[0].x
    lanes = []
    for route in drawn.routes[4:]:
        far = max((x for x, _ in route.points), key=lambda x: abs(x - left))
        lanes.append(far)
    assert len({round(x, 1) for x in lanes}) == len(lanes)
    assert min(lanes) < left
    assert max(lanes) > right
    lines = [polyline(route) for route in drawn.routes]
    for one, other in pairwise(sorted(lanes)):
        assert other - one >= style.LANE - 1e-6
    assert crossings(lines) <= 2


def test_two_neighbours_that_act_on_each_other_have_two_arrows_side_by_side() -> None:
    model = replace(RING, links=(Link("a", "b"), Link("b", "a")))
    down, up = layout(model).routes
    assert down.tip[0] != up.tip[0]
    assert {x for x, _ in down.points} == {down.tip[0]}
    assert down.tip[1] > up.tip[1]


def test_broad_arrows_are_farther_apart() -> None:
    model = seeded(8)
    marks = {number: Mark("", "supported", width=2.8) for number in range(len(model.links))}
    drawn = layout(model, overlay=Overlay(links=marks))
    corners = [head for route in drawn.routes for head in heads(route, 2.8)]
    spots = sorted(corners)
    for one, other in pairwise(spots):
        if one[0][0] == other[0][0]:
            assert abs(one[0][1] - other[0][1]) > 8.5


def test_the_authors_order_is_kept_unless_another_is_asked_for() -> None:
    model = published("nwl_driver")
    for column in ("secondary", "primary"):
        boxes = [layout(model).boxes[node.id].y for node in model.column(column)]
        assert boxes == sorted(boxes)
    best = layout(model, order="auto")
    places = [best.boxes[node.id].y for node in model.column("secondary")]
    assert places != sorted(places)


def test_boxes_are_read_in_the_order_of_the_figure() -> None:
    scene = published("nwl_driver").draw(order="auto").scene
    places = {shape.name: shape.place.y for shape in scene.shapes}
    for _, boxes in scene.columns:
        assert [places[name] for name in boxes] == sorted(places[name] for name in boxes)
    read = [shape.name for shape in scene.shapes if shape.column == "secondary"][1:]
    assert read == list(dict(scene.columns)["heading_secondary"])


def test_every_format_has_the_automatic_order() -> None:
    figure = published("nwl_driver").draw(order="auto")
    place = next(shape.place for shape in figure.scene.shapes if shape.name.startswith("node_"))
    assert f'pos="{place.x:g},{-round(place.y, 2):g}"' in figure.dot
    name = next(s.name for s in figure.scene.shapes if s.place is place).removeprefix("node_")
    graph = figure._exports["graphml"]()
    assert f'<data key="node_y">{place.y:.1f}</data>' in str(graph), name


def test_another_order_is_refused() -> None:
    with pytest.raises(OptionError, match="order must be one of 'author', 'auto'; got 'best'"):
        RING.draw(order="best")


@pytest.mark.parametrize("name", IN_COLUMNS)
def test_published_models_are_the_golden_text(name: str) -> None:
    """To renew after a change that was looked at: ``draw().save(path)`` with this file's path."""
    golden = ROOT / "tests" / "logicmodels" / "golden" / "published" / f"{name}.dot"
    assert published(name).draw().dot == golden.read_text("utf-8")


def test_a_heading_of_the_models_own_leaves_the_profiles_note_and_group() -> None:
    texts = published("scale_welfare").draw().dot
    assert "What we do" not in texts
    assert "group_" not in texts
    plain = LogicModel.example("wisconsin").draw().dot
    assert "What we do" in plain
    assert "group_activities" in plain


def test_a_few_words_of_context_share_a_line() -> None:
    drawn = layout(published("integrate_hta"))
    (context,) = drawn.context
    assert [line.text for line in context.lines][1].startswith("Geographical – Epidemiological")
    assert len(layout(LogicModel.example("case_management")).context[0].lines) > 3


def test_a_dense_model_is_remarked_on() -> None:
    found = [f for f in published("reach").check().findings if f.rule == "S08"]
    messages = " ".join(finding.message for finding in found)
    assert "3.0 arrows per box; over 1.5, single arrows are hard to follow" in messages
    assert "arrows meet it; over 8" in messages
    few = LogicModel.example("sixcs").check().findings
    assert not [f for f in few if f.rule == "S08"]
