"""Ordered categories of two arms: the proportional odds model, on arrays.

One odds ratio holds at every cut between two categories; McCullagh (1980), J R Stat Soc B 42:109.
With two categories it is the odds ratio of the table, with Woolf's variance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Arrays = tuple[np.ndarray, np.ndarray]
Law = Callable[[np.ndarray], np.ndarray]

STEPS = 100
"""Steps after which a likelihood that still rises is given up."""

_ENOUGH = 1e-12
"""The greatest step, in log odds, at which the maximum counts as found."""


class Link(NamedTuple):
    """The distribution behind the categories: its law, density and derivative of the density."""

    law: Law
    density: Law
    slope: Law


def _logistic(x: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return np.asarray(expit(x))


def _normal(x: np.ndarray) -> np.ndarray:
    from scipy.special import ndtr

    return np.asarray(ndtr(x))


def _normal_density(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))


LOGISTIC = Link(
    _logistic,
    lambda x: _logistic(x) * _logistic(-x),
    lambda x: _logistic(x) * _logistic(-x) * (_logistic(-x) - _logistic(x)),
)
NORMAL = Link(_normal, _normal_density, lambda x: -x * _normal_density(x))


def overlap(treated: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Return in which rows both arms have people above people of the other arm.

    Otherwise the odds ratio is infinite, or there is no information on it.

    Parameters
    ----------
    treated, controls : ndarray, shape (rows, categories)
        Numbers of people, from the lowest category to the highest.
    """

    def below(low: np.ndarray, high: np.ndarray) -> np.ndarray:
        above = high[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
        return np.asarray(((low[:, :-1] > 0) & (above > 0)).any(axis=1))

    return below(treated, controls) & below(controls, treated)


def difference(treated: np.ndarray, controls: np.ndarray, link: Link = LOGISTIC) -> Arrays:
    """Return by how much the treated are higher, and the variance, by maximum likelihood.

    Parameters
    ----------
    treated, controls : ndarray, shape (rows, categories)
        Numbers of people, from the lowest category to the highest.
    link : Link
        ``LOGISTIC`` for a log odds ratio, ``NORMAL`` for a difference in SDs.

    Returns
    -------
    yi, vi : ndarray
        The variance from the observed information; NaN where the arms do not `overlap`.

    Examples
    --------
    >>> yi, vi = difference(np.array([[10.0, 20, 30]]), np.array([[25.0, 20, 15]]))
    >>> yi.round(4), vi.round(4)
    (array([1.1727]), array([0.1235]))
    """
    yi, vi = (np.full(len(treated), np.nan) for _ in range(2))
    used = treated + controls > 0
    possible = overlap(treated, controls)
    # Categories that nobody is in tell nothing; rows are fitted by those that they use.
    patterns, which = np.unique(used[possible], axis=0, return_inverse=True)
    for at, pattern in enumerate(patterns):
        rows = np.flatnonzero(possible)[which.ravel() == at]
        counts = np.stack([treated[rows][:, pattern], controls[rows][:, pattern]], axis=1)
        yi[rows], vi[rows] = _fitted(counts, link)
    return yi, vi


def _fitted(counts: np.ndarray, link: Link) -> Arrays:
    """Return effects and variances of counts of shape (rows, 2 arms, categories)."""
    cumulative = counts.sum(axis=1).cumsum(axis=1)
    odds = cumulative[:, :-1] / (cumulative[:, -1:] - cumulative[:, :-1])
    cuts = np.log(odds) if link is LOGISTIC else np.log(odds) / 1.7
    at = np.column_stack([cuts, np.zeros(len(counts))])
    best = _log_likelihood(at, counts, link)
    for _ in range(STEPS):
        gradient, information = _derivatives(at, counts, link)
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        # The likelihood has one peak; a step that overshoots it is halved.
        shorter = np.ones(len(at))
        for _ in range(STEPS):
            new = at + shorter[:, None] * step
            reached = _log_likelihood(new, counts, link)
            worse = ~(reached >= best - 1e-9 * (1 + np.abs(best)))
            if not worse.any():
                break
            shorter = np.where(worse, shorter / 2, shorter)
        at, best = new, reached
        if (np.abs(step) < _ENOUGH * (1 + np.abs(at))).all():
            break
    variance = np.linalg.inv(_derivatives(at, counts, link)[1])[:, -1, -1]
    return at[:, -1], variance


def _places(at: np.ndarray) -> np.ndarray:
    """Return the cuts as each arm meets them, of shape (rows, 2 arms, cuts)."""
    cuts, effect = at[:, :-1], at[:, -1:]
    return np.stack([cuts - effect, cuts], axis=1)


def _shares(places: np.ndarray, link: Link) -> np.ndarray:
    """Return the probability of each category, of shape (rows, 2 arms, categories)."""
    below = link.law(places)
    # From the nearer end, so that small probabilities keep their digits.
    above = link.law(-places)
    inner = np.where(
        places[:, :, 1:] < 0,
        below[:, :, 1:] - below[:, :, :-1],
        above[:, :, :-1] - above[:, :, 1:],
    )
    return np.concatenate([below[:, :, :1], inner, above[:, :, -1:]], axis=2)


def _log_likelihood(at: np.ndarray, counts: np.ndarray, link: Link) -> np.ndarray:
    shares = _shares(_places(at), link)
    with np.errstate(all="ignore"):
        terms = np.where(counts > 0, counts * np.log(shares), 0.0)
    return np.asarray(np.where((shares > 0).all(axis=(1, 2)), terms.sum(axis=(1, 2)), -np.inf))


def _derivatives(at: np.ndarray, counts: np.ndarray, link: Link) -> Arrays:
    """Return the gradient and the observed information of cuts and effect."""
    places = _places(at)
    shares, density, slope = _shares(places, link), link.density(places), link.slope(places)
    weights = counts / shares
    low, high = weights[:, :, :-1], weights[:, :, 1:]
    by_place = density * (low - high)
    squared = weights / shares
    own = density**2 * (squared[:, :, :-1] + squared[:, :, 1:]) - slope * (low - high)
    beside = -density[:, :, :-1] * density[:, :, 1:] * squared[:, :, 1:-1]
    rows, _, cuts = places.shape
    of_places = np.zeros((rows, 2, cuts, cuts))
    index = np.arange(cuts)
    of_places[:, :, index, index] = own
    of_places[:, :, index[:-1], index[1:]] = of_places[:, :, index[1:], index[:-1]] = beside
    gradient = np.concatenate([by_place.sum(axis=1), -by_place[:, 0].sum(axis=1)[:, None]], axis=1)
    information = np.zeros((rows, cuts + 1, cuts + 1))
    information[:, :cuts, :cuts] = of_places.sum(axis=1)
    across = -of_places[:, 0].sum(axis=2)
    information[:, :cuts, cuts] = information[:, cuts, :cuts] = across
    information[:, cuts, cuts] = -across.sum(axis=1)
    return gradient, information
