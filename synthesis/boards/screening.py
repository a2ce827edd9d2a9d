"""A board for screening records: title and abstract, include or exclude by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from arrowroot.errors import ArrowrootError, DataError
from arrowroot.extras import require
from arrowroot.files import as_path, is_there
from arrowroot.options import one_of
from arrowroot.tables import read_frame
from arrowroot.text import label, one_line, shortened
from synthesis.boards.answers import Answers
from synthesis.boards.board import Board
from synthesis.boards.choices import Answer, Choice, Group, Mark
from synthesis.boards.decision_file import Row
from synthesis.boards.highlight import highlighted, plain
from synthesis.boards.reading import Field, Reading, address
from synthesis.library.duplicates import heads_of
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text, ids_of
from synthesis.library.screening import DECISIONS, STAGES, check_decisions

COLUMNS = (
    "record_id", "stage", "screener", "decision", "reason", "time", "note", "labels", "order",
)  # fmt: skip
"""The columns of a board's file, which `read_decisions` reads."""

_STAGES = {
    "before_screening": "before screening",
    "title_abstract": "title and abstract",
    "full_text": "full text",
}
_ADDED = ("labels", "order")
_SHOWN = (
    "title", "authors", "year", "journal", "abstract", "keywords", "doi", "pmid", "url", "notice",
)  # fmt: skip
RANKED_AFTER = 10
"""After so many decisions the order is learned anew."""
_DECISION = "decision"
_BECAUSE = "exclude: "
"""The prefix of a reason in the id of a choice."""


