"""A lock beside a file, so that two boards never write it at the same time."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from arrowroot.errors import FileError

PATIENCE = 5.0
"""Seconds to wait for somebody else to finish writing."""

STALE = 60.0
"""Seconds after which a lock was left behind by a program that was killed: none writes so long."""

_PAUSE, _LOOK = 0.02, 1.0
"""Seconds between two attempts, and between two looks at how old the lock is."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[Callable[[], None]]:
    """Hold the lock of a file, which says who holds it since when.

    Parameters
    ----------
    path : Path
        The file; the lock is the hidden file ``.NAME.lock`` beside it.

    Yields
    ------
    callable
        To be called directly before writing: raises a FileError if somebody has taken the lock
        over, as happens to a computer that was asleep for longer than `STALE`.

    Raises
    ------
    FileError
        If somebody else holds the lock for longer than `PATIENCE`: who, and for how long. Or if
        nothing can be written in the folder.
    """
    lock = path.parent / f".{path.name}.lock"
    since = datetime.now(UTC).isoformat(timespec="seconds")
    mine = f"{_owner()}, {os.getpid()} {secrets.token_hex(8)}, {since}"
    until, look = time.monotonic() + PATIENCE, 0.0
    while True:
        try:
            held = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            if time.monotonic() > look:
                look = time.monotonic() + _LOOK
                if _take_stale(lock):
                    continue
            if time.monotonic() > until:
                raise FileError(_who(path, lock)) from None
            time.sleep(_PAUSE)
            continue
        except OSError as error:
            raise FileError(
                f"{path.name} cannot be written: the folder {path.parent.name or path.parent} "
                f"takes no new files ({error.strerror}). Make it writable, or move it to a place "
                "where you may write."
            ) from None
        break
    with os.fdopen(held, "w", encoding="utf-8") as file:
        file.write(mine)

    def still_mine() -> None:
        with contextlib.suppress(OSError):
            if lock.read_text("utf-8") == mine:
                return
        raise FileError(
            f"{path.name}: somebody else began to write it meanwhile. It was not overwritten; "
            "save again in a moment."
        )

    try:
        yield still_mine
    finally:
        # Somebody who found it stale may have replaced it: theirs is left alone.
        with contextlib.suppress(OSError):
            if lock.read_text("utf-8") == mine:
                lock.unlink()


def _owner() -> str:
    try:
        name = getpass.getuser()
    except (OSError, KeyError, ImportError):
        name = "somebody"
    return f"{name} on {platform.node() or 'a computer'}"


def _age(lock: Path) -> float:
    """Return for how many seconds a lock has been there, by the clock that dated it.

    That of a shared folder may be ahead of ours or behind it, so a new file is dated beside it.
    """
    now = lock.with_name(f".{secrets.token_hex(8)}.now")
    try:
        now.touch(exist_ok=False)
        return now.stat().st_mtime - lock.stat().st_mtime
    finally:
        with contextlib.suppress(OSError):
            now.unlink()


def _take_stale(lock: Path) -> bool:
    """Remove a lock that was left behind; only one of several programs does."""
    aside = lock.with_name(f"{lock.name}.{os.getpid()}")
    try:
        if _age(lock) < STALE:
            return False
        lock.rename(aside)
    except FileNotFoundError:
        return True  # released meanwhile, or removed by another program
    except OSError:
        return False
    try:
        if _age(aside) < STALE:
            # Another program had just replaced it: put theirs back. Should a third have come
            # in between, the second finds that the lock is no longer its own.
            with contextlib.suppress(OSError):
                aside.rename(lock)
            return False
        aside.unlink()
    except OSError:
        return False
    return True


def _who(path: Path, lock: Path) -> str:
    try:
        who, age = lock.read_text("utf-8").rsplit(", ", 2)[0], f"{_age(lock):.0f} seconds"
    except OSError:
        who, age = "somebody", "a while"
    return (
        f"{path.name} is being written by {who or 'somebody'}, for {age} now. It was not "
        "overwritten; save again in a moment."
    )
