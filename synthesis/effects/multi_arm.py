"""Trials with several arms that are compared with one control."""

from __future__ import annotations

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from synthesis import checks
from synthesis.effects.formulas.designs import combine_arms
from synthesis.effects.sheet.reading import checked
from synthesis.labels import read_labels, with_labels

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
    control. What was done is recorded in the column `prepared`, and so in the receipts.

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
    one_of("rule", rule, list(CONTROL_RULES))
    result = checked(sheet)
    number, shares = _controls(result)
    result["prepared"] = np.where(shares, CONTROL_RULES[rule], "")
    if rule == "split":
        size = pd.Series(number).groupby(number).transform("size").to_numpy()
        result["control_shares"] = np.where(shares, size, np.nan)
        return result
    merged = [_merged(result[number == at]) for at in np.unique(number[shares])]
    return pd.concat([result[~shares], *merged]).sort_index()


def _merged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row for several treatment arms combined."""
    one = rows.iloc[[0]].copy()
    if "comparison" in rows:
        one["comparison"] = " + ".join(read_labels(rows["comparison"]))
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


def shared_control_covariance(es: pd.DataFrame) -> pd.DataFrame:
    """Return the covariance matrix of effects that share control arms, for a multivariate model.

    Two rows share a control as in `shared_control`. Their covariance is the variance of what
    they share: sd²/n of the control for mean differences, 1/e − 1/n for log risk ratios,
    1/e + 1/(n−e) for log odds ratios, p(1−p)/n for risk differences (Franchini et al. 2012), and
    1/n + g_i·g_j/(2N) for standardised mean differences, N over all arms (Gleser & Olkin 2009).

    Parameters
    ----------
    es : DataFrame
        Effects of one measure from `effect_sizes`, with the columns of the arms.

    Returns
    -------
    DataFrame
        Square, with the index of `es` on both sides and `vi` on its diagonal.

    Raises
    ------
    DataError
        If the measure is none of ``smd``, ``md``, ``or``, ``rr``, ``rd``.

    Examples
    --------
    >>> from synthesis.effects.effect_sizes import effect_sizes
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "comparison": ["low", "high"],
    ...     "mean_t": [5.0, 6.0], "sd_t": [2.0, 2.0], "n_t": [20, 20],
    ...     "mean_c": [4.0, 4.0], "sd_c": [2.0, 2.0], "n_c": [40, 40]})
    >>> shared_control_covariance(effect_sizes(sheet, "md")).round(2).values.tolist()
    [[0.3, 0.1], [0.1, 0.3]]
    """
    measures = list(dict.fromkeys(read_labels(checks.column(es, "measure", "es"))))
    if len(measures) != 1 or measures[0] not in ("smd", "md", "or", "rr", "rd"):
        raise DataError(
            "covariances of a shared control are known for one of the measures smd, md, or, rr, "
            f"rd; the table has {', '.join(measures)}."
        )
    same, shares = _controls(es)
    is_pair = (same[:, None] == same[None, :]) & shares[:, None]

    def cell(name: str) -> np.ndarray:
        return es[name].to_numpy(float) if name in es else np.full(len(es), np.nan)

    yi, n_c, events = cell("yi"), cell("n_c"), cell("events_c")
    if measures[0] == "smd":
        treated = pd.Series(cell("n_t")).groupby(same).transform("sum").to_numpy()
        shared = 1 / n_c[:, None] + np.outer(yi, yi) / (2 * (treated + n_c)[:, None])
    else:
        risk = events / n_c
        of_control = {
            "md": cell("sd_c") ** 2 / n_c,
            "or": 1 / events + 1 / (n_c - events),
            "rr": 1 / events - 1 / n_c,
            "rd": risk * (1 - risk) / n_c,
        }[measures[0]]
        shared = np.repeat(of_control[:, None], len(es), axis=1)
    covariance = np.where(is_pair, shared, 0.0)
    np.fill_diagonal(covariance, es["vi"].to_numpy(float))
    return pd.DataFrame(covariance, index=es.index, columns=es.index)


def _controls(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for each row's control arm, and which rows share theirs with others."""
    cells = [name for name in ("mean_c", "sd_c", "n_c", "events_c") if name in table]
    agree = [name for name in APART if name in table]
    named = with_labels(table, agree)
    group = named.groupby([*agree, *cells], dropna=False, sort=False, observed=True)["study"]
    measured = [name for name in ("mean_c", "events_c") if name in table]
    has_control = table[measured].notna().any(axis=1).to_numpy()
    return group.ngroup().to_numpy(), has_control & (group.transform("size") > 1).to_numpy()
