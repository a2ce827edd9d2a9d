from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from logicmodels.figures.layout.stacking import spread
from logicmodels.questions.reach import cycles, following, reached

PAIRS = st.lists(st.tuples(st.sampled_from("abcdefg"), st.sampled_from("abcdefg")), max_size=20)


@given(PAIRS)
def test_two_nodes_share_a_circle_if_each_reaches_the_other(pairs: list[tuple[str, str]]) -> None:
    after = following(pairs)
    together = {
        (one, other)
        for one in "abcdefg"
        for other in "abcdefg"
        if one in reached(after.get(other, []), after)
        and other in reached(after.get(one, []), after)
    }
    found = {(one, other) for group in cycles(pairs) for one in group for other in group}
    assert found == together


def test_a_long_chain_is_no_trouble() -> None:
    chain = [(str(n), str(n + 1)) for n in range(5000)]
    assert cycles(chain) == []
    assert len(cycles([*chain, ("5000", "0")])[0]) == 5001


PLACES = st.lists(st.floats(-100, 100), min_size=1, max_size=8)


@given(PLACES, st.floats(0, 20))
def test_spread_keeps_order_and_distance(wanted: list[float], apart: float) -> None:
    places = spread(wanted, [apart] * (len(wanted) - 1), -1e6, 1e6)
    for before, after in pairwise(places):
        assert after - before >= apart - 1e-9  # sums of floats


@given(PLACES)
def test_spread_moves_nothing_that_stands_well(wanted: list[float]) -> None:
    ordered = sorted(set(wanted))
    assert spread(ordered, [0.0] * (len(ordered) - 1), -1e6, 1e6) == ordered


@given(PLACES, st.floats(0, 20))
def test_no_small_shift_of_a_block_is_nearer(wanted: list[float], apart: float) -> None:
    """The least squares are met: moving any top or bottom part that may move does not help."""
    distances = [apart] * (len(wanted) - 1)
    places = spread(wanted, distances, -1e6, 1e6)

    def cost(some: list[float]) -> float:
        return sum((one - other) ** 2 for one, other in zip(some, wanted, strict=True))

    for cut in range(len(wanted) + 1):
        upper = [place - 0.01 if n < cut else place for n, place in enumerate(places)]
        lower = [place + 0.01 if n >= cut else place for n, place in enumerate(places)]
        assert cost(places) <= cost(upper) + 1e-6  # sums of squares up to 1e4, in floats
        assert cost(places) <= cost(lower) + 1e-6
