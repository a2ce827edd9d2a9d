"""The algebra of cluster-robust variance: the sandwich, CR2's adjustment, its degrees of freedom.

A fit gives weights ``W_j``, the inverse of its working covariance ``Phi_j`` of cluster j, and
residuals ``e_j``. The sandwich is::

    M (sum_j X_j'W_j A_j e_j e_j' A_j W_j X_j) M,    M = (X'WX)^-1

CR2 takes the symmetric ``A_j`` with ``A_j (Phi_j - X_j M X_j') A_j = Phi_j``, which makes the
sandwich unbiased where the working model is correct (Bell & McCaffrey 2002, Surv Methodol
28:169-181; Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672-683). PyMARE solves that equation
differently, symmetric after whitening, which differs wherever weights differ within a cluster;
this is the form of R's clubSandwich, and takes working models with blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthesis.pooling.engine.weighted import Array

_SINGULAR = 1e-10
"""A direction in which a cluster leaves less than this fraction to residuals is fitted away."""


@dataclass(frozen=True)
class Working:
    """What a sandwich needs of a fit: data, design and the working covariance of any rows.

    Attributes
    ----------
    y, v : ndarray, shape (K,)
        Effects and sampling variances.
    design : ndarray, shape (K, P)
        Design of full column rank.
    coefficients : ndarray, shape (P,)
        The fit's coefficients.
    effect : float
        Variance of every true effect by itself (tau2 where there are no groups).
    cluster, rho : float
        Variance and correlation of sampling errors that the effects of a group share.
    groups : ndarray of int, shape (K,), or None
        The groups; None where all effects are independent.
    """

    y: Array
    v: Array
    design: Array
    coefficients: Array
    effect: float
    cluster: float = 0.0
    rho: float = 0.0
    groups: Array | None = None

    def covariance(self, rows: Array) -> Array:
        """Return the covariance of each set of rows: (C, S) to (C, S, S)."""
        v = self.v[rows]
        diagonal = np.eye(rows.shape[1]) * ((1 - self.rho) * v + self.effect)[..., None]
        if self.groups is None:
            return diagonal
        groups = self.groups[rows]
        roots = np.sqrt(v)
        shared = self.cluster + self.rho * roots[:, :, None] * roots[:, None, :]
        return diagonal + (groups[:, :, None] == groups[:, None, :]) * shared


class Sandwich:
    """The sandwich of a working model, in a basis Z of the design with ``Z'WZ = 1``.

    Parameters
    ----------
    working : Working
        The fit.
    codes : ndarray of int, shape (K,)
        Number of each row's cluster, from 0.
    kind : str
        ``"cr2"``, ``"cr1"`` or ``"cr0"``.
    """

    def __init__(self, working: Working, codes: Array, kind: str) -> None:
        self._working, self._kind = working, kind
        basis, triangle = np.linalg.qr(working.design)
        self._stacks = _equal_sizes(codes)
        self._blocks = [working.covariance(rows) for rows in self._stacks]
        weighted = np.empty_like(basis)
        for rows, block in zip(self._stacks, self._blocks, strict=True):
            weighted[rows] = np.linalg.solve(block, basis[rows])
        root = np.linalg.cholesky(basis.T @ weighted)
        self._basis = np.linalg.solve(root, basis.T).T
        self._weighted = np.linalg.solve(root, weighted.T).T
        self._to_terms = np.linalg.inv(root.T @ triangle)

    @property
    def model_covariance(self) -> Array:
        """The working model's own covariance of the coefficients, M."""
        return self._to_terms @ self._to_terms.T

    def estimates(self) -> Array:
        """Return the coefficients that these weights give."""
        return np.asarray(self._to_terms @ (self._weighted.T @ self._working.y))

    @cached_property
    def _adjustments(self) -> list[tuple[Array, int]]:
        return [
            _adjustment(block, self._basis[rows], self._weighted[rows])
            for rows, block in zip(self._stacks, self._blocks, strict=True)
        ]

    @property
    def saturated(self) -> int:
        """Number of clusters that fix part of the design alone, so that CR2 cannot adjust it."""
        return sum(count for _, count in self._adjustments) if self._kind == "cr2" else 0

    @cached_property
    def _adjusted(self) -> list[Array]:
        """``A_j W_j Z_j`` of every cluster, stacked by size: (C, S, P)."""
        weighted = [self._weighted[rows] for rows in self._stacks]
        if self._kind != "cr2":
            return weighted
        return [
            matrices @ part for (matrices, _), part in zip(self._adjustments, weighted, strict=True)
        ]

    @cached_property
    def covariance(self) -> Array:
        """Robust covariance of the coefficients, shape (P, P)."""
        residuals = self._working.y - self._working.design @ self._working.coefficients
        scores = np.concatenate(
            [
                np.einsum("csp,cs->cp", part, residuals[rows])
                for rows, part in zip(self._stacks, self._adjusted, strict=True)
            ]
        )
        influence = scores @ self._to_terms.T
        m, p = scores.shape
        return np.asarray(influence.T @ influence) * (m / (m - p) if self._kind == "cr1" else 1.0)

    @cached_property
    def satterthwaite_df(self) -> Array:
        """Degrees of freedom of each coefficient's robust variance, shape (P,).

        That variance is a quadratic form in the effects; with ``b_j = A_j W_j X_j M c`` and
        ``t_j = X_j'b_j`` its moments follow from the matrix of elements ``b_j'Phi_j b_j`` (on the
        diagonal only) less ``t_j'M t_l``, and df is the squared trace over the squared norm.
        """
        sizes, along = [], []
        for rows, block, part in zip(self._stacks, self._blocks, self._adjusted, strict=True):
            b = part @ self._to_terms.T
            sizes.append(np.einsum("csp,cst,ctp->cp", b, block, b))
            along.append(np.einsum("csq,csp->cqp", self._basis[rows], b))
        size, t = np.concatenate(sizes), np.concatenate(along)
        length = (t**2).sum(axis=1)
        cross = np.einsum("cqp,crp->qrp", t, t)
        trace = (size - length).sum(axis=0)
        norm = (size**2 - 2 * size * length).sum(axis=0) + (cross**2).sum(axis=(0, 1))
        return np.asarray(trace**2 / norm)


