"""Which of our records a row of another program's file is about."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

import pandas as pd

from arrowroot.text import label
from synthesis.library.exchange.programs import Told
from synthesis.library.records import as_text, ids_of

BY_ID, BY_DOI, BY_PMID, BY_TITLE = (
    "by record_id", "by DOI", "by PubMed number", "by title and year",
)  # fmt: skip

NOT_THERE = "neither its id, nor its DOI, nor its title and year is among the records"
OTHER_TITLE = (
    "the record with its id has another title, and its DOI, and its title and year, are not among "
    "the records"
)
SEVERAL = "several records have its {}; link duplicates and leave one of them"


class Finder:
    """Finds records by id, by DOI, or by title and year, in this order.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    """

    def __init__(self, records: pd.DataFrame) -> None:
        self._ids = ids_of(records)
        self._known = set(self._ids)
        self._text = as_text(records, ["doi", "title", "year", "pmid"])

    @cached_property
    def _by_doi(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for one, doi in zip(self._ids, self._text["doi"], strict=True):
            if doi:
                held.setdefault(doi.casefold(), []).append(one)
        return held

    @cached_property
    def _by_pmid(self) -> dict[str, list[str]]:
        held: dict[str, list[str]] = {}
        for one, pmid in zip(self._ids, self._text["pmid"], strict=True):
            if pmid:
                held.setdefault(pmid, []).append(one)
        return held

    @cached_property
    def _plain(self) -> list[str]:
        return [plain(title) for title in self._text["title"]]

    @cached_property
    def _titles(self) -> dict[str, str]:
        return dict(zip(self._ids, self._plain, strict=True))

    @cached_property
    def _by_title(self) -> dict[str, list[tuple[str, str]]]:
        held: dict[str, list[tuple[str, str]]] = {}
        for one, title, year in zip(self._ids, self._plain, self._text["year"], strict=True):
            if title:
                held.setdefault(title, []).append((one, year))
        return held

    def find(self, told: Told) -> tuple[str, str]:
        """Return the record's id and how it was found; or nothing, and why not."""
        missing = NOT_THERE
        for one in told.ids:
            if label(one) in self._known:
                # Other programs number from 0 or 1, too: the title says whether it is ours. An id
                # with the name of a file in it can only be ours.
                if ":" in label(one) or _alike(self._titles[label(one)], plain(told.title)):
                    return label(one), BY_ID
                missing = OTHER_TITLE
        same_title = self._by_title.get(plain(told.title), [])
        titled = [one for one, year in same_title if not year or not told.year or year == told.year]
        if told.doi and (held := self._by_doi.get(told.doi.casefold())):
            # One DOI may belong to several abstracts of a supplement: their titles tell.
            chosen = [one for one in held if one in titled] if len(held) > 1 else held
            if len(chosen) >= 1 and (len(chosen) == 1 or _same(chosen, titled)):
                return chosen[0], BY_DOI
            return "", SEVERAL.format("DOI")
        if told.pmid and len(self._by_pmid.get(told.pmid, ())) == 1:
            return self._by_pmid[told.pmid][0], BY_PMID
        if len(titled) == 1:
            return titled[0], BY_TITLE
        exact = [one for one, year in same_title if year == told.year and told.year]
        if len(exact) == 1:
            return exact[0], BY_TITLE
        if titled:
            return "", SEVERAL.format("title and year")
        return "", missing


def _alike(ours: str, theirs: str) -> bool:
    """Return whether two titles may be the same: one may be cut short, or not given."""
    short, long = sorted((ours, theirs), key=len)
    return long.startswith(short) or short[:30] == long[:30]


def _same(chosen: list[str], titled: list[str]) -> bool:
    """Return whether records agree in DOI and title, and so are copies of one report."""
    return len(chosen) > 1 and set(chosen) <= set(titled)


def plain(title: str) -> str:
    """Return a title without accents, capitals, marks and blanks, for comparison.

    Examples
    --------
    >>> plain("The Über-title: a trial.") == plain("the uber title a TRIAL")
    True
    """
    apart = unicodedata.normalize("NFKD", title.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in apart if not unicodedata.combining(c)))
