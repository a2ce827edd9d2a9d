"""What people still have to do before a flow is complete: screen, judge at full text, settle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from arrowroot.text import person
from synthesis.labels import read_labels
from synthesis.library.duplicates import heads_of
from synthesis.library.flow.counts import Ways, about_heads, copies_of, settled_by_stage
from synthesis.library.flow.still_open import (
    AT_STAGE,
    UNDECIDED,
    Told,
    Undecided,
    contradictions,
    undecided,
)
from synthesis.library.records import ids_of
from synthesis.library.screening import check_decisions
from synthesis.library.settling import CONSENSUS

Row = Mapping[str, Any]
"""A decision as it stands in its file."""


class Twice(NamedTuple):
    """Differing decisions of one screener on records of one report.

    Attributes
    ----------
    rows : list of mapping
        All of them.
    counts : mapping
        The one that counts.
    """

    rows: list[Row]
    counts: Row

    @property
    def other(self) -> Row:
        """The first decision that differs from the one that counts."""
        return next(row for row in self.rows if _said(row) != _said(self.counts))

    def sentence(self) -> str:
        """Return what was decided on which record, and what counts."""
        all_of_them = " and ".join(f"{_said(row)} on {row['record_id']}" for row in self.rows)
        return (
            f"{self.counts['screener']} decided {all_of_them} {AT_STAGE[self.counts['stage']]}, "
            f"which are one report: {_said(self.counts)} counts."
        )


class Waiting(NamedTuple):
    """What is left to do.

    Attributes
    ----------
    to_screen : list of str
        Records on which nobody has decided, each the one that represents its duplicates.
    to_judge, to_judge_other : list of str
        Reports on which nobody has decided at full text: those included by title and abstract,
        and those found by other methods only.
    undecided : list of Undecided
        Records on which the decision is still open.
    twice : list of Twice
        Differing decisions of one screener on records of one report.
    contradictions : list of Told
        Decisions at one stage that do not go with those at another.
    """

    to_screen: list[str]
    to_judge: list[str]
    to_judge_other: list[str]
    undecided: list[Undecided]
    twice: list[Twice]
    contradictions: list[Told]

    def gaps(self) -> dict[str, int]:
        """Return how many reports a stage of the flow lacks for what is still to do.

        A sum that is short by just as many says nothing else.
        """
        open_ones = [one.stage for one in self.undecided if one.how in ("conflict", "unsure")]
        return {
            "screened": len(self.to_screen),
            "sought": open_ones.count("title_abstract"),
            "assessed": len(self.to_judge),
            "other_assessed": len(self.to_judge_other),
            "included_reports": open_ones.count("full_text"),
        }


def waiting_of(
    records: pd.DataFrame,
    links: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    other: Mapping[str, str] | None = None,
) -> Waiting:
    """Return what is left to do, counted as `prisma_flow` counts.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    links : DataFrame
        From `find_duplicates`; links that are not certain remove nothing.
    decisions : DataFrame
        From `read_decisions`.
    other : mapping of str to str, optional
        The databases that were searched by other methods, as in `prisma_flow`.
    """
    heads = heads_of(records, links)
    sound = check_decisions(about_heads(decisions, heads), records).decisions
    by_stage = settled_by_stage(sound)
    ways = Ways.of(ids_of(records), read_labels(records["database"]), heads, set(), other or {})
    copies = copies_of(by_stage)
    before, screened, full = (
        by_stage.get(stage, {}) for stage in ("before_screening", "title_abstract", "full_text")
    )
    removed = {one for one, said in before.items() if said.decision == "exclude"}
    found = [one for one in ways.by_databases if one not in copies]
    return Waiting(
        to_screen=[one for one in found if not (one in removed or one in screened or one in full)],
        to_judge=[
            one
            for one in found
            if screened.get(one, UNDECIDED).decision == "include" and one not in full
        ],
        to_judge_other=[one for one in ways.by_other if not (one in copies or one in full)],
        undecided=undecided(by_stage, sound),
        twice=_twice(decisions, sound, heads),
        contradictions=contradictions(by_stage, ways.by_databases),
    )


def _twice(decisions: pd.DataFrame, sound: pd.DataFrame, heads: Mapping[str, str]) -> list[Twice]:
    """Return where one screener decided differently on records of one report."""
    counting = {(row["file"], row["line"], row["stage"]) for row in sound.to_dict("records")}
    agreed = sound[sound["screener"].map(person) == CONSENSUS]
    settled = set(zip(agreed["record_id"], agreed["stage"], strict=True))
    together: dict[tuple[str, str, str], list[Row]] = {}
    for cells in decisions.to_dict("records"):
        row = {str(name): cell for name, cell in cells.items()}
        head = heads.get(row["record_id"], row["record_id"])
        overruled = (head, row["stage"]) in settled and person(row["screener"]) != CONSENSUS
        # Who calls a record a duplicate has decided about its report on the other one.
        if row["decision"] != "duplicate" and not overruled:
            together.setdefault((head, row["stage"], row["screener"]), []).append(row)
    found = []
    for (_, stage, _), rows in together.items():
        used = [one for one in rows if (one["file"], one["line"], stage) in counting]
        if len(set(map(_said, rows))) > 1 and used:
            found.append(Twice(rows, used[0]))
    return found


def _said(row: Row) -> str:
    """Return a decision in words; the reason matters at full text, where there is one for each."""
    why = row["reason"] if row["stage"] == "full_text" else ""
    return f"{row['decision']} ({why})" if why else str(row["decision"])
