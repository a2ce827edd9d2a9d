"""The likelihood of a step-function selection model, with its derivatives and its maximum.

Study i with effect y, sampling variance v and one-sided p-value in interval j of the steps is
published with probability proportional to ``delta_j``. With ``S2 = v + tau2`` its log-density is
(Hedges 1992, Stat Sci 7:246-255; Vevea & Hedges 1995, Psychometrika 60:419-435)::

    log delta_j - (log 2 pi + log S2 + (y - mu)^2 / S2) / 2 - log A
    A = sum_j delta_j pi_j,    pi_j = P(a study like i has its p-value in interval j)

Parameters are kept in one vector ``(mu, tau2, log delta_2, log delta_3, ...)``; delta_1 is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from arrowroot.errors import EstimationError
from synthesis.pooling.engine.likelihood import LOG_2PI
from synthesis.pooling.engine.weighted import Array

_FARTHEST = 12.0
"""A log weight beyond this, a factor of 160,000, is taken as running off to infinity."""
_STEPS_AT_MOST = 100


class StepLikelihood:
    """The log-likelihood of effects selected by one-sided p-values that are small for large y.

    Parameters
    ----------
    y, v : ndarray, shape (K,)
        Effects and sampling variances.
    steps : ndarray, shape (J - 1,)
        Rising p-values strictly between 0 and 1 at which the weight may change.
    """

    def __init__(self, y: Array, v: Array, steps: Array) -> None:
        self.y, self.v = y, v
        root = np.sqrt(v)
        self.interval = np.searchsorted(steps, ndtr(-y / root), side="left")
        self.counts = np.bincount(self.interval, minlength=len(steps) + 1)
        self._cuts = -ndtri(steps) * root[:, None]

    def __call__(self, theta: Array) -> tuple[float, Array, Array]:
        """Return the log-likelihood, its gradient and its matrix of second derivatives."""
        away, total = self.y - theta[0], self.v + theta[1]
        log_delta = np.concatenate([[0.0], theta[2:]])
        delta = np.exp(log_delta)
        chance, first, second = self._chances(theta[0], total)
        mass = chance @ delta

        value = (
            log_delta[self.interval].sum()
            - 0.5 * (LOG_2PI + np.log(total) + away**2 / total).sum()
            - np.log(mass).sum()
        )
        # Derivatives of log A: first those of A over A, then those of its logarithm.
        share = chance * delta / mass[:, None]
        slopes = np.vstack([first @ delta / mass, share[:, 1:].T])
        by_weight = first[:, :, 1:] * delta[1:] / mass[:, None]
        curves = np.zeros((len(theta), len(theta), len(self.y)))
        curves[:2, :2] = second @ delta / mass
        curves[:2, 2:] = by_weight.transpose(0, 2, 1)
        curves[2:, :2] = by_weight.transpose(2, 0, 1)
        weights = np.arange(2, len(theta))
        curves[weights, weights] = share[:, 1:].T
        curves -= slopes[:, None] * slopes[None, :]

        gradient = -slopes.sum(axis=1)
        gradient[0] += (away / total).sum()
        gradient[1] += 0.5 * (away**2 / total**2 - 1 / total).sum()
        gradient[2:] += self.counts[1:]
        hessian = -curves.sum(axis=2)
        hessian[0, 0] -= (1 / total).sum()
        hessian[0, 1] -= (away / total**2).sum()
        hessian[1, 0] -= (away / total**2).sum()
        hessian[1, 1] -= (away**2 / total**3 - 0.5 / total**2).sum()
        return float(value), gradient, hessian

    def _chances(self, mu: float, total: Array) -> tuple[Array, Array, Array]:
        """Return P(p-value in interval j) for each study, and its derivatives in (mu, tau2).

        Shapes (K, J), (2, K, J) and (2, 2, K, J).
        """
        s2 = total[:, None]
        u = (self._cuts - mu) / np.sqrt(s2)
        density = np.exp(-0.5 * (u**2 + LOG_2PI))
        endless = np.full((len(u), 1), np.inf)
        above, below = np.hstack([endless, u]), np.hstack([u, -endless])
        # From whichever tail is smaller, so that small probabilities keep their digits.
        chance = np.where(below > 0, ndtr(-below) - ndtr(-above), ndtr(above) - ndtr(below))

        first = np.stack([-density / np.sqrt(s2), -density * u / (2 * s2)])
        mixed = density * (1 - u**2) / (2 * s2**1.5)
        second = np.stack(
            [[-u * density / s2, mixed], [mixed, density * (3 * u - u**3) / (4 * s2**2)]]
        )
        return chance, _between(first), _between(second)


def _between(at_cuts: Array) -> Array:
    """Return the probability between cuts, from the distribution function at each."""
    nothing = np.zeros((*at_cuts.shape[:-1], 1))
    return -np.diff(np.concatenate([nothing, at_cuts, nothing], axis=-1), axis=-1)


@dataclass(frozen=True)
class Maximum:
    """Where a likelihood is highest.

    Attributes
    ----------
    theta : ndarray
        The parameters.
    log_likelihood : float
        Its height.
    covariance : ndarray
        Inverse of the observed information; zero for a parameter held at its bound.
    """

    theta: Array
    log_likelihood: float
    covariance: Array


def maximise(likelihood: StepLikelihood, start: Array, *, tau2_free: bool) -> Maximum:
    """Climb from several places and return the highest maximum with tau2 >= 0.

    Parameters
    ----------
    likelihood : StepLikelihood
        On effects of about unit scale.
    start : ndarray, shape (2,)
        Effect and tau2 of the model without selection.
    tau2_free : bool
        Whether tau2 is estimated rather than kept at 0.

    Raises
    ------
    EstimationError
        If the likelihood keeps rising while a weight or the effect runs off to infinity.
    """
    from scipy.optimize import minimize

    n_weights = len(likelihood.counts) - 1
    bounds = [
        (None, None),
        (0.0, None if tau2_free else 0.0),
        *[(-_FARTHEST, _FARTHEST)] * n_weights,
    ]

    def falling(theta: Array) -> tuple[float, Array]:
        value, gradient, _ = likelihood(theta)
        return -value, -gradient

    found = [
        minimize(
            falling,
            np.array([effect, tau2, *[log_delta] * n_weights]),
            jac=True,
            bounds=bounds,
            method="L-BFGS-B",
        )
        for effect in (start[0], 0.5 * start[0], 0.0)
        for tau2 in ((start[1], start[1] + 1.0) if tau2_free else (0.0,))
        for log_delta in (0.0, -2.0, 2.0)
    ]
    best = min(found, key=lambda one: one.fun)
    return _polish(likelihood, best.x, tau2_free=tau2_free)


def _polish(likelihood: StepLikelihood, theta: Array, *, tau2_free: bool) -> Maximum:
    """Finish a climb by Newton's method, until a step changes nothing."""
    for _ in range(_STEPS_AT_MOST):
        value, gradient, hessian = likelihood(theta)
        free = np.ones(len(theta), dtype=bool)
        free[1] = tau2_free and (theta[1] > 0 or gradient[1] > 0)
        information = -hessian[np.ix_(free, free)]
        if np.abs(theta[2:]).max() >= _FARTHEST or np.linalg.eigvalsh(information)[0] <= 0:
            break
        step = np.zeros_like(theta)
        step[free] = np.linalg.solve(information, gradient[free])
        if np.abs(step).max() <= 1e-12 * (1 + np.abs(theta).max()):
            covariance = np.zeros_like(hessian)
            covariance[np.ix_(free, free)] = np.linalg.inv(information)
            return Maximum(theta, value, covariance)
        theta = _climb(likelihood, theta, step, value)
    raise EstimationError(
        "the likelihood of this selection model has no maximum on these data: it keeps rising "
        "while a weight or the effect runs off to infinity. Use fewer steps."
    )


def _climb(likelihood: StepLikelihood, theta: Array, step: Array, value: float) -> Array:
    """Take a step, shortened until the likelihood does not fall beyond rounding."""
    there = theta
    for halvings in range(40):
        there = theta + step / 2**halvings
        there[1] = max(there[1], 0.0)
        there[2:] = np.clip(there[2:], -_FARTHEST, _FARTHEST)
        if likelihood(there)[0] >= value - 1e-13 * abs(value):
            break
    return there
