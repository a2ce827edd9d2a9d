"""How the evidence accumulated: studies added one at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.diagnostics.studies import effects, labels, pooled_table, repeated, sample_sizes
from synthesis.labels import as_read, read_labels
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.given import pooled_only
from synthesis.pooling.results import MetaAnalysis

_DATES = ("date", "year")


def cumulative(fit: MetaAnalysis, order: str | Sequence[str] = "date") -> pd.DataFrame:
    """Repeat an analysis with one study, two studies, and so on to all of them.

    Parameters
    ----------
    fit : MetaAnalysis
        The analysis of all studies.
    order : str or sequence of str
        ``"date"``: oldest first, by the column ``date`` or ``year``. ``"precision"``: smallest
        variance first. ``"size"``: largest first, by ``n`` or ``n_t + n_c``. Another column's
        name: smallest value first. Or every study label, in the order wanted. Tied studies keep
        the order of the table.

    Returns
    -------
    DataFrame
        Indexed by the study added: ``k estimate std_error ci_low ci_high p_value tau2 i2 q
        q_p_value pi_low pi_high`` of the studies so far, with the choices of `fit`. The first
        row is that study with a normal interval; the last is `fit`.

    Raises
    ------
    DataError
        If the table lacks the column, a cell is blank, or the labels are not those of the fit.

    References
    ----------
    Lau et al. 1992, N Engl J Med 327:248-254.

    Examples
    --------
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "year": [1999, 1990, 2005],
    ...     "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> cumulative(meta_analysis(table, ci="wald"), order="date")[["k", "estimate"]].round(2)
           k  estimate
    study
    B      1       0.3
    A      2       0.2
    C      3       0.4
    """
    pooled_only(fit)
    places = _places(fit, order)
    sizes = np.arange(1, fit.k + 1)
    so_far = np.tile(places, (fit.k, 1))[np.tri(fit.k, dtype=bool)]
    pooled = repeated(fit, sizes, so_far)
    return pooled_table(
        fit, pooled, sizes, so_far, pd.Index(np.array(labels(fit))[places], name="study")
    )


def _places(fit: MetaAnalysis, order: str | Sequence[str]) -> Array:
    if not pd.api.types.is_list_like(order) and not isinstance(order, str):
        raise OptionError(
            "order must be 'date', 'precision', 'size', the name of a column, or the study "
            f"labels in order; got {order!r}."
        )
    if not isinstance(order, str):
        return _explicit(labels(fit), [label(one) for one in order])
    if order == "precision":
        return np.argsort(effects(fit)[1], kind="stable")
    if order == "size":
        return np.argsort(-sample_sizes(fit, "order='size'"), kind="stable")
    name = order
    if order == "date":
        there = [name for name in _DATES if name in fit.studies.columns]
        if not there:
            raise DataError(
                "order='date' needs a column 'date' or 'year'. Name the column that contains the "
                "date, or give the study labels in order."
            )
        name = there[0]
    values = as_read(checks.column(fit.studies, name, "order"))
    read = read_labels(values)
    blank = [study for study, cell in zip(labels(fit), read, strict=True) if not cell]
    if blank:
        listed = shortened(map(repr, blank))
        raise DataError(f"order: column {name!r} is blank for {listed}. Fill in the blank cells.")
    numbers = pd.to_numeric(values, errors="coerce")
    sortable = np.array(read) if numbers.isna().any() else numbers.to_numpy()
    return np.argsort(sortable, kind="stable")


def _explicit(there: list[str], wanted: list[str]) -> Array:
    checks.unique(wanted, advice="List every study of the fit once in order.")
    lacking = [repr(study) for study in there if study not in wanted]
    unknown = [repr(study) for study in wanted if study not in there]
    if lacking or unknown:
        parts = [
            f"{text} {shortened(found)}"
            for text, found in (("it lacks", lacking), ("it has the unknown", unknown))
            if found
        ]
        raise DataError(f"order must contain every study label of the fit: {', and '.join(parts)}.")
    return np.array([there.index(study) for study in wanted])
