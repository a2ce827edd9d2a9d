"""A long table of codes as an array: one row per coder, one column per unit, with gaps allowed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.labels import as_read, by_label, read_labels

LEVELS = ("nominal", "ordinal", "interval", "ratio")
NUMERIC = ("interval", "ratio")
NOT_CODED = -1


@dataclass(frozen=True)
class Ratings:
    """Who gave which category to which unit.

    Attributes
    ----------
    categories : tuple
        In their order, which matters above the nominal level.
    coders : tuple
        Coder labels, one per row of `table`.
    units : tuple
        Unit labels, one per column of `table`.
    table : ndarray of int, shape (coders, units)
        Position of the category given; -1 where the coder did not code the unit.
    scores : ndarray of float, shape (categories,)
        The scale of distances: the codes themselves at the interval and ratio levels, otherwise
        positions 0, 1, 2 ...
    """

    categories: tuple[Hashable, ...]
    coders: tuple[Hashable, ...]
    units: tuple[Hashable, ...]
    table: np.ndarray
    scores: np.ndarray

    def counts(self) -> np.ndarray:
        """Return how many coders gave each unit each category, shape (units, categories)."""
        width = len(self.categories)
        given = self.table != NOT_CODED
        cells = np.arange(len(self.units)) * width + self.table
        flat = np.bincount(cells[given], minlength=len(self.units) * width)
        return flat.reshape(len(self.units), width)


def from_long(
    codings: pd.DataFrame,
    *,
    unit: str,
    coder: str,
    code: str,
    level: str,
    categories: Sequence[Hashable] | None,
) -> Ratings:
    """Read a long table (one row per code given) into `Ratings`.

    Parameters
    ----------
    codings : DataFrame
        One row for each code a coder gave a unit; a blank code means "not coded". The order of
        its rows does not matter: units are in the order of their labels.
    unit, coder, code : str
        Its columns.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement of the codes.
    categories : sequence or None
        All the categories the coders could have used, in order; None takes those used.

    Raises
    ------
    DataError
        If a column is missing, a unit or coder is blank, a coder gave one unit two codes, fewer
        than two coders are left, a code is not among `categories`, or the order or numbers that
        `level` needs cannot be derived from the codes.
    """
    one_of("level", level, LEVELS)
    labels = {
        argument: as_read(checks.column(codings, name, argument), people=argument == "coder")
        for argument, name in (("unit", unit), ("coder", coder), ("code", code))
    }
    refuse_blank(labels["unit"], labels["coder"])
    coded = labels["code"].notna().to_numpy(dtype=bool)
    unit_at, units = _in_order(labels["unit"])
    coder_at, coders = pd.factorize(labels["coder"])
    if len(coders) < 2:
        raise DataError(
            f"{coder}: agreement needs at least two coders; got "
            f"{', '.join(repr(str(one)) for one in coders) or 'none'}. "
            "Put the second coder's codes below the first's, one row per code."
        )
    _refuse_two_codes(units[unit_at[coded]], coders[coder_at[coded]], unit, coder)
    given = labels["code"][coded]
    if given.empty:
        raise DataError(f"{code}: every cell is blank; there is nothing to compare.")
    known = _categories(given, level, categories, code)
    table = np.full((len(coders), len(units)), NOT_CODED)
    places = {label(one): at for at, one in enumerate(known)}
    table[coder_at[coded], unit_at[coded]] = [places[one] for one in read_labels(given)]
    scores = _numbers(known, level, code) if level in NUMERIC else list(range(len(known)))
    return Ratings(
        tuple(known), tuple(coders), tuple(units), table, np.asarray(scores, dtype=float)
    )


def natural(name: object) -> list[tuple[bool, int, str]]:
    """Return a key that sorts labels with the numbers in them by their size.

    Examples
    --------
    >>> sorted(["A10", "A9", 2, "10"], key=natural)
    [2, '10', 'A9', 'A10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", label(name))
    return [(not one[0].isdigit(), int(one) if one[0].isdigit() else 0, one) for one in parts]


def _in_order(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return which unit each row is of, and the units in the order of their labels.

    Samples of the bootstrap draw units by their position, so that this order, and not that of the
    rows, must decide which seed gives which interval.
    """
    at, units = pd.factorize(values)
    order = sorted(range(len(units)), key=lambda one: natural(units[one]))
    places = np.empty(len(order), dtype=int)
    places[order] = np.arange(len(order))
    return places[at], pd.Index(units).take(order)


def refuse_blank(*columns: pd.Series) -> None:
    """Raise an error if a row does not say which unit, or which coder, it is about."""
    for values in columns:
        read = read_labels(values)
        rows = [str(row) for row, one in zip(values.index, read, strict=True) if not one]
        if rows:
            raise DataError(
                f"{values.name}: every row must name it; blank in row {shortened(rows)}. "
                "Fill the cell or delete the row."
            )


def _refuse_two_codes(units: pd.Index, coders: pd.Index, unit: str, coder: str) -> None:
    pairs = pd.DataFrame({"unit": units, "coder": coders})
    repeated = pairs[pairs.duplicated()].drop_duplicates()
    if not repeated.empty:
        named = [f"{row.unit!s} by {row.coder!s}" for row in repeated.itertuples()]
        raise DataError(
            f"{unit}, {coder}: a coder can give a unit only one code here; more than one for "
            f"{shortened(named)}. If several codes per unit are intended, ask for agreement "
            "code by code."
        )


def _categories(
    given: pd.Series, level: str, categories: Sequence[Hashable] | None, code: str
) -> list[Hashable]:
    if categories is not None:
        legal = by_label(categories)
        known = list(legal.values())
        times = Counter(map(label, categories))
        if twice := [repr(one) for key, one in legal.items() if times[key] > 1]:
            raise DataError(f"categories: each must occur once; repeated: {shortened(twice)}.")
        strangers = sorted({one for one in read_labels(given) if one not in legal})
        if strangers:
            raise DataError(
                f"{code}: not among the categories: {shortened(strangers)}. "
                "Correct the code or add it to categories."
            )
    elif isinstance(given.dtype, pd.CategoricalDtype):
        known = list(given.cat.categories)
    else:
        known = _used(given, level, code)
    return known


def _numbers(known: Sequence[Hashable], level: str, code: str) -> list[float]:
    """Return the codes as numbers; a file that was read as text has them as text."""
    read = [_number(one) for one in known]
    wrong = [repr(one) for one, number in zip(known, read, strict=True) if number is None]
    if wrong:
        raise DataError(
            f"{code}: the {level} level needs numbers as codes; got {shortened(wrong)}."
        )
    numbers = [number for number in read if number is not None]
    if level == "ratio" and (below := [f"{one:g}" for one in numbers if one < 0]):
        raise DataError(
            f"{code}: the ratio level has a zero below which there is nothing, so no code may be "
            f"negative; got {shortened(below)}. Use level='interval'."
        )
    return numbers


def _number(code: Hashable) -> float | None:
    if isinstance(code, (bool, np.bool_)):
        return None
    try:
        number = float(label(code))
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _used(given: pd.Series, level: str, code: str) -> list[Hashable]:
    used = given.unique().tolist()
    numbers = {one: _number(one) for one in used}
    if level != "nominal" and None not in numbers.values():
        return sorted(used, key=lambda one: numbers[one] or 0)
    if pd.api.types.is_numeric_dtype(given.dtype):
        return sorted(used)
    if level == "ordinal":
        raise DataError(
            f"{code}: text has no order of its own; give categories= from lowest to highest, "
            "or use level='nominal'."
        )
    return sorted(used, key=str)
