"""The arithmetic of a flow, for counts by the keys of the PRISMA 2020 template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from arrowroot.frames import TextTable
from synthesis import prisma

PROBLEMS = ("rule", "difference", "message")

COUNTED = {
    "database_specific_results": ("database_results", "databases"),
    "register_specific_results": ("register_results", "registers"),
}
"""Keys with a number for each source, the key of their sum, and what the sources are."""

REASONED = ("dbr_excluded", "other_excluded")
"""Keys with a number for each reason."""


def total(value: object) -> int | None:
    """Return a count, or the sum of its parts; None if it is not known.

    Examples
    --------
    >>> total(3), total({"design": 2, "population": 1}), total(None)
    (3, 3, None)
    """
    if isinstance(value, Mapping):
        return sum(int(one) for one in value.values())
    return None if value is None else int(str(value))


def flow_problems(counts: Mapping[str, Any]) -> pd.DataFrame:
    """Return what does not add up in a flow, with its size.

    Parameters
    ----------
    counts : mapping
        Keys of PRISMA2020; a count that is not known is None or left out, and sums skip it.

    Returns
    -------
    DataFrame
        ``rule``, ``difference`` (what is given minus what follows from the counts before),
        ``message``: one row per discrepancy.

    Examples
    --------
    >>> flow = {"records_screened": 900, "records_excluded": 700, "dbr_sought_reports": 116}
    >>> flow_problems(flow)["difference"].tolist()
    [-84]
    """
    known = {key: number for key, value in counts.items() if (number := total(value)) is not None}
    flow: dict[str, int] = {}
    for key, stage in prisma.TEMPLATE.items():
        if key in known:
            flow[stage] = flow.get(stage, 0) + known[key]
    checks = [
        *prisma.checked(flow),
        *_of_extras(known),
        *(
            prisma.parts(
                (whole, f"records identified from {sources}", known[whole]),
                f"the counts of single {sources}",
                known[key],
            )
            for key, (whole, sources) in COUNTED.items()
            if {key, whole} <= known.keys()
        ),
    ]
    rows = [(check.rule, check.difference, check.message) for check in checks if check.message]
    return TextTable(rows, columns=list(PROBLEMS))


def _of_extras(known: Mapping[str, int]) -> Iterator[prisma.Check]:
    """Yield the checks of counts that the template does not have."""
    found = [known[key] for key in ("database_results", "register_results") if key in known]
    if "searches" in known and found:
        whole = ("identified", "records identified from databases and registers", sum(found))
        yield prisma.parts(whole, "the counts of single searches", known["searches"])
    if "records_excluded" in known:
        whole = ("records_excluded", "records excluded", known["records_excluded"])
        by_whom = [known[key] for key in BY_WHOM if key in known]
        if len(by_whom) == len(BY_WHOM):
            yield prisma.parts(whole, "exclusions by people and by tools", sum(by_whom))
        if "screening_reasons" in known:
            yield prisma.parts(whole, "the reasons at screening", known["screening_reasons"])
    for smaller, larger, words in PARTS_OF:
        if smaller in known and larger in known and known[smaller] > known[larger]:
            message = (
                f"There cannot be more {words[0]} ({known[smaller]:,}) than {words[1]} "
                f"({known[larger]:,}): {known[smaller] - known[larger]:,} too many."
            )
            yield prisma.Check(f"{smaller} <= {larger}", known[larger], known[smaller], message)


BY_WHOM = ("screened_out_by_people", "screened_out_by_tools")

PARTS_OF = (
    (
        "copies_found_later",
        "duplicates",
        ("duplicates found while screening", "duplicates removed"),
    ),
    (
        "reports_of_earlier_studies",
        "new_reports",
        ("new reports of studies included before", "reports included"),
    ),
    ("ongoing_studies", "ongoing_reports", ("ongoing studies", "reports of ongoing studies")),
    (
        "awaiting_studies",
        "awaiting_reports",
        ("studies awaiting classification", "reports awaiting classification"),
    ),
)
"""A count, one that it cannot exceed, and both in words."""
