"""How far people have travelled: shares that went up, stayed and went down, area by area."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import confidence_level, one_of, thing
from arrowroot.text import counted, shortened
from synthesis.evaluation.distance import tables
from synthesis.evaluation.distance.pairs import KEPT, Readings, gap_words, read_readings
from synthesis.evaluation.distance.result import NO_ATTRIBUTION, DistanceTravelled

CORRECTIONS = {
    "holm": "Holm's correction",
    "bonferroni": "Bonferroni's correction",
    "fdr_bh": "the false discovery rate of Benjamini and Hochberg",
    "none": "no correction",
}
REGRESSION = (
    "Who starts at the bottom can only go up, and an unusually low first reading is followed by a "
    "higher one on average even if nothing is done (regression to the mean): read the shares "
    "beside by_start."
)


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
    if not isinstance(by, Iterable):
        raise OptionError(f"by must be a column of the readings, or several; got {thing(by)}.")
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
            tables.area_row(
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
        adjusted = tables.adjusted([row["signed_rank_p"] for row in own], correction)
        records += [
            {**row, "adjusted_p": p} for row, p in zip(own, adjusted, strict=True) if row["people"]
        ]
    return DistanceTravelled(
        areas=TextTable(records),
        pairs=TextTable(pairs),
        unpaired=TextTable(read.unpaired),
        missing=tables.missing(read),
        by_start=tables.by_start(read, sign),
        level=level,
        better=better,
        correction=correction,
        scale=read.scale,
        notes=tuple(_notes(read, records, correction, better)),
        _read=read,
    )


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
    if len(read.pairs):
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
