"""Results kept from one run of a command to the next, so that only what changed is computed.

What a review reads and computes is a function of its files: a search of thousands of records is
read in the same way until an export changes. Such results are kept in the user's cache, each under
a hash of everything it was made from, this program included, and never in the folder of the review,
which people share: a file that Python turns into objects must not come from somebody else.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import secrets
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from arrowroot import __version__

FOLDER = "ARROWROOT_CACHE"
"""The variable of the environment that names another folder; empty, nothing is kept."""

_LARGEST = 300_000_000
_MOST = 1000
"""How many bytes and files are kept: the least recently used go first."""

_ANEW: ContextVar[bool] = ContextVar("_ANEW", default=False)
_ENDING = ".kept"
_INSTALLED = (".dist-info", ".egg-info")
Made = TypeVar("Made")


def kept(
    what: str,
    inputs: object,
    make: Callable[[], Made],
    *,
    unless: Callable[[Made], bool] = lambda _: False,
) -> Made:
    """Return what `make` returns, from the last time that it was made from the same inputs.

    Parameters
    ----------
    what : str
        What is made; two things made from equal inputs differ in it.
    inputs : object
        Everything that it depends on besides the program, which `pickle` can write: without
        sets, whose order differs from run to run.
    make : callable
        Makes it. It must not warn, write or ask the time: nothing of this would happen again.
    unless : callable, optional
        Told what was made, says whether it must not be kept, because a file has changed while it
        was read, say. If it raises an error, it is not kept.

    Returns
    -------
    object
        As `make` returned it, or an equal copy. What cannot be kept, because the cache cannot be
        written or others may write to it, is made each time.

    Examples
    --------
    >>> kept("a sum", (1, 2), lambda: 1 + 2)
    3
    """
    folder = _folder()
    if folder is None:
        return make()
    try:
        key = _key(what, inputs)
    except Exception:  # noqa: BLE001  (what cannot be written cannot be compared)
        return make()
    path = folder / f"{key}{_ENDING}"
    if not _ANEW.get():
        # A damaged file, or one that another version of a library wrote, is as good as none.
        with contextlib.suppress(Exception):
            found: Made = pickle.loads(path.read_bytes())  # noqa: S301  (the user's; see _folder)
            os.utime(path)
            return found
    made = make()
    with contextlib.suppress(Exception):
        if not unless(made):
            _write(path, pickle.dumps(made))
    return made


@contextlib.contextmanager
def anew() -> Iterator[None]:
    """Make everything anew that is made meanwhile, and keep that."""
    before = _ANEW.set(True)
    try:
        yield
    finally:
        _ANEW.reset(before)


def _key(what: str, inputs: object) -> str:
    """Return a hash of what is made, by this program and from these inputs."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content)
    # Equal inputs are then written alike, whether or not they share their parts.
    pickler.fast = True
    pickler.dump((PROGRAM, what, inputs))
    return hashlib.sha256(content.getbuffer()).hexdigest()


def _program() -> str:
    """Return a hash of this program: its version, its files, and the packages that are there."""
    told = hashlib.sha256(repr((__version__, sys.version, sorted(_packages()))).encode())
    top = Path(__file__).parents[2]
    for package in ("arrowroot", "logicmodels", "synthesis"):
        # Of a package that is not a folder, inside an archive, the version has to do.
        with contextlib.suppress(OSError):
            for file in sorted(_files(str(top / package))):
                told.update(file.encode())
    return told.hexdigest()


def _packages() -> Iterator[str]:
    """Yield the name and version of each package that is installed."""
    for place in sys.path:
        with contextlib.suppress(OSError), os.scandir(place or ".") as found:
            yield from (one.name for one in found if one.name.endswith(_INSTALLED))


def _files(folder: str) -> Iterator[str]:
    """Yield a line for each file of a package, which changes when the file does."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _files(entry.path)
            else:
                known = entry.stat(follow_symlinks=False)
                yield f"{entry.path} {known.st_size} {known.st_mtime_ns}\n"


def _folder() -> Path | None:
    """Return where results are kept, or None if nowhere."""
    named = os.environ.get(FOLDER)
    if named is not None and not named.strip():
        return None
    try:
        if named is None:
            from platformdirs import user_cache_dir

            named = user_cache_dir("arrowroot", appauthor=False)
        folder = Path(named).expanduser()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if hasattr(os, "getuid"):
            known = folder.stat()
            if known.st_uid != os.getuid() or known.st_mode & 0o022:
                return None  # whoever may write here could have this program run anything
    except (OSError, RuntimeError, ValueError):
        return None
    return folder


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and delete what has not been used for longest."""
    if len(content) > _LARGEST // 2:
        return
    draft = path.with_suffix(f".{secrets.token_hex(4)}{_ENDING}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    with os.scandir(path.parent) as found:
        # Other files in the folder are somebody else's.
        ours = [one for one in found if one.name.endswith(_ENDING) and one.is_file()]
    known = sorted((one.stat().st_mtime, one.stat().st_size, one.path) for one in ours)
    total = sum(size for _, size, _ in known)
    for left, (_, size, name) in zip(range(len(known), 0, -1), known, strict=True):
        if left <= _MOST and total <= _LARGEST:
            break
        Path(name).unlink()
        total -= size


PROGRAM = _program()
"""What runs: asked at once, since files that are replaced later are not those that were loaded."""
