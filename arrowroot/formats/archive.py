"""The ZIP archive of an XLSX workbook: its parts, and what they refer to."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

from arrowroot.errors import FileError

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ET.ParseError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
"""What the standard library raises for a damaged archive or damaged XML."""


class Archive:
    """A ZIP archive of XML parts, read within limits.

    Parameters
    ----------
    held : bytes
        The file.
    name : str
        Its name, for messages.
    unpacked : int
        Bytes to which it may unpack.

    Raises
    ------
    FileError
        If it is not an archive, is damaged or protected by a password, unpacks to more than
        `unpacked` bytes, or declares a document type.
    """

    def __init__(self, held: bytes, name: str, *, unpacked: int) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(held))
        except _DAMAGE as error:
            self.refuse(str(error))
        infos = self._zip.infolist()
        if any(info.flag_bits & 1 for info in infos):
            raise FileError(
                f"{name}: protected by a password; save it without one and read it again."
            )
        if sum(info.file_size for info in infos) > unpacked:
            raise FileError(f"{name}: unpacks to more than {unpacked / 10**6:,.3g} MB; not read.")
        # Names of parts differ in capitals and slashes from what refers to them.
        self._parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
        for path in self._parts:
            if path.endswith((".xml", ".rels")):
                self._xml(path)

    def part(self, path: str) -> bytes:
        """Return the bytes of a part; refuse one that is missing or damaged."""
        info = self._parts.get(path.lower())
        if info is None:
            self.refuse(f"{path} is missing")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self.refuse(f"{path} is compressed in a way that no workbook uses")
        try:
            return self._zip.read(info)
        except _DAMAGE as error:
            self.refuse(f"{path}: {error}")

    def tree(self, path: str) -> ET.Element:
        """Return a part as a tree; refuse one that is not well formed."""
        held = self._xml(path)
        try:
            return ET.fromstring(held)  # noqa: S314 (document types are refused before)
        except _DAMAGE as error:
            self.refuse(f"{path}: {error}")

    def events(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield ``"start"`` and ``"end"`` of each element of a part, which may be a large one."""
        held = io.BytesIO(self._xml(path))
        try:
            yield from ET.iterparse(held, events=("start", "end"))  # noqa: S314
        except _DAMAGE as error:
            self.refuse(f"{path}: {error}")

    def links(self, path: str) -> dict[str, tuple[str, str]]:
        """Return what a part, or with an empty path the whole, refers to: id -> kind, part."""
        folder, own = posixpath.split(path)
        beside = posixpath.join(folder, "_rels", f"{own}.rels")
        if beside.lower() not in self._parts:
            return {}
        found = {}
        for link in self.tree(beside):
            target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
            kind = link.get("Type", "").rpartition("/")[2]
            found[link.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def refuse(self, why: str) -> NoReturn:
        """Raise an error that this is not a readable workbook."""
        raise FileError(
            f"{self.name}: not a readable .xlsx workbook ({why}). Open it in a spreadsheet "
            "program and save it again as XLSX."
        ) from None

    def _xml(self, path: str) -> bytes:
        # Checked before any XML is parsed, including text with two bytes per letter, and whatever
        # the part is called, since a sheet may have any name.
        held = self.part(path)
        if b"<!DOCTYPE" in (held.replace(b"\0", b"") if b"\0" in held else held):
            raise FileError(f"{self.name}: {path} declares a document type; no workbook needs one.")
        return held


def namespace(tag: str) -> str:
    """Return the namespace of a tag, in its braces: the two forms of the format differ in it."""
    return tag[: tag.find("}") + 1]
