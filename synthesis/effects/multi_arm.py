"""Trials of several arms, compared with one control."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.effects.designs import combine_arms
from synthesis.effects.sheet import checked

CONTROL_RULES = {
    "combine": "the arms that share the control combined into one (Cochrane Handbook 23.3.4)",
    "split": "the control's people divided among the rows that share it: a part of the "
    "dependence remains (Cochrane Handbook 23.3.4)",
}
"""What is done about rows that share a control arm, by option name."""

APART = ("study", "outcome", "scale", "window", "timepoint", "timepoint_months")
"""Columns in which rows that share a control arm agree."""


def shared_control(sheet: pd.DataFrame, *, rule: str = "combine") -> pd.DataFrame:
    """Prepare rows that compare several arms with one control arm.

    Rows share a control if they agree in study, outcome and time and in every cell of the
    control. What is done stands in the column `prepared`, and so in the receipts.

    Parameters
    ----------
    sheet : DataFrame
        The extraction sheet, with means or counts by arm.
    rule : str
        ``"combine"`` the treatment arms, which is recommended, or ``"split"`` the control.

    Returns
    -------
    DataFrame
        With one row for the rows combined, or as many rows as before with `control_shares`.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "comparison": ["low", "high"],
    ...     "events_t": [4, 6], "n_t": [20, 20], "events_c": [9, 9], "n_c": [20, 20]})
    >>> shared_control(sheet)[["comparison", "events_t", "n_t", "events_c"]].values.tolist()
    [['low + high', 10.0, 40.0, 9.0]]
    """
    checks.option("rule", rule, list(CONTROL_RULES))
    result = checked(sheet)
    same = [name for name in (*APART, "mean_c", "sd_c", "n_c", "events_c") if name in result]
    has_control = result[[name for name in ("mean_c", "events_c") if name in result]].notna()
    group = result.groupby(same, dropna=False, sort=False)["study"]
    size = np.where(has_control.any(axis=1), group.transform("size"), 1)
    shares = size > 1
    result["prepared"] = np.where(shares, CONTROL_RULES[rule], "")
    if rule == "split":
        result["control_shares"] = np.where(shares, size, np.nan)
        return result
    number = group.ngroup().to_numpy()
    merged = [_merged(result[number == at]) for at in np.unique(number[shares])]
    return pd.concat([result[~shares], *merged]).sort_index()


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for the treatment arms of several."""
    one = rows.iloc[[0]].copy()
    if "comparison" in rows:
        one["comparison"] = " + ".join(rows["comparison"].astype(str))
    arms = [name for name in ("mean_t", "sd_t", "n_t") if name in rows]
    if len(arms) == 3 and rows[arms].notna().all(axis=None):
        mean, sd, n = (rows[name].to_numpy(float)[:1] for name in arms)
        for at in range(1, len(rows)):
            arm = (rows[name].to_numpy(float)[at : at + 1] for name in arms)
            mean, sd, n = combine_arms(mean, sd, n, *arm)
        one["mean_t"], one["sd_t"], one["n_t"] = mean, sd, n
    if "events_t" in rows and rows["events_t"].notna().all():
        one["events_t"], one["n_t"] = rows["events_t"].sum(), rows["n_t"].sum()
    return one
