"""Time windows of follow-up, by declaration."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from synthesis import checks
from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.sheet.numbers import read_numbers
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.reading import checked
from synthesis.outcomes import UNITS, Outcome, Window

STOKES_WINDOWS = {"short": (0.0, 12.0), "long": (13.0, np.inf)}
"""Months of follow-up: short term to 12 months, long term from 13 on (Stokes et al. 2015)."""

COLUMNS = {unit: f"timepoint_{unit}" for unit in UNITS}
"""The columns that say when an outcome was measured, by unit."""


def time_windows(
    sheet: pd.DataFrame,
    windows: Mapping[str, tuple[float, float]] | Outcome | Sequence[Window] = STOKES_WINDOWS,
    *,
    months: str = "timepoint_months",
) -> pd.DataFrame:
    """Return the sheet with a column `window`, by the follow-up.

    Windows that adjoin leave nothing between them: those of *0 to 3* and *4 to 6* months meet at
    4, so that 3.45 months lies in the first, since limits in whole months count completed months;
    those of *0 to 3* and *3 to 6* meet at 3, which lies in the second. `Window` has the rule.

    Parameters
    ----------
    sheet : DataFrame
        The extraction sheet, with `timepoint_months`, `timepoint_weeks` or `timepoint_days`. A
        follow-up in another unit than that of the windows is converted (a month is a twelfth of
        365.25 days).
    windows : mapping of str to tuple of float, Outcome, or sequence of Window
        Name of each window with its first and last month; or an outcome with its windows.
    months : str
        The column with the months.

    Returns
    -------
    DataFrame
        `sheet` with the column `window`, blank where no time is given.

    Raises
    ------
    DataError
        If windows overlap, a follow-up falls in no window, or is given in two units that do not
        agree.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "B"], "timepoint_months": [6, 22]})
    >>> time_windows(sheet)["window"].tolist()
    ['short', 'long']
    """
    result = checked(sheet)
    declared = declared_windows(windows)
    names = {**COLUMNS, "months": months}
    if not any(name in result for name in names.values()):
        checks.column(result, months, "months")
    problems = Problems(result)
    at = placed(result, declared, problems, names=names)
    problems.raise_any()
    result["window"] = np.array([*(one.id for one in declared), None], dtype=object)[at]
    return result


def placed(
    sheet: pd.DataFrame,
    windows: Sequence[Window],
    problems: Problems,
    *,
    which: np.ndarray | None = None,
    names: Mapping[str, str] = COLUMNS,
) -> np.ndarray:
    """Return the position of the window in which each row lies, -1 where no time is given.

    Parameters
    ----------
    sheet : DataFrame
        A sheet with its cells checked.
    windows : sequence of Window
        As an outcome declares them.
    problems : Problems
        Collects what is said about rows that lie in no window, or whose times contradict.
    which : ndarray of bool, optional
        The rows to look at; by default all.
    names : mapping of str to str
        The column of each unit.
    """
    unit = windows[0].unit
    time = follow_up(sheet, unit, problems, which=which, names=names)
    at = place(time.length, windows)
    for row in np.flatnonzero(~np.isnan(time.length) & (at < 0)).tolist():
        problems.add_row(
            row,
            f"{time.column[row]} must lie in one window ({listed_windows(windows)} {unit}); got "
            f"{time.said(row)}",
        )
    return at


class FollowUp(NamedTuple):
    """When the rows of a sheet were measured.

    Attributes
    ----------
    unit : str
        Of `length` and `half`.
    length, half : ndarray of float
        The time, NaN where none is given, and half a unit in its last decimal as it is written.
    column : list of str
        Where it is from.
    given : ndarray of float
        As written there.
    """

    unit: str
    length: np.ndarray
    half: np.ndarray
    column: list[str]
    given: np.ndarray

    def said(self, row: int) -> str:
        """Return the time of a row as written, and in `unit` where that is another one."""
        given, value = self.given[row], self.length[row]
        return f"{given:g}" if given == value else f"{given:g}, that is {value:.4g} {self.unit}"


def follow_up(
    sheet: pd.DataFrame,
    unit: str,
    problems: Problems,
    *,
    which: np.ndarray | None = None,
    names: Mapping[str, str] = COLUMNS,
) -> FollowUp:
    """Return the follow-up of each row in a unit.

    A time in the unit asked for is taken before one that has to be converted. Times of one row in
    several units must agree apart from rounding.
    """
    looked_at = np.ones(len(sheet), dtype=bool) if which is None else which
    size = len(sheet)
    blank = np.full((3, size), np.nan)
    time = FollowUp(unit, blank[0], blank[1], [""] * size, blank[2])
    for one in [unit, *(other for other in UNITS if other != unit)]:
        if names[one] not in sheet:
            continue
        given, bad = read_numbers(sheet[names[one]])
        problems.add(f"{names[one]} must be a number", sheet[names[one]], bad & looked_at)
        given = np.where(looked_at, given, np.nan)
        by = UNITS[one] / UNITS[unit]
        half = half_units(given) * by
        for row in np.flatnonzero(np.abs(given * by - time.length) > half + time.half).tolist():
            problems.add_row(
                row,
                f"{time.column[row]} = {time.given[row]:g} and {names[one]} = {given[row]:g} are "
                "not one time",
            )
        for row in np.flatnonzero(np.isnan(time.length) & ~np.isnan(given)).tolist():
            time.length[row], time.half[row] = given[row] * by, half[row]
            time.column[row], time.given[row] = names[one], given[row]
    return time


def place(values: np.ndarray, windows: Sequence[Window]) -> np.ndarray:
    """Return the position of the window in which each follow-up lies, -1 for none.

    Parameters
    ----------
    values : ndarray of float
        Follow-up, in the unit of the windows; NaN where it is not known.
    windows : sequence of Window
        In one unit and without overlap; `Window` says where each ends.

    Examples
    --------
    >>> windows = [Window("short", months=(0, 3)), Window("medium", months=(4, 6))]
    >>> place(np.array([3, 3.45, 4, 6, 6.5, np.nan]), windows).tolist()
    [0, 0, 1, 1, -1, -1]
    """
    at = np.full(len(values), -1)
    order = sorted(range(len(windows)), key=lambda one: windows[one].limits)
    for one, after in zip(order, [*order[1:], None], strict=True):
        first, last = windows[one].limits
        ends = math.inf if after is None else windows[after].limits[0]
        inside = values < ends if ends - last <= 1 else values <= last
        at[(values >= first) & inside] = one
    return at


def listed_windows(windows: Iterable[Window]) -> str:
    """Return windows in words, for messages.

    Examples
    --------
    >>> listed_windows([Window("short", weeks=(0, 12)), Window("long", weeks=(13, None))])
    "'short' 0 to 12, 'long' 13 and more"
    """
    spans = ((one.id, *one.limits) for one in windows)
    return ", ".join(
        f"{name!r} {first:g} and more" if math.isinf(last) else f"{name!r} {first:g} to {last:g}"
        for name, first, last in spans
    )


def declared_windows(
    windows: Mapping[str, tuple[float, float]] | Outcome | Sequence[Window],
) -> tuple[Window, ...]:
    """Return windows as an outcome declares them, which checks them."""
    if isinstance(windows, Outcome):
        if not windows.windows:
            raise DataError(f"windows: outcome {windows.id!r} declares none.")
        return windows.windows
    try:
        given = (
            [Window(name, months=limits) for name, limits in windows.items()]
            if isinstance(windows, Mapping)
            else windows
        )
        return Outcome("windows", windows=tuple(given)).windows
    except DataError as error:
        raise DataError(str(error).replace("outcome 'windows'", "windows")) from None
