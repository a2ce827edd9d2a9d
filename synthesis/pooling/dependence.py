"""Which effects of a table belong to one study, and whether the table shows them to be dependent.

Rows of one study are dependent if they measure the same people, or share a control arm: pooled as
if they were separate studies, they count these people more than once. A table shows this by the
columns that tell the rows of a study apart, and by the cells of the control arm. A label that is
repeated without any such sign may be two trials of one author and year; and a row that is repeated
in every cell is an error of copying.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis.checks import as_numbers
from synthesis.effects.shared_controls import controls
from synthesis.effects.sheet.columns import IDENTITY
from synthesis.labels import read_labels
from synthesis.pooling.units import Units, listed

DEPENDENT = ("refuse", "ignore")
"""What is done about dependent rows of one study, by option name."""

SUBGROUP = "subgroup"
"""The column whose values are different people of one study."""

_TELLS_APART = {*IDENTITY, "endpoint", "time_point", "follow_up", "followup"}
_TELLS_APART -= {"measure"}  # rows of several measures are refused for that reason
_NOT_OF_THE_EFFECT = {
    *("study", "study_as_given", "line", "notes", "note", "comment", "comments", "page", "source"),
    *("receipt", "prepared", "reason", "waived", "waived_because", "icc_source"),
}
"""Columns that say nothing about an effect: rows that differ in these alone are one row twice."""


def units(
    table: pd.DataFrame,
    codes: np.ndarray,
    name: Callable[[int], str],
    *,
    dependent: str,
    people: bool = False,
) -> Units:
    """Say how effects belong to studies; refuse those that are dependent, unless told to ignore it.

    Parameters
    ----------
    table : DataFrame
        The rows to pool.
    codes : ndarray of int, shape (rows,)
        The study of each row, by number from 0.
    name : callable
        Gives the label of a study by its number.
    dependent : {"refuse", "ignore"}
        What is done about dependent rows.
    people : bool
        Whether rows with different cells in `SUBGROUP` are analysed in different groups, so that
        they need not be independent of each other.

    Raises
    ------
    DataError
        If rows of one study are dependent, or equal in every cell, under ``"refuse"``.
    OptionError
        If `dependent` has no such value.

    Examples
    --------
    >>> table = pd.DataFrame({"outcome": ["pain", "sleep", "pain"], "yi": [0.1, 0.2, 0.3]})
    >>> found = units(table, np.array([0, 0, 1]), "AB".__getitem__, dependent="ignore")
    >>> found.differ, found.n_studies
    (("the rows of 'A' differ in outcome ('pain', 'sleep')",), 2)
    """
    one_of("dependent", dependent, DEPENDENT)
    sizes = np.bincount(codes)
    again = np.flatnonzero(sizes[codes] > 1)
    n_studies = int((sizes > 0).sum())
    if not again.size:
        return Units(len(codes), n_studies)
    rows, of = table.iloc[again].reset_index(drop=True), codes[again]
    rows = rows.loc[:, ~rows.columns.duplicated()]
    repeated = _repeated(rows, of)
    control, shares = _shared_controls(rows, of)
    divided = shares & (_cell_numbers(rows, "control_shares") > 1)
    # Rows among which a control is divided were made independent by that, as far as may be.
    stay = ~(divided & pd.Series(control).duplicated().to_numpy())
    shared = shares & stay & pd.Series(np.where(stay, control, -1)).duplicated(keep=False)
    group = _groups(rows, of) if people else of
    again_in_group = pd.Series(group).duplicated(keep=False).to_numpy()
    apart = _apart(rows, of, group, stay)
    differ = sorted({code for found in apart.values() for code in found})

    def named(found: np.ndarray) -> tuple[str, ...]:
        return tuple(name(code) for code in dict.fromkeys(found.tolist()))

    signs = np.isin(of, differ) | repeated | divided | shared
    clauses = list(_differ(rows, of, apart, name))
    found = Units(
        k=len(codes),
        n_studies=n_studies,
        differ=tuple(clause for clause, people_alone in clauses if not people_alone),
        people=tuple(clause for clause, people_alone in clauses if people_alone),
        shared=named(of[shared]),
        divided=named(of[divided]),
        repeated=named(of[repeated]),
        relabelled=named(of[~np.isin(of, of[signs]) & again_in_group]),
        subgroup=next((str(one) for one, of_ in apart.items() if of_ and is_subgroup(one)), ""),
    )
    if dependent == "refuse":
        found.refuse()
    return found


def _plain(heading: object) -> str:
    """Return a heading without its unit and capitals: ``Timepoint (months)`` is a time point."""
    bare = re.sub(r"\s*(\(.*\)|\[.*\])\s*$", "", str(heading))
    return re.sub(r"[\s.-]+", "_", bare.strip().lower())


def is_subgroup(heading: object) -> bool:
    """Return whether a column names subgroups of people."""
    return _plain(heading) == SUBGROUP


def _cell_numbers(rows: pd.DataFrame, column: str) -> np.ndarray:
    return as_numbers(rows[column]) if column in rows else np.full(len(rows), np.nan)


def _shared_controls(rows: pd.DataFrame, of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each row's control arm, and which rows share theirs in their study."""
    # Whether a control arm was divided is asked apart from whether it is one.
    rows = rows.drop(columns="control_shares", errors="ignore")
    return controls(rows.assign(study=[str(code) for code in of.tolist()]))


