"""Regression tests for small-study effects: Egger's and Peters's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval, number, p_value
from arrowroot.errors import EstimationError
from arrowroot.options import one_of
from synthesis import checks
from synthesis.diagnostics.studies import effects, few_studies, labels, require, sample_sizes
from synthesis.measures import Measure
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.coefficients import coefficient_table
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact

MODELS = ("lm", "mixed")

PREDICTORS: dict[str, Callable[[Array], Array]] = {
    "sei": np.sqrt,
    "vi": np.array,
    "ni": np.array,
    "ninv": np.reciprocal,
    "sqrtni": np.sqrt,
    "sqrtninv": lambda n: 1 / np.sqrt(n),
}
"""How each predictor is computed from the variance, or from the sample size (names with an n)."""

_GROW_WITH_THE_STUDY = ("ni", "sqrtni")

_CAUTIONS = {
    "smd": "The variance of a standardised mean difference depends on the effect itself, so this "
    "test finds asymmetry too often; predictor='sqrtninv' does not (Pustejovsky & Rodgers 2019).",
    "or": "The variance of a log odds ratio depends on the effect itself, so this test finds "
    "asymmetry too often where effects are large; peters_test does not.",
}
"""Measures whose standard error is not a fair predictor."""


@dataclass(frozen=True, repr=False, eq=False)
class RegressionTest(Shown):
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
        Number of effects.
    level : float
        Level of the intervals.
    measure : Measure
        The effect measure; the numbers here are on its scale of analysis.
    notes : tuple of str
        What a reader should know, in sentences.
    k_in_words : str
        How many effects, and of how many studies.
    """

    name: str
    coefficients: pd.DataFrame
    df: float | None
    model: str
    predictor: str
    k: int
    level: float
    measure: Measure
    notes: tuple[str, ...] = ()
    k_in_words: str = ""

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
        if self.predictor in _GROW_WITH_THE_STUDY:
            return None
        return self.coefficient("intercept", "estimate")

    @property
    def limit_ci(self) -> tuple[float, float] | None:
        """The interval of `limit_estimate`."""
        if self.predictor in _GROW_WITH_THE_STUDY:
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


def egger_test(fit: MetaAnalysis, *, model: str = "lm", predictor: str = "sei") -> RegressionTest:
    """Test whether small studies show different effects from large ones.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies whose predictor differs.
    model : {"lm", "mixed"}
        ``"lm"``: Egger's own, weighted least squares with a multiplicative error, t on k - 2.
        ``"mixed"``: meta-regression with the tau2 estimator and the interval of `fit`
        (``"profile"`` becomes Wald-type).
    predictor : {"sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"}
        Standard error, variance, sample size, its inverse, its root, the inverse of its root.
        Those with an n need columns ``n``, or ``n_t`` and ``n_c``.

    Returns
    -------
    RegressionTest

    Raises
    ------
    OptionError
        An option has no such value.
    EstimationError
        Fewer than three studies, all with the same precision, or effects exactly on a line.
    DataError
        Sample sizes are needed and missing.

    References
    ----------
    Egger et al. 1997, BMJ 315:629-634; Sterne & Egger 2005, in Rothstein et al. (eds),
    Publication Bias in Meta-Analysis, ch. 6; Pustejovsky & Rodgers 2019, Res Synth Methods
    10:57-71, for standardised mean differences.
    """
    one_of("model", model, MODELS)
    one_of("predictor", predictor, list(PREDICTORS))
    v = effects(fit)[1]
    base = sample_sizes(fit, f"predictor={predictor!r}") if "n" in predictor else v
    caution = _CAUTIONS.get(fit.measure.name) if predictor in ("sei", "vi") else None
    return _regress(
        fit,
        name="Egger's test",
        model=model,
        predictor=predictor,
        v=v,
        x=PREDICTORS[predictor](base),
        notes=(caution,) if caution else (),
    )


