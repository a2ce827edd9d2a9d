"""A project that was read, written again: everything its file held, with the codings it has now."""

from __future__ import annotations

import copy
import io
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.coding.ratings import refuse_blank
from synthesis.coding.refi.archive import PROJECT, Archive
from synthesis.coding.refi.codes import add_codes
from synthesis.coding.refi.elements import children, guid, local, plain, same_guid, serialised
from synthesis.coding.refi.kept import guids, kept_of
from synthesis.coding.refi.project import QdaProject
from synthesis.coding.refi.read_project import NOBODY, Reader

NAMESPACE: Final = "urn:QDA-XML:project:1.0"
UNDATED: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every part of the archive, so that the same codings give the same file."""


KEY: Final = ("source", "place", "coder", "code")
"""What makes a coding the same as one in the file."""


def rewritten(project: QdaProject) -> bytes:
    """Return the archive of a project with its codebook and codings as they are now.

    Codings that were taken out of its table are taken out of the file, and those added to it are
    added at the same place; the sources, users, memos, variables, cases, sets, links and graphs
    are those of the file that it was read from.

    Raises
    ------
    DataError
        If it was not read from a file, a coding has no code of the codebook, or a new coding is of
        a place at which nothing was coded before and that is not a piece of a text.
    FileError
        If the file that it was read from cannot be read any more.
    """
    if project.file is None:
        raise DataError(
            "project: it was not read from a file, so its sources cannot be written. Give "
            "write_qdpx the units, the codings and the codebook."
        )
    with Archive(project.file) as archive:
        reader = Reader(archive)
        reader.project(project.file)
        parts = list(archive.others())
    _change_codings(reader, project)
    _change_codebook(reader.root, project)
    reader.root.set("xmlns", NAMESPACE)
    reader.root.set("origin", "Arrowroot")
    reader.root.set("name", plain(project.title, "title"))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts:
            put(written, name, content)
        put(written, PROJECT, serialised(reader.root).encode("utf-8"))
    return held.getvalue()


def put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file to an archive, without the time."""
    part = zipfile.ZipInfo(name, UNDATED)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o644 << 16
    archive.writestr(part, content)


def _change_codings(reader: Reader, project: QdaProject) -> None:
    refuse_blank(*(checks.column(project.codings, name, "codings") for name in KEY))
    project.codebook.check(project.codings["code"])
    now = [(_key(row), row) for row in project.codings.to_dict("records")]
    wanted = Counter(key for key, _ in now)
    holders: dict[tuple[str, ...], ET.Element] = {}
    there: Counter[tuple[str, ...]] = Counter()
    kept: set[int] = set()
    for held, (holder, coding) in zip(reader.codings, reader.marks, strict=True):
        key = _key(held)
        holders.setdefault(key[:2], holder)
        if there[key] < wanted[key]:
            there[key] += 1
            kept.add(id(coding))
    for holder, coding in reader.marks:
        if id(coding) not in kept and coding in list(holder):
            holder.remove(coding)
    added = wanted - there
    users = {name: one for one, name in reversed(reader.users.items())}
    targets = {code.id: kept_of(project.codebook).guid_of(code.id) for code in project.codebook}
    nowhere: list[str] = []
    for key, row in now:
        if added[key] <= 0:
            continue
        added[key] -= 1
        place, coder, code = key[:2], *key[2:]
        if place not in holders and (piece := _new_piece(reader, row)) is not None:
            holders[place] = piece
        if place not in holders:
            nowhere.append(", ".join(place))
            continue
        coding = ET.Element("Coding", {"guid": guid("coding", *key, str(added[key]))})
        if coder != NOBODY:
            coding.set("creatingUser", users.get(coder) or _new_user(reader.root, coder))
        ET.SubElement(coding, "CodeRef", {"targetGUID": targets[code]})
        _insert(holders[place], coding)
    if nowhere:
        raise DataError(
            f"codings: there is no such place in the project: {shortened(dict.fromkeys(nowhere))}. "
            "A new coding needs the source and the place of one that is there, or start and end in "
            "a text."
        )


def _key(row: Mapping[Any, Any]) -> tuple[str, ...]:
    return tuple(label(row[name]) for name in KEY)


def _new_piece(reader: Reader, row: Mapping[Any, Any]) -> ET.Element | None:
    """Return a new selection in a source that is a text; None if the row is of no such piece."""
    named = label(row["source"])
    at = next((at for at, one in enumerate(reader.sources) if label(one["source"]) == named), None)
    start, end = row.get("start"), row.get("end")
    if at is None or pd.isna(start) or pd.isna(end):
        return None
    text = reader.sources[at]["text"]
    if reader.sources[at]["kind"] != "text" or text is None or not 0 <= start < end <= len(text):
        return None
    ends = {"startPosition": str(int(start)), "endPosition": str(int(end))}
    piece = ET.Element(
        "PlainTextSelection",
        {"guid": guid("selection", named, *ends.values())} | ends,
    )
    _insert(reader.elements[at], piece)
    return piece


def _new_user(root: ET.Element, name: str) -> str:
    made = guid("coder", name)
    groups = children(root, "Users")
    if not groups:
        root.insert(0, group := ET.Element("Users"))
        groups = [group]
    if not any(same_guid(one.get("guid")) == same_guid(made) for one in groups[0]):
        ET.SubElement(groups[0], "User", {"guid": made, "name": plain(name, f"coder {name!r}")})
    return made


ORDER: Final = ("Description", "PlainTextContent", "PlainTextSelection", "Coding")


def _insert(holder: ET.Element, new: ET.Element) -> None:
    """Put an element where the standard's schema wants it: after those that come before it."""
    earlier = ORDER[: ORDER.index(local(new)) + 1]
    at = max((n for n, one in enumerate(holder, start=1) if local(one) in earlier), default=0)
    holder.insert(at, new)


def _change_codebook(root: ET.Element, project: QdaProject) -> None:
    book = ET.Element("CodeBook")
    add_codes(book, project.codebook)
    book.extend(copy.deepcopy(one) for one in kept_of(project.codebook).beside)
    old = children(root, "CodeBook")
    at = list(root).index(old[0]) if old else len(children(root, "Users"))
    for one in old:
        root.remove(one)
    root.insert(at, book)
    # A set may name a code that the codebook no longer has.
    codes = guids(project.codebook)
    for group in children(root, "Sets"):
        for one in children(group, "Set"):
            for member in children(one, "MemberCode"):
                if same_guid(member.get("targetGUID") or member.get("guid")) not in codes:
                    one.remove(member)
