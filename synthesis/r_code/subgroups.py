"""Many analyses of one kind as R code: subgroups, and the groups of a long table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from synthesis.labels import read_labels
from synthesis.r_code.fits import (
    PROFILE_FUNCTION,
    of_measure,
    prediction_lines,
    rma,
    said_of,
    study_columns,
)
from synthesis.r_code.meta_analysis import left_out
from synthesis.r_code.script import Quantity, Section, each, one
from synthesis.r_code.text import factor, number, table

NAMES = {
    "k": "k",
    "estimate": "estimate",
    "std_error": "std_error",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
    "p_value": "p_value",
    "tau2": "tau2",
    "i2": "i2",
    "q": "q",
    "pi_low": "pi_low",
    "pi_high": "pi_high",
}
"""What R's function ``pool`` returns of every analysis."""


def pool_function(
    choices: Any, tau2: float, variances: Any, *, ci_method: str, known: str = ""
) -> list[str]:
    """Return the R function ``pool``, which analyses the rows of one group.

    Parameters
    ----------
    choices : Choices
        How each is analysed.
    tau2 : float
        The largest estimate among the groups.
    variances : array-like
        All sampling variances.
    ci_method : str
        The interval of groups with several studies.
    known : str
        R code of a tau2 that is shared.
    """
    profile = ci_method == "profile" and choices.model == "random"
    given = known or (number(choices.tau2) if choices.tau2_method == "given" else "")
    alone = f"vi + {given}" if given else "vi"
    low, high, p = (
        ("profile$low", "profile$high", "profile$p")
        if profile
        else ("res$ci.lb", "res$ci.ub", "res$pval")
    )
    inside = rma("res", choices, tau2, variances, data="rows", known=known)
    if profile:
        level = number(choices.level)
        inside.append(f"profile <- profile_mu(rows$yi, rows$vi, {level})")
    predicts = choices.model == "random" and choices.prediction != "none"
    inside += prediction_lines(choices, ci_method) if predicts else []
    bounds = "predicted$pi.lb, pi_high = predicted$pi.ub" if predicts else "NA, pi_high = NA"
    if choices.prediction == "higgins" and predicts:
        bounds = "if (res$k < 3) NA else predicted$pi.lb,\n    pi_high = if (res$k < 3) NA else predicted$pi.ub"  # noqa: E501
        inside = [
            line.replace("qt(", "suppressWarnings(qt(").replace("res$k - 2)", "res$k - 2))")
            for line in inside
        ]
    single = f'rma(yi, {alone}, method = "EE", level = {100 * choices.level:.10g}, data = rows)'
    return [
        *(PROFILE_FUNCTION.split("\n") if profile else []),
        "pool <- function(rows) {",
        "  if (nrow(rows) == 1) {  # a single study is itself, with a normal interval",
        f"    res <- {single}",
        "    return(c(k = 1, estimate = res$beta[1], std_error = res$se, ci_low = res$ci.lb,",
        "             ci_high = res$ci.ub, p_value = res$pval,",
        f"             tau2 = {given or 0}, i2 = NA, q = 0, pi_low = NA, pi_high = NA))",
        "  }",
        *(f"  {line}" for line in inside),
        "  c(k = res$k, estimate = res$beta[1], std_error = res$se,",
        f"    ci_low = {low}, ci_high = {high}, p_value = {p},",
        f"    tau2 = res$tau2, i2 = res$I2, q = res$QE, pi_low = {bounds})",
        "}",
    ]


def analyses(frame: Any, groups: Sequence[str], *, told: bool = True) -> list[Quantity]:
    """Return the columns of a table of analyses, beside those of R's ``pooled``."""
    return [
        quantity
        for name in NAMES
        if name in frame and (told or name != "p_value")
        for quantity in each(name, f'pooled["{name}", ]', frame[name].astype(float), groups)
    ]


