"""Units and their codings written as a REFI-QDA project, for NVivo, ATLAS.ti and others to open.

References
----------
REFI-QDA Standard 1.5 (2019), project exchange: namespace ``urn:QDA-XML:project:1.0``.
"""

from __future__ import annotations

import copy
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import write_bytes
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.coding.codebook import Codebook
from synthesis.coding.codings import check_codings, labels_of
from synthesis.coding.refi.archive import PROJECT
from synthesis.coding.refi.codes import add_codes
from synthesis.coding.refi.elements import guid, plain, serialised
from synthesis.coding.refi.kept import add_sets, guids, kept_of
from synthesis.coding.refi.project import QdaProject
from synthesis.coding.refi.rewrite_project import NAMESPACE as NAMESPACE
from synthesis.coding.refi.rewrite_project import put, rewritten

A_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
"""The times that the format allows."""


class _Given(NamedTuple):
    """A code that a coder gave a unit."""

    coder: str
    code: str
    note: str
    time: str


def write_qdpx(
    path: str | Path,
    units: pd.DataFrame | QdaProject,
    codings: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    *,
    unit: str = "unit",
    text: str = "text",
    coder: str = "coder",
    code: str = "code",
) -> Path:
    """Write units, codebook and codings as a ``.qdpx`` project, completely or not at all.

    Every unit becomes a separate text source, and every coding marks the whole of it. A project
    that `read_qdpx` read is written with everything its file held: sources with their pictures
    and recordings, users, memos, variables, cases, sets, links and graphs; its codebook and
    codings are those it has now, also where they were changed with `dataclasses.replace`.

    Parameters
    ----------
    path : str or Path
        Where to write it; the extension should be ``.qdpx``.
    units : DataFrame or QdaProject
        One row per unit; or a whole project, with no other argument.
    codings : DataFrame
        One row for each code a coder gave a unit; a unit may have several. If it has the columns
        ``note`` and ``time`` that `read_qdpx` gives, they are written too: notes as memos, and
        times that are written as the format wants them (2026-01-02T03:04:05Z).
    codebook : Codebook
        What the codes mean; its title becomes the project's. Colours, sets and memos of codes
        that it was read with are written too; of a set, only the codes.
    unit, text : str
        Columns of `units`: the label and what the coders read. `unit` is also a column of
        `codings`.
    coder, code : str
        Columns of `codings`.

    Returns
    -------
    Path
        The file written. `read_qdpx` reads the same units, coders and codes from it.

    Raises
    ------
    DataError
        If the codings are invalid or have a code that is not in the codebook, a unit occurs twice
        or has no text, or a text contains a control character, which XML does not allow. For a
        project, if a new coding is of a place that the project does not have.
    FileError
        If the file that a project was read from is not there any more.
    """
    if isinstance(units, QdaProject):
        if codings is not None or codebook is not None:
            raise DataError(
                "write_qdpx: a project is written with its own codings and codebook. Change them "
                "with dataclasses.replace(project, codings=...)."
            )
        return write_bytes(rewritten(units), path)
    if codings is None or codebook is None:
        raise DataError(
            "write_qdpx: codings and a codebook are needed with the units, unless these are a "
            "whole project that read_qdpx read."
        )
    labels = labels_of(units, unit)
    texts = checks.column(units, text, "text")
    if not labels:
        raise DataError("units: there are no units to write.")
    blank = [one for one, held in zip(labels, texts, strict=True) if not _is_text(held)]
    if blank:
        raise DataError(f"units: no text for {shortened(blank)}. Fill it in or drop the unit.")
    checks.column(codings, unit, "codings")
    codings = check_codings(
        codings,
        unit=unit,
        coder=coder,
        code=code,
        units=labels,
        codebook=codebook,
        several=True,
    )
    given: dict[str, list[_Given]] = {one: [] for one in labels}
    for row in codings.to_dict("records"):
        who, what = label(row[coder]), label(row[code])
        given[label(row[unit])].append(
            _Given(who, what, label(row.get("note")), label(row.get("time")))
        )
    title = codebook.title or "Codings"
    root = ET.Element(
        "Project", {"xmlns": NAMESPACE, "name": plain(title, "title"), "origin": "Arrowroot"}
    )
    _add_users(root, sorted({one.coder for these in given.values() for one in these}))
    book = ET.SubElement(root, "CodeBook")
    add_codes(book, codebook)
    book.extend(copy.deepcopy(one) for one in kept_of(codebook).beside)
    sources = ET.SubElement(root, "Sources")
    notes = ET.Element("Notes")
    notes.extend(copy.deepcopy(one) for one in kept_of(codebook).memos)
    code_guids = {one.id: kept_of(codebook).guid_of(one.id) for one in codebook}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, written in zip(labels, texts, strict=True):
            # A reader of XML or of text may convert other line endings to this one.
            content = "\n".join(plain(str(written), f"unit {one!r}").splitlines())
            _add_source(sources, notes, one, len(content), given[one], code_guids)
            put(archive, f"Sources/{guid('source', one)}.txt", content.encode("utf-8"))
        if len(notes):
            root.append(notes)
        add_sets(root, codebook, member="targetGUID", known=guids(codebook))
        put(archive, PROJECT, serialised(root).encode("utf-8"))
    return write_bytes(held.getvalue(), path)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _add_users(root: ET.Element, coders: list[str]) -> None:
    if not coders:
        return
    users = ET.SubElement(root, "Users")
    for who in coders:
        ET.SubElement(
            users, "User", {"guid": guid("coder", who), "name": plain(who, f"coder {who!r}")}
        )


def _add_source(
    sources: ET.Element,
    notes: ET.Element,
    unit: str,
    length: int,
    codings: list[_Given],
    code_guids: Mapping[str, str],
) -> None:
    named = guid("source", unit)
    source = ET.SubElement(
        sources,
        "TextSource",
        {
            "guid": named,
            "name": plain(unit, f"unit {unit!r}"),
            "plainTextPath": f"internal://{named}.txt",
        },
    )
    if not codings:
        return
    whole = ET.SubElement(
        source,
        "PlainTextSelection",
        {
            "guid": guid("selection", unit),
            "name": plain(unit, f"unit {unit!r}"),
            "startPosition": "0",
            "endPosition": str(length),
        },
    )
    for one in codings:
        own = (unit, one.coder, one.code)
        coding = ET.SubElement(
            whole,
            "Coding",
            {"guid": guid("coding", *own), "creatingUser": guid("coder", one.coder)},
        )
        if A_TIME.fullmatch(one.time):
            coding.set("creationDateTime", one.time)
        ET.SubElement(coding, "CodeRef", {"targetGUID": code_guids[one.code]})
        if one.note:
            memo = guid("note", *own)
            ET.SubElement(coding, "NoteRef", {"targetGUID": memo})
            note = ET.SubElement(notes, "Note", {"guid": memo})
            content = ET.SubElement(note, "PlainTextContent")
            content.text = plain(one.note, f"note on unit {unit!r}")
