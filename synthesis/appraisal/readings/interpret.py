"""A pooled effect in familiar terms: natural units, odds, risks, percentages of people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number
from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis.appraisal.readings.readings import PLACES, Reading, of_overlap, of_risk, reading
from synthesis.appraisal.readings.risks import KINDS, named_risks
from synthesis.effects.dependence import IN_PART
from synthesis.effects.formulas.conversions import CONVERSIONS, ODDS_PER_SD
from synthesis.outcomes import Outcome
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

RULES_OF_THUMB = {
    "Cohen 1988": "0.2 small, 0.5 medium, 0.8 large",
    "Cochrane Handbook, chapter 15": "below 0.40 small, 0.40 to 0.70 moderate, above 0.70 large; "
    "the context decides",
}
"""Bands for the size of a standardised mean difference, each as given in its source."""

_RATIOS = {"rr": "risk", "hr": "hazard"}
_LATENT = ("smd", "or")


@dataclass(frozen=True, eq=False, repr=False)
class Interpretation(Shown):
    """A pooled effect read in several ways, each with the interval of its own quantity.

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

        ``reading unit estimate ci_low ci_high pi_low pi_high method``; the limits are those of the
        reading, the smaller one first. Numbers needed to treat are positive for benefit and
        negative for harm: an interval from -39 to 3 runs from harm through infinity to benefit.
        """
        rows = [(one.name, one.unit, *one.numbers, one.method) for one in self.readings]
        return pd.DataFrame(rows, columns=["reading", "unit", *PLACES, "method"])

    def _title(self) -> str:
        low, high = (number(self.fit.back(limit)) for limit in self.fit.ci)
        effect = number(self.fit.back(self.fit.estimate))
        return f"{self.fit.measure.abbreviation} {effect} ({low} to {high}), read in other terms"

    def _facts(self) -> list[tuple[str, str]]:
        return [(one.labelled(), one.written()) for one in self.readings]

    def _notes(self) -> tuple[str, ...]:
        return (*(f"{one.name}: {one.method}." for one in self.readings), *self.notes)


def interpret(
    fit: MetaAnalysis,
    *,
    sd: float | None = None,
    scale: str | None = None,
    source: str | None = None,
    baseline: float | Sequence[float] | Mapping[str, float] | None = None,
    mid: float | None = None,
    higher_is_better: bool | None = None,
    conversion: str = "logistic",
    outcome: Outcome | None = None,
) -> Interpretation:
    """Read a pooled effect in familiar terms.

    Parameters
    ----------
    fit : MetaAnalysis
        A pooled standardised mean difference, risk ratio, odds ratio, hazard ratio or risk
        difference. Where `effect_sizes` turned the signs, because the sheet's column
        ``direction`` says that lower is better, the readings say "better" instead of "higher",
        points keep the sign of the scale, and `higher_is_better` is not used.
    sd : float, optional
        Standard deviation of a familiar scale, > 0, in its units; for standardised mean
        differences and odds ratios.
    scale, source : str, optional
        The scale's name and where its SD comes from; both are needed with `sd`.
    baseline : float, sequence of float or mapping of str to float, optional
        Risk without the intervention, between 0 and 1, for risks and numbers needed to treat;
        several risks, or risks by the name of a group of people.
    mid : float, optional
        Minimal important difference: in units of the scale where `sd` is given, else on the
        scale of analysis.
    higher_is_better : bool, optional
        Whether more of the outcome (for measures of risk: more events) is the better result. By
        default it is for standardised mean differences; numbers needed to treat of other measures
        then name the event instead of benefit and harm.
    conversion : {"logistic", "cox"}
        How SMDs and odds ratios are converted into each other.
    outcome : Outcome, optional
        Gives what is not given otherwise: `baseline`; `mid`, its own, or with `sd` that of the
        instrument named in `scale`; `scale`, where it has one instrument; and for measures of
        risk `higher_is_better`. By default the outcome that the effects were declared to be of.

    Returns
    -------
    Interpretation

    Raises
    ------
    OptionError
        An option has no such value, or `sd` is given without scale and source.
    DataError
        The measure has no such readings; or signs were turned in some studies only, and a
        reading would need to know which way they point.

    See Also
    --------
    absolute_effect : risk, difference and number needed to treat of an effect that was printed.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.4, 0.5, 0.6], "vi": [0.01] * 3})
    >>> read = interpret(meta_analysis(table, measure="smd"), baseline=0.2)
    >>> read.to_frame()[["reading", "estimate"]].head(2).round(2)
                                 reading  estimate
    0                         Odds ratio      2.48
    1  Treated above the average control     69.15
    """
    pooled_only(fit)
    kind = _kind(fit)
    one_of("conversion", conversion, list(ODDS_PER_SD))
    better = ""
    if outcome := outcome or fit.outcome:
        scale, mid, baseline, better = _declared(outcome, fit, sd, scale, mid, baseline)
        if higher_is_better is None and outcome.direction:
            higher_is_better = outcome.direction == "higher" or kind == "smd"
    _check(kind, sd, scale, source, mid)
    risks = _risks(baseline)
    turned = turned_signs(fit)
    some = any(one is not False for one in turned)
    points_known = kind == "smd" and bool(better)
    if (
        some
        and not all(turned)
        and ((sd is not None and not points_known) or (risks and kind != "smd"))
    ):
        names = [
            str(s) for s, one in zip(fit.studies["study"], turned, strict=True) if one is not False
        ]
        raise DataError(
            f"the signs of some studies were turned ({shortened(names)}), of others not: points of "
            "a scale, and risks of an event, have no single direction then. Pool the studies of "
            "each direction separately, or leave out sd and baseline."
        )
    lower = all(turned)
    # Effects above 0 are better once signs are turned, and a declared scale says which way that is.
    down = better == "lower" if points_known and some else lower
    places = _effects(fit)
    readings: list[Reading] = []
    if kind in _LATENT:
        per_sd = ODDS_PER_SD[conversion]
        smd = places if kind == "smd" else places / per_sd
        formula = CONVERSIONS[conversion]
        via = "" if kind == "smd" else f"; the odds ratio first converted to an SMD, {formula}"
        if kind == "or":
            readings.append(reading("SMD", "standard deviations", smd, formula))
        if sd is not None:
            method = f"SMD times the SD {sd:g} of {scale} ({source}){via}"
            method += ", with the sign of the scale, on which lower is better" if down else ""
            points = smd * (-sd if down else sd)
            readings.append(reading(str(scale), "points", points, method, words="scale"))
        if kind == "smd":
            readings.append(reading("Odds ratio", "", np.exp(places * per_sd), formula))
        readings += of_overlap(smd, via, better=some)
    elif kind in _RATIOS:
        change = 100 * np.expm1(-places if lower else places)
        name = f"Relative change of the {_RATIOS[kind]}"
        method = f"100 × ({kind.upper()} − 1)"
        readings.append(reading(name, "%", change, method, 0, words="scale"))
    if risks or kind == "rd":
        # A turned ratio is that of the event's absence only for odds, so it is turned back.
        seen = places if kind == "smd" else -places if lower else places
        good = False if lower else higher_is_better
        if kind == "smd":
            good = some or higher_is_better is not False
        readings += of_risk(
            kind, seen if kind in ("smd", "rd") else np.exp(seen), risks, conversion, good
        )
    if mid is not None:
        readings.append(_share_beyond(fit, kind, mid, sd, scale, conversion, down))
    return Interpretation(tuple(readings), fit, tuple(_cautions(fit, kind, turned, bool(risks))))


def _kind(fit: MetaAnalysis) -> str:
    """Return how the measure is read, or refuse it."""
    measure = fit.measure
    if measure.name in KINDS:
        return KINDS[measure.name]
    if measure.name == "generic":
        raise DataError(
            "the measure of this effect was not named, so it cannot be read in other terms. Name "
            f"the measure that was pooled, one of {', '.join(map(repr, KINDS))}: "
            "meta_analysis(..., measure=...)."
        )
    raise DataError(
        f"interpret reads {', '.join(map(repr, KINDS))}; the measure of this effect is "
        f"{measure.name!r} ({measure.label}), which has no such readings."
    )


def _declared(
    outcome: Outcome,
    fit: MetaAnalysis,
    sd: float | None,
    scale: str | None,
    mid: float | None,
    baseline: Any,
) -> tuple[str | None, float | None, Any, str]:
    """Return scale, minimal important difference and baseline, those not given as declared.

    Last comes which scores of the scale are better, ``"higher"`` or ``"lower"``, where known.
    """
    better = ""
    baseline = outcome.baseline if baseline is None else baseline
    if sd is not None:
        only = outcome.instruments[0] if len(outcome.instruments) == 1 else None
        instrument = outcome.instrument(scale) if scale else only
        if instrument is not None:
            scale, mid = instrument.label, instrument.mid if mid is None else mid
            better = instrument.direction or outcome.direction
    elif mid is None and outcome.mid is not None:
        if outcome.measure != fit.measure.name:
            raise DataError(
                f"outcome {outcome.id!r} declares a minimal important difference as "
                f"{outcome.measure!r}, and this effect is {fit.measure.name!r}: give mid=..."
            )
        mid = math.log(outcome.mid) if fit.measure.is_ratio else outcome.mid
    return scale, mid, baseline, better


def _check(
    kind: str, sd: float | None, scale: str | None, source: str | None, mid: float | None
) -> None:
    for name, value in (("sd", sd), ("mid", mid)):
        if value is not None and not isinstance(value, (int, float)):
            raise OptionError(f"{name} must be a number; got {value!r}.")
    if sd is not None:
        if kind not in _LATENT:
            raise OptionError(
                f"sd is for standardised mean differences and odds ratios; this effect is "
                f"{kind!r}. Leave it out."
            )
        if not 0 < sd < math.inf:
            raise OptionError(f"sd must be > 0 and finite; got {sd}.")
        if not scale or not source:
            raise OptionError(
                "sd needs scale='...' (the scale's name) and source='...' (whose SD it is)."
            )
    elif scale or source:
        raise OptionError("scale and source go with sd, which is missing.")
    if mid is not None and not math.isfinite(mid):
        raise OptionError(f"mid must be finite; got {mid}.")


def _risks(baseline: Any) -> dict[str, float]:
    """Return the baseline risks by what ends a reading's name; one alone needs no ending."""
    risks = named_risks(baseline)
    if isinstance(baseline, Mapping):
        return {f" at {risk:g} ({name})": risk for name, risk in risks.items()}
    return {f" at {name}" if name else "": risk for name, risk in risks.items()}


