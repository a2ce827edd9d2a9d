"""What tables of risk of bias hold: one entry per study, result and assessor, nothing lost.

Three layouts are recognised by their columns: one row per result with a column for each question
and domain (the template, and robvis's files, which have domains only); and the long table with one
row per answer (``item`` and ``answer``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import as_path
from arrowroot.options import thing
from arrowroot.tables import read_table
from arrowroot.text import did_you_mean, label, person, shortened
from synthesis import checks
from synthesis.appraisal.risk_of_bias.findings import Finding
from synthesis.appraisal.risk_of_bias.tools.tool import Tool

KEY = ("study", "outcome", "window", "assessor")
CONSENSUS = "consensus"
"""The assessor of judgements on which several people have settled."""

ITEM, ANSWER, REASON = "item", "answer", "reason"
LONG = (*KEY, ITEM, ANSWER, REASON)
_ALSO = {"author": "study", "trial": "study", "reviewer": "assessor", "rater": "assessor"}
_PART = re.compile(r"^(?P<code>.+?)[ :_.–-]+(?P<part>judge?ment|reason|proposed|path)$", re.I)
_PASSED_OVER = ("weight", "design", "effect", "note", "notes", "time")
_NUMBERED = re.compile(r"^domain\s*(\d+\w?)$", re.I)
_NAMED = re.compile(r"^(D\d+\w?|A\d+)\s*[:.]\s+\S.*$", re.I)


@dataclass
class Entry:
    """What one person filled in about one result of one study.

    Attributes
    ----------
    study, outcome, window, assessor : str
        The result and the person; all but the study may be empty.
    file, line : str, int
        Where it begins.
    answers, judgements, reasons : dict of str to str
        Filled cells as written: by question, and by domain code.
    """

    study: str
    outcome: str = ""
    window: str = ""
    assessor: str = ""
    file: str = ""
    line: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    judgements: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def result(self) -> tuple[str, str, str]:
        """The study and the result, without who assessed it."""
        return self.study, self.outcome, self.window

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been filled in yet."""
        return not (self.answers or self.judgements)

    def finding(self, rule: str, message: str, domain: str = "") -> Finding:
        """Return a finding about this entry."""
        return Finding(
            rule,
            message,
            self.file,
            self.line,
            self.study,
            self.outcome,
            self.window,
            self.assessor,
            domain,
        )


def sources(
    given: str | os.PathLike[str] | pd.DataFrame | Iterable[str | os.PathLike[str]],
) -> Iterator[tuple[str, pd.DataFrame, list[str]]]:
    """Yield each table with its name and what should be known about the file."""
    if isinstance(given, pd.DataFrame):
        yield IN_MEMORY, given, []
        return
    if isinstance(given, str | os.PathLike):
        paths = [given]
    elif isinstance(given, Iterable):
        paths = list(given)
    else:
        raise DataError(
            f"risk of bias: a file, several files or a table is needed; got {thing(given)}."
        )
    if not paths:
        raise DataError("risk of bias: there are no sheets to read; give a file or a table.")
    for path in paths:
        table = read_table(path)
        # The template's other worksheets explain the questions and hold nothing to read.
        told = [one for one in table.remarks if QUESTIONS not in one]
        yield as_path(path).name, table.to_frame(), told


IN_MEMORY = "the table"
QUESTIONS = "Questions"
"""The worksheet of a template that explains its columns."""


def read_entries(
    name: str, table: pd.DataFrame, tool: Tool, found: list[Finding]
) -> tuple[list[Entry], list[str]]:
    """Return the entries of a table, and the questions and domains that it has columns for.

    Parameters
    ----------
    name : str
        The file.
    table : DataFrame
        In any of the layouts.
    tool : Tool
        Whose questions and domains they are.
    found : list of Finding
        Gets what cannot be read.

    Raises
    ------
    DataError
        If there is no column of studies, none of the tool's columns, or two that mean the same.
    """
    checks.is_table(table, "path")
    columns: dict[str, object] = {}
    for column in table.columns:
        heading = str(column)
        meant = _meaning(heading, tool)
        if meant in columns:
            raise DataError(
                f"{name}: the columns '{columns[meant]}' and '{heading}' mean the same; keep one."
            )
        if meant:
            columns[meant] = column
        elif heading.strip().lower() not in _PASSED_OVER and not _is_proposal(heading, tool):
            known = [*KEY, *(q.id for d in tool.domains for q in d.questions), *tool.codes]
            found.append(
                Finding(
                    "unknown-column",
                    f"the column {heading!r} is none of {tool.name}'s questions or domains and was "
                    f"not read.{did_you_mean(heading, known)}",
                    name,
                )
            )
    if "study" not in columns:
        raise DataError(
            f"{name}: no column 'study'. A table of risk of bias has one row per study and result, "
            f"or the columns {', '.join(LONG)}."
        )
    is_long = {ITEM, ANSWER} <= set(columns)
    items = [one for one in columns if one not in (*KEY, ITEM, ANSWER, REASON)]
    if not is_long and not any(not one.endswith(f" {REASON}") for one in items):
        raise DataError(
            f"{name}: no column of {tool.name} (such as {_example(tool)}), nor the columns "
            f"'{ITEM}' and '{ANSWER}'. RiskOfBias.template writes a sheet that has them."
        )
    rows = _rows(name, table, columns, found)
    return (_long(rows, tool, found) if is_long else _wide(rows, tool, found)), items


