"""Circles: areas follow weights, and many of them leave room between."""

from __future__ import annotations

import numpy as np
import pytest

from synthesis.plots.drawing.circles import CROWDED, diameters, largest


@pytest.mark.parametrize("k", [3, 40, 250, 4000])
def test_circles_cover_no_more_than_their_share(k: int) -> None:
    areas = np.random.default_rng(k).uniform(0.1, 5.0, k)
    top = largest(areas, 18.0, 250.0 * 200.0)
    drawn = np.pi / 4 * diameters(areas, areas.max(), top=top, at_least=0.0) ** 2
    assert top == 18.0 or drawn.sum() == pytest.approx(CROWDED * 250.0 * 200.0, rel=1e-12)
    assert drawn.sum() <= CROWDED * 250.0 * 200.0 * (1 + 1e-12)  # rounding of sums
    np.testing.assert_allclose(drawn / drawn.max(), areas / areas.max(), rtol=1e-12)


def test_the_smallest_can_be_seen() -> None:
    drawn = diameters(np.array([1.0, 1e-6]), 1.0, top=18.0, at_least=3.0)
    assert drawn.tolist() == [18.0, 3.0]
