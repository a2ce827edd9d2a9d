"""From the exports of a search and the decisions of each person to the flow diagram.

`synthesis.library` is imported when files are read: of most searches only the `Tally` is needed,
which is kept from the last time.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot.errors import ArrowrootError
from arrowroot.tables import read_frame
from arrowroot.text import counted, shortened
from synthesis.labels import read_labels
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.folder import DUPLICATES, SCREENING, SEARCH, Folder
from synthesis.review.inputs.forms import Search

if TYPE_CHECKING:
    from synthesis.library.flow.flow import PrismaFlow
    from synthesis.library.records import Records
    from synthesis.library.screening import Screening

_YES = ("true", "yes", "1", "")


@dataclass(frozen=True, eq=False)
class Searched:
    """What was found and decided.

    Attributes
    ----------
    records : Records or None
        The exports; None if there are none, or they could not be read.
    links : DataFrame
        Which records are the same report.
    screening : Screening or None
        The decisions of each person.
    flow : PrismaFlow or None
        The counts, from the records and decisions or as typed.
    findings : list of Finding
        What was wrong, and what is still open.
    to_screen, conflicts : int
        Records on which nobody, or not everybody in agreement, has decided.
    """

    records: Records | None = None
    links: pd.DataFrame = field(default_factory=lambda: _no_links())
    screening: Screening | None = None
    flow: PrismaFlow | None = None
    findings: list[Finding] = field(default_factory=list)
    to_screen: int = 0
    conflicts: int = 0

    def tally(self) -> Tally:
        """Return what can be said of it without the records."""
        records = None if self.records is None else self.records.records["record_id"].tolist()
        counts = {} if self.flow is None else self.flow.counts
        return Tally(records, counts, tuple(self.findings), self.to_screen, self.conflicts)


@dataclass(frozen=True, eq=False)
class Tally:
    """What was found and decided, in numbers.

    Attributes
    ----------
    record_ids : list of str or None
        Of the records; None if there are none, or they could not be read.
    counts : mapping of str to count
        Those of the flow diagram; empty if there is none.
    findings : tuple of Finding
        As `Searched` has them.
    to_screen, conflicts : int
        As `Searched` has them.
    """

    record_ids: list[str] | None
    counts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    to_screen: int
    conflicts: int


def read_searched(
    folder: Folder, search: Search, reports: Mapping[str, str], pooled: Collection[str]
) -> Searched:
    """Read the exports, the decisions and the links, and count the flow.

    Parameters
    ----------
    folder : Folder
        Of the review.
    search : Search
        Which databases are registers, and which reasons were declared.
    reports : mapping of str to str
        The study of each report.
    pooled : collection of str
        The studies in the meta-analyses.
    """
    from synthesis.library.records import read_records
    from synthesis.library.screening import read_decisions

    exports, typed = folder.exports(), folder.flow_counts()
    if not exports:
        return _as_typed(folder) if typed else Searched()
    try:
        records = read_records(exports, databases=search.databases)
        screening = read_decisions(
            folder.decisions(), records.records, reasons=search.reasons or None
        )
    except ArrowrootError as error:
        files = [*exports, *folder.decisions()]
        where = next((folder.name(path) for path in files if path.name in str(error)), SEARCH)
        return Searched(findings=of_error(error, where, "search"))
    findings = [
        Finding("warning", "records", f"{SEARCH}/{row['file']}", int(row["line"]), row["message"])
        for row in records.problems.to_dict("records")
    ]
    findings += [
        Finding(
            "warning", "decisions", f"{SCREENING}/{row['file']}", int(row["line"]), row["message"]
        )
        for row in screening.problems.to_dict("records")
    ]
    if typed:
        findings.append(
            Finding(
                "warning",
                "flow",
                f"{SEARCH}/{typed.name}",
                None,
                "The counts typed here are not used, because the records themselves are there.",
                "Delete this file, or move the exports out of the folder.",
            )
        )
    links, of_links = _links(folder, records.records)
    findings += of_links
    found = Searched(records, links, screening, None, findings)
    try:
        return _counted(found, search, reports, pooled)
    except ArrowrootError as error:
        return replace(found, findings=[*findings, *of_error(error, SEARCH, "flow")])


def _counted(
    found: Searched, search: Search, reports: Mapping[str, str], pooled: Collection[str]
) -> Searched:
    from synthesis.library.flow.flow import prisma_flow
    from synthesis.library.settling import settle

    assert found.records is not None and found.screening is not None  # noqa: S101
    records, decisions = found.records.records, found.screening.decisions
    databases, known = set(read_labels(records["database"])), set(records["record_id"])
    flow = prisma_flow(
        records,
        found.links,
        decisions,
        registers=[name for name in search.registers if name in databases],
        other={name: way for name, way in search.other.items() if name in databases},
        studies={report: study for report, study in reports.items() if report in known},
        in_meta_analysis=pooled or None,
    )
    settled = settle(decisions)
    # A decision on a duplicate is one about the record that represents it.
    heads = dict(zip(found.links["record_id"], found.links["duplicate_of"], strict=True))
    done = {heads.get(one, one) for one in settled["record_id"]}
    open_ones = [one for one in records["record_id"] if one not in heads and one not in done]
    findings = list(found.findings)
    findings += [
        Finding("warning", "flow", SEARCH, None, _ended(str(message)))
        for message in flow.problems["message"]
    ]
    findings += [
        Finding(
            "error",
            "flow",
            "review.yaml",
            None,
            f"search: there is no database {name!r} among the records; there are "
            f"{shortened(sorted(databases))}.",
            "Write its name as the exports have it.",
        )
        for name in [*search.registers, *search.other]
        if name not in databases
    ]
    conflicts = int(settled["how"].isin(["conflict", "unsure"]).sum())
    return replace(
        found, flow=flow, findings=findings, to_screen=len(open_ones), conflicts=conflicts
    )


def _as_typed(folder: Folder) -> Searched:
    from synthesis.library.flow.flow import read_flow

    path = folder.flow_counts()
    assert path is not None  # noqa: S101
    try:
        flow = read_flow(path)
    except ArrowrootError as error:
        return Searched(findings=of_error(error, f"{SEARCH}/{path.name}", "flow"))
    findings = [
        Finding("warning", "flow", f"{SEARCH}/{path.name}", None, _ended(str(message)))
        for message in flow.problems["message"]
    ]
    return Searched(flow=flow, findings=findings)


def _no_links() -> pd.DataFrame:
    from synthesis.library.duplicates import LINKS

    return pd.DataFrame(columns=list(LINKS)).astype({"certain": bool})


def _links(folder: Folder, records: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the links between duplicates as decided, and what is wrong with them."""
    from synthesis.library.duplicates import LINKS

    path = folder.links()
    where = f"{SCREENING}/{DUPLICATES}"
    if not path.is_file():
        several = len(set(records["source_file"])) > 1
        todo = "In a notebook:  Review(...).find_duplicates()  writes the file, for you to check."
        message = "There are several exports, and no duplicates among them have been looked for."
        return _no_links(), [Finding("warning", "duplicates", where, None, message, todo)] * several
    try:
        table = read_frame(path)
    except ArrowrootError as error:
        return _no_links(), of_error(error, where, "duplicates")
    lacking = [name for name in LINKS[:2] if name not in table]
    if lacking:
        message = f"There is no column {' and no column '.join(map(repr, lacking))}."
        return _no_links(), [Finding("error", "duplicates", where, 1, message)]
    known = set(records["record_id"])
    findings, rows = [], []
    certain = read_labels(table["certain"]) if "certain" in table else [""] * len(table)
    reasons = read_labels(table["reason"]) if "reason" in table else [""] * len(table)
    pairs = zip(
        table.index,
        read_labels(table["record_id"]),
        read_labels(table["duplicate_of"]),
        reasons,
        certain,
        strict=True,
    )
    for line, one, other, reason, sure in pairs:
        strangers = [name for name in (one, other) if name not in known]
        if strangers:
            message = f"There is no record {shortened(map(repr, strangers))} in the exports."
            todo = "Delete the row, or compare it with the column record_id."
            findings.append(Finding("error", "duplicates", where, int(line), message, todo))
            continue
        rows.append((one, other, reason, sure.lower() in _YES))
    links = pd.DataFrame(rows, columns=list(LINKS)).astype({"certain": bool})
    unsure = int((~links["certain"]).sum())
    if unsure:
        message = f"{counted(unsure, 'pair')} may be the same report, which nobody has decided."
        todo = "Write yes in the column certain, or delete the row."
        findings.append(Finding("warning", "duplicates", where, None, message, todo))
    return links, findings


def looked_for(records: pd.DataFrame) -> pd.DataFrame:
    """Return the links between records that are the same report; see `find_duplicates`."""
    from synthesis.library.duplicates import find_duplicates

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return find_duplicates(records, progress=False)


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."
