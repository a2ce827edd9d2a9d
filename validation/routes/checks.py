"""What must hold for every sheet, whatever its numbers are.

Each check changes a sheet in a way of which the consequence is known, and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from routes.changes import UNEVEN, UNITLESS, exchanged, scaled
from routes.sheets import Way, drawn

import synthesis as syn
from synthesis.errors import DataError
from synthesis.measures import MEASURES

CLOSE = 1e-9
"""Both sides are the same formula on numbers that differ by rounding; tau2 is solved to 1e-12."""

ROWS = 5
"""Rows of a sheet."""

LEAST = 0.3
"""The least share of rows with an effect."""


def effects(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the effects of a table of sheets; tables without events are left out."""
    return syn.effect_sizes(table, measure, no_events="leave_out", refused="keep")


def pooled(es: pd.DataFrame) -> pd.DataFrame:
    """Pool each sheet."""
    return syn.meta_analyses(es.dropna(subset=["yi"]), by="sheet")


def broken(
    ways: Sequence[Way], measure: str, *, seed: int, sheets: int, singly: int = 0
) -> Iterator[str]:
    """Yield what does not hold for random sheets of one or more ways of giving effects.

    Parameters
    ----------
    ways : sequence of Way
        How the sheets give their effects; all rows are in one table.
    measure : str
        What is computed.
    seed : int
        Of the sheets.
    sheets : int
        How many of each way.
    singly : int
        How many are pooled one by one as well, which takes longer.
    """
    table = drawn(ways, seed, sheets=sheets, rows=ROWS)
    rng = np.random.default_rng(seed)
    es = effects(table, measure)
    y, v = es["yi"].to_numpy(), es["vi"].to_numpy()
    known = ~np.isnan(y)
    if (es.loc[known, "route"] != table.loc[known, "route"]).any():
        yield "a row takes another route"
    if not (v[known] > 0).all():
        yield "a variance that is not > 0"
    # Some tables have no events in either arm, or a count of zero where none is allowed.
    for name, share in pd.Series(known).groupby(table["way"], sort=False).mean().items():
        if share < LEAST:
            yield f"{name}: only {share:.0%} of the rows have an effect"
    fits = pooled(es)

    def compare(what: str, new: pd.DataFrame, by_y: object, by_v: object) -> Iterator[str]:
        yield from _apart(f"{what}: yi", new["yi"].to_numpy(), y * by_y)
        yield from _apart(f"{what}: vi", new["vi"].to_numpy(), v * by_v)

    if not np.isnan(MEASURES[measure].null):
        if measure not in UNEVEN:
            new = effects(exchanged(table, measure), measure)
            yield from compare("arms swapped", new, -1, 1)
            yield from _turned("arms swapped", pooled(new), fits)
        new = effects(table.assign(direction="lower"), measure)
        yield from compare("lower is better", new, -1, 1)
        yield from _turned("lower is better", pooled(new), fits)
        yield from compare("computed again", effects(new, measure), -1, 1)
    given = table["route"].isin(["given", "given_se"]).to_numpy()
    if measure in UNITLESS:
        by = np.exp(rng.uniform(-2, 2, len(table)))
        yield from compare("other units", effects(scaled(table, by), measure), 1, 1)
    elif measure in ("md", "mean_change"):
        new = effects(scaled(table, np.full(len(table), 7.5)), measure)
        yield from compare("other units", new, *(np.where(given, 1, 7.5**at) for at in (1, 2)))
    order = rng.permutation(len(table))
    new = effects(table.iloc[order], measure)
    yield from compare("rows in another order", new.sort_index(), 1, 1)
    yield from _apart(
        "rows in another order: pooled", pooled(new)["estimate"].sort_index(), fits["estimate"]
    )
    icc, size = rng.uniform(0, 0.2, len(table)), rng.integers(1, 5, len(table)).astype(float)
    new = effects(table.assign(icc=icc, cluster_size=size), measure)
    yield from compare("clusters", new, 1, np.where(given, 1.0, 1 + (size - 1) * icc))
    first = rng.random(len(table)) < 0.5
    parts = [effects(table[which], measure) for which in (first, ~first)]
    yield from compare("the sheet in two parts", pd.concat(parts).sort_index(), 1, 1)
    for name, part in table.groupby("way", sort=False) if len(ways) > 1 else ():
        alone = effects(part.dropna(axis=1, how="all"), measure)
        for column in ("yi", "vi"):
            yield from _apart(f"{name} alone: {column}", alone[column], es.loc[part.index, column])
    for at in range(singly):
        yield from _singly(es[es["sheet"] == at].drop(columns="way"), fits.loc[at])


def broken_without_route(
    ways: Sequence[Way], measure: str, *, seed: int, sheets: int
) -> Iterator[str]:
    """Yield rows that take another route once the column `route` does not name theirs.

    The ways left out fill in what other routes can use as well.
    """
    table = drawn(ways, seed, sheets=sheets, rows=1)
    table = table[~table["route"].isin(["change_scores", "crossover", "pre_post"])]
    es, new = effects(table, measure), effects(table.drop(columns="route"), measure)
    for column in ("yi", "vi"):
        yield from _apart(f"without a route in the sheet: {column}", new[column], es[column])


