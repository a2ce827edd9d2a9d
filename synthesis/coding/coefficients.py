"""Agreement coefficients, each as a function of how often every unit counts.

`fleiss_kappa(counts)` does once what does not change, and returns a function: ones for every
unit give the coefficient, the counts of a bootstrap sample give a replicate. Each coefficient is
written as one minus observed over expected disagreement, so that "undefined" is one case and an
exact one: no disagreement was to be expected. The answer is then NaN, and `caveats` says why.

Throughout, `counts` has a row a unit and a column a category and holds the number of coders who
gave the unit that category; `apart` is a `distance` between categories.

References
----------
Cohen 1968, Psychol Bull 70:213 (weights); Fleiss 1971, Psychol Bull 76:378, equations 3 to 7;
Krippendorff 2019, Content Analysis, 4th ed., chapter 12; Gwet 2014, Handbook of Inter-Rater
Reliability, 4th ed., chapters 2 to 5 (also the forms for units that not every coder coded).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Coefficient = Callable[[np.ndarray], float]
"""From how often each unit counts, shape (units,), to the coefficient; NaN where undefined."""


def distance(scores: np.ndarray, kind: str) -> np.ndarray:
    """Return how far apart categories are, 0 to 1, shape (categories, categories).

    Parameters
    ----------
    scores : ndarray, shape (categories,)
        Position of each category.
    kind : {"identity", "linear", "quadratic"}
        Every difference counts the same; in proportion; in proportion to its square.

    Examples
    --------
    >>> distance(np.array([0.0, 1.0, 2.0]), "quadratic")[0].tolist()
    [0.0, 0.25, 1.0]
    """
    apart = np.abs(np.subtract.outer(scores, scores))
    if kind == "identity" or not apart.any():
        return (apart > 0).astype(float)
    power = {"linear": 1, "quadratic": 2}[kind]
    return np.asarray((apart / apart.max()) ** power)


def percent(counts: np.ndarray) -> Coefficient:
    """Return the share of pairs of coders that agree, averaged over units coded twice or more."""
    disagreement = _disagreement(counts, 1 - np.eye(counts.shape[1]))
    return lambda weights: 1 - disagreement(weights)


def cohen_kappa(cells: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return Cohen's kappa of two coders, plain or weighted by `apart`.

    Parameters
    ----------
    cells : ndarray of int, shape (units,)
        First coder's category times the number of categories, plus the second's; -1 for a unit
        that one of them did not code.
    apart : ndarray, shape (categories, categories)
        Distance between categories.
    """
    width = len(apart)
    both = cells >= 0
    coded = cells[both]

    def kappa(weights: np.ndarray) -> float:
        flat = np.bincount(coded, weights=weights[both], minlength=width**2)
        square = flat.reshape(width, width)
        by_chance = square.sum(axis=1) @ apart @ square.sum(axis=0)
        return _one_minus((square * apart).sum() * square.sum(), by_chance)

    return kappa


def fleiss_kappa(counts: np.ndarray) -> Coefficient:
    """Return Fleiss' kappa; with units of unequal coder numbers, in Gwet's form."""
    apart = 1 - np.eye(counts.shape[1])
    disagreement, shares = _disagreement(counts, apart), _shares(counts)

    def kappa(weights: np.ndarray) -> float:
        share = shares(weights)
        return _one_minus(disagreement(weights), float(share @ apart @ share))

    return kappa


def gwet_ac(counts: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return Gwet's AC1 where `apart` treats all differences alike, AC2 otherwise."""
    width = counts.shape[1]
    if width < 2:
        return lambda _: float("nan")
    disagreement, shares = _disagreement(counts, apart), _shares(counts)
    scale = (1 - apart).sum() / (width * (width - 1))

    def ac(weights: np.ndarray) -> float:
        share = shares(weights)
        return _one_minus(disagreement(weights), 1 - scale * float(share @ (1 - share)))

    return ac


def krippendorff_alpha(counts: np.ndarray, scores: np.ndarray, level: str) -> Coefficient:
    """Return Krippendorff's alpha; units coded only once carry no information and are left out.

    Ordinal distances are those between mid-ranks, so they move with the codes in each
    bootstrap sample.
    """
    pairable = counts.sum(axis=1) >= 2
    counts = counts[pairable]
    coders = counts.sum(axis=1)
    per_coder = 1 / (coders - 1)
    unlike = (coders**2 - (counts**2).sum(axis=1)) * per_coder

    def alpha(weights: np.ndarray) -> float:
        drawn = weights[pairable]
        used = drawn @ counts
        if np.count_nonzero(used) < 2:
            return float("nan")
        if level == "nominal":
            return _one_minus(drawn @ unlike * (used.sum() - 1), used.sum() ** 2 - used @ used)
        at = used.cumsum() - used / 2 if level == "ordinal" else scores - scores.mean()
        within = 2 * (coders * (counts @ at**2) - (counts @ at) ** 2) * per_coder
        between = 2 * (used.sum() * (used @ at**2) - (used @ at) ** 2)
        return _one_minus(drawn @ within * (used.sum() - 1), between)

    return alpha


def _disagreement(counts: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return the mean distance between two coders of one unit."""
    coders = counts.sum(axis=1)
    pairable = (coders >= 2).astype(float)
    pairs = np.maximum(coders * (coders - 1), 1)
    mean = pairable * ((counts @ apart) * counts).sum(axis=1) / pairs

    def observed(weights: np.ndarray) -> float:
        compared = weights @ pairable
        return float(weights @ mean / compared) if compared else float("nan")

    return observed


def _shares(counts: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the share of each category, every coded unit counting alike."""
    coders = counts.sum(axis=1)
    coded = (coders >= 1).astype(float)
    share = counts / np.maximum(coders, 1)[:, None]
    return lambda weights: np.asarray(weights @ share / max(weights @ coded, 1.0))


def _one_minus(observed: float, expected: float) -> float:
    return float(1 - observed / expected) if expected > 0 else float("nan")
