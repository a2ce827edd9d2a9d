"""Are the printed statistics of a Delphi item those of its printed ratings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.options import is_whole, thing
from arrowroot.text import did_you_mean
from synthesis.evaluation.delphi.rule import QUANTILES, RAND_SCALE, DelphiRule, read_band
from synthesis.evaluation.delphi.statistics import CONSTANT, FACTOR, item_statistics
from synthesis.evaluation.reading import each
from synthesis.reproduce.printed import Printed, parse

NAMES = {
    "n": "ratings",
    "median": "median",
    "q1": "lower quartile",
    "q3": "upper quartile",
    "iqr": "interquartile range",
    "percent_agree": "percent agreeing",
    "p30": "30th percentile",
    "p70": "70th percentile",
    "ipr": "interpercentile range (IPR)",
    "iprcp": "central point of the IPR (IPRCP)",
    "asymmetry": "asymmetry index",
    "ipras": "IPR adjusted for symmetry (IPRAS)",
    "disagreement": "disagreement",
    "constant": "constant in IPRAS",
}
ONLY_ON_NINE = NAMES.keys() - {"n", "median", "q1", "q3", "iqr", "percent_agree"}
SLACK = 1e-9
"""For the rounding errors of what is recomputed."""


@dataclass(frozen=True, eq=False, repr=False)
class DelphiCheck(display.Shown):
    """What `check_delphi` found.

    Attributes
    ----------
    table : DataFrame
        One row per printed statistic: ``statistic``, ``printed``, ``recomputed``, ``verdict``
        (``"as printed"``, ``"differs"``), ``note``.
    notes : tuple of str
        What follows from it.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.table

    def _title(self) -> str:
        wrong = int((self.table["verdict"] == "differs").sum())
        return f"Printed statistics of an item: {len(self.table) - wrong} as printed, {wrong} not"

    def _headings(self) -> Sequence[str]:
        return ("Statistic", "Printed", "Recomputed", "Verdict", "Note")

    def _rows(self) -> Sequence[Sequence[str]]:
        return [[NAMES[str(one)], *map(str, rest)] for one, *rest in each(self.table)]

    def _line(self) -> str:
        wrong = self.table[self.table["verdict"] == "differs"]
        named = [f"{NAMES[row.statistic]} {row.printed}: {row.note}" for row in each(wrong)]
        return "; ".join([self._title(), *named])

    def _notes(self) -> Sequence[str]:
        return self.notes


