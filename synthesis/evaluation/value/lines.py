"""The lines of a cost-benefit table: what is paid or gained, when, by whom, and by which arrows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import is_number, is_whole
from arrowroot.text import label, shortened
from synthesis.evaluation.reading import Rows
from synthesis.evaluation.value.rates import DiscountRates, rates_named

KINDS = ("cost", "benefit", "transfer", "unmonetised")
STREAMS = ("fiscal", "economic", "social")
PERCENTS = ("deadweight", "attribution", "drop_off", "optimism")
ARROW = re.compile(r"\s*(?:->|→|>)\s*")
MOST_YEARS = 200

COLUMNS = {
    "line": "What it is, in a few words; each once.",
    "kind": "cost, benefit, transfer (money that only changes hands), or unmonetised (an effect "
    "without a price, listed beside the ratio).",
    "stream": "fiscal (public budgets), economic (income, output), or social (well-being).",
    "who": "Who pays a cost, or who gains a benefit.",
    "payer": "For a transfer: who pays what the other gains.",
    "amount": "Pounds a year, before any adjustment; or leave it blank and give quantity and "
    "unit_value.",
    "quantity": "How many a year, such as admissions avoided.",
    "unit_value": "Pounds for each.",
    "low": "The least that the amount could be, in pounds a year.",
    "high": "The most that the amount could be.",
    "price_year": "The year in whose prices the amount is.",
    "first_year": "The first year with it; the programme begins in year 0.",
    "last_year": "The last year with it; blank for the first year only.",
    "deadweight": "Percent that would have happened anyway. Benefits only; 0 if none.",
    "attribution": "Percent of the rest that is due to the programme. Benefits only; 100 if all.",
    "drop_off": "Percent lost each year after the first. Benefits only; 0 if none.",
    "optimism": "Percent by which a benefit is lowered or a cost raised for optimism bias.",
    "delay": "Years by which a benefit comes later than planned.",
    "along": "The arrows that lead to it, as ids of boxes: visits > falls > admissions.",
    "rates": "Another table of discount rates for this line, such as green-book-2026-health.",
    "source": "Where the amount comes from.",
    "basis": "Where the percentages come from, or who judged them and why.",
}


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines that were read without a fault.

    Attributes
    ----------
    table : DataFrame
        The columns above; numbers as floats, percentages as shares, ``factor`` (from the prices of
        the line's year to those of the base).
    paths : mapping of str to tuple of str
        The boxes that each line is traced along, by line; empty if it is not.
    rates : mapping of str to DiscountRates
        By line.
    notes : tuple of str
        What should be known.
    """

    table: pd.DataFrame
    paths: Mapping[str, tuple[str, ...]]
    rates: Mapping[str, DiscountRates]
    notes: tuple[str, ...]


