"""Bars count what the user counts: each record, sample, order and subset once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.lab import progress
from synthesis.library.readers.found import FIELDS


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int, list[int]]]:
    """What each bar counts: its name, its unit, how many in all, and how far it was each time."""
    bars: list[tuple[str, str, int, list[int]]] = []
    made, moved = progress.Progress.__init__, progress.Progress.update

    def init(self: Any, total: int, what: str, unit: str, **options: Any) -> None:
        made(self, total, what, unit, **options)
        bars.append((what, unit, total, []))

    def update(self: Any, n: int = 1) -> None:
        moved(self, n)
        bars[-1][3].append(self.done)

    monkeypatch.setattr(progress.Progress, "__init__", init)
    monkeypatch.setattr(progress.Progress, "update", update)
    return bars


def records(n: int) -> pd.DataFrame:
    """Return records made up for the tests, half of them alike."""
    rows = [
        {
            **dict.fromkeys(FIELDS, ""),
            "record_id": f"a:{at}",
            "type": "article",
            "year": "2001",
            "title": f"Case management of older patients in winter number {at // 2}",
            "authors": "Doe, Jane",
            "journal": "Journal of Trees",
            "doi": f"10.1000/{at // 2}",
        }
        for at in range(n)
    ]
    return pd.DataFrame(rows)


def codings(n: int) -> pd.DataFrame:
    units = [f"u{at}" for at in range(n)]
    return pd.DataFrame(
        {"unit": units * 2, "coder": ["a"] * n + ["b"] * n, "code": list("xyzw") * (n // 2)}
    )


def fit() -> Any:
    return syn.meta_analysis(syn.effect_sizes(syn.datasets.load("bcg"), "rr"))


def regression() -> Any:
    return syn.meta_regression(syn.effect_sizes(syn.datasets.load("bcg"), "rr"), "~ ablat")


@pytest.mark.parametrize(
    ("run", "unit", "total"),
    [
        (lambda: syn.agreement(codings(40), bootstrap=500, seed=1), "samples", 500),
        (lambda: regression().permutation_test(700, seed=1), "orders", 700),
        (lambda: syn.gosh(fit(), 300, seed=1), "subsets", 300),
        (lambda: syn.leave_one_out(fit()), "analyses", 13),
        (lambda: syn.forest_pages(fit(), rows_per_page=10), "pages", 2),
    ],
)
def test_each_is_counted_once(
    run: Callable[[], Any],
    unit: str,
    total: int,
    counted: list[tuple[str, str, int, list[int]]],
) -> None:
    run()
    (found,) = [one for one in counted if one[1] == unit]
    assert found[2] == total
    assert found[3] == sorted(found[3])
    assert found[3][-1] == total


@pytest.mark.extras
def test_a_record_is_counted_once(counted: list[tuple[str, str, int, list[int]]]) -> None:
    links = syn.find_duplicates(records(60))
    assert not links.empty
    ((what, unit, total, done),) = counted
    assert (what, unit, total) == ("Duplicates", "records", 60)
    assert done == sorted(done)
    assert 0 < done[0] <= 30, "half of the way: the records are prepared"
    assert done[-1] == 60
