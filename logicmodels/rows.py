"""Tables handed over from memory, such as claims and actions, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arrowroot.errors import EvidenceError


def rows_of(table: Any, what: str) -> list[Mapping[str, Any]]:
    """Return the rows of a data frame, or of anything else made of mappings.

    Parameters
    ----------
    table : data frame or sequence of mappings
        One row per claim or action.
    what : str
        What the table holds, for the message.

    Returns
    -------
    list of mapping
        Column to value, in the order of the table.

    Raises
    ------
    EvidenceError
        If it is no table, such as the path of one.
    """
    if hasattr(table, "to_dict"):
        return list(table.to_dict("records"))
    whole = isinstance(table, str | Mapping) or not isinstance(table, Iterable)
    rows = [] if whole else list(table)
    if whole or not all(isinstance(row, Mapping) for row in rows):
        raise EvidenceError(
            f"{what} must be a table: a data frame or a list of rows; read a file with"
            " pandas.read_csv or pandas.read_excel first"
        )
    return rows
