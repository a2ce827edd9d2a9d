"""Figures in words, for readers who cannot see them."""

from __future__ import annotations

from synthesis import display
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

MODELS = {"common": "common-effect model", "random": "random-effects model"}


def alt_text(result: MetaAnalysis | SubgroupAnalysis) -> str:
    """Say in a few sentences what a forest plot of the result shows.

    Parameters
    ----------
    result : MetaAnalysis or SubgroupAnalysis
        The result.

    Returns
    -------
    str
        Its numbers are printed as in tables and figures.
    """
    fit = result if isinstance(result, MetaAnalysis) else result.overall
    effects, names = fit.studies["yi"].map(fit.back), fit.studies["study"]
    least, most = int(effects.argmin()), int(effects.argmax())
    sentences = [
        f"Forest plot of {display.count(fit.k, 'study', 'studies')}.",
        f"Their effects run from {display.number(effects.iloc[least])} ({names.iloc[least]}) "
        f"to {display.number(effects.iloc[most])} ({names.iloc[most]}).",
        f"{fit.measure.label}, {MODELS[fit.model]}: {_pooled(fit)}.",
    ]
    if fit.prediction_interval is not None:
        low, high = map(fit.back, fit.prediction_interval)
        sentences.append(
            f"{100 * fit.level:g}% prediction interval {display.number(low)} to "
            f"{display.number(high)}."
        )
    if fit.k > 1:
        sentences.append(f"I² is {display.number(fit.i2, 0)}%.")
    if isinstance(result, SubgroupAnalysis):
        groups = (f"{name} {_pooled(group)}" for name, group in result.groups.items())
        sentences.append(f"By {result.by}: {'; '.join(groups)}.")
    return " ".join(sentences)


def _pooled(fit: MetaAnalysis) -> str:
    low, high = map(fit.back, fit.ci)
    return (
        f"{display.number(fit.back(fit.estimate))}, {100 * fit.level:g}% confidence interval "
        f"{display.number(low)} to {display.number(high)}"
    )
