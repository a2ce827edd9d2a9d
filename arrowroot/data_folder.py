"""Where the data supplied with Arrowroot are: beside the packages in a clone, or in the wheel."""

from __future__ import annotations

import os
from pathlib import Path

from arrowroot.errors import FileError, OptionError

VARIABLE = "ARROWROOT_DATA"
"""Environment variable that names a data folder to use instead of the one supplied."""

_HERE = Path(__file__).resolve().parent
# In a clone the folder is at the top; a wheel has it inside this package (see setup.py).
# Inside first: beside an installed package, a folder `data` could be anybody's.
_PLACES = (_HERE / "data", _HERE.parent / "data")


def data_folder() -> Path:
    """Return the folder of the data sets and example models.

    Raises
    ------
    FileError
        If there is none; the message says what to do.

    Examples
    --------
    >>> (data_folder() / "sixcs" / "logic_model.yaml").is_file()
    True
    """
    if named := os.environ.get(VARIABLE):
        if Path(named).is_dir():
            return Path(named)
        raise FileError(f"{VARIABLE} names {named!r}, which is not a folder.")
    for place in _PLACES:
        if place.is_dir():
            return place
    raise FileError(
        "The data that come with Arrowroot are missing from this installation: install it again, "
        f"or set {VARIABLE} to the folder data of a clone."
    )


def data_path(name: str, file: str) -> Path:
    """Return the path of a file that comes with Arrowroot.

    Parameters
    ----------
    name : str
        A folder of the data.
    file : str
        A file in it, such as ``"trials.csv"`` or ``"library/zotero.bib"``.

    Raises
    ------
    OptionError
        If no folder of that name holds such a file; the message lists the files of the folder,
        or the folders that hold such a file.

    Examples
    --------
    >>> data_path("wisconsin", "logic_model.yaml").name
    'logic_model.yaml'
    """
    files = {
        found.relative_to(data_folder()).as_posix(): found
        for found in sorted(data_folder().rglob("*"))
        if found.is_file()
    }
    if f"{name}/{file}" in files:
        return files[f"{name}/{file}"]
    there = [known.partition("/")[2] for known in files if known.startswith(f"{name}/")]
    if there:
        raise OptionError(f"{name} has no file {file!r}; it has {', '.join(there)}.")
    holders = [known.partition("/")[0] for known in files if known.partition("/")[2] == file]
    listed = f" with a file {file!r}; choose one of {', '.join(holders)}" if holders else ""
    raise OptionError(f"nothing called {name!r} comes with Arrowroot{listed}.")


def models() -> list[str]:
    """Return the names of the logic models that come with Arrowroot, in alphabetical order.

    Examples
    --------
    >>> "sixcs" in models()
    True
    """
    return sorted(file.parent.name for file in data_folder().glob("*/logic_model.yaml"))
