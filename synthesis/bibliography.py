"""Citations in words, from a BibTeX file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from arrowroot.errors import DataError, FileError
from arrowroot.text import shortened


def citations(path: Path, keys: Sequence[str]) -> tuple[str, ...]:
    """Return the citations of the entries named by `keys`, in that order.

    Parameters
    ----------
    path : Path
        A BibTeX file in UTF-8.
    keys : sequence of str
        Citation keys, at least one.

    Returns
    -------
    tuple of str
        One citation a key, as `cited` writes it.

    Raises
    ------
    FileError
        If there is no such file.
    DataError
        If a block of the file cannot be read, or a key is missing from it.
    """
    from bibtexparser.entrypoint import parse_string

    place = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise FileError(f"{place} is missing.")
    library = parse_string(path.read_text(encoding="utf-8"))
    if library.failed_blocks:
        lines = [f"line {(block.start_line or 0) + 1}" for block in library.failed_blocks]
        raise DataError(f"{place} is not sound BibTeX at {shortened(lines)}.")
    known = {
        entry.key: {name: field.value for name, field in entry.fields_dict.items()}
        for entry in library.entries
    }
    absent = [repr(key) for key in keys if key not in known]
    if absent:
        raise DataError(f"{place} has no entry {shortened(absent)}.")
    return tuple(cited(known[key]) for key in keys)


def cited(fields: Mapping[str, str]) -> str:
    """Return one entry as a citation: authors (year). Title. Where. Link.

    Parameters
    ----------
    fields : mapping of str to str
        The entry's fields by their BibTeX names. Every field but the title may be missing.

    Examples
    --------
    >>> cited({"author": "Doe, J. and Roe, R.", "year": "2001", "title": "Leaves",
    ...        "journal": "Trees", "volume": "3", "number": "1", "pages": "5--9",
    ...        "doi": "10.1/x"})
    'Doe, J., & Roe, R. (2001). Leaves. Trees, 3(1), 5–9. https://doi.org/10.1/x'
    """
    authors = _people(fields.get("author", ""))
    dated = f"{authors} ({fields['year']})" if "year" in fields else authors
    link = f"https://doi.org/{fields['doi']}" if "doi" in fields else fields.get("url", "")
    sentences = [dated, fields["title"], _where(fields), fields.get("note", "")]
    told = [f"{sentence.rstrip('.')}." for sentence in sentences if sentence]
    return " ".join([*told, link] if link else told)


def _people(field: str) -> str:
    if field.startswith("{"):  # a body, not people: "and" in its name separates nobody
        return field.strip("{}")
    names = field.split(" and ")
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else names[0]


def _where(fields: Mapping[str, str]) -> str:
    number = f"({fields['number']})" if "number" in fields else ""
    parts = [
        fields.get("journal") or _book(fields),
        fields.get("volume", "") + number,
        fields.get("pages", "").replace("--", "–"),
        fields.get("publisher", ""),
    ]
    return ", ".join(part for part in parts if part)


def _book(fields: Mapping[str, str]) -> str:
    if "booktitle" not in fields:
        return ""
    editors = f"{_people(fields['editor'])} (Eds.), " if "editor" in fields else ""
    edition = f" ({fields['edition']} ed.)" if "edition" in fields else ""
    chapter = f", ch. {fields['chapter']}" if "chapter" in fields else ""
    return f"In {editors}{fields['booktitle']}{edition}{chapter}"
