"""A long table of codes as an array: one row per coder, one column per unit, with gaps allowed."""

from __future__ import annotations

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

LEVELS = ("nominal", "ordinal", "interval")
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
        The scale of distances: the codes themselves at the interval level, otherwise positions 0,
        1, 2 ...
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
        One row for each code a coder gave a unit; a blank code means "not coded".
    unit, coder, code : str
        Its columns.
    level : {"nominal", "ordinal", "interval"}
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
    unit_at, units = pd.factorize(labels["unit"])
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
    scores = known if level == "interval" else range(len(known))
    return Ratings(
        tuple(known), tuple(coders), tuple(units), table, np.asarray(list(scores), dtype=float)
    )


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
    if level == "interval" and not all(
        isinstance(one, (int, float, np.number)) and np.isfinite(one) for one in known
    ):
        raise DataError(
            f"{code}: the interval level needs numbers as codes; got "
            f"{shortened([repr(one) for one in known])}."
        )
    return known


def _used(given: pd.Series, level: str, code: str) -> list[Hashable]:
    used = given.unique().tolist()
    if pd.api.types.is_numeric_dtype(given.dtype):
        return sorted(used)
    if level == "ordinal":
        raise DataError(
            f"{code}: text has no order of its own; give categories= from lowest to highest, "
            "or use level='nominal'."
        )
    return sorted(used, key=str)
