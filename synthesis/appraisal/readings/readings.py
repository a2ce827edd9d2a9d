"""The ways to read a pooled effect: one record each, and how it is written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from arrowroot.display import number
from synthesis.appraisal.readings.needed import directed, needed, needed_span, reciprocal
from synthesis.appraisal.readings.risks import formula_of
from synthesis.appraisal.readings.risks import risk_with as at_risk

PLACES = ("estimate", "ci_low", "ci_high", "pi_low", "pi_high")
"""The numbers of a reading."""

_NORMAL = "both groups normal with equal variance"
_BY = {"or": "odds ratio", "rr": "risk ratio", "hr": "hazard ratio", "rd": "risk difference"}
_NEEDED = {
    "needed": ("harm", "benefit"),
    "needed for fewer": ("one more event", "one fewer event"),
    "needed for more": ("one fewer event", "one more event"),
}
_DIRECTIONS = {"scale": ("lower", "higher"), "events": ("fewer", "more")}


@dataclass(frozen=True)
class Reading:
    """One way to read an effect.

    Attributes
    ----------
    name, unit : str
        What it is, and its unit.
    numbers : tuple of float
        The estimate, the limits of its interval and those of the prediction interval, the smaller
        one first; NaN where a limit is missing.
    method : str
        The formula, its source, and what it assumes.
    digits : int
        Decimals to show.
    words : {"", "scale", "events", "needed", "needed for fewer", "needed for more"}
        How numbers are written: as they are; as lower or higher; as fewer or more; as numbers
        needed to treat, positive for benefit, or for one event fewer or more.
    """

    name: str
    unit: str
    numbers: tuple[float, ...]
    method: str
    digits: int = 2
    words: str = ""

    def labelled(self) -> str:
        """Return the name with the unit."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def written(self) -> str:
        """Return the numbers in words."""
        estimate, low, high, *predicted = self.numbers
        no_prediction = any(math.isnan(value) for value in predicted)
        if self.words in _NEEDED:
            names = _NEEDED[self.words]
            gains = [1 / value if value else 0.0 for value in self.numbers]
            text = needed(gains[0], (gains[1], gains[2]), names, self.digits)
            if no_prediction:
                return text
            wide = (gains[3], gains[4])
            span = needed_span(wide, names, self.digits, plain=False)
            return f"{text}; in a new setting {span}"
        if math.isnan(low):
            return self._said(estimate)
        text = f"{self._said(estimate)} ({self._said(low)} to {self._said(high)})"
        if no_prediction:
            return text
        return f"{text}; in a new setting {self._said(predicted[0])} to {self._said(predicted[1])}"

    def _said(self, value: float) -> str:
        if not self.words:
            return number(value, self.digits)
        return directed(value, _DIRECTIONS[self.words], self.digits)


def reading(
    name: str, unit: str, values: np.ndarray, method: str, digits: int = 2, words: str = ""
) -> Reading:
    """Return a reading whose intervals run from the smaller to the larger limit."""
    estimate, *limits = (float(value) for value in values)
    pairs = (limits[place : place + 2] for place in (0, 2))
    ordered = [value for pair in pairs for value in (pair if math.isnan(pair[0]) else sorted(pair))]
    return Reading(name, unit, (estimate, *ordered), method, digits, words)


def of_overlap(smd: np.ndarray, via: str, *, better: bool) -> list[Reading]:
    """Return how the groups overlap, if both are normal.

    Parameters
    ----------
    smd : ndarray, shape (5,)
        At the estimate, the limits of its interval and of the prediction interval.
    via : str
        What was converted before, in words.
    better : bool
        Whether above 0 is known to be better rather than higher.
    """
    above, higher = ("better than", "better") if better else ("above", "higher")
    return [
        reading(
            f"Treated {above} the average control",
            "%",
            100 * ndtr(smd),
            f"Cohen's U3 = Φ(SMD), {_NORMAL} (Cohen 1988){via}",
            0,
        ),
        _overlap(smd, via),
        reading(
            f"Chance that a treated person scores {higher} than a control",
            "%",
            100 * ndtr(smd / math.sqrt(2)),
            f"probability of superiority Φ(SMD/√2), {_NORMAL} (McGraw & Wong 1992){via}",
            0,
        ),
    ]


def _overlap(smd: np.ndarray, via: str) -> Reading:
    """Return the overlap, which is complete at no effect and falls on both sides of it."""
    values = 200 * ndtr(-np.abs(smd) / 2)
    one = reading(
        "Overlap of the groups",
        "%",
        values,
        f"2Φ(−|SMD|/2), {_NORMAL} (Reiser & Faraggi 1999){via}; 100% lies within an interval that "
        "includes no effect",
        0,
    )
    numbers = list(one.numbers)
    for low in (1, 3):
        if smd[low] < 0 < smd[low + 1]:
            numbers[low + 1] = 100.0
    return Reading(one.name, one.unit, tuple(numbers), one.method, one.digits)


def of_risk(
    kind: str,
    effects: np.ndarray,
    risks: Mapping[str, float],
    conversion: str,
    more_is_better: bool | None,
) -> list[Reading]:
    """Return risk, difference and number needed to treat at every baseline risk.

    Parameters
    ----------
    kind : {"rr", "or", "hr", "rd", "smd"}
        What the effects are.
    effects : ndarray, shape (5,)
        As readers see them.
    risks : mapping of str to float
        Baseline risks by the ending of a reading's name.
    conversion : {"logistic", "cox"}
        How SMDs become odds ratios; they are also read along the normal curve.
    more_is_better : bool or None
        Whether more events are the better result; None where nobody has said.
    """
    readings = []
    for ending, baseline in risks.items():
        ways = [("odds ratio", conversion)] if kind == "smd" else [(_BY[kind], conversion)]
        if kind == "smd":
            ways.insert(0, ("normal curve", "normal"))
        for way, how in ways:
            uncut = at_risk(kind, effects, baseline, how)
            risk = np.clip(uncut, 0.0, 1.0)
            method = f"{formula_of(kind, how)}, at a risk of {baseline:g}"
            if (np.abs(uncut - risk) > 0).any():
                method += "; cut at 0 or 1"
            name = f"{{}} by the {way}{ending}"
            readings.append(reading(name.format("Risk"), "%", 100 * risk, method, 1))
            if kind != "rd":
                readings += _of_difference(risk - baseline, name, method, more_is_better)
    if kind == "rd":
        readings += _of_difference(effects, "{}", "the pooled risk difference", more_is_better)
    return readings


def _of_difference(
    difference: np.ndarray, name: str, method: str, more_is_better: bool | None
) -> list[Reading]:
    words, meaning = "needed", "negative where harm is done"
    more = more_is_better
    if more is None:
        more = bool(difference[0] > 0)
        words = f"needed for {'more' if more else 'fewer'}"
        meaning = f"negative for one event {'fewer' if more else 'more'}"
    gain = difference if more else -difference
    return [
        reading(
            name.format("Difference of risks"),
            "per 1,000",
            1000 * difference,
            f"risk with minus risk without; {method}",
            0,
            "events",
        ),
        reading(
            name.format("Number needed to treat"),
            "people",
            reciprocal(gain),
            f"1 / difference of risks; {method}; {meaning}",
            1,
            words,
        ),
    ]
