"""Counts of coded units: by two columns at once, with margins, or by conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import did_you_mean, label, shortened
from synthesis import checks
from synthesis.labels import as_read, by_label, read_labels

TOTAL = "total"
BLANK = "(blank)"


def cross_table(
    table: pd.DataFrame,
    rows: str,
    columns: str,
    *,
    row_order: Sequence[Hashable] | None = None,
    column_order: Sequence[Hashable] | None = None,
    percent: str | None = None,
) -> pd.DataFrame:
    """Count units by two columns at once, with margins.

    Parameters
    ----------
    table : DataFrame
        One row per coded unit.
    rows, columns : str
        The two columns to cross. Blank cells (missing, or text without a character that shows)
        are counted together under ``(blank)``. A number and its text are one category.
    row_order, column_order : sequence, optional
        All categories, in the order in which to show them, including those without units. By
        default the categories of a categorical column, else those that occur, sorted. Blank cells
        come last, unless the order has a place for them: a blank, or ``(blank)``.
    percent : {"row", "column", "all"}, optional
        Give percentages (0 to 100) of the row's, the column's or the grand total; by default
        counts.

    Returns
    -------
    DataFrame
        Counts as whole numbers, 0 where no unit falls; last row and last column are ``total``.
        As percentages of a row or column without units: NaN.

    Raises
    ------
    DataError
        If a column is missing, a value is not in the order given, a category is called ``total``,
        or one is called ``(blank)`` while there are blank cells.
    OptionError
        For an unknown `percent`.

    Examples
    --------
    >>> coded = pd.DataFrame({"type": ["staff", "staff", "patient"], "area": [1, 2, 2]})
    >>> cross_table(coded, "type", "area", row_order=["patient", "law", "staff"])
    area     1  2  total
    type
    patient  0  1      1
    law      0  0      0
    staff    1  1      2
    total    1  2      3
    """
    down, across = (
        _categorised(checks.column(table, name, argument), order, argument)
        for name, order, argument in ((rows, row_order, "rows"), (columns, column_order, "columns"))
    )
    counts = pd.crosstab(down, across, dropna=False).reindex(
        index=down.cat.categories, columns=across.cat.categories, fill_value=0
    )  # without a single pair crosstab returns no cells at all
    counts = counts.rename_axis(index=rows, columns=columns)
    counts.index, counts.columns = (
        pd.Index(axis.tolist(), dtype=object, name=axis.name)
        for axis in (counts.index, counts.columns)
    )
    counts[TOTAL] = counts.sum(axis=1)
    counts.loc[TOTAL] = counts.sum()
    if percent is None:
        return counts.astype(int)
    return percentages(counts, percent)


def percentages(counts: pd.DataFrame, percent: str) -> pd.DataFrame:
    """Return a table of counts with margins as percentages.

    Parameters
    ----------
    counts : DataFrame
        Counts whose last row and column are ``total``.
    percent : {"row", "column", "all"}
        Of what, as for `cross_table`.

    Returns
    -------
    DataFrame
        Of the same shape, 0 to 100; NaN in a row or column without units.
    """
    one_of("percent", percent, ("row", "column", "all"))
    shares = counts.astype(float) * 100
    if percent == "row":
        return shares.div(shares[TOTAL].where(shares[TOTAL] > 0) / 100, axis=0)
    bottom = counts.sum() / 2  # the last row repeats the sum of those above it
    if percent == "column":
        return shares.div(bottom.where(bottom > 0), axis=1)
    return shares / max(bottom[TOTAL], 1)


def count_matching(
    table: pd.DataFrame,
    questions: Mapping[str, Mapping[str, object]],
    *,
    by: str = "coder",
) -> pd.DataFrame:
    """Count the units that meet each of several conditions, separately for each coder.

    Parameters
    ----------
    table : DataFrame
        One row for each unit and coder.
    questions : mapping of str to mapping
        Name of the count -> what the units must have, column by column; a list means "one of
        these". An empty condition counts every unit, and has no total.
    by : str
        The column that distinguishes the codings.

    Returns
    -------
    DataFrame
        ``quantity``, the `by` column, ``count``, ``out_of``: one row per question and coding.

    Raises
    ------
    DataError
        If a column is missing, or a requested value occurs nowhere in its column, in any coding: a
        misspelt condition must not be mistaken for a count of zero.

    Examples
    --------
    >>> coded = pd.DataFrame({"coder": list("aabb"), "type": ["staff", "patient"] * 2})
    >>> count_matching(coded, {"for patients": {"type": "patient"}})
           quantity coder  count  out_of
    0  for patients     a      1       2
    1  for patients     b      1       2
    """
    codings = as_read(checks.column(table, by, "by"), people=True)
    found = []
    for quantity, wanted in questions.items():
        meets = np.ones(len(table), dtype=bool)
        for name, values in wanted.items():
            meets &= _is_one_of(checks.column(table, name, f"questions[{quantity!r}]"), values)
        for coding in sorted(codings.unique(), key=str):
            here = (codings == coding).to_numpy()
            out_of = here.sum() if wanted else pd.NA
            found.append((quantity, coding, int((meets & here).sum()), out_of))
    counted = pd.DataFrame(found, columns=["quantity", by, "count", "out_of"])
    return counted.astype({"out_of": "Int64"})


def _categorised(values: pd.Series, order: Sequence[Hashable] | None, argument: str) -> pd.Series:
    values = as_read(values)
    listed = [BLANK if not label(one) else one for one in _natural_order(values, order)]
    spelled = by_label(listed)
    known = list(spelled.values())
    if twice := [one for one, times in Counter(map(label, listed)).items() if times > 1]:
        raise DataError(
            f"{argument}: the order lists {shortened(twice)} more than once. List every "
            "category once."
        )
    if TOTAL in spelled:
        raise DataError(
            f"{argument}: {values.name} has a category called {TOTAL!r}, the name of the "
            "margins. Rename it."
        )
    read = read_labels(values)
    if BLANK in read and "" in read:
        raise DataError(
            f"{argument}: {values.name} has a category called {BLANK!r}, under which its blank "
            "cells are counted. Rename it, or fill in the blank cells."
        )
    strangers = [value for value in values.dropna().unique() if label(value) not in spelled]
    if strangers:
        raise DataError(f"{values.name}: {_not_listed(strangers, known)}")
    if "" in read and BLANK not in spelled:
        known.append(BLANK)
    spelled[""] = BLANK
    cells = [spelled[one] for one in read]
    return pd.Series(pd.Categorical(cells, categories=known), index=values.index, name=values.name)


def _natural_order(values: pd.Series, order: Sequence[Hashable] | None) -> list[Hashable]:
    if order is not None:
        return list(order)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    used = values.dropna().unique().tolist()
    numbers = all(isinstance(value, (int, float)) for value in used)
    return sorted(used, key=None if numbers else str)


def _not_listed(strangers: Sequence[Hashable], known: Sequence[Hashable]) -> str:
    form = " (did you mean {!r}?)"
    named = [f"{one!r}{did_you_mean(one, known, form)}" for one in strangers]
    return (
        f"not among the categories given: {shortened(named)}. Correct the cell or add the category."
    )


def _is_one_of(cells: pd.Series, values: object) -> np.ndarray:
    wanted = list(values) if isinstance(values, (list, tuple, set)) else [values]
    read, asked = read_labels(cells), {label(value) for value in wanted}
    missing = [value for value in wanted if not label(value) or label(value) not in read]
    if missing:
        there = as_read(cells).dropna().unique().tolist()
        raise DataError(
            f"{cells.name}: no unit in any coding has {shortened(map(repr, missing))}; "
            f"it has {shortened(repr(value) for value in sorted(there, key=str))}."
        )
    return np.array([one in asked for one in read], dtype=bool)
