"""The result of an analysis in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arrowroot.display import number, p_value
from synthesis.review.analyses import Analysis
from synthesis.review.text.values import page_of
from synthesis.review.text.wording import Paragraph, Sentence

if TYPE_CHECKING:
    from synthesis.appraisal.certainty.result import Certainty


def results(analysis: Analysis, rated: Certainty | None = None) -> Paragraph:
    """Return the result of an analysis, the tests between its subgroups, and its certainty."""
    page = page_of(analysis)
    fit = analysis.fit
    if fit is None:
        return [Sentence(f"{analysis.name}: {analysis.reason}", "the extraction sheet", page)]
    low, high = (number(fit.back(limit)) for limit in fit.ci)
    people = "" if analysis.participants is None else f", {analysis.participants:,} participants"
    test = f", p {p_value(fit.p_value)}" if fit.measure.has_null else ""
    found = [
        Sentence(
            f"{analysis.name}: {fit.measure.abbreviation} {number(fit.back(fit.estimate))} "
            f"({100 * fit.level:g}% CI {low} to {high}{test}; {fit.k_in_words}{people}).",
            "the pooled result",
            f"{page}#result",
        )
    ]
    if fit.k > 1:
        text = (
            f"Heterogeneity: Q = {number(fit.q)} on {fit.q_df} df (p {p_value(fit.q_p_value)}), "
            f"I\u00b2 = {number(fit.i2, 0)}%"
        )
        text += f", tau\u00b2 = {number(fit.tau2, 3)}" if fit.model == "random" else ""
        if fit.prediction_interval is not None:
            limits = [number(fit.back(limit)) for limit in fit.prediction_interval]
            text += f"; {100 * fit.level:g}% prediction interval {' to '.join(limits)}"
        found.append(Sentence(f"{text}.", "the pooled result", f"{page}#result"))
    found += [
        Sentence(groups.sentence(), f"subgroups by {by}", f"{page}#subgroups")
        for by, groups in analysis.subgroups.items()
    ]
    if rated is not None:
        text = f"Certainty of the evidence: {rated.certainty_in_words}."
        found.append(Sentence(text, "the rating of certainty", f"certainty.html#{analysis.key}"))
    return found
