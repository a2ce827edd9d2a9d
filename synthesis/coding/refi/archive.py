"""The archive of a REFI-QDA project: only what is needed is read, and nothing is unpacked.

References
----------
REFI-QDA Standard 1.5 (2019), sections 7.1 to 7.4: a zip archive that contains ``project.qde`` and,
in the folder ``Sources``, the files named by ``internal://``.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from arrowroot.errors import FileError
from arrowroot.files import LARGEST, as_path

PROJECT: Final = "project.qde"
SOURCES: Final = "sources/"
INTERNAL: Final = "internal://"

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
        # Programs differ in the folder's capitals and in slashes.
        self._parts = {
            part.filename.replace("\\", "/").lower(): part for part in self._zip.infolist()
        }

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
        if PROJECT not in self._parts:
            raise FileError(
                f"{self.name}: contains no {PROJECT}, so it is not a REFI-QDA project. Export the "
                "project as REFI-QDA (.qdpx)."
            )
        return self._read(PROJECT)

    def text(self, place: str) -> str:
        """Return the text that a source's path names.

        Raises
        ------
        TextError
            Says why it cannot be read: it is outside the archive, does not exist, is damaged, or
            is not text.
        """
        if not place.startswith(INTERNAL):
            raise TextError(f"{place!r} lies outside the project, and such files are not opened")
        name = SOURCES + place.removeprefix(INTERNAL).lstrip("/").lower()
        if name not in self._parts:
            raise TextError(f"{place!r} is not in the archive")
        held = self._read(name)
        coding = "utf-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
        try:
            return held.decode(coding)
        except UnicodeDecodeError:
            raise TextError(f"{place!r} is not UTF-8 text") from None

    def _read(self, name: str) -> bytes:
        """Return a part of the archive; the size it declares is not trusted."""
        try:
            with self._zip.open(self._parts[name]) as part:
                held = part.read(self._left + 1)
        except _DAMAGE as error:
            raise TextError(f"{self.name}: {name} is damaged ({error})") from None
        self._left -= len(held)
        if self._left < 0:
            raise FileError(f"{self.name}: unpacks to more than {AT_MOST // 10**6} MB; not read.")
        return held
