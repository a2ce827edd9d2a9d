"""Lint of what decides whether effects may stand together: direction, standardiser, clusters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.text import counted
from synthesis.effects.formulas.smd import small_sample_factor
from synthesis.effects.lint.findings import Finding, found, rule
from synthesis.effects.lint.taken import MEASURE, by_means, by_others, routes_taken
from synthesis.effects.routes.route import Options
from synthesis.effects.rows.clustering import clustering
from synthesis.effects.rows.printed_effects import stated_correction
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import ONE_OUTCOME, POOLED


@dataclass(frozen=True)
class Conflicts:
    """Rows of one outcome whose signs may not agree, an element a row.

    Attributes
    ----------
    two : ndarray of bool
        Rows of an outcome that is declared in two directions.
    lower, higher : ndarray of int
        How many rows of the outcome declare each direction.
    undeclared : ndarray of bool
        Rows without a direction beside rows of the outcome that have one.
    beside : ndarray of bool
        Counts, printed effects and test statistics beside means whose sign is reversed.
    """

    two: np.ndarray
    lower: np.ndarray
    higher: np.ndarray
    undeclared: np.ndarray
    beside: np.ndarray


def conflicts(
    workings: Workings, used: np.ndarray, means: np.ndarray, others: np.ndarray
) -> Conflicts:
    """Return the rows whose direction does not fit that of other rows.

    Parameters
    ----------
    workings : Workings
        The cells.
    used, means, others : ndarray of bool
        Which rows count, and which of them rest on means and on anything else.
    """
    direction = workings.words("direction").to_numpy(object)
    group = workings.same(*ONE_OUTCOME)

    def in_group(which: np.ndarray) -> np.ndarray:
        return pd.Series(which & used).groupby(group).transform("sum").to_numpy(int)

    lower, higher = in_group(direction == "lower"), in_group(direction == "higher")
    blank = (direction == "") & used
    # What an outcome declares is filled in for scores alone: only where that reverses their signs
    # do rows left blank differ from them.
    said = lower if workings.declared is not None else lower + higher
    turned = in_group((direction == "lower") & means)
    return Conflicts(
        two=(direction != "") & used & (lower > 0) & (higher > 0),
        lower=lower,
        higher=higher,
        undeclared=blank & (said > 0),
        beside=others & used & (turned > 0) & (direction != "higher"),
    )


def _conflicts(workings: Workings) -> Conflicts:
    routes, chosen = workings.once(routes_taken)
    everywhere = np.ones(workings.size, dtype=bool)
    return conflicts(workings, everywhere, by_means(routes, chosen), by_others(routes, chosen))


@rule(
    "two-directions",
    "error",
    "On one scale either higher or lower values are better. If the rows are of different scales, "
    "name these in a column scale; if not, correct the direction: it decides the sign.",
)
def _two_directions(workings: Workings) -> Iterable[Finding]:
    if "direction" not in workings.sheet:
        return
    at = workings.once(_conflicts)
    direction = workings.words("direction").to_numpy(object)
    own = np.where(direction == "lower", at.lower, at.higher)
    other = np.where(direction == "lower", at.higher, at.lower)
    # The rarer direction is the likelier slip; of two as frequent, both are shown.
    yield from found(
        at.two & (own <= other),
        "direction",
        lambda row: (
            f"{direction[row]!r}, but {counted(int(other[row]), 'other row')} of the same outcome "
            f"{'declares' if other[row] == 1 else 'declare'} "
            f"{'higher' if direction[row] == 'lower' else 'lower'!r}"
        ),
    )


@rule(
    "direction-in-part",
    "warning",
    "A direction that is declared for some rows of an outcome reverses their signs and not those "
    "of the others. Declare it for all of them.",
)
def _direction_in_part(workings: Workings) -> Iterable[Finding]:
    if "direction" not in workings.sheet:
        return
    at = workings.once(_conflicts)
    yield from found(
        at.undeclared,
        "direction",
        lambda row: (
            f"blank, but {counted(int(at.lower[row] + at.higher[row]), 'other row')} of the same "
            "outcome "
            f"{'declares' if at.lower[row] + at.higher[row] == 1 else 'declare'} a direction"
        ),
    )


@rule(
    "direction-of-counts",
    "warning",
    "Where lower scores are better, the signs of means are reversed. Counts of responders, or an "
    "effect printed so that more is better, need direction higher beside them; counts of people "
    "who got worse need lower. Check what each row counts.",
)
def _direction_of_counts(workings: Workings) -> Iterable[Finding]:
    if "direction" not in workings.sheet:
        return
    direction = workings.words("direction").to_numpy(object)
    yield from found(
        workings.once(_conflicts).beside,
        "direction",
        lambda row: (
            f"{direction[row] or 'blank'}, beside means whose sign is reversed: is lower also "
            "better for what this row counts or prints?"
        ),
    )


@rule(
    "mixed-standardisers",
    "note",
    "Standardised differences in SDs of the change and in SDs of single measurements are in "
    "different units and are not to be pooled (Cochrane Handbook 10.5.2). Mean differences of one "
    "scale may be.",
)
def _mixed_standardisers(workings: Workings) -> Iterable[Finding]:
    routes, chosen = workings.once(routes_taken)
    options = Options(MEASURE)
    units = [route.formulas[MEASURE].unit(options) for route in routes]
    unit = np.array([*units, ""], dtype=object)[chosen]
    group = workings.same(*POOLED)
    for members in _groups(group, unit != ""):
        counts = pd.Series(unit[members]).value_counts(sort=True)
        for row in members.tolist() if len(counts) > 1 else ():
            if unit[row] != counts.index[0]:
                yield Finding(
                    row,
                    routes[chosen[row]].needs[0],
                    f"an SMD in {unit[row]}, others of this outcome in {counts.index[0]}",
                )


@rule(
    "mixed-corrections",
    "note",
    "Cohen's d is larger than Hedges' g by a factor that matters in small samples. Multiply d and "
    "its standard error by J = 1 − 3/(4·df − 1), or compute all with correct=False.",
)
def _mixed_corrections(workings: Workings) -> Iterable[Finding]:
    routes, chosen = workings.once(routes_taken)
    options = Options(MEASURE)
    corrected = [
        None if at < 0 else routes[at].formulas[MEASURE].is_corrected(options)
        for at in chosen.tolist()
    ]
    for row, stated in enumerate(stated_correction(workings)):
        if chosen[row] >= 0 and routes[chosen[row]].name == "printed":
            corrected[row] = stated
    known = np.array([value is not None for value in corrected])
    group = workings.same(*POOLED)
    total = workings["n_t"] + workings["n_c"]
    for members in _groups(group, known):
        if any(corrected[row] for row in members):
            for row in members.tolist():
                if not corrected[row]:
                    factor = float(small_sample_factor(total[row] - 2))
                    by = f" (J = {factor:.4f})" if np.isfinite(factor) else ""
                    yield Finding(
                        row,
                        routes[chosen[row]].needs[0].replace("printed smd", "effect"),
                        f"an SMD that is not corrected for small samples{by}; others of this "
                        "outcome are",
                    )


def _groups(group: np.ndarray, which: np.ndarray) -> Iterable[np.ndarray]:
    """Yield the positions of the rows of each group where `which` is true."""
    rows = np.flatnonzero(which)
    for _, members in pd.Series(rows).groupby(group[rows]):
        yield members.to_numpy()


_RAW = (("events_t", "time_t"), ("r", "n"), ("events", "n"), ("mean_post", "n"))


@rule(
    "clusters",
    "warning",
    "A trial that randomised clusters needs both icc and cluster_size, or an effect from an "
    "analysis that allows for clustering; otherwise its standard error is too small (Cochrane "
    "Handbook 23.1). assume={'icc': ...} takes a value from elsewhere.",
)
def _clusters(workings: Workings) -> Iterable[Finding]:
    said = workings.once(clustering)
    given = workings.known("yi")
    routes, chosen = workings.once(routes_taken)
    analysed = np.array([*(route.is_analysed for route in routes), False])[chosen]
    # A printed effect of a measure that cannot become an SMD may also be an adjusted one.
    analysed |= (chosen < 0) & workings.known("effect")
    adjusted = said.adjusted & analysed
    # Rates, correlations and single groups do not become an SMD either.
    raw = np.any([workings.known(*names) for names in _RAW], axis=0) & ~analysed
    icc, size = workings["icc"], workings["cluster_size"]
    open_to_doubt = ~given & ~adjusted
    yield from found(
        said.lacks_icc & open_to_doubt,
        "icc",
        lambda row: f"blank, though cluster_size is {size[row]:g}",
    )
    yield from found(
        said.lacks_size & open_to_doubt,
        "cluster_size",
        lambda row: f"blank, though icc is {icc[row]:g}",
    )
    yield from found(
        said.adjusted & ~analysed & ~given & ((chosen >= 0) | raw),
        "cluster_adjusted",
        lambda _: (
            "yes, but the row is computed from raw numbers: only a printed effect, t, F or p can "
            "allow for clustering"
        ),
    )
    yield from found(
        said.unknown & open_to_doubt,
        "cluster_adjusted",
        lambda _: (
            "no, but icc and cluster_size are blank; leave it blank if people were randomised"
        ),
    )
    yield from found(
        said.named & ~given,
        "icc",
        lambda _: (
            "blank, as are cluster_size and cluster_adjusted, though the design names clusters"
        ),
    )
    yield from found(
        given & (said.denied | (said.randomised & ~said.adjusted)),
        "cluster_adjusted",
        lambda row: (
            f"{'no' if said.denied[row] else 'blank'}, beside yi, whose variance is used as given: "
            "does it allow for clustering?"
        ),
    )
    source = workings.words("icc_source").to_numpy(object)
    yield from found(
        (source != "") & np.isnan(icc),
        "icc_source",
        lambda row: f"{source[row]!r}, but icc is blank",
    )
    people = workings["n_t"] + workings["n_c"]
    yield from found(
        size > people / 2,
        "cluster_size",
        lambda row: (
            f"{size[row]:g}, more than half of the {people[row]:g} people: is it the number of "
            "people in a cluster?"
        ),
    )


RULES = (
    _two_directions,
    _direction_in_part,
    _direction_of_counts,
    _mixed_standardisers,
    _mixed_corrections,
    _clusters,
)
