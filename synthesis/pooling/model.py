"""One meta-analysis: a table of effects in, a `MetaAnalysis` out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot.display import interval
from arrowroot.errors import EstimationError
from arrowroot.options import one_of
from synthesis.pooling.doubts import outcome_of
from synthesis.pooling.engine import intervals
from synthesis.pooling.engine.batch import Choices, Pooled, pool
from synthesis.pooling.engine.weighted import Array, intercept
from synthesis.pooling.readable import back_notes
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.studies import find_measure, split_studies

TAU2_CI_METHODS = ("q_profile", "profile", "none")
_ONE_STUDY = (
    "There is one study: nothing is pooled. The result is that study's own effect with a normal "
    "interval, and heterogeneity cannot be estimated."
)
_ONE_STUDY_GIVEN = (
    "There is one study: nothing is pooled. The result is that study's own effect; its normal "
    "interval includes the tau² given, and so is wider than the study's own."
)


def meta_analysis(
    effects: pd.DataFrame,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    measure: str | None = None,
    model: str = "random",
    tau2: str | float = "reml",
    ci: str | None = None,
    level: float = 0.95,
    prediction: str = "as_interval",
    tau2_ci: str = "q_profile",
    dependent: str = "refuse",
) -> MetaAnalysis:
    """Pool the effects of several studies.

    Every row counts as a study of its own. Rows of one study that the table shows to depend on
    each other are therefore refused unless ``dependent="ignore"``; rows that only repeat a label
    (two trials of one author and year) are numbered, and the result says so.

    Parameters
    ----------
    effects : DataFrame
        One row per study. A row without effect or variance is not pooled, and listed in
        `MetaAnalysis.excluded` with the reason.
    yi, vi, study : str
        Columns of the effects, of their sampling variances (squared standard errors, > 0) and
        of the study labels.
    measure : str, optional
        What the effects are, such as ``"smd"`` or ``"rr"`` (on the log scale); by default the
        table's column ``measure``, and without one ``"generic"``.
    model : {"random", "common"}
        Random effects allow the true effect to differ between studies.
    tau2 : {"reml", "dl", "pm", "ml", "eb", "sj", "he", "hs", "hs_k", "dl2", "pm_median"} or float
        Estimator of the between-study variance, or its value where it is known.
    ci : {"hksj", "hksj_modified", "wald", "wald_t", "profile"}, optional
        Interval of the pooled effect; by default ``"hksj"`` under random effects and
        ``"wald"`` under a common effect.
    level : float
        Level of every interval, between 0 and 1.
    prediction : {"as_interval", "cochrane", "higgins", "normal", "none"}
        How the prediction interval is calculated; see
        `synthesis.pooling.engine.intervals.prediction`.
    tau2_ci : {"q_profile", "profile", "none"}
        Interval for tau2: Q-profile, or profile likelihood (restricted unless tau2 is
        ``"ml"``). A tau2 given as a number has none.
    dependent : {"refuse", "ignore"}
        What is done about rows of one study that depend on each other, because they differ in
        outcome, time, comparison or subgroup, or share a control arm: they are refused, or
        pooled as if they were independent, which the result then says.

    Returns
    -------
    MetaAnalysis

    Raises
    ------
    DataError
        Missing column, text where a number is expected, a variance that is not positive, several
        measures in one table, no study left, rows of one study that depend on each other, or
        a row that is in the table twice.
    OptionError
        An option has no such value.
    EstimationError
        The Hartung-Knapp interval has no width because all effects are equal.

    References
    ----------
    Cochrane Handbook, chapter 10, with Cochrane's methods for random-effects meta-analysis of
    2025: REML, Hartung-Knapp-Sidik-Jonkman, Q-profile interval, prediction interval.

    Examples
    --------
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.5], "vi": [0.04] * 3})
    >>> fit = meta_analysis(table, measure="smd", ci="wald")
    >>> round(fit.estimate, 3), fit.k
    (0.3, 3)
    """
    choices = Choices(model=model, tau2=tau2, ci=ci, level=level, prediction=prediction)
    one_of("tau2_ci", tau2_ci, TAU2_CI_METHODS)
    studies, excluded, notes, units = split_studies(
        effects, yi=yi, vi=vi, study=study, dependent=dependent
    )
    y, v = studies["yi"].to_numpy()[:, None], studies["vi"].to_numpy()[:, None]
    pooled = pool(y, v, choices)
    k, df, ci_method = len(studies), float(pooled.df[0]), str(choices.ci)
    if k > 1 and np.isnan(pooled.ci_low[0]):
        raise EstimationError(
            f"ci={ci_method!r} has no width here: all {k} effects equal {y[0, 0]:g}, and this "
            "interval is scaled by how far they differ. Use ci='wald' or ci='hksj_modified'."
        )
    tau2_limits, i2_limits = _tau2_interval(y, v, choices, tau2_ci)
    named = find_measure(effects, measure, studies)
    ci_limits = float(pooled.ci_low[0]), float(pooled.ci_high[0])
    predicted = _pair_or_none(pooled.pi_low[0], pooled.pi_high[0])
    said = back_notes(
        named,
        studies,
        choices.level,
        {
            "the pooled effect": (float(pooled.estimate[0]),),
            "its confidence interval": ci_limits,
            "the prediction interval": predicted,
        },
    )
    return MetaAnalysis(
        estimate=float(pooled.estimate[0]),
        std_error=float(pooled.std_error[0]),
        statistic=float(pooled.statistic[0]),
        df=None if np.isnan(df) else df,
        p_value=float(pooled.p_value[0]),
        ci=ci_limits,
        tau2=float(pooled.tau2[0]),
        tau2_se=_number_or_none(pooled.tau2_se[0]),
        tau2_ci=tau2_limits,
        i2=float(pooled.i2[0]),
        i2_q=float(pooled.i2_q[0]),
        i2_ci=i2_limits,
        h2=float(pooled.h2[0]),
        q=float(pooled.q[0]),
        q_df=k - 1,
        q_p_value=float(pooled.q_p_value[0]),
        prediction_interval=predicted,
        weights=_weights(studies, v[:, 0], pooled),
        log_likelihood=_log_likelihood(y, v, pooled, choices),
        k=k,
        level=choices.level,
        measure=named,
        model=choices.model,
        tau2_method=choices.tau2_method,
        ci_method=ci_method if k > 1 else "wald",
        tau2_ci_method="none" if tau2_limits is None else tau2_ci,
        prediction_method=choices.prediction if choices.model == "random" and k > 1 else "none",
        studies=studies,
        excluded=excluded,
        dependence=units.dependence,
        outcome=outcome_of(studies),
        notes=(*notes, *_notes(pooled, choices, k, tau2_limits), *said),
    )


def _weights(studies: pd.DataFrame, v: Array, pooled: Pooled) -> pd.Series:
    weight = 1 / (v + pooled.tau2[0])
    index = pd.Index(studies["study"], name="study")
    return pd.Series(100 * weight / weight.sum(), index=index, name="weight")


def _log_likelihood(y: Array, v: Array, pooled: Pooled, choices: Choices) -> float | None:
    from synthesis.pooling.engine.likelihood import log_likelihood

    restricted = choices.estimator == "reml"
    if restricted and len(y) == 1:
        return None
    design = intercept(len(y))
    return float(log_likelihood(pooled.tau2, y, v, design, restricted=restricted)[0])


def _tau2_interval(
    y: Array, v: Array, choices: Choices, method: str
) -> tuple[tuple[float, float] | None, tuple[float, float] | None]:
    """Return the interval for tau2 and the same limits as I², or None for both."""
    from synthesis.pooling.engine import heterogeneity

    # A tau2 that was given is not estimated, so the data have no interval for it.
    if not isinstance(choices.estimator, str) or method == "none" or len(y) == 1:
        return None, None
    design = intercept(len(y))
    if method == "q_profile":
        limits = heterogeneity.q_profile(y, v, design, choices.level)
    else:
        restricted = choices.tau2 != "ml"
        limits = heterogeneity.profile_likelihood(
            y, v, design, choices.level, restricted=restricted
        )
    low, high = float(limits[0][0]), float(limits[1][0])
    typical = float(heterogeneity.typical_variance(y, v, design)[0])
    return (low, high), (100 * low / (low + typical), 100 * high / (high + typical))


def _notes(
    pooled: Pooled,
    choices: Choices,
    k: int,
    tau2_limits: tuple[float, float] | None,
) -> tuple[str, ...]:
    if k == 1:
        return (_ONE_STUDY_GIVEN if float(pooled.tau2[0]) > 0 else _ONE_STUDY,)
    notes = []
    normal = intervals.quantile(choices.level, None) * float(pooled.model_se[0])
    estimate = float(pooled.estimate[0])
    low, high = float(pooled.ci_low[0]), float(pooled.ci_high[0])
    if choices.ci == "hksj" and high - low < 2 * normal:
        wald = interval((estimate - normal, estimate + normal))
        notes.append(
            f"The Hartung-Knapp interval {interval((low, high))} is narrower than the Wald-type "
            f"interval {wald} on these data, on the scale of analysis. It is reported as it is; "
            "ci='hksj_modified' gives one whose standard error is never below the Wald-type one."
        )
    if tau2_limits == (0.0, 0.0):
        notes.append(
            "The effects differ less than would be expected by chance: the interval for tau² "
            "shrinks to zero."
        )
    return tuple(notes)


def _number_or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _pair_or_none(low: float, high: float) -> tuple[float, float] | None:
    return None if np.isnan(low) else (float(low), float(high))
