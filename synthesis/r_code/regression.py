"""A meta-regression as R code, by ``rma`` with moderators."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np

from synthesis.r_code.fits import log_likelihood, of_measure, rma, said_of, study_columns, tau2_se
from synthesis.r_code.meta_analysis import left_out
from synthesis.r_code.script import Quantity, Section, each, no_equivalent, one
from synthesis.r_code.text import number, table, vector

_STATISTICS = {
    "estimate": "res$beta",
    "std_error": "res$se",
    "statistic": "res$zval",
    "p_value": "res$pval",
    "ci_low": "res$ci.lb",
    "ci_high": "res$ci.ub",
}

_CENTRED = (
    "Without a constant among the moderators metafor's rma gives a wrong tau2 and Q, because it "
    "subtracts the mean of the effects first (version 3.8; its rma.mv and the likelihood written "
    "out agree with Arrowroot). So tau2, Q and the likelihood are those of rma.mv, and rma takes "
    "that tau2 as known."
)

_CLIMB = """\
spread <- rma.mv(yi, vi, mods = {mods}, random = ~ 1 | study, data = studies,
                 method = "{method}",
                 control = list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-18))"""


class Formula(Protocol):
    """What a formula is in R: `synthesis.pooling.formula.in_r.RFormula`."""

    @property
    def code(self) -> str:
        """The right-hand side."""

    @property
    def columns(self) -> dict[str, Any]:
        """Values by name in R."""

    @property
    def says(self) -> tuple[str, ...]:
        """What a reader should know."""


def coefficients(frame: Any, terms: Iterable[str], source: str = "res") -> list[Quantity]:
    """Return the columns of a table of coefficients, of R's fit under a name."""
    terms = [str(term) for term in terms]
    return [
        quantity
        for name, code in _STATISTICS.items()
        for quantity in each(name, code.replace("res$", f"{source}$"), frame[name], terms)
    ]


def same_design(design: Any) -> list[str]:
    """Return the lines that stop the script if R's design is not the one that was fitted."""
    values = design.to_numpy(dtype=float)
    sums = values.T @ np.arange(1, len(values) + 1)
    return [
        "# The design must be that of Arrowroot: each column, times row number, summed.",
        "stopifnot(isTRUE(all.equal(",
        "  as.numeric(seq_len(nrow(studies)) %*% model.matrix(res)),",
        f"  {vector(sums, indent=2)}",
        ")))",
    ]


def section(fit: Any, formula: Formula, title: str) -> Section:
    """Return a meta-regression as a section.

    Parameters
    ----------
    fit : MetaRegression
    formula : RFormula
        Its formula in R.
    title : str
        What it is.
    """
    choices = fit.choices
    through_zero = _through_zero(fit.design)
    spread = "spread" if through_zero else "res"
    known_spread = choices.model == "random" or not through_zero
    data = table("studies", {**study_columns(fit.studies), **formula.columns})
    return Section(
        title=title,
        says=(
            of_measure(fit.measure) + ".",
            *formula.says,
            *said_of(choices, prediction=False),
            *([_CENTRED] if through_zero else []),
            *left_out(fit),
        ),
        data=tuple(data),
        code=(*_fit(fit, formula), *same_design(fit.design), *_without(fit)),
        quantities=(
            *one("k", "res$k", fit.k),
            *coefficients(fit.coefficients, fit.coefficients.index),
            *(one("tau2", "res$tau2", fit.tau2) if fit.choices.model == "random" else []),
            *([] if through_zero else one("tau2_se", tau2_se(choices), fit.tau2_se)),
            *(one("i2", "res$I2", fit.i2) if known_spread else []),
            *(one("h2", "res$H2", fit.h2) if known_spread else []),
            *_explained(fit),
            *one("q_e", f"{spread}$QE", fit.q_e),
            *one("q_e_df", "res$k - res$p", fit.q_e_df),
            *one("q_e_p_value", f"{spread}$QEp", fit.q_e_p_value),
            *one("q_m", "res$QM", fit.q_m),
            *one("q_m_p_value", "res$QMp", fit.q_m_p_value),
            *one(
                "log_likelihood",
                log_likelihood(choices).replace("res$", f"{spread}$"),
                fit.log_likelihood if spread == "res" or choices.tau2_method != "given" else None,
            ),
        ),
    )


