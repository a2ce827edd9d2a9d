"""Files read within a limit, and written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from arrowroot.errors import DataError, FileError

LARGEST = 50_000_000
"""Bytes that a file may hold before it is refused, where the caller names no other limit."""


def as_path(path: str | os.PathLike[str]) -> Path:
    r"""Return a file's path, or say what is wrong with its name.

    Raises
    ------
    FileError
        If it is no path, or holds a character that no file name can hold.

    Examples
    --------
    >>> as_path("trials\0.csv")
    Traceback (most recent call last):
    arrowroot.errors.FileError: 'trials\x00.csv': a file name cannot hold a zero character.
    """
    if not isinstance(path, str | os.PathLike):
        raise FileError(
            f"the path of a file is needed, as text or as a Path; got {type(path).__name__}."
        )
    found = Path(os.fsdecode(path))
    if "\0" in str(found):
        raise FileError(f"{str(found)!r}: a file name cannot hold a zero character.")
    try:
        os.fsencode(found)
    except UnicodeEncodeError:
        raise FileError(
            f"{str(found)!r}: a file name cannot hold half a character; rename the file."
        ) from None
    return found


def as_paths(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """Return the paths of one file or of several; see `as_path`.

    Raises
    ------
    FileError
        If it is neither a path nor a list of paths.
    """
    if isinstance(paths, Iterable) and not isinstance(paths, str | bytes | os.PathLike):
        return [as_path(path) for path in paths]
    return [as_path(paths)]


def is_there(path: Path) -> bool:
    """Return whether there is such a file or folder.

    Raises
    ------
    FileError
        If there cannot be, such as one with a name that is too long.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}.") from None
    return True


def make_folder(path: str | os.PathLike[str]) -> Path:
    """Return a folder, with those it is in, that is made if it is missing.

    Raises
    ------
    FileError
        If it cannot be made, such as below a file.
    """
    target = as_path(path)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{target}: {error.strerror}.") from None
    return target


def read_bytes(path: str | os.PathLike[str], *, largest: int | None = None) -> bytes:
    """Return a file's bytes.

    Raises
    ------
    FileError
        If it cannot be read or is larger than `largest` bytes (`LARGEST` if left out).
    """
    source = as_path(path)
    limit = LARGEST if largest is None else largest
    try:
        if source.stat().st_size > limit:
            raise FileError(f"{source.name}: larger than {limit // 10**6} MB; not read.")
        return source.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{source}: there is no such file.") from None
    except FileError:
        raise
    except OSError as error:
        raise FileError(f"{source}: {error.strerror}.") from None


def read_text(path: str | os.PathLike[str]) -> str:
    """Return a file's text, which must be UTF-8 (a byte order mark is dropped).

    Raises
    ------
    FileError
        If it is not; the message says how to save it as UTF-8.
    """
    held = read_bytes(path)
    name = as_path(path).name
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{name}, line {line}: not UTF-8 text. In a spreadsheet choose 'CSV UTF-8' when saving."
        ) from None
    if "\0" in text:
        raise FileError(f"{name}: holds zero bytes, so it is not a text file.")
    return text


def write_text(text: str, path: str | os.PathLike[str]) -> Path:
    """Write a text file in UTF-8, whole or not at all; see `write_bytes`.

    Raises
    ------
    DataError
        If the text holds half a character, as damaged text from a PDF may; the message shows it.
    FileError
        As `write_bytes`.
    """
    try:
        held = text.encode("utf-8")
    except UnicodeEncodeError as error:
        around = text[max(error.start - 20, 0) : error.start + 10]
        raise DataError(
            f"{as_path(path).name}: not written, because {around!r} contains half a character "
            f"({text[error.start]!r}). Delete it."
        ) from None
    return write_bytes(held, path)


def write_bytes(held: bytes, path: str | os.PathLike[str]) -> Path:
    """Write a file so that an interruption leaves the old one untouched.

    Parameters
    ----------
    held : bytes
        What the file is to hold.
    path : str or Path
        Where; its folder must exist. Whoever may read and write an old file of that name may do
        so afterwards; a new file has the rights that the system gives to new files. A link stays
        a link: the file that it points to is written.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileError
        If it cannot be written there: no such folder, no room, a folder of that name.
    """
    target = as_path(path)
    try:
        # The draft must be beside the file itself: moved onto a link, it would take its place.
        file = Path(os.path.realpath(target))
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        try:
            mode = file.stat().st_mode & 0o7777
        except FileNotFoundError:
            mode = None
        draft = file.parent / f".{secrets.token_hex(8)}{file.suffix[:16]}"
        try:
            _write_new(draft, held, mode)
            draft.replace(file)
        except BaseException:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    except OSError as error:
        raise FileError(f"{target}: {error.strerror}.") from None
    return target


def _write_new(path: Path, held: bytes, mode: int | None) -> None:
    """Write a file that is not there yet, which nobody may read before it has its mode."""
    # A plain open lets the kernel apply the umask, which tempfile does not.
    rights = 0o666 if mode is None else 0o600
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as out:
        out.write(held)
    if mode is not None:
        path.chmod(mode)
