"""Whether screening in order may stop: a test of how many relevant records are still unseen.

Callaghan MW, Muller-Hansen F (2020). Statistical stopping criteria for automated screening in
systematic reviews. Systematic Reviews, 9, 273.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.text import counted

ASSUMPTIONS = (
    "From any point of the screening on, the records screened next are taken to hold relevant "
    "ones at least as often as a random sample of those not screened at that point would. "
    "Records in order of likely inclusion do so if the order is better than chance.",
    "Every settled decision is taken to be right: a relevant record that was excluded by mistake "
    "is not counted as missed.",
    "The records left were found by the same searches; those that no search found are not counted.",
    "The test may be looked at as often as one likes, but somebody who looks after every record "
    "and stops the first time stops too early more often than the confidence says.",
)


@dataclass(frozen=True, eq=False, repr=False)
class Stopping(display.Shown):
    """What the records screened so far say about those that are left.

    Attributes
    ----------
    n, seen, found : int
        Records at this stage; how many of them have a settled decision; how many were included.
    target, confidence : float
        The recall aimed at, and the confidence asked for; both between 0 and 1.
    p_value : float
        Of the hypothesis that fewer than `target` of all relevant records have been found.
    stop : bool
        Whether that hypothesis is rejected; never while something is left and nothing was found.
    missed_at_most : int
        With the confidence asked for, at most so many relevant records are left.
    recall_at_least : float or None
        The recall that follows from it; None while nothing has been included.
    remarks : tuple of str
        What the order of screening was read from.
    """

    n: int
    seen: int
    found: int
    target: float
    confidence: float
    p_value: float
    stop: bool
    missed_at_most: int
    recall_at_least: float | None
    remarks: tuple[str, ...] = ()

    assumptions = ASSUMPTIONS

    @property
    def statement(self) -> str:
        """The statement for a protocol or a report, with its test; `assumptions` belong to it."""
        screened = f"{self.seen:,} of {counted(self.n, 'record')} screened, {self.found:,} included"
        if self.seen == self.n:
            return f"{screened}: nothing is left to screen."
        if not self.found:
            left = counted(self.missed_at_most, "relevant record")
            return (
                f"{screened}: nothing can be said about recall before a record is included, so "
                f"keep screening. At {100 * self.confidence:g}% confidence, at most {left} "
                f"{'is' if self.missed_at_most == 1 else 'are'} left."
            )
        aim = f"{100 * self.target:g}% recall"
        verdict = (
            f"that fewer were found than {aim} means is rejected at {100 * self.confidence:g}% "
            "confidence"
            if self.stop
            else f"{aim} is not shown at {100 * self.confidence:g}% confidence: keep screening"
        )
        recall = f"{100 * (self.recall_at_least or 0):.1f}%"
        return (
            f"{screened}. Hypergeometric test, p {display.p_value(self.p_value)}: {verdict}. "
            f"With the same confidence, at most {self.missed_at_most:,} relevant "
            f"{'record is' if self.missed_at_most == 1 else 'records are'} left, a recall of at "
            f"least {recall}."
        )

    def __str__(self) -> str:
        """Return the statement and its assumptions."""
        return "\n".join([self.statement, "This assumes:", *(f"- {a}" for a in self.assumptions)])

    def _title(self) -> str:
        return "May screening stop?"

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [("Statement", self.statement)]

    def _notes(self) -> Sequence[str]:
        return [*self.remarks, *(f"Assumes: {one}" for one in self.assumptions)]


def stopping_test(
    decided: Sequence[bool], n: int, *, target: float = 0.95, confidence: float = 0.95
) -> Stopping:
    """Test whether the share of relevant records aimed at has been found.

    Every stretch of records up to the last one screened is taken for a sample, drawn without
    replacement, of the records that were unseen when it began; the smallest of the p-values
    counts.

    Parameters
    ----------
    decided : sequence of bool
        Whether each record screened was included, in the order of screening.
    n : int
        How many records there are, screened or not.
    target : float
        The recall aimed at, above 0 and up to 1.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Stopping
        The test, and with the same confidence the recall that is reached at least.

    Raises
    ------
    DataError
        If more records were screened than there are.
    OptionError
        If `target` or `confidence` lie outside their range.

    Examples
    --------
    >>> forty = [True, False, False, False, False] * 40
    >>> round(stopping_test([*forty, *[False] * 1200], 2000).p_value, 5)
    0.03667
    """
    for name, value in (("target", target), ("confidence", confidence)):
        if not 0 < value < 1 and not (name == "target" and value == 1):
            raise OptionError(f"{name} must lie between 0 and 1, such as 0.95; got {value!r}.")
    found = np.asarray(decided, dtype=bool)
    seen, relevant = len(found), int(found.sum())
    if seen > n:
        raise DataError(f"n: {seen:,} records were screened, but there are only {n:,}.")
    # For a number of relevant records in a stretch the longest one has the smallest p-value.
    starts = np.concatenate([[0], np.flatnonzero(found) + 1])
    length = seen - starts
    held = relevant - np.arange(relevant + 1)

    def p_of(missed: int) -> float:
        return _p_value(missed, n - starts, length, held)

    # Rounded, since 19 / 0.95 is a hair above or below the whole number that it is.
    fewest_missed = floor(round(relevant / target, 9)) + 1 - relevant
    p = p_of(fewest_missed)
    # The least number that is rejected; none of more than are left. Small numbers first: they are
    # quick, and commoner.
    low, high = 0, 1
    while high <= n - seen and p_of(high) >= 1 - confidence:
        low, high = high + 1, 2 * high
    high = min(high, n - seen + 1)
    while low < high:
        middle = (low + high) // 2
        if middle and p_of(middle) < 1 - confidence:
            high = middle
        else:
            low = middle + 1
    missed = low - 1
    recall = relevant / (relevant + missed) if relevant else None
    # Nothing found is no recall, however likely it is that there is nothing to find.
    stop = p < 1 - confidence and (relevant > 0 or seen == n)
    return Stopping(n, seen, relevant, target, confidence, p, stop, missed, recall)


def _p_value(
    missed: int, left: NDArray[np.int64], length: NDArray[np.int64], held: NDArray[np.int64]
) -> float:
    """Return the smallest probability of so few relevant records in a stretch.

    Parameters
    ----------
    missed : int
        How many relevant records are left by hypothesis.
    left, length, held : ndarray
        For each stretch: the records unseen when it began, its length, and its relevant records.
    """
    relevant, rest = held + missed, left - length
    if missed > int(rest[0]):
        return 0.0  # more than there are records left
    if missed > _FEW:
        from scipy.stats import hypergeom

        return float(np.min(hypergeom.cdf(held, left, relevant, length)))
    # So few in the stretch means so many in the rest: summing over those is quicker by far.
    several = np.arange(missed)[:, None]
    logs = _ways(relevant, several) + _ways(left - relevant, rest - several) - _ways(left, rest)
    return float(np.clip(1 - np.exp(logs).sum(axis=0), 0, 1).min())


_FEW = 500
"""For more records missed than this, sums are left to SciPy."""


def _ways(of: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the logarithm of the binomial coefficient, minus infinity where it is zero."""
    from scipy.special import gammaln

    possible = (chosen >= 0) & (chosen <= of)
    inside = np.where(possible, chosen, 0)
    logs = gammaln(of + 1) - gammaln(inside + 1) - gammaln(np.abs(of - inside) + 1)
    return np.where(possible, logs, -np.inf)
