"""Several effects per study: choose one, average them, or work out how they covary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.effects.routes.receipts import Receipt
from synthesis.labels import as_read, complete_labels, read_labels, with_labels
from synthesis.measures import measure_named


class Choice(NamedTuple):
    """Rows kept, and rows set aside with the reason in a column `reason`."""

    kept: pd.DataFrame
    set_aside: pd.DataFrame


def choose_rows(
    table: pd.DataFrame, by: str, order: Sequence[str], *, within: Sequence[str] = ("study",)
) -> Choice:
    """Keep one row per study: the first in an order that was declared in advance.

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

    Returns
    -------
    Choice
        `kept` and `set_aside`; together they contain every row.

    Raises
    ------
    DataError
        If two rows of one study are equally preferred.

    Examples
    --------
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "outcome": ["pain at rest", "pain"]})
    >>> choice = choose_rows(sheet, "outcome", ["pain", "pain at rest"])
    >>> choice.kept["outcome"].tolist(), choice.set_aside["reason"].tolist()
    (['pain'], ["'pain' is preferred"])
    """
    values = as_read(checks.column(table, by, "by"))
    names = list(within)
    for name in names:
        checks.column(table, name, "within")
    places = {label(value): at for at, value in enumerate(order)}
    rank = np.array([places.get(value, np.nan) for value in read_labels(values)], dtype=float)
    groups = with_labels(table[names].reset_index(drop=True), names)
    ranked = groups.assign(rank=rank).groupby(names, dropna=False, observed=True)["rank"]
    best = ranked.transform("min").to_numpy()
    kept = rank == best
    tied = groups[kept].duplicated().to_numpy()
    if tied.any():
        studies = dict.fromkeys(read_labels(checks.column(table, "study", "table")[kept][tied]))
        raise DataError(
            f"order: rows of one study are equally preferred by {by!r}: "
            f"{shortened(map(repr, studies))}. Choose by another column too."
        )
    reasons = [
        f"{value!r} is not in order" if np.isnan(own) else f"{order[int(first)]!r} is preferred"
        for own, first, value in zip(rank[~kept], best[~kept], values[~kept], strict=True)
    ]
    return Choice(table[kept].copy(), table[~kept].assign(reason=reasons))


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
        The correlation assumed between effects of one study, from -1 to 1.
    cluster : str
        The column that names the study.

    Returns
    -------
    DataFrame
        Square, with the index of `es` on both sides.

    Examples
    --------
    >>> es = pd.DataFrame({"study": ["A", "A", "B"], "vi": [0.04, 0.09, 0.01]})
    >>> within_study_covariance(es, rho=0.5).round(3).values.tolist()
    [[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.01]]
    """
    if not -1 <= rho <= 1:
        raise OptionError(f"rho must lie between -1 and 1; got {rho!r}.")
    named = complete_labels(checks.column(es, cluster, "cluster"), cluster)
    variances = checks.numeric(checks.column(es, "vi", "es"), named)
    checks.refuse("vi must be > 0", variances, variances <= 0, named)
    se = np.sqrt(variances)
    labels = np.array(named, dtype=object)
    covariance = np.where(labels[:, None] == labels[None, :], rho, 0.0) * np.outer(se, se)
    np.fill_diagonal(covariance, se**2)
    return pd.DataFrame(covariance, index=es.index, columns=es.index)


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
        The columns of `by`, `yi`, `vi`, `measure`, `route` (``"average"``), `effects` (how many)
        and `receipt`.

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
    measured = read_labels(es["measure"]) if "measure" in es else ["generic"] * len(es)
    effects = checks.numeric(checks.column(es, "yi", "es"), studies)
    rows = []
    groups = with_labels(es[[*by]].reset_index(drop=True), by)
    for key, part in groups.groupby([*by], sort=False, observed=True):
        at = part.index.to_numpy()
        measures = {measured[row] for row in at}
        if len(measures) > 1:
            raise DataError(
                f"effects of two measures cannot be averaged: {sorted(measures)} for {key}."
            )
        measure = measure_named(measures.pop())
        yi = float(effects[at].mean())
        vi = float(covariance[np.ix_(at, at)].sum() / at.size**2)
        labels = dict(zip(by, key, strict=True))
        receipt = Receipt(
            studies[at[0]],
            measure.name,
            "average",
            "mean of the effects; vi = sum of their covariances / k² (Borenstein et al. 2009, "
            "ch. 24)",
            ", ".join(f"yi = {value:.10g}" for value in effects[at]),
            assumptions=(f"effects correlate {rho:g} within the study",) if at.size > 1 else (),
        )
        rows.append(
            {
                **labels,
                "yi": yi,
                "vi": vi,
                "measure": measure.name,
                "route": "average",
                "effects": at.size,
                "receipt": receipt,
            }
        )
    return pd.DataFrame(rows)
