"""A pooled effect in familiar terms: natural units, odds, risks, percentages of people."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from arrowroot.display import Shown, number
from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from synthesis.effects.formulas.conversions import CONVERSIONS, ODDS_PER_SD
from synthesis.outcomes import Outcome
from synthesis.pooling.results import MetaAnalysis

RULES_OF_THUMB = {
    "Cohen 1988": "0.2 small, 0.5 medium, 0.8 large",
    "Cochrane Handbook, chapter 15": "below 0.40 small, 0.40 to 0.70 moderate, above 0.70 large; "
    "the context decides",
}
"""Bands for the size of a standardised mean difference, each as given in its source."""

_PLACES = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
_TRANSFORMED = {"smd": "smd", "or": "or", "peto": "or"}
_NORMAL = "both groups normal with equal variance"


@dataclass(frozen=True)
class Reading:
    """One way to read an effect.

    Attributes
    ----------
    name, unit : str
        What it is, and its unit.
    numbers : tuple of float
        At the estimate, the limits of its interval and of the prediction interval; NaN where a
        limit is missing.
    method : str
        The formula, its source, and what it assumes.
    digits : int
        Decimals to show.
    """

    name: str
    unit: str
    numbers: tuple[float, ...]
    method: str
    digits: int = 2


@dataclass(frozen=True, eq=False, repr=False)
class Interpretation(Shown):
    """A pooled effect read in several ways; every limit is transformed like the estimate.

    Attributes
    ----------
    readings : tuple of Reading
        The ways to read it.
    fit : MetaAnalysis
        The pooled effect.
    notes : tuple of str
        What to bear in mind, and rules of thumb with their sources.
    """

    readings: tuple[Reading, ...]
    fit: MetaAnalysis
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per reading, unrounded.

        ``reading unit estimate ci_low ci_high pi_low pi_high method``; the lower limit of each is
        the transformed lower limit of the effect, whichever is the larger number.
        """
        rows = [(one.name, one.unit, *one.numbers, one.method) for one in self.readings]
        return pd.DataFrame(rows, columns=["reading", "unit", *_PLACES, "method"])

    def _title(self) -> str:
        low, high = (number(self.fit.back(limit)) for limit in self.fit.ci)
        effect = number(self.fit.back(self.fit.estimate))
        return f"{self.fit.measure.abbreviation} {effect} ({low} to {high}), read in other terms"

    def _facts(self) -> list[tuple[str, str]]:
        return [(_labelled(one), _span(one)) for one in self.readings]

    def _notes(self) -> tuple[str, ...]:
        return (*(f"{one.name}: {one.method}." for one in self.readings), *self.notes)


def _labelled(one: Reading) -> str:
    return f"{one.name} ({one.unit})" if one.unit else one.name


def _span(one: Reading) -> str:
    estimate, low, high, *predicted = (number(value, one.digits) for value in one.numbers)
    if math.isnan(one.numbers[1]):
        return estimate
    text = f"{estimate} ({low} to {high})"
    missing = any(math.isnan(value) for value in one.numbers[3:])
    return text if missing else f"{text}; in a new setting {predicted[0]} to {predicted[1]}"


