"""The XML of REFI-QDA's files: read without trust, and written as every program reads it.

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

NAMES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://arrowroot/codebook")
"""The namespace of GUIDs: the same name always gives the same GUID."""

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class _NoDocumentType(ET.TreeBuilder):
    """Build the tree, but stop where a document type begins, before any entity is defined."""

    def doctype(self, name: str, *_: str | None) -> None:
        raise FileError(f"declares a document type ({name}), which no codebook needs; not read.")


def parse(held: bytes, name: str) -> ET.Element:
    """Return the root of an XML file's bytes, its names without REFI-QDA's namespaces.

    These differ between programs. `name` stands for the file in messages.

    Raises
    ------
    FileError
        If it is not well formed, or declares a document type, as entity bombs do.
    """
    parser = ET.XMLParser(target=_NoDocumentType(insert_pis=True))  # noqa: S314  (no entities)
    try:
        root = ET.fromstring(held, parser)  # noqa: S314
    except FileError as error:
        raise FileError(f"{name}: {error}") from None
    except (ET.ParseError, ValueError, LookupError) as error:
        raise FileError(f"{name}: not well-formed XML ({error}).") from None
    for element in root.iter():
        if not is_instruction(element) and element.tag.startswith("{urn:QDA-XML:"):
            element.tag = local(element)
    return root


def serialised(root: ET.Element) -> str:
    """Return an element as the text of a file."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace, which differs between programs."""
    return str(element.tag).rpartition("}")[2]


def is_instruction(element: ET.Element) -> bool:
    """Return whether it is a processing instruction, whose tag is no name."""
    return not isinstance(element.tag, str)


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


def plain(text: str, place: str) -> str:
    """Return a text that is valid in XML; otherwise raise an error with its place."""
    if bad := NOT_IN_XML.findall(text):
        raise DataError(
            f"{place}: contains {shortened(map(repr, bad))}, which XML does not allow. "
            "Delete the character."
        )
    return text
