"""Weighted least squares at a given tau2, and the traces that its estimators need.

Arrays contain many analyses side by side: ``y`` and ``v`` have shape ``(K, D)``, K studies by D
analyses; ``tau2`` has shape ``(D,)``; a design ``(K, P)`` is shared by all D. With weights
``W = diag(1 / (v + tau2))`` the projection ``P = W - WX(X'WX)^-1X'W`` gives everything else
(Viechtbauer 2005, J Educ Behav Stat 30:261-293).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from arrowroot.errors import EstimationError

Array = np.ndarray

_UNEVEN = 100.0
"""Ratio of weights above which a regression's traces are taken from the projection itself: the
shorter way subtracts terms that grow with the cube of the ratio, and so does its rounding."""


_MANY = 12
"""Coefficients above which matrices are multiplied one analysis at a time: products of all pairs of
columns, side by side, would take a gigabyte for 200 categories of 3,000 studies."""


class Design:
    """An orthonormal basis of the columns of a design matrix.

    Estimates of tau2 and likelihoods depend on the design only through the space its columns
    span, so an orthonormal basis gives the same answer with the least rounding, and makes
    ``log|X'X|`` vanish from the restricted likelihood.

    Parameters
    ----------
    X : ndarray, shape (K, P)
        A design of full column rank; P may be 0 (effects known to have mean zero).
    """

    def __init__(self, X: Array) -> None:
        self.X = X
        self.n_studies, self.n_coefficients = X.shape
        self.basis, triangle = np.linalg.qr(X)
        self._back = np.linalg.inv(triangle)
        self.is_intercept = self.n_coefficients == 1 and bool(np.all(X[0] == X))

    @property
    def df(self) -> int:
        """Residual degrees of freedom, K - P."""
        return self.n_studies - self.n_coefficients

    def in_terms(self, beta: Array, covariance: Array) -> tuple[Array, Array]:
        """Convert coefficients and covariances from the basis to the columns of X.

        Parameters
        ----------
        beta : ndarray, shape (P, D)
            Coefficients of the basis.
        covariance : ndarray, shape (P, P, D)
            Their covariances.
        """
        back = self._back
        half = np.tensordot(back, covariance, axes=(1, 0))
        return back @ beta, np.tensordot(half, back, axes=(1, 1)).transpose(0, 2, 1)

    def cross(self, weights: Array) -> Array:
        """Return ``X' diag(weights) X`` for each analysis, shape (P, P, D)."""
        p = self.n_coefficients
        if p > _MANY:
            basis = self.basis
            parts = [basis.T @ (column[:, None] * basis) for column in weights.T]
            return np.stack(parts, axis=2)
        return (self._outer.T @ weights).reshape(p, p, weights.shape[1])

    @cached_property
    def _outer(self) -> Array:
        """The products of all pairs of columns, shape (K, P * P)."""
        pairs = self.basis[:, :, None] * self.basis[:, None, :]
        return pairs.reshape(self.n_studies, self.n_coefficients**2)


@cache
def intercept(n_studies: int) -> Design:
    """Return the design of a plain meta-analysis: one column of ones."""
    return Design(np.ones((n_studies, 1)))


def design_of(X: Array) -> Design:
    """Return the design of a matrix; plain meta-analyses of the same size share one."""
    return intercept(len(X)) if X.shape[1] == 1 and bool((X == 1).all()) else Design(X)


def centred(y: Array, v: Array, design: Design) -> Array:
    """Shift each analysis so that its most precise study sits at zero.

    With an intercept nothing depends on the origin, and beside one huge study this keeps residuals
    from being lost to rounding.
    """
    if not design.is_intercept:
        return y
    return y - np.take_along_axis(y, v.argmin(axis=0)[None, :], axis=0)


def _inverse(matrices: Array) -> Array:
    if matrices.shape[0] == 0:
        return matrices
    if matrices.shape[0] == 1:
        return 1.0 / matrices
    try:
        return np.linalg.inv(matrices.transpose(2, 0, 1)).transpose(1, 2, 0)
    except np.linalg.LinAlgError as problem:
        raise EstimationError(
            "The studies' variances differ so much that a regression cannot be computed: beside "
            "the most precise study the weights of the others vanish. Check the variances."
        ) from problem


def _sum_of_others(x: Array) -> Array:
    """Return for each row of positive x the sum of all other rows, shape (K, D).

    ``x.sum(axis=0) - x`` loses the digits of what is small beside x; for a row that is more than
    half of the sum, the others are therefore added up by themselves. Written with these sums, the
    traces of a plain meta-analysis only ever add positive terms.
    """
    total = x.sum(axis=0)
    rest = total - x
    row, column = np.nonzero(x > 0.5 * total)
    if column.size:
        others = x[:, column]
        others[row, np.arange(column.size)] = 0.0
        rest[row, column] = others.sum(axis=0)
    return rest