def turned_signs(fit: MetaAnalysis) -> list[bool | None]:
    """Return for each study whether `effect_sizes` turned its sign, so that above 0 is better.

    None where that was so for some of the effects whose average it is.
    """
    if "flipped" not in fit.studies:
        return [False] * fit.k
    said = [str(value).strip().lower() for value in fit.studies["flipped"]]
    return [None if word == IN_PART else word == "true" for word in said]


def _effects(fit: MetaAnalysis) -> np.ndarray:
    predicted = fit.prediction_interval or (float("nan"), float("nan"))
    return np.array([fit.estimate, *fit.ci, *predicted])


def _share_beyond(
    fit: MetaAnalysis,
    kind: str,
    mid: float,
    sd: float | None,
    scale: str | None,
    conversion: str,
    lower: bool,
) -> Reading:
    """Return the percentage of settings whose true effect lies above a threshold."""
    per_sd = ODDS_PER_SD[conversion] if kind == "or" else 1.0
    threshold = mid if sd is None else mid / sd * per_sd
    unit = f"points of {scale}" if scale else "on the scale of analysis"
    name = f"Settings with an effect above {mid:g} {unit}"
    if sd is not None and lower:
        name = f"Settings with an effect more than {mid:g} {unit} better"
    return Reading(
        name,
        "%",
        (fit.share_beyond(threshold), *[float("nan")] * 4),
        "normal distribution of true effects with the pooled mean and tau² (Mathur & VanderWeele "
        "2019)",
        0,
    )


def _cautions(fit: MetaAnalysis, kind: str, turned: list[bool | None], at_risks: bool) -> list[str]:
    notes = []
    low, high = fit.ci
    if any(one is not False for one in turned):
        which = "all studies" if all(turned) else "some studies"
        notes.append(
            f"Signs of {which} were turned, as lower is declared better: above 0 is better. "
            + (
                "Odds ratios and risks are those of the better outcome."
                if kind == "smd"
                else "Changes, risks and differences are those of the event as it was counted."
            )
        )
    if at_risks and low < 0 < high:
        notes.append(
            "The interval includes no effect: the limits of a number needed to treat pass through "
            "infinity, from benefit to harm (Altman 1998, BMJ 317:1309-1312)."
        )
    if fit.prediction_interval is None:
        notes.append("There is no prediction interval, so nothing is said about a new setting.")
    if at_risks:
        notes.append("Limits are carried through the baseline risk, which is taken as known.")
    if kind == "smd":
        notes += [f"Rule of thumb ({source}): {bands}." for source, bands in RULES_OF_THUMB.items()]
        notes.append(
            "Rules of thumb are quoted, not applied: whether an effect matters depends on the "
            "outcome, its cost and the alternatives."
        )
    return notes
