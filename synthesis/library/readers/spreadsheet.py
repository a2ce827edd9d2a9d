"""Tables of references, as databases, reference managers and we write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from arrowroot.formats import delimited
from arrowroot.formats.cells import Cells
from arrowroot.sheets import guarded, unguarded
from arrowroot.text import trimmed
from synthesis.library.readers import found, kinds, wos
from synthesis.library.readers.fields import markup, people
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.found import BETWEEN, Around, Contents, Problem
from synthesis.library.readers.headings import FLAVOURS, HEADINGS, KEYS, OURS, REGISTERS
from synthesis.library.readers.tagged import BEGINS

_LEADING = 8
"""Lines before the headings, at most: some programs begin with what the table is about."""


def delimiter(text: str) -> str:
    """Return the character that separates the headings, or an empty text if there are none.

    Examples
    --------
    >>> delimiter("Title;Authors;Year"), delimiter("Once upon a time, there was")
    (';', '')
    """
    return _header(text)[0]


def _header(text: str) -> tuple[str, int]:
    """Return the separator, and how many lines stand before the headings."""
    named, begins = delimited.named_delimiter(text)
    lines = text[begins:].lstrip("\n").split("\n", _LEADING)[:_LEADING]
    for at, line in enumerate(lines):
        for mark in named or delimited.DELIMITERS:
            names = {_heading(cell) for cell in line.split(mark)}
            if _is_web_of_science(cell for cell in line.split(mark)):
                return mark, at
            known = [field for field, titles in HEADINGS.items() if names & set(titles)]
            if "title" in known and len(known) > 1 and len(names) > 1:
                return mark, at
        if at == 0 and not _may_precede(line):
            break
    return "", 0


def _may_precede(line: str) -> bool:
    """Return whether a line may be the title of a table."""
    return bool(
        re.match(r"\W*(?:about the data|search|export|results?|database|ovid)\b", line.lower())
    )


def _is_web_of_science(cells: Iterable[str]) -> bool:
    tags = {trimmed(cell) for cell in cells}
    return {"PT", "AU", "TI"} <= tags and len(tags & wos.TAGS) > 5


def read(text: str) -> Contents:
    """Return the references of a CSV file, one per row.

    Several exports may follow one another, each with its headings: those are no references.
    """
    contents = Contents()
    lines = text.split("\n")
    mark, leading = _header(text)
    found_rows, trouble = delimited.split(text, mark or ",")
    rows = [(row, "\n".join(lines[row.line - 1 : row.last])) for row in found_rows if row.cells]
    if delimited.named_delimiter(text)[0]:
        contents.around.append(Around(1, lines[0]))
    header = next(
        (at for at, (row, _) in enumerate(rows) if leading and delimiter(rows[at][1]) == mark), 0
    )
    contents.around.extend(Around(row.line, raw) for row, raw in rows[:header])
    if trouble:
        line, why = trouble
        message = (
            f"the table cannot be read from here on ({why}). Look for a double quote that is "
            "opened but not closed."
        )
        contents.problems.append(Problem(line, message, "\n".join(lines[line - 1 :])))
    table = _Table([])
    for at, (place, raw) in enumerate(rows[header:]):
        # Another format follows; only a row may begin one, and not a line within a cell.
        if at and any(begins.match(raw) for begins in BEGINS.values()):
            break
        if at == 0 or _is_header(place.cells, raw):
            other = mark if at == 0 else _header(raw)[0]
            if other != mark:
                _read_behind(lines, place.line, contents)
                break
            table = _Table(place.cells)
            contents.around.append(Around(place.line, raw))
        elif any(place.cells[len(table.headings) :]):
            message = (
                f"{len(place.cells)} cells under {len(table.headings)} headings; extra cells were "
                "not read. A text that contains the separator must be in double quotes."
            )
            contents.problems.append(Problem(place.line, message, raw))
            table.take(place, raw, contents)
        elif any(place.cells):
            table.take(place, raw, contents)
    return contents


def _is_header(cells: Sequence[str], raw: str) -> bool:
    """Return whether a row in the middle of a file is the headings of another export."""
    if len(cells) > 1:
        others = len(cells) - max(2, len(cells) // 2 + 1)
        for cell in cells:
            others -= not 0 < len(cell) < _LONG or _heading(cell) not in _FIELD_OF
            if others < 0:
                return False
    return bool(_header(raw)[0])


def _read_behind(lines: Sequence[str], line: int, contents: Contents) -> None:
    """Add the references of an export with another separator that follows in the same file."""
    more = read("\n".join(lines[line - 1 :]))
    moved = line - 1
    contents.found.extend(replace(one, line=one.line + moved) for one in more.found)
    contents.problems.extend(replace(one, line=one.line + moved) for one in more.problems)
    contents.around.extend(replace(one, line=one.line + moved) for one in more.around)
    for name, where in more.unread.items():
        contents.unread.setdefault(name, where + moved)
    for own, others in ((contents.absent, more.absent), (contents.odd, more.odd)):
        for key, times in others.items():
            own[key] = own.get(key, 0) + times


class _Table:
    """The headings of an export, and what stands under them."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.headings = list(cells)
        self._names = [_heading(cell) for cell in cells]
        self._web_of_science = _is_web_of_science(cells)
        self._flavour = next((name for needed, name in FLAVOURS if needed <= set(self._names)), "")

        self._there = {field: self._of(titles) for field, titles in HEADINGS.items()}
        self._spelled: dict[str, str] = {}
        for name, heading in zip(self._names, cells, strict=True):
            self._spelled.setdefault(name, trimmed(heading))

    def _of(self, asked: Iterable[str]) -> tuple[str, ...]:
        """Return which of some headings the file has."""
        return tuple(name for name in asked if name in self._names)

    def take(self, place: delimited.Row, raw: str, contents: Contents) -> None:
        """Add the reference of a row."""
        tidy = [unguarded(trimmed(cell)) for cell in place.cells]
        if self._web_of_science:
            tags = dict(zip((trimmed(cell) for cell in self.headings), tidy, strict=False))
            wos.take(wos.of_row(tags, place.line, raw), contents)
            return
        cells: dict[str, list[str]] = {}
        for name, cell in zip(self._names, tidy, strict=False):
            cells.setdefault(name, []).append(cell)
        row = _Row(place.line, raw, self._flavour, self._there, self._spelled, cells)
        _take(row, contents)


