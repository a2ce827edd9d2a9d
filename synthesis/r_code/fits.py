"""The calls of ``rma`` that repeat a fit of ours, and what is done by hand beside them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from synthesis.labels import read_labels
from synthesis.measures import Measure
from synthesis.r_code.script import no_equivalent
from synthesis.r_code.text import number, one_line, table

METHODS = {
    "reml": "REML",
    "dl": "DL",
    "pm": "PM",
    "ml": "ML",
    "eb": "EB",
    "sj": "SJ",
    "he": "HE",
    "hs": "HS",
    "hs_k": "HSk",
    "pm_median": "PMM",
}
"""metafor's ``method`` by our option."""

TESTS = {
    "wald": "z",
    "wald_t": "t",
    "hksj": "knha",
    "hksj_modified": "adhoc",
    "profile": "z",
}
"""metafor's ``test`` by our option."""

ITERATED = ("reml", "ml", "eb")
SOLVED = ("pm", "pm_median")
BOUND = 50.0
"""metafor looks for tau2 up to 100; from half of that on the script says where to look."""

DL2 = (
    "metafor has no two-step DerSimonian-Laird estimator by name: its generalised method of "
    "moments (GENQ) with the weights of the first step is the same, and the fit then takes that "
    "tau2 as known."
)
PROFILE = (
    "metafor has no profile-likelihood interval of the pooled effect: it is found by hand, as the "
    "effects whose log-likelihood, at its best tau2, lies within half the chi-squared quantile of "
    "the maximum."
)
COMMON = (
    "metafor warns that Hartung-Knapp standard errors are not meant for a common effect, and "
    "computes them; they are what was asked for here."
)
BY_HAND = {
    "cochrane": "metafor's predict() takes the standard error of the interval. This prediction "
    "interval takes the model's own, before any Hartung-Knapp scaling, with the interval's "
    "quantiles: it is computed by hand.",
    "higgins": "metafor's predict() takes the quantiles of the interval. This prediction interval "
    "takes t on k - 2 degrees of freedom and the model's own standard error: it is computed by "
    "hand.",
    "normal": "metafor's predict() takes the quantiles of the interval. This prediction interval "
    "takes normal ones and the model's own standard error: it is computed by hand.",
}
"""What is said of prediction intervals that metafor has no argument for."""

PROFILE_FUNCTION = """\
# The profile-likelihood interval and test of a pooled effect (Hardy & Thompson 1996).
profile_mu <- function(yi, vi, level) {
  height <- function(mu) {
    at <- function(tau2) sum(dnorm(yi, mu, sqrt(vi + tau2), log = TRUE))
    widest <- mean((yi - mu)^2) + max((yi - mu)^2)
    grid <- c(0, widest * 10^seq(-8, 0, by = 0.25))
    best <- which.max(sapply(grid, at))
    near <- c(grid[max(1, best - 1)], grid[min(length(grid), best + 1)])
    max(at(0), optimize(at, near, maximum = TRUE, tol = 1e-12 * widest)$objective)
  }
  ends <- range(yi)
  peak <- optimize(height, ends, maximum = TRUE, tol = 1e-12 * diff(ends))
  excess <- function(mu) peak$objective - height(mu) - qchisq(level, 1) / 2
  far <- 10 * diff(ends) + 10 * sqrt(max(vi))
  statistic <- sign(peak$maximum) * sqrt(max(0, 2 * (peak$objective - height(0))))
  list(statistic = statistic, p = 2 * pnorm(-abs(statistic)),
       low = uniroot(excess, peak$maximum - c(far, 0), tol = 1e-12 * far)$root,
       high = uniroot(excess, peak$maximum + c(0, far), tol = 1e-12 * far)$root)
}"""


def study_columns(studies: Any) -> dict[str, Any]:
    """Return the columns that every script starts from: labels, effects, variances."""
    return {
        "study": read_labels(studies["study"]),
        "yi": studies["yi"].to_numpy(dtype=float),
        "vi": studies["vi"].to_numpy(dtype=float),
    }


def studies_table(studies: Any) -> list[str]:
    """Return the data frame ``studies``."""
    return table("studies", study_columns(studies))


def of_measure(measure: Measure) -> str:
    """Say what ``yi`` is."""
    if measure.name == "generic":
        return "yi: effects of a measure that was not named; vi: their sampling variances"
    code = f" ({measure.code} in metafor's escalc)" if measure.code else ""
    scale = "" if measure.scale == "identity" else f", on the scale of analysis{measure.on_scale}"
    return f"yi: {one_line(measure.label)}{code}{scale}; vi: its sampling variance"


def control(tau2_method: str, tau2: float, variances: Any) -> str:
    """Return the argument ``control`` that makes an estimate of tau2 exact, or nothing."""
    scale = tau2 + float(np.median(np.asarray(variances, dtype=float)))
    exact = 10.0 ** round(math.log10(scale) - 10)
    bound = f", tau2.max = {number(10 * scale)}" if tau2 > BOUND else ""
    if tau2_method in ITERATED:
        return f"control = list(threshold = {exact:g}, maxiter = 10000, stepadj = 0.5)"
    if tau2_method in SOLVED:
        return f"control = list(tol = {exact / 100:g}{bound})"
    return ""


def percent(level: float) -> str:
    """Return a level as metafor takes it."""
    return f"{100 * level:.10g}"


