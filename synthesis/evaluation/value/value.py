"""Value for money: what a programme costs and brings, discounted, and on what that rests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import is_whole
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.evaluation.reading import as_frame, each
from synthesis.evaluation.value import doubts, flows, sums
from synthesis.evaluation.value.lines import COLUMNS, Lines, path_words, read_lines
from synthesis.evaluation.value.rates import DiscountRates, rates_named
from synthesis.evaluation.value.traced import UNTRACED, Standing, standing

if TYPE_CHECKING:
    from logicmodels.model import Model
    from synthesis.evaluation.value.doubts import Simulation

ONE_NUMBER = (
    "A single ratio hides who pays, who gains, and what has no price: read it with the tables "
    "beside it."
)


@dataclass(frozen=True, eq=False, repr=False)
class ValueForMoney(display.Shown):
    """The result of `value_for_money`, in pounds of the price base, discounted to year 0.

    Attributes
    ----------
    npsv : float
        Net present social value: benefits minus costs.
    benefits, costs : float
        Present values.
    bcr : float
        Benefit-cost ratio: all benefits over all costs; NaN without costs.
    ratios : DataFrame
        Each ratio with its ``numerator`` and ``denominator`` in words and in pounds.
    payback : int or None
        The first year from which the sum so far stays at 0 or more; None if NPSV is not positive.
    lines : DataFrame
        One row per line: ``amount``, the adjustments, ``pv``, ``share`` of its kind in percent,
        ``certainty`` of the weakest arrow, ``weakest_arrow``, ``flag``.
    streams, parties : DataFrame
        Costs, benefits and net value by fiscal, economic and social; and who pays and gains.
    years : DataFrame
        Costs, benefits and their sum so far, by year.
    unmonetised : DataFrame
        Effects without a price.
    notes : tuple of str
        What must be said with the result.
    """

    npsv: float
    benefits: float
    costs: float
    bcr: float
    ratios: pd.DataFrame
    payback: int | None
    lines: pd.DataFrame
    streams: pd.DataFrame
    parties: pd.DataFrame
    years: pd.DataFrame
    unmonetised: pd.DataFrame
    notes: tuple[str, ...]
    _read: Lines
    _horizon: int
    _given: dict[str, Any]

    def to_frame(self) -> pd.DataFrame:
        """Return `lines` at full precision."""
        return self.lines

    def one_way(self) -> pd.DataFrame:
        """Return NPSV and ratio with one line at a time at its low and its high amount.

        Returns
        -------
        DataFrame
            One row per line with a range, the widest first: ``line kind low high npsv_low
            npsv_high bcr_low bcr_high span``, where ``npsv_low`` belongs to the low amount.
        """
        return doubts.one_way(self._read, self._horizon)

    def switching_values(self) -> pd.DataFrame:
        """Return how far each line would have to change for NPSV to be 0, all else equal.

        Returns
        -------
        DataFrame
            One row per line, then all benefits and all costs together: ``amount``,
            ``switching_amount`` (NaN if no amount of 0 or more does it), ``change`` in percent.
        """
        return doubts.switching_values(self._read, self._horizon)

    def scenarios(self, changed: Mapping[str, Mapping[str, Mapping[str, object]]]) -> pd.DataFrame:
        """Return the result in other cases, each computed anew from a changed table.

        Parameters
        ----------
        changed : mapping
            Name of the scenario -> line -> column -> value, such as ``{"pessimistic": {"fewer
            admissions": {"attribution": 40}}}``. The line ``"*"`` stands for all benefits.

        Returns
        -------
        DataFrame
            One row per scenario, the base case first: ``npsv benefits costs bcr payback``.

        Raises
        ------
        DataError
            If there is no such line or column, or a value is not possible.
        """
        rows = [_summary("base case", self)]
        named = {key: value for key, value in self._given.items() if key != "lines"}
        for name, lines in changed.items():
            table = _changed(self._given["lines"], name, lines)
            again = value_for_money(table, **named)
            rows.append(_summary(name, again))
        return pd.DataFrame(rows)

    def simulate(self, *, draws: int = 10_000, seed: int) -> Simulation:
        """Draw all amounts that have a range at once, many times (Monte Carlo).

        Parameters
        ----------
        draws : int
            How many times.
        seed : int
            Makes the result repeatable.

        Returns
        -------
        Simulation
            Each amount follows a triangle from low over the amount to high, independently of the
            others. Lines without a range stay as they are, and are named.
        """
        return doubts.simulate(self._read, self._horizon, draws, seed)

    def sentence(self) -> str:
        """Return the result in words, for a report."""
        first = self.ratios.iloc[0]
        given = self._given
        words = (
            f"Over {counted(self._horizon + 1, 'year')} (years 0 to {self._horizon}), against "
            f"{given['counterfactual']}, in prices of {given['price_base']}: net present social "
            f"value {sums.pounds(self.npsv)}"
        )
        if not np.isnan(self.bcr):
            words += (
                f"; {sums.pounds(first['benefits'])} of benefits ({first['numerator']}) over "
                f"{sums.pounds(first['costs'])} of costs ({first['denominator']}) is "
                f"{display.number(self.bcr, 2)} to 1"
            )
        words += f". {self._payback_words()}"
        flagged = self.lines[(self.lines["kind"] == "benefit") & self.lines["flag"]]
        if len(flagged) and self.benefits:
            share = 100 * flagged["pv"].sum() / self.benefits
            words += f" {share:.0f}% of the benefits rest on arrows of low or no certainty."
        return words

    def _payback_words(self) -> str:
        if self.payback is None:
            return "It does not pay back within these years."
        return f"It has paid back, discounted, from year {self.payback} on."

    def _title(self) -> str:
        return (
            f"Value for money: NPSV {sums.pounds(self.npsv)}; benefits "
            f"{sums.pounds(self.benefits)}, costs {sums.pounds(self.costs)}, ratio "
            f"{display.number(self.bcr, 2)}"
        )

    def _headings(self) -> Sequence[str]:
        return (
            "Line",
            "Kind",
            "Stream",
            "Who",
            "Present value",
            "Share",
            "Certainty",
            "Weakest arrow",
        )

    def _rows(self) -> Iterable[Sequence[str]]:
        return [
            (
                str(row.line),
                str(row.kind),
                str(row.stream),
                str(row.who) if row.kind != "transfer" else f"{row.payer} to {row.who}",
                "no price" if row.kind == "unmonetised" else sums.pounds(row.pv),
                "" if np.isnan(row.share) else f"{row.share:.0f}%",
                ("⚑ " if row.flag else "") + str(row.certainty),
                str(row.weakest_arrow),
            )
            for row in each(self.lines)
        ]

    def _line(self) -> str:
        return self._title()

    def _notes(self) -> Sequence[str]:
        return self.notes


def value_for_money(
    lines: pd.DataFrame | str | os.PathLike[str] | Model,
    table: pd.DataFrame | str | os.PathLike[str] | None = None,
    *,
    rates: str | DiscountRates,
    price_base: int,
    counterfactual: str,
    model: Model | None = None,
    years: int | None = None,
    deflators: Mapping[int, float] | None = None,
) -> ValueForMoney:
    """Set the costs of a programme against its benefits, year by year.

    Parameters
    ----------
    lines : DataFrame or path
        One row per cost or benefit; `synthesis.evaluation_template` writes an empty table whose
        headings explain every column. Percentages are yours to enter: none is assumed.
    table : DataFrame or path, optional
        The lines, if the first argument is the logic model.
    rates : str or DiscountRates
        A dated table of `synthesis.discount_rates`, or one of your own.
    price_base : int
        The year in whose prices the result is.
    counterfactual : str
        What would have happened without the programme, in words: everything counts against it.
    model : LogicModel, optional
        The model whose arrows the benefits run along, with its evidence.
    years : int, optional
        The last year that counts; by default the last that a line names.
    deflators : mapping of int to float, optional
        An index of prices by year, such as the GDP deflator, if some prices are of other years.

    Returns
    -------
    ValueForMoney

    Raises
    ------
    DataError
        For a line without an amount, year, percentage or source, an arrow that the model does
        not have, and other faults, with the line and what to do.

    References
    ----------
    HM Treasury 2026, The Green Book.

    Examples
    --------
    >>> made_up = pd.DataFrame({
    ...     "line": ["staff", "fewer admissions"], "kind": ["cost", "benefit"], "stream": "fiscal",
    ...     "who": ["council", "hospital"], "amount": [1000, 1500], "price_year": 2026,
    ...     "first_year": 0, "last_year": 1, "deadweight": [None, 20], "attribution": [None, 100],
    ...     "drop_off": [None, 0], "optimism": [0, 10], "source": "made up", "basis": "made up"})
    >>> found = value_for_money(made_up, rates="green-book-2026", price_base=2026,
    ...                         counterfactual="no visits (made up)")
    >>> round(found.npsv, 2), round(found.bcr, 2)
    (157.29, 1.08)
    """
    if table is not None:
        if not hasattr(lines, "links"):
            raise OptionError(
                "table: give the lines once: value_for_money(lines, ...), or "
                "value_for_money(model, lines, ...)."
            )
        model, lines = cast("Model", lines), table
    if hasattr(lines, "links"):
        raise OptionError(
            "lines: this is a logic model, and it holds no amounts. Give the table of costs and "
            "benefits: value_for_money(lines, model=model, ...)."
        )
    named = rates_named(rates)
    if not isinstance(counterfactual, str) or not counterfactual.strip():
        raise OptionError(
            "counterfactual: say in words what would have happened without the programme, such as "
            "'usual care without home visits'."
        )
    lines = as_frame(lines)
    checks.is_table(lines, "lines")
    read = read_lines(lines, named, price_base, deflators)
    if not read.table["kind"].isin(["cost", "benefit"]).any():
        raise DataError("lines: there is neither a cost nor a benefit; give at least one of each.")
    horizon = flows.last_year(read) if years is None else years
    if not is_whole(horizon) or horizon < 0:
        raise OptionError(f"years must be the last year that counts, from 0; got {years!r}.")
    per_unit = flows.per_unit(read, int(horizon))
    discount = flows.factors(read, int(horizon))
    found = {name: standing(read.paths[name], model, name) for name in read.table["line"]}
    shown = _lines(read, (per_unit * discount).sum(axis=1), found)
    by_year = flows.yearly(read, per_unit, discount)
    costs = float(shown.loc[shown["kind"] == "cost", "pv"].sum())
    benefits = float(shown.loc[shown["kind"] == "benefit", "pv"].sum())
    npsv = benefits - costs
    given = {
        "lines": lines,
        "rates": rates,
        "price_base": price_base,
        "counterfactual": counterfactual.strip(),
        "model": model,
        "years": years,
        "deflators": deflators,
    }
    return ValueForMoney(
        npsv=npsv,
        benefits=benefits,
        costs=costs,
        bcr=benefits / costs if costs else float("nan"),
        ratios=TextTable(sums.ratios(shown)),
        payback=sums.payback(by_year, npsv),
        lines=TextTable(shown),
        streams=sums.streams(shown),
        parties=sums.parties(shown),
        years=by_year,
        unmonetised=TextTable(
            read.table.loc[
                read.table["kind"] == "unmonetised", ["line", "stream", "who", "source"]
            ].reset_index(drop=True)
        ),
        notes=tuple(_notes(read, shown, named, int(horizon), given, model)),
        _read=read,
        _horizon=int(horizon),
        _given=given,
    )


def _lines(read: Lines, unit_pv: np.ndarray, found: Mapping[str, Standing]) -> pd.DataFrame:
    table = read.table
    pv = np.where(table["kind"] == "unmonetised", np.nan, flows.amounts(read) * unit_pv)
    shown = table[
        ["line", "kind", "stream", "who", "payer", "amount", "first_year", "last_year"]
    ].copy()
    for name in ("deadweight", "attribution", "drop_off", "optimism"):
        shown[name] = 100 * table[name]
    shown["delay"] = table["delay"]
    shown["pv"] = pv
    of_kind = shown.groupby("kind")["pv"].transform("sum")
    counts = table["kind"].isin(["cost", "benefit"])
    shown["share"] = np.where(
        counts & (of_kind != 0), 100 * pv / of_kind.replace(0, np.nan), np.nan
    )
    is_benefit = (table["kind"] == "benefit").to_numpy()
    shown["certainty"] = [
        found[name].certainty if gains or read.paths[name] else ""
        for name, gains in zip(table["line"], is_benefit, strict=True)
    ]
    shown["weakest_arrow"] = [found[name].weakest for name in table["line"]]
    shown["flag"] = [
        bool(gains and found[name].is_flagged)
        for name, gains in zip(table["line"], is_benefit, strict=True)
    ]
    shown["along"] = [path_words(read.paths[name]) for name in table["line"]]
    shown["source"] = table["source"]
    shown["basis"] = table["basis"]
    return shown


def _notes(
    read: Lines,
    shown: pd.DataFrame,
    rates: DiscountRates,
    horizon: int,
    given: Mapping[str, Any],
    model: Model | None,
) -> Iterable[str]:
    yield f"Counterfactual: {given['counterfactual']}."
    others = {one.name: one for one in read.rates.values() if one is not rates}
    said = "; ".join(one.sentence() for one in (rates, *others.values()))
    yield f"Prices of {given['price_base']}. Discount rates: {said}."
    yield f"Years 0 to {horizon} count."
    table = read.table
    late = table[(table["last_year"] + table["delay"] > horizon)]["line"]
    if len(late):
        yield f"Cut off after year {horizon}: {shortened(late)}."
    if (deflated := table[table["factor"] != 1.0]["line"]).size:
        yield f"Brought to prices of {given['price_base']} with your index: {shortened(deflated)}."
    flagged = shown[shown["flag"]]
    for words, some in (
        ("Flagged, since an arrow is of low or no certainty", flagged["certainty"] != UNTRACED),
        ("Flagged, since it is traced along no arrow", flagged["certainty"] == UNTRACED),
    ):
        if some.any():
            named = [
                f"{row.line} ({row.weakest_arrow}: {row.certainty})"
                if row.weakest_arrow
                else row.line
                for row in each(flagged[some])
            ]
            yield f"{words}: {shortened(named)}."
    if model is None:
        yield "No logic model was given, so nothing is known of the evidence behind the benefits."
    moved = shown[shown["kind"] == "transfer"]["line"]
    if len(moved):
        yield f"Transfers change hands and count in no total: {shortened(moved)}."
    without = shown[shown["kind"] == "unmonetised"]["line"]
    if len(without):
        yield f"Without a price, and not in the ratio: {shortened(without)}."
    if not (shown["kind"] == "cost").any():
        yield "There are no costs, so there is no ratio."
    yield ONE_NUMBER
    yield from read.notes


def _changed(
    lines: pd.DataFrame, scenario: str, changed: Mapping[str, Mapping[str, object]]
) -> pd.DataFrame:
    table = lines.copy().astype(object)
    names = table["line"].astype(str).str.strip()
    for line, cells in changed.items():
        some = (
            table["kind"].astype(str).str.strip().str.casefold() == "benefit"
            if line == "*"
            else names == line
        )
        if not some.any():
            raise DataError(
                f"scenarios, {scenario!r}: there is no line {line!r}; the lines are "
                f"{shortened(names)}."
            )
        for column, value in cells.items():
            if column not in COLUMNS:
                checks.column(table, column, f"scenarios, {scenario!r}")
            elif column not in table:
                table[column] = None
            table[column] = table[column].where(~some, cast("Any", value))
    return table


def _summary(name: str, found: ValueForMoney) -> dict[str, object]:
    return {
        "scenario": name,
        "npsv": found.npsv,
        "benefits": found.benefits,
        "costs": found.costs,
        "bcr": found.bcr,
        "payback": np.nan if found.payback is None else found.payback,
    }
