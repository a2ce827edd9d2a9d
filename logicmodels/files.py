"""Files that are written whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from logicmodels.errors import FileError


def write_bytes(data: bytes, path: str | Path) -> Path:
    """Write a file so that an interruption leaves the old one as it was.

    Parameters
    ----------
    data : bytes
        What the file is to hold.
    path : path
        Where; its folder must exist.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    FileError
        If it cannot be written there.
    """
    target = Path(path)
    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
            draft = Path(written.name)
            written.write(data)
        draft.chmod(0o644)
        return draft.replace(target)
    except OSError as error:
        raise FileError(f"{target}: {error.strerror}.") from None
    finally:
        if draft:
            draft.unlink(missing_ok=True)
