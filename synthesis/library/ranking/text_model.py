"""From texts and decisions to scores: two linear classifiers on words and pairs of words.

Cohen AM, Hersh WR, Peterson K, Yen PY (2006). Reducing workload in systematic review preparation
using automated citation classification. JAMIA, 13, 206-219.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MANY_EXCLUDED = 5_000
"""Of more excluded records than this, evenly spaced ones are learned from, so that ranking stays
quick."""

_KEPT = 2
"""For so many libraries the features are kept while Python runs: a new ranking needs them again."""

_PAIRS = 0.6
"""How much the classifier on words and pairs counts; the one on words alone has the rest."""

_TOO_COMMON = 0.95
"""A word in a larger share of the records than this says nothing."""


class Features(NamedTuple):
    """TF-IDF of the texts, one row per text: of single words; of words and pairs together."""

    words: Any
    pairs: Any


_features: OrderedDict[str, Features] = OrderedDict()


def features(texts: Sequence[str]) -> Features:
    """Return the features of texts, from memory if the same texts were asked for before."""
    digest = hashlib.sha256("\x00".join(texts).encode("utf-8", "replace")).hexdigest()
    if digest in _features:
        _features.move_to_end(digest)
        return _features[digest]
    _features[digest] = _computed(texts)
    while len(_features) > _KEPT:
        _features.popitem(last=False)
    return _features[digest]


def _computed(texts: Sequence[str]) -> Features:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    many = len(texts) > MANY_EXCLUDED
    # In a large library what occurs once is most of the memory and hardly any of the evidence.
    counter = CountVectorizer(ngram_range=(1, 2), min_df=2 if many else 1, max_df=_TOO_COMMON)
    try:
        counts = counter.fit_transform(texts)
    except ValueError:  # no text has a word that counts
        from scipy.sparse import csr_matrix

        nothing = csr_matrix((len(texts), 1))
        return Features(nothing, nothing)
    names = counter.vocabulary_
    single = np.sort([place for name, place in names.items() if " " not in name])
    return Features(
        TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, single]),
        TfidfTransformer(sublinear_tf=True).fit_transform(counts),
    )


def scores(
    held: Features, included: NDArray[np.int64], excluded: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return a score for every text: the higher, the more it resembles those included.

    Parameters
    ----------
    held : Features
        From `features`.
    included, excluded : ndarray of int, shape (n,)
        Rows of the texts to learn from; at least one of each.

    Returns
    -------
    ndarray of float, shape (number of texts,)
        The weighted mean of two scores, each with mean 0 and standard deviation 1 over all texts.
    """
    if len(excluded) > MANY_EXCLUDED:
        spaced = np.linspace(0, len(excluded) - 1, MANY_EXCLUDED).round().astype(np.int64)
        excluded = excluded[spaced]
    rows = np.concatenate([included, excluded])
    relevant = np.arange(len(rows)) < len(included)
    # One classifier trusts what it was told, the other hardly more than averages: together they
    # are less often misled by the first few records than either.
    by_words = _score(held.words, rows, relevant, strength=1.0, ratio=1.0)
    by_pairs = _score(held.pairs, rows, relevant, strength=0.1, ratio=10.0)
    return (1 - _PAIRS) * by_words + _PAIRS * by_pairs


def _score(
    held: Any,
    rows: NDArray[np.int64],
    relevant: NDArray[np.bool_],
    *,
    strength: float,
    ratio: float,
) -> NDArray[np.float64]:
    """Return scores by a linear support vector machine.

    Parameters
    ----------
    strength : float
        C: what a misread record costs, against large coefficients.
    ratio : float
        How much all included records weigh together, if all excluded ones weigh 1.
    """
    from sklearn.svm import LinearSVC

    weights = np.where(relevant, ratio / relevant.sum(), 1 / (~relevant).sum())
    model = LinearSVC(C=strength, random_state=0, max_iter=5000)
    model.fit(held[rows], relevant, sample_weight=weights * len(rows) / weights.sum())
    score = model.decision_function(held)
    spread = float(np.std(score))
    return (score - score.mean()) / spread if spread > 0 else np.zeros(len(score))
