"""What missing studies could do as R code: ``trimfill``, ``fsn``, ``selmodel``, ``tes``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from synthesis.r_code.fits import (
    PROFILE_FUNCTION,
    control,
    needs,
    of_measure,
    percent,
    rma,
    said_of,
    study_columns,
)
from synthesis.r_code.readable import back, for_readers
from synthesis.r_code.script import Section, each, one, pair
from synthesis.r_code.text import number, table, vector

_REFITTED = (
    "metafor's trimfill() fits the filled studies with Wald-type intervals, whatever those of the "
    "fit. Here they are analysed again in the way of the original analysis."
)
_TWO_STEPS = (
    "metafor repeats its own estimators while it trims, and two-step DerSimonian-Laird is none of "
    "them; use tau2='dl' or another"
)
_GIVEN = (
    "metafor's trimfill() estimates tau2 again after each step, even where it was given; use an "
    "estimator, or trim_model='common'"
)


def trim_and_fill(result: Any, title: str) -> Section:
    """Return trim and fill as a section.

    Parameters
    ----------
    result : TrimFill
    title : str
        What it is.
    """
    original, filled = result.original, result.fit
    choices = original.choices
    if result.trim_model == "random":
        needs({"dl2": _TWO_STEPS, "given": _GIVEN}, "trim and fill", choices)
    trimming = replace(choices, model=result.trim_model, ci="wald", prediction="none")
    variances = original.studies["vi"]
    tight = control(trimming.tau2_method, original.tau2, variances)
    tight = f",\n                    {tight}" if tight else ""
    by_hand = filled.ci_method == "profile" and filled.model == "random"
    limits = ("profile$low", "profile$high") if by_hand else ("res$ci.lb", "res$ci.ub")
    hand = [
        *PROFILE_FUNCTION.split("\n"),
        f"profile <- profile_mu(all$yi, all$vi, {number(choices.level)})",
    ]
    return Section(
        title=title,
        says=(of_measure(filled.measure) + ".", _REFITTED, *said_of(choices, prediction=False)),
        data=tuple(table("studies", study_columns(original.studies))),
        code=(
            *rma("trimming", trimming, original.tau2, variances),
            *_trimfill(result, tight),
            "all <- data.frame(yi = as.numeric(filled$yi), vi = filled$vi)",
            *rma("res", choices, filled.tau2, variances, data="all"),
            *(hand if by_hand else []),
            *back(filled.measure),
        ),
        quantities=(
            *one("k0", "filled$k0", result.k0),
            *one("k0_std_error", "filled$se.k0", result.k0_std_error),
            *one("k0_p_value", "filled$p.k0", result.k0_p_value),
            *one("k", "res$k", filled.k),
            *one("estimate", "res$beta[1]", filled.estimate),
            *one("std_error", "res$se", filled.std_error),
            *pair("ci", *limits, filled.ci),
            *(one("tau2", "res$tau2", filled.tau2) if filled.model == "random" else []),
            *one("i2", "res$I2", filled.i2),
            *one("q", "res$QE", filled.q),
            *for_readers(
                filled.measure,
                {
                    "estimate": ("res$beta[1]", filled.estimate),
                    "ci_low": (limits[0], filled.ci[0]),
                    "ci_high": (limits[1], filled.ci[1]),
                },
            ),
        ),
    )


def _trimfill(result: Any, tight: str) -> list[str]:
    call = f'trimfill(trimming, estimator = "{result.estimator.upper()}", side = "{result.side}"'
    if result.k0_std_error is None:  # metafor warns that the variance of k0 is negative
        return f"filled <- suppressWarnings({call}{tight}))".split("\n")
    return f"filled <- {call}{tight})".split("\n")


def fail_safe(result: Any, title: str) -> Section:
    """Return a fail-safe N as a section.

    Parameters
    ----------
    result : FailSafe
        With `fit`.
    title : str
        What it is.
    """
    option = (
        f"target = {number(abs(result.target))}"
        if result.kind == "orwin"
        else f"alpha = {number(result.alpha)}"
    )
    kind = result.kind.capitalize()
    sign = (
        ["The target has the sign of the mean effect; metafor takes it without."]
        if result.kind == "orwin"
        else []
    )
    return Section(
        title=title,
        says=(of_measure(result.fit.measure) + ".", *sign),
        data=tuple(table("studies", study_columns(result.fit.studies))),
        code=(f'safe <- fsn(yi, vi, data = studies, type = "{kind}", {option})',),
        quantities=tuple(one("n", "safe$fsnum", result.n)),
    )


def selection(result: Any, title: str) -> Section:
    """Return a selection model as a section.

    Parameters
    ----------
    result : SelectionModel
    title : str
        What it is.
    """
    original = result.original
    common = original.model == "common"
    tight = control("ml", original.tau2, original.studies["vi"])
    method = 'method = "EE"' if common else f'method = "ML",\n                  {tight}'
    cuts = [float(step) for step in result.intervals["up_to"][:-1]]
    levels = [f"p up to {up:g}" for up in result.intervals["up_to"]]
    return Section(
        title=title,
        says=(
            of_measure(result.measure) + ".",
            "metafor's default search stops early: it is run to its end here. Where the simplex of "
            "Nelder and Mead collapses, BFGS takes over.",
        ),
        data=tuple(table("studies", study_columns(original.studies))),
        code=(
            f"unselected <- rma(yi, vi, data = studies, level = {percent(result.level)}, {method})",
            "climb <- function(how) {",
            f'  selmodel(unselected, type = "stepfun", steps = {vector(cuts)},',
            f'           alternative = "{result.alternative}",',
            '           control = list(optimizer = "optim", optmethod = how, reltol = 1e-16,',
            "                          maxit = 20000))",
            "}",
            'res <- tryCatch(climb("Nelder-Mead"), error = function(e) climb("BFGS"))',
            *back(result.measure),
        ),
        quantities=(
            *one("k", "res$k", result.k),
            *one("estimate", "res$beta[1]", result.estimate),
            *one("std_error", "res$se", result.std_error),
            *one("statistic", "res$zval", result.statistic),
            *one("p_value", "res$pval", result.p_value),
            *pair("ci", "res$ci.lb", "res$ci.ub", result.ci),
            *([] if common else one("tau2", "res$tau2", result.tau2)),
            *([] if common else one("tau2_se", "res$se.tau2", result.tau2_se)),
            *each("delta", "res$delta", result.delta, levels),
            *one("lrt", "res$LRT", result.lrt),
            *one("lrt_p_value", "res$LRTp", result.lrt_p_value),
            *one("log_likelihood", "as.numeric(logLik(res))", result.log_likelihood),
            *for_readers(
                result.measure,
                {
                    "estimate": ("res$beta[1]", result.estimate),
                    "ci_low": ("res$ci.lb", result.ci[0]),
                    "ci_high": ("res$ci.ub", result.ci[1]),
                },
            ),
        ),
    )


def excess(result: Any, title: str) -> Section:
    """Return a test of excess significance as a section.

    Parameters
    ----------
    result : ExcessSignificance
        With `fit`.
    title : str
        What it is.
    """
    fit = result.fit
    assumed = (
        rma("true", fit.choices, fit.tau2, fit.studies["vi"])
        if result.effect == "fit"
        else ['true <- rma(yi, vi, method = "EE", data = studies)']
    )
    kinds = {"exact": "exact", "chi2": "chi2", "binomial": "binom"}
    alternative = result.alternative.replace("_", ".")
    spread = (
        ["metafor integrates the power over the true effects; Arrowroot has it in closed form."]
        if result.effect == "fit" and fit.tau2 > 0
        else []
    )
    return Section(
        title=f"{title}, {result.test}",
        says=(of_measure(fit.measure) + ".", *spread),
        data=tuple(table("studies", study_columns(fit.studies))),
        code=(
            *assumed,
            "res <- tes(studies$yi, studies$vi, theta = true$beta[1], tau2 = true$tau2,",
            f'           alternative = "{alternative}", alpha = {number(result.alpha)},',
            f'           test = "{kinds[result.test]}", find.lim = FALSE, progbar = FALSE,',
            "           rel.tol = 1e-12)",
        ),
        quantities=(
            *one("observed", "res$O", result.observed),
            *one("expected", "res$E", result.expected),
            *one("statistic", "res$X2", result.statistic),
            *one("p_value", "res$pval", result.p_value),
            *each("power", "res$power", result.power, result.power.index),
        ),
        labels=((tuple(map(str, result.power.index)), "studies$study"),),
    )
