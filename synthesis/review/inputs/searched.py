"""From the exports of a search and the decisions of each person to the flow diagram.

`synthesis.library` is imported when files are read: of most searches only the `Tally` is needed,
which is kept from the last time.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
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
    from synthesis.library.flow.waiting import Waiting
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
    to_judge : int
        Reports that nobody has judged at full text yet.
    """

    records: Records | None = None
    links: pd.DataFrame = field(default_factory=lambda: _no_links())
    screening: Screening | None = None
    flow: PrismaFlow | None = None
    findings: list[Finding] = field(default_factory=list)
    to_screen: int = 0
    conflicts: int = 0
    to_judge: int = 0

    def tally(self) -> Tally:
        """Return what can be said of it without the records."""
        records = None if self.records is None else self.records.records["record_id"].tolist()
        counts = {} if self.flow is None else self.flow.counts
        open_ones = (self.to_screen, self.conflicts, self.to_judge)
        return Tally(records, counts, tuple(self.findings), *open_ones)


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
    to_screen, conflicts, to_judge : int
        As `Searched` has them.
    """

    record_ids: list[str] | None
    counts: Mapping[str, Any]
    findings: tuple[Finding, ...]
    to_screen: int
    conflicts: int
    to_judge: int = 0


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
    from synthesis.library.flow.waiting import waiting_of

    assert found.records is not None and found.screening is not None  # noqa: S101
    records, decisions = found.records.records, found.screening.decisions
    databases, known = set(read_labels(records["database"])), set(records["record_id"])
    other = {name: way for name, way in search.other.items() if name in databases}
    flow = prisma_flow(
        records,
        found.links,
        decisions,
        registers=[name for name in search.registers if name in databases],
        other=other,
        studies={report: study for report, study in reports.items() if report in known},
        in_meta_analysis=pooled or None,
    )
    waiting = waiting_of(records, found.links, decisions, other=other)
    findings = [*found.findings, *_sums(flow, waiting, begun=len(decisions) > 0)]
    findings += _open(waiting, decisions)
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
    return replace(
        found,
        flow=flow,
        findings=findings,
        to_screen=len(waiting.to_screen),
        conflicts=len(waiting.undecided),
        to_judge=len(waiting.to_judge) + len(waiting.to_judge_other),
    )


def _sums(flow: PrismaFlow, waiting: Waiting, *, begun: bool) -> Iterator[Finding]:
    """Yield what does not add up in a flow, beyond what is still to do and said as such."""
    from synthesis.library.screening import STAGE_NAMES

    gaps = waiting.gaps()
    named = "studies" in set(flow.problems["rule"])
    for rule, gap, message in flow.problems.itertuples(index=False, name=None):
        to_do = gaps.get(str(rule).rsplit(" ", 1)[-1])
        a_sum = not pd.isna(gap)
        explained = a_sum and gap < 0 and -gap == to_do
        # Until somebody decides, every sum is short, and no study included.
        early = not begun and (a_sum or rule == "studies")
        # Links, decisions and stages are told from the tables themselves, with their rows.
        elsewhere = rule == "links" or str(rule).startswith("decisions, ") or rule in STAGE_NAMES
        # That too many studies are pooled is said by naming those that are not included.
        again = rule == "pooled <= included" and named
        if not (explained or early or elsewhere or again):
            yield Finding("warning", "flow", SEARCH, None, _ended(str(message)))


def _open(waiting: Waiting, decisions: pd.DataFrame) -> Iterator[Finding]:
    """Yield the decisions that are missing, still open or contradict each other."""
    from synthesis.library.flow.still_open import written_for

    place = f"a file in {SCREENING}/"
    for one in waiting.contradictions:
        yield Finding("warning", "flow", SCREENING, None, _ended(one.message))
    for one_person in waiting.twice:
        row = one_person.other
        where, todo = f"{SCREENING}/{row['file']}", "Correct the decision that is wrong."
        message = one_person.sentence()
        yield Finding("warning", "decisions", where, int(row["line"]), message, todo)
    written = written_for(decisions)
    for case in waiting.undecided:
        message = case.sentence(written)
        todo = (
            f"Write a row for it at the stage {case.stage} by the screener 'consensus' in {place}."
        )
        yield Finding("warning", "flow", SCREENING, None, message, todo)
    if len(decisions) == 0:
        # Nothing has begun, and the status says how many records there are to screen.
        return
    if waiting.to_screen:
        ids = waiting.to_screen
        message = f"{_still(ids, 'record')} to screen by title and abstract: {shortened(ids)}."
        todo = f"Decide on each at the stage title_abstract in {place}."
        yield Finding("warning", "flow", SCREENING, None, message, todo)
    if ids := [*waiting.to_judge, *waiting.to_judge_other]:
        message = f"{_still(ids, 'report')} to judge at full text: {shortened(ids)}."
        todo = f"Decide on each at the stage full_text in {place}."
        yield Finding("warning", "flow", SCREENING, None, message, todo)


def _still(ids: Sequence[str], what: str) -> str:
    return f"{counted(len(ids), what)} {'is' if len(ids) == 1 else 'are'} still"


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
    from synthesis.library.flow.still_open import DECIDE, DOUBTFUL

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
        message = f"{counted(unsure, 'pair')} {DOUBTFUL}."
        todo = f"{DECIDE[0].upper()}{DECIDE[1:]}."
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
