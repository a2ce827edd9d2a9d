"""One table of records from the exports of several databases; nothing in them is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_paths, read_bytes
from arrowroot.formats import delimited, kinds
from arrowroot.frames import TextTable
from arrowroot.lab.progress import Progress
from arrowroot.tables import read_cells
from arrowroot.text import counted, label, shortened
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.library.notices.words import notice_of
from synthesis.library.readers import accounts, spreadsheet
from synthesis.library.readers.found import FIELDS, Contents, Found, Problem

COLUMNS = ("record_id", *FIELDS, "notice", "source_file", "source_line", "raw")
"""The columns of a table of records."""

PROBLEMS = ("file", "line", "message", "raw")
AROUND = ("file", "line", "raw")

PROBLEMS_SHOWN = 10

LARGEST = 1_000_000_000
"""The largest export that is read, in bytes."""

IDS = ("record_id", "duplicate_of")
"""Columns that name a record."""

LARGEST_WORKBOOK = 200_000_000
"""Bytes of a workbook, and to which it may unpack."""


@dataclass(frozen=True, eq=False, repr=False)
class Records(display.Shown):
    """The contents of exports; ``records, problems = read_records(...)`` unpacks them.

    Attributes
    ----------
    records : DataFrame
        One row per reference, `COLUMNS`. Every cell is text, empty where the export has nothing,
        except ``source_line``, the line of the file where it begins. ``notice`` says whether it is
        retracted, of concern or corrected, or a notice about another. ``raw`` is the reference
        exactly as in the file. Authors and keywords are separated by semicolons.
    problems : DataFrame
        ``file``, ``line``, ``message``, ``raw``: what could not be read, and what was read but
        should be looked at. One row for each file names every tag or heading with a text that
        was not read, and one the words, such as "NA", that were taken for a blank.
    around : DataFrame
        ``file``, ``line``, ``raw``: what belongs to a file and not to a reference, such as
        headings, macros and comments. Every word of every file is in the ``raw`` of one of the
        three tables.
    """

    records: pd.DataFrame
    problems: pd.DataFrame
    around: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(AROUND)))

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Yield records and problems."""
        return iter((self.records, self.problems))

    def _title(self) -> str:
        return "Records"

    def _facts(self) -> Sequence[tuple[str, str]]:
        by_file = self.records.groupby("source_file", sort=False)
        facts = [
            (str(name), f"{counted(len(rows), 'record')} ({', '.join(_named(rows))})")
            for name, rows in by_file
        ]
        return [
            *facts,
            ("In all", counted(len(self.records), "record")),
            ("To look at", counted(len(self.problems), "problem")),
        ]

    def _notes(self) -> Sequence[str]:
        return problem_notes(self.problems)


def problem_notes(problems: pd.DataFrame) -> list[str]:
    """Return the first problems in sentences, each with its file and line, for display."""
    notes = [
        f"{file}, line {line}: {message}" if file else f"row {line}: {message}"
        for file, line, message in problems[["file", "line", "message"]]
        .head(PROBLEMS_SHOWN)
        .itertuples(index=False, name=None)
    ]
    if more := len(problems) - len(notes):
        notes.append(f"and {counted(more, 'more problem')}, in the table problems.")
    return notes


def _named(rows: pd.DataFrame) -> list[str]:
    return [str(name) for name in rows["database"].unique()]


