"""Figures in words, for readers who cannot see them."""

from __future__ import annotations

from synthesis import display
from synthesis.pooling.results import MetaAnalysis

MODELS = {"common": "common-effect model", "random": "random-effects model"}


def alt_text(fit: MetaAnalysis) -> str:
    """Say in a few sentences what a forest plot of the result shows.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.

    Returns
    -------
    str
        Its numbers are printed as in tables and figures.
    """
    back, measure = fit.measure.back, fit.measure
    low, high = map(back, fit.ci)
    level = f"{100 * fit.level:g}%"
    effects = fit.studies["yi"].map(back)
    names = fit.studies["study"]
    least, most = int(effects.argmin()), int(effects.argmax())
    sentences = [
        f"Forest plot of {display.count(fit.k, 'study', 'studies')}.",
        f"Their effects run from {display.number(effects.iloc[least])} ({names.iloc[least]}) "
        f"to {display.number(effects.iloc[most])} ({names.iloc[most]}).",
        f"{measure.label}, {MODELS[fit.model]}: {display.number(back(fit.estimate))}, "
        f"{level} confidence interval {display.number(low)} to {display.number(high)}.",
    ]
    if fit.prediction_interval is not None:
        low, high = map(back, fit.prediction_interval)
        sentences.append(
            f"{level} prediction interval {display.number(low)} to {display.number(high)}."
        )
    if fit.k > 1:
        sentences.append(f"I² is {display.number(fit.i2, 0)}%.")
    return " ".join(sentences)
