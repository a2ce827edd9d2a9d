"""Footnotes of a forest plot: what was done to the effects of single studies.

They come from the receipts, so that a figure cannot say less than the table behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from arrowroot.text import shortened
from synthesis.effects.routes.receipts import Receipt
from synthesis.plots.drawing.typeface import clean
from synthesis.pooling.results import MetaAnalysis

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def said_of(studies: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the footnotes of each study of a table, none where there is no receipt.

    Effects that are standardised by different SDs say by which.

    Examples
    --------
    >>> from synthesis.effects.effect_sizes import effect_sizes
    >>> sheet = pd.DataFrame({"study": ["A"], "events_t": [0], "n_t": [20], "events_c": [4],
    ...                       "n_c": [20]})
    >>> said_of(effect_sizes(sheet, measure="or"))
    [('Corrected for a count of zero',)]
    """
    if "receipt" not in studies:
        return [()] * len(studies)
    receipts = [cell if isinstance(cell, Receipt) else None for cell in studies["receipt"]]
    units = {receipt.unit for receipt in receipts if receipt and receipt.unit}
    return [
        ()
        if receipt is None
        else (
            *map(clean, receipt.footnotes),
            *([f"Standardised by {receipt.unit}"] if len(units) > 1 and receipt.unit else []),
        )
        for receipt in receipts
    ]


class Footnotes:
    """Footnotes, numbered in the order in which their rows are written.

    Equal footnotes have one mark; what holds for every study has none and is said once.

    Parameters
    ----------
    fits : sequence of MetaAnalysis
        The results whose studies are drawn; none for a figure without footnotes.
    brackets : bool
        Whether marks are numbers in brackets, as RevMan's are, or raised.
    """

    def __init__(self, fits: Sequence[MetaAnalysis], *, brackets: bool) -> None:
        self._brackets = brackets
        self._wanted = bool(fits)
        every = [set(said) for fit in fits for said in said_of(fit.studies)]
        self._all = set.intersection(*every) if len(every) > 1 else set()
        self._numbers: dict[str, int] = {}

    def marks(self, said: Iterable[str]) -> tuple[str, ...]:
        """Return the marks of a row, given what its footnotes say."""
        if not self._wanted:
            return ()
        numbers = {
            self._numbers.setdefault(text, len(self._numbers) + 1)
            for text in said
            if text not in self._all
        }
        return tuple(map(self._mark, sorted(numbers)))

    def _mark(self, number: int) -> str:
        return f"({number})" if self._brackets else str(number).translate(RAISED)

    def listed(self) -> list[tuple[str, str]]:
        """Return every footnote with its mark; those without a mark hold for every study."""
        return [
            *(("", f"All studies: {text}.") for text in sorted(self._all)),
            *((self._mark(number), f"{text}.") for text, number in self._numbers.items()),
        ]


def in_words(fits: Sequence[MetaAnalysis]) -> str:
    """Say the footnotes of a figure with the studies that they belong to; empty if it has none.

    Parameters
    ----------
    fits : sequence of MetaAnalysis
        The results whose studies are drawn.
    """
    studies: dict[str, list[str]] = {}
    count = 0
    for fit in fits:
        count += fit.k
        for study, said in zip(fit.studies["study"], said_of(fit.studies), strict=True):
            for text in said:
                studies.setdefault(text, []).append(clean(study))
    listed = [
        f"{text} ({'all studies' if len(names) == count > 1 else shortened(names)})"
        for text, names in studies.items()
    ]
    return f"Footnotes: {'; '.join(listed)}." if listed else ""
