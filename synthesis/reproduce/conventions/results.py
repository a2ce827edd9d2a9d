"""The record of a search for conventions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from arrowroot.display import Shown
from arrowroot.text import counted


@dataclass(frozen=True, repr=False, eq=False)
class ConventionSearch(Shown):
    """Which combinations of choices reproduce printed results.

    Attributes
    ----------
    matches : DataFrame
        The combinations that reproduce every printed number, those nearest to the defaults first:
        one column per choice, then the results it gives, unrounded: ``our_estimate ...``.
    nearest : DataFrame
        The best of the others, with the columns ``missed`` (how many printed numbers are not
        reproduced) and ``gap`` (by how much, summed in units of the last printed digits).
    separating : DataFrame
        For the first match, each single change that breaks it: ``choice option instead missed
        printed would_print``.
    explanation : str
        What was found, in words.
    searched : int
        How many combinations were tried.
    printed : mapping of str to str
        The printed numbers.
    notes : tuple of str
        What the search does not cover.
    """

    matches: pd.DataFrame
    nearest: pd.DataFrame
    separating: pd.DataFrame
    explanation: str
    searched: int
    printed: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the matches."""
        return self.matches.copy()

    def _title(self) -> str:
        return f"Conventions: {counted(len(self.matches), 'match', 'matches')}"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("Printed", ", ".join(f"{name} {text}" for name, text in self.printed.items())),
            ("Combinations tried", f"{self.searched:,}"),
            ("Found", self.explanation),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes
