"""What every diagnostic starts from: the studies of a fit, and its analysis of other studies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError
from arrowroot.lab.progress import Progress
from arrowroot.text import counted
from synthesis import checks
from synthesis.effects.shared_controls import divided
from synthesis.labels import read_labels
from synthesis.pooling.engine.batch import Choices, Pooled, pool_ragged
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.given import pooled_only
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.readable import harmonic_means, study_sizes
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.sparse import tables_of

FEW = 10
"""Below this many studies a test for small-study effects has little power (Sterne et al. 2011,
BMJ 343:d4002)."""

_ARMS = ["n_t", "n_c"]
_COLUMNS = (
    *("estimate", "std_error", "ci_low", "ci_high", "p_value"),
    *("tau2", "i2", "q", "q_p_value", "pi_low", "pi_high"),
)


def effects(fit: MetaAnalysis) -> tuple[Array, Array]:
    """Return the effects and sampling variances of a fit, each of shape (K,)."""
    pooled_only(fit)
    return fit.studies["yi"].to_numpy(dtype=float), fit.studies["vi"].to_numpy(dtype=float)


def labels(fit: MetaAnalysis) -> list[str]:
    """Return the study labels of a fit; each is unique."""
    pooled_only(fit)
    return read_labels(fit.studies["study"])


def by_study(fit: MetaAnalysis) -> pd.Index:
    """Return the study labels as the index of a table."""
    return pd.Index(labels(fit), name="study")


def require(fit: MetaAnalysis, k: int, what: str) -> None:
    """Refuse a fit of fewer than `k` studies, saying what needs them."""
    pooled_only(fit)
    if fit.k < k:
        raise EstimationError(
            f"{what} needs at least {k} studies; this analysis has {fit.k_in_words}."
        )


def require_null(fit: MetaAnalysis, what: str) -> None:
    """Refuse measures without a value of no effect, of which there is nothing to test.

    Raises
    ------
    DataError
        Names the measure.
    """
    pooled_only(fit)
    if not fit.measure.has_null:
        raise DataError(
            f"{what} tests effects against no effect, and {fit.measure.name!r} "
            f"({fit.measure.label}) has no such value."
        )


def sum_of_others(weight: Array) -> Array:
    """Return for each study the weight of all others, shape (K,).

    Added up rather than subtracted from the total, so that one huge study costs no digits.
    """
    return np.array([np.delete(weight, place).sum() for place in range(len(weight))])


def few_studies(fit: MetaAnalysis, k: int | None = None) -> tuple[str, ...]:
    """Return the cautions for a test of fewer than ten studies, or of dependent effects.

    `k` is how many are tested, where it is not all of them.
    """
    cautions = []
    k = fit.k if k is None else k
    if min(k, fit.n_studies) < FEW:
        few = f"{FEW}" if fit.k == fit.n_studies else f"{FEW} studies"
        size = fit.k_in_words if k == fit.k else counted(k, "study", "studies")
        cautions.append(
            f"With {size} this test means little: below {few} it seldom detects what is "
            "there, and a large p-value is no evidence of absence."
        )
    if fit.dependence == "ignored":
        cautions.append(
            f"The test takes the {fit.k_in_words} as independent, so that its p-value is usually "
            "too small."
        )
    return tuple(cautions)


def refit(fit: MetaAnalysis, studies: pd.DataFrame, choices: Choices | None = None) -> MetaAnalysis:
    """Analyse other studies in the way a fit was analysed, or with other choices."""
    choices = choices or fit.choices
    return meta_analysis(
        studies,
        measure=fit.measure.name,
        model=choices.model,
        tau2=choices.tau2,
        ci=choices.ci,
        level=choices.level,
        prediction=choices.prediction,
        tau2_ci=fit.tau2_ci_method,
        dependent="ignore",  # what depends on what was refused or accepted for the fit itself
    )


def repeated(
    fit: MetaAnalysis,
    sizes: Array,
    rows: Array,
    *,
    choices: Choices | None = None,
    progress: Callable[[int], object] | None = None,
) -> Pooled:
    """Repeat an analysis on many selections of its studies.

    Parameters
    ----------
    fit : MetaAnalysis
        The analysis; Mantel-Haenszel and Peto fits add up the tables of each selection.
    sizes, rows : ndarray of int
        As for `pool_ragged`.
    choices : Choices, optional
        Other choices than those of the fit, for fits that weight effects.
    progress : callable, optional
        As for `pool_ragged`; by default a bar of its own shows how far it has come.
    """
    if progress is None:
        with Progress(len(sizes), "Repeated analyses", "analyses") as bar:
            return repeated(fit, sizes, rows, choices=choices, progress=bar.update)
    y, v = effects(fit)
    if fit.pools_tables:
        pooled = tables_of(fit).pool(sizes, fit.level, rows=rows)
        progress(len(sizes))
        return pooled
    return pool_ragged(y, v, sizes, choices or fit.choices, rows=rows, progress=progress)


def pooled_table(
    fit: MetaAnalysis, pooled: Pooled, sizes: Array, rows: Array, index: pd.Index
) -> pd.DataFrame:
    """Return repeated analyses of a fit's studies as a table, one row each.

    Parameters
    ----------
    fit : MetaAnalysis
        The fit whose studies were analysed.
    pooled : Pooled
        The results of A analyses.
    sizes : ndarray of int, shape (A,)
        Number of studies of each.
    rows : ndarray of int, shape (sum of sizes,)
        The studies of each, as given to `pool_ragged`.
    index : Index, shape (A,)
        Their names.

    Returns
    -------
    DataFrame
        The columns of `meta_analyses`; `p_value` is NaN for measures without a value of no
        effect, and ``back_n`` is there where values are turned back with a sample size.
    """
    columns = {name: getattr(pooled, name) for name in _COLUMNS}
    if not fit.measure.has_null:
        columns["p_value"] = np.full(len(sizes), np.nan)
    n = study_sizes(fit.studies, fit.measure)
    if n is not None:
        columns["back_n"] = harmonic_means(n, sizes, rows)
    return pd.DataFrame({"k": sizes, **columns}, index=index)


def known_sizes(fit: MetaAnalysis) -> Array | None:
    """Return the number of participants of each study, shape (K,): NaN where it is not known.

    Where ``n`` is blank, ``n_t`` and ``n_c`` are added up; a control arm that is divided among rows
    counts with its part. None if the study table has neither a column ``n`` nor both of ``n_t`` and
    ``n_c``.
    """
    pooled_only(fit)
    studies = divided(fit.studies)
    sizes = [
        np.sum([checks.numeric(studies[name], labels(fit)) for name in columns], axis=0)
        for columns in _size_columns(fit)
    ]
    if len(sizes) < 2:
        return sizes[0] if sizes else None
    return np.where(np.isnan(sizes[0]), sizes[1], sizes[0])


def _size_columns(fit: MetaAnalysis) -> list[list[str]]:
    """Return the columns that give sizes: each by itself, those of a list together."""
    pooled_only(fit)
    return [part for part in (["n"], _ARMS) if set(part) <= set(fit.studies.columns)]


def sample_sizes(fit: MetaAnalysis, what: str, *, blank: str = "refuse") -> Array:
    """Return the number of participants of each study, shape (K,).

    Parameters
    ----------
    fit : MetaAnalysis
        Its studies have a column ``n``, or ``n_t`` and ``n_c``.
    what : str
        What needs them, for the message.
    blank : {"refuse", "keep"}
        What is done about studies without a size: with ``"keep"`` theirs is NaN, as long as one
        study has a size.

    Raises
    ------
    DataError
        If the table has no such columns, or a study's size is not positive, or blank.
    """
    sizes = known_sizes(fit)
    if sizes is None:
        wanted = ["n"] + [name for name in _ARMS if name not in fit.studies.columns]
        lacking = wanted[1:] if len(wanted) == 2 else wanted
        raise DataError(
            f"{what} needs the size of each study: a column 'n', or 'n_t' and 'n_c'. The table "
            f"has no {' and no '.join(repr(name) for name in lacking)}."
        )
    # The message names the column that is looked at first.
    names = " + ".join(_size_columns(fit)[0])
    return _positive(sizes, f"{names} must be > 0 for {what}", fit, blank)


def arm_sizes(fit: MetaAnalysis, what: str) -> Array:
    """Return ``1 / n_t + 1 / n_c`` of each study, shape (K,): NaN where either is blank.

    A control arm that is divided among rows counts with its part.

    Raises
    ------
    DataError
        If the table has no columns ``n_t`` and ``n_c``, all are blank, or one is not positive.
    """
    pooled_only(fit)
    lacking = [name for name in _ARMS if name not in fit.studies.columns]
    if lacking:
        raise DataError(
            f"{what} needs the size of each arm: columns 'n_t' and 'n_c'. The table has no "
            f"{' and no '.join(map(repr, lacking))}."
        )
    studies = divided(fit.studies)
    arms = [
        _positive(
            checks.numeric(studies[name], labels(fit)),
            f"{name} must be > 0 for {what}",
            fit,
            blank="keep",
        )
        for name in _ARMS
    ]
    return np.sum([1 / arm for arm in arms], axis=0)


def _positive(sizes: Array, rule: str, fit: MetaAnalysis, blank: str) -> Array:
    """Refuse sizes that are not positive, and blank ones unless they are kept and some are not."""
    known = ~np.isnan(sizes)
    checks.refuse(
        rule, sizes, ~(sizes > 0) & (known | (blank == "refuse" or not known.any())), labels(fit)
    )
    return sizes


def direction(fit: MetaAnalysis, what: str) -> str:
    """Return the side of no effect on which the pooled effect lies: ``"greater"`` or ``"less"``.

    Raises
    ------
    EstimationError
        If it is exactly zero.
    """
    pooled_only(fit)
    if fit.estimate == 0:
        raise EstimationError(
            f"{what}: the pooled effect is 0, so it has no direction. Choose "
            "alternative='greater' or alternative='less'."
        )
    return "greater" if fit.estimate > 0 else "less"
