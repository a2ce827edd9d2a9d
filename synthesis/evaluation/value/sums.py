"""Present values added up: by ratio, by stream, and by who pays and gains."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.evaluation.reading import each


def ratios(shown: pd.DataFrame) -> pd.DataFrame:
    """Return each ratio with its numerator and denominator in words and in pounds."""
    costs = shown[shown["kind"] == "cost"]
    gains = shown[shown["kind"] == "benefit"]
    fiscal = gains["stream"] == "fiscal"
    paid = costs["stream"] == "fiscal"
    choices = [
        ("all benefits", gains, "all costs", costs, 0.0),
        ("fiscal benefits", gains[fiscal], "fiscal costs", costs[paid], 0.0),
        (
            "benefits that rest on arrows of moderate or high certainty",
            gains[~gains["flag"].astype(bool)],
            "all costs",
            costs,
            0.0,
        ),
        (
            "economic and social benefits",
            gains[~fiscal],
            "all costs less fiscal benefits",
            costs,
            float(gains.loc[fiscal, "pv"].sum()),
        ),
    ]
    rows = []
    for numerator, some, denominator, paid_for, less in choices:
        top, bottom = float(some["pv"].sum()), float(paid_for["pv"].sum()) - less
        rows.append(
            {
                "numerator": numerator,
                "denominator": denominator,
                "benefits": top,
                "costs": bottom,
                # Of nothing, or of less than nothing, there is no ratio.
                "ratio": top / bottom if bottom > 0 else np.nan,
            }
        )
    return pd.DataFrame(rows)


def payback(by_year: pd.DataFrame, npsv: float) -> int | None:
    """Return the first year from which the sum so far never falls below 0 again."""
    if npsv <= 0:
        return None
    below = np.flatnonzero(by_year["cumulative_pv"].to_numpy() < 0)
    return int(by_year["year"].iloc[below[-1] + 1]) if len(below) else 0


def streams(shown: pd.DataFrame) -> pd.DataFrame:
    """Return costs, benefits and net value of the fiscal, economic and social stream."""
    rows = []
    for stream in ("fiscal", "economic", "social"):
        own = shown[shown["stream"] == stream]
        costs = float(own.loc[own["kind"] == "cost", "pv"].sum())
        benefits = float(own.loc[own["kind"] == "benefit", "pv"].sum())
        rows.append(
            {"stream": stream, "costs": costs, "benefits": benefits, "net": benefits - costs}
        )
    return pd.DataFrame(rows)


def parties(shown: pd.DataFrame) -> pd.DataFrame:
    """Return who pays and who gains; transfers count on both sides and cancel out."""
    paid: dict[str, float] = {}
    gained: dict[str, float] = {}
    for row in each(shown):
        if row.kind == "unmonetised":
            continue
        if row.kind == "cost":
            paid[row.who] = paid.get(row.who, 0.0) + row.pv
        else:
            gained[row.who] = gained.get(row.who, 0.0) + row.pv
        if row.kind == "transfer":
            paid[row.payer] = paid.get(row.payer, 0.0) + row.pv
    names = list(dict.fromkeys([*paid, *gained]))
    rows = [
        {
            "who": name,
            "pays": paid.get(name, 0.0),
            "gains": gained.get(name, 0.0),
            "net": gained.get(name, 0.0) - paid.get(name, 0.0),
        }
        for name in names
    ]
    return pd.DataFrame(rows)


def pounds(value: float) -> str:
    """Return an amount in whole pounds, with the sign before the pound sign."""
    text = f"£{abs(value):,.0f}"
    return f"-{text}" if value <= -0.5 else text
