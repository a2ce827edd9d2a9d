"""How much the value of a programme depends on what is not known for certain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.options import is_whole, seed_of, thing
from arrowroot.text import counted, did_you_mean, label, shortened
from synthesis.evaluation.reading import each
from synthesis.evaluation.value import flows
from synthesis.evaluation.value.lines import COLUMNS, Lines
from synthesis.evaluation.value.sums import pounds

MOST_DRAWS = 1_000_000
AT = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False, repr=False)
class Simulation(display.Shown):
    """What `ValueForMoney.simulate` found.

    Attributes
    ----------
    draws : DataFrame
        One row per draw: ``npsv``, ``bcr``.
    npsv, bcr : tuple of float
        5th, 50th and 95th percentile.
    positive : float
        Percent of the draws with an NPSV above 0.
    seed : int
        With which the draws come again.
    notes : tuple of str
        What was drawn and what was not.
    """

    draws: pd.DataFrame
    npsv: tuple[float, float, float]
    bcr: tuple[float, float, float]
    positive: float
    seed: int
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the draws."""
        return self.draws

    def _title(self) -> str:
        return f"Monte Carlo, {counted(len(self.draws), 'draw')}, seed {self.seed}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        low, middle, high = self.npsv
        return [
            (
                "NPSV, median [5th, 95th percentile]",
                f"{pounds(middle)} [{pounds(low)}, {pounds(high)}]",
            ),
            (
                "ratio, median [5th, 95th percentile]",
                "none, without costs"
                if np.isnan(self.bcr[1])
                else f"{display.number(self.bcr[1])} "
                f"{display.interval((self.bcr[0], self.bcr[2]))}",
            ),
            ("draws with NPSV above 0", f"{self.positive:.1f}%"),
        ]

    def _notes(self) -> Sequence[str]:
        return self.notes


def _unit_values(lines: Lines, horizon: int) -> np.ndarray:
    """Return the present value of one pound a year of each line, with its sign."""
    whole = flows.per_unit(lines, horizon) * flows.factors(lines, horizon)
    return flows.signs(lines) * whole.sum(axis=1)


def _totals(values: np.ndarray) -> tuple[float, float]:
    """Return NPSV and ratio from signed present values of lines."""
    benefits, costs = values[values > 0].sum(), -values[values < 0].sum()
    return float(benefits - costs), float(benefits / costs) if costs else float("nan")


