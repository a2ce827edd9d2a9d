"""Tests for small-study effects as R code: ``regtest``, ``lm``, ``ranktest``, PET-PEESE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthesis.r_code.fits import of_measure, rma, study_columns
from synthesis.r_code.script import Quantity, Section, each, one, pair
from synthesis.r_code.text import number, table

BY_NAME = ("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv")
"""Predictors that ``regtest`` knows under the same name."""

_MEANINGS = {
    "sei": "the standard error",
    "vi": "the variance",
    "ni": "the sample size",
    "ninv": "the inverse of the sample size",
    "sqrtni": "the root of the sample size",
    "sqrtninv": "the inverse of the root of the sample size",
    "modified_se": "sqrt(1 / n_t + 1 / n_c), the standard error without the effect in it",
}
_NO_REGTEST = (
    "metafor's regtest() has no such predictor, weights or estimator, so the regression is fitted "
    "as it is: {how}."
)


def left_out(test: Any) -> list[str]:
    """Say which studies of a fit are not in a test."""
    if not len(test.excluded):
        return []
    rows = test.excluded.itertuples(index=False)
    return ["Not in this test: " + "; ".join(f"{row.study} ({row.reason})" for row in rows) + "."]


def line(name: str, test: Any, predictor: str) -> tuple[list[str], Mapping[str, str]]:
    """Return the lines that fit a regression, and where R has its coefficients.

    Parameters
    ----------
    name : str
        Of the fit in R.
    test : RegressionTest
    predictor : str
        R code of the predictor.
    """
    if test.model == "lm":
        return (
            [
                f"{name} <- lm(yi ~ {predictor}, weights = 1 / vi, data = studies)",
                f"{name}_limits <- confint({name}, level = {number(test.level)})",
            ],
            {
                "estimate": f"coef(summary({name}))[, 1]",
                "std_error": f"coef(summary({name}))[, 2]",
                "statistic": f"coef(summary({name}))[, 3]",
                "p_value": f"coef(summary({name}))[, 4]",
                "ci_low": f"{name}_limits[, 1]",
                "ci_high": f"{name}_limits[, 2]",
            },
        )
    fitted = rma(name, test.fit.choices, test.fit.tau2, test.studies["vi"], mods=f"~ {predictor}")
    return fitted, {
        "estimate": f"{name}$beta",
        "std_error": f"{name}$se",
        "statistic": f"{name}$zval",
        "p_value": f"{name}$pval",
        "ci_low": f"{name}$ci.lb",
        "ci_high": f"{name}$ci.ub",
    }


def regression_test(test: Any, title: str) -> Section:
    """Return a regression test as a section.

    Parameters
    ----------
    test : RegressionTest
        With `fit` and `studies` (``study yi vi x``; the weights are ``1 / vi``).
    title : str
        What it is.
    """
    own = test.name.startswith("Egger") and test.predictor in BY_NAME
    own = own and not (test.model == "mixed" and test.fit.choices.tau2_method == "dl2")
    of_variance = {"sei": "sqrt(vi)", "vi": "vi"}
    predictor = of_variance.get(test.predictor, "x") if own else "x"
    x = {} if predictor != "x" else {"x": test.studies["x"].to_numpy(dtype=float)}
    code, where = line("line", test, predictor)
    found: list[Quantity] = []
    if own:
        ni = "" if predictor != "x" else _sizes(test)
        code += _regtest(test, ni)
        found = [
            *one("statistic of the test", "asymmetry$zval", test.statistic),
            *one("p_value of the test", "asymmetry$pval", test.p_value),
            *one("limit_estimate", "asymmetry$est", test.limit_estimate),
            *pair("limit_ci", "asymmetry$ci.lb", "asymmetry$ci.ub", test.limit_ci),
        ]
    terms = [str(term) for term in test.coefficients.index]
    weighted = "weighted least squares" if test.model == "lm" else "a meta-regression"
    what = f"{_MEANINGS[test.predictor]}"
    events = "" if test.name.startswith("Egger") else "; vi is the inverse of its weights"
    return Section(
        title=title,
        says=(
            f"{of_measure(test.measure)}. Predictor: {what}{events}.",
            *([] if own else [_NO_REGTEST.format(how=weighted)]),
            *left_out(test),
        ),
        data=tuple(table("studies", {**study_columns(test.studies), **x})),
        code=tuple(code),
        quantities=(
            *one("k", "nrow(studies)", test.k),
            *found,
            *one("df", "df.residual(line)" if test.model == "lm" else "line$dfs", test.df),
            *(q for name, source in where.items()
              for q in each(name, source, test.coefficients[name], terms)),
        ),
    )  # fmt: skip


def _sizes(test: Any) -> str:
    back = {"ni": "x", "ninv": "1 / x", "sqrtni": "x^2", "sqrtninv": "1 / x^2"}
    return back[test.predictor]


def _regtest(test: Any, ni: str) -> list[str]:
    choices = test.fit.choices
    fitted = rma("res", choices, test.fit.tau2, test.studies["vi"])
    if ni:
        fitted[0] = fitted[0].replace("rma(yi, vi,", f"rma(yi, vi, ni = {ni},")
    model = "lm" if test.model == "lm" else "rma"
    call = f'regtest(res, model = "{model}", predictor = "{test.predictor}")'
    quiet = choices.model == "common" and choices.ci in ("hksj", "hksj_modified")
    return [*fitted, f"asymmetry <- {f'suppressWarnings({call})' if quiet else call}"]


def rank_test(test: Any, title: str) -> Section:
    """Return Begg and Mazumdar's test as a section.

    Parameters
    ----------
    test : RankTest
        With `fit`.
    title : str
        What it is.
    """
    call = "ranktest(yi, vi, data = studies)"
    ties = (
        []
        if test.exact
        else ["R warns of ties: the p-value is then from the normal approximation."]
    )
    return Section(
        title=title,
        says=(of_measure(test.fit.measure) + ".", *ties),
        data=tuple(table("studies", study_columns(test.fit.studies))),
        code=(f"ranks <- {call if test.exact else f'suppressWarnings({call})'}",),
        quantities=(
            *one("k", "nrow(studies)", test.k),
            *one("tau", "ranks$tau", test.tau),
            *one("p_value", "ranks$pval", test.p_value),
        ),
    )


def pet_peese(result: Any) -> Section:
    """Return PET-PEESE as a section.

    Parameters
    ----------
    result : PetPeese
    """
    pet, fit = result.pet, result.pet.fit
    code, where_pet = line("pet", pet, "sqrt(vi)")
    again, where_peese = line("peese", result.peese, "vi")
    pooled = rma("res", fit.choices, fit.tau2, fit.studies["vi"])
    picks = [
        "first <- function(x) as.numeric(x)[1]",
        f"turned <- first({where_pet['estimate']}) * res$beta[1] < 0",
        f"two_sided <- first({where_pet['p_value']})",
        "one_sided <- if (turned) 1 - two_sided / 2 else two_sided / 2",
        f"use_peese <- one_sided < {number(result.alpha / 2)}",
    ]
    names = ("estimate", "std_error", "p_value", "ci_low", "ci_high")
    ours = (result.estimate, result.std_error, result.p_value, *result.ci)
    chosen = [
        quantity
        for name, value in zip(names, ours, strict=True)
        for quantity in one(
            name,
            f"if (use_peese) first({where_peese[name]}) else first({where_pet[name]})",
            value,
        )
    ]
    limits = [
        quantity
        for label, test, where in (("PET", pet, where_pet), ("PEESE", result.peese, where_peese))
        for name in ("estimate", "ci_low", "ci_high")
        for quantity in one(
            f"{label} {name}", f"first({where[name]})", test.coefficient("intercept", name)
        )
    ]
    defined = not np.isnan(result.pet_p_value)
    return Section(
        title="PET-PEESE",
        says=(
            f"{of_measure(fit.measure)}. metafor has no function for PET-PEESE; it is two "
            "regressions and a rule. The limit effect of PEESE is taken where that of PET is on "
            "the side of the pooled effect with a one-sided p-value below "
            f"{number(result.alpha / 2)}, otherwise that of PET.",
        ),
        data=tuple(table("studies", study_columns(fit.studies))),
        code=(*code, *again, *pooled, *picks),
        quantities=(
            *limits,
            *one("one-sided p-value of PET", "one_sided", result.pet_p_value if defined else None),
            *one("PEESE chosen (1: yes)", "use_peese", float(result.chosen == "peese")),
            *chosen,
        ),
    )
