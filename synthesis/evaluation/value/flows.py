"""Costs and benefits of each year, adjusted and discounted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.evaluation.reading import each
from synthesis.evaluation.value.lines import Lines


def per_unit(lines: Lines, horizon: int) -> np.ndarray:
    """Return what one pound a year of each line comes to in every year, adjusted.

    A benefit is multiplied by 1 - deadweight, by attribution, by 1 - optimism and, for each year
    after its first, by 1 - drop-off; a cost by 1 + optimism; and both by the price factor.

    Returns
    -------
    ndarray, shape (lines, horizon + 1)
        In the prices of the base, before discounting.
    """
    flows = np.zeros((len(lines.table), horizon + 1))
    for at, row in enumerate(each(lines.table)):
        if row.kind == "unmonetised":
            continue
        first = int(row.first_year + row.delay)
        last = min(int(row.last_year + row.delay), horizon)
        years = np.arange(first, last + 1)
        level = float(row.factor)
        if row.kind == "benefit":
            level *= (1 - row.deadweight) * row.attribution * (1 - row.optimism)
            flows[at, years] = level * (1 - row.drop_off) ** (years - first)
        else:
            flows[at, years] = level * (1 + row.optimism)
    return flows


def factors(lines: Lines, horizon: int) -> np.ndarray:
    """Return the discount factors of each line, shape (lines, horizon + 1)."""
    return np.array([lines.rates[name].factors(horizon) for name in lines.table["line"]])


def amounts(lines: Lines) -> np.ndarray:
    """Return the amount of each line in pounds a year, 0 where there is none."""
    return lines.table["amount"].fillna(0.0).to_numpy(dtype=float)


def signs(lines: Lines) -> np.ndarray:
    """Return 1 for benefits, -1 for costs and 0 for what does not count in the total."""
    return lines.table["kind"].map({"benefit": 1.0, "cost": -1.0}).fillna(0.0).to_numpy()


def last_year(lines: Lines) -> int:
    """Return the last year that any line names, delays included."""
    ends = (lines.table["last_year"] + lines.table["delay"]).dropna()
    return int(ends.max()) if len(ends) else 0


def yearly(lines: Lines, flows: np.ndarray, discount: np.ndarray) -> pd.DataFrame:
    """Return costs, benefits and net value of each year, and their sum so far."""
    sign = signs(lines)
    undiscounted = amounts(lines)[:, None] * flows
    now = undiscounted * discount
    table = pd.DataFrame(
        {
            "year": np.arange(flows.shape[1]),
            "costs": undiscounted[sign < 0].sum(axis=0),
            "benefits": undiscounted[sign > 0].sum(axis=0),
            "costs_pv": now[sign < 0].sum(axis=0),
            "benefits_pv": now[sign > 0].sum(axis=0),
        }
    )
    table["net_pv"] = table["benefits_pv"] - table["costs_pv"]
    table["cumulative_pv"] = table["net_pv"].cumsum()
    return table
