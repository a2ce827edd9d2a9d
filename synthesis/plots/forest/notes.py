"""The sentences in a forest plot: heterogeneity, tests, what was left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.text import shortened
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.styles import ForestStyle
from synthesis.pooling.readable import figure_notes
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

SUBSCRIPTS = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉.")


def notes(fit: MetaAnalysis, look: ForestStyle) -> list[str]:
    """Write the notes under a pooled effect: heterogeneity, the test of no effect, its doubts."""
    lines = [] if fit.k == fit.n_studies else [_several_per_study(fit)]
    lines += [heterogeneity(fit, look)] if fit.k > 1 else []
    if not np.isnan(fit.measure.null):
        test = look.overall.format(statistic=statistic(fit, look), p=look.p_value(fit.p_value))
        lines.append(test)
    return [*lines, *figure_notes(fit.notes)]


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
    """Write the test for subgroup differences."""
    return look.between.format(
        q=display.number(result.q_between),
        df=result.df,
        df_low=str(result.df).translate(SUBSCRIPTS),
        p=look.p_value(result.p_value),
    )


def heterogeneity(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the heterogeneity line."""
    template = look.heterogeneity if fit.model == "random" else look.heterogeneity_common
    return template.format(
        tau2=display.number(fit.tau2, _digits(fit.tau2)),
        q=display.number(fit.q),
        q_df=fit.q_df,
        q_df_low=str(fit.q_df).translate(SUBSCRIPTS),
        q_p=look.p_value(fit.q_p_value),
        i2=display.number(fit.i2, 0),
    )


def _digits(tau2: float) -> int:
    """Return how many decimals show that a variance is not zero: two to four."""
    return next((digits for digits in (2, 3) if tau2 == 0 or round(tau2, digits) > 0), 4)


def statistic(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the statistic of the test of no effect, with its degrees of freedom."""
    value = display.number(fit.statistic)
    if fit.df is None:
        return f"{look.z} = {value}"
    return f"t = {value}, df = {display.number(fit.df, 0 if float(fit.df).is_integer() else 1)}"
