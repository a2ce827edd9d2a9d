"""Labels of studies, groups, clusters, codes and people: one reading of them for every function.

Two functions that read the cells of a column differently would group the same table differently,
and nobody would be told. So whatever compares labels reads them here; a single label, such as one
that a user names in an argument, is read by `arrowroot.text.label`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label, person, shortened

_MIXED = ("mixed", "mixed-integer")
_TEXT = ("string", *_MIXED)
"""What pandas calls cells among which there is text, or which are not of one kind."""


def read_labels(values: pd.Series, *, people: bool = False) -> list[str]:
    """Return what each cell of a column names, by `arrowroot.text.label`; empty where blank.

    Parameters
    ----------
    values : Series
        Study labels, groups, clusters, codes or people, of any type.
    people : bool
        Whether they are names of people, whose capitals do not matter: each person gets the
        spelling that was met first.

    Returns
    -------
    list of str
        One per row.

    Raises
    ------
    DataError
        If a cell holds something that names nothing, such as a list.

    Examples
    --------
    >>> read_labels(pd.Series([1, 1.0, "1", " rct", None], dtype=object))
    ['1', '1', '1', 'rct', '']
    >>> read_labels(pd.Series(["Ann", "ann ", "Bob"]), people=True)
    ['Ann', 'Ann', 'Bob']
    """
    codes, cells = _distinct(values)
    read = [*_spelled(codes, cells, people=people), ""]
    return [read[code] for code in codes]


def as_read(values: pd.Series, *, people: bool = False) -> pd.Series:
    """Return a column with its text as `read_labels` reads it, and all else as it was.

    A column of numbers, dates or true and false stays one; where they stand beside text, all
    become text. Categories keep their order, and those that are one label become one. Blank text
    is missing.

    Parameters
    ----------
    values : Series
        The column.
    people : bool
        As for `read_labels`.

    Returns
    -------
    Series
        The column itself where all of it was read as it stands.

    Examples
    --------
    >>> as_read(pd.Series(["rct ", "rct", 2])).tolist(), as_read(pd.Series([1.0, 2.5])).tolist()
    (['rct', 'rct', '2'], [1.0, 2.5])
    >>> as_read(pd.Series(pd.Categorical(["b", " b"], ["b", " b", "a"]))).cat.categories.tolist()
    ['b', 'a']
    """
    if _kind(values) not in _TEXT:
        return values
    codes, cells = _distinct(values)
    read = _spelled(codes, cells, people=people)
    if all(one and one == cell for one, cell in zip(read, cells, strict=True)):
        return values
    if isinstance(values.dtype, pd.CategoricalDtype):
        known = {one: at for at, one in enumerate(dict.fromkeys(filter(None, read)))}
        places = [*(known.get(one, -1) for one in read), -1]
        typed = pd.CategoricalDtype(list(known), ordered=values.cat.ordered)
        merged = pd.Categorical.from_codes([places[code] for code in codes], dtype=typed)
        return pd.Series(merged, index=values.index, name=values.name)
    filled = [*(one or None for one in read), None]
    return pd.Series(
        [filled[code] for code in codes], index=values.index, name=values.name, dtype=values.dtype
    )


def with_labels(
    table: pd.DataFrame, names: Iterable[str], *, people: Iterable[str] = ()
) -> pd.DataFrame:
    """Return a table whose columns of labels, and of people, are as `as_read` gives them."""
    named = set(people)
    changed = {}
    for name in [*names, *named]:
        column = table[name]
        read = as_read(column, people=name in named)
        if read is not column:
            changed[name] = read
    return table.assign(**changed) if changed else table


def complete_labels(
    values: pd.Series, what: str, *, needed: Sequence[bool] | None = None
) -> list[str]:
    """Return what `read_labels` does, or raise if an effect does not say what it belongs to.

    Parameters
    ----------
    values : Series
        The column.
    what : str
        What it names, such as a study.
    needed : sequence of bool, optional
        The rows that need a label; by default all.

    Examples
    --------
    >>> complete_labels(pd.Series(["a", " "], name="trial"), "study")
    Traceback (most recent call last):
    arrowroot.errors.DataError: trial: every effect must name the study it belongs to; the cell is
    blank in row 2. Complete it.
    """
    read = read_labels(values)
    asked = (
        read if needed is None else [one or not is_ for one, is_ in zip(read, needed, strict=True)]
    )
    if rows := blank_rows(asked):
        raise DataError(
            f"{values.name}: every effect must name the {what} it belongs to; the cell is blank "
            f"in {rows}. Complete it."
        )
    return read


def by_label(names: Iterable[object]) -> dict[str, Any]:
    """Return names that a user listed, each as it is read, by its label; the first of a label.

    Examples
    --------
    >>> by_label([1, " two", "1"])
    {'1': '1', 'two': 'two'}
    """
    found: dict[str, Any] = {}
    for name in as_read(pd.Series(list(names), dtype=object)).tolist():
        found.setdefault(label(name), name)
    return found


def blank_rows(read: Sequence[object]) -> str:
    """Return which rows have no label, for a message; empty where all have one.

    Examples
    --------
    >>> blank_rows(read_labels(pd.Series(["a", " ", None])))
    'row 2, row 3'
    """
    return shortened(f"row {row}" for row, one in enumerate(read, start=1) if not one)


def differ_in_case_alone(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the labels that differ from an earlier one in capitals only, after that one.

    Capitals can make a difference, so such labels are not made one; but whoever typed them may
    not have meant it, so a result says so.

    Examples
    --------
    >>> differ_in_case_alone(["RCT", "cohort", "rct", "Rct", "rct"])
    [('RCT', 'rct'), ('RCT', 'Rct')]
    """
    first: dict[str, str] = {}
    pairs = [(first.setdefault(one.casefold(), one), one) for one in dict.fromkeys(names)]
    return [(one, other) for one, other in pairs if one != other]


