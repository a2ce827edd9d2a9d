"""The time that a sentence is about, and the windows of an outcome that it may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synthesis.outcomes import UNITS, Window

_NUMBERS = dict(
    zip(
        ("a", "an", "one", "two", "three", "four", "five", "six", "nine", "twelve", "eighteen"),
        (1, 1, 1, 2, 3, 4, 5, 6, 9, 12, 18),
        strict=True,
    )
)
_IN_DAYS = {"day": 1.0, "week": 7.0, "month": UNITS["months"], "year": 12 * UNITS["months"]}
_LONG = rf"(\d+|{'|'.join(_NUMBERS)}) (day|week|month|year)s?"
_FROM = (
    re.compile(rf" {_LONG} (?:or|and) (?:more|longer|later|over|beyond) "),
    re.compile(rf" (?:more than|over|beyond|longer than|later than|at least) {_LONG} "),
)
_TO = (
    re.compile(
        rf" (?:up to|within|less than|in under) {_LONG} (?!(?:or|and) (?:more|longer|later) )"
    ),
    re.compile(rf" {_LONG} or (?:less|fewer|sooner|earlier) "),
    re.compile(
        r" (?:in|during|over|within|of) the first(?: (\d+|two|three|six|nine|twelve))? "
        r"(day|week|month|year)s? "
    ),
)
_NEAR = 1.1
"""Windows meet within a tenth of their limits: 13 months begin after a year."""


def windows_meant(words: str, windows: Sequence[Window]) -> list[Window]:
    """Return the windows that a sentence means by a time span; none if it names no span.

    Only spans that are open to one side choose a window, such as *a year or more* and *in the
    first year*: *after one year* may be the end of one window or the start of the next.

    Parameters
    ----------
    words : str
        The sentence in small letters without its punctuation, a space at each end.
    windows : sequence of Window
        Those of the outcome.
    """
    meant: list[Window] = []
    for at_least, patterns in ((True, _FROM), (False, _TO)):
        for pattern in patterns:
            for found in pattern.finditer(words):
                *_, count, unit = found.groups()
                days = _IN_DAYS[unit] * float(_NUMBERS.get(count, count or 1))
                meant += [one for one in windows if _is_within(one, days, at_least=at_least)]
    return meant


def _is_within(window: Window, days: float, *, at_least: bool) -> bool:
    """Return whether a window lies beyond some days, or before them."""
    unit = next(one for one in UNITS if getattr(window, one) is not None)
    first, last = (limit * UNITS[unit] for limit in getattr(window, unit))
    return first * _NEAR >= days if at_least else last <= days * _NEAR
