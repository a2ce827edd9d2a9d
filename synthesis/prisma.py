"""The arithmetic of a PRISMA 2020 flow: its stages, and which counts follow from which.

Page MJ, McKenzie JE, Bossuyt PM, et al. (2021). The PRISMA 2020 statement. BMJ, 372, n71.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

from arrowroot.errors import DataError

STAGES = {
    "identified": "records identified",
    "duplicates": "duplicates removed",
    "removed": "records removed before screening for other reasons",
    "screened": "records screened",
    "excluded": "records excluded",
    "sought": "reports sought",
    "not_retrieved": "reports not retrieved",
    "assessed": "reports assessed",
    "excluded_reports": "reports excluded",
    "other_identified": "records identified by other methods",
    "other_sought": "reports sought (other methods)",
    "other_not_retrieved": "reports not retrieved (other methods)",
    "other_assessed": "reports assessed (other methods)",
    "other_excluded_reports": "reports excluded (other methods)",
    "ongoing": "reports of ongoing studies",
    "awaiting": "reports awaiting classification",
    "included_reports": "reports included",
    "included": "studies included",
    "previous_reports": "reports in the previous version",
    "previous": "studies in the previous version",
    "total_reports": "reports included in total",
    "total": "studies included in total",
    "pooled": "studies in the meta-analysis",
}
"""The stages of a flow from search to synthesis, each in words."""

TEMPLATE = {
    "database_results": "identified",
    "register_results": "identified",
    "duplicates": "duplicates",
    "excluded_automatic": "removed",
    "excluded_other": "removed",
    "records_screened": "screened",
    "records_excluded": "excluded",
    "dbr_sought_reports": "sought",
    "dbr_notretrieved_reports": "not_retrieved",
    "dbr_assessed": "assessed",
    "dbr_excluded": "excluded_reports",
    "website_results": "other_identified",
    "organisation_results": "other_identified",
    "citations_results": "other_identified",
    "other_sought_reports": "other_sought",
    "other_notretrieved_reports": "other_not_retrieved",
    "other_assessed": "other_assessed",
    "other_excluded": "other_excluded_reports",
    "ongoing_reports": "ongoing",
    "awaiting_reports": "awaiting",
    "new_reports": "included_reports",
    "new_studies": "included",
    "previous_reports": "previous_reports",
    "previous_studies": "previous",
    "total_reports": "total_reports",
    "total_studies": "total",
    "total_studies_ma": "pooled",
}
"""Keys of the PRISMA 2020 template, each with its stage; those of one stage are added up."""

_DATABASES = (
    ("identified", ("duplicates", "removed")),
    ("screened", ("excluded",)),
    ("sought", ("not_retrieved",)),
    ("assessed", ("excluded_reports",)),
)
_OTHER = (
    ("other_identified", ()),
    ("other_sought", ("other_not_retrieved",)),
    ("other_assessed", ("other_excluded_reports",)),
)
"""The stages of each column, and what is subtracted after each."""

_STUDIES = ("included",)
"""Counts studies where the stage before counts reports, of which there may be more."""
_TOTALS = (
    ("previous", "included", "total"),
    ("previous_reports", "included_reports", "total_reports"),
)
_NEVER_MORE = (
    ("included", "included_reports"),
    ("total", "total_reports"),
)


@dataclass(frozen=True)
class Check:
    """One sum or comparison, and whether it is correct.

    Attributes
    ----------
    rule : str
        In the names of stages, ``screened - excluded = sought``.
    expected, given : int
        What follows from the other counts, and the count itself.
    message : str
        What is wrong, in a sentence; empty if the rule is satisfied.
    """

    rule: str
    expected: int
    given: int
    message: str = ""

    @property
    def difference(self) -> int:
        """What is given minus what is expected."""
        return self.given - self.expected


_GROUPED = re.compile(r"-?\d{1,3}(?:([,.'’\s])\d{3})(?:\1\d{3})*")
_AROUND = re.compile(
    r"(?i)^[(\[]?\s*(?:n\s*[=:]\s*)?(.*?)\s*(?:records?|reports?|studies|study|articles?)?\s*[)\]]?$"
)
_NOT_GIVEN = (
    "",
    "-",
    "–",
    "—",
    "na",
    "n/a",
    "nan",
    "none",
    "nr",
    "not reported",
    "not given",
    "xxx",
)


def read_count(value: object, place: str) -> int | None:
    """Return a count as people and programs write it; None where none is given.

    Parameters
    ----------
    value : object
        A whole number, or text such as ``"n = 1,234"``. Since a count is whole, a comma, a point,
        an apostrophe or any blank between groups of three digits separates thousands.
    place : str
        What it counts, for messages.

    Raises
    ------
    DataError
        If it is not a whole number.

    Examples
    --------
    >>> read_count("(n = 15 327)", "found"), read_count("1.234", "found"), read_count(5.0, "found")
    (15327, 1234, 5)
    >>> read_count("12.5", "screened")
    Traceback (most recent call last):
    arrowroot.errors.DataError: screened: a count must be a whole number; got '12.5'.
    """
    if value is None or (isinstance(value, Real) and value != value) or str(value) == "<NA>":
        return None
    whole: Any = None
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value.replace("−", "-")).replace("٬", ",").strip()
        if plain.lower() in _NOT_GIVEN:
            return None
        matched = _AROUND.match(plain)
        bare = matched[1] if matched else plain
        bare = re.sub(r"[^\d-]", "", bare) if _GROUPED.fullmatch(bare) else bare
        bare = re.sub(r"\.0+$", "", bare)
        if re.fullmatch(r"-?\d{1,15}", bare):
            whole = int(bare)
    elif not isinstance(value, bool):
        try:
            whole = int(value)  # type: ignore[call-overload]
        except (TypeError, ValueError, OverflowError):
            whole = None
        whole = whole if isinstance(whole, Integral) and whole == value else None
    if whole is None:
        comma = isinstance(value, str) and "," in value
        hint = " It contains a comma that separates no thousands." if comma else ""
        raise DataError(f"{place}: a count must be a whole number; got {value!r}.{hint}")
    return int(whole)


def checked(flow: Mapping[str, int]) -> Iterator[Check]:
    """Yield every sum and comparison that the counts of a flow allow.

    Parameters
    ----------
    flow : mapping of str to int
        Some of `STAGES`, each with its count. Stages that are not given are skipped.

    Yields
    ------
    Check
        Identified minus removed is screened; screened minus excluded is sought; sought minus not
        retrieved is assessed; assessed minus excluded is included, for both columns together;
        there are at least as many reports as studies, and as many studies as in the meta-analysis.

    Examples
    --------
    >>> flow = {"screened": 900, "excluded": 700, "sought": 116}
    >>> print(*[one.message for one in checked(flow)])
    Records screened (900) less records excluded (700) leaves 200, but reports sought is 116:
    84 too few.
    """
    by_databases, of_databases = _column(flow, _DATABASES)
    by_other, of_other = _column(flow, _OTHER)
    yield from (*of_databases, *of_other)
    # Reports and studies are the same if only one of them is counted.
    last = "included_reports" if "included_reports" in flow else "included"
    # Few reviews have them, so that nobody is told that they are not given.
    pending = [name for name in ("ongoing", "awaiting") if name in flow]
    if by_databases and last in flow:
        by_databases = by_databases.without(pending, flow)
        yield _sum(flow, [by_databases, *([by_other] if by_other else [])], last)
    for before, new, total in _TOTALS:
        if {before, new, total} <= flow.keys():
            yield _sum(flow, [_Rest(before), _Rest(new)], total)
    pooled_of = "total" if "total" in flow else "included"
    for smaller, larger in (*_NEVER_MORE, ("pooled", pooled_of)):
        if smaller in flow and larger in flow:
            yield _at_most(flow, smaller, larger)
    for stage, count in flow.items():
        if count < 0:
            message = f"{_sentence(STAGES[stage])} is {count:,}; counts cannot be negative."
            yield Check(f"{stage} >= 0", 0, count, message)


def parts(whole: tuple[str, str, int], of: str, total: int) -> Check:
    """Check that parts add up to the whole that is given.

    Parameters
    ----------
    whole : tuple
        Its name, what it is in words, and its count.
    of : str
        What the parts are, in words: ``the reasons for excluding reports``.
    total : int
        Their sum.

    Returns
    -------
    Check
        Whether the two are the same.
    """
    name, words, given = whole
    message = (
        f"{_sentence(of)} sum to {total:,}, but {words} is {given:,}: a difference of "
        f"{abs(given - total):,}."
    )
    return Check(f"{name} = sum of {of}", total, given, "" if given == total else message)


@dataclass(frozen=True)
class _Rest:
    """A stage, what was subtracted after it, and which of those counts are not given."""

    stage: str
    less: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    def without(self, lost: Iterable[str], flow: Mapping[str, int]) -> _Rest:
        """Return what is left after further subtractions."""
        names = tuple(lost)
        given = tuple(name for name in names if name in flow)
        silent = tuple(name for name in names if name not in flow)
        return _Rest(self.stage, self.less + given, self.silent + silent)


def _column(
    flow: Mapping[str, int], stages: Iterable[tuple[str, tuple[str, ...]]]
) -> tuple[_Rest | None, list[Check]]:
    """Return what remains at the end of a column of the diagram, and the checks along it."""
    rest: _Rest | None = None
    found = []
    for stage, lost in stages:
        if stage in flow:
            if rest:
                found.append(_sum(flow, [rest], stage))
            rest = _Rest(stage)
        rest = rest and rest.without(lost, flow)
    return rest, found


def _sum(flow: Mapping[str, int], rests: Sequence[_Rest], end: str) -> Check:
    """Check that what remains after some stages equals another stage."""
    whole = [rest.stage for rest in rests]
    less = [name for rest in rests for name in rest.less]
    silent = [name for rest in rests for name in rest.silent]
    given = flow[end]
    expected = sum(flow[name] for name in whole) - sum(flow[name] for name in less)
    # Several reports may be about one study, and what was subtracted may not be given at all.
    exact = end not in _STUDIES and bool(less or not silent)
    rule = f"{' - '.join([' + '.join(whole), *less])} {'=' if exact else '>='} {end}"
    if given == expected or (given < expected and not exact):
        return Check(rule, expected, given)
    if less or len(whole) > 1:
        named = [[f"{STAGES[name]} ({flow[name]:,})" for name in part] for part in (whole, less)]
        sums = " less ".join([" and ".join(named[0]), *named[1]])
        follows = f"{sums} {'leaves' if less else 'make'} {expected:,}"
    else:
        follows = f"{STAGES[whole[0]]} is {expected:,}"
    message = (
        f"{_sentence(follows)}, but {STAGES[end]} is {given:,}: "
        f"{abs(given - expected):,} too {'many' if given > expected else 'few'}."
    )
    if silent and given < expected:
        unsaid = " and ".join(STAGES[name] for name in silent)
        message += f" No number is given for {unsaid}, which could explain it."
    return Check(rule, expected, given, message)


def _at_most(flow: Mapping[str, int], smaller: str, larger: str) -> Check:
    rule = f"{smaller} <= {larger}"
    message = (
        f"There cannot be more {STAGES[smaller]} ({flow[smaller]:,}) than {STAGES[larger]} "
        f"({flow[larger]:,}): {flow[smaller] - flow[larger]:,} too many."
    )
    holds = flow[smaller] <= flow[larger]
    return Check(rule, flow[larger], flow[smaller], "" if holds else message)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
