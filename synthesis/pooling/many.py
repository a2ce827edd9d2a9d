"""One row per analysis: every comparison of a long table, pooled at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.lab.progress import Progress
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels, with_labels
from synthesis.measures import MEASURES, known_measure
from synthesis.pooling.dependence import DEPENDENT, units
from synthesis.pooling.doubts import doubts
from synthesis.pooling.engine.batch import Choices, pool_ragged
from synthesis.pooling.readable import harmonic_means, study_sizes

_COLUMNS = (
    *("estimate", "std_error", "ci_low", "ci_high", "p_value"),
    *("tau2", "i2", "q", "pi_low", "pi_high"),
)


def meta_analyses(
    table: pd.DataFrame,
    by: str | Sequence[str],
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    model: str = "random",
    tau2: str | float = "reml",
    ci: str | None = None,
    level: float = 0.95,
    prediction: str = "as_interval",
    dependent: str = "refuse",
) -> pd.DataFrame:
    """Pool every group of a long table: thousands of comparisons in one call.

    Parameters
    ----------
    table : DataFrame
        One row per study of an analysis. Rows of one study in the same analysis are treated as
        in `meta_analysis`.
    by : str or sequence of str
        Columns that together name an analysis, such as ``["review", "comparison"]``.
    yi, vi : str
        Columns of effects and sampling variances.
    study : str
        Column of study labels. Without it nothing is known of dependent rows.
    model, tau2, ci, level, prediction, dependent
        As in `meta_analysis`, the same for every analysis.

    Returns
    -------
    DataFrame
        Indexed by `by` in order of first appearance, with columns ``k estimate std_error
        ci_low ci_high p_value tau2 i2 q pi_low pi_high`` on the scale of `yi`, where `k` counts
        effects; and ``n_studies`` where there is a column of labels. An analysis of one study is
        that study, with a normal interval; undefined values are NaN. If the table has a column
        ``measure``, `p_value` is NaN for measures without a value of no effect, and for
        ``"freeman_tukey"`` there is ``back_n``, the harmonic mean of the sample sizes, with which
        estimates are turned back.
        What a reader should know about labels and dependent rows is in ``attrs["notes"]``.

    Raises
    ------
    DataError
        If a column is missing, a cell is blank or not a number, or a variance is not positive:
        nothing is dropped on the way. Also if rows of one study in one analysis depend on each
        other, or are in the table twice.

    Examples
    --------
    >>> table = pd.DataFrame({"review": ["a", "a", "b"], "yi": [0.1, 0.3, 0.2], "vi": [0.1] * 3})
    >>> meta_analyses(table, by="review", tau2="dl", ci="wald")[["k", "estimate"]].round(2)
            k  estimate
    review
    a       2       0.2
    b       1       0.2
    """
    choices = Choices(model=model, tau2=tau2, ci=ci, level=level, prediction=prediction)
    keys = [by] if isinstance(by, str) else list(by)
    if not keys:
        raise OptionError("by must name at least one column, such as by='comparison'; got none.")
    checks.is_table(table, "table")
    for key in keys:
        checks.column(table, key, "by")
    effects = _numbers(table, yi, "yi")
    variances = _numbers(table, vi, "vi")
    if not (variances > 0).all():
        rows = [f"row {row + 1}" for row in np.flatnonzero(~(variances > 0)).tolist()]
        raise DataError(f"{vi} must be > 0; it is not in {shortened(rows)}.")
    in_rows = [f"row {row + 1}" for row in range(len(table))]
    checks.poolable(yi, effects, vi, variances, in_rows)
    if table.empty:
        raise DataError("table: no rows, so there is nothing to pool.")
    # A level of the index may have the same name as a column, so the index is left out.
    named = with_labels(table[keys].reset_index(drop=True), keys)
    for key in keys:
        _refuse_blank(named[key], "analysis")
    codes = named.groupby(keys, sort=False, dropna=False, observed=True).ngroup().to_numpy()
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    n_studies, unit_notes = _studies(table, named, codes, keys, study, dependent)

    with Progress(len(sizes), "Meta-analyses", "analyses") as bar:
        pooled = pool_ragged(effects, variances, sizes, choices, rows=order, progress=bar.update)
    firsts = named.iloc[order[np.cumsum(sizes) - sizes]]
    index = (
        pd.Index(firsts[keys[0]], name=keys[0])
        if len(keys) == 1
        else pd.MultiIndex.from_frame(firsts[keys])
    )
    columns = {name: getattr(pooled, name) for name in _COLUMNS}
    columns |= _for_readers(table, vi, order, sizes, pooled.p_value)
    analyses = pd.DataFrame({"k": sizes, **columns, **n_studies}, index=index)
    notes = [note for key in keys for note in capitals(f"Values of {key}", firsts[key])]
    if notes := [*notes, *unit_notes, *_doubts(table, firsts, order, sizes, study)]:
        analyses.attrs["notes"] = notes
    return analyses


def _for_readers(
    table: pd.DataFrame, vi: str, order: np.ndarray, sizes: np.ndarray, p: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the columns that depend on what readers see: p-values, and `back_n` if needed."""
    if "measure" not in table.columns:
        return {}
    codes, names = pd.factorize(table["measure"], use_na_sentinel=False)
    labels = read_labels(pd.Series(names, dtype=object))
    given = [known_measure(name) or MEASURES["generic"] for name in labels]
    tested = np.array([one.has_null for one in given])[codes[order[np.cumsum(sizes) - sizes]]]
    found = {"p_value": np.where(tested, p, np.nan)}
    if any(one.needs_n for one in given):
        n = np.full(len(table), np.nan)
        for at, one in enumerate(given):
            rows = codes == at
            if one.needs_n and rows.any():
                n[rows] = study_sizes(table.loc[rows].assign(vi=table.loc[rows, vi]), one)
        found["back_n"] = harmonic_means(n, sizes, order)
    return found


