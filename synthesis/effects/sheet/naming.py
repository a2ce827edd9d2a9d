"""Sheets whose columns are named as in another program."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis.effects.sheet.columns import IDENTITY, NUMERIC, WORDS
from synthesis.effects.sheet.numbers import read_numbers
from synthesis.effects.sheet.problems import FOREIGN
from synthesis.effects.sheet.programs import NAMINGS, Naming, is_filled

OWN = "own"

_UNIT = re.compile(r"\s*(\(.*\)|\[.*\])\s*$")


COLUMNS = (*NAMINGS, OWN)


def named(
    sheet: pd.DataFrame, columns: str | None, source: str, decimal: str = "."
) -> pd.DataFrame:
    """Return a sheet with our column names in place of another program's.

    Parameters
    ----------
    sheet : DataFrame
        As it was read, cells still as they are written.
    columns : str, optional
        One of `COLUMNS`. By default the naming that the columns identify, if there is one only
        and none of our own columns of numbers would be written.
    source : str
        What the sheet is called in messages.
    decimal : str
        The decimal mark.

    Returns
    -------
    DataFrame
        The sheet; ``attrs["remarks"]`` lists what was renamed. Columns that are not renamed stay.

    Raises
    ------
    DataError
        If a naming is asked for and no column is of it; if two columns would have one name; or if
        two columns that mean the same contradict each other.
    """
    there = _by_plain_name(sheet)
    naming = NAMINGS.get(columns or "") or (None if columns == OWN else _recognised(sheet, there))
    if naming is None:
        return sheet if columns == OWN else _said_of_others(sheet, there, source)
    taken = _taken(naming, there)
    if not any(name in NUMERIC for name in taken):
        listed = shortened(repr(str(name)) for name in sheet.columns if name != "line")
        raise DataError(
            f"{source}: columns={columns!r}, but no column is named as in {naming.program}; there "
            f"are {listed}."
        )
    if both := [name for name, theirs in taken.items() if name in sheet and name not in theirs]:
        listed = shortened(f"{taken[name][0]!r} and {name!r}" for name in both)
        raise DataError(
            f"{source}: two columns mean the same: {listed}. Keep one of each, or read the sheet "
            "with columns='own'."
        )
    return _renamed(sheet, naming, there, taken, source, decimal)


def _said_of_others(sheet: pd.DataFrame, there: Mapping[str, str], source: str) -> pd.DataFrame:
    """Say that columns could be another program's; refuse where it could be one of several."""
    fits = {word: one for word, one in NAMINGS.items() if _is_marked(one, there)}
    if not fits:
        return sheet
    words = " or ".join(f"columns={word!r}" for word in fits)
    programs = " or ".join(one.program for one in fits.values())
    if len(fits) > 1 and not any(name in NUMERIC for name in sheet):
        raise DataError(
            f"{source}: its columns may be named as in {programs}, and it is not clear which are "
            f"meant. Read it with {words}, or with columns='own'."
        )
    if columns := [
        theirs
        for one in fits.values()
        for ours, names in _taken(one, there).items()
        for theirs in names
        if ours in NUMERIC and theirs not in NUMERIC
    ]:
        listed = shortened(repr(str(one)) for one in dict.fromkeys(columns))
        remark = (
            f"{listed} may be columns of {programs} and were not read, because there are columns "
            f"named as here; {words} reads them"
        )
        sheet = sheet.copy(deep=False)
        sheet.attrs["remarks"] = (*sheet.attrs.get("remarks", ()), remark)
    return sheet


def _renamed(
    sheet: pd.DataFrame,
    naming: Naming,
    there: Mapping[str, str],
    taken: Mapping[str, list[str]],
    source: str,
    decimal: str,
) -> pd.DataFrame:
    result = sheet.rename(columns={theirs[0]: name for name, theirs in taken.items()})
    result.attrs = dict(sheet.attrs)
    said = [f"{theirs[0]} as {name}" for name, theirs in taken.items() if theirs[0] != name]
    for name, theirs in taken.items():
        for other in theirs[1:]:
            _fill(result, sheet, name, theirs[0], other, source)
            said.append(f"{other} as {name} where {theirs[0]} is blank")
            result = result.drop(columns=other)
    summed = {name: pair for name, pair in naming.others.items() if set(pair) <= there.keys()}
    for name, pair in summed.items():
        first, second = (there[one] for one in pair)
        parts = [_numbers(sheet, one, source, decimal) for one in (first, second)]
        total = _written(parts[0] + parts[1], decimal)
        own = result.get(name, pd.Series("", index=sheet.index, dtype=object))
        result[name] = own.astype(object).where(is_filled(own), total)
        said.append(f"{first} + {second} as {name}" + " where it is blank" * (name in taken))
    for name, share in naming.shares.items():
        if share in there:
            result[name] = _written(100 * _numbers(sheet, there[share], source, decimal), decimal)
            said.append(f"{there[share]} times 100 as {name}")
    kinds = {there[one]: kind for one, kind in naming.kinds.items() if one in there}
    if kinds and "effect_type" not in result:
        result["effect_type"] = ""
        for column, kind in kinds.items():
            result["effect_type"] = result["effect_type"].where(~is_filled(sheet[column]), kind)
        said.append("effect_type by the columns of the printed effects")
    if naming.add is not None:
        before = list(result.columns)
        more = naming.add(result, _by_plain_name(result)) or []
        if new := [name for name in result.columns if name not in before]:
            said.append(f"{' and '.join(new)} put together from other columns")
        said += more
    written = {name: " or ".join(theirs) for name, theirs in taken.items() if theirs != [name]}
    sums = {name: " + ".join(there[one] for one in pair) for name, pair in summed.items()}
    result.attrs[FOREIGN] = {
        name: " or ".join(filter(None, (written.get(name), sums.get(name))))
        for name in NUMERIC
        if name in written or name in sums
    }
    remark = (
        f"the columns are named as in {naming.program} ({naming.treatment}) and were read by these "
        f"names: {', '.join(said)}"
    )
    result.attrs["remarks"] = (*sheet.attrs.get("remarks", ()), remark)
    return result