def _repeated(rows: pd.DataFrame, of: np.ndarray) -> np.ndarray:
    """Return which rows are in the table twice: they differ in no cell that tells of the effect."""
    cells = {
        heading: _numbered(rows[heading], capitals=False)
        for heading in rows.columns
        if _plain(heading) not in _NOT_OF_THE_EFFECT
    }
    return pd.DataFrame(cells).assign(of=of).duplicated(keep=False).to_numpy()


def _numbered(column: pd.Series, *, capitals: bool = True) -> np.ndarray:
    """Return the cells of a column as numbers that are equal where the cells say the same."""
    if column.dtype.kind in "iufb":
        return pd.factorize(column)[0]
    read = pd.Series(_labels(column), dtype=object)
    return pd.factorize(read if capitals else read.str.casefold())[0]


def _labels(column: pd.Series) -> list[str]:
    try:
        return read_labels(column)
    except DataError:  # cells that name nothing, such as lists
        return [repr(cell) for cell in column]


def _groups(rows: pd.DataFrame, of: np.ndarray) -> np.ndarray:
    """Return a number for the people of each row: those of one subgroup of one study."""
    subgroups = [column for column in rows.columns if is_subgroup(column)]
    read = _numbered(rows[subgroups[0]])
    return np.asarray(of * (read.max() + 2) + read)  # a blank is -1


def _apart(
    rows: pd.DataFrame, of: np.ndarray, group: np.ndarray, stay: np.ndarray
) -> dict[object, list[int]]:
    """Return the studies whose rows differ in each column that tells rows of one group apart."""
    found: dict[object, list[int]] = {}
    for heading in rows.columns:
        if _plain(heading) in _TELLS_APART:
            cells = pd.Series(_numbered(rows[heading]))[stay]
            varies = cells.groupby(group[stay]).transform("nunique") > 1
            found[heading] = list(dict.fromkeys(of[stay][varies.to_numpy()].tolist()))
    return found


def _differ(
    rows: pd.DataFrame, of: np.ndarray, apart: dict[object, list[int]], name: Callable[[int], str]
) -> Iterator[tuple[str, bool]]:
    """Yield what rows of one study differ in, and whether that is their subgroup alone.

    Studies whose rows differ in the same columns are named together.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    columns: dict[int, list[object]] = {}
    for heading, codes in apart.items():
        for code in codes:
            columns.setdefault(code, []).append(heading)
    for code in sorted(columns):
        alike.setdefault(tuple(columns[code]), []).append(code)
    for headings, codes in alike.items():
        first = rows[of == codes[0]]
        said = " and ".join(f"{heading} ({_values(first[heading])})" for heading in headings)
        clause = f"the rows of {listed(name(code) for code in codes)} differ in {said}"
        yield clause, all(map(is_subgroup, headings))


def _values(column: pd.Series) -> str:
    return shortened(repr(value) if value else "blank" for value in dict.fromkeys(_labels(column)))
