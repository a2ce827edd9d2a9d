"""Those who use most, followed from one year to the next and back."""

from __future__ import annotations

import numpy as np
import pandas as pd


def compared(
    table: pd.DataFrame, before: str, after: str, frequent: float, absent: str
) -> dict[str, object]:
    """Follow those who used most from one year to the next, and back."""
    wide = table[table["year"].isin([before, after])].pivot_table(
        index="person", columns="year", values="uses", aggfunc="sum", observed=True
    )
    gone, new = int(wide[after].isna().sum()), int(wide[before].isna().sum())
    wide = wide.fillna(0.0) if absent == "zero" else wide.dropna()
    row: dict[str, object] = {
        "from_year": before,
        "to_year": after,
        "both": len(wide),
        "only_before": gone,
        "only_after": new,
    }
    names = (
        *("cutoff", "group", "mean_before", "mean_after", "expected_after", "still"),
        *("chosen_later", "chosen_later_before", "chosen_later_after", "correlation"),
    )
    row |= dict.fromkeys(names, np.nan)
    if len(wide) < 3:
        return row
    first, second = wide[before].to_numpy(dtype=float), wide[after].to_numpy(dtype=float)
    cutoffs = [_cutoff(one, frequent) for one in (first, second)]
    chosen, later = first >= cutoffs[0], second >= cutoffs[1]
    spread = first.std()
    slope = (
        float(((first - first.mean()) * (second - second.mean())).mean() / spread**2)
        if (spread)
        else 0.0
    )
    both_vary = spread and second.std()
    return row | {
        "cutoff": cutoffs[0],
        "group": int(chosen.sum()),
        "mean_before": float(first[chosen].mean()),
        "mean_after": float(second[chosen].mean()),
        "expected_after": float(second.mean() + slope * (first[chosen].mean() - first.mean())),
        "still": int((chosen & later).sum()),
        "chosen_later": int(later.sum()),
        "chosen_later_before": float(first[later].mean()),
        "chosen_later_after": float(second[later].mean()),
        "correlation": slope * float(spread / second.std()) if both_vary else np.nan,
    }


def _cutoff(uses: np.ndarray, percent: float) -> float:
    """Return the use of the last person in the top percentage, of whom there is one at least."""
    place = max(1, int(np.ceil(percent / 100 * len(uses) - 1e-9)))
    return float(np.sort(uses)[-place])