def check_delphi(
    counts: Sequence[int],
    *,
    printed: Mapping[str, str | bool],
    scale: tuple[int, int] = RAND_SCALE,
    agree: tuple[int, int] | None = None,
) -> DelphiCheck:
    """Recompute what a report prints of an item from how often each rating was given.

    Parameters
    ----------
    counts : sequence of int
        How many gave each rating, from the lowest to the highest of the scale.
    printed : mapping of str to str
        What is printed, as text, so that its digits count: some of ``n median q1 q3 iqr
        percent_agree p30 p70 ipr iprcp asymmetry ipras``; ``disagreement`` as True or False;
        ``constant``, the number that is added in the printed formula of IPRAS.
    scale : (int, int)
        The lowest and the highest rating.
    agree : (int, int), optional
        The ratings that count as agreeing, for ``percent_agree``.

    Returns
    -------
    DelphiCheck
        Quartiles and percentiles are as printed if either usual interpolation gives them.

    Raises
    ------
    DataError, OptionError
        If the counts do not fit the scale, or a statistic is unknown.

    Examples
    --------
    >>> printed = {"median": "7.0", "ipras": "6.1", "constant": "2.5"}
    >>> found = check_delphi([0, 0, 0, 1, 1, 1, 5, 5, 2], printed=printed)
    >>> found.table["verdict"].tolist()
    ['as printed', 'as printed', 'differs']
    """
    low, high = scale = read_band("scale", scale, None)
    given: list[int] = list(counts) if isinstance(counts, Iterable) else []
    good = len(given) == high - low + 1 and all(is_whole(one) and one >= 0 for one in given)
    if not good or not sum(given):
        raise DataError(
            f"counts: one whole number of 0 or more is needed for each of the {high - low + 1} "
            f"ratings from {low} to {high}, and at least one rating; got "
            f"{given or thing(counts)}."
        )
    agree = None if agree is None else read_band("agree", agree, scale)
    for name in printed:
        if name not in NAMES:
            raise OptionError(
                f"printed: unknown statistic {name!r}; use {', '.join(NAMES)}."
                f"{did_you_mean(name, NAMES)}"
            )
    if scale != RAND_SCALE and (bad := [name for name in printed if name in ONLY_ON_NINE]):
        raise OptionError(
            f"printed: {', '.join(bad)} belongs to the RAND/UCLA rule, which is defined on a scale "
            f"from 1 to 9; this one runs from {low} to {high}. Leave it out."
        )
    if "percent_agree" in printed and agree is None:
        raise OptionError("agree: percent_agree needs the range that counts: agree=(7, 9).")
    ratings = np.repeat(np.arange(low, high + 1, dtype=float), np.asarray(given, dtype=int))
    found = {}
    for kind in QUANTILES:
        rule = DelphiRule(
            consensus="iqr",
            iqr_at_most=0,
            rounds=1,
            decided="1970-01-01",
            scale=scale,
            quantiles=kind,
        )
        found[kind] = item_statistics(ratings, rule, len(ratings))
    share = float(100 * ((ratings >= agree[0]) & (ratings <= agree[1])).mean()) if agree else np.nan
    records = []
    for name, text in printed.items():
        if name == "constant":
            continue
        values = [
            share if name == "percent_agree" else getattr(found[kind], name) for kind in QUANTILES
        ]
        records.append(_compared(name, text, values))
    notes = [f"Recomputed from {len(ratings)} ratings; IPRAS = {CONSTANT} + {FACTOR} |5 - IPRCP|."]
    if "constant" in printed:
        row, note = _constant(printed, found["weibull"].asymmetry, found["weibull"].ipras)
        records.append(row)
        notes.append(note)
    columns = ["statistic", "printed", "recomputed", "verdict", "note"]
    return DelphiCheck(pd.DataFrame(records, columns=columns), tuple(notes))


def _compared(name: str, text: object, values: Sequence[float | bool | None]) -> dict[str, str]:
    if name == "disagreement":
        if not isinstance(text, bool | np.bool_):
            raise DataError(f"printed: disagreement must be True or False; got {text!r}.")
        same = values[0] is not None and bool(text) == values[0]
        row = {"printed": str(bool(text)), "recomputed": str(values[0])}
        note = ""
    else:
        read = parse(text, f"printed, {name}")
        fits = [bool(read.holds(float(one or 0), SLACK)) for one in values]
        same = any(fits)
        shown = values[fits.index(True)] if same else values[0]
        row = {"printed": read.text, "recomputed": f"{float(shown or 0):.4g}"}
        kinds = list(QUANTILES)
        note = "" if all(fits) or not same else f"by {QUANTILES[kinds[fits.index(True)]]}"
    return {
        "statistic": name,
        **row,
        "verdict": "as printed" if same else "differs",
        "note": note or ("" if same else "the ratings give another value"),
    }


def _constant(
    printed: Mapping[str, str | bool], asymmetry: float, ipras: float
) -> tuple[dict[str, str], str]:
    """Compare the printed constant with the published one and with the printed IPRAS."""
    read = parse(printed["constant"], "printed, constant")
    would = read.value + FACTOR * asymmetry
    fits = bool(read.holds(CONSTANT, SLACK))
    note = f"the published constant is {CONSTANT}; with {read.text} IPRAS would be {would:.4g}"
    said = f"With the constant {CONSTANT}, IPRAS is {ipras:.4g}."
    if "ipras" in printed:
        own: Printed = parse(printed["ipras"], "printed, ipras")
        low, high = own.low - FACTOR * asymmetry, own.high - FACTOR * asymmetry
        said = (
            f"The printed IPRAS of {own.text} needs a constant from {low:.4g} to {high:.4g}: "
            f"{CONSTANT} "
            + ("is one" if low - SLACK <= CONSTANT <= high + SLACK else "is none")
            + f", {read.text} "
            + (
                "may be one."
                if read.low < high + SLACK and read.high > low - SLACK
                else "is not: a misprint."
            )
        )
    row = {
        "statistic": "constant",
        "printed": read.text,
        "recomputed": f"{CONSTANT}",
        "verdict": "as printed" if fits else "differs",
        "note": "" if fits else note,
    }
    return row, said
