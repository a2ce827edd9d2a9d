"""Risk-of-bias judgements: the name, symbol and colour of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label, shortened
from synthesis.plots.drawing.palette import BLUE, GREEN, GREY, VERMILLION, YELLOW


@dataclass(frozen=True)
class Judgement:
    """One judgement.

    Attributes
    ----------
    name : str
        As printed in the key of a figure.
    symbol : str
        What distinguishes it without colour.
    fill, ink : str
        Colours of the disc and of the symbol on it.
    words : tuple of str
        The words for it in tables, in lower case.
    level : int
        How bad it is, from 0, comparable between the words of one tool; -1 for what is no level.
    """

    name: str
    symbol: str
    fill: str
    ink: str
    words: tuple[str, ...]

    @property
    def level(self) -> int:  # noqa: D102 - see the class
        return _LEVELS.get(self.name, -1)


_LEVELS = {
    **dict.fromkeys(("low",), 0),
    **dict.fromkeys(("unclear", "some concerns", "moderate"), 1),
    **dict.fromkeys(("serious", "high"), 2),
    **dict.fromkeys(("very high", "critical"), 3),
}


JUDGEMENTS = (
    Judgement("low", "+", GREEN, "white", ("low", "low risk", "+")),
    Judgement("unclear", "?", YELLOW, "black", ("unclear", "unclear risk", "?")),
    Judgement("some concerns", "~", YELLOW, "black", ("some concerns", "some")),
    Judgement("moderate", "±", YELLOW, "black", ("moderate", "moderate risk")),
    Judgement("serious", "×", VERMILLION, "white", ("serious", "serious risk")),
    Judgement("high", "–", VERMILLION, "white", ("high", "high risk", "-", "–")),
    Judgement("very high", "=", VERMILLION, "white", ("very high", "very high risk")),
    Judgement("critical", "!", "#8b2500", "white", ("critical", "critical risk")),
    Judgement("no information", "0", GREY, "white", ("no information", "ni")),
    Judgement("not applicable", "/", BLUE, "white", ("not applicable", "na", "n/a")),
)
"""From the best to the worst. The words of RoB 2, ROBINS-I, ROBINS-E and the older Cochrane tool;
plus, question mark and minus are RevMan's."""

_BY_WORD = {word: known for known in JUDGEMENTS for word in known.words}


def _word(value: Any) -> str:
    """Return the text of a cell, in lower case; empty if it is blank."""
    return label(label(value).replace("_", " ")).lower()


def judgement(value: Any) -> Judgement | None:
    """Return the judgement in a cell; None if it is blank or not a known judgement."""
    return _BY_WORD.get(_word(value))


def judged(values: pd.Series, labels: Iterable[object]) -> list[Judgement | None]:
    """Read a column of judgements; a blank cell is None.

    Parameters
    ----------
    values : Series
        The column.
    labels : iterable
        Study labels, for the message.

    Returns
    -------
    list of Judgement or None

    Raises
    ------
    DataError
        If a cell is not a known judgement.

    Examples
    --------
    >>> [found.symbol for found in judged(pd.Series(["Low", "some_concerns"]), "AB")]
    ['+', '~']
    """
    found = [judgement(value) for value in values]
    unknown = [
        f"{value!r} for study {label!r}"
        for value, label, read in zip(values, labels, found, strict=True)
        if read is None and _word(value)
    ]
    if unknown:
        legal = ", ".join(repr(known.name) for known in JUDGEMENTS)
        raise DataError(
            f"{values.name}: every judgement must be one of {legal}; got {shortened(unknown)}."
        )
    return found


def key(found: Iterable[Judgement | None]) -> str:
    """Say what the symbols in a figure mean.

    Examples
    --------
    >>> key(judged(pd.Series(["high", "low", None]), "ABC"))
    'Risk of bias: + low, – high.'
    """
    there = set(found)
    used = [f"{known.symbol} {known.name}" for known in JUDGEMENTS if known in there]
    return f"Risk of bias: {', '.join(used)}." if used else ""
