"""Random rows for every route to every measure, and what must be true of their effects.

The routes and the columns they need are read from the catalogue, so that a new route is drawn
without being added here. All numbers are synthetic.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.rows.printed_effects import COHENS_D, printed_columns
from synthesis.measures import MEASURES, Measure

UNEVEN = ("smd1", "smd1h")
"""Measures that treat one arm differently: exchanging the arms changes more than the sign."""

TURNED = ("t", "sign", "z_mw", "r_pb", "b", "beta", "o_minus_e", "yi")
"""Columns whose sign changes where the arms are exchanged."""

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


def tables(measure: str, seed: int, size: int) -> pd.DataFrame:
    """Return one table with rows for every route to a measure."""
    routes = [route for route in ROUTES if measure in route.formulas]
    parts = [
        rows(route, MEASURES[measure], np.random.default_rng(seed + place), size)
        for place, route in enumerate(routes)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(study=[f"S{row}" for row in range(len(table))])


def broken(measure: str, seed: int, size: int, *, singly: bool = True) -> Iterator[str]:
    """Yield what is not true of the effects of random rows by every route to a measure.

    Rows are in one table for all routes; with `singly` each route is computed alone as well.
    """
    table = tables(measure, seed, size)
    whole = _effects(table, measure)
    named = MEASURES[measure]
    if not (whole["vi"].dropna() > 0).all():
        yield "a variance that is not > 0"
    done = whole["yi"].notna()
    for route, share in done.groupby(table["route"], sort=False).mean().items():
        if share < 0.3:
            yield f"{route}: effects in {share:.0%} of rows only"
    if (whole.loc[done, "route"] != table.loc[done, "route"]).any():
        yield "another route than the one asked for"
    yield from _apart("order", whole, _effects(table[::-1], measure)[::-1])
    for route, part in table.groupby("route", sort=False) if singly else ():
        alone = _effects(part.dropna(axis=1, how="all"), measure)
        yield from _apart(f"{route}: alone", whole.loc[part.index], alone)
    if named.has_null:
        lower = _effects(table.assign(direction="lower"), measure)
        yield from _apart("direction", whole.assign(yi=-whole["yi"]), lower)
        if measure not in UNEVEN:
            swapped = _effects(exchanged(table, named), measure)
            yield from _apart("arms exchanged", whole.assign(yi=-whole["yi"]), swapped)
    cluster = _effects(table.assign(icc=0.1, cluster_size=11.0), measure)
    given = whole["route"].isin(["given", "given_se"])
    design = whole.assign(vi=whole["vi"].where(given, 2 * whole["vi"]))
    yield from _apart("design effect", design, cluster)


def exchanged(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Return the table with treatment as control and control as treatment."""
    names = {}
    for name in table:
        for one, other in (("_t", "_c"), ("_c", "_t")):
            if name.endswith(one):
                names[name] = name.removesuffix(one) + other
    swapped = table.rename(columns=names)
    for name in TURNED:
        if name in swapped:
            swapped[name] = -swapped[name]
    if "effect" in swapped:
        kinds = swapped["effect_type"].map(MEASURES).map(lambda one: getattr(one, "scale", ""))
        is_ratio = (kinds == "log").to_numpy()
        swapped["effect"] = np.where(is_ratio, 1 / swapped["effect"], -swapped["effect"])
    if "r" in swapped:
        itself = swapped["route"] == "correlation"
        swapped["r"] = swapped["r"].where(~itself, -swapped["r"])
    # The change of one group has no arms: there, before and after are exchanged.
    times = [("mean_pre", "mean_post")]
    if measure.name != "smcrh":  # always in SDs before
        times.append(("sd_pre", "sd_post"))
    for before, after in times:
        if {before, after} <= set(swapped):
            swapped = swapped.rename(columns={before: after, after: before})
    if "mean_change" in swapped:
        swapped["mean_change"] = -swapped["mean_change"]
    return swapped


def _effects(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    return effect_sizes(table, measure, refused="keep")[["yi", "vi", "route"]]


def _apart(what: str, expected: pd.DataFrame, found: pd.DataFrame) -> Iterator[str]:
    for name in ("yi", "vi"):
        one, other = (side[name].to_numpy(float) for side in (expected, found))
        if not np.allclose(one, other, rtol=1e-10, atol=1e-12, equal_nan=True):
            row = int(np.flatnonzero(~np.isclose(one, other, rtol=1e-10, equal_nan=True))[0])
            yield (
                f"{what}: {name} of {expected['route'].iloc[row]} should be {one[row]:.6g}, "
                f"is {other[row]:.6g}"
            )
