"""How far people have travelled: shares that went up, stayed and went down, area by area."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted, label, shortened
from synthesis.coding.comparison import share_interval
from synthesis.evaluation.distance.pairs import KEPT, Readings, gap_words, read_readings
from synthesis.evaluation.paired import sign_test, signed_ranks
from synthesis.evaluation.reading import each

CORRECTIONS = {
    "holm": "Holm's correction",
    "bonferroni": "Bonferroni's correction",
    "fdr_bh": "the false discovery rate of Benjamini and Hochberg",
    "none": "no correction",
}
NO_ATTRIBUTION = (
    "Change is not effect: without people who did not take part, nothing here says what brought "
    "the change about."
)
REGRESSION = (
    "Who starts at the bottom can only go up, and an unusually low first reading is followed by a "
    "higher one on average even if nothing is done (regression to the mean): read the shares "
    "beside by_start."
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
        return f"{'. '.join(parts)}. {NO_ATTRIBUTION}"

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


def distance_travelled(
    readings: pd.DataFrame | str | os.PathLike[str],
    *,
    scale: tuple[float, float],
    better: str = "higher",
    person: str = "person",
    area: str = "area",
    date: str = "date",
    score: str = "score",
    by: str | Sequence[str] = (),
    level: float = 0.95,
    correction: str = "holm",
) -> DistanceTravelled:
    """Compare the first and the last reading of each person in each area.

    For readings on a ladder, such as those of an Outcomes Star or of PSIAMS. Only people with
    both readings are compared; all others are listed. No licensed scale comes with Arrowroot:
    areas and scores are those of your own table.

    Parameters
    ----------
    readings : DataFrame or path
        Long table, one row for each person, area and day; a blank score means that the area was
        not scored. `synthesis.evaluation_template` writes an empty one.
    scale : (float, float)
        The lowest and the highest possible score.
    better : {"higher", "lower"}
        Which scores are better.
    person, area, date, score : str
        Its columns; days are written as 2026-05-04.
    by : str or sequence of str
        Columns that group people, such as a cohort or a ward: results are given for everyone and
        for each group.
    level : float
        Confidence level of the exact (Clopper-Pearson) intervals.
    correction : {"holm", "bonferroni", "fdr_bh", "none"}
        How p-values of several areas are corrected, among everyone and within each group.

    Returns
    -------
    DistanceTravelled

    Raises
    ------
    DataError
        For a score off the scale, two scores of a person in an area on one day, a date that
        could be read in two ways, and other faults, with line, person, area and what to do.

    Notes
    -----
    Steps of a ladder are ranks: medians, the sign test and Wilcoxon's signed ranks (exact, with
    ties) are used, never means alone. Signed ranks compare sizes of change and so assume more
    than the sign test.

    Examples
    --------
    >>> made_up = pd.DataFrame({"person": ["a", "a", "b", "b", "c"], "area": "money",
    ...                         "date": ["2026-01-05", "2026-06-05"] * 2 + ["2026-01-05"],
    ...                         "score": [2, 4, 3, 3, 1]})
    >>> found = distance_travelled(made_up, scale=(1, 5))
    >>> print(str(found).splitlines()[0])
    Distance travelled: 2 of 3 people with a first and a last reading, in 1 area: money 1 up, 1
    same, 0 down
    """
    confidence_level(level)
    one_of("better", better, ("higher", "lower"))
    one_of("correction", correction, list(CORRECTIONS))
    groups = (by,) if isinstance(by, str) else tuple(by)
    columns = {"person": person, "area": area, "date": date, "score": score}
    if clash := [one for one in groups if one in {*columns, *columns.values(), *KEPT, "why"}]:
        raise DataError(
            f"by: {shortened(clash)} is a name that the readings or the result need. Rename it."
        )
    read = read_readings(readings, scale, columns, groups)
    pairs = read.pairs
    sign = 1.0 if better == "higher" else -1.0
    best = read.scale[1] if better == "higher" else read.scale[0]
    records = []
    parts = [("everyone", pairs, read.unpaired)]
    for name in groups:
        values = dict.fromkeys([*pairs[name], *read.unpaired[name]])
        parts += [
            (f"{name}: {one}", pairs[pairs[name] == one], read.unpaired[read.unpaired[name] == one])
            for one in values
        ]
    for title, some, others in parts:
        own = [
            _area_row(
                one,
                title,
                some[some["area"] == one],
                int((others["area"] == one).sum()),
                sign,
                best,
                level,
            )
            for one in read.areas
        ]
        adjusted = _adjusted([row["signed_rank_p"] for row in own], correction)
        records += [
            {**row, "adjusted_p": p} for row, p in zip(own, adjusted, strict=True) if row["people"]
        ]
    return DistanceTravelled(
        areas=TextTable(records),
        pairs=TextTable(pairs),
        unpaired=TextTable(read.unpaired),
        missing=_missing(read),
        by_start=_by_start(read, sign),
        level=level,
        better=better,
        correction=correction,
        scale=read.scale,
        notes=tuple(_notes(read, records, correction, better)),
        _read=read,
    )


def _area_row(
    area: str, group: str, own: pd.DataFrame, others: int, sign: float, best: float, level: float
) -> dict[str, object]:
    change = sign * own["change"].to_numpy(dtype=float)
    n, up, down = len(change), int((change > 0).sum()), int((change < 0).sum())
    at_best = int((own["first"] == best).sum())
    ci = share_interval(up, n, level=level) if n else (np.nan, np.nan)
    share = 100 / n if n else np.nan
    ranks = signed_ranks(change)
    return {
        "area": area,
        "group": group,
        "people": n + others,
        "paired": n,
        "up": up,
        "same": n - up - down,
        "down": down,
        "percent_up": up * share,
        "ci_low": 100 * ci[0],
        "ci_high": 100 * ci[1],
        "percent_same": (n - up - down) * share,
        "percent_down": down * share,
        "at_best": at_best,
        "percent_up_of_possible": 100 * up / (n - at_best) if n > at_best else np.nan,
        "median_first": float(own["first"].median()) if n else np.nan,
        "median_last": float(own["last"].median()) if n else np.nan,
        "sign_p": sign_test(up, down),
        "signed_rank_p": ranks.p_value,
        "signed_rank_exact": ranks.exact,
    }


def _adjusted(p_values: Sequence[object], correction: str) -> list[float]:
    p = np.array(p_values, dtype=float)
    there = ~np.isnan(p)
    if correction != "none" and there.sum() > 1:
        from statsmodels.stats.multitest import multipletests

        p[there] = multipletests(p[there], method=correction)[1]
    return p.tolist()


def _missing(read: Readings) -> pd.DataFrame:
    records = []
    for area in read.areas:
        own = read.pairs.loc[read.pairs["area"] == area, "first"]
        alone = read.unpaired[(read.unpaired["area"] == area)]
        scored = alone["score"].dropna()
        records.append(
            {
                "area": area,
                "paired": len(own),
                "median_first_paired": float(own.median()) if len(own) else np.nan,
                "one_reading": len(scored),
                "median_first_one_reading": float(scored.median()) if len(scored) else np.nan,
                "never_scored": int(alone["score"].isna().sum()),
            }
        )
    return pd.DataFrame(records)


def _by_start(read: Readings, sign: float) -> pd.DataFrame:
    records = []
    for area in read.areas:
        own = read.pairs[read.pairs["area"] == area]
        for first, some in own.groupby("first"):
            change = sign * some["change"]
            records.append(
                {
                    "area": area,
                    "first": first,
                    "n": len(some),
                    "up": int((change > 0).sum()),
                    "same": int((change == 0).sum()),
                    "down": int((change < 0).sum()),
                    "mean_change": float(some["change"].mean()),
                }
            )
    names = ["area", "first", "n", "up", "same", "down", "mean_change"]
    return pd.DataFrame(records, columns=names)


def _notes(
    read: Readings, records: Sequence[dict[str, object]], correction: str, better: str
) -> Iterable[str]:
    everyone = [row for row in records if row["group"] == "everyone"]
    if better == "lower":
        yield "Lower scores are better: up means a lower last score."
    if len(read.unpaired):
        people = list(dict.fromkeys(read.unpaired["person"]))
        reasons = read.unpaired["why"].value_counts()
        said = "; ".join(f"{why} {count:,}" for why, count in reasons.items())
        yield (
            f"Without a pair and not compared: {len(read.unpaired):,} of "
            f"{len(read.unpaired) + len(read.pairs):,} combinations of person and area, of "
            f"{counted(len(people), 'person', 'people')} ({shortened(people)}): {said}. People who "
            "leave often differ from those who stay, so the shares may flatter; missing compares "
            "their first scores."
        )
    if len(read.pairs):
        yield f"First and last reading are {gap_words(read.pairs['days'])} apart."
    else:
        yield "Nobody has two readings, so there is nothing to compare."
    if at_best := sum(int(str(row["at_best"])) for row in everyone):
        yield (
            f"{counted(at_best, 'pair')} started at the best score and could not go up (ceiling); "
            "percent_up_of_possible leaves them out."
        )
    if better and len(read.pairs):
        yield REGRESSION
    if any(row["signed_rank_exact"] is False for row in records):
        yield "With more than 500 changed pairs, signed ranks use the normal approximation."
    if len(read.areas) > 1:
        yield (
            f"{len(read.areas)} areas are tested; corrected p-values: {CORRECTIONS[correction]}. "
            "Areas of one person are related, and a single area that stands out was not chosen "
            "beforehand."
        )
    yield NO_ATTRIBUTION
    yield from read.notes
