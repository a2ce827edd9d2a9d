"""Judgements of risk of bias by the results that they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from arrowroot.text import and_joined, counted, label, person
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
    studies : frozenset of str or None
        Those that the tool is for, where the review has several tools; None for all.
    """

    tool: Tool
    files: tuple[str, ...]
    table: pd.DataFrame
    settled: Mapping[Result, Mapping[str, str | None]]
    assessors: tuple[str, ...] = ()
    studies: frozenset[str] | None = None

    @property
    def name(self) -> str:
        """The tool as sentences name it, with the effect that it is about."""
        return self.tool.name + (f" (effect of {self.tool.effect})" if self.tool.effect else "")

    def is_for(self, study: str) -> bool:
        """Return whether the tool is for a study."""
        return self.studies is None or study in self.studies

    def of(self, study: str, outcome: str, window: str) -> Mapping[str, str | None]:
        """Return the judgements of a result: those of any window or outcome where it has none."""
        if not self.is_for(study):
            return {}
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
        window = one.window_id
        for study in dict.fromkeys(studies_of(one)):
            found = self.of(study, one.outcome.id, window)
            # With several tools a figure shows all the studies of its own, judged or not.
            if any(found.values()) or (self.studies is not None and self.is_for(study)):
                cells = {code: found.get(code) for code in self.tool.codes}
                named = {"study": study, "outcome": one.outcome.id, "window": window}
                rows.append({**named, **cells})
        judged = any(row.get(code) for row in rows for code in self.tool.codes)
        return RiskOfBias.read(pd.DataFrame(rows), self.tool) if judged else None


def tool_for(held: Sequence[Assessed], study: str) -> Assessed | None:
    """Return the judgements with the tool that is for a study, or None."""
    return next((one for one in held if one.is_for(study)), None)


def judgements_of_result(
    held: Sequence[Assessed], study: str, outcome: str, window: str
) -> Mapping[str, str | None]:
    """Return the judgements of a result with the tool that is for its study."""
    own = tool_for(held, study)
    return {} if own is None else own.of(study, outcome, window)


def studies_of(one: Analysis) -> list[str]:
    """Return the studies that an analysis pools, as the sheet names them."""
    if one.fit is None:
        return []
    from synthesis.appraisal.risk_of_bias.results import studies_of as as_given

    return as_given(one.fit)


def columns_of(
    held: Sequence[Assessed], rows: pd.DataFrame, *, several: bool = False
) -> dict[str, pd.Series]:
    """Return the judgements as columns beside the rows of the extraction sheet.

    Parameters
    ----------
    held : sequence of Assessed
        The judgements, by tool.
    rows : DataFrame
        With ``study``, ``outcome`` and, where there are windows, ``window``.
    several : bool
        Whether the review has several tools. ``overall`` then is the judgement of each study in
        the words of its own tool; domains, which differ in what they are about, are called by
        their tool: ``rob2.D1``.
    """
    names = ("study", "outcome", "window")
    cells = [read_labels(rows[name]) if name in rows else [""] * len(rows) for name in names]
    keys = list(zip(*cells, strict=True))
    columns = {}
    for one in held:
        found = [one.of(*key) for key in keys]
        for code in one.tool.codes:
            name = f"{one.tool.id}.{code}" if several else code
            columns[name] = [each.get(code) for each in found]
    if several:
        columns["overall"] = [judgements_of_result(held, *key).get("overall") for key in keys]
    return {
        name: pd.Series(words, index=rows.index, dtype=object) for name, words in columns.items()
    }


def words_of(held: Sequence[Assessed], column: str, *, several: bool = False) -> list[str]:
    """Return the judgements that a column of `columns_of` may hold, whether made or not."""
    found: dict[str, None] = {}
    for one in held:
        for code in one.tool.codes:
            named = f"{one.tool.id}.{code}" if several else code
            if column == named or (several and column == code == "overall"):
                found |= dict.fromkeys(one.tool.judgements(code))
    return list(found)


