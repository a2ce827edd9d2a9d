"""The record of one meta-analysis: every number once, at full precision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

import numpy as np
import pandas as pd
from scipy.special import ndtr

from arrowroot.display import Shown, interval, number, p_value
from synthesis.measures import Measure
from synthesis.outcomes import Outcome
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.intervals import CI_NAMES, quantile
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.readable import study_sizes
from synthesis.pooling.studies import OfStudies
from synthesis.pooling.units import counted_fact
from synthesis.r_code import counts, meta_analysis
from synthesis.r_code.script import InR, Section

MODELS = {
    "common": "Common-effect model",
    "random": "Random-effects model",
    "mantel_haenszel": "Mantel-Haenszel method",
    "peto": "Peto's method",
}
"""Models by name, each with its name in prose."""


FITS = {"mantel_haenszel": "a Mantel-Haenszel fit", "peto": "a Peto fit"}
"""Models that add up two-by-two tables, each with what a message calls its result."""


@dataclass(frozen=True, eq=False, repr=False)
class MetaAnalysis(OfStudies, InR, Shown):
    """A pooled effect with everything that went into it.

    Effects are on the scale of analysis (`yi`); ratios are therefore logarithms, which
    `back` turns into ratios. Percentages run from 0 to 100.

    Attributes
    ----------
    estimate, std_error : float
        The pooled effect and its standard error.
    statistic, df, p_value : float, float or None, float
        The test that the effect is 0 on the scale of analysis; `df` is None where the reference
        distribution is normal. Measures of a single group have no value of no effect: no text
        prints the test then.
    ci : tuple of float
        Confidence interval ``(low, high)`` at `level`.
    tau2, tau2_se : float, float or None
        Between-study variance and its standard error (None where it is not defined).
    tau2_ci : tuple of float or None
        Interval for `tau2` at `level`; None where it cannot be computed or `tau2` was given.
    i2, i2_q, h2 : float
        I² from tau2 and the typical sampling variance; I² from Q; H².
    i2_ci : tuple of float or None
        The limits of `tau2_ci`, as I².
    q, q_df, q_p_value : float, int, float
        Cochran's Q, its degrees of freedom and p-value.
    prediction_interval : tuple of float or None
        Where the true effect of a new, similar setting is expected to lie.
    weights : Series
        Weight of each study in percent, indexed by study label.
    log_likelihood : float or None
        At the estimate: restricted for REML, full for every other method.
    k : int
        Number of effects pooled.
    level : float
        Confidence level of every interval.
    measure : Measure
        The effect measure.
    model, tau2_method, ci_method, tau2_ci_method, prediction_method : str
        The choices made, by option name; methods that do not apply are ``"none"``.
    studies : DataFrame
        The rows pooled: ``study``, ``yi``, ``vi`` and any other columns of the table.
    excluded : DataFrame
        The rows not pooled: ``study`` and ``reason``.
    dependence : {"none", "labels", "allowed", "ignored"}
        Whether every effect has a study label of its own; labels only repeat; effects of one
        study are those of different subgroups, or share a control arm that is divided among
        them; or effects that depend on each other were pooled as if they did not.
    notes : tuple of str
        What a reader should know about this result, in sentences.
    outcome : Outcome or None
        The declared outcome that all effects are of.
    """

    estimate: float
    std_error: float
    statistic: float
    df: float | None
    p_value: float
    ci: tuple[float, float]
    tau2: float
    tau2_se: float | None
    tau2_ci: tuple[float, float] | None
    i2: float
    i2_q: float
    i2_ci: tuple[float, float] | None
    h2: float
    q: float
    q_df: int
    q_p_value: float
    prediction_interval: tuple[float, float] | None
    weights: pd.Series
    log_likelihood: float | None
    k: int
    level: float
    measure: Measure
    model: str
    tau2_method: str
    ci_method: str
    tau2_ci_method: str
    prediction_method: str
    studies: pd.DataFrame
    excluded: pd.DataFrame
    notes: tuple[str, ...] = ()
    dependence: str = "none"
    outcome: Outcome | None = None

    @property
    def choices(self) -> Choices:
        """The choices made, ready to analyse other studies in the same way.

        Those of a Mantel-Haenszel or Peto fit are a common effect with Wald-type intervals.
        """
        if self.pools_tables:
            return Choices(model="common", ci="wald", prediction="none", level=self.level)
        settled: dict[str, str | float] = {"none": "reml", "given": self.tau2}
        return Choices(
            model=self.model,
            tau2=settled.get(self.tau2_method, self.tau2_method),
            ci=self.ci_method,
            prediction=self.prediction_method,
            level=self.level,
        )

    @property
    def pools_tables(self) -> bool:
        """Whether two-by-two tables were added up, rather than the studies' effects weighted."""
        return self.model in FITS

    @property
    def kind(self) -> str:
        """What a message calls this result."""
        return FITS.get(self.model, "a meta-analysis")

    @property
    def tau(self) -> float:
        """The between-study standard deviation, on the scale of the effects."""
        return math.sqrt(self.tau2)

    @property
    def back_n(self) -> float | None:
        """The sample size with which pooled values are turned back; None where none is needed.

        For the Freeman-Tukey double arcsine the harmonic mean of the studies' sample sizes
        (Miller 1978), as in metafor's ``transf.ipft.hm``.
        """
        return self.measure.n

    @overload
    def back(self, value: float) -> float: ...
    @overload
    def back(self, value: pd.Series) -> pd.Series: ...
    def back(self, value: float | pd.Series) -> float | pd.Series:
        """Convert a pooled value, or a column, to the scale that readers see.

        For values of single studies see `back_studies`.
        """
        return self.measure.back(value)

    def back_studies(self, values: pd.Series | np.ndarray) -> np.ndarray:
        """Convert one value of each study, shape (K,), to the scale that readers see.

        The same as `back`, except where a study's own sample size is part of the conversion.
        """
        sizes = study_sizes(self.studies, self.measure)
        return np.asarray(self.measure.back(np.asarray(values, dtype=float), sizes))

    def share_beyond(self, threshold: float) -> float:
        """Return the share of true effects above a threshold, in percent.

        Parameters
        ----------
        threshold : float
            On the scale of analysis (`yi`): for a risk ratio of 0.8, its logarithm.

        Returns
        -------
        float
            From the normal distribution with mean `estimate` and variance `tau2` (Mathur &
            VanderWeele 2019, Stat Med 38:1336-1342); 0 or 100 where tau2 is 0.
        """
        if self.tau2 == 0:
            return 100.0 if self.estimate > threshold else 0.0
        return 50 * math.erfc((threshold - self.estimate) / (self.tau * math.sqrt(2)))

    def to_frame(self) -> pd.DataFrame:
        """Return every number of the result in one row, unrounded.

        Returns
        -------
        DataFrame
            One row; limits of intervals as ``ci_low ci_high tau2_ci_low ...``.
        """
        limits = {
            f"{name}_{side}": None if pair is None else pair[place]
            for name, pair in (
                ("ci", self.ci),
                ("tau2_ci", self.tau2_ci),
                ("i2_ci", self.i2_ci),
                ("pi", self.prediction_interval),
            )
            for place, side in enumerate(("low", "high"))
        }
        names = (
            *(
                "k",
                "n_studies",
                "estimate",
                "std_error",
                "statistic",
                "df",
                "p_value",
                "tau2",
                "tau2_se",
            ),
            *("i2", "i2_q", "h2", "q", "q_df", "q_p_value", "log_likelihood", "level"),
            *("model", "tau2_method", "ci_method", "tau2_ci_method", "prediction_method"),
        )
        record = {name: getattr(self, name) for name in names}
        return pd.DataFrame([{"measure": self.measure.name, **record, **limits}])

    def study_frame(self) -> pd.DataFrame:
        """Return the studies with their own intervals and weights, unrounded.

        Returns
        -------
        DataFrame
            ``study yi vi std_error ci_low ci_high p_value weight effect effect_low
            effect_high``; intervals are normal, at `level`, and p-values those of the two-sided
            test of ``yi = 0``, NaN for measures without a value of no effect; weights in percent;
            ``effect`` and its limits are `yi` and the interval as readers see them.
        """
        std_error = np.sqrt(self.studies["vi"].to_numpy())
        half = quantile(self.level, None) * std_error
        effect = self.studies["yi"].to_numpy()
        return pd.DataFrame(
            {
                "study": self.studies["study"].to_numpy(),
                "yi": effect,
                "vi": self.studies["vi"].to_numpy(),
                "std_error": std_error,
                "ci_low": effect - half,
                "ci_high": effect + half,
                "p_value": 2 * ndtr(-np.abs(effect) / std_error)
                if self.measure.has_null
                else np.nan,
                "weight": self.weights.to_numpy(),
                "effect": self.back_studies(effect),
                "effect_low": self.back_studies(effect - half),
                "effect_high": self.back_studies(effect + half),
            }
        )

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return counts.section(self) if self.pools_tables else meta_analysis.section(self)

    def sentence(self) -> str:
        """Return the result as a sentence for a paper, with the choices named."""
        headline = (
            f"{self.method}, {self.k_in_words}: {self.measure.abbreviation} "
            f"{self._read(self.estimate)}, {self._percent()} CI {self._span(self.ci)}"
        )
        if self.measure.has_null:
            headline += f", p {p_value(self.p_value)}"
        parts = [headline]
        if self.k > 1:
            parts.append(
                f"heterogeneity: Q = {number(self.q)} on {self.q_df} df "
                f"(p {p_value(self.q_p_value)}), I² = {number(self.i2, 0)}%"
                + (f", tau² = {number(self.tau2, 3)}" if self.model == "random" else "")
            )
        if self.prediction_interval is not None:
            parts.append(
                f"{self._percent()} prediction interval {self._span(self.prediction_interval)}"
            )
        of = f"{self.outcome.label}: " if self.outcome else ""
        return of + "; ".join(parts) + "."

    def _percent(self) -> str:
        return f"{100 * self.level:g}%"

    def _read(self, value: float) -> str:
        return number(self.back(value))

    def _span(self, limits: tuple[float, float]) -> str:
        low, high = limits
        return f"{self._read(low)} to {self._read(high)}"

    @property
    def method(self) -> str:
        """The model, the estimator of tau2 and the interval, in words."""
        if self.model != "random":
            return f"{MODELS[self.model]}, {CI_NAMES[self.ci_method]} interval"
        return (
            f"Random-effects model ({TAU2_NAMES[self.tau2_method]}, "
            f"{CI_NAMES[self.ci_method]} interval)"
        )

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        method = self.method
        label = self.measure.label
        of = f"{self.outcome.label}, {label[0].lower()}{label[1:]}" if self.outcome else label
        return f"{of}: {method[0].lower()}{method[1:]}"

    def _facts(self) -> list[tuple[str, str]]:
        both = self.measure.scale != "identity"
        facts = [
            counted_fact(self.k_in_words),
            (f"{self.measure.abbreviation} ({self._percent()} CI)", self._with_span()),
        ]
        if self.measure.has_null:
            facts.append(("Test of no effect", self._test()))
        if both:
            log_span = interval(self.ci)
            facts.insert(2, ("On the scale of analysis", f"{number(self.estimate)} {log_span}"))
        if self.k > 1:
            if self.model == "random":
                within = "" if self.tau2_ci is None else f" {interval(self.tau2_ci, 3)}"
                facts.append(("tau² (between-study variance)", number(self.tau2, 3) + within))
                facts.append(("tau", number(self.tau, 3)))
            within = "" if self.i2_ci is None else f" {interval(self.i2_ci, 0)}"
            facts.append(("I² (%)", number(self.i2, 0) + within))
            facts.append(("Q", f"{number(self.q)}, df = {self.q_df}, p {p_value(self.q_p_value)}"))
        if self.prediction_interval is not None:
            name = f"{self._percent()} prediction interval"
            facts.append((name, self._span(self.prediction_interval)))
        return facts

    def _with_span(self) -> str:
        low, high = self.ci
        span = interval((self.back(low), self.back(high)))
        return f"{self._read(self.estimate)} {span}"

    def _test(self) -> str:
        letter = "z" if self.df is None else "t"
        df = "" if self.df is None else f", df = {self.df:g}"
        return f"{letter} = {number(self.statistic)}{df}, p {p_value(self.p_value)}"

    def _notes(self) -> tuple[str, ...]:
        return self.notes
