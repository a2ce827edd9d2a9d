"""What a route is: the columns it needs, and for each measure it leads to, the formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthesis.effects.rows.workings import Remark

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
Remarks = Callable[[Cells, Options], Sequence[tuple[np.ndarray, Remark]]]

SD_NAMES = {"pooled": "SDs", "control": "the control group's SDs", "average": "average SDs"}
"""What effects are expressed in, by the option `sd`."""

OF_SCORES = "single measurements"
OF_CHANGE = "the change"
"""The scores of a standardiser: final and baseline scores vary alike, changes do not."""


@dataclass(frozen=True)
class Condition:
    """A condition that the cells of a row must satisfy for a formula to be valid.

    Attributes
    ----------
    columns : tuple of str
        The columns concerned; messages show their cells.
    rule : str
        The condition in words.
    holds : callable
        Takes the cells and returns a boolean array.
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
        The formula and its source, as shown in a receipt; a callable takes the options.
    conditions : tuple of Condition
        What the cells must satisfy beyond the rule of each column.
    assumes : str
        What the formula assumes about every row; empty if there is nothing worth saying.
    remarks : callable, optional
        Takes the cells and the options and returns remarks about some rows: pairs of a boolean
        array and a `Remark`.
    scores : str
        Of which scores the SD is by which a standardised difference is divided, such as
        ``"the change"``; empty where nothing is divided by an SD.
    fixed_sd : str
        The standardiser where it does not follow the option `sd`; empty where it does.
    """

    compute: Compute
    text: str | Callable[[Options], str]
    conditions: tuple[Condition, ...] = ()
    assumes: str = ""
    remarks: Remarks | None = None
    scores: str = ""
    fixed_sd: str = ""

    def unit(self, options: Options) -> str:
        """Return what a standardised difference is divided by, in words; empty without an SD."""
        if not self.scores:
            return ""
        return f"{SD_NAMES[self.fixed_sd or options.sd]} of {self.scores}"

    def described(self, options: Options) -> str:
        """Return the formula in words, as chosen by the options."""
        return self.text if isinstance(self.text, str) else self.text(options)


@dataclass(frozen=True)
class Route:
    """One way from the cells of a row to an effect and its variance.

    Attributes
    ----------
    name : str
        Its name in the column `route`; no two routes to one measure share it.
    needs : tuple of str
        The columns that must be filled.
    formulas : mapping of str to Formula
        The measures to which it leads, each with its formula.
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
    scores: str = "",
    fixed_sd: str = "",
) -> Formula:
    """Return the formula of a function of the needed columns alone."""

    def compute(cells: Cells, _: Options) -> Arrays:
        return function(*(cells[name] for name in needs))

    return Formula(compute, text, conditions, assumes, scores=scores, fixed_sd=fixed_sd)
