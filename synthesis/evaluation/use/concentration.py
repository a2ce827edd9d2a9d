"""How concentrated use is: Lorenz curve, Gini coefficient, top shares, and what becomes of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import confidence_level, is_whole, number_list, one_of, seed_of
from arrowroot.text import counted, label, shortened
from synthesis.coding.ratings import natural
from synthesis.evaluation.reading import Rows, each
from synthesis.evaluation.use.lorenz import one_year
from synthesis.evaluation.use.years import compared

TOPS = (1.0, 3.0, 5.0, 10.0, 20.0)
MOST_SAMPLES = 100_000
REGRESSION = (
    "People chosen because they used most in one year use less in the next on average, whatever is "
    "done (regression to the mean), and those chosen in the later year used less before. Compare "
    "a programme with people chosen in the same way, not with their own year before."
)


@dataclass(frozen=True, eq=False, repr=False)
class Concentration(display.Shown):
    """The result of `concentration`.

    Attributes
    ----------
    years : DataFrame
        One row per year (one row with an empty year if there are none): ``people``, ``without``
        (people with no use), ``uses``, ``mean``, ``gini`` with ``ci_low`` and ``ci_high``.
    tops : DataFrame
        One row per year and top percentage: ``top``, ``people`` (how many that is, not always a
        whole number), ``share`` of all uses in percent with ``ci_low`` and ``ci_high``, ``times``
        (their mean use over everyone's).
    lorenz : DataFrame
        The curve by year: ``people`` and ``uses`` in percent, from those who use least.
    between : DataFrame
        One row per pair of consecutive years: the people at or above ``cutoff`` uses in the first
        year (``group``), ``mean_before``, ``mean_after``, ``expected_after`` (the regression
        line through everybody), ``still`` (at or above the second year's cutoff); and, chosen in
        the second year, ``chosen_later_before`` and ``chosen_later_after``.
    segments : DataFrame
        One row per year and segment: people and uses with their shares, and ``response``.
    level : float
        Confidence level.
    notes : tuple of str
        What must be said with the result.
    """

    years: pd.DataFrame
    tops: pd.DataFrame
    lorenz: pd.DataFrame
    between: pd.DataFrame
    segments: pd.DataFrame
    level: float
    notes: tuple[str, ...]

    @property
    def gini(self) -> float:
        """The Gini coefficient of the last year."""
        return float(self.years["gini"].iloc[-1])

    def to_frame(self) -> pd.DataFrame:
        """Return `tops` at full precision."""
        return self.tops

    def sentence(self) -> str:
        """Return the result in words, for a report."""
        parts = []
        for row in each(self.years):
            when = f"In {row.year}, " if row.year else ""
            own = self.tops[self.tops["year"] == row.year]
            tops = ", ".join(f"the top {one.top:g}% {one.share:.0f}%" for one in each(own))
            parts.append(
                f"{when}{row.people:,} people had {row.uses:,.0f} uses: {tops}; Gini {row.gini:.2f}"
                + ("" if np.isnan(row.ci_low) else f" ({row.ci_low:.2f} to {row.ci_high:.2f})")
            )
        words = ". ".join(parts)
        return f"{words[:1].upper()}{words[1:]}." + (f" {REGRESSION}" if len(self.between) else "")

    def _title(self) -> str:
        last = self.years.iloc[-1]
        when = f" in {last['year']}" if last["year"] else ""
        return (
            f"Concentration of use{when}: {counted(last['people'], 'person', 'people')}, "
            f"{last['uses']:,.0f} uses, "
            f"Gini {display.number(last['gini'])} "
            f"{display.interval((last['ci_low'], last['ci_high']))}".rstrip(" –")
        )

    def _headings(self) -> Sequence[str]:
        return (
            "Year",
            "Top",
            "People",
            f"Share of uses [{100 * self.level:g}% CI]",
            "Times the mean",
        )

    def _rows(self) -> Iterable[Sequence[str]]:
        return [
            (
                str(row.year) or "all",
                f"{row.top:g}%",
                f"{row.people:,.4g}",
                f"{row.share:.1f}% {display.interval((row.ci_low, row.ci_high), 1)}".rstrip(" –"),
                display.number(row.times, 1),
            )
            for row in each(self.tops)
        ]

    def _line(self) -> str:
        last = self.tops[self.tops["year"] == self.years["year"].iloc[-1]]
        said = [f"top {row.top:g}% take {row.share:.1f}%" for row in each(last)]
        return f"{self._title()}; {', '.join(said)}"

    def _notes(self) -> Sequence[str]:
        return self.notes


def concentration(
    counts: pd.DataFrame | str | os.PathLike[str],
    *,
    person: str = "person",
    count: str = "count",
    year: str = "year",
    segment: str = "segment",
    population: int | Mapping[object, int] | None = None,
    top: Sequence[float] = TOPS,
    frequent: float = 3.0,
    absent: str = "unknown",
    responses: Mapping[str, str] | None = None,
    level: float = 0.95,
    bootstrap: int = 1000,
    seed: int | None = None,
) -> Concentration:
    """Say how far a few people account for most of the use of a service.

    Parameters
    ----------
    counts : DataFrame or path
        One row per person, or per person and year: how often they used the service.
        `synthesis.evaluation_template` writes an empty table.
    person, count : str
        Columns that must be there.
    year, segment : str
        Columns that may be there.
    population : int or mapping, optional
        How many people could have used it (such as those registered), by year if it differs:
        people without a row then count as people without use. Without it, the result is about
        the people in the table only.
    top : sequence of float
        Percentages of people, those who use most.
    frequent : float
        The percentage of people who are followed from year to year.
    absent : {"unknown", "zero"}
        Whether somebody who has a row in one year and none in the next is left out of the
        comparison of years (they may have moved or died), or counts as having no use.
    responses : mapping of str to str, optional
        What is offered to each segment.
    level : float
        Confidence level.
    bootstrap : int
        Samples of people, with replacement, for percentile intervals; 0 for none.
    seed : int, optional
        Makes the intervals repeatable.

    Returns
    -------
    Concentration
        People with the same use at the edge of a top percentage share its place: the Lorenz
        curve is interpolated.

    Raises
    ------
    DataError
        For a count below 0, a person twice in a year, and other faults, with line and person.

    References
    ----------
    Gastwirth 1972, Rev Econ Stat 54:306 (Gini coefficient); Bland & Altman 1994, BMJ 308:1499
    (regression to the mean).

    Examples
    --------
    >>> made_up = pd.DataFrame({"person": list("abcde"), "count": [0, 1, 1, 2, 6]})
    >>> found = concentration(made_up, top=(20,), bootstrap=0)
    >>> round(found.gini, 2), found.tops["share"].round(1).tolist()
    (0.52, [60.0])
    """
    confidence_level(level)
    one_of("absent", absent, ("unknown", "zero"))
    top = list(dict.fromkeys(number_list("top", top, "(1, 3, 5)")))
    frequent = number_list("frequent", (frequent,), "3")[0]
    for name, value in (*(("top", one) for one in top), ("frequent", frequent)):
        if not 0 < value < 100:
            raise OptionError(f"{name} must be percentages above 0 and below 100; got {value:g}.")
    if max(top) < 1:
        raise OptionError(
            f"top: percentages are meant, and all are below 1: write {100 * max(top):g} for "
            f"{100 * max(top):g}%; got {top}."
        )
    if not is_whole(bootstrap) or not 0 <= bootstrap <= MOST_SAMPLES:
        raise OptionError(
            f"bootstrap must be a whole number of samples from 0 to {MOST_SAMPLES:,}; got "
            f"{bootstrap!r}."
        )
    rows = Rows(
        counts,
        "counts",
        {"person": person, "count": count, "year": year, "segment": segment},
        needed=("person", "count"),
        named_by=("person", "year"),
    )
    uses = rows.numbers(
        "count",
        "must be a number of 0 or more",
        "Write how often the person used the service in the year; 0 for never",
        legal=lambda x: x >= 0,
    )
    has_year = rows.has("year")
    if has_year:
        rows.refuse("year", rows.frame["year"] == "", "must be filled in", "Fill in the year")
    rows.unique(
        ("person", "year") if has_year else ("person",),
        "Add up the uses of a person" + (" in a year" if has_year else ", or give a column year"),
    )
    table = rows.frame.assign(uses=uses)
    if not has_year:
        table["year"] = ""
    known = sorted(table["year"].unique(), key=natural)
    if isinstance(population, Mapping):
        if not has_year:
            raise DataError(
                "population: numbers by year are given, and the table has no column year. Give one "
                "number, or add the column."
            )
        if strange := [label(one) for one in population if label(one) not in known]:
            raise DataError(
                f"population: nobody has a count in {shortened(strange)}; the years are "
                f"{shortened(known)}. Leave it out, or correct the year."
            )
    random = np.random.default_rng(seed_of(seed))
    summary, tops, curves = [], [], []
    for one in known:
        own = table.loc[table["year"] == one, "uses"].to_numpy(dtype=float)
        held = np.sort(np.concatenate([np.zeros(_without_row(population, one, len(own))), own]))
        if not held.sum():
            raise DataError(
                f"counts: nobody used the service{f' in {one}' if one else ''}, so there is "
                "nothing that could be concentrated."
            )
        row, shares, curve = one_year(held, top, level, int(bootstrap), random)
        summary.append({"year": one, **row})
        tops += [{"year": one, **share} for share in shares]
        curves.append(curve.assign(year=one))
    between = [
        compared(table, before, after, frequent, absent) for before, after in pairwise(known)
    ]
    return Concentration(
        years=pd.DataFrame(summary).drop(columns="unused_samples"),
        tops=pd.DataFrame(tops),
        lorenz=pd.concat(curves, ignore_index=True)[["year", "people", "uses"]],
        between=pd.DataFrame(between),
        segments=TextTable(_segments(rows, table, responses or {})),
        level=level,
        notes=tuple(
            _notes(rows, table, population, summary, between, absent, frequent, bootstrap, seed)
        ),
    )


def _apart(before: object, after: object) -> bool:
    """Return whether two years, if they are numbers, do not follow each other."""
    pair = (str(before), str(after))
    return all(one.isdigit() for one in pair) and int(pair[1]) - int(pair[0]) > 1


def _without_row(population: int | Mapping[object, int] | None, year: str, there: int) -> int:
    """Return how many people have no row, and so no use."""
    if population is None:
        return 0
    if isinstance(population, Mapping):
        whole = {label(name): value for name, value in population.items()}.get(year)
        if whole is None:
            raise DataError(f"population: there is no number for {year!r}; give one for each year.")
    else:
        whole = population
    if not is_whole(whole) or whole < there:
        raise DataError(
            f"population must be a whole number of at least the {there:,} people in the table"
            f"{f' in {year}' if year else ''}; got {whole!r}."
        )
    return int(whole) - there


def _segments(rows: Rows, table: pd.DataFrame, responses: Mapping[str, str]) -> pd.DataFrame:
    names = ["year", "segment", "people", "percent_people", "uses", "percent_uses", "mean"]
    names += ["response"]
    if not rows.has("segment"):
        if responses:
            raise DataError(
                "responses: the table has no column segment; add one that says which segment each "
                "person is in."
            )
        return pd.DataFrame(columns=names)
    said = {label(name): text for name, text in responses.items()}
    segment = table["segment"].where(table["segment"] != "", "not classified")
    if strangers := [name for name in said if name not in set(segment)]:
        raise DataError(
            f"responses: nobody is in the segment {shortened(map(repr, strangers))}; the segments "
            f"are {shortened(map(repr, segment.unique()))}."
        )
    records = []
    for year, own in table.assign(segment=segment).groupby("year", sort=True):
        for name, some in own.groupby("segment", sort=False):
            records.append(
                {
                    "year": year,
                    "segment": name,
                    "people": len(some),
                    "percent_people": 100 * len(some) / len(own),
                    "uses": float(some["uses"].sum()),
                    "percent_uses": 100 * float(some["uses"].sum()) / float(own["uses"].sum()),
                    "mean": float(some["uses"].mean()),
                    "response": said.get(str(name), ""),
                }
            )
    return pd.DataFrame(records, columns=names)


def _notes(
    rows: Rows,
    table: pd.DataFrame,
    population: object,
    summary: Sequence[dict[str, object]],
    between: Sequence[dict[str, object]],
    absent: str,
    frequent: float,
    bootstrap: int,
    seed: int | None,
) -> Iterable[str]:
    if population is None:
        zeros = sum(int(str(row["without"])) for row in summary)
        yield (
            f"Only people in the table count ({zeros:,} of them without use). If those who never "
            "came are missing, use looks less concentrated than it is: give population."
        )
    if bootstrap:
        yield f"Intervals: percentiles of {bootstrap:,} samples of people" + (
            f", seed {seed}." if seed is not None else "; give a seed to get the same ones again."
        )
    if none := sum(int(str(row["unused_samples"])) for row in summary):
        yield (
            f"{counted(none, 'sample')} drew nobody with any use and had to be left out: so few "
            "people use the service that the intervals mean little."
        )
    if any(row["people"] == 1 for row in summary):
        yield "Of one person nothing can be concentrated: a Gini coefficient of 0 says nothing."
    for row in between:
        if _apart(row["from_year"], row["to_year"]):
            yield (
                f"Between {row['from_year']} and {row['to_year']} years are missing: the change is "
                "over more than one year."
            )
        when = f"From {row['from_year']} to {row['to_year']}"
        if np.isnan(float(str(row["group"]))):
            yield f"{when}: fewer than three people can be compared."
            continue
        yield (
            f"{when}: {counted(int(str(row['group'])), 'person', 'people')} with {row['cutoff']:g} "
            f"uses or more (the top {frequent:g}% and those level with them) went from "
            f"{row['mean_before']:.1f} to {row['mean_after']:.1f} uses; of them {row['still']} "
            f"used as much as the top {frequent:g}% again."
        )
        if row["only_before"]:
            yield f"{row['only_before']:,} without a row in {row['to_year']} " + (
                "count as without use." if absent == "zero" else "are left out of the comparison."
            )
    if between:
        yield REGRESSION
    if rows.has("segment") and (none := int((table["segment"] == "").sum())):
        yield f"{counted(none, 'row')} without a segment: not classified."
    yield from rows.remarks
