"""Cluster-robust variance: standard errors that do not depend on the working model being right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError, OptionError
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.labels import blank_rows, capitals, read_labels
from synthesis.pooling.doubts import doubts
from synthesis.pooling.engine.coefficients import coefficient_table
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula.design import INTERCEPT
from synthesis.pooling.given import kind_of, weighted_only
from synthesis.pooling.multilevel.results import ThreeLevel
from synthesis.pooling.multilevel.three_level import three_level
from synthesis.pooling.readable import back_notes, testable
from synthesis.pooling.regression.results import MetaRegression
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.robust.results import KINDS, RobustFit
from synthesis.pooling.robust.sandwich import Sandwich, Working

FEW_CLUSTERS = 10
LOW_DF = 4
"""Below this Satterthwaite's approximation no longer keeps its level (Tipton 2015, Psychol
Methods 20:375-393)."""

_NO_VARIANCE = 1e-10
"""A robust standard error below this fraction of the model's own is zero apart from rounding."""
_SAME = 1e-6
"""Agreement, in standard errors, between the fit's coefficients and its weights."""
_ROUNDING = 1e-14
"""How much rounding alone may change a coefficient, as a fraction of it."""


def robust(
    fit: Any, *, cluster: str | Sequence[object], kind: str = "cr2", level: float | None = None
) -> RobustFit:
    """Replace a fit's standard errors by cluster-robust ones.

    Parameters
    ----------
    fit : ThreeLevel, MetaAnalysis or MetaRegression
        Its estimates stay as they are; its weights and variances are the working model.
    cluster : str or sequence
        Column of ``fit.studies``, or one label for each of its rows: effects in different clusters
        are independent; effects in one cluster may depend on each other in any way.
    kind : {"cr2", "cr1", "cr0"}
        CR2 with Satterthwaite degrees of freedom; the raw sandwich scaled by ``m / (m - p)``
        for m clusters and p coefficients (metafor's ``robust``; clubSandwich's CR1 is
        ``m / (m - 1)``), and unscaled, both with m - p.
    level : float, optional
        Level of the intervals; by default that of the fit.

    Returns
    -------
    RobustFit

    Raises
    ------
    DataError
        Unknown column, blank label, wrong number of labels, or clusters that split those of a
        three-level model.
    OptionError
        An option has no such value, or the fit is not based on weighted means.
    EstimationError
        Too few clusters, or a coefficient that rests on one cluster alone.

    References
    ----------
    Tipton & Pustejovsky (2015, J Educ Behav Stat 40:604-634); the formulas are in
    `synthesis.pooling.robust.sandwich`.

    Examples
    --------
    >>> from synthesis.pooling.multilevel.three_level import three_level
    >>> table = pd.DataFrame({"study": list("AABBCC"), "vi": [0.01] * 6,
    ...                       "yi": [0.1, 0.3, 0.5, 0.8, -0.2, 0.3]})
    >>> fit = robust(three_level(table, cluster="study"), cluster="study")
    >>> round(float(fit.coefficients.loc["Intercept", "df"]), 2), fit.n_clusters
    (2.0, 3)
    """
    one_of("kind", kind, list(KINDS))
    if isinstance(fit, MetaAnalysis) and fit.model == "mantel_haenszel":
        weighted_only(fit, "robust")
    if not isinstance(fit, MetaAnalysis | MetaRegression | ThreeLevel):
        needed = "a result of three_level, meta_analysis or meta_regression"
        raise DataError.of_kind("fit", needed, f"got {kind_of(fit)}. Pool the effects first.")
    level = fit.level if level is None else confidence_level(level)
    working, terms = _working(fit)
    codes, read, alike = _clusters(fit, cluster, working.groups)
    n_clusters = len(set(read))
    _refuse_too_few(n_clusters, len(terms))

    sandwich = Sandwich(working, codes, kind)
    _refuse_other_weights(sandwich, working.coefficients)
    covariance = sandwich.covariance
    _refuse_no_variance(covariance, sandwich.model_covariance, terms)
    df = (
        sandwich.satterthwaite_df
        if kind == "cr2"
        else np.full(len(terms), float(n_clusters - len(terms)))
    )
    table = coefficient_table(terms, working.coefficients, covariance, df, level)
    limits = {}
    if terms == [INTERCEPT]:
        limits["the confidence interval"] = tuple(table[["ci_low", "ci_high"]].iloc[0])
    said = doubts(fit.studies, getattr(fit, "formula", ""))
    said += back_notes(fit.measure, fit.studies, level, limits)
    return RobustFit(
        coefficients=table,
        covariance=covariance,
        kind=kind,
        k=len(codes),
        n_clusters=n_clusters,
        level=level,
        measure=fit.measure,
        notes=(*_notes(table, kind, n_clusters, sandwich.saturated), *alike, *said),
        tested=tuple(testable(fit.measure, working.design)),
        fit=fit,
        clusters=tuple(read),
    )


