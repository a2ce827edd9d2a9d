"""The record of a three-level model: every number once, at full precision."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from arrowroot.display import Shown, interval, number, p_value
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted
from synthesis.measures import Measure
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula.design import INTERCEPT, is_intercept_only
from synthesis.pooling.formula.in_r import formula_in_r
from synthesis.pooling.multilevel.working_model import VARIANCES, Fit
from synthesis.pooling.readable import terms_in_words
from synthesis.r_code import clusters
from synthesis.r_code.script import InR, Section

LEVELS = {"cluster": "between clusters", "effect": "between effects of a cluster"}
"""The two variances, in words."""


@dataclass(frozen=True, repr=False, eq=False)
class ThreeLevel(InR, Shown):
    """A three-level model with everything that went into it.

    Effects are on the scale of analysis (`yi`); `back` converts them to the one that readers see.
    Percentages run from 0 to 100.

    Attributes
    ----------
    coefficients : DataFrame
        By term: ``estimate std_error statistic df p_value ci_low ci_high``; ``df`` is NaN where
        the reference distribution is normal.
    covariance : ndarray, shape (P, P)
        Covariance of the coefficients.
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
        has two numbers. None without moderators.
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
    measure : Measure
        The effect measure.
    studies : DataFrame
        The rows pooled, in the table's order, with ``yi`` and ``vi``.
    design : DataFrame, shape (K, P)
        Design matrix of these rows.
    excluded : DataFrame
        The rows not pooled: ``study`` and ``reason``.
    notes : tuple of str
        What a reader should know about this result, in sentences.
    """

    coefficients: pd.DataFrame
    covariance: Array
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
    measure: Measure
    studies: pd.DataFrame
    design: pd.DataFrame
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
        one_of("which", which, VARIANCES)
        wanted = self.level if level is None else confidence_level(level)
        return self._peak.model.interval(which, wanted, self._peak)

    def profile_intervals(self, *, level: float | None = None) -> dict[str, tuple[float, float]]:
        """Return the profile-likelihood intervals of both variances, by name."""
        return {which: self.sigma2_ci(which, level=level) for which in VARIANCES}

    def back(self, value: float) -> float:
        """Convert a value from the scale of analysis to the one that readers see."""
        return self.measure.back(value)

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients, with the numbers of the model beside each, unrounded."""
        shares = {f"i2_{level}": share for level, share in self.i2.items()}
        variances = {f"sigma2_{which}": self.sigma2[which] for which in VARIANCES}
        names = ("k", "n_clusters", "q", "q_df", "q_p_value", "log_likelihood", "rho")
        record = {name: getattr(self, name) for name in names}
        return self.coefficients.reset_index().assign(**record, **variances, **shares)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        words = formula_in_r(self.studies, self.formula, self.design)
        return clusters.section(self, words, self._title())

    def sentence(self) -> str:
        """Return the result as a sentence for a paper, with the choices named."""
        size = f"{counted(self.k, 'effect')} in {counted(self.n_clusters, 'cluster')}"
        shares = (
            f"of the variance {number(self.i2['cluster'], 0)}% lay between clusters, "
            f"{number(self.i2['effect'], 0)}% between the effects of a cluster and "
            f"{number(100 - self.i2['total'], 0)}% was sampling error"
        )
        return f"{self._method()}, {size}: {self._headline()}; {shares}."

    def _method(self) -> str:
        rho = f", sampling errors correlated by {self.rho:g}" if self.rho else ""
        return f"Three-level model ({self.method.upper()}, {self.test} intervals{rho})"

    def _headline(self) -> str:
        if self.estimate is None or self.ci is None:
            moderators = f"moderators {self.formula}"
            tested = self.measure.has_null or INTERCEPT in self.coefficients.index
            if self.q_m is None or self.q_m_df is None or not tested:
                return moderators
            letter = "QM" if len(self.q_m_df) == 1 else "F"
            df = " and ".join(f"{part:g}" for part in self.q_m_df)
            p = p_value(self.q_m_p_value)
            return f"{moderators} {letter} = {number(self.q_m)} on {df} df (p {p})"
        text = (
            f"{self.measure.abbreviation} {number(self.back(self.estimate))}, {self._percent()} CI "
            f"{self._span(self.ci)}"
        )
        if self.measure.has_null:
            text += f", p {p_value(self.p_value)}"
        if self.prediction_interval is not None:
            predicted = self._span(self.prediction_interval)
            text += f"; {self._percent()} prediction interval {predicted}"
        return text

    def _percent(self) -> str:
        return f"{100 * self.level:g}%"

    def _span(self, limits: tuple[float, float]) -> str:
        low, high = limits
        return f"{number(self.back(low))} to {number(self.back(high))}"

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        method = self._method()
        return f"{self.measure.label}: {method[0].lower()}{method[1:]}"

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("Effects", f"{self.k:,} in {counted(self.n_clusters, 'cluster')}")]
        if self.estimate is not None and self.ci is not None:
            span = interval((self.back(self.ci[0]), self.back(self.ci[1])))
            facts += [
                (
                    f"{self.measure.abbreviation} ({self._percent()} CI)",
                    f"{number(self.back(self.estimate))} {span}",
                ),
            ]
            if self.measure.has_null:
                facts.append(("p", p_value(self.p_value).removeprefix("= ")))
        else:
            terms = terms_in_words(self.coefficients, self.measure, self.design.to_numpy())
            facts += list(terms.items())
        if self.prediction_interval is not None:
            name = f"{self._percent()} prediction interval"
            facts.append((name, self._span(self.prediction_interval)))
        for which, meaning in LEVELS.items():
            variance, share = number(self.sigma2[which], 3), number(self.i2[which], 0)
            facts.append((f"Variance {meaning}", f"{variance} (I² {share}%)"))
        facts.append(("Q", f"{number(self.q)}, df = {self.q_df}, p {p_value(self.q_p_value)}"))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes
