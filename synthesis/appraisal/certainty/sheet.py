"""Judgements of certainty in a sheet: one row per outcome and reason, with lists to choose from."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.display import MINUS, Shown
from arrowroot.errors import DataError, OptionError
from arrowroot.files import free_path
from arrowroot.sheets import WIDE, Column, Sheet, write_sheets
from arrowroot.tables import read_table
from arrowroot.text import counted, label, shortened
from synthesis.appraisal.certainty.levels import (
    NO_PROPOSAL,
    NOT_JUDGED,
    Judged,
    domain_named,
    level_of_word,
    read_judged,
)
from synthesis.appraisal.risk_of_bias.words import AS_PROPOSED
from synthesis.outcomes import Outcome

BEFORE = "judged before, on other data, as"
"""What precedes a judgement that is out of date, in the cell for the reason."""
CANNOT = "cannot be judged"
"""A judgement that a reason cannot be judged."""
WORDS = (
    *(AS_PROPOSED, CANNOT, "not serious", "serious", "very serious", "extremely serious"),
    *("undetected", "strongly suspected", "none", "large", "very large", "present"),
)
COLUMNS = (
    Column("comparison", 28),
    Column("outcome", 28),
    Column("follow_up", 16),
    Column("domain", 20, bold=True),
    Column("proposed", 16),
    Column("why_proposed", WIDE),
    Column(
        "judgement",
        18,
        WORDS,
        "Choose a judgement from the list.",
        note="What you decide. Leave it empty until you have judged.",
    ),
    Column(
        "levels",
        8,
        ("-3", "-2", "-1", "0", "1", "2"),
        "Write how many levels: -3 to 0 down, 1 or 2 up.",
        note="Instead of a judgement in words, or to make it exact.",
    ),
    Column("reason", WIDE, note="Needed where you rate, or differ from the proposal."),
    Column("assessor", 14),
    Column("date", 12, note="Such as 2026-11-30."),
    Column("hash", 14, note="What was proposed on. Leave it: it shows when the data change."),
)


@dataclass(frozen=True, eq=False, repr=False)
class Judgements(Shown):
    """Judgements as read from a sheet.

    Attributes
    ----------
    table : DataFrame
        The rows that hold a judgement, indexed by line: ``comparison outcome follow_up domain
        levels reason assessor date hash``.
    source : str
        The file.
    """

    table: pd.DataFrame
    source: str

    def __len__(self) -> int:
        """Return how many judgements there are."""
        return len(self.table)

    def to_frame(self) -> pd.DataFrame:
        """Return `table`."""
        return self.table

    def of(
        self, outcome: Outcome, follow_up: str, intervention: str, comparator: str
    ) -> dict[str, Judged]:
        """Return the judgements of one outcome at one time of one comparison, by reason.

        A blank cell of comparison or follow-up fits all.
        """
        names = {outcome.id.casefold(), outcome.label.casefold()}
        comparison = f"{intervention} against {comparator}".casefold()
        found: dict[str, Judged] = {}
        for _, row in self.table.iterrows():
            if row["outcome"].casefold() not in names:
                continue
            if row["follow_up"] and row["follow_up"].casefold() != follow_up.casefold():
                continue
            if row["comparison"] and row["comparison"].casefold() != comparison:
                continue
            domain = row["domain"]
            if domain in found:
                raise DataError(
                    f"{self.source}: {domain!r} is judged twice for outcome {outcome.label!r}. "
                    "Keep one row, or fill in comparison and follow_up."
                )
            levels = None if pd.isna(row["levels"]) else int(row["levels"])
            found[domain] = Judged(
                levels, row["reason"], row["hash"], row["assessor"], row["date"], filed=True
            )
        return read_judged(found)

    def left_out(self, outcome: Outcome, of: Mapping[str, Judged]) -> str:
        """Return what to say where none of the judgements is about an outcome as it was rated."""
        if of or self.table.empty:
            return ""
        names = {outcome.id.casefold(), outcome.label.casefold()}
        rows = self.table[[one.casefold() in names for one in self.table["outcome"]]]
        if rows.empty:
            listed = shortened(map(repr, dict.fromkeys(self.table["outcome"])))
            return (
                f"No judgement in {self.source} is about {outcome.label!r}; it has judgements of "
                f"{listed}."
            )
        keys = dict.fromkeys(zip(rows["comparison"], rows["follow_up"], strict=True))
        listed = shortened(", ".join(filter(None, key)) for key in keys)
        return (
            f"The judgements of {outcome.label!r} in {self.source} are of another comparison or "
            f"follow-up ({listed}) and were not used."
        )

    def _title(self) -> str:
        return f"{counted(len(self), 'judgement')} of certainty in {self.source}"

    def _headings(self) -> Sequence[str]:
        return ("Outcome", "Follow-up", "Reason", "Levels", "Why", "Assessor")

    def _rows(self) -> list[list[str]]:
        return [
            [
                row["outcome"],
                row["follow_up"],
                row["domain"],
                NOT_JUDGED if pd.isna(row["levels"]) else str(int(row["levels"])),
                row["reason"],
                row["assessor"],
            ]
            for _, row in self.table.iterrows()
        ]

    def _line(self) -> str:
        return self._title()


def write_judgements(path: str | os.PathLike[str], certainties: Sequence[Any]) -> Path:
    """Write the sheet; see `Certainty.template`."""
    if not certainties:
        raise OptionError("certainties: there is none; give the results of certainty(...).")
    rows = []
    for one in certainties:
        for _, row in one.domains.iterrows():
            rows.append(
                [
                    *(one.comparison, one.outcome.label, one.follow_up, row["domain"]),
                    *(row["proposed"], row["basis"]),
                    *_filled(row),
                    *(row["assessor"], row["date"], one.fingerprints[row["domain"]]),
                ]
            )
    return write_sheets(free_path(path), Sheet("certainty", COLUMNS, rows, freeze="E2"))


def _filled(row: pd.Series) -> tuple[str, str, str]:
    """Return judgement, levels and reason as they stand in the sheet."""
    if not row["judged"]:
        return "", "", ""
    word = CANNOT if row["judgement"] == NOT_JUDGED else row["judgement"]
    if row["stale"]:  # to be judged again, with what was thought before in view
        return "", "", f"{BEFORE} {word}: {row['reason']}"
    return word, "" if pd.isna(row["levels"]) else _typed(int(row["levels"])), row["reason"]


def _typed(levels: int) -> str:
    """Return levels with a minus sign that no spreadsheet program takes for a formula."""
    return str(levels).replace("-", MINUS)


def read_judgements(path: str | os.PathLike[str]) -> Judgements:
    """Read the sheet; see `Certainty.read`.

    Raises
    ------
    DataError
        With every row that cannot be read, and why.
    """
    table = read_table(path)
    names = [label(name).casefold().replace(" ", "_") for name in table.header]
    needed = ("outcome", "domain")
    missing = [name for name in needed if name not in names]
    if missing or not {"judgement", "levels"} & set(names):
        lacking = missing or ["judgement"]
        raise DataError(
            f"{table.name}: there is no column {lacking[0]!r}. Certainty.template writes a sheet "
            "with the columns that are needed."
        )
    problems, rows, lines = [], [], []
    for line, cells in zip(table.lines, table.rows, strict=True):
        row = {name: label(cell) for name, cell in zip(names, cells, strict=False)}
        if not row.get("judgement") and not row.get("levels"):
            continue
        try:
            rows.append(_row(row))
            lines.append(line)
        except OptionError as error:
            problems.append(f"line {line}: {str(error).removeprefix('judged: ')}")
    if problems:
        raise DataError(
            "\n  - ".join([f"{table.name}: {counted(len(problems), 'problem')}", *problems])
        )
    columns = [*("comparison", "outcome", "follow_up", "domain", "levels", "reason")]
    frame = pd.DataFrame(rows, columns=[*columns, "assessor", "date", "hash"], index=lines)
    return Judgements(frame.astype({"levels": "Int64"}), table.name)


def _row(row: Mapping[str, str]) -> dict[str, object]:
    if not row["outcome"]:
        raise OptionError("no outcome is named beside this judgement; enter the outcome.")
    domain = domain_named(row["domain"])
    word = row.get("judgement", "").casefold()
    levels = _levels(domain, word, row.get("levels", ""), row.get("proposed", ""))
    reason = row.get("reason", "")
    if word == AS_PROPOSED and not reason:
        reason = row.get("why_proposed", "")
    judged = read_judged({domain: (levels, reason)})[domain]
    held = {name: row.get(name, "") for name in ("comparison", "outcome", "follow_up")}
    rest = {name: row.get(name, "") for name in ("assessor", "date", "hash")}
    return {**held, "domain": domain, "levels": judged.levels, "reason": judged.reason, **rest}


def _levels(domain: str, word: str, number: str, proposed: str) -> int | None:
    if word == CANNOT:
        if number:
            raise OptionError(f"{domain!r} {CANNOT}, and yet has levels {number!r}; keep one.")
        return None
    said = proposed.casefold() if word == AS_PROPOSED else word
    if said == NO_PROPOSAL:
        raise OptionError(f"{domain!r} has no proposal to agree with; choose a judgement.")
    meant = None
    if said:
        meant = level_of_word(domain, said)
    if not number:
        return meant
    if not re.fullmatch(r"[-−+]?\d", number):
        raise OptionError(f"levels must be a whole number such as -1; got {number!r}.")
    levels = int(number.replace(MINUS, "-"))
    if meant is not None and levels != meant:
        raise OptionError(
            f"{domain!r} is judged {said!r}, which is {meant}, and yet has levels {levels}; keep "
            "one."
        )
    return levels
