"""Pooling sparse counts: Mantel-Haenszel and Peto, which combine tables before dividing."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.effects.formulas import counts
from synthesis.effects.formulas.counts import TwoByTwo
from synthesis.labels import capitals, complete_labels
from synthesis.measures import measure_named
from synthesis.pooling.engine import intervals
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.readable import back_notes
from synthesis.pooling.results import MetaAnalysis

_COLUMNS = ("events_t", "n_t", "events_c", "n_c")
_HALF = "In a study with no event, or events only, in one arm, 1/2 was added to each cell of its "
_HALF += "own effect and of Q; the pooled effect uses the counts as they are."


class _Sum(NamedTuple):
    """A pooled effect, its variance and the weight of each study."""

    estimate: float
    variance: float
    weights: Array


def mantel_haenszel(
    table: pd.DataFrame, *, measure: str = "or", study: str = "study", level: float = 0.95
) -> MetaAnalysis:
    """Pool two-by-two tables by Mantel and Haenszel's method, under a common effect.

    Parameters
    ----------
    table : DataFrame
        One row per study: `study` and the counts ``events_t n_t events_c n_c``.
    measure : {"or", "rr", "rd"}
        Odds ratio, risk ratio or risk difference.
    study : str
        Column of the study labels.
    level : float
        Level of the interval, between 0 and 1.

    Returns
    -------
    MetaAnalysis
        Ratios as logarithms. A study without events in either arm says nothing about a ratio: it
        is listed in `excluded`.

    Raises
    ------
    DataError
        Missing column, a count that is not whole or exceeds its arm, or no study left.
    EstimationError
        If one arm has no events at all, so that the ratio is zero or infinite.

    References
    ----------
    Mantel & Haenszel 1959; variances: Robins, Breslow & Greenland 1986, Biometrics 42:311-323
    (odds ratio); Greenland & Robins 1985, Biometrics 41:55-68 (risk ratio); Sato, Greenland &
    Robins 1989, Biometrics 45:1323-1324 (risk difference).
    """
    one_of("measure", measure, list(_MANTEL_HAENSZEL))
    return _pooled(table, study, level, measure, "mantel_haenszel", _MANTEL_HAENSZEL[measure])


def peto(table: pd.DataFrame, *, study: str = "study", level: float = 0.95) -> MetaAnalysis:
    """Pool two-by-two tables by Peto's method: observed minus expected events.

    It suits rare events, arms of similar size and small effects (Cochrane Handbook 10.4.2).

    Parameters
    ----------
    table, study, level
        As in `mantel_haenszel`.

    Returns
    -------
    MetaAnalysis
        Log odds ratio.

    Raises
    ------
    DataError
        As in `mantel_haenszel`.

    References
    ----------
    Yusuf, Peto, Lewis, Collins & Sleight 1985, Prog Cardiovasc Dis 27:335-371.
    """
    return _pooled(table, study, level, "peto", "peto", _peto)


def _pooled(
    table: pd.DataFrame,
    study: str,
    level: float,
    measure: str,
    model: str,
    add_up: Callable[[TwoByTwo], _Sum],
) -> MetaAnalysis:
    confidence_level(level)
    labels = complete_labels(checks.column(table, study, "study"), "study")
    cells = _counts(table, labels)
    tables = TwoByTwo(cells[0], cells[1] - cells[0], cells[2], cells[3] - cells[2])
    silent = (tables.events_t + tables.events_c == 0) | (tables.others_t + tables.others_c == 0)
    kept = np.ones(len(table), dtype=bool) if measure == "rd" else ~silent
    if not kept.any():
        raise DataError("no study left to pool: none has both events and non-events.")
    tables = TwoByTwo(*(getattr(tables, name)[kept] for name in TwoByTwo.__dataclass_fields__))
    pooled = add_up(tables)
    if not (np.isfinite(pooled.estimate) and pooled.variance > 0):
        raise EstimationError(
            "one arm has no events, or events only, over all studies together: the ratio is zero "
            "or infinite. Use measure='rd' or peto, or report the counts."
        )
    yi, vi = _STUDY_EFFECTS[measure](
        tables
        if measure == "peto"
        else counts.two_by_two(tables.events_t, tables.n_t, tables.events_c, tables.n_c)
    )
    studies = (
        table.loc[kept]
        .assign(study=[label for label, keep in zip(labels, kept, strict=True) if keep])
        .assign(yi=yi, vi=vi)
        .reset_index(drop=True)
    )
    left_out = [label for label, keep in zip(labels, kept, strict=True) if not keep]
    excluded = pd.DataFrame(
        {"study": left_out, "reason": ["no events, or events only"] * len(left_out)}, dtype="str"
    )
    return _record(studies, excluded, pooled, measure, model, level, bool(tables.has_zero.any()))


def _record(
    studies: pd.DataFrame,
    excluded: pd.DataFrame,
    pooled: _Sum,
    measure: str,
    model: str,
    level: float,
    zeros: bool,
) -> MetaAnalysis:
    from scipy.special import chdtrc

    estimate, std_error = pooled.estimate, float(np.sqrt(pooled.variance))
    test = intervals.symmetric(np.array([estimate]), np.array([std_error]), None, level)
    k = len(studies)
    q = float(((studies["yi"] - estimate) ** 2 / studies["vi"]).sum())
    i2 = 100 * max(0.0, q - (k - 1)) / q if q > 0 else 0.0
    limits = float(test.low[0]), float(test.high[0])
    named = measure_named(measure)
    notes = capitals("Study labels", studies["study"])
    notes += back_notes(
        named,
        studies,
        level,
        {"the pooled effect": (estimate,), "its confidence interval": limits},
    )
    notes += [_HALF] if zeros and model == "mantel_haenszel" else []
    if len(excluded):
        listed = shortened(excluded["study"])
        notes.append(
            f"{counted(len(excluded), 'study', 'studies')} without information on a ratio (no "
            f"events, or events only): {listed}."
        )
    return MetaAnalysis(
        estimate=estimate,
        std_error=std_error,
        statistic=float(test.statistic[0]),
        df=None,
        p_value=float(test.p_value[0]),
        ci=limits,
        tau2=0.0,
        tau2_se=None,
        tau2_ci=None,
        i2=i2,
        i2_q=i2,
        i2_ci=None,
        h2=q / (k - 1) if k > 1 else float("nan"),
        q=q,
        q_df=k - 1,
        q_p_value=float(chdtrc(k - 1, q)) if k > 1 else 1.0,
        prediction_interval=None,
        weights=pd.Series(
            100 * pooled.weights / pooled.weights.sum(),
            index=pd.Index(studies["study"], name="study"),
            name="weight",
        ),
        log_likelihood=None,
        k=k,
        level=level,
        measure=named,
        model=model,
        tau2_method="none",
        ci_method="wald",
        tau2_ci_method="none",
        prediction_method="none",
        studies=studies,
        excluded=excluded,
        notes=tuple(notes),
    )


def _counts(table: pd.DataFrame, labels: list[str]) -> list[Array]:
    columns = []
    for name in _COLUMNS:
        values = checks.numeric(checks.column(table, name, name), labels)
        bad = np.isnan(values) | (values < 0) | (values != np.floor(values))
        checks.refuse(f"{name} must be a whole number >= 0", values, bad, labels)
        columns.append(values)
    for events, size in ((0, 1), (2, 3)):
        name = _COLUMNS[size]
        checks.refuse(f"{name} must be > 0", columns[size], columns[size] == 0, labels)
        over = columns[events] > columns[size]
        checks.refuse(f"{_COLUMNS[events]} must not exceed {name}", columns[events], over, labels)
    return columns


def _odds_ratio(table: TwoByTwo) -> _Sum:
    n = table.n_t + table.n_c
    r, s = table.events_t * table.others_c / n, table.others_t * table.events_c / n
    p, q = (table.events_t + table.others_c) / n, (table.others_t + table.events_c) / n
    total_r, total_s = r.sum(), s.sum()
    if total_r == 0 or total_s == 0:
        return _Sum(float("nan"), 0.0, s)
    variance = 0.5 * (
        (p * r).sum() / total_r**2
        + (p * s + q * r).sum() / (total_r * total_s)
        + (q * s).sum() / total_s**2
    )
    return _Sum(float(np.log(total_r / total_s)), float(variance), s)


def _risk_ratio(table: TwoByTwo) -> _Sum:
    n = table.n_t + table.n_c
    r, s = table.events_t * table.n_c / n, table.events_c * table.n_t / n
    if r.sum() == 0 or s.sum() == 0:
        return _Sum(float("nan"), 0.0, s)
    events = table.events_t + table.events_c
    numerator = table.n_t * table.n_c * events / n**2 - table.events_t * table.events_c / n
    variance = numerator.sum() / (r.sum() * s.sum())
    return _Sum(float(np.log(r.sum() / s.sum())), float(variance), s)


def _risk_difference(table: TwoByTwo) -> _Sum:
    n_t, n_c = table.n_t, table.n_c
    n = n_t + n_c
    weights = n_t * n_c / n
    difference = (table.events_t * n_c - table.events_c * n_t) / n
    estimate = difference.sum() / weights.sum()
    share_t, share_c = n_t / n, n_c / n
    of_effect = (
        table.events_c * share_t**2
        - table.events_t * share_c**2
        + share_t * share_c * (n_c - n_t) / 2
    )
    of_spread = (table.events_t * table.others_c + table.events_c * table.others_t) / (2 * n)
    variance = (estimate * of_effect.sum() + of_spread.sum()) / weights.sum() ** 2
    return _Sum(float(estimate), float(variance), weights)


def _peto(table: TwoByTwo) -> _Sum:
    yi, vi = counts.peto_odds_ratio(table)
    return _Sum(float((yi / vi).sum() / (1 / vi).sum()), float(1 / (1 / vi).sum()), 1 / vi)


_MANTEL_HAENSZEL: dict[str, Callable[[TwoByTwo], _Sum]] = {
    "or": _odds_ratio,
    "rr": _risk_ratio,
    "rd": _risk_difference,
}
_STUDY_EFFECTS: dict[str, Callable[[TwoByTwo], tuple[Array, Array]]] = {
    "or": counts.odds_ratio,
    "rr": counts.risk_ratio,
    "rd": counts.risk_difference,
    "peto": counts.peto_odds_ratio,
}
