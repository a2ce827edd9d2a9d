"""The PRISMA 2020 flow, counted from the tables and never typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.text import counted, label, one_line, person, shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels
from synthesis.library.duplicates import heads_of
from synthesis.library.flow.counts import WAYS, Ways, about_heads, counts_of, settled_by_stage
from synthesis.library.flow.file import checked, meaning, read_counts, write_counts
from synthesis.library.flow.rules import PROBLEMS, flow_problems, total
from synthesis.library.flow.still_open import UNDECIDED, Told, still_open
from synthesis.library.notices.table import of_included
from synthesis.library.records import as_text, ids_of
from synthesis.library.screening import check_decisions

if TYPE_CHECKING:
    from logicmodels.figures.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class PrismaFlow(display.Shown):
    """The counts of a flow diagram, and what does not add up.

    Attributes
    ----------
    counts : dict
        By the keys of PRISMA2020. A count that is not known is None;
        ``database_specific_results``, ``register_specific_results``, ``dbr_excluded`` and
        ``other_excluded`` have a count for each database or reason.
    problems : DataFrame
        ``rule``, ``difference``, ``message``: sums that do not add up, with the size of the gap,
        and rows of the tables that could not be counted.
    """

    counts: dict[str, Any]
    problems: Any = None  # a DataFrame as soon as it is made

    def __post_init__(self) -> None:
        """Check the counts, however the flow is made."""
        object.__setattr__(self, "counts", checked(self.counts))
        if self.problems is None:
            object.__setattr__(self, "problems", flow_problems(self.counts))

    def draw(self, *, title: str = "") -> Figure:
        """Return the diagram, laid out like the published template of 2020.

        Parameters
        ----------
        title : str
            Of the figure, for its text alternative; the diagram itself has none.

        Returns
        -------
        Figure
            Shows itself in a notebook; has ``svg``, ``png``, ``pdf``, ``dot``, ``description``
            and ``save``, which also writes PowerPoint and draw.io.
        """
        from synthesis.library.flow.figure import draw

        heading = one_line(title) or "PRISMA 2020 flow diagram"
        return draw(self.counts, heading, _in_words(self.counts))

    def to_frame(self) -> pd.DataFrame:
        """Return the counts, one row per key: ``key``, ``meaning``, ``n``."""
        return pd.DataFrame(
            [(key, meaning(key), total(value)) for key, value in self.counts.items()],
            columns=["key", "meaning", "n"],
        ).astype({"n": "Int64"})

    def write(self, path: str | Path) -> Path:
        """Write the counts as the CSV that the PRISMA2020 program reads."""
        return write_counts(self.counts, path)

    def _title(self) -> str:
        return "PRISMA 2020 flow"

    def _facts(self) -> Sequence[tuple[str, str]]:
        facts = []
        for key, value in self.counts.items():
            if value is None:
                continue
            if not key.endswith("_specific_results"):
                facts.append((meaning(key), f"{total(value):,}"))
            if isinstance(value, Mapping):
                facts += [(f"– {name or 'no reason given'}", f"{n:,}") for name, n in value.items()]
        return [*facts, ("To look at", counted(len(self.problems), "problem"))]

    def _notes(self) -> Sequence[str]:
        return tuple(self.problems["message"])


def read_flow(path: str | Path) -> PrismaFlow:
    """Read a flow from PRISMA2020's CSV, and say what does not add up in it.

    Parameters
    ----------
    path : path
        A table as the PRISMA2020 program and `PrismaFlow.write` write it, in any of the formats
        that `arrowroot.tables` reads.

    Returns
    -------
    PrismaFlow
        The counts as given there. Every discrepancy is among its problems, with its size, and so
        are remarks on the file, under the rule ``"file"``.
    """
    counts, remarks = read_counts(path)
    problems = flow_problems(counts)
    if remarks:
        of_the_file = [("file", None, f"{Path(path).name}: {remark}.") for remark in remarks]
        rows = [*problems.astype(object).to_numpy().tolist(), *of_the_file]
        problems = TextTable(rows, columns=list(PROBLEMS)).astype({"difference": "Int64"})
    return PrismaFlow(counts, problems)


def prisma_flow(
    records: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    *,
    counts: Mapping[str, Any] | None = None,
    rules: str | Mapping[str, str] | None = None,
    tools: Iterable[str] = (),
    searches: Mapping[str, str] | None = None,
    already_included: Iterable[str] | None = None,
    registers: Iterable[str] | None = None,
    other: Mapping[str, str] | None = None,
    studies: Mapping[str, str] | None = None,
    in_meta_analysis: Iterable[str] | None = None,
    previous: Mapping[str, int] | None = None,
) -> PrismaFlow:
    """Count a review's flow from its tables, or check the counts of one screened elsewhere.

    Parameters
    ----------
    records : DataFrame
        From `read_records`: everything that was found.
    links : DataFrame
        From `find_duplicates`; links that are not certain remove nothing.
    decisions : DataFrame
        From `read_decisions`, every screener's rows.
    counts : mapping, optional
        Instead of the three tables: the counts themselves, by the keys that `PrismaFlow.counts`
        has, such as ``{"database_results": 900, "duplicates": 200, "records_screened": 700}``.
        They are checked as the others are, and drawn; counts left out are left blank.
    rules : str or mapping of str to str, optional
        How differing decisions are settled, as in `settle`.
    tools : iterable of str
        Screeners that are automation tools. What only they excluded is counted apart, before
        screening and at it. (Before screening, a reason that contains "automat" says so too.)
    searches : mapping of str to str, optional
        File, as in ``source_file``, -> the search that it came from, such as its date. Records of
        databases and registers are then counted for each search.
    already_included : iterable of str, optional
        For an update: which of the studies (as in `studies`, otherwise record ids) were in the
        previous version. New reports of them are counted, but no new study.
    registers : iterable of str, optional
        Values of the column ``database`` that are registers of trials. By default those of which
        every record is an entry of a register (``type`` "registration"), as in exports of
        ClinicalTrials.gov and ICTRP.
    other : mapping of str to str, optional
        Value of the column ``database`` -> ``websites``, ``organisations`` or ``citations``. A
        report also found in a database counts only there.
    studies : mapping of str to str, optional
        ``record_id`` of an included report -> its study; a report that is not listed is a study by
        itself.
    in_meta_analysis : iterable of str, optional
        The studies (as in `studies`, otherwise record ids) in the meta-analysis.
    previous : mapping of str to int, optional
        ``previous_studies`` and ``previous_reports`` of an earlier version of the review.

    Returns
    -------
    PrismaFlow
        Counts, problems, and `draw`.

    Raises
    ------
    DataError
        If links name unknown records, or a table lacks a column.
    OptionError
        If `other` names a method that PRISMA does not have.

    Notes
    -----
    PRISMA counts reports, each by the record that represents its duplicates. A decision about a
    duplicate counts for that record, unless the same screener decided about it too. Only decisions
    that are settled, by agreement, consensus or a single screener, move a report on; those still
    open are among the problems, and so the sums show how many are missing.
    """
    if counts is not None:
        if any(table is not None for table in (records, links, decisions)):
            raise DataError("counts: give either counts or records, links and decisions.")
        return PrismaFlow(dict(counts))
    if records is None or links is None or decisions is None:
        raise DataError("give records, links and decisions, or counts={...} alone.")
    source = read_labels(checks.column(records, "database", "records"))
    ids = ids_of(records)
    registers = _registers(records, source) if registers is None else list(map(label, registers))
    other = {label(name): way for name, way in (other or {}).items()}
    for way in other.values():
        one_of("other", way, list(WAYS))
    for argument, names in (("registers", registers), ("other", list(other))):
        for name in names:
            one_of(argument, name, sorted(set(source)))
    heads = heads_of(records, links)
    sound = check_decisions(about_heads(decisions, heads), records)
    told = [Told(_place(row), row["message"]) for row in sound.problems.to_dict("records")]
    by_stage = settled_by_stage(sound.decisions, rules)
    ways = Ways.of(ids, source, heads, set(registers), other)
    automatic = {person(name) for name in tools}
    counts, included = counts_of(ways, by_stage, sound.decisions, automatic)
    if searches is not None:
        counts["searches"] = _by_search(records, source, other, searches)
    named = {label(one): label(study) for one, study in (studies or {}).items()}
    study_of = {heads[one]: study for one, study in named.items() if one in heads}
    there = {study_of.get(one, one) for one in included}
    before = {label(one) for one in already_included or ()}
    earlier = [one for one in included if study_of.get(one, one) in before]
    new = there - before
    counts["new_studies"], counts["new_reports"] = len(new), len(included)
    if earlier:
        counts["reports_of_earlier_studies"] = len(earlier)
    if previous is not None and already_included is None and studies and there:
        told.append(
            Told(
                "previous",
                "which of the included studies were in the previous version? Name them in "
                "already_included, or give already_included=[] if none was; all were counted as "
                "new.",
            )
        )
    for decision in ("ongoing", "awaiting"):
        reports = [
            one
            for one in (*ways.by_databases, *ways.by_other)
            if by_stage.get("full_text", {}).get(one, UNDECIDED).decision == decision
        ]
        if reports:
            counts[f"{decision}_studies"] = len({study_of.get(one, one) for one in reports})
            counts[f"{decision}_reports"] = len(reports)
    if previous is not None:
        counts |= {name: previous.get(name) for name in ("previous_studies", "previous_reports")}
        counts["total_studies"] = (previous.get("previous_studies") or 0) + len(new)
        counts["total_reports"] = (previous.get("previous_reports") or 0) + len(included)
    if in_meta_analysis is not None:
        pooled = {label(one) for one in in_meta_analysis}
        counts["total_studies_ma"] = len(pooled)
        if previous is None and (strangers := sorted(pooled - there)):
            told.append(
                Told(
                    "studies",
                    f"in the meta-analysis but not included: {shortened(strangers)}.",
                )
            )
    told += [Told("records", note) for note in capitals("Databases", source)]
    told += [Told("records", note) for note in of_included(records, heads, set(included))]
    told += still_open(by_stage, sound.decisions, links, ways.by_databases)
    sums = flow_problems(counts)
    tables = [(one.where, None, one.message) for one in told]
    rows = [*sums.astype(object).to_numpy().tolist(), *tables]
    problems = TextTable(rows, columns=list(PROBLEMS)).astype({"difference": "Int64"})
    return PrismaFlow(counts, problems)


def _by_search(
    records: pd.DataFrame,
    source: Sequence[str],
    other: Mapping[str, str],
    searches: Mapping[str, str],
) -> dict[str, int]:
    """Return how many records of databases and registers each search found."""
    files = read_labels(checks.column(records, "source_file", "records"))
    named = {label(file): label(search) for file, search in searches.items()}
    used = {file for file, name in zip(files, source, strict=True) if name not in other}
    if missing := sorted(used - set(named)):
        raise DataError(f"searches: say which search these files came from: {shortened(missing)}.")
    if strangers := sorted(set(named) - set(files)):
        raise DataError(f"searches: no records were read from {shortened(strangers)}.")
    tally: dict[str, int] = dict.fromkeys(named.values(), 0)
    for file, name in zip(files, source, strict=True):
        if name not in other:
            tally[named[file]] += 1
    return tally


def _registers(records: pd.DataFrame, source: Sequence[str]) -> list[str]:
    """Return the databases of which every record is an entry of a register."""
    kinds = as_text(records, ["type"])["type"]
    others = {name for name, kind in zip(source, kinds, strict=True) if kind != "registration"}
    return [name for name in dict.fromkeys(source) if name not in others]


def _in_words(counts: Mapping[str, Any]) -> str:
    """Return the diagram in words, box by box, as its text alternative."""
    from synthesis.library.flow.layout import boxes

    in_order = sorted(boxes(counts)[0], key=lambda box: (box.row, box.column))
    told = [" ".join(" ".join(box.lines).split()) for box in in_order if box.kind == "box"]
    return ". ".join(re.sub(r"(\(n =[^)]*\)) ", r"\1, ", words) for words in told) + "."


def _place(row: Mapping[Any, Any]) -> str:
    where = f"{row['file']}, line {row['line']}" if row["file"] else f"row {row['line']}"
    return f"decisions, {where}"
