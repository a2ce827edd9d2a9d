"""Decisions written in the columns of other screening programs' own exports."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import as_path, write_text
from arrowroot.options import one_of
from arrowroot.sheets import write_table
from synthesis.library.records import as_text, ids_of
from synthesis.library.screening import STAGES, check_decisions, settle
from synthesis.library.writers import to_ris

_EPPI_COLUMNS = {
    "ItemId": "record_id", "Title": "title", "Authors": "authors", "Year": "year",
    "Journal": "journal", "DOI": "doi", "Abstract": "abstract",
}  # fmt: skip

PROGRAMS = ("rayyan", "covidence", "asreview", "eppi")

_RAYYAN = {"include": "Included", "exclude": "Excluded", "unsure": "Maybe"}
_RAYYAN_COLUMNS = {
    "key": "record_id", "title": "title", "authors": "authors", "journal": "journal",
    "year": "year", "volume": "volume", "issue": "number", "pages": "pages", "url": "url",
    "abstract": "abstract", "doi": "doi", "pubmed_id": "pmid", "keywords": "keywords",
}  # fmt: skip
_COVIDENCE_COLUMNS = {
    "Title": "title", "Authors": "authors", "Abstract": "abstract", "Published Year": "year",
    "Journal": "journal", "Volume": "volume", "Issue": "number", "Pages": "pages",
    "Accession Number": "pmid", "DOI": "doi", "Ref": "record_id",
}  # fmt: skip


def write_decisions(
    decisions: pd.DataFrame,
    records: pd.DataFrame,
    path: str | Path,
    *,
    program: str,
    stage: str = "title_abstract",
) -> Path:
    """Write decisions with their records, in the columns of another program's own export.

    Parameters
    ----------
    decisions : DataFrame
        From `read_decisions`, every screener's rows.
    records : DataFrame
        From `read_records`; those without a decision are written too, as not seen.
    path : path
        Ends in ``.csv``; for Rayyan and ASReview also in ``.ris``.
    program : {"rayyan", "covidence", "asreview", "eppi"}
        Whose columns. Rayyan's notes hold every screener; the others have a place for the settled
        decision alone, and what is not settled is written as not decided.
    stage : {"title_abstract", "full_text", "before_screening"}
        Which stage's decisions.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OptionError
        For an unknown program, stage or ending.
    DataError
        If a decision cannot be counted; see `check_decisions`.

    Notes
    -----
    ASReview 3.0.8 reads what is written for it (`validation/ranking/asreview_reads.py`). The
    files for Rayyan, Covidence and EPPI-Reviewer follow their exports and were not tried in those
    programs.
    """
    one_of("program", program, PROGRAMS)
    one_of("stage", stage, STAGES)
    target = as_path(path)
    endings = [".csv", ".ris"] if program in ("rayyan", "asreview") else [".csv"]
    ending = one_of("path's ending", target.suffix.lower(), endings)
    checked = check_decisions(decisions, records)
    for wrong in checked.problems.to_dict("records")[:1]:
        raise DataError(f"decisions, row {wrong['line']}: {wrong['message']}")
    rows = checked.decisions[checked.decisions["stage"] == stage]
    notes = _noted(rows) if program == "rayyan" else {}
    settled = settle(rows).set_index("record_id")[["decision", "reason"]].to_dict("index")
    ids = ids_of(records)
    if ending == ".ris":
        if program == "asreview":
            notes = {one: _asreview_note(settled.get(one, {}).get("decision", "")) for one in ids}
        return write_text(_ris_with_notes(records, notes), target)
    told = [{str(k): str(v) for k, v in settled.get(one, {}).items()} for one in ids]
    if program == "rayyan":
        table = _renamed(records, _RAYYAN_COLUMNS).assign(notes=[notes.get(one, "") for one in ids])
    else:
        table = {"covidence": _covidence, "asreview": _asreview, "eppi": _eppi}[program](
            records, told
        )
    return write_table(table, target)


def _noted(rows: pd.DataFrame) -> dict[str, str]:
    """Return each record's note for Rayyan: all its screeners, and the reasons given."""
    notes = {}
    for record_id, held in rows.groupby("record_id", sort=False):
        said = [
            f'"{name}"=>"{_RAYYAN[decision]}"'.replace("\\", "")
            for name, decision in zip(held["screener"], held["decision"], strict=True)
            if decision in _RAYYAN
        ]
        reasons = sorted({one.replace(",", ";") for one in held["reason"] if one})
        note = f"RAYYAN-INCLUSION: {{{', '.join(said)}}}" if said else ""
        if reasons:
            note += f" | RAYYAN-EXCLUSION-REASONS: {','.join(reasons)}"
        notes[str(record_id)] = note
    return notes


Settled = Sequence[Mapping[str, str]]
"""The decision and the reason about each record; empty where nothing is settled."""


def _covidence(records: pd.DataFrame, told: Settled) -> pd.DataFrame:
    reasons = [
        f"Exclusion reason: {said.get('reason') or 'not given'}; "
        if said.get("decision") == "exclude"
        else ""
        for said in told
    ]
    table = _renamed(records, _COVIDENCE_COLUMNS)
    numbers = [f"#{place}" for place in range(1, len(table) + 1)]
    tags = [said.get("decision", "") for said in told]
    return table.assign(**{"Covidence #": numbers, "Study": "", "Notes": reasons, "Tags": tags})


def _asreview(records: pd.DataFrame, told: Settled) -> pd.DataFrame:
    names = ["title", "authors", "abstract", "keywords", "year", "doi", "url"]
    table = _renamed(records, {name: name for name in ["record_id", *names]})
    labels = {"include": "1", "exclude": "0"}
    return table.assign(included=[labels.get(said.get("decision", ""), "") for said in told])


def _eppi(records: pd.DataFrame, told: Settled) -> pd.DataFrame:
    letters = {"include": "I", "exclude": "E"}
    said = [letters.get(one.get("decision", ""), "") for one in told]
    why = [one.get("reason", "") for one in told]
    return _renamed(records, _EPPI_COLUMNS).assign(**{"I/E": said, "Reason": why})


def _renamed(records: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    text = as_text(records, list(names.values()))
    return pd.DataFrame({theirs: text[ours] for theirs, ours in names.items()})


def _asreview_note(decision: str) -> str:
    words = {"include": "ASReview_relevant", "exclude": "ASReview_irrelevant"}
    return words.get(decision, "ASReview_not_seen")


def _ris_with_notes(records: pd.DataFrame, notes: dict[str, str]) -> str:
    """Return records as RIS, each with its note before its last line."""
    parts = []
    for one, row in zip(ids_of(records), range(len(records)), strict=True):
        text = to_ris(records.iloc[[row]])
        note = f"N1  - {notes[one]}\n" if notes.get(one) else ""
        parts.append(f"{note}ER  - ".join(re.split(r"(?m)^ER  - ", text, maxsplit=1)))
    return "\n".join(parts)
