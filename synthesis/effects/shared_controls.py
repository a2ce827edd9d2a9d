"""Which rows of a study share a control arm, and how many people of it each row may count.

Everything that needs to know this asks here: the lint, `shared_control`, the covariances, the
models and the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.effects.formulas.printed_numbers import half_units
from synthesis.effects.sheet.columns import CATEGORIES, COUNT, NUMERIC, SIZE, WHAT_AND_WHEN
from synthesis.labels import read_labels, with_labels

APART = ("study", *WHAT_AND_WHEN)
"""Columns in which rows that share a control arm agree."""

AGAINST = re.compile(r"\s+(v|v\.|vs|vs\.|versus)\s+(\S.*)$", re.IGNORECASE)
"""What stands between treatment and control in the name of a comparison, and the control."""

PEOPLE = "subgroup"
"""The column that says of which people a row is: another subgroup is never the same arm."""

CELLS = tuple(name for name in NUMERIC if name.endswith("_c"))
"""The columns that describe a control arm."""

RESULTS = (
    tuple(
        f"{stem}_c"
        for stem in ("mean", "mean_change", "mean_pre", "median", "geo_mean", "events", "percent")
    )
    + CATEGORIES["c"]
)
"""Those without which nothing is known of an arm but its size and spread."""

DIVIDED = ("n_c", "events_c", "time_c", *CATEGORIES["c"])
"""The columns that are divided where a control arm is divided among rows."""


class Controls(NamedTuple):
    """The control arm of each row: a number for the arm, and whether other rows share it."""

    number: np.ndarray
    shares: np.ndarray


class Near(NamedTuple):
    """Two rows whose control arms differ by no more than rounding, and the columns that differ."""

    row: int
    other: int
    columns: tuple[str, ...]


def controls(table: pd.DataFrame) -> Controls:
    """Return which rows of a sheet, or of effects, share a control arm.

    Two rows share a control if they agree in study, outcome, instrument, time and subgroup, and
    in every cell of the control that both fill in, sizes included; at least one of these cells
    must be a mean, change, median, number of events or percentage, or both rows must give the size
    and name the control in `comparison`, as in "cbt v usual care". A cell that only one of the
    rows fills in does not tell them apart. Rows of different subgroups are different people.

    A control arm that is already divided (`control_shares` above 1) is shared no longer: the
    effects count each person once, and are treated as independent.

    Parameters
    ----------
    table : DataFrame
        A sheet, or what `effect_sizes` returned: a column `study`, and any of the columns of the
        arms.

    Returns
    -------
    Controls
        `number`, shape (rows,): equal for rows with the same control arm; `shares`, shape
        (rows,): whether another row has it too.

    Raises
    ------
    DataError
        If the table has no column `study`.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "A", "B"], "n_c": [30, 30, 30],
    ...     "mean_change_t": [3.0, 4.0, 3.0], "mean_change_c": [1.0, 1.0, 1.0]})
    >>> controls(sheet).number.tolist(), controls(sheet).shares.tolist()
    ([0, 0, 2], [True, True, False])
    """
    number = np.arange(len(table))
    cells, names = _cells(table), control_names(table)
    has_size = ~np.isnan(cells[:, _SIZE])
    named = np.array([bool(name) for name in names], dtype=bool) & has_size
    open_to_sharing = (~np.isnan(cells[:, _RESULT]).all(axis=1) | named) & ~is_divided(table)
    for rows in _groups(table, open_to_sharing):
        arms: list[tuple[int, np.ndarray]] = []
        for row in rows:
            for at, (first, known) in enumerate(arms):
                by_name = bool(named[row]) and names[row] == names[first]
                if _agree(known, cells[row], by_name=by_name):
                    number[row] = first
                    arms[at] = (first, np.where(np.isnan(known), cells[row], known))
                    break
            else:
                arms.append((row, cells[row]))
    return Controls(number, np.bincount(number, minlength=len(table))[number] > 1)


def control_names(table: pd.DataFrame) -> list[str]:
    """Return the control that each row names in `comparison`, as in "cbt v usual care".

    Examples
    --------
    >>> control_names(pd.DataFrame({"comparison": ["cbt v usual care", "cbt"]}))
    ['usual care', '']
    """
    if "comparison" not in table:
        return [""] * len(table)
    found = (AGAINST.search(one) for one in read_labels(table["comparison"]))
    return [one.group(2).lower() if one else "" for one in found]


def same_size_alone(table: pd.DataFrame) -> np.ndarray:
    """Return which rows say nothing of their control but a size that another such row has too."""
    cells, number = _cells(table), controls(table).number
    only_size = np.isnan(cells[:, _RESULT]).all(axis=1) & ~np.isnan(cells[:, _SIZE])
    found = np.zeros(len(table), dtype=bool)
    for rows in _groups(table, only_size & ~is_divided(table)):
        sizes, own = cells[rows, _SIZE], number[rows]
        alike = (sizes[:, None] == sizes) & (own[:, None] != own)
        found[rows] = alike.any(axis=1)
    return found


def nearly_shared(table: pd.DataFrame) -> list[Near]:
    """Return rows of one study and subgroup whose control arms differ by rounding alone.

    Such as 18 and 18.04 with the same number of people: one arm copied from two tables of a
    paper, or two arms. No program can tell. Two results or a result and an SD must be compared,
    since one number alone agrees by chance.
    """
    cells = _cells(table)
    number, _ = controls(table)
    half = np.column_stack([half_units(cells[:, at]) for at in range(len(CELLS))])
    exact = np.array([NUMERIC[name].kind in (COUNT, SIZE) for name in CELLS])
    found = []
    for rows in _groups(table, ~is_divided(table)):
        for place, row in enumerate(rows):
            for other in rows[:place]:
                if number[row] == number[other]:
                    continue
                both = ~np.isnan(cells[row]) & ~np.isnan(cells[other])
                apart = np.abs(cells[row] - cells[other])
                allowed = np.where(exact, 0, np.maximum(half[row], half[other]))
                close = not (both & (apart > allowed)).any()
                if close and (both & _RESULT).any() and (both & ~_SIZES).sum() > 1:
                    differ = tuple(np.array(CELLS)[both & (apart > 0)].tolist())
                    found.append(Near(row, other, differ))
                    break
    return found


def in_two_subgroups(table: pd.DataFrame) -> list[tuple[int, int]]:
    """Return rows whose control arm has the same cells as a row of another subgroup."""
    if PEOPLE not in table:
        return []
    complete = ~np.isnan(_cells(table)[:, _SIZE])
    own, _ = controls(table)
    whole, shares = controls(table.drop(columns=PEOPLE))
    pairs = []
    for row in np.flatnonzero(shares & complete).tolist():
        others = np.flatnonzero((whole == whole[row]) & (own != own[row]) & complete)
        if others.size:
            pairs.append((row, int(others[0])))
    return pairs


def shared_treatments(table: pd.DataFrame) -> np.ndarray:
    """Return which rows have the treatment arm of another row, against another control."""
    own = {f"{name[:-2]}_t": name for name in CELLS if name != "control_shares"}
    kept = table[[name for name in (*APART, PEOPLE, *own) if name in table]]
    number, shares = controls(kept.rename(columns=own))
    control = controls(table).number
    others = pd.Series(control).groupby(number).transform("nunique").to_numpy()
    return np.asarray(shares & (others > 1))


def is_divided(table: pd.DataFrame) -> np.ndarray:
    """Return which rows count only their share of a control arm."""
    return np.asarray(_numbers(table, "control_shares") > 1)


def divided(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose control arms are those that the effects were computed from.

    Where a control arm is divided among rows (`control_shares`), its people, events and
    person-time are divided here, so that sums over the rows count everybody once.

    Parameters
    ----------
    table : DataFrame
        A sheet or effects; it is not changed.

    Examples
    --------
    >>> rows = pd.DataFrame({"study": ["A", "A"], "n_c": [50, 50], "control_shares": [2, 2]})
    >>> divided(rows)["n_c"].tolist()
    [25.0, 25.0]
    """
    by = divisors(table)
    if (by == 1).all():
        return table
    new = {name: _numbers(table, name) / by for name in DIVIDED if name in table}
    if "n_t" in table and "n_c" in table:
        n_t, n_c = _numbers(table, "n_t"), _numbers(table, "n_c")
        for name in ("n", "n_total"):
            if name in table:
                total = _numbers(table, name)
                new[name] = np.where(total == n_t + n_c, n_t + n_c / by, total)
    return table.assign(**new)