def _working(fit: Any) -> tuple[Working, list[str]]:
    """Read the working model off a fit, and the names of its coefficients."""
    effects, variances = fit.studies["yi"].to_numpy(), fit.studies["vi"].to_numpy()
    if isinstance(fit, ThreeLevel):
        groups = pd.factorize(pd.Series(read_labels(fit.studies[fit.cluster])))[0]
        working = Working(
            y=effects,
            v=variances,
            design=fit.design.to_numpy(),
            coefficients=fit.coefficients["estimate"].to_numpy(),
            effect=fit.sigma2["effect"],
            cluster=fit.sigma2["cluster"],
            rho=fit.rho,
            groups=groups,
        )
        return working, [str(term) for term in fit.coefficients.index]
    if hasattr(fit, "coefficients"):
        estimates = fit.coefficients["estimate"].to_numpy()
        terms = [str(term) for term in fit.coefficients.index]
        design = np.asarray(fit.design, dtype=float)
    else:
        estimates, terms = np.array([fit.estimate]), [INTERCEPT]
        design = np.ones((len(effects), 1))
    return Working(effects, variances, design, estimates, effect=float(fit.tau2)), terms


def _clusters(
    fit: Any, cluster: str | Sequence[object], groups: Array | None
) -> tuple[Array, list[str], list[str]]:
    """Give every row of a fit the number of its cluster; return their labels and notes too."""
    studies = fit.studies
    if isinstance(cluster, str):
        # Rows with the same label were numbered to distinguish them; here they belong together.
        numbered = cluster == "study" and "study_as_given" in studies
        column = "study_as_given" if numbered else cluster
        labels = checks.column(studies, column, "cluster").reset_index(drop=True)
    elif not pd.api.types.is_list_like(cluster):
        raise OptionError(
            "cluster must name a column, or contain one label for each row of fit.studies; got "
            f"{cluster!r}."
        )
    else:
        labels = pd.Series(list(cluster), dtype=object)
        if len(labels) != len(studies):
            raise DataError(
                f"cluster: {counted(len(labels), 'label')} for {counted(len(studies), 'effect')} "
                "pooled. Give one label for each row of fit.studies, or the name of a column."
            )
    read = read_labels(labels)
    if rows := blank_rows(read):
        raise DataError(
            f"cluster: every effect must name the cluster it belongs to; it does not in {rows} of "
            "fit.studies."
        )
    codes, names = pd.factorize(pd.Series(read))
    if groups is not None:
        pairs = pd.DataFrame({"group": groups, "code": codes}).drop_duplicates()
        split = pairs["group"].duplicated()
        if split.any():
            torn = fit.studies[fit.cluster].to_numpy()[
                [
                    int(np.flatnonzero(groups == one)[0])
                    for one in pairs.loc[split, "group"].unique()
                ]
            ]
            raise DataError(
                f"cluster: effects that share a {fit.cluster!r} depend on each other and must "
                "share a cluster; split: "
                f"{shortened(repr(str(one)) for one in torn)}. Use {fit.cluster!r}, or "
                "something that keeps each of them whole."
            )
    return codes, read, capitals("Clusters", names)