def section(result: Any) -> Section:
    """Return a subgroup analysis as a section.

    Parameters
    ----------
    result : SubgroupAnalysis
    """
    overall, groups = result.overall, list(result.groups)
    choices = overall.choices
    studies = overall.studies
    labels = read_labels(studies[result.by])
    variances = studies["vi"]
    shared = result.common_tau2 is not None
    tau2 = max([overall.tau2, *(fit.tau2 for fit in result.groups.values())])
    code = ["# All studies."]
    code += rma("overall", choices, tau2, variances)
    if shared:
        code += ["", "# The tau2 that all groups share."]
        code += _shared(choices, tau2, variances)
    code += ["", "# Each group."]
    code += pool_function(
        choices, tau2, variances, ci_method=str(choices.ci), known="shared" if shared else ""
    )
    code += [
        "pooled <- sapply(split(studies, studies$group), pool)",
        "",
        "# The test between groups: their estimates, weighted by their inverse variances.",
        'between <- rma(pooled["estimate", ], sei = pooled["std_error", ], method = "EE")',
    ]
    frame = result.to_frame().reset_index()
    columns = {**study_columns(studies)}
    lines = table("studies", columns)
    group = factor(labels, groups).replace("\n", "\n  ")
    lines[-2] += ","
    lines.insert(-1, f"  group = {group}")
    return Section(
        title=f"Subgroups by {result.by}: {overall.method}, "
        f"{'one tau2 for all groups' if shared else 'a tau2 for each group'}",
        says=(
            of_measure(overall.measure) + ".",
            *said_of(choices),
            *left_out(overall),
            *_excluded(result),
        ),
        data=tuple("\n".join(lines).split("\n")),
        code=tuple(code),
        quantities=(
            *one("estimate of all studies", "overall$beta[1]", overall.estimate),
            *one("std_error of all studies", "overall$se", overall.std_error),
            *one("tau2 of all studies", "overall$tau2", overall.tau2),
            *analyses(frame, groups, told=overall.measure.has_null),
            *(one("common_tau2", "shared", result.common_tau2) if shared else []),
            *one("q_between", "between$QE", result.q_between),
            *one("df", "between$k - 1", result.df),
            *one("p_value of the test between groups", "between$QEp", result.p_value),
        ),
        labels=((tuple(groups), "levels(studies$group)"),),
    )


def _excluded(result: Any) -> list[str]:
    if not len(result.excluded):
        return []
    rows = result.excluded.itertuples(index=False)
    return ["Not pooled: " + "; ".join(f"{row.study} ({row.reason})" for row in rows) + "."]


def _shared(choices: Any, tau2: float, variances: Any) -> list[str]:
    if choices.tau2_method == "given":
        return [f"shared <- {number(choices.tau2)}"]
    fitted = rma("within", choices, tau2, variances, mods="~ 0 + group", wald=True)
    return [*fitted, "shared <- within$tau2"]


def of_table(
    columns: Mapping[str, Any], names: Sequence[str], frame: Any, choices: Any, told: bool
) -> Section:
    """Return the analyses of a long table as a section.

    Parameters
    ----------
    columns : mapping
        ``study`` if it is known, ``yi``, ``vi`` and ``analysis``, the name of each row's analysis.
    names : sequence of str
        The analyses in their order.
    frame : DataFrame
        The result of `meta_analyses`, one row per analysis.
    choices : Choices
        How they were done.
    told : bool
        Whether the effects have a value of no effect.
    """
    rest = {name: values for name, values in columns.items() if name != "analysis"}
    lines = table("studies", rest)
    group = factor(list(columns["analysis"]), list(names)).replace("\n", "\n  ")
    lines[-2] += ","
    lines.insert(-1, f"  analysis = {group}")
    tau2 = float(np.nanmax(frame["tau2"].to_numpy(dtype=float)))
    code = pool_function(choices, tau2, rest["vi"], ci_method=str(choices.ci))
    code.append("pooled <- sapply(split(studies, studies$analysis), pool)")
    return Section(
        title=f"{len(names)} meta-analyses",
        says=(
            "Each level of the column analysis is an analysis, and a column of the matrix pooled.",
            *said_of(choices),
        ),
        data=tuple("\n".join(lines).split("\n")),
        code=tuple(code),
        quantities=tuple(analyses(frame, names, told=told)),
        labels=((tuple(names), "levels(studies$analysis)"),),
    )
