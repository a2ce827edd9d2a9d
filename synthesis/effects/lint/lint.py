"""The lint of an extraction sheet: what to check again before anything is pooled."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from arrowroot.frames import TextTable
from synthesis.effects.lint import (
    agreement,
    arms,
    declared,
    people,
    printed,
    sharing,
    spread,
    together,
    totals,
)
from synthesis.effects.lint.findings import SEVERITIES, waivers
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.declared import declare, outcomes_of
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.reading import checked
from synthesis.outcomes import Declared

RULES = (
    *spread.RULES,
    *totals.RULES,
    *arms.RULES,
    *people.RULES,
    *sharing.RULES,
    *printed.RULES,
    *agreement.RULES,
    agreement.opposite_signs,
    *together.RULES,
    *declared.RULES,
)
"""Every rule, in the order in which they are applied."""

_OF_THE_FILE = (
    "what a file does not show, or may not mean, should be looked at before its numbers are used"
)

COLUMNS = ["rule", "severity", "study", "line", "column", "message", "reason", "waived"]


def lint(
    sheet: pd.DataFrame | str | os.PathLike[str], *, outcomes: Declared | None = None
) -> pd.DataFrame:
    """Look through an extraction sheet for the slips that are common in such sheets.

    A finding is not an error: the sheet can be analysed as it is. Correct the cell, or write the
    rule's id in the column `waived` of the row and the reason in `waived_because`; the reason then
    appears in the receipt.

    Parameters
    ----------
    sheet : DataFrame or path
        The extraction sheet.
    outcomes : Outcome, mapping, or sequence of these, optional
        What the review declares; by default what the sheet was prepared with (`with_outcomes`).
        The rows are then compared with it: names, ranges of instruments, directions, windows.

    Returns
    -------
    DataFrame
        One row per finding, the most serious first: `rule`, `severity` (``"error"``, ``"warning"``
        or ``"note"``), `study`, `line` (missing for tables in memory), `column`, `message`,
        `reason` (why the rule is there) and `waived` (the reviewer's reason, or empty). Remarks on
        the file as a whole have the rule ``"file"`` and no study.

    Raises
    ------
    DataError
        If the sheet has impossible values, or waives a rule that does not exist or gives no
        reason.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["Peck"], "sd_t": [26.0], "sd_c": [2.6]})
    >>> lint(sheet).loc[0, ["rule", "message"]].tolist()
    ['sd-ratio', 'sd_t = 26 and sd_c = 2.6: a ratio of 10']
    """
    table = checked(sheet)
    waived = waivers(table)
    _check_waivers(table, waived)
    known = outcomes_of(table, outcomes)
    declaration = declare(table, known) if known else None
    workings = Workings(declaration.sheet if declaration else table, declaration)
    studies = table["study"].tolist()
    lines = table["line"].tolist() if "line" in table else [pd.NA] * len(table)
    rows = []
    # A rule compares cells that may be blank: NaN compares as false, and so finds nothing.
    with np.errstate(all="ignore"):
        for rule in RULES:
            rows += [
                (
                    rule.name,
                    rule.severity,
                    studies[finding.row],
                    lines[finding.row],
                    finding.column,
                    finding.message,
                    rule.reason,
                    waived[finding.row].get(rule.name, ""),
                )
                for finding in rule.find(workings)
            ]
    rows += [
        ("file", "note", "", pd.NA, "", remark, _OF_THE_FILE, "")
        for remark in table.attrs.get("remarks", ())
    ]
    found = TextTable(rows, columns=COLUMNS)
    found["line"] = found["line"].astype("Int64")
    order = found["severity"].map({name: at for at, name in enumerate(SEVERITIES)})
    return found.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def lint_rules() -> pd.DataFrame:
    """Return the lint rules, one row per rule: `rule`, `severity`, `reason`.

    Examples
    --------
    >>> lint_rules().loc[0, "rule"]
    'se-as-sd'
    """
    rows = [(rule.name, rule.severity, rule.reason) for rule in RULES]
    return TextTable(rows, columns=["rule", "severity", "reason"])


def _check_waivers(table: pd.DataFrame, waived: list[dict[str, str]]) -> None:
    known = [rule.name for rule in RULES]
    problems = Problems(table)
    for row, reasons in enumerate(waived):
        for name, reason in reasons.items():
            if name not in known:
                listed = ", ".join(known)
                problems.add_row(row, f"waived must contain ids of rules ({listed}); got {name!r}")
            elif not reason:
                problems.add_row(
                    row, f"waiving {name!r} needs a reason in waived_because; there is none"
                )
    problems.raise_any()
