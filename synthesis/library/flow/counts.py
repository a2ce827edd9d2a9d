"""Counts from the tables of a review: how each report was found, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from arrowroot.text import person
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.library.flow.file import KEYS
from synthesis.library.records import as_text
from synthesis.library.settling import REASONS_DIFFER, settle

REASON_OPEN = "reason not settled"
"""What stands in the diagram for exclusions that people agreed on for different reasons."""

WAYS = {
    "websites": "website_results",
    "organisations": "organisation_results",
    "citations": "citations_results",
}
"""Other methods than databases and registers, and the key of each."""


class Settled(NamedTuple):
    """A decision on a record at a stage, its reason, and how it was reached."""

    decision: str
    reason: str
    how: str


ByStage = Mapping[str, Mapping[str, Settled]]
"""Stage -> record -> decision."""


@dataclass(frozen=True)
class Ways:
    """How the reports of a review were found.

    Attributes
    ----------
    databases, registers : list of str
        The source of every record from databases and registers, including duplicates.
    by_databases : list of str
        The reports these records are.
    by_other : dict of str to str
        The reports that were found only by other methods, and by which of `WAYS`.
    other : bool
        Whether other methods were used at all.
    """

    databases: list[str]
    registers: list[str]
    by_databases: list[str]
    by_other: dict[str, str]
    other: bool

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        sources: Sequence[str],
        heads: Mapping[str, str],
        registers: AbstractSet[str],
        other: Mapping[str, str],
    ) -> Ways:
        """Return how records, each with its source, were found."""
        found = [(heads[one], name) for one, name in zip(ids, sources, strict=True)]
        in_databases = dict.fromkeys(head for head, name in found if name not in other)
        named = [name for _, name in found if name not in other]
        return cls(
            databases=[name for name in named if name not in registers],
            registers=[name for name in named if name in registers],
            by_databases=list(in_databases),
            by_other={
                head: other[name]
                for head, name in found
                if name in other and head not in in_databases
            },
            other=bool(other),
        )


def about_heads(decisions: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Return the decisions, each about the record that represents its duplicates."""
    for name in ("record_id", "stage", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    given = as_text(decisions, ["record_id"])["record_id"]
    about = given.map(lambda one: heads.get(one, one))
    own = about == given
    stages, screeners = decisions["stage"], decisions["screener"]
    keys = pd.MultiIndex.from_arrays(
        [about, read_labels(stages), read_labels(screeners, people=True)]
    )
    kept = own | ~keys.isin(keys[own])
    return decisions.assign(record_id=about)[kept]


def settled_by_stage(
    decisions: pd.DataFrame, rules: str | Mapping[str, str] | None = None
) -> ByStage:
    """Return what was decided, by stage and record."""
    by_stage: dict[str, dict[str, Settled]] = {}
    told = settle(decisions, rules=rules)
    for record_id, stage, *rest in told.itertuples(index=False, name=None):
        by_stage.setdefault(stage, {})[record_id] = Settled(*rest)
    return by_stage


def copies_of(by_stage: ByStage) -> set[str]:
    """Return the reports that people, while screening, found to be duplicates of others."""
    return {
        one
        for settled in by_stage.values()
        for one, said in settled.items()
        if said.decision == "duplicate"
    }


def excluded_by_tools(
    decisions: pd.DataFrame, settled: Mapping[str, Settled], tools: AbstractSet[str], stage: str
) -> set[str]:
    """Return the reports that only tools excluded at a stage."""
    rows = decisions[decisions["stage"] == stage]
    by_people = set(rows.loc[~rows["screener"].map(person).isin(tools), "record_id"])
    told = {one for one, said in settled.items() if said.decision == "exclude"}
    return told - by_people


def counts_of(
    ways: Ways, by_stage: ByStage, decisions: pd.DataFrame, tools: AbstractSet[str]
) -> tuple[dict[str, Any], list[str]]:
    """Count the flow up to the reports included.

    Parameters
    ----------
    ways : Ways
        How the reports were found.
    by_stage : mapping
        What was decided about them.
    decisions : DataFrame
        Every screener's decisions.
    tools : set of str
        The screeners that are tools, in lower case.

    Returns
    -------
    counts : dict
        By the keys of PRISMA2020; None where nothing is known yet.
    included : list of str
        The reports included.
    """
    counts: dict[str, Any] = dict.fromkeys(KEYS)
    counts["database_results"] = len(ways.databases)
    counts["database_specific_results"] = _tally(ways.databases)
    counts["register_results"] = len(ways.registers)
    if ways.registers:
        counts["register_specific_results"] = _tally(ways.registers)
    copies = copies_of(by_stage)
    if later := sum(one in copies for one in ways.by_databases):
        counts["copies_found_later"] = later
    found = [one for one in ways.by_databases if one not in copies]
    others = {one: way for one, way in ways.by_other.items() if one not in copies}
    counts["duplicates"] = len(ways.databases) + len(ways.registers) - len(found)
    before = by_stage.get("before_screening", {})
    removed = _excluded(before, found)
    only_tools = excluded_by_tools(decisions, before, tools, "before_screening")
    by_tools = sum(
        one in only_tools or "automat" in before[one].reason.lower()
        for one in found
        if one in before and before[one].decision == "exclude"
    )
    counts["excluded_automatic"] = by_tools
    counts["excluded_other"] = len(removed) - by_tools
    screened = by_stage.get("title_abstract", {})
    counts["records_screened"] = sum(one in screened for one in found)
    reasons = _excluded(screened, found)
    counts["records_excluded"] = len(reasons)
    only_tools = excluded_by_tools(decisions, screened, tools, "title_abstract")
    if tools:
        by_tools = sum(one in only_tools for one in found)
        counts["screened_out_by_people"] = len(reasons) - by_tools
        counts["screened_out_by_tools"] = by_tools
    if any(reasons):
        counts["screening_reasons"] = _tally(one or "no reason given" for one in reasons)
    counts["dbr_sought_reports"] = len(_included(screened, found))
    full = by_stage.get("full_text", {})
    counts |= _assessed("dbr", full, found)
    if ways.other:
        for way, key in WAYS.items():
            counts[key] = sum(one == way for one in others.values())
        counts["other_sought_reports"] = len(others)
        counts |= _assessed("other", full, others)
    return counts, _included(full, [*found, *others])


def _assessed(column: str, full: Mapping[str, Settled], reports: Iterable[str]) -> dict[str, Any]:
    """Count what became of the reports whose full text was sought."""
    decided = [full[one] for one in reports if one in full]
    missing = sum(one.decision == "not_retrieved" for one in decided)
    return {
        f"{column}_notretrieved_reports": missing,
        f"{column}_assessed": len(decided) - missing,
        f"{column}_excluded": _tally(
            REASON_OPEN if one.how == REASONS_DIFFER else one.reason
            for one in decided
            if one.decision == "exclude"
        ),
    }


def _included(settled: Mapping[str, Settled], reports: Iterable[str]) -> list[str]:
    return [one for one in reports if one in settled and settled[one].decision == "include"]


def _excluded(settled: Mapping[str, Settled], reports: Iterable[str]) -> list[str]:
    """Return the reason of each report excluded."""
    decided = [settled[one] for one in reports if one in settled]
    return [one.reason for one in decided if one.decision == "exclude"]


def _tally(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts
