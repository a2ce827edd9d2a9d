"""Synthetic extraction sheets, one way of giving an effect at a time, drawn at random."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from routes.rows import rows as filled

from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.routes.route import Route
from synthesis.measures import MEASURES

Cells = dict[str, np.ndarray]
Draw = Callable[[np.random.Generator, int], Cells]


@dataclass(frozen=True)
class Way:
    """One way in which a sheet gives effects.

    Attributes
    ----------
    name : str
        For messages.
    route : str
        The route that its rows take.
    measures : tuple of str
        The measures computed from it.
    draw : callable
        Takes a generator and a number of rows to the cells by column.
    """

    name: str
    route: str
    measures: tuple[str, ...]
    draw: Draw


def drawn(ways: Sequence[Way], seed: int, *, sheets: int, rows: int) -> pd.DataFrame:
    """Return many sheets of each way, one under the other.

    `way` names the way, `sheet` numbers the sheets, and studies have one row each.
    """
    parts = []
    for place, way in enumerate(ways):
        cells = way.draw(np.random.default_rng(seed + place), sheets * rows)
        number = place * sheets + np.repeat(np.arange(sheets), rows)
        parts.append(pd.DataFrame({"way": way.name, "sheet": number, "route": way.route, **cells}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(study=[f"S{row}" for row in range(len(table))])


def to(measure: str) -> list[Way]:
    """Return the ways to a measure; those by name where there are any for the route."""
    return [way for way in WAYS if measure in way.measures]


def _n(rng: np.random.Generator, size: int, low: int = 8) -> np.ndarray:
    return rng.integers(low, 150, size).astype(float)


def _both(**draws: Callable[[], np.ndarray]) -> Cells:
    return {f"{stem}_{arm}": draw() for stem, draw in draws.items() for arm in ("t", "c")}


def _sizes(rng: np.random.Generator, size: int) -> Cells:
    return {"n_t": _n(rng, size), "n_c": _n(rng, size)}


def means(rng: np.random.Generator, size: int) -> Cells:
    """Return means, SDs and sizes."""
    return _both(
        mean=lambda: rng.normal(50, 6, size),
        sd=lambda: rng.uniform(4, 14, size),
    ) | _sizes(rng, size)


def _means_se(rng: np.random.Generator, size: int) -> Cells:
    cells = means(rng, size)
    for arm in ("t", "c"):
        cells[f"se_{arm}"] = cells.pop(f"sd_{arm}") / np.sqrt(cells[f"n_{arm}"])
    return cells


def _means_ci(rng: np.random.Generator, size: int) -> Cells:
    cells = means(rng, size)
    for arm in ("t", "c"):
        half = 2 * cells.pop(f"sd_{arm}") / np.sqrt(cells[f"n_{arm}"])
        cells[f"ci_low_{arm}"] = cells[f"mean_{arm}"] - half
        cells[f"ci_high_{arm}"] = cells[f"mean_{arm}"] + half
    return cells


def _quartiles(rng: np.random.Generator, size: int) -> Cells:
    cells = means(rng, size)
    for arm in ("t", "c"):
        middle, sd = cells.pop(f"mean_{arm}"), cells.pop(f"sd_{arm}")
        cells[f"median_{arm}"] = middle
        cells[f"q1_{arm}"], cells[f"q3_{arm}"] = middle - 0.65 * sd, middle + 0.7 * sd
    return cells


def _crossover(rng: np.random.Generator, size: int) -> Cells:
    cells = means(rng, size)
    n = cells.pop("n_t")
    del cells["n_c"]
    return cells | {"n": n, "r": rng.uniform(0.1, 0.9, size)}


def _variability(rng: np.random.Generator, size: int) -> Cells:
    return {name: cells for name, cells in means(rng, size).items() if "mean" not in name}


def counts(rng: np.random.Generator, size: int) -> Cells:
    """Return numbers of people and of those with the event; some arms have none."""
    cells = _sizes(rng, size)
    for arm in ("t", "c"):
        share = rng.choice([0.02, 0.2, 0.5, 0.9], size)
        cells[f"events_{arm}"] = rng.binomial(cells[f"n_{arm}"].astype(int), share).astype(float)
    return cells


def _percent(rng: np.random.Generator, size: int) -> Cells:
    cells = counts(rng, size)
    for arm in ("t", "c"):
        cells[f"percent_{arm}"] = np.round(100 * cells.pop(f"events_{arm}") / cells[f"n_{arm}"], 1)
    return cells


def _rates(rng: np.random.Generator, size: int) -> Cells:
    return _both(
        events=lambda: rng.poisson(6, size).astype(float),
        time=lambda: rng.uniform(50, 500, size),
    )


def _proportion(rng: np.random.Generator, size: int) -> Cells:
    n = _n(rng, size)
    return {"events": rng.binomial(n.astype(int), rng.uniform(0, 0.9, size)).astype(float), "n": n}


def _correlation(rng: np.random.Generator, size: int) -> Cells:
    return {"r": rng.uniform(-0.9, 0.9, size), "n": _n(rng, size)}


def changes(rng: np.random.Generator, size: int) -> Cells:
    """Return mean changes with their SDs."""
    return _both(
        mean_change=lambda: rng.normal(3, 4, size),
        sd_change=lambda: rng.uniform(3, 9, size),
    ) | _sizes(rng, size)


def _before_and_after(rng: np.random.Generator, size: int) -> Cells:
    before = _both(
        mean_pre=lambda: rng.normal(45, 5, size),
        sd_pre=lambda: rng.uniform(5, 12, size),
    )
    return means(rng, size) | before | {"r": rng.uniform(0.2, 0.8, size)}


def _in_sds_before(rng: np.random.Generator, size: int) -> Cells:
    cells = changes(rng, size)
    cells = {name: value for name, value in cells.items() if "sd" not in name}
    spread = _both(sd_pre=lambda: rng.uniform(5, 12, size))
    return cells | spread | {"r": rng.uniform(0.2, 0.8, size)}


def _one_group(rng: np.random.Generator, size: int) -> Cells:
    return {
        "mean_pre": rng.normal(45, 5, size),
        "mean_post": rng.normal(48, 5, size),
        "sd_pre": rng.uniform(5, 12, size),
        "sd_post": rng.uniform(5, 12, size),
        "n": _n(rng, size),
        "r": rng.uniform(0.2, 0.8, size),
    }


def _given(rng: np.random.Generator, size: int) -> Cells:
    return {"yi": rng.normal(0.3, 0.4, size), "vi": rng.uniform(0.01, 0.3, size)}


def _given_se(rng: np.random.Generator, size: int) -> Cells:
    return {"yi": rng.normal(0.3, 0.4, size), "sei": rng.uniform(0.1, 0.6, size)}


def _printed(kind: str, *, ratio: bool, by: str) -> Draw:
    def draw(rng: np.random.Generator, size: int) -> Cells:
        effect, se = rng.normal(0.3, 0.5, size), rng.uniform(0.1, 0.6, size)
        seen = np.exp if ratio else np.asarray
        cells = {"effect": seen(effect), "effect_type": np.full(size, kind, dtype=object)}
        if by == "se":
            return cells | {"se": se} | _sizes(rng, size)
        if by == "p":
            p = rng.uniform(0.001, 0.9, size)
            return cells | {"p": np.array([f"{one:.4f}" for one in p], dtype=object)}
        return cells | {"ci_low": seen(effect - 1.96 * se), "ci_high": seen(effect + 1.96 * se)}

    return draw


def _statistic(name: str, draw: Callable[[np.random.Generator, int], np.ndarray]) -> Draw:
    def cells(rng: np.random.Generator, size: int) -> Cells:
        return {name: draw(rng, size)} | _sizes(rng, size)

    return cells


def _with_sign(name: str, draw: Callable[[np.random.Generator, int], np.ndarray]) -> Draw:
    def cells(rng: np.random.Generator, size: int) -> Cells:
        return _statistic(name, draw)(rng, size) | {"sign": rng.choice([-1.0, 1.0], size)}

    return cells


def _p(rng: np.random.Generator, size: int) -> np.ndarray:
    return np.array([f"{one:.4f}" for one in rng.uniform(0.001, 0.9, size)], dtype=object)


def _means_and(name: str, draw: Callable[[np.random.Generator, int], np.ndarray]) -> Draw:
    def cells(rng: np.random.Generator, size: int) -> Cells:
        by_arm = means(rng, size)
        drawn = draw(rng, size)
        if name == "t":  # its sign is that of the difference
            drawn = np.abs(drawn) * np.sign(by_arm["mean_t"] - by_arm["mean_c"])
        return {key: cell for key, cell in by_arm.items() if "sd" not in key} | {name: drawn}

    return cells


def _coefficient(rng: np.random.Generator, size: int) -> Cells:
    return {
        "b": rng.normal(1, 2, size),
        "sd_y": rng.uniform(6, 14, size),
    } | _sizes(rng, size)


def _t(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.normal(1, 1.5, size)


def _as_needed(route: Route, measure: str) -> Draw:
    def draw(rng: np.random.Generator, size: int) -> Cells:
        table = filled(route, MEASURES[measure], rng, size).drop(columns="route")
        return {name: table[name].to_numpy() for name in table}

    return draw


NAMED = (
    Way("means", "means", ("smd", "md", "rom", "cvr", "or"), means),
    Way("means and standard errors", "means", ("smd", "md"), _means_se),
    Way("means and intervals", "means", ("smd", "md"), _means_ci),
    Way("quartiles", "means", ("smd", "md"), _quartiles),
    Way("crossover", "crossover", ("smd", "md"), _crossover),
    Way("SDs", "variability", ("vr",), _variability),
    Way("counts", "counts", ("or", "rr", "rd", "asd", "smd"), counts),
    Way("percentages", "counts", ("or", "rr"), _percent),
    Way("rates", "rates", ("irr", "ird"), _rates),
    Way(
        "proportions",
        "proportion",
        ("proportion", "logit", "arcsine", "freeman_tukey"),
        _proportion,
    ),
    Way("correlations", "correlation", ("r", "r_unbiased", "fisher_z"), _correlation),
    Way("changes", "change_scores", ("smd", "md"), changes),
    Way("before and after", "change_scores", ("smd", "md"), _before_and_after),
    Way("in SDs before", "pre_post", ("smd",), _in_sds_before),
    Way("one group", "one_group", ("mean_change", "smcc", "smcr", "romc"), _one_group),
    Way("given", "given", ("smd", "md", "rr"), _given),
    Way("given with standard error", "given_se", ("smd", "hr"), _given_se),
    Way("printed SMD", "printed", ("smd",), _printed("smd", ratio=False, by="se")),
    Way("printed RR", "printed", ("rr",), _printed("rr", ratio=True, by="ci")),
    Way("printed HR", "printed", ("hr",), _printed("hr", ratio=True, by="p")),
    Way("printed MD", "printed_md", ("smd",), _printed("md", ratio=False, by="se")),
    Way("printed OR", "printed_or", ("smd",), _printed("or", ratio=True, by="ci")),
    Way("SMD for an OR", "printed_smd", ("or",), _printed("smd", ratio=False, by="se")),
    Way("t", "t", ("smd",), _statistic("t", _t)),
    Way("F", "f", ("smd",), _with_sign("f", lambda rng, size: _t(rng, size) ** 2)),
    Way("r", "r_pb", ("smd",), _statistic("r_pb", lambda rng, size: rng.uniform(-0.6, 0.6, size))),
    Way(
        "chi-square",
        "chi2",
        ("smd",),
        _with_sign("chi2", lambda rng, size: rng.uniform(0, 6, size)),
    ),
    Way("b", "b", ("smd",), _coefficient),
    Way(
        "beta", "beta", ("smd",), _statistic("beta", lambda rng, size: rng.uniform(-0.4, 0.4, size))
    ),
    Way("p", "p", ("smd",), _with_sign("p", _p)),
    Way("means and t", "means_t", ("md",), _means_and("t", _t)),
    Way("means and p", "means_p", ("md",), _means_and("p", _p)),
)
"""The usual routes, and the columns that lead to them by another way."""

WAYS = (
    *NAMED,
    *(
        Way(f"{route.name} to {measure}", route.name, (measure,), _as_needed(route, measure))
        for route in ROUTES
        for measure in route.formulas
        if not any(way.route == route.name and measure in way.measures for way in NAMED)
    ),
)
"""Every route to every measure; those without a name above are given the columns they need."""
