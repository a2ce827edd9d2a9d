"""Hazard ratios from what a log-rank test gives: the formulas, on arrays.

Parmar, Torri & Stewart (1998), Stat Med 17:2815; Tierney et al. (2007), Trials 8:16.
"""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas.conversions import z_from_p

Arrays = tuple[np.ndarray, np.ndarray]


def from_observed(o_minus_e: np.ndarray, variance: np.ndarray) -> Arrays:
    """Return the log hazard ratio, (O − E)/V, and its variance 1/V.

    Examples
    --------
    >>> yi, vi = from_observed(np.array([-8.0]), np.array([20.0]))
    >>> yi, vi
    (array([-0.4]), array([0.05]))
    """
    return o_minus_e / variance, 1 / variance


def variance_of_events(events_t: np.ndarray, events_c: np.ndarray) -> np.ndarray:
    """Return V from the events of both arms: their product over their sum (Tierney, eq. 13)."""
    return np.asarray(events_t * events_c / (events_t + events_c))


def variance_of_sizes(events: np.ndarray, n_t: np.ndarray, n_c: np.ndarray) -> np.ndarray:
    """Return V from all events and the numbers of people: events·n_t·n_c/N² (Tierney, eq. 10)."""
    return np.asarray(events * n_t * n_c / (n_t + n_c) ** 2)


def from_z(z: np.ndarray, variance: np.ndarray) -> Arrays:
    """Return the log hazard ratio from the z of a log-rank test: O − E = z·√V.

    Tierney's equation 14 writes the product of events over their sum without its root; O − E is
    √V times z, as in its equations 9 and 11 and in the correction of the paper.
    """
    return from_observed(z * np.sqrt(variance), variance)


def from_p(p: np.ndarray, sign: np.ndarray, variance: np.ndarray) -> Arrays:
    """Return the same from the two-sided p.

    Examples
    --------
    >>> one = np.array
    >>> yi, vi = from_p(one([0.05]), one([-1.0]), variance_of_events(one([40.0]), one([60.0])))
    >>> yi.round(4), vi.round(4)
    (array([-0.4001]), array([0.0417]))
    """
    return from_z(z_from_p(p, sign), variance)
