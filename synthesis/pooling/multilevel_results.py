"""The record of a three-level model: every number once, at full precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from synthesis import checks, display
from synthesis.display import Shown, count
from synthesis.pooling.formula import is_intercept_only
from synthesis.pooling.weighted import Array
from synthesis.pooling.working_model import VARIANCES, Fit

METHODS = {"reml": "restricted maximum likelihood", "ml": "maximum likelihood"}
"""Estimators of the two variances, and their names in sentences."""


@dataclass(frozen=True, repr=False, eq=False)
class ThreeLevel(Shown):
    """A three-level model with everything that went into it.

    Effects are on the scale of analysis (`yi`). Percentages run from 0 to 100.

    Attributes
    ----------
    coefficients : DataFrame
        By term: ``estimate std_error statistic df p_value ci_low ci_high``; ``df`` is NaN where
        the reference distribution is normal.
    covariance : DataFrame
        Covariance of the coefficients, by term and term.
    sigma2 : dict of str to float
        Variance between ``"cluster"`` and between each ``"effect"`` of a cluster.
    log_likelihood : float
        Restricted for REML, full for ML.
    k, n_clusters : int
        Number of effects and of clusters.
    q, q_df, q_p_value : float, int, float
        Test of (residual) heterogeneity, its degrees of freedom and p-value.
    q_m, q_m_df, q_m_p_value : float or None, tuple or None, float or None
        Test of all moderators together: chi-squared, or F under ``test="t"``, when `q_m_df`
        holds two numbers. None without moderators.
    i2 : dict of str to float
        Share of the variance of an effect that is not sampling error: ``"total"``, and what of
        it lies at level ``"cluster"`` and ``"effect"``.
    prediction_interval : tuple of float or None
        Where the true effect of a new effect in a new cluster is expected to lie; None with
        moderators.
    rho : float
        Assumed correlation of sampling errors within a cluster.
    formula, cluster, method, test : str
        The choices made, by option name; `cluster` is a column of `studies`.
    level : float
        Level of every interval.
    studies : DataFrame
        The rows pooled, in the table's order, with ``yi`` and ``vi``.
    design : ndarray, shape (K, P)
        Design matrix of these rows.
    excluded : DataFrame
        The rows not pooled: ``study`` and ``reason``.
    notes : tuple of str
        What a reader should know about this result, in sentences.
    """

    coefficients: pd.DataFrame
    covariance: pd.DataFrame
    sigma2: dict[str, float]
    log_likelihood: float
    k: int
    n_clusters: int
    q: float
    q_df: int
    q_p_value: float
    q_m: float | None
    q_m_df: tuple[float, ...] | None
    q_m_p_value: float | None
    i2: dict[str, float]
    prediction_interval: tuple[float, float] | None
    rho: float
    formula: str
    cluster: str
    method: str
    test: str
    level: float
    studies: pd.DataFrame
    design: Array
    excluded: pd.DataFrame
    notes: tuple[str, ...]
    _peak: Fit = field(repr=False)

    @property
    def estimate(self) -> float | None:
        """The pooled effect; None with moderators."""
        return self._only("estimate")

    @property
    def std_error(self) -> float | None:
        """Standard error of the pooled effect; None with moderators."""
        return self._only("std_error")

    @property
    def p_value(self) -> float | None:
        """p-value of the test of no effect; None with moderators."""
        return self._only("p_value")

    @property
    def ci(self) -> tuple[float, float] | None:
        """Confidence interval ``(low, high)`` of the pooled effect; None with moderators."""
        low, high = self._only("ci_low"), self._only("ci_high")
        return None if low is None or high is None else (low, high)

    def _only(self, column: str) -> float | None:
        if not is_intercept_only(self.formula):
            return None
        return float(self.coefficients[column].to_numpy()[0])

    def sigma2_ci(self, which: str, *, level: float | None = None) -> tuple[float, float]:
        """Return the profile-likelihood interval of one variance.

        Parameters
        ----------
        which : {"cluster", "effect"}
            The variance.
        level : float, optional
            Confidence level; by default that of the result.

        Returns
        -------
        tuple of float
            ``(low, high)``; a low of exactly 0 means that the data allow no variance there.
        """
        checks.option("which", which, VARIANCES)
        wanted = self.level if level is None else checks.level(level)
        return self._peak.model.interval(which, wanted, self._peak)

    def profile_intervals(self, *, level: float | None = None) -> dict[str, tuple[float, float]]:
        """Return the profile-likelihood intervals of both variances, by name."""
        return {which: self.sigma2_ci(which, level=level) for which in VARIANCES}

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients with the model's own numbers beside each, at full precision."""
        return self.coefficients.assign(
            k=self.k,
            n_clusters=self.n_clusters,
            sigma2_cluster=self.sigma2["cluster"],
            sigma2_effect=self.sigma2["effect"],
            i2_total=self.i2["total"],
            i2_cluster=self.i2["cluster"],
            i2_effect=self.i2["effect"],
            q=self.q,
            q_p_value=self.q_p_value,
            log_likelihood=self.log_likelihood,
        )

    def sentence(self) -> str:
        """Return the result as a sentence for a report."""
        percent = f"{100 * self.level:g}%"
        size = f"{count(self.k, 'effect')} in {count(self.n_clusters, 'cluster')}"
        shares = (
            f"{display.number(self.i2['cluster'], 0)}% of the variance lay between clusters, "
            f"{display.number(self.i2['effect'], 0)}% between the effects of a cluster and "
            f"{display.number(100 - self.i2['total'], 0)}% in sampling error"
        )
        head = f"A three-level model ({METHODS[self.method]}) of {size}"
        if self.ci is None:
            moderators = f"; the moderators together: p {display.p_value(self.q_m_p_value)}"
            return f"{head}, formula {self.formula}{moderators}. {shares}."
        return (
            f"{head} gave a pooled effect of {display.number(self.estimate)} ({percent} CI "
            f"{display.number(self.ci[0])} to {display.number(self.ci[1])}, "
            f"p {display.p_value(self.p_value)}). {shares}."
        )

    def _title(self) -> str:
        return f"Three-level model ({self.method.upper()})"

    def _facts(self) -> Sequence[tuple[str, str]]:
        percent = f"{100 * self.level:g}% CI"
        effects = [
            (
                "effect" if self.ci is not None else str(term),
                f"{display.number(row['estimate'])} {percent} "
                + display.interval((row["ci_low"], row["ci_high"]))
                + f", p {display.p_value(row['p_value'])}",
            )
            for term, row in self.coefficients.iterrows()
        ]
        variances = [
            (
                f"σ² {which}",
                display.number(self.sigma2[which], 4)
                + f" (I² {display.number(self.i2[which], 1)}%)",
            )
            for which in VARIANCES
        ]
        predicted = (
            [("prediction interval", display.interval(self.prediction_interval))]
            if self.prediction_interval
            else []
        )
        return [
            *effects,
            *predicted,
            *variances,
            ("Q", f"{display.number(self.q)}, df {self.q_df}, p {display.p_value(self.q_p_value)}"),
            ("effects", f"{self.k:,} in {count(self.n_clusters, 'cluster')}"),
        ]

    def _notes(self) -> Sequence[str]:
        return self.notes
