"""Findings as claims about the arrows of a logic model: the table that arrows take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import did_you_mean, label
from synthesis.appraisal.certainty.levels import NOT_JUDGED
from synthesis.appraisal.certainty.result import PROPOSED, Certainty
from synthesis.appraisal.findings.cells import turned_note

COLUMNS = (
    *("source", "target", "outcome", "window", "estimate", "ci_low", "ci_high", "measure", "k"),
    *("n", "direction", "certainty", "reasons", "search", "citation"),
)


def evidence_table(
    certainties: Sequence[Certainty], arrows: Mapping[Any, Any], citation: str
) -> pd.DataFrame:
    """Return one row per finding and arrow; see `SummaryOfFindings.evidence_table`.

    Raises
    ------
    OptionError
        If an arrow is not a pair of box ids.
    DataError
        If there is no such outcome.
    """
    if not isinstance(arrows, Mapping) or not arrows:
        raise OptionError(
            "arrows must say which arrow each outcome is about, as "
            f"{{'outcome': ('from', 'to')}}; got {arrows!r}."
        )
    used: set[int] = set()
    rows = []
    for key, given in arrows.items():
        outcome, window = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
        found = [
            (place, one)
            for place, one in enumerate(certainties)
            if label(outcome).casefold()
            in (one.outcome.id.casefold(), one.outcome.label.casefold())
            and (window is None or label(window).casefold() == one.follow_up.casefold())
        ]
        if not found:
            names = list(dict.fromkeys(one.outcome.label for one in certainties))
            raise DataError(
                f"arrows: no finding is about {key!r}; there are {', '.join(map(repr, names))}."
                f"{did_you_mean(label(outcome), names)}"
            )
        if len(several := {one.comparison for _, one in found}) > 1:
            raise DataError(
                f"arrows: findings of {len(several)} comparisons are about {key!r} "
                f"({'; '.join(sorted(several))}). Make a summary of findings for each comparison, "
                "and put each on its own arrow."
            )
        for place, one in found:
            used.add(place)
            rows += [_row(one, source, target, citation) for source, target in _ends(key, given)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    left = [one.outcome.label for place, one in enumerate(certainties) if place not in used]
    table.attrs["left_out"] = tuple(dict.fromkeys(left))
    return table


def _ends(key: object, given: Any) -> Iterable[tuple[str, str]]:
    pairs = [given] if _is_pair(given) else given
    if not isinstance(pairs, list | tuple) or not pairs or not all(map(_is_pair, pairs)):
        raise OptionError(
            f"arrows: {key!r} needs the two boxes of its arrow, as ('from', 'to'), or a list of "
            f"such pairs; got {given!r}."
        )
    return [(str(source), str(target)) for source, target in pairs]


def _is_pair(given: Any) -> bool:
    return (
        isinstance(given, tuple | list)
        and len(given) == 2
        and all(isinstance(end, str) for end in given)
    )


def _row(one: Certainty, source: str, target: str, citation: str) -> dict[str, Any]:
    printed = one.body.printed()
    value, low, high = (None if math.isnan(v) else v for v in printed or (math.nan,) * 3)
    reported = one.body.reported
    reasons = [reason.rstrip(".") for reason in one.reasons()]
    if one.status != "judged":
        reasons.insert(0, f"certainty {PROPOSED}" + (" in full" if one.status != PROPOSED else ""))
    reasons += [note.rstrip(".") for note in turned_note(one)]
    return {
        "source": source,
        "target": target,
        "outcome": one.outcome.label,
        "window": one.follow_up,
        "estimate": value,
        "ci_low": low,
        "ci_high": high,
        "measure": one.body.measure.abbreviation if printed else "",
        "k": one.body.n_studies,
        "n": one.body.participants,
        "direction": direction(one),
        "certainty": "" if one.level == NOT_JUDGED else one.level,
        "reasons": tuple(reasons),
        "search": "done",
        "citation": citation or (reported.source if reported else ""),
    }


def direction(one: Certainty) -> str:
    """Return what a finding says of its arrow, as a logic model names it.

    ``"supports"`` and ``"adverse"`` need to know which way is better, and an effect of at least
    the minimal important difference or, without one, an interval that excludes no effect.
    """
    size = one.size
    if size is None or size.both_important:
        return "not stated"
    value = size.triple[0]
    if size.cuts:
        if size.zone(value) == "trivial":
            return "no difference"
    elif size.limits is None or size.crosses_null or 0.0 in size.limits:
        return "not stated"
    if size.is_better:
        good = value > 0
    elif not one.more_is_better:
        return "not stated"
    else:
        good = (value > 0) == (one.more_is_better == "yes")
    return "supports" if good else "adverse"
