"""The PRISMA 2020 flow, counted from the tables and never typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from synthesis import checks, display
from synthesis.library.duplicates import heads_of
from synthesis.library.flow_file import KEYS, ROWS, read_counts, write_counts
from synthesis.library.flow_rules import PROBLEMS, check_flow, total
from synthesis.library.screening import check_decisions, settle

if TYPE_CHECKING:
    from logicmodels.figure import Figure

WAYS = {
    "websites": "website_results",
    "organisations": "organisation_results",
    "citations": "citations_results",
}
"""Other methods than databases and registers, and the key of each."""


@dataclass(frozen=True, repr=False)
class PrismaFlow(display.Shown):
    """The counts of a flow diagram, and what does not add up in them.

    Attributes
    ----------
    counts : dict
        By the keys of PRISMA2020. A count that is not known is None;
        ``database_specific_results``, ``register_specific_results``, ``dbr_excluded`` and
        ``other_excluded`` hold a count for each database and each reason.
    problems : DataFrame
        ``rule``, ``difference``, ``message``: sums that do not add up, with the size of the gap,
        and rows of the tables that could not be counted.
    """

    counts: dict[str, Any]
    problems: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PROBLEMS)))

    def draw(self, *, title: str = "") -> Figure:
        """Return the diagram, laid out as the published template of 2020.

        Parameters
        ----------
        title : str
            Of the figure, for its text alternative; the diagram itself has none.

        Returns
        -------
        Figure
            Shows itself in a notebook; has ``svg``, ``png``, ``pdf``, ``dot``, ``description``
            and ``save``.
        """
        from synthesis.library import flow_figure

        return flow_figure.draw(self.counts, title)

    def to_frame(self) -> pd.DataFrame:
        """Return the counts, one row a key: ``key``, ``meaning``, ``n``."""
        meanings = {key: words for key, _, _, words in ROWS if key}
        return pd.DataFrame(
            [(key, meanings[key], total(value)) for key, value in self.counts.items()],
            columns=["key", "meaning", "n"],
        ).astype({"n": "Int64"})

    def write(self, path: str | Path) -> Path:
        """Write the counts as the CSV that the PRISMA2020 program reads."""
        return write_counts(self.counts, path)

    def _title(self) -> str:
        return "PRISMA 2020 flow"

    def _facts(self) -> Sequence[tuple[str, str]]:
        words = {key: meaning for key, _, _, meaning in ROWS if key}
        return [
            (words[key], f"{total(value):,}")
            for key, value in self.counts.items()
            if value is not None and not key.endswith("_specific_results")
        ]

    def _notes(self) -> Sequence[str]:
        return tuple(self.problems["message"])


def read_flow(path: str | Path) -> PrismaFlow:
    """Read a flow from PRISMA2020's CSV, and say what does not add up in it.

    Parameters
    ----------
    path : path
        A CSV as the PRISMA2020 program and `PrismaFlow.write` write it.

    Returns
    -------
    PrismaFlow
        The counts as they stand there; every discrepancy is among its problems, with its size.
    """
    counts = read_counts(path)
    return PrismaFlow(counts, check_flow(counts))


def prisma_flow(
    records: pd.DataFrame,
    links: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    registers: Iterable[str] = (),
    other: Mapping[str, str] | None = None,
    studies: Mapping[str, str] | None = None,
    in_meta_analysis: Iterable[str] | None = None,
    previous: Mapping[str, int] | None = None,
) -> PrismaFlow:
    """Count a review's flow from its tables.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: everything that was found.
    links : DataFrame
        From `find_duplicates`; links that are not certain remove nothing.
    decisions : DataFrame
        From `read_decisions`, every screener's rows.
    registers : iterable of str
        Values of the column ``database`` that are registers of trials.
    other : mapping of str to str, optional
        Value of the column ``database`` -> ``websites``, ``organisations`` or ``citations``. A
        report found in a database as well counts there alone.
    studies : mapping of str to str, optional
        ``record_id`` of an included report -> its study; a report left out is a study of its
        own.
    in_meta_analysis : iterable of str, optional
        The studies (as in `studies`, else record ids) in the meta-analysis.
    previous : mapping of str to int, optional
        ``previous_studies`` and ``previous_reports`` of an earlier version of the review.

    Returns
    -------
    PrismaFlow
        Counts, problems, and `draw`.

    Raises
    ------
    DataError
        If links name records that are not there, or a table lacks a column.
    OptionError
        If `other` names a method that PRISMA does not have.

    Notes
    -----
    PRISMA counts reports: the record that stands for its duplicates. A decision about a
    duplicate counts for that record, unless the same screener decided about it too. Only
    decisions that are settled, by agreement, consensus or a single screener, move a report on;
    those still open are among the problems, and so the sums say how many are missing.
    """
    source = checks.column(records, "database", "records").fillna("").astype(str)
    ids = [str(one) for one in checks.column(records, "record_id", "records")]
    ways = dict(other or {})
    for way in ways.values():
        checks.option("other", way, list(WAYS))
    for argument, names in (("registers", list(registers)), ("other", list(ways))):
        for name in names:
            checks.option(argument, name, sorted(set(source)))
    heads = heads_of(records, links)
    sound = check_decisions(_about_heads(decisions, heads), records)
    told = [(row["message"], _place(row)) for row in sound.problems.to_dict("records")]
    by_stage: dict[str, dict[str, tuple[str, str, str]]] = {}
    for record_id, stage, *rest in settle(sound.decisions).itertuples(index=False, name=None):
        by_stage.setdefault(stage, {})[record_id] = (rest[0], rest[1], rest[2])
    of_database = dict.fromkeys(
        heads[one] for one, name in zip(ids, source, strict=True) if name not in ways
    )
    apart = {
        heads[one]: ways[name]
        for one, name in zip(ids, source, strict=True)
        if name in ways and heads[one] not in of_database
    }
    listed = set(registers)
    found_in = [name for name in source if name not in ways]
    counts: dict[str, Any] = dict.fromkeys(KEYS)
    in_registers = [name for name in found_in if name in listed]
    counts["database_results"] = len(found_in) - len(in_registers)
    counts["database_specific_results"] = _tally(one for one in found_in if one not in listed)
    if listed:
        counts["register_results"] = len(in_registers)
        counts["register_specific_results"] = _tally(in_registers)
    counts["duplicates"] = len(found_in) - len(of_database)
    _count_removed(counts, by_stage.get("before_screening", {}), of_database)
    screened = by_stage.get("title_abstract", {})
    counts["records_screened"] = sum(one in screened for one in of_database)
    counts["records_excluded"] = _with(screened, of_database, "exclude")
    counts["dbr_sought_reports"] = _with(screened, of_database, "include")
    full = by_stage.get("full_text", {})
    _count_assessed(counts, "dbr", full, of_database)
    if ways:
        for way, key in WAYS.items():
            counts[key] = sum(one == way for one in apart.values())
        counts["other_sought_reports"] = len(apart)
        _count_assessed(counts, "other", full, apart)
    included = [one for one in (*of_database, *apart) if full.get(one, ("",))[0] == "include"]
    study_of = {heads[one]: study for one, study in (studies or {}).items() if one in heads}
    counts["new_studies"] = len({study_of.get(one, one) for one in included})
    counts["new_reports"] = len(included)
    if previous is not None:
        counts |= {name: previous.get(name) for name in ("previous_studies", "previous_reports")}
        counts["total_studies"] = (previous.get("previous_studies") or 0) + counts["new_studies"]
        counts["total_reports"] = (previous.get("previous_reports") or 0) + counts["new_reports"]
    if in_meta_analysis is not None:
        pooled = set(in_meta_analysis)
        counts["total_studies_ma"] = len(pooled)
        there = {study_of.get(one, one) for one in included}
        if previous is None and (strangers := sorted(pooled - there)):
            told.append((f"in the meta-analysis but not included: {checks.shortened(strangers)}.",
                         "studies"))  # fmt: skip
    told += _still_open(by_stage, links, of_database)
    rows = [(rule, None, message) for message, rule in told]
    sums = check_flow(counts)
    tables = pd.DataFrame(rows, columns=list(PROBLEMS), dtype=object)
    problems = pd.DataFrame(
        [*sums.astype(object).to_numpy().tolist(), *tables.to_numpy().tolist()],
        columns=list(PROBLEMS),
    ).astype({"difference": "Int64"})
    return PrismaFlow(counts, problems)


def _about_heads(decisions: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """Return the decisions, each about the record that stands for its duplicates."""
    for name in ("record_id", "stage", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    about = decisions["record_id"].map(lambda one: heads.get(one, one))
    own = about == decisions["record_id"]
    keys = pd.MultiIndex.from_arrays([about, decisions["stage"], decisions["screener"]])
    kept = own | ~keys.isin(keys[own])
    return decisions.assign(record_id=about)[kept]


def _place(row: Mapping[Any, Any]) -> str:
    where = f"{row['file']}, line {row['line']}" if row["file"] else f"row {row['line']}"
    return f"decisions, {where}"


def _tally(names: Iterable[str]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for name in names:
        counted[name] = counted.get(name, 0) + 1
    return counted


def _with(
    settled: Mapping[str, tuple[str, str, str]], reports: Iterable[str], decision: str
) -> int:
    return sum(settled.get(one, ("",))[0] == decision for one in reports)


def _count_removed(
    counts: dict[str, Any],
    settled: Mapping[str, tuple[str, str, str]],
    reports: Iterable[str],
) -> None:
    reasons = [settled[one][1] for one in reports if settled.get(one, ("",))[0] == "exclude"]
    by_tools = sum("automat" in reason.lower() for reason in reasons)
    counts["excluded_automatic"] = by_tools
    counts["excluded_other"] = len(reasons) - by_tools


def _count_assessed(
    counts: dict[str, Any],
    column: str,
    settled: Mapping[str, tuple[str, str, str]],
    reports: Iterable[str],
) -> None:
    """Count what became of the reports whose full text was sought."""
    decided = [settled[one] for one in reports if one in settled]
    missing = sum(decision == "not_retrieved" for decision, _, _ in decided)
    counts[f"{column}_notretrieved_reports"] = missing
    counts[f"{column}_assessed"] = len(decided) - missing
    counts[f"{column}_excluded"] = _tally(
        reason for decision, reason, _ in decided if decision == "exclude"
    )


def _still_open(
    by_stage: Mapping[str, Mapping[str, tuple[str, str, str]]],
    links: pd.DataFrame,
    of_database: Mapping[str, None],
) -> list[tuple[str, str]]:
    """Return what nobody has settled yet, in sentences, with the table it concerns."""
    told = []
    for stage, settled in by_stage.items():
        for how, what in (("conflict", "screeners differ on"), ("unsure", "nobody is sure of")):
            if open_ := [record_id for record_id, (*_, way) in settled.items() if way == how]:
                told.append((f"{what} {checks.shortened(open_)}; settle it.", stage))
    removed = {one for one, row in by_stage.get("before_screening", {}).items()
               if row[0] == "exclude"}  # fmt: skip
    screened = by_stage.get("title_abstract", {})
    if again := [one for one in screened if one in removed]:
        told.append((f"removed before screening, yet screened: {checks.shortened(again)}.",
                     "title_abstract"))  # fmt: skip
    early = [
        one
        for one in by_stage.get("full_text", {})
        if one in of_database and screened.get(one, ("",))[0] != "include"
    ]
    if early:
        told.append((f"judged at full text without being included at title and abstract: "
                     f"{checks.shortened(early)}.", "full_text"))  # fmt: skip
    doubtful = int((~links["certain"].astype(bool)).sum())
    if doubtful:
        told.append((f"{display.count(doubtful, 'possible duplicate')} not decided on; set "
                     "certain to True, or drop the link.", "links"))  # fmt: skip
    return told
