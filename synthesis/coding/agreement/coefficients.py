"""Agreement coefficients, each as a function of how often every unit counts.

`fleiss_kappa(counts)` does once what does not change, and returns a function of weights, a row a
sample: ones for every unit give the coefficient, the counts of bootstrap samples give replicates,
many in one product of matrices. Each coefficient is written as one minus observed over expected
disagreement, so that "undefined" is one case and an exact one: no disagreement was to be
expected. The answer is then NaN, and `caveats` says why.

Throughout, `counts` has one row per unit and one column per category; its cells are the numbers of
coders who gave the unit that category; `apart` is a `distance` between categories.

References
----------
Cohen 1968, Psychol Bull 70:213 (weights); Fleiss 1971, Psychol Bull 76:378, equations 3 to 7;
Krippendorff 2019, Content Analysis, 4th ed., chapter 12; Gwet 2014, Handbook of Inter-Rater
Reliability, 4th ed., chapters 2 to 5 (also the forms for units that not every coder coded).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Coefficient = Callable[[np.ndarray], np.ndarray]
"""From how often each unit counts, shape (samples, units), to the coefficient in each sample;
NaN where undefined."""


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
    """Return the proportion of coder pairs that agree, averaged over units coded at least twice."""
    disagreement = _disagreement(counts, 1 - np.eye(counts.shape[1]))
    return lambda weights: 1 - disagreement(weights)


def cohen_kappa(cells: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return Cohen's kappa for two coders, unweighted or weighted by `apart`.

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

    def kappa(weights: np.ndarray) -> np.ndarray:
        flat = [np.bincount(coded, weights=row[both], minlength=width**2) for row in weights]
        square = np.reshape(flat, (len(weights), width, width))
        by_chance = _quadratic(square.sum(axis=2), apart, square.sum(axis=1))
        seen = (square * apart).sum(axis=(1, 2)) * square.sum(axis=(1, 2))
        return _one_minus(seen, by_chance)

    return kappa


def fleiss_kappa(counts: np.ndarray) -> Coefficient:
    """Return Fleiss' kappa; with units of unequal coder numbers, in Gwet's form."""
    apart = 1 - np.eye(counts.shape[1])
    disagreement, shares = _disagreement(counts, apart), _shares(counts)

    def kappa(weights: np.ndarray) -> np.ndarray:
        share = shares(weights)
        return _one_minus(disagreement(weights), _quadratic(share, apart, share))

    return kappa


def gwet_ac(counts: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return Gwet's AC1 if `apart` treats all differences alike, otherwise AC2."""
    width = counts.shape[1]
    if width < 2:
        return lambda weights: np.full(len(weights), np.nan)
    disagreement, shares = _disagreement(counts, apart), _shares(counts)
    scale = (1 - apart).sum() / (width * (width - 1))

    def ac(weights: np.ndarray) -> np.ndarray:
        share = shares(weights)
        return _one_minus(disagreement(weights), 1 - scale * (share * (1 - share)).sum(axis=1))

    return ac


def krippendorff_alpha(counts: np.ndarray, scores: np.ndarray, level: str) -> Coefficient:
    """Return Krippendorff's alpha; units coded only once give no information and are left out.

    Ordinal distances are those between mid-ranks, so they move with the codes in each
    bootstrap sample. Ratio distances are ``((c - k) / (c + k)) ** 2`` (Krippendorff 2011, Computing
    Krippendorff's Alpha-Reliability, section D).
    """
    pairable = counts.sum(axis=1) >= 2
    counts = counts[pairable]
    coders = counts.sum(axis=1)
    per_coder = 1 / (coders - 1)
    unlike = (coders**2 - (counts**2).sum(axis=1)) * per_coder
    by_ratio = _ratio_distance(scores) if level == "ratio" else np.zeros((len(scores),) * 2)
    unlike_by_ratio = per_coder * ((counts @ by_ratio) * counts).sum(axis=1)

    def alpha(weights: np.ndarray) -> np.ndarray:
        drawn = weights[:, pairable]
        used = drawn @ counts
        codes = used.sum(axis=1)
        if level == "nominal":
            within, between = drawn @ unlike, codes**2 - (used**2).sum(axis=1)
        elif level == "ratio":
            within, between = drawn @ unlike_by_ratio, _quadratic(used, by_ratio, used)
        else:
            middle = used.cumsum(axis=1) - used / 2
            at = middle if level == "ordinal" else np.tile(scores - scores.mean(), (len(drawn), 1))
            spread = drawn * per_coder
            within = ((spread * coders) @ counts * at**2).sum(axis=1)
            within -= ((counts @ at.T) ** 2 * spread.T).sum(axis=0)
            between = codes * (used * at**2).sum(axis=1) - (used * at).sum(axis=1) ** 2
        several = np.count_nonzero(used, axis=1) > 1
        return _one_minus(within * (codes - 1), np.where(several, between, 0.0))

    return alpha


def _ratio_distance(scores: np.ndarray) -> np.ndarray:
    """Return the squares of differences in proportion to the sum; nothing between two zeros."""
    apart, together = np.subtract.outer(scores, scores), np.add.outer(scores, scores)
    return np.divide(apart, together, out=np.zeros_like(apart), where=together > 0) ** 2


def _disagreement(counts: np.ndarray, apart: np.ndarray) -> Coefficient:
    """Return the mean distance between two coders of one unit."""
    coders = counts.sum(axis=1)
    pairable = (coders >= 2).astype(float)
    pairs = np.maximum(coders * (coders - 1), 1)
    mean = pairable * ((counts @ apart) * counts).sum(axis=1) / pairs
    return lambda weights: _ratio(weights @ mean, weights @ pairable)


def _shares(counts: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the proportion of each category, with every coded unit counting equally."""
    coders = counts.sum(axis=1)
    coded = (coders >= 1).astype(float)
    share = counts / np.maximum(coders, 1)[:, None]
    return lambda weights: np.asarray(weights @ share / np.maximum(weights @ coded, 1.0)[:, None])


def _quadratic(left: np.ndarray, apart: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the mean distance between the left and the right shares, one row per sample."""
    return np.asarray((left @ apart * right).sum(axis=1))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _one_minus(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    return 1 - _ratio(observed, expected)
