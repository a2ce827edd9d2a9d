"""What REFI-QDA's codebooks and projects have in common: the codes.

The format has a code's name, its place in the tree and one description. The rules of a codebook
go into the description as lines that begin with a label ("Include: ..."), where people can read
them in any program and `read_codes` can find them again. An id that does not follow from the name
is a processing instruction, ``<?arrowroot staff?>``, which programs skip. Colours, sets and
whatever else the format has for a code are in `Kept`, so that they can be written again.

References
----------
REFI-QDA Standard 1.5 (2019).
"""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from typing import Final
from urllib.parse import quote, unquote

from arrowroot.errors import DataError
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.refi.elements import (
    children,
    guid,
    is_instruction,
    local,
    plain,
    same_guid,
    text_of,
)
from synthesis.coding.refi.kept import Kept, kept_of

LABELS: Final = {
    "include": "Include",
    "exclude": "Exclude",
    "example": "Example",
    "source": "Source",
    "id": "Id",
}
"""The lines of a description after the definition, in this order. Earlier versions wrote the id
there too; it is still read."""

ID: Final = "arrowroot"
"""The target of the processing instruction that holds an id."""

MOST_NESTED: Final = 50


def read_codes(book: ET.Element, name: str) -> tuple[tuple[Code, ...], dict[str, str], Kept]:
    """Return the codes below a ``CodeBook``, the id of each by its GUID, and what else it holds.

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
    attributes: dict[str, dict[str, str]] = {}
    elements: dict[str, tuple[ET.Element, ...]] = {}
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
        attributes[code.id] = {key: at for key, at in element.items() if key != "name"}
        elements[code.id] = _besides(element, "Code", "Description")
        waiting += [(below, code.id, depth + 1) for below in reversed(element)]
    sets = tuple(one for part in children(book, "Sets") for one in children(part, "Set"))
    beside = _besides(book, "Codes", "Sets")
    return tuple(codes), by_guid, Kept(attributes, elements, sets, beside)


def add_codes(book: ET.Element, codebook: Codebook) -> None:
    """Put the codes of a codebook below a ``CodeBook``.

    Raises
    ------
    DataError
        If a text contains a control character, which XML does not allow.
    """
    kept = kept_of(codebook)
    placed = {"": ET.SubElement(book, "Codes")}
    taken: set[str] = set()
    for code in _parents_first(codebook):
        place = f"code {code.id!r}"
        name = plain(code.label, place)
        named = {"guid": kept.guid_of(code.id), "name": name}
        element = placed[code.id] = ET.SubElement(
            placed[code.parent],
            "Code",
            named | {"isCodable": "true"} | dict(kept.attributes.get(code.id, {})) | named,
        )
        if described := plain(_described(code), place):
            ET.SubElement(element, "Description").text = described
        element.extend(copy.deepcopy(one) for one in kept.elements.get(code.id, ()))
        # As it is read: the same name in the same place gives the same id.
        if code.id != _new_id(" ".join(name.split()), code.parent, taken):
            element.append(ET.ProcessingInstruction(ID, quote(plain(code.id, place))))
        taken.add(code.id)


def _besides(element: ET.Element, *names: str) -> tuple[ET.Element, ...]:
    """Return the children of an element that have other names; of instructions, not our own."""
    return tuple(
        one
        for one in element
        if local(one) not in names and not (is_instruction(one) and _own_id(one))
    )


def _own_id(instruction: ET.Element) -> str:
    target, _, held = (instruction.text or "").partition(" ")
    return unquote(held.strip()) if target == ID else ""


def _code(element: ET.Element, parent: str, taken: set[str], name: str) -> Code:
    label = " ".join(element.get("name", "").split())
    if not label:
        raise DataError(f"{name}: a code under {parent or 'the top'!r} has no name.")
    fields = _read_description(text_of(element, "Description"), element.get("guid"))
    instructions = [one for one in element if is_instruction(one)]
    code_id = next(filter(None, map(_own_id, instructions)), fields.pop("id", ""))
    fields.pop("id", None)
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
    for name, label in LABELS.items():
        if name != "id" and (value := getattr(code, name)):
            lines.append(f"{label}: {' '.join(value.split())}")
    return "\n".join(lines)


def _read_description(text: str, of: str | None) -> dict[str, str]:
    """Split the description of a code with a GUID into its definition and the lines that end it."""
    lines = text.splitlines()
    fields: dict[str, str] = {}
    for name, label in reversed(LABELS.items()):
        if lines and lines[-1].strip().startswith(f"{label}: "):
            value = lines[-1].strip().removeprefix(f"{label}: ").strip()
            # A GUID that was made from an id proves that the line is one of ours.
            if name != "id" or same_guid(guid(value)) == same_guid(of):
                fields[name] = value
                lines.pop()
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