def peters_test(fit: MetaAnalysis) -> RegressionTest:
    """Test whether effects change with the inverse of the sample size.

    For odds ratios, whose standard error depends on the effect itself, this keeps its error
    rate where Egger's test does not.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies with ``n``, or ``n_t`` and ``n_c``. Where the table also has
        ``events_t`` and ``events_c``, studies are weighted by
        ``1 / (1 / events + 1 / non-events)``, as Peters proposed; otherwise ``1 / vi``, and the
        notes say so.

    Returns
    -------
    RegressionTest

    Raises
    ------
    DataError
        Sample sizes are missing, or a study has no events, or nothing but events.
    EstimationError
        As in `egger_test`.

    References
    ----------
    Peters et al. 2006, JAMA 295:676-680.
    """
    names, n = labels(fit), sample_sizes(fit, "peters_test")
    v = effects(fit)[1]
    notes: tuple[str, ...] = ()
    if {"events_t", "events_c"} <= set(fit.studies.columns):
        arms = [checks.numeric(fit.studies[name], names) for name in ("events_t", "events_c")]
        events = np.sum(arms, axis=0)
        rule = "events_t + events_c must be > 0 and below the sample size for peters_test"
        checks.refuse(rule, events, ~((events > 0) & (events < n)), names)
        v = 1 / events + 1 / (n - events)
    else:
        notes = (
            "The table has no columns 'events_t' and 'events_c', so studies are weighted by "
            "their inverse variance instead of Peters's weights.",
        )
    return _regress(
        fit, name="Peters's test", model="lm", predictor="ninv", v=v, x=1 / n, notes=notes
    )


def _regress(
    fit: MetaAnalysis,
    *,
    name: str,
    model: str,
    predictor: str,
    v: Array,
    x: Array,
    notes: tuple[str, ...],
) -> RegressionTest:
    require(fit, 3, name)
    if np.ptp(x) <= 1e-12 * x.max():
        raise EstimationError(
            f"{name} needs studies that differ in {predictor}; here it is {x[0]:g} in all of them."
        )
    y = effects(fit)[0]
    choices = fit.choices
    scale = x.max()  # keeps the design well conditioned, whatever the unit of the predictor
    design = np.column_stack([np.ones(fit.k), x / scale])
    if model == "lm":
        beta, covariance = _least_squares(y, v, design)
        df: float | None = float(fit.k - 2)
    else:
        beta, covariance, df = _mixed(y, v, design, choices)
    if not np.all(np.diag(covariance) > 0):
        raise EstimationError(
            f"{name}: the effects of all {fit.k_in_words} lie exactly on a line, which leaves no "
            "error to test against. Check whether effects or variances were copied."
        )
    back = np.array([1.0, 1 / scale])
    coefficients = coefficient_table(
        ["intercept", predictor],
        beta * back,
        covariance * np.outer(back, back),
        None if df is None else np.full(2, df),
        fit.level,
    )
    notes = (*few_studies(fit), *notes)
    return RegressionTest(
        name,
        coefficients,
        df,
        model,
        predictor,
        fit.k,
        fit.level,
        fit.measure,
        notes,
        fit.k_in_words,
    )


def _least_squares(y: Array, v: Array, design: Array) -> tuple[Array, Array]:
    """Return coefficients and covariance of weighted least squares, its error multiplicative."""
    from statsmodels.regression.linear_model import WLS

    fitted = WLS(y, design, weights=1 / v).fit()
    # Residuals at the rounding of the effects themselves are none.
    exact = fitted.ssr <= 1e-28 * float((y**2 / v).sum())
    return fitted.params, np.zeros((2, 2)) if exact else fitted.cov_params()


def _mixed(
    y: Array, v: Array, design: Array, choices: Choices
) -> tuple[Array, Array, float | None]:
    """Return coefficients, covariance and degrees of freedom of a meta-regression."""
    from synthesis.pooling.engine.estimator import Pooling

    ci = str(choices.ci)
    params = Pooling(choices.estimator, ci).fit(y[:, None], v[:, None], design).params_
    df = float(len(y) - 2) if ci in ("hksj", "hksj_modified", "wald_t") else None
    return params["fe_params"][:, 0], params["inv_cov"][:, :, 0], df