def read_lines(
    lines: pd.DataFrame | str | os.PathLike[str],
    rates: DiscountRates,
    price_base: int,
    deflators: Mapping[int, float] | None,
) -> Lines:
    """Read the table of lines; see `synthesis.value_for_money`."""
    rows = Rows(
        lines,
        "lines",
        {name: name for name in COLUMNS},
        needed=("line", "kind", "stream", "who"),
        named_by=("line",),
    )
    rows.unique(("line",), "Give each line its own name")
    table = rows.frame.copy()
    table["kind"] = rows.choices("kind", KINDS)
    table["stream"] = rows.choices("stream", STREAMS)
    for role in COLUMNS:
        if role not in table:
            table[role] = ""
            rows.frame[role] = ""
            rows.raw[role] = None
    priced = (table["kind"] != "unmonetised").to_numpy()
    benefit, transfer = ((table["kind"] == one).to_numpy() for one in ("benefit", "transfer"))
    table["amount"] = _amounts(rows, priced)
    _ranges(rows, table, priced)
    _years(rows, table, priced)
    _percents(rows, table, priced, benefit)
    blank = rows.frame == ""
    rows.refuse(
        "source",
        priced & blank["source"],
        "must say where the amount comes from",
        "Write the publication, the accounts or the person",
    )
    some = (table["deadweight"] > 0) | (table["attribution"] < 1) | (table["drop_off"] > 0)
    some |= table["optimism"] > 0
    rows.refuse(
        "basis",
        priced & some & blank["basis"],
        "must say where the percentages come from",
        "Write the source, or who judged them and why; no percentage comes with Arrowroot",
    )
    rows.refuse(
        "payer",
        transfer & blank["payer"],
        "must name who pays a transfer",
        "Write, say, 'Department for Work and Pensions'",
    )
    table["factor"] = _price_factors(rows, priced, price_base, deflators)
    paths = {
        name: tuple(part for part in ARROW.split(text) if part) if text else ()
        for name, text in zip(table["line"], table["along"], strict=True)
    }
    rows.refuse(
        "along",
        [
            bool(text) and len(paths[name]) < 2
            for name, text in zip(table["line"], table["along"], strict=True)
        ],
        "must name two boxes or more",
        "Write the ids of the boxes from cause to effect, such as visits > falls > admissions",
    )
    own = {
        name: rates_named(one, f"lines, rates of {name!r}") if one else rates
        for name, one in zip(table["line"], table["rates"], strict=True)
    }
    return Lines(table.reset_index(drop=True), paths, own, rows.remarks)


def _money(rows: Rows, role: str) -> np.ndarray:
    return rows.numbers(
        role,
        "must be a number of 0 or more",
        "Write it without a pound sign and without commas, such as 15567; a saving is a benefit, "
        "not a negative cost",
        legal=lambda x: x >= 0,
    )


def _amounts(rows: Rows, priced: np.ndarray) -> np.ndarray:
    amount, quantity, unit = (_money(rows, role) for role in ("amount", "quantity", "unit_value"))
    there = ~np.isnan(amount)
    product = ~np.isnan(quantity) & ~np.isnan(unit)
    rows.refuse(
        "amount",
        priced & ~there & ~product,
        "is blank, and so is quantity or unit_value",
        "Give the amount, or both of the others; an effect without a price is kind 'unmonetised'",
    )
    rows.refuse(
        "amount",
        there & product,
        "is given beside quantity and unit_value",
        "Leave one of the two out, so that they cannot differ",
    )
    rows.refuse(
        "amount",
        ~priced & (there | product),
        "is given for an effect that is 'unmonetised'",
        "Leave it blank, or choose kind 'benefit' or 'cost'",
    )
    return np.where(there, amount, quantity * unit)


def _ranges(rows: Rows, table: pd.DataFrame, priced: np.ndarray) -> None:
    for role in ("low", "high"):
        table[role] = _money(rows, role)
    low, high, amount = (table[one].to_numpy() for one in ("low", "high", "amount"))
    rows.refuse(
        "low",
        np.isnan(low) != np.isnan(high),
        "and high belong together, and one is blank",
        "Give both, or neither where there is no doubt",
    )
    wrong = priced & ~np.isnan(low) & ~((low <= amount) & (amount <= high))
    rows.refuse(
        "low",
        wrong,
        "and high must enclose the amount",
        "Give low, amount and high in this order of size, all in pounds a year",
    )


def _years(rows: Rows, table: pd.DataFrame, priced: np.ndarray) -> None:
    for role in ("first_year", "last_year", "delay"):
        table[role] = rows.numbers(
            role,
            f"must be a whole number from 0 to {MOST_YEARS}",
            "Count years from the start of the programme, which is year 0",
            legal=lambda x: (x >= 0) & (x == np.floor(x)) & (x <= MOST_YEARS),
        )
    first = table["first_year"].to_numpy()
    rows.refuse(
        "first_year",
        priced & np.isnan(first),
        "must be filled in",
        "The programme begins in year 0",
    )
    table["last_year"] = table["last_year"].fillna(table["first_year"])
    rows.refuse(
        "last_year",
        priced & (table["last_year"].to_numpy() < first),
        "must not be before first_year",
        "Correct one of the two",
    )
    late = (table["delay"].fillna(0) > 0).to_numpy() & (table["kind"] != "benefit").to_numpy()
    rows.refuse("delay", late, "is for benefits only", "Change the years of a cost instead")
    table["delay"] = table["delay"].fillna(0.0)


