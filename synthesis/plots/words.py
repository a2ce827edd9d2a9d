"""Figures in words, for readers who cannot see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import OptionError
from arrowroot.options import thing
from arrowroot.text import counted, shortened
from synthesis.plots.drawing.save import figure_of, words_on
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.footnotes import in_words
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MODELS, MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from synthesis.diagnostics.multiverse import Multiverse
    from synthesis.diagnostics.small_studies.trim_fill import TrimFill
    from synthesis.diagnostics.subsets import Gosh

    Drawn = Axes | Figure
    Result = MetaAnalysis | SubgroupAnalysis | TrimFill | Gosh | Multiverse


def alt_text(result: Result | Mapping[str, MetaAnalysis | None] | Drawn) -> str:
    """Say in a few sentences what a figure shows.

    Parameters
    ----------
    result : Axes, Figure or result
        A drawn figure of any kind; or a result, which is described by the sentences of its usual
        figure: the forest plot of a meta-analysis, of subgroups, or of outcomes by name; the
        funnel plot of trim and fill; the GOSH plot; the specification curve of a multiverse.

    Returns
    -------
    str
        Its numbers are printed as in tables and figures.

    Raises
    ------
    OptionError
        If no figure can describe it.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    if isinstance(result, MetaAnalysis | SubgroupAnalysis):
        return clean(forest_words(result))
    if isinstance(result, Mapping):
        for name, fit in result.items():
            if fit is not None:
                pooled_only(fit, f"result, {name!r}")
        return clean(outcome_words(result))
    draw = _usual_figure(result)
    drawn = result if draw is None else draw(result)
    words = words_on(figure_of(drawn)) if isinstance(drawn, Axes | Figure) else ""
    if not words:
        raise OptionError(
            f"alt_text cannot describe {thing(result)}: pass the figure that a "
            "plotting function created without ax, or a result that one can draw."
        )
    return words


def _usual_figure(result: object) -> Callable[[Any], Axes] | None:
    """Return the function that draws a result with only one figure, and so describes it."""
    from synthesis.diagnostics.multiverse import Multiverse
    from synthesis.diagnostics.small_studies.trim_fill import TrimFill
    from synthesis.diagnostics.subsets import Gosh

    if isinstance(result, TrimFill):
        from synthesis.plots.funnel import funnel

        return funnel
    if isinstance(result, Gosh):
        from synthesis.plots.gosh import gosh_plot

        return gosh_plot
    if isinstance(result, Multiverse):
        from synthesis.plots.specification import specification_curve

        return specification_curve
    return None


def forest_words(result: MetaAnalysis | SubgroupAnalysis) -> str:
    """Say what a forest plot shows: number, direction, size, differences, and outlying studies.

    A study is outlying if its interval does not overlap that of the pooled effect.
    """
    fit = result if isinstance(result, MetaAnalysis) else result.overall
    effects, names = pd.Series(fit.back_studies(fit.studies["yi"])), fit.studies["study"]
    least, most = int(effects.argmin()), int(effects.argmax())
    sentences = [
        f"Forest plot of {fit.k_in_words}"
        + (", pooled as if they were independent." if fit.dependence == "ignored" else "."),
        f"Their effects run from {display.drawn(effects.iloc[least])} ({names.iloc[least]}) "
        f"to {display.drawn(effects.iloc[most])} ({names.iloc[most]}).",
        _directions(fit),
        f"{fit.measure.label}, {_model(fit)}: {_pooled(fit)}.",
    ]
    if fit.prediction_interval is not None:
        sentences.append(
            f"{100 * fit.level:g}% prediction interval {_span(fit, fit.prediction_interval)}."
        )
    if fit.k > 1:
        sentences += [f"I² is {display.drawn(fit.i2, 0)}%.", _remote(fit)]
    if isinstance(result, SubgroupAnalysis):
        groups = (f"{name} {_pooled(group)}" for name, group in result.groups.items())
        sentences += [
            f"By {result.by}: {'; '.join(groups)}.",
            f"Test for differences between them: p {display.p_value(result.p_value)}, "
            f"I² {display.drawn(result.i2_between, 0)}%"
            + (f" ({result.basis})." if result.basis else "."),
        ]
    if not result.excluded.empty:
        sentences.append(f"Not pooled: {shortened(map(str, result.excluded['study']))}.")
    sentences.append(in_words([fit]))
    return " ".join(filter(None, sentences))


def outcome_words(results: Mapping[str, MetaAnalysis | None]) -> str:
    """Say what the forest plots of several outcomes show."""
    parts = [
        f"{outcome}: {_outcome(fit) if fit is not None else 'no study'}"
        for outcome, fit in results.items()
    ]
    told = f"Forest plots of {counted(len(results), 'outcome')}. {'. '.join(parts)}."
    footnotes = in_words([fit for fit in results.values() if fit is not None])
    return f"{told} {footnotes}".strip()


def _outcome(fit: MetaAnalysis) -> str:
    said = (
        f"{fit.k_in_words}, {fit.measure.abbreviation} "
        f"{display.drawn(fit.back(fit.estimate))} ({_span(fit, fit.ci)})"
    )
    return f"{said}, I² {display.drawn(fit.i2, 0)}%" if fit.k > 1 else said


def _directions(fit: MetaAnalysis) -> str:
    """Count the effects on either side of no effect, and the intervals that exclude it."""
    if np.isnan(fit.measure.null):
        return ""
    frame = fit.study_frame()  # no effect is 0 on every scale of analysis
    above, below = int((frame["yi"] > 0).sum()), int((frame["yi"] < 0).sum())
    clear = int(((frame["ci_low"] > 0) | (frame["ci_high"] < 0)).sum())
    return (
        f"{above} lie above no effect ({fit.measure.null:g}) and {below} below; the "
        f"{100 * fit.level:g}% intervals of {clear} exclude it."
    )


def _remote(fit: MetaAnalysis) -> str:
    """Name the outlying studies."""
    frame = fit.study_frame()
    apart = (frame["ci_low"] > fit.ci[1]) | (frame["ci_high"] < fit.ci[0])
    if not apart.any():
        return "Every study's interval overlaps the pooled one."
    what = ("study", "studies") if fit.k == fit.n_studies else ("effect", "effects")
    many = counted(int(apart.sum()), *what)
    return (
        f"The intervals of {many} do not overlap the pooled one: "
        f"{shortened(map(str, frame['study'][apart]))}."
    )


def _model(fit: MetaAnalysis) -> str:
    name = MODELS[fit.model]
    return name if fit.model in ("mantel_haenszel", "peto") else name[0].lower() + name[1:]


def _pooled(fit: MetaAnalysis) -> str:
    return (
        f"{display.drawn(fit.back(fit.estimate))}, {100 * fit.level:g}% confidence interval "
        f"{_span(fit, fit.ci)}"
    )


def _span(fit: MetaAnalysis, limits: tuple[float, float]) -> str:
    low, high = map(fit.back, limits)
    return f"{display.drawn(low)} to {display.drawn(high)}"
