"""The stopping test: against buscarpy's values and direct sums of probabilities."""

from __future__ import annotations

from math import comb, floor

import numpy as np
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.library.ranking.stopping import stopping_test

FORTY = [True, False, False, False, False] * 40


@pytest.mark.parametrize(
    ("zeros", "p"), [(200, 0.69752), (400, 0.46716), (800, 0.1701), (1200, 0.03667)]
)
def test_values_of_buscarpy(zeros: int, p: float) -> None:
    # buscarpy 0.0.2 with N = 2,000 and a target of 95%; printed to five places.
    assert stopping_test([*FORTY, *[False] * zeros], 2000).p_value == pytest.approx(p, abs=5e-6)


def directly(found: list[bool], n: int, missed: int) -> float:
    """Return the smallest p-value over every stretch, by binomial coefficients."""
    seen, smallest = len(found), 1.0
    for length in range(1, seen + 1):
        held = sum(found[seen - length :])
        left, relevant = n - seen + length, held + missed
        if relevant > left:
            return 0.0
        ways = sum(
            comb(relevant, k) * comb(left - relevant, length - k)
            for k in range(held + 1)
            if length - k <= left - relevant
        )
        smallest = min(smallest, ways / comb(left, length))
    return smallest


def test_the_longest_stretches_are_enough() -> None:
    random = np.random.default_rng(5)
    for _ in range(40):
        n = int(random.integers(10, 60))
        found = (random.random(int(random.integers(1, n))) < 0.3).tolist()
        relevant = sum(found)
        missed = floor(relevant / 0.9 + 1e-9) + 1 - relevant
        result = stopping_test(found, n, target=0.9)
        if missed <= n - len(found):
            assert result.p_value == pytest.approx(directly(found, n, missed), abs=1e-9)
        # One missing record more than the bound is rejected, the bound itself is not.
        bound = result.missed_at_most
        assert bound == 0 or directly(found, n, bound) >= 0.05
        if bound < n - len(found):
            assert directly(found, n, bound + 1) < 0.05


def test_the_statement_and_its_assumptions() -> None:
    early, late = (stopping_test([*FORTY, *[False] * zeros], 2000) for zeros in (200, 1200))
    assert not early.stop
    assert "95% recall is not shown at 95% confidence: keep screening" in early.statement
    assert late.stop
    assert "p = 0.037" in late.statement
    assert late.recall_at_least == 40 / (40 + late.missed_at_most)
    assert late.recall_at_least >= 0.95
    assert "This assumes" in str(late)
    assert len(late.assumptions) == 4
    assert "nothing is left to screen" in stopping_test([True, False], 2).statement
    assert stopping_test([False], 9).recall_at_least is None


def test_refusals() -> None:
    with pytest.raises(DataError, match="3 records were screened, but there are only 2"):
        stopping_test([True] * 3, 2)
    with pytest.raises(OptionError, match="target must lie between 0 and 1"):
        stopping_test([True], 2, target=95)


def test_how_often_it_stops_too_early_in_random_order() -> None:
    # With records in random order and one look, at most 5% of reviews stop below 95% recall.
    random = np.random.default_rng(1)
    labels = np.array([True] * 60 + [False] * 440)
    early = 0
    for _ in range(300):
        shuffled = random.permutation(labels)[:470]
        if stopping_test(shuffled.tolist(), 500).stop and shuffled.sum() < 57:
            early += 1
    # The smallest p-value of many stretches is looked at, so 5% is not exact: 300 draws allow 9%.
    assert early <= 27


def test_nothing_found_is_no_reason_to_stop() -> None:
    none = stopping_test([False] * 99, 100)
    assert none.p_value < 0.05
    assert not none.stop
    assert none.recall_at_least is None
    assert none.statement == (
        "99 of 100 records screened, 0 included: nothing can be said about recall before a record "
        "is included, so keep screening. At 95% confidence, at most 0 relevant records are left."
    )
    assert stopping_test([False] * 100, 100).stop, "nothing is left to screen"
    begun = stopping_test([], 10)
    assert (begun.stop, begun.missed_at_most) == (False, 10)
