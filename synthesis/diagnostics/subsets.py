"""Graphical display of study heterogeneity (GOSH): the analysis of every subset of studies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval
from arrowroot.errors import OptionError
from arrowroot.lab.progress import Progress
from arrowroot.options import one_of, seed_of
from arrowroot.text import counted, label
from synthesis.diagnostics.studies import labels, repeated, require
from synthesis.measures import Measure
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.readable import harmonic_means, study_sizes
from synthesis.pooling.results import MetaAnalysis
from synthesis.r_code.script import NotInR

AT_MOST_BY_DEFAULT = 1_000_000
"""More subsets than these are sampled unless the user asks for more."""

AT_MOST = 10_000_000
"""More subsets than these are refused: each takes some fifty bytes."""

_COLUMNS = ("estimate", "tau2", "i2", "q")
_CELLS_AT_ONCE = 1 << 21
"""Number of study positions in subsets that are expanded at one time."""


@dataclass(frozen=True, repr=False, eq=False)
class Gosh(NotInR, Shown):
    """The results of many subsets of studies.

    Attributes
    ----------
    subsets : DataFrame
        One row per subset: ``k estimate tau2 i2 q``, on the scale of analysis, `i2` in percent;
        ``back_n`` too where estimates are turned back with a sample size.
    members : ndarray of uint8, shape (subsets, ceil(K / 8))
        Which studies each subset contains, one bit per study, the first in the lowest bit;
        `contains` reads it.
    studies : tuple of str
        The K study labels.
    sampled : bool
        Whether the subsets are a random sample, with replacement, of all that there are.
    measure : Measure
        The effect measure.
    k_in_words : str
        How many effects, and of how many studies.
    """

    r_words = (
        "these subsets",
        "metafor's gosh() draws subsets with R's own random numbers; fit.to_r() writes the fit",
    )

    subsets: pd.DataFrame
    members: Array
    studies: tuple[str, ...]
    sampled: bool
    measure: Measure
    k_in_words: str = ""

    @property
    def size(self) -> str:
        """How many effects there are in all, and of how many studies."""
        return self.k_in_words or counted(len(self.studies), "study", "studies")

    def contains(self, study: str) -> Array:
        """Return which subsets contain a study, shape (subsets,), boolean.

        Parameters
        ----------
        study : str
            A label of `studies`.

        Raises
        ------
        OptionError
            If there is no such study.
        """
        place = self.studies.index(one_of("study", label(study), self.studies))
        return (self.members[:, place // 8] >> (place % 8) & 1).astype(bool)

    def to_frame(self) -> pd.DataFrame:
        """Return the results, one row per subset, unrounded."""
        return self.subsets.copy()

    def _title(self) -> str:
        return f"{self.measure.label}: subsets of {self.size}"

    def _facts(self) -> list[tuple[str, str]]:
        estimates = self.subsets["estimate"].dropna().to_numpy()
        i2 = self.subsets["i2"]  # not defined for one study alone, which min and max pass over
        middle = np.quantile(estimates, [0.025, 0.975])
        return [
            ("Subsets", f"{len(self.subsets):,}" + (", sampled" if self.sampled else ", all")),
            (
                f"Estimates{self.measure.on_scale}",
                interval((float(estimates.min()), float(estimates.max()))),
            ),
            ("Middle 95% of the estimates", interval((float(middle[0]), float(middle[1])))),
            ("I² (%)", interval((float(i2.min()), float(i2.max())), 0)),
        ]

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if lacking := int(self.subsets["estimate"].isna().sum()):
            notes.append(
                f"{counted(lacking, 'subset has', 'subsets have')} no estimate: an arm has no "
                "events, or events only."
            )
        if not self.sampled:
            return tuple(notes)
        return (
            *notes,
            f"{len(self.subsets):,} subsets were drawn at random, with replacement, each study "
            f"in or out with equal chance; there are {2 ** len(self.studies) - 1:,} in all.",
        )


def gosh(
    fit: MetaAnalysis,
    subsets: int | None = None,
    *,
    seed: int | None = None,
    progress: bool = True,
) -> Gosh:
    """Repeat an analysis on all subsets of its studies, or on a random sample of them.

    Two humps in the estimates, separated by one study (`Gosh.contains`), show that it drives the
    result or the heterogeneity.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.
    subsets : int, optional
        How many subsets to analyse; all ``2^k - 1`` if that is no more. By default all, or a
        sample of a million where there are more.
    seed : int, optional
        Makes a sample repeatable.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    Gosh

    Raises
    ------
    EstimationError
        If there are fewer than two studies.
    OptionError
        If `subsets` is not a positive whole number, or above ten million.

    References
    ----------
    Olkin, Dahabreh & Trikalinos 2012, Res Synth Methods 3:214-223.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> every = gosh(meta_analysis(table, tau2="dl"))
    >>> every.subsets["k"].tolist(), every.contains("C").tolist()
    ([1, 1, 2, 1, 2, 2, 3], [False, False, False, True, True, True, True])
    """
    require(fit, 2, "gosh")
    if subsets is not None and not (np.isfinite(subsets) and subsets == int(subsets) >= 1):
        raise OptionError(f"subsets must be a whole number, 1 or more; got {subsets!r}.")
    possible = 2**fit.k - 1
    wanted = AT_MOST_BY_DEFAULT if subsets is None else int(subsets)
    if min(wanted, possible) > AT_MOST:
        raise OptionError(
            f"subsets must be at most {AT_MOST:,}, for which there is memory; got {wanted:,}. A "
            "sample of a million shows the same picture."
        )
    sampled = wanted < possible
    members = _sample(fit.k, wanted, seed) if sampled else _all(fit.k)
    analysed = _analyse(fit, members, progress)
    return Gosh(analysed, members, tuple(labels(fit)), sampled, fit.measure, fit.k_in_words)


def _all(k: int) -> Array:
    """Return every non-empty subset: the numbers 1 to 2^k - 1, read as bits."""
    numbers = np.arange(1, 2**k, dtype="<u8")
    return numbers.view(np.uint8).reshape(-1, 8)[:, : _bytes(k)].copy()


def _sample(k: int, n: int, seed: int | None) -> Array:
    """Draw n non-empty subsets, each equally likely."""
    rng = np.random.default_rng(seed_of(seed))
    spare = 8 * _bytes(k) - k

    def draw(n: int) -> Array:
        members = rng.integers(0, 256, size=(n, _bytes(k)), dtype=np.uint8)
        members[:, -1] >>= spare
        return members

    members = draw(n)
    while (empty := ~members.any(axis=1)).any():
        members[empty] = draw(int(empty.sum()))
    return members


def _bytes(k: int) -> int:
    return -(-k // 8)


def _analyse(fit: MetaAnalysis, members: Array, progress: bool) -> pd.DataFrame:
    # Neither interval is kept, so the quickest is used; the estimates are the same.
    choices = Choices(fit.choices.model, fit.choices.tau2, ci="wald", prediction="none")
    n = len(members)
    columns = {name: np.empty(n) for name in _COLUMNS}
    n_of_study, back_n = study_sizes(fit.studies, fit.measure), np.empty(n)
    sizes = np.empty(n, dtype=np.int32)
    step = max(1, _CELLS_AT_ONCE // fit.k)
    with Progress(n, "Subsets", "subsets", show=progress) as bar:
        for start in range(0, n, step):
            part = slice(start, start + step)
            chosen = np.unpackbits(members[part], axis=1, count=fit.k, bitorder="little")
            sizes[part] = chosen.sum(axis=1)
            rows = np.nonzero(chosen)[1]
            pooled = repeated(fit, sizes[part], rows, choices=choices, progress=bar.update)
            for name, values in columns.items():
                values[part] = getattr(pooled, name)
            if n_of_study is not None:
                back_n[part] = harmonic_means(n_of_study, sizes[part], rows)
    if n_of_study is not None:
        columns["back_n"] = back_n
    return pd.DataFrame({"k": sizes, **columns})