def assessed_sentence(held: Assessed) -> str:
    """Return how risk of bias was judged, in a sentence: how many results, and by whom."""
    if held.table["judgement"].isna().all():
        return f"Risk of bias is to be judged with {held.tool.name}; nobody has judged yet."
    judged = held.table[held.table["judgement"].notna()]
    judged = judged[judged["study"].map(held.is_for)]
    studies = counted(len({label(one) for one in judged["study"]}), "study", "studies")
    names: dict[str, str] = {}
    for one in map(label, judged["assessor"]):
        names.setdefault(person(one), one or "someone who is not named")
    groups: dict[tuple[tuple[str, ...], bool], list[pd.DataFrame]] = {}
    for _, rows in judged.groupby(["study", "outcome", "window"], sort=False, dropna=False):
        groups.setdefault(_judges(rows, list(names)), []).append(rows)
    (people, _), results = next(iter(groups.items()), (((), True), []))
    if len(groups) <= 1 and len(people) <= 1:
        who = f" by {names[people[0]]}" if any(people) else ""
        return f"Risk of bias of results of {studies} was judged{who} with {held.name}."
    n = counted(sum(map(len, groups.values())), "result")
    start = f"Risk of bias of {n} of {studies} was judged with {held.name}"
    if len(groups) == 1:
        return f"{start} {_by_whom(people, names)}{_settled(*next(iter(groups)), results)}."
    listed = sorted(groups.items(), key=lambda one: -len(one[0][0]))
    parts = [
        f"{len(results)} {_by_whom(people, names)}{_settled(people, of_all, results)}"
        for (people, of_all), results in listed
    ]
    return f"{start}: {'; '.join(parts)}."


def _judges(rows: pd.DataFrame, order: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """Return who judged a result, and whether each of them judged every domain of it."""
    domains: dict[str, set[str]] = {}
    for who, domain in zip(rows["assessor"].map(person), rows["domain"], strict=True):
        if who != CONSENSUS:
            domains.setdefault(who, set()).add(domain)
    # An overall judgement follows from the others, so not everybody enters it.
    every = set().union(*domains.values()) - {"overall"}
    people = tuple(sorted(domains, key=order.index))
    return people, all(every <= one for one in domains.values())


def _by_whom(people: Sequence[str], names: Mapping[str, str]) -> str:
    if not people:
        return "with only a consensus entered"
    alone = " alone" if len(people) == 1 else ""
    return f"by {and_joined([names[one] for one in people])}{alone}"


def _settled(people: Sequence[str], of_all: bool, results: Sequence[pd.DataFrame]) -> str:
    """Return what became of differences between people, as the end of a clause."""
    if len(people) < 2:
        return ""
    differ = still = 0
    for rows in results:
        is_consensus = rows["assessor"].map(person) == CONSENSUS
        words = rows[~is_consensus].groupby("domain")["judgement"].nunique()
        differing = set(words.index[words > 1])
        differ += bool(differing)
        still += bool(differing - set(rows.loc[is_consensus, "domain"]))
    said = "" if of_all else " (not every domain by each of them)"
    if still:
        which = "" if len(results) == 1 else f" on {still} of them"
        return f"{said}, who have not settled where they differ{which}"
    if differ:
        return f"{said}, who settled where they differed"
    return f"{said}, who agreed" if of_all else said


def results_to_assess(
    analyses: Sequence[Analysis],
    by_tool: Mapping[str, frozenset[str]] | None = None,
    tool: str = "",
) -> pd.DataFrame:
    """Return the results that are pooled, one row each: ``study outcome window``.

    Parameters
    ----------
    analyses : sequence of Analysis
        With what they pool.
    by_tool : mapping of str to frozenset of str, optional
        The studies that each tool is for, where there are several.
    tool : str
        The tool whose results are asked for.
    """
    rows = [
        (study, one.outcome.id, one.window_id)
        for one in analyses
        for study in studies_of(one)
        if by_tool is None or study in by_tool[tool]
    ]
    table = pd.DataFrame(rows, columns=["study", "outcome", "window"], dtype=object)
    return table.drop_duplicates(ignore_index=True)


def assessor_file(folder: Path, assessor: str) -> Path:
    """Return the file in which a board keeps the answers of a person."""
    name = re.sub(r"[^\w-]+", "_", label(assessor)).strip("_")
    return folder / f"{name or 'assessor'}.csv"
