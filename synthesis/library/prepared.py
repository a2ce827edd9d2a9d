"""Fields of records as bib-dedupe compares them, each different text prepared once.

bib-dedupe's own functions prepare them, in pieces of bounded size, in this process, silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from arrowroot.lab.progress import Progress
from arrowroot.running.process import unheard
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.fields.people import ET_AL
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text

RECORDS_AT_ONCE = 1000
LONGEST = {
    "title": 1000,
    "author": 2000,
    "abstract": 4000,
    "container_title": 500,
    **dict.fromkeys(("volume", "number", "pages", "doi"), 200),
}
"""Characters of a field that are used, so that no endless field holds up all the others."""

_FOLDED = ("title", "author", "container_title", "abstract")
_CUT_SHORT = f"{BETWEEN}{ET_AL}"
_CELLS = {
    **dict.fromkeys(("#NAME?", "UNKNOWN", "n/a", "N/A", "NA"), ""),
    "&amp;": "and",
    " & ": " and ",
    " + ": " and ",
}
"""What bib-dedupe replaces where it is all that a cell holds."""


class Field(NamedTuple):
    """A field of all records.

    Attributes
    ----------
    texts : list of str
        Its different texts.
    codes : ndarray of int, shape (records,)
        Which of them each record has.
    """

    texts: list[str]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Field:
        """Return the field of these texts, one a record."""
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(text, len(numbers)) for text in texts]
        return cls(list(numbers), np.array(codes, dtype=np.int64))

    def each(self, change: Callable[[str], str]) -> Field:
        """Return the field that follows from this one, text by text."""
        changed = Field.of(map(change, self.texts))
        return Field(changed.texts, changed.codes[self.codes])

    def of_records(self) -> list[str]:
        """Return the text of each record."""
        return [self.texts[code] for code in self.codes.tolist()]


def prepared(records: pd.DataFrame, bar: Progress, *, passes: int) -> dict[str, Field]:
    """Return the fields by which bib-dedupe compares records, and those that it derives of them.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    bar : Progress
        Told of so many `passes` through all records.
    """
    with _quietly():  # importing it changes pandas, too
        from bib_dedupe.prep import function_mapping, select_authors
        from bib_dedupe.prep_container_title import get_container_title_short

    names = {"authors": "author", "journal": "container_title"}
    plain = as_text(records.rename(columns=names), [*function_mapping, "type"])
    cells = {name: plain[name].tolist() for name in function_mapping}
    known: dict[str, dict[str, str]] = {name: {} for name in function_mapping}
    for begin in range(0, len(plain), RECORDS_AT_ONCE):
        piece = slice(begin, begin + RECORDS_AT_ONCE)
        with _quietly():
            for name, function in function_mapping.items():
                new = [one for one in dict.fromkeys(cells[name][piece]) if one not in known[name]]
                if new:
                    ready = function(np.array([_given(name, one) for one in new], dtype=object))
                    known[name].update(zip(new, map(str, ready), strict=True))
        bar.update(passes * len(cells["title"][piece]))
    fields = {name: Field.of(map(known[name].__getitem__, cells[name])) for name in cells}
    del known
    surnames = [str(one) for one in select_authors(fields["author"].texts)]
    fields["author"] = fields["author"].each(
        dict(zip(fields["author"].texts, surnames, strict=True)).__getitem__
    )
    fields["author_full"] = Field.of(_given("author", one) for one in cells["author"])
    fields["author_first"] = fields["author"].each(lambda text: " ".join(text.split()[:1]))
    fields["title_short"] = fields["title"].each(lambda text: " ".join(text.split()[:10]))
    fields["ENTRYTYPE"] = Field.of(plain["type"].tolist()).each(
        lambda kind: "inproceedings" if kind == "conference" else "article"
    )
    for name, field in fields.items():
        if name != "container_title":
            fields[name] = field.each(lambda text: "" if text == "nan" else text)
    journals = fields["container_title"]
    fields["container_title_short"] = journals.each(
        lambda text: str(get_container_title_short([text])[0])
    )
    # Years are entered as pages by mistake.
    both = zip(fields["pages"].of_records(), fields["year"].of_records(), strict=True)
    fields["pages"] = Field.of("" if pages == year else pages for pages, year in both)
    return fields


def _given(name: str, text: str) -> str:
    """Return the text of a cell as bib-dedupe is given it."""
    if name == "year":
        # bib-dedupe takes "inf" and "1e999" for numbers, and fails on them.
        return text if _YEAR.fullmatch(text) else ""
    if name == "author":
        text = text.replace(_CUT_SHORT, "")
    text = text[: LONGEST[name]]
    if name in _FOLDED:  # bib-dedupe blanks every letter that is not ASCII
        text = folded(text)[: LONGEST[name]]
    if name == "author":
        text = text.replace(BETWEEN, " and ")
    return text if name == "container_title" else _CELLS.get(text, text)


_YEAR = re.compile(r"\d{4}")


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep bib-dedupe from warning, and from changing pandas for everybody, and make it quick.

    Its settings are the process's own, so it is entered for a piece of the records at a time.
    """
    with unheard(package="bib_dedupe"):
        _import_bib_dedupe()
        from bib_dedupe import (
            prep_abstract,
            prep_author,
            prep_container_title,
            prep_doi,
            prep_title,
        )
        from number_parser import parser

        meanwhile: list[tuple[Any, str, Any]] = [
            # Numbers in titles are found with tables of five languages, which the parser would
            # build again for every title: nine tenths of the running time. It would then look up
            # each word of each title in all of them, which is more than half of the rest.
            (parser, "LanguageData", _remembered(parser.LanguageData)),
            (prep_title, "parse", _numbers_parsed),
            (prep_container_title, "parse", _numbers_parsed),
            (prep_author, "remove_accents", _as_it_is),  # they are taken away before
            *((one, "np", _Lists()) for one in (prep_title, prep_abstract, prep_author, prep_doi)),
            *((one, "re", _Quicker()) for one in (prep_title, prep_abstract)),
        ]
        before = [(of, name, getattr(of, name)) for of, name, _ in meanwhile]
        for of, name, value in meanwhile:
            setattr(of, name, value)
        try:
            yield
        finally:
            for of, name, value in before:
                setattr(of, name, value)


