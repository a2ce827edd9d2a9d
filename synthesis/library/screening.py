"""Who decided what about which record, at which stage and why: one row per decision."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.files import as_paths
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.tables import read_frame
from arrowroot.text import counted, label, person, shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels
from synthesis.library.exchange.matching import Finder
from synthesis.library.exchange.reading import read_foreign
from synthesis.library.records import problem_notes
from synthesis.library.settling import CONSENSUS as CONSENSUS
from synthesis.library.settling import OPEN, REASONS_DIFFER
from synthesis.library.settling import settle as settle

STAGE_NAMES = {
    "before_screening": "Before screening",
    "title_abstract": "Title and abstract",
    "full_text": "Full text",
}
"""The stages, and their names for readers."""
STAGES = tuple(STAGE_NAMES)
DECISIONS = (
    "include",
    "exclude",
    "unsure",
    "duplicate",
    "not_retrieved",
    "ongoing",
    "awaiting",
)
"""``duplicate`` is one found while screening; the last three are said of reports at full text:
not retrieved, an ongoing study, awaiting classification."""

AT_FULL_TEXT = ("not_retrieved", "ongoing", "awaiting")
COLUMNS = ("record_id", "stage", "screener", "decision", "reason", "time")
PROBLEMS = ("file", "line", "record_id", "stage", "screener", "message")

_DECISIONS = {
    "yes": "include", "y": "include", "included": "include", "in": "include",
    "no": "exclude", "n": "exclude", "excluded": "exclude", "out": "exclude",
    "maybe": "unsure", "unclear": "unsure", "?": "unsure", "not retrieved": "not_retrieved",
    "accept": "include", "accepted": "include", "relevant": "include", "1": "include",
    "reject": "exclude", "rejected": "exclude", "irrelevant": "exclude", "0": "exclude",
    "undecided": "unsure", "uncertain": "unsure",
}  # fmt: skip
"""What people write by hand, and what it means; capitals do not matter."""


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
                open_ = int(settled.isin([*OPEN, REASONS_DIFFER]).sum())
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
    stage: str | None = None,
    screener: str | None = None,
) -> Screening:
    """Read screening decisions from files, and check them.

    Parameters
    ----------
    paths : path or iterable of paths
        Tables in any of the formats that `arrowroot.tables` reads, with the columns
        ``record_id``, ``stage``, ``screener``, ``decision`` and, where needed, ``reason`` and
        ``time``. A row without a decision is a record not screened yet. Or exports of Rayyan (CSV,
        or RIS with its notes), Covidence (CSV), ASReview (CSV or RIS) and EPPI-Reviewer (CSV or
        JSON), which are recognised by their columns and notes. Their rows are matched to records
        by id, DOI, PubMed number, or title and year; those that match none are among the problems.
    records : DataFrame
        From `read_records`.
    reasons : sequence of str, optional
        The reasons for exclusion that were declared; others are refused.
    stage, screener : str, optional
        What to enter where another program's file does not say it. Without them, the stage is
        ``title_abstract`` and the screener the program, and a remark says so.

    Returns
    -------
    Screening
        Decisions, problems, and remarks on how the files were read.

    Raises
    ------
    FileError, DataError
        If a file cannot be read or lacks a column; problems in single rows do not raise an error.
    """
    if stage is not None:
        one_of("stage", stage, STAGES)
    listed = as_paths(paths)
    finder = Finder(records)
    tables, remarks = [], []
    unmatched: list[dict[str, Any]] = []
    for path in listed:
        foreign = read_foreign(path, finder, stage=stage, screener=screener)
        if foreign is not None:
            rows, strangers, told = foreign
            tables.append(rows)
            unmatched += strangers
            remarks += told
            continue
        # Where a row was in an older file is told by that file, not by this one.
        read = read_frame(path).drop(columns="line", errors="ignore")
        remarks += [f"{path.name}: {remark}." for remark in read.attrs.get("remarks", ())]
        read = read.rename(columns=_as_ours)
        if "record_id" not in read and {"title", "primary_title"} & set(map(_as_ours, read)):
            raise DataError(
                f"{path.name}: the table has no column 'record_id', and it is not an export that "
                "is recognised, of Rayyan, Covidence, ASReview or EPPI-Reviewer; it has "
                f"{shortened(map(str, read))}. Save it as the program exports it, or add the "
                "columns record_id, stage, screener and decision."
            )
        for name in ("record_id", "stage", "screener", "decision"):
            checks.column(read, name, path.name)
        table = read.assign(file=path.name)
        table = table.rename_axis(index="row").reset_index(names="line")
        tables.append(table[table["decision"].notna()])
    tables = [table for table in tables if len(table)]
    stacked = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    checked = check_decisions(stacked, records, reasons=reasons)
    problems = [*checked.problems.to_dict("records"), *unmatched]
    return replace(
        checked,
        problems=TextTable(problems, columns=list(PROBLEMS)),
        remarks=tuple(remarks),
    )


def _as_ours(heading: Hashable) -> str:
    """Return a column's name as it is spelled here: "Record ID" is record_id."""
    plain = "_".join(str(heading).strip().casefold().replace("-", " ").split())
    return plain if plain in (*COLUMNS, "title", "primary_title") else str(heading)


def check_decisions(
    decisions: pd.DataFrame, records: pd.DataFrame, *, reasons: Sequence[str] | None = None
) -> Screening:
    """Sort decisions into those that can be counted and those that cannot.

    Parameters
    ----------
    decisions : DataFrame
        ``record_id``, ``stage`` (`STAGES`), ``screener``, ``decision`` (`DECISIONS`), and where
        needed ``reason`` and ``time`` (as 2026-03-01T10:30). ``file`` and ``line`` are used in
        messages. Capitals do not matter, and of what people write by hand, yes, no and maybe and
        the names of stages in words are understood.
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
        row["stage"] = _stage(row["stage"])
        said = row["decision"].casefold()
        row["decision"] = _DECISIONS.get(said, said if said in DECISIONS else row["decision"])
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


_STAGES = {
    "title_abstract": (
        r"(?:titles?|ti)(?:and|or)?(?:abstracts?|abs?)|tiab|ta|abstracts?|abstractscreening"
    ),
    "full_text": r"full(?:texts?|reports?|papers?)|ft|ftr",
    "before_screening": r"before(?:title(?:and)?abstract)?|prescreening",
}
"""How people write the stages, without blanks and marks."""


@cache
def _stage(written: str) -> str:
    """Return a stage as it is named here: "Title/abstract screening" is title_abstract."""
    plain = re.sub(r"[\W_]+", "", written.casefold().replace("&", "and"))
    plain = re.sub(r"(?<=.)(?:screening|review|stage|assessment)$", "", plain)
    for stage, words in _STAGES.items():
        if plain == stage.replace("_", "") or re.fullmatch(words, plain):
            return stage
    return "before_screening" if plain == "before" else written


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
    if row["decision"] in AT_FULL_TEXT and row["stage"] != "full_text":
        return f"reports are sought at the stage full_text; use {row['decision']!r} only there."
    excluded = row["decision"] == "exclude"
    if excluded and row["stage"] == "full_text" and not row["reason"]:
        return "a report excluded at full text needs a reason."
    if excluded and reasons is not None and row["reason"] and row["reason"] not in reasons:
        return (
            f"{row['reason']!r} is not one of the declared reasons: {', '.join(reasons)}. Choose "
            "one of them, or declare it."
        )
    return ""
