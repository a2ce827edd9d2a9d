"""What a relative effect means for people at a known risk: risk, difference, number needed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.display import Shown, number
from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from synthesis.appraisal.readings.needed import directed, needed, reciprocal, spanned, whole
from synthesis.appraisal.readings.risks import KINDS, WAYS, check_risk, named_risks, risk_with
from synthesis.measures import measure_named, plain_name

Triple = tuple[float, float, float]


@dataclass(frozen=True, eq=False, repr=False)
class AbsoluteEffect(Shown):
    """A relative effect at one baseline risk.

    Attributes
    ----------
    measure : str
        The measure of `effect`.
    effect : tuple of float
        The effect as readers see it: ``(value, low, high)``.
    baseline : float or None
        Risk without the intervention, 0 to 1.
    per : float
        How many people `difference` refers to.
    risk : tuple of float
        Risk with the intervention, 0 to 1: ``(value, low, high)``.
    difference : tuple of float
        Events more per `per` people; negative for fewer: ``(value, low, high)``.
    nnt : tuple of float
        People to treat for one event fewer, or more, as `direction` says:
        ``(value, low, high)``. The value is positive or infinite. Where the interval includes no
        effect it runs through infinity, not through zero: `low` is then negative and counts
        people for one event in the other direction (Altman 1998, BMJ 317:1309-1312).
    direction : str
        ``"fewer"``, ``"more"`` or ``"none"``.
    notes : tuple of str
        What a reader should know, in sentences.

    Limits are NaN where no interval was given.
    """

    measure: str
    effect: Triple
    baseline: float | None
    per: float
    risk: Triple
    difference: Triple
    nnt: Triple
    direction: str
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return ``risk difference nnt`` by row, with ``value low high``, unrounded."""
        rows = {"risk": self.risk, "difference": self.difference, "nnt": self.nnt}
        return pd.DataFrame(rows, index=["value", "low", "high"]).T

    def sentence(self) -> str:
        """Return the effect as a sentence for a paper."""
        return f"{self._title()}: {'; '.join(f'{name} {said}' for name, said in self.facts())}."

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        short = measure_named(self.measure).abbreviation
        at = "" if self.baseline is None else f" at a risk of {self.baseline:g}"
        return f"{short} {spanned(self.effect, number)}{at}"

    def _facts(self) -> list[tuple[str, str]]:
        return self.facts()

    def facts(self) -> list[tuple[str, str]]:
        """Return what the effect means, each with its name, as displayed."""
        people = f"{self.per:,g}"
        facts = []
        if self.baseline is not None:
            with_it = spanned(self.risk, lambda risk: whole(self.per * risk))
            facts.append((f"Risk with the intervention, per {people}", with_it))
        facts.append(
            (
                f"Difference, per {people}",
                spanned(self.difference, lambda value: directed(value, ("fewer", "more"), 0)),
            )
        )
        sign = -1.0 if self.direction == "fewer" else 1.0
        gains = tuple(sign * value / self.per for value in self.difference)
        here = "fewer" if self.direction == "fewer" else "more"
        other = "more" if here == "fewer" else "fewer"
        names = (f"one {other} event", f"one {here} event")
        facts.append(("Number needed to treat", needed(gains[0], gains[1:], names, digits=0)))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes


@dataclass(frozen=True, eq=False, repr=False)
class AbsoluteEffects(Shown):
    """A relative effect at several baseline risks.

    Attributes
    ----------
    effects : dict of str to AbsoluteEffect
        By the name of each risk; a risk without a name goes by its number, as ``"0.2"``.

    Iterating gives the effects in order; ``effects["low"]`` one of them.
    """

    effects: Mapping[str, AbsoluteEffect]

    def __iter__(self) -> Iterator[AbsoluteEffect]:
        """Yield the effects in the order of the risks given."""
        return iter(self.effects.values())

    def __len__(self) -> int:
        """Return how many risks there are."""
        return len(self.effects)

    def __getitem__(self, name: str) -> AbsoluteEffect:
        """Return the effect at the risk of this name."""
        return self.effects[name]

    def to_frame(self) -> pd.DataFrame:
        """Return ``baseline`` with ``risk difference nnt`` and their limits, one row per risk."""
        rows = {}
        for name, one in self.effects.items():
            row: dict[str, float | None] = {"baseline": one.baseline}
            for key in ("risk", "difference", "nnt"):
                value, low, high = getattr(one, key)
                row |= {key: value, f"{key}_low": low, f"{key}_high": high}
            rows[name] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")

    def _title(self) -> str:
        first = next(iter(self))
        short = measure_named(first.measure).abbreviation
        return f"{short} {spanned(first.effect, number)} at {len(self)} risks"

    def _line(self) -> str:
        return " ".join(f"{name}: {one.sentence()}" for name, one in self.effects.items())

    def _headings(self) -> Sequence[str]:
        return ("Risk", *(name for name, _ in next(iter(self)).facts()))

    def _rows(self) -> list[list[str]]:
        return [[name, *(said for _, said in one.facts())] for name, one in self.effects.items()]

    def _notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(note for one in self for note in one.notes))


