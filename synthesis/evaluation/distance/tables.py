"""The tables of distance travelled: by area, by starting level, and of those without a pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis.coding.comparison import share_interval
from synthesis.evaluation.distance.pairs import Readings
from synthesis.evaluation.paired import sign_test, signed_ranks


def area_row(
    area: str, group: str, own: pd.DataFrame, others: int, sign: float, best: float, level: float
) -> dict[str, object]:
    """Return one row of the areas: its pairs counted, their share with an interval, and tested."""
    change = sign * own["change"].to_numpy(dtype=float)
    n, up, down = len(change), int((change > 0).sum()), int((change < 0).sum())
    at_best = int((own["first"] == best).sum())
    ci = share_interval(up, n, level=level) if n else (np.nan, np.nan)
    share = 100 / n if n else np.nan
    ranks = signed_ranks(change)
    return {
        "area": area,
        "group": group,
        "people": n + others,
        "paired": n,
        "up": up,
        "same": n - up - down,
        "down": down,
        "percent_up": up * share,
        "ci_low": 100 * ci[0],
        "ci_high": 100 * ci[1],
        "percent_same": (n - up - down) * share,
        "percent_down": down * share,
        "at_best": at_best,
        "percent_up_of_possible": 100 * up / (n - at_best) if n > at_best else np.nan,
        "median_first": float(own["first"].median()) if n else np.nan,
        "median_last": float(own["last"].median()) if n else np.nan,
        "sign_p": sign_test(up, down),
        "signed_rank_p": ranks.p_value,
        "signed_rank_exact": ranks.exact,
    }


def adjusted(p_values: Sequence[object], correction: str) -> list[float]:
    """Return p-values corrected for their number; NaN, where nobody changed, is none of them."""
    p = np.array(p_values, dtype=float)
    there = ~np.isnan(p)
    if correction != "none" and there.sum() > 1:
        from statsmodels.stats.multitest import multipletests

        p[there] = multipletests(p[there], method=correction)[1]
    return p.tolist()


def missing(read: Readings) -> pd.DataFrame:
    """Return the first scores of those with a pair beside those with one reading only."""
    records = []
    for area in read.areas:
        own = read.pairs.loc[read.pairs["area"] == area, "first"]
        alone = read.unpaired[(read.unpaired["area"] == area)]
        scored = alone["score"].dropna()
        records.append(
            {
                "area": area,
                "paired": len(own),
                "median_first_paired": float(own.median()) if len(own) else np.nan,
                "one_reading": len(scored),
                "median_first_one_reading": float(scored.median()) if len(scored) else np.nan,
                "never_scored": int(alone["score"].isna().sum()),
            }
        )
    return pd.DataFrame(records)


def by_start(read: Readings, sign: float) -> pd.DataFrame:
    """Return how many went up, stayed and went down by first score."""
    records = []
    for area in read.areas:
        own = read.pairs[read.pairs["area"] == area]
        for first, some in own.groupby("first"):
            change = sign * some["change"]
            records.append(
                {
                    "area": area,
                    "first": first,
                    "n": len(some),
                    "up": int((change > 0).sum()),
                    "same": int((change == 0).sum()),
                    "down": int((change < 0).sum()),
                    "mean_change": float(some["change"].mean()),
                }
            )
    names = ["area", "first", "n", "up", "same", "down", "mean_change"]
    return pd.DataFrame(records, columns=names)
