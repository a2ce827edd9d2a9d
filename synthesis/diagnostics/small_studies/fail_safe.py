"""Fail-safe N: how many unpublished null studies would overturn a result."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import ndtri

from arrowroot.display import Shown
from arrowroot.errors import EstimationError, OptionError
from arrowroot.options import confidence_level, one_of
from synthesis.diagnostics.studies import effects, require_null
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import missing
from synthesis.r_code.script import InR, Section

KINDS = ("rosenthal", "orwin", "rosenberg")

_QUESTIONS = {
    "rosenthal": "Studies of mean result zero that would raise the one-sided p-value of "
    "Stouffer's combined test to {alpha:g}",
    "orwin": "Studies of effect zero that would bring the unweighted mean effect to {target:.3g}",
    "rosenberg": "Studies of effect zero and average weight that would raise the two-sided p-value "
    "of the common effect to {alpha:g}",
}


@dataclass(frozen=True, eq=False, repr=False)
class FailSafe(InR, Shown):
    """A fail-safe N.

    Attributes
    ----------
    n : int
        Number of studies, rounded up.
    kind : str
        Whose definition.
    alpha : float or None
        The level that Rosenthal's and Rosenberg's tests must miss.
    target : float or None
        The effect that Orwin's mean must fall to, on the scale of analysis.
    k : int
        Number of effects pooled.
    notes : tuple of str
        What a reader should know, in sentences.
    k_in_words : str
        How many effects, and of how many studies.
    fit : MetaAnalysis
        The analysis that was tested.
    """

    n: int
    kind: str
    alpha: float | None
    target: float | None
    k: int
    notes: tuple[str, ...] = ()
    k_in_words: str = ""
    fit: MetaAnalysis | None = field(default=None, repr=False)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return missing.fail_safe(self, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the result in one row."""
        names = ("kind", "n", "k", "alpha", "target")
        return pd.DataFrame([{name: getattr(self, name) for name in names}])

    def _title(self) -> str:
        return f"Fail-safe N ({self.kind.title()})"

    def _facts(self) -> list[tuple[str, str]]:
        question = _QUESTIONS[self.kind].format(alpha=self.alpha, target=self.target)
        return [counted_fact(self.k_in_words or f"{self.k} studies"), (question, f"{self.n:,}")]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def fail_safe_n(
    fit: MetaAnalysis,
    *,
    kind: str = "rosenthal",
    alpha: float = 0.05,
    target: float | None = None,
) -> FailSafe:
    """Count the unpublished null studies that would overturn a result.

    Parameters
    ----------
    fit : MetaAnalysis
        Its effects and variances, and the direction of its pooled effect.
    kind : {"rosenthal", "orwin", "rosenberg"}
        Rosenthal: until the combined test, one-sided in its own direction, is no longer
        significant; the notes say so if the pooled effect points the other way. Orwin: until the
        mean effect falls to `target`. Rosenberg: until the common effect is no longer significant.
    alpha : float
        Level of significance: one-sided for Rosenthal, two-sided for Rosenberg.
    target : float, optional
        Orwin only: an effect too small to matter, on the scale of analysis; its sign follows
        the mean. By default half the mean, for which the answer is always k.

    Returns
    -------
    FailSafe

    Raises
    ------
    OptionError
        An option has no such value, or a target is zero.
    DataError
        The measure has no value of no effect, as proportions have none.
    EstimationError
        The mean effect is zero, so that there is nothing to overturn.

    References
    ----------
    Rosenthal 1979, Psychol Bull 86:638-641; Orwin 1983, J Educ Stat 8:157-159; Rosenberg 2005,
    Evolution 59:464-468.
    """
    one_of("kind", kind, KINDS)
    confidence_level(alpha)
    if target is not None and kind != "orwin":
        raise OptionError(f"target is for kind='orwin'; kind={kind!r} is about significance.")
    require_null(fit, "fail_safe_n")
    y, v = effects(fit)
    if kind == "orwin":
        goal = _target(y, target)
        notes = _turned(fit, y.mean(), "unweighted mean effect")
        if target is None:
            notes += (
                "Without a target, half the mean effect is used, and halving always needs as "
                "many null studies as there are studies. Name the smallest effect that matters.",
            )
        n = _whole(fit.k * (y.mean() / goal - 1))
        return FailSafe(n, kind, None, goal, fit.k, notes, fit.k_in_words, fit)
    if kind == "rosenthal":
        combined = float(np.sum(y / np.sqrt(v))) / math.sqrt(fit.k)
        n = _whole(fit.k * ((combined / ndtri(1 - alpha)) ** 2 - 1))
        usual = 5 * fit.k + 10
        notes = (
            *_turned(fit, combined, "combined test"),
            f"Rosenthal's rule of thumb calls a result robust above 5k + 10 = {usual}. The count "
            "assumes that unpublished studies average zero and ignores heterogeneity.",
        )
        return FailSafe(n, kind, alpha, None, fit.k, notes, fit.k_in_words, fit)
    weight = 1 / v
    n = _whole(fit.k * ((weight @ y / ndtri(1 - alpha / 2)) ** 2 / weight.sum() - 1))
    notes = _turned(fit, weight @ y, "common effect")
    return FailSafe(n, kind, alpha, None, fit.k, notes, fit.k_in_words, fit)


def _turned(fit: MetaAnalysis, value: float, name: str) -> tuple[str, ...]:
    """Return the caution where what is to be overturned is not on the side of the pooled effect."""
    if value * fit.estimate >= 0:
        return ()
    return (
        f"The {name} and the pooled effect point in opposite directions, so this count does not "
        "show how robust the pooled effect is.",
    )


def _target(y: Array, target: float | None) -> float:
    mean = float(y.mean())
    if mean == 0:
        raise EstimationError("fail_safe_n: the mean effect is 0, so there is nothing to overturn.")
    if target is None:
        return mean / 2
    if target == 0 or not math.isfinite(target):
        raise OptionError(
            f"target must be a finite effect other than 0; got {target!r}. No number of null "
            "studies brings a mean to exactly 0."
        )
    return math.copysign(target, mean)


def _whole(n: float) -> int:
    """Round up, except where only rounding error lies above a whole number."""
    nearest = round(n)
    return max(0, nearest if abs(n - nearest) < 1e-8 else math.ceil(n))
