"""Value for money: what a programme costs and brings, discounted, and on what that rests."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import is_whole
from arrowroot.text import shortened
from synthesis import checks
from synthesis.evaluation.reading import as_frame, each, refuse_no_model
from synthesis.evaluation.value import flows, sums
from synthesis.evaluation.value.lines import Lines, path_words, read_lines
from synthesis.evaluation.value.rates import MOST_YEARS, DiscountRates, rates_named
from synthesis.evaluation.value.result import ValueForMoney
from synthesis.evaluation.value.traced import UNTRACED, Standing, standing

if TYPE_CHECKING:
    from logicmodels.model import Model

ONE_NUMBER = (
    "A single ratio hides who pays, who gains, and what has no price: read it with the tables "
    "beside it."
)


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
        if not hasattr(lines, "links") or model is not None:
            raise OptionError(
                "table: give the lines once, and the model once: value_for_money(lines, "
                "model=model, ...), or value_for_money(model, lines, ...)."
            )
        model, lines = cast("Model", lines), table
    if hasattr(lines, "links"):
        raise OptionError(
            "lines: this is a logic model, and it holds no amounts. Give the table of costs and "
            "benefits: value_for_money(lines, model=model, ...)."
        )
    if model is not None:
        refuse_no_model(model)
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
        raise DataError("lines: there is neither a cost nor a benefit; give at least one of them.")
    horizon = flows.last_year(read) if years is None else years
    if not is_whole(horizon) or not 0 <= horizon <= MOST_YEARS:
        raise OptionError(
            f"years must be the last year that counts, from 0 to {MOST_YEARS}; got {years!r}."
        )
    per_unit = flows.per_unit(read, int(horizon))
    discount = flows.factors(read, int(horizon))
    found = {name: standing(read.paths[name], model, name) for name in read.table["line"]}
    shown = _lines(read, (per_unit * discount).sum(axis=1), found)
    by_year = flows.yearly(read, per_unit, discount)
    costs = float(shown.loc[shown["kind"] == "cost", "pv"].sum())
    benefits = float(shown.loc[shown["kind"] == "benefit", "pv"].sum())
    npsv = benefits - costs
    given: dict[str, Any] = {
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
        _given={**given, "lines": lines},
        _again=partial(value_for_money, rates=named, **given),
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
    for kind, then in (("cost", "there is no ratio"), ("benefit", "the ratio is 0")):
        if not shown.loc[shown["kind"] == kind, "pv"].sum():
            yield f"There are no {kind}s above £0 in these years, so {then}."
    yield ONE_NUMBER
    yield from read.notes
