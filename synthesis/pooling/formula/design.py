"""From a formula such as ``~ hours + design`` to the design matrix of a meta-regression."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, EstimationError, OptionError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels
from synthesis.pooling.formula.columns import moderators, refuse_ratios
from synthesis.pooling.formula.expressions import (
    HOW_TO_WRITE,
    Expression,
    Reading,
    unreadable,
)
from synthesis.pooling.formula.rules import quoted, read

INTERCEPT = "Intercept"
"""The intercept's name among the terms."""

_ALIASED_BELOW = 1e-10
"""A column that is new by less than this fraction, given the columns before it, adds nothing."""

_EXACT_BELOW = 1e-8
"""A column that varies by less than this fraction of its own variation, given the columns before
it, leaves too few digits to tell them apart."""

_NUMBER = re.compile(r"[-−+]?\d+([.,]\d+)?")
"""What a reader takes for a number."""

_OWN_FUNCTIONS = {"sqrt": np.sqrt}
"""Functions of `expressions.FUNCTIONS` that formulaic does not bring."""


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
        raise OptionError(f"formula must be text; got {formula!r}. {HOW_TO_WRITE}")
    reasons = [""] * len(table)
    if is_intercept_only(formula):
        return reasons
    for name in read_formula(formula)[1].columns:
        cells = read_labels(checks.column(table, name, "formula"))
        for row in [row for row, cell in enumerate(cells) if not cell]:
            reasons[row] = reasons[row] or f"{name} is blank"
    return reasons


def moderators_alike(table: pd.DataFrame, formula: str) -> list[str]:
    """Return notes on categories of a formula's moderators that differ in capitals only."""
    if is_intercept_only(formula):
        return []
    reading = read_formula(formula)[1]
    notes = [
        note for name in reading.columns for note in capitals(f"Categories of {name}", table[name])
    ]
    return [*notes, *_numbers_as_text(table, reading)]


def _numbers_as_text(table: pd.DataFrame, reading: Reading) -> list[str]:
    """Return notes on columns of text that hold numbers, each of which becomes a category."""
    notes = []
    for name in sorted({*reading.columns} - reading.coded):
        cells = table[name]
        if isinstance(cells.dtype, pd.CategoricalDtype) or not (
            pd.api.types.is_string_dtype(cells) or cells.dtype.kind == "O"
        ):
            continue
        labels = [label for label in dict.fromkeys(read_labels(cells)) if label]
        numbers = [label for label in labels if _NUMBER.fullmatch(label)]
        if 2 * len(numbers) > len(labels):
            odd = [label for label in labels if label not in numbers]
            other = f"; {shortened(map(repr, odd))} is none" if odd else ""
            notes.append(
                f"Column {name} is text, so each of its values is a category, though most are "
                f"numbers, such as {numbers[0]!r}{other}. For a number, make the column one; for "
                f"categories, write C({quoted(name)})."
            )
    return notes


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
    parsed, reading = read_formula(formula)
    used = moderators(table, reading)
    refuse_ratios(formula, used, reading)
    columns = _computed(parsed, used, f"formula: {formula!r} cannot be computed from the table")
    _refuse_lost(formula, columns.model_spec.structure, used)
    design = pd.DataFrame(columns).astype(float)
    if design.shape[1] == 0:
        raise OptionError(f"formula: {formula!r} leaves nothing to estimate. {HOW_TO_WRITE}")
    for term, column in design.items():
        values = column.to_numpy()
        checks.refuse(f"formula: {term} must be finite", values, ~np.isfinite(values), labels)
        size = np.abs(values)
        checks.refuse(
            f"formula: {term} must be between {checks.LEAST:g} and {checks.MOST:g} in size",
            values,
            (size != 0) & ((size < checks.LEAST) | (size > checks.MOST)),
            labels,
        )
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
    parsed, reading = read_formula(formula)
    fitted_to = moderators(table, reading)
    given = {}
    for name in reading.columns:
        cells = checks.column(new, name, "new")
        known = fitted_to[name]
        if nothing := [
            row for row, cell in zip(labels, read_labels(cells), strict=True) if not cell
        ]:
            raise DataError(f"new: {name} is blank in {shortened(nothing)}. Give a value.")
        if known.dtype.kind in "if" and name not in reading.coded:
            given[name] = pd.Series(checks.numeric(cells, labels), index=new.index)
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
    why = f"formula: {formula!r} cannot be computed"
    fitted = _computed(parsed, fitted_to, f"{why} from the table")
    rows = _computed(
        fitted.model_spec, pd.DataFrame(given, index=new.index), f"{why} for the rows of new"
    )
    rows = pd.DataFrame(rows)
    for term, column in rows.items():
        values = column.to_numpy(dtype=float)
        checks.refuse(f"new: {term} must be finite", values, ~np.isfinite(values), labels)
    return rows.astype(float)


