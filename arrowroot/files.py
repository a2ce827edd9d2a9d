"""Files read within a limit, and written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from arrowroot.errors import DataError, FileError
from arrowroot.options import thing
from arrowroot.text import shortened

LARGEST = 50_000_000
"""Largest size of a file in bytes, unless the caller gives another limit."""

_AT_ONCE = 1 << 16
_LISTED = 2000
"""How many names of a folder are compared with that of a missing file."""


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
            f"the path of a file is needed, in quotes, such as 'name.csv'; got {thing(path)}."
        )
    found = Path(os.fsdecode(path))
    if "\0" in str(found):
        raise FileError(f"{str(found)!r}: a file name cannot contain a null character.")
    try:
        os.fsencode(found)
    except UnicodeEncodeError:
        raise FileError(
            f"{str(found)!r}: a file name cannot contain half a character; rename the file."
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


def free_path(path: str | os.PathLike[str]) -> Path:
    """Return a path at which there is nothing yet: a sheet that somebody filled in is kept.

    Raises
    ------
    FileError
        If there is a file.
    """
    target = as_path(path)
    if is_there(target):
        raise FileError(
            f"{target.name} already exists and may contain work. Move it, or give another name."
        )
    return target


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


def where_looked(path: str | os.PathLike[str]) -> str:
    """Return what to say of a file that is not there: where it was looked for, and near names.

    Parameters
    ----------
    path : path
        The missing file; a relative path is looked for below the current folder.
    """
    import difflib

    target = Path(path)
    folder = Path.cwd() / target.parent
    if not folder.is_dir():
        return missing_folder(folder)
    message = f"there is no such file in {folder}"
    with contextlib.suppress(OSError):
        names = [one.name for one in itertools.islice(folder.iterdir(), _LISTED)]
        alike = sorted(
            name
            for name in names
            if Path(name).suffix.lower() == target.suffix.lower() and not name.startswith(".")
        )
        if near := difflib.get_close_matches(target.name, alike, 1):
            return f"{message}; did you mean {near[0]!r}?"
        if alike and target.suffix:
            return f"{message}; it holds {shortened(alike)}"
    return message


def missing_folder(folder: Path) -> str:
    """Return what to say of a folder that is not there: which one, and near names beside it."""
    import difflib

    first = folder = folder.resolve()
    while not first.parent.is_dir() and first.parent != first:
        first = first.parent
    message = f"there is no folder {folder}"
    if first != folder:
        message += f", since there is no {first.name!r} in {first.parent}"
    with contextlib.suppress(OSError):
        beside = [
            one.name for one in itertools.islice(first.parent.iterdir(), _LISTED) if one.is_dir()
        ]
        if near := difflib.get_close_matches(first.name, sorted(beside), 1):
            return f"{message}; did you mean {near[0]!r}?"
    return message


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
        If it cannot be read, or gives more than `largest` bytes (`LARGEST` if left out).
    """
    source = _named(path)
    limit = LARGEST if largest is None else largest
    try:
        with source.open("rb") as file:
            held = _at_most(limit + 1, file)
    except FileNotFoundError:
        where = where_looked(source)
        raise FileError(f"{source}: {where}{'' if where.endswith('?') else '.'}") from None
    except OSError as error:
        raise FileError(f"{source}: {error.strerror}.") from None
    if len(held) > limit:
        raise FileError(f"{source.name}: larger than {limit // 10**6} MB; not read.")
    return held


def _named(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file, or say that it has no name: an empty one is the folder itself."""
    if isinstance(path, str) and not path.strip():
        raise FileError("the name of the file is empty; give one, such as 'model.yaml'.")
    return as_path(path)


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
    name = as_path(path).name
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise FileError(f"{name}, line {line}: not UTF-8 text. {_save_as_utf8(name)}") from None
    if "\0" in text:
        raise FileError(f"{name}: contains null bytes, so it is not a text file.")
    return text


def _save_as_utf8(name: str) -> str:
    if name.lower().endswith((".csv", ".tsv")):
        return "In a spreadsheet choose 'CSV UTF-8' when saving."
    return "Choose the encoding UTF-8 when saving."


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
    """Write a file so that an interruption leaves an existing one unchanged.

    Parameters
    ----------
    held : bytes
        The content of the file.
    path : str or Path
        Where; its folder must exist. An existing file keeps its permissions; a new file has
        those that the system gives to new files. A link stays a link: the file that it points to
        is written.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileError
        If it cannot be written there: no such folder, no space, a folder of that name.
    """
    target = _named(path)
    if not is_there(target.parent):
        where = missing_folder(target.parent)
        advice = "" if where.endswith("?") else "; make it first, or choose another."
        raise FileError(f"{target}: not saved, because {where}{advice}")
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
