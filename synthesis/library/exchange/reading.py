"""Files of other screening programs as rows of decisions, each matched to its record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import read_bytes
from arrowroot.formats import delimited
from arrowroot.tables import read_frame
from arrowroot.text import counted, shortened
from synthesis.library.exchange import programs
from synthesis.library.exchange.matching import Finder
from synthesis.library.exchange.programs import ASREVIEW, EPPI, RAYYAN, Told
from synthesis.library.readers import ris

_SAID = ("stage", "screener", "decision", "reason", "time")


def is_references(path: Path, text: str) -> bool:
    """Return whether a text file is references or JSON; with any other text it is a table."""
    told_by_name = path.suffix.lower() in (".ris", ".json")
    return told_by_name or bool(re.search(r"(?m)^(TY|T1|TI|A1|AU) {1,2}- ?", text))


def of_text(path: Path, text: str) -> tuple[str, list[Told]]:
    """Return which program wrote a RIS or JSON file, and what it says.

    Raises
    ------
    DataError
        If neither Rayyan nor ASReview nor EPPI-Reviewer wrote it.
    """
    if path.suffix.lower() == ".json":
        return EPPI, programs.of_eppi(text, path.name)
    read_notes = {RAYYAN: programs.of_rayyan, ASREVIEW: programs.of_asreview_notes}
    program = RAYYAN if "RAYYAN-" in text else ASREVIEW if "ASReview_" in text else ""
    if not program:
        raise DataError(
            f"{path.name}: no decisions in it. In RIS files, those of Rayyan (RAYYAN-INCLUSION in "
            "N1) and of ASReview (ASReview_relevant in N1) are read."
        )
    told = []
    for one in ris.read(text).found:
        tagged = re.findall(r"(?ms)^(\w\w)  - ?(.*?)(?=^\w\w  -|\Z)", one.raw)
        notes = " | ".join(value.strip() for tag, value in tagged if tag in ("N1", "NO", "RN"))
        ids = [value.strip() for tag, value in tagged if tag in ("ID", "AN") and value.strip()]
        fields = one.fields
        told.append(
            Told(
                one.line,
                tuple(ids),
                fields.get("doi", "") if fields.get("doi", "").startswith("10.") else "",
                fields.get("title", ""),
                fields.get("year", ""),
                fields.get("pmid", ""),
                tuple(programs.unread_of_rayyan(notes)) if program == RAYYAN else (),
                decisions=tuple(read_notes[program](notes)),
            )
        )
    return program, told


def of_table(path: Path, table: pd.DataFrame) -> tuple[str, list[Told]]:
    """Return which program wrote a table, and what its rows say; nothing if none of them did."""
    notes = next((name for name in table if str(name).strip().casefold() == "notes"), None)
    first = [] if notes is None else table[notes].fillna("").astype(str).tolist()
    program = programs.of_columns(list(table.columns), first)
    if not program:
        return "", []
    rows = table.astype(object).where(table.notna(), "")
    return program, [
        programs.of_row(
            program, {str(name): str(cell) for name, cell in row.items()}, line, path.name
        )
        for line, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]


def read_foreign(
    path: Path, finder: Finder, *, stage: str | None, screener: str | None
) -> tuple[pd.DataFrame, list[dict[str, object]], list[str]] | None:
    """Return the decisions of another program's file.

    Parameters
    ----------
    path : Path
        A table, a RIS file, or EPPI-Reviewer's JSON.
    finder : Finder
        Finds records.
    stage, screener : str, optional
        What is entered where the file does not say.

    Returns
    -------
    tuple or None
        The rows; the rows whose record was not found, as problems; remarks. None if the file is
        a table of our own.
    """
    remarks: list[str] = []
    text = ""
    if path.suffix.lower() in (".ris", ".txt", ".json"):
        text, encoding, guessed = delimited.decoded(read_bytes(path))
        text = delimited.plain_ends(text)
        if not is_references(path, text):
            text = ""
        elif guessed:
            remarks.append(f"{path.name}: read as {encoding}; line {guessed} is not UTF-8.")
    if text:
        program, told = of_text(path, text)
    else:
        table = read_frame(path)
        program, told = of_table(path, table)
        if not program:
            return None
        remarks += [f"{path.name}: {remark}." for remark in table.attrs.get("remarks", ())]
    rows: list[dict[str, object]] = []
    problems: list[dict[str, object]] = []
    ways: list[str] = []
    assumed: set[str] = set()
    for one in told:
        if not one.decisions:
            continue
        record_id, way = finder.find(one)
        ways.append(way)
        for said in one.decisions:
            row: dict[str, object] = {name: said.get(name, "") for name in _SAID}
            for name, given, usual in (
                ("stage", stage, "title_abstract"),
                ("screener", screener, program),
            ):
                if not row[name]:
                    row[name] = given or usual
                    if not given:
                        assumed.add(name)
            row |= {"record_id": record_id, "file": path.name, "line": one.line}
            if record_id:
                rows.append(row)
            else:
                message = f"no record found for {_named(one)}: {way}."
                problems.append({**row, "message": message})
    silent = sum(not one.decisions for one in told)
    remarks.append(_summary(path.name, program, told, ways, silent))
    if unread := dict.fromkeys(words for one in told for words in one.unread):
        remarks.append(
            f"{path.name}: not read, since no column has a place for them: {shortened(unread)}."
        )
    remarks += [f"{path.name}: {words}" for name, words in _ASSUMED.items() if name in assumed]
    columns = ["record_id", *_SAID, "file", "line"]
    return pd.DataFrame(rows, columns=columns), problems, remarks


_ASSUMED = {
    "stage": "it names no stage; read as title_abstract. If it was full text, say "
    "stage='full_text'.",
    "screener": "it names no person; the program's name was entered. Say who with screener='...'.",
}


def _named(one: Told) -> str:
    where = ", ".join(part for part in (one.doi, one.year) if part)
    title = one.title or "(no title)"
    return f"{title!r}" + (f" ({where})" if where else "")


def _summary(
    file: str, program: str, told: Sequence[Told], ways: Iterable[str], silent: int
) -> str:
    tally: dict[str, int] = {}
    for way in ways:
        tally[way] = tally.get(way, 0) + 1
    matched = ", ".join(f"{n:,} {way}" for way, n in tally.items())
    undecided = f"; {silent:,} without a decision" if silent else ""
    size = counted(len(told), "record")
    return f"{file}: an export of {program}, {size}: {matched or 'none decided'}{undecided}."