@dataclass
class _Row:
    """The cells of a row under their headings, of which it is noted which were asked for.

    A field may have a dozen headings: `there` says which of them the file has, and `spelled` how.
    """

    line: int
    raw: str
    flavour: str
    there: Mapping[str, tuple[str, ...]]
    spelled: Mapping[str, str]
    cells: Mapping[str, list[str]]
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Note whether `write_records` wrote it, so that what it holds has been tidied."""
        self.ours = "source file" in self.cells

    def under(self, *names: str) -> list[str]:
        """Return the filled cells under headings."""
        self.asked.update(names)
        cells = [cell for name in names for cell in self.cells.get(name, ()) if cell]
        return cells if self.ours else list(map(markup.plain, cells))

    def all(self, field: str) -> list[str]:
        """Return every filled cell of a field."""
        there = self.there[field]
        return self.under(*there) if there else []

    def get(self, field: str) -> str:
        """Return the cell of a field: the first that is neither blank nor a word for nothing."""
        return found.first(*self.all(field))


def written(cells: Cells) -> str:
    """Return the cells of a workbook as the text of a CSV file, each row on a line of its own."""
    lines = dict(zip(cells.lines, cells.rows, strict=True))
    held = io.StringIO(newline="")
    rows = csv.writer(held, lineterminator="\n")
    for line in range(1, max(lines, default=0) + 1):
        # Line breaks within a cell would move all rows below; they mean nothing in a reference.
        rows.writerow([guarded(" ".join(cell.splitlines())) for cell in lines.get(line, ())])
    return held.getvalue()


_SCOPUS_NUMBER = re.compile(r"\s*\(\d{6,}\)")
_FIELD_OF = {heading: field for field, headings in HEADINGS.items() for heading in headings}
_TOGETHER = {re.sub(r"\W", "", heading): heading for heading in reversed(_FIELD_OF)}
"""Headings without blanks and marks: ``ArticleNumber`` is "article number"."""
_LONG = 3 * max(map(len, _FIELD_OF))
"""No heading is as long, whatever stands around it."""


@lru_cache(maxsize=4096)
def _heading(cell: str) -> str:
    """Return a heading as `HEADINGS` spells it: without capitals, underscores and double blanks."""
    plain = " ".join(trimmed(trimmed(cell).strip('"')).lower().replace("_", " ").split())
    if plain in _FIELD_OF or plain in OURS:
        return plain
    return _TOGETHER.get(re.sub(r"\W", "", plain), plain)


def _take(row: _Row, contents: Contents) -> None:
    ours = row.ours
    if ours:
        row.asked.update(OURS)
    notes = row.all("notes")
    url, more = found.addresses(
        one
        for cell in row.all("url")
        for one in re.split(r"[|\s]+(?=https?:)|\s*;\s*(?=https?:)", cell)
    )
    serials, others = found.serials([*row.all("issn"), *row.all("isbn")])
    database = row.get("database")
    given: dict[str, str | list[str]] = {
        "title": row.get("title"),
        "authors": _people(row),
        "year": found.year(*row.all("year")),
        "month": row.get("month") if ours else found.month(*row.all("month"), *row.all("year")),
        "journal": _journal(row),
        "volume": row.get("volume"),
        "number": row.get("number"),
        "pages": found.pages(row.get("pages"))
        or found.pages(row.get("first page"), row.get("last page"))
        or row.get("article number"),
        **_dois(row, [url, *more, *notes], ours=ours),
        "pmid": row.get("pmid") or found.pmid(*notes, url, *more),
        "url": url,
        "abstract": _abstract(row),
        "second_abstract": row.get("second abstract"),
        "keywords": [
            one
            for cell in row.all("keywords")
            for one in (cell.split(BETWEEN) if ours else re.split(r"[;|\n；]", cell))
        ],
        "database": database if ours else row.flavour or database,
        **serials,
        "language": row.get("language"),
        "publisher": row.get("publisher"),
        "editors": _divided(row, row.get("editors")),
        "registration": row.all("registration"),
        "accession": row.get("accession"),
        "notes": [*notes, *_titles(row), *more, *others],
    }
    if ours:
        # What was read once is in its columns, and not to be found again in the raw text.
        given["notes"] = notes
    declared = [_apart(one) for one in row.all("type")]
    if row.flavour in REGISTERS:
        declared = ["trial registry record"]
    key = found.first(*(cell for name in KEYS for cell in row.under(name)))
    key = "" if is_absent("accession", key) else key
    for name, cells in row.cells.items():
        if name not in row.asked and any(cell.strip() for cell in cells):
            contents.unread.setdefault(
                row.spelled[name] or "(a column without a heading)", row.line
            )
    exact = {one: one for one in kinds.KINDS}
    contents.take(given, declared, exact, line=row.line, raw=row.raw, key=key)
    if ours and declared and declared[0] in exact:
        contents.found[-1].fields["type"] = declared[0]


def _people(row: _Row) -> list[str]:
    """Return the authors; Scopus gives each a number, OpenAlex puts given names first."""
    given_first = [
        people.given_first(name)
        for cell in row.all("given names first")
        for name in cell.split("|")
    ]
    # Line breaks within a cell separate people, too.
    written = next((one for one in row.all("authors") if not is_absent("authors", one)), "")
    numbered = _SCOPUS_NUMBER.sub("", written or row.get("authors"))
    return given_first or _divided(row, numbered)


def _divided(row: _Row, written: str) -> list[str]:
    return written.split(BETWEEN) if row.ours else people.divided(written)


def _journal(row: _Row) -> str:
    """Return the journal; Scopus has its own name under a heading that others use for journals."""
    named = [one for one in row.all("journal") if one != "Scopus" or row.flavour != one]
    if not named and row.flavour in REGISTERS:
        return row.flavour
    return found.first(*named)


def _titles(row: _Row) -> list[str]:
    """Return the titles beside the first, as registers have them, as notes."""
    first, *others = row.all("title") or [""]
    return [f"Other title: {one}" for one in dict.fromkeys(others) if one != first]


def _dois(row: _Row, elsewhere: list[str], *, ours: bool) -> dict[str, str]:
    if ours:
        own = row.all("doi")
        return {"doi": found.doi(*own), "second_doi": found.doi(*row.all("second doi"))}
    return found.dois([*row.all("doi"), *row.all("second doi")], elsewhere)


def _abstract(row: _Row) -> str:
    """Return the abstract; of a register, what describes the trial."""
    if row.flavour not in REGISTERS:
        return row.get("abstract")
    told = (
        ("", row.get("abstract")),
        *((name.capitalize(), found.first(*row.under(name))) for name in _TOLD),
    )
    return " ".join(f"{name}: {text}" if name else text for name, text in told if text)


_TOLD = (
    "conditions", "condition", "interventions", "intervention", "primary outcome measures",
    "primary outcome", "study type", "study design", "study designs", "inclusion criteria",
)  # fmt: skip


def _apart(declared: str) -> str:
    """Divide Zotero's item types into words: ``journalArticle``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", declared)