def _computed(source: Any, used: pd.DataFrame, what: str) -> Any:
    """Return the matrix that formulaic makes of a formula, or of one that was fitted before."""
    from formulaic.errors import DataMismatchWarning, FormulaicError

    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("error", DataMismatchWarning)
            return source.get_model_matrix(used, context=_OWN_FUNCTIONS, na_action="ignore")
    except DataMismatchWarning as problem:
        left_out = str(problem).partition("{")[2].partition("}")[0]
        raise OptionError(
            f"{what}: C() names levels, but not {left_out}, which studies have. "
            "Name every category."
        ) from problem
    except (FormulaicError, ArithmeticError, IndexError, TypeError, ValueError) as problem:
        if "beyond upper" in str(problem):  # of a spline that was fitted to other values
            raise DataError(
                f"{what}: a spline is not defined beyond the lowest and highest value it was "
                "fitted to."
            ) from problem
        raise OptionError(f"{what}: {problem}") from problem


def _refuse_lost(formula: str, structure: Sequence[Any], used: pd.DataFrame) -> None:
    """Refuse terms that leave no column of their own in the design.

    formulaic keeps one column of each name, and none for a category that all studies share.
    """
    named = Counter(name for part in structure for name in part.columns)
    if twice := [name for name, times in named.items() if times > 1]:
        raise OptionError(
            f"formula: two terms of {formula!r} would both be called {twice[0]!r}. Rename the "
            f"column {twice[0]!r} of the table."
        )
    for part in structure:
        if not part.columns:
            alike = [
                f"all studies have the category {cells[0]!r} in {name!r}"
                for name in map(str, part.term.factors)
                if name in used and len(cells := [*dict.fromkeys(read_labels(used[name]))]) == 1
            ]
            why = f": {alike[0]}" if alike else ""
            raise EstimationError(
                f"formula: {str(part.term)!r} is the same for every study{why}. Leave it out."
            )


def read_formula(formula: str) -> tuple[Any, Reading]:
    """Return a formula as formulaic reads it, and what `rules` found in it."""
    from formulaic import Formula
    from formulaic.errors import FormulaicError
    from formulaic.formula import SimpleFormula

    if not formula.strip(" ~\t\n") or "``" in formula:
        raise OptionError(f"formula: {formula!r} names no moderator. {HOW_TO_WRITE}")
    reading = read(formula)
    try:
        parsed = Formula(formula)
    except (FormulaicError, SyntaxError, ValueError) as problem:
        raise unreadable(formula) from problem
    if not isinstance(parsed, SimpleFormula):
        raise OptionError(
            f"formula: {formula!r} must name moderators only; effects are named by yi. "
            f"{HOW_TO_WRITE}"
        )
    for term in parsed:
        for factor in term.factors:
            if factor.eval_method.value == "python":  # once more, as it will be evaluated
                Expression(formula, factor.expr, Reading(), set())
    return parsed, reading


def _refuse_aliased(design: pd.DataFrame) -> None:
    """Refuse columns that follow from the columns before them, or do so to all useful digits."""
    columns = design.to_numpy() / np.maximum(np.abs(design.to_numpy()).max(axis=0), checks.LEAST)
    size = np.linalg.norm(columns, axis=0)
    varies = np.linalg.norm(columns - columns.mean(axis=0), axis=0)
    least = np.maximum(_ALIASED_BELOW * size, _EXACT_BELOW * varies)
    k, p = columns.shape
    if k >= p and (np.abs(np.diag(np.linalg.qr(columns, mode="r"))) > least).all():
        return
    basis = np.empty((k, 0))
    aliased = []
    for at, term in enumerate(design.columns):
        new = columns[:, at]
        for _ in range(2):  # a second pass removes rounding
            new = new - basis @ (basis.T @ new)
        left = float(np.linalg.norm(new))
        if left <= least[at]:
            aliased.append(repr(term))
        else:
            basis = np.column_stack([basis, new / left])
    if aliased:
        raise EstimationError(
            f"formula: {shortened(aliased)} cannot be distinguished from the terms before "
            f"({len(design)} effects, {design.shape[1]} terms): the columns are redundant, or "
            "there are too few effects. Leave terms out or merge categories."
        )
