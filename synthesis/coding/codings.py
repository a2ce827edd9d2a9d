"""The long table of codings: one row for each code that a coder gave a unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.tables import read_frame
from arrowroot.text import did_you_mean, label, shortened
from synthesis import checks
from synthesis.coding.codebook import Codebook
from synthesis.coding.ratings import refuse_blank
from synthesis.labels import as_read, by_label, capitals, read_labels, with_labels


def read_codings(
    path: str | Path,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    codebook: Codebook | None = None,
    several: bool = False,
) -> pd.DataFrame:
    """Read and check codings from a CSV or XLSX file.

    Parameters
    ----------
    path : path
        One row for each code a coder gave a unit.
    unit, coder, code, codebook, several
        As in `check_codings`, which says what is refused.

    Returns
    -------
    DataFrame
        Every cell as text, blank cells missing; indexed by the line of the file. Where something
        should be known about the file, such as hidden rows, ``attrs["remarks"]`` says so.
    """
    table = read_frame(path)
    return check_codings(
        table, unit=unit, coder=coder, code=code, codebook=codebook, several=several
    )


def check_codings(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    units: Iterable[object] | None = None,
    codebook: Codebook | None = None,
    several: bool = False,
) -> pd.DataFrame:
    """Return the codings with their labels read if they are valid, else say all that is wrong.

    Parameters
    ----------
    codings : DataFrame
        One row for each code a coder gave a unit. Further columns (another scheme, time, note,
        confidence) are kept and not checked.
    unit, coder, code : str
        Its columns.
    units : iterable, optional
        All units; others are refused.
    codebook : Codebook, optional
        Codes that are not in it are refused.
    several : bool
        Whether one coder may give one unit several codes.

    Returns
    -------
    DataFrame
        `codings`: unchanged, unless a label has to be read (spaces, numbers beside text, two
        spellings of a coder). Units and codes that differ only in capitals are listed in
        ``attrs["notes"]``.

    Raises
    ------
    DataError
        Naming the units and coders with a blank cell, two codes or the same code twice, and
        unknown units and codes, each with what was probably meant.

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": ["A1", "A1"], "coder": ["ann", "ann"], "code": ["x", "y"]})
    >>> check_codings(codings)
    Traceback (most recent call last):
    arrowroot.errors.DataError: codings: more than one code for A1 by ann. Keep one ...
    """
    codings = read_columns(codings, unit=unit, coder=coder, code=code)
    units_read, coders_read = read_labels(codings[unit]), read_labels(codings[coder])
    who = pd.Series(
        [
            f"{one or '(blank)'} by {other or '(blank)'}"
            for one, other in zip(units_read, coders_read, strict=True)
        ],
        index=codings.index,
        dtype="string",
    )
    problems = [
        *_problem(f"no {unit} in row", codings.index[codings[unit].isna()]),
        *_problem(f"no {coder} in row", codings.index[codings[coder].isna()]),
        *_problem("no code for", who[codings[code].isna()]),
        *_problem("the same code twice for", who[codings.duplicated([unit, coder, code])]),
    ]
    if not several:
        two = codings.duplicated([unit, coder]) & ~codings.duplicated([unit, coder, code])
        problems += _problem("more than one code for", who[two])
    if units is not None:
        problems += _unknown(units_read, [label(one) for one in units])
    if problems:
        raise DataError(
            f"codings: {'; '.join(problems)}. Keep one row for each code a coder gave a unit"
            + ("." if several else ", and one code per unit; several=True allows more.")
        )
    if codebook is not None:
        codebook.check(codings[code], code)
    if notes := [*capitals("Units", codings[unit]), *capitals("Codes", codings[code])]:
        codings = codings.copy()
        codings.attrs["notes"] = notes
    return codings


def read_columns(codings: pd.DataFrame, *, unit: str, coder: str, code: str) -> pd.DataFrame:
    """Return codings whose units, coders and codes are one spelling each; refuse missing columns.

    The capitals of a coder's name do not matter; the spelling that comes first is kept.
    """
    for name, argument in ((unit, "unit"), (coder, "coder"), (code, "code")):
        checks.column(codings, name, argument)
    return with_labels(codings, [unit, code], people=[coder])


def labels_of(units: pd.DataFrame, unit: str) -> list[str]:
    """Return the labels of units as text; each must be filled in and unique.

    Parameters
    ----------
    units : DataFrame
        One row per unit.
    unit : str
        The column of labels.

    Returns
    -------
    list of str
        In the order of the table.

    Raises
    ------
    DataError
        If there is no such column, or a label is blank or occurs twice.
    """
    labels = read_labels(checks.column(units, unit, "unit"))
    times = Counter(labels)
    wrong = [f"{times.pop('')} blank"] if "" in times else []
    wrong += [f"{one!r} {count} times" for one, count in times.items() if count > 1]
    if wrong:
        raise DataError(
            f"units: every {unit} must be filled in and occur once; got {shortened(wrong)}."
        )
    return labels


def coded_units(
    units: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    codebook: Codebook | None = None,
    several: bool = False,
) -> pd.DataFrame:
    """Return the units with their codes, one row for each unit, coder and code.

    Parameters
    ----------
    units : DataFrame
        One row per unit, with its text and anything else known about it.
    codings, unit, coder, code, codebook, several
        As in `check_codings`; `unit` is the name in both tables.

    Returns
    -------
    DataFrame
        The columns of both tables; units in their own order.

    Raises
    ------
    DataError
        If the codings are invalid, a unit occurs twice, or a coder left units uncoded.
    """
    labels = as_read(checks.column(units, unit, "unit"))
    if labels.duplicated().any():
        twice = [str(one) for one in labels[labels.duplicated()].unique()]
        raise DataError(f"units: {unit} must differ; repeated: {shortened(twice)}.")
    codings = check_codings(
        codings,
        unit=unit,
        coder=coder,
        code=code,
        units=labels,
        codebook=codebook,
        several=several,
    )
    missing = uncoded(codings, labels, unit=unit, coder=coder)
    if not missing.empty:
        cells = [f"{one} by {who}" for one, who in missing.itertuples(index=False)]
        raise DataError(
            f"codings: not coded: {shortened(cells)}. Code them, or leave out the coder."
        )
    left = units.assign(**{unit: labels}).reset_index(drop=True)
    right = codings.reset_index(drop=True)
    if left[unit].dtype != right[unit].dtype:  # numbers in one table, their text in the other
        typed = by_label(labels)
        units_coded = [typed[one] for one in read_labels(right[unit])]
        right[unit] = pd.Series(units_coded, dtype=left[unit].dtype)
    return left.merge(right, on=unit, how="inner", suffixes=("", "_coded"))


def uncoded(
    codings: pd.DataFrame, units: Iterable[object], *, unit: str = "unit", coder: str = "coder"
) -> pd.DataFrame:
    """Return the units for which a coder has no row.

    Parameters
    ----------
    codings : DataFrame
        One row for each code a coder gave a unit.
    units : iterable
        All units that every coder should have coded.
    unit, coder : str
        Columns of `codings`.

    Returns
    -------
    DataFrame
        One row per gap: `unit`, `coder`.
    """
    coders = as_read(checks.column(codings, coder, "coder"), people=True)
    wanted = pd.MultiIndex.from_product(
        [list(by_label(units).values()), sorted(coders.dropna().unique(), key=str)],
        names=[unit, coder],
    )
    of = read_labels(checks.column(codings, unit, "unit"))
    done = set(zip(of, read_labels(coders), strict=True))
    open_ = [(label(one), label(who)) not in done for one, who in wanted]
    return wanted[np.array(open_, dtype=bool)].to_frame(index=False)


def disagreements(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
) -> pd.DataFrame:
    """Return the units on which coders differ, with one column per coder.

    If a coder gave a unit several codes, they are in one cell, sorted and separated by semicolons.
    A unit that a coder did not code is not a disagreement.

    Parameters
    ----------
    codings : DataFrame
        One row for each code a coder gave a unit.
    unit, coder, code : str
        Its columns.

    Returns
    -------
    DataFrame
        Indexed by unit, in the order of the codings; empty cells where a coder has no code.

    Examples
    --------
    >>> codings = pd.DataFrame(
    ...     {"unit": ["A1", "A1", "A2", "A2"], "coder": ["ann", "bob"] * 2, "code": list("xxxy")}
    ... )
    >>> disagreements(codings)
    coder ann bob
    unit
    A2      x   y
    """
    codings = read_columns(codings, unit=unit, coder=coder, code=code)
    refuse_blank(codings[unit], codings[coder])
    given = codings.dropna(subset=[code]).reset_index(drop=True)
    if given.empty:
        return pd.DataFrame(index=pd.Index([], name=unit), columns=pd.Index([], name=coder))
    if given.duplicated([unit, coder]).any():
        given = given.groupby([unit, coder], sort=False)[code].agg(_joined).reset_index()
    wide = given.pivot_table(
        index=unit, columns=coder, values=code, aggfunc="first", observed=True, sort=False
    )
    first = wide.bfill(axis=1).iloc[:, 0]
    differs = (wide.notna() & wide.ne(first, axis=0)).any(axis=1)
    return wide[differs].fillna("")


def _joined(codes: pd.Series) -> str:
    return "; ".join(sorted(read_labels(codes)))


def _problem(what: str, where: Iterable[object]) -> list[str]:
    places = list(dict.fromkeys(str(place) for place in where))
    return [f"{what} {shortened(places)}"] if places else []


def _unknown(labels: Sequence[str], units: Sequence[str]) -> list[str]:
    known = {"", *units}
    strangers = [one for one in dict.fromkeys(labels) if one not in known]
    form = " (did you mean {!r}?)"
    return _problem(
        "unknown unit", (f"{one!r}{did_you_mean(one, units, form)}" for one in strangers)
    )
