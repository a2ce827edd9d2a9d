"""Covariance of dependent effects: one small block per cluster, never a matrix of all effects.

Within a cluster of n effects with sampling variances v and their roots r, the working
covariance is::

    V = D + sigma2_cluster 11' + rho rr',    D = diag((1 - rho) v + sigma2_effect)

a diagonal and two vectors, so that everything needed has a closed form (Sherman & Morrison
1950, Ann Math Stat 21:124-127) and costs as many steps as there are effects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synthesis.pooling.engine.weighted import Array


@dataclass(frozen=True)
class Blocks:
    """Effects arranged so that every cluster is one run of rows.

    Attributes
    ----------
    v : ndarray, shape (K,)
        Sampling variances.
    sizes : ndarray of int, shape (J,)
        Number of effects of each cluster, in order.
    rho : float
        Assumed correlation of sampling errors within a cluster, 0 <= rho < 1.
    """

    v: Array
    sizes: Array
    rho: float = 0.0

    @cached_property
    def _starts(self) -> Array:
        return np.cumsum(self.sizes) - self.sizes

    def total(self, columns: Array) -> Array:
        """Sum the rows of each cluster: (K,) to (J,), or (K, M) to (J, M)."""
        return np.asarray(np.add.reduceat(columns, self._starts, axis=0))

    def spread(self, values: Array) -> Array:
        """Give every row its cluster's value: (J,) to (K,), or (J, M) to (K, M)."""
        return np.repeat(values, self.sizes, axis=0)


class BlockCovariance:
    """The working covariance V at given variances, through a factor T with ``T V T' = 1``.

    Parameters
    ----------
    blocks : Blocks
        The clusters.
    cluster, effect : float
        Variances between clusters and between the effects of a cluster, >= 0.
    """

    def __init__(self, blocks: Blocks, cluster: float, effect: float) -> None:
        self.blocks, self.cluster, self.effect = blocks, cluster, effect
        diagonal = (1 - blocks.rho) * blocks.v + effect
        self._weights = 1 / diagonal
        self._root = np.sqrt(self._weights)
        self._total_weight = blocks.total(self._weights)
        # What remains of a cluster's mean once the variance between clusters is allowed for.
        self._kept = 1 / np.sqrt(1 + cluster * self._total_weight)
        self.log_determinant = float(
            np.log(diagonal).sum() + np.log1p(cluster * self._total_weight).sum()
        )
        if blocks.rho:
            self._shared = self._without_cluster(np.sqrt(blocks.v)[:, None])[:, 0]
            size = blocks.total(self._shared**2)
            self._shrinkage = -np.expm1(-0.5 * np.log1p(blocks.rho * size)) / size
            self.log_determinant += float(np.log1p(blocks.rho * size).sum())

    def _without_cluster(self, columns: Array) -> Array:
        # Deviations are taken before they are scaled: a constant column then leaves none at all,
        # however small its sampling variances are beside the variance between clusters.
        blocks = self.blocks
        means = blocks.total(self._weights[:, None] * columns) / self._total_weight[:, None]
        deviations = columns - blocks.spread(means)
        return self._root[:, None] * (deviations + blocks.spread(means * self._kept[:, None]))

    def _without_shared(self, columns: Array) -> Array:
        if not self.blocks.rho:
            return columns
        along = self.blocks.total(self._shared[:, None] * columns) * self._shrinkage[:, None]
        return columns - self._shared[:, None] * self.blocks.spread(along)

    def whiten(self, columns: Array) -> Array:
        """Return ``T A`` for columns A, shape (K, M)."""
        return self._without_shared(self._without_cluster(columns))

    def unwhiten(self, columns: Array) -> Array:
        """Return ``T' A``; on whitened columns this completes ``V^-1 A = T' T A``."""
        blocks = self.blocks
        scaled = self._root[:, None] * self._without_shared(columns)
        lost = blocks.total(scaled) * ((1 - self._kept) / self._total_weight)[:, None]
        return scaled - self._weights[:, None] * blocks.spread(lost)

    @cached_property
    def ones(self) -> Array:
        """Whitened column of ones, shape (K,): the direction of a shift of whole clusters."""
        return self.whiten(np.ones((self.blocks.v.size, 1)))[:, 0]

    @cached_property
    def _inverse_parts(self) -> tuple[Array, Array, Array]:
        """Diagonal of V^-1 without rho; the vector rho adds; the size of what it takes away."""
        blocks, weights = self.blocks, self._weights
        # The other weights of the cluster, not one minus a share: exact for a cluster of one.
        others = blocks.spread(self._total_weight) - weights
        diagonal = weights * (1 + self.cluster * others) * blocks.spread(self._kept**2)
        if not blocks.rho:
            return diagonal, np.zeros_like(weights), np.zeros_like(self._kept)
        roots = np.sqrt(blocks.v)
        mean = blocks.spread(blocks.total(weights * roots) * self.cluster * self._kept**2)
        solved = weights * (roots - mean)
        taken = blocks.rho / (1 + blocks.rho * blocks.total(self._shared**2))
        return diagonal, solved, taken

    def trace_inverse(self) -> float:
        """Return ``tr(V^-1)``."""
        diagonal, solved, taken = self._inverse_parts
        return float(diagonal.sum() - (taken * self.blocks.total(solved**2)).sum())

    def trace_inverse_squared(self) -> float:
        """Return ``tr(V^-1 V^-1)``."""
        total, weights = self.blocks.total, self._weights
        diagonal, solved, taken = self._inverse_parts
        off_diagonal = (self.cluster * self._kept**2) ** 2 * (
            total(weights**2) ** 2 - total(weights**4)
        )
        trace = (diagonal**2).sum() + off_diagonal.sum()
        if self.blocks.rho:
            slope = self.cluster * self._kept**2
            along = total(solved**2 * weights) - slope * total(solved * weights) ** 2
            trace += ((taken * total(solved**2)) ** 2 - 2 * taken * along).sum()
        return float(trace)
