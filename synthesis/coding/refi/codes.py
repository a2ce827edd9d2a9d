"""What REFI-QDA's codebooks and projects have in common: their XML, and the codes in it.

The format has a code's name, its place in the tree and one description. Anything else in a
codebook goes into the description as lines that begin with a label ("Include: ..."), where people
can read it in any program and `read_codes` can find it again.

References
----------
REFI-QDA Standard 1.5 (2019).
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from typing import Final

from arrowroot.errors import DataError, FileError
from arrowroot.text import shortened
from synthesis.coding.codebook import Code, Codebook

NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://arrowroot/codebook")
"""The namespace of GUIDs: the same name always gives the same GUID."""

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


class _NoDocumentType(ET.TreeBuilder):
    """Build the tree, but stop where a document type begins, before any entity is defined."""

    def doctype(self, name: str, *_: str | None) -> None:
        raise FileError(f"declares a document type ({name}), which no codebook needs; not read.")


def parse(held: bytes, name: str) -> ET.Element:
    """Return the root of an XML file's bytes; `name` stands for the file in messages.

    Raises
    ------
    FileError
        If it is not well formed, or declares a document type, as entity bombs do.
    """
    parser = ET.XMLParser(target=_NoDocumentType())  # noqa: S314  (no entities reach it)
    try:
        return ET.fromstring(held, parser)  # noqa: S314
    except FileError as error:
        raise FileError(f"{name}: {error}") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FileError(f"{name}: not well-formed XML ({error}).") from None


def serialised(root: ET.Element) -> str:
    """Return an element as the text of a file."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace, which differs between programs."""
    return str(element.tag).rpartition("}")[2]


def children(element: ET.Element, *names: str) -> list[ET.Element]:
    """Return the direct children of an element that have one of these names."""
    return [one for one in element if local(one) in names]


def text_of(element: ET.Element, name: str) -> str:
    """Return the stripped text of the direct children of an element with a name."""
    return "".join("".join(one.itertext()) for one in children(element, name)).strip()


def guid(*names: str) -> str:
    """Return the GUID of a thing by its names, in the form the standard requires."""
    return str(uuid.uuid5(NAMES, "\n".join(names))).upper()


def same_guid(written: str | None) -> str:
    """Return a GUID in the form used for comparison: programs differ in braces and capitals.

    Examples
    --------
    >>> same_guid("{2A08BDDF}")
    '2a08bddf'
    """
    return (written or "").strip().strip("{}").lower()


def read_codes(book: ET.Element, name: str) -> tuple[tuple[Code, ...], dict[str, str]]:
    """Return the codes below a ``CodeBook``, and the id of each by its GUID.

    Codes without an id from Arrowroot get one from their name, with the names above it where a
    name occurs more than once.

    Raises
    ------
    DataError
        If a code has no name, or codes are nested too deeply.
    """
    codes: list[Code] = []
    by_guid: dict[str, str] = {}
    taken: set[str] = set()
    # Depth first with a list instead of recursion, so that a deep file is refused without a crash.
    tops = [one for part in children(book, "Codes") for one in part]
    waiting = [(element, "", 1) for element in reversed(tops)]
    while waiting:
        element, parent, depth = waiting.pop()
        if local(element) != "Code":
            continue
        if depth > MOST_NESTED:
            raise DataError(f"{name}: codes nested more than {MOST_NESTED} levels deep.")
        code = _code(element, parent, taken, name)
        taken.add(code.id)
        codes.append(code)
        by_guid[same_guid(element.get("guid"))] = code.id
        waiting += [(below, code.id, depth + 1) for below in reversed(element)]
    return tuple(codes), by_guid


def add_codes(book: ET.Element, codebook: Codebook) -> None:
    """Put the codes of a codebook below a ``CodeBook``.

    Raises
    ------
    DataError
        If a text contains a control character, which XML does not allow.
    """
    placed = {"": ET.SubElement(book, "Codes")}
    for code in _parents_first(codebook):
        placed[code.id] = ET.SubElement(
            placed[code.parent],
            "Code",
            {
                "guid": guid(code.id),
                "name": plain(code.label, f"code {code.id!r}"),
                "isCodable": "true",
            },
        )
        described = ET.SubElement(placed[code.id], "Description")
        described.text = plain(_described(code), f"code {code.id!r}")


def plain(text: str, place: str) -> str:
    """Return a text that is valid in XML; otherwise raise an error with its place."""
    if bad := NOT_IN_XML.findall(text):
        raise DataError(
            f"{place}: contains {shortened(map(repr, bad))}, which XML does not allow. "
            "Delete the character."
        )
    return text


def _code(element: ET.Element, parent: str, taken: set[str], name: str) -> Code:
    label = " ".join(element.get("name", "").split())
    if not label:
        raise DataError(f"{name}: a code under {parent or 'the top'!r} has no name.")
    fields = _read_description(text_of(element, "Description"))
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
    """Return the codes so that each comes after its parent, with siblings in order."""
    ordered: list[Code] = []
    waiting = codebook.children()[::-1]
    while waiting:
        code = waiting.pop()
        ordered.append(code)
        waiting += codebook.children(code.id)[::-1]
    return ordered