def interpret(
    fit: MetaAnalysis,
    *,
    sd: float | None = None,
    scale: str | None = None,
    source: str | None = None,
    baseline: float | None = None,
    mid: float | None = None,
    higher_is_better: bool = True,
    conversion: str = "logistic",
    outcome: Outcome | None = None,
) -> Interpretation:
    """Read a pooled effect in familiar terms.

    Parameters
    ----------
    fit : MetaAnalysis
        A pooled standardised mean difference or odds ratio.
    sd : float, optional
        Standard deviation of a familiar scale, > 0, in its units.
    scale, source : str, optional
        The scale's name and where its SD comes from; both are needed with `sd`.
    baseline : float, optional
        Risk without the intervention, between 0 and 1, for risks and numbers needed to treat.
    mid : float, optional
        Minimal important difference: in units of the scale where `sd` is given, else on the
        scale of analysis.
    higher_is_better : bool
        Whether more of the outcome (for odds ratios: more events) is the better result.
    conversion : {"logistic", "cox"}
        How SMDs and odds ratios are converted into each other.
    outcome : Outcome, optional
        Gives what is not given otherwise: `baseline`; `mid`, its own, or with `sd` that of the
        instrument named in `scale`; and `scale`, where it has one instrument. By default the
        outcome that the effects were declared to be of.

    Returns
    -------
    Interpretation

    Raises
    ------
    OptionError
        An option has no such value, or `sd` is given without scale and source.
    DataError
        The measure has no such readings.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": list("ABC"), "yi": [0.4, 0.5, 0.6], "vi": [0.01] * 3})
    >>> read = interpret(meta_analysis(table, measure="smd"), baseline=0.2)
    >>> read.to_frame()[["reading", "estimate"]].head(2).round(2)
                                 reading  estimate
    0                         Odds ratio      2.48
    1  Treated above the average control     69.15
    """
    if not isinstance(fit, MetaAnalysis):
        raise DataError(f"fit must be the result of meta_analysis; got {fit!r:.60}.")
    kind = _TRANSFORMED.get(fit.measure.name)
    if kind is None:
        raise DataError(
            f"interpret reads standardised mean differences and odds ratios; this effect is "
            f"{fit.measure.name!r}. Name the measure: meta_analysis(..., measure='smd')."
        )
    one_of("conversion", conversion, list(ODDS_PER_SD))
    if outcome := outcome or fit.outcome:
        scale, mid, baseline = _declared(outcome, fit, sd, scale, mid, baseline)
    _check(sd, scale, source, baseline, mid)
    per_sd = ODDS_PER_SD[conversion]
    places = _effects(fit)
    smd, log_odds = (places, places * per_sd) if kind == "smd" else (places / per_sd, places)
    formula = CONVERSIONS[conversion]
    via = "" if kind == "smd" else f"; the odds ratio first converted to an SMD, {formula}"
    readings: list[Reading] = []
    if kind == "or":
        readings.append(_reading("SMD", "standard deviations", smd, formula))
    if sd is not None:
        method = f"SMD times the SD {sd:g} of {scale} ({source}){via}"
        readings.append(_reading(str(scale), "points", smd * sd, method))
    if kind == "smd":
        readings.append(_reading("Odds ratio", "", np.exp(log_odds), formula))
    readings += _of_overlap(smd, via)
    if baseline is not None:
        readings += _of_risk(kind, smd, log_odds, baseline, formula, higher_is_better)
    if mid is not None:
        on_scale = mid if sd is None else mid / sd * (per_sd if kind == "or" else 1.0)
        readings.append(_share_beyond(fit, on_scale, mid, scale))
    return Interpretation(tuple(readings), fit, tuple(_cautions(fit, kind)))


def _declared(
    outcome: Outcome,
    fit: MetaAnalysis,
    sd: float | None,
    scale: str | None,
    mid: float | None,
    baseline: Any,
) -> tuple[str | None, float | None, Any]:
    """Return scale, minimal important difference and baseline, those not given as declared."""
    baseline = outcome.baseline if baseline is None else baseline
    if sd is not None:
        only = outcome.instruments[0] if len(outcome.instruments) == 1 else None
        instrument = outcome.instrument(scale) if scale else only
        if instrument is not None:
            scale, mid = instrument.label, instrument.mid if mid is None else mid
    elif mid is None and outcome.mid is not None:
        if outcome.measure != fit.measure.name:
            raise DataError(
                f"outcome {outcome.id!r} declares a minimal important difference as "
                f"{outcome.measure!r}, and this effect is {fit.measure.name!r}: give mid=..."
            )
        mid = math.log(outcome.mid) if fit.measure.is_ratio else outcome.mid
    return scale, mid, baseline


def _check(
    sd: float | None,
    scale: str | None,
    source: str | None,
    baseline: float | None,
    mid: float | None,
) -> None:
    for name, value in (("sd", sd), ("baseline", baseline), ("mid", mid)):
        if value is not None and not isinstance(value, (int, float)):
            raise OptionError(f"{name} must be a number; got {value!r}.")
    if sd is not None:
        if not 0 < sd < math.inf:
            raise OptionError(f"sd must be > 0 and finite; got {sd}.")
        if not scale or not source:
            raise OptionError(
                "sd needs scale='...' (the scale's name) and source='...' (whose SD it is)."
            )
    elif scale or source:
        raise OptionError("scale and source go with sd, which is missing.")
    if baseline is not None and not 0 < baseline < 1:
        raise OptionError(f"baseline must lie between 0 and 1, as 0.2 does; got {baseline}.")
    if mid is not None and not math.isfinite(mid):
        raise OptionError(f"mid must be finite; got {mid}.")