def capitals(what: str, names: Iterable[str] | pd.Series) -> list[str]:
    """Return a note on labels that differ only in capitals; none where there are no such labels.

    Parameters
    ----------
    what : str
        What the labels are of, in the plural and with a capital.
    names : iterable of str, or Series
        The labels as `read_labels` gives them, or a column.

    Examples
    --------
    >>> capitals("Codes", ["DE", "fr", "de"])
    ["Codes that differ only in capitals: 'DE' and 'de'. If they are one, spell them the same way."]
    """
    if isinstance(names, pd.Series):
        names = read_labels(names) if _kind(names) in _TEXT else ()
    alike = shortened(f"{one!r} and {other!r}" for one, other in differ_in_case_alone(names))
    return (
        [f"{what} that differ only in capitals: {alike}. If they are one, spell them the same way."]
        if alike
        else []
    )


def _kind(values: pd.Series) -> str:
    """Return what the cells of a column are, whatever its type."""
    is_category = isinstance(values.dtype, pd.CategoricalDtype)
    return pd.api.types.infer_dtype(values.cat.categories if is_category else values, skipna=True)


def _distinct(values: pd.Series) -> tuple[list[int], list[Any]]:
    """Return the place of each cell among the different ones, -1 if it is missing, and these."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.tolist(), values.cat.categories.tolist()
    kind = _kind(values)
    if kind == "string":
        # pandas before version 3 cannot tell texts with half a character apart.
        numbers: dict[str, int] = {}
        codes = [
            numbers.setdefault(cell, len(numbers)) if isinstance(cell, str) else -1
            for cell in values.tolist()
        ]
        return codes, list(numbers)
    if kind not in (*_MIXED, "bytes"):
        places, found = pd.factorize(values)
        return places.tolist(), list(found)
    cells = values.tolist()
    if nameless := [
        repr(cell) for cell in cells if isinstance(cell, bytes) or not isinstance(cell, Hashable)
    ]:
        raise DataError(
            f"{values.name}: every label must be text, a number or a date; got "
            f"{shortened(nameless)}."
        )
    keys = [(type(cell), cell) for cell in cells]  # pandas would take True for 1
    order = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    return [order[key] for key in keys], [cell for _, cell in order]


def _spelled(codes: Sequence[int], cells: Sequence[Any], *, people: bool) -> list[str]:
    """Return how different cells are read; of a person, the spelling met first in the rows."""
    read = [label(cell) for cell in cells]
    if not people:
        return read
    first: dict[str, str] = {}
    for at in [*(code for code in dict.fromkeys(codes) if code >= 0), *range(len(read))]:
        first.setdefault(person(read[at]), read[at])
    return [first[person(one)] for one in read]
