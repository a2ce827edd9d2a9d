"""What a row says about clusters, and what of it can be used."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from synthesis.effects.formulas import designs
from synthesis.effects.rows.workings import Workings

_DESIGNS = (
    *("design", "study_design", "trial_design", "allocation", "unit_of_allocation"),
    *("randomisation", "unit_of_randomisation", "randomization", "unit_of_randomization"),
)
"""Columns of a reviewer's own in which the design of a trial is named."""

_CLUSTERS = re.compile(r"\bclusters?\b|\bc-?rcts?\b")
_NO_CLUSTERS = re.compile(r"\b(no|not|non|without)\b[\s-]*(a\s+)?cluster")


def _names_clusters(word: str) -> bool:
    return bool(_CLUSTERS.search(word)) and not _NO_CLUSTERS.search(word)


def _named(workings: Workings) -> np.ndarray:
    """Return the rows whose design is named as one with clusters."""
    return np.any([workings.where(name, _names_clusters) for name in _DESIGNS], axis=0)


@dataclass(frozen=True)
class Clustering:
    """What the rows say about clusters, an element a row.

    Attributes
    ----------
    effect : ndarray
        The design effect; NaN where the row does not give one.
    adjusted : ndarray of bool
        Where the paper's own analysis is said to allow for clustering.
    lacks_icc, lacks_size : ndarray of bool
        Where one of `icc` and `cluster_size` says that clusters were randomised, and the other,
        without which the variance cannot be increased, is blank.
    randomised : ndarray of bool
        Where `icc` or `cluster_size` says that clusters were randomised.
    denied : ndarray of bool
        Where the paper's analysis is said not to allow for clustering.
    named : ndarray of bool
        Where a column on the design names a cluster trial, and no cell says more.
    unknown : ndarray of bool
        Where the paper's analysis is said not to allow for clustering, and both are blank.
    """

    effect: np.ndarray
    adjusted: np.ndarray
    lacks_icc: np.ndarray
    lacks_size: np.ndarray
    randomised: np.ndarray
    denied: np.ndarray
    named: np.ndarray
    unknown: np.ndarray


def clustering(workings: Workings) -> Clustering:
    """Return what the rows say about clusters.

    What a caller assumes counts where it completes a row, and is not itself taken as a sign of
    clusters: an assumed ICC says nothing about which trials randomised clusters.
    """
    # Clusters of one person, and people who are not alike, leave the variance as it is.
    size_says = workings.entered("cluster_size") > 1
    icc_says = workings.entered("icc") > 0
    lacks_icc = size_says & ~workings.known("icc")
    lacks_size = icc_says & ~workings.known("cluster_size")
    declared = workings.words("cluster_adjusted")
    denied = (declared == "no").to_numpy(bool)
    said = ~np.isnan(workings.entered("cluster_size")) | ~np.isnan(workings.entered("icc"))
    return Clustering(
        effect=designs.design_effect(workings["icc"], workings["cluster_size"]),
        adjusted=(declared == "yes").to_numpy(bool),
        lacks_icc=lacks_icc,
        lacks_size=lacks_size,
        randomised=size_says | icc_says,
        denied=denied,
        named=_named(workings) & ~said & (declared == "").to_numpy(bool),
        unknown=denied & ~said,
    )
