"""Which effects of a table belong to one study, and whether the table shows them to be dependent.

Rows of one study are dependent if they measure the same people, or share a control arm: pooled as
if they were separate studies, they count these people more than once. A table shows this by the
columns that tell the rows of a study apart, and by the cells of the control arm. A label that is
repeated without any such sign may be two trials of one author and year; and a row that is repeated
in every cell is an error of copying.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import counted, shortened
from synthesis.checks import as_numbers
from synthesis.effects.multi_arm import _controls
from synthesis.effects.sheet.columns import IDENTITY
from synthesis.labels import read_labels

DEPENDENT = ("refuse", "ignore")
"""What is done about dependent rows of one study, by option name."""

SUBGROUP = "subgroup"
"""The column whose values are different people of one study."""

_TELLS_APART = {*IDENTITY, "endpoint", "instrument", "time_point", "follow_up", "followup"}
_TELLS_APART -= {"measure"}  # rows of several measures are refused for that reason
_NOT_OF_THE_EFFECT = {
    *("study", "study_as_given", "line", "notes", "note", "comment", "comments", "page", "source"),
    *("receipt", "prepared", "reason", "waived", "waived_because", "icc_source"),
}
"""Columns that say nothing about an effect: rows that differ in these alone are one row twice."""

_WAYS_OUT = (
    "three_level takes all rows; meta_analysis(..., dependent='ignore') followed by robust(fit, "
    "cluster='study') corrects the standard error; choose_rows keeps one row per study; "
    "average_within_studies takes the mean of each study. If a label stands for several trials, "
    "give each its own. dependent='ignore' pools the rows as if they were independent."
)


@dataclass(frozen=True)
class Units:
    """How the effects of a table belong to studies.

    Attributes
    ----------
    k, n_studies : int
        Number of effects, and of study labels.
    differ : tuple of str
        Clauses that name studies and the columns in which their rows differ.
    shared : tuple of str
        Studies whose rows share a control arm.
    divided : tuple of str
        Studies whose shared control is divided among the rows.
    repeated : tuple of str
        Studies with rows that are equal in every cell.
    relabelled : tuple of str
        Labels that are repeated without a sign of dependence.
    subgroup : str
        The column of subgroups, if rows differ in it.
    """

    k: int
    n_studies: int
    differ: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    divided: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    relabelled: tuple[str, ...] = ()
    subgroup: str = ""

    @property
    def dependence(self) -> str:
        """``"ignored"`` where effects depend on each other, ``"labels"`` where labels repeat."""
        if self.differ or self.shared or self.divided or self.repeated:
            return "ignored"
        return "labels" if self.relabelled else "none"

    def refuse(self) -> None:
        """Raise an error if rows of one study are dependent, or are one row twice."""
        if self.repeated:
            raise DataError(
                f"study: the rows of {_listed(self.repeated)} are equal in every cell, so that the "
                "same effect would count more than once. Remove the repeats; if they are "
                "different studies, give each its own label. dependent='ignore' pools them as they "
                "are."
            )
        if not (self.differ or self.shared):
            return
        advice = [_WAYS_OUT]
        if self.shared:
            advice.insert(0, "shared_control combines arms that share a control.")
        if self.subgroup:
            advice.insert(
                0,
                "If the subgroups are different people, "
                f"subgroup_analysis(..., by={self.subgroup!r}) or dependent='ignore' is right.",
            )
        raise DataError(
            "study: rows of one study depend on each other and cannot be pooled as separate "
            f"studies: {self._why()}. {' '.join(advice)}"
        )

    def notes(self, *, counts: bool = True) -> list[str]:
        """Return what a result of these effects must say about them, in sentences.

        Parameters
        ----------
        counts : bool
            Whether to say how many effects and studies there are: not over several analyses.
        """
        found = []
        effects = self.in_words if counts else "Effects of one study"
        under = f": {self.in_words}" if counts else ""
        if self.differ or self.shared:
            people = " (different people are independent)" if self.subgroup else ""
            found.append(
                f"{effects} were pooled as if they were independent: {self._why()}"
                f"{people}. Where they measure the same people, the interval is usually too "
                "narrow; three_level, or robust(fit, cluster='study'), allows for it."
            )
        if self.divided:
            found.append(
                f"The control arm of {_listed(self.divided)} is divided among its rows: a part of "
                "their dependence remains (Cochrane Handbook 23.3.4)."
            )
        if self.repeated:
            found.append(
                f"The rows of {_listed(self.repeated)} are equal in every cell, and were pooled as "
                "separate effects all the same."
            )
        if self.relabelled:
            found.append(
                f"More than one row is labelled {_listed(self.relabelled)}{under}. Each row was "
                "pooled as a study of its own; if they are effects of one study, use three_level "
                "or keep one."
            )
        return found

    @property
    def in_words(self) -> str:
        """How many effects, and of how many studies."""
        return in_words(self.k, self.n_studies, self.dependence)

    def _why(self) -> str:
        shared = f"the rows of {_listed(self.shared)} share a control arm" if self.shared else ""
        return "; ".join(filter(None, (*self.differ, shared)))


def in_words(k: int, n_studies: int, dependence: str) -> str:
    """Return how many effects there are, and of how many studies.

    Examples
    --------
    >>> in_words(6, 6, "none"), in_words(6, 3, "ignored"), in_words(6, 3, "labels")
    ('6 studies', '6 effects from 3 studies', '6 effects under 3 study labels')
    """
    if k == n_studies:
        return counted(k, "study", "studies")
    of = (
        f"under {counted(n_studies, 'study label')}"
        if dependence == "labels"
        else f"from {counted(n_studies, 'study', 'studies')}"
    )
    return f"{counted(k, 'effect')} {of}"


def counted_fact(words: str) -> tuple[str, str]:
    """Return the number of effects and studies as a line of a table of facts.

    Examples
    --------
    >>> counted_fact("6 studies"), counted_fact("6 effects from 3 studies")
    (('Studies', '6'), ('Effects', '6 from 3 studies'))
    """
    number, _, *rest = words.split(" ")
    if not rest:
        return "Studies", number
    return "Effects", " ".join([number, *rest])


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
    found = Units(
        k=len(codes),
        n_studies=n_studies,
        differ=tuple(_differ(rows, of, apart, name)),
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
    return _controls(rows.assign(study=[str(code) for code in of.tolist()]))


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
) -> Iterator[str]:
    """Yield what rows of one study differ in, studies that differ in the same columns together."""
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
        yield f"the rows of {_listed(name(code) for code in codes)} differ in {said}"


def _values(column: pd.Series) -> str:
    return shortened(repr(value) if value else "blank" for value in dict.fromkeys(_labels(column)))


def _listed(labels: Iterable[str]) -> str:
    return shortened(repr(label) for label in labels)