def one_way(lines: Lines, horizon: int) -> pd.DataFrame:
    """Return the result with one line at a time at its ends; see `ValueForMoney.one_way`."""
    unit, amount = _unit_values(lines, horizon), flows.amounts(lines)
    rows = []
    for at, row in enumerate(each(lines.table)):
        if np.isnan(row.low) or unit[at] == 0:
            continue
        ends = {}
        for name, value in (("low", row.low), ("high", row.high)):
            changed = amount.copy()
            changed[at] = value
            ends[f"npsv_{name}"], ends[f"bcr_{name}"] = _totals(changed * unit)
        rows.append(
            {
                "line": row.line,
                "kind": row.kind,
                "low": row.low,
                "high": row.high,
                **ends,
                "span": abs(ends["npsv_high"] - ends["npsv_low"]),
            }
        )
    names = ["line", "kind", "low", "high", "npsv_low", "npsv_high", "bcr_low", "bcr_high", "span"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values("span", ascending=False, kind="stable", ignore_index=True)


def switching_values(lines: Lines, horizon: int) -> pd.DataFrame:
    """Return where NPSV would be 0; see `ValueForMoney.switching_values`."""
    unit, amount = _unit_values(lines, horizon), flows.amounts(lines)
    values = unit * amount
    npsv = float(values.sum())
    rows = []
    for at, row in enumerate(each(lines.table)):
        if unit[at] == 0:
            continue
        needed = amount[at] - npsv / unit[at]
        rows.append(_switch(str(row.line), str(row.kind), float(amount[at]), float(needed)))
    for name, some in (("benefit", values > 0), ("cost", values < 0)):
        total = abs(float(values[some].sum()))
        other = abs(float(values[~some].sum()))
        if total:
            rows.append(_switch(f"all {name}s together", name, total, other))
    return pd.DataFrame(rows, columns=["line", "kind", "amount", "switching_amount", "change"])


def _switch(line: str, kind: str, amount: float, needed: float) -> dict[str, object]:
    reachable = needed >= 0
    return {
        "line": line,
        "kind": kind,
        "amount": amount,
        "switching_amount": needed if reachable else np.nan,
        "change": 100 * (needed / amount - 1) if reachable and amount else np.nan,
    }


def scenarios(
    base: Any,
    lines: pd.DataFrame,
    again: Callable[[pd.DataFrame], Any],
    changed: Mapping[str, Mapping[str, Mapping[str, object]]],
) -> pd.DataFrame:
    """Return results (`ValueForMoney`) of changed tables; see its method `scenarios`."""
    form = "{'fewer': {'fewer admissions': {'attribution': 40}}}"
    if not isinstance(changed, Mapping):
        raise DataError(f"scenarios: write them as {form}; got {thing(changed)}.")
    rows = [_summary("base case", base)]
    for name, cells in changed.items():
        if not isinstance(cells, Mapping) or not all(
            isinstance(x, Mapping) for x in cells.values()
        ):
            raise DataError(f"scenarios, {name!r}: write it as {form}; got {cells!r}.")
        table = _changed(lines, name, cells)
        try:
            found = again(table)
        except (DataError, OptionError) as error:
            raise type(error)(f"scenarios, {name!r}: {error}") from error
        rows.append(_summary(name, found))
    return pd.DataFrame(rows)


def _changed(
    lines: pd.DataFrame, scenario: str, changed: Mapping[str, Mapping[str, object]]
) -> pd.DataFrame:
    table = lines.copy().astype(object)
    names = table["line"].map(label)
    for line, cells in changed.items():
        some = (
            table["kind"].astype(str).str.strip().str.casefold() == "benefit"
            if line == "*"
            else names == label(line)
        )
        if not some.any():
            raise DataError(
                f"scenarios, {scenario!r}: there is no line {line!r}; the lines are "
                f"{shortened(map(repr, names))}.{did_you_mean(line, names)}"
            )
        for column, value in cells.items():
            if column not in COLUMNS:
                raise DataError(
                    f"scenarios, {scenario!r}: {column!r} is not a column that is read; use one of "
                    f"{', '.join(COLUMNS)}.{did_you_mean(column, COLUMNS)}"
                )
            if column not in table:
                table[column] = None
            table[column] = table[column].where(~some, cast("str", value))
    return table


def _summary(name: str, found: Any) -> dict[str, object]:
    return {
        "scenario": name,
        "npsv": found.npsv,
        "benefits": found.benefits,
        "costs": found.costs,
        "bcr": found.bcr,
        "payback": np.nan if found.payback is None else found.payback,
    }


def simulate(lines: Lines, horizon: int, draws: int, seed: int) -> Simulation:
    """Draw all ranges at once; see `ValueForMoney.simulate`."""
    if not is_whole(draws) or not 1 <= draws <= MOST_DRAWS:
        raise OptionError(f"draws must be a whole number from 1 to {MOST_DRAWS:,}; got {draws!r}.")
    if seed_of(seed) is None:
        raise OptionError("seed: a whole number is needed, so that the draws can be repeated.")
    table = lines.table
    unit, amount = _unit_values(lines, horizon), flows.amounts(lines)
    spread = ((table["high"] > table["low"]) & (unit != 0)).to_numpy()
    if not spread.any():
        raise DataError(
            "simulate: no line has a range. Fill in low and high, in pounds a year, for the "
            "amounts that are not certain."
        )
    random = np.random.default_rng(int(seed))
    held = np.repeat(amount[None, :], int(draws), axis=0)
    for at in np.flatnonzero(spread):
        row = table.iloc[at]
        held[:, at] = random.triangular(row["low"], row["amount"], row["high"], int(draws))
    values = held * unit
    benefits = np.where(values > 0, values, 0).sum(axis=1)
    costs = -np.where(values < 0, values, 0).sum(axis=1)
    npsv = benefits - costs
    with np.errstate(divide="ignore", invalid="ignore"):
        bcr = np.where(costs > 0, benefits / costs, np.nan)
    fixed = table.loc[~spread & (unit != 0), "line"]
    notes = [
        "Drawn from a triangle between low and high with its peak at the amount, independently of "
        f"each other: {shortened(table.loc[spread, 'line'])}. Amounts that rise and fall "
        "together would make the range wider.",
        "Percentages, years, discount rates and the model itself were not varied.",
    ]
    if len(fixed):
        notes.append(f"Without a range and so held fixed: {shortened(fixed)}.")
    return Simulation(
        pd.DataFrame({"npsv": npsv, "bcr": bcr}),
        _at(npsv),
        _at(bcr),
        float(100 * (npsv > 0).mean()),
        int(seed),
        tuple(notes),
    )


def _at(values: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = (float(one) for one in np.quantile(values, AT))
    return low, middle, high
