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
    """The choices of one call of `effect_sizes`, by its arguments.

    `mean` is the mean effect of all rows where the variance is that of ``"av"``; None elsewhere.
    """

    measure: str
    variance: str = "ls"
    correct: bool = True
    sd: str = "pooled"
    zero_cells: str = "half"
    conversion: str = "logistic"
    no_events: str = "keep"
    mean: float | None = None


Compute = Callable[[Cells, Options], Arrays]
Remarks = Callable[[Cells, Options], Sequence[tuple[np.ndarray, Remark]]]

SD_NAMES = {"pooled": "SDs", "control": "the control group's SDs", "average": "average SDs"}
"""What effects are expressed in, by the option `sd`."""

OF_SCORES = "single measurements"
OF_CHANGE = "the change"
"""The scores of a standardiser: final and baseline scores vary alike, changes do not."""

OF_DICHOTOMY = "a normal or logistic latent variable behind the two outcomes"
"""What a conversion between counts and standardised differences assumes."""


@dataclass(frozen=True)
class Condition:
    """A condition that the cells of a row must satisfy for a formula to be valid.

    Attributes
    ----------
    columns : tuple of str
        The columns concerned; messages show their cells. None where these would be too many.
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
    corrected : bool, optional
        Whether a standardised difference is corrected for small samples, where that does not
        follow the option `correct`.
    silent : callable, optional
        Takes the cells and returns which rows contain no information on the measure, such as
        tables without events in either arm.
    needs_information : bool
        Whether such rows are left out under every option, because the formula has no value there.
    footnote : str
        What a reader of a figure should know about every effect by this formula, in a few words.
    """

    compute: Compute
    text: str | Callable[[Options], str]
    conditions: tuple[Condition, ...] = ()
    assumes: str = ""
    remarks: Remarks | None = None
    scores: str = ""
    fixed_sd: str = ""
    corrected: bool | None = None
    silent: Callable[[Cells], np.ndarray] | None = None
    needs_information: bool = False
    footnote: str = ""

    def unit(self, options: Options) -> str:
        """Return what a standardised difference is divided by, in words; empty without an SD."""
        if not self.scores:
            return ""
        return f"{SD_NAMES[self.fixed_sd or options.sd]} of {self.scores}"

    def footnotes(self, options: Options) -> tuple[str, ...]:
        """Return what a reader of a figure should know about every effect by this formula."""
        other = self.scores and self.fixed_sd and self.fixed_sd != options.sd
        said = (self.footnote, f"In {self.fixed_sd} SDs" if other else "")
        return tuple(text for text in said if text)

    def is_corrected(self, options: Options) -> bool | None:
        """Return whether a standardised difference is corrected for small samples.

        None where nothing is standardised, or where the formula does not know.
        """
        if not self.scores:
            return None
        return options.correct if self.corrected is None else self.corrected

    def described(self, options: Options) -> str:
        """Return the formula in words, as chosen by the options."""
        return self.text if isinstance(self.text, str) else self.text(options)


_OF_AN_ANALYSIS = ("t", "f", "p")
"""Statistics that depend on how the paper allowed for its design; correlations, chi-squared and
regression coefficients give an effect whose variance rests on numbers of people."""

_OWN_ERROR = (
    *("printed", "printed_or", "printed_smd", "printed_r", "printed_d", "printed_g"),
    *("printed_md_over_sd", "printed_md_over_sd_only"),
)
"""Routes by which an SMD does not rest on the printed standard error, or takes it as its own."""

_OF_SIZES = (
    *("printed_d", "printed_g", "printed_md_over_sd_only"),
    *("printed_hr_events", "printed_hr_events_total"),
)
"""Routes from printed effects whose variance rests on numbers of people all the same."""


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
    unless : str
        A column that closes the route where it is filled; empty if none does.
    """

    name: str
    needs: tuple[str, ...]
    formulas: Mapping[str, Formula]
    unless: str = ""

    @property
    def is_test(self) -> bool:
        """Whether an SMD by this route rests on a test or a standard error of the paper."""
        return self.is_analysed and self.name not in _OWN_ERROR

    @property
    def is_analysed(self) -> bool:
        """Whether the spread comes from the paper's own analysis, not from its raw numbers."""
        if self.name in _OF_SIZES:
            return False
        return any(name in _OF_AN_ANALYSIS or "printed " in name for name in self.needs)


def plain(
    function: Callable[..., Arrays],
    needs: tuple[str, ...],
    text: str,
    *conditions: Condition,
    assumes: str = "",
    scores: str = "",
    fixed_sd: str = "",
    corrected: bool | None = None,
    footnote: str = "",
) -> Formula:
    """Return the formula of a function of the needed columns alone."""

    def compute(cells: Cells, _: Options) -> Arrays:
        return function(*(cells[name] for name in needs))

    return Formula(
        compute,
        text,
        conditions,
        assumes,
        scores=scores,
        fixed_sd=fixed_sd,
        corrected=corrected,
        footnote=footnote,
    )
