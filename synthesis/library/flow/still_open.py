"""What is still undecided, and where the tables of a review contradict each other."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple

import pandas as pd

from arrowroot.text import and_joined, counted, person, shortened
from synthesis.library.flow.counts import ByStage, Settled
from synthesis.library.settling import CONSENSUS, OPEN, REASONS_DIFFER

_OPEN = {
    "conflict": "screeners differ on",
    "second needed": "one person alone excluded",
    REASONS_DIFFER: "screeners exclude, for different reasons,",
}
UNDECIDED = Settled("", "", "")
AT_STAGE = {
    "before_screening": "before screening",
    "title_abstract": "at title and abstract",
    "full_text": "at full text",
}
DOUBTFUL = "may be the same report, which nobody has decided"
DECIDE = "write yes in the column certain, or delete the row"
"""What links that are not certain are, and what to do: the words are those of the CSV."""


class Told(NamedTuple):
    """A sentence, and the table or stage that it is about."""

    where: str
    message: str


class Said(NamedTuple):
    """What somebody decided and why, and the file and line where it stands."""

    screener: str
    decision: str
    reason: str
    file: str
    line: str


class Undecided(NamedTuple):
    """A record that has decisions at a stage, but none that counts yet.

    Attributes
    ----------
    stage, record_id, how : str
        How the decision stands, as `settle` has it.
    given : list of Said
        The decisions on it.
    """

    stage: str
    record_id: str
    how: str
    given: list[Said]

    @property
    def words(self) -> str:
        """What is the matter, in words that the record follows."""
        if self.how != "unsure":
            return _OPEN[self.how]
        people = list(dict.fromkeys(one.screener for one in self.given))
        return f"{and_joined(people)} {'is' if len(people) == 1 else 'are'} unsure of"

    def sentence(self, written: Mapping[tuple[str, str, str], str]) -> str:
        """Return what is the matter, with who said what.

        Parameters
        ----------
        written : mapping
            From `written_for`: the record that each decision was written for, which may be a
            duplicate of this one.
        """
        place = f"{self.words} {self.record_id} {AT_STAGE[self.stage]}"
        if self.how == "unsure":  # who is, has been said
            return f"{place}."
        told = []
        for one in self.given:
            about = written.get((one.file, one.line, self.stage), self.record_id)
            why = f" ({one.reason})" if one.reason else ""
            where = "" if about == self.record_id else f" on {about}"
            told.append(f"{one.screener}: {one.decision}{why}{where}")
        return f"{place} ({'; '.join(told)})."


def written_for(decisions: pd.DataFrame) -> dict[tuple[str, str, str], str]:
    """Return the record of each decision of `read_decisions`, by its file, line and stage."""
    rows = decisions[["file", "line", "stage", "record_id"]].astype(str)
    return {
        (file, line, stage): record_id
        for file, line, stage, record_id in rows.itertuples(index=False, name=None)
    }


def undecided(by_stage: ByStage, decisions: pd.DataFrame) -> list[Undecided]:
    """Return the records on which a decision is still open, at each stage.

    Parameters
    ----------
    by_stage : mapping
        Decisions by stage and record.
    decisions : DataFrame
        From `check_decisions`: what each screener decided.
    """
    waiting = {
        (stage, record_id): one.how
        for stage, settled in by_stage.items()
        for record_id, one in settled.items()
        if one.how in (*OPEN, REASONS_DIFFER)
    }
    given: dict[tuple[str, str], list[Said]] = {}
    names = ["stage", "record_id", *Said._fields]
    for stage, record_id, *row in decisions[names].astype(str).itertuples(index=False, name=None):
        if (stage, record_id) in waiting:
            given.setdefault((stage, record_id), []).append(Said(*row))
    return [
        Undecided(stage, record_id, how, _that_count(given[stage, record_id]))
        for (stage, record_id), how in waiting.items()
    ]


def _that_count(given: list[Said]) -> list[Said]:
    """Return the rows of the consensus, which overrides all others, or all where there is none."""
    return [one for one in given if person(one.screener) == CONSENSUS] or given


def still_open(
    by_stage: ByStage,
    decisions: pd.DataFrame,
    links: pd.DataFrame,
    by_databases: Container[str],
) -> list[Told]:
    """Return, in sentences, what keeps reports from moving on.

    Parameters
    ----------
    by_stage : mapping
        Decisions by stage and record.
    decisions : DataFrame
        From `check_decisions`: what each screener decided.
    links : DataFrame
        From `find_duplicates`.
    by_databases : container of str
        The reports from databases and registers, which are screened by title first.
    """
    together: dict[tuple[str, str], list[str]] = {}
    for one in undecided(by_stage, decisions):
        together.setdefault((one.stage, one.words), []).append(one.record_id)
    told = [
        Told(stage, f"{words} {shortened(found)}; settle it.")
        for (stage, words), found in together.items()
    ]
    told += contradictions(by_stage, by_databases)
    if doubtful := int((~links["certain"].astype(bool)).sum()):
        told.append(Told("links", f"{counted(doubtful, 'pair')} {DOUBTFUL}; {DECIDE}."))
    return told


def contradictions(by_stage: ByStage, by_databases: Container[str]) -> list[Told]:
    """Return, in sentences, where decisions at one stage do not go with those at another."""
    told = []
    before, screened, full = (
        by_stage.get(stage, {}) for stage in ("before_screening", "title_abstract", "full_text")
    )
    removed = {record_id for record_id, one in before.items() if one.decision == "exclude"}
    if again := [record_id for record_id in screened if record_id in removed]:
        message = f"removed before screening, but also screened: {shortened(again)}."
        told.append(Told("title_abstract", message))
    early = [
        record_id
        for record_id in full
        if record_id in by_databases and screened.get(record_id, UNDECIDED).decision != "include"
    ]
    if early:
        message = (
            f"judged at full text without being included at title and abstract: {shortened(early)}."
        )
        told.append(Told("full_text", message))
    return told
