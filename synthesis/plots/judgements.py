"""Risk-of-bias judgements: the name, symbol and colour of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis.appraisal.risk_of_bias.words import LOW_BUT, judgement_named, level, word
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
    level : int
        How bad it is, from 0, comparable between the words of one tool; -1 for what is no level.
    """

    name: str
    symbol: str
    fill: str
    ink: str

    @property
    def level(self) -> int:  # noqa: D102 - see the class
        return level(self.name)


JUDGEMENTS = (
    Judgement("low", "+", GREEN, "white"),
    Judgement(LOW_BUT, "*", GREEN, "white"),
    Judgement("unclear", "?", YELLOW, "black"),
    Judgement("some concerns", "~", YELLOW, "black"),
    Judgement("moderate", "±", YELLOW, "black"),
    Judgement("serious", "×", VERMILLION, "white"),
    Judgement("high", "–", VERMILLION, "white"),
    Judgement("very high", "=", VERMILLION, "white"),
    Judgement("critical", "!", "#8b2500", "white"),
    Judgement("no information", "0", GREY, "white"),
    Judgement("not applicable", "/", BLUE, "white"),
)
"""From the best to the worst. The words of RoB 2, ROBINS-I, ROBINS-E and the older Cochrane tool;
plus, question mark and minus are RevMan's."""

_BY_NAME = {known.name: known for known in JUDGEMENTS}


def judgement(value: Any, legal: Iterable[str] = ()) -> Judgement | None:
    """Return the judgement in a cell; None if it is blank or not a known judgement.

    Where `legal` judgements are given, a single letter may stand for the one it begins.
    """
    return _BY_NAME.get(judgement_named(value, legal) or "")


def judged(
    values: pd.Series, labels: Iterable[object], legal: Iterable[str] = ()
) -> list[Judgement | None]:
    """Read a column of judgements; a blank cell is None.

    Parameters
    ----------
    values : Series
        The column.
    labels : iterable
        Study labels, for the message.
    legal : iterable of str
        The judgements of the tool, if it is known; see `judgement`.

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
    legal = list(legal)
    found = [judgement(value, legal) for value in values]
    unknown = [
        f"{value!r} for study {label!r}"
        for value, label, read in zip(values, labels, found, strict=True)
        if read is None and word(value)
    ]
    if unknown:
        listed = ", ".join(repr(known.name) for known in JUDGEMENTS)
        raise DataError(
            f"{values.name}: every judgement must be one of {listed}; got {shortened(unknown)}."
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
