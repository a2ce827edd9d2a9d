"""Matched pairs, or the same people twice: effects on an event, on arrays.

Of n pairs, the event occurs under both conditions in `both`, under treatment alone in `only_t`,
under control alone in `only_c`, and under neither in `neither`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas.counts import halves

Arrays = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Pairs:
    """Pairs by outcome, an element a study."""

    both: np.ndarray
    only_t: np.ndarray
    only_c: np.ndarray
    neither: np.ndarray

    @property
    def n(self) -> np.ndarray:
        """Number of pairs."""
        return self.both + self.only_t + self.only_c + self.neither

    @property
    def has_zero(self) -> np.ndarray:
        """Which tables contain a zero."""
        cells = (self.both, self.only_t, self.only_c, self.neither)
        return np.asarray(np.any([cell == 0 for cell in cells], axis=0))


def corrected(pairs: Pairs, zero_cells: str) -> Pairs:
    """Return the tables with 1/2 added to every cell where the rule says so."""
    add = halves(pairs.has_zero, zero_cells)
    return Pairs(pairs.both + add, pairs.only_t + add, pairs.only_c + add, pairs.neither + add)


def risk_difference(pairs: Pairs) -> Arrays:
    """Return the difference of the two risks and its variance (Fleiss 1981)."""
    n, apart = pairs.n, pairs.only_t - pairs.only_c
    return apart / n, (pairs.only_t + pairs.only_c - apart**2 / n) / n**2


def risk_ratio(pairs: Pairs) -> Arrays:
    """Return the log ratio of the two risks and its variance."""
    in_t, in_c = pairs.both + pairs.only_t, pairs.both + pairs.only_c
    return np.log(in_t / in_c), (pairs.only_t + pairs.only_c) / (in_t * in_c)


def odds_ratio(pairs: Pairs) -> Arrays:
    """Return the log ratio of the two marginal odds and its variance (Zou 2007)."""
    n = pairs.n
    p_t, p_c = (pairs.both + pairs.only_t) / n, (pairs.both + pairs.only_c) / n
    _, of_difference = risk_difference(pairs)
    yi = np.log(p_t / (1 - p_t)) - np.log(p_c / (1 - p_c))
    return yi, of_difference / (p_t * (1 - p_t) * p_c * (1 - p_c))


def conditional_odds_ratio(pairs: Pairs) -> Arrays:
    """Return the log ratio of discordant pairs, the conditional odds ratio, and its variance."""
    return np.log(pairs.only_t / pairs.only_c), 1 / pairs.only_t + 1 / pairs.only_c


def peto_odds_ratio(pairs: Pairs) -> Arrays:
    """Return Peto's conditional log odds ratio, (O − E)/V, and its variance 1/V."""
    discordant = pairs.only_t + pairs.only_c
    return 2 * (pairs.only_t - pairs.only_c) / discordant, 4 / discordant


def odds_ratio_of_margins(
    events_t: np.ndarray,
    events_c: np.ndarray,
    n: np.ndarray,
    r: np.ndarray,
    *,
    zero_cells: str = "half",
) -> Arrays:
    """Return the log ratio of two marginal odds, from the margins and their phi coefficient.

    Elbourne et al. (2002), Int J Epidemiol 31:140; Zou (2007): the variance of independent groups
    less twice the covariance, r·n/√(product of the four cells).

    Parameters
    ----------
    events_t, events_c : ndarray
        Pairs with the event under treatment, and under control.
    n : ndarray
        Number of pairs.
    r : ndarray
        Phi coefficient of the two conditions.
    zero_cells : str
        As in `counts.halves`.
    """
    zero = (events_t == 0) | (events_c == 0) | (events_t == n) | (events_c == n)
    add = halves(zero, zero_cells)
    a, b = events_t + add, n - events_t + add
    c, d = events_c + add, n - events_c + add
    covariance = r * (n + 2 * add) / np.sqrt(a * b * c * d)
    return np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d - 2 * covariance
