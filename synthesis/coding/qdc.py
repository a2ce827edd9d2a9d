"""Codebooks in REFI-QDA's exchange format, ``.qdc``, which NVivo, ATLAS.ti and others read.

The format knows a code's name, its place in the tree and one description. What else a codebook
holds goes into the description as lines that begin with a label ("Include: ..."), where people
can read it in any program and `read_qdc` finds it again.

References
----------
REFI-QDA Standard 1.5 (2019), part 2, Codebook exchange: namespace ``urn:QDA-XML:codebook:1.0``.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from synthesis import checks, files
from synthesis.coding.codebook import Code, Codebook
from synthesis.errors import DataError, FileError

NAMESPACE: Final = "urn:QDA-XML:codebook:1.0"
CODE_NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://arrowroot/codebook")
"""Where a code's GUID comes from: one id gives one GUID, today and next year."""

LABELS: Final = {
    "include": "Include",
    "exclude": "Exclude",
    "example": "Example",
    "source": "Source",
    "id": "Id",
}
"""The lines of a description after the definition, in this order."""

MOST_NESTED: Final = 50
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_qdc(path: str | Path) -> Codebook:
    """Read a codebook from a ``.qdc`` file.

    Codes that carry no id of ours get one from their name, with the names above where a name
    stands more than once. Colours, sets and notes of other programs are left out.

    Parameters
    ----------
    path : str or Path
        A REFI-QDA codebook.

    Returns
    -------
    Codebook
        Its title is the file's name; its version is empty, for the format has none.

    Raises
    ------
    FileError
        If the file cannot be read, is no well-formed XML or declares a document type (an entity
        bomb begins so, and no codebook needs one).
    DataError
        If it holds no codebook, a code without a name, or codes nested too deep.
    """
    name = Path(path).name
    root = _parse(files.read_bytes(path), name)
    if _local(root) != "CodeBook":
        raise DataError(
            f"{name}: holds <{_local(root)}>, not a REFI-QDA <CodeBook>. Export the codebook "
            "(.qdc), not the project (.qdpx)."
        )
    codes: list[Code] = []
    taken: set[str] = set()
    # Depth first with a list instead of recursion, so that a deep file is refused, not a crash.
    tops = [one for part in root if _local(part) == "Codes" for one in part]
    waiting = [(element, "", 1) for element in reversed(tops)]
    while waiting:
        element, parent, depth = waiting.pop()
        if _local(element) != "Code":
            continue
        if depth > MOST_NESTED:
            raise DataError(f"{name}: codes nested more than {MOST_NESTED} deep.")
        code = _code(element, parent, taken, name)
        taken.add(code.id)
        codes.append(code)
        waiting += [(below, code.id, depth + 1) for below in reversed(element)]
    if not codes:
        raise DataError(f"{name}: the codebook holds no codes.")
    return Codebook(Path(path).stem, "", tuple(codes))


def write_qdc(codebook: Codebook, path: str | Path) -> Path:
    """Write a codebook as a ``.qdc`` file, whole or not at all.

    Parameters
    ----------
    codebook : Codebook
        Title, version, source and gaps have no place in the format and are left out.
    path : str or Path
        Where to; the ending should be ``.qdc``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    DataError
        If a text holds a control character, which XML cannot carry.
    """
    root = ET.Element("CodeBook", {"xmlns": NAMESPACE, "origin": "Arrowroot"})
    placed = {"": ET.SubElement(root, "Codes")}
    for code in _parents_first(codebook):
        placed[code.id] = ET.SubElement(
            placed[code.parent],
            "Code",
            {
                "guid": str(uuid.uuid5(CODE_NAMES, code.id)).upper(),
                "name": _plain(code.label, code.id),
                "isCodable": "true",
            },
        )
        described = ET.SubElement(placed[code.id], "Description")
        described.text = _plain(_described(code), code.id)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return files.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n', path)


class _NoDocumentType(ET.TreeBuilder):
    """Builds the tree, but stops where a document type begins, before any entity is defined."""

    def doctype(self, name: str, *_: str | None) -> None:
        raise FileError(f"declares a document type ({name}), which no codebook needs; not read.")


def _parse(held: bytes, name: str) -> ET.Element:
    parser = ET.XMLParser(target=_NoDocumentType())  # noqa: S314  (no entities reach it)
    try:
        return ET.fromstring(held, parser)  # noqa: S314
    except FileError as error:
        raise FileError(f"{name}: {error}") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FileError(f"{name}: not well-formed XML ({error}).") from None


def _local(element: ET.Element) -> str:
    """Return an element's name without its namespace, which differs between programs."""
    return str(element.tag).rpartition("}")[2]


def _code(element: ET.Element, parent: str, taken: set[str], name: str) -> Code:
    label = " ".join(element.get("name", "").split())
    if not label:
        raise DataError(f"{name}: a code under {parent or 'the top'!r} has no name.")
    text = "".join(
        "".join(part.itertext()) for part in element if _local(part) == "Description"
    ).strip()
    fields = _read_description(text)
    code_id = fields.pop("id", "")
    if not code_id or code_id in taken:
        code_id = _new_id(label, parent, taken)
    return Code(id=code_id, label=label, parent=parent, **fields)


def _new_id(label: str, parent: str, taken: set[str]) -> str:
    short = re.sub(r"[\W_]+", "_", label.casefold()).strip("_") or "code"
    wanted = short if short not in taken else f"{parent}/{short}".lstrip("/")
    at, free = 1, wanted
    while free in taken:
        at += 1
        free = f"{wanted}_{at}"
    return free


def _described(code: Code) -> str:
    lines = [code.definition] if code.definition else []
    for field, label in LABELS.items():
        if value := getattr(code, field):
            lines.append(f"{label}: {' '.join(value.split())}")
    return "\n".join(lines)


def _read_description(text: str) -> dict[str, str]:
    """Split a description into its definition and the labelled lines that end it."""
    lines = text.splitlines()
    fields: dict[str, str] = {}
    for field, label in reversed(LABELS.items()):
        if lines and lines[-1].strip().startswith(f"{label}: "):
            fields[field] = lines.pop().strip().removeprefix(f"{label}: ").strip()
    return {"definition": "\n".join(lines).strip(), **fields}


def _parents_first(codebook: Codebook) -> list[Code]:
    """Return the codes so that each comes after the one it falls under, siblings in order."""
    ordered: list[Code] = []
    waiting = codebook.children()[::-1]
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting += codebook.children(code.id)[::-1]
    return ordered


def _plain(text: str, code_id: str) -> str:
    if bad := NOT_IN_XML.findall(text):
        raise DataError(
            f"code {code_id!r}: holds {checks.shortened(map(repr, bad))}, which XML cannot carry. "
            "Delete the character."
        )
    return text
