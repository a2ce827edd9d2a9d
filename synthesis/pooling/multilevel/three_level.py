"""Three-level models: effects within clusters, such as outcomes within studies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.special import chdtrc, fdtrc

from arrowroot.errors import DataError, EstimationError, OptionError
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.labels import blank_rows, capitals, read_labels, with_labels
from synthesis.pooling.doubts import doubts
from synthesis.pooling.engine.coefficients import coefficient_table
from synthesis.pooling.engine.intervals import quantile
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula import design as formulas
from synthesis.pooling.multilevel.blocks import Blocks
from synthesis.pooling.multilevel.results import ThreeLevel
from synthesis.pooling.multilevel.working_model import VARIANCES, Fit, WorkingModel
from synthesis.pooling.readable import back_notes
from synthesis.pooling.studies import find_measure

METHODS = ("reml", "ml")
TESTS = ("z", "t")
FEW_CLUSTERS = 10
"""Below this number of clusters a normal reference is too optimistic, and the notes say so."""


def three_level(
    effects: pd.DataFrame,
    *,
    cluster: str,
    effect: str | None = None,
    formula: str = "~ 1",
    yi: str = "yi",
    vi: str = "vi",
    measure: str | None = None,
    method: str = "reml",
    test: str = "z",
    level: float = 0.95,
    rho: float = 0.0,
) -> ThreeLevel:
    """Fit a three-level model: effects within clusters, clusters within a population.

    The true effects of a cluster scatter around the cluster's mean with variance
    ``sigma2["effect"]``, the means around the regression with ``sigma2["cluster"]``.

    Parameters
    ----------
    effects : DataFrame
        One row per effect. A row without effect, variance or moderator is not pooled, and listed
        in `ThreeLevel.excluded` with the reason.
    cluster : str
        Column of the clusters, such as studies or districts; no cell may be blank.
    effect : str, optional
        Column that names the effects of a cluster, for messages; they must differ within it. By
        default every row is an effect of its own.
    formula : str
        Moderators, such as ``"~ hours + design"``; ``"~ 1"`` pools.
    yi, vi : str
        Columns of the effects and of their sampling variances (squared standard errors, > 0).
    measure : str, optional
        What the effects are, as in `meta_analysis`.
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    test : {"z", "t"}
        Reference of tests and intervals: normal, or t with the degrees of freedom of the level
        at which a term varies: clusters less coefficients for a term that is constant in every
        cluster, effects less coefficients for the others (metafor's ``dfs = "contain"``).
    level : float
        Level of every interval, between 0 and 1.
    rho : float
        Assumed correlation of the sampling errors of a cluster, 0 <= rho < 1. Above 0 this is
        the correlated-and-hierarchical-effects working model of Pustejovsky & Tipton (2022, Prev
        Sci 23:425-438); follow it by `robust`, which does not rest on rho being right.

    Returns
    -------
    ThreeLevel

    Raises
    ------
    DataError
        Missing column or cluster, text where a number belongs, a variance that is not positive.
    OptionError
        An option has no such value.
    EstimationError
        The two variances, or terms of the formula, cannot be distinguished.

    References
    ----------
    Konstantopoulos (2011, Res Synth Methods 2:61-76); Van den Noortgate et al. (2013, Behav Res
    Methods 45:576-594); Cheung (2014, Psychol Methods 19:211-229), whose eqs 13-14 are I² by
    level, here with the typical sampling variance of Higgins & Thompson (2002, eq. 9).

    Examples
    --------
    >>> table = pd.DataFrame({"study": list("AABBCC"), "vi": [0.01] * 6,
    ...                       "yi": [0.1, 0.3, 0.5, 0.8, -0.2, 0.3]})
    >>> fit = three_level(table, cluster="study")
    >>> round(fit.estimate, 2), fit.n_clusters, fit.sigma2["cluster"] > 0
    (0.3, 3, True)
    """
    one_of("method", method, METHODS)
    one_of("test", test, TESTS)
    level = confidence_level(level)
    if not (isinstance(rho, (int, float)) and 0 <= rho < 1):
        raise OptionError(f"rho must be at least 0 and below 1; got {rho!r}.")
    studies, excluded, labels = _rows(
        effects, cluster=cluster, effect=effect, formula=formula, yi=yi, vi=vi
    )
    design = formulas.design_matrix(studies, formula, labels)
    codes, clusters = pd.factorize(pd.Series(read_labels(studies[cluster])))
    _refuse_too_few(len(studies), design.shape[1], clusters, codes, cluster)

    order = np.argsort(codes, kind="stable")
    blocks = Blocks(studies["vi"].to_numpy()[order], np.bincount(codes), float(rho))
    matrix = design.to_numpy()
    model = WorkingModel(
        studies["yi"].to_numpy()[order], matrix[order], blocks, restricted=method == "reml"
    )
    peak = model.maximise()
    estimates, covariance = peak.coefficients()
    df = _containment_df(matrix, codes, len(clusters)) if test == "t" else None
    terms = [str(term) for term in design.columns]
    table = coefficient_table(terms, estimates, covariance, df, level)
    q_df = len(studies) - len(terms)
    q = model.at(0.0, 0.0).q
    q_m, q_m_df, q_m_p_value = _moderator_test(terms, estimates, peak, df)
    alone = formulas.is_intercept_only(formula)
    predicted = _prediction(table, peak, level) if alone else None
    named = find_measure(effects, measure, studies)
    limits: dict[str, tuple[float, ...] | None] = {"the prediction interval": predicted}
    if alone:
        low, estimate, high = (float(table[c].iloc[0]) for c in ("ci_low", "estimate", "ci_high"))
        limits |= {"the pooled effect": (estimate,), "its confidence interval": (low, high)}
    return ThreeLevel(
        coefficients=table,
        covariance=covariance,
        sigma2=dict(zip(VARIANCES, peak.sigma2.tolist(), strict=True)),
        log_likelihood=peak.log_likelihood,
        k=len(studies),
        n_clusters=len(clusters),
        q=q,
        q_df=q_df,
        q_p_value=float(chdtrc(q_df, q)),
        q_m=q_m,
        q_m_df=q_m_df,
        q_m_p_value=q_m_p_value,
        i2=_i2(model, peak, q_df),
        prediction_interval=predicted,
        rho=float(rho),
        formula=formula,
        cluster=cluster,
        method=method,
        test=test,
        level=level,
        measure=named,
        studies=studies,
        design=design,
        excluded=excluded,
        notes=(
            *_notes(excluded, peak, len(clusters), test, float(rho)),
            *doubts(studies.assign(study=labels), formula),
            *capitals("Clusters", clusters),
            *formulas.moderators_alike(studies, formula),
            *back_notes(named, studies.assign(study=labels), level, limits),
        ),
        _peak=peak,
    )


def _rows(
    effects: pd.DataFrame, *, cluster: str, effect: str | None, formula: str, yi: str, vi: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Split a table into the rows to pool and those left out; return the labels of the former."""
    checks.is_table(effects, "effects")
    groups = read_labels(checks.column(effects, cluster, "cluster"))
    named = groups
    if effect is not None:
        named = read_labels(checks.column(effects, effect, "effect"))
    labels = [
        f"{group}, {name} (row {row})" if effect else f"{group} (row {row})"
        for row, (group, name) in enumerate(zip(groups, named, strict=True), start=1)
    ]
    if rows := blank_rows(groups):
        raise DataError(
            f"{cluster}: every effect must name the cluster it belongs to; the cell is blank in "
            f"{rows}. Complete it, or give a single effect a cluster of its own."
        )
    if effect is not None:
        repeated = pd.DataFrame({"of": groups, "effect": named}).duplicated(keep=False).to_numpy()
        if repeated.any():
            listed = [repr(labels[row]) for row in np.flatnonzero(repeated).tolist()]
            raise DataError(
                f"{effect}: the effects of a cluster must differ; repeated: "
                f"{shortened(listed)}. Give them different names, or leave out effect=."
            )
    y = checks.numeric(checks.column(effects, yi, "yi"), labels)
    v = checks.numeric(checks.column(effects, vi, "vi"), labels)
    checks.poolable(yi, y, vi, v, labels)
    lacking = formulas.missing_moderators(effects, formula)
    reasons = [
        f"{yi} is blank"
        if np.isnan(y[row])
        else f"{vi} is blank"
        if np.isnan(v[row])
        else lacking[row]
        for row in range(len(effects))
    ]
    kept = np.array([not reason for reason in reasons], dtype=bool)
    if not kept.any():
        raise DataError("no effect left to pool: the table has no complete row.")
    named_as_read = with_labels(effects, [cluster])
    studies = named_as_read.assign(yi=y, vi=v).loc[kept].reset_index(drop=True)
    excluded = pd.DataFrame(
        [(labels[row], reasons[row]) for row in np.flatnonzero(~kept).tolist()],
        columns=["study", "reason"],
        dtype="str",
    )
    return studies, excluded, [labels[row] for row in np.flatnonzero(kept).tolist()]


def _refuse_too_few(k: int, n_terms: int, clusters: pd.Index, codes: Array, cluster: str) -> None:
    if len(clusters) < 2:
        raise EstimationError(
            f"{cluster}: all {counted(k, 'effect')} belong to one cluster, {str(clusters[0])!r}; a "
            "variance between clusters needs at least two. Use meta_analysis."
        )
    if np.bincount(codes).max() == 1:
        raise EstimationError(
            f"{cluster}: every cluster has only one effect, so that the variance between clusters "
            "and the variance between their effects are the same. Use meta_analysis or "
            "meta_regression."
        )
    if k <= n_terms:
        raise EstimationError(
            f"formula: {counted(k, 'effect')} cannot support {counted(n_terms, 'coefficient')}. "
            "Leave out terms."
        )


def _containment_df(design: Array, codes: Array, n_clusters: int) -> Array:
    """Return the degrees of freedom of each term, from the level at which it varies."""
    first = design[np.unique(codes, return_index=True)[1]]
    constant = (design == first[codes]).all(axis=0)
    return np.maximum(np.where(constant, n_clusters, len(codes)) - design.shape[1], 1).astype(float)


def _moderator_test(
    terms: list[str], estimates: Array, peak: Fit, df: Array | None
) -> tuple[float | None, tuple[float, ...] | None, float | None]:
    """Return the Wald test of every coefficient but the intercept."""
    tested = [place for place, term in enumerate(terms) if term != formulas.INTERCEPT]
    if not tested:
        return None, None, None
    m = len(tested)  # the intercept, if any, is the first term
    wald = peak.wald(estimates, m)
    if df is None:
        return wald, (float(m),), float(chdtrc(m, wald))
    lowest = float(df[tested].min())
    return wald / m, (float(m), lowest), float(fdtrc(m, lowest, wald / m))


def _i2(model: WorkingModel, peak: Fit, df: int) -> dict[str, float]:
    typical = df / replace(model, restricted=True).at(0.0, 0.0).trace
    whole = float(peak.sigma2.sum()) + typical
    shares = {
        which: 100 * value / whole
        for which, value in zip(VARIANCES, peak.sigma2.tolist(), strict=True)
    }
    return {"total": sum(shares.values()), **shares}


def _prediction(table: pd.DataFrame, peak: Fit, level: float) -> tuple[float, float]:
    estimate, std_error, df = table[["estimate", "std_error", "df"]].to_numpy()[0].tolist()
    reference = None if np.isnan(df) else df
    half = quantile(level, reference) * float(np.sqrt(std_error**2 + peak.sigma2.sum()))
    return estimate - half, estimate + half


def _notes(
    excluded: pd.DataFrame, peak: Fit, n_clusters: int, test: str, rho: float
) -> tuple[str, ...]:
    notes = []
    if len(excluded):
        listed = shortened(
            f"{row.study} ({row.reason})" for row in excluded.itertuples(index=False)
        )
        notes.append(f"{counted(len(excluded), 'effect')} not pooled: {listed}.")
    for which, value in zip(VARIANCES, peak.sigma2.tolist(), strict=True):
        if value == 0:
            notes.append(
                f"The variance at level {which!r} is estimated as exactly 0: the likelihood falls "
                "from there on. Read its profile interval before calling it absent."
            )
    if n_clusters < FEW_CLUSTERS and test == "z":
        notes.append(
            f"With {n_clusters} clusters the normal reference is too optimistic; test='t' or "
            "robust(fit, cluster=...) allow for so few."
        )
    if rho:
        notes.append(
            f"Sampling errors within a cluster were assumed to correlate by {rho:g}; "
            "rho_sensitivity shows what depends on that."
        )
    else:
        notes.append(
            "Sampling errors within a cluster were assumed independent. Where effects share "
            "participants, give a correlation with rho= and report robust(fit, cluster=...)."
        )
    return tuple(notes)
