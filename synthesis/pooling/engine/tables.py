"""Sums over two-by-two tables: the formulas of Mantel and Haenszel, and of Peto.

Sources: Robins, Breslow & Greenland 1986, Biometrics 42:311-323 (odds ratio); Greenland & Robins
1985, Biometrics 41:55-68 (risk ratio); Sato, Greenland & Robins 1989, Biometrics 45:1323-1324 (risk
difference); Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371 (Peto).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from synthesis.effects.formulas import counts
from synthesis.effects.formulas.counts import TwoByTwo
from synthesis.pooling.engine import intervals
from synthesis.pooling.engine.batch import Pooled
from synthesis.pooling.engine.weighted import Array


class Method(NamedTuple):
    """What a method adds up over the studies, and what it makes of the sums.

    Attributes
    ----------
    terms : callable
        From the tables of K studies to the quantities that are added up, shape (T, K); the
        row `weight` is the weight of each study.
    pooled : callable
        From T sums to the pooled effect and its variance; both NaN where a ratio is zero or
        infinite.
    weight : int
        Which of the terms.
    """

    terms: Callable[[TwoByTwo], Array]
    pooled: Callable[..., tuple[Array, Array]]
    weight: int


def _odds_ratio_terms(table: TwoByTwo) -> Array:
    n = table.n_t + table.n_c
    r, s = table.events_t * table.others_c / n, table.others_t * table.events_c / n
    p, q = (table.events_t + table.others_c) / n, (table.others_t + table.events_c) / n
    return np.array([r, s, p * r, p * s + q * r, q * s])


def _odds_ratio(r: Array, s: Array, pr: Array, across: Array, qs: Array) -> tuple[Array, Array]:
    r, s = _positive(r), _positive(s)
    return np.log(r / s), 0.5 * (pr / r**2 + across / (r * s) + qs / s**2)


def _risk_ratio_terms(table: TwoByTwo) -> Array:
    n = table.n_t + table.n_c
    events = table.events_t + table.events_c
    numerator = table.n_t * table.n_c * events / n**2 - table.events_t * table.events_c / n
    return np.array([table.events_t * table.n_c / n, table.events_c * table.n_t / n, numerator])


def _risk_ratio(r: Array, s: Array, numerator: Array) -> tuple[Array, Array]:
    r, s = _positive(r), _positive(s)
    return np.log(r / s), numerator / (r * s)


def _risk_difference_terms(table: TwoByTwo) -> Array:
    n_t, n_c = table.n_t, table.n_c
    n = n_t + n_c
    difference = (table.events_t * n_c - table.events_c * n_t) / n
    share_t, share_c = n_t / n, n_c / n
    of_effect = (
        table.events_c * share_t**2
        - table.events_t * share_c**2
        + share_t * share_c * (n_c - n_t) / 2
    )
    of_spread = (table.events_t * table.others_c + table.events_c * table.others_t) / (2 * n)
    return np.array([n_t * n_c / n, difference, of_effect, of_spread])


def _risk_difference(
    weight: Array, difference: Array, of_effect: Array, of_spread: Array
) -> tuple[Array, Array]:
    estimate = difference / weight
    return estimate, (estimate * of_effect + of_spread) / weight**2


def _peto_terms(table: TwoByTwo) -> Array:
    yi, vi = counts.peto_odds_ratio(table)
    return np.array([yi / vi, 1 / vi])


def _peto(observed: Array, weight: Array) -> tuple[Array, Array]:
    """Return Peto's log odds ratio: observed less expected events over their variance."""
    return observed / weight, 1 / weight


def _positive(sums: Array) -> Array:
    return np.where(sums > 0, sums, np.nan)


MANTEL_HAENSZEL = {
    "or": Method(_odds_ratio_terms, _odds_ratio, weight=1),
    "rr": Method(_risk_ratio_terms, _risk_ratio, weight=1),
    "rd": Method(_risk_difference_terms, _risk_difference, weight=0),
}
"""By measure."""

PETO = Method(_peto_terms, _peto, weight=1)


@dataclass(frozen=True)
class Tables:
    """Two-by-two tables with the effect of each study, ready to be pooled in any selection.

    Attributes
    ----------
    tables : TwoByTwo
        Counts, each of shape (K,).
    y, v : ndarray, shape (K,)
        Each study's own effect and variance, for Q.
    in_q : ndarray of bool, shape (K,)
        Which studies have a part in Q.
    method : Method
        How they are pooled.
    """

    tables: TwoByTwo
    y: Array
    v: Array
    in_q: Array
    method: Method

    @property
    def weights(self) -> Array:
        """The weight of each study in percent, shape (K,)."""
        weight = self.method.terms(self.tables)[self.method.weight]
        return np.asarray(100 * weight / weight.sum())

    def pool(self, sizes: Array, level: float, *, rows: Array | None = None) -> Pooled:
        """Pool many selections of the studies.

        Parameters
        ----------
        sizes : ndarray of int, shape (A,)
            Number of studies of each selection, each at least 1.
        level : float
            Level of the intervals.
        rows : ndarray of int, shape (sum of sizes,), optional
            Which study fills each place, selection after selection; by default all in order.

        Returns
        -------
        Pooled
            One value per selection; NaN where a ratio is zero or infinite, because an arm has
            no events, or events only, over all studies of the selection. Without two studies
            in Q, I² and H² are NaN.
        """
        from scipy.special import chdtrc

        rows = np.arange(len(self.y)) if rows is None else rows
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])

        def added(values: Array) -> Array:
            return np.asarray(np.add.reduceat(values, starts, axis=-1))

        estimate, variance = self.method.pooled(*added(self.method.terms(self.tables)[:, rows]))
        std_error = np.sqrt(variance)
        own = np.where(self.in_q, 1 / self.v, 0.0)[rows]
        q = added(own * (self.y[rows] - np.repeat(estimate, sizes)) ** 2)
        df = np.maximum(added(self.in_q[rows].astype(int)) - 1, 0)
        nowhere = np.full(len(sizes), np.nan)
        tested = np.where(std_error > 0, std_error, np.nan)
        test = intervals.symmetric(estimate, tested, None, level)
        half = intervals.quantile(level, None) * std_error
        with np.errstate(divide="ignore", invalid="ignore"):
            i2 = 100 * np.maximum(q - df, 0.0) / np.where(q > 0, q, 1.0)
            h2 = np.where(df > 0, q / df, np.nan)
        i2 = np.where(df > 0, i2, np.nan)
        return Pooled(
            estimate=estimate,
            std_error=std_error,
            model_se=std_error,
            statistic=test.statistic,
            df=nowhere,
            p_value=test.p_value,
            ci_low=estimate - half,
            ci_high=estimate + half,
            tau2=np.zeros(len(sizes)),
            tau2_se=nowhere,
            q=q,
            q_p_value=np.where(df > 0, chdtrc(np.maximum(df, 1), q), 1.0),
            i2=i2,
            i2_q=i2,
            h2=h2,
            pi_low=nowhere,
            pi_high=nowhere,
        )
