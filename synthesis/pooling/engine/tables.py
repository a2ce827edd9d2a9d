"""Sums over two-by-two tables: the formulas of Mantel and Haenszel, and of Peto.

Sources: Robins, Breslow & Greenland 1986, Biometrics 42:311-323 (odds ratio); Greenland & Robins
1985, Biometrics 41:55-68 (risk ratio); Sato, Greenland & Robins 1989, Biometrics 45:1323-1324 (risk
difference); Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371 (Peto).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from synthesis.effects.formulas import counts
from synthesis.effects.formulas.counts import TwoByTwo
from synthesis.pooling.engine.weighted import Array


class Sum(NamedTuple):
    """A pooled effect, its variance and the weight of each study."""

    estimate: float
    variance: float
    weights: Array


def _odds_ratio(table: TwoByTwo) -> Sum:
    n = table.n_t + table.n_c
    r, s = table.events_t * table.others_c / n, table.others_t * table.events_c / n
    p, q = (table.events_t + table.others_c) / n, (table.others_t + table.events_c) / n
    total_r, total_s = r.sum(), s.sum()
    if total_r == 0 or total_s == 0:
        return Sum(float("nan"), 0.0, s)
    variance = 0.5 * (
        (p * r).sum() / total_r**2
        + (p * s + q * r).sum() / (total_r * total_s)
        + (q * s).sum() / total_s**2
    )
    return Sum(float(np.log(total_r / total_s)), float(variance), s)


def _risk_ratio(table: TwoByTwo) -> Sum:
    n = table.n_t + table.n_c
    r, s = table.events_t * table.n_c / n, table.events_c * table.n_t / n
    if r.sum() == 0 or s.sum() == 0:
        return Sum(float("nan"), 0.0, s)
    events = table.events_t + table.events_c
    numerator = table.n_t * table.n_c * events / n**2 - table.events_t * table.events_c / n
    variance = numerator.sum() / (r.sum() * s.sum())
    return Sum(float(np.log(r.sum() / s.sum())), float(variance), s)


def _risk_difference(table: TwoByTwo) -> Sum:
    n_t, n_c = table.n_t, table.n_c
    n = n_t + n_c
    weights = n_t * n_c / n
    difference = (table.events_t * n_c - table.events_c * n_t) / n
    estimate = difference.sum() / weights.sum()
    share_t, share_c = n_t / n, n_c / n
    of_effect = (
        table.events_c * share_t**2
        - table.events_t * share_c**2
        + share_t * share_c * (n_c - n_t) / 2
    )
    of_spread = (table.events_t * table.others_c + table.events_c * table.others_t) / (2 * n)
    variance = (estimate * of_effect.sum() + of_spread.sum()) / weights.sum() ** 2
    return Sum(float(estimate), float(variance), weights)


def peto_sum(table: TwoByTwo) -> Sum:
    """Return Peto's log odds ratio: observed less expected events over their variance."""
    yi, vi = counts.peto_odds_ratio(table)
    return Sum(float((yi / vi).sum() / (1 / vi).sum()), float(1 / (1 / vi).sum()), 1 / vi)


MANTEL_HAENSZEL: dict[str, Callable[[TwoByTwo], Sum]] = {
    "or": _odds_ratio,
    "rr": _risk_ratio,
    "rd": _risk_difference,
}
"""By measure."""
