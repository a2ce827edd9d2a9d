"""A board for uncertain duplicates: two records side by side, with their differences marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.extras import require
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.boards.answers import Answers
from synthesis.boards.board import Board
from synthesis.boards.choices import Answer, Choice, Group, Mark
from synthesis.boards.decision_file import Row
from synthesis.boards.highlight import differing, plain
from synthesis.boards.reading import Field, Reading, address
from synthesis.library.duplicates import LINKS, REPORTS, heads_of
from synthesis.library.records import as_text, ids_of

COLUMNS = ("record_id", "duplicate_of", "reviewer", "decision", "time", "note")
"""The columns of a board's file."""

_COMPARED = (
    ("title", "Title"),
    ("authors", "Authors"),
    ("year", "Year"),
    ("journal", "Journal"),
    ("volume", "Volume"),
    ("number", "Issue"),
    ("pages", "Pages"),
    ("type", "Kind"),
    ("notice", "Notice"),
    ("doi", "DOI"),
    ("pmid", "PubMed"),
    ("url", "Address"),
    ("database", "Database"),
    ("abstract", "Abstract"),
)
_DECISION = "decision"
_CHOICES = (
    Choice("same", "Same report", "s"),
    Choice("different", "Different", "d"),
    Choice("reports_of_one_study", "Two reports of one study", "r"),
    Choice("unsure", "Unsure", "u"),
)
_BETWEEN = "\x1f"
"""Separates the two ids of a pair; it cannot occur in an id from a file."""


class _Form:
    """How decisions are stored in the file: one row per pair."""

    columns: tuple[str, ...] = COLUMNS

    def __init__(self, keys: Sequence[str], reviewer: str) -> None:
        self.by = ("reviewer", reviewer)
        self._keys = frozenset(keys)

    def key(self, row: Row) -> str:
        # Which of the two is fuller may have changed since, with more exports.
        pair = label(row["record_id"]), label(row["duplicate_of"])
        turned = _BETWEEN.join(reversed(pair))
        return turned if turned in self._keys else _BETWEEN.join(pair)

    def rows(self, key: str, answer: Answer) -> list[Row]:
        record_id, duplicate_of = key.split(_BETWEEN)
        return [
            {
                "record_id": record_id,
                "duplicate_of": duplicate_of,
                "reviewer": self.by[1],
                "decision": next(iter(answer.chosen(_DECISION)), ""),
                "time": answer.time,
                "note": answer.note,
            }
        ]

    def check(self, rows: Sequence[Row]) -> None:
        known = [choice.id for choice in _CHOICES]
        for row in rows:
            if row["decision"]:
                one_of("decision", row["decision"], known)

    def answer(self, rows: Sequence[Row]) -> Answer:
        row = rows[0]
        if len(rows) > 1:
            pair = f"{row['record_id']!r}, {row['duplicate_of']!r}"
            raise DataError(f"the pair {pair} has {len(rows)} rows. Keep one.")
        marks = (Mark(_DECISION, row["decision"], row["time"]),) if row["decision"] else ()
        return Answer(marks, note=row["note"], time=row["time"])


