"""Pooling sparse counts: Mantel-Haenszel and Peto, which combine tables before dividing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError
from arrowroot.options import confidence_level, one_of
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.effects.formulas import counts
from synthesis.effects.formulas.counts import TwoByTwo
from synthesis.effects.shared_controls import divisors
from synthesis.labels import capitals, complete_labels
from synthesis.measures import measure_named, plain_name
from synthesis.pooling.as_counted import as_counted
from synthesis.pooling.doubts import mixed_outcomes, outcome_of
from synthesis.pooling.engine.batch import Pooled
from synthesis.pooling.engine.tables import MANTEL_HAENSZEL, PETO, Method, Tables
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.readable import back_notes
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.studies import number_studies
from synthesis.pooling.units import Units

_COLUMNS = ("events_t", "n_t", "events_c", "n_c")
_HALF = "In a study with no event, or events only, in one arm, 1/2 was added to each cell of its "
_HALF += "own effect and of Q; the pooled effect uses the counts as they are."
_SILENT = "no events, or events only"
_NO_ERROR = "Every arm has no events, or events only, so the standard error is 0 and the interval "
_NO_ERROR += "has no width: this is not precision. Report the counts."


def mantel_haenszel(
    table: pd.DataFrame,
    *,
    measure: str = "or",
    study: str = "study",
    level: float = 0.95,
    dependent: str = "refuse",
) -> MetaAnalysis:
    """Pool two-by-two tables by Mantel and Haenszel's method, under a common effect.

    Parameters
    ----------
    table : DataFrame
        One row per study: `study` and the counts ``events_t n_t events_c n_c``, and
        `control_shares` where a control arm is divided among rows (`shared_control`). Studies
        with a blank count are listed in `excluded`. The counts are used as they are: where
        `icc`, `cluster_size` or `direction` are filled in, a note says that they are not used.
    measure : {"or", "rr", "rd"}
        Odds ratio, risk ratio or risk difference.
    study : str
        Column of the study labels.
    level : float
        Level of the interval, between 0 and 1.
    dependent : {"refuse", "ignore"}
        As in `meta_analysis`.

    Returns
    -------
    MetaAnalysis
        Ratios as logarithms. A study without events, or with events only, in both arms says
        nothing about a ratio: it is listed in `excluded`. It does count in a pooled risk
        difference, but not in its Q, I2 and degrees of freedom.

    Raises
    ------
    DataError
        Missing column, a count that is not whole or exceeds its arm, no study left, or rows of
        one study that depend on each other.
    EstimationError
        If one arm has no events at all, so that the ratio is zero or infinite.

    Notes
    -----
    The pooled effect and its standard error use the counts as they are. For Q each study needs
    an effect of its own: as in metafor's ``rma.mh``, 1/2 is added to the cells of tables with a
    zero, and a table without events, or with events only, in both arms has no part in Q. RevMan
    keeps such a table in Q of risk differences, with 1/2 added, and adds nothing to tables with
    one zero; its Q then holds a variance that no data gave. Effect and standard error agree.

    References
    ----------
    Mantel & Haenszel 1959; variances: Robins, Breslow & Greenland 1986, Biometrics 42:311-323
    (odds ratio); Greenland & Robins 1985, Biometrics 41:55-68 (risk ratio); Sato, Greenland &
    Robins 1989, Biometrics 45:1323-1324 (risk difference).
    """
    measure = one_of("measure", plain_name(measure), list(MANTEL_HAENSZEL))
    return _pooled(
        table, study, level, dependent, measure, "mantel_haenszel", MANTEL_HAENSZEL[measure]
    )


def peto(
    table: pd.DataFrame, *, study: str = "study", level: float = 0.95, dependent: str = "refuse"
) -> MetaAnalysis:
    """Pool two-by-two tables by Peto's method: observed minus expected events.

    It suits rare events, arms of similar size and small effects (Cochrane Handbook 10.4.2).

    Parameters
    ----------
    table, study, level, dependent
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
    return _pooled(table, study, level, dependent, "peto", "peto", PETO)