def has_meaning(name: str) -> bool:
    """Return whether a column of this name is read as something else than a tool's question."""
    read = label(name)
    others = (*KEY, ITEM, ANSWER, REASON, *_ALSO, *_PASSED_OVER)
    return read.lower() in others or _PART.match(read) is not None


def _example(tool: Tool) -> str:
    first = tool.domains[0]
    return repr(first.questions[0].id if first.questions else first.code)


def _meaning(heading: str, tool: Tool) -> str:
    """Return what a column holds: a key, a question, a domain's code, or its code and reason."""
    read = label(heading)
    plain = read.lower()
    if plain in (*KEY, ITEM, ANSWER, REASON):
        return plain
    if plain in _ALSO:
        return _ALSO[plain]
    if located := tool.question(plain):
        return located[1].id
    if code := _code(read, tool):
        return code
    if matched := _PART.match(read):
        code = _code(matched["code"], tool)
        part = matched["part"].lower()
        located = tool.question(label(matched["code"]))
        if part == REASON and located is not None:
            return f"{located[1].id} {REASON}"
        if code and part == REASON:
            return f"{code} {REASON}"
        if code and part.startswith("judg"):
            return code
    return ""


def _code(heading: str, tool: Tool) -> str:
    if known := tool.code(heading):
        return known
    if matched := _NUMBERED.match(heading):
        heading = f"D{matched[1]}"
    elif matched := _NAMED.match(heading):
        heading = matched[1]
    return tool.code(heading) or ""


def _is_proposal(heading: str, tool: Tool) -> bool:
    """Return whether a column is what the template shows of proposals, which are made anew."""
    matched = _PART.match(label(heading))
    return bool(matched and _code(matched["code"], tool))


@dataclass(frozen=True)
class _Row:
    entry: Entry
    cells: Mapping[str, str]


def _rows(
    name: str, table: pd.DataFrame, columns: Mapping[str, object], found: list[Finding]
) -> list[_Row]:
    """Return the rows with their key, each person in one spelling; report those without a study."""
    texts = {meant: [label(cell) for cell in table[column]] for meant, column in columns.items()}
    spelled: dict[str, str] = {}
    rows = []
    of_file = name != IN_MEMORY  # tables read from files are indexed by their lines
    for at, place in enumerate(table.index):
        cells = {meant: held[at] for meant, held in texts.items() if held[at]}
        line = int(place) if of_file else at + 1
        if "study" not in cells:
            if cells:
                told = shortened(f"{meant} {cell!r}" for meant, cell in cells.items())
                message = f"no study is named beside {told}; the row was not read. Enter the study"
                found.append(Finding("no-study", message, name, line))
            continue
        who = cells.get("assessor", "")
        who = spelled.setdefault(person(who), who)
        entry = Entry(
            cells["study"], cells.get("outcome", ""), cells.get("window", ""), who, name, line
        )
        rest = {meant: cell for meant, cell in cells.items() if meant not in KEY}
        rows.append(_Row(entry, rest))
    return rows


def _wide(rows: Iterable[_Row], tool: Tool, found: list[Finding]) -> list[Entry]:
    entries: dict[tuple[str, ...], Entry] = {}
    for row in rows:
        entry = row.entry
        key = (*entry.result, person(entry.assessor))
        if key in entries:
            by = f" by {entry.assessor}" if entry.assessor else ""
            message = (
                f"this result{by} is already on line {entries[key].line}; the row was not read. "
                "Keep one row per study, outcome, window and assessor"
            )
            found.append(entry.finding("repeated", message))
            continue
        entries[key] = entry
        for meant, cell in row.cells.items():
            _place(entry, meant, cell, tool)
    return list(entries.values())


def _place(entry: Entry, meant: str, cell: str, tool: Tool) -> None:
    if tool.question(meant) is not None:
        entry.answers[meant] = cell
    elif meant.endswith(f" {REASON}"):
        entry.reasons[meant.removesuffix(f" {REASON}")] = cell
    elif meant in tool.codes:
        entry.judgements[meant] = cell


def _long(rows: Iterable[_Row], tool: Tool, found: list[Finding]) -> list[Entry]:
    entries: dict[tuple[str, ...], Entry] = {}
    numbers = [one.id for domain in tool.domains for one in domain.questions]
    for row in rows:
        own = row.entry
        entry = entries.setdefault((*own.result, person(own.assessor)), own)
        item, answer = row.cells.get(ITEM, ""), row.cells.get(ANSWER, "")
        reason = row.cells.get(REASON, "")
        meant = _meaning(item, tool)
        if not (meant in tool.codes or meant in numbers):
            near = did_you_mean(item, [*numbers, *tool.codes], cutoff=0.5)
            message = f"item {item!r} is no question or domain of {tool.name}; not read.{near}"
            found.append(own.finding("unknown-item", message))
            continue
        if meant in entry.answers or meant in entry.judgements:
            message = f"{meant} occurs twice for this result; the second was not read"
            found.append(own.finding("repeated", message, meant if meant in tool.codes else ""))
            continue
        if answer:
            _place(entry, meant, answer, tool)
        if reason:
            entry.reasons[meant] = reason
    return list(entries.values())


def is_settled(entry: Entry) -> bool:
    """Return whether an entry is what several people have agreed on."""
    return person(entry.assessor) == CONSENSUS