def _refuse_too_few(n_clusters: int, n_terms: int) -> None:
    if n_clusters <= n_terms:
        raise EstimationError(
            f"cluster: {counted(n_clusters, 'cluster')} cannot support robust standard errors of "
            f"{counted(n_terms, 'coefficient')}; there must be more clusters than coefficients."
        )


def _refuse_other_weights(sandwich: Sandwich, coefficients: Array) -> None:
    scale = np.sqrt(np.diag(sandwich.model_covariance))
    rounding = _ROUNDING * np.abs(coefficients)
    if (np.abs(sandwich.estimates() - coefficients) > _SAME * scale + rounding).any():
        raise OptionError(
            "fit: its estimate is not the inverse-variance weighted one, so its weights are not "
            "known here. Use meta_analysis, meta_regression or three_level."
        )


def _refuse_no_variance(covariance: Array, model: Array, terms: list[str]) -> None:
    none = np.diag(covariance) <= _NO_VARIANCE**2 * np.diag(model)
    if none.any():
        listed = shortened(repr(terms[term]) for term in np.flatnonzero(none).tolist())
        raise EstimationError(
            f"{listed}: no residual is left to estimate a robust standard error from: the effects "
            "are all equal, or the term rests on one cluster alone. Keep the model's own "
            "standard errors, leave out the term or merge categories."
        )


def _notes(table: pd.DataFrame, kind: str, n_clusters: int, saturated: int) -> tuple[str, ...]:
    notes = []
    if n_clusters < FEW_CLUSTERS:
        advice = "" if kind == "cr2" else "; kind='cr2' is designed for so few"
        notes.append(f"Robust standard errors rest on {n_clusters} clusters only{advice}.")
    if saturated:
        notes.append(
            f"Part of the design is fixed by one cluster alone ({counted(saturated, 'cluster')} of "
            "this kind), where no residual is left: robust standard errors of the terms that rest "
            "on it are too small."
        )
    low = table.index[table["df"] < LOW_DF]
    if kind == "cr2" and len(low):
        listed = shortened(repr(str(term)) for term in low)
        notes.append(
            f"Fewer than {LOW_DF} degrees of freedom for {listed}: the p-value and the interval "
            "are not reliable there (Tipton 2015)."
        )
    return tuple(notes)


def rho_sensitivity(
    effects: pd.DataFrame,
    *,
    cluster: str,
    rhos: Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.8),
    effect: str | None = None,
    formula: str = "~ 1",
    yi: str = "yi",
    vi: str = "vi",
    method: str = "reml",
    kind: str = "cr2",
    level: float = 0.95,
) -> pd.DataFrame:
    """Refit a correlated-and-hierarchical-effects model under several assumed correlations.

    Parameters
    ----------
    effects, cluster, effect, formula, yi, vi, method, level
        As in `three_level`.
    rhos : sequence of float
        Assumed correlations of the sampling errors within a cluster, each 0 <= rho < 1.
    kind : {"cr2", "cr1", "cr0"}
        Robust variance of the coefficients, as in `robust`.

    Returns
    -------
    DataFrame
        One row per correlation and term: ``rho term estimate std_error df p_value ci_low ci_high
        sigma2_cluster sigma2_effect log_likelihood``. The likelihoods may be compared: the data
        say little about rho, but they say something.
    """
    rows = []
    for rho in rhos:
        fit = three_level(
            effects,
            cluster=cluster,
            effect=effect,
            formula=formula,
            yi=yi,
            vi=vi,
            method=method,
            level=level,
            rho=rho,
        )
        table = robust(fit, cluster=cluster, kind=kind).coefficients.drop(columns="statistic")
        table = table.assign(
            sigma2_cluster=fit.sigma2["cluster"],
            sigma2_effect=fit.sigma2["effect"],
            log_likelihood=fit.log_likelihood,
        ).reset_index()
        table.insert(0, "rho", float(rho))
        rows.append(table)
    if not rows:
        raise OptionError("rhos must contain at least one correlation, such as (0.2, 0.6).")
    return pd.concat(rows, ignore_index=True)
