"""What a lint rule finds, and how a reviewer sets a finding aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synthesis.effects.rows.workings import Workings

SEVERITIES = ("error", "warning", "note")
"""An error cannot be true; a warning is probably a slip; a note needs a decision."""


@dataclass(frozen=True)
class Finding:
    """One suspicious cell.

    Attributes
    ----------
    row : int
        Position of the row.
    column : str
        The column to look at.
    message : str
        What is suspicious about it, with the numbers.
    """

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Rule:
    """A lint rule.

    Attributes
    ----------
    name : str
        The id, as written in `waived`.
    severity : str
        One of `SEVERITIES`.
    reason : str
        Why the rule is there and what to do about a finding.
    find : callable
        Takes the cells and yields the findings.
    """

    name: str
    severity: str
    reason: str
    find: Callable[[Workings], Iterable[Finding]]


Find = Callable[[Workings], Iterable[Finding]]


def rule(name: str, severity: str, reason: str) -> Callable[[Find], Rule]:
    """Turn a function into a rule; its module lists its rules at the end."""
    return lambda find: Rule(name, severity, reason, find)


def found(which: np.ndarray, column: str, message: Callable[[int], str]) -> Iterable[Finding]:
    """Yield a finding for every row where `which` is true."""
    for row in np.flatnonzero(which).tolist():
        yield Finding(row, column, message(row))


def waivers(sheet: pd.DataFrame) -> list[dict[str, str]]:
    """Return the ids that each row waives, each with its reason (empty where none is given)."""
    if "waived" not in sheet:
        return [{} for _ in range(len(sheet))]
    ids = sheet["waived"].astype("string").fillna("").str.replace(",", " ").str.split()
    reasons = (
        sheet["waived_because"].astype("string").fillna("").str.strip()
        if "waived_because" in sheet
        else pd.Series("", index=sheet.index)
    )
    return [dict.fromkeys(names, reason) for names, reason in zip(ids, reasons, strict=True)]


def remark_waivers(workings: Workings) -> None:
    """Add the findings that rows set aside, with the reasons, to their receipts."""
    if "waived" not in workings.sheet:
        return
    for row, waived in enumerate(waivers(workings.sheet)):
        for name, reason in waived.items():
            if reason:
                workings.remark_row(row, f"finding {name} waived: {reason}")
