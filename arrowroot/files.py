"""Files read within a limit, and written whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import BinaryIO

from arrowroot.errors import FileError

LARGEST = 50_000_000
"""Largest size of a file in bytes, unless the caller gives another limit."""

_AT_ONCE = 1 << 16


def as_path(path: str | os.PathLike[str]) -> Path:
    r"""Return a file's path, or raise an error that says what is wrong with its name.

    Raises
    ------
    FileError
        If it is not a path, or contains a character that no file name can contain.

    Examples
    --------
    >>> as_path("trials\0.csv")
    Traceback (most recent call last):
    arrowroot.errors.FileError: 'trials\x00.csv': a file name cannot contain a null character.
    """
    if not isinstance(path, str | os.PathLike):
        raise FileError(
            f"the path of a file is needed, as text or as a Path; got {type(path).__name__}."
        )
    found = Path(os.fsdecode(path))
    if "\0" in str(found):
        raise FileError(f"{str(found)!r}: a file name cannot contain a null character.")
    return found


def read_bytes(path: str | os.PathLike[str], *, largest: int | None = None) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    FileError
        If it cannot be read, or gives more than `largest` bytes (`LARGEST` if left out).
    """
    source = as_path(path)
    limit = LARGEST if largest is None else largest
    try:
        with source.open("rb") as file:
            held = _at_most(limit + 1, file)
    except FileNotFoundError:
        raise FileError(f"{source}: there is no such file.") from None
    except OSError as error:
        raise FileError(f"{source}: {error.strerror}.") from None
    if len(held) > limit:
        raise FileError(f"{source.name}: larger than {limit // 10**6} MB; not read.")
    return held


def _at_most(most: int, file: BinaryIO) -> bytes:
    """Return the first bytes of a file, whatever the system says of its size.

    The size is a hint of how much to read at once: a pipe says 0, and a file may still grow.
    """
    at_once = max(os.fstat(file.fileno()).st_size + 1, _AT_ONCE)
    pieces = []
    while most > 0 and (piece := file.read(min(at_once, most))):
        pieces.append(piece)
        most -= len(piece)
    return b"".join(pieces)


def read_text(path: str | os.PathLike[str]) -> str:
    """Return a file's text, which must be UTF-8 (a byte order mark is dropped).

    Raises
    ------
    FileError
        If it is not; the message says how to save it as UTF-8.
    """
    held = read_bytes(path)
    name = Path(path).name
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{name}, line {line}: not UTF-8 text. In a spreadsheet choose 'CSV UTF-8' when saving."
        ) from None
    if "\0" in text:
        raise FileError(f"{name}: contains null bytes, so it is not a text file.")
    return text


def write_text(text: str, path: str | os.PathLike[str]) -> Path:
    """Write a text file in UTF-8, whole or not at all; see `write_bytes`."""
    return write_bytes(text.encode("utf-8"), path)


def write_bytes(held: bytes, path: str | os.PathLike[str]) -> Path:
    """Write a file so that an interruption leaves an existing one unchanged.

    Parameters
    ----------
    held : bytes
        The content of the file.
    path : str or Path
        Where; its folder must exist. An existing file keeps its permissions; a new file has
        those that the system gives to new files.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileError
        If it cannot be written there: no such folder, no space, a folder of that name.
    """
    target = as_path(path)
    draft = target.parent / f".{secrets.token_hex(8)}{target.suffix[:16]}"
    try:
        try:
            mode = target.stat().st_mode & 0o7777
        except FileNotFoundError:
            mode = None
        # A plain open lets the kernel apply the umask, which tempfile does not.
        with draft.open("xb") as out:
            out.write(held)
        if mode is not None:
            draft.chmod(mode)
        draft.replace(target)
    except OSError as error:
        raise FileError(f"{target}: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return target
