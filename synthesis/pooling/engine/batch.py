"""Many meta-analyses at once: arrays in, arrays out.

Every repeated analysis - one study left out, studies added one by one, subsets, bootstrap
samples, thousands of comparisons of a database - is a ragged batch: analyses with different
numbers of studies. They are sorted by size, and each size is fitted as one ``(K, D)`` array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np

from arrowroot.options import confidence_level, one_of
from synthesis.pooling.engine import intervals
from synthesis.pooling.engine.tau2 import check_tau2
from synthesis.pooling.engine.weighted import Array, intercept

MODELS = ("random", "common")
CELLS_AT_ONCE = 1 << 15
"""Effects handled at a time: few enough to stay in the processor's cache."""


@dataclass(frozen=True)
class Choices:
    """How an analysis is done; every value is checked when the record is created.

    Attributes
    ----------
    model : str
        ``"random"`` or ``"common"`` effect.
    tau2 : str or float
        Estimator of the between-study variance, see `synthesis.pooling.engine.tau2.ESTIMATORS`, or
        its known value.
    ci : str or None
        Interval of the pooled effect, one of `intervals.CI_METHODS`; None takes
        ``"hksj"`` for the random-effects and ``"wald"`` for the common-effect model.
    prediction : str
        Prediction interval, one of `intervals.PREDICTION_METHODS`.
    level : float
        Level of every interval, between 0 and 1.
    """

    model: str = "random"
    tau2: str | float = "reml"
    ci: str | None = None
    prediction: str = "as_interval"
    level: float = 0.95

    def __post_init__(self) -> None:
        """Check every value and resolve the interval if it is None."""
        one_of("model", self.model, MODELS)
        check_tau2(self.tau2)
        one_of("prediction", self.prediction, intervals.PREDICTION_METHODS)
        confidence_level(self.level)
        if self.ci is None:
            object.__setattr__(self, "ci", "hksj" if self.model == "random" else "wald")
        one_of("ci", self.ci, intervals.CI_METHODS)

    @property
    def estimator(self) -> str | float | None:
        """The tau2 estimator or value in force; None under the common-effect model."""
        return self.tau2 if self.model == "random" else None

    @property
    def tau2_method(self) -> str:
        """How tau2 was found, in one word: an estimator, ``"given"`` or ``"none"``."""
        if self.estimator is None:
            return "none"
        return self.estimator if isinstance(self.estimator, str) else "given"


@dataclass(frozen=True)
class Pooled:
    """Pooled effects of D analyses; every attribute is an array of shape (D,).

    `df` is NaN where the reference distribution is normal; limits and standard errors are NaN
    where they do not exist. `model_se` is the standard error before any Hartung-Knapp scaling.
    """

    estimate: Array
    std_error: Array
    model_se: Array
    statistic: Array
    df: Array
    p_value: Array
    ci_low: Array
    ci_high: Array
    tau2: Array
    tau2_se: Array
    q: Array
    q_p_value: Array
    i2: Array
    i2_q: Array
    h2: Array
    pi_low: Array
    pi_high: Array


def pool(y: Array, v: Array, choices: Choices) -> Pooled:
    """Pool D analyses of K studies each.

    Parameters
    ----------
    y, v : ndarray, shape (K, D)
        Effects and their sampling variances, all finite and the variances positive.
    choices : Choices
        How to analyse them.

    Returns
    -------
    Pooled
        A single study (K = 1) is returned unchanged, with a normal interval and no
        heterogeneity; where the Hartung-Knapp interval has no width because all effects are
        equal, its limits are NaN.
    """
    from synthesis.pooling.engine.estimator import Pooling
    from synthesis.pooling.engine.heterogeneity import heterogeneity

    k, n = y.shape
    design = intercept(k)
    fit = Pooling(choices.estimator, str(choices.ci)).fit(y, v, design.X).params_
    estimate, tau2 = fit["fe_params"][0], fit["tau2"]
    std_error, model_se = np.sqrt(fit["inv_cov"][0, 0]), np.sqrt(fit["model_cov"][0, 0])
    std_error = np.where(std_error > 0, std_error, np.nan)
    df = float(k - 1) if choices.ci in ("hksj", "hksj_modified", "wald_t") and k > 1 else None

    if choices.ci == "profile" and k > 1 and choices.model == "random":
        test = intervals.profile_likelihood(y, v, design, choices.level)
    else:
        test = intervals.symmetric(estimate, std_error, df, choices.level)

    spread = heterogeneity(y, v, tau2, design)
    if choices.model == "random" and k > 1:
        pi_low, pi_high = intervals.prediction(
            estimate,
            std_error,
            model_se,
            tau2,
            method=choices.prediction,
            df=df,
            k=k,
            level=choices.level,
        )
        i2, h2 = spread.i2, spread.h2
    else:
        pi_low = pi_high = np.full(n, np.nan)
        i2, h2 = spread.i2_q, spread.q / max(design.df, 1)
    return Pooled(
        estimate=estimate,
        std_error=std_error,
        model_se=model_se,
        statistic=test.statistic,
        df=np.full(n, np.nan if df is None else df),
        p_value=test.p_value,
        ci_low=test.low,
        ci_high=test.high,
        tau2=tau2,
        tau2_se=fit["tau2_se"],
        q=spread.q,
        q_p_value=spread.q_p_value,
        i2=i2,
        i2_q=spread.i2_q,
        h2=h2,
        pi_low=pi_low,
        pi_high=pi_high,
    )


def pool_ragged(
    y: Array,
    v: Array,
    sizes: Array,
    choices: Choices,
    *,
    rows: Array | None = None,
    progress: Callable[[int], object] | None = None,
) -> Pooled:
    """Pool many analyses of different sizes.

    Parameters
    ----------
    y, v : ndarray, shape (N,)
        Effects and sampling variances of all studies.
    sizes : ndarray of int, shape (A,)
        Number of studies of each analysis, each at least 1.
    choices : Choices
        How to analyse them.
    rows : ndarray of int, shape (sum of sizes,), optional
        Which study fills each place, analysis after analysis; by default the studies in their
        order. A study may be part of many analyses.
    progress : callable, optional
        Called with the number of analyses done since the last call.

    Returns
    -------
    Pooled
        One value per analysis, in the order of `sizes`.
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    columns: dict[str, Array] = {field.name: np.empty(len(sizes)) for field in fields(Pooled)}
    for members, k in _chunks(sizes):
        places = starts[members] + np.arange(k)[:, None]
        chosen = places if rows is None else rows[places]
        done = pool(y[chosen], v[chosen], choices)
        for name, values in columns.items():
            values[members] = getattr(done, name)
        if progress is not None:
            progress(len(members))
    return Pooled(**columns)


def _chunks(sizes: Array) -> Iterator[tuple[Array, int]]:
    """Yield analyses of one size at a time, as many together as `CELLS_AT_ONCE` allows."""
    order = np.argsort(sizes, kind="stable")
    firsts = np.flatnonzero(np.diff(sizes[order], prepend=-1))
    for group in np.split(order, firsts[1:]):
        k = int(sizes[group[0]])
        step = max(1, CELLS_AT_ONCE // k)
        for start in range(0, len(group), step):
            yield group[start : start + step], k