def read_records(
    paths: str | Path | Iterable[str | Path],
    *,
    databases: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Records:
    """Read the exports of databases and reference managers into one table.

    Parameters
    ----------
    paths : path or iterable of paths
        Files in BibTeX, RIS, PubMed's format (also ERIC's) and XML, EndNote's XML and tags (.enw),
        Web of Science's plain text, CSL-JSON, ICTRP's XML, JSON of ClinicalTrials.gov and OpenAlex,
        or tables (CSV, text separated by tabs, XLSX) as databases, registers, reference managers
        and `write_records` write them. The format is judged by a file's content, not by its name.
        File names must differ, since records are traced by them.
    databases : mapping of str to str, optional
        Name of a file -> the database it was exported from, where the file does not say.
        Without either, the file's name is used as the database.
    encoding : str, optional
        The files' encoding, for all of them; by default it is detected.

    Returns
    -------
    Records
        ``records`` and ``problems``. A record's ``record_id`` is the file's name, a colon, and the
        file's own name for the reference (its citation key, its PubMed number) or else its
        position in the file.

    Raises
    ------
    FileError
        If a file is missing or cannot be opened.
    DataError
        If two files have the same name, or `databases` names a file that is not read.
    OptionError
        If there is no such encoding.
    """
    listed = as_paths(paths)
    names = [path.name for path in listed]
    if not listed:
        raise DataError("paths: name at least one file.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise DataError(
            f"paths: two files are called {shortened(twice)}; rename one, so that every "
            "record can be traced to its file."
        )
    named = {label(name): label(database) for name, database in (databases or {}).items()}
    if strangers := sorted(set(named) - set(map(label, names))):
        raise DataError(f"databases: no such file among paths: {shortened(strangers)}.")
    rows: list[dict[str, object]] = []
    problems: list[dict[str, object]] = []
    around: list[tuple[str, int, str]] = []
    stems = [label(path.stem) for path in listed]
    read = []
    with Progress(len(listed), "Reading", "files") as bar:
        for path in listed:
            read.append(_contents(path, encoding))
            bar.update()
    for path, stem, contents in zip(listed, stems, read, strict=True):
        prefix = stem if stems.count(stem) == 1 else label(path.name)
        given = named.get(label(path.name), "")
        taken: dict[str, int] = {}
        for place, one in enumerate(contents.found, start=1):
            rows.append(
                {
                    "record_id": f"{prefix}:{_identity(one, place, taken, contents)}",
                    **dict.fromkeys(FIELDS, ""),
                    **one.fields,
                    "notice": notice_of(one.fields, one.raw, one.said),
                    "database": given or one.fields.get("database") or path.stem,
                    "source_file": path.name,
                    "source_line": one.line,
                    "raw": one.raw,
                }
            )
        problems += [
            {"file": path.name, "line": one.line, "message": one.message, "raw": one.raw}
            for one in sorted(contents.problems, key=lambda problem: problem.line)
        ]
        around += [(path.name, one.line, one.raw) for one in contents.around]
    return Records(
        pd.DataFrame(rows, columns=list(COLUMNS)).astype({"source_line": "int64"}),
        TextTable(problems, columns=list(PROBLEMS)),
        pd.DataFrame(around, columns=list(AROUND)),
    )


def ids_of(records: pd.DataFrame) -> list[str]:
    """Return the ids of records, each of which must be unique.

    Raises
    ------
    DataError
        If there is no column ``record_id``, or an id is blank or occurs twice.
    """
    ids = read_labels(checks.column(records, "record_id", "records"))
    if "" in ids:
        raise DataError("records: every record needs a record_id; some are blank.")
    if twice := [repr(one) for one, times in Counter(ids).items() if times > 1]:
        raise DataError(
            f"records: record_id must differ; repeated: {shortened(twice)}. Read all "
            "exports with one call of read_records, which gives each record its own."
        )
    return ids


def as_text(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return columns of a table as text, empty where a cell or a whole column is missing.

    Ids of records are labels, so that they are found whatever the type of the column.
    """
    cells = table.reindex(columns=list(columns)).astype(object)
    text = cells.where(cells.notna(), "").astype(str)
    return text.assign(**{name: read_labels(cells[name]) for name in IDS if name in cells})


def _contents(path: Path, encoding: str | None) -> Contents:
    held = read_bytes(path, largest=LARGEST)
    is_workbook = path.suffix.lower() == ".xlsx" and held.startswith(b"PK")
    if kinds.is_binary(held) and not is_workbook:
        kinds.refuse_content(path.name, path.suffix.lower(), held)
    text, remarks = _of_workbook(path) if is_workbook else _decoded(held, encoding)
    contents = accounts.read(text)
    contents.problems.extend(remarks)
    contents.problems.extend(accounts.remarked(contents))
    for one in contents.found:
        if not one.fields.get("title"):
            contents.problems.append(Problem(one.line, "this reference has no title.", one.raw))
    return contents


def _of_workbook(path: Path) -> tuple[str, list[Problem]]:
    cells = read_cells(path, largest=LARGEST_WORKBOOK)
    remarks = [Problem(1, f"{remark}.", "") for remark in cells.remarks]
    remarks += [Problem(fault.place[0], fault.message, "") for fault in cells.faults]
    return spreadsheet.written(cells), remarks


def _decoded(held: bytes, encoding: str | None) -> tuple[str, list[Problem]]:
    if encoding is None:
        text, used, line = delimited.decoded(held)
    else:
        try:
            text, used, line = held.decode(encoding, "replace"), encoding, 0
        except (LookupError, ValueError):
            raise OptionError(f"encoding: there is no text encoding {encoding!r}.") from None
        text = text.removeprefix("\ufeff")
    text = delimited.plain_ends(text)
    remarks = []
    if line:
        at = text.split("\n")[line - 1]
        message = accounts.in_another_script(text) or (
            "not UTF-8 text; it was read as Windows-1252. If accented letters look wrong, name "
            "the encoding: encoding='...'."
        )
        remarks.append(Problem(line, message, at))
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        message = (
            f"some characters are not {used} and are shown as \ufffd; name the file's encoding."
        )
        remarks.append(Problem(line, message, text.split("\n")[line - 1]))
    return text, remarks


def _identity(one: Found, place: int, taken: dict[str, int], contents: Contents) -> str:
    """Return a unique name for a reference within its file."""
    named = label(one.key).replace(" ", "_") or str(place)
    # Where the last search for this name ended, the next one begins: files repeat names by the
    # ten thousand.
    name, count = named, taken.get(named, 0)
    while name in taken:
        count += 1
        name = f"{named}-{count}"
    taken[named] = max(count, 1)
    taken.setdefault(name, 1)
    if name != named:
        message = f"the file calls two references {named!r}; this one became {name!r}."
        contents.problems.append(Problem(one.line, message, one.raw))
    return name