def _studies(
    table: pd.DataFrame,
    named: pd.DataFrame,
    codes: np.ndarray,
    keys: Sequence[str],
    study: str,
    dependent: str,
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return the number of studies of each analysis, if known, and notes; refuse dependent rows."""
    one_of("dependent", dependent, DEPENDENT)
    if study == "study" and study not in table.columns:
        return {}, []
    labels = checks.column(table, study, "study").reset_index(drop=True).rename(study)
    labels = with_labels(labels.to_frame(), [study])[study]
    _refuse_blank(labels, "study")
    of, names = pd.factorize(labels)
    pairs = codes.astype(np.int64) * len(names) + of
    numbers, known = pd.factorize(pairs)
    firsts = np.unique(numbers, return_index=True)[1]

    def name(number: int) -> str:
        at = firsts[number]
        analysis = ", ".join(label(named[key].iloc[at]) for key in keys)
        return f"{label(names[of[at]])} ({analysis})"

    found = units(table.reset_index(drop=True), numbers, name, dependent=dependent)
    return {"n_studies": np.bincount(known // len(names))}, found.notes(counts=False)


def _doubts(
    table: pd.DataFrame, firsts: pd.DataFrame, order: np.ndarray, sizes: np.ndarray, study: str
) -> list[str]:
    """Return what is doubtful about the effects of each analysis, which is named before it."""
    used = [name for name in ("receipt", "outcome", "instrument", "measure") if name in table]
    if study not in table or {"receipt", "outcome"}.isdisjoint(used):
        return []
    told = table[[study, *used]].rename(columns={study: "study"})
    ends = np.cumsum(sizes)
    doubted = np.ones(len(sizes), dtype=bool)
    if "receipt" not in told:
        outcomes, starts = pd.factorize(told["outcome"])[0][order], ends - sizes
        doubted = np.minimum.reduceat(outcomes, starts) < np.maximum.reduceat(outcomes, starts)
    notes = []
    for at in np.flatnonzero(doubted).tolist():
        rows = order[ends[at] - sizes[at] : ends[at]]
        analysis = ", ".join(label(value) for value in firsts.iloc[at])
        notes += [f"{analysis}: {note}" for note in doubts(told.iloc[rows])]
    return notes


def _refuse_blank(labels: pd.Series, what: str) -> None:
    blank = np.flatnonzero(labels.isna())
    if blank.size:
        raise DataError(
            f"{labels.name}: every effect must name the {what} it belongs to; the cell is blank in "
            f"{shortened(f'row {row + 1}' for row in blank.tolist())}. Complete it."
        )


def _numbers(table: pd.DataFrame, name: str, argument: str) -> np.ndarray:
    numbers = checks.as_numbers(checks.column(table, name, argument))
    bad = ~np.isfinite(numbers)
    if bad.any():
        rows = [f"row {row + 1}" for row in np.flatnonzero(bad).tolist()]
        raise DataError(
            f"{name}: every cell must contain a finite number; this is not so in "
            f"{shortened(rows)}. Remove or complete these rows."
        )
    return numbers
