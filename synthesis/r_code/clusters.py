"""Effects within clusters as R code: ``rma.mv`` and cluster-robust standard errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.labels import read_labels
from synthesis.r_code.fits import of_measure, rma
from synthesis.r_code.readable import back, for_readers
from synthesis.r_code.regression import Formula, coefficients, same_design
from synthesis.r_code.script import Quantity, Section, one, pair
from synthesis.r_code.text import number, table

_CLIMB = """\
climb <- function(start) {{
  rma.mv(yi, {V}, mods = {mods}, random = ~ 1 | cluster/effect, data = studies,
         method = "{method}", {test}, level = {level},
         control = c(list(optimizer = "nlm", gradtol = 1e-10, steptol = 1e-12, iterlim = 1000),
                     start))
}}
res <- climb(list())
# The search stops early at times; from where it stopped it goes on.
res <- climb(list(sigma2.init = pmax(res$sigma2, 1e-12)))"""

_I2 = """\
# The share of each variance, as metafor's page on I2 for multilevel models computes it.
W <- solve(res$V)
X <- model.matrix(res)
P <- W - W %*% X %*% solve(t(X) %*% W %*% X) %*% t(X) %*% W
typical <- (res$k - res$p) / sum(diag(P))"""

_RHO = """\
# Sampling errors of a cluster correlate by {rho}.
same <- outer(studies$cluster, studies$cluster, "==")
V <- {rho} * same * outer(sqrt(studies$vi), sqrt(studies$vi))
diag(V) <- studies$vi"""


def _data(fit: Any, formula: Formula, extra: dict[str, Any]) -> list[str]:
    studies = fit.studies
    return table(
        "studies",
        {
            "cluster": read_labels(studies[fit.cluster]),
            "effect": range(1, len(studies) + 1),
            "yi": studies["yi"].to_numpy(dtype=float),
            "vi": studies["vi"].to_numpy(dtype=float),
            **formula.columns,
            **extra,
        },
    )


def _fit(fit: Any, formula: Formula) -> list[str]:
    code = _RHO.format(rho=number(fit.rho)).split("\n") if fit.rho else []
    test = 'test = "t", dfs = "contain"' if fit.test == "t" else 'test = "z"'
    code += _CLIMB.format(
        V="V" if fit.rho else "vi",
        mods=formula.code,
        method=fit.method.upper(),
        test=test,
        level=f"{100 * fit.level:.10g}",
    ).split("\n")
    return [*code, *same_design(fit.design)]


def _says(fit: Any, formula: Formula) -> list[str]:
    said = [f"{of_measure(fit.measure)}; cluster: the column {fit.cluster}.", *formula.says]
    if len(fit.excluded):
        rows = fit.excluded.itertuples(index=False)
        said.append("Not pooled: " + "; ".join(f"{row.study} ({row.reason})" for row in rows) + ".")
    return said


def section(fit: Any, formula: Formula, title: str) -> Section:
    """Return a three-level model as a section.

    Parameters
    ----------
    fit : ThreeLevel
    formula : RFormula
        Its formula in R.
    title : str
        What it is.
    """
    alone = fit.prediction_interval is not None
    code = [*_fit(fit, formula), *_I2.split("\n")]
    if alone:
        code += ["predicted <- predict(res)", *back(fit.measure)]
    code.append("# Profile-likelihood intervals of the variances take a while: confint(res)")
    table_ = fit.coefficients
    share = "100 * {} / (sum(res$sigma2) + typical)"
    several = table_["df"].notna().any()
    df = [Quantity("df", "res$ddf", tuple(map(float, table_["df"])),
                   tuple(map(str, table_.index)))]  # fmt: skip
    return Section(
        title=title,
        says=tuple(_says(fit, formula)),
        data=tuple(_data(fit, formula, {})),
        code=tuple(code),
        quantities=(
            *one("k", "res$k", fit.k),
            *one("n_clusters", "length(unique(studies$cluster))", fit.n_clusters),
            *coefficients(table_, table_.index),
            *(df if several else []),
            *one("sigma2 cluster", "res$sigma2[1]", fit.sigma2["cluster"]),
            *one("sigma2 effect", "res$sigma2[2]", fit.sigma2["effect"]),
            *one("i2 total", share.format("sum(res$sigma2)"), fit.i2["total"]),
            *one("i2 cluster", share.format("res$sigma2[1]"), fit.i2["cluster"]),
            *one("i2 effect", share.format("res$sigma2[2]"), fit.i2["effect"]),
            *one("q", "res$QE", fit.q),
            *one("q_df", "res$k - res$p", fit.q_df),
            *one("q_p_value", "res$QEp", fit.q_p_value),
            *one("q_m", "res$QM", fit.q_m),
            *one("q_m_p_value", "res$QMp", fit.q_m_p_value),
            *one("log_likelihood", "as.numeric(logLik(res))", fit.log_likelihood),
            *pair("prediction_interval", "predicted$pi.lb", "predicted$pi.ub",
                  fit.prediction_interval),
            *(_for_readers(fit) if alone else []),
        ),
    )  # fmt: skip


def _for_readers(fit: Any) -> list[Quantity]:
    low, high = fit.prediction_interval
    return for_readers(
        fit.measure,
        {
            "estimate": ("res$beta[1]", fit.estimate),
            "ci_low": ("res$ci.lb", fit.ci[0]),
            "ci_high": ("res$ci.ub", fit.ci[1]),
            "prediction_interval_low": ("predicted$pi.lb", low),
            "prediction_interval_high": ("predicted$pi.ub", high),
        },
    )


_KINDS = {
    "cr2": "clubSandwich = TRUE",
    "cr1": "adjust = TRUE",
    "cr0": "adjust = FALSE",
}
_CR2 = (
    "CR2 with Satterthwaite's degrees of freedom is that of the package clubSandwich, which "
    "metafor's robust() calls."
)
_CR1 = (
    "adjust = TRUE multiplies the sandwich by m / (m - p), for m clusters and p coefficients; "
    "clubSandwich's CR1 is m / (m - 1)."
)


def robust(result: Any, formula: Formula, title: str) -> Section:
    """Return cluster-robust standard errors as a section.

    Parameters
    ----------
    result : RobustFit
        With `fit`, the model whose standard errors it replaces.
    formula : RFormula
        The formula of that model in R.
    title : str
        What it is.
    """
    fit = result.fit
    extra = {"robust_cluster": result.clusters}
    if hasattr(fit, "sigma2"):
        data, code, says = _data(fit, formula, extra), _fit(fit, formula), _says(fit, formula)
    else:
        studies = fit.studies
        data = table(
            "studies",
            {
                "study": read_labels(studies["study"]),
                "yi": studies["yi"].to_numpy(dtype=float),
                "vi": studies["vi"].to_numpy(dtype=float),
                **formula.columns,
                **extra,
            },
        )
        mods = "" if formula.code == "~ 1" else formula.code
        code = rma("res", fit.choices, fit.tau2, studies["vi"], mods=mods, wald=True)
        if mods:
            code += same_design(fit.design)
        says = [of_measure(fit.measure) + ".", *formula.says]
    notes = {"cr2": [_CR2], "cr1": [_CR1], "cr0": []}[result.kind]
    table_ = result.coefficients
    terms = [str(term) for term in table_.index]
    df = np.asarray(table_["df"], dtype=float)
    half = f"qt({number(1 - (1 - result.level) / 2)}, sandwich$dfs) * sandwich$se"
    return Section(
        title=f"{title} of: {result.fit.r_section().title}",
        says=(*says, *notes),
        data=tuple(data),
        code=(
            *code,
            f"sandwich <- robust(res, cluster = studies$robust_cluster, {_KINDS[result.kind]})",
            f"half <- {half}",
        ),
        quantities=(
            *one("k", "sandwich$k", result.k),
            *one("n_clusters", "sandwich$n", result.n_clusters),
            *coefficients(table_, terms, "sandwich")[:4],
            Quantity("ci_low", "sandwich$beta - half", tuple(table_["ci_low"]), tuple(terms)),
            Quantity("ci_high", "sandwich$beta + half", tuple(table_["ci_high"]), tuple(terms)),
            Quantity("df", f"rep_len(sandwich$dfs, {len(terms)})", tuple(df), tuple(terms)),
        ),
        packages=("clubSandwich",) if result.kind == "cr2" else (),
    )
