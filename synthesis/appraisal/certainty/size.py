"""How large an effect is: boundaries between trivial, small, moderate and large, on one scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from arrowroot.display import number
from arrowroot.errors import OptionError
from arrowroot.options import is_finite, is_number
from synthesis.appraisal.certainty.body import Body, to_analysis
from synthesis.appraisal.readings.needed import whole
from synthesis.appraisal.readings.risks import risk_with
from synthesis.measures import Measure

ZONES = ("trivial", "small", "moderate", "large")
"""Sizes between boundaries, in order; with a single boundary there are trivial and important."""


@dataclass(frozen=True)
class Size:
    """An effect on the scale on which its size is judged.

    Attributes
    ----------
    cuts : tuple of float
        Boundaries, ascending and > 0, the same on both sides of no effect; the first is the
        minimal important difference. Empty where none was given.
    triple : tuple of float
        ``(estimate, low, high)``; 0 is no effect, above 0 more of the outcome (or, where
        `is_better`, a better outcome).
    prediction : tuple of float or None
        Prediction interval on the same scale.
    is_better : bool
        Whether above 0 is better rather than more.
    words : str
        The boundaries, in words.
    place : callable
        Puts values of `yi`, as an array, on this scale.
    is_absolute : bool
        Whether the scale is events per so many people.
    """

    cuts: tuple[float, ...]
    triple: tuple[float, float, float]
    prediction: tuple[float, float] | None
    is_better: bool
    words: str
    place: Callable[[np.ndarray], np.ndarray]
    is_absolute: bool = False

    def zone(self, value: float) -> str:
        """Return in which zone a value lies, whatever its direction; empty without boundaries."""
        if not self.cuts:
            return ""
        place = sum(abs(value) >= cut for cut in self.cuts)
        if len(self.cuts) == 1:
            return "important" if place else ZONES[0]
        return ZONES[place]

    def crossed(self, limits: tuple[float, float]) -> int:
        """Return how many boundaries lie inside an interval; without any, whether 0 does."""
        low, high = limits
        points = [sign * cut for cut in self.cuts for sign in (-1, 1)] or [0.0]
        return sum(low < point < high for point in points)

    @property
    def limits(self) -> tuple[float, float] | None:
        """The confidence interval; None where there is none."""
        _, low, high = self.triple
        return None if math.isnan(low) or math.isnan(high) else (low, high)

    @property
    def crosses_null(self) -> bool:
        """Whether the interval includes effects in both directions."""
        return self.limits is not None and self.limits[0] < 0 < self.limits[1]

    @property
    def both_important(self) -> bool:
        """Whether the interval reaches an important effect in both directions."""
        if not self.cuts or self.limits is None:
            return False
        return self.limits[0] <= -self.cuts[0] and self.limits[1] >= self.cuts[0]


def size_of(
    body: Body,
    mid: float | None,
    thresholds: float | Sequence[float],
    risks: Mapping[str, float],
    per: float,
) -> Size | None:
    """Return the effect on the scale of the boundaries; None where no number is known."""
    given = boundaries(thresholds)
    if body.triple is None:
        return None
    if given and body.is_of_events and (risks or body.kind == "rd"):
        return _absolute(body, tuple(sorted({abs(one) for one in given})), risks, per)
    first = [] if mid is None else [round(_cut(body.measure, mid, "mid"), 12)]
    others = {round(_cut(body.measure, one, "thresholds"), 12) for one in given}
    cuts = tuple(sorted({*first, *others}))
    if cuts:
        name = "mid" if first else "thresholds"
        _check_smallest(body, cuts[0], (mid, *given) if first else given, name)
        if first and others:  # a small mid must not hide thresholds of another scale
            _check_smallest(body, min(others), given, "thresholds")
    if first and cuts[0] != first[0]:
        raise OptionError(
            f"mid: the smallest difference that matters ({mid:g}) must be the smallest boundary, "
            "and one of the thresholds is smaller. Leave out mid, or the smaller threshold."
        )
    if len(cuts) > 3:
        raise OptionError(
            f"thresholds: there are {len(cuts)} boundaries with mid, and at most three divide "
            "trivial, small, moderate and large effects."
        )
    sign = -1.0 if body.turned == "all" else 1.0
    return Size(
        cuts,
        _turned(body.triple, sign),
        None if body.prediction is None else _pair(sign, body.prediction),
        body.turned == "some",
        _written(body.measure, cuts),
        lambda values: sign * values,
    )


def boundaries(thresholds: Any) -> tuple[float, ...]:
    """Return boundaries as numbers, or raise OptionError for what is none, or for too many."""
    if is_number(thresholds):
        thresholds = (thresholds,)
    if isinstance(thresholds, str) or not isinstance(thresholds, Sequence | np.ndarray):
        raise OptionError(f"thresholds must be numbers, as (0.2, 0.5, 0.8); got {thresholds!r}.")
    for one in thresholds:
        if not is_finite(one):
            raise OptionError(f"thresholds must be numbers; got {one!r}.")
    if len(thresholds) > 3:
        raise OptionError(
            f"thresholds: at most three, between trivial, small, moderate and large effects; got "
            f"{len(thresholds)}."
        )
    return tuple(float(one) for one in thresholds)


def check_mid(measure: Measure, mid: Any) -> float | None:
    """Return a minimal important difference as a number, or raise an error that says why not."""
    if mid is None:
        return None
    if not is_finite(mid):
        raise OptionError(f"mid must be a number; got {mid!r}.")
    _cut(measure, float(mid), "mid")
    return float(mid)


def _cut(measure: Measure, value: float, name: str) -> float:
    """Return how far from no effect a printed boundary lies, on the scale of analysis."""
    if measure.is_ratio and not (value > 0 and value != 1):
        raise OptionError(
            f"{name} must be a ratio > 0 that is not 1, such as 0.8, since {measure.name} is a "
            f"ratio; got {value:g}."
        )
    if not measure.is_ratio and value == 0:
        raise OptionError(f"{name} must not be 0, which is no effect.")
    return abs(to_analysis(measure, value))


def _check_smallest(body: Body, cut: float, given: Sequence[Any], name: str) -> None:
    """Refuse a smallest boundary that no effect of this measure reaches: it is of another scale."""
    shown = ", ".join(f"{one:g}" for one in given)
    measure = body.measure
    if measure.is_ratio and cut >= math.log(5) - 1e-9:
        events = (
            ". For events per 1,000 people give thresholds and the baseline risk"
            if body.is_of_events
            else ""
        )
        raise OptionError(
            f"{name}: {measure.name} is a ratio, and {shown} would call every effect between "
            f"{number(math.exp(-cut))} and {number(math.exp(cut))} trivial. Write 0.8 for a "
            f"reduction by a fifth{events}."
        )
    if body.kind == "smd" and cut >= 2:
        raise OptionError(
            f"{name}: {measure.name} counts standard deviations, and {shown} would call every "
            f"effect smaller than {cut:g} of them trivial. Divide points of a scale by its "
            "standard deviation, or pool mean differences."
        )
    if measure.name == "rd" and cut >= 1:
        raise OptionError(
            f"{name}: a risk difference lies between -1 and 1; got {shown}. Write 0.02 for 20 in "
            "1,000, or give thresholds=20."
        )


def _written(measure: Measure, cuts: tuple[float, ...]) -> str:
    if not cuts:
        return "no effect"
    if measure.is_ratio:
        pairs = (f"{number(math.exp(-cut))} and {number(math.exp(cut))}" for cut in cuts)
        return f"{measure.abbreviation} {'; '.join(pairs)}"
    return f"{measure.abbreviation} ±{', ±'.join(f'{measure.back(cut):g}' for cut in cuts)}"


def _absolute(
    body: Body, cuts: tuple[float, ...], risks: Mapping[str, float], per: float
) -> Size | None:
    if body.turned == "some":
        raise OptionError(
            "thresholds of events need effects in one direction, and the signs of some studies "
            "were turned, of others not. Pool the studies of each direction separately, or leave "
            "out baseline and give thresholds as ratios."
        )
    if any(not cut >= per / 1000 for cut in cuts):
        raise OptionError(
            f"thresholds are events per {per:,g} people where the baseline risk is known: write 20 "
            f"for a difference of {20 / per:g}. Got {', '.join(f'{cut:g}' for cut in cuts)}."
        )
    name, risk = next(iter(risks.items()), ("", math.nan))
    sign = -1.0 if body.turned == "all" else 1.0

    def place(values: np.ndarray) -> np.ndarray:
        return _differences(body, sign * values, risk, per)

    triple = (body.estimate, *(body.triple or (math.nan,) * 3)[1:])
    value, *limits = (float(one) for one in place(np.array(triple)))
    prediction = None
    if body.prediction is not None:
        low, high = sorted(float(one) for one in place(np.array(body.prediction)))
        prediction = low, high
    at = "" if math.isnan(risk) else f", at a risk of {whole(per * risk)} per {per:,g}"
    at += f" ({name})" if at and len(risks) > 1 else ""
    listed = ", ".join(f"{cut:g}" for cut in cuts)
    words = f"{listed} events more or fewer per {per:,g} people{at}"
    placed = value, min(limits), max(limits)
    return Size(cuts, placed, prediction, False, words, place, True)


def _differences(body: Body, values: np.ndarray, risk: float, per: float) -> np.ndarray:
    """Return events more per so many people, for effects on the scale of analysis."""
    seen = np.array([body.measure.back(float(one)) for one in values])
    if math.isnan(risk):  # a risk difference, which needs none
        return per * seen
    return np.asarray(per * (np.clip(risk_with(body.kind, seen, risk), 0.0, 1.0) - risk))


def _turned(values: tuple[float, float, float], sign: float) -> tuple[float, float, float]:
    value, low, high = values
    return (value, low, high) if sign > 0 else (-value, -high, -low)


def _pair(sign: float, limits: tuple[float, float]) -> tuple[float, float]:
    low, high = limits
    return (low, high) if sign > 0 else (-high, -low)
