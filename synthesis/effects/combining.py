"""Treatment arms that share a control, combined into one arm: every cell, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from synthesis.effects.arm_names import arm_names, joined
from synthesis.effects.formulas.designs import combine_all
from synthesis.effects.rows.workings import Workings
from synthesis.effects.shared_controls import CELLS
from synthesis.effects.sheet.columns import CATEGORIES, IDENTITY, NUMERIC
from synthesis.effects.sheet.numbers import is_number
from synthesis.effects.sheet.problems import Problems
from synthesis.labels import read_labels

MOMENTS = (
    ("mean_t", "sd_t"),
    ("mean_pre_t", "sd_pre_t"),
    ("mean_change_t", "sd_change_t"),
)
"""The means of an arm, each with its SD: after, before, and of the change."""

ON_LOGARITHMS = ("geo_mean_t", "sd_log_t")
"""Moments of logarithms, which are left out of a combined arm."""

ARM = tuple(name for name in NUMERIC if name.endswith("_t"))
"""The columns that describe a treatment arm."""

OF_ONE_COMPARISON = (
    *("effect", "se", "ci_low", "ci_high", "effect_type", "t", "f", "chi2", "p", "r_pb"),
    *("b", "beta", "sd_y", "yi", "vi", "sei", "receipt", "flipped", "reason"),
    *("sign", "favours"),
)
"""What compares one arm with the control: left out, since it does not hold for all arms."""

MUST_AGREE = ("direction", "icc", "cluster_size", "cluster_adjusted", "route", "ci_level")
"""Columns that say how the row is analysed: with two answers there is no combined row."""

FIRST_OF = ("line", "effect_id", "effect_in_study", "esid")
"""Columns that only name a row: the combined row keeps the first name."""

SAID = ("prepared", "arms_combined", "combined_from")
"""Columns that say how the row was prepared."""

JOINED = ("comparison", "arm")
"""Columns that name the arms."""

_CLOSE = 0.01
"""How far two descriptions of one control arm may be apart, relative to their size."""


def combined(workings: Workings, rows: Sequence[int], problems: Problems) -> dict[str, Any]:
    """Return the cells in which the row of the combined arm differs from the first of its rows.

    Every cell of an arm is completed as the routes do it before arms are combined: SDs from
    standard errors, intervals and quartiles, events from percentages, changes from the moments
    before and after. What only some of the arms have cannot be combined and is refused.

    Parameters
    ----------
    workings : Workings
        The sheet, its arms completed.
    rows : sequence of int
        Positions of the rows that share a control arm.
    problems : Problems
        Collects what is said about rows that cannot be combined.

    Returns
    -------
    dict
        New cells by column; empty if there is a problem.
    """
    before = len(problems)
    sheet = workings.sheet.iloc[list(rows)]
    names = arm_names(sheet)
    if len(set(names)) < len(names) and sheet[_numeric(sheet)].duplicated().any():
        problems.add_row(
            rows[0],
            "two rows hold the same numbers",
            "remove one of them or, if they are two arms, name these in the column 'comparison'",
        )
        return {}
    arm = _arm(workings, rows, names, problems)
    used = [name for name, value in arm.items() if not np.isnan(value)]
    cells: dict[str, Any] = {
        **dict.fromkeys((name for name in ARM if name in sheet), np.nan),
        **arm,
    }
    cells |= _control(workings, rows, names, problems)
    cells |= _correlation(workings, rows, problems)
    for name in ("n_total", "n"):
        if name in sheet and (sheet[name].to_numpy(float) == _totals(workings, rows)).all():
            cells[name] = cells.get("n_t", np.nan) + cells.get("n_c", np.nan)
    left_out = [name for name in OF_ONE_COMPARISON if name in sheet and _filled(sheet[name]).any()]
    left_out += [
        name
        for pair in MOMENTS
        for name in pair
        if name not in used and name in sheet and sheet[name].notna().any()
    ]
    left_out += [name for name in ON_LOGARITHMS if name in sheet and sheet[name].notna().any()]
    for name in OF_ONE_COMPARISON:
        if name in sheet:
            cells[name] = np.nan if name in NUMERIC else None
    cells |= _others(sheet, rows, cells, left_out, problems)
    if len(problems) > before:
        return {}
    arms, derived, guessed = _steps(workings, rows, names, used)
    said = [*guessed]
    if left_out:
        said.append(
            "left out, as the arms differ in it or it compares one of them with the control: "
            + ", ".join(left_out)
        )
    return {
        **cells,
        "prepared": "; ".join(said),
        "arms_combined": joined(names),
        "combined_from": "; ".join([f"arms combined: {arms}", *derived]),
    }


def _arm(
    workings: Workings, rows: Sequence[int], names: Sequence[str], problems: Problems
) -> dict[str, float]:
    """Return the cells of the combined treatment arm."""
    at = np.array(rows)
    known = {name: ~np.isnan(workings[name][at]) for name in ARM}
    has_all = {name: bool(which.all()) for name, which in known.items()}
    # An arm with before and after and one with changes have the change in common.
    by_change = has_all["mean_change_t"] and has_all["sd_change_t"]
    by_change &= bool(known["mean_t"].any()) and not has_all["mean_t"]
    single = [name for pair in MOMENTS for name in pair]
    entered = [name for name in CATEGORIES["t"] if not np.isnan(workings.entered(name)[at]).all()]
    counted = ("events_t", "time_t", *entered)
    needed = [*single, *counted, "n_t"]
    if by_change:
        needed = [name for name in needed if name not in single[:4]]
    begun = [name for name in needed if known[name].any()]
    if not set(begun) - {"n_t", "time_t"}:
        problems.add_row(
            rows[0],
            "arms that share a control cannot be combined",
            "they need means, changes, events, percentages or categories of each arm; combine them "
            "by hand or keep one of them, or use shared_control_covariance",
        )
        return {}
    for name in begun:
        for lacking in np.flatnonzero(~known[name]).tolist():
            other = names[int(np.flatnonzero(known[name])[0])]
            hints = workings.hints_of(rows[lacking])
            problems.add_row(
                rows[lacking],
                f"{name} is known for arm {other!r} but not for arm {names[lacking]!r}",
                "; ".join([*hints, "fill it in to combine the arms, or blank it for all of them"]),
            )
    cells: dict[str, float] = {}
    n = workings["n_t"][at]
    if has_all["n_t"]:
        cells["n_t"] = float(n.sum())
    elif "n_t" not in begun and not (
        (has_all["events_t"] and has_all["time_t"]) or has_all[CATEGORIES["t"][0]]
    ):
        problems.add_row(
            rows[0],
            "n_t of each arm is needed to combine arms",
            "the arms of a crossover trial are the same people, and cannot be combined like this",
        )
    for mean, sd in MOMENTS:
        if mean in begun:
            cells[mean], cells[sd] = combine_all(workings[mean][at], workings[sd][at], n)
        elif sd in begun:
            problems.add_row(
                rows[0],
                f"{sd} of several arms cannot be combined without {mean}",
                "the SD of the combined arm depends on how far their means are apart",
            )
    for name in counted:
        if name in begun:
            cells[name] = float(workings[name][at].sum())
    return cells


def _totals(workings: Workings, rows: Sequence[int]) -> np.ndarray:
    return np.asarray((workings["n_t"] + workings["n_c"])[list(rows)])


def _control(
    workings: Workings, rows: Sequence[int], names: Sequence[str], problems: Problems
) -> dict[str, float]:
    """Return the cells of the control, each from the first row that fills it in."""
    sheet, at = workings.sheet.iloc[list(rows)], np.array(rows)
    for name in ("mean_c", "sd_c", "sd_pre_c", "events_c"):
        values = workings[name][at]
        spread = np.nanmax(values) - np.nanmin(values) if (~np.isnan(values)).any() else 0
        if spread > _CLOSE * np.nanmax(np.abs(values), initial=0):
            low, high = (names[int(find(values))] for find in (np.nanargmin, np.nanargmax))
            problems.add_row(
                rows[0],
                f"the cells of the shared control give {name} = {np.nanmin(values):.4g} in the row "
                f"of {low!r} and {np.nanmax(values):.4g} in the row of {high!r}",
                "leave in one of them only what is right",
            )
    return {
        name: float(sheet[name].dropna().iloc[0]) if sheet[name].notna().any() else np.nan
        for name in CELLS
        if name in sheet
    }


def _correlation(workings: Workings, rows: Sequence[int], problems: Problems) -> dict[str, float]:
    """Return the pre-post correlation, which a row has once for treatment and control."""
    sheet = workings.sheet.iloc[list(rows)]
    if "r" not in sheet:
        return {}
    given = sheet["r"].dropna().unique()
    if given.size < 2:
        return {"r": float(given[0]) if given.size else np.nan}
    if "sd_change_c" not in sheet or sheet["sd_change_c"].isna().all():
        listed = " and ".join(f"{value:g}" for value in given)
        problems.add_row(
            rows[0],
            f"r of the rows that share a control differs ({listed})",
            "r applies to the control too, which has one; write the same r, or fill in sd_change_c",
        )
    # Later, r follows from the three SDs of the combined arm.
    return {"r": np.nan}


def _others(
    sheet: pd.DataFrame,
    rows: Sequence[int],
    cells: dict[str, Any],
    left_out: list[str],
    problems: Problems,
) -> dict[str, Any]:
    """Return all other columns whose cells differ: joined, left blank, or refused."""
    new: dict[str, Any] = {}
    for name in sheet.columns:
        if name in cells or name in (
            "study",
            "prepared",
            "arms_combined",
            "combined_from",
            *FIRST_OF,
        ):
            continue
        if name in JOINED:
            new[name] = joined(read_labels(sheet[name])) or None
            continue
        labels = dict.fromkeys(read_labels(sheet[name].astype(object)))
        distinct = list(filter(None, labels))
        if name in MUST_AGREE and len(labels) > 1:
            problems.add_row(
                rows[0],
                f"{name} of rows whose arms are combined must be the same; got "
                f"{' and '.join(label or 'a blank' for label in labels)}",
            )
        elif len(distinct) > 1 and (name in NUMERIC or is_number(sheet[name])):
            new[name] = np.nan
            left_out.append(name)
        elif len(distinct) > 1:
            new[name] = " + ".join(distinct)
        elif distinct:
            new[name] = sheet[name][_filled(sheet[name])].iloc[0]
    return new


def _steps(
    workings: Workings, rows: Sequence[int], names: Sequence[str], used: Sequence[str]
) -> tuple[str, list[str], list[str]]:
    """Say from which cells arms were combined, and which of them were derived or guessed, how."""
    arms, derived, guessed = [], [], []
    for row, name in zip(rows, names, strict=True):
        for basis in workings.bases(np.array([row]), used):
            inputs = (f"{column} = {workings[column][row]:.10g}" for column in basis.inputs)
            arms.append(f"{name} ({', '.join(inputs)})")
            derived += [step.note for step in basis.steps if not step.is_guess]
            guessed += [step.note for step in basis.steps if step.is_guess]
    return " + ".join(arms), [*dict.fromkeys(derived)], [*dict.fromkeys(guessed)]


def _filled(cells: pd.Series) -> np.ndarray:
    return np.array([bool(one) for one in cells.notna() & (cells.astype(object) != "")])


def _numeric(sheet: pd.DataFrame) -> list[str]:
    return [name for name in NUMERIC if name in sheet and name not in IDENTITY]
