"""Names beside points: each reads as its own point's, none covers anything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.point_labels import Box, along, beside

SIZE = 9.0
SHEET = Box(0.0, 0.0, 300.0, 200.0)


def box_of(name: tuple[str, float, float]) -> Box:
    text, x, y = name
    return Box(x, y - 0.75 * SIZE, x + typeface.width(text, size=SIZE), y + 0.25 * SIZE)


def apart(box: Box, point: tuple[float, float], radius: float) -> float:
    x, y = point
    aside = max(box.left - x, x - box.right, 0.0)
    return float(np.hypot(aside, max(box.top - y, y - box.bottom, 0.0))) - radius


@pytest.mark.parametrize("seed", range(8))
def test_names_among_many_points(seed: int) -> None:
    """Synthetic points, drawn at random."""
    random = np.random.default_rng(seed)
    points = list(zip(random.uniform(5, 295, 40), random.uniform(5, 195, 40), strict=True))
    radii = random.uniform(1, 8, 40)
    texts = [f"Synthetic {number}" for number in range(40)]
    line = along([(x, x / 2) for x in np.linspace(0, 300, 200)])
    names = beside(points, radii, texts, size=SIZE, inside=SHEET, avoid=line)
    assert len(names) > 5
    boxes = [box_of(name) for name in names]
    assert all(box.within(SHEET) for box in boxes)
    assert not any(one.meets(other) for one, other in itertools.combinations(boxes, 2))
    assert not any(box.meets(piece) for box, piece in itertools.product(boxes, line))
    for name, box in zip(names, boxes, strict=True):
        gaps = [apart(box, point, radius) for point, radius in zip(points, radii, strict=True)]
        assert int(np.argmin(gaps)) == texts.index(name.text)


def test_a_name_that_would_read_as_a_neighbours_is_left_out() -> None:
    """Two points so close that the first one's name has no place of its own but the right."""
    points = [(150.0, 100.0), (146.0, 100.0)]
    (name,) = beside(points, [2.0, 2.0], ["First", ""], size=SIZE, inside=SHEET)
    assert name.x > 150.0
    narrow = Box(0.0, 94.0, 153.0, 106.0)
    assert not beside(points, [2.0, 2.0], ["First", ""], size=SIZE, inside=narrow)


def test_no_names_and_no_points() -> None:
    assert beside([], [], [], size=SIZE, inside=SHEET) == []
    assert beside([(5.0, 5.0)], [2.0], [""], size=SIZE, inside=SHEET) == []


def test_long_names_are_cut_where_they_stay_apart() -> None:
    tail = " of a series that was given the same name for all of its many parts"
    points = [(100.0, 50.0), (100.0, 150.0)]
    names = beside(points, [2.0, 2.0], [f"One{tail}", f"Two{tail}"], size=SIZE, inside=SHEET)
    assert [name.text[:3] for name in names] == ["One", "Two"]
    assert all(name.text.endswith("…") for name in names)
    alike = [f"All{tail}: one", f"All{tail}: two"]
    assert beside(points, [2.0, 2.0], alike, size=SIZE, inside=SHEET) == []
