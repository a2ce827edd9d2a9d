"""From a formula such as ``~ hours + design`` to the design matrix of a meta-regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError, OptionError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels, with_labels

INTERCEPT = "Intercept"
"""The intercept's name among the terms."""

_ALIASED_BELOW = 1e-10
"""A column that is new by less than this fraction, given the columns before it, adds nothing."""

_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal")
"""What pandas calls the cells of a column with nothing but numbers, whatever its dtype."""

_HOW_TO_WRITE = (
    "Write '~' and the moderators joined by '+', such as '~ hours + design'; '~ 1' for none. "
    "A name that contains spaces goes in backticks: '~ `risk of bias`'."
)


def is_intercept_only(formula: str) -> bool:
    """Whether a formula has no moderator, such as ``~ 1``."""
    return formula.replace(" ", "") == "~1"


def missing_moderators(table: pd.DataFrame, formula: str) -> list[str]:
    """Say for each row which moderators of a formula are missing.

    Parameters
    ----------
    table : DataFrame
        One row per effect.
    formula : str
        The moderators, such as ``"~ hours + design"``.

    Returns
    -------
    list of str
        One reason per row; empty where nothing is missing.

    Raises
    ------
    DataError
        If the table has no such column.
    OptionError
        If the formula cannot be read.
    """
    checks.is_table(table, "effects")
    if not isinstance(formula, str):
        raise OptionError(f"formula must be text; got {formula!r}. {_HOW_TO_WRITE}")
    reasons = [""] * len(table)
    if is_intercept_only(formula):
        return reasons
    for name in sorted(_parsed(formula).required_variables):
        read = read_labels(checks.column(table, name, "formula"))
        for row in [row for row, cell in enumerate(read) if not cell]:
            reasons[row] = reasons[row] or f"{name} is blank"
    return reasons


def moderators_alike(table: pd.DataFrame, formula: str) -> list[str]:
    """Return notes on categories of a formula's moderators that differ in capitals only."""
    if is_intercept_only(formula):
        return []
    names = sorted(_parsed(formula).required_variables)
    return [note for name in names for note in capitals(f"Categories of {name}", table[name])]


def design_matrix(table: pd.DataFrame, formula: str, labels: Sequence[str]) -> pd.DataFrame:
    """Return the design of a formula: one row per effect, one column per term.

    The reference category is the first in alphabetical order, or the first of a column that has an
    order.

    Parameters
    ----------
    table : DataFrame
        One row per effect, no moderator missing.
    formula : str
        The moderators, such as ``"~ hours + design"``.
    labels : sequence of str
        What each row is called in messages.

    Returns
    -------
    DataFrame of float, shape (K, P), of full column rank

    Raises
    ------
    OptionError
        If the formula cannot be read or computed.
    DataError
        If a term is not finite, such as the logarithm of 0.
    EstimationError
        If a term follows from the terms before it; they are named.

    Examples
    --------
    >>> table = pd.DataFrame({"hours": [1.0, 2.0, 4.0], "design": ["rct", "cohort", "rct"]})
    >>> design_matrix(table, "~ hours + design", ["A", "B", "C"])
       Intercept  hours  design[T.rct]
    0        1.0    1.0            1.0
    1        1.0    2.0            0.0
    2        1.0    4.0            1.0
    """
    if is_intercept_only(formula):
        return pd.DataFrame({INTERCEPT: np.ones(len(table))})
    from formulaic.errors import FormulaicError

    parsed = _parsed(formula)
    used = _moderators(table, sorted(parsed.required_variables))
    try:
        with np.errstate(all="ignore"):
            columns = parsed.get_model_matrix(used, context={}, na_action="ignore")
    except (FormulaicError, TypeError, ValueError) as problem:
        raise OptionError(
            f"formula: {formula!r} cannot be computed from the table: {problem}"
        ) from problem
    design = pd.DataFrame(columns).astype(float)
    if design.shape[1] == 0:
        raise OptionError(f"formula: {formula!r} leaves nothing to estimate. {_HOW_TO_WRITE}")
    for term, column in design.items():
        values = column.to_numpy()
        checks.refuse(f"formula: {term} must be finite", values, ~np.isfinite(values), labels)
    _refuse_aliased(design)
    return design


