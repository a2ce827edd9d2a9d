"""What the exports of other screening programs say, each in the words of the program.

Every function takes what a file holds and returns rows of `Told`. The columns are those of exports
as the programs write them; where a program does not say a stage or a person, that stays empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from arrowroot.errors import DataError
from arrowroot.text import label
from synthesis.library.readers import found
from synthesis.library.readers.fields import identifiers

RAYYAN, COVIDENCE, ASREVIEW, EPPI = "Rayyan", "Covidence", "ASReview", "EPPI-Reviewer"

_IDS = ("record_id", "key", "id", "ref", "accession number", "itemid", "pubmed_id", "pmid")
_TITLES = ("title", "primary_title")
_YEARS = ("year", "published year", "publication_year", "pub year")
_DOIS = ("doi", "url")
_PMIDS = ("pubmed_id", "pmid")


@dataclass(frozen=True)
class Told:
    """What one file says of one record.

    Attributes
    ----------
    line : int
        Where it stands.
    ids, doi, title, year, pmid
        By which the record is found.
    unread : tuple of str
        What the row says beside decisions, for which there is no column.
    decisions : tuple
        Each a mapping with some of ``stage``, ``screener``, ``decision``, ``reason``, ``time``.
    """

    line: int
    ids: tuple[str, ...] = ()
    doi: str = ""
    title: str = ""
    year: str = ""
    pmid: str = ""
    unread: tuple[str, ...] = ()
    decisions: tuple[Mapping[str, str], ...] = field(default=())


def of_columns(columns: Sequence[str], first: Sequence[str]) -> str:
    """Return which program wrote a table, by its columns and the notes in it; empty if none."""
    names = {name.strip().casefold() for name in columns}
    if {"covidence #", "title"} <= names:
        return COVIDENCE
    if any(name.startswith("asreview_") for name in names) or (
        names & set(_LABEL_COLUMNS) and not {"decision", "screener", "itemid", "item id"} & names
    ):
        return ASREVIEW
    if "itemid" in names or "item id" in names:
        return EPPI
    if "notes" in names and any("RAYYAN-" in cell for cell in first):
        return RAYYAN
    return ""


def of_row(program: str, row: Mapping[str, str], line: int, file: str) -> Told:
    """Return what a row of a program's table says."""
    cells = {name.strip().casefold(): label(cell) for name, cell in row.items()}
    decisions = {
        RAYYAN: lambda: of_rayyan(cells.get("notes", "")),
        COVIDENCE: lambda: _of_covidence(cells, file),
        ASREVIEW: lambda: _of_asreview(cells),
        EPPI: lambda: _of_eppi_row(cells),
    }[program]()
    doi = next((one for name in _DOIS if (one := _doi(cells.get(name, "")))), "")
    return Told(
        line,
        tuple(cells[name] for name in _IDS if cells.get(name)),
        doi,
        next((cells[name] for name in _TITLES if cells.get(name)), ""),
        found.year(*(cells.get(name, "") for name in _YEARS)),
        identifiers.pubmed_number(next((cells[n] for n in _PMIDS if cells.get(n)), "")),
        tuple(unread_of_rayyan(cells.get("notes", ""))) if program == RAYYAN else (),
        decisions=tuple(decisions),
    )


def _doi(text: str) -> str:
    one = found.doi(text)
    return one if one.startswith("10.") else ""


# ---- Rayyan ------------------------------------------------------------------------------------

_RAYYAN = {"included": "include", "excluded": "exclude", "maybe": "unsure"}
_NOT_YET = ("undecided", "unreviewed", "")
_PERSON = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"([^"]*)"')
_LOOSE_PERSON = re.compile(r'[\s"“”]*([^"“”,{}=]+?)[\s"“”]*(?:=>|:)[\s"“”]*([A-Za-z]+)["“”]*')
"""The same after another program has doubled, turned or lost the quotation marks."""


