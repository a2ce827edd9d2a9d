"""Undecided records in order of likely inclusion: an order only, which excludes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.extras import require
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis.library.duplicates import heads_of
from synthesis.library.flow.counts import about_heads
from synthesis.library.ranking import text_model
from synthesis.library.ranking.stopping import Stopping, stopping_test
from synthesis.library.records import as_text, ids_of
from synthesis.library.screening import STAGE_NAMES, STAGES, check_decisions, settle

COLUMNS = ("record_id", "place", "score", "state", "title")
"""The columns of a ranking."""

GIVEN, RANKED = "as given", "ranked"
"""What an order is called in a board's file."""

SHOWN = 10


@dataclass(frozen=True, eq=False, repr=False)
class Ranking(display.Shown):
    """What is undecided, in the order in which to screen it.

    Attributes
    ----------
    order : {"ranked", "as given"}
        Which order it is: as given until one record is included and one excluded.
    stage : str
        The stage at which records are screened.
    stopping : Stopping
        What the records screened so far say about those left, with its assumptions.
    remarks : tuple of str
        What was learned from, and what is not in the list.
    """

    order: str
    stage: str
    stopping: Stopping
    remarks: tuple[str, ...]
    ranked: pd.DataFrame

    @property
    def recall_at_least(self) -> float | None:
        """The recall reached at least, with the confidence asked for; see `stopping`."""
        return self.stopping.recall_at_least

    def to_frame(self) -> pd.DataFrame:
        """Return one row per undecided record, in the order in which to screen them.

        Returns
        -------
        DataFrame
            ``record_id``; ``place`` from 1; ``score``, the higher the likelier (missing where the
            order is as given; not a probability); ``state``: ``not screened``, or ``conflict`` or
            ``unsure`` where somebody has to settle it; ``title``.
        """
        return self.ranked.copy()

    def _title(self) -> str:
        return f"Order of screening, {STAGE_NAMES[self.stage].lower()}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [("Order", self.order), ("Left", f"{counted(len(self.ranked), 'record')} undecided")]

    def _headings(self) -> Sequence[str]:
        return ("Place", "Record", "Title")

    def _rows(self) -> Iterable[Sequence[display.Cell]]:
        shown = self.ranked.head(SHOWN)
        return [(str(row.place), str(row.record_id), str(row.title)) for row in shown.itertuples()]

    def _notes(self) -> Sequence[str]:
        return [*self.remarks, self.stopping.statement]


