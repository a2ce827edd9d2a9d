"""The arithmetic of a flow diagram: which counts must add up to which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

Counts = Mapping[str, Any]
PROBLEMS = ("rule", "difference", "message")

COUNTED = ("database_specific_results", "register_specific_results")
REASONED = ("dbr_excluded", "other_excluded")
"""Keys that hold a number for each database or each reason."""


def total(value: object) -> int | None:
    """Return a count, or the sum of the counts it holds; None if it is not known.

    Examples
    --------
    >>> total(3), total({"design": 2, "population": 1}), total(None)
    (3, 3, None)
    """
    if isinstance(value, Mapping):
        return sum(int(one) for one in value.values())
    return None if value is None else int(str(value))


def _sum(counts: Counts, *keys: str) -> int | None:
    """Return the sum of counts; unknown ones are nought, but not all of them."""
    known = [number for key in keys if (number := total(counts.get(key))) is not None]
    return sum(known) if known else None


def _minus(counts: Counts, first: tuple[str, ...], second: tuple[str, ...]) -> int | None:
    whole, part = _sum(counts, *first), _sum(counts, *second)
    return None if whole is None else whole - (part or 0)


_IDENTIFIED = ("database_results", "register_results")
_REMOVED = ("duplicates", "excluded_automatic", "excluded_other")
_OTHER = ("website_results", "organisation_results", "citations_results")

_EQUAL: tuple[tuple[str, Callable[[Counts], int | None], str, str], ...] = (
    (
        "records identified minus records removed before screening",
        lambda counts: _minus(counts, _IDENTIFIED, _REMOVED),
        "records_screened",
        "records screened",
    ),
    (
        "records screened minus records excluded",
        lambda counts: _minus(counts, ("records_screened",), ("records_excluded",)),
        "dbr_sought_reports",
        "reports sought for retrieval",
    ),
    (
        "reports sought minus reports not retrieved",
        lambda counts: _minus(counts, ("dbr_sought_reports",), ("dbr_notretrieved_reports",)),
        "dbr_assessed",
        "reports assessed for eligibility",
    ),
    (
        "records identified by other methods",
        lambda counts: _sum(counts, *_OTHER),
        "other_sought_reports",
        "reports sought for retrieval (other methods)",
    ),
    (
        "reports sought minus reports not retrieved (other methods)",
        lambda counts: _minus(counts, ("other_sought_reports",), ("other_notretrieved_reports",)),
        "other_assessed",
        "reports assessed for eligibility (other methods)",
    ),
    (
        "reports assessed minus reports excluded with their reasons",
        lambda counts: _minus(
            counts, ("dbr_assessed", "other_assessed"), ("dbr_excluded", "other_excluded")
        ),
        "new_reports",
        "reports of new included studies",
    ),
    (
        "the counts of single databases",
        lambda counts: total(counts.get("database_specific_results")),
        "database_results",
        "records identified from databases",
    ),
    (
        "the counts of single registers",
        lambda counts: total(counts.get("register_specific_results")),
        "register_results",
        "records identified from registers",
    ),
    (
        "studies of the previous version plus new studies",
        lambda counts: _sum(counts, "previous_studies", "new_studies"),
        "total_studies",
        "total studies included",
    ),
    (
        "reports of the previous version plus new reports",
        lambda counts: _sum(counts, "previous_reports", "new_reports"),
        "total_reports",
        "reports of total included studies",
    ),
)
_AT_LEAST = (
    ("new_reports", "new_studies", "reports of new included studies", "new studies included"),
    ("total_reports", "total_studies", "reports of total included studies", "total studies"),
    ("total_studies", "total_studies_ma", "total studies", "studies in the meta-analysis"),
)


def check_flow(counts: Counts) -> pd.DataFrame:
    """Return what does not add up in a flow, with its size.

    Parameters
    ----------
    counts : mapping
        Keys of PRISMA2020; a count that is not known is None or left out, and rules that need it
        are not applied.

    Returns
    -------
    DataFrame
        ``rule``, ``difference`` (what follows from the counts before, minus what is given),
        ``message``: one row a discrepancy.

    Notes
    -----
    Identified minus removed is screened; screened minus excluded is sought; sought minus not
    retrieved is assessed; assessed minus excluded, reason by reason, is included; reports are at
    least as many as studies, and studies at least as many as those in the meta-analysis.

    Examples
    --------
    >>> flow = {"records_screened": 900, "records_excluded": 700, "dbr_sought_reports": 116}
    >>> print(check_flow(flow)["message"][0])
    records screened minus records excluded is 200, but reports sought for retrieval is given as
    116: 84 missing.
    """
    rows = []
    for rule, expected_from, key, name in _EQUAL:
        expected, given = expected_from(counts), total(counts.get(key))
        if expected is not None and given is not None and expected != given:
            gap = expected - given
            how = "missing" if gap > 0 else "too many"
            message = (
                f"{rule} is {expected:,}, but {name} is given as {given:,}: {abs(gap):,} {how}."
            )
            rows.append((f"{rule} = {name}", gap, message))
    for more, fewer, name, other in _AT_LEAST:
        most, least = total(counts.get(more)), total(counts.get(fewer))
        if most is not None and least is not None and most < least:
            message = f"{name} ({most:,}) cannot be fewer than {other} ({least:,})."
            rows.append((f"{name} >= {other}", most - least, message))
    rows += [
        (f"{key} >= 0", number, f"{key} is {number:,}; no count is below nought.")
        for key, value in counts.items()
        if (number := total(value)) is not None and number < 0
    ]
    return pd.DataFrame(rows, columns=list(PROBLEMS))
