"""Where a drawn logic model answers: every part that has words, where it is drawn."""

from __future__ import annotations

import pytest

from logicmodels import LogicModel
from logicmodels.figures.spots import spots_in, width_of

MODELS = ("salford", "sixcs", "wisconsin", "case_management")


@pytest.mark.parametrize("name", MODELS)
def test_every_part_answers_inside_the_figure(name: str) -> None:
    model = LogicModel.example(name)
    svg = model.draw().svg
    spots = spots_in(svg)
    assert len(spots) == svg.count(' aria-label="') >= len(model.nodes)
    for spot in spots:
        assert 0 <= spot.left < spot.right <= 1
        assert 0 <= spot.top < spot.bottom <= 1
        assert spot.words
    assert width_of(svg) > 300


def test_arrows_answer_beside_boxes_and_not_on_each_other() -> None:
    spots = spots_in(LogicModel.example("sixcs").draw().svg)
    arrows = [spot for spot in spots if " leads to " in spot.words]
    boxes = [spot for spot in spots if spot not in arrows]
    assert len(arrows) == 7
    for number, arrow in enumerate(arrows):
        across, down = (arrow.left + arrow.right) / 2, (arrow.top + arrow.bottom) / 2
        for other in [*boxes, *arrows[:number]]:
            assert not (other.left < across < other.right and other.top < down < other.bottom)


def test_a_box_answers_where_its_text_is() -> None:
    spots = spots_in(LogicModel.example("sixcs").draw().svg)
    first = next(spot for spot in spots if spot.words.startswith("1. Helping"))
    # The first box of the first column: left of the middle, above it, and higher than flat.
    assert first.right < 0.3
    assert first.bottom < 0.4
    assert first.bottom - first.top > 0.1


def test_an_address_is_kept() -> None:
    model = LogicModel.from_text(
        "spec_version: 1\nprofile: theory-of-change\ntitle: Made up\nnodes:\n"
        "  - {id: a, column: activities, label: Train staff, url: 'https://example.org/a'}\n"
        "  - {id: b, column: outcomes, label: Better care}\nlinks:\n  - {from: a, to: b}\n"
    )
    assert "https://example.org/a" in [spot.link for spot in spots_in(model.draw().svg)]
