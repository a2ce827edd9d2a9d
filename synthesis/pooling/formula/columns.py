"""The columns that a formula uses: numbers, categories, and what is neither."""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.labels import read_labels, with_labels
from synthesis.pooling.formula.expressions import Reading
from synthesis.pooling.formula.rules import quoted

_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")
"""What pandas calls the cells of a column with nothing but numbers, whatever its dtype."""

_NOT_NUMBERS = {
    "datetime64": "dates",
    "datetime": "dates",
    "date": "dates",
    "period": "periods",
    "timedelta64": "lengths of time",
    "timedelta": "lengths of time",
    "time": "times",
    "complex": "complex numbers",
    "interval": "intervals",
}
"""What pandas calls cells that are neither numbers nor categories, and what readers call them."""


def moderators(table: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return the columns of moderators, ready to be coded: categories are labels, as read."""
    for name in reading.columns:
        checks.column(table, name, "formula")
    used = with_labels(table[reading.columns].reset_index(drop=True), reading.columns)
    return used.assign(
        **{name: _moderator(used[name], name in reading.coded) for name in used.columns}
    ).pipe(_refuse_words, reading)


def _moderator(cells: pd.Series, coded: bool) -> pd.Series:
    """Return a moderator in the type that formulaic takes for what it is."""
    dtype = cells.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return cells.cat.remove_unused_categories()
    if pd.api.types.is_bool_dtype(dtype):
        return cells.astype(bool)
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    if kind in _NOT_NUMBERS:
        raise DataError(
            f"formula: column {cells.name!r} has {_NOT_NUMBERS[kind]}, which are neither numbers "
            "nor categories. Give a number, such as the year, or write the categories as text."
        )
    if pd.api.types.is_numeric_dtype(dtype):
        whole = coded and pd.api.types.is_integer_dtype(dtype)
        return cells.astype(np.int64 if whole else float)
    if pd.api.types.is_string_dtype(dtype):
        # Of pandas' types for text, formulaic knows those that are in every version alone.
        cells = cells.astype(object)
    return cells.astype(float) if kind in _NUMBERS else cells


def _refuse_words(used: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Refuse to calculate from text, or to compare numbers with text."""
    for name, other, with_text in reading.compared:
        of_numbers = used[name].dtype.kind in "if"
        if of_numbers and with_text:
            raise DataError(
                f"formula: column {name!r} holds numbers, and is compared with the text {other}. "
                "Compare it with a number, without quotation marks."
            )
        if not of_numbers and used[name].dtype.kind != "b" and not with_text:
            raise DataError(
                f"formula: column {name!r} holds text, and is compared with the number {other}. "
                f"Write a category in quotation marks, as in {quoted(name)} == 'category'."
            )
    for name in sorted(reading.calculated):
        if used[name].dtype.kind not in "ifb":
            cells = [repr(cell) for cell in dict.fromkeys(read_labels(used[name]))]
            raise DataError(
                f"formula: a value is calculated from column {name!r}, which is not a column of "
                f"numbers: it has {shortened(cells)}."
            )
    return used


def refuse_ratios(formula: str, used: pd.DataFrame, reading: Reading) -> None:
    """Refuse ``a/b`` of two columns of numbers, which a reader takes for their ratio."""
    for left, right in reading.ratios:
        of_numbers = right not in used or used[right].dtype.kind in "if"
        if used[left].dtype.kind in "if" and of_numbers:
            over, under = quoted(left), quoted(right) if right in used else right
            raise OptionError(
                f"formula: in {formula!r} '/' nests terms; it does not divide. For the ratio "
                f"write I({over} / {under}); for nested terms {over} + {over}:{under}."
            )