class _Form:
    """How decisions are stored in the file: one row per record and stage."""

    columns: tuple[str, ...] = COLUMNS
    added: tuple[str, ...] = _ADDED

    def __init__(
        self, records: pd.DataFrame, stage: str, screener: str, reasons: Sequence[str]
    ) -> None:
        self.by = ("screener", screener)
        self._records = records
        self._stage = stage
        self._reasons = reasons

    def key(self, row: Row) -> str:
        # Other stages of the same record do not concern this board.
        return label(row["record_id"]) if row["stage"] == self._stage else ""

    def rows(self, key: str, answer: Answer) -> list[Row]:
        decision, reason = next(iter(answer.chosen(_DECISION)), ""), ""
        if decision.startswith(_BECAUSE):
            decision, reason = "exclude", decision.removeprefix(_BECAUSE)
        return [
            {
                "record_id": key,
                "stage": self._stage,
                "screener": self.by[1],
                "decision": decision,
                "reason": reason,
                "time": answer.time,
                "note": answer.note,
                "labels": BETWEEN.join(answer.labels),
                "order": answer.order,
            }
        ]

    def check(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row["decision"]:
                one_of("decision", row["decision"], DECISIONS)
        decided = pd.DataFrame([row for row in rows if row["decision"]], columns=list(COLUMNS))
        checked = check_decisions(decided, self._records, reasons=self._reasons)
        for wrong in checked.problems.to_dict("records")[:1]:
            raise DataError(f"record {wrong['record_id']!r}: {wrong['message']}")

    def answer(self, rows: Sequence[Row]) -> Answer:
        row = rows[0]
        if len(rows) > 1:
            raise DataError(f"record {row['record_id']!r} has {len(rows)} rows. Keep one.")
        chosen = f"{_BECAUSE}{row['reason']}" if row["reason"] else row["decision"]
        marks = (Mark(_DECISION, chosen, row["time"]),) if row["decision"] else ()
        labels = tuple(part for part in row["labels"].split(BETWEEN) if part)
        return Answer(marks, note=row["note"], time=row["time"], labels=labels, order=row["order"])


class ScreeningBoard(Board):
    """Records to screen, one at a time; made by `screening_board`."""

    _noun = ("record", "records")
    _labels = True

    def __init__(
        self,
        records: pd.DataFrame,
        path: str | Path,
        *,
        stage: str,
        screener: str,
        reasons: Sequence[str],
        highlight: Sequence[str],
        criteria: Sequence[str] = (),
        pdfs: Mapping[str, str] | None = None,
        team: Mapping[str, Path] | None = None,
        ranked: bool = False,
    ) -> None:
        self._kept_criteria = tuple(criteria)
        self._pdfs = dict(pdfs or {})
        self._others = dict(team or {})
        self._seen_others: dict[str, tuple[float, str]] = {}
        self._records = records
        self._ranked = ranked
        self._ranking: list[str] = []
        self._learned_from = -RANKED_AFTER
        self._stage = stage
        self._screener = screener
        self._reasons = list(reasons)
        self._highlight = list(highlight)
        fields = as_text(records, _SHOWN).itertuples(index=False, name=None)
        ids = records["record_id"].tolist()
        self._fields = {
            record_id: dict(zip(_SHOWN, map(str, row), strict=True))
            for record_id, row in zip(ids, fields, strict=True)
        }
        form = _Form(records[["record_id"]], stage, screener, self._reasons)
        group = Group(_DECISION, "Decision", _choices(stage, self._reasons))
        super().__init__(ids, [group], Answers(ids, form, path))

    def decisions(self) -> pd.DataFrame:
        """Return the decisions made, one row per record.

        Returns
        -------
        DataFrame
            ``record_id``, ``stage``, ``screener``, ``decision``, ``reason``, ``time``, ``note``:
            what `check_decisions` and `prisma_flow` take.
        """
        rows = [row for row in self._answers.rows() if row["decision"]]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _title(self) -> str:
        return f"Screening by {self._screener}, {_STAGES[self._stage]}"

    def _reading(self, key: str) -> Reading:
        held = self._fields[key]
        source = ", ".join(held[name] for name in ("journal", "year") if held[name])
        fields = [
            Field("", (highlighted(held["title"] or "(no title)", self._highlight),), "title"),
            Field("", (highlighted(held["authors"], []),), "detail"),
            Field("", (highlighted(source, []),), "detail"),
            Field("", (highlighted(held["abstract"] or "(no abstract)", self._highlight),)),
            Field("Keywords", (highlighted(held["keywords"], self._highlight),), "detail"),
            _linked("DOI", "doi", held["doi"]),
            _linked("PubMed", "pmid", held["pmid"]),
            _linked("Address", "url", held["url"]),
            Field("PDF", (plain(self._pdfs.get(key, "")),), "detail"),
        ]
        if held["notice"]:
            # Above all else: nobody includes a retracted report without having seen it.
            notice = held["notice"][:1].upper() + held["notice"][1:]
            fields.insert(0, Field("Notice", ([(notice, True)],), "detail"))
        return Reading(
            (key,), tuple(field for field in fields if any(text for text, _ in field.cells[0]))
        )

    def _criteria(self) -> Sequence[str]:
        return self._kept_criteria

    def _order(self) -> str:
        if not self._ranked:
            return ""
        return "ranked" if self._ranking else "as given"

    def _next_open(self, place: int) -> int | None:
        if self._ranked:
            self._learn()
            for key in self._ranking:
                if not self._is_done(key):
                    return self._places[key]
        return super()._next_open(place)

    def _learn(self) -> None:
        """Rank what is undecided anew, from this screener's own decisions alone."""
        from synthesis.library.ranking.ranking import RANKED, rank_records

        decided = len(self._keys) - self._open
        # Both kinds are needed; until then every decision may be the one that was missing.
        if self._ranking and abs(decided - self._learned_from) < RANKED_AFTER:
            return
        ranking = rank_records(self._records, self.decisions(), stage=self._stage)
        self._ranking = ranking.to_frame()["record_id"].tolist() if ranking.order == RANKED else []
        self._learned_from = decided

    def _team(self) -> str:
        told = []
        for name, path in self._others.items():
            told.append(f"{name}: {self._progress_of(name, path)}")
        return "; ".join(told)

    def _progress_of(self, name: str, path: Path) -> str:
        """Return how many records somebody has decided; the file is read again if it changed."""
        if not is_there(path):
            return "not begun"
        changed = path.stat().st_mtime
        if name not in self._seen_others or self._seen_others[name][0] != changed:
            try:
                table = read_frame(path)
                at_stage = table[
                    (table["stage"] == self._stage) & table["decision"].fillna("").ne("")
                ]
                decided = len(set(map(label, at_stage["record_id"])) & set(self._places))
                told = f"{decided:,} of {len(self._keys):,} decided"
            except (ArrowrootError, KeyError):
                told = f"{path.name} cannot be read"
            self._seen_others[name] = (changed, told)
        return self._seen_others[name][1]

    def _refusal(self, group: Group, choice: str) -> str:  # noqa: ARG002  (one group alone)
        if choice == "exclude" and self._stage == "full_text":
            keys = min(len(self._reasons), 9)
            return f"At full text an exclusion needs a reason: press 1{f' to {keys}' * (keys > 1)}."
        return ""


def screening_board(
    records: pd.DataFrame,
    *,
    stage: str,
    screener: str,
    path: str | Path,
    reasons: Sequence[str] = (),
    highlight: Sequence[str] = (),
    links: pd.DataFrame | None = None,
    criteria: Sequence[str] = (),
    pdfs: Mapping[str, str | Path] | None = None,
    team: Mapping[str, str | Path] | None = None,
    ranked: bool = False,
) -> ScreeningBoard:
    """Create a board for screening records in JupyterLab.

    One record at a time: ``i`` includes, ``e`` excludes, ``1`` to ``9`` exclude for a reason,
    ``u`` is unsure; ``?`` on the board lists all keys. Every key press is saved, and the next open
    record follows. Creating the board again resumes where you stopped. The board never sees other
    screeners' decisions.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: those to screen at this stage, in the order in which to show them.
    stage : {"before_screening", "title_abstract", "full_text"}
        Written in every row.
    screener : str
        Who screens.
    path : path
        The CSV in which the decisions are kept, one for each screener; `read_decisions` reads it.
    reasons : sequence of str
        The declared reasons for exclusion. At full text an exclusion needs one of them.
    highlight : sequence of str
        Words to mark in titles, abstracts and keywords; ``*`` stands for any ending.
    links : DataFrame, optional
        From `find_duplicates`: records linked with certainty are left out.
    criteria : sequence of str
        What decides, in short sentences; they stay in view.
    pdfs : mapping of str to path, optional
        ``record_id`` -> where its PDF is; the path is shown.
    team : mapping of str to path, optional
        Name -> the file of another screener of the same records. How many of them each has decided
        is shown, and never what.
    ranked : bool
        Whether the next open record is the likeliest to be included, as `rank_records` learns it
        from this screener's decisions, anew after every ten. Off by default; nothing is excluded
        or left out. The file's column ``order`` says for each decision which order was used.

    Returns
    -------
    ScreeningBoard
        Is displayed as the last line of a cell; its ``decisions()`` gives the decisions.

    Raises
    ------
    DataError
        If records repeat, reasons repeat or are missing at full text, or the file contains
        something else: decisions by another screener, or undeclared reasons.
    FileError
        If the file cannot be read.
    MissingPackageError
        If the packages of the extra `lab` are not installed.
    OptionError
        For an unknown stage.
    """
    require("screening_board", "anywidget", "traitlets")
    one_of("stage", stage, STAGES)
    ids = ids_of(records)
    if not label(screener):
        raise DataError("screener: say who screens.")
    if not len(records):
        raise DataError("records: there are no records to screen.")
    if ranked:
        require("screening_board(ranked=True)", "sklearn")
    for name, listed in (("reasons", reasons), ("highlight", highlight), ("criteria", criteria)):
        if isinstance(listed, str):
            raise DataError(f"{name} must be a list, such as [{listed!r}]; got text.")
    given = [label(reason) for reason in reasons]
    if "" in given or len(set(given)) < len(given):
        shown = shortened(map(repr, given))
        raise DataError(f"reasons: each must be filled in and occur once; got {shown}.")
    if stage == "full_text" and not given:
        raise DataError("reasons: at full text, declare the reasons for exclusion.")
    table = records.assign(record_id=pd.Series(ids, index=records.index, dtype=object))
    if links is not None:
        heads = heads_of(table, links)
        table = table[[heads[one] == one for one in table["record_id"]]]
    known = set(table["record_id"])
    if strangers := [repr(one) for one in pdfs or {} if label(one) not in known]:
        raise DataError(f"pdfs: there is no record {shortened(strangers)} on this board.")
    return ScreeningBoard(
        table,
        path,
        stage=stage,
        screener=label(screener),
        reasons=given,
        highlight=highlight,
        criteria=[one_line(one) for one in criteria],
        pdfs={label(one): str(where) for one, where in (pdfs or {}).items()},
        team={label(name): as_path(where) for name, where in (team or {}).items()},
        ranked=ranked,
    )


def _linked(heading: str, name: str, text: str) -> Field:
    return Field(heading, (plain(text),), "detail", links=(address(name, text),))


def _choices(stage: str, reasons: Sequence[str]) -> tuple[Choice, ...]:
    because = [
        Choice(f"{_BECAUSE}{reason}", reason, str(place) if place < 10 else "", depth=1)
        for place, reason in enumerate(reasons, start=1)
    ]
    choices = [
        Choice("include", "Include", "i"),
        Choice("exclude", "Exclude", "e"),
        *because,
        Choice("unsure", "Unsure", "u"),
        Choice("duplicate", "Duplicate", "d"),
    ]
    if stage == "full_text":
        choices += [
            Choice("not_retrieved", "Full text not found", "f"),
            Choice("ongoing", "Ongoing study", "r"),
            Choice("awaiting", "Awaiting classification", "a"),
        ]
    return tuple(choices)
