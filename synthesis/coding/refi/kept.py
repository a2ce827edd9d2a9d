"""What a codebook's file holds beside its codes, such as colours and sets, to be written again."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field

from synthesis.coding.codebook import Codebook
from synthesis.coding.refi.elements import children, guid, local, same_guid


@dataclass(frozen=True)
class Kept:
    """What a file held beside the codes of a codebook, to be written again.

    Attributes
    ----------
    attributes : mapping
        Of each code by its id: GUID, colour, whether it can be given, and others.
    elements : mapping
        Of each code by its id: what is in it, apart from its description and codes.
    sets : tuple of Element
        Sets of codes, whose members are named by GUID.
    beside : tuple of Element
        What else is in the codebook, apart from its codes.
    memos : tuple of Element
        The notes of a project to which codes refer.
    """

    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    elements: Mapping[str, tuple[ET.Element, ...]] = field(default_factory=dict)
    sets: tuple[ET.Element, ...] = ()
    beside: tuple[ET.Element, ...] = ()
    memos: tuple[ET.Element, ...] = ()

    def guid_of(self, code_id: str) -> str:
        """Return the GUID of a code: the one it came with, or else one made from its id."""
        return self.attributes.get(code_id, {}).get("guid") or guid(code_id)


def add_sets(root: ET.Element, codebook: Codebook, *, member: str, known: set[str]) -> None:
    """Put the sets of a codebook below an element, without members that are not written.

    Parameters
    ----------
    root : Element
        What gets the ``Sets``, if there are any.
    codebook : Codebook
        It names its sets.
    member : {"guid", "targetGUID"}
        The attribute that names a code: it differs between codebooks and projects.
    known : set of str
        The GUIDs of what is written, as `same_guid` gives them.
    """
    group = ET.Element("Sets")
    for one in kept_of(codebook).sets:
        written = copy.deepcopy(one)
        members = [part for part in written if local(part).startswith("Member")]
        for part in members:
            named = part.attrib.pop("guid", None) or part.attrib.pop("targetGUID", "")
            part.set(member, named)
            if same_guid(named) not in known:
                written.remove(part)
        if not members or any(part in members for part in written):
            group.append(written)
    if len(group):
        root.append(group)


def drop_memos(root: ET.Element, kept: Kept) -> None:
    """Take out the references to a project's memos, which a codebook alone does not hold."""
    memos = {same_guid(one.get("guid")) for one in kept.memos}
    for holder in list(root.iter()):
        for one in children(holder, "NoteRef"):
            if same_guid(one.get("targetGUID")) in memos:
                holder.remove(one)


def guids(codebook: Codebook) -> set[str]:
    """Return the GUIDs that the codes of a codebook are written with, for comparison."""
    kept = kept_of(codebook)
    return {same_guid(kept.guid_of(code.id)) for code in codebook}


def kept_of(codebook: Codebook) -> Kept:
    """Return what the file that a codebook was read from held besides; nothing if it was none."""
    return codebook.kept if isinstance(codebook.kept, Kept) else Kept()