def _singly(es: pd.DataFrame, row: pd.Series) -> Iterator[str]:
    """Yield what does not hold for one sheet, pooled alone and with a row repeated."""
    rows = es.drop(columns="sheet")
    fit = syn.meta_analysis(rows)
    yield from _apart("pooled alone", np.array([fit.estimate]), np.array([row["estimate"]]))
    known = int(rows["yi"].notna().sum())
    if not fit.k == len(fit.studies) == len(fit.weights) == fit.n_studies == known == row["k"]:
        yield f"{fit.k} effects pooled of {known}"
    if len(fit.excluded) + fit.k != len(rows):
        yield "a row is neither pooled nor listed"
    yield from _apart("weights", np.array([fit.weights.sum()]), np.array([100.0]))
    twice = pd.concat([rows, rows.dropna(subset=["yi"])[-1:]], ignore_index=True)
    for repeated in (twice, twice.assign(notes=[*map(str, range(len(twice)))])):
        try:
            syn.meta_analysis(repeated)
        except DataError as error:
            if "equal in every cell" not in str(error):
                yield f"a repeated row is refused in other words: {error}"
        else:
            yield "a repeated row is pooled"


def _turned(what: str, new: pd.DataFrame, fits: pd.DataFrame) -> Iterator[str]:
    for one, other, by in (
        ("estimate", "estimate", -1),
        ("ci_low", "ci_high", -1),
        ("tau2", "tau2", 1),
        ("p_value", "p_value", 1),
        ("pi_high", "pi_low", -1),
    ):
        yield from _apart(f"{what}: {one}", new[one].to_numpy(), by * fits[other].to_numpy())


def _apart(what: str, one: object, other: object) -> Iterator[str]:
    first, second = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    near = np.isclose(first, second, rtol=CLOSE, atol=CLOSE, equal_nan=True)
    if first.shape != second.shape or not near.all():
        at = int(np.flatnonzero(~near)[0])
        yield f"{what}: {first[at]:.12g} is not {second[at]:.12g}, and {(~near).sum()} differ"


# ---- trials with several arms


def several_arms(
    draw: Callable[[np.random.Generator, int], dict[str, np.ndarray]], *, seed: int
) -> pd.DataFrame:
    """Return a sheet of 40 trials with two to four treatment arms each, which share a control."""
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(40), rng.integers(2, 5, 40))
    table = pd.DataFrame(draw(rng, of.size))
    for name in table.columns:
        if name.endswith("_c"):
            table[name] = table.groupby(of)[name].transform("first")
    names = {
        "study": [f"S{one}" for one in of],
        "comparison": [f"arm {at}" for at in range(of.size)],
    }
    return table.assign(**names)


def broken_arms(
    draw: Callable[[np.random.Generator, int], dict[str, np.ndarray]], measure: str, *, seed: int
) -> Iterator[str]:
    """Yield what does not hold for trials whose arms share a control."""
    table = several_arms(draw, seed=seed)
    rng = np.random.default_rng(seed)
    try:
        syn.meta_analysis(effects(table, measure))
    except DataError:
        pass
    else:
        yield "arms that share a control are pooled"
    one = syn.shared_control(table)
    es = effects(one, measure)
    if one["study"].duplicated().any() or len(one) != table["study"].nunique():
        yield "there is not one row per trial"
    people = table.groupby("study", sort=False)["n_t"].sum()
    yield from _apart("people treated", one["n_t"], people)
    yield from _apart("controls", one["n_c"], table.drop_duplicates("study")["n_c"])
    mixed = table.iloc[rng.permutation(len(table))]
    new = effects(syn.shared_control(mixed), measure).set_index("study").loc[one["study"]]
    yield from _apart("arms in another order: yi", new["yi"], es["yi"])
    yield from _apart("arms in another order: vi", new["vi"], es["vi"])
    last = ~table["study"].duplicated(keep="last")
    by_steps = pd.concat([syn.shared_control(table[~last]), table[last]], ignore_index=True)
    new = effects(syn.shared_control(by_steps), measure).set_index("study").loc[one["study"]]
    yield from _apart("arms combined in two steps: yi", new["yi"], es["yi"])
    yield from _apart("arms combined in two steps: vi", new["vi"], es["vi"])
    if (table.groupby("study")["n_c"].first() / table.groupby("study").size() >= 2).all():
        split = syn.shared_control(table, rule="split")
        shares = (split["n_c"] / split["control_shares"]).groupby(split["study"], sort=False).sum()
        yield from _apart("a divided control", shares, table.drop_duplicates("study")["n_c"])
        fit = syn.meta_analysis(effects(split, measure))
        if fit.n_studies > table["study"].nunique():
            yield "more studies than there are"
