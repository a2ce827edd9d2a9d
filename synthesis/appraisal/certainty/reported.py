"""A pooled effect that somebody else reports: its numbers, without the studies behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.display import Shown, number
from arrowroot.errors import DataError, OptionError
from arrowroot.options import confidence_level, is_number, is_whole
from arrowroot.text import counted, label
from synthesis.measures import Measure, measure_named
from synthesis.outcomes import Outcome, read_outcomes


@dataclass(frozen=True, eq=False, repr=False)
class ReportedEffect(Shown):
    """An effect as a review prints it, for a summary of findings.

    Attributes
    ----------
    measure : Measure
        The effect measure.
    effect : float or None
        As printed: a ratio, not its logarithm. None where no number is printed.
    ci : tuple of float or None
        Its interval.
    outcome : Outcome
        What it is about.
    studies, participants : int or None
        Numbers of studies and of people; None where they are not printed.
    conclusion : str
        What the source concludes.
    source : str
        Where it is printed.
    level : float
        Level of the interval.
    """

    measure: Measure
    effect: float | None
    ci: tuple[float, float] | None
    outcome: Outcome
    studies: int | None = None
    participants: int | None = None
    conclusion: str = ""
    source: str = ""
    level: float = 0.95

    def to_frame(self) -> pd.DataFrame:
        """Return ``outcome measure effect ci_low ci_high studies participants source``."""
        low, high = self.ci or (None, None)
        row = {
            "outcome": self.outcome.id,
            "measure": self.measure.name,
            "effect": self.effect,
            "ci_low": low,
            "ci_high": high,
            "studies": self.studies,
            "participants": self.participants,
            "source": self.source,
        }
        return pd.DataFrame([row])

    def _title(self) -> str:
        return f"{self.outcome.label}, as reported"

    def _facts(self) -> list[tuple[str, str]]:
        said = "not printed" if self.effect is None else number(self.effect)
        if self.ci:
            said += f" ({number(self.ci[0])} to {number(self.ci[1])})"
        facts = [(self.measure.abbreviation, said)]
        if self.studies is not None:
            facts.append(("Studies", counted(self.studies, "study", "studies")))
        return [*facts, *([("Source", self.source)] if self.source else [])]

    def _notes(self) -> tuple[str, ...]:
        return ("Taken as printed: the studies behind it are not at hand.",)


def reported_effect(
    measure: str,
    effect: float | None = None,
    *,
    ci: tuple[float, float] | None = None,
    outcome: Outcome | Mapping[str, Any] | str,
    studies: int | None = None,
    participants: int | None = None,
    conclusion: str = "",
    source: str = "",
    level: float = 0.95,
) -> ReportedEffect:
    """Return an effect that a review prints, as `certainty` takes it.

    Parameters
    ----------
    measure : str
        What the effect is, such as ``"smd"`` or ``"rr"``.
    effect : float, optional
        As printed: a ratio, not its logarithm. Left out where the source prints no number.
    ci : tuple of float, optional
        Its interval ``(low, high)``, as printed.
    outcome : Outcome, mapping or str
        The outcome, or its name.
    studies, participants : int, optional
        How many, where the source prints it.
    conclusion : str
        What the source concludes, in your words; needed where there is no number.
    source : str
        Where it is printed.
    level : float
        Level of the interval, between 0 and 1.

    Returns
    -------
    ReportedEffect

    Raises
    ------
    OptionError
        An option has no such value, or a number is not one.
    DataError
        The effect lies outside its interval, or cannot be one of this measure.

    Examples
    --------
    >>> found = reported_effect("smd", 0.26, ci=(0.16, 0.36), outcome="satisfaction")
    >>> print(found)
    satisfaction, as reported: SMD 0.26 (0.16 to 0.36)
      Note: Taken as printed: the studies behind it are not at hand.
    """
    named = measure_named(measure)
    if not named.has_null:
        raise OptionError(f"measure: {named.name!r} compares no two groups, so it has no effect.")
    given = {"id": outcome, "measure": named.name} if isinstance(outcome, str) else outcome
    (about,) = read_outcomes([given] if not isinstance(given, Outcome) else given)
    for name, count in (("studies", studies), ("participants", participants)):
        if count is not None and not is_whole(count):
            raise OptionError(f"{name} must be a whole number; got {count!r}.")
        if count is not None and count < 0:
            raise OptionError(f"{name} must be at least 0; got {count}.")
    if effect is None:
        if ci is not None:
            raise OptionError("ci goes with an effect, which is missing.")
        if not conclusion:
            raise OptionError(
                "give effect, or conclusion where the source prints no number, such as "
                "conclusion='no significant difference'."
            )
    else:
        _check_numbers(named, effect, ci)
    return ReportedEffect(
        named,
        None if effect is None else float(effect),
        None if ci is None else (float(ci[0]), float(ci[1])),
        about,
        None if studies is None else int(studies),
        None if participants is None else int(participants),
        label(conclusion),
        label(source),
        confidence_level(level),
    )


def _check_numbers(measure: Measure, effect: Any, ci: Any) -> None:
    if ci is not None and not (isinstance(ci, (tuple, list)) and len(ci) == 2):
        raise OptionError(f"ci must be a pair (low, high); got {ci!r}.")
    values = [effect, *(ci or ())]
    for value in values:
        if not is_number(value):
            raise OptionError(f"effect and ci must be numbers; got {value!r}.")
    if measure.is_ratio and min(values) <= 0:
        raise DataError(
            f"{measure.name} must be > 0; got {min(values):g}. Give the ratio itself, not its "
            "logarithm."
        )
    if ci is not None and not ci[0] <= effect <= ci[1]:
        raise DataError(
            f"ci: {effect:g} lies outside ({ci[0]:g}, {ci[1]:g}). Give the lower limit first, and "
            "effect and limits on the same scale."
        )
