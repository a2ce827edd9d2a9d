"""What a route is: the columns it needs, and for each measure it leads to, the formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Cells = Mapping[str, np.ndarray]
Arrays = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Options:
    """The choices of one call of `effect_sizes`, by its arguments."""

    measure: str
    variance: str = "ls"
    correct: bool = True
    sd: str = "pooled"
    zero_cells: str = "half"
    conversion: str = "logistic"


Compute = Callable[[Cells, Options], Arrays]
Remarks = Callable[[Cells, Options], Sequence[tuple[np.ndarray, str]]]


@dataclass(frozen=True)
class Condition:
    """What the cells of a row must satisfy together for a formula to hold.

    Attributes
    ----------
    columns : tuple of str
        The columns concerned; messages show their cells.
    rule : str
        The condition in words.
    holds : callable
        Takes the cells to an array of truths.
    """

    columns: tuple[str, ...]
    rule: str
    holds: Callable[[Cells], np.ndarray]


@dataclass(frozen=True)
class Formula:
    """How a route computes one measure.

    Attributes
    ----------
    compute : callable
        Takes the cells (arrays over the rows that take the route) and the options to yi and vi.
    text : str or callable
        The formula and its source, as it stands in a receipt; a callable takes the options.
    conditions : tuple of Condition
        What the cells must satisfy beyond the rule of each column.
    assumes : str
        What the formula takes for granted about every row; empty if nothing worth saying.
    remarks : callable, optional
        Takes the cells and the options to what is to be said about some rows: pairs of an array
        of truths and a text.
    """

    compute: Compute
    text: str | Callable[[Options], str]
    conditions: tuple[Condition, ...] = ()
    assumes: str = ""
    remarks: Remarks | None = None

    def described(self, options: Options) -> str:
        """Return the formula in words, as chosen by the options."""
        return self.text if isinstance(self.text, str) else self.text(options)


@dataclass(frozen=True)
class Route:
    """One way from the cells of a row to an effect and its variance.

    Attributes
    ----------
    name : str
        What stands in the column `route`; no two routes to one measure share it.
    needs : tuple of str
        The columns that must be filled.
    formulas : mapping of str to Formula
        The measures it leads to, each with its formula.
    """

    name: str
    needs: tuple[str, ...]
    formulas: Mapping[str, Formula]


def plain(
    function: Callable[..., Arrays],
    needs: tuple[str, ...],
    text: str,
    *conditions: Condition,
    assumes: str = "",
) -> Formula:
    """Return the formula of a function of the needed columns alone."""

    def compute(cells: Cells, _: Options) -> Arrays:
        return function(*(cells[name] for name in needs))

    return Formula(compute, text, conditions, assumes)
