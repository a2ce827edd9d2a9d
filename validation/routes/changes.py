"""Sheets changed in ways of which the consequence is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.measures import MEASURES

UNEVEN = ("smd1", "smd1h")
"""Measures that treat one arm differently: exchanging the arms changes more than the sign."""

TURNED = ("t", "sign", "z_mw", "r_pb", "b", "beta", "o_minus_e", "yi")
"""Columns whose sign says which arm has more."""

IN_UNITS = ("mean", "sd", "se", "ci_low", "ci_high", "median", "q1", "q3", "b", "geo_mean")
"""Columns in units of the outcome, by stem."""

UNITLESS = ("smd", "rom", "cvr", "vr", "smcc", "smcr", "romc", "or", "standardised_mean", "log_cv")


def exchanged(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the sheet with treatment as control, and after as before where there is one group."""
    other = {"t": "c", "c": "t"}
    result = table.rename(
        columns={
            name: f"{name[:-1]}{other[name[-1]]}"
            for name in table.columns
            if name.endswith(("_t", "_c"))
        }
    )
    for name in TURNED:
        if name in result:
            result[name] = -result[name]
    if "effect" in result:
        is_ratio = _prints_ratio(table)
        ends = {"effect": "effect", "ci_low": "ci_high", "ci_high": "ci_low"}
        before = {name: result[name].to_numpy() for name in ends if name in result}
        for name in before:
            value = before[ends[name]]
            result[name] = np.where(is_ratio, 1 / value, -value)
    if "r" in result:
        itself = result["route"] == "correlation"
        result["r"] = result["r"].where(~itself, -result["r"])
    times = [("mean_pre", "mean_post")]
    if measure not in ("smcr", "smcrh"):  # always in SDs before
        times.append(("sd_pre", "sd_post"))
    for before_, after in times:
        if {before_, after} <= set(result):
            result = result.rename(columns={before_: after, after: before_})
    if "mean_change" in result:
        result["mean_change"] = -result["mean_change"]
    return result


def scaled(table: pd.DataFrame, by: np.ndarray) -> pd.DataFrame:
    """Return the sheet with scores in other units; printed effects without units are left."""
    result = table.copy()
    if "effect" in table:
        without = table["effect"].notna() & ~table["effect_type"].isin(["md", "mean_change"])
        by = np.where(without, 1.0, by)
        result["effect"] = table["effect"] * by
    for name in table.columns:
        stem = name.removesuffix("_t").removesuffix("_c")
        if (stem.startswith(("mean", "sd")) and stem != "sd_log") or stem in IN_UNITS:
            result[name] = table[name] * by
    return result


def _prints_ratio(table: pd.DataFrame) -> np.ndarray:
    scales = table["effect_type"].map(lambda one: getattr(MEASURES.get(one), "scale", ""))
    return (scales == "log").to_numpy()
