"""The result of comparing first and last readings: tables, one person, and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.text import counted, label, shortened
from synthesis.evaluation.distance.pairs import Readings
from synthesis.evaluation.reading import each

NO_ATTRIBUTION = (
    "Change is not effect: without people who did not take part, nothing here says what brought "
    "the change about."
)


@dataclass(frozen=True, eq=False, repr=False)
class DistanceTravelled(display.Shown):
    """The result of `distance_travelled`; "up" is towards the better score.

    Attributes
    ----------
    areas : DataFrame
        One row per area, and per group if there are any: ``people``, ``paired``, ``up``,
        ``same``, ``down``, ``percent_up`` with ``ci_low`` and ``ci_high``, ``percent_same``,
        ``percent_down``, ``at_best`` (pairs that started at the best score and could not go up),
        ``percent_up_of_possible``, ``median_first``, ``median_last``, ``sign_p``,
        ``signed_rank_p``, ``signed_rank_exact``, ``adjusted_p`` (of ``signed_rank_p``).
    pairs : DataFrame
        One row per person and area with a pair: first and last day and score, days between,
        ``change`` (last minus first score).
    unpaired : DataFrame
        Everybody without a pair, and why.
    missing : DataFrame
        One row per area: the first scores of those who have a pair beside those who have one
        reading only.
    by_start : DataFrame
        One row per area and first score: ``n``, ``up``, ``same``, ``down``, ``mean_change``.
    level : float
        Confidence level of the intervals.
    better : str
        ``"higher"`` or ``"lower"``.
    correction : str
        How the p-values of several areas were corrected.
    notes : tuple of str
        What must be said with the result.
    """

    areas: pd.DataFrame
    pairs: pd.DataFrame
    unpaired: pd.DataFrame
    missing: pd.DataFrame
    by_start: pd.DataFrame
    level: float
    better: str
    correction: str
    scale: tuple[float, float]
    notes: tuple[str, ...]
    _read: Readings

    def to_frame(self) -> pd.DataFrame:
        """Return `areas` at full precision."""
        return self.areas

    def transitions(self, area: str) -> pd.DataFrame:
        """Return how many went from each score to each other one, in one area.

        Parameters
        ----------
        area : str
            Its name.

        Returns
        -------
        DataFrame
            First scores down, last scores across, with margins named ``total``.
        """
        name = self._area(area)
        own = self.pairs[self.pairs["area"] == name]
        known = sorted({*own["first"], *own["last"]})
        table = pd.crosstab(
            pd.Categorical(own["first"], known), pd.Categorical(own["last"], known), dropna=False
        )
        table.index = pd.Index([f"{one:g}" for one in known], name="first")
        table.columns = pd.Index([f"{one:g}" for one in known], name="last")
        table["total"] = table.sum(axis=1)
        table.loc["total"] = table.sum(axis=0)
        return table

    def person(self, name: object) -> pd.DataFrame:
        """Return one person's first and last scores, and the areas without a pair.

        Parameters
        ----------
        name : str
            As in the column of people.

        Returns
        -------
        DataFrame
            One row per area.
        """
        asked = label(name)
        own = self.pairs[self.pairs["person"] == asked]
        alone = self.unpaired[self.unpaired["person"] == asked]
        if own.empty and alone.empty:
            known = list(dict.fromkeys([*self.pairs["person"], *self.unpaired["person"]]))
            raise DataError(
                f"person: there is nobody called {asked!r}; there are {shortened(known)}."
            )
        together = pd.concat(
            [own.assign(why=""), alone.rename(columns={"score": "first"})] if len(alone) else [own],
            ignore_index=True,
        )
        order = {area: at for at, area in enumerate(self._read.areas)}
        names = ["area", "first_day", "last_day", "first", "last", "change"]
        names += ["why"] if len(alone) else []
        return TextTable(
            together.sort_values("area", key=lambda x: x.map(order))[names].reset_index(drop=True)
        )

    def sentence(self) -> str:
        """Return the result in words, for a report."""
        overall = self.areas[self.areas["group"] == "everyone"]
        parts = [
            f"{row.area}: {row.up} of {row.paired} up "
            f"({row.percent_up:.0f}%, {100 * self.level:g}% CI {row.ci_low:.0f} to "
            f"{row.ci_high:.0f}), {row.same} the same, {row.down} down"
            for row in each(overall)
            if row.paired
        ]
        return f"{'. '.join(parts) or 'Nobody has two readings'}. {NO_ATTRIBUTION}"

    def _area(self, area: str) -> str:
        return one_of("area", label(area), self._read.areas)

    def _title(self) -> str:
        people = {*self.pairs["person"], *self.unpaired["person"]}
        paired = self.pairs["person"].nunique()
        return (
            f"Distance travelled: {paired} of {counted(len(people), 'person', 'people')} with a "
            f"first and a last reading, in {counted(len(self._read.areas), 'area')}"
        )

    def _headings(self) -> Sequence[str]:
        return (
            "Area",
            "Group",
            "Pairs",
            "Up",
            "Same",
            "Down",
            f"% up [{100 * self.level:g}% CI]",
            "Median first, last",
            "p, sign",
            "p, signed ranks",
            "p, corrected",
        )

    def _rows(self) -> Iterable[Sequence[str]]:
        return [
            (
                str(row.area),
                str(row.group),
                f"{row.paired} of {row.people}",
                f"{row.up}",
                f"{row.same}",
                f"{row.down}",
                f"{display.number(row.percent_up, 0)} "
                f"{display.interval((row.ci_low, row.ci_high), 0)}",
                f"{display.number(row.median_first, 1)}, {display.number(row.median_last, 1)}",
                display.p_value(row.sign_p).removeprefix("= "),
                display.p_value(row.signed_rank_p).removeprefix("= "),
                display.p_value(row.adjusted_p).removeprefix("= "),
            )
            for row in each(self.areas)
        ]

    def _line(self) -> str:
        overall = self.areas[self.areas["group"] == "everyone"]
        said = [
            f"{row.area} {row.up} up, {row.same} same, {row.down} down" for row in each(overall)
        ]
        return f"{self._title()}: {'; '.join(said)}"

    def _notes(self) -> Sequence[str]:
        return self.notes
