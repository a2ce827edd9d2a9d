"""Evidence on links: a table of claims matched by source and target, and what it shows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from arrowroot.errors import EvidenceError
from arrowroot.tables import rows_of
from arrowroot.text import counted, label, one_line, trimmed
from logicmodels.model import AnyModel
from logicmodels.questions.evidence_words import column_advice, number_advice, word_advice
from logicmodels.records import Claim, Link

STATES = (
    "supported",
    "no difference",
    "conflicting",
    "adverse",
    "not stated",
    "none found",
    "not searched",
)
"""What the evidence on a link can show. The last three are not the same: studies that do not
state a direction, a search that found nothing, and no search."""
DIRECTIONS = ("supports", "no difference", "conflicting", "adverse", "not stated")
CERTAINTIES = ("high", "moderate", "low", "very low")
SEARCHES = ("done", "not searched")
_CHOICES = {"direction": DIRECTIONS, "certainty": CERTAINTIES, "search": SEARCHES}
_NUMBERS = {"estimate": float, "ci_low": float, "ci_high": float, "k": int, "n": int}
_LABELS = ("outcome", "window")
_COLUMNS = [field.name for field in fields(Claim)]


def state(link: Link) -> str:
    """Return what the evidence on a link shows: one of `STATES`.

    Claims that agree count as one; claims in different directions are conflicting; claims that
    state no direction count only if no other claim states one.
    """
    found = {direction(claim) for claim in link.evidence}
    stated = found - {"not stated", "none found", "not searched"}
    if stated == {"supports"}:
        return "supported"
    if stated:
        return stated.pop() if len(stated) == 1 else "conflicting"
    return next((word for word in ("not stated", "none found") if word in found), "not searched")


def direction(claim: Claim) -> str:
    """Return the direction of a claim, or why it has none.

    Examples
    --------
    >>> direction(Claim(k=3)), direction(Claim(k=0)), direction(Claim(search="not searched"))
    ('not stated', 'none found', 'not searched')
    """
    if claim.search == "not searched":
        return "not searched"
    if claim.direction:
        return claim.direction
    if claim.k is not None:
        return "not stated" if claim.k else "none found"
    named = claim.estimate is not None or claim.n or claim.citation
    return "not stated" if named else "none found"


def certainty(link: Link) -> str:
    """Return the lowest certainty among a link's claims, or an empty text if none is stated."""
    stated = [claim.certainty for claim in link.evidence if claim.certainty]
    return max(stated, key=CERTAINTIES.index, default="")


def claim_words(claim: Claim) -> str:
    """Return a claim in words: what was measured, the result, the studies and people, its source.

    Examples
    --------
    >>> claim_words(Claim("satisfaction", "short", 0.26, 0.16, 0.36, "SMD", 5, citation="S 2015"))
    'satisfaction, short: SMD 0.26 (0.16 to 0.36); 5 studies; direction not stated; S 2015'
    """
    about = ", ".join(filter(None, (claim.outcome, claim.window)))
    result = "" if claim.estimate is None else f"{claim.measure} {claim.estimate:.2f}".strip()
    if result and claim.ci_low is not None and claim.ci_high is not None:
        result += f" ({claim.ci_low:.2f} to {claim.ci_high:.2f})"
    parts = (
        f"{about}: {result}" if about and result else about or result,
        "" if claim.k is None else counted(claim.k, "study", "studies"),
        "" if claim.n is None else f"{claim.n:,} people",
        "direction not stated" if direction(claim) == "not stated" else "",
        one_line(claim.citation),
        "changed since it was agreed on" if claim.is_stale else "",
    )
    return "; ".join(filter(None, parts))


def link_words(link: Link) -> str:
    """Return what the evidence on a link shows, in words."""
    sure = certainty(link)
    return f"{state(link)}, {sure} certainty" if sure else state(link)


def with_evidence(model: AnyModel, table: Any) -> AnyModel:
    """Return a model with a table's claims on its links; see `LogicModel.with_evidence`."""
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    known = {(link.source, link.target) for link in model.links}
    problems = []
    rows: dict[tuple[tuple[str, str], Claim], int] = {}
    for number, row in enumerate(rows_of(table, "evidence", EvidenceError), start=1):
        try:
            ends = label(row["source"]), label(row["target"])
            if ends not in known:
                raise EvidenceError(f"the model has no link {ends[0]} -> {ends[1]}")
            claim = _claim(row)
            same = rows.setdefault((ends, claim), number)
            if same != number:
                raise EvidenceError(f"repeats row {same}; keep one of the two")
            claims[ends].append(claim)
        except (EvidenceError, KeyError) as error:
            missing = isinstance(error, KeyError)
            problems.append(f"row {number}: {f'column {error} is missing' if missing else error}")
    if problems:
        raise EvidenceError(
            "\n  ".join([f"evidence: {counted(len(problems), 'problem')}", *problems])
        )
    links = tuple(
        replace(link, evidence=_joined(link.evidence, claims[link.source, link.target]))
        for link in model.links
    )
    return replace(model, links=links)


def _joined(before: Sequence[Claim], new: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return claims in which new ones replace those about the same result.

    The fingerprint that was agreed is kept, so that a later change of the result is recognised.
    """
    about = Counter(map(_about, new))
    agreed = {_about(claim): claim.snapshot for claim in before if about[_about(claim)] == 1}
    kept = [claim for claim in before if not about[_about(claim)]]
    return (
        *kept,
        *(
            claim if claim.snapshot else replace(claim, snapshot=agreed.get(_about(claim), ""))
            for claim in new
        ),
    )


def _about(claim: Claim) -> object:
    """Return what identifies a claim: its source and what it is about.

    A claim without a source is the same only as an identical one.
    """
    if claim.citation:
        return claim.outcome, claim.window, claim.measure, claim.citation
    return replace(claim, snapshot="")


def _claim(row: Mapping[str, Any]) -> Claim:
    known = {*_COLUMNS, "source", "target"}
    unknown = [str(column) for column in row if column not in known]
    if unknown:
        hint = column_advice(unknown[0]) or f"there are {', '.join(_COLUMNS)}"
        raise EvidenceError(f"unknown column {unknown[0]!r}; {hint}")
    given = {name: _value(name, row[name]) for name in _COLUMNS if not _is_empty(row.get(name))}
    return Claim(**given)


def _value(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return _number(name, value)
    if name == "reasons":
        return tuple(str(value).split("; ")) if isinstance(value, str) else tuple(value)
    text = label(value) if name in _LABELS else trimmed(str(value))
    if name not in _CHOICES:
        return text
    plain = text.lower().replace("-", " ").replace("_", " ")
    if plain not in _CHOICES[name]:
        listed = ", ".join(map(repr, _CHOICES[name]))
        advice = word_advice(name, text)
        raise EvidenceError(
            f"{name} must be one of {listed}; got {text!r}" + (f"; {advice}" if advice else "")
        )
    return plain


def _number(name: str, value: Any) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        advice = number_advice(value)
        raise EvidenceError(
            f"{name} must be a number; got {value!r}" + (f"; {advice}" if advice else "")
        ) from None
    if not math.isfinite(number):
        raise EvidenceError(f"{name} must be finite; got {value!r}")
    if _NUMBERS[name] is float:
        return number
    if number < 0 or number != int(number):
        raise EvidenceError(f"{name} must be a whole number of at least 0; got {value!r}")
    return int(number)


def _is_empty(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not trimmed(value))