def divisors(table: pd.DataFrame) -> np.ndarray:
    """Return among how many rows the control arm of each row is divided; 1 where it is not."""
    return np.where(is_divided(table), _numbers(table, "control_shares"), 1.0)


_RESULT = np.array([name in RESULTS for name in CELLS])
_SIZE = CELLS.index("n_c")
_SIZES = np.array([name in ("n_c", "time_c") for name in CELLS])


def _numbers(table: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as numbers, NaN where it has none or the table lacks it."""
    if name not in table:
        return np.full(len(table), np.nan)
    return checks.as_numbers(table[name])


def _cells(table: pd.DataFrame) -> np.ndarray:
    """Return the cells of the control, shape (rows, len(CELLS)); percentages as events too."""
    cells = {name: _numbers(table, name) for name in CELLS}
    with np.errstate(invalid="ignore"):
        counted = np.round(cells["percent_c"] / 100 * cells["n_c"])
    cells["events_c"] = np.where(np.isnan(cells["events_c"]), counted, cells["events_c"])
    return np.column_stack([cells[name] for name in CELLS])


def _groups(table: pd.DataFrame, which: np.ndarray) -> Iterator[list[int]]:
    """Yield the positions of rows that may share a control: where there are two or more."""
    checks.column(table, "study", "table")
    agree = [name for name in (*APART, PEOPLE) if name in table]
    named = with_labels(table[agree].reset_index(drop=True), agree)
    group = named.groupby(agree, dropna=False, sort=False, observed=True).ngroup().to_numpy()
    order = np.flatnonzero(which)
    order = order[np.argsort(group[order], kind="stable")]
    for rows in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        if rows.size > 1:
            yield rows.tolist()


def _agree(one: np.ndarray, other: np.ndarray, *, by_name: bool) -> bool:
    """Say whether two arms are the same by every cell that both have, a result among them.

    Of two controls with one name, the size is enough.
    """
    both = ~np.isnan(one) & ~np.isnan(other)
    same = np.isclose(one[both], other[both], rtol=1e-9, atol=0)
    enough = (both & _RESULT).any() or (by_name and both[_SIZE])
    return bool(enough and same.all())
