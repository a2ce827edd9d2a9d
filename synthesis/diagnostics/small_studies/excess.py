"""The test of excess significance: more significant studies than their power explains."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import bdtrc, ndtr, ndtri

from arrowroot.display import Shown, number, p_value
from arrowroot.options import confidence_level, one_of
from synthesis.diagnostics.studies import (
    by_study,
    direction,
    effects,
    few_studies,
    require,
    require_null,
)
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import missing
from synthesis.r_code.script import InR, Section

EFFECTS = ("common", "fit")
TESTS = ("exact", "chi2", "binomial")
ALTERNATIVES = ("two_sided", "greater", "less")


@dataclass(frozen=True, repr=False, eq=False)
class ExcessSignificance(InR, Shown):
    """A test of excess significance.

    Attributes
    ----------
    observed : int
        Number of significant studies.
    expected : float
        The sum of the studies' powers.
    p_value : float
        One-sided: as many significant studies, or more, if `expected` is right.
    statistic : float or None
        Chi-squared with one degree of freedom; None for the other tests.
    test : str
        How `p_value` was found.
    power : Series
        Power of each study to find `theta`, 0 to 1.
    theta : float
        The effect assumed true, on the scale of analysis.
    alpha : float
        Level at which a study counts as significant.
    k : int
        Number of effects.
    notes : tuple of str
        What a reader should know, in sentences.
    k_in_words : str
        How many effects, and of how many studies.
    effect, alternative : str
        The choices made.
    fit : MetaAnalysis
        The analysis that was tested.
    """

    observed: int
    expected: float
    p_value: float
    statistic: float | None
    test: str
    power: pd.Series
    theta: float
    alpha: float
    k: int
    notes: tuple[str, ...] = ()
    k_in_words: str = ""
    effect: str = "common"
    alternative: str = "two_sided"
    fit: MetaAnalysis | None = field(default=None, repr=False)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return missing.excess(self, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the test in one row, unrounded."""
        names = ("k", "observed", "expected", "p_value", "statistic", "test", "theta", "alpha")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def _title(self) -> str:
        return "Test of excess significance"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            counted_fact(self.k_in_words or f"{self.k} studies"),
            ("Significant studies", f"{self.observed} observed, {number(self.expected)} expected"),
            ("Excess", f"p {p_value(self.p_value)} (one-sided, {self.test})"),
            ("Effect assumed", number(self.theta)),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def excess_significance(
    fit: MetaAnalysis,
    *,
    effect: str = "common",
    alternative: str | None = "two_sided",
    alpha: float = 0.05,
    test: str = "exact",
) -> ExcessSignificance:
    """Compare the number of significant studies with the number their power predicts.

    Parameters
    ----------
    fit : MetaAnalysis
        At least two studies.
    effect : {"common", "fit"}
        The true effect assumed: the common-effect estimate, as first proposed; or that of
        `fit`, with true effects spread normally around it by its tau2.
    alternative : {"two_sided", "greater", "less"} or None
        How each study is assumed to have tested its effect; None takes a one-sided test in the
        direction of the pooled effect.
    alpha : float
        Level at which a study counts as significant.
    test : {"exact", "chi2", "binomial"}
        ``"exact"``: the distribution of a sum of trials of unequal power; ``"binomial"``: all
        with the mean power; ``"chi2"``: its normal approximation.

    Returns
    -------
    ExcessSignificance

    Raises
    ------
    OptionError
        An option has no such value.
    EstimationError
        Fewer than two studies; with ``alternative=None``, a pooled effect of 0.

    References
    ----------
    Ioannidis & Trikalinos 2007, Clin Trials 4:245-253. The exact test is the one of
    metafor's ``tes``.
    """
    one_of("effect", effect, EFFECTS)
    if alternative is None:
        alternative = direction(fit, "excess_significance")
    one_of("alternative", alternative, ALTERNATIVES)
    one_of("test", test, TESTS)
    confidence_level(alpha)
    require_null(fit, "excess_significance")
    require(fit, 2, "excess_significance")
    y, v = effects(fit)
    weight = 1 / v
    theta = fit.estimate if effect == "fit" else float(weight @ y / weight.sum())
    tau2 = fit.tau2 if effect == "fit" else 0.0
    power = np.zeros(fit.k)
    significant = np.zeros(fit.k, dtype=bool)
    for sign in {"two_sided": (1, -1), "greater": (1,), "less": (-1,)}[alternative]:
        # A study finds sign * y beyond this; y is normal about theta with variance v + tau2.
        beyond = -ndtri(alpha / 2 if alternative == "two_sided" else alpha) * np.sqrt(v)
        power += ndtr((sign * theta - beyond) / np.sqrt(v + tau2))
        significant |= sign * y >= beyond
    observed, expected = int(significant.sum()), float(power.sum())
    return ExcessSignificance(
        observed=observed,
        expected=expected,
        p_value=_as_many_or_more(observed, power, test),
        statistic=_chi_squared(observed, power) if test == "chi2" else None,
        test=test,
        power=pd.Series(power, index=by_study(fit), name="power"),
        theta=theta,
        alpha=alpha,
        k=fit.k,
        notes=(*few_studies(fit), *_against(fit, alternative)),
        k_in_words=fit.k_in_words,
        effect=effect,
        alternative=alternative,
        fit=fit,
    )


def _against(fit: MetaAnalysis, alternative: str) -> tuple[str, ...]:
    """Return the caution for one-sided tests against the pooled effect, if it applies."""
    if fit.estimate * {"two_sided": 0, "greater": 1, "less": -1}[alternative] >= 0:
        return ()
    return (
        f"alternative={alternative!r} counts only effects with the opposite sign to the pooled one "
        "as significant; alternative=None takes the pooled direction.",
    )


def _chi_squared(observed: int, power: Array) -> float:
    k, expected = len(power), float(power.sum())
    # Where every power is 1, every study is significant and nothing is left to compare.
    return (observed - expected) ** 2 / (expected * (1 - expected / k)) if expected < k else 0.0


def _as_many_or_more(observed: int, power: Array, test: str) -> float:
    k, expected = len(power), float(power.sum())
    if test == "binomial":
        return float(bdtrc(observed - 1, k, expected / k)) if observed else 1.0
    if test == "chi2":
        root = math.copysign(math.sqrt(_chi_squared(observed, power)), observed - expected)
        return float(ndtr(-root))
    chances = np.ones(1)
    for one in power:
        chances = np.convolve(chances, [1 - one, one])
    return min(1.0, float(chances[observed:].sum()))
