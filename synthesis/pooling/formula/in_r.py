"""A formula in R, where R's means the same; the columns of its design where it does not."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synthesis.labels import read_labels
from synthesis.pooling.formula.columns import moderators
from synthesis.pooling.formula.design import INTERCEPT, is_intercept_only, read_formula
from synthesis.r_code.text import names, number, string

_TAKEN = ("study", "yi", "vi", "studies", "res", "cluster", "effect")
_OPERATORS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_SAME = ("log", "log2", "log10", "exp", "sqrt", "I")
"""Functions that R has under the same name."""


@dataclass(frozen=True)
class RFormula:
    """What a design is in R.

    Attributes
    ----------
    code : str
        The right-hand side, such as ``"~ hours + design"``.
    columns : dict
        Values by name in R, one per effect; categories are categorical, with their order.
    says : tuple of str
        What a reader should know: columns with another name, or a design that is given as it is.
    """

    code: str
    columns: dict[str, Any]
    says: tuple[str, ...]


class _NotInRError(Exception):
    """A part of a formula that R writes otherwise, or does not have."""


def formula_in_r(studies: pd.DataFrame, formula: str, design: pd.DataFrame) -> RFormula:
    """Return a formula in R's words, or its design column by column where R's words differ.

    Parameters
    ----------
    studies : DataFrame
        The rows fitted, no moderator missing.
    formula : str
        The moderators.
    design : DataFrame, shape (K, P)
        The design that was fitted.
    """
    if is_intercept_only(formula):
        return RFormula("~ 1", {}, ())
    terms, reading = read_formula(formula)
    used = moderators(studies, reading)
    called = names(used.columns, _TAKEN)
    try:
        return _translated(terms, reading, used, called)
    except _NotInRError:
        return _as_design(formula, design)


def _translated(
    terms: Any, reading: Any, used: pd.DataFrame, called: Mapping[str, str]
) -> RFormula:
    columns = {called[name]: _values(used[name], name in reading.coded) for name in used.columns}
    categories = {name for name in used.columns if isinstance(columns[called[name]], pd.Series)}
    written, intercept = [], False
    for term in terms:
        if str(term) == "1":
            intercept = True
            continue
        factors = [_factor(one, called, categories) for one in term.factors]
        if sum(_is_category(one, categories) for one in term.factors) > 1:
            raise _NotInRError  # R lays out the columns of such a term in another order
        written.append(":".join(factors))
    if not written:
        raise _NotInRError
    renamed = [f"{new} is the column {old!r}" for old, new in called.items() if old != new]
    code = " + ".join(written if intercept else ["0", *written])
    return RFormula(f"~ {code}", columns, tuple(f"{one}." for one in renamed))


def _values(column: pd.Series, coded: bool) -> Any:
    if column.dtype.kind in "if" and not coded:
        return column.to_numpy(dtype=float)
    if column.dtype.kind == "b":
        raise _NotInRError
    made = pd.Categorical(column)
    levels = read_labels(pd.Series(made.categories))
    return pd.Series(pd.Categorical([levels[code] for code in made.codes], categories=levels))


def _is_category(one: Any, categories: set[str]) -> bool:
    text = str(one.expr).strip("`")
    return text in categories or text.startswith("C(")


def _factor(one: Any, called: Mapping[str, str], categories: set[str]) -> str:
    kind = one.eval_method.value
    if kind == "lookup":
        return called[one.expr]
    if kind != "python":
        raise _NotInRError
    from formulaic.utils.code import sanitize_variable_names

    aliases: dict[str, str] = {}
    plain = sanitize_variable_names(one.expr, {}, aliases)
    return _Writer(called, aliases, categories).call(ast.parse(plain, mode="eval").body)


class _Writer:
    """Writes an expression in R, or refuses."""

    def __init__(
        self, called: Mapping[str, str], aliases: Mapping[str, str], categories: set[str]
    ) -> None:
        self.called, self.aliases, self.categories = called, aliases, categories

    def call(self, node: ast.expr) -> str:
        """Return a call of a function as a whole factor of a term."""
        if not isinstance(node, ast.Call):
            raise _NotInRError
        name = ast.unparse(node.func).removeprefix("np.")
        if name == "C":
            return self.category(node)
        inner = self.value(node.args[0])
        if name in _SAME and len(node.args) == 1 and not node.keywords:
            return f"{name}({inner})"
        if name == "center" and len(node.args) == 1 and not node.keywords:
            return f"I({inner} - mean({inner}))"
        if name == "scale" and len(node.args) == 1 and not node.keywords:
            return f"scale({inner})"
        if name == "poly" and len(node.args) == 2 and not node.keywords:
            degree = node.args[1]
            if isinstance(degree, ast.Constant) and isinstance(degree.value, int):
                return f"poly({inner}, {degree.value})"
        raise _NotInRError

    def category(self, node: ast.Call) -> str:
        """Return a column as categories, with the reference that was named."""
        if not isinstance(node.args[0], ast.Name) or node.keywords or len(node.args) > 2:
            raise _NotInRError
        inner = self.value(node.args[0], category=True)
        if len(node.args) == 1:
            return inner
        coding = node.args[1]
        if not isinstance(coding, ast.Call):
            raise _NotInRError
        given = [*coding.args, *(one.value for one in coding.keywords if one.arg == "base")]
        known = ast.unparse(coding.func) in ("Treatment", "contr.treatment")
        if not known or len(given) != 1 or len(coding.args) + len(coding.keywords) != 1:
            raise _NotInRError
        if not (isinstance(given[0], ast.Constant) and isinstance(given[0].value, str)):
            raise _NotInRError
        return f"relevel({inner}, {string(given[0].value)})"

    def part(self, node: ast.expr) -> str:
        """Return an operand, in brackets unless it is a single value."""
        written = self.value(node)
        return written if isinstance(node, (ast.Name, ast.Call)) or _plain(node) else f"({written})"

    def value(self, node: ast.expr, *, category: bool = False) -> str:
        """Return a column, a number or arithmetic."""
        if isinstance(node, ast.Name):
            name = self.aliases.get(node.id, node.id)
            if (name in self.categories) is not category:
                raise _NotInRError
            return self.called[name]
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return number(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"-{self.part(node.operand)}"
        if isinstance(node, ast.BinOp):
            left, right = self.part(node.left), self.part(node.right)
            sign = "^" if isinstance(node.op, ast.Pow) else _OPERATORS.get(type(node.op))
            if sign:
                return f"{left}^{right}" if sign == "^" else f"{left} {sign} {right}"
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("np.")
            if name in _SAME[:-1] and len(node.args) == 1 and not node.keywords:
                return f"{name}({self.value(node.args[0])})"
        raise _NotInRError


def _plain(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and number(node.value).isdigit()


def _as_design(formula: str, design: pd.DataFrame) -> RFormula:
    terms = [str(term) for term in design.columns if term != INTERCEPT]
    called = {term: f"x{place}" for place, term in enumerate(terms, start=1)}
    intercept = INTERCEPT in design.columns
    columns = {called[term]: np.asarray(design[term], dtype=float) for term in terms}
    meanings = "; ".join(f"{new} is {old}" for old, new in called.items())
    return RFormula(
        "~ " + " + ".join([*([] if intercept else ["0"]), *called.values()]),
        columns,
        (
            f"R's own formulas code {formula} otherwise, so the columns of the design are given as "
            f"they are: {meanings}.",
        ),
    )
