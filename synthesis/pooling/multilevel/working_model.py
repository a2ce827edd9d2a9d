"""The likelihood of a three-level model, its exact maximum and its profiles.

The coefficients are profiled out. With ``P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1`` and ``Vi`` the
derivative of V by variance i (a block of ones a cluster; the identity), the derivatives are
(Harville 1977, J Am Stat Assoc 72:320-338)::

    restricted:  score_i = (y'P Vi Py - tr(P Vi)) / 2
                 observed_ij = y'P Vi P Vj Py - expected_ij,   expected_ij = tr(P Vi P Vj) / 2
    full:        the same with V^-1 for P inside every trace

The model is Konstantopoulos (2011, Res Synth Methods 2:61-76) and Cheung (2014, Psychol Methods
19:211-229); metafor fits it as ``rma.mv(random = ~ 1 | cluster/effect)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import chdtri

from arrowroot.errors import EstimationError
from synthesis.pooling.engine.likelihood import LOG_2PI
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.multilevel.ascent import climb, peaks
from synthesis.pooling.multilevel.blocks import BlockCovariance, Blocks

VARIANCES = ("cluster", "effect")
"""The two variances, in the order of every pair in this module."""

_GRID = np.concatenate([[0.0], np.geomspace(1e-5, 5.0, 11)])
"""Where the likelihood is scanned for peaks, as parts of the spread of the effects."""

_TOLD_APART = 1e-10
"""Determinant of the information, as a correlation, below which two variances are not distinct."""


class Fit:
    """The model fitted at given variances: likelihood, derivatives, coefficients.

    Parameters
    ----------
    model : WorkingModel
        The data.
    sigma2 : ndarray, shape (2,)
        Variances between clusters and between the effects of a cluster.
    """

    def __init__(self, model: WorkingModel, sigma2: Array) -> None:
        self.model, self.sigma2 = model, sigma2
        self.covariance = BlockCovariance(model.blocks, float(sigma2[0]), float(sigma2[1]))
        self._basis, self._triangle = np.linalg.qr(self.covariance.whiten(model.basis))
        response = self.covariance.whiten(model.y[:, None])[:, 0]
        self._along = self._basis.T @ response
        self._residuals = response - self._basis @ self._along

    @property
    def q(self) -> float:
        """Weighted sum of squared residuals ``y'Py``."""
        return float(self._residuals @ self._residuals)

    @cached_property
    def log_likelihood(self) -> float:
        """The (restricted) log-likelihood, with metafor's constants."""
        k, p = self.model.basis.shape
        df = k - p if self.model.restricted else k
        value = -(df * LOG_2PI + self.covariance.log_determinant + self.q) / 2
        if self.model.restricted:
            # In an orthonormal basis of the design metafor's log|X'X| / 2 vanishes.
            value -= float(np.log(np.abs(np.diag(self._triangle))).sum())
        return value

    @cached_property
    def _in_traces(self) -> Array:
        """The basis that traces project out: none for the full likelihood."""
        return self._basis if self.model.restricted else self._basis[:, :0]

    @cached_property
    def _scores(self) -> Array:
        """``Py``, shape (K,)."""
        return self.covariance.unwhiten(self._residuals[:, None])[:, 0]

    @cached_property
    def _projected(self) -> tuple[Array, Array, Array]:
        """Clusters' leverage on the design (J, P), its unwhitened basis (K, P), ``1'V^-1 1``."""
        ones, total = self.covariance.ones, self.model.blocks.total
        leverage = total(ones[:, None] * self._in_traces)
        return leverage, self.covariance.unwhiten(self._in_traces), total(ones**2)

    @cached_property
    def trace(self) -> float:
        """Return ``tr(P)``; under ML ``tr(V^-1)``."""
        _, basis, _ = self._projected
        return self.covariance.trace_inverse() - float((basis**2).sum())

    @cached_property
    def gradient(self) -> Array:
        """Derivatives of the log-likelihood by the two variances."""
        leverage, _, within = self._projected
        shifts = self.model.blocks.total(self._scores)
        by_cluster = (shifts**2).sum() - within.sum() + (leverage**2).sum()
        by_effect = (self._scores**2).sum() - self.trace
        return np.array([by_cluster, by_effect]) / 2

    @cached_property
    def expected(self) -> Array:
        """Expected information of the two variances, shape (2, 2)."""
        leverage, basis, within = self._projected
        covariance, blocks = self.covariance, self.model.blocks
        solved = covariance.unwhiten(covariance.ones[:, None])
        cross = leverage.T @ leverage
        both = basis.T @ basis
        clusters = (within**2).sum() - 2 * (within[:, None] * leverage**2).sum() + (cross**2).sum()
        mixed = (
            (solved**2).sum()
            - 2 * (solved * basis * blocks.spread(leverage)).sum()
            + (both * cross).sum()
        )
        effects = (
            covariance.trace_inverse_squared()
            - 2 * (covariance.whiten(basis) ** 2).sum()
            + (both**2).sum()
        )
        return np.array([[clusters, mixed], [mixed, effects]]) / 2

    @cached_property
    def observed(self) -> Array:
        """Observed information, the negative second derivatives, shape (2, 2)."""
        blocks = self.model.blocks
        directions = np.column_stack([blocks.spread(blocks.total(self._scores)), self._scores])
        moved = self.covariance.whiten(directions)
        moved -= self._basis @ (self._basis.T @ moved)
        return moved.T @ moved - self.expected

    def coefficients(self) -> tuple[Array, Array]:
        """Return the coefficients of the user's design (P,) and their covariance (P, P)."""
        inverse = np.linalg.inv(self._triangle @ self.model.to_basis)
        return self.model.origin + inverse @ self._along, inverse @ inverse.T

    def wald(self, estimates: Array, m: int) -> float:
        """Return the Wald statistic of the last m coefficients.

        From the root of their precision, since inverting their covariance would lose twice the
        digits that collinear moderators cost.
        """
        root = (self._triangle @ self.model.to_basis)[-m:, -m:]
        return float(((root @ estimates[-m:]) ** 2).sum())


@dataclass(frozen=True)
class WorkingModel:
    """Effects, design and blocks of a three-level model.

    Attributes
    ----------
    effects : ndarray, shape (K,)
        Effects, in the order of `blocks`.
    design : ndarray, shape (K, P)
        Design of full column rank, P < K.
    blocks : Blocks
        Clusters and sampling variances.
    restricted : bool
        REML rather than ML.
    """

    effects: Array
    design: Array
    blocks: Blocks
    restricted: bool = True

    @cached_property
    def _decomposed(self) -> tuple[Array, Array]:
        basis, to_basis = np.linalg.qr(self.design)
        return basis, to_basis

    @property
    def basis(self) -> Array:
        """Orthonormal basis of the design, shape (K, P)."""
        return self._decomposed[0]

    @property
    def to_basis(self) -> Array:
        """The triangle that takes coefficients of the design to those of the basis."""
        return self._decomposed[1]

    @cached_property
    def origin(self) -> Array:
        """Coefficients of the common-effect fit; the likelihood is taken around it."""
        precisions = np.sqrt(1 / self.blocks.v)
        basis, triangle = np.linalg.qr(precisions[:, None] * self.basis)
        along = np.linalg.solve(triangle, basis.T @ (precisions * self.effects))
        return np.asarray(np.linalg.solve(self.to_basis, along))

    @cached_property
    def y(self) -> Array:
        """Effects less the common-effect fit: next to a huge study nothing is lost to rounding."""
        return self.effects - self.design @ self.origin

    @cached_property
    def spread(self) -> float:
        """Mean square of the effects around an unweighted fit: the scale of the variances."""
        residuals = self.y - self.basis @ (self.basis.T @ self.y)
        return float(residuals @ residuals) / max(np.diff(self.design.shape[::-1])[0], 1)

    def at(self, cluster: float, effect: float) -> Fit:
        """Fit the coefficients at given variances."""
        return self._fit(np.array([cluster, effect], dtype=float))

    def _fit(self, sigma2: Array) -> Fit:
        return Fit(self, sigma2)

    def maximise(self) -> Fit:
        """Return the fit at the variances of the highest likelihood, which may be 0.

        A likelihood of two variances can have several peaks. Every peak of a scan is climbed, and
        those of its inside and its edges apart: a peak inside can be near a higher edge.

        Raises
        ------
        EstimationError
            If the data cannot distinguish the two variances.
        """
        self._refuse_unidentified()
        side = _GRID * self.spread
        heights = np.array([[self.at(a, b).log_likelihood for b in side] for a in side])
        starts = {(float(side[i]), float(side[j])) for i, j in peaks(heights)}
        fits = [climb(self._fit, np.array(start), (True, True)) for start in sorted(starts)]
        return max(fits, key=lambda fit: fit.log_likelihood)

    def _refuse_unidentified(self) -> None:
        scale = float(self.blocks.v.mean())
        information = replace(self, restricted=True).at(scale, scale).expected
        sizes = np.diag(information)
        if not (np.linalg.det(information) > _TOLD_APART * sizes.prod() > 0):
            raise EstimationError(
                "the data cannot separate the variance between clusters from the variance between "
                "the effects within a cluster: that needs several clusters, some with several "
                "effects, after the moderators have explained what they can. Leave out moderators, "
                "or use meta_analysis or meta_regression."
            )

    def profile(self, which: str, value: float, start: Fit) -> Fit:
        """Return the best fit with one variance held at a value.

        Parameters
        ----------
        which : str
            One of `VARIANCES`.
        value : float
            The value at which it is held.
        start : Fit
            A nearby fit; the search begins at its other variance, and at 0.
        """
        held = VARIANCES.index(which)
        free = (held != 0, held != 1)
        fits = []
        for other in sorted({0.0, float(start.sigma2[1 - held])}):
            sigma2 = np.full(2, other)
            sigma2[held] = value
            fits.append(climb(self._fit, sigma2, free))
        return max(fits, key=lambda fit: fit.log_likelihood)

    def interval(self, which: str, level: float, peak: Fit) -> tuple[float, float]:
        """Return the profile-likelihood interval of one variance.

        The values whose log-likelihood, maximised over the other variance, lies within half the
        chi-squared quantile with one degree of freedom of the maximum (Hardy & Thompson 1996,
        Stat Med 15:619-629).

        Parameters
        ----------
        which : str
            One of `VARIANCES`.
        level : float
            Confidence level.
        peak : Fit
            The fit that `maximise` returned.
        """
        from scipy.optimize import brentq

        floor = peak.log_likelihood - float(chdtri(1, 1 - level)) / 2
        estimate = float(peak.sigma2[VARIANCES.index(which)])

        def excess(value: float) -> float:
            return self.profile(which, value, peak).log_likelihood - floor

        def limit(inside: float, outside: float) -> float:
            precision = float(np.finfo(float).eps) * max(inside, outside)
            return float(brentq(excess, inside, outside, xtol=precision))

        outside = 2 * max(estimate, self.spread, float(self.blocks.v.min()))
        while excess(outside) >= 0:
            outside *= 2
        low = limit(estimate, 0.0) if estimate > 0 and excess(0.0) < 0 else 0.0
        return low, limit(estimate, outside)
