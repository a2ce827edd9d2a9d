"""A finished folder put in the place of an older one, so that no moment sees half of either."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from arrowroot.errors import FileError

WORK = ".arrowroot"
"""Where drafts are made, beside the folder that they replace; it is gone when nothing is made."""
_EXCHANGE = 2
"""The flag of ``renameat2`` and ``renamex_np`` with which two names are exchanged."""
_HERE = -100


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Provide an empty folder to write to, and put it in the place of `target` at the end.

    If anything is raised, or the process is killed, `target` stays as it was. What a killed
    process left behind is removed by the next one.

    Parameters
    ----------
    target : Path
        The folder to replace, which need not exist.

    Raises
    ------
    FileError
        If another process is replacing it, or it cannot be written there.
    """
    work = target.parent / WORK
    try:
        work.mkdir(exist_ok=True)
        with _locked(work / "lock", target):
            draft, last = work / "draft", work / "last"
            restore(target)
            for left in (draft, last):
                if left.exists():
                    shutil.rmtree(left)
            draft.mkdir()
            try:
                yield draft
                _put(draft, target, last)
            finally:
                for left in (draft, last):
                    shutil.rmtree(left, ignore_errors=True)
                with contextlib.suppress(OSError):
                    (work / "lock").unlink()
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{error.filename or target}: {error.strerror or error}.") from None
    finally:
        with contextlib.suppress(OSError):
            work.rmdir()


def restore(target: Path) -> None:
    """Put back the folder of a process that was killed between two renames.

    Where the system can exchange two names in one step there is never anything to put back.
    """
    last = target.parent / WORK / "last"
    if last.is_dir() and not target.exists():
        last.rename(target)


def _put(draft: Path, target: Path, last: Path) -> None:
    if not target.exists():
        draft.rename(target)
    elif not _exchanged(draft, target):
        target.rename(last)
        try:
            draft.rename(target)
        except BaseException:
            last.rename(target)
            raise


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, where the system can; return whether it did."""
    try:
        names = os.fsencode(one), os.fsencode(other)
        libc = ctypes.CDLL(None, use_errno=True)
        # Linux has the one, macOS the other; an older system, or another one, has neither.
        if exchange := getattr(libc, "renameat2", None):
            return bool(exchange(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
        if exchange := getattr(libc, "renamex_np", None):
            return bool(exchange(*names, _EXCHANGE) == 0)
    except (OSError, TypeError):
        pass
    return False


@contextmanager
def _locked(path: Path, target: Path) -> Iterator[None]:
    """Hold a lock that the system releases when the process ends, however it ends."""
    with path.open("wb") as file:
        if not _lock(file):
            raise FileError(
                f"{target}: it is being made by another process right now; wait for it to end."
            )
        yield


def _lock(file: IO[Any]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
