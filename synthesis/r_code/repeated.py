"""An analysis repeated, study by study, as R code: ``leave1out``, ``cumul``, ``influence``..."""

from __future__ import annotations

from typing import Any

from synthesis.r_code import counts
from synthesis.r_code.fits import needs, of_measure, rma, said_of, study_columns
from synthesis.r_code.script import Section, each, no_equivalent
from synthesis.r_code.text import table

KINDS = {
    "leave_one_out": "Leave-one-out",
    "cumulative": "Cumulative meta-analysis",
    "influence": "Influence of each study",
    "residuals": "Residuals",
    "baujat": "Contributions to heterogeneity (Baujat)",
    "blup": "Best linear unbiased predictions",
}
"""What can be repeated, with its title."""

_POOLED = {
    "estimate": "estimate",
    "std_error": "se",
    "ci_low": "ci.lb",
    "ci_high": "ci.ub",
    "p_value": "pval",
    "tau2": "tau2",
    "i2": "I2",
    "q": "Q",
    "q_p_value": "Qp",
}
_INFLUENCE = {
    "rstudent": "found$inf$rstudent",
    "dffits": "found$inf$dffits",
    "cooks_distance": "found$inf$cook.d",
    "cov_ratio": "found$inf$cov.r",
    "tau2_deleted": "found$inf$tau2.del",
    "q_deleted": "found$inf$QE.del",
    "hat": "found$inf$hat",
    "weight": "found$inf$weight",
    "dfbeta": "found$dfbs[[1]]",
    "influential": "found$is.infl",
}
_CALLS = {
    "leave_one_out": ["found <- leave1out(res)"],
    "cumulative": [
        "# In every version of metafor, studies that are in order already stay in that order.",
        "found <- cumul(res, order = seq_len(nrow(studies)))",
    ],
    "influence": ["found <- influence(res)"],
    "residuals": ["outside <- rstudent(res)", "inside <- rstandard(res)"],
    "baujat": [
        "pdf(NULL)  # baujat() draws as well",
        "found <- baujat(res)",
        "invisible(dev.off())",
    ],
    "blup": ["found <- blup(res)"],
}
_OTHER_INTERVALS = (
    "metafor repeats its own estimators and intervals only; use another tau2 than 'dl2' and "
    "another ci than 'profile', or write the analysis itself with fit.to_r()"
)
_WITHOUT = "metafor's function gives no prediction intervals, so they are not compared here."
_FIRST = "The first study alone, whose interval is normal here, is left out of the comparison."


def section(fit: Any, kind: str, frame: Any) -> Section:
    """Return a repeated analysis as a section.

    Parameters
    ----------
    fit : MetaAnalysis
        The analysis of all studies.
    kind : str
        One of `KINDS`.
    frame : DataFrame
        What the function of that name returns for it.
    """
    choices = fit.choices
    tables = refuse(fit, kind)
    columns = counts.columns(fit) if tables else study_columns(fit.studies)
    if kind == "cumulative":
        labels = [str(one) for one in columns["study"]]
        order = [labels.index(str(one)) for one in frame.index]
        columns = {name: [list(values)[row] for row in order] for name, values in columns.items()}
    fitted = (
        counts.call(fit).split("\n")
        if tables
        else rma("res", choices, fit.tau2, fit.studies["vi"], slab=True)
    )
    calls = _CALLS[kind]
    if choices.model == "common" and choices.ci in ("hksj", "hksj_modified"):
        calls = [f"suppressWarnings({one})" if "<- " in one else one for one in calls]
    alone = kind == "cumulative"
    shown = frame.iloc[1:] if alone else frame
    if kind == "residuals" and tables:
        # metafor has no residual of a study without an effect of its own.
        shown = frame.loc[[str(one) for one in frame.index if one not in counts.silent(columns)]]
    index = [str(one) for one in shown.index]
    skip = "[-1]" if alone else ""
    whole = len(shown) + alone == len(frame)
    labels_of_r = ((tuple(index), f"studies$study{skip}"),) if whole else ()
    return Section(
        title=f"{KINDS[kind]}: {fit.method}",
        says=(
            of_measure(fit.measure) + ".",
            *([_WITHOUT] if kind in _OF_TABLES else []),
            *([_FIRST] if alone else []),
            *said_of(choices, prediction=False),
        ),
        data=tuple(table("studies", columns)),
        code=(*fitted, *calls),
        quantities=tuple(
            quantity
            for name, code in _sources(fit, kind)
            for quantity in each(name, f"{code}{skip}", shown[name].astype(float), index)
        ),
        labels=labels_of_r,
    )


def refuse(fit: Any, kind: str) -> bool:
    """Refuse what metafor cannot repeat; return whether it is two-by-two tables that are pooled."""
    choices = fit.choices
    needs({"dl2": _OTHER_INTERVALS, "profile": _OTHER_INTERVALS}, KINDS[kind].lower(), choices)
    tables = fit.model == "mantel_haenszel" or (fit.model == "peto" and kind in _OF_TABLES)
    if tables and kind not in (*_OF_TABLES, "residuals"):
        raise no_equivalent(f"{KINDS[kind].lower()} of {fit.kind}")
    if kind == "blup" and fit.model != "random":
        raise no_equivalent(
            "best linear unbiased predictions under a common effect",
            "There they are all the pooled effect",
        )
    if fit.k < 3:
        raise no_equivalent(f"{KINDS[kind].lower()} of {fit.k} studies", "It needs at least three")
    return bool(tables)


_OF_TABLES = ("leave_one_out", "cumulative")


def _sources(fit: Any, kind: str) -> list[tuple[str, str]]:
    """Return the columns of a table that R has too, each with where."""
    if kind in _OF_TABLES:
        random = fit.model == "random"
        absent = set() if random else {"tau2", "i2"}
        if kind == "cumulative":
            absent |= {"q", "q_p_value", "i2"}
        if not fit.measure.has_null:
            absent |= {"p_value"}
        return [(name, f"found${code}") for name, code in _POOLED.items() if name not in absent]
    if kind == "influence":
        return list(_INFLUENCE.items())
    if kind == "residuals":
        return [("rstudent", "outside$z"), ("rstandard", "inside$z")]
    if kind == "baujat":
        return [("heterogeneity", "found$x"), ("influence", "found$y")]
    return [
        ("estimate", "found$pred"),
        ("std_error", "found$se"),
        ("pi_low", "found$pi.lb"),
        ("pi_high", "found$pi.ub"),
    ]
