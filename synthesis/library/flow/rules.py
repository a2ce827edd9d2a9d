"""The arithmetic of a flow, for counts by the keys of the PRISMA 2020 template."""

from __future__ import annotations

from collections.abc import Mapping
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
