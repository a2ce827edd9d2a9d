"""Who decided what about which record, at which stage and why: one row per decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot import display
from arrowroot.files import as_paths
from arrowroot.frames import TextTable
from arrowroot.tables import read_frame
from arrowroot.text import counted, label, person
from synthesis import checks
from synthesis.labels import capitals, read_labels
from synthesis.library.records import problem_notes

STAGE_NAMES = {
    "before_screening": "Before screening",
    "title_abstract": "Title and abstract",
    "full_text": "Full text",
}
"""The stages, and their names for readers."""
STAGES = tuple(STAGE_NAMES)
DECISIONS = ("include", "exclude", "unsure", "not_retrieved")
COLUMNS = ("record_id", "stage", "screener", "decision", "reason", "time")
PROBLEMS = ("file", "line", "record_id", "stage", "screener", "message")

CONSENSUS = "consensus"
"""The screener under whose name a conflict is settled; that decision overrides all others."""


@dataclass(frozen=True, eq=False, repr=False)
class Screening(display.Shown):
    """Decisions that can be counted, and those that cannot.

    Attributes
    ----------
    decisions : DataFrame
        `COLUMNS`, and ``file`` and ``line`` of each row.
    problems : DataFrame
        ``file``, ``line``, ``record_id``, ``stage``, ``screener``, ``message``: rows that were
        set aside, and rows that were kept but should be looked at.
    remarks : tuple of str
        What should be known about the files, such as a guessed encoding or hidden rows.
    """

    decisions: pd.DataFrame
    problems: pd.DataFrame
    remarks: tuple[str, ...] = ()

    def _title(self) -> str:
        return "Screening"

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = []
        for stage, words in STAGE_NAMES.items():
            rows = self.decisions[self.decisions["stage"] == stage]
            if len(rows):
                people = ", ".join(map(str, rows["screener"].unique()))
                settled = settle(rows)["how"]
                open_ = int(settled.isin(["conflict", "unsure"]).sum())
                records = counted(len(settled), "record")
                facts.append((words, f"{records} by {people}; {open_:,} still open"))
        return [*facts, ("To look at", counted(len(self.problems), "problem"))]

    def _notes(self) -> Sequence[str]:
        alike = capitals("Reasons", self.decisions["reason"])
        return [*self.remarks, *problem_notes(self.problems), *alike]


def read_decisions(
    paths: str | Path | Iterable[str | Path],
    records: pd.DataFrame,
    *,
    reasons: Sequence[str] | None = None,
) -> Screening:
    """Read screening decisions from files, and check them.

    Parameters
    ----------
    paths : path or iterable of paths
        Tables in any of the formats that `arrowroot.tables` reads, with the columns
        ``record_id``, ``stage``, ``screener``, ``decision`` and, where needed, ``reason`` and
        ``time``. A row without a decision is a record not screened yet.
    records : DataFrame
        From `read_records`.
    reasons : sequence of str, optional
        The reasons for exclusion that were declared; others are refused.

    Returns
    -------
    Screening
        Decisions and problems.

    Raises
    ------
    FileError, DataError
        If a file cannot be read or lacks a column; problems in single rows do not raise an error.
    """
    listed = as_paths(paths)
    tables, remarks = [], []
    for path in listed:
        # Where a row was in an older file is told by that file, not by this one.
        read = read_frame(path).drop(columns="line", errors="ignore")
        remarks += [f"{path.name}: {remark}." for remark in read.attrs.get("remarks", ())]
        table = read.assign(file=path.name)
        for name in ("record_id", "stage", "screener", "decision"):
            checks.column(table, name, path.name)
        table = table.rename_axis(index="row").reset_index(names="line")
        tables.append(table[table["decision"].notna()])
    stacked = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    checked = check_decisions(stacked, records, reasons=reasons)
    return replace(checked, remarks=tuple(remarks))


def check_decisions(
    decisions: pd.DataFrame, records: pd.DataFrame, *, reasons: Sequence[str] | None = None
) -> Screening:
    """Sort decisions into those that can be counted and those that cannot.

    Parameters
    ----------
    decisions : DataFrame
        ``record_id``, ``stage`` (`STAGES`), ``screener``, ``decision`` (`DECISIONS`), and where
        needed ``reason`` and ``time`` (as 2026-03-01T10:30). ``file`` and ``line`` are used in
        messages.
    records : DataFrame
        From `read_records`.
    reasons : sequence of str, optional
        The reasons for exclusion that were declared.

    Returns
    -------
    Screening
        A screener's later decision about a record replaces an earlier one. Where times do not show
        which is later, the last row counts and a problem says so.
    """
    for name in ("record_id", "stage", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    ids = set(read_labels(checks.column(records, "record_id", "records")))
    declared = None if reasons is None else [label(reason) for reason in reasons]
    columns = [*COLUMNS, "file", "line"]
    numbered = decisions.reset_index(drop=True)
    if "line" not in numbered:
        numbered["line"] = numbered.index + 1
    table = numbered.reindex(columns=columns).astype(object)
    table = table.where(table.notna(), "")
    problems: list[dict[str, Any]] = []
    latest: dict[tuple[str, str, str], dict[str, Any]] = {}
    people: dict[str, str] = {}  # each by the first spelling of the name
    for cells in table.itertuples(index=False, name=None):
        row: dict[str, Any] = dict(zip(columns, cells, strict=True))
        row |= {name: label(row[name]) for name in COLUMNS}
        row["screener"] = people.setdefault(person(row["screener"]), row["screener"])
        if wrong := _wrong(row, ids, declared):
            problems.append({**row, "message": wrong})
            continue
        key = (row["record_id"], row["stage"], row["screener"])
        if before := latest.get(key):
            order = _order(before["time"], row["time"])
            if order == 0 and any(row[name] != before[name] for name in ("decision", "reason")):
                where = f"{before['file']}, row" if before["file"] else "row"
                message = (
                    f"{row['screener']} decided twice: {_said(before)} in {where} "
                    f"{before['line']}, then {_said(row)}. The last one counts; delete the other "
                    "row, or give the time of both, as 2026-03-01T10:30."
                )
                problems.append({**row, "message": message})
            if order < 0:
                continue
        latest[key] = row
    sound = pd.DataFrame(list(latest.values()), columns=columns)
    return Screening(sound, TextTable(problems, columns=list(PROBLEMS)))


def _order(before: str, after: str) -> int:
    """Return 1 or -1 if the second of two times is later or earlier, 0 if that is not clear."""
    try:
        first, second = datetime.fromisoformat(before), datetime.fromisoformat(after)
        return int(first < second) - int(first > second)
    except (ValueError, TypeError):  # no time, another form of it, or one without its zone
        return 0


def _said(row: dict[str, Any]) -> str:
    return f"{row['decision']!r} ({row['reason']})" if row["reason"] else repr(row["decision"])


def _wrong(row: dict[str, Any], ids: set[str], reasons: Sequence[str] | None) -> str:
    """Return why a decision cannot be counted."""
    for name, legal in (("stage", STAGES), ("decision", DECISIONS)):
        if row[name] not in legal:
            return f"{name} must be one of {', '.join(legal)}; got {row[name]!r}."
    if not row["screener"]:
        return "no screener; enter who decided."
    if row["record_id"] not in ids:
        return (
            f"there is no record {row['record_id']!r} among those read; compare it with their "
            "record_id."
        )
    if row["decision"] == "not_retrieved" and row["stage"] != "full_text":
        return "reports are sought at the stage full_text; use 'not_retrieved' only there."
    excluded = row["decision"] == "exclude"
    if excluded and row["stage"] == "full_text" and not row["reason"]:
        return "a report excluded at full text needs a reason."
    if excluded and reasons is not None and row["reason"] and row["reason"] not in reasons:
        return (
            f"{row['reason']!r} is not one of the declared reasons: {', '.join(reasons)}. Choose "
            "one of them, or declare it."
        )
    return ""


def settle(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return one decision per record and stage, and how it was reached.

    Parameters
    ----------
    decisions : DataFrame
        From `read_decisions` or `check_decisions`: one per screener, record and stage.

    Returns
    -------
    DataFrame
        ``record_id``, ``stage``, ``decision``, ``reason`` and ``how``: ``one screener``,
        ``agreed``, ``consensus``, ``conflict`` or ``unsure``. The last two have no decision yet.

    Examples
    --------
    >>> rows = [["a:1", "full_text", "ann", "exclude", "design", ""],
    ...         ["a:1", "full_text", "bob", "include", "", ""]]
    >>> settle(pd.DataFrame(rows, columns=list(COLUMNS)))["how"].tolist()
    ['conflict']
    """
    for name in ("record_id", "stage", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    by_record: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    columns = ["record_id", "stage", "screener", "decision", "reason"]
    cells = [
        read_labels(decisions[name], people=name == "screener")
        if name in decisions
        else [""] * len(decisions)
        for name in columns
    ]
    for record_id, stage, *given in zip(*cells, strict=True):
        screener, decision, reason = given
        by_record.setdefault((record_id, stage), []).append((screener, decision, reason))
    settled = [(*key, *_settled(rows)) for key, rows in by_record.items()]
    return pd.DataFrame(settled, columns=["record_id", "stage", "decision", "reason", "how"])


def _settled(rows: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    """Return the decision on one record at one stage, its reason, and how it was reached."""
    last_word = [row for row in rows if person(row[0]) == CONSENSUS]
    given = last_word or rows
    decided = {decision for _, decision, _ in given}
    if len(decided) > 1:
        return "", "", "conflict"
    decision = decided.pop()
    if decision == "unsure":
        return "", "", "unsure"
    screeners = {screener for screener, _, _ in given}
    how = CONSENSUS if last_word else "agreed" if len(screeners) > 1 else "one screener"
    if decision == "include":
        return decision, "", how
    return decision, next((reason for _, _, reason in given if reason), ""), how