def design_at(
    table: pd.DataFrame, formula: str, new: pd.DataFrame, labels: Sequence[str]
) -> pd.DataFrame:
    """Return the design rows of new values, coded like the table's own rows.

    Parameters
    ----------
    table : DataFrame
        The rows the model was fitted to: they fix the categories and any scaling.
    formula : str
        The moderators.
    new : DataFrame
        One row per prediction, with every moderator of the formula.
    labels : sequence of str
        What each new row is called in messages.

    Returns
    -------
    DataFrame of float, shape (rows of `new`, P)

    Raises
    ------
    DataError
        If a moderator is missing, or a category is not among the table's.
    """
    if is_intercept_only(formula):
        return pd.DataFrame({INTERCEPT: np.ones(len(new))})
    parsed = _parsed(formula)
    names = sorted(parsed.required_variables)
    fitted_to = _moderators(table, names)
    given = {}
    for name in names:
        cells = checks.column(new, name, "new")
        known = fitted_to[name]
        if pd.api.types.is_numeric_dtype(known):
            given[name] = cells
            continue
        spelled = dict(zip(read_labels(known), known, strict=True))
        strange = sorted({cell for cell in read_labels(cells) if cell not in spelled})
        if strange:
            there = ", ".join(map(repr, sorted(spelled)))
            raise DataError(
                f"new: {name} has no category {shortened(map(repr, strange))} among the "
                f"studies; they have {there}."
            )
        of_fit = [spelled[cell] for cell in read_labels(cells)]
        given[name] = pd.Series(of_fit, index=new.index, dtype=known.dtype)
    fitted = parsed.get_model_matrix(fitted_to, context={}, na_action="ignore")
    rows = fitted.model_spec.get_model_matrix(
        pd.DataFrame(given, index=new.index), na_action="ignore"
    )
    rows = pd.DataFrame(rows)
    for term, column in rows.items():
        values = column.to_numpy(dtype=float)
        checks.refuse(f"new: {term} must be finite", values, ~np.isfinite(values), labels)
    return rows.astype(float)


def _moderators(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the columns of moderators, ready to be coded: categories are labels, as read."""
    used = with_labels(table[names].reset_index(drop=True), names)
    for name in names:
        if isinstance(used[name].dtype, pd.CategoricalDtype):
            used[name] = used[name].cat.remove_unused_categories()
        elif pd.api.types.is_string_dtype(used[name].dtype):
            # Of pandas' types for text, formulaic knows those that are in every version alone.
            used[name] = used[name].astype(object)
    for name in used.columns[used.dtypes == "object"]:
        if pd.api.types.infer_dtype(used[name]) in _NUMBERS:
            used[name] = used[name].astype(float)
    return used


def _parsed(formula: str) -> Any:
    from formulaic import Formula
    from formulaic.errors import FormulaicError
    from formulaic.formula import SimpleFormula

    try:
        parsed = Formula(formula)
    except FormulaicError as problem:
        raise OptionError(f"formula: {formula!r} cannot be read. {_HOW_TO_WRITE}") from problem
    if not isinstance(parsed, SimpleFormula):
        raise OptionError(
            f"formula: {formula!r} must name moderators only; effects are named by yi. "
            f"{_HOW_TO_WRITE}"
        )
    return parsed


def _refuse_aliased(design: pd.DataFrame) -> None:
    basis = np.empty((len(design), 0))
    aliased = []
    for term, column in design.items():
        values = column.to_numpy()
        new = values - basis @ (basis.T @ values)
        new -= basis @ (basis.T @ new)
        size, left = float(np.linalg.norm(values)), float(np.linalg.norm(new))
        if left <= _ALIASED_BELOW * size:
            aliased.append(repr(term))
        else:
            basis = np.column_stack([basis, new / left])
    if aliased:
        raise EstimationError(
            f"formula: {shortened(aliased)} cannot be distinguished from the terms before "
            f"({len(design)} effects, {design.shape[1]} terms): the columns are redundant, or "
            "there are too few effects. Leave terms out or merge categories."
        )
