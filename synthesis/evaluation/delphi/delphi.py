"""A Delphi study: what each round found, how stable it is, who left, and what the rule says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.text import counted, label, shortened
from synthesis.evaluation.delphi import tables
from synthesis.evaluation.delphi.rounds import (
    EVERYONE,
    Rounds,
    item_changes,
    leavers,
    panel,
    read_rounds,
)
from synthesis.evaluation.delphi.rule import QUANTILES, DelphiRule
from synthesis.evaluation.paired import sign_test
from synthesis.evaluation.reading import each

STABILITY_IS_NOT_CONSENSUS = (
    "Stability is not consensus: ratings that no longer move may have settled on different answers."
)
AGREEMENT_IS_NOT_TRUTH = (
    "Agreement is not correctness: it says what these panellists think, not whether they are right."
)
THRESHOLDS = (70.0, 75.0, 80.0)


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
            f"{counted(first, 'panellist')} rated in round 1 and {asked:,} in round {last}. "
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
        wide = self._rounds.of(number).pivot_table(
            index="panellist", columns="item", values="rating", aggfunc="first", observed=True
        )
        records = []
        for one, other in pairs.items():
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
        return pd.DataFrame(records)

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
            added.

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


def delphi(
    ratings: pd.DataFrame | str | os.PathLike[str],
    *,
    rule: DelphiRule,
    agreed: str = "",
    thresholds: Sequence[float] = THRESHOLDS,
    round: str = "round",  # noqa: A002  (the field's own word, and the column's)
    panellist: str = "panellist",
    item: str = "item",
    rating: str = "rating",
    group: str = "group",
    comment: str = "comment",
    wording: str = "wording",
    date: str = "date",
) -> Delphi:
    """Say what the rounds of a Delphi study found, by a rule that was agreed beforehand.

    Parameters
    ----------
    ratings : DataFrame or path
        Long table, one row for each panellist and item of a round; a blank rating means that the
        panellist saw the item and skipped it. `synthesis.evaluation_template` writes an empty
        one.
    rule : DelphiRule
        What counts as consensus, and when the rounds end.
    agreed : str
        The rule's ``fingerprint`` as the protocol gives it: another rule is then refused. Without
        it the result says that nothing shows the rule to be the one agreed.
    thresholds : sequence of float
        Percentages for the sensitivity analysis.
    round, panellist, item, rating : str
        Columns that must be there.
    group, comment, wording, date : str
        Columns that may be there: the panellist's group; a remark; the item as it was worded in
        this round; the day, as 2026-05-04.

    Returns
    -------
    Delphi

    Raises
    ------
    DataError
        For a rating off the scale, two ratings of one item by one panellist in a round, more
        rounds than the rule allows, and other faults, with line, panellist, item and what to do.

    References
    ----------
    Diamond 2014, J Clin Epidemiol 67:401; Gattrell 2024, PLoS Med 21:e1004326 (ACCORD); Holey 2007,
    BMC Med Res Methodol 7:52 (stability between rounds).

    Examples
    --------
    >>> rule = DelphiRule(consensus="percent", agree=(7, 9), at_least=75, rounds=2,
    ...                   decided="2026-11-30")
    >>> made_up = pd.DataFrame({"round": [1] * 4 + [2] * 4, "panellist": list("abcdabcd"),
    ...                         "item": "safety", "rating": [7, 8, 5, 3, 7, 8, 7, 4]})
    >>> print(str(delphi(made_up, rule=rule, agreed=rule.fingerprint)).splitlines()[0])
    Delphi: 1 item, 2 rounds, 4 panellists; consensus on 1 of 1 (safety)
    """
    if not isinstance(rule, DelphiRule):
        raise OptionError(
            "rule: a DelphiRule is needed, such as DelphiRule(consensus='percent', agree=(7, 9), "
            "at_least=75, rounds=3, decided='2026-11-30'), or DelphiRule.read('rule.yaml'); got "
            f"{type(rule).__name__}."
        )
    if agreed and label(agreed) != rule.fingerprint:
        raise DataError(
            f"agreed: the rule is not the one agreed: its fingerprint is {rule.fingerprint}, the "
            f"one agreed {agreed}. Give the agreed rule; or leave out agreed and report that the "
            "rule was changed after round one."
        )
    columns = {
        "round": round,
        "panellist": panellist,
        "item": item,
        "rating": rating,
        "group": group,
        "comment": comment,
        "wording": wording,
        "date": date,
    }
    rounds = read_rounds(ratings, rule, columns)
    changes = item_changes(rounds)
    items = tables.items(rounds, rule)
    whole = items[(items["group"] == EVERYONE)]
    last = whole.groupby("item", sort=False)["round"].transform("max")
    results = whole[whole["round"] == last].drop(columns="group").reset_index(drop=True)
    stability = tables.stability(rounds, rule, changes)
    people = panel(rounds)
    comments = rounds.table[rounds.table["comment"] != ""]
    return Delphi(
        rule=rule,
        items=TextTable(items),
        results=TextTable(results),
        stability=TextTable(stability),
        panel=TextTable(people),
        leavers=leavers(rounds, rule),
        changes=TextTable(changes),
        sensitivity=tables.sensitivity(rounds, rule, results, thresholds),
        comments=TextTable(comments.drop(columns=["rating", "wording"]).reset_index(drop=True)),
        notes=tuple(_notes(rounds, rule, agreed, people, stability, changes)),
        _rounds=rounds,
    )


def _notes(
    rounds: Rounds,
    rule: DelphiRule,
    agreed: str,
    people: pd.DataFrame,
    stability: pd.DataFrame,
    changes: pd.DataFrame,
) -> Iterable[str]:
    yield rule.sentence()
    if not agreed:
        yield (
            "No fingerprint was given (agreed=), so nothing shows that this rule is the one agreed "
            f"before round one. Its fingerprint is {rule.fingerprint}."
        )
    if rounds.first_day and rule.decided > rounds.first_day:
        yield (
            f"The rule is dated {rule.decided}, after the first rating of round one "
            f"({rounds.first_day}): it was not agreed beforehand."
        )
    elif not rounds.first_day:
        yield "The ratings carry no dates, so whether the rule came first is not known."
    yield f"Quartiles and percentiles: {QUANTILES[rule.quantiles]}."
    last = rounds.numbers[-1]
    left = people[people["status"].str.startswith("left")]
    if len(left):
        yield (
            f"{counted(len(left), 'panellist')} of {len(people)} left before round {last}: "
            f"{shortened(left['panellist'])}. Their earlier ratings count in the rounds they took "
            "part in; leavers compares them with the others'."
        )
    skipped = rounds.table[rounds.table["rating"].isna()]
    if len(skipped):
        cells = [f"{row.panellist} ({row.item}, round {row.round})" for row in each(skipped)]
        yield f"Skipped: {shortened(cells)}."
    dropped = changes[changes["change"] == "dropped"]["item"]
    if len(dropped):
        yield f"Results of {shortened(dropped)} are from the last round in which each was rated."
    reworded = changes[changes["change"] == "reworded"]["item"]
    if len(reworded):
        yield (
            "Reworded between rounds, so that stability compares two wordings: "
            f"{shortened(reworded)}."
        )
    if len(rounds.numbers) > 1:
        yield _stop(rule, last, stability)
        yield STABILITY_IS_NOT_CONSENSUS
    else:
        yield "One round: nothing is known of stability."
    yield AGREEMENT_IS_NOT_TRUTH
    yield from rounds.notes


def _stop(rule: DelphiRule, last: int, stability: pd.DataFrame) -> str:
    now = stability[stability["to_round"] == last]
    pairs, moved = int(now["n"].sum()), int((now["up"] + now["down"]).sum())
    if not pairs:
        return f"No rating of round {last} can be paired with one of the round before."
    words = f"From round {last - 1} to {last}, {moved} of {counted(pairs, 'paired rating')} moved "
    words += f"({100 * moved / pairs:.1f}%). "
    if rule.stable_at is not None and 100 * moved <= rule.stable_at * pairs:
        return words + f"By the rule the rounds end: at most {rule.stable_at:g}% moved."
    if last == rule.rounds:
        return words + f"By the rule the rounds end: {last} were allowed."
    return words + f"The rule allows a further round ({rule.rounds} at most)."
