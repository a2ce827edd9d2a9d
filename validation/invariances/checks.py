"""What must hold for every sheet, whatever its numbers are.

Each check changes a sheet in a way of which the consequence is known, and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from invariances.sheets import Way, sheet

import synthesis as syn
from synthesis.errors import DataError
from synthesis.measures import MEASURES

CLOSE = 1e-9
"""Both sides are the same formula on numbers that differ by rounding; tau2 is solved to 1e-12."""

TURNED = ("t", "r_pb", "b", "beta", "sign", "z_mw", "o_minus_e", "yi")
"""Columns whose sign says which arm has more."""

IN_UNITS = ("mean", "sd", "se", "ci_low", "ci_high", "median", "q1", "q3", "b", "geo_mean")
"""Columns in units of the outcome, by stem."""

UNITLESS = ("smd", "rom", "cvr", "vr", "smcc", "smcr", "romc", "or", "standardised_mean", "log_cv")


def effects(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the effects of a table of sheets; tables without events are left out."""
    return syn.effect_sizes(table, measure, no_events="leave_out", refused="keep")


def pooled(es: pd.DataFrame) -> pd.DataFrame:
    """Pool each sheet."""
    return syn.meta_analyses(es.dropna(subset=["yi"]), by="sheet")


def swapped(table: pd.DataFrame) -> pd.DataFrame:
    """Return the sheet with the arms in each other's place."""
    other = {"t": "c", "c": "t"}
    result = table.rename(
        columns={
            name: f"{name[:-1]}{other[name[-1]]}"
            for name in table.columns
            if name.endswith(("_t", "_c"))
        }
    )
    for name in TURNED:
        if name in result:
            result[name] = -result[name]
    if "effect" in result:
        turn = np.reciprocal if _prints_ratio(result) else np.negative
        low, high = result.get("ci_low"), result.get("ci_high")
        result["effect"] = turn(result["effect"])
        if low is not None and high is not None:
            result["ci_low"], result["ci_high"] = turn(high), turn(low)
    return result


def scaled(table: pd.DataFrame, by: np.ndarray) -> pd.DataFrame:
    """Return the sheet with scores in other units, and person-time too."""
    result = table.copy()
    printed_ratio = "effect" in table and _prints_ratio(table)
    in_units = "effect" not in table or table["effect_type"].iloc[0] == "md"
    for name in table.columns:
        stem = name.removesuffix("_t").removesuffix("_c")
        scores = (stem.startswith(("mean", "sd")) and stem != "sd_log") or stem in IN_UNITS
        if scores and not printed_ratio and in_units:
            result[name] = table[name] * by
    if "effect" in table and in_units:
        result["effect"] = table["effect"] * by
    return result


def _prints_ratio(table: pd.DataFrame) -> bool:
    kind = MEASURES.get(table["effect_type"].iloc[0])
    return kind is not None and kind.is_ratio


def broken(way: Way, measure: str, *, seed: int, sheets: int, singly: int) -> Iterator[str]:
    """Yield what does not hold for the random sheets of one way of giving effects.

    Parameters
    ----------
    way : Way
        How the sheets give their effects.
    measure : str
        What is computed.
    seed : int
        Of the sheets.
    sheets : int
        How many of them.
    singly : int
        How many are pooled one by one as well, which takes longer.
    """
    table = sheet(way, seed, sheets=sheets, rows=5)
    rng = np.random.default_rng(seed)
    es = effects(table, measure)
    y, v = es["yi"].to_numpy(), es["vi"].to_numpy()
    known = ~np.isnan(y)
    if (es.loc[known, "route"] != way.route).any():
        yield "a row takes another route"
    if known.mean() < 0.8:  # some tables have no events in either arm
        yield f"only {known.mean():.0%} of the rows have an effect"
    fits = pooled(es)

    def compare(what: str, new: pd.DataFrame, by_y: object, by_v: object) -> Iterator[str]:
        yield from _apart(f"{what}: yi", new["yi"].to_numpy(), y * by_y)
        yield from _apart(f"{what}: vi", new["vi"].to_numpy(), v * by_v)

    compares = not np.isnan(MEASURES[measure].null)
    if compares and measure not in (
        "r",
        "r_unbiased",
        "fisher_z",
        "partial_r",
        "partial_z",
        "semipartial_r",
        "mean_change",
        "smcc",
        "smcr",
        "romc",
    ):
        new = effects(swapped(table), measure)
        yield from compare("arms swapped", new, -1, 1)
        yield from _turned("arms swapped", pooled(new), fits)
    if compares:
        new = effects(table.assign(direction="lower"), measure)
        yield from compare("lower is better", new, -1, 1)
        yield from _turned("lower is better", pooled(new), fits)
        again = effects(new, measure)
        yield from compare("computed again", again, -1, 1)
    if measure in UNITLESS:
        by = np.exp(rng.uniform(-2, 2, len(table)))
        yield from compare("other units", effects(scaled(table, by), measure), 1, 1)
    elif measure in ("md", "mean_change") and "yi" not in table:
        new = effects(scaled(table, np.full(len(table), 7.5)), measure)
        yield from compare("other units", new, 7.5, 7.5**2)
        yield from _apart("other units: pooled", pooled(new)["estimate"], fits["estimate"] * 7.5)
    order = rng.permutation(len(table))
    new = effects(table.iloc[order], measure)
    yield from compare("rows in another order", new.sort_index(), 1, 1)
    yield from _apart(
        "rows in another order: pooled", pooled(new)["estimate"].sort_index(), fits["estimate"]
    )
    icc, size = rng.uniform(0, 0.2, len(table)), rng.integers(1, 5, len(table)).astype(float)
    effect = 1.0 if way.route in ("given", "given_se") else 1 + (size - 1) * icc
    new = effects(table.assign(icc=icc, cluster_size=size), measure)
    yield from compare("clusters", new, 1, effect)
    first = rng.random(len(table)) < 0.5
    parts = [effects(table[which], measure) for which in (first, ~first)]
    yield from compare("the sheet in two parts", pd.concat(parts).sort_index(), 1, 1)
    for at in range(singly):
        yield from _singly(es[es["sheet"] == at], fits.loc[at])


def broken_mixture(ways: Sequence[Way], measure: str, *, seed: int, sheets: int) -> Iterator[str]:
    """Yield what does not hold where rows of several ways stand in one sheet.

    What other rows fill in must not change a row; nor must the column `route`, where the row fills
    in what one route alone can use.
    """
    parts = [sheet(way, seed, sheets=sheets, rows=1) for way in ways]
    alone = pd.concat([effects(part, measure) for part in parts], ignore_index=True)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(alone))
    together = pd.concat(parts, ignore_index=True).iloc[order]
    new = effects(together, measure).sort_index()
    for column in ("yi", "vi"):
        yield from _apart(f"several ways in one sheet: {column}", new[column], alone[column])
    chosen = ~together["route"].isin(["change_scores", "crossover", "pre_post"])
    new = effects(together[chosen].drop(columns="route"), measure).sort_index()
    for column in ("yi", "vi"):
        expected = alone[column][new.index]
        yield from _apart(f"without a route in the sheet: {column}", new[column], expected)


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
