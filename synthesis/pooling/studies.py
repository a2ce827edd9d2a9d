"""From a user's table to the studies that a model pools; whatever is left out is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.labels import capitals, complete_labels, read_labels
from synthesis.measures import Measure, measure_named, plain_name
from synthesis.pooling.dependence import refuse_copies, units
from synthesis.pooling.doubts import doubts
from synthesis.pooling.readable import bound
from synthesis.pooling.units import Units, in_words

AS_GIVEN = "study_as_given"
"""The column that keeps the study labels as they were before repeated ones were numbered."""

_NOTHING_EXCLUDED = pd.DataFrame({"study": [], "reason": []}, dtype="str")


class Split(NamedTuple):
    """A table split into the studies to pool and those left out.

    Attributes
    ----------
    studies : DataFrame
        The rows to pool with ``study yi vi`` set and every other column kept; labels that
        repeat are numbered, and kept as they were in ``study_as_given``.
    excluded : DataFrame
        ``study`` and ``reason`` of the others.
    notes : list of str
        What was left out or numbered, and what depends on what, in sentences.
    units : Units
        How the effects belong to studies.
    """

    studies: pd.DataFrame
    excluded: pd.DataFrame
    notes: list[str]
    units: Units


def split_studies(
    effects: pd.DataFrame,
    *,
    yi: str,
    vi: str,
    study: str,
    dependent: str,
    lacking: Sequence[str] | None = None,
    people: bool = False,
    told_apart_by: str = "",
) -> Split:
    """Split a table into the studies to pool and those left out.

    Parameters
    ----------
    effects : DataFrame
        One row per study.
    yi, vi, study : str
        Columns of effects, sampling variances and study labels.
    dependent : {"refuse", "ignore"}
        What is done about rows of one study that depend on each other.
    lacking : sequence of str, optional
        What else is missing from each row, in words; empty where nothing is.
    people : bool
        Whether subgroups of people are analysed in different groups, as for
        `synthesis.pooling.dependence.units`.
    told_apart_by : str
        As for `synthesis.pooling.doubts.doubts`.

    Returns
    -------
    Split

    Raises
    ------
    DataError
        Missing column, text where a number is expected, a variance that is not positive, no
        study left, or dependent rows of one study.
    OptionError
        If `dependent` has no such value.
    """
    checks.is_table(effects, "effects")
    named = checks.column(effects, study, "study")
    labels = [label or f"(row {row})" for row, label in enumerate(read_labels(named), start=1)]
    given = checks.column(effects, yi, "yi"), checks.column(effects, vi, "vi")
    y, v = checks.numeric(given[0], labels), checks.numeric(given[1], labels)
    checks.poolable(yi, y, vi, v, labels)
    reasons = [""] * len(labels) if lacking is None else list(lacking)
    for column, blank in ((vi, np.isnan(v)), (yi, np.isnan(y))):
        for row in np.flatnonzero(blank).tolist():
            reasons[row] = f"{column} is blank"
    if "reason" in effects.columns:  # why `effect_sizes` found no effect for a row it kept
        for row, known in enumerate(effects["reason"]):
            if reasons[row] and isinstance(known, str) and known:
                reasons[row] = known
    kept = np.array([not reason for reason in reasons], dtype=bool)
    if not kept.any():
        why = f"every row is incomplete ({_listed(labels, reasons)})" if labels else "no rows"
        raise DataError(f"no study left to pool: {why}.")
    read = complete_labels(named, "study", needed=kept.tolist())
    pooled = [label for label, keep in zip(read, kept, strict=True) if keep]
    complete = bool(kept.all())
    rows = effects if complete else effects.loc[kept]
    studies = rows.reset_index(drop=True)
    numbered, found = number_studies(
        studies, pooled, study=study, dependent=dependent, people=people
    )
    # Most tables come from effect_sizes and already have everything in the right columns.
    as_named = (study, yi, vi) == ("study", "yi", "vi") and not numbered
    as_named = as_named and named.tolist() == labels
    if not (complete and as_named and all(column.dtype == float for column in given)):
        studies = studies.assign(study=pooled, yi=y[kept], vi=v[kept]).assign(**numbered)
    notes = [
        *capitals("Study labels", numbered.get(AS_GIVEN, pooled)),
        *doubts(studies, told_apart_by),
    ]
    excluded = _NOTHING_EXCLUDED
    if not complete:
        left_out = [row for row, reason in enumerate(reasons) if reason]
        excluded = pd.DataFrame(
            {
                "study": [labels[row] for row in left_out],
                "reason": [reasons[row] for row in left_out],
            }
        )
        what = ("study", "studies") if len(set(labels)) == len(labels) else ("effect", "effects")
        notes.append(f"{counted(len(left_out), *what)} not pooled: {_listed(labels, reasons)}.")
    return Split(studies, excluded, [*notes, *found.notes()], found)


def number_studies(
    studies: pd.DataFrame,
    labels: list[str],
    *,
    study: str,
    dependent: str,
    people: bool = False,
) -> tuple[dict[str, list[str]], Units]:
    """Return labels with those that repeat numbered, and how the effects belong to studies.

    Parameters
    ----------
    studies : DataFrame
        The rows to pool.
    labels : list of str
        The study label of each.
    study : str
        The column that they are from.
    dependent, people
        As for `split_studies`.

    Returns
    -------
    dict
        The columns ``study`` and ``study_as_given`` where labels repeat; otherwise empty.
    Units
    """
    given = labels
    if study == "study" and AS_GIVEN in studies:
        # These are rows of another result, numbered there; rows added since have only a label.
        before = read_labels(studies[AS_GIVEN])
        given = [one or own for one, own in zip(before, labels, strict=True)]
    codes, names = pd.factorize(pd.Series(given, dtype=object))
    found = units(studies, codes, lambda code: str(names[code]), dependent=dependent, people=people)
    if dependent == "refuse":
        refuse_copies(studies, given)
    apart = _tell_apart(labels)
    is_new = apart == labels and given == labels
    return ({} if is_new else {"study": apart, AS_GIVEN: given}), found


def _listed(labels: Sequence[str], reasons: Sequence[str]) -> str:
    return shortened(
        f"{label} ({reason})" for label, reason in zip(labels, reasons, strict=True) if reason
    )


def _tell_apart(labels: list[str]) -> list[str]:
    """Return labels with the repeated ones numbered.

    Published tables do repeat a label (two trials by one author in one year), so this alone is
    not an error; `synthesis.pooling.dependence` says what is.
    """
    counts = Counter(labels)
    if len(counts) == len(labels):
        return labels
    seen: Counter[str] = Counter()
    apart = []
    for label in labels:
        numbered = label
        while counts[label] > 1 and (numbered == label or numbered in counts):
            seen[label] += 1  # past a number that is another study's own label
            numbered = f"{label} ({seen[label]})"
        apart.append(numbered)
    return apart


class OfStudies:
    """What results of effects say of the studies that these come from."""

    k: int
    studies: pd.DataFrame
    dependence: str

    @cached_property
    def n_studies(self) -> int:
        """Number of studies that the effects come from, by their labels as given."""
        return count_studies(self.studies)

    @property
    def k_in_words(self) -> str:
        """How many effects, and of how many studies: ``"6 effects from 3 studies"``."""
        return in_words(self.k, self.n_studies, self.dependence)


def count_studies(studies: pd.DataFrame) -> int:
    """Return how many studies the rows of a result come from, by their labels as given."""
    return len(set(read_labels(studies[AS_GIVEN if AS_GIVEN in studies else "study"])))


def find_measure(
    effects: pd.DataFrame, named: str | None, studies: pd.DataFrame | None = None
) -> Measure:
    """Return the measure named, or the one given throughout the table's column ``measure``.

    With the studies pooled it also holds the sample size with which it turns pooled values back,
    where it needs one.
    """
    found = _named_measure(effects, named)
    return found if studies is None else bound(found, studies)


def _named_measure(effects: pd.DataFrame, named: str | None) -> Measure:
    if named is not None:
        return measure_named(named)
    if "measure" not in effects.columns:
        return measure_named("generic")
    # "SMD" and "smd" are one measure.
    labels = [plain_name(name) for name in read_labels(effects["measure"])]
    found = [name for name in dict.fromkeys(labels) if name]
    if len(found) > 1:
        listed = ", ".join(map(repr, found))
        raise DataError(
            f"measure: the rows have different measures ({listed}), which cannot be pooled "
            "together. Pool each separately, or convert them to one measure."
        )
    return measure_named(found[0] if found else "generic")