def rank_records(
    records: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    stage: str = "title_abstract",
    links: pd.DataFrame | None = None,
    target: float = 0.95,
    confidence: float = 0.95,
) -> Ranking:
    """Put what is undecided in order of likely inclusion, learned from what is decided.

    The order is all that changes: no record is excluded or left out by it, and every one of them
    is still to be decided by a person. The same records and decisions give the same order on every
    run. Titles, abstracts and keywords are read; nothing leaves the computer.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: those to screen at this stage, decided or not.
    decisions : DataFrame
        From `read_decisions`, or a board's ``decisions()``. For an order that tells one screener
        nothing of another's decisions, give only that screener's.
    stage : {"title_abstract", "full_text", "before_screening"}
        The stage whose decisions are learned from.
    links : DataFrame, optional
        From `find_duplicates`: records linked with certainty are left out, and a decision about
        one of them counts for the record that represents them.
    target, confidence : float
        For the stopping test: the recall aimed at, and the confidence asked for.

    Returns
    -------
    Ranking
        ``to_frame()``, and ``stopping``: a statement with its assumptions.

    Raises
    ------
    DataError
        If a table lacks a column, or a record_id is blank or occurs twice.
    OptionError
        For an unknown stage, or a target or confidence outside 0 to 1.
    MissingPackageError
        If scikit-learn, of the extra `library`, is not installed.

    Notes
    -----
    Two linear support vector machines on TF-IDF of words and of pairs of words are fitted to the
    settled decisions; records are sorted by the weighted mean of their scores, and equal ones
    keep the order of `records`. Records on which screeners differ are not learned from. The
    stopping test takes records in the order of the times of their decisions.

    References
    ----------
    Callaghan MW, Muller-Hansen F (2020). Statistical stopping criteria for automated screening in
    systematic reviews. Systematic Reviews, 9, 273.
    """
    require("rank_records", "sklearn")
    one_of("stage", stage, STAGES)
    ids = ids_of(records)
    heads = {one: one for one in ids} if links is None else heads_of(records, links)
    sound = check_decisions(about_heads(decisions, heads), records)
    at_stage = sound.decisions[sound.decisions["stage"] == stage]
    settled = settle(at_stage).set_index("record_id")
    remarks = []
    if not sound.problems.empty:
        set_aside = counted(len(sound.problems), "row")
        remarks.append(f"{set_aside} of decisions to look at: see read_decisions.")
    removed = _removed(sound.decisions) if stage != STAGES[0] else set()
    listed = [one for one in ids if heads[one] == one and one not in removed]
    if removed & set(ids):
        gone = counted(len(removed & set(ids)), "record")
        remarks.append(f"Not in the list: {gone} excluded before screening.")
    decided = settled["decision"][settled["decision"] != ""]
    told = {str(one): said == "include" for one, said in decided.items()}
    sequence, how = _in_time(at_stage, [one for one in listed if one in told])
    stopping = replace(
        stopping_test(
            [told[one] for one in sequence], len(listed), target=target, confidence=confidence
        ),
        remarks=(how,),
    )
    left = [one for one in listed if one not in told]
    score = _scored(records, ids, told) if any(told.values()) and not all(told.values()) else None
    if score is None:
        order = GIVEN
        remarks.append(
            "The order is as given: it can be learned once one record is included and one excluded."
        )
        values = [float("nan")] * len(left)
    else:
        order = RANKED
        n, of = sum(told.values()), len(told)
        remarks.append(f"Learned from {counted(of, 'record')}, of which {n:,} included.")
        place = {one: at for at, one in enumerate(ids)}
        left.sort(key=lambda one: (-score[place[one]], place[one]))
        values = [float(score[place[one]]) for one in left]
    titles = dict(zip(ids, as_text(records, ["title"])["title"], strict=True))
    open_ = settled["how"].to_dict()
    ranked = pd.DataFrame(
        {
            "record_id": left,
            "place": range(1, len(left) + 1),
            "score": values,
            "state": [open_.get(one, "not screened") for one in left],
            "title": [titles[one] for one in left],
        },
        columns=list(COLUMNS),
    )
    return Ranking(order, stage, stopping, tuple(remarks), ranked)


def _removed(decisions: pd.DataFrame) -> set[str]:
    before = settle(decisions[decisions["stage"] == STAGES[0]])
    return set(before.loc[before["decision"] == "exclude", "record_id"])


def _scored(records: pd.DataFrame, ids: Sequence[str], told: dict[str, bool]) -> np.ndarray:
    text = as_text(records, ["title", "abstract", "keywords"])
    # Row by row with zip: pandas' own way takes seconds for a large library.
    joined = [" ".join(row) for row in text.itertuples(index=False, name=None)]
    held = text_model.features(joined)
    rows = {
        answer: [at for at, one in enumerate(ids) if told.get(one) is answer]
        for answer in (True, False)
    }
    return text_model.scores(held, np.array(rows[True]), np.array(rows[False]))


def _in_time(decisions: pd.DataFrame, decided: Sequence[str]) -> tuple[list[str], str]:
    """Return records in the order in which they were decided, and what it was read from."""
    given = decisions[["record_id", "time"]].itertuples(index=False, name=None)
    last: dict[str, list[datetime]] = {}
    in_rows: dict[str, int] = {}
    whole = True
    for at, (one, time) in enumerate(given):
        in_rows[one] = at
        if moment := _moment(time):
            last.setdefault(one, []).append(moment)
        else:
            whole = False
    if whole:
        ordered = sorted(decided, key=lambda one: (max(last[one]), in_rows[one]))
        return ordered, "The order of screening was read from the times of the decisions."
    return (
        sorted(decided, key=in_rows.__getitem__),
        "Not every decision has a time: the order of screening was taken to be that of the rows "
        "of decisions. The test is wrong if they were sorted otherwise.",
    )


def _moment(time: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(time)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
