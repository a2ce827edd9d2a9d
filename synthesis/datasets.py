"""The data sets that come with Arrowroot: `load` gives a table, `about` says where it comes from.

A data set is a folder with CSV tables, a `dataset.yaml` that describes them and a
`references.bib` with what to cite. The tables are kept as in their sources; the description says
what every column means and which printed numbers can be recomputed.
"""

from __future__ import annotations

from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.data_folder import data_folder, data_path
from arrowroot.errors import DataError, FileError
from arrowroot.lab.names import unknown_name
from arrowroot.options import one_of
from arrowroot.tables import read_table
from synthesis.dataset_info import Column, DatasetInfo, Description, Table

__all__ = ["about", "load", "names", "path"]


def __getattr__(name: str) -> Any:
    """Say which function was probably meant."""
    raise unknown_name("synthesis.datasets", name, ("about", "load", "names", "path"))


def names() -> list[str]:
    """Return the names of the data sets, in alphabetical order.

    Examples
    --------
    >>> "baskerville2012" in names()
    True
    """
    return sorted(description.parent.name for description in data_folder().glob("*/dataset.yaml"))


def load(name: str, table: str | None = None) -> pd.DataFrame:
    """Return a table of a data set.

    Labels and codes are text, even if they look like numbers or are "NA" or "none"; so are printed
    numbers whose digits count, as in "0.00". Only an empty cell is missing. Whole numbers with an
    empty cell among them are floats, as NaN requires.

    Parameters
    ----------
    name : str
        The data set; `names` lists them.
    table : str, optional
        One of its tables; the default one if left out. `about` lists them.

    Returns
    -------
    DataFrame
        The columns that ``about(name).columns(table)`` explains.

    Raises
    ------
    OptionError
        If there is no such data set or table; a near miss is suggested.
    FileError
        If the data folder cannot be found.
    DataError
        If the content of the file does not match its description.

    Examples
    --------
    >>> trials = load("baskerville2012")
    >>> len(trials), trials["study"].iloc[0], float(trials["yi"].iloc[0])
    (23, 'Kottke et al. 1992', 1.01)
    """
    chosen = about(name).table(table)
    return _read_table(data_folder() / name / chosen.file, chosen)


def about(name: str) -> DatasetInfo:
    """Return what a data set is, what to cite, its columns, and what it can reproduce.

    Parameters
    ----------
    name : str
        The data set; `names` lists them.

    Returns
    -------
    DatasetInfo
        A record that displays itself.

    Raises
    ------
    OptionError
        If there is no such data set; a near miss is suggested.
    FileError
        If the data folder cannot be found.
    DataError
        If the description or the bibliography is not well formed.

    Examples
    --------
    >>> print(about("bcg"))
    bcg: ... Colditz, G. A., ... (1994). Efficacy of BCG vaccine ...
    """
    from synthesis.bibliography import citations

    folder = data_folder() / one_of("name", name, names())
    described = _read_description(folder / "dataset.yaml")
    return DatasetInfo(
        name=name,
        title=described.title,
        description=described.description,
        limits=described.limits,
        licence=described.licence,
        citations=citations(folder / "references.bib", described.sources),
        tables=described.files,
        default=Path(described.default).stem,
        reproduces=described.reproduces,
    )


def path(name: str, file: str) -> Path:
    """Return the path of a file of a data set, for functions that read files themselves.

    Parameters
    ----------
    name : str
        The data set, or the folder of an example model such as ``"salford"``.
    file : str
        A file in its folder.

    Raises
    ------
    OptionError
        If there is no such file; the message lists those there are.
    FileError
        If the data folder cannot be found.

    Examples
    --------
    >>> path("case_management", "library/zotero.bib").name
    'zotero.bib'
    """
    return data_path(name, file)


def _read_description(path: Path) -> Description:
    from arrowroot.specs.form import read_form

    place = f"{path.parent.name}/{path.name}"
    described: Description = read_form(path, Description, "a data set", name=place)
    files = [table.file for table in described.files]
    outside = [file for file in files if Path(file).name != file]
    if outside:
        raise DataError(f"{place}: a file must lie in the folder itself, not at {outside[0]!r}.")
    one_of(f"{place}: default", described.default, files)
    return described


def _read_table(path: Path, table: Table) -> pd.DataFrame:
    place = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise FileError(f"{place} is missing from the data folder.")
    held = read_table(path)
    expected = [column.name for column in table.columns]
    if held.header != expected:
        raise DataError(
            f"{place} has the columns {', '.join(held.header)}; "
            f"dataset.yaml lists {', '.join(expected)}."
        )
    filled = [[cell or nan for cell in row] for row in held.rows]
    read = pd.DataFrame(filled, columns=expected, dtype=str)
    for column in table.columns:
        if column.type in ("integer", "number"):
            read[column.name] = _numbers(read[column.name], column, place)
    return read


def _numbers(cells: pd.Series, column: Column, place: str) -> pd.Series:
    # Each cell goes through Python's own float, which is exact to the last digit in every pandas.
    try:
        numbers = cells.astype(float)
    except ValueError as error:
        raise DataError(f"{place}, column {column.name}: {error}.") from None
    return numbers.astype(int) if column.type == "integer" and not numbers.hasnans else numbers


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
