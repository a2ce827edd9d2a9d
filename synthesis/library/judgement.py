"""How two records are related: one report, two reports of one study, or unrelated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from synthesis.library.readers.fields.letters import folded

SEPARATE = ("conference", "preprint", "registration")
"""Kinds of report that exist in addition to the article on the same study."""

_OF_ANOTHER = re.compile(
    r"(?i)^\W*(?:erratum|corrigendum|correction|retraction|retracted|comment|commentary|reply|"
    r"response|letter|editorial|protocol)\b"
)
_PART = re.compile(r"(?i)\b(?:part|study|volume|vol|phase)\s+(\d+|[ivx]+)\b")
_WORD = re.compile(r"\w+")
_SEQUEL = re.compile(
    r"\b(?:protocol|design|rationale|baseline|weeks?|months?|years?|term|follow|followup|update|"
    r"economic|costs?|secondary|qualitative|process|substudy|subgroup)\b"
)
"""Words that indicate another report where one title continues beyond the other."""

_FIELDS = {
    "title": ("title", "title"),
    "author": ("authors", "authors"),
    "container_title": ("journal", "journal"),
    "year": ("year", "year"),
    "volume": ("volume", "volume"),
    "number": ("number", "issue"),
    "pages": ("pages", "pages"),
    "doi": ("doi", "DOI"),
    "abstract": ("abstract", "abstract"),
}
"""Names of bib-dedupe's measures -> the field of a record, and its name for readers."""

JUDGED = (*(name for name, _ in _FIELDS.values()), "type", "pmid", "registration", "accession")
"""The fields of a record that are looked at."""

_SAME, _SIMILAR = 0.95, 0.7


@dataclass(frozen=True)
class Pair:
    """Two records and their similarity.

    Attributes
    ----------
    first, second : int
        Their positions in the table.
    one, other : mapping
        Their fields.
    likeness : mapping
        From 0 to 1, by the names of bib-dedupe's measures.
    duplicate : bool
        Whether bib-dedupe calls them duplicates.
    """

    first: int
    second: int
    one: Mapping[str, str]
    other: Mapping[str, str]
    likeness: Mapping[str, float]
    duplicate: bool

    def both(self, name: str) -> tuple[str, str]:
        """Return a field of both."""
        return self.one[name], self.other[name]

    def share(self, *names: str) -> bool:
        """Return whether fields are filled and the same in both."""
        for one, other in map(self.both, names):
            if not one or one.lower() != other.lower():
                return False
        return True

    @property
    def of_two_kinds(self) -> bool:
        """Whether one is an abstract, preprint or register entry and the other is not."""
        one, other = self.both("type")
        return one != other and (one in SEPARATE or other in SEPARATE)

    @property
    def one_report(self) -> bool:
        """Whether they are in the same place, whatever their databases call it."""
        return self.share("doi") or self.share("pmid") or self.share("year", "volume", "pages")


def pairs_of(records: list[dict[str, Any]], compared: pd.DataFrame) -> Iterator[Pair]:
    """Yield compared pairs with the fields of their records."""
    measures = list(_FIELDS)
    for first, second, duplicate, *likeness in compared[
        ["first", "second", "duplicate", *measures]
    ].itertuples(index=False, name=None):
        yield Pair(
            first,
            second,
            records[first],
            records[second],
            dict(zip(measures, likeness, strict=True)),
            bool(duplicate),
        )


def verdict(pair: Pair) -> tuple[bool, str] | None:
    """Return whether a pair is certainly one report, and why; None if it is not."""
    entries = pair.one["type"] == pair.other["type"] == "registration"
    registered = entries and pair.share("registration")
    same_number = pair.share("doi") or pair.share("pmid") or registered
    close = pair.likeness["title"] > 0.85 and pair.likeness["author"] > 0.75
    somewhere = pair.likeness["title"] > _SAME or pair.likeness["container_title"] > 0.8
    if not (pair.duplicate or same_number or (close and somewhere)):
        return None
    if pair.of_two_kinds and not pair.one_report:
        return None
    doubt = _doubt(pair)
    # What a reviewer has to weigh comes first; tables show only the beginning of a long cell.
    reason = f"{doubt}; {agreement(pair)}" if doubt else agreement(pair)
    # One register's entry, exported by several databases under its own number.
    entry = registered and pair.share("accession")
    return (pair.duplicate or entry) and not doubt, reason


def _doubt(pair: Pair) -> str:
    """Say what speaks against a pair that looks the same."""
    for name, told in (("pmid", "PubMed has both, as {} and {}"), ("doi", "two DOIs, {} and {}")):
        one, other = pair.both(name)
        if one and other and one.lower() != other.lower():
            return told.format(one, other)
    titles = pair.both("title")
    heads = [matched and matched[0].lower().strip() for matched in map(_OF_ANOTHER.match, titles)]
    if heads[0] != heads[1]:
        return f"one is headed {next(head for head in heads if head)!r}"
    parts = [[part.lower() for part in _PART.findall(title)] for title in titles]
    if parts[0] != parts[1]:
        return "they name different parts"
    return _sequel(pair)


def _sequel(pair: Pair) -> str:
    """Say that one title goes on, like that of another report of the study."""
    shorter, longer = sorted(
        (_WORD.findall(title.lower()) for title in pair.both("title")), key=len
    )
    rest = " ".join(longer[len(shorter) :])
    if not rest or longer[: len(shorter)] != shorter:
        return ""
    # Subtitles are often left out; their wording or the place of publication must differ.
    begins = [pages.partition("-")[0] for pages in pair.both("pages")]
    elsewhere = all(begins) and begins[0] != begins[1]
    return f"one title goes on, {rest!r}" if elsewhere or _SEQUEL.search(rest) else ""


def agreement(pair: Pair) -> str:
    """Say which fields of a pair differ and which agree."""
    told: dict[str, list[str]] = {"different": [], "similar": [], "same": []}
    for measure, (name, spelled) in _FIELDS.items():
        if all(pair.both(name)):
            equal = folded(pair.one[name]).lower() == folded(pair.other[name]).lower()
            likeness = 1.0 if equal else pair.likeness[measure]
            how = "same" if likeness >= _SAME else "similar" if likeness > _SIMILAR else "different"
            told[how].append(spelled)
    if pair.share("pmid"):
        told["same"].append("PubMed number")
    if pair.share("registration"):
        told["same"].append("registration number")
    return "; ".join(f"{how} {', '.join(fields)}" for how, fields in told.items() if fields)
