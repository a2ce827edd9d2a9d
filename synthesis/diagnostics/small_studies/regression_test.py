"""The result of a regression test for small-study effects."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from arrowroot.display import Shown, interval, number, p_value
from synthesis.diagnostics.small_studies.predictors import PREDICTORS
from synthesis.measures import Measure
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import small_studies
from synthesis.r_code.script import InR, Section


@dataclass(frozen=True, repr=False, eq=False)
class RegressionTest(InR, Shown):
    """A test of whether effects change with the precision or size of the studies.

    Attributes
    ----------
    name : str
        The test's name.
    coefficients : DataFrame
        The regression, by term (``intercept`` and the predictor): ``estimate std_error
        statistic df p_value ci_low ci_high``.
    df : float or None
        Degrees of freedom of the test; None where the reference distribution is normal.
    model, predictor : str
        The choices made.
    k : int
        Number of studies tested.
    level : float
        Level of the intervals.
    measure : Measure
        The effect measure; the numbers here are on its scale of analysis.
    excluded : DataFrame
        Studies of the fit that are not in the test: ``study reason``.
    notes : tuple of str
        What a reader should know, in sentences.
    k_in_words : str
        How many effects were tested, and of how many studies.
    fit : MetaAnalysis
        The analysis that was tested.
    studies : DataFrame
        The rows tested: ``study yi vi x``, the predictor and the inverse of the weights.
    """

    name: str
    coefficients: pd.DataFrame
    df: float | None
    model: str
    predictor: str
    k: int
    level: float
    measure: Measure
    excluded: pd.DataFrame
    notes: tuple[str, ...] = ()
    k_in_words: str = ""
    fit: MetaAnalysis | None = field(default=None, repr=False)
    studies: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return small_studies.regression_test(self, self._title())

    def coefficient(self, term: str, column: str) -> float:
        """Return one number of `coefficients`."""
        return float(self.coefficients.loc[term, column])  # type: ignore[arg-type]

    @property
    def statistic(self) -> float:
        """The slope over its standard error."""
        return self.coefficient(self.predictor, "statistic")

    @property
    def p_value(self) -> float:
        """The two-sided test of no slope."""
        return self.coefficient(self.predictor, "p_value")

    @property
    def limit_estimate(self) -> float | None:
        """The effect of a study of unlimited size; None for predictors that grow with it."""
        if PREDICTORS[self.predictor].grows:
            return None
        return self.coefficient("intercept", "estimate")

    @property
    def limit_ci(self) -> tuple[float, float] | None:
        """The interval of `limit_estimate`."""
        if PREDICTORS[self.predictor].grows:
            return None
        return self.coefficient("intercept", "ci_low"), self.coefficient("intercept", "ci_high")

    def to_frame(self) -> pd.DataFrame:
        """Return the test in one row, unrounded."""
        low, high = self.limit_ci or (None, None)
        names = ("name", "model", "predictor", "k", "statistic", "df", "p_value", "limit_estimate")
        record = {name: getattr(self, name) for name in names}
        return pd.DataFrame([{**record, "limit_ci_low": low, "limit_ci_high": high}])

    def _title(self) -> str:
        return f"{self.name}, {'weighted' if self.model == 'lm' else 'mixed-effects'} regression"

    def _facts(self) -> list[tuple[str, str]]:
        letter, df = ("z", "") if self.df is None else ("t", f", df = {self.df:g}")
        facts = [
            counted_fact(self.k_in_words or f"{self.k} studies"),
            ("Test", f"{letter} = {number(self.statistic)}{df}, p {p_value(self.p_value)}"),
            ("Predictor", self.predictor),
        ]
        if self.limit_estimate is not None:
            limit = f"{number(self.limit_estimate)} {interval(self.limit_ci)}"
            name = f"Effect of a study of unlimited size{self.measure.on_scale}"
            facts.append((f"{name} ({self.level:.0%} CI)", limit))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes
