"""Association in a table of two groups by two outcomes, as a correlation: on arrays."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.counts import TwoByTwo, odds_ratio

Arrays = tuple[np.ndarray, np.ndarray]


def phi(table: TwoByTwo) -> Arrays:
    """Return the phi coefficient and its variance, for people drawn as a whole (Yule 1912).

    Examples
    --------
    >>> from synthesis.effects.formulas.counts import two_by_two
    >>> yi, vi = phi(two_by_two(*map(np.array, ([12.0], [40.0], [20.0], [39.0]))))
    >>> yi.round(4), vi.round(4)
    (array([-0.2167]), array([0.012]))
    """
    a, b, c, d = table.events_t, table.others_t, table.events_c, table.others_c
    n = a + b + c + d
    rows, columns = (a + b) * (c + d), (a + c) * (b + d)
    yi = (a * d - b * c) / np.sqrt(rows * columns)
    by_row, by_column = (a + b - c - d) ** 2 / rows, (a + c - b - d) ** 2 / columns
    uneven = (a + b - c - d) * (a + c - b - d) / np.sqrt(rows * columns)
    bend = yi * (1 + yi**2 / 2) * uneven - 3 / 4 * yi**2 * (by_row + by_column)
    return yi, (1 - yi**2 + bend) / n


def yule_q(table: TwoByTwo) -> Arrays:
    """Return Yule's Q, (OR − 1)/(OR + 1), and its variance by the delta method."""
    log_odds, vi = odds_ratio(table)
    yi = np.tanh(log_odds / 2)
    return yi, (1 - yi**2) ** 2 / 4 * vi


def yule_y(table: TwoByTwo) -> Arrays:
    """Return Yule's Y, (√OR − 1)/(√OR + 1), and its variance by the delta method."""
    log_odds, vi = odds_ratio(table)
    yi = np.tanh(log_odds / 4)
    return yi, (1 - yi**2) ** 2 / 16 * vi


NODES = 96
"""Points of the Gauss-Legendre rule: errors below 1e-12 for correlations up to 0.999."""


def tetrachoric(table: TwoByTwo) -> Arrays:
    """Return the tetrachoric correlation and its asymptotic variance.

    It is the correlation of two normal variables, cut in two, that gives the four proportions
    exactly; the variance is that of maximum likelihood (Brown & Benedetti 1977, Psychometrika
    42:347), for people drawn as a whole, not group by group. Every cell must be > 0.

    Examples
    --------
    >>> from synthesis.effects.formulas.counts import two_by_two
    >>> yi, vi = tetrachoric(two_by_two(*map(np.array, ([25.0], [50.0], [25.0], [50.0]))))
    >>> abs(yi.round(10)), vi.round(5)
    (array([0.]), array([0.02467]))
    """
    from scipy.special import ndtr, ndtri

    n = table.n_t + table.n_c
    both = table.events_t / n
    row, column = table.n_t / n, (table.events_t + table.events_c) / n
    h, k = ndtri(row), ndtri(column)
    low, high = np.full(h.shape, -np.pi / 2), np.full(h.shape, np.pi / 2)
    rule = np.polynomial.legendre.leggauss(NODES)
    # The share of both rises with the correlation: halving finds it to the last digit.
    for _ in range(60):
        middle = (low + high) / 2
        below = row * column + _over_independence(h, k, middle, rule) < both
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    angle = (low + high) / 2
    rho, rest = np.sin(angle), np.cos(angle)
    density = np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * rest**2)) / (2 * np.pi * rest)
    on_row, on_column = ndtr((k - rho * h) / rest), ndtr((h - rho * k) / rest)
    # Of the multinomial proportions of both, of the row and of the column.
    mean_of_square = (
        both * (1 - on_row - on_column) ** 2
        + (row - both) * on_row**2
        + (column - both) * on_column**2
    )
    mean = both - row * on_row - column * on_column
    return rho, (mean_of_square - mean**2) / n / density**2


def _over_independence(h: np.ndarray, k: np.ndarray, angle: np.ndarray, rule: Arrays) -> np.ndarray:
    """Return how far Φ₂(h, k; sin angle) exceeds Φ(h)·Φ(k): the integral of its density."""
    nodes, weights = rule
    at = angle[..., None] * (nodes + 1) / 2
    h, k = h[..., None], k[..., None]
    power = -(h**2 - 2 * np.sin(at) * h * k + k**2) / (2 * np.cos(at) ** 2)
    return np.asarray((np.exp(power) * weights).sum(axis=-1) * angle / (4 * np.pi))