class DuplicateBoard(Board):
    """Pairs of records to decide on, one at a time; made by `duplicate_board`."""

    _noun = ("pair", "pairs")

    def __init__(
        self, records: pd.DataFrame, links: pd.DataFrame, path: str | Path, *, reviewer: str
    ) -> None:
        self._reviewer = reviewer
        self._records = records
        self._links = links
        self._held = _texts(records)
        uncertain = links[~links["certain"].astype(bool)]
        keys = [_BETWEEN.join(pair) for pair in _pairs(uncertain)]
        group = Group(_DECISION, "Decision", _CHOICES)
        super().__init__(keys, [group], Answers(keys, _Form(keys, reviewer), path))

    def links(self) -> pd.DataFrame:
        """Return all links with the decisions applied, for `merge_duplicates` and `prisma_flow`.

        Returns
        -------
        DataFrame
            As from `find_duplicates`: pairs called the same are now certain, and their reason says
            who decided; those called different or two reports are removed; the rest is unchanged.
            The links passed in are not modified.

        Raises
        ------
        DataError
            If the decisions contradict each other: one record is a duplicate of two, or there is a
            circle.
        """
        kept = []
        for link, pair in zip(self._links.to_dict("records"), _pairs(self._links), strict=True):
            said = self._said(pair)
            if said == "same":
                kept.append({**link, "certain": True, "reason": self._why(pair, link["reason"])})
            elif said not in ("different", "reports_of_one_study"):
                kept.append(link)
        table = pd.DataFrame(kept, columns=self._links.columns).astype({"certain": bool})
        heads_of(self._records, table)
        return table

    def reports(self) -> pd.DataFrame:
        """Return the pairs called two reports of one study, in the form of `related_reports`.

        Returns
        -------
        DataFrame
            ``record_id``, ``report_of``, ``relation`` (the record's kind), ``reason``.
        """
        rows = [
            (*pair, self._held[pair[0]]["type"], self._why(pair, link["reason"]))
            for link, pair in zip(self._links.to_dict("records"), _pairs(self._links), strict=True)
            if self._said(pair) == "reports_of_one_study"
        ]
        return pd.DataFrame(rows, columns=list(REPORTS))

    def decisions(self) -> pd.DataFrame:
        """Return the decisions made, one row per pair.

        Returns
        -------
        DataFrame
            ``record_id``, ``duplicate_of``, ``reviewer``, ``decision`` (``same``, ``different``,
            ``reports_of_one_study``, ``unsure``), ``time``, ``note``.
        """
        rows = [row for row in self._answers.rows() if row["decision"]]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _said(self, pair: tuple[str, str]) -> str:
        return next(iter(self._answers[_BETWEEN.join(pair)].chosen(_DECISION)), "")

    def _why(self, pair: tuple[str, str], reason: object) -> str:
        time = self._answers[_BETWEEN.join(pair)].time
        return f"{reason}; decided by {self._reviewer}, {time[:10]}"

    def _title(self) -> str:
        return f"Possible duplicates, judged by {self._reviewer}"

    def _reading(self, key: str) -> Reading:
        ids = key.split(_BETWEEN)
        one, other = (self._held[record_id] for record_id in ids)
        fields = [
            replace(
                _compared(label, one[name], other[name]),
                links=(address(name, one[name]), address(name, other[name])),
            )
            for name, label in _COMPARED
            if one[name] or other[name]
        ]
        return Reading(tuple(ids), tuple(fields))


def duplicate_board(
    records: pd.DataFrame, links: pd.DataFrame, *, reviewer: str, path: str | Path
) -> DuplicateBoard:
    """Create a board for deciding on uncertain duplicates in JupyterLab.

    Two records side by side with the words in which they differ marked: ``s`` for the same report,
    ``d`` for different ones, ``r`` for two reports of one study, ``u`` for unsure; ``?`` on the
    board lists all keys. Every key press is saved, and the next open pair follows. Creating the
    board again resumes where you stopped.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    links : DataFrame
        From `find_duplicates`; those that are not certain are on the board.
    reviewer : str
        Who decides.
    path : path
        The CSV in which the decisions are kept.

    Returns
    -------
    DuplicateBoard
        Is displayed as the last line of a cell. Its ``links()`` gives the links with the decisions
        applied, for `merge_duplicates` and `prisma_flow`; its ``reports()`` gives the pairs called
        two reports of one study.

    Raises
    ------
    DataError
        If a link names an unknown record, a pair occurs twice, or the file contains something
        else, such as the decisions of another reviewer.
    FileError
        If the file cannot be read.
    MissingPackageError
        If the packages of the extra `lab` are not installed.
    """
    require("duplicate_board", "anywidget", "traitlets")
    for name in LINKS:
        checks.column(links, name, "links")
    heads_of(records, links)
    if not label(reviewer):
        raise DataError("reviewer: say who decides.")
    pairs = _pairs(links)
    known = set(ids_of(records))
    named = dict.fromkeys(record_id for pair in pairs for record_id in pair)
    if strangers := [repr(one) for one in named if one not in known]:
        raise DataError(f"links: there is no record {shortened(strangers)}.")
    times = Counter(pairs)
    if twice := [f"{one!r} and {other!r}" for (one, other), n in times.items() if n > 1]:
        raise DataError(f"links: a pair occurs twice: {shortened(twice)}. Keep one link per pair.")
    return DuplicateBoard(records, links, path, reviewer=label(reviewer))


def _pairs(links: pd.DataFrame) -> list[tuple[str, str]]:
    return list(as_text(links, ["record_id", "duplicate_of"]).itertuples(index=False, name=None))


def _texts(records: pd.DataFrame) -> dict[Hashable, Mapping[str, str]]:
    names = [name for name, _ in _COMPARED]
    rows = as_text(records, names).to_dict("records")
    return {
        record_id: {str(name): str(text) for name, text in row.items()}
        for record_id, row in zip(ids_of(records), rows, strict=True)
    }


def _compared(label: str, one: str, other: str) -> Field:
    if one and other:
        cells = differing(one, other)
        marked = "".join(text for cell in cells for text, marks in cell if marks)
        verdict = "same" if not marked else "differs" if re.search(r"\w", marked) else "same words"
        return Field(label, cells, verdict=verdict)
    return Field(label, (plain(one), plain(other)), verdict="left only" if one else "right only")