def rma(
    name: str,
    choices: Any,
    tau2: float,
    variances: Any,
    *,
    mods: str = "",
    data: str = "studies",
    wald: bool = False,
    known: str = "",
    slab: bool = False,
) -> list[str]:
    """Return the lines that fit a model, under a name.

    Parameters
    ----------
    name : str
        Of the fit in R.
    choices : Choices
        How it was fitted.
    tau2 : float
        The estimate, which says how far to look for it.
    variances : array-like
        The sampling variances, which say how exact an estimate of tau2 need be.
    mods : str
        A right-hand side in R, such as ``~ hours``.
    data : str
        The data frame in R.
    wald : bool
        Whether the fit is to have Wald-type standard errors, whatever those of `choices`.
    known : str
        R code of a tau2 that R has found before, in place of an estimator.
    slab : bool
        Whether studies are to keep their labels, for R's own plots.
    """
    test = "z" if wald else TESTS[str(choices.ci)]
    head = ["yi", "vi"]
    if mods:
        head.append(f"mods = {mods}")
    method = choices.tau2_method
    rest = [f'test = "{test}"', f"level = {percent(choices.level)}", f"data = {data}"]
    if slab:
        rest.append("slab = study")
    if known:
        return _call(name, [*head, f"tau2 = {known}", *rest])
    if method == "none":
        # Hartung-Knapp under a common effect is legal, and metafor warns of it.
        quiet = test in ("knha", "adhoc")
        return _call(name, [*head, 'method = "EE"', *rest], "suppressWarnings" if quiet else "")
    if method == "given":
        return _call(name, [*head, f"tau2 = {number(choices.tau2)}", *rest])
    if method == "dl2":
        moments = 'method = "GENQ", weights = 1 / (vi + first$tau2)'
        return [
            *_call("first", [*head, 'method = "DL"', f"data = {data}"]),
            *_call("second", [*head, moments, f"data = {data}"]),
            *_call(name, [*head, "tau2 = second$tau2", *rest]),
        ]
    tight = control(method, tau2, variances)
    return _call(name, [*head, f'method = "{METHODS[method]}"', *rest, *([tight] if tight else [])])


def _call(name: str, arguments: list[str], around: str = "") -> list[str]:
    opened, closed = (f"{around}(rma(", "))") if around else ("rma(", ")")
    whole = f"{name} <- {opened}{', '.join(arguments)}{closed}"
    if len(whole) <= 92:
        return [whole]
    lines, line = [], f"{name} <- {opened}"
    indent = " " * len(line)
    for place, one in enumerate(arguments):
        one += closed if place == len(arguments) - 1 else ","
        if len(line) + len(one) + 1 > 92:
            lines.append(line.rstrip())
            line = indent
        line += one + " "
    return [*lines, line.rstrip()]


def said_of(choices: Any, *, prediction: bool = True) -> list[str]:
    """Say which choices metafor has no argument for."""
    said = []
    if choices.model == "common" and choices.ci in ("hksj", "hksj_modified"):
        said.append(COMMON)
    if choices.tau2_method == "dl2":
        said.append(DL2)
    if choices.ci == "profile" and choices.model == "random":
        said.append(PROFILE)
    if prediction and choices.model == "random" and choices.prediction in BY_HAND:
        said.append(BY_HAND[choices.prediction])
    return said


def tau2_se(choices: Any) -> str:
    """Return where R has the standard error of tau2."""
    return "second$se.tau2" if choices.tau2_method == "dl2" else "res$se.tau2"


def log_likelihood(choices: Any) -> str:
    """Return where R has the log-likelihood: restricted for REML, full for all others."""
    kind = "REML" if choices.estimator == "reml" else "ML"
    return f'res$fit.stats["ll", "{kind}"]'


def prediction_lines(choices: Any, ci_method: str) -> list[str]:
    """Return the lines that give ``predicted``, with ``pi.lb`` and ``pi.ub``, of ``res``."""
    method = choices.prediction
    if method == "as_interval":
        return ["predicted <- predict(res)"]
    t_of_fit = ci_method in ("wald_t", "hksj", "hksj_modified")
    upper = f"{number(1 - (1 - choices.level) / 2)}"
    quantile = {
        "cochrane": f"qt({upper}, res$k - 1)" if t_of_fit else f"qnorm({upper})",
        "higgins": f"qt({upper}, res$k - 2)",
        "normal": f"qnorm({upper})",
    }[method]
    return [
        f"half <- {quantile} * sqrt(1 / sum(1 / (res$vi + res$tau2)) + res$tau2)",
        "predicted <- list(pi.lb = res$beta[1] - half, pi.ub = res$beta[1] + half)",
    ]


def needs(fit: Mapping[str, str], what: str, choices: Any) -> None:
    """Refuse what metafor's own functions cannot repeat with these choices.

    Parameters
    ----------
    fit : mapping of str to str
        Which values of ``tau2_method`` and ``ci`` are not possible, with what to use instead.
    what : str
        The function, in words.
    choices : Choices
        How the analysis was done.
    """
    for value in (choices.tau2_method, str(choices.ci)):
        if value in fit:
            option = "a given tau2" if value == "given" else repr(value)
            raise no_equivalent(f"{what} of a fit with {option}", fit[value])
