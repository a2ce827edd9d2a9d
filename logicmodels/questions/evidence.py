"""Evidence on links: a table of claims matched by source and target, and what it shows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from arrowroot.errors import EvidenceError
from arrowroot.tables import rows_of
from arrowroot.text import counted, label, one_line, trimmed
from logicmodels.claims.faults import impossible
from logicmodels.claims.words import column_advice, number_advice, word_advice
from logicmodels.model import AnyModel
from logicmodels.records import Claim, Link

STATES = (
    "supported",
    "no difference",
    "conflicting",
    "mixed by outcome",
    "adverse",
    "not stated",
    "none found",
    "not searched",
)
"""What the evidence on a link can show. Conflicting claims disagree about the same outcome in the
same window; mixed by outcome are those that disagree about different ones. The last three are not
the same: studies that do not state a direction, a search that found nothing, and no search."""
DIRECTIONS = ("supports", "no difference", "conflicting", "adverse", "not stated")
CERTAINTIES = ("high", "moderate", "low", "very low")
SEARCHES = ("done", "not searched")
_CHOICES = {"direction": DIRECTIONS, "certainty": CERTAINTIES, "search": SEARCHES}
_NUMBERS = {"estimate": float, "ci_low": float, "ci_high": float, "k": int, "n": int}
_LABELS = ("outcome", "window")
_COLUMNS = [field.name for field in fields(Claim)]
_KNOWN = {"source", "target", *_COLUMNS}


def state(link: Link) -> str:
    """Return what the evidence on a link shows: one of `STATES`.

    Claims about the same outcome and window that agree count as one, and those in different
    directions are conflicting. Claims that state no direction count only if no other claim states
    one.
    """
    found = {_state_of(claims) for claims in by_outcome(link.evidence)}
    stated = found - {"not stated", "none found", "not searched"}
    if stated:
        return stated.pop() if len(stated) == 1 else "mixed by outcome"
    return next((word for word in ("not stated", "none found") if word in found), "not searched")


def by_outcome(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims in groups that are about the same outcome and window, whatever their case."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[one_line(claim.outcome).casefold(), one_line(claim.window).casefold()].append(claim)
    return list(groups.values())


def disagree(claims: Sequence[Claim]) -> bool:
    """Return whether claims about one outcome and window are conflicting."""
    return _state_of(claims) == "conflicting"


def _state_of(claims: Sequence[Claim]) -> str:
    """Return the state of claims about one outcome and window."""
    found = {direction(claim) for claim in claims}
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


def certainties(link: Link) -> tuple[str, ...]:
    """Return the certainty of each outcome and window on a link, each once, the highest first.

    Of several claims about the same outcome and window the lowest counts.
    """
    lowest = set()
    for claims in by_outcome(link.evidence):
        stated = [claim.certainty for claim in claims if claim.certainty]
        if stated:
            lowest.add(max(stated, key=CERTAINTIES.index))
    return tuple(sorted(lowest, key=CERTAINTIES.index))


def certainty(link: Link) -> str:
    """Return the certainty on a link, a range if it differs by outcome, or an empty text.

    Examples
    --------
    >>> certainty(Link("a", "b", evidence=(Claim(certainty="low"), Claim(certainty="high"))))
    'low'
    >>> parts = Claim("falls", certainty="low"), Claim("deaths", certainty="high")
    >>> certainty(Link("a", "b", evidence=parts))
    'low to high by outcome'
    """
    found = certainties(link)
    if len(found) < 2:
        return "".join(found)
    return f"{found[-1]} to {found[0]} by outcome"


def claim_words(claim: Claim, *, whole: bool = False) -> str:
    """Return a claim in words: what was measured, the result, how much it rests on, its source.

    Parameters
    ----------
    claim : Claim
        What is put into words.
    whole : bool
        Whether direction and certainty are among the words, for a claim beside others; otherwise
        they are left to the words about its link (`link_words`).

    Examples
    --------
    >>> claim_words(Claim("satisfaction", "short", 0.26, 0.16, 0.36, "SMD", 5, citation="S 2015"))
    'satisfaction, short: SMD 0.26 (0.16 to 0.36); 5 studies; direction not stated; S 2015'
    >>> claim_words(Claim("falls", k=2, n=1200, direction="supports"), whole=True)
    'falls; supports; 2 studies; n = 1,200'
    """
    about = ", ".join(filter(None, (claim.outcome, claim.window)))
    result = _result(claim)
    silent = direction(claim) == "not stated"
    unsure = f"{claim.certainty} certainty" if claim.certainty and whole else ""
    reasons = ", ".join(map(one_line, claim.reasons))
    parts = (
        f"{about}: {result}" if about and result else about or result,
        claim.direction if whole and not silent else "",
        "search not done" if whole and claim.search == "not searched" else "",
        "" if claim.k is None else counted(claim.k, "study", "studies"),
        _size(claim),
        "direction not stated" if silent else "",
        ": ".join(filter(None, (unsure or "certainty", reasons))) if unsure or reasons else "",
        one_line(claim.citation),
        "changed since it was agreed on" if claim.is_stale else "",
    )
    return one_line("; ".join(filter(None, parts)))


def claims_words(link: Link) -> list[str]:
    """Return every claim on a link in words, with its own direction and certainty if several."""
    several = len(link.evidence) > 1
    return [*filter(None, (claim_words(claim, whole=several) for claim in link.evidence))]


def _result(claim: Claim) -> str:
    """Return estimate and interval, as far as they are given."""
    low, high = ("" if limit is None else f"{limit:.2f}" for limit in (claim.ci_low, claim.ci_high))
    limits = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
    estimate = "" if claim.estimate is None else f"{claim.estimate:.2f}"
    interval = f"({limits})" if low or high else ""
    number = " ".join(filter(None, (estimate, interval)))
    return f"{claim.measure} {number}".strip() if number else ""


def _size(claim: Claim) -> str:
    if claim.n is None:
        return claim.unit
    return f"{claim.n:,} {one_line(claim.unit)}" if claim.unit else f"n = {claim.n:,}"


def link_words(link: Link) -> str:
    """Return what the evidence on a link shows, in words."""
    found = certainties(link)
    if not found:
        return state(link)
    if len(found) == 1:
        return f"{state(link)}, {found[0]} certainty"
    return f"{state(link)}, certainty {certainty(link)}"


def with_evidence(model: AnyModel, table: Any, arrows: Mapping[Any, Any] | None = None) -> AnyModel:
    """Return a model with a table's claims on its links; see `LogicModel.with_evidence`."""
    if hasattr(table, "evidence_table"):  # findings of a review, which know no arrows
        if arrows is None:
            raise EvidenceError(
                "evidence: say which arrow each outcome of these findings is about, as "
                "arrows={'outcome': ('from', 'to')}."
            )
        table = table.evidence_table(arrows)
    elif arrows is not None:
        raise EvidenceError(
            "evidence: arrows goes with a summary of findings; a table names the arrow of each row "
            "in its columns source and target."
        )
    claims: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    known = {(link.source, link.target) for link in model.links}
    problems = []
    rows: dict[tuple[tuple[str, str], Claim], int] = {}
    for number, typed in enumerate(rows_of(table, "evidence", EvidenceError), start=1):
        row = _named(typed)
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


def _named(row: Mapping[str, Any]) -> dict[Any, Any]:
    """Return a row whose columns are named as here, however they are capitalised and spaced."""
    names = {column: trimmed(str(column)).lower() for column in row}
    meant = list(names.values())
    return {
        name if meant.count(name) == 1 and name in _KNOWN else column: row[column]
        for column, name in names.items()
    }


def _claim(row: Mapping[str, Any]) -> Claim:
    unknown = [str(column) for column in row if column not in _KNOWN]
    if unknown:
        hint = column_advice(unknown[0]) or f"there are {', '.join(_COLUMNS)}"
        raise EvidenceError(f"unknown column {unknown[0]!r}; {hint}")
    given = {name: _value(name, row[name]) for name in _COLUMNS if not _is_empty(row.get(name))}
    wrong = [message for _, message in impossible(given)]
    if wrong:
        raise EvidenceError("; ".join(wrong))
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
        if type(value).__name__ in ("bool", "bool_"):  # of Python, or of NumPy before version 2
            raise TypeError
        number = float(value)
    except (TypeError, ValueError, OverflowError):
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
