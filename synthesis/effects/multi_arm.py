"""Trials with several arms that are compared with one control: the sheet prepared for pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from arrowroot.options import one_of
from synthesis.effects.combining import combined
from synthesis.effects.lint.findings import waivers
from synthesis.effects.routes.clusters import GIVEN
from synthesis.effects.rows.completion import complete_arms
from synthesis.effects.rows.workings import Workings
from synthesis.effects.shared_controls import Near, controls, nearly_shared
from synthesis.effects.sheet.columns import CATEGORIES, NUMERIC
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.reading import checked

CONTROL_RULES = {
    "combine": "the arms that share the control combined into one (Cochrane Handbook 23.3.4)",
    "split": "the control's people divided among the rows that share it: a part of the "
    "dependence remains (Cochrane Handbook 23.3.4)",
}
"""What is done about rows that share a control arm, by option name."""

_DIVISIBLE = ("mean_c", "mean_change_c", "median_c", "events_c", "percent_c", *CATEGORIES["c"])
"""What is measured in a control arm, at least one of which is needed to divide it."""

LEAST = 2
"""The least number of people in an arm, also of a control that was divided."""


def shared_control(sheet: pd.DataFrame, *, rule: str = "combine") -> pd.DataFrame:
    """Prepare rows that compare several arms with one control arm.

    Two rows share a control if they agree in study, outcome, instrument, time and subgroup and in
    every cell of the control that both fill in, whatever it is given by: means, changes, medians,
    counts, percentages or person-time (`synthesis.effects.shared_controls.controls`). What was
    done is recorded in the columns `prepared`, `arms_combined` and `combined_from`, and so in the
    receipts and under the figures. Do this before rows are chosen (`choose_rows`), which would drop
    arms.

    ``"combine"`` completes the cells of each arm first, as `effect_sizes` does (SDs from standard
    errors, intervals or quartiles; events from percentages; changes from before and after), and
    then combines all that is known of the arms: means, SDs, baselines, changes, events and
    person-time, by the formulas of the Cochrane Handbook (6.5.2.10). What compares one arm with
    the control (printed effects, t, p) is left out. Columns of your own in which the arms differ
    are joined if they are text, and left blank if they are numbers.

    ``"split"`` writes the number of rows that share a control into `control_shares`; effects are
    then computed from that part of its people, events and person-time.

    Parameters
    ----------
    sheet : DataFrame
        The extraction sheet, with what was measured in each arm.
    rule : {"combine", "split"}
        ``"combine"`` the treatment arms, which is recommended, or ``"split"`` the control.

    Returns
    -------
    DataFrame
        With one row for the rows combined, or as many rows as before with `control_shares`.

    Raises
    ------
    DataError
        If arms cannot be combined: something is known of some of them only, the rows disagree in
        how they are analysed (`direction`, `icc`, `cluster_size`, `route`, `r`), or hold the same
        numbers under the same name; if the control is too small to be divided; or if two control
        arms differ by rounding alone, so that they may be one. The message names study and column.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "comparison": ["low", "high"],
    ...     "events_t": [4, 6], "n_t": [20, 20], "events_c": [9, 9], "n_c": [20, 20]})
    >>> shared_control(sheet)[["comparison", "events_t", "n_t", "events_c"]].values.tolist()
    [['low + high', 10.0, 40.0, 9.0]]
    """
    one_of("rule", rule, list(CONTROL_RULES))
    result = checked(sheet)
    number, shares = controls(result)
    problems = Problems(result)
    _refuse_near(result, problems)
    before = result["prepared"].astype("string").fillna("") if "prepared" in result else ""
    said = np.where(shares, CONTROL_RULES[rule], "")
    result["prepared"] = _both(pd.Series(before, index=result.index), said)
    if rule == "split":
        return _split(result, number, shares, problems)
    for name in ("arms_combined", "combined_from"):
        earlier = result[name] if name in result else pd.Series("", index=result.index)
        result[name] = earlier.astype(object)
    if "receipt" in result and "route" in result:
        # The route of an effect that was computed is a result, not the reviewer's choice.
        computed = shares & ~result["route"].isin(GIVEN).to_numpy()
        result["route"] = result["route"].astype(object).where(~computed, None)
    workings = Workings(result)
    complete_arms(workings)
    kept = np.ones(len(result), dtype=bool)
    changes: dict[int, dict[str, Any]] = {}
    for at in np.unique(number[shares]).tolist():
        rows = np.flatnonzero(number == at).tolist()
        changes[rows[0]] = combined(workings, rows, problems)
        kept[rows[1:]] = False
    problems.raise_any()
    return _with(result, changes)[kept]


def _split(
    result: pd.DataFrame, number: np.ndarray, shares: np.ndarray, problems: Problems
) -> pd.DataFrame:
    """Write among how many rows each control arm is divided."""
    size = np.bincount(number, minlength=len(result))[number]
    earlier = result.get("control_shares", pd.Series(np.nan, index=result.index))
    result["control_shares"] = np.where(shares, size, earlier.to_numpy(float))
    divisible = np.any([result[name].notna() for name in _DIVISIBLE if name in result], axis=0)
    for row in np.flatnonzero(shares & ~divisible).tolist():
        problems.add_row(
            row,
            "a control that is shared cannot be divided",
            "the row holds no means, changes, medians, events, percentages or categories of the "
            "control; use shared_control_covariance, or keep one of the rows",
        )
    n = result["n_c"].to_numpy(float) if "n_c" in result else np.full(len(result), np.nan)
    for row in np.flatnonzero(shares & (n / size < LEAST)).tolist():
        problems.add_row(row, f"n_c = {n[row]:g} is too small to be divided among {size[row]} rows")
    problems.raise_any("Combine the arms, where it is possible: rule='combine'.")
    return result


def undecided(sheet: pd.DataFrame) -> list[Near]:
    """Return control arms that may be one, but for rounding, where no reviewer has said so."""
    waived = [set(ids) for ids in waivers(sheet)]
    return [
        near
        for near in nearly_shared(sheet)
        if "nearly-shared-control" not in waived[near.row] | waived[near.other]
    ]


def _refuse_near(sheet: pd.DataFrame, problems: Problems) -> None:
    for row, other, columns in undecided(sheet):
        cells = "; ".join(
            f"{name} = {sheet[name].iloc[other]:g} and {sheet[name].iloc[row]:g}"
            for name in columns
        )
        problems.add_row(
            row,
            "the control arms of two rows differ by rounding alone",
            f"{cells}. If they are one arm, write the same numbers in both rows; if they are "
            "not, waive the finding 'nearly-shared-control'",
        )


def _both(before: pd.Series, said: np.ndarray) -> list[str]:
    return ["; ".join(filter(None, pair)) for pair in zip(before.tolist(), said, strict=True)]


def _with(result: pd.DataFrame, changes: dict[int, dict[str, Any]]) -> pd.DataFrame:
    """Return the table with new cells in some rows; what was said before stays before it."""
    for name in dict.fromkeys(name for new in changes.values() for name in new):
        cells = result[name].tolist() if name in result else [np.nan] * len(result)
        for row, new in changes.items():
            if name == "prepared":
                cells[row] = "; ".join(text for text in (str(cells[row]), str(new[name])) if text)
            elif name in new:
                cells[row] = new[name]
        kind = float if name in NUMERIC else None if _numbers_only(cells) else object
        result[name] = pd.Series(cells, index=result.index, dtype=kind)
    return result


def _numbers_only(cells: list[Any]) -> bool:
    return all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in cells)
