"""A body of evidence as it is rated: the pooled effect, its people, and which way is better."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label
from synthesis import checks
from synthesis.appraisal.certainty.reported import ReportedEffect
from synthesis.appraisal.readings.interpret import turned_signs
from synthesis.appraisal.readings.risks import KINDS
from synthesis.diagnostics.studies import known_sizes
from synthesis.effects.shared_controls import divided
from synthesis.measures import Measure
from synthesis.outcomes import Outcome
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.studies import AS_GIVEN

ARMS = ("n_t", "n_c")


@dataclass(frozen=True, eq=False)
class Body:
    """What is rated.

    Attributes
    ----------
    measure : Measure
        The effect measure.
    triple : tuple of float or None
        ``(estimate, low, high)`` on the scale of analysis; limits are NaN where none is known.
    prediction : tuple of float or None
        Prediction interval, on the scale of analysis.
    level : float
        Level of the intervals.
    k, n_studies : int or None
        Effects, and the studies they come from.
    participants, arms : int or None, tuple of int or None
        People, in all and by arm, where every study says how many.
    turned : {"none", "all", "some"}
        Whether signs were turned so that above 0 is better.
    outcome : Outcome or None
        As declared.
    fit : MetaAnalysis or None
        The pooled studies, where they are at hand.
    reported : ReportedEffect or None
        What a source prints, otherwise.
    """

    measure: Measure
    triple: tuple[float, float, float] | None
    prediction: tuple[float, float] | None
    level: float
    k: int | None
    n_studies: int | None
    participants: int | None
    arms: tuple[int, int] | None
    turned: str
    outcome: Outcome | None
    fit: MetaAnalysis | None = None
    reported: ReportedEffect | None = None

    @property
    def kind(self) -> str:
        """How the measure is applied to a risk; empty where it is not."""
        return KINDS.get(self.measure.name, "")

    @property
    def is_of_events(self) -> bool:
        """Whether the effect is one of events, rather than of scores."""
        return self.kind not in ("", "smd")

    @property
    def event_sign(self) -> float:
        """What turns an effect back to more of the outcome; NaN where studies differ."""
        return {"none": 1.0, "all": -1.0, "some": math.nan}[self.turned]

    @property
    def pooled(self) -> MetaAnalysis:
        """The pooled studies, where it was checked that they are at hand."""
        if self.fit is None:
            raise DataError("the studies behind this effect are not at hand.")
        return self.fit

    @property
    def estimate(self) -> float:
        """The effect on the scale of analysis; NaN where no number is known."""
        return math.nan if self.triple is None else self.triple[0]

    def printed(self) -> tuple[float, float, float] | None:
        """Return the effect and its limits as readers see them."""
        if self.triple is None:
            return None
        value, low, high = (self.measure.back(one) for one in self.triple)
        return value, low, high

    def studies(self) -> pd.DataFrame:
        """Return ``study yi vi weight`` of what was pooled, studies as the sheet named them."""
        held = self.pooled.studies
        name = AS_GIVEN if AS_GIVEN in held.columns else "study"
        table = held[[name, "yi", "vi"]].set_axis(["study", "yi", "vi"], axis=1)
        table = table.reset_index(drop=True)
        return table.assign(
            study=[label(one) for one in table["study"]], weight=self.pooled.weights.to_numpy()
        )


def body_of(fit: MetaAnalysis | ReportedEffect, outcome: Outcome | None) -> Body:
    """Return what is rated, from a pooled effect or from one that was printed.

    Raises
    ------
    DataError
        If it is neither, or its measure compares no two groups.
    """
    if isinstance(fit, ReportedEffect):
        return _of_reported(fit, outcome)
    pooled_only(fit)
    refuse_measure(fit.measure)
    signs = turned_signs(fit)
    turned = "all" if all(signs) else "some" if any(one is not False for one in signs) else "none"
    participants, arms = _people(fit)
    return Body(
        measure=fit.measure,
        triple=(fit.estimate, *fit.ci),
        prediction=fit.prediction_interval,
        level=fit.level,
        k=fit.k,
        n_studies=fit.n_studies,
        participants=participants,
        arms=arms,
        turned=turned,
        outcome=outcome or fit.outcome,
        fit=fit,
    )


def refuse_measure(measure: Measure) -> None:
    """Raise an error if a measure compares no groups, so that there is nothing to be certain of.

    Raises
    ------
    DataError
        With the measure's name.
    """
    if not measure.has_null or "orrelation" in measure.label:
        raise DataError(
            f"certainty rates effects that compare two groups; {measure.label.lower()} "
            f"({measure.name!r}) compares none."
        )


def _of_reported(fit: ReportedEffect, outcome: Outcome | None) -> Body:
    refuse_measure(fit.measure)
    values = None
    if fit.effect is not None:
        printed = (fit.effect, *(fit.ci or (math.nan, math.nan)))
        value, low, high = (to_analysis(fit.measure, one) for one in printed)
        values = value, low, high
    return Body(
        measure=fit.measure,
        triple=values,
        prediction=None,
        level=fit.level,
        k=fit.studies,
        n_studies=fit.studies,
        participants=fit.participants,
        arms=None,
        turned="none",
        outcome=outcome or fit.outcome,
        reported=fit,
    )


def to_analysis(measure: Measure, value: float) -> float:
    """Return a printed value on the scale of analysis; NaN stays NaN.

    Raises
    ------
    DataError
        If this measure's printed values cannot be taken back.
    """
    if math.isnan(value) or measure.scale == "identity":
        return float(value)
    if measure.scale == "log":
        return math.log(value) if value > 0 else -math.inf
    raise DataError(
        f"certainty cannot place printed values of {measure.name!r} ({measure.label}); use a "
        "difference or a ratio."
    )


def _people(fit: MetaAnalysis) -> tuple[int | None, tuple[int, int] | None]:
    """Return the people behind a fit, if every study says how many and none is counted twice."""
    if fit.dependence == "ignored":
        return None, None
    studies = divided(fit.studies)
    arms = None
    if set(ARMS) <= set(studies.columns):
        sums = [float(np.sum(checks.as_numbers(studies[name]))) for name in ARMS]
        if not any(map(math.isnan, sums)):
            arms = round(sums[0]), round(sums[1])
    sizes = known_sizes(fit)
    if sizes is None and "n_total" in studies.columns:
        sizes = np.asarray(checks.as_numbers(studies["n_total"]), dtype=float)
    if sizes is None or np.isnan(sizes).any():
        return (sum(arms) if arms else None), arms
    return round(float(sizes.sum())), arms
