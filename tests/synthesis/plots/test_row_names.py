"""Names at rows: none covers another, and each stands as near to its row as can be."""

from __future__ import annotations

import numpy as np
import pytest

from synthesis.plots.row_names import Rows, spread


def rows(k: int, always: list[int], tallest: float = 400.0) -> Rows:
    must = np.isin(np.arange(k), always)
    names = [f"Synthetic {number}" for number in range(k)]
    return Rows(names, must, size=8.0, widest=100.0, tallest=tallest, pressed=300.0)


def test_names_that_collide_share_the_way() -> None:
    heights = np.full(4, 10.0)
    moved = spread(np.array([20.0, 21.0, 22.0, 90.0]), heights, 100.0)
    np.testing.assert_allclose(moved, [11.0, 21.0, 31.0, 90.0])


def test_names_stay_inside() -> None:
    heights = np.array([10.0, 20.0, 10.0])
    np.testing.assert_allclose(spread(np.array([0.0, 1.0, 2.0]), heights, 60.0), [5.0, 20.0, 35.0])
    np.testing.assert_allclose(
        spread(np.array([58.0, 59.0, 60.0]), heights, 60.0), [25.0, 40.0, 55.0]
    )
    assert spread(np.array([]), np.array([]), 60.0).size == 0


@pytest.mark.parametrize("seed", range(20))
def test_no_other_places_are_nearer(seed: int) -> None:
    """Against SciPy's solver of the same quadratic problem, on synthetic rows."""
    from scipy.optimize import minimize

    random = np.random.default_rng(seed)
    wanted, heights = np.sort(random.uniform(0, 100, 6)), random.uniform(5, 15, 6)
    gaps = (heights[1:] + heights[:-1]) / 2
    found = spread(wanted, heights, 100.0)
    assert (np.diff(found) >= gaps - 1e-9).all()  # rounding of sums
    best = minimize(
        lambda y: ((y - wanted) ** 2).sum(),
        np.linspace(heights[0] / 2, 100 - heights[-1] / 2, 6),
        bounds=[(heights[0] / 2, None)] + [(None, None)] * 4 + [(None, 100 - heights[-1] / 2)],
        constraints={"type": "ineq", "fun": lambda y: np.diff(y) - gaps},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )
    # The solver stops when a step gains less than 1e-12 of a sum of about 100.
    np.testing.assert_allclose(found, best.x, atol=1e-4)


def test_few_rows_are_all_named_in_their_middle() -> None:
    few = rows(5, [2])
    assert not few.is_pressed
    assert [name.row for name in few.named] == list(range(5))
    assert all(name.middle == name.y for name in few.named)
    assert few.height == pytest.approx(5 * 1.5 * 8)


def test_many_rows_name_those_that_matter() -> None:
    many = rows(300, [7, 8, 9, 250])
    assert many.is_pressed
    assert many.height == 300.0
    named = {name.row for name in many.named}
    assert {7, 8, 9, 250} < named
    assert len(named) < 30
    places = [name.y for name in many.named]
    assert min(np.diff(places)) >= 1.5 * 8 - 1e-9  # rounding of sums
    assert all(name.y == name.middle for name in many.named if name.row not in (7, 8, 9))


def test_rows_grow_for_many_that_must_be_named() -> None:
    many = rows(100, list(range(100)))
    assert many.height == pytest.approx(100 * 1.5 * 8)
    assert len(many.named) == 100
