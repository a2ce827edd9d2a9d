"""Tables of references, as databases, reference managers and we write them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from arrowroot.formats import delimited
from arrowroot.formats.cells import Cells
from arrowroot.sheets import guarded, unguarded
from arrowroot.text import trimmed
from synthesis.library.readers import found, kinds, wos
from synthesis.library.readers.fields import markup, people
from synthesis.library.readers.fields.absent import is_absent
from synthesis.library.readers.found import BETWEEN, Around, Contents, Problem
from synthesis.library.readers.headings import FLAVOURS, HEADINGS, KEYS, OURS, REGISTERS

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
    """Return the references of a CSV file, one per row."""
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
    contents.around.extend(Around(row.line, raw) for row, raw in rows[: header + 1])
    if trouble:
        line, why = trouble
        message = (
            f"the table cannot be read from here on ({why}). Look for a double quote that is "
            "opened but not closed."
        )
        contents.problems.append(Problem(line, message, "\n".join(lines[line - 1 :])))
    headings = [cell for row, _ in rows[header : header + 1] for cell in row.cells]
    names = [_heading(cell) for cell in headings]
    web_of_science = _is_web_of_science(headings)
    flavour = next((name for needed, name in FLAVOURS if needed <= set(names)), "")

    @cache
    def there(*asked: str) -> tuple[str, ...]:
        return tuple(name for name in asked if name in names)

    for place, raw in rows[header + 1 :]:
        line, cells = place.line, place.cells
        if any(cells[len(headings) :]):
            message = (
                f"{len(cells)} cells under {len(headings)} headings; extra cells were not read. "
                "A text that contains the separator must be in double quotes."
            )
            contents.problems.append(Problem(line, message, raw))
        if not any(cells):
            continue
        tidy = [unguarded(trimmed(cell)) for cell in cells]
        if web_of_science:
            tags = dict(zip((trimmed(cell) for cell in headings), tidy, strict=False))
            wos.take(wos.of_row(tags, line, raw), contents)
            continue
        row = _Row(line, raw, flavour, there)
        for heading, name, cell in zip(headings, names, tidy, strict=False):
            row.cells.setdefault(name, []).append(cell)
            row.spelled.setdefault(name, trimmed(heading))
        _take(row, contents)
    return contents


@dataclass
class _Row:
    """The cells of a row under their headings, of which it is noted which were asked for.

    A field may have a dozen headings: `there` says which of them the file has.
    """

    line: int
    raw: str
    flavour: str
    there: Callable[..., tuple[str, ...]]
    cells: dict[str, list[str]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def under(self, *names: str) -> list[str]:
        """Return the filled cells under headings."""
        there = self.there(*names)
        self.asked.update(there)
        cells = [cell for name in there for cell in self.cells.get(name, ()) if cell]
        return cells if self.ours else list(map(markup.plain, cells))

    @property
    def ours(self) -> bool:
        """Whether `write_records` wrote it, so that what it holds has been tidied."""
        return "source file" in self.cells

    def all(self, field: str) -> list[str]:
        """Return every filled cell of a field."""
        return self.under(*HEADINGS[field])

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


def _heading(cell: str) -> str:
    return " ".join(trimmed(trimmed(cell).strip('"')).lower().replace("_", " ").split())


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
        "pmid": _number(row.get("pmid")) or found.pmid(*notes, url, *more),
        "url": url,
        "abstract": _abstract(row),
        "second_abstract": row.get("second abstract"),
        "keywords": [one for cell in row.all("keywords") for one in re.split(r"[;|\n]", cell)],
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


def _people(row: _Row) -> list[str]:
    """Return the authors; Scopus gives each a number, OpenAlex puts given names first."""
    given_first = [
        people.given_first(name)
        for cell in row.all("given names first")
        for name in cell.split("|")
    ]
    numbered = re.sub(r"\s*\(\d{6,}\)", "", row.get("authors"))
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


def _number(value: str) -> str:
    """Return a number without what spreadsheets and addresses add to it."""
    bare = re.sub(r"\.0+$", "", value)
    return found.pmid(bare) or bare


def _apart(declared: str) -> str:
    """Divide Zotero's item types into words: ``journalArticle``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", declared)