class _Lists:
    """numpy whose arrays stay lists: its own have room for the longest text in every place."""

    @staticmethod
    def array(texts: Iterable[str]) -> list[str]:
        return list(texts)

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


class _Quicker:
    """Python's regular expressions, which do not look for what cannot be there."""

    @staticmethod
    def sub(pattern: str, by: Any, text: str, **options: Any) -> str:
        if pattern == r"\s+" and by == " ":
            return _single_spaced(text)
        sign = _NEEDS.get(pattern, "")
        if sign not in text and (sign in _MARKS or sign not in text.lower()):
            return text
        return re.sub(pattern, by, text, **options) if options else _compiled(pattern).sub(by, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(re, name)


def _single_spaced(text: str) -> str:
    """Return the text with one blank for all white space, as a regular expression would."""
    words = " ".join(text.split())
    if not words:
        return text and " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"


_NEEDS = {
    **dict.fromkeys((r"\s*\(\d{4}\)$", r"\s*\([^)]*\)\s*$", r"([A-Za-z])\(([0-9]*)\)"), "("),
    **dict.fromkeys(
        (r"\. \[[A-Z][a-z]*\]$", r"\[Review\] \[\d+ refs\]| \[abstract no: \d+\]"), "["
    ),
    r"<.*?>": "<",
    r" review \d+ refs$": " review ",
    r"\bii\b": "ii",
    r"\biii\b": "iii",
    r"\biv\b": "iv",
}
"""Patterns of bib-dedupe, and what a text needs, in small letters, to match them."""
_MARKS = ("(", "[", "<")
"""Those that are the same in capitals."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern at once: Python looks one up by a slower way, a million times."""
    return re.compile(pattern)


@cache
def _import_bib_dedupe() -> None:
    option = "future.no_silent_downcasting"  # which bib-dedupe sets when it is imported
    with unheard(message=f"'{option}'"):
        before = pd.get_option(option)
        import_module("bib_dedupe.prep")
        pd.set_option(option, before)


@cache
def _remembered(tables: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return what builds the tables of a language, building each once."""
    return cache(tables)


def _as_it_is(*, input_str: str) -> str:
    return input_str


def _numbers_parsed(text: str) -> str:
    """Return a text as number_parser does, which changes only texts that spell out a number."""
    from number_parser import parse

    if any(map(_is_number, _NOT_A_WORD.split(text))) or any(map(_is_number, text.split())):
        return str(parse(text))
    return text.replace("\xad", "").strip()


_NOT_A_WORD = re.compile(r"\W")


@lru_cache(maxsize=100_000)
def _is_number(word: str) -> bool:
    """Return whether a word is a number in one of the languages that number_parser knows."""
    from number_parser import parser

    # The parser's own test of a word is not public, and any other could differ from it.
    plain = parser._strip_accents(word.lower())  # noqa: SLF001
    return plain != "" and any(
        parser._is_number_token(plain, parser.LanguageData(language)) is not None  # noqa: SLF001
        for language in parser.SUPPORTED_LANGUAGES
    )
