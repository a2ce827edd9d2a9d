"""Judgements of risk of bias by the results that they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from arrowroot.text import counted, label, person
from synthesis.labels import read_labels
from synthesis.review.analyses import Analysis

if TYPE_CHECKING:
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
    from synthesis.appraisal.risk_of_bias.tools.tool import Tool

OPEN = ("empty", "missing-answer", "not-judged")
"""Rules about what nobody has filled in yet: work to do, no slip."""
CONSENSUS = "consensus"
"""The assessor of judgements on which several people have settled."""

Result = tuple[str, str, str]
"""Study, outcome and window, as the review declares them; empty for any."""


@dataclass(frozen=True, eq=False)
class Assessed:
    """Judgements of risk of bias, by the results that they are about.

    Attributes
    ----------
    tool : Tool
        By which they were made.
    files : tuple of str
        Where they are.
    table : DataFrame
        Every judgement and proposal: ``study outcome window domain proposed judgement reason
        assessor path line file``, outcomes and windows by their ids.
    settled : dict of (study, outcome, window) to dict of str to str or None
        The judgement of each domain; None where nobody has judged, or assessors differ.
    assessors : tuple of str
        Who judged.
    """

    tool: Tool
    files: tuple[str, ...]
    table: pd.DataFrame
    settled: Mapping[Result, Mapping[str, str | None]]
    assessors: tuple[str, ...] = ()

    def of(self, study: str, outcome: str, window: str) -> Mapping[str, str | None]:
        """Return the judgements of a result: those of any window or outcome where it has none."""
        for key in ((outcome, window), (outcome, ""), ("", window), ("", "")):
            if (study, *key) in self.settled:
                return self.settled[study, *key]
        return {}

    def by(self, assessor: str, *, besides: str = "") -> set[Result]:
        """Return the results of which a person has judged anything, in other files than one."""
        theirs = self.table["assessor"].map(person) == person(assessor)
        chosen = theirs & self.table["judgement"].notna() & (self.table["file"] != besides)
        rows = self.table.loc[chosen, ["study", "outcome", "window"]]
        return set(rows.itertuples(index=False, name=None))

    def of_analysis(self, one: Analysis) -> RiskOfBias | None:
        """Return the judgements of the studies of an analysis; None if none of them has any."""
        from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias

        rows = []
        window = one.window.id if one.window else ""
        for study in dict.fromkeys(studies_of(one)):
            found = self.of(study, one.outcome.id, window)
            if any(found.values()):
                cells = {code: found.get(code) for code in self.tool.codes}
                named = {"study": study, "outcome": one.outcome.id, "window": window}
                rows.append({**named, **cells})
        return RiskOfBias.read(pd.DataFrame(rows), self.tool) if rows else None


def studies_of(one: Analysis) -> list[str]:
    """Return the studies that an analysis pools, as the sheet names them."""
    if one.fit is None:
        return []
    from synthesis.appraisal.risk_of_bias.results import studies_of as as_given

    return as_given(one.fit)


def columns_of(held: Assessed, rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the judgements as columns beside the rows of the extraction sheet.

    Parameters
    ----------
    held : Assessed
        The judgements.
    rows : DataFrame
        With ``study``, ``outcome`` and, where there are windows, ``window``.
    """
    names = ("study", "outcome", "window")
    cells = [read_labels(rows[name]) if name in rows else [""] * len(rows) for name in names]
    found = [held.of(*key) for key in zip(*cells, strict=True)]
    return {
        code: pd.Series([one.get(code) for one in found], index=rows.index, dtype=object)
        for code in held.tool.codes
    }


def assessed_sentence(held: Assessed) -> str:
    """Return how risk of bias was judged, in a sentence."""
    if held.table["judgement"].isna().all():
        return f"Risk of bias is to be judged with {held.tool.name}; nobody has judged yet."
    who = [name for name in held.assessors if person(name) != CONSENSUS]
    by = f" by {' and '.join(who)}" if who else ""
    effect = f" (effect of {held.tool.effect})" if held.tool.effect else ""
    judged = held.table[held.table["judgement"].notna()]
    n = counted(len({label(one) for one in judged["study"]}), "study", "studies")
    settled = ", who settled where they differed" if len(who) > 1 and _has_consensus(held) else ""
    return f"Risk of bias of results of {n} was judged{by} with {held.tool.name}{effect}{settled}."


def _has_consensus(held: Assessed) -> bool:
    return any(person(name) == CONSENSUS for name in held.assessors)


def results_to_assess(analyses: Sequence[Analysis]) -> pd.DataFrame:
    """Return the results that are pooled, one row each: ``study outcome window``."""
    rows = [
        (study, one.outcome.id, one.window.id if one.window else "")
        for one in analyses
        for study in studies_of(one)
    ]
    table = pd.DataFrame(rows, columns=["study", "outcome", "window"], dtype=object)
    return table.drop_duplicates(ignore_index=True)


def assessor_file(folder: Path, assessor: str) -> Path:
    """Return the file in which a board keeps the answers of a person."""
    name = re.sub(r"[^\w-]+", "_", label(assessor)).strip("_")
    return folder / f"{name or 'assessor'}.csv"