def plain_name(heading: object) -> str:
    """Return a heading in small letters, with underscores for gaps and without a unit."""
    return re.sub(r"[\s._-]+", "_", _UNIT.sub("", str(heading)).strip()).lower()


def _by_plain_name(sheet: pd.DataFrame) -> dict[str, str]:
    """Return the columns by their plain names; one that is written plainly comes first."""
    there: dict[str, str] = {}
    for heading in sorted(sheet.columns, key=lambda one: str(one) != plain_name(one)):
        there.setdefault(plain_name(heading), heading)
    return there


def _taken(naming: Naming, there: Mapping[str, str]) -> dict[str, list[str]]:
    """Return our names with the columns of the sheet that are read as such."""
    # The other program has no names for these, so that capitals cannot make a difference.
    ours = {name: (name,) for name in (*WORDS, *IDENTITY)}
    other = {
        one for one, (needed, bars) in naming.beside.items() if needed not in there or bars in there
    }
    found = {
        name: [there[one] for one in theirs if one in there and one not in other]
        for name, theirs in {**ours, **naming.names}.items()
    }
    return {name: theirs for name, theirs in found.items() if theirs}


def _is_marked(naming: Naming, there: Mapping[str, str]) -> bool:
    return any(set(mark) <= there.keys() for mark in naming.marks)


def _recognised(sheet: pd.DataFrame, there: Mapping[str, str]) -> Naming | None:
    """Return the one naming that the columns identify; None for our own, or if in doubt."""
    fits = [one for one in NAMINGS.values() if _is_marked(one, there)]
    # Who fills in columns of ours has named these columns on purpose, whatever the others are.
    if len(fits) != 1 or any(name[-2:] in ("_t", "_c") for name in NUMERIC if name in sheet):
        return None
    taken = _taken(fits[0], there)
    clash = any(name in sheet and name not in theirs for name, theirs in taken.items())
    return None if clash else fits[0]


def recognised_as(sheet: pd.DataFrame) -> str:
    """Return the word for `columns` that a table in memory is named by, or an empty text."""
    naming = _recognised(sheet, _by_plain_name(sheet))
    return next((word for word, one in NAMINGS.items() if one is naming), "")


def _fill(
    result: pd.DataFrame, sheet: pd.DataFrame, name: str, first: str, other: str, source: str
) -> None:
    """Fill blank cells of a column from another that means the same."""
    own, new = result[name].astype(object), sheet[other].astype(object)
    both = is_filled(own) & is_filled(new)
    apart = both & (own.astype("string").str.strip() != new.astype("string").str.strip())
    if apart.any():
        row = int(np.flatnonzero(apart.to_numpy(bool))[0])
        raise DataError(
            f"{source}, {_place(sheet, row)}: {first!r} is {own.iloc[row]} and {other!r} is "
            f"{new.iloc[row]}, but both are read as {name}. Leave one of them blank."
        )
    result[name] = own.where(is_filled(own), new)


def _numbers(sheet: pd.DataFrame, name: str, source: str, decimal: str) -> np.ndarray:
    numbers, bad = read_numbers(sheet[name], decimal)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise DataError(
            f"{source}, {_place(sheet, row)}: {name!r} must be a number; got "
            f"{sheet[name].iloc[row]!r}."
        )
    return numbers


def _written(numbers: np.ndarray, decimal: str) -> list[str]:
    """Return numbers as they would be in the sheet, with as many digits as they have."""
    written = ["" if np.isnan(one) else f"{one:.12g}" for one in numbers.tolist()]
    return [one.replace(".", decimal) for one in written]


def _place(sheet: pd.DataFrame, row: int) -> str:
    return f"line {sheet['line'].iloc[row]}" if "line" in sheet else f"row {row + 1}"
