"""The result of setting costs against benefits: totals, what if, tables and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.text import counted
from synthesis.evaluation.reading import each
from synthesis.evaluation.value import doubts, sums
from synthesis.evaluation.value.lines import Lines
from synthesis.evaluation.value.traced import UNTRACED

if TYPE_CHECKING:
    from synthesis.evaluation.value.doubts import Simulation


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
    _given: Mapping[str, Any]
    _again: Callable[[pd.DataFrame], ValueForMoney]

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
        return doubts.scenarios(self, self._given["lines"], self._again, changed)

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
        untraced = flagged["certainty"] == UNTRACED
        for some, where in (
            (flagged[~untraced], "rest on arrows of low or no certainty"),
            (flagged[untraced], "are traced along no arrow"),
        ):
            if some["pv"].sum():
                share = 100 * some["pv"].sum() / self.benefits
                words += f" {share:.0f}% of the benefits {where}."
        return words

    def _payback_words(self) -> str:
        if not self.costs:
            return "There are no costs to pay back."
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