def _through_zero(design: Any) -> bool:
    """Whether no combination of the columns is the same for every study, as an intercept is."""
    values = design.to_numpy(dtype=float)
    ones = np.ones(len(values))
    left = ones - values @ np.linalg.lstsq(values, ones, rcond=None)[0]
    return bool(np.abs(left).max() > 1e-8)


def _fit(fit: Any, formula: Formula) -> list[str]:
    if _through_zero(fit.design):
        return _fit_through_zero(fit, formula)
    return rma(
        "res",
        fit.choices,
        fit.tau2,
        fit.studies["vi"],
        mods=formula.code,
        slab=True,
    )


def _fit_through_zero(fit: Any, formula: Formula) -> list[str]:
    """Return the lines that fit a model without a constant, by ``rma.mv`` and then ``rma``."""
    choices = fit.choices
    method, tau2 = choices.tau2_method, "spread$sigma2"
    head = f"spread <- rma.mv(yi, vi, mods = {formula.code}, data = studies"
    lines = [f"{head})"]
    if method in ("reml", "ml"):
        lines = _CLIMB.format(mods=formula.code, method=method.upper()).split("\n")
    elif method in ("none", "given"):
        tau2 = number(fit.tau2)
    else:
        raise no_equivalent(
            f"tau2={method!r} without an intercept",
            "metafor's rma subtracts the mean of the effects before it estimates tau2 and Q, which "
            "is wrong unless the moderators include a constant. Use tau2='reml' or 'ml', for which "
            "rma.mv does it right, or keep the intercept",
        )
    fitted = rma(
        "res", choices, fit.tau2, fit.studies["vi"], mods=formula.code, slab=True, known=tau2
    )
    return [*lines, *fitted]


def _by_hand(fit: Any) -> bool:
    """Whether metafor gives no R² of such a fit."""
    columns = [str(term) for term in fit.design.columns]
    return fit.choices.tau2_method == "dl2" or "Intercept" not in columns or len(columns) == 1


def _without(fit: Any) -> list[str]:
    """Return the fit without moderators that R² needs where metafor does not give it."""
    if fit.r2 is None or not _by_hand(fit):
        return []
    total = rma("none", fit.choices, fit.tau2, fit.studies["vi"], wald=True)
    # The two steps of dl2 keep their names, which the standard error of tau2 is read from.
    again = [line.replace("first", "first_none").replace("second", "second_none") for line in total]
    return again if fit.choices.tau2_method == "dl2" else total


def _explained(fit: Any) -> list[Quantity]:
    code = "100 * max(0, 1 - res$tau2 / none$tau2)" if _by_hand(fit) else "res$R2"
    return one("r2", code, fit.r2)


def permutation(test: Any, fit: Any, formula: Formula, title: str) -> Section:
    """Return a permutation test as a section: by ``permutest``, if every order was taken.

    Parameters
    ----------
    test : Permutation
    fit : MetaRegression
    formula : RFormula
    title : str
        What it is.
    """
    if not test.exact:
        raise no_equivalent(
            f"a permutation test of {test.n - 1:,} random shuffles",
            "permutest(res, iter = ...) shuffles with R's own random numbers, so that its p-values "
            "differ by chance. Where every order is taken, because there are few studies, "
            "permutation_test has to_r(); fit.to_r() writes the meta-regression itself",
        )
    whole = section(fit, formula, title)
    every = [place for place, term in enumerate(fit.design.columns, start=1) if term != "Intercept"]
    terms = [str(term) for term in test.p_values.index]
    return Section(
        title=f"{title}: meta-regression {fit.formula}",
        says=whole.says,
        data=whole.data,
        code=(
            *_fit(fit, formula),
            *same_design(fit.design),
            "orders <- permutest(res, exact = TRUE, progbar = FALSE)",
        ),
        quantities=(
            *each("p_value", f"orders$pval[{vector(every)}]", test.p_values, terms),
            *one("q_m_p_value", "orders$QMp", test.q_m_p_value),
        ),
    )
