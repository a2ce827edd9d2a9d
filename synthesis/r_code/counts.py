"""Mantel-Haenszel and Peto as R code, by ``rma.mh`` and ``rma.peto``."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthesis.checks import as_numbers
from synthesis.labels import read_labels
from synthesis.r_code.meta_analysis import left_out
from synthesis.r_code.readable import back, for_readers
from synthesis.r_code.script import Section, each, one, pair
from synthesis.r_code.text import table

_ARMS = ("events_t", "n_t", "events_c", "n_c")

_HALF = (
    "The pooled effect uses the counts as they are; for Q and the studies' own effects 1/2 is "
    "added to the cells of a table with a zero, which is metafor's default too."
)
_PETO = (
    "metafor adds 1/2 to tables with a zero before it computes Q of Peto's method; Peto's odds "
    "ratio of a study needs no addition, so nothing is added (add = 0)."
)
_SILENT = (
    "metafor warns of studies with no events, or events only, in both arms: they have a part in "
    "the pooled effect and none in Q."
)


def columns(fit: Any) -> dict[str, Any]:
    """Return the labels and counts of a fit, with a control arm that is divided as its part."""
    cells = {name: as_numbers(fit.studies[name]) for name in _ARMS}
    if "control_shares" in fit.studies:
        shares = as_numbers(fit.studies["control_shares"])
        by = np.where(shares > 1, shares, 1.0)
        cells |= {name: cells[name] / by for name in ("events_c", "n_c")}
    return {"study": read_labels(fit.studies["study"]), **cells}


def silent(columns: dict[str, Any]) -> set[str]:
    """Return the studies with no events, or events only, in both arms."""
    events = columns["events_t"] + columns["events_c"]
    people = columns["n_t"] + columns["n_c"]
    none = (events == 0) | (events == people)
    return {label for label, one in zip(columns["study"], none, strict=True) if one}


def call(fit: Any) -> str:
    """Return the line that fits the model."""
    arms = "ai = events_t, n1i = n_t, ci = events_c, n2i = n_c"
    rest = f"data = studies, slab = study, level = {100 * fit.level:.10g}"
    if fit.model == "peto":
        return f'res <- rma.peto({arms}, add = 0, to = "none",\n                {rest})'
    arms = f'{arms}, measure = "{fit.measure.name.upper()}"'
    if _silent(fit):
        return f"res <- suppressWarnings(rma.mh({arms},\n    {rest}))"
    return f"res <- rma.mh({arms},\n              {rest})"


def _silent(fit: Any) -> bool:
    """Whether there are studies without a part in Q."""
    return bool(fit.q_df + 1 < fit.k)


def section(fit: Any) -> Section:
    """Return a Mantel-Haenszel or Peto fit as a section.

    Parameters
    ----------
    fit : MetaAnalysis
    """
    several = fit.q_df > 0
    exact = fit.std_error > 0
    return Section(
        title=f"Meta-analysis: {fit.method}, {fit.measure.label.lower()}",
        says=(
            f"Two-by-two tables: events and people of the treated (t) and control (c) arms; "
            f"results on the scale of analysis{fit.measure.on_scale}.",
            _PETO if fit.model == "peto" else _HALF,
            *([_SILENT] if _silent(fit) else []),
            *left_out(fit),
        ),
        data=tuple(table("studies", columns(fit))),
        code=(*call(fit).split("\n"), *back(fit.measure)),
        quantities=(
            *one("k", "nrow(studies)", fit.k),
            *one("estimate", "res$beta[1]", fit.estimate),
            *one("std_error", "res$se", fit.std_error),
            *(one("statistic", "res$zval", fit.statistic) if exact else []),
            *(one("p_value", "res$pval", fit.p_value) if exact else []),
            *pair("ci", "res$ci.lb", "res$ci.ub", fit.ci),
            *(one("q", "res$QE", fit.q) if several else []),
            *(one("q_p_value", "res$QEp", fit.q_p_value) if several else []),
            *(one("i2", "res$I2", fit.i2) if several else []),
            *(one("h2", "res$H2", fit.h2) if several else []),
            *each("weight", "weights(res)", fit.weights, fit.weights.index),
            *for_readers(
                fit.measure,
                {
                    "estimate": ("res$beta[1]", fit.estimate),
                    "ci_low": ("res$ci.lb", fit.ci[0]),
                    "ci_high": ("res$ci.ub", fit.ci[1]),
                },
            ),
        ),
        labels=((tuple(map(str, fit.weights.index)), "studies$study"),),
    )
