"""What `certainty` is given, read: outcome, smallest effect that matters, baseline risk, window."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from arrowroot.errors import DataError, OptionError
from arrowroot.text import label
from synthesis import checks
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.readings.absolute import AbsoluteEffect, at_one_risk
from synthesis.appraisal.readings.risks import named_risks
from synthesis.outcomes import Outcome, read_outcomes

OF_STUDIES = "studies"
"""The baseline that is the median of the control arms' risks."""


def read_outcome(given: Outcome | Mapping[str, Any] | str | None) -> Outcome | None:
    """Return the outcome that was given, by record, mapping or name."""
    if given is None or isinstance(given, Outcome):
        return given
    return read_outcomes([{"id": given} if isinstance(given, str) else given])[0]


def declared_mid(mid: float | None, about: Outcome, body: Body, thresholds: Any) -> float | None:
    """Return the minimal important difference given, or that of the outcome."""
    if mid is not None or about.mid is None or np.size(thresholds):
        return mid
    if about.measure != body.measure.name:
        raise DataError(
            f"outcome {about.id!r} declares a minimal important difference as {about.measure!r}, "
            f"and this effect is {body.measure.name!r}: give mid=..."
        )
    return about.mid


def baseline_risks(baseline: Any, about: Outcome, body: Body) -> dict[str, float]:
    """Return the risks without the intervention, by name."""
    if baseline is None:
        baseline = about.baseline if body.is_of_events else None
    elif not body.is_of_events:
        raise OptionError(
            "baseline is for ratios and differences of risks, odds and hazards; this effect is "
            f"{body.measure.name!r} ({body.measure.label}). Leave it out, or see interpret for "
            "other readings."
        )
    if isinstance(baseline, str):
        if baseline != OF_STUDIES:
            raise OptionError(
                f"baseline must be a risk such as 0.2, or {OF_STUDIES!r}; got {baseline!r}."
            )
        return {"median of the control arms": _median_risk(body)}
    return named_risks(baseline)


def _median_risk(body: Body) -> float:
    if body.fit is None or not {"events_c", "n_c"} <= set(body.fit.studies.columns):
        raise DataError(
            f"baseline={OF_STUDIES!r} needs the control arms: columns 'events_c' and 'n_c'. Give "
            "the risk as a number, such as baseline=0.2."
        )
    events, people = (checks.as_numbers(body.fit.studies[name]) for name in ("events_c", "n_c"))
    risk = float(np.nanmedian(events / people))
    if not 0 < risk < 1:
        raise DataError(
            f"baseline={OF_STUDIES!r}: the median risk of the control arms is {risk:g}, at which "
            "no ratio can be read. Give a risk between 0 and 1."
        )
    return risk


def window_label(body: Body, about: Outcome) -> str:
    """Return the label of the one window that the effects are of."""
    name = _window_id(body)
    window = about.window(name) if name else None
    return name if window is None else window.label


def _window_id(body: Body) -> str:
    """Return the id of the window, where all effects are of one."""
    if body.fit is None or "window" not in body.fit.studies.columns:
        return ""
    held = {label(one) for one in body.fit.studies["window"]} - {""}
    return held.pop() if len(held) == 1 else ""


def window_names(body: Body, about: Outcome, follow_up: str) -> tuple[str, ...]:
    """Return every name of the window, by any of which other tables may call it."""
    declared = about.window(follow_up) or about.window(_window_id(body))
    names = (follow_up, _window_id(body), *((declared.id, declared.label) if declared else ()))
    return tuple(dict.fromkeys(filter(None, names)))


def risks_with(body: Body, risks: Mapping[str, float], per: float) -> dict[str, AbsoluteEffect]:
    """Return what the effect means at each baseline risk."""
    printed = body.printed()
    if printed is None or not body.is_of_events or math.isnan(body.event_sign):
        return {}
    if not risks and body.kind != "rd":
        return {}
    if body.turned == "all":
        flipped = [1 / one if body.measure.is_ratio else -one for one in printed]
        printed = flipped[0], min(flipped[1:]), max(flipped[1:])
    value, low, high = printed
    limits = None if math.isnan(low) else (low, high)
    at: Mapping[str, float | None] = risks or {"": None}
    found = {}
    for name, risk in at.items():
        one = at_one_risk(body.measure.name, value, limits, risk, per)
        found[name] = one
    return found


def more_is_better(body: Body, about: Outcome, better: str) -> str:
    """Return whether more of the outcome is better: ``"yes"``, ``"no"``, or empty if not known."""
    if body.turned == "all":
        return "no"  # signs are turned only where lower is declared better
    said = "" if body.turned == "some" else better or about.direction
    return {"higher": "yes", "lower": "no"}.get(said, "")
