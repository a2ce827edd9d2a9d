"""What should be looked at again, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from arrowroot.frames import TextTable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Finding:
    """What a reader should look at again.

    Attributes
    ----------
    rule, message : str
        The rule's name; what is wrong and what would be right.
    file, line : str, int
        Where; the line is 0 where there is none.
    study, outcome, window, assessor, domain : str
        What it is about; empty where it is about the file.
    """

    rule: str
    message: str
    file: str = ""
    line: int = 0
    study: str = ""
    outcome: str = ""
    window: str = ""
    assessor: str = ""
    domain: str = ""


FINDING = (
    *("file", "line", "study", "outcome", "window", "assessor"),
    *("domain", "rule", "message"),
)
"""The columns of a table of findings."""


def said(row: Mapping[Any, Any]) -> str:
    """Return a finding in one line."""
    where = ", ".join(
        part
        for part in (
            row["file"] if row["line"] else "",
            f"line {row['line']}" if row["line"] else "",
            " ".join(filter(None, (row["study"], row["outcome"], row["window"]))),
            f"by {row['assessor']}" if row["assessor"] else "",
        )
        if part
    )
    end = "" if row["message"].endswith((".", "?")) else "."
    return f"{where}: {row['message']}{end}" if where else f"{row['message']}{end}"


def findings_table(found: Iterable[Finding]) -> TextTable:
    """Return findings as a table."""
    return TextTable([asdict(one) for one in found], columns=list(FINDING))


def findings_in(table: pd.DataFrame) -> list[Finding]:
    """Return the findings of a table."""
    rows = table[list(FINDING)].itertuples(index=False, name=None)
    return [Finding(**dict(zip(FINDING, row, strict=True))) for row in rows]
