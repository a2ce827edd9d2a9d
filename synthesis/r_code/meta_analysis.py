"""A pooled effect as R code, by ``rma``."""

from __future__ import annotations

from typing import Any

from synthesis.r_code.fits import (
    BOUND,
    PROFILE_FUNCTION,
    control,
    log_likelihood,
    of_measure,
    prediction_lines,
    rma,
    said_of,
    studies_table,
    tau2_se,
)
from synthesis.r_code.readable import back, for_readers
from synthesis.r_code.script import Quantity, Section, each, one, pair
from synthesis.r_code.text import number


def left_out(result: Any) -> list[str]:
    """Say which rows were not pooled, and whether dependent rows were pooled as independent."""
    said = []
    if len(result.excluded):
        rows = result.excluded.itertuples(index=False)
        said.append("Not pooled: " + "; ".join(f"{row.study} ({row.reason})" for row in rows) + ".")
    if getattr(result, "dependence", "none") == "ignored":
        said.append(
            f"The {result.k_in_words} are pooled as if they were independent of each other."
        )
    return said


def labels_of(fit: Any) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Return the study labels of a fit, and where R has them."""
    return ((tuple(map(str, fit.weights.index)), "studies$study"),)


def section(fit: Any) -> Section:
    """Return a meta-analysis of weighted effects as a section.

    Parameters
    ----------
    fit : MetaAnalysis
    """
    if fit.k == 1:
        return _single(fit)
    choices = fit.choices
    by_hand = fit.ci_method == "profile" and fit.model == "random"
    variances = fit.studies["vi"]
    code = rma("res", choices, fit.tau2, variances, slab=True)
    if by_hand:
        code += [*PROFILE_FUNCTION.split("\n"), *_profile_call(choices.level)]
    if fit.tau2_ci is not None:
        code += _tau2_interval(fit)
    if fit.prediction_interval is not None:
        code += prediction_lines(choices, fit.ci_method)
    code += back(fit.measure)
    source = "profile$low", "profile$high"
    low, high = source if by_hand else ("res$ci.lb", "res$ci.ub")
    quantities = [
        *one("k", "res$k", fit.k),
        *one("estimate", "res$beta[1]", fit.estimate),
        *one("std_error", "res$se", fit.std_error),
        *_test(fit, *(("profile$statistic", "profile$p") if by_hand else ("res$zval", "res$pval"))),
        *pair("ci", low, high, fit.ci),
        *_heterogeneity(fit, choices),
        *pair("prediction_interval", "predicted$pi.lb", "predicted$pi.ub", fit.prediction_interval),
        *one("log_likelihood", log_likelihood(choices), fit.log_likelihood),
        *each("weight", "weights(res)", fit.weights, fit.weights.index),
        *_for_readers(fit, low, high),
    ]
    says = (
        of_measure(fit.measure) + ".",
        *said_of(choices),
        *_said_of_tau2_interval(fit),
        *left_out(fit),
    )
    return Section(
        title=f"Meta-analysis: {fit.method}",
        says=says,
        data=tuple(studies_table(fit.studies)),
        code=tuple(code),
        quantities=tuple(quantities),
        labels=labels_of(fit),
    )


def _test(fit: Any, statistic: str, p: str) -> list[Quantity]:
    """Return the test of no effect, where the measure has such a value."""
    if not fit.measure.has_null:
        return []
    return [*one("statistic", statistic, fit.statistic), *one("p_value", p, fit.p_value)]


def _profile_call(level: float) -> list[str]:
    return [f"profile <- profile_mu(studies$yi, studies$vi, {number(level)})"]


def _heterogeneity(fit: Any, choices: Any) -> list[Quantity]:
    tau2 = []
    if fit.model == "random":
        tau2 = [
            *one("tau2", "res$tau2", fit.tau2),
            *one("tau2_se", tau2_se(choices), fit.tau2_se),
            *pair("tau2_ci", "spread[1]", "spread[2]", fit.tau2_ci),
            *pair("i2_ci", "100 * spread[1] / (spread[1] + typical)",
                  "100 * spread[2] / (spread[2] + typical)", fit.i2_ci),
        ]  # fmt: skip
    return [
        *tau2,
        *one("i2", "res$I2", fit.i2),
        *one("h2", "res$H2", fit.h2),
        *one("i2_q", "100 * max(0, 1 - (res$k - 1) / res$QE)", fit.i2_q),
        *one("q", "res$QE", fit.q),
        *one("q_df", "res$k - 1", fit.q_df),
        *one("q_p_value", "res$QEp", fit.q_p_value),
    ]


def _tau2_interval(fit: Any) -> list[str]:
    high = fit.tau2_ci[1]
    scale = control("pm", max(high, fit.tau2), fit.studies["vi"])
    inside = scale.removeprefix("control = list(tol = ").split(",")[0].rstrip(")")
    bound = f", tau2.max = {number(10 * high)}" if high > BOUND else ""
    kind = ', type = "PL"' if fit.tau2_ci_method == "profile" else ""
    base = "res"
    lines = []
    if kind:
        method = "ML" if fit.tau2_method == "ml" else "REML"
        tight = control("reml", fit.tau2, fit.studies["vi"])
        if fit.tau2_method != method.lower():
            lines = [
                f'likely <- rma(yi, vi, method = "{method}", data = studies,',
                f"              {tight})",
            ]
            base = "likely"
    elif fit.tau2_method == "dl2":
        base = "first"
    level = f", level = {100 * fit.level:.10g}"
    return [
        *lines,
        f"spread <- confint({base}{kind}{level},",
        f"                  control = list(tol = {inside}, maxiter = 10000{bound}))",
        'spread <- spread$random["tau^2", c("ci.lb", "ci.ub")]',
        "wi <- 1 / studies$vi",
        "typical <- (res$k - 1) / (sum(wi) - sum(wi^2) / sum(wi))  # sampling variance, for I2",
    ]


def _said_of_tau2_interval(fit: Any) -> list[str]:
    if fit.tau2_ci_method == "profile":
        return [
            'The interval of tau2 is by profile likelihood (type = "PL"); metafor\'s default is '
            "Q-profile."
        ]
    return []


def _for_readers(fit: Any, low: str, high: str) -> list[Quantity]:
    values: dict[str, tuple[str, float | None]] = {
        "estimate": ("res$beta[1]", fit.estimate),
        "ci_low": (low, fit.ci[0]),
        "ci_high": (high, fit.ci[1]),
    }
    if fit.prediction_interval is not None:
        values["prediction_interval_low"] = ("predicted$pi.lb", fit.prediction_interval[0])
        values["prediction_interval_high"] = ("predicted$pi.ub", fit.prediction_interval[1])
    return for_readers(fit.measure, values)


def _single(fit: Any) -> Section:
    """Return an analysis of one study: that study, with a normal interval."""
    spread = f" + {number(fit.tau2)}" if fit.tau2 > 0 else ""
    code = [
        f'res <- rma(yi, vi{spread}, method = "EE", level = {100 * fit.level:.10g}, data = studies)'
    ]
    given = ["The tau2 given is added to the study's variance."] if spread else []
    return Section(
        title="Meta-analysis of a single study: nothing is pooled",
        says=(of_measure(fit.measure) + ".", *given, *left_out(fit)),
        data=tuple(studies_table(fit.studies)),
        code=(*code, *back(fit.measure)),
        quantities=(
            *one("k", "res$k", fit.k),
            *one("estimate", "res$beta[1]", fit.estimate),
            *one("std_error", "res$se", fit.std_error),
            *_test(fit, "res$zval", "res$pval"),
            *pair("ci", "res$ci.lb", "res$ci.ub", fit.ci),
            *_for_readers(fit, "res$ci.lb", "res$ci.ub"),
        ),
    )
