"""Several effects per study: choose one, average them, or work out how they covary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import as_read, complete_labels, read_labels, with_labels
from synthesis.measures import measure_named, plain_name

_REAL = (int, float, np.integer, np.floating)
_DIRECTIONS = ("largest", "smallest")
IN_PART = "in part"
"""What `flipped` says of an average of effects of which some had their sign reversed."""

_NO_VARIANCE = 1e-12
"""A variance that is 0 apart from rounding, as a fraction of that of independent effects."""


class Choice(NamedTuple):
    """Rows kept, and rows set aside with the reason in a column `reason`."""

    kept: pd.DataFrame
    set_aside: pd.DataFrame


def choose_rows(
    table: pd.DataFrame,
    by: str,
    order: Sequence[str],
    *,
    within: Sequence[str] = ("study",),
    ties: Mapping[str, Sequence[str] | str] | None = None,
) -> Choice:
    """Keep one row per study: the first in an order that was declared in advance.

    Where studies have several arms, `shared_control` comes first: once rows are chosen, the other
    arms are gone, and what they share with the row kept is no longer seen.

    Parameters
    ----------
    table : DataFrame
        A sheet, or effects.
    by : str
        The column to choose by, such as ``"outcome"`` or ``"timepoint"``.
    order : sequence of str
        Its values, the preferred first. Rows with other values are set aside.
    within : sequence of str
        The columns within which one row is kept.
    ties : mapping, optional
        Columns that decide between rows equally preferred by `by`, the first column first: each
        with its values, the preferred first (others come last), or with ``"largest"`` or
        ``"smallest"`` for a column of numbers.

    Returns
    -------
    Choice
        `kept` and `set_aside`; together they contain every row. A row that `effect_sizes` kept
        without an effect is kept here only where its study has no row with one.

    Raises
    ------
    DataError
        If two rows of one study are equally preferred, or a row does not name its study.
    OptionError
        If `ties` gives neither values nor a direction.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "outcome": ["pain at rest", "pain"]})
    >>> choice = choose_rows(sheet, "outcome", ["pain", "pain at rest"])
    >>> choice.kept["outcome"].tolist(), choice.set_aside["reason"].tolist()
    (['pain'], ["'pain' is preferred"])
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "outcome": "pain", "scale": ["NRS", "VAS"]})
    >>> choice = choose_rows(sheet, "outcome", ["pain"], ties={"scale": ["VAS", "NRS"]})
    >>> choice.kept["scale"].tolist(), choice.set_aside["reason"].tolist()
    (['VAS'], ["equal in outcome; scale 'VAS' is preferred"])
    """
    values = as_read(checks.column(table, by, "by"))
    names = list(within)
    for name in names:
        column = checks.column(table, name, "within")
        if name == "study" or len(names) == 1:  # a blank window, say, is a group of its study
            complete_labels(column, name)
    places = {label(value): at for at, value in enumerate(order)}
    rank = np.array([places.get(value, np.nan) for value in read_labels(values)], dtype=float)
    lacking = _without_effect(table)
    rank[lacking] += len(order)
    groups = with_labels(table[names].reset_index(drop=True), names)
    of_group = groups.groupby(names, dropna=False, observed=True).ngroup().to_numpy()
    best = pd.Series(rank).groupby(of_group).transform("min").to_numpy()
    kept = rank == best
    decided = [""] * len(table)
    equal = [by]
    for tie, preferred in (ties or {}).items():
        own, said = _tie_ranks(checks.column(table, tie, "ties"), preferred, table)
        first = pd.Series(np.where(kept, own, np.inf)).groupby(of_group).transform("min")
        lost = kept & (own > first.to_numpy())
        winner = dict(zip(of_group[kept & ~lost], np.flatnonzero(kept & ~lost), strict=True))
        for row in np.flatnonzero(lost).tolist():
            decided[row] = f"equal in {' and '.join(equal)}; {said(winner[of_group[row]])}"
        kept &= ~lost
        equal.append(tie)
    tied = groups[kept].duplicated().to_numpy()
    if tied.any():
        studies = dict.fromkeys(read_labels(checks.column(table, "study", "table")[kept][tied]))
        raise DataError(
            f"order: rows of one study are equally preferred by "
            f"{' and '.join(map(repr, equal))}: {shortened(map(repr, studies))}. Choose by another "
            "column too: ties={'column': ['preferred value', ...]}, or 'largest' or 'smallest'."
        )
    reasons = [
        decision
        if decision
        else f"{value!r} is not in order"
        if np.isnan(own)
        else "there is no effect in this row"
        if blank and first < len(order)
        else f"{order[int(first) % len(order)]!r} is preferred"
        for decision, own, first, value, blank in zip(
            np.array(decided, dtype=object)[~kept],
            rank[~kept],
            best[~kept],
            values[~kept],
            lacking[~kept],
            strict=True,
        )
    ]
    return Choice(table[kept].copy(), table[~kept].assign(reason=reasons))


def _tie_ranks(
    values: pd.Series, preferred: Sequence[str] | str, table: pd.DataFrame
) -> tuple[np.ndarray, Callable[[int], str]]:
    """Return the rank of every row by a column that decides ties, and what is said of a row."""
    name = values.name
    if isinstance(preferred, str):
        one_of(f"ties, {name!r}", preferred, _DIRECTIONS)
        numbers = checks.numeric(values, read_labels(checks.column(table, "study", "table")))
        rank = -numbers if preferred == "largest" else numbers
        return np.where(
            np.isnan(rank), np.inf, rank
        ), lambda row: f"{name} {numbers[row]:g} is the {preferred}"
    if not pd.api.types.is_list_like(preferred):
        raise OptionError(
            f"ties: {name!r} needs its values, the preferred first, or 'largest' or 'smallest'; "
            f"got {preferred!r}."
        )
    places = {label(value): float(at) for at, value in enumerate(preferred)}
    read = read_labels(values)
    rank = np.array([places.get(one, len(places)) for one in read], dtype=float)
    return rank, lambda row: f"{name} {read[row]!r} is preferred"


def _without_effect(table: pd.DataFrame) -> np.ndarray:
    """Return which rows of a table of `effect_sizes` were kept without an effect."""
    if not {"yi", "vi", "receipt"} <= set(table.columns):  # a sheet, still without effects
        return np.zeros(len(table), dtype=bool)
    return table[["yi", "vi"]].isna().any(axis=1).to_numpy()


def within_study_covariance(
    es: pd.DataFrame, *, rho: float, cluster: str = "study"
) -> pd.DataFrame:
    """Return the covariance matrix of effects whose studies measured the same people.

    Two effects of one study have the covariance rho·√(v_i·v_j); effects of two studies none.

    Parameters
    ----------
    es : DataFrame
        Effects, with `vi`.
    rho : float
        The correlation assumed between effects of one study, at most 1. All m effects of a study
        can have the same correlation only if it is above -1/(m - 1).
    cluster : str
        The column that names the study.

    Returns
    -------
    DataFrame
        Square, with the index of `es` on both sides; rows without an effect are blank.

    Raises
    ------
    DataError
        A missing column, a blank label, a variance that is not positive, or a study with more
        effects than can have this correlation.
    OptionError
        If `rho` does not lie between -1 and 1.

    Examples
    --------
    >>> es = pd.DataFrame({"study": ["A", "A", "B"], "vi": [0.04, 0.09, 0.01]})
    >>> within_study_covariance(es, rho=0.5).round(3).values.tolist()
    [[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.01]]
    """
    if isinstance(rho, bool) or not isinstance(rho, _REAL) or not -1 <= rho <= 1:
        raise OptionError(f"rho must lie between -1 and 1; got {rho!r}.")
    named = complete_labels(checks.column(es, cluster, "cluster"), cluster)
    variances = checks.numeric(checks.column(es, "vi", "es"), named)
    checks.refuse("vi must be > 0", variances, variances <= 0, named)
    if "yi" in es:
        no_effect = np.isnan(checks.numeric(es["yi"], named))
        variances = np.where(no_effect, np.nan, variances)
    _refuse_impossible(rho, named, ~np.isnan(variances))
    se = np.sqrt(variances)
    labels = np.array(named, dtype=object)
    covariance = np.where(labels[:, None] == labels[None, :], rho, 0.0) * np.outer(se, se)
    np.fill_diagonal(covariance, se**2)
    return pd.DataFrame(covariance, index=es.index, columns=es.index)


def _refuse_impossible(rho: float, named: list[str], known: np.ndarray) -> None:
    """Refuse a correlation that the effects of a study cannot all have with each other.

    The sum of m effects of unit variance has the variance m(1 + (m - 1)rho), which is positive.
    """
    sizes = pd.Series(named, dtype=object)[known].value_counts(sort=False)
    impossible = sizes[1 + (sizes - 1) * rho <= _NO_VARIANCE]
    if len(impossible):
        listed = shortened(
            f"{study!r} ({size} effects: above {-1 / (size - 1):.3g})"
            for study, size in impossible.items()
        )
        raise DataError(
            f"rho={rho:g}: the effects of a study cannot all correlate by so little; m effects "
            f"allow a correlation above -1/(m - 1). Too low for {listed}. Choose a higher rho."
        )


def average_within_studies(
    es: pd.DataFrame, *, rho: float, by: Sequence[str] = ("study",)
) -> pd.DataFrame:
    """Return one effect per study: the mean of its effects, allowing for their correlation.

    The variance of the mean is the sum of the study's covariance matrix divided by the square of
    its size (Borenstein et al. 2009, ch. 24).

    Parameters
    ----------
    es : DataFrame
        Effects of one measure, from `effect_sizes`.
    rho : float
        The correlation assumed between effects of one study.
    by : sequence of str
        The columns that name what is averaged over.

    Returns
    -------
    DataFrame
        The columns of `by`, `yi`, `vi`, `measure`, `route` (``"average"``), `effects` (how many
        were averaged), `receipt` and, if `es` has it, `flipped` (``"in part"`` where it differs).
        Rows that were kept without an effect are left out, and the receipt says so; a study that
        has no other rows stays, without an effect and with the `reason`.

    Raises
    ------
    DataError, OptionError
        As in `within_study_covariance`; also if the effects averaged are of different measures.

    Examples
    --------
    >>> es = pd.DataFrame({"study": ["A", "A"], "yi": [0.3, 0.1], "vi": [0.05, 0.05],
    ...                    "measure": ["smd", "smd"]})
    >>> average_within_studies(es, rho=0.5)[["yi", "vi"]].round(4).values.tolist()
    [[0.2, 0.0375]]
    """
    covariance = within_study_covariance(es, rho=rho).to_numpy()
    for name in by:
        complete_labels(checks.column(es, name, "by"), name)
    studies = read_labels(checks.column(es, "study", "es"))
    named = read_labels(es["measure"]) if "measure" in es else ["generic"] * len(es)
    measured = [plain_name(name) for name in named]
    effects = checks.numeric(checks.column(es, "yi", "es"), studies)
    known = ~np.isnan(covariance.diagonal())
    given = es["receipt"].tolist() if "receipt" in es else [None] * len(es)
    rows = []
    groups = with_labels(es[[*by]].reset_index(drop=True), by)
    for key, part in groups.groupby([*by], sort=False, observed=True):
        every = part.index.to_numpy()
        at = every[known[every]]
        measures = {measured[row] for row in every}
        if len(measures) > 1:
            raise DataError(
                f"effects of two measures cannot be averaged: {sorted(measures)} for {key}."
            )
        measure = measure_named(measures.pop())
        receipt = _receipt(
            studies[every[0]],
            measure.name,
            effects[at],
            rho,
            n_left_out=every.size - at.size,
            parts=[given[row] for row in at if isinstance(given[row], Receipt)],
        )
        rows.append(
            {
                **dict(zip(by, key, strict=True)),
                "yi": float(effects[at].mean()) if at.size else np.nan,
                "vi": float(covariance[np.ix_(at, at)].sum() / at.size**2) if at.size else np.nan,
                "measure": measure.name,
                "route": "average" if at.size else "none",
                "effects": at.size,
                "receipt": receipt,
                "reason": receipt.refused,
                **({"flipped": _flipped(es["flipped"].iloc[at])} if "flipped" in es else {}),
            }
        )
    table = pd.DataFrame(rows)
    return table if table["reason"].any() else table.drop(columns="reason")


def _flipped(column: pd.Series) -> bool | str:
    """Return whether the signs of the effects averaged were reversed."""
    said = {str(value).strip().lower() == "true" for value in column}
    return IN_PART if len(said) > 1 else True in said


def _receipt(
    study: str,
    measure: str,
    effects: np.ndarray,
    rho: float,
    *,
    n_left_out: int,
    parts: list[Receipt],
) -> Receipt:
    """Return the receipt of an average, with what is doubtful about the effects in it."""
    k = len(effects)
    assumed = (f"effects correlate {rho:g} within the study",) if k > 1 else ()
    left_out = f"{n_left_out} of {k + n_left_out} effects left out: not given" if n_left_out else ""
    doubts = [doubt for part in parts for doubt in part.doubts]
    if n_left_out and k:
        doubts.append("Averages of a study's effects that leave out rows without one")
    units = {part.unit for part in parts}
    return Receipt(
        study,
        measure,
        "average" if k else "none",
        "mean of the effects; vi = sum of their covariances / k² (Borenstein et al. 2009, ch. 24)",
        ", ".join(f"yi = {value:.10g}" for value in effects),
        assumptions=(*assumed, left_out) if left_out else assumed,
        refused="" if k else "no row of the study has an effect",
        footnotes=tuple(dict.fromkeys(note for part in parts for note in part.footnotes)),
        doubts=tuple(dict.fromkeys(doubts)),
        unit=" and ".join(sorted(units)) if all(units) else "",
        outcome=parts[0].outcome if len({part.outcome for part in parts}) == 1 else None,
    )
