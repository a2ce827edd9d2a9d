"""The Lorenz curve of one year, its Gini coefficient and top shares, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.lab.progress import Progress


def gini_of(held: np.ndarray) -> float:
    """Return the Gini coefficient of sorted amounts: 0 if all are equal.

    Examples
    --------
    >>> gini_of(np.array([0.0, 0.0, 0.0, 8.0]))
    0.75
    """
    n = len(held)
    ranks = 2 * np.arange(1, n + 1) - n - 1
    return float(ranks @ held / (n * held.sum()))


def one_year(
    held: np.ndarray, top: Sequence[float], level: float, samples: int, random: np.random.Generator
) -> tuple[dict[str, object], list[dict[str, object]], pd.DataFrame]:
    """Return the totals of a year, its top shares, and its Lorenz curve."""
    n = len(held)
    ones = np.ones((1, n))
    found = _weighted(held, ones, top)[0]
    low, high = np.full((2, len(top) + 1), np.nan)
    unused = 0
    if samples and n > 1:
        drawn = []
        at_once = max(1, 2_000_000 // n)
        with Progress(samples, "Bootstrap", "samples") as bar:
            for start in range(0, samples, at_once):
                many = min(at_once, samples - start)
                weights = np.array(
                    [np.bincount(random.integers(n, size=n), minlength=n) for _ in range(many)],
                    dtype=float,
                )
                drawn.append(_weighted(held, weights, top))
                bar.update(many)
        tails = [(1 - level) / 2, (1 + level) / 2]
        found_again = np.concatenate(drawn)
        used = ~np.isnan(found_again[:, 0])
        if used.any():
            low, high = np.quantile(found_again[used], tails, axis=0)
        unused = int((~used).sum())
    row = {
        "people": n,
        "without": int((held == 0).sum()),
        "uses": float(held.sum()),
        "mean": float(held.mean()),
        "gini": gini_of(held),
        "ci_low": low[0],
        "ci_high": high[0],
        "unused_samples": unused,
    }
    shares = [
        {
            "top": one,
            "people": one / 100 * n,
            "share": found[at],
            "ci_low": low[at],
            "ci_high": high[at],
            "times": found[at] / one,
        }
        for at, one in enumerate(top, start=1)
    ]
    curve = pd.DataFrame(
        {
            "people": 100 * np.arange(n + 1) / n,
            "uses": 100 * np.concatenate([[0.0], held.cumsum()]) / held.sum(),
        }
    )
    return row, shares, curve


def _weighted(held: np.ndarray, weights: np.ndarray, top: Sequence[float]) -> np.ndarray:
    """Return Gini and top shares in percent, a row for each row of weights; NaN without use."""
    people = weights.cumsum(axis=1)
    uses = (weights * held).cumsum(axis=1)
    n, whole = people[:, -1:], uses[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        before = np.concatenate([np.zeros((len(uses), 1)), uses[:, :-1]], axis=1)
        under = (weights * (uses + before)).sum(axis=1) / (n * whole)[:, 0]
        columns = [1 - under]
        for one in top:
            at = [
                np.interp(row[-1] * (1 - one / 100), np.append(0.0, row), np.append(0.0, use))
                for row, use in zip(people, uses, strict=True)
            ]
            columns.append(100 * (1 - np.array(at) / whole[:, 0]))
    return np.column_stack(columns)
