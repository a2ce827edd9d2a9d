"""Checks of user input, each with a message that names the place and the rule."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import thing
from arrowroot.text import did_you_mean, shortened

LEAST, MOST = 1e-100, 1e100
"""Sizes between which numbers other than 0 are taken: powers of them can still be computed."""

LEAST_VARIANCE, MOST_VARIANCE = 1e-70, 1e70
"""Sampling variances that are taken; likelihoods need their fourth powers."""

MOST_EFFECT = 1e35
"""The largest effect that is taken, the square root of the largest variance."""

_NO_NUMBERS = (pd.PeriodDtype, pd.IntervalDtype, pd.DatetimeTZDtype, pd.BooleanDtype)
"""Types of pandas that it turns into numbers without being asked: months since 1970, say."""

_NOT_ALL_TEXT = (
    *("boolean", "mixed", "mixed-integer", "bytes"),
    *("period", "interval", "complex", "time"),
)
"""What pandas calls cells of several types among which some may be no numbers."""

_NUMBER_OR_TEXT = (int, float, np.integer, np.floating, Decimal, str, type(None), type(pd.NA))


TABLE = "a table, that is a pandas DataFrame,"

GAVE_NOTHING = "Run the cell that makes it again: what stands there gave nothing back."


def is_table(table: object, argument: str) -> None:
    """Raise an error unless the input is a pandas DataFrame.

    Examples
    --------
    >>> is_table([1, 2], "effects")
    Traceback (most recent call last):
    arrowroot.errors.DataError: effects: a table, that is a pandas DataFrame, is needed; got a list.
    """
    if not isinstance(table, pd.DataFrame):
        got = f"got {thing(table)}."
        if hasattr(table, "to_pandas"):
            library = type(table).__module__.partition(".")[0]
            got = f"this is a {type(table).__name__} of {library}. Give {argument}.to_pandas()."
        elif table is None:
            got = f"got None. {GAVE_NOTHING}"
        raise DataError.of_kind(argument, TABLE, got)


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
    if not hint and name == argument and name in ("yi", "vi"):
        hint = " Compute the effects first: effects = effect_sizes(sheet, measure=...)."
    if name in [str(known) for known in table.columns if not isinstance(known, str)]:
        hint = " Its name is not text: write table.columns = table.columns.map(str) first."
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
        got = values.astype(object)  # numpy's own True would be printed as np.True_
        cells = [
            f"{got.iloc[row]!r} for study {labels[row]!r}" for row in np.flatnonzero(bad).tolist()
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
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return np.append(as_numbers(dtype.categories.to_series()), np.nan)[values.cat.codes]
    if isinstance(dtype, _NO_NUMBERS) or dtype.kind in "bmMc":
        return np.full(len(values), np.nan)
    try:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    except (OverflowError, TypeError):  # of a cell that has no size, or is larger than any float
        numbers = np.array([_as_number(cell) for cell in values], dtype=float)
    if dtype.kind == "O" and pd.api.types.infer_dtype(values, skipna=True) in _NOT_ALL_TEXT:
        strange = values.map(
            lambda cell: isinstance(cell, bool) or not isinstance(cell, _NUMBER_OR_TEXT)
        ).to_numpy(dtype=bool)
        numbers = np.where(strange, np.nan, numbers)
    return numbers


def _as_number(cell: object) -> float:
    try:
        return float(pd.to_numeric(pd.Series([cell], dtype=object), errors="coerce").iloc[0])
    except (OverflowError, TypeError):
        return np.nan


def poolable(
    yi: str, effects: np.ndarray, vi: str, variances: np.ndarray, labels: Sequence[str]
) -> None:
    """Refuse variances that are not positive, and numbers too large or small to compute with.

    Parameters
    ----------
    yi, vi : str
        Names of the columns, for the message.
    effects, variances : ndarray, shape (K,)
        Blank cells are NaN.
    labels : sequence of str
        Study labels.

    Raises
    ------
    DataError
        Says the rule, the values and the studies.
    """
    refuse(f"{vi} must be > 0", variances, variances <= 0, labels)
    scale = "Give the effects in other units"
    far = (variances < LEAST_VARIANCE) | (variances > MOST_VARIANCE)
    between = f"{vi} must be between {LEAST_VARIANCE:g} and {MOST_VARIANCE:g}"
    refuse(between, variances, far, labels, advice=scale)
    size = np.abs(effects)
    far = (size != 0) & ((size < LEAST) | (size > MOST_EFFECT))
    between = f"{yi} must be 0 or between {LEAST:g} and {MOST_EFFECT:g} in size"
    refuse(between, effects, far, labels, advice=scale)


def refuse(
    rule: str, values: np.ndarray, bad: np.ndarray, labels: Sequence[str], *, advice: str = ""
) -> None:
    """Raise an error if any row is bad, naming the rule, the value, the studies, and a way out.

    Examples
    --------
    >>> refuse("sd_t must be > 0", np.array([0.0, 2.0]), np.array([True, False]), ["Grant", "Peck"])
    Traceback (most recent call last):
    arrowroot.errors.DataError: sd_t must be > 0; got 0.0 for study 'Grant'.
    """
    if bad.any():
        cells = [f"{values[row]} for study {labels[row]!r}" for row in np.flatnonzero(bad).tolist()]
        raise DataError(f"{rule}; got {shortened(cells)}.{advice and f' {advice}.'}")


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
