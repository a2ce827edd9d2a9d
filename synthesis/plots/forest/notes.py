"""The sentences in a forest plot: heterogeneity, tests, what was left out."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.text import shortened
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.styles import ForestStyle
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import NAMES as TAU2_NAMES
from synthesis.pooling.readable import figure_notes
from synthesis.pooling.results import MODELS, MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

PREDICTIONS = {
    "as_interval": "standard error and distribution of the CI",
    "cochrane": "t distribution with k − 1 degrees of freedom",
    "higgins": "t distribution with k − 2 degrees of freedom",
    "normal": "normal distribution",
}
"""Prediction intervals by option name, each in words."""

SUBSCRIPTS = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉.")


def notes(fit: MetaAnalysis, look: ForestStyle) -> list[str]:
    """Write the notes under a pooled effect: heterogeneity, the test of no effect, its doubts."""
    lines = [] if fit.k == fit.n_studies else [_several_per_study(fit)]
    lines += [heterogeneity(fit, look)] if fit.k > 1 else []
    if not np.isnan(fit.measure.null):
        test = look.overall.format(statistic=statistic(fit, look), p=look.p_value(fit.p_value))
        lines.append(whole(test))
    return [*lines, *figure_notes(fit.notes)]


def not_summed(fits: Iterable[MetaAnalysis], kind: str | None) -> list[str]:
    """Say why there are no totals of people, where there are none although `kind` is shown."""
    if kind is None or not any(fit.dependence == "ignored" for fit in fits):
        return []
    return ["People are not summed where the same people are in several rows."]


def whole(sentence: str) -> str:
    """Return a sentence that no line end parts from its numbers: "I² = 86%" stays together."""
    for relation in "=<>":
        sentence = sentence.replace(f" {relation} ", f"\u00a0{relation}\u00a0")
    return sentence


def methods(fit: MetaAnalysis) -> str:
    """Name the model, the estimator of tau² and the intervals.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> methods(meta_analysis(pd.DataFrame({"study": list("AB"), "yi": [0.1, 0.2], "vi": 0.04})))
    'Random-effects model; tau² by restricted maximum likelihood; 95% CI: Hartung-Knapp-Sidik-...'
    """
    parts = [MODELS[fit.model]]
    if fit.model == "random":
        known = fit.tau2_method == "given"
        parts.append("tau² given" if known else f"tau² by {TAU2_NAMES[fit.tau2_method]}")
    parts.append(f"{100 * fit.level:g}% CI: {CI_NAMES[fit.ci_method]}")
    if fit.prediction_interval is not None:
        parts.append(f"prediction interval: {PREDICTIONS[fit.prediction_method]}")
    return f"{'; '.join(parts)}."


def _several_per_study(fit: MetaAnalysis) -> str:
    """Write how many effects there are of how many studies."""
    ignored = fit.dependence == "ignored"
    return f"{fit.k_in_words}{', pooled as if they were independent' if ignored else ''}"


def not_pooled(excluded: pd.DataFrame) -> list[str]:
    """Write which studies were left out, and why."""
    if excluded.empty:
        return []
    reasons = [
        f"{clean(study)} ({clean(reason)})"
        for study, reason in zip(excluded["study"], excluded["reason"], strict=True)
    ]
    return [f"Not pooled: {shortened(reasons)}."]


def between_groups(result: SubgroupAnalysis, look: ForestStyle) -> str:
    """Write the test for subgroup differences, naming standard errors that are not the usual."""
    test = look.between.format(
        q=display.drawn(result.q_between),
        df=result.df,
        df_low=str(result.df).translate(SUBSCRIPTS),
        p=look.p_value(result.p_value),
        i2=display.drawn(result.i2_between, 0),
    )
    return whole(test) + (f" ({result.basis})" if result.basis else "")


def heterogeneity(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the heterogeneity line."""
    template = look.heterogeneity if fit.model == "random" else look.heterogeneity_common
    line = template.format(
        tau2=display.drawn(fit.tau2, _digits(fit.tau2)),
        q=display.drawn(fit.q),
        q_df=fit.q_df,
        q_df_low=str(fit.q_df).translate(SUBSCRIPTS),
        q_p=look.p_value(fit.q_p_value),
        i2=display.drawn(fit.i2, 0),
    )
    return whole(line)


def _digits(tau2: float) -> int:
    """Return how many decimals show that a variance is not zero: two to four."""
    return next((digits for digits in (2, 3) if tau2 == 0 or round(tau2, digits) > 0), 4)


def statistic(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the statistic of the test of no effect, with its degrees of freedom."""
    value = display.drawn(fit.statistic)
    if fit.df is None:
        return f"{look.z} = {value}"
    return f"t = {value}, df = {display.drawn(fit.df, 0 if float(fit.df).is_integer() else 1)}"
