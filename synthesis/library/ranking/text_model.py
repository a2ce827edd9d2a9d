"""From texts and decisions to scores: two linear classifiers on words and pairs of words.

Cohen AM, Hersh WR, Peterson K, Yen PY (2006). Reducing workload in systematic review preparation
using automated citation classification. JAMIA, 13, 206-219.
"""

from __future__ import annotations

import hashlib
import re
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
    from sklearn.feature_extraction.text import TfidfTransformer

    # In a large library what occurs once is most of the memory and hardly any of the evidence.
    counts, single = _counts(texts, fewest=2 if len(texts) > MANY_EXCLUDED else 1)
    if not counts.shape[1]:  # no text has a word that counts
        from scipy.sparse import csr_matrix

        nothing = csr_matrix((len(texts), 1))
        return Features(nothing, nothing)
    return Features(
        TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, single]),
        TfidfTransformer(sublinear_tf=True).fit_transform(counts),
    )


def _counts(texts: Sequence[str], fewest: int) -> tuple[Any, NDArray[np.int64]]:
    """Return how often each text has each word and each pair of neighbours, in alphabetical order.

    What scikit-learn's CountVectorizer counts, without a text for every pair.

    Parameters
    ----------
    texts : sequence of str
        Titles and abstracts.
    fewest : int
        In so many texts a word or pair must occur; in `_TOO_COMMON` of them at most.

    Returns
    -------
    csr_matrix of int, shape (texts, words and pairs)
        The counts.
    ndarray of int
        Which columns are single words.
    """
    from scipy.sparse import csr_matrix

    numbers: dict[str, int] = {}
    pieces = [
        np.array([numbers.setdefault(word, len(numbers)) for word in found], dtype=np.int64)
        for found in (_WORD.findall(text.lower()) for text in texts)
    ]
    rows = np.repeat(np.arange(len(texts)), [len(piece) for piece in pieces])
    place = np.empty(len(numbers), dtype=np.int64)
    place[[numbers[word] for word in sorted(numbers)]] = np.arange(len(numbers))
    words = place[np.concatenate([np.empty(0, dtype=np.int64), *pieces])]
    del pieces
    # A word stands before its pairs, and these stand in the order of their second word.
    follows = np.flatnonzero(rows[1:] == rows[:-1])
    codes = words * (len(numbers) + 1)
    codes = np.concatenate([codes, codes[follows] + words[follows + 1] + 1])
    rows = np.concatenate([rows, rows[follows]])
    distinct, columns = np.unique(codes, return_inverse=True)
    del codes
    shape = (len(texts), len(distinct))
    counts = csr_matrix((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)
    occurs = np.bincount(counts.indices, minlength=len(distinct))
    kept = (occurs >= fewest) & (occurs <= _TOO_COMMON * len(texts))
    return counts[:, kept], np.flatnonzero(distinct[kept] % (len(numbers) + 1) == 0)


_UNDIVIDED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Letters of scripts that put no blanks between words: Thai, Lao, Burmese, Khmer, kana and Han."""
_WORD = re.compile(rf"[{_UNDIVIDED}]|[^\W{_UNDIVIDED}]{{2,}}")
"""A word of two letters or more; of these scripts one letter, so that pairs make their words."""


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