def _pooled(
    table: pd.DataFrame,
    study: str,
    level: float,
    dependent: str,
    measure: str,
    model: str,
    method: Method,
) -> MetaAnalysis:
    confidence_level(level)
    checks.is_table(table, "table")
    labels = complete_labels(checks.column(table, study, "study"), "study")
    whole = _counts(table, labels)
    broken = np.any([cell != np.floor(cell) for cell in whole], axis=0)
    cells = _divided(whole, table)
    tables = _two_by_two(cells)
    silent = _silent(tables)
    reasons = _gaps(cells)
    if measure != "rd":
        reasons = [
            why or (_SILENT if none else "") for why, none in zip(reasons, silent, strict=True)
        ]
    kept = np.array([not why for why in reasons], dtype=bool)
    if not kept.any():
        listed = shortened(f"{label} ({why})" for label, why in zip(labels, reasons, strict=True))
        raise DataError(f"no study left to pool: {listed or 'the table has no rows'}.")
    tables = TwoByTwo(*(getattr(tables, name)[kept] for name in TwoByTwo.__dataclass_fields__))
    yi, vi = _STUDY_EFFECTS[measure](
        tables
        if measure == "peto"
        else counts.two_by_two(tables.events_t, tables.n_t, tables.events_c, tables.n_c)
    )
    studied = Tables(tables, yi, vi, ~silent[kept], method)
    pooled = studied.pool(np.array([len(yi)]), level)
    if measure != "rd" and not (np.isfinite(pooled.estimate[0]) and pooled.std_error[0] > 0):
        raise EstimationError(
            "one arm has no events, or events only, over all studies together: the ratio is zero "
            "or infinite. Use measure='rd' or peto, or report the counts."
        )
    pooled_labels = [label for label, keep in zip(labels, kept, strict=True) if keep]
    rows = table.loc[kept].reset_index(drop=True)
    numbered, units = number_studies(rows, pooled_labels, study=study, dependent=dependent)
    studies = rows.assign(study=pooled_labels, yi=yi, vi=vi).assign(**numbered)
    studies, ignored = as_counted(studies, measure, model)
    left_out = [(label, why) for label, why in zip(labels, reasons, strict=True) if why]
    excluded = pd.DataFrame(left_out, columns=["study", "reason"], dtype="str")
    notes = [*capitals("Study labels", studies["study"]), *units.notes(weighted=False), *ignored]
    notes += mixed_outcomes(studies)
    notes += _fractions(np.array(labels, dtype=object)[kept & broken])
    if model == "mantel_haenszel" and (tables.has_zero & ~silent[kept]).any():
        notes.append(_HALF)
    notes += _left_unsaid(studies.loc[silent[kept], "study"], excluded)
    if pooled.std_error[0] == 0:
        notes.append(_NO_ERROR)
    return _record(studies, studied, excluded, units, pooled, measure, model, level, notes)


def tables_of(fit: MetaAnalysis) -> Tables:
    """Return the two-by-two tables of a fit, to pool any selection of them in the same way."""
    as_counted = _counts(fit.studies, fit.studies["study"].tolist())
    tables = _two_by_two(_divided(as_counted, fit.studies))
    yi, vi = (fit.studies[name].to_numpy(dtype=float) for name in ("yi", "vi"))
    method = PETO if fit.model == "peto" else MANTEL_HAENSZEL[fit.measure.name]
    return Tables(tables, yi, vi, ~_silent(tables), method)


def _fractions(found: Array) -> list[str]:
    """Say which studies have numbers of people that are not whole, as effective numbers are."""
    if not found.size:
        return []
    said = "Numbers of people that are not whole are used as they are, as effective numbers"
    return [f"{said}: {shortened(map(repr, found))}."]