def of_rayyan(notes: str) -> list[dict[str, str]]:
    """Return the decisions in a note of Rayyan: one for every reviewer in it.

    Examples
    --------
    >>> note = 'RAYYAN-INCLUSION: {"Ann"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: design,language'
    >>> of_rayyan(note)
    [{'screener': 'Ann', 'decision': 'exclude', 'reason': 'design; language'}]
    """
    inclusion = re.search(r"RAYYAN-INCLUSION:\s*\{(.*?)\}(?=\s*(?:\||$|RAYYAN|USER))", notes, re.S)
    given = re.search(
        r"RAYYAN-EXCLUSION-REASONS:\s*(.*?)\s*(?:\||RAYYAN-|USER-NOTES|$)", notes, re.S
    )
    reason = (
        "; ".join(part.strip() for part in given[1].split(",") if part.strip()) if given else ""
    )
    decisions = []
    held = inclusion[1].strip() if inclusion else ""
    pairs = [] if '""' in held else _PERSON.findall(held)
    pairs = pairs or _LOOSE_PERSON.findall(held)
    if held and not pairs:
        # What cannot be read is set aside by the check of decisions, with its words.
        pairs = [("", held)]
    for name, said in pairs:
        if said.strip().casefold() in _NOT_YET:
            continue
        decision = _RAYYAN.get(said.strip().casefold(), said)
        decisions.append(
            {
                "screener": name.replace('\\"', '"'),
                "decision": decision,
                # Rayyan names no person with a reason: it belongs to whoever excluded.
                "reason": reason if decision == "exclude" else "",
            }
        )
    return decisions


# ---- Covidence ---------------------------------------------------------------------------------

_LISTS = {
    "irrelevant": ("title_abstract", "exclude"),
    "select": ("title_abstract", "include"),
    "excluded": ("full_text", "exclude"),
    "included": ("full_text", "include"),
    "extract": ("full_text", "include"),
    "screen": ("", ""),
}
"""Covidence exports one list at a time, and only the name of the file says which."""


def _of_covidence(cells: Mapping[str, str], file: str) -> Iterator[dict[str, str]]:
    named = re.search(r"(?i)(?:^|[_\s-])(" + "|".join(_LISTS) + r")(?:[_\s.-]|$)", file)
    given = re.findall(r"(?i)exclusion reason:\s*([^;|\n]*)", cells.get("notes", ""))
    reason = "; ".join(dict.fromkeys(one for part in given if (one := part.strip(" .,"))))
    stage, decision = _LISTS[named[1].lower()] if named else ("", "")
    if reason and not decision:
        stage, decision = "full_text", "exclude"
    if decision:
        # Covidence settles conflicts before a record enters a list: it is the team's decision.
        yield {
            "stage": stage,
            "screener": "consensus",
            "decision": decision,
            "reason": reason if decision == "exclude" else "",
        }
    elif not named:
        raise DataError(
            f"{file}: Covidence writes one file per list, and nothing in it says which. Keep the "
            "name that Covidence gave it, such as review_123_irrelevant_csv.csv, or put "
            "irrelevant, select, excluded or included into the name."
        )


# ---- ASReview ----------------------------------------------------------------------------------

_LABEL_COLUMNS = (
    "asreview_label", "included", "final_included", "label_included", "included_label", "label",
    "included_final", "included_flag", "include",
)  # fmt: skip
"""The columns that ASReview takes for labels, and its own."""

_LABELS = {"1": "include", "0": "exclude", "1.0": "include", "0.0": "exclude"}