def _effects(fit: MetaAnalysis) -> np.ndarray:
    predicted = fit.prediction_interval or (float("nan"), float("nan"))
    return np.array([fit.estimate, *fit.ci, *predicted])


def _reading(name: str, unit: str, values: np.ndarray, method: str, digits: int = 2) -> Reading:
    return Reading(name, unit, tuple(float(value) for value in values), method, digits)


def _of_overlap(smd: np.ndarray, via: str) -> list[Reading]:
    """Return how the groups overlap, if both are normal."""
    return [
        _reading(
            "Treated above the average control",
            "%",
            100 * ndtr(smd),
            f"Cohen's U3 = Φ(SMD), {_NORMAL} (Cohen 1988){via}",
            0,
        ),
        _reading(
            "Overlap of the groups",
            "%",
            200 * ndtr(-np.abs(smd) / 2),
            f"2Φ(−|SMD|/2), {_NORMAL} (Reiser & Faraggi 1999){via}",
            0,
        ),
        _reading(
            "Chance that a treated person scores higher than a control",
            "%",
            100 * ndtr(smd / math.sqrt(2)),
            f"probability of superiority Φ(SMD/√2), {_NORMAL} (McGraw & Wong 1992){via}",
            0,
        ),
    ]


def _of_risk(
    kind: str,
    smd: np.ndarray,
    log_odds: np.ndarray,
    baseline: float,
    formula: str,
    higher_is_better: bool,
) -> list[Reading]:
    """Return risks at a baseline risk, by the odds ratio and, for SMDs, by the normal curve."""
    odds = baseline / (1 - baseline) * np.exp(log_odds)
    by_odds = odds / (1 + odds)
    through = "" if kind == "or" else f", {formula}"
    ways = [("odds ratio", by_odds, f"odds ratio applied to a risk of {baseline:g}{through}")]
    if kind == "smd":
        by_normal = ndtr(smd + ndtri(baseline))
        formula = f"Φ(SMD + Φ⁻¹({baseline:g})) (Furukawa & Leucht 2011), {_NORMAL}"
        ways.insert(0, ("normal curve", by_normal, formula))
    readings = []
    for way, risk, method in ways:
        readings.append(_reading(f"Risk by the {way}", "%", 100 * risk, method, 1))
        gain = risk - baseline if higher_is_better else baseline - risk
        readings.append(
            _reading(
                f"Number needed to treat by the {way}",
                "people",
                _needed(gain),
                f"1 / difference of risks at {baseline:g}; negative where harm is done",
                1,
            )
        )
    return readings


def _needed(gain: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.asarray(1 / gain)


def _share_beyond(fit: MetaAnalysis, threshold: float, mid: float, scale: str | None) -> Reading:
    """Return the percentage of settings whose true effect lies above a threshold."""
    unit = f"points of {scale}" if scale else "on the scale of analysis"
    return Reading(
        f"Settings with an effect above {mid:g} {unit}",
        "%",
        (fit.share_beyond(threshold), *[float("nan")] * 4),
        "normal distribution of true effects with the pooled mean and tau² (Mathur & VanderWeele "
        "2019)",
        0,
    )


def _cautions(fit: MetaAnalysis, kind: str) -> list[str]:
    notes = []
    low, high = fit.ci
    if low < 0 < high:
        notes.append(
            "The interval includes no effect: the limits of a number needed to treat pass through "
            "infinity, from benefit to harm."
        )
    if fit.prediction_interval is None:
        notes.append("There is no prediction interval, so nothing is said about a new setting.")
    if kind == "smd":
        notes += [f"Rule of thumb ({source}): {bands}." for source, bands in RULES_OF_THUMB.items()]
        notes.append(
            "Rules of thumb are quoted, not applied: whether an effect matters depends on the "
            "outcome, its cost and the alternatives."
        )
    return notes
