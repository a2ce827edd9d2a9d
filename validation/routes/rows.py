"""Random rows for every route to every measure.

The routes and the columns they need are read from the catalogue, so that a new route is drawn
without being added here. All numbers are synthetic.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.effects.routes.route import Route
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.rows.printed_effects import COHENS_D, printed_columns
from synthesis.measures import MEASURES, Measure

STEMS = {
    "mean": (30.0, 60.0),
    "mean_pre": (30.0, 60.0),
    "mean_post": (30.0, 60.0),
    "mean_change": (-5.0, 9.0),
    "sd": (4.0, 14.0),
    "sd_pre": (4.0, 14.0),
    "sd_post": (4.0, 14.0),
    "sd_change": (3.0, 9.0),
    "geo_mean": (5.0, 50.0),
    "sd_log": (0.3, 1.0),
    "time": (50.0, 500.0),
    "person_time": (50.0, 500.0),
    "r": (0.1, 0.8),
    "t": (-2.0, 4.0),
    "f": (0.1, 9.0),
    "chi2": (0.1, 6.0),
    "eta_squared": (0.01, 0.5),
    "z_mw": (-2.0, 2.0),
    "r_pb": (-0.7, 0.7),
    "r_squared": (0.05, 0.6),
    "b": (-3.0, 4.0),
    "beta": (-0.6, 0.6),
    "sd_y": (6.0, 14.0),
    "alpha": (0.3, 0.95),
    "o_minus_e": (-9.0, 9.0),
    "v_logrank": (2.0, 30.0),
    "vi": (0.01, 0.3),
    "sei": (0.1, 0.6),
}
"""The range in which cells are drawn, by column without its arm."""

WHOLE = {
    "n": (8, 150),
    "items": (2, 30),
    "predictors": (1, 5),
    **dict.fromkeys([f"category{level}" for level in range(1, 8)], (1, 20)),
}
PAIRS = (0, 40)


def rows(route: Route, measure: Measure, rng: np.random.Generator, size: int) -> pd.DataFrame:
    """Return rows that fill what a route needs and nothing else."""
    cells: dict[str, object] = {}
    for name in route.needs:
        cells |= _cells(name, rng, size, measure)
    table = pd.DataFrame({"route": route.name, **cells})
    for name in [name for name in table if name.startswith("events")]:
        whole = {"events_t": "n_t", "events_c": "n_c", "events": "n"}[name]
        within = table[whole] if whole in table else pd.Series(40.0, index=table.index)
        share = rng.choice([0.02, 0.2, 0.5, 0.9], size)
        table[name] = rng.binomial(within.astype(int), share).astype(float)
        if "hr" in route.formulas:
            table[name] = table[name].clip(lower=1)  # without events there is no hazard ratio
    if {"n_t", "n_c", "r"} <= set(route.needs):
        table["n_c"] = table["n_t"]  # the same people twice
        table["events_c"] = np.minimum(table["events_c"], table["n_c"])
    return table


def _cells(name: str, rng: np.random.Generator, size: int, measure: Measure) -> dict[str, object]:
    stem = name.removesuffix("_t").removesuffix("_c")
    if name == RAW_SD:
        return {"sd_pre": rng.uniform(4, 14, size)}
    if name == COHENS_D:
        return {"effect": rng.normal(0.3, 0.5, size), "effect_type": np.full(size, "Cohen's d")}
    for one in MEASURES.values():
        effect, error = printed_columns(one.name)
        if name == effect:
            drawn = _printed(one, rng, size)
            return {"effect": drawn, "effect_type": np.full(size, one.name, dtype=object)}
        if name == error:
            return {"se": rng.uniform(0.1, 0.3, size)}
    if name == "yi":
        low, high = np.clip(measure.range, -1, 1) if measure.scale == "identity" else (-1, 1)
        return {"yi": rng.uniform(low, high, size)}
    if name == "p":
        return {"p": np.array([f"{p:.4f}" for p in rng.uniform(0.001, 0.9, size)], dtype=object)}
    if name == "sign":
        return {"sign": rng.choice([-1.0, 1.0], size)}
    if name.startswith("pairs_"):
        return {name: rng.integers(*PAIRS, size).astype(float)}
    if stem in WHOLE:
        return {name: rng.integers(*WHOLE[stem], size).astype(float)}
    if stem.startswith("events"):
        return {name: np.zeros(size)}  # drawn once the numbers of people are known
    return {name: rng.uniform(*STEMS[name if name in STEMS else stem], size)}


def _printed(measure: Measure, rng: np.random.Generator, size: int) -> np.ndarray:
    low, high = np.clip(measure.range, -0.9, 0.9)
    drawn = rng.uniform(max(low, -0.9) + 0.01, high, size)
    return np.exp(-np.abs(drawn)) if measure.scale == "log" else drawn
