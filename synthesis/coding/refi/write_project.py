"""Units and their codings written as a REFI-QDA project, for NVivo, ATLAS.ti and others to open.

References
----------
REFI-QDA Standard 1.5 (2019), project exchange: namespace ``urn:QDA-XML:project:1.0``.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Final

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.files import write_bytes
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.coding.codebook import Codebook
from synthesis.coding.codings import check_codings, labels_of
from synthesis.coding.refi import codes
from synthesis.coding.refi.codes import guid, plain

NAMESPACE: Final = "urn:QDA-XML:project:1.0"
UNDATED: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every part of the archive, so that the same codings give the same file."""


def write_qdpx(
    path: str | Path,
    units: pd.DataFrame,
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    unit: str = "unit",
    text: str = "text",
    coder: str = "coder",
    code: str = "code",
) -> Path:
    """Write units, codebook and codings as a ``.qdpx`` project, completely or not at all.

    Every unit becomes a separate text source, and every coding marks the whole of it.

    Parameters
    ----------
    path : str or Path
        Where to write it; the extension should be ``.qdpx``.
    units : DataFrame
        One row per unit.
    codings : DataFrame
        One row for each code a coder gave a unit; a unit may have several.
    codebook : Codebook
        What the codes mean; its title becomes the project's.
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
        or has no text, or a text contains a control character, which XML does not allow.
    """
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
    given: dict[str, list[tuple[str, str]]] = {one: [] for one in labels}
    for one, who, what in codings[[unit, coder, code]].itertuples(index=False, name=None):
        given[label(one)].append((label(who), label(what)))
    title = codebook.title or "Codings"
    root = ET.Element(
        "Project", {"xmlns": NAMESPACE, "name": plain(title, "title"), "origin": "Arrowroot"}
    )
    _add_users(root, sorted({who for one in given.values() for who, _ in one}))
    codes.add_codes(ET.SubElement(root, "CodeBook"), codebook)
    sources = ET.SubElement(root, "Sources")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, written in zip(labels, texts, strict=True):
            # A reader of XML or of text may convert other line endings to this one.
            content = "\n".join(plain(str(written), f"unit {one!r}").splitlines())
            _add_source(sources, one, len(content), given[one])
            _put(archive, f"Sources/{guid('source', one)}.txt", content)
        _put(archive, "project.qde", codes.serialised(root))
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
    sources: ET.Element, unit: str, length: int, codings: list[tuple[str, str]]
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
    for who, what in codings:
        coding = ET.SubElement(
            whole,
            "Coding",
            {"guid": guid("coding", unit, who, what), "creatingUser": guid("coder", who)},
        )
        ET.SubElement(coding, "CodeRef", {"targetGUID": guid(what)})


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    part = zipfile.ZipInfo(name, UNDATED)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o644 << 16
    archive.writestr(part, text.encode("utf-8"))
