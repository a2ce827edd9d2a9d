"""The archive of a REFI-QDA project: only what is needed is read, and nothing is unpacked.

References
----------
REFI-QDA Standard 1.5 (2019), sections 7.1 to 7.4: a zip archive that contains ``project.qde`` and,
in the folder ``Sources``, the files named by ``internal://``. Programs write these addresses in
many other ways (QualCoder#803, qualitative-coding#71), so a text is looked for by the end of its
address.
"""

from __future__ import annotations

import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote

from arrowroot.errors import FileError
from arrowroot.files import LARGEST, as_path

PROJECT: Final = "project.qde"
SOURCES: Final = "sources"
SCHEME: Final = re.compile(r"(internal|relative|absolute|file):/*", re.IGNORECASE)
ELSEWHERE: Final = re.compile(r"(relative|absolute|file|https?):|/|[a-z]:", re.IGNORECASE)
"""Addresses that are meant for a file outside the archive."""

UTF8_NAME: Final = 0x800
"""The flag of an entry whose name is declared as UTF-8."""

AT_MOST = 4 * LARGEST
"""The most bytes, after unpacking, that are read from one project."""

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,  # an unknown compression method
    RuntimeError,  # a password
)
"""The exceptions that a damaged archive can raise in its reader."""


class TextError(FileError):
    """One text of a project cannot be read; the rest can."""


class Archive:
    """A ``.qdpx`` file, open for reading.

    Parameters
    ----------
    path : str or Path
        The file.

    Raises
    ------
    FileError
        If it is not an archive, or contains no project.
    """

    def __init__(self, path: str | Path) -> None:
        file = as_path(path)
        self.name = file.name
        self._left = AT_MOST
        try:
            self._zip = zipfile.ZipFile(file)
        except FileNotFoundError:
            raise FileError(f"{path}: there is no such file.") from None
        except _DAMAGE as error:
            raise FileError(
                f"{self.name}: not a readable .qdpx archive ({error}). Export the project again."
            ) from None
        # macOS adds a hidden twin of every file, with the same name, that is no text.
        named = ((_steps(_entry_name(part)), part) for part in self._zip.infolist())
        self._parts = {steps: part for steps, part in named if steps and steps[0] != "__MACOSX"}
        self._by_file: dict[str, list[tuple[str, ...]]] = {}
        for steps in self._parts:
            # An entry may itself be written with %20 and the like.
            for one in {steps[-1].casefold(), unquote(steps[-1]).casefold()}:
                self._by_file.setdefault(one, []).append(steps)

    def __enter__(self) -> Self:
        """Return the archive itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._zip.close()

    def project(self) -> bytes:
        """Return the project's XML."""
        return self._read(self._project())

    def text(self, address: str) -> str:
        """Return the text that a source's path names, however the program wrote the path.

        Raises
        ------
        TextError
            Says why it cannot be read: it is not in the archive, several files could be meant, it
            is damaged, or it is not text.
        """
        held = self._read(self._find(address))
        coding = "utf-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        try:
            return held.decode(coding)
        except UnicodeDecodeError:
            raise TextError(f"{address!r} is not UTF-8 text") from None

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the contents of every file but the project's XML."""
        project = self._project()
        folder = project[:-1]  # it may have been packed with the project
        for steps, part in self._parts.items():
            if steps != project:
                names = [one for one in _entry_name(part).split("/") if one.strip(". ")]
                within = steps[: len(folder)] == folder and len(names) == len(steps)
                yield "/".join(names[len(folder) :] if within else names), self._read(steps)

    def _project(self) -> tuple[str, ...]:
        """Return where the project's XML is; its folder may have been packed with it."""
        if inner := self._by_file.get(PROJECT):
            return min(inner, key=len)
        raise FileError(
            f"{self.name}: contains no {PROJECT}, so it is not a REFI-QDA project. Export the "
            "project as REFI-QDA (.qdpx)."
        )

    def _find(self, address: str) -> tuple[str, ...]:
        """Return the part of the archive whose name fits an address best, from its end."""
        asked = address.strip().replace("\\", "/")
        # Some programs write spaces and accents as %20 and the like; a name may contain a "%" too.
        written = {_steps(re.sub(SCHEME, "", one, count=1)) for one in (asked, unquote(asked))}
        fits = {
            part: max(_fit(part, other) for other in written)
            for steps in written
            for part in self._by_file.get(steps[-1].casefold() if steps else "", ())
        }
        if fits:
            best = max(fits.values())
            found = [part for part, fit in fits.items() if fit == best]
            if len(found) == 1:
                return found[0]
            raise TextError(
                f"{address!r} could be any of {len(found)} files in the archive that are called "
                f"{found[0][-1]!r}"
            )
        outside = "; it lies outside the project, and such files are not opened"
        raise TextError(
            f"{address!r} is not in the archive{outside if re.match(ELSEWHERE, asked) else ''}"
        )

    def _read(self, steps: tuple[str, ...]) -> bytes:
        """Return a part of the archive; the size it declares is not trusted."""
        try:
            with self._zip.open(self._parts[steps]) as part:
                held = part.read(self._left + 1)
        except _DAMAGE as error:
            raise TextError(f"{self.name}: {'/'.join(steps)} is damaged ({error})") from None
        self._left -= len(held)
        if self._left < 0:
            raise FileError(f"{self.name}: unpacks to more than {AT_MOST // 10**6} MB; not read.")
        return held


def file_name(address: str) -> str:
    """Return the name of the file that an address ends with.

    Examples
    --------
    >>> file_name("internal://First%20talk.txt"), file_name("/research/ann/talk.txt")
    ('First talk.txt', 'talk.txt')
    """
    steps = _steps(re.sub(SCHEME, "", unquote(address).replace("\\", "/"), count=1))
    return steps[-1] if steps else ""


def _entry_name(part: zipfile.ZipInfo) -> str:
    """Return the name of an entry; many programs write UTF-8 and do not declare it."""
    if part.flag_bits & UTF8_NAME:
        return part.filename.replace("\\", "/")
    try:
        return part.filename.encode("cp437").decode("utf-8").replace("\\", "/")
    except UnicodeError:
        return part.filename.replace("\\", "/")


def _steps(path: str) -> tuple[str, ...]:
    """Return the folders and the file of a path, with accents composed."""
    steps = unicodedata.normalize("NFC", path).split("/")
    return tuple(one.strip() for one in steps if one.strip() not in ("", ".", ".."))


def _fit(part: tuple[str, ...], asked: tuple[str, ...]) -> tuple[int, int, int]:
    """Return how well a part of the archive fits an address, to be compared.

    First how many steps they share from the end, whatever the capitals; then whether it is in the
    place that the standard gives it, or in the one written; then how many capitals are right.
    """
    there, wanted = ([one.casefold() for one in path] for path in (part, asked))
    shared = 0
    while shared < min(len(there), len(wanted)) and there[-1 - shared] == wanted[-1 - shared]:
        shared += 1
    place = 2 if there == [SOURCES, *wanted] else int(there == wanted)
    capitals = sum(one == other for one, other in zip(part[::-1], asked[::-1], strict=False))
    return shared, place, capitals