def _of_asreview(cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    given = next((cells[name] for name in _LABEL_COLUMNS if cells.get(name)), "")
    if given in ("", "-1", "-1.0"):  # not seen yet
        return
    yield {
        "screener": cells.get("asreview_user_name", ""),
        "decision": _LABELS.get(given, given),
        "time": _moment(cells.get("asreview_time", "")),
    }


_NOTED = {"ASReview_relevant": "include", "ASReview_irrelevant": "exclude"}


def unread_of_rayyan(notes: str) -> list[str]:
    """Return the labels and the notes of people that a note of Rayyan has beside the decisions.

    Examples
    --------
    >>> unread_of_rayyan('RAYYAN-LABELS: pilot,elderly | USER-NOTES: {"Ann"=>["not a trial"]}')
    ['label "pilot"', 'label "elderly"', 'notes of people']
    """
    named = re.search(r"RAYYAN-LABELS:\s*(.*?)\s*(?:\||RAYYAN-|USER-NOTES|$)", notes, re.S)
    labels = [one.strip() for one in named[1].split(",") if one.strip()] if named else []
    people = re.search(r"USER-NOTES:\s*\{\s*\S", notes) and not re.search(
        r"USER-NOTES:\s*\{\s*\}", notes
    )
    return [*(f'label "{one}"' for one in labels), *(["notes of people"] if people else [])]


def of_asreview_notes(notes: str) -> list[dict[str, str]]:
    """Return the decision in the notes of a RIS file that ASReview wrote."""
    said = [decision for words, decision in _NOTED.items() if re.search(rf"\b{words}\b", notes)]
    who = re.search(r'asreview_user_name: ("(?:[^"\\]|\\.)*")', notes)
    when = re.search(r"asreview_time: ([\d.]+)", notes)
    return [
        {
            "screener": json.loads(who[1]) if who else "",
            "decision": decision,
            "time": _moment(when[1] if when else ""),
        }
        for decision in said
    ]


def _moment(seconds: str) -> str:
    """Return seconds since 1970, as ASReview writes times, in ISO 8601; other text as it is."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return seconds


# ---- EPPI-Reviewer -----------------------------------------------------------------------------

_EPPI = {"i": "include", "included": "include", "e": "exclude", "excluded": "exclude"}


def _of_eppi_row(cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    said = next((cells[name] for name in ("i/e", "status", "include") if cells.get(name)), "")
    if decision := _EPPI.get(said.casefold()):
        reason = cells.get("reason", "") if decision == "exclude" else ""
        yield {"screener": cells.get("reviewer", ""), "decision": decision, "reason": reason}
        return
    named = [
        name if cell.casefold() in ("1", "true", "yes", "x") else cell
        for name, cell in cells.items()
        if cell and re.match(r"(?i)(in|ex)clude\b", name if len(cell) < 5 else cell)
    ]
    yield from _of_codes(named)


def of_eppi(text: str, file: str) -> list[Told]:
    """Return what EPPI-Reviewer's JSON says: codes that include or exclude, item by item."""
    try:
        held = json.loads(text)
        items: list[dict[str, Any]] = held["References"]
        codes = dict(_codes(held.get("CodeSets", [])))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(
            f"{file}: not a JSON file of EPPI-Reviewer, which has References and CodeSets."
        ) from None
    told = []
    for place, item in enumerate(items, start=1):
        given = [codes.get(one.get("AttributeId"), "") for one in item.get("Codes", [])]
        told.append(
            Told(
                place,
                tuple(label(item.get(name)) for name in ("OldItemId", "ItemId") if item.get(name)),
                _doi(label(item.get("DOI"))) or _doi(label(item.get("URL"))),
                label(item.get("Title")),
                found.year(label(item.get("Year"))),
                decisions=tuple(_of_codes(given)),
            )
        )
    return told


def _codes(sets: Sequence[Any]) -> Iterator[tuple[Any, str]]:
    """Yield the id and the name of every code; the name says whether it includes or excludes."""
    for one in sets:
        inner = (one.get("Attributes") or {}).get("AttributesList") or []
        if "AttributeId" in one:
            kind, name = label(one.get("AttributeType")), label(one.get("AttributeName"))
            plain = re.match(r"(?i)(in|ex)clude", name)
            named = name if plain or kind not in ("Include", "Exclude") else f"{kind} {name}"
            yield one["AttributeId"], named
        yield from _codes(inner)


def _of_codes(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield one decision from codes such as "Exclude on population": excluded if any excludes."""
    reasons = [
        re.sub(r"(?i)^exclude[ds]?\b[\s:–-]*(?:(?:on|for|because of)\b)?[\s:]*", "", name)
        for name in names
        if re.match(r"(?i)exclude", name)
    ]
    if reasons:
        reason = "; ".join(sorted(one for one in set(reasons) if one))
        yield {"screener": "", "decision": "exclude", "reason": reason}
    elif any(re.match(r"(?i)include", name) for name in names):
        yield {"screener": "", "decision": "include"}
