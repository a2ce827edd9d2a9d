"""What may be borrowed from other studies, and is marked as borrowed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis.effects.rows.completion import complete_change
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import ONE_OUTCOME

IMPUTABLE = ("sd", "r", "n")


def halve_total(workings: Workings) -> None:
    """Give each arm half of `n_total` where the size of neither is known, in place."""
    neither = ~workings.known("n_t") & ~workings.known("n_c")
    half = np.where(neither, workings["n_total"] / 2, np.nan)
    for arm in ("t", "c"):
        note = f"n_{arm} imputed: half of n_total, arms assumed equal"
        workings.fill(
            f"n_{arm}",
            half,
            ["n_total"],
            note,
            is_guess=True,
            footnote="Arms assumed to be of equal size",
        )


def impute_from_others(workings: Workings, what: Sequence[str]) -> None:
    """Fill SDs and correlations from the other rows of the same outcome, in place.

    An SD is the root of the mean variance of the other rows' arms, weighted by their degrees of
    freedom; a correlation is the mean of the others' Fisher's z. The lenders' own numbers are
    those reported or worked out from what was reported.

    Parameters
    ----------
    workings : Workings
        The cells, after `complete`.
    what : sequence of str
        Which of ``"sd"`` and ``"r"`` to fill; anything else is ignored.
    """
    if not {"sd", "r"} & set(what):
        return
    present = [name for name in ONE_OUTCOME if name in workings.sheet]
    groups = workings.same(*ONE_OUTCOME)
    same = "the same " + " and ".join(present) if present else "the sheet"
    if "sd" in what:
        variance, df = _arm_variances(workings)
        shared = _group_means(variance, df, groups)
        for arm in ("t", "c"):
            workings.fill(
                f"sd_{arm}",
                np.sqrt(shared),
                [],
                f"sd_{arm} imputed: pooled over the arms of other studies of {same}",
                is_guess=True,
                footnote="SD imputed from other studies",
            )
    if "r" in what:
        own = np.where(np.isnan(workings["r"]), workings["r_t"], workings["r"])
        z = np.arctanh(own)
        workings.fill(
            "r",
            np.tanh(_group_means(z, np.ones(workings.size), groups)),
            [],
            f"r imputed: mean of the other studies of {same}",
            is_guess=True,
            footnote="Correlation imputed from other studies",
        )
        complete_change(workings)


def _arm_variances(workings: Workings) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's within-arm variance with its degrees of freedom, NaN where unknown."""
    squares, freedom = np.zeros(workings.size), np.zeros(workings.size)
    for arm in ("t", "c"):
        known = workings.known(f"sd_{arm}", f"n_{arm}")
        df = workings[f"n_{arm}"] - 1
        squares += np.where(known, df * workings[f"sd_{arm}"] ** 2, 0)
        freedom += np.where(known, df, 0)
    with np.errstate(invalid="ignore"):
        return squares / freedom, freedom


def _group_means(values: np.ndarray, weights: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return for each row the weighted mean over the known rows of its group."""
    known = ~np.isnan(values)
    table = pd.DataFrame(
        {
            "group": groups,
            "sum": np.where(known, values * weights, 0.0),
            "weight": np.where(known, weights, 0.0),
        }
    )
    totals = table.groupby("group")[["sum", "weight"]].transform("sum")
    weight = totals["weight"].to_numpy()
    return np.where(weight > 0, totals["sum"].to_numpy() / np.where(weight > 0, weight, 1), np.nan)