def _equal_sizes(codes: Array) -> list[Array]:
    """Return the rows of the clusters, those of equal size together: arrays (C, S)."""
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.cumsum(sizes) - sizes
    return [
        order[starts[sizes == size][:, None] + np.arange(size)]
        for size in np.unique(sizes).tolist()
    ]


def _adjustment(block: Array, basis: Array, weighted: Array) -> tuple[Array, int]:
    """Return CR2's matrices A (C, S, S), and how many clusters have a direction fitted away.

    With a symmetric root D of Phi, ``A = D (D (Phi - ZZ') D)^-1/2 D``; a direction that the
    design fits away entirely has no residual to adjust and gets a weight of zero.
    """
    size = block.shape[-1]
    values, vectors = np.linalg.eigh(block)
    root = (vectors * np.sqrt(values)[:, None, :]) @ vectors.swapaxes(1, 2)
    values, vectors = np.linalg.eigh(root @ (block - basis @ basis.swapaxes(1, 2)) @ root)
    # A cluster's share in Z'WZ = 1 has an eigenvalue of one for each direction fitted away:
    # unlike the eigenvalues above, a yardstick that does not depend on the variances.
    shares = np.linalg.eigvalsh(weighted.swapaxes(1, 2) @ basis)
    fitted_away = (shares > 1 - _SINGULAR).sum(axis=1)
    kept = np.arange(size) >= fitted_away[:, None]
    floor = np.finfo(float).eps * values[:, -1:]
    powers = np.where(kept, np.maximum(values, np.where(kept, floor, 1.0)) ** -0.5, 0.0)
    inverse_root = (vectors * powers[:, None, :]) @ vectors.swapaxes(1, 2)
    return root @ inverse_root @ root, int((fitted_away > 0).sum())