def _percents(rows: Rows, table: pd.DataFrame, priced: np.ndarray, benefit: np.ndarray) -> None:
    for role in PERCENTS:
        most = 100.0 if role != "optimism" else 1000.0
        values = rows.numbers(
            role,
            f"must be a percentage from 0 to {most:g}",
            "Write 30 for 30%",
            legal=partial(_between, most),
            percent=True,
        )
        if role == "attribution":
            signed = rows.frame[role].str.endswith("%").to_numpy(dtype=bool)
            rows.refuse(
                role,
                ~signed & (values == 1),
                "may be a share instead of a percentage",
                "Write 100 if all of it is due to the programme; or 1% with the sign",
            )
        needed = benefit if role != "optimism" else benefit | (table["kind"] == "cost").to_numpy()
        advice = (
            "write 100 if all of it is due to the programme"
            if role == "attribution"
            else ("write 0 if there is none")
        )
        rows.refuse(
            role,
            needed & np.isnan(values),
            "must be filled in for this kind of line",
            f"Enter the percentage with its basis; {advice}. None is assumed",
        )
        rows.refuse(
            role,
            ~needed & (values > 0) & priced,
            "has no meaning for this kind of line",
            "Leave it blank",
        )
        if role == "optimism":
            rows.refuse(
                role,
                benefit & (values > 100),
                "must be at most 100 for a benefit",
                "A benefit cannot be lowered by more than all of it",
            )
        neutral = 100.0 if role == "attribution" else 0.0
        table[role] = np.where(np.isnan(values), neutral, values) / 100


def _between(most: float, values: np.ndarray) -> np.ndarray:
    return (values >= 0) & (values <= most)


def _price_factors(
    rows: Rows,
    priced: np.ndarray,
    base: int,
    deflators: Mapping[int, float] | None,
) -> np.ndarray:
    if not is_whole(base) or not 1900 <= base <= 2200:
        raise DataError(
            f"price_base must be the year in whose prices the result is, as 2026; got {base!r}."
        )
    index = {}
    for year, value in (deflators or {}).items():
        if not is_whole(year) or not is_number(value) or value <= 0:
            raise DataError(
                "deflators: a positive index is needed for each year, such as {2023: 94.1, 2026: "
                f"100}}; got {year!r}: {value!r}."
            )
        index[int(year)] = float(value)
    years = rows.numbers(
        "price_year",
        "must be a year, such as 2026",
        "Write the year with four digits",
        legal=lambda x: (x >= 1900) & (x <= 2200) & (x == np.floor(x)),
    )
    rows.refuse(
        "price_year",
        priced & np.isnan(years),
        "must be filled in",
        f"Write the year in whose prices the amount is; {base} if it is that of price_base",
    )
    other = sorted({int(one) for one in years[priced] if one != base})
    if missing := [str(one) for one in ([*other, base] if other else []) if one not in index]:
        raise DataError(
            f"deflators: there are prices of {shortened(map(str, other))} and the base is {base}; "
            f"no index is known for {shortened(missing)}. Give one of a published series, such as "
            f"deflators={{{other[0]}: ..., {base}: ...}}; Arrowroot comes with none."
        )
    # In the prices of the base: times the index of the base, over that of the line's year.
    return np.array(
        [1.0 if np.isnan(one) or one == base else index[base] / index[int(one)] for one in years]
    )


def path_words(path: tuple[str, ...]) -> str:
    """Return a path of boxes in words."""
    return " → ".join(map(label, path))
