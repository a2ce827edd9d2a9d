"""What is still undecided, and where the tables of a review contradict each other."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

import pandas as pd

from arrowroot.text import counted, shortened
from synthesis.library.flow.counts import ByStage, Settled
from synthesis.library.settling import REASONS_DIFFER

_OPEN = {
    "conflict": "screeners differ on",
    "unsure": "nobody is sure of",
    "second needed": "one person alone excluded",
    REASONS_DIFFER: "screeners exclude, for different reasons,",
}
UNDECIDED = Settled("", "", "")


class Told(NamedTuple):
    """A sentence, and the table or stage that it is about."""

    where: str
    message: str


def still_open(by_stage: ByStage, links: pd.DataFrame, by_databases: Container[str]) -> list[Told]:
    """Return, in sentences, what keeps reports from moving on.

    Parameters
    ----------
    by_stage : mapping
        Decisions by stage and record.
    links : DataFrame
        From `find_duplicates`.
    by_databases : container of str
        The reports from databases and registers, which are screened by title first.
    """
    told = []
    for stage, settled in by_stage.items():
        for how, what in _OPEN.items():
            if found := [record_id for record_id, one in settled.items() if one.how == how]:
                told.append(Told(stage, f"{what} {shortened(found)}; settle it."))
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
    if doubtful := int((~links["certain"].astype(bool)).sum()):
        message = (
            f"{counted(doubtful, 'possible duplicate')} not decided; set certain to "
            "True, or drop the link."
        )
        told.append(Told("links", message))
    return told
