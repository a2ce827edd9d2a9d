"""Checks of user input, each with a message that names the place and the rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import did_you_mean, shortened


def is_table(table: object, argument: str) -> None:
    """Raise an error unless the input is a pandas DataFrame.

    Examples
    --------
    >>> is_table([1, 2], "effects")
    Traceback (most recent call last):
    arrowroot.errors.DataError: effects: a table, that is a pandas DataFrame, is needed; got list.
    """
    if not isinstance(table, pd.DataFrame):
        raise DataError(
            f"{argument}: a table, that is a pandas DataFrame, is needed; got "
            f"{type(table).__name__}."
        )


def is_kind(value: object, kind: type, argument: str, remedy: str) -> None:
    """Raise an error unless the input is a result of one kind.

    Parameters
    ----------
    value : object
        What the user passed.
    kind : type
        The class of result that is needed.
    argument : str
        Where it was passed, for the message.
    remedy : str
        How to get such a result, as a sentence.

    Examples
    --------
    >>> is_kind([1, 2], str, "text", "Write it in quotes.")
    Traceback (most recent call last):
    arrowroot.errors.DataError: text: a result of kind str is needed; got list. Write it in quotes.
    """
    if not isinstance(value, kind):
        raise DataError(
            f"{argument}: a result of kind {kind.__name__} is needed; got "
            f"{type(value).__name__}. {remedy}"
        )


def column(table: pd.DataFrame, name: str, argument: str) -> pd.Series:
    """Return a column of a table, or raise an error listing its columns.

    Parameters
    ----------
    table : DataFrame
        The user's table.
    name : str
        The requested column.
    argument : str
        The argument that named it, for the message.

    Raises
    ------
    DataError
        If the table is not a DataFrame, has no such column, or has it twice.
    """
    is_table(table, argument)
    found = [place for place, known in enumerate(table.columns) if known == name]
    if len(found) == 1:
        return table.iloc[:, found[0]]
    if found:
        raise DataError(
            f"{argument}: the table has {len(found)} columns called {name!r}, and it is not clear "
            "which is meant. Rename or remove all but one."
        )
    there = ", ".join(str(known) for known in table.columns) or "none"
    hint = did_you_mean(name, table.columns)
    raise DataError(f"{argument}: the table has no column {name!r}; it has {there}.{hint}")


def numeric(values: pd.Series, labels: Sequence[str]) -> np.ndarray:
    """Return a column as floats, blank cells as NaN; refuse text, dates and infinities.

    Parameters
    ----------
    values : Series
        The column; its name goes into the message.
    labels : sequence of str
        Study labels, one per row.

    Returns
    -------
    ndarray of float, shape (rows,)

    Raises
    ------
    DataError
        Naming the column and the studies whose cells are not numbers.
    """
    if values.dtype.kind in "iuf":
        numbers = values.to_numpy(dtype=float)
        refuse(f"{values.name} must be finite", numbers, np.isinf(numbers), labels)
        return numbers
    numbers = as_numbers(values)
    filled = values.notna().to_numpy() & (values.astype("string").str.strip() != "").to_numpy(
        dtype=bool, na_value=False
    )
    bad = (np.isnan(numbers) & filled) | np.isinf(numbers)
    if bad.any():
        cells = [
            f"{values.iloc[row]!r} for study {labels[row]!r}"
            for row in np.flatnonzero(bad).tolist()
        ]
        raise DataError(f"{values.name}: every cell must be a number; got {shortened(cells)}.")
    return numbers


def as_numbers(values: pd.Series) -> np.ndarray:
    """Return a column as floats, with NaN for anything that is not a number.

    Examples
    --------
    >>> as_numbers(pd.Series(["2.5", "two", None])).tolist()
    [2.5, nan, nan]
    """
    if values.dtype.kind in "mMc":  # pandas would count a date, and even a blank, in nanoseconds
        return np.full(len(values), np.nan)
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)


def refuse(rule: str, values: np.ndarray, bad: np.ndarray, labels: Sequence[str]) -> None:
    """Raise an error if any row is bad, naming the rule, the value and the studies.

    Examples
    --------
    >>> refuse("sd_t must be > 0", np.array([0.0, 2.0]), np.array([True, False]), ["Grant", "Peck"])
    Traceback (most recent call last):
    arrowroot.errors.DataError: sd_t must be > 0; got 0.0 for study 'Grant'.
    """
    if bad.any():
        cells = [f"{values[row]} for study {labels[row]!r}" for row in np.flatnonzero(bad).tolist()]
        raise DataError(f"{rule}; got {shortened(cells)}.")


def unique(labels: Sequence[str], *, advice: str) -> None:
    """Raise an error if a study label occurs more than once.

    Parameters
    ----------
    labels : sequence of str
        Study labels.
    advice : str
        What the user can do about it, as a sentence.
    """
    seen = pd.Series(list(labels), dtype="string")
    repeated = seen[seen.duplicated(keep=False)]
    if not repeated.empty:
        counted = [f"{name!r} ({count} rows)" for name, count in repeated.value_counts().items()]
        raise DataError(f"study labels must differ; repeated: {shortened(counted)}. {advice}")
