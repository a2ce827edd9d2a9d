"""The result of a Delphi study: its tables, in words, and the sheets of the next round."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import counted, label, shortened
from synthesis.evaluation.delphi.rounds import Rounds
from synthesis.evaluation.delphi.rule import DelphiRule
from synthesis.evaluation.paired import sign_test
from synthesis.evaluation.reading import each

STABILITY_IS_NOT_CONSENSUS = (
    "Stability is not consensus: ratings that no longer move may have settled on different answers."
)
AGREEMENT_IS_NOT_TRUTH = (
    "Agreement is not correctness: it says what these panellists think, not whether they are right."
)


@dataclass(frozen=True, eq=False, repr=False)
class Delphi(display.Shown):
    """The result of `delphi`.

    Attributes
    ----------
    rule : DelphiRule
        What counts as consensus.
    items : DataFrame
        One row per round, item and group (``everyone`` first): ``asked`` (who took part in the
        round), ``n`` (who rated), ``skipped``, ``median``, ``q1``, ``q3``, ``iqr``, ``agree``,
        ``percent_agree``, ``against``, ``percent_against``, the RAND/UCLA statistics ``p30 p70
        ipr iprcp asymmetry ipras disagreement``, ``consensus`` and ``why``. The rule is applied
        to everyone and, for comparison, to each group.
    results : DataFrame
        The rows of everyone in the last round in which each item was rated.
    stability : DataFrame
        One row per pair of consecutive rounds and item: ``n`` panellists who rated it in both,
        ``up``, ``down``, ``same``, ``percent_moved``, ``kappa_linear``, ``kappa_quadratic``,
        ``reworded``, ``why`` (why a kappa is undefined or must be read with care).
    panel : DataFrame
        One row per panellist, with the rounds they took part in and their ``status``.
    leavers : DataFrame
        Ratings of those who left beside those of the others, in their last round.
    changes : DataFrame
        Items added, dropped and reworded.
    sensitivity : DataFrame
        Whether each item reaches consensus in its last round at other thresholds.
    comments : DataFrame
        Every comment.
    notes : tuple of str
        What must be said with the result.
    """

    rule: DelphiRule
    items: pd.DataFrame
    results: pd.DataFrame
    stability: pd.DataFrame
    panel: pd.DataFrame
    leavers: pd.DataFrame
    changes: pd.DataFrame
    sensitivity: pd.DataFrame
    comments: pd.DataFrame
    notes: tuple[str, ...]
    _rounds: Rounds

    def to_frame(self) -> pd.DataFrame:
        """Return `items` at full precision."""
        return self.items

    @property
    def ratings(self) -> pd.DataFrame:
        """The ratings as they were read, one row for each panellist and item of a round."""
        return self._rounds.table.copy()

    def sentence(self) -> str:
        """Return the result in words, for a report."""
        last = self._rounds.numbers[-1]
        asked = self._rounds.of(last)["panellist"].nunique()
        first = self._rounds.of(1)["panellist"].nunique()
        reached = len(self._reached())
        return (
            f"{counted(first, 'panellist')} took part in round 1 and {asked:,} in round {last}. "
            f"{reached} of {counted(len(self.results), 'item')} reached consensus. "
            f"{self.rule.sentence()} {STABILITY_IS_NOT_CONSENSUS} {AGREEMENT_IS_NOT_TRUTH}"
        )

    def contrast(self, pairs: Mapping[str, str], *, round: int | None = None) -> pd.DataFrame:  # noqa: A002
        """Compare two items as rated by the same people, such as what should and what does.

        Parameters
        ----------
        pairs : mapping of str to str
            One item -> the other, such as ``{"cost should": "cost does"}``.
        round : int, optional
            The round; by default the last.

        Returns
        -------
        DataFrame
            One row per pair: ``n`` who rated both, both medians, ``higher`` (the first rated
            above the second), ``same``, ``lower``, and ``p_value`` of the exact sign test.

        Raises
        ------
        DataError
            If an item was not rated in that round.
        """
        number = self._rounds.numbers[-1] if round is None else round
        if number not in self._rounds.numbers:
            raise DataError(
                f"round: there is no round {number!r}; use one of "
                f"{', '.join(map(str, self._rounds.numbers))}."
            )
        wide = self._rounds.of(number).pivot_table(
            index="panellist", columns="item", values="rating", aggfunc="first", observed=True
        )
        records = []
        for one, other in pairs.items():
            if label(one) == label(other):
                raise DataError(
                    f"pairs: {label(one)!r} is compared with itself. Name another item."
                )
            for name in (label(one), label(other)):
                if name not in wide:
                    raise DataError(
                        f"pairs: nobody rated the item {name!r} in round {number}; the items are "
                        f"{shortened(map(repr, wide.columns))}."
                    )
            both = wide[[label(one), label(other)]].dropna()
            apart = both.iloc[:, 0] - both.iloc[:, 1]
            higher, lower = int((apart > 0).sum()), int((apart < 0).sum())
            medians = both.median()
            records.append(
                {
                    "first": label(one),
                    "second": label(other),
                    "n": len(both),
                    "median_first": medians.iloc[0],
                    "median_second": medians.iloc[1],
                    "higher": higher,
                    "same": len(both) - higher - lower,
                    "lower": lower,
                    "p_value": sign_test(higher, lower),
                }
            )
        names = ["first", "second", "n", "median_first", "median_second"]
        return pd.DataFrame(records, columns=[*names, "higher", "same", "lower", "p_value"])

    def feedback_sheets(
        self, folder: str | os.PathLike[str], *, items: Iterable[str] | None = None
    ) -> list[Path]:
        """Write a sheet for each panellist of the last round, for the next round.

        Parameters
        ----------
        folder : path
            Where; created if it is missing. A file that exists is never overwritten.
        items : iterable of str, optional
            The items of the next round; by default those of the last round. New ones may be
            added. One item alone may be given without a list.

        Returns
        -------
        list of Path
            One workbook per panellist: their own rating, the panel's median, quartiles and
            percentages, what others wrote without their names, and empty cells for the new
            rating and a comment. `synthesis.read_ratings` reads them back. Nothing is sent.

        Raises
        ------
        DataError
            If the rule allows no further round.
        FileError
            If a file exists.
        """
        from synthesis.evaluation.delphi.feedback import write_feedback

        return write_feedback(self._rounds, self.rule, self.items, folder, items)

    def reporting(self) -> pd.DataFrame:
        """Return what a report should say, filled in as far as the ratings tell it.

        Returns
        -------
        DataFrame
            One row per topic: ``section``, ``topic``, ``from_the_ratings``, and ``to_add``, which
            is empty and yours to fill in: `to_excel` saves it.

        References
        ----------
        The sections are those of ACCORD (Gattrell 2024, PLoS Med 21:e1004326), whose 35 items are
        to be reported one by one; the topics are worded after the review behind it (van Zuuren
        2022, BMJ Open 12:e065154, table 2).
        """
        from synthesis.evaluation.delphi.reporting import reporting_table

        return reporting_table(self, self._rounds)

    def _reached(self) -> list[str]:
        """Return the items with consensus; None, where nobody rated, is neither yes nor no."""
        return [row.item for row in each(self.results) if row.consensus is True]

    def _title(self) -> str:
        rounds, people = self._rounds.numbers[-1], len(self.panel)
        return (
            f"Delphi: {counted(len(self.results), 'item')}, {counted(rounds, 'round')}, "
            f"{counted(people, 'panellist')}"
        )

    def _headings(self) -> Sequence[str]:
        return ("Item", "Round", "n", "Median", "IQR", "Agree", "Consensus", "Why")

    def _rows(self) -> Iterable[Sequence[str]]:
        return [
            (
                str(row["item"]),
                f"{row['round']}",
                f"{row['n']} of {row['asked']}",
                display.number(row["median"], 1),
                display.number(row["iqr"], 2),
                display.number(row["percent_agree"], 1)
                + ("" if np.isnan(row["percent_agree"]) else "%"),
                {True: "yes", False: "no"}.get(row["consensus"], "–"),
                str(row["why"]),
            )
            for _, row in self.results.iterrows()
        ]

    def _line(self) -> str:
        reached = self._reached()
        named = f" ({shortened(reached)})" if len(reached) else ""
        return f"{self._title()}; consensus on {len(reached)} of {len(self.results)}{named}"

    def _notes(self) -> Sequence[str]:
        return self.notes