def _left_unsaid(silent: pd.Series, excluded: pd.DataFrame) -> list[str]:
    """Say which studies do not count in Q, and which do not count at all."""
    notes = []
    if len(silent):
        notes.append(
            f"{counted(len(silent), 'study has', 'studies have')} no events, or events only, in "
            f"both arms, and so no part in Q and I²: {shortened(silent)}."
        )
    if len(excluded):
        pairs = zip(excluded["study"], excluded["reason"], strict=True)
        listed = shortened(f"{label} ({why})" for label, why in pairs)
        notes.append(f"{counted(len(excluded), 'study', 'studies')} not pooled: {listed}.")
    return notes


def _record(
    studies: pd.DataFrame,
    studied: Tables,
    excluded: pd.DataFrame,
    units: Units,
    pooled: Pooled,
    measure: str,
    model: str,
    level: float,
    notes: list[str],
) -> MetaAnalysis:
    named = measure_named(measure)
    q_df = max(int(studied.in_q.sum()) - 1, 0)
    one = {field.name: float(getattr(pooled, field.name)[0]) for field in fields(Pooled)}
    ci = one["ci_low"], one["ci_high"]
    limits = {"the pooled effect": (one["estimate"],), "its confidence interval": ci}
    return MetaAnalysis(
        estimate=one["estimate"],
        std_error=one["std_error"],
        statistic=one["statistic"],
        df=None,
        p_value=one["p_value"],
        ci=ci,
        tau2=0.0,
        tau2_se=None,
        tau2_ci=None,
        i2=one["i2"] if q_df else 0.0,
        i2_q=one["i2_q"] if q_df else 0.0,
        i2_ci=None,
        h2=one["h2"],
        q=one["q"],
        q_df=q_df,
        q_p_value=one["q_p_value"],
        prediction_interval=None,
        weights=pd.Series(
            studied.weights, index=pd.Index(studies["study"], name="study"), name="weight"
        ),
        log_likelihood=None,
        k=len(studies),
        level=level,
        measure=named,
        model=model,
        tau2_method="none",
        ci_method="wald",
        tau2_ci_method="none",
        prediction_method="none",
        studies=studies,
        excluded=excluded,
        notes=(*notes, *back_notes(named, studies, level, limits)),
        dependence=units.dependence,
        outcome=outcome_of(studies),
    )


def _divided(cells: list[Array], table: pd.DataFrame) -> list[Array]:
    """Return the counts of both arms, a control arm that is divided with its part."""
    by = divisors(table)
    return [*cells[:2], *(cell / by for cell in cells[2:])]


def _two_by_two(cells: list[Array]) -> TwoByTwo:
    events_t, n_t, events_c, n_c = cells
    return TwoByTwo(events_t, n_t - events_t, events_c, n_c - events_c)


def _silent(tables: TwoByTwo) -> Array:
    """Return which studies have no events, or events only, in both arms."""
    return np.asarray(
        (tables.events_t + tables.events_c == 0) | (tables.others_t + tables.others_c == 0)
    )


def _counts(table: pd.DataFrame, labels: list[str]) -> list[Array]:
    columns = []
    for name in _COLUMNS:
        values = checks.numeric(checks.column(table, name, name), labels)
        checks.refuse(f"{name} must be >= 0", values, values < 0, labels)
        columns.append(values)
    for events, size in ((0, 1), (2, 3)):
        name = _COLUMNS[size]
        checks.refuse(f"{name} must be > 0", columns[size], columns[size] == 0, labels)
        over = columns[events] > columns[size]
        checks.refuse(f"{_COLUMNS[events]} must not exceed {name}", columns[events], over, labels)
    return columns


def _gaps(cells: list[Array]) -> list[str]:
    """Return for each study which counts are blank; empty where none is."""
    blank = np.isnan(np.column_stack(cells))
    lacking = (
        " and ".join(name for name, gap in zip(_COLUMNS, row, strict=True) if gap) for row in blank
    )
    return [names and f"{names} {'are' if ' and ' in names else 'is'} blank" for names in lacking]


_STUDY_EFFECTS: dict[str, Callable[[TwoByTwo], tuple[Array, Array]]] = {
    "or": counts.odds_ratio,
    "rr": counts.risk_ratio,
    "rd": counts.risk_difference,
    "peto": counts.peto_odds_ratio,
}
