"""The rank correlation test for funnel-plot asymmetry."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number, p_value
from arrowroot.errors import EstimationError
from synthesis.diagnostics.small_studies.predictors import effect_in_variance
from synthesis.diagnostics.studies import effects, few_studies, require, sum_of_others
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import small_studies
from synthesis.r_code.script import InR, Section

_EXACT_UP_TO = 500
"""Number of studies up to which counting all orders takes no noticeable time."""


@dataclass(frozen=True, eq=False, repr=False)
class RankTest(InR, Shown):
    """Begg and Mazumdar's test.

    Attributes
    ----------
    tau : float
        Kendall's rank correlation of the standardised effects with their variances, -1 to 1.
    p_value : float
        Two-sided test of no correlation.
    exact : bool
        Whether `p_value` counts orders; with ties it is from the normal approximation.
    k : int
        Number of effects.
    notes : tuple of str
        What a reader should know, in sentences.
    k_in_words : str
        How many effects, and of how many studies.
    fit : MetaAnalysis
        The analysis that was tested.
    """

    tau: float
    p_value: float
    exact: bool
    k: int
    notes: tuple[str, ...] = ()
    k_in_words: str = ""
    fit: MetaAnalysis | None = field(default=None, repr=False)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return small_studies.rank_test(self, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the test in one row, unrounded."""
        return pd.DataFrame(
            [{"k": self.k, "tau": self.tau, "p_value": self.p_value, "exact": self.exact}]
        )

    def _title(self) -> str:
        return "Begg and Mazumdar's rank test"

    def _facts(self) -> list[tuple[str, str]]:
        how = "exact" if self.exact else "normal approximation"
        return [
            counted_fact(self.k_in_words or f"{self.k} studies"),
            ("Kendall's tau", f"{number(self.tau)}, p {p_value(self.p_value)} ({how})"),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def rank_test(fit: MetaAnalysis) -> RankTest:
    """Test whether effects and their variances are rank-correlated.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies. Effects are centred on their common-effect mean, whatever the model
        of the fit.

    Returns
    -------
    RankTest

    Raises
    ------
    EstimationError
        Fewer than three studies, or all with the same variance or the same effect.

    References
    ----------
    Begg & Mazumdar 1994, Biometrics 50:1088-1101.
    """
    from scipy.stats import kendalltau

    require(fit, 3, "rank_test")
    y, v = effects(fit)
    weight = 1 / v
    mean = float(weight @ y / weight.sum())
    # The variance of y - mean is v - 1 / sum(w), here without the subtraction.
    standardised = (y - mean) / np.sqrt(v * sum_of_others(weight) / weight.sum())
    distinct = len(np.unique(standardised)), len(np.unique(v))
    if 1 in distinct:
        what = "effects" if distinct[0] == 1 else "variances"
        raise EstimationError(f"rank_test: all {what} are equal, so there is no order to compare.")
    exact = min(distinct) == fit.k <= _EXACT_UP_TO
    result = kendalltau(standardised, v, method="exact" if exact else "asymptotic")
    tau, p = float(result.statistic), float(result.pvalue)
    notes = (*few_studies(fit), *effect_in_variance(fit))
    return RankTest(tau, p, exact, fit.k, notes, fit.k_in_words, fit)
