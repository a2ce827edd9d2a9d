"""Selection models: the effect if studies are published more readily when significant."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from arrowroot.display import Shown, interval, number, p_value
from arrowroot.errors import EstimationError, OptionError
from arrowroot.options import one_of
from arrowroot.text import counted, shortened
from synthesis.diagnostics.small_studies.step_likelihood import StepLikelihood, maximise
from synthesis.diagnostics.studies import (
    direction,
    effects,
    few_studies,
    refit,
    require,
    require_null,
)
from synthesis.measures import Measure
from synthesis.pooling.engine.intervals import quantile, two_sided
from synthesis.pooling.given import weighted_only
from synthesis.pooling.readable import back_notes
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import missing
from synthesis.r_code.script import InR, Section

ALTERNATIVES = ("greater", "less")
_ENOUGH = 4
"""With fewer studies than this in an interval, its weight is poorly estimated."""


@dataclass(frozen=True, repr=False, eq=False)
class SelectionModel(InR, Shown):
    """A fitted step-function selection model.

    Attributes
    ----------
    estimate, std_error : float
        The effect before selection, on the scale of analysis.
    statistic, p_value : float
        Its normal test of no effect.
    ci : tuple of float
        Its interval at `level`.
    tau2, tau2_se : float, float or None
        Between-study variance before selection; None where it is zero.
    delta : tuple of float
        Relative chance of being published for each interval of p-values; the first is 1.
    lrt, lrt_df, lrt_p_value : float, int, float
        Likelihood-ratio test against no selection.
    log_likelihood : float
        At the estimates.
    intervals : DataFrame
        One row per interval of one-sided p-values: ``above up_to studies delta std_error``.
    original : MetaAnalysis
        The same model without selection, by maximum likelihood.
    alternative : str
        The direction in which significance helps publication.
    k : int
        Number of studies.
    level : float
        Level of `ci`.
    measure : Measure
        The effect measure.
    notes : tuple of str
        What a reader should know, in sentences.
    """

    estimate: float
    std_error: float
    statistic: float
    p_value: float
    ci: tuple[float, float]
    tau2: float
    tau2_se: float | None
    delta: tuple[float, ...]
    lrt: float
    lrt_df: int
    lrt_p_value: float
    log_likelihood: float
    intervals: pd.DataFrame
    original: MetaAnalysis
    alternative: str
    k: int
    level: float
    measure: Measure
    notes: tuple[str, ...] = ()

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return missing.selection(self, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the result in one row, unrounded; the weights are in `intervals`."""
        names = (
            *("k", "estimate", "std_error", "statistic", "p_value", "tau2", "tau2_se"),
            *("lrt", "lrt_df", "lrt_p_value", "log_likelihood", "alternative", "level"),
        )
        record = {name: getattr(self, name) for name in names}
        return pd.DataFrame([{**record, "ci_low": self.ci[0], "ci_high": self.ci[1]}])

    def _title(self) -> str:
        return f"Step-function selection model, favouring {self.alternative} effects"

    def _facts(self) -> list[tuple[str, str]]:
        def read(value: float, limits: tuple[float, float]) -> str:
            low, high = (self.measure.back(limit) for limit in limits)
            return f"{number(self.measure.back(value))} {interval((low, high))}"

        name = self.measure.abbreviation
        cuts = self.intervals["up_to"].to_numpy()[:-1]
        steps = ", ".join(
            f"{number(delta)} for {_named(cuts, place)}" for place, delta in enumerate(self.delta)
        )
        return [
            counted_fact(self.original.k_in_words),
            (f"{name} without selection", read(self.original.estimate, self.original.ci)),
            (f"{name} allowing for selection", read(self.estimate, self.ci)),
            ("tau²", number(self.tau2, 3)),
            ("Relative chance of publication", steps),
            (
                "Test for selection",
                f"χ² = {number(self.lrt)}, df = {self.lrt_df}, p {p_value(self.lrt_p_value)}",
            ),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def selection_model(
    fit: MetaAnalysis,
    steps: Sequence[float] = (0.025,),
    *,
    alternative: str | None = "greater",
) -> SelectionModel:
    """Estimate the effect if the chance of publication depends on the p-value.

    The one-sided p-values of the studies are cut at `steps`; within an interval every study has
    the same chance of publication. One step at 0.025 is the three-parameter model.

    Parameters
    ----------
    fit : MetaAnalysis
        Under a common-effect fit tau2 stays 0; otherwise it is estimated again, by maximum
        likelihood. Every interval must contain at least one study.
    steps : sequence of float
        Rising one-sided p-values strictly between 0 and 1; the last interval ends at 1.
    alternative : {"greater", "less"} or None
        Which effects count as significant, and so are published more readily: high ones, as in
        metafor, or low ones; None takes those in the direction of the pooled effect. The notes
        say so if the pooled effect points the other way.

    Returns
    -------
    SelectionModel

    Raises
    ------
    OptionError
        Steps out of order or range; an unknown alternative.
    EstimationError
        An interval without studies, whose weight cannot be estimated; too few studies; a
        likelihood without a maximum; with ``alternative=None``, a pooled effect of 0.

    References
    ----------
    Hedges 1992, Stat Sci 7:246-255; Vevea & Hedges 1995, Psychometrika 60:419-435. Estimates
    and standard errors are exact to the maximum: the search starts from several places and
    ends with Newton's method on analytic derivatives.
    """
    weighted_only(fit, "selection_model")
    require_null(fit, "selection_model")
    cuts = _checked(steps)
    if alternative is None:
        alternative = direction(fit, "selection_model")
    one_of("alternative", alternative, ALTERNATIVES)
    require(fit, len(cuts) + 2, "selection_model")
    original = refit(
        fit, fit.studies, replace(fit.choices, tau2="ml", ci="wald", prediction="none")
    )
    sign = 1.0 if alternative == "greater" else -1.0
    y, v = effects(fit)
    unit = math.sqrt(float(np.median(v)))  # puts the search on one scale, whatever the measure
    likelihood = StepLikelihood(sign * y / unit, v / unit**2, cuts)
    _refuse_empty(likelihood.counts, cuts, fit, alternative)
    start = np.array([sign * original.estimate / unit, original.tau2 / unit**2])
    best = maximise(likelihood, start, tau2_free=fit.model == "random")

    estimate, tau2 = sign * unit * float(best.theta[0]), unit**2 * float(best.theta[1])
    errors = np.sqrt(np.diag(best.covariance))
    std_error = unit * float(errors[0])
    unselected = likelihood(np.concatenate([start, np.zeros(len(cuts))]))[0]
    lrt = max(0.0, 2 * (best.log_likelihood - unselected))
    delta = np.concatenate([[1.0], np.exp(best.theta[2:])])
    half = quantile(fit.level, None) * std_error
    ci = estimate - half, estimate + half
    limits = {"the effect allowing for selection": (estimate,), "its confidence interval": ci}
    return SelectionModel(
        estimate=estimate,
        std_error=std_error,
        statistic=estimate / std_error,
        p_value=float(two_sided(np.array(estimate / std_error), None)),
        ci=ci,
        tau2=tau2,
        tau2_se=unit**2 * float(errors[1]) if tau2 > 0 else None,
        delta=tuple(delta.tolist()),
        lrt=lrt,
        lrt_df=len(cuts),
        lrt_p_value=float(chdtrc(len(cuts), lrt)),
        log_likelihood=best.log_likelihood - fit.k * math.log(unit),
        intervals=pd.DataFrame(
            {
                "above": [0.0, *cuts],
                "up_to": [*cuts, 1.0],
                "studies": likelihood.counts,
                "delta": delta,
                "std_error": [np.nan, *(delta[1:] * errors[2:])],
            }
        ),
        original=original,
        alternative=alternative,
        k=fit.k,
        level=fit.level,
        measure=fit.measure,
        notes=(
            *_notes(fit, alternative, likelihood.counts, cuts),
            *back_notes(fit.measure, fit.studies, fit.level, limits),
        ),
    )


def _checked(steps: Sequence[float]) -> np.ndarray:
    cuts = np.atleast_1d(np.asarray(steps, dtype=float))
    if len(cuts) and cuts[-1] == 1:
        cuts = cuts[:-1]
    inside = len(cuts) > 0 and bool(((cuts > 0) & (cuts < 1)).all())
    if not inside or (np.diff(cuts) <= 0).any():
        raise OptionError(
            "steps must be rising one-sided p-values between 0 and 1, such as (0.025,) or "
            f"(0.025, 0.5); got {steps!r}."
        )
    return cuts


def _named(cuts: np.ndarray, place: int) -> str:
    limits = [0.0, *cuts.tolist(), 1.0]
    return f"{limits[place]:g} < p ≤ {limits[place + 1]:g}"


def _refuse_empty(
    counts: np.ndarray, cuts: np.ndarray, fit: MetaAnalysis, alternative: str
) -> None:
    empty = np.flatnonzero(counts == 0).tolist()
    if not empty:
        return
    listed = shortened(_named(cuts, place) for place in empty)
    advice = "Leave out a step, so that every interval contains studies."
    against = "less" if alternative == "greater" else "greater"
    if fit.estimate * (1 if alternative == "greater" else -1) < 0:
        advice += (
            f" The pooled effect is in the other direction: alternative={against!r} takes "
            "effects of that sign as the ones that favour publication."
        )
    raise EstimationError(
        f"selection_model: no study has its one-sided p-value (alternative={alternative!r}) in "
        f"{listed}, so the chance of publication there cannot be estimated. {advice}"
    )


def _notes(
    fit: MetaAnalysis, alternative: str, counts: np.ndarray, cuts: np.ndarray
) -> tuple[str, ...]:
    notes = list(few_studies(fit))
    if fit.estimate * (1 if alternative == "greater" else -1) < 0:
        notes.append(
            f"alternative={alternative!r} takes effects with the opposite sign to the pooled one "
            "as those that favour publication; alternative=None takes its direction."
        )
    for place in np.flatnonzero(counts < _ENOUGH).tolist():
        held = counted(int(counts[place]), "study has its", "studies have their")
        notes.append(
            f"Only {held} p-value in {_named(cuts, place)}: weights and effect rest on little data."
        )
    return tuple(notes)
