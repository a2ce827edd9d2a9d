"""Counts from the tables of a review: how each report was found, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from synthesis import checks
from synthesis.labels import read_labels
from synthesis.library.flow.file import KEYS
from synthesis.library.records import as_text
from synthesis.library.screening import settle

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


def settled_by_stage(decisions: pd.DataFrame) -> ByStage:
    """Return what was decided, by stage and record."""
    by_stage: dict[str, dict[str, Settled]] = {}
    for record_id, stage, *rest in settle(decisions).itertuples(index=False, name=None):
        by_stage.setdefault(stage, {})[record_id] = Settled(*rest)
    return by_stage


def counts_of(ways: Ways, by_stage: ByStage) -> tuple[dict[str, Any], list[str]]:
    """Count the flow up to the reports included.

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
    found = ways.by_databases
    counts["duplicates"] = len(ways.databases) + len(ways.registers) - len(found)
    removed = _excluded(by_stage.get("before_screening", {}), found)
    by_tools = sum("automat" in reason.lower() for reason in removed)
    counts["excluded_automatic"] = by_tools
    counts["excluded_other"] = len(removed) - by_tools
    screened = by_stage.get("title_abstract", {})
    counts["records_screened"] = sum(one in screened for one in found)
    counts["records_excluded"] = len(_excluded(screened, found))
    counts["dbr_sought_reports"] = len(_included(screened, found))
    full = by_stage.get("full_text", {})
    counts |= _assessed("dbr", full, found)
    if ways.other:
        for way, key in WAYS.items():
            counts[key] = sum(one == way for one in ways.by_other.values())
        counts["other_sought_reports"] = len(ways.by_other)
        counts |= _assessed("other", full, ways.by_other)
    return counts, _included(full, [*found, *ways.by_other])


def _assessed(column: str, full: Mapping[str, Settled], reports: Iterable[str]) -> dict[str, Any]:
    """Count what became of the reports whose full text was sought."""
    decided = [full[one] for one in reports if one in full]
    missing = sum(one.decision == "not_retrieved" for one in decided)
    return {
        f"{column}_notretrieved_reports": missing,
        f"{column}_assessed": len(decided) - missing,
        f"{column}_excluded": _tally(one.reason for one in decided if one.decision == "exclude"),
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