@dataclass(frozen=True)
class WeightedFit:
    """The fit of D analyses at one tau2 each.

    Attributes
    ----------
    w : ndarray, shape (K, D)
        Weights.
    inverse : ndarray, shape (P, P, D)
        ``(X'WX)^-1`` in the orthonormal basis.
    residuals : ndarray, shape (K, D)
        ``y - X beta``.
    design : Design
        The design that was fitted.
    """

    w: Array
    inverse: Array
    residuals: Array
    design: Design

    @property
    def q(self) -> Array:
        """Weighted sum of squared residuals ``y'Py``, shape (D,)."""
        return (self.w * self.residuals**2).sum(axis=0)

    @cached_property
    def other_weights(self) -> Array:
        """Sum of the weights of all other studies, shape (K, D)."""
        return _sum_of_others(self.w)

    @cached_property
    def scores(self) -> Array:
        """``Py = W(y - X beta)``, shape (K, D)."""
        return self.w * self.residuals

    def log_determinant(self) -> Array:
        """Return ``log|X'WX|``, shape (D,)."""
        p = self.design.n_coefficients
        if p == 0:
            return np.zeros(self.w.shape[1])
        if p == 1:
            return -np.log(self.inverse[0, 0])
        return -np.asarray(np.linalg.slogdet(self.inverse.transpose(2, 0, 1))[1])

    def _dot(self, left: Array, right: Array) -> Array:
        """Return ``tr(left right)`` for each analysis."""
        return np.einsum("pqd,qpd->d", left, right)

    def _bent(self, middle: Array) -> Array:
        """Return ``inverse middle inverse`` for each analysis, shape (P, P, D)."""
        inverse = self.inverse.transpose(2, 0, 1)
        return (inverse @ middle.transpose(2, 0, 1) @ inverse).transpose(1, 2, 0)

    @cached_property
    def _is_uneven(self) -> bool:
        return bool((self.w.max(axis=0) > _UNEVEN * self.w.min(axis=0)).any())

    @cached_property
    def _projection(self) -> Array:
        """``W^-1/2 P W^-1/2``, off the columns of the weighted design, shape (D, K, K)."""
        weighted = np.sqrt(self.w.T)[:, :, None] * self.design.basis
        along = np.linalg.qr(weighted).Q
        return np.eye(len(self.w)) - along @ along.transpose(0, 2, 1)

    def trace(self, u: Array | float = 1.0) -> Array:
        """Return ``tr(PU)`` for diagonal U, shape (D,)."""
        w = self.w
        if self.design.is_intercept:
            return (w * u * self.other_weights).sum(axis=0) / w.sum(axis=0)
        if self._is_uneven:
            return np.einsum("dii,id->d", self._projection, w * u)
        return (w * u).sum(axis=0) - self._dot(self.inverse, self.design.cross(w * w * u))

    def trace_product(self, u: Array | float = 1.0, z: Array | float = 1.0) -> Array:
        """Return ``tr(P U P Z)`` for diagonal U and Z, shape (D,)."""
        w, cross = self.w, self.design.cross
        left, right = w * w * u, w * w * z
        if self.design.is_intercept:
            own = (self.other_weights**2 * left * z).sum(axis=0)
            return (own + (right * _sum_of_others(left)).sum(axis=0)) / w.sum(axis=0) ** 2
        if self._is_uneven:
            return np.einsum("dij,id,jd->d", self._projection**2, w * z, w * u)
        straight = (left * z).sum(axis=0)
        bent = self._dot(self.inverse, cross(w * left * z))
        around = self._dot(self._bent(cross(left)), cross(right))
        return straight - 2 * bent + around

    def cubic(self) -> Array:
        """Return ``y'PPPy``, shape (D,)."""
        weighted = self.w * self.scores
        along = self.design.basis.T @ weighted
        projected = np.einsum("pd,pqd,qd->d", along, self.inverse, along)
        return (weighted * self.scores).sum(axis=0) - projected


def fit_at(tau2: Array | float, y: Array, v: Array, design: Design) -> WeightedFit:
    """Fit D analyses at given between-study variances.

    Parameters
    ----------
    tau2 : ndarray, shape (D,), or float
        Between-study variance of each analysis.
    y, v : ndarray, shape (K, D)
        Effects and sampling variances.
    design : Design
        Shared by all analyses.
    """
    return fit_with(1.0 / (v + tau2), y, design)


def fit_with(w: Array, y: Array, design: Design) -> WeightedFit:
    """Fit D analyses with given weights, shape (K, D)."""
    inverse = _inverse(design.cross(w))
    residuals = y
    for _ in range(1 if design.n_coefficients < 2 else 2):  # a second pass removes rounding
        beta = np.einsum("pqd,qd->pd", inverse, design.basis.T @ (w * residuals))
        residuals = residuals - design.basis @ beta
    return WeightedFit(w, inverse, residuals, design)