def absolute_effect(
    measure: str,
    effect: float,
    *,
    ci: tuple[float, float] | None = None,
    baseline: float | Sequence[float] | Mapping[str, float] | None = None,
    per: float = 1000,
    conversion: str = "logistic",
) -> AbsoluteEffect | AbsoluteEffects:
    """Apply an effect to a risk without the intervention.

    Parameters
    ----------
    measure : {"rr", "or", "peto", "hr", "rd", "smd"}
        What the effect is.
    effect : float
        As printed: a ratio, not its logarithm; a risk difference between -1 and 1.
    ci : tuple of float, optional
        Its interval, ``(low, high)``, on the same scale.
    baseline : float, sequence of float or mapping of str to float
        Risk without the intervention, between 0 and 1; for a hazard ratio the risk by the time
        of interest. Several risks, or risks by the name of a group of people, give one result
        each. Only risk differences do without one.
    per : float
        How many people the difference refers to.
    conversion : {"logistic", "cox", "normal"}
        How a standardised mean difference is applied: through an odds ratio, or along the normal
        curve. Above 0 it makes the event more likely.

    Returns
    -------
    AbsoluteEffect or AbsoluteEffects
        Limits go through the same formula as the effect; the baseline is taken as known. The
        second where several risks were given.

    Raises
    ------
    OptionError
        If an option has no such value, or the baseline is missing or not a risk.
    DataError
        If the effect cannot be one of this measure, or lies outside its interval.

    References
    ----------
    Cochrane Handbook, sections 15.4.4 and 15.5.3.

    Examples
    --------
    >>> found = absolute_effect("rr", 0.92, ci=(0.86, 0.98), baseline=0.3)
    >>> [round(value) for value in found.difference], math.ceil(found.nnt[0])
    ([-24, -42, -6], 42)
    >>> both = absolute_effect("rr", 0.1, ci=(0.04, 0.26), baseline={"low": 0.01, "high": 0.03})
    >>> [round(1000 * risk) for risk in both["high"].risk]
    [3, 1, 8]
    """
    if not isinstance(baseline, str) and isinstance(
        baseline, Mapping | Sequence | np.ndarray | pd.Series
    ):
        found = {
            name: at_one_risk(measure, effect, ci, risk, per, conversion)
            for name, risk in named_risks(baseline).items()
        }
        return AbsoluteEffects(found)
    return at_one_risk(measure, effect, ci, baseline, per, conversion)


def at_one_risk(
    measure: str,
    effect: float,
    ci: tuple[float, float] | None,
    baseline: float | None,
    per: float,
    conversion: str = "logistic",
) -> AbsoluteEffect:
    """Return an effect at one baseline risk; see `absolute_effect`."""
    measure = one_of("measure", plain_name(measure), list(KINDS))
    kind = KINDS[measure]
    one_of("conversion", conversion, WAYS)
    if not (isinstance(per, (int, float)) and 0 < per < math.inf):
        raise OptionError(f"per must be a number of people above 0, such as 1000; got {per!r}.")
    if baseline is None and kind != "rd":
        raise OptionError(
            f"baseline: the risk without the intervention is needed to apply {measure!r}, such as "
            "baseline=0.2."
        )
    if baseline is not None:
        check_risk(baseline)
    values = _checked(measure, effect, ci)
    start = math.nan if baseline is None else float(baseline)
    if kind == "rd" and baseline is None:
        risk, gain = np.full(3, math.nan), values
    else:
        uncut = risk_with(kind, values, start, conversion)
        risk = np.clip(uncut, 0.0, 1.0)
        gain = risk - start
    sign = -1.0 if gain[0] < 0 else 1.0
    notes = []
    if kind in ("rr", "rd") and baseline is not None and (risk != uncut)[~np.isnan(uncut)].any():
        notes.append(
            f"At a risk of {start:g} this effect leads beyond 0 or 1: the risk was cut there. An "
            "odds ratio cannot do so."
        )
    return AbsoluteEffect(
        measure=measure,
        effect=_triple(values),
        baseline=baseline,
        per=per,
        risk=_triple(risk),
        difference=_triple(per * gain),
        nnt=_triple(reciprocal(sign * gain)),
        direction="fewer" if gain[0] < 0 else "more" if gain[0] > 0 else "none",
        notes=tuple(notes),
    )


def _checked(measure: str, effect: float, ci: tuple[float, float] | None) -> np.ndarray:
    """Return the effect and its limits, as numbers that the measure can take."""
    if ci is not None and not (isinstance(ci, (tuple, list)) and len(ci) == 2):
        raise OptionError(f"ci must be a pair (low, high); got {ci!r}.")
    try:
        values = np.array([effect, *(ci or (math.nan, math.nan))], dtype=float)
    except (TypeError, ValueError) as error:
        raise OptionError(f"effect and ci must be numbers; got {effect!r} and {ci!r}.") from error
    known = values[~np.isnan(values)]
    if math.isnan(values[0]) or (ci is not None and len(known) < 3):
        raise DataError("effect and ci must be numbers; one of them is missing (NaN).")
    if measure_named(measure).is_ratio and (known <= 0).any():
        raise DataError(
            f"{measure} must be > 0; got {', '.join(f'{value:g}' for value in known)}. Give the "
            "ratio itself, not its logarithm."
        )
    if measure == "rd" and (np.abs(known) > 1).any():
        raise DataError("rd must lie between -1 and 1; a difference in percent is divided by 100.")
    if ci is not None and not values[1] <= values[0] <= values[2]:
        raise DataError(
            f"ci: {values[0]:g} lies outside ({values[1]:g}, {values[2]:g}). Give the lower limit "
            "first, and effect and limits on the same scale."
        )
    return values


def _triple(values: np.ndarray) -> Triple:
    """Return value, low, high, the limits in order."""
    value, one, other = (float(each) for each in values)
    return value, min(one, other), max(one, other)
